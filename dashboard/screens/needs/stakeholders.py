"""Stakeholder contacts of the programme: talks, promises, and follow-ups."""

from enum import StrEnum

import dash_mantine_components as dmc
from dash import ALL, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import followed, follows
from dashboard.frame.shell import page
from dashboard.frame.verb_buttons import calls
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button
from dashboard.parts.form_fields import whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.panel import empty_state, facts, panel
from dashboard.parts.programme_choices import country_choices
from dashboard.places import STAKEHOLDERS
from dashboard.server.access import actor, reading
from dashboard.wording import N_, _, coded
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may
from operations.needs import stakeholders
from operations.needs.stakeholders import Engagement

NAV = STAKEHOLDERS
FORM = DraftForm("stakeholder", stakeholders.EngagementDraft)


class Ids(StrEnum):
    """Element ids of this page."""

    LIST = "stakeholder-list"
    FOLLOW = "stakeholder-follow"
    WORDS = "stakeholder-words"


def layout(**_query: str) -> Component:
    """Return all talks, and the form of a new one."""
    by = actor()
    with reading() as session:
        found = contents(session, by)
    return page(
        _("Stakeholders"),
        *_form(by),
        followed(Ids.LIST, found, className="m-stack"),
        lead=_("Counterparts of the programme by office: their commitments, and what follows from each."),
        wide=True,
    )


def contents(session: Session, by: Actor) -> list[Component]:
    """Return the talks, those to follow up first."""
    found = stakeholders.engagements(session)
    hint = _("Write down with which office somebody spoke, and what was promised.")
    return [_talk(each, by) for each in found] or [empty_state(_("No talk is written down yet"), hint, "users")]


def _talk(each: Engagement, by: Actor) -> Component:
    country = coded("CL-COUNTRY", each.country)
    pairs = [
        *FORM.facts(each, "level", "held_on", "commitment", "follow_up", "due"),
        (_("What became of it"), html.Bdi(each.outcome)),
    ]
    open_ = each.follow_up and each.followed_up_at is None and may(by, Act.NEEDS_ENGAGE, Subject(country=each.country))
    return panel(
        each.counterpart,
        facts(pair for pair in pairs if pair[1] not in ("", None) and getattr(pair[1], "children", True) != ""),
        *(_follow(each) if open_ else []),
        note=country,
    )


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
    return [html.Div(parts, className="m-stack needs-follow")]


def _form(by: Actor) -> list[Component]:
    if not may(by, Act.NEEDS_ENGAGE):
        return []
    own = {"country": by.country} if by.national else None
    fields = whole_form(FORM, _("Write it down"), "users", thing=own, choices={"country": country_choices(by)})
    return [new_row_form(_("Write a talk down"), *fields)]


refresh = follows(contents, Ids.LIST, act=Act.NEEDS_READ)
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
