"""How old the numbers of persons are that move in releases: median and slowest tenth, for whoever reads them."""

from datetime import datetime, timedelta

import pytest

from operations.catalogue.kpis import Kpi
from operations.core import clock, journal
from operations.core.people import System
from operations.core.vocabulary import Level
from operations.figures import board
from operations.figures.release_ages import ReleaseAges, release_ages
from tests.makers import Running, detection, let_out
from tests.operations.test_board import LATER, frame, report, share
from tests.operations.test_restatements import victims

pytestmark = pytest.mark.both_storages
NEXT = LATER + timedelta(hours=2)


def ages(scene: Running, name: str, level: Level = Level.V3, at: int | None = None) -> ReleaseAges | None:
    with clock.at(NEXT), scene.store.reading(scene[name]) as session:
        return release_ages(session, frame(scene, level, at=at), scene[name])


def entry(scene: Running) -> int:
    with scene.store.reading(System()) as session:
        return journal.pulse(session)


def released(scene: Running, at: datetime) -> None:
    with clock.at(at):
        let_out(scene)


def test_half_of_the_numbers_and_nine_of_ten_stand_since(scene: Running) -> None:
    assert ages(scene, "lena") is None, "nothing but zeros is told"
    report(scene, [detection(40), victims(30)])
    assert ages(scene, "lena") is None, "nor what was not released"
    released(scene, LATER)
    assert ages(scene, "lena") == (4, LATER, LATER), "two sums, and Niger in each"
    assert ages(scene, "ana") is None, "a desk that answers for all waits for nothing"
    before = entry(scene)
    report(scene, [detection(50)], "MLI", day=1)
    report(scene, [detection(25)], "MLI", day=1, level=Level.V1)
    assert ages(scene, "lena") == (4, LATER, LATER), "what waits ages nothing before it is told"
    released(scene, NEXT)
    assert ages(scene, "lena") == (5, NEXT, LATER), "detections and their two countries; victims stand"
    assert ages(scene, "lena", Level.V4) is None
    assert ages(scene, "lena", at=before) == (4, LATER, LATER)


def test_persons_too_few_to_be_told_leave_the_numbers_old(scene: Running) -> None:
    report(scene, [detection(40)])
    released(scene, LATER)
    report(scene, [detection(3)], day=1)
    released(scene, NEXT)
    assert ages(scene, "lena") == (2, LATER, LATER)


def test_a_country_waits_for_others_and_not_for_itself(scene: Running) -> None:
    share(scene, "moussa")
    share(scene, "chaima")
    report(scene, [detection(40)])
    report(scene, [detection(50)], "MLI")
    released(scene, LATER)
    with scene.store.reading(scene["chaima"]) as session:
        figures = board.read_board(session, frame(scene), scene["chaima"]).figures
    assert figures[Kpi.DETECTIONS].value == 90
    assert ages(scene, "chaima") == (2, LATER, LATER), "the sum, and Mali"
    with scene.store.reading(scene["chaima"]) as session:
        assert release_ages(session, frame(scene, country="NER"), scene["chaima"]) is None
