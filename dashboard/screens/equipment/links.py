"""Connections of posts to I-24/7: promised, built and live side by side, and their outages."""

from enum import StrEnum
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, follows_search
from dashboard.frame.life_page import LifePage, Titles
from dashboard.frame.shell import page_link
from dashboard.parts.choices import post_choice
from dashboard.parts.datetimes import day_typed, typed_moment
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import Form, button, date_field, time_field
from dashboard.parts.form_fields import whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.listing import Listing
from dashboard.parts.panel import panel
from dashboard.parts.table import table as table_of
from dashboard.places import CONNECT, LINKS
from dashboard.server.access import known_id
from dashboard.wording import N_, UNDEFINED, _, coded, date, joined, moment
from operations.core import rows
from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.infrastructure import links as verbs
from operations.infrastructure.rows import LINK, Link, LinkState, Outage
from operations.posts import register

NAV = LINKS
PAGE = LifePage(
    "link",
    NAV,
    LINK,
    Titles(
        N_("Links"),
        N_("Link"),
        N_("All links"),
        N_("No link is written down yet."),
        N_("From feasible to live: a link is live with the first query over it, and down while an outage lasts."),
    ),
    area=True,
    day="built_on",
)
FORM = DraftForm("link", verbs.NetworkLinkDraft)
OUTAGE = DraftForm("link-outage", verbs.OutageDraft)
ENDS = Form("link-ends")
QUERY = Form("link-query")


class Ids(StrEnum):
    """Element ids of this page."""

    QUERY = "link-query-send"
    END = "link-ends-send"


layout = PAGE.layout


def table(session: Session, _by: Actor) -> Listing[Any]:
    """Return the rows of the list."""
    found, outages = verbs.links(session), verbs.outages(session)
    names = register.names(session, (each.post_id for each in found))
    made = Listing(found, PAGE.href)
    made.text("post", _("Post"), lambda each: names[each.post_id], flex=2, minWidth=180)
    made.code("country", _("Country"), "CL-COUNTRY", minWidth=120)
    made.field(FORM, "technology", minWidth=120)
    made.field(FORM, "provider", minWidth=120)
    made.text("state", _("State"), PAGE.state, minWidth=110)
    made.field(FORM, "promised", width=135)
    made.day("built", _("Built on"), "built_on", width=130)
    made.day("live", _("Live since"), "live_on", width=130)
    made.number("outages", _("Outages"), lambda each: sum(one.link_id == each.id for one in outages), width=110)
    return made


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return one connection in full. Raises NotFound."""
    found = rows.one(session, Link, known_id(shown))
    post, outages = register.post(session, found.post_id), verbs.outages(session, found.id)
    facts = [
        (_("State"), PAGE.state(found)),
        (_("Post"), dcc.Link(html.Bdi(post.name), href=f"/posts?show={post.id}")),
        *FORM.facts(found, "provider", "promised"),
        (_("Built on"), date(found.built_on) if found.built_on else UNDEFINED),
        (_("Live since"), date(found.live_on) if found.live_on else UNDEFINED),
    ]
    title = coded("CL-CONNECTIVITY", found.technology)
    drawn = [panel(_("Outages"), _outages(outages, post.zone), flush=True)] if outages else []
    return [*PAGE.filed(session, by, found, title, facts, post.zone), *drawn]


def _outages(found: Any, zone: str) -> Component:
    def row(each: Outage) -> Component:
        ends = moment(each.ends, zone) if each.ends else _("It lasts")
        words = [moment(each.starts, zone), ends, _("yes") if each.planned else _("no"), html.Bdi(each.cause)]
        return html.Tr([html.Td(one) for one in words])

    head = [_("Begin"), _("End"), _("It was announced"), _("Cause")]
    return table_of(head, [row(each) for each in found], label=_("Outages"))


def state_now(session: Session, by: Actor, shown: str) -> tuple[str, bool]:
    """Return the state of the connection, and whether this person may report on it."""
    found = rows.one(session, Link, known_id(shown))
    return found.state, verbs.may_report(found, by)


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the form for the first query, for the start of an outage, or for its end."""
    state, reports = state_now(session, by, shown)
    zone = register.post(session, rows.one(session, Link, known_id(shown)).post_id).zone
    if not reports:
        return []
    if state == LinkState.TESTED:
        day = date_field(QUERY, "day", _("Day of the first query over it"))
        return [panel(_("First query"), day, html.Div(button(_("Report the query"), Ids.QUERY, "primary", "search")))]
    if state == LinkState.LIVE:
        fields = whole_form(OUTAGE, _("Report the outage"), "plug-connected-x", kind="plain", zone=zone)
        return [panel(_("An outage"), *fields, note=_zone(zone))]
    ends = [date_field(ENDS, "ends", _("End: day")), time_field(ENDS, "ends_time", _("End: time"))]
    send = button(_("It works again"), Ids.END, "primary", "plug-connected")
    return [panel(_("End of the outage"), *ends, html.Div(send), note=_zone(zone))]


def _zone(zone: str) -> str:
    return _("Times are those of {zone}.", zone=zone)


def _form(session: Session, by: Actor) -> list[Component]:
    if not may(by, Act.EQUIPMENT_PLAN):
        return []
    posts = {"post_id": post_choice(session, FORM)}
    return [new_row_form(_("Write down a feasible link"), *whole_form(FORM, _("Write it down"), "link", choices=posts))]


# --------------------------------------------------------------------------------------------------- callbacks

PAGE.draws(
    table,
    file,
    forms=forms,
    seen=state_now,
    new=_form,
    actions=lambda _session, by: page_link(CONNECT, by),
)
take = PAGE.takes(verbs.take)
refresh_posts = follows_search(post_choice, FORM, "post_id", Act.EQUIPMENT_PLAN)


@does(FORM, act=Act.EQUIPMENT_PLAN, clears=("provider",))
def propose(press: Press) -> Done:
    """Write a feasible link down, and say which one like it the post has."""
    made = verbs.propose(press.session, press.draft(verbs.NetworkLinkDraft), press.by)
    states = joined(PAGE.state(each) for each in verbs.twins(press.session, made))
    warned = _("This post has a link of this technology already: {states}.", states=states) if states else ""
    return Done(_("The link is written down; its country agrees next."), note=warned)


@does(Ids.QUERY, act=Act.EQUIPMENT_STATUS, form=QUERY, typed=QUERY.states("day"), given=PAGE.here)
def report(press: Press, shown: str) -> Done:
    """Report the day of the first query."""
    verbs.report_query(press.session, known_id(shown), day_typed(press.typed), press.by)
    return Done(_("The link is live."))


@does(OUTAGE, act=Act.EQUIPMENT_STATUS, given=PAGE.here)
def begin(press: Press, shown: str) -> Done:
    """Report that the link is down."""
    draft = press.draft(verbs.OutageDraft, zone=_zone_of(press, shown))
    verbs.report_outage(press.session, known_id(shown), draft, press.by)
    return Done(_("The outage is written down."))


@does(Ids.END, act=Act.EQUIPMENT_STATUS, form=ENDS, typed=ENDS.states("ends", "ends_time"), given=PAGE.here)
def end(press: Press, shown: str) -> Done:
    """Report that the link works again."""
    day, at = press.typed.get("ends"), press.typed.get("ends_time")
    if not day or not at:
        raise RuleBroken("ends", "Give the day and the time at which the outage ended.")
    found = typed_moment(day, at, _zone_of(press, shown), "ends", None)
    verbs.report_end(press.session, known_id(shown), found, press.by)
    return Done(_("The link is live again."))


def _zone_of(press: Press, shown: str) -> str:
    return register.post(press.session, rows.one(press.session, Link, known_id(shown)).post_id).zone
