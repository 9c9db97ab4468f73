"""What a table of an answer is: its name, what it says, its columns, and how a row is written."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from dashboard.wording import _, place_words

Row = dict[str, Any]


def as_it_is(row: Row) -> Row:
    """A row as it was kept, places by their names."""
    row.pop("id", None)
    return row | {name: place_words(row[name]) for name in ("place", "next_best", "crossing") if row.get(name)}


class Shown(NamedTuple):
    """A table as it is shown. `title` and `meaning` are messages; a row becomes what its columns show."""

    title: str
    meaning: str
    columns: Callable[[], list[dict[str, Any]]]
    row: Callable[[Row], Row] = as_it_is


def decimals(digits: int) -> dict[str, Any]:
    """The format of a column of numbers with so many decimals."""
    return {"valueFormatter": {"function": f"muster.number(params.value, {digits})"}}


def percents(row: Row, *names: str) -> Row:
    """A row with some shares as hundredths."""
    return row | {name: None if row[name] is None else 100 * row[name] for name in names}


def worded(words: Mapping[str, str], code: str) -> str:
    """What a code means, in the reader's language; the code itself where it has no words."""
    return _(words.get(code, code))
