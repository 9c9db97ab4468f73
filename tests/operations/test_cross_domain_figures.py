"""Key figures beside what other rooms keep: what posts were asked before, each notice once, and until it was final."""

from datetime import datetime, timedelta

import pytest

from operations.core import clock, journal
from operations.core.people import System
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import read_board
from operations.figures.derived_figures import disclosed_value
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.infrastructure.usage import WEEKDAYS
from operations.policing.operation import plan
from operations.posts import register
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from operations.results.snapshot_rows import SnapshotState
from tests.claim_stories import settled
from tests.evaluations import ENDED, debriefed
from tests.makers import START, Running, arrest, form, send, tally
from tests.operations.steps import climb
from tests.programme import BEGUN, counted, does, post_of
from tests.snapshot_stories import frozen

pytestmark = pytest.mark.both_storages


def read(
    scene: Running,
    kpi: str,
    who: str = "ana",
    country: str | None = None,
    at: datetime = START + timedelta(days=3),
    level: Level = Level.V1,
    entry: int | None = None,
) -> MeasuredValue:
    marked = Classification.FOR_OFFICIAL_USE
    frame = BoardFrame(scene.operation, "Africa/Niamey", marked, level=level, country=country, at=entry)
    with clock.at(at), scene.store.reading(scene[who]) as session:
        return disclosed_value(
            COMPUTED_FIGURES[kpi], FigureRequest(session, frame, scene[who], read_board(session, frame, scene[who]))
        )


def said(value: MeasuredValue) -> list[str]:
    return [str(note) for note in value.notes]


def test_the_catalogue_is_in_the_order_of_its_numbers() -> None:
    assert list(COMPUTED_FIGURES)[:4] == ["K07", "K09", "K10", "K12"]
    assert list(COMPUTED_FIGURES)[-3:] == ["K38", "K39", "K39 b"]


def test_check_intensity_is_what_sites_ask_beside_what_their_posts_asked_before(scene: Running) -> None:
    assert read(scene, "K10").value is None
    post = post_of(scene)
    does(scene, "chaima", register.link, post.id, scene.sites["Niamey"])
    counted(scene, post, "2026-02-10", 280)  # ten a day
    counted(scene, post, "2026-01-10", 310)  # the same
    counted(scene, post, "2025-02-10", 9000)  # too long ago to be what is usual
    counted(scene, post, "2026-03-01", 9000, at=BEGUN + timedelta(days=35))  # the month of the operation itself
    counted(scene, post, "2026-02-10", 50, counted="passages")
    lines = [tally(45, database="sltd"), tally(700, database="nominal")]  # nobody counted the other database before
    for day in (0, 1):
        send(scene, form(scene, day=day, lines=lines))
    send(scene, form(scene, "Agadez", lines=[tally(5000, database="sltd")]))
    value = read(scene, "K10")
    assert value.value == 90 / 20
    assert said(value) == ["1 of 2 sites have a baseline", "0 of 2 days compared with the same day of the week"]
    assert read(scene, "K10", "chaima", "NER").value == 90 / 20
    assert read(scene, "K10", "moussa", "MLI").value is None
    assert read(scene, "K10", "chaima", level=Level.V3).hidden  # of posts of other countries a country reads nothing


def test_check_intensity_compares_a_monday_with_mondays_where_the_post_told_them(scene: Running) -> None:
    """The operation begins on a Monday; a week of the post is told by the newer of two months."""
    post = post_of(scene)
    does(scene, "chaima", register.link, post.id, scene.sites["Niamey"])
    counted(scene, post, "2026-01-10", 310)
    wrong = counted(scene, post, "2026-02-10", 280)
    send(scene, form(scene, lines=[tally(45, database="sltd")]))
    with scene.store.reading(System()) as session:
        before = journal.pulse(session)
    week = dict(zip(WEEKDAYS, (120, 20, 20, 20, 20, 40, 40), strict=True))  # thirty on a Monday, five on a Tuesday
    counted(scene, post, "2026-02-10", 280, replaces=wrong.id, **week)
    value = read(scene, "K10")
    assert value.value == pytest.approx(45 / 30)
    assert said(value) == ["1 of 1 sites have a baseline", "1 of 1 days compared with the same day of the week"]
    then = read(scene, "K10", entry=before)
    assert (then.value, said(then)[1:]) == (4.5, ["0 of 1 days compared with the same day of the week"])
    send(scene, form(scene, day=1, lines=[tally(5, database="sltd")]))  # a Tuesday
    assert read(scene, "K10").value == pytest.approx(50 / 35)
    counted(scene, post, "2026-01-10", 31, database="nominal")
    value = read(scene, "K10")  # one a day more, of a database of which no day of the week is told
    assert value.value == pytest.approx(50 / 37)
    assert said(value)[1:] == ["0 of 2 days compared with the same day of the week"]


def test_who_is_arrested_twice_on_one_notice_is_one_person(scene: Running) -> None:
    on = {"legal_basis": "red_notice_diffusion"}
    twice = arrest(1, notice_ref="A-1234/11-2026", **on)
    send(scene, form(scene, lines=[arrest(5), twice, arrest(1, notice_ref="A-1/2-2026", **on)]))
    send(scene, form(scene, "Bamako", lines=[arrest(1, notice_ref="A-1234/11-2026", **on)]), by="mateo")
    value = read(scene, "K12")
    assert (value.value, said(value)) == (7, ["arrested again on the same notice: 1"])
    assert read(scene, "K12", "chaima", "NER").value == 7
    assert said(read(scene, "K12", "moussa", "MLI")) == []
    assert read(scene, "K12", "lena").value == 7  # suspects are shown to leadership


def test_who_was_arrested_by_one_country_for_another_is_one_person(scene: Running) -> None:
    _claim, asked, _made = settled(scene)
    assert read(scene, "K12").value == 1
    climb(scene, asked.id, "boubacar", "chaima")  # the line that counts at V3 is not that of the place
    assert read(scene, "K12", level=Level.V3).value == 1


@pytest.mark.parametrize("days", [3, 12])
def test_the_lag_runs_from_the_end_to_what_is_published_as_final(scene: Running, days: int) -> None:
    with scene.store.reading(scene["ana"]) as session:
        end = next(each.ends for each in plan.phases(session, scene.operation) if each.kind == "operational")
    assert read(scene, "K38", at=end - timedelta(hours=1)) == MeasuredValue()
    climb(scene, send(scene, form(scene, lines=[tally(3)])).id, "boubacar", "chaima", "dov")
    debriefed(scene)
    frozen(scene, SnapshotState.PUBLISHED, level="V3")  # preliminary
    waits = read(scene, "K38", at=end + timedelta(days=days))
    assert (waits.value, said(waits)) == (None, [f"nothing final is published, {days} days after the end"])
    frozen(scene, SnapshotState.SIGNED, at=ENDED, level="V4")
    assert read(scene, "K38", at=end + timedelta(days=days)).value is None  # signed is not yet told
    frozen(scene, SnapshotState.PUBLISHED, at=end + timedelta(days=days), level="V4")
    for name in ("ana", "lena", "bruno"):
        assert read(scene, "K38", name, "NER" if name == "bruno" else None, at=end + timedelta(days=40)).value == days
