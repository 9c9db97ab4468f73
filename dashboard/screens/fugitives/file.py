"""Case file: what one reader may know of a case, read at one moment; and the texts and ids its views share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dash import ALL, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts.form import button
from dashboard.wording import UNDEFINED, coded
from operations.core.errors import Flaw
from operations.core.people import Actor
from operations.core.state_machine import StepOffer
from operations.core.vocabulary import FugitiveState
from operations.policing.fugitives import appeals, case_leads, case_lifecycle, cases, lead_hits, sightings
from operations.policing.fugitives.case_rows import FugitiveCase, FugitiveStep, FugitiveVersion
from operations.policing.fugitives.lead_hits import LeadFind
from operations.policing.fugitives.sightings import FugitiveLocation
from operations.policing.leads import leads
from operations.policing.operation import plan


@dataclass(frozen=True)
class CaseLead:
    """A lead about the case, as far as the reader may see it."""

    lead: leads.Lead
    said: leads.LeadVersion
    parts: Sequence[leads.LeadCountry]
    answers: Sequence[leads.LeadAnswer]


@dataclass(frozen=True)
class CaseFile:
    """A case as one reader may know it, read at one moment."""

    case: FugitiveCase
    believed: Sequence[str]
    steps: Sequence[FugitiveStep]
    versions: Sequence[FugitiveVersion]
    places: Sequence[FugitiveLocation]
    links: Sequence[LeadFind]
    linkable: frozenset[UUID]
    asked: Sequence[CaseLead]
    offers: Sequence[StepOffer[FugitiveState]]
    lead_flaws: Sequence[Flaw]
    taking_part: Sequence[str]
    checked: bool
    published: bool
    tips: int


def read_file(session: Session, operation: plan.Operation, case: FugitiveCase, by: Actor) -> CaseFile:
    """Return the file of a case for `by`."""
    about = [
        CaseLead(
            lead, leads.newest_version(session, lead.id), leads.parts(session, lead.id), leads.answers(session, lead.id)
        )
        for lead in leads.leads(session, operation.id, case.id)
    ]
    others = [
        each.country for each in plan.participations(session, operation.id) if each.country != case.requesting_country
    ]
    return CaseFile(
        case,
        cases.believed_countries(session, case.id),
        cases.steps(session, case.id),
        cases.versions(session, case.id),
        sightings.locations(session, case.id),
        lead_hits.of_case(session, case.id),
        frozenset(place.id for place, _case in lead_hits.linkable(session, operation.id, by, case.id)),
        about,
        case_lifecycle.offers(session, case, by),
        case_leads.lead_flaws(session, case, by),
        others,
        case_lifecycle.checked_today(session, case),
        appeals.was_published(session, case.id),
        appeals.tips(session, case.id),
    )


def part(title: str, *children: Any) -> Component:
    """Return a titled part of the panel."""
    return html.Section([html.H3(title), *children], className="m-stack fugitives-part")


def code(name: str, value: str) -> str:
    """Return the label of a code; "—" where there is none."""
    return coded(name, value) if value else UNDEFINED


def country(code: str | None) -> str:
    """Return the name of a country."""
    return coded("CL-COUNTRY", code) if code else UNDEFINED


def act_id(act: Any, subject: Any, what: Any = "") -> dict[str, Any]:
    """Return the id of an action button: what it does, to what, and how; ALL matches any."""
    return {"type": "fugitives-act", "act": act, "subject": subject if subject is ALL else str(subject), "what": what}


def press(words: str, act: str, subject: Any, what: str = "", kind: str = "plain", sign: str = "", **more: Any) -> Any:
    """Return a button of the panel that does `act` to `subject`."""
    return button(words, act_id(act, subject, what), kind, sign or None, n_clicks=0, size="xs", **more)


def typed_id(act: Any, subject: Any) -> dict[str, Any]:
    """Return the id of the field beside the buttons that do `act` to `subject`."""
    return {"type": "fugitives-typed", "act": act, "subject": subject if subject is ALL else str(subject)}
