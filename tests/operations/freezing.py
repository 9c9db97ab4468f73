"""Snapshots in a machine of hypothesis: they are frozen, signed, published at any moment, and stay what they were."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlmodel import select

from operations.catalogue.kpis import Kpi, total
from operations.core import clock, journal
from operations.core.errors import MusterError
from operations.core.people import System
from operations.policing.reports import verification
from operations.results import disclosed_figures, snapshot_rows, snapshots
from operations.results.snapshot_rows import CENTRE, Snapshot, SnapshotFigure, SnapshotState
from operations.totals.totals import Grain, read
from tests.evaluations import ENDED
from tests.makers import Running
from tests.people import CAST
from tests.snapshot_stories import SIGNS, snapshot_draft

S = SnapshotState
PICK = st.integers(0, 7)


class Freezing(RuleBasedStateMachine):
    """The coordination freezes, signs and publishes at any moment; whoever inherits lets countries report."""

    scene: Running

    def __init__(self) -> None:
        super().__init__()
        self.at = ENDED
        self.frozen: dict[UUID, tuple[Any, ...]] = {}

    def act(self, name: str, verb: Any) -> Any:
        """Do it, or be refused: a refusal changes nothing, which the invariants find."""
        self.at += timedelta(seconds=1)
        try:
            with clock.at(self.at), self.scene.store.unit_of_work(self.scene[name]) as session:
                return verb(session, self.scene[name])
        except MusterError:
            return None

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

    def kept(self, ident: UUID) -> tuple[Any, ...]:
        with self.scene.store.reading(System()) as session:
            found = session.get_one(Snapshot, ident)
            figures = session.exec(select(SnapshotFigure).where(SnapshotFigure.snapshot_id == ident)).all()
            said = sorted(tuple(getattr(row, name) for name in SnapshotFigure.model_fields) for row in figures)
            return snapshots.digest(found, []), found.content_hash, repr(said)

    def it_says_what_a_recount_says(self, made: Snapshot) -> None:
        with self.scene.store.reading(System()) as session:
            told = disclosed_figures.figures(snapshot_rows.figures_of(session, made.id, CENTRE))
            counted = [
                (row.facet, row.records, row.quantity)
                for row in read(session, self.scene.operation, Grain.OPERATION)
                if row.level >= made.level
            ]
            for kpi in (Kpi.DATABASE_CHECKS, Kpi.ARRESTS):
                assert told[kpi].hidden or told[kpi].value == total(kpi, counted)

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
