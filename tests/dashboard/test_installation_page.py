"""The page Installation shows administrators what metrics and alerts say, in words, and nobody else anything."""

from datetime import timedelta
from pathlib import Path

import pytest

from dashboard.screens.installation import page
from dashboard.server import installation_checks, timetable
from dashboard.settings import Settings
from operations.core import clock
from operations.core.errors import NotPermitted
from operations.core.people import System
from operations.timetable import heartbeats, signals
from operations.timetable.effects import DueEffect, Effect
from operations.timetable.heartbeats import Watched
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, texts


def shown(scene, language: str = "en") -> str:
    with at_desk(scene, "ada", language=language):
        return texts(page.layout())


def test_what_is_bad_is_counted_and_marked_and_what_is_well_says_so(tmp_path: Path) -> None:
    scene = open_scene(tmp_path)
    begun = shown(scene)
    assert "Start the timetable" in begun
    assert "3 signals need somebody." in begun, "what never ran"
    assert "cannot be proven" in begun
    assert "Whoever has the database but not the key cannot change an entry unseen." in begun
    with scene.store.unit_of_work(System()) as session:
        for watched in (Watched.TIMETABLE, Watched.BACKUP, Watched.CHAIN):
            heartbeats.succeeded(session, watched, EVENING, timedelta(hours=1))
        for name in signals.PERIODS:
            found = {"found": {"disk": 0, "copies": 1}} if name == signals.CHECK else {"at": EVENING.isoformat()}
            session.add(Effect(job=name, due=EVENING, fence=1, done_at=EVENING, outcome=found))
    well = shown(scene)
    assert "Everything works." in well
    assert "Copies Warning" in well
    assert "Needs somebody" not in well
    assert "it can be proven what the journal was" in well
    with scene.store.unit_of_work(System()) as session:
        heartbeats.succeeded(session, Watched.ANSWERS, EVENING - timedelta(hours=2), timedelta(minutes=1))
        heartbeats.failed(session, Watched.BACKUP, EVENING, timedelta(minutes=15), "no room")
    badly = shown(scene)
    assert "2 signals need somebody." in badly
    assert "Answers to questions 2 hours ago 0 Needs somebody" in badly
    assert "Backup just now 1 Needs somebody" in badly


def test_nobody_but_administrators_sees_it(tmp_path: Path) -> None:
    scene = open_scene(tmp_path)
    for name in ("ana", "chaima", "otto", "lena"):
        with at_desk(scene, name), pytest.raises(NotPermitted):
            page.layout()


def test_the_button_looks_again(tmp_path: Path) -> None:
    scene = open_scene(tmp_path)
    with at_desk(scene, "ada"):
        assert found_in(page.contents(None, scene["ada"], 1), "Table")  # type: ignore[arg-type]  # it reads for itself


def test_every_job_check_and_queue_has_its_words() -> None:
    assert page.JOBS.keys() == signals.PERIODS.keys()
    assert page.CHECKS.keys() == installation_checks.CHECKS.keys()


def test_the_timetable_checks_the_installation_and_keeps_subjects_alone(tmp_path: Path) -> None:
    scene = open_scene(tmp_path)
    [job] = timetable.outside(Settings(data_dir=tmp_path, backup_dir=tmp_path / "none"))
    due = DueEffect(job.name, EVENING, EVENING)
    with clock.at(EVENING):
        assert job.work is not None
        found = job.work(scene.store, due, EVENING)
        with scene.store.unit_of_work(System()) as session:
            kept = job.effect(session, due, EVENING, found)
    assert kept["found"]["copies"] == 2
    assert set(kept["found"]) == set(installation_checks.CHECKS)
    assert set(kept["found"].values()) <= {0, 1, 2}
