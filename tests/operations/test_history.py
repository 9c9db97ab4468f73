"""What was shown when an entry was the newest is shown again when somebody looks at it later, to the byte."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test
from sqlmodel import Session

from operations.catalogue.kpis import Kpi
from operations.core import clock, history, journal
from operations.core.drafts import parse
from operations.core.errors import MusterError
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.figures import board, completeness, derived_figures
from operations.figures.breakdowns import breakdowns
from operations.figures.durations import FigureRequest
from operations.figures.releases import decision
from operations.policing.map_plan import places
from operations.policing.operation import boards, participations, plan, targets
from operations.policing.reports import verification
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from operations.totals import checkpoints
from operations.totals.activity import DepartureChoice
from tests.makers import START, Running, Shape, phase_draft, site_draft
from tests.operations.test_totals import Reporting
from tests.prepared_databases import Shelf

pytestmark = pytest.mark.both_storages

ZONE = "Africa/Niamey"
READERS: dict[str, list[dict[str, Any]]] = {
    "lena": [{}, {"level": Level.V1}],
    "ana": [{"level": Level.V2}],
    "chaima": [{}, {"level": Level.V1, "country": "NER"}],
    "mateo": [{"country": "MLI"}],
}
"""Leadership, coordination, a country's coordinator in both frames, and an officer of the other country."""


def shown(session: Session, scene: Running, name: str, choice: dict[str, Any], at: int | None) -> str:
    """Everything that stands on a board, its charts, its map, its feed and in the catalogue for one reader."""
    by: Actor = scene[name]
    frame = BoardFrame(scene.operation, ZONE, Classification.FOR_OFFICIAL_USE, at=at, **choice)
    with history.as_of(session, at):
        found = board.read_board(session, frame, by)
        parts: list[Any] = [replace(found, frame=replace(frame, at=None))]
        for kpi in (Kpi.ARRESTS, Kpi.DATABASE_CHECKS, Kpi.DETECTIONS):
            parts += [board.by_country(session, frame, kpi, by), board.by_day(session, frame, kpi, by)]
            parts += [breakdowns(session, frame, kpi, by)]
        parts += [board.site_activity(session, frame, by), board.site_hits(session, frame, by)]
        parts += [completeness.by_site(session, frame, by)] if completeness.may_know(session, frame, by) else []
        moment, phases = clock.now(), plan.phases(session, scene.operation)
        parts += [moment, board.reports_over(phases, moment), [sorted(each.model_dump().items()) for each in phases]]
        parts += [boards.board_of(session, plan.operation(session, scene.operation, by))]
        parts += [{kpi: each.value for kpi, each in targets.targets(session, scene.operation).items()}]
        parts += [[sorted(each.model_dump().items()) for each in places.sites(session, scene.operation)]]
        parts += [[(each.id, each.name) for each in places.objects(session, scene.operation)]]
        if not choice:  # of whole operations: what countries keep back hides these; test_past_figures has the others
            parts += [
                {
                    kpi: derived_figures.disclosed_value(each, FigureRequest(session, frame, by, found))
                    for kpi, each in COMPUTED_FIGURES.items()
                }
            ]
    return repr(parts)


class Remembering(Reporting):
    """Random people do random things; what each reader was shown at each entry is kept, and looked for at the end."""

    # What reports do to totals is held by `Reporting`; here it is enough that it happens.
    totals_are_what_a_recount_finds: Any = None
    the_journal_holds_and_has_no_gap: Any = None
    three_steps_are_three_persons: Any = None
    a_hit_is_answered_by_other_eyes_or_pending: Any = None
    who_is_heard_from_and_who_validated_is_what_stands: Any = None
    of_each_report_the_highest_living_version_counts_and_no_other: Any = None
    what_stands_at_v3_was_validated: Any = None
    every_grain_adds_up_to_the_operation: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[int, str, int], str] = {}
        self.drawn: list[places.MapObject] = []
        self.keep()

    def entries(self) -> int:
        with self.scene.store.reading(System()) as session:
            return journal.pulse(session)

    def what_stands_gives_way_to_nothing_lower(self) -> None:
        self.keep()

    def keep(self) -> None:
        """What every reader is shown now, as nobody has looked back yet."""
        entry = self.entries()
        with self.scene.store.reading(System()) as session:
            moment = session.get(journal.Entry, entry).at  # type: ignore[union-attr]
        for name, place, choice in each_reader():
            with clock.at(moment), self.scene.store.reading(self.scene[name]) as session:
                self.kept[entry, name, place] = shown(session, self.scene, name, choice, None)

    def do(self, name: str, verb: Callable[[Session, Actor], Any]) -> Any:
        return self.do_as(self.scene[name], lambda session: verb(session, self.scene[name]))

    def do_as(self, who: Actor | System, verb: Callable[[Session], Any]) -> Any:
        self.at += timedelta(minutes=7)
        try:
            with clock.at(self.at), self.scene.store.unit_of_work(who) as session:
                made = verb(session)
        except MusterError:
            return None
        if self.entries() != self.done:
            self.done = self.entries()
            self.keep()
        return made

    @rule(hours=st.sampled_from([1, 23, 25]))
    def wait(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(value=st.integers(1, 900), kpi=st.sampled_from([Kpi.ARRESTS, Kpi.DATABASE_CHECKS]), dropped=st.booleans())
    def aim(self, value: int, kpi: Kpi, dropped: bool) -> None:
        draft = parse(targets.TargetDraft, {"kpi": kpi, "value": value})
        self.do("ana", lambda session, by: targets.aim(session, self.scene.operation, draft, by))
        if dropped:
            self.do("ana", lambda session, by: targets.drop(session, self.scene.operation, kpi, by))

    @rule(kpi=st.sampled_from([Kpi.CONFIRMED_HITS, Kpi.CASUALTIES]), on=st.booleans())
    def edit_the_board(self, kpi: Kpi, on: bool) -> None:
        self.do("ana", lambda session, by: boards.show(session, self.scene.operation, kpi, on, by))

    @rule(days=st.integers(2, 9))
    def move_the_phase(self, days: int) -> None:
        draft = phase_draft("operational", START, START + timedelta(days=days), id=self.scene.phase, name=f"{days}")
        self.do("ana", lambda session, by: plan.schedule(session, self.scene.operation, draft, by))

    @rule(country=st.sampled_from(["NER", "MLI"]), closed=st.booleans())
    def place_a_site(self, country: str, closed: bool) -> None:
        draft = site_draft(country, f"Place {new_id()}")
        made = self.do("ana", lambda session, by: places.place_site(session, self.scene.operation, draft, by))
        if closed and made is not None:
            self.do("ana", lambda session, by: places.close_site(session, made.id, by))

    @rule(name=st.sampled_from(["chaima", "moussa"]), shares=st.booleans())
    def share(self, name: str, shares: bool) -> None:
        self.do(
            name,
            lambda session, by: participations.answer(
                session, self.scene.operation, by, accept=True, shares_totals=shares
            ),
        )

    @rule()
    def leave(self) -> None:
        leaving = participations.Leaving(figures=DepartureChoice.SHOWN)  # what is hidden is hidden in the past too
        self.do("moussa", lambda session, by: participations.withdraw(session, self.scene.operation, leaving, by))

    @rule(deleted=st.booleans())
    def draw(self, deleted: bool) -> None:
        before = self.drawn[-1] if self.drawn else None
        said = {
            "id": new_id(),
            "object_id": before.object_id if before else new_id(),
            "supersedes_id": before.id if before else None,
            "kind": "checkpoint",
            "name": f"Post {len(self.drawn)}",
        }
        draft, shape = parse(places.MapObjectDraft, said), Shape({"type": "Point", "coordinates": [2.0, 13.0]})
        made = self.do("ana", lambda session, by: places.draw(session, self.scene.operation, draft, shape, by))
        if made is not None:
            self.drawn.append(made)
            if deleted:
                version = new_id()
                self.do("ana", lambda session, by: places.delete(session, made.object_id, version, by))
                self.drawn.clear()

    @rule(seldom=st.booleans())
    def let_out(self, seldom: bool) -> None:
        """What the timetable does with guarded figures; decided at one entry, written down at a later one."""
        with clock.at(self.at), self.scene.store.reading(System()) as session:
            owner = session.get_one(plan.Operation, self.scene.operation)
            decided = decision.decide(session, owner, all_audiences=not seldom)
        self.aim(9, Kpi.ARRESTS, dropped=False)
        self.do_as(System(), lambda session: decision.record(session, decided))

    @precondition(lambda self: len(self.kept) > 12)
    @rule(whole=st.booleans(), most=st.sampled_from((3, checkpoints.MOST)))
    def checkpoint(self, whole: bool, most: int) -> None:
        """Of what stands now, or in the past, as where the timetable did not run for long."""
        with self.scene.store.unit_of_work(System()) as session:
            checkpoints.checkpoint(session, self.scene.operation, whole=whole, most=most)

    def teardown(self) -> None:
        try:
            with self.scene.store.reading(System()) as session:
                assert verification.differences(session, self.scene.operation) == []
                assert history.differences(session, self.scene.operation) == history.differences(session) == []
            for name, place, choice in each_reader():
                with clock.at(self.at + timedelta(days=60)), self.scene.store.reading(self.scene[name]) as session:
                    for (entry, reader, at), before in self.kept.items():
                        if (reader, at) == (name, place):
                            assert shown(session, self.scene, name, choice, entry) == before
        finally:
            super().teardown()


def each_reader() -> list[tuple[str, int, dict[str, Any]]]:
    return [(name, place, choice) for name, choices in READERS.items() for place, choice in enumerate(choices)]


@pytest.mark.parametrize("examples", [1, pytest.param(3, marks=pytest.mark.rest)])
def test_what_was_shown_is_shown_again(shelf: Shelf, examples: int) -> None:
    machine = type("Remembering", (Remembering,), {"shelf": shelf})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples if shelf.scene.startswith("sqlite") else (examples + 1) // 2,
            stateful_step_count=16,
            deadline=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
