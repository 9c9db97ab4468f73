"""Whatever people do to reports in whatever order, snapshots that were taken stay byte for byte what they were."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlmodel import select

from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import MusterError
from operations.core.people import System
from operations.core.vocabulary import Level, OperationState
from operations.measures.kpis import Kpi, total
from operations.measures.totals import Grain, read
from operations.policing import lifecycle
from operations.policing.operation import plan
from operations.policing.reports import reports, verification
from operations.results import disclosed, rows, snapshots
from operations.results.rows import CENTRE, Snapshot, SnapshotFigure, SnapshotState
from tests.evaluated import ENDED
from tests.frozen import SIGNS, snapshot_draft
from tests.makers import Running, form, tally
from tests.people import CAST
from tests.shelves import Shelf

S = SnapshotState
TEAMS = {"NER": ("bruno", "boubacar", "chaima", "Niamey"), "MLI": ("mateo", "marie", "moussa", "Bamako")}
LEAVING = plan.Leaving(figures="totals")
BACK = parse(verification.Return, {"reason": "incomplete"})
PICK = st.integers(0, 7)


class Freezing(RuleBasedStateMachine):
    """Two countries report, correct and withdraw; the coordination freezes, signs and publishes at any moment."""

    shelf: Shelf

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        store = self._open.enter_context(self.shelf.take(self.shelf.scene))
        self.scene: Running = replace(self.shelf.running, store=store, members={})
        self.at, self.sent = ENDED, list[tuple[dict[str, Any], str]]()
        self.frozen: dict[UUID, tuple[Any, ...]] = {}

    def teardown(self) -> None:
        self._open.close()

    def act(self, name: str, verb: Any) -> Any:
        """Do it, or be refused: a refusal changes nothing, which the invariants find."""
        self.at += timedelta(seconds=1)
        try:
            with clock.at(self.at), self.scene.store.unit_of_work(self.scene[name]) as session:
                return verb(session, self.scene[name])
        except MusterError:
            return None

    def stored(self) -> list[reports.Report]:
        with self.scene.store.reading(System()) as session:
            return list(session.exec(select(reports.Report).order_by(reports.Report.received_at, reports.Report.id)))

    def one(self, pick: int) -> reports.Report | None:
        found = self.stored()
        return found[pick % len(found)] if found else None

    @rule(country=st.sampled_from(sorted(TEAMS)), count=st.integers(1, 400))
    def submit(self, country: str, count: int) -> None:
        officer, _leader, _coordinator, site = TEAMS[country]
        self.send(form(self.scene, site, lines=[tally(count)]), officer)

    def send(self, content: dict[str, Any], by: str) -> None:
        draft = parse(reports.ReportDraft, content)
        if self.act(by, lambda session, actor: reports.submit(session, draft, actor)) is not None:
            self.sent.append((content, by))

    @precondition(lambda self: self.sent)
    @rule(pick=PICK)
    def retry(self, pick: int) -> None:
        content, by = self.sent[pick % len(self.sent)]
        before = len(self.stored())
        self.act(by, lambda session, actor: reports.submit(session, parse(reports.ReportDraft, content), actor))
        assert len(self.stored()) == before

    @precondition(lambda self: self.sent)
    @rule(pick=PICK, steps=st.integers(1, 3))
    def verify(self, pick: int, steps: int) -> None:
        found = self.one(pick)
        people = (*TEAMS[found.country][1:3], "dov")
        for name in people[:steps]:
            self.act(name, lambda session, actor: verification.verify(session, found.id, actor))

    @precondition(lambda self: self.sent)
    @rule(pick=PICK, count=st.integers(1, 400))
    def correct(self, pick: int, count: int) -> None:
        found = self.one(pick)
        officer, leader, _coordinator, site = TEAMS[found.country]
        again = {"report_id": str(found.report_id), "supersedes_id": str(found.id), "correction_reason": "typing"}
        self.send(form(self.scene, site, lines=[tally(count)]) | again, leader if found.level >= Level.V3 else officer)

    @precondition(lambda self: self.sent)
    @rule(pick=PICK, by=st.sampled_from(["leader", "coordinator", "dov"]))
    def give_back(self, pick: int, by: str) -> None:
        found = self.one(pick)
        name = {"leader": TEAMS[found.country][1], "coordinator": TEAMS[found.country][2]}.get(by, by)
        self.act(name, lambda session, actor: verification.give_back(session, found.id, BACK, actor))

    @precondition(lambda self: self.sent)
    @rule(pick=PICK)
    def withdraw(self, pick: int) -> None:
        found = self.one(pick)
        name = TEAMS[found.country][2]
        self.act(name, lambda session, actor: reports.withdraw(session, found.id, "By mistake.", actor))

    @rule(level=st.sampled_from(["V3", "V4"]), by=st.sampled_from(["ana", "dov", "lena", "chaima"]))
    def freeze(self, level: str, by: str) -> None:
        draft = snapshot_draft(level=level)
        made = self.act(by, lambda session, actor: snapshots.prepare(session, self.scene.operation, draft, actor))
        if made is not None:
            self.frozen[made.id] = self.kept(made.id)
            self.it_says_what_a_recount_says(made)

    @precondition(lambda self: self.frozen)
    @rule(pick=PICK, to=st.sampled_from([S.COORDINATED, S.SIGNED, S.PUBLISHED, S.DROPPED]), by=st.sampled_from([*CAST]))
    def take(self, pick: int, to: S, by: str) -> None:
        ident = list(self.frozen)[pick % len(self.frozen)]
        for name in (SIGNS[to], by):
            self.act(name, lambda session, actor: snapshots.take(session, ident, to, actor, "Agreed."))

    @rule(to=st.sampled_from([OperationState.CONSOLIDATION, OperationState.SUSPENDED, OperationState.ACTIVE]))
    def move_on(self, to: OperationState) -> None:
        self.act("ana", lambda session, by: lifecycle.move(session, self.scene.operation, to, by, "As agreed."))

    @rule()
    def leave(self) -> None:
        if len(self.frozen) > 2:
            self.act("moussa", lambda session, by: plan.withdraw(session, self.scene.operation, LEAVING, by))

    def kept(self, ident: UUID) -> tuple[Any, ...]:
        with self.scene.store.reading(System()) as session:
            found = session.get_one(Snapshot, ident)
            figures = session.exec(select(SnapshotFigure).where(SnapshotFigure.snapshot_id == ident)).all()
            said = sorted(tuple(getattr(row, name) for name in SnapshotFigure.model_fields) for row in figures)
            return snapshots.digest(found, []), found.content_hash, repr(said)

    def it_says_what_a_recount_says(self, made: Snapshot) -> None:
        with self.scene.store.reading(System()) as session:
            told = disclosed.figures(rows.figures_of(session, made.id, CENTRE))[Kpi.DATABASE_CHECKS].value
            counted = [
                (row.facet, row.records, row.quantity)
                for row in read(session, self.scene.operation, Grain.OPERATION)
                if row.level >= made.level
            ]
            assert told == total(Kpi.DATABASE_CHECKS, counted)

    @invariant()
    def old_snapshots_are_byte_equal(self) -> None:
        assert {ident: self.kept(ident) for ident in self.frozen} == self.frozen

    @invariant()
    def totals_are_what_a_recount_finds_and_the_chains_hold(self) -> None:
        with self.scene.store.reading(System()) as session:
            assert verification.differences(session, self.scene.operation) == []
            assert snapshots.broken(session, self.scene.operation) == []
            assert journal.verify(session).broken_at is None

    @invariant()
    def two_persons_signed_what_stands_and_one_at_most_is_the_official_one(self) -> None:
        with self.scene.store.reading(System()) as session:
            found = session.exec(select(Snapshot)).all()
        for each in found:
            if each.state in (S.SIGNED, S.PUBLISHED, S.SUPERSEDED):
                assert each.signed_by not in (None, each.approved_by)
        assert sum(each.state == S.PUBLISHED for each in found) <= 1


def test_snapshots_hold_whatever_people_do(shelf: Shelf) -> None:
    machine = type("Freezing", (Freezing,), {"shelf": shelf})
    sqlite = shelf.scene.startswith("sqlite")
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8 if sqlite else 2,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
