"""What never changes is read once: a process that has read it tells the same as one that reads all of it."""

from typing import Any

import pytest

from operations.core import process_cache
from operations.core.ids import new_id
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.figures import report_versions, verification_times
from operations.figures.board import read_board
from operations.figures.derived_figures import disclosed_value
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.policing.reports import reports
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from tests.makers import Running, arrest, form, hit, send, tally
from tests.operations.steps import climb, correction
from tests.programme import does

pytestmark = pytest.mark.both_storages


@pytest.fixture(autouse=True)
def _nothing_is_kept_yet() -> None:
    """Databases of tests are put back to what they were, with another future."""
    process_cache._kept.clear()


def told(scene: Running, country: str | None = None) -> dict[str, MeasuredValue]:
    frame = BoardFrame(scene.operation, "UTC", Classification.FOR_OFFICIAL_USE, level=Level.V1, country=country)
    by = scene["ana"]
    with scene.store.reading(by) as session:
        asked = FigureRequest(session, frame, by, read_board(session, frame, by))
        return {kpi: disclosed_value(each, asked) for kpi, each in COMPUTED_FIGURES.items()}


def anew(scene: Running, patch: pytest.MonkeyPatch, country: str | None = None) -> dict[str, MeasuredValue]:
    with patch.context() as nothing:
        nothing.setattr(process_cache, "cached_state", lambda *_what: None)
        return told(scene, country)


def test_what_is_kept_tells_what_is_there_and_only_what_is_new_is_read(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    reads = report_versions._read

    def counted(*of: Any) -> list[report_versions.Version]:
        found_ = reads(*of)
        read.append(len(found_))
        return found_

    lines: list[dict[str, Any]] = [arrest(2, notice_ref="A-1/1-2025"), hit(scene.start), tally(100)]
    first = send(scene, form(scene, lines=lines, kind="single_event"))
    send(scene, form(scene, "Agadez", lines=lines))
    monkeypatch.setattr(report_versions, "_read", counted)
    told(scene)
    assert read == [2]
    climb(scene, first.id, "boubacar")
    assert told(scene) == anew(scene, monkeypatch)
    assert told(scene, "NER") == anew(scene, monkeypatch, "NER")
    read.clear()
    again = send(scene, correction(first, scene, lines=[arrest(3), tally(110)]))
    assert told(scene)["K36"].value
    assert read == [1]
    assert told(scene) == anew(scene, monkeypatch)
    does(scene, "chaima", reports.withdraw, again.id, "By mistake.")
    assert told(scene) == anew(scene, monkeypatch)
    read.clear()
    told(scene)
    assert read == []


def test_a_store_that_was_put_back_is_read_anew(scene: Running) -> None:
    made = send(scene, form(scene, lines=[tally(100)], kind="single_event"))
    climb(scene, made.id, "boubacar", "chaima")
    before = told(scene)
    with scene.store.reading(scene["ana"]) as session:
        reports_, acts = (
            process_cache.cached_state(session, scene.operation, kind)
            for kind in (report_versions._Kept, verification_times._Lifted)
        )
        assert reports_ is not None
        assert acts is not None
        of_it = next(iter(reports_.versions.values()))
        gone = new_id().hex
        reports_.versions, acts.at["report.verify"] = {gone: of_it._replace(id=gone)}, {gone: scene.start}
    assert told(scene) != before
    reports_.hash = acts.hash = "of another journal"
    assert told(scene) == before


def test_a_session_that_writes_is_given_nothing_and_few_things_are_kept(scene: Running) -> None:
    with scene.store.unit_of_work(scene["ana"]) as session:
        assert process_cache.cached_state(session, scene.operation, report_versions._Kept) is None
    with scene.store.reading(scene["ana"]) as session:
        made = [
            process_cache.cached_state(session, each, report_versions._Kept) for each in range(process_cache.MOST + 1)
        ]
        assert process_cache.cached_state(session, 1, report_versions._Kept) is made[1]
        assert process_cache.cached_state(session, 0, report_versions._Kept) is not made[0]
