"""Steps of a fugitive sweep: cases, leads, locations and answers, as one of the cast."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlmodel import Session

from operations.core import clock
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.vocabulary import FugitiveState, OperationType
from operations.policing.fugitives import (
    appeals,
    case_leads,
    case_lifecycle,
    case_rows,
    cases,
    locations,
    notice_checks,
)
from operations.policing.leads import leads
from operations.policing.operation import plan
from tests.makers import START, Running

_numbers = count(1)


def sweep_in(scene: Running) -> Running:
    """The scene as a fugitive sweep."""
    with scene.store.unit_of_work(System()) as session:
        operation = session.get(plan.Operation, scene.operation)
        assert operation is not None
        operation.type = OperationType.FUGITIVE.value
        session.add(operation)
    return scene


def case_draft(country: str = "NER", **changes: Any) -> cases.CaseDraft:
    """A case whose legal checks hold."""
    content = {
        "id": new_id(),
        "case_id": new_id(),
        "requesting_country": country,
        "notice_ref": f"A-{next(_numbers)}/3-2026",
        "offence": "migrant_smuggling",
        "wanted_for": "prosecution",
        "believed_in": ["MLI" if country == "NER" else "NER"],
        "warrant": "holds",
        "art3": "passed",
    }
    return parse(cases.CaseDraft, content | changes)


class Sweep:
    """What the cast does to cases. The country's coordinators are chaima (NER) and moussa (MLI)."""

    def __init__(self, scene: Running) -> None:
        self.scene = scene

    @contextmanager
    def as_(self, name: str) -> Iterator[Session]:
        """A unit of work of one of the cast."""
        with self.scene.store.unit_of_work(self.scene[name]) as session:
            yield session

    def nominate(self, by: str = "chaima", **changes: Any) -> case_rows.FugitiveCase:
        """A national coordinator nominates a case of the country."""
        draft = case_draft(str(self.scene[by].country), **changes)
        with self.as_(by) as session:
            return cases.nominate(session, self.scene.operation, draft, self.scene[by])

    def check(self, *ids: UUID, by: str = "dov", status: str = "valid") -> int:
        """Notices are looked up."""
        draft = parse(notice_checks.CheckDraft, {"cases": ids, "status": status})
        with self.as_(by) as session:
            return notice_checks.record_check(session, self.scene.operation, draft, self.scene[by])

    def move(self, case_id: UUID, to: str, by: str, reason: str = "") -> case_rows.FugitiveCase:
        """A move by hand."""
        with self.as_(by) as session:
            return case_lifecycle.move(session, case_id, FugitiveState(to), self.scene[by], reason)

    def lead(self, case: case_rows.FugitiveCase, *to: str, by: str = "dov", **changes: Any) -> leads.Lead:
        """The analyst asks countries about a case."""
        content = {
            "id": new_id(),
            "lead_id": new_id(),
            "origin": "coordination_unit",
            "origin_country": case.requesting_country,
            "subject_kind": "fugitive_case",
            "subject_id": case.id,
            "question": "Is the person of this notice with you?",
            "to_countries": to,
            "due": clock.now() + timedelta(days=1),
        }
        with self.as_(by) as session:
            return case_leads.send(session, parse(leads.LeadDraft, content | changes), self.scene[by])

    def reply(self, lead: leads.Lead, what: str, by: str = "moussa") -> leads.Lead:
        """A country answers a lead."""
        draft = parse(leads.LeadAnswerDraft, {"id": new_id(), "answer": what})
        with self.as_(by) as session:
            return leads.answer(session, lead.id, draft, self.scene[by])

    def locate(self, case_id: UUID, by: str = "moussa", **changes: Any) -> locations.FugitiveLocation:
        """A country says that the person is there."""
        draft = parse(
            locations.LocationDraft, {"id": new_id(), "case_id": case_id, "remark": "Seen at work."} | changes
        )
        with self.as_(by) as session:
            return locations.report(session, draft, self.scene[by])

    def answer(self, location_id: UUID, yes: bool = True, by: str = "chaima") -> locations.FugitiveLocation:
        """The requesting country answers a location."""
        with self.as_(by) as session:
            return locations.answer(session, location_id, self.scene[by], yes=yes)

    def arrest(self, location_id: UUID, by: str = "moussa") -> locations.FugitiveLocation:
        """The country of the place arrests."""
        with self.as_(by) as session:
            return locations.arrest(session, location_id, self.scene[by])

    def identify(self, location_id: UUID, same: bool = True, by: str = "chaima") -> locations.FugitiveLocation:
        """The requesting country says whether it is the person."""
        with self.as_(by) as session:
            return locations.identify(session, location_id, self.scene[by], same=same)

    def flag(self, case_id: UUID, by: str, wanted: bool = True) -> case_rows.FugitiveCase:
        """One of the two says yes or no to a public appeal."""
        with self.as_(by) as session:
            return appeals.flag(session, case_id, self.scene[by], wanted=wanted)

    def target(self, **changes: Any) -> case_rows.FugitiveCase:
        """A case of Niger that was accepted."""
        case = self.nominate(**changes)
        self.check(case.id)
        return self.move(case.id, "target", "ana")

    def out(self, *to: str, **changes: Any) -> case_rows.FugitiveCase:
        """A case of Niger with a lead out, to Mali unless said otherwise."""
        case = self.target(**changes)
        self.move(case.id, "under_review", "dov")
        self.lead(case, *(to or ("MLI",)))
        return self.now(case.id)

    def located(self, **changes: Any) -> tuple[case_rows.FugitiveCase, UUID]:
        """A case of Niger positively located in Mali, and the location."""
        case = self.out(**changes)
        location = self.locate(case.id)
        self.answer(location.id)
        return self.now(case.id), location.id

    def arrested(self, **changes: Any) -> tuple[case_rows.FugitiveCase, UUID]:
        """A case of Niger arrested in Mali, and the location."""
        case, location = self.located(**changes)
        self.arrest(location)
        self.identify(location)
        return self.now(case.id), location

    def now(self, case_id: UUID, by: str = "ana") -> case_rows.FugitiveCase:
        """The case as it stands."""
        with self.scene.store.reading(self.scene[by]) as session:
            return cases.case(session, case_id)


AT = START + timedelta(hours=4)
