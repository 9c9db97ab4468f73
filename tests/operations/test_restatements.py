"""Restated: a correction of what was taken along is marked with its reason, what came in since is not."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from operations.catalogue.kpis import CATALOGUE, COUNTED, Kpi
from operations.core import change_tracking, clock, journal
from operations.core.drafts import parse
from operations.core.errors import RuleBroken
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.figures import board
from operations.notices import inbox
from operations.policing.calendar import tasks
from operations.policing.operation import plan
from operations.policing.reports import reports, verification
from operations.policing.reports.versions import Report
from operations.results import restatements
from operations.results.restatements import LEFT, TAKEN_OUT, WITHDRAWN, Restated
from operations.results.snapshot_rows import SnapshotState
from operations.timetable import restatements as timetable
from operations.timetable.effects import DueEffect
from tests.evaluations import evaluated
from tests.makers import START, Running, arrest, detection, form, hit, let_out, send, tally
from tests.people import CAST
from tests.snapshot_stories import frozen

pytestmark = pytest.mark.both_storages

EVENING = START + timedelta(hours=13)


def frame(scene: Running, level: Level = Level.V3, country: str | None = None) -> BoardFrame:
    return BoardFrame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=level, country=country)


def climb(scene: Running, report: Report, *names: str, hours: float = 13) -> None:
    for name in names:
        with clock.at(START + timedelta(hours=hours)), scene.store.unit_of_work(scene[name]) as session:
            verification.verify(session, report.id, scene[name])


def entry(scene: Running) -> int:
    with scene.store.reading(System()) as session:
        return journal.pulse(session)


def found(scene: Running, since: int, name: str = "ana", **where: Any) -> dict[Kpi, Restated]:
    with scene.store.reading(scene[name]) as session:
        return restatements.restated(session, frame(scene, **where), since, scene[name])


def correct(scene: Running, before: dict[str, Any], lines: Sequence[Any], by: str, reason: str, hours: float) -> Report:
    content = before | {
        "id": str(new_id()),
        "supersedes_id": before["id"],
        "correction_reason": reason,
        "lines": list(lines),
    }
    return send(scene, content, by=by, at=START + timedelta(hours=hours))


@pytest.fixture
def told(scene: Running) -> tuple[dict[str, Any], Report]:
    """A validated report of thirteen arrests and a hit."""
    content = form(scene, lines=[arrest(13), tally(700), hit(START + timedelta(hours=1))])
    made = send(scene, content)
    climb(scene, made, "boubacar", "chaima")
    return content, made


def test_what_comes_in_or_climbs_restates_nothing(scene: Running, told: tuple[dict[str, Any], Report]) -> None:
    since = entry(scene)
    climb(scene, send(scene, form(scene, day=1, lines=[arrest(4)])), "boubacar", "chaima", hours=40)
    assert found(scene, since) == {}
    assert found(scene, 0) == {}


def test_a_correction_restates_once_it_has_climbed(scene: Running, told: tuple[dict[str, Any], Report]) -> None:
    since = entry(scene)
    again = correct(scene, told[0], [arrest(14), *told[0]["lines"][1:]], "chaima", "outcome_changed", 40)
    climb(scene, again, "boubacar", hours=41)
    assert found(scene, since) == {}  # it waits
    climb(scene, again, "cheikh", hours=42)
    changed = found(scene, since)
    assert changed[Kpi.ARRESTS] == Restated(
        Kpi.ARRESTS, 1, ("2026-03-02",), ("outcome_changed",), START + timedelta(hours=42), late=False
    )
    assert Kpi.DATABASE_CHECKS not in changed  # it says the same
    assert found(scene, entry(scene)) == {}  # who takes it along now has it


def test_a_guarded_figure_says_that_it_is_restated_and_not_by_how_much(
    scene: Running, told: tuple[dict[str, Any], Report]
) -> None:
    content = form(scene, day=1, lines=[detection(13), tally(700)])
    climb(scene, send(scene, content), "boubacar", "chaima", hours=38)
    let_out(scene)
    since = entry(scene)
    climb(scene, correct(scene, content, [detection(30)], "chaima", "typing", 40), "boubacar", "cheikh", hours=41)
    assert Kpi.DETECTIONS not in found(scene, since, "lena"), "it is told once a release holds it"
    let_out(scene)
    changed = found(scene, since, "lena")[Kpi.DETECTIONS]
    assert (changed.by, changed.days) == (None, ())
    assert found(scene, since, "lena")[Kpi.DATABASE_CHECKS].by == -700
    assert found(scene, since, "chaima", country="NER")[Kpi.DETECTIONS].by == 17


def test_what_is_withdrawn_or_returned_restates_with_its_word(
    scene: Running, told: tuple[dict[str, Any], Report]
) -> None:
    since = entry(scene)
    answer = parse(verification.Return, {"reason": "incomplete"})
    with clock.at(EVENING + timedelta(hours=1)), scene.store.unit_of_work(scene["chaima"]) as session:
        reports.withdraw(session, told[1].id, "Sent for another site.", scene["chaima"])
    assert found(scene, since)[Kpi.ARRESTS].reasons == (WITHDRAWN,)
    assert found(scene, since)[Kpi.ARRESTS].by == -13
    other = send(scene, form(scene, day=1, lines=[arrest(2)]))
    climb(scene, other, "boubacar", "chaima", hours=40)
    since = entry(scene)
    with clock.at(START + timedelta(hours=44)), scene.store.unit_of_work(scene["dov"]) as session:
        verification.give_back(session, other.id, answer, scene["dov"])
    assert (found(scene, since)[Kpi.ARRESTS].reasons, found(scene, since)[Kpi.ARRESTS].by) == ((TAKEN_OUT,), -2)


@pytest.mark.parametrize(("figures", "gone"), [("erased", -9), ("totals", 0), ("shown", 0)])
def test_a_country_that_leaves_restates_what_it_takes_along_of_what_was_told(
    scene: Running, told: tuple[dict[str, Any], Report], figures: str, gone: int
) -> None:
    climb(scene, send(scene, form(scene, "Bamako", lines=[arrest(9)]), by="mateo"), "marie", "moussa")
    send(scene, form(scene, "Bamako", lines=[arrest(2)]), by="mateo")
    since = entry(scene)
    climb(scene, send(scene, form(scene, "Bamako", day=1, lines=[arrest(4)]), by="mateo"), "marie", "moussa", hours=40)
    leaving = plan.Leaving(figures=figures)
    with clock.at(START + timedelta(hours=44)), scene.store.unit_of_work(scene["moussa"]) as session:
        plan.withdraw(session, scene.operation, leaving, scene["moussa"])
    changed = found(scene, since)
    assert {kpi: (each.by, each.days, each.reasons) for kpi, each in changed.items()} == (
        {Kpi.ARRESTS: (gone, ("2026-03-02",), (LEFT,))} if gone else {}
    )
    waited = {kpi: each.by for kpi, each in found(scene, since, level=Level.V1).items()}
    assert waited == {"erased": {Kpi.ARRESTS: -11}, "totals": {Kpi.ARRESTS: None}, "shown": {}}[figures]
    assert found(scene, entry(scene)) == {}


def test_the_answer_to_a_hit_restates_confirmed_hits(scene: Running, told: tuple[dict[str, Any], Report]) -> None:
    since = entry(scene)
    whole = {"confirming_country": "ITA", "confirmed_at": (START + timedelta(hours=2)).isoformat()}
    answer = parse(verification.HitAnswer, {"confirmation": "confirmed"} | whole)
    with clock.at(EVENING), scene.store.unit_of_work(scene["cheikh"]) as session:
        line = next(each for each in reports.lines_of(session, told[1].id) if each.kind == "hit")
        verification.answer_hit(session, told[1].id, line.id, answer, scene["cheikh"])
    changed = found(scene, since)
    assert (changed[Kpi.CONFIRMED_HITS].by, changed[Kpi.CONFIRMED_HITS].reasons) == (1, ("outcome_changed",))
    assert Kpi.RAW_HITS not in changed


def test_consolidated_figures_that_are_corrected_are_restated_at_the_level_that_people_open(
    scene: Running, told: tuple[dict[str, Any], Report]
) -> None:
    climb(scene, told[1], "dov")
    evaluated(scene)
    frozen(scene, SnapshotState.PUBLISHED)
    again = correct(scene, told[0], [arrest(14), tally(700)], "boubacar", "typing", 200)
    scene.members["binta"] = Actor(**vars(scene["binta"]) | {"role": CAST["boubacar"][1]})
    climb(scene, again, "binta", "chaima", "dov", hours=201)
    for level in (Level.V3, Level.V4):
        with scene.store.reading(scene["ana"]) as session:
            marked = restatements.restated_since_export(session, frame(scene, level), scene["ana"])
        assert marked[Kpi.ARRESTS].by == 1, level
    with scene.store.reading(scene["ana"]) as session:
        assert restatements.restated_since_export(session, frame(scene, Level.V1), scene["ana"]) == {}


def test_what_was_not_taken_along_is_not_restated(scene: Running) -> None:
    content = form(scene, lines=[arrest(13)])
    made = send(scene, content)
    since = entry(scene)  # at V3 there was nothing of it
    climb(scene, made, "boubacar", "chaima")
    climb(scene, correct(scene, content, [arrest(9)], "chaima", "typing", 40), "boubacar", "cheikh", hours=41)
    assert found(scene, since) == {}
    assert found(scene, since, level=Level.V1)[Kpi.ARRESTS].by == -4


def test_who_took_figures_along_is_told_once_that_they_are_corrected(
    scene: Running, told: tuple[dict[str, Any], Report]
) -> None:
    def tick(hours: float) -> list[tuple[str, int]]:
        with clock.at(START + timedelta(hours=hours)), scene.store.unit_of_work(System()) as session:
            timetable._tell(
                session, DueEffect("restated", START, START), clock.now(), timetable.changed(session, clock.now())
            )
        with scene.store.reading(scene["ana"]) as session:
            return [(each.message.kind, each.message.number) for each in inbox.messages(session, scene["ana"])]

    by, since = scene["ana"], entry(scene)
    with clock.at(EVENING), scene.store.unit_of_work(System()) as session:
        journal.record(
            session,
            by,
            "operation.export",
            "export",
            operation=scene.operation,
            chain=journal.Chain.ACCESS,
            level="V3",
            entry=since,
        )
    assert tick(14) == []
    again = correct(scene, told[0], [arrest(14), *told[0]["lines"][1:]], "chaima", "outcome_changed", 20)
    assert tick(21) == []  # it waits
    climb(scene, again, "boubacar", "cheikh", hours=22)
    assert tick(23) == tick(24) == [("restated", 1)]


def test_the_newest_export_of_an_audience_is_what_it_took_along(scene: Running) -> None:
    def export(name: str, **detail: Any) -> None:
        by = scene[name]
        with scene.store.unit_of_work(by) as session:
            journal.record(
                session,
                by,
                "operation.export",
                "export",
                operation=scene.operation,
                country=by.country if by.national else None,
                chain=journal.Chain.ACCESS,
                **detail,
            )

    export("ana", level="V3", entry=4)
    export("ana", level="V1", entry=6)
    export("chaima", level="V3", entry=7)
    for name, entry_taken in (("lena", 4), ("ana", 4), ("chaima", 7), ("moussa", None)):
        with scene.store.reading(scene[name]) as session:
            assert restatements.taken_along(session, frame(scene), scene[name]) == entry_taken
    export("ana", level="V3", entry=2, known=9)  # a snapshot of before: newer figures had been taken along
    with scene.store.reading(scene["ana"]) as session:
        assert restatements.taken_along(session, frame(scene), scene["ana"]) == 4


def test_reports_that_a_country_took_along_are_its_own_figures(scene: Running) -> None:
    with scene.store.unit_of_work(scene["chaima"]) as session:
        journal.record_download(
            session,
            scene["chaima"],
            "report.export",
            None,
            "xlsx",
            operation=scene.operation,
            country="NER",
            level="V3",
            entry=7,
        )
    for name, country, taken in (("chaima", "NER", 7), ("chaima", None, None), ("ana", None, None)):
        with scene.store.reading(scene[name]) as session:
            assert restatements.taken_along(session, frame(scene, country=country), scene[name]) == taken


def test_a_correction_that_climbs_is_shown_as_waiting(scene: Running, told: tuple[dict[str, Any], Report]) -> None:
    def waiting(name: str = "ana", **where: Any) -> dict[Kpi, int]:
        with scene.store.reading(scene[name]) as session:
            figures = board.read_board(session, frame(scene, **where), scene[name]).figures
        return {kpi: each.corrections for kpi, each in figures.items() if each.corrections}

    assert waiting() == {}
    again = correct(scene, told[0], [arrest(14)], "chaima", "typing", 40)
    of_these = {kpi for kpi in COUNTED if CATALOGUE[kpi].kinds & {"arrest", "check_tally", "hit"}}
    assert set(waiting()) == of_these
    assert waiting("chaima", country="NER")[Kpi.ARRESTS] == waiting("lena")[Kpi.ARRESTS] == 1
    assert waiting("chaima") == waiting("moussa", country="MLI") == {}  # what waits in other countries is theirs
    climb(scene, again, "boubacar", hours=41)
    assert waiting()[Kpi.ARRESTS] == 1
    climb(scene, again, "cheikh", hours=42)
    assert waiting() == {}
    other = correct(scene, told[0] | {"id": str(again.id)}, [arrest(15)], "chaima", "typing", 50)
    assert waiting()[Kpi.ARRESTS] == 1
    with clock.at(START + timedelta(hours=51)), scene.store.unit_of_work(scene["chaima"]) as session:
        reports.withdraw(session, other.id, "It was right before.", scene["chaima"])
    assert waiting() == {}


def test_nobody_vanishes_by_being_reclassified_without_a_question(scene: Running) -> None:
    content = form(scene, lines=[arrest(5), victims(2)])
    send(scene, content)

    def again(reason: str, *lines: Any) -> dict[str, Any]:
        named = {"id": str(new_id()), "supersedes_id": content["id"], "correction_reason": reason, "confirmed": False}
        return content | named | {"lines": list(lines)}

    with pytest.raises(RuleBroken, match="counted 7 persons before the correction and now counts 5"):
        send(scene, again("reclassified", arrest(3), victims(2)))
    assert send(scene, again("reclassified", arrest(3), victims(4))).version == 2  # five suspects, two of them victims


def test_dead_injured_and_missing_keep_their_sum_or_somebody_is_asked(scene: Running) -> None:
    content = form(scene, lines=[casualty(3, "injured"), casualty(1, "dead")])
    send(scene, content)
    named = {"supersedes_id": content["id"], "correction_reason": "outcome_changed", "confirmed": False}
    lost = content | named | {"id": str(new_id()), "lines": [casualty(2, "injured"), casualty(1, "dead")]}
    with pytest.raises(RuleBroken, match="counted 4 persons before the correction and now counts 3"):
        send(scene, lost)
    died = lost | {"id": str(new_id()), "lines": [casualty(2, "injured"), casualty(2, "dead")]}
    assert send(scene, died).version == 2


def casualty(persons: int, fate: str) -> dict[str, Any]:
    return {"kind": "casualty", "id": str(new_id()), "persons": persons, "fate": fate}


def victims(persons: int) -> dict[str, Any]:
    return {
        "kind": "potential_victim",
        "id": str(new_id()),
        "persons": persons,
        "status": "potential",
        "exploitation": "unknown",
    }


def test_what_restates_nothing_has_nobody_read_again(scene: Running, told: tuple[dict[str, Any], Report]) -> None:
    """An entry of something else does not concern who reads what was restated; one that restates does."""
    since = entry(scene)
    again = correct(scene, told[0], [arrest(14), *told[0]["lines"][1:]], "chaima", "outcome_changed", 40)
    climb(scene, again, "boubacar", hours=41)
    climb(scene, again, "cheikh", hours=42)

    def reads() -> change_tracking.ReadMark:
        place, at = scene.store.written.place, entry(scene)
        with change_tracking.tracked_reads() as tables:
            assert found(scene, since)[Kpi.ARRESTS].by == 1
        return change_tracking.ReadMark(frozenset(tables), place, at)

    before = reads()
    draft = {"id": new_id(), "title": "Brief the posts", "due": START.isoformat(), "country": "NER"}
    with scene.store.unit_of_work(scene["ana"]) as session, clock.at(EVENING):
        tasks.add(session, scene.operation, parse(tasks.TaskDraft, draft), scene["ana"])
    assert not scene.store.written.concerns(before, entry(scene))
    with clock.at(START + timedelta(hours=43)), scene.store.unit_of_work(scene["chaima"]) as session:
        reports.withdraw(session, again.id, "Sent for another site.", scene["chaima"])
    assert scene.store.written.concerns(before, entry(scene))
