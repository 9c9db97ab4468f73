"""Listing: the columns of a list, each declared once with its heading and the value of its cells."""

from collections.abc import Callable, Iterable
from datetime import date as Date  # noqa: N812 - `date` is the function of wording
from operator import attrgetter
from typing import Any, Generic, TypeVar

from dashboard.parts.draft_form import DraftForm
from dashboard.parts.grid import day_column, number_column, text_column
from dashboard.wording import UNDEFINED, coded

HREF = "href"
"""The key under which a row keeps the address of its page."""
T = TypeVar("T")
Value = Callable[[T], Any] | str
"""The value of a cell: a function of the object, or the name of its attribute."""


class Listing(Generic[T]):
    """A list of `things`, one row each, identified by `ident`; choosing a row opens its `href`.

    A column `field` shows its `value`, by default the attribute named `field`. `more` are options of the column. Lists
    of several kinds of objects, or with server-side paging, make their rows themselves (`parts.grid`).
    """

    def __init__(self, things: Iterable[T], href: Callable[[T], str] | None = None, ident: "Value[T]" = "id") -> None:
        self.things, self.columns = list(things), list[dict[str, Any]]()
        known = _said(ident)
        self._cells: dict[str, Callable[[T], Any]] = {"id": lambda thing: str(known(thing))}
        if href:
            self._cells[HREF] = href

    def text(self, field: str, heading: str, value: "Value[T]" = "", **more: Any) -> None:
        """Add a column of text."""
        self._add(field, text_column(field, heading, **more), _said(value or field))

    def code(self, field: str, heading: str, codes: str, value: "Value[T]" = "", **more: Any) -> None:
        """Add a column of codes of a code list, in words."""
        said = _said(value or field)
        self.text(field, heading, lambda thing: coded(codes, said(thing)), **more)

    def day(self, field: str, heading: str, value: "Value[T]" = "", width: int = 120) -> None:
        """Add a column of days, sorted by date."""
        said = _said(value or field)
        self._add(field, day_column(field, heading, width=width), lambda thing: iso(said(thing)))

    def mark(self, field: str, heading: str, marked: Callable[[T], bool], width: int = 110) -> None:
        """Add a column that repeats its heading in the rows that are `marked`."""
        self.text(field, heading, lambda thing: heading if marked(thing) else "", flex=0, width=width)

    def number(self, field: str, heading: str, value: "Value[T]" = "", **more: Any) -> None:
        """Add a column of numbers."""
        self._add(field, number_column(field, heading, **more), _said(value or field))

    def field(self, form: DraftForm, name: str, **more: Any) -> None:
        """Add a column for a field of a form, under its label there: codes, days, numbers or text, as its type says."""
        if form.listed(name):
            self.code(name, form.label(name), form.listed(name), **more)
        elif form.look(name) in ("date", "number"):
            (self.day if form.look(name) == "date" else self.number)(name, form.label(name), **more)
        else:
            self.text(name, form.label(name), **more)

    def _add(self, field: str, column: dict[str, Any], said: Callable[[T], Any]) -> None:
        self.columns.append(column)
        self._cells[field] = said

    def __len__(self) -> int:
        return len(self.things)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows, in the order of `things`."""
        return self.first(None)

    def first(self, many: int | None) -> list[dict[str, Any]]:
        """Return the first so many rows; None: all."""
        return [{field: said(thing) for field, said in self._cells.items()} for thing in self.things[:many]]


def _said(value: "Value[T]") -> Callable[[T], Any]:
    return attrgetter(value) if isinstance(value, str) else value


def iso(day: Date | None) -> str:
    """Return a day as YYYY-MM-DD, by which a list sorts it."""
    return day.isoformat() if day else UNDEFINED
