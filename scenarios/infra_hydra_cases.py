"""The 180 cases of Infra Hydra, played by their own cast: 26 end arrested, 31 positively located, 123 open.

Published are the sums and that 31 countries want the targets. Which country wants whom, the offences, who was asked and
the answers are invented, and the story says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session

from operations.core.drafts import parse
from operations.core.people import Actor
from operations.core.vocabulary import FugitiveState
from operations.policing.fugitives import case_leads, case_lifecycle, cases, locations, notice_checks
from operations.policing.leads import leads
from scenarios.invention import seeded
from scenarios.script_language import Verb, identifier
from scenarios.story import Story

TARGETS = 180
REQUESTING = (
    "AUT", "BEL", "BGR", "HRV", "FRA", "DEU", "GRC", "HUN", "ITA", "ROU", "SRB", "SVN", "ESP", "SWE", "ALB", "BIH",
    "CYP", "CZE", "DNK", "FIN", "LVA", "LTU", "MKD", "NLD", "NOR", "POL", "PRT", "SVK", "CHE", "TUR", "GBR",
)  # fmt: skip
_OFFENCES = ("migrant_smuggling",) * 8 + ("trafficking_in_persons", "document_fraud")
_ASKED_A_DAY = 12
_AT_ONCE, _LEADS_AT_ONCE = 12, 4
T = TypeVar("T")


@dataclass(frozen=True)
class CaseOutcome:
    """An arrest or a location that a country reported on a day, and the country that wanted the person."""

    country: str
    day: int
    arrested: bool
    wanting: str


@dataclass(frozen=True)
class _Case:
    """A case of the story: its draft, and its outcome."""

    draft: cases.CaseDraft
    finding: CaseOutcome | None = None

    @property
    def id(self) -> UUID:
        """The case's identifier."""
        return self.draft.case_id


def play_cases(story: Story, findings: Sequence[CaseOutcome], countries: Sequence[str]) -> None:
    """Nominate, check, accept and review 180 cases, then ask, find and answer day by day."""
    all_ = _written(story, findings, countries)
    for country in REQUESTING:
        own = [each for each in all_ if each.draft.requesting_country == country]
        story.does(
            story.later(story.at(-20, "09:00"), 5, 400), _desk(country), "nominate the cases", _nominates(story, own)
        )
    ids = [each.id for each in all_]
    story.does(story.at(-18, "09:30"), "analyst", "look up all notices", _checks(story, ids))
    for part in _parts(ids):
        story.does(story.at(-18, "11:00"), "coordinator", "accept the targets", _moves(part, FugitiveState.TARGET))
        story.does(story.at(-15, "16:00"), "analyst", "review the targets", _moves(part, FugitiveState.UNDER_REVIEW))
    quiet = [each for each in all_ if each.finding is None]
    for day in range(5):
        found = [each for each in all_ if each.finding is not None and each.finding.day == day]
        asked = quiet[day * _ASKED_A_DAY : (day + 1) * _ASKED_A_DAY]
        story.does(story.at(day, "07:15"), "analyst", "look up all notices", _checks(story, ids))
        _ask(story, day, found, asked)
        for each in found:
            _find(story, each)


def _desk(country: str) -> str:
    return f"coordinator.{country.lower()}"


def _written(story: Story, findings: Sequence[CaseOutcome], countries: Sequence[str]) -> list[_Case]:
    """Return 180 drafts: one for each finding, the others spread so that all 31 countries want somebody."""
    chance = seeded(story.title.name, "cases")
    rest = [REQUESTING[position % len(REQUESTING)] for position in range(TARGETS - len(findings))]
    made = []
    for number, (country, finding) in enumerate(
        [*((each.wanting, each) for each in findings), *((country, None) for country in rest)], start=1
    ):
        somewhere = [finding.country] if finding else []
        believed = [*somewhere, *chance.sample([each for each in countries if each not in (country, *somewhere)], 2)]
        case_id = identifier(story.title.name, story.first_day.isoformat(), "case", number)
        content = {
            "id": identifier(case_id, "version"),
            "case_id": case_id,
            "requesting_country": country,
            "notice_ref": f"A-{1000 + number * 7}/{number % 12 + 1}-{2009 + number % 7}",
            "offence": chance.choice(_OFFENCES),
            "wanted_for": chance.choice(("prosecution", "prosecution", "sentence")),
            "priority": chance.choice(("high", "normal", "normal", "normal", "low")),
            "believed_in": believed,
            "warrant": "holds",
            "extradition": chance.choice(("holds", "holds", "not_checked")),
            "art3": "passed",
        }
        made.append(_Case(parse(cases.CaseDraft, content), finding))
    return made


def _nominates(story: Story, own: Sequence[_Case]) -> Verb:
    def verb(session: Session, actor: Actor) -> object:
        return [cases.nominate(session, story.operation, each.draft, actor) for each in own]

    return verb


def _checks(story: Story, ids: Sequence[UUID]) -> Verb:
    draft = parse(notice_checks.CheckDraft, {"cases": ids, "status": "valid"})
    return lambda session, actor: notice_checks.record_check(session, story.operation, draft, actor)


def _moves(ids: Sequence[UUID], to: FugitiveState) -> Verb:
    return lambda session, actor: [case_lifecycle.move(session, each, to, actor) for each in ids]


def _sends(drafts: Sequence[leads.LeadDraft]) -> Verb:
    return lambda session, actor: [case_leads.send(session, each, actor) for each in drafts]


def _parts(found: Sequence[T], most: int = _AT_ONCE) -> Iterable[Sequence[T]]:
    """So many as are done within the time for which others may be kept waiting."""
    return (found[first : first + most] for first in range(0, len(found), most))


def _ask(story: Story, day: int, found: Sequence[_Case], asked: Sequence[_Case]) -> None:
    """The analyst sends the leads of a day; who has nobody answers "negative" the next morning."""
    due = story.at(day + 1, "18:00")
    drafts = [_lead(story, each, str(each.draft.believed_in[0]), due) for each in (*found, *asked)]
    for part in _parts(drafts, _LEADS_AT_ONCE):
        story.does(story.at(day, "08:05"), "analyst", "send leads", _sends(part))
    for each, draft in zip(asked, drafts[len(found) :], strict=True):
        said = parse(leads.LeadAnswerDraft, {"id": identifier(draft.lead_id, "answer"), "answer": "negative"})
        story.does(
            story.later(story.at(day + 1, "09:00"), 5, 240),
            _desk(str(each.draft.believed_in[0])),
            "answer a lead",
            _answers(draft.lead_id, said),
        )


def _answers(lead_id: UUID, said: leads.LeadAnswerDraft) -> Verb:
    return lambda session, actor: leads.answer(session, lead_id, said, actor)


def _lead(story: Story, about: _Case, country: str, due: datetime) -> leads.LeadDraft:
    lead_id = identifier(about.id, "lead", country)
    content = {
        "id": identifier(lead_id, "version"),
        "lead_id": lead_id,
        "origin": "coordination_unit",
        "origin_country": about.draft.requesting_country,
        "subject_kind": "fugitive_case",
        "subject_id": about.id,
        "question": "Is the person of this notice with you, and may you arrest on it?",
        "to_countries": [country],
        "due": due,
        "source": "b",
        "information": "3",
    }
    return parse(leads.LeadDraft, content)


def _find(story: Story, each: _Case) -> None:
    """Report a finding by the country of the place, confirmed by the requesting one; an arrest awaits the identity."""
    finding = each.finding
    if finding is None:
        raise ValueError("Nobody found this one.")
    place, wanting = _desk(finding.country), _desk(finding.wanting)
    location = identifier(each.id, "location")
    draft = parse(
        locations.LocationDraft, {"id": location, "case_id": each.id, "remark": "Checked by the local police."}
    )
    at = story.later(story.at(finding.day, "09:00"), 5, 240)
    story.does(at, place, "report a location", lambda session, actor: locations.report(session, draft, actor))
    at = story.later(at, 10, 60)
    story.does(at, wanting, "say yes", lambda session, actor: locations.answer(session, location, actor, yes=True))
    if finding.arrested:
        at = story.later(at, 10, 60)
        story.does(at, place, "report the arrest", lambda session, actor: locations.arrest(session, location, actor))
        at = story.later(at, 10, 90)
        story.does(
            at,
            wanting,
            "confirm the identity",
            lambda session, actor: locations.identify(session, location, actor, same=True),
        )
