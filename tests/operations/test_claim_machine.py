"""Submit, correct, withdraw, claim, settle, open again, leave in any order: an event counts once, totals are recount.

Totals are steps and recount at every moment, and what was shown at an entry is shown again.
"""

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import select

from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import MusterError
from operations.core.people import System
from operations.core.vocabulary import Level, OperationState
from operations.measures import beside
from operations.measures.across import EVERY
from operations.measures.board import read_board
from operations.measures.figures import Figure
from operations.measures.guard import Frame
from operations.measures.kpis import Kpi
from operations.measures.lasting import Asked, Found
from operations.measures.totals import Grain, read
from operations.policing import lifecycle
from operations.policing.operation import plan
from operations.policing.reports import reports, verification
from operations.results import claim_rows, claims
from operations.results.claim_life import ANSWER_WITHIN, ONE_EVENT, SETTLED, ClaimState
from operations.results.claim_rows import Claim
from tests.claimed import ON_NOTICE
from tests.evaluated import ENDED
from tests.makers import Running, arrest, form
from tests.shelves import Shelf

S = ClaimState
TEAMS = {"NER": ("bruno", "boubacar", "chaima", "Niamey"), "MLI": ("mateo", "marie", "moussa", "Bamako")}
BACK = parse(verification.Return, {"reason": "incomplete"})
PICK = st.integers(0, 7)
NOTICES = st.sampled_from(["A-1/1-2025", "A-2/1-2025"])
Known = tuple[UUID, UUID]


class Claiming(RuleBasedStateMachine):
    """Two countries report a few wanted persons, again and again; the coordination sorts out who is who."""

    shelf: Shelf

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        store = self._open.enter_context(self.shelf.take(self.shelf.scene))
        self.scene: Running = replace(self.shelf.running, store=store, members={})
        self.at = ENDED
        self.shown: dict[int, tuple[Figure, Found]] = {}
        self.left = False

    def teardown(self) -> None:
        self.look_back()
        self._open.close()

    def look_back(self) -> None:
        """What was shown at an entry is shown again, what was under review then included."""
        for seq, figure in self.shown.items():
            assert self.board(seq) == figure, seq
        self.shown = {}

    def act(self, name: str, verb: Any) -> Any:
        """Do it, or be refused: a refusal changes nothing, which the invariants find."""
        self.at += timedelta(seconds=1)
        try:
            with clock.at(self.at), self.scene.store.unit_of_work(self.scene[name]) as session:
                return verb(session, self.scene[name])
        except MusterError:
            return None

    def board(self, at: int | None) -> tuple[Figure, Found]:
        """The arrests, and how many persons they were of."""
        frame = Frame(
            self.scene.operation, "Africa/Niamey", plan.Classification.FOR_OFFICIAL_USE, level=Level.V1, at=at
        )
        with clock.at(self.at), self.scene.store.reading(self.scene["ana"]) as session:
            shown = read_board(session, frame, self.scene["ana"])
            persons = beside.found(EVERY["K12"], Asked(session, frame, self.scene["ana"], shown))
            return shown.figures[Kpi.ARRESTS], persons

    def every(self, model: Any) -> list[Any]:
        with self.scene.store.reading(System()) as session:
            return list(session.exec(select(model).order_by(*model.__table__.primary_key.columns)))

    def report(self, pick: int) -> reports.Report:
        found = sorted(self.every(reports.Report), key=lambda each: (each.received_at, each.version))
        return found[pick % len(found)]

    def claim(self, pick: int, *states: S) -> Claim | None:
        found = [each for each in self.every(Claim) if each.state in states]
        return sorted(found, key=lambda each: each.number)[pick % len(found)] if found else None

    @initialize(counts=st.integers(0, 1), settled=st.sampled_from(["", "yes", "yes", "decided"]))
    def begin(self, counts: int, settled: str) -> None:
        """Chance seldom tells it: both countries report one man, and it is asked whether he is."""
        for country in ("NER", "MLI", "NER"):
            self.submit(country, 1, "A-1/1-2025")
        self.look_and_open(counts)
        assert self.claim(0, S.OPEN)
        if settled == "yes":
            self.answer(0, settled, ("chaima", "moussa"))
        elif settled:
            self.settle(0, S.DECIDED)
        assert bool(self.claim(0, *ONE_EVENT)) is bool(settled)

    @rule(country=st.sampled_from(sorted(TEAMS)), persons=st.integers(1, 3), notice=NOTICES)
    def submit(self, country: str, persons: int, notice: str) -> None:
        officer, _leader, _coordinator, site = TEAMS[country]
        content = form(self.scene, site, lines=[arrest(persons, **ON_NOTICE | {"notice_ref": notice})])
        self.act(officer, lambda session, by: reports.submit(session, parse(reports.ReportDraft, content), by))

    @precondition(lambda self: self.every(reports.Report))
    @rule(pick=PICK, persons=st.integers(1, 3), keeps=st.booleans())
    def correct(self, pick: int, persons: int, keeps: bool) -> None:
        found = self.report(pick)
        officer, leader, _coordinator, site = TEAMS[found.country]
        again = {"report_id": str(found.report_id), "supersedes_id": str(found.id), "correction_reason": "typing"}
        with self.scene.store.reading(System()) as session:
            lines = reports.lines_of(session, found.id)
        same = {"id": str(lines[0].id)} if keeps and lines else {}
        content = form(self.scene, site, lines=[arrest(persons, **ON_NOTICE | same)]) | again
        draft = parse(reports.ReportDraft, content)
        name = leader if found.level >= Level.V3 else officer
        self.act(name, lambda session, by: reports.submit(session, draft, by))

    @precondition(lambda self: self.every(reports.Report))
    @rule(pick=PICK, steps=st.integers(1, 3))
    def verify(self, pick: int, steps: int) -> None:
        found = self.report(pick)
        for name in (*TEAMS[found.country][1:3], "dov")[:steps]:
            self.act(name, lambda session, by: verification.verify(session, found.id, by))

    @precondition(lambda self: self.every(reports.Report))
    @rule(pick=PICK, back=st.booleans())
    def take_back(self, pick: int, back: bool) -> None:
        found = self.report(pick)
        _officer, leader, coordinator, _site = TEAMS[found.country]
        if back:
            self.act(leader, lambda session, by: verification.give_back(session, found.id, BACK, by))
        else:
            self.act(coordinator, lambda session, by: reports.withdraw(session, found.id, "By mistake.", by))

    @precondition(lambda self: len(self.every(reports.Report)) > 1)
    @rule(counts=st.integers(0, 1))
    def look_and_open(self, counts: int) -> None:
        for made in self.act("dov", lambda session, by: claims.suspect(session, self.scene.operation, by)) or ():
            with self.scene.store.reading(System()) as session:
                lines = claim_rows.lines_of(session, [made.id])[made.id]
            draft = parse(claims.OpenDraft, {"counts": claims.key_of(lines[counts]), "role": "requesting"})
            self.act("dov", lambda session, by, it=made.id, draft=draft: claims.open_claim(session, it, draft, by))

    @precondition(lambda self: self.claim(0, S.OPEN))
    @rule(
        pick=PICK,
        same=st.sampled_from(["yes", "yes", "no"]),
        names=st.sampled_from([("chaima", "moussa"), ("moussa",)]),
    )
    def answer(self, pick: int, same: str, names: tuple[str, ...]) -> None:
        found = self.claim(pick, S.OPEN)
        draft = parse(claims.AnswerDraft, {"same": same, "words": "As we know."})
        for name in names:
            self.act(name, lambda session, by: claims.answer(session, found.id, draft, by))

    @precondition(lambda self: self.claim(0, S.OPEN))
    @rule(pick=PICK, to=st.sampled_from([S.DECIDED, S.DECIDED, S.SEPARATED, S.LAPSED]))
    def settle(self, pick: int, to: S) -> None:
        found = self.claim(pick, S.OPEN)
        self.at += ANSWER_WITHIN
        self.act("dov" if to is S.LAPSED else "ana", lambda session, by: claims.take(session, found.id, to, by, "So."))

    @precondition(lambda self: self.claim(0, *SETTLED))
    @rule(pick=PICK)
    def open_again(self, pick: int) -> None:
        found = self.claim(pick, *SETTLED)
        self.act("ana", lambda session, by: claims.take(session, found.id, S.OPEN, by, "The prints differ."))

    @rule(to=st.sampled_from([OperationState.CONSOLIDATION, OperationState.SUSPENDED]))
    def move_on(self, to: OperationState) -> None:
        for state in (to, OperationState.ACTIVE):
            self.answer(0, "yes", ("chaima",)) if self.claim(0, S.OPEN) else None
            self.act("ana", lambda session, by, it=state: lifecycle.move(session, self.scene.operation, it, by, "So."))

    @precondition(lambda self: self.claim(0, *ONE_EVENT))
    @rule(figures=st.sampled_from(["shown", "totals", "erased"]))
    def leave(self, figures: str) -> None:
        self.look_back()  # what a country hides when it leaves is hidden in the past too
        leaving = plan.Leaving(figures=figures)
        left = self.act("moussa", lambda session, by: plan.withdraw(session, self.scene.operation, leaving, by))
        self.left = self.left or left is not None

    @invariant()
    def totals_are_steps_and_recount(self) -> None:
        with self.scene.store.reading(System()) as session:
            assert verification.differences(session, self.scene.operation) == []
            verdict = journal.verify(session)
            assert verdict.broken_at is None
            seq = journal.pulse(session)
        if not self.left:
            self.shown[seq] = self.board(None)

    @invariant()
    def an_event_counts_once(self) -> None:
        """Counted here from the lines that stand and the claims that were settled, by nothing that totals use."""
        standing = {
            (report.report_id, line.id)
            for report in self.every(reports.Report)
            if report.counted
            for line in self.every(reports.Line)
            if line.version_id == report.id
        }
        events: list[set[Known]] = [{each} for each in standing]
        one = {each.id for each in self.every(Claim) if each.state in ONE_EVENT}
        of: dict[UUID, set[Known]] = {}
        for each in self.every(claim_rows.ClaimLine):
            if each.claim_id in one:
                of.setdefault(each.claim_id, set()).add((each.report_id, each.line_id))
        for joined in of.values():
            touching = [each for each in events if each & joined]
            events = [each for each in events if not each & joined] + [set().union(joined, *touching)]
        with self.scene.store.reading(System()) as session:
            counted = sum(row.records for row in read(session, self.scene.operation, Grain.OPERATION))
        assert counted == sum(bool(each & standing) for each in events)


def test_claims_hold_whatever_people_do(shelf: Shelf) -> None:
    machine = type("Claiming", (Claiming,), {"shelf": shelf})
    sqlite = shelf.scene.startswith("sqlite")
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12 if sqlite else 3,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
