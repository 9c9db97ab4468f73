"""Stakeholder contacts of the programme: talks, promises, and follow-ups."""

from collections.abc import Sequence
from enum import StrEnum

import dash_mantine_components as dmc
from dash import ALL, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.area_filter import CHOICES, area_filter, area_of
from dashboard.frame.interactions import followed, follows
from dashboard.frame.shell import page
from dashboard.frame.verb_buttons import calls
from dashboard.parts import tags
from dashboard.parts.choices import country_choices
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button
from dashboard.parts.form_fields import whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.panel import empty_state, facts, panel
from dashboard.places import STAKEHOLDERS
from dashboard.server.access import actor, reading
from dashboard.wording import N_, _, coded, date, number
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may
from operations.needs import stakeholders
from operations.needs.stakeholders import Due, Engagement

NAV = STAKEHOLDERS
FORM = DraftForm("stakeholder", stakeholders.EngagementDraft)


class Ids(StrEnum):
    """Element ids of this page."""

    LIST = "stakeholder-list"
    FOLLOW = "stakeholder-follow"
    WORDS = "stakeholder-words"


def layout(region: str = "", country: str = "", **_query: str) -> Component:
    """Return all talks in a region or a country, and the form of a new one."""
    by = actor()
    with reading() as session:
        found = contents(session, by, region, country)
    return page(
        _("Stakeholders"),
        *_form(by),
        area_filter(by, region=region, country=country),
        followed(Ids.LIST, found, className="m-stack"),
        lead=_("Counterparts of the programme by office: their commitments, and what follows from each."),
        wide=True,
    )


def contents(session: Session, by: Actor, region: str | None = None, country: str | None = None) -> list[Component]:
    """Return the follow-ups as an agenda, by when they are due, and below it what is followed up."""
    found = area_of(by, region, country).of(stakeholders.engagements(session))
    if not found:
        hint = _("Write down with which office somebody spoke, and what was promised.")
        return [empty_state(_("No talk is written down yet"), hint, "users")]
    due, done = stakeholders.agenda(found)
    when = {
        Due.LATE: _("Overdue"),
        Due.SOON: _("In the next 30 days"),
        Due.LATER: _("Later"),
        Due.OPEN: _("No day set"),
    }
    shown = [panel(when[part], _lines(rows, by, part), note=number(len(rows))) for part, rows in due.items() if rows]
    past = html.Details(
        [
            html.Summary(_("Followed up, and nothing to follow up: {count}", count=number(len(done)))),
            _lines(done, by),
        ],
        className="file-form",
        open=not shown,
    )
    return [*shown, *([past] if done else [])]


def _lines(found: Sequence[Engagement], by: Actor, part: Due | None = None) -> Component:
    return html.Ul([_line(each, by, part) for each in found], className="agenda")


def _line(each: Engagement, by: Actor, part: Due | None = None) -> Component:
    """Return a talk as a line of the agenda: the day, what follows, and with whom it was agreed."""
    day = each.due if part else each.held_on
    open_ = part is not None and may(by, Act.NEEDS_ENGAGE, Subject(country=each.country))
    said = [
        html.Strong(html.Bdi(each.follow_up if part else each.outcome or each.commitment)),
        html.Span([html.Bdi(each.counterpart), f" \u00b7 {coded('CL-COUNTRY', each.country)}"]),
        facts(FORM.facts(each, "level", "held_on", "commitment", *(() if part else ("follow_up", "due")))),
        *(_follow(each) if open_ else []),
    ]
    look = "agenda-day m-num is-late" if part is Due.LATE else "agenda-day m-num"
    return tags.Li(html.Span(date(day) if day else "", className=look), html.Div(said, className="agenda-what"))


def _follow(each: Engagement) -> list[Component]:
    parts = [
        dmc.Textarea(
            id={"type": Ids.WORDS, "of": str(each.id)},
            label=_("What became of it"),
            autosize=True,
            minRows=2,
            attributes={"input": {"maxLength": 2000}},
        ),
        html.Div(button(_("It is followed up"), {"type": Ids.FOLLOW, "of": str(each.id)}, "plain", "check")),
    ]
    fold = [html.Summary([_("Follow up"), "\u2026"]), html.Div(parts, className="m-stack needs-follow")]
    return [html.Details(fold, className="board-why")]


def _form(by: Actor) -> list[Component]:
    if not may(by, Act.NEEDS_ENGAGE):
        return []
    own = {"country": by.country} if by.national else None
    fields = whole_form(FORM, _("Write it down"), "users", thing=own, choices={"country": country_choices(by)})
    return [new_row_form(_("Write a talk down"), *fields)]


refresh = follows(contents, Ids.LIST, act=Act.NEEDS_READ, **CHOICES)
write = calls(
    FORM,
    stakeholders.engage,
    N_("The talk is written down."),
    act=Act.NEEDS_ENGAGE,
    clears=("counterpart", "commitment", "follow_up", "due"),
)
follow = calls(
    {"type": Ids.FOLLOW, "of": ALL},
    stakeholders.follow_up,
    N_("It is followed up."),
    act=Act.NEEDS_ENGAGE,
    beside={"type": Ids.WORDS, "of": ALL},
)
