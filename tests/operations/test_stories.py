"""Acceptance checks of the domain's user stories about numbers, whole, through the verbs that people use."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from operations.catalogue.kpis import Kpi
from operations.core import clock, journal
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.figures import board
from operations.notices import inbox
from operations.policing.operation import plan
from operations.policing.reports import reports, verification
from operations.results import disclosed_figures, restatements, snapshot_rows, snapshots
from operations.results.restatements import Restated
from operations.results.snapshot_rows import CENTRE, SnapshotState
from operations.timetable import restatements as timetable
from operations.timetable.effects import DueEffect
from tests.evaluations import ENDED, debriefed
from tests.makers import START, Running, form, hit, send, tally
from tests.operations.steps import answer, climb, correction, counted, told
from tests.people import CAST
from tests.snapshot_stories import frozen

TEN_DAYS = timedelta(days=10)


def on_board(injured: int, dead: int) -> list[dict[str, Any]]:
    """Fourteen persons were found on a boat; some of them were injured, some had died."""
    casualties = [
        {"kind": "casualty", "id": str(new_id()), "persons": persons, "fate": fate}
        for fate, persons in (("injured", injured), ("dead", dead))
    ]
    detected = {
        "kind": "migrant_detection",
        "id": str(new_id()),
        "detections": 14,
        "detection_kind": "during_surveillance",
    }
    return [detected, *casualties]


def fates(scene: Running, version: Any) -> dict[str, int]:
    """Who was injured and who died, as a version of the report says."""
    with scene.store.reading(scene["chaima"]) as session:
        lines = reports.lines_of(session, version)
    return {line.status: line.quantity for line in lines if line.kind == "casualty"}


def test_6_2_the_correction_that_comes_ten_days_late(scene: Running) -> None:
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).line_kinds = ["migrant_detection", "casualty"]
    made = send(scene, form(scene, lines=on_board(injured=3, dead=1)))
    climb(scene, made.id, "boubacar", "chaima", "dov")
    debriefed(scene)
    told_then = frozen(scene, SnapshotState.PUBLISHED)
    with scene.store.reading(System()) as session:
        taken = journal.pulse(session)
    with clock.at(ENDED), scene.store.unit_of_work(System()) as session:
        journal.record(
            session,
            scene["ana"],
            "operation.export",
            "export",
            operation=scene.operation,
            chain=journal.Chain.ACCESS,
            level="V4",
            entry=taken,
        )

    late = ENDED + TEN_DAYS
    died = correction(made, scene, lines=on_board(injured=2, dead=2), correction_reason="outcome_changed")
    again = send(scene, died, by="boubacar", at=late)
    scene.members["binta"] = Actor(**vars(scene["binta"]) | {"role": CAST["boubacar"][1]})
    for name, days in (("binta", 0), ("chaima", 1), ("dov", 3)):
        late += timedelta(days=days)
        with clock.at(late), scene.store.unit_of_work(scene[name]) as session:
            verification.verify(session, again.id, scene[name])

    assert (fates(scene, made.id), fates(scene, again.id)) == ({"injured": 3, "dead": 1}, {"injured": 2, "dead": 2})
    assert counted(scene, Kpi.CASUALTIES, Level.V4) == 4
    assert counted(scene, Kpi.DETECTIONS, Level.V4) == 14
    with scene.store.reading(System()) as session:
        figures = disclosed_figures.figures(snapshot_rows.figures_of(session, told_then.id, CENTRE))
        assert (figures[Kpi.CASUALTIES].value, figures[Kpi.DETECTIONS].value) == (4, 14)
        assert snapshots.broken(session, scene.operation) == []
    with clock.at(late), scene.store.unit_of_work(System()) as session:
        timetable._tell(
            session, DueEffect("restated", late, late), clock.now(), timetable.changed(session, clock.now())
        )
    with scene.store.reading(scene["ana"]) as session:
        kinds = [each.message.kind for each in inbox.messages(session, scene["ana"])]
    assert "restated" in kinds, "whoever took the old figure along is told"


def test_6_6_the_hit_that_was_none(scene: Running) -> None:
    hits = [hit(START + timedelta(hours=hour)) for hour in range(5)]
    made = send(scene, form(scene, lines=[tally(4800), *hits]))
    made = climb(scene, made.id, "boubacar", "chaima")
    for line, said in zip(hits, ("confirmed", "confirmed", "confirmed", "refuted"), strict=False):
        made = answer(scene, made.id, _id(line), told(said))
    assert _figures(scene) == {Kpi.RAW_HITS: 5, Kpi.CONFIRMED_HITS: 3}
    with scene.store.reading(scene["lena"]) as session:
        found = board.read_board(session, _frame(scene), scene["lena"]).figures
        assert (found[Kpi.CONFIRMED_HITS].pending, found[Kpi.CONFIRMATION_RATE].value) == (1, 75)

    climb(scene, made.id, "dov")
    debriefed(scene)
    published = frozen(scene, SnapshotState.PUBLISHED)
    with scene.store.reading(System()) as session:
        since = journal.pulse(session)
    with clock.at(ENDED + TEN_DAYS), scene.store.unit_of_work(scene["cheikh"]) as session:
        verification.answer_hit(session, made.id, _id(hits[4]), told("confirmed"), scene["cheikh"])
    with scene.store.reading(scene["ana"]) as session:
        changed = restatements.restated(session, _frame(scene), since, scene["ana"])
    assert isinstance(changed[Kpi.CONFIRMED_HITS], Restated)
    assert (changed[Kpi.CONFIRMED_HITS].by, changed[Kpi.CONFIRMED_HITS].reasons) == (1, ("outcome_changed",))
    assert Kpi.RAW_HITS not in changed
    with scene.store.reading(System()) as session:
        frozen_then = disclosed_figures.figures(snapshot_rows.figures_of(session, published.id, CENTRE))
    assert frozen_then[Kpi.CONFIRMED_HITS].value == 3


def _id(line: dict[str, Any]) -> UUID:
    return UUID(line["id"])


def _frame(scene: Running) -> BoardFrame:
    return BoardFrame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE)


def _figures(scene: Running) -> dict[Kpi, int | None]:
    with scene.store.reading(scene["lena"]) as session:
        found = board.read_board(session, _frame(scene), scene["lena"]).figures
    return {kpi: found[kpi].value for kpi in (Kpi.RAW_HITS, Kpi.CONFIRMED_HITS)}
