"""Whatever people do to reports in whatever order, snapshots that were taken stay byte for byte what they were."""

from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test
from sqlmodel import select

from operations.core.drafts import parse
from operations.core.people import System
from operations.core.vocabulary import Level, OperationState
from operations.policing import lifecycle
from operations.policing.operation import plan
from operations.policing.reports import reports, verification
from tests.makers import Running, form, tally
from tests.operations.freezing import PICK, Freezing
from tests.prepared_databases import Shelf

pytestmark = pytest.mark.both_storages

TEAMS = {"NER": ("bruno", "boubacar", "chaima", "Niamey"), "MLI": ("mateo", "marie", "moussa", "Bamako")}
LEAVING = plan.Leaving(figures="totals")
BACK = parse(verification.Return, {"reason": "incomplete"})


class Reporting(Freezing):
    """Two countries report, correct and withdraw; the coordination freezes, signs and publishes at any moment."""

    shelf: Shelf

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        store = self._open.enter_context(self.shelf.take(self.shelf.scene))
        self.scene: Running = replace(self.shelf.running, store=store, members={})
        self.sent: list[tuple[dict[str, Any], str]] = []

    def teardown(self) -> None:
        self._open.close()

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

    @rule(to=st.sampled_from([OperationState.CONSOLIDATION, OperationState.SUSPENDED, OperationState.ACTIVE]))
    def move_on(self, to: OperationState) -> None:
        self.act("ana", lambda session, by: lifecycle.move(session, self.scene.operation, to, by, "As agreed."))

    @rule()
    def leave(self) -> None:
        if len(self.frozen) > 2:
            self.act("moussa", lambda session, by: plan.withdraw(session, self.scene.operation, LEAVING, by))


@pytest.mark.parametrize("examples", [2, pytest.param(8, marks=pytest.mark.rest)])
@pytest.mark.requirement("R54")
def test_snapshots_hold_whatever_people_do(shelf: Shelf, examples: int) -> None:
    machine = type("Reporting", (Reporting,), {"shelf": shelf})
    sqlite = shelf.scene.startswith("sqlite")
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples if sqlite else (examples + 3) // 4,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
