"""Charts of results by country and by official day, stacked by whether they reached the chosen level."""

from collections.abc import Sequence
from datetime import date as Date  # noqa: N812 - `date` is the function here

from dashboard.parts.figure_theme import (
    Figure,
    FigureTheme,
    Trace,
    dressed,
    hidden_marks,
    unverified_bar,
    verified_bar,
)
from dashboard.wording import _, date, moment, number
from operations.core import vocabulary
from operations.core.vocabulary import Level
from operations.figures.board import CountryRow

NAMED = 8  # with more countries the bars show three-letter codes instead of names
MARKED = 8  # number of days with a label
Day = tuple[str, int | None, int | None]


def by_name(rows: Sequence[CountryRow], language: str) -> list[tuple[str, CountryRow]]:
    """Return rows with the country's name in the reader's language, sorted by name: a board is no league table."""
    order = vocabulary.order("CL-COUNTRY", language)
    in_order = sorted(rows, key=lambda row: order[row.country])
    return [(vocabulary.label("CL-COUNTRY", row.country, language), row) for row in in_order]


def shown(value: int | None) -> str:
    """Return a number as the table writes it, with a word for a suppressed one."""
    return _("hidden") if value is None else number(value)


def shown_of(row: CountryRow, zone: str) -> str:
    """Return the number of a country at the level, or that it is hidden and what was told last."""
    if (told := row.earlier) is None:
        return shown(row.verified)
    return _("hidden; {count} as of {moment}", count=told.amount, moment=moment(told.state_at, zone))


def results_by_country(
    rows: Sequence[CountryRow], level: Level, unit: str, look: FigureTheme, language: str, *, untold: bool = False
) -> Figure:
    """Return a bar for each country, by name: solid at `level` or above, hatched below it, suppressed values marked."""
    named = by_name(rows, language)
    labels = [name if len(named) <= NAMED else row.country for name, row in named]
    traces = _stack(
        labels,
        [name for name, _row in named],
        ([row.verified for _name, row in named], [row.unverified for _name, row in named]),
        level,
        unit,
        look,
    )
    codes = dict(zip(labels, (row.country for _name, row in named), strict=True))
    for trace in traces:
        trace["ids"] = [codes[label] for label in trace["x"]]  # a click on a bar chooses its country
    return dressed(traces, look, {"tickangle": -90 if len(named) > 2 * NAMED else 0}, untold=untold)


def results_by_day(days: Sequence[Day], level: Level, unit: str, look: FigureTheme, *, untold: bool = False) -> Figure:
    """Return one bar for each official day, without gaps between the first and the last."""
    whole = fill_gaps(days)
    labels = [day for day, _at, _below in whole]
    traces = _stack(
        labels,
        [long_day(day) for day in labels],
        ([at for _day, at, _below in whole], [below for _day, _at, below in whole]),
        level,
        unit,
        look,
    )
    step = max(1, -(-len(labels) // MARKED))
    marked = labels[::step]
    named = {"tickvals": marked, "ticktext": [_short(day) for day in marked], "tickangle": 0}
    return dressed(traces, look, named, untold=untold)


def fill_gaps(days: Sequence[Day]) -> list[Day]:
    """Return every official day from the first to the last with results; days between them without results are 0."""
    if not days:
        return []
    known = {day: (day, at, below) for day, at, below in days}
    first, last = (Date.fromisoformat(end).toordinal() for end in (min(known), max(known)))
    names = [Date.fromordinal(ordinal).isoformat() for ordinal in range(first, last + 1)]
    return [known.get(day, (day, 0, 0)) for day in names]


def level_words(level: Level) -> tuple[str, str]:
    """Return the names of the two stacks: at the level, and below it."""
    return _("{level} or above", level=level.name), _("Below {level}, unverified", level=level.name)


def _short(day: str) -> str:
    """Return a day without its year, as the label of a bar."""
    return long_day(day).rsplit(" ", 1)[0]


def long_day(day: str) -> str:
    """Return an official day as a date: 24 Nov 2026."""
    return date(Date.fromisoformat(day))


def _stack(
    x: list[str],
    names: list[str],
    values: tuple[list[int | None], list[int | None]],
    level: Level,
    unit: str,
    look: FigureTheme,
) -> list[Trace]:
    """Return the traces of a chart; `values` are those at the level and those below it."""
    verified, below = values
    at_level, under = level_words(level)
    traces = [verified_bar(at_level, x, verified, _told(names, verified, unit), look)]
    if any(below):
        traces.append(unverified_bar(under, x, below, _told(names, below, unit), look))
    hidden = [(label, name) for label, name, value in zip(x, names, verified, strict=True) if value is None]
    if hidden:
        words = [
            _("{name}: hidden, because it is or would give away a number that is not for you", name=name)
            for _label, name in hidden
        ]
        traces.append(hidden_marks(_("Hidden"), [label for label, _name in hidden], words, look))
    return traces


def _told(names: list[str], values: list[int | None], unit: str) -> list[str]:
    return [f"{name}: {shown(value)} {unit}" for name, value in zip(names, values, strict=True)]
