"""Links of posts to I-24/7: promised, built and live beside each other, and their outages."""

from enum import StrEnum
from typing import Any

from dash import Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.acts import Done, Press, does, followed, follows
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.drawn import drawing
from dashboard.parts.file_page import Past, file_page
from dashboard.parts.form import Form, button, client_id, date_field, time_field
from dashboard.parts.grid import number_column, text_column
from dashboard.parts.list_page import HREF, folded, listed, opens
from dashboard.parts.moments import typed_moment
from dashboard.parts.panel import panel
from dashboard.parts.programme_tabs import LINKS as TAB
from dashboard.parts.programme_tabs import post_choices, programme_tabs
from dashboard.parts.steps import StepIds
from dashboard.parts.table import table as table_of
from dashboard.screens.equipment.page import day_typed
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import N_, UNDEFINED, _, date, language, moment
from operations.core import rows, vocabulary
from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.infrastructure import equipment
from operations.infrastructure import links as verbs
from operations.infrastructure.rows import LINKS, Link, LinkState, Outage
from operations.posts import register

NAV = Nav(name=N_("Links"), path="/equipment/links", icon="link", order=7, act=Act.EQUIPMENT_READ, place=False)
FORM = DraftForm("link", verbs.LinkDraft)
OUTAGE = DraftForm("link-outage", verbs.OutageDraft)
ENDS = Form("link-ends")
QUERY = Form("link-query")
STEPS = StepIds("link")


class Ids(StrEnum):
    """The elements of this page."""

    LIST = "link-list"
    SHOWN = "link-shown"
    FILE = "link-file"
    FORMS = "link-forms"
    PROPOSE = "link-propose"
    QUERY = "link-query-send"
    BEGIN = "link-outage-send"
    END = "link-ends-send"


opens(Ids.LIST)


def layout(show: str = "", **_query: str) -> Component:
    """All of them; with `show`, one in full."""
    by = actor()
    with reading() as session:
        if show:
            shown = dcc.Store(id=Ids.SHOWN, data=str(known_id(show)))
            full = followed(Ids.FILE, file(session, by, show), className="m-stack")
            seen = state_now(session, by, show)
            typed = followed(Ids.FORMS, forms(session, by, show), seen=seen, className="m-stack")
            back = dcc.Link(_("All links"), href=NAV.href(), className="file-way")
            return page(_("Link"), shown, full, typed, actions=[back])
        found, asks = table(session, by), _form(session, by)
    return page(
        _("Links"),
        programme_tabs(by, TAB),
        *asks,
        listed(Ids.LIST, columns(), found, _("No link is written down yet.")),
        lead=_("From feasible to live: a link is live with the first query over it, and down while an outage lasts."),
        wide=True,
    )


def columns() -> list[dict[str, Any]]:
    """What the list says of each."""
    return [
        text_column("post", _("Post"), flex=2, minWidth=180),
        text_column("country", _("Country"), minWidth=120),
        text_column("technology", _("Technology"), minWidth=120),
        text_column("provider", _("Provider"), minWidth=120),
        text_column("state", _("State"), minWidth=110),
        text_column("promised", _("Promised for"), flex=0, width=135),
        text_column("built", _("Built on"), flex=0, width=130, cellDataType="text"),
        text_column("live", _("Live since"), flex=0, width=130, cellDataType="text"),
        number_column("outages", _("Outages"), width=110),
    ]


def table(session: Session, _by: Actor) -> list[dict[str, Any]]:
    """The rows of the list."""
    found, outages = verbs.links(session), verbs.outages(session)
    names = register.names(session, (each.post_id for each in found))
    return [
        {
            "id": str(each.id), HREF: f"{NAV.href()}?show={each.id}", "post": names[each.post_id],
            "country": vocabulary.label("CL-COUNTRY", each.country, language()), "provider": each.provider,
            "technology": vocabulary.label("CL-CONNECTIVITY", each.technology, language()),
            "state": _(LINKS.words[LINKS.now(each)]), "promised": each.promised.isoformat(),
            "built": each.built_on.isoformat() if each.built_on else UNDEFINED,
            "live": each.live_on.isoformat() if each.live_on else UNDEFINED,
            "outages": sum(one.link_id == each.id for one in outages),
        }
        for each in found
    ]  # fmt: skip


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """One of them in full. Raises NotFound."""
    found = rows.one(session, Link, known_id(shown))
    post, outages = register.post(session, found.post_id), verbs.outages(session, found.id)
    facts = [
        (_("State"), _(LINKS.words[LINKS.now(found)])),
        (_("Post"), dcc.Link(html.Bdi(post.name), href=f"/posts?show={post.id}")),
        (_("Provider"), html.Bdi(found.provider) if found.provider else ""),
        (_("Promised for"), date(found.promised)),
        (_("Built on"), date(found.built_on) if found.built_on else UNDEFINED),
        (_("Live since"), date(found.live_on) if found.live_on else UNDEFINED),
    ]
    past = [
        Past(each.made_at, _(LINKS.words[LinkState(each.state)]), each.author_name, each.words)
        for each in equipment.past(session, found.id)
    ]
    acts = STEPS.drawn(found.id, verbs.offers(found, by))
    title = vocabulary.label("CL-CONNECTIVITY", found.technology, language())
    drawn = [panel(_("Outages"), _outages(outages, post.zone), flush=True)] if outages else []
    return [*file_page(title, facts, acts, past, post.zone), *drawn]


def _outages(found: Any, zone: str) -> Component:
    def row(each: Outage) -> Component:
        ends = moment(each.ends, zone) if each.ends else _("It lasts")
        words = [moment(each.starts, zone), ends, _("yes") if each.planned else _("no"), html.Bdi(each.cause)]
        return html.Tr([html.Td(one) for one in words])

    head = [_("Begin"), _("End"), _("It was announced"), _("Cause")]
    return table_of(head, [row(each) for each in found], label=_("Outages"))


def state_now(session: Session, by: Actor, shown: str) -> tuple[str, bool]:
    """Its state, and whether this person reports what happens to it."""
    found = rows.one(session, Link, known_id(shown))
    return found.state, verbs.may_report(found, by)


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """The day of the first query, the outage that begins, or its end."""
    state, reports = state_now(session, by, shown)
    zone = register.post(session, rows.one(session, Link, known_id(shown)).post_id).zone
    if not reports:
        return []
    if state == LinkState.TESTED:
        day = date_field(QUERY, "day", _("Day of the first query over it"))
        return [panel(_("First query"), day, html.Div(button(_("Report the query"), Ids.QUERY, "primary", "search")))]
    if state == LinkState.LIVE:
        fields = drawing(OUTAGE, zone=zone)()
        send = button(_("Report the outage"), Ids.BEGIN, "plain", "plug-connected-x")
        return [panel(_("An outage"), client_id(OUTAGE), *fields, html.Div(send), note=_zone(zone))]
    ends = [date_field(ENDS, "ends", _("End: day")), time_field(ENDS, "ends_time", _("End: time"))]
    send = button(_("It works again"), Ids.END, "primary", "plug-connected")
    return [panel(_("End of the outage"), *ends, html.Div(send), note=_zone(zone))]


def _zone(zone: str) -> str:
    return _("Times are those of {zone}.", zone=zone)


def _form(session: Session, by: Actor) -> list[Component]:
    if not may(by, Act.EQUIPMENT_PLAN):
        return []
    fields = drawing(FORM, choices={"post_id": post_choices(session, by)})()
    send = button(_("Write it down"), Ids.PROPOSE, "primary", "link")
    return [folded(_("Write down a feasible link"), client_id(FORM), *fields, html.Div(send))]


# --------------------------------------------------------------------------------------------------- callbacks

_HERE = {"shown": State(Ids.SHOWN, "data")}
refresh_list = follows(table, Output(Ids.LIST, "rowData"), act=Act.EQUIPMENT_READ)
refresh_posts = follows(post_choices, Output(FORM.id("post_id"), "data"), act=Act.EQUIPMENT_PLAN)
refresh_file = follows(file, Ids.FILE, act=Act.EQUIPMENT_READ, **_HERE)
refresh_forms = follows(forms, Ids.FORMS, act=Act.EQUIPMENT_READ, unless=state_now, **_HERE)


@does(Ids.PROPOSE, act=Act.EQUIPMENT_PLAN, form=FORM, typed=FORM.inputs(), client=True, clears={"provider": ""})
def propose(press: Press) -> Done:
    """Write down that a link can be built."""
    verbs.propose(press.session, FORM.draft(verbs.LinkDraft, press.typed, id=press.client), press.by)
    return Done(_("The link is written down; its country agrees next."))


@does(STEPS.buttons, act=Act.EQUIPMENT_READ, beside=STEPS.beside)
def take(press: Press) -> Done:
    """Take a link a step further, with the words beside the button."""
    to = LinkState(press.subject["to"])
    verbs.take(press.session, known_id(press.subject["of"]), to, press.by, press.words)
    return Done(_("It is now: {state}.", state=_(LINKS.words[to])))


@does(Ids.QUERY, act=Act.EQUIPMENT_STATUS, form=QUERY, typed=QUERY.states("day"), given=_HERE)
def report(press: Press, shown: str) -> Done:
    """Report the day of the first query."""
    verbs.report_query(press.session, known_id(shown), day_typed(press.typed), press.by)
    return Done(_("The link is live."))


@does(Ids.BEGIN, act=Act.EQUIPMENT_STATUS, form=OUTAGE, typed=OUTAGE.inputs(), client=True, given=_HERE)
def begin(press: Press, shown: str) -> Done:
    """Report that the link is down."""
    draft = OUTAGE.draft(verbs.OutageDraft, press.typed, zone=_zone_of(press, shown), id=press.client)
    verbs.report_outage(press.session, known_id(shown), draft, press.by)
    return Done(_("The outage is written down."))


@does(Ids.END, act=Act.EQUIPMENT_STATUS, form=ENDS, typed=ENDS.states("ends", "ends_time"), given=_HERE)
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
