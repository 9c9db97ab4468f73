"""Figures and small trends: what is drawn for hidden numbers, holes and levels; without a browser."""

from datetime import date

import pytest
from plotly import graph_objects as go

from dashboard.parts.figure_text import spark_days
from dashboard.parts.figure_theme import FigureTheme
from dashboard.parts.sparkline import bars, spark_words, sparkline
from dashboard.screens.situation.results import by_name, fill_gaps, results_by_country, results_by_day
from dashboard.theme import colours
from dashboard.wording import in_language
from operations.core.vocabulary import Level
from operations.figures.board import CountryRow

ROWS = [CountryRow("NER", 40, 12), CountryRow("DZA", None, 0), CountryRow("MLI", 25, 0)]


def look(rtl: bool = False) -> FigureTheme:
    return FigureTheme(colours(False), False, rtl)


def test_countries_stand_by_name_in_the_readers_language_and_never_by_rank() -> None:
    assert [name for name, _row in by_name(ROWS, "en")] == ["Algeria", "Mali", "Niger"]
    assert [name for name, _row in by_name([CountryRow("CIV", 1, 0), CountryRow("DEU", 1, 0)], "fr")] == [
        "Allemagne",
        "Côte d'Ivoire",
    ]


def test_bars_are_solid_at_the_level_hatched_below_and_hidden_cells_are_marked() -> None:
    figure = go.Figure(results_by_country(ROWS, Level.V3, "arrests", look(), "en"))
    verified, unverified, hidden = figure.data
    assert verified.name == "V3 or above"
    assert list(verified.y) == [None, 25, 40]
    assert unverified.marker.pattern.shape == "/"
    assert list(unverified.y) == [0, 0, 12]
    assert hidden.mode == "markers"
    assert list(hidden.x) == ["Algeria"]
    assert "hidden" in hidden.customdata[0]
    assert {trace.type for trace in figure.data} == {"bar", "scatter"}  # scattergl needs unsafe-eval


@pytest.mark.parametrize("rows", [[], [CountryRow("NER", 0, 0)]])
def test_a_chart_with_nothing_in_it_says_so_and_has_no_axes(rows: list[CountryRow]) -> None:
    figure = go.Figure(results_by_country(rows, Level.V3, "arrests", look(), "en"))
    assert [each.text for each in figure.layout.annotations] == ["Nothing of this was reported yet."]
    assert (figure.layout.xaxis.visible, figure.layout.yaxis.visible) == (False, False)
    full = go.Figure(results_by_country(ROWS, Level.V3, "arrests", look(), "en"))
    assert not full.layout.annotations
    hidden = go.Figure(results_by_country([CountryRow("DZA", None, 0)], Level.V3, "arrests", look(), "en"))
    assert not hidden.layout.annotations  # a hidden number is not nothing


def test_no_hatched_bar_where_nothing_waits() -> None:
    figure = go.Figure(results_by_country([CountryRow("NER", 40, 0)], Level.V1, "queries", look(), "en"))
    assert [trace.name for trace in figure.data] == ["V1 or above"]


def test_many_countries_are_labelled_by_their_codes_with_names_in_the_hover() -> None:
    rows = [CountryRow(code, 1, 0) for code in ("NER", "MLI", "DZA", "TUN", "LBY", "TCD", "SEN", "GMB", "GHA")]
    bar = go.Figure(results_by_country(rows, Level.V3, "hits", look(), "en")).data[0]
    assert "NER" in bar.x
    assert any(words.startswith("Niger: 1") for words in bar.customdata)


def test_days_have_no_holes() -> None:
    days = fill_gaps([("2026-03-02", 5, 0), ("2026-03-05", 7, 2)])
    assert days == [("2026-03-02", 5, 0), ("2026-03-03", 0, 0), ("2026-03-04", 0, 0), ("2026-03-05", 7, 2)]
    assert fill_gaps([]) == []
    figure = go.Figure(results_by_day([("2026-03-02", 5, 0), ("2026-03-03", None, 0)], Level.V3, "arrests", look()))
    assert list(figure.layout.xaxis.ticktext) == ["2 Mar", "3 Mar"]
    assert figure.data[-1].name == "Hidden"


def test_right_to_left_reverses_axis_side_and_legend() -> None:
    with in_language("ar"):
        figure = go.Figure(results_by_day([("2026-03-02", 5, 1)], Level.V3, "x", look(rtl=True)))
    assert figure.layout.xaxis.autorange == "reversed"
    assert figure.layout.yaxis.side == "right"
    assert figure.layout.legend.xanchor == "right"
    assert figure.layout.legend.traceorder == "reversed"


def test_a_hidden_day_is_a_gap_and_a_day_without_results_a_foot() -> None:
    drawn = sparkline((("2026-03-02", 10), ("2026-03-03", None), ("2026-03-04", 0)), "Arrests").children
    assert [bar.className for bar in drawn] == ["spark-bar", "spark-bar spark-bar--hidden", "spark-bar spark-bar--zero"]
    assert [height for _value, height in bars((("a", 200), ("b", 1), ("c", 100)))] == [100, 8, 50]
    assert spark_words((("2026-03-02", 10), ("2026-03-03", None)), "Arrests") == (
        "Arrests by official day: 2 Mar 2026: 10, 3 Mar 2026: hidden."
    )


@pytest.mark.parametrize(
    ("today", "last", "length"),
    [("2026-03-05", "2026-03-05", 4), ("2026-03-03", "2026-03-03", 2), ("2030-01-01", "2026-03-02", 1)],
)
def test_a_trend_runs_up_to_today_and_ends_where_the_operation_ended(today: str, last: str, length: int) -> None:
    days = spark_days((("2026-03-02", 5),), today)
    assert days[-1][0] == last
    assert len(days) == length
    assert [date.fromisoformat(day).toordinal() for day, _value in days] == list(
        range(date(2026, 3, 2).toordinal(), date(2026, 3, 2).toordinal() + length)
    )
