"""A number that is hidden now is told as it was told last, with its time: whoever watches knows it anyway."""

from datetime import timedelta

import pytest

from dashboard.parts.figure_text import tile
from dashboard.screens.situation.results import shown_of
from operations.catalogue.kpis import Kpi
from operations.core import clock
from operations.core.vocabulary import Level
from operations.disclosure.releases import TABLES, ReleaseView
from operations.figures import board
from operations.figures.board import CountryRow, FigureBoard
from operations.figures.releases import contents
from operations.figures.values import Figure
from operations.policing.operation import plan
from operations.results import disclosed_figures
from tests.makers import Running, detection, let_out
from tests.operations.test_board import LATER, frame, report

HOUR = timedelta(hours=1)


def read(scene: Running, level: Level = Level.V1) -> tuple[Figure, FigureBoard, dict[str, CountryRow]]:
    """What leadership reads of detections."""
    lena = scene["lena"]
    with clock.at(LATER + 2 * HOUR), scene.store.reading(lena) as session:
        found = board.read_board(session, frame(scene, level), lena)
        rows = board.by_country(session, frame(scene, level), Kpi.DETECTIONS, lena)
    return found.figures[Kpi.DETECTIONS], found, {row.country: row for row in rows}


def released(scene: Running, hours: int) -> None:
    with clock.at(LATER + hours * HOUR):
        let_out(scene)


@pytest.mark.both_storages
@pytest.mark.requirement("R74")
def test_a_number_that_was_told_is_said_with_its_time_while_it_is_hidden(scene: Running) -> None:
    report(scene, [detection(40)])
    released(scene, 0)
    assert (read(scene)[0].value, read(scene)[0].earlier) == (40, None)
    report(scene, [detection(5)], level=Level.V1, day=1)
    released(scene, 1)
    figure, whole, rows = read(scene)
    assert (figure.value, figure.hidden) == (None, True)
    assert figure.earlier is not None
    assert (figure.earlier.amount, figure.earlier.state_at) == (40, LATER)
    assert "The last number told was 40, as of " in tile(figure, whole, "en").why
    assert rows["NER"].verified is None
    assert rows["NER"].earlier == figure.earlier
    assert shown_of(rows["NER"], "Africa/Niamey").startswith("hidden; 40 as of ")
    with clock.at(LATER + 2 * HOUR), scene.store.reading(scene["lena"]) as session:
        paper = [
            row
            for row in disclosed_figures._of_audience(
                session, session.get_one(plan.Operation, scene.operation), Level.V1, scene["lena"]
            )
            if row["kpi"] == Kpi.DETECTIONS and row["dimension"] in ("", "country") and row["code"] in ("", "NER")
        ]
    assert [row["value"] for row in paper] == [None, None], "a snapshot tells no number of an earlier hour"


def test_that_nobody_was_there_is_not_told_beside_somebody_hidden(scene: Running) -> None:
    """As of when reporting opened there was nobody: that is no news of today."""
    report(scene, [detection(5)], level=Level.V1)
    released(scene, 0)
    figure, _whole, rows = read(scene)
    assert (figure.hidden, figure.earlier, rows["NER"].earlier) == (True, None, None)


def view(state: int, kept: list[str], totals: dict[str, int | None], **earlier: object) -> ReleaseView:
    content = {"kept": kept, "totals": totals, "countries": {}, "at": {}, **earlier}
    return ReleaseView(state, TABLES, state, LATER + state * HOUR, content, LATER)


def test_an_earlier_number_is_carried_on_until_it_is_told_again() -> None:
    hidden = {"kept": [], "totals": {"3": None}, "countries": {}, "at": {}}
    first = view(1, [], {"3": 40})
    [then] = contents.with_earlier(hidden, TABLES, [first])["earlier"].values()
    assert then["3"] == [40, 1, (LATER + HOUR).isoformat()]
    second = view(2, [], {"3": None}, earlier={"": then})
    assert contents.with_earlier(hidden, TABLES, [first, second])["earlier"] == {"": then}
    shown = {**hidden, "totals": {"3": 60}}
    assert contents.with_earlier(shown, TABLES, [first, second])["earlier"] == {}


def test_what_a_country_keeps_back_since_is_not_told_again() -> None:
    hidden = {"kept": ["MLI"], "totals": {"3": None}, "countries": {}, "at": {}}
    assert contents.with_earlier(hidden, TABLES, [view(1, [], {"3": 40})])["earlier"] == {}
    assert contents.with_earlier(hidden, TABLES, [view(1, ["MLI"], {"3": 40})])["earlier"] != {}


def test_a_number_of_an_unknown_moment_is_not_told_again() -> None:
    hidden = {"kept": [], "totals": {}, "countries": {"NER": {"3": None}}, "at": {}}
    unknown, known = (
        contents.with_earlier(hidden, TABLES, [view(1, [], {}, countries={"NER": {"3": 40}}, at=at)])["earlier"]
        for at in ({"NER": 7}, {"NER": 1})
    )
    assert unknown == {}
    assert known["NER"]["3"] == [40, 1, (LATER + HOUR).isoformat()]
