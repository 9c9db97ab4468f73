"""Form workbooks (XLSX): sheets to be filled in with any spreadsheet program, and brought back.

The first row, which is hidden, holds the codes of the columns and of the sheet, so that heads may be in any language.
Heads are locked, cells are open; what can be chosen is a drop-down, a day is a day and a number a number. What is wrong
is marked in its cell, with the sentence at the end of its row. Texts are stored as texts, so that no cell is executed.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from operations.core import clock

FIRST = 2
"""The first row that is filled in, counted from 0."""
LAST = 20_000 + FIRST - 1
FLAW = "flaw"
"""The code of the last column, which tells what is wrong."""
_FORMATS = {"day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "count": "#,##0", "text": "@", "choice": "@"}
Entry = Literal["choice", "count", "day", "moment", "text"]
Given = str | float | Sequence[str] | None
"""A cell as it was brought back: text, a number, or the kind ("day", "moment", "time") and ISO text of a moment."""


@dataclass(frozen=True)
class FormColumn:
    """A column: its code and head; `choices` names a list of the book; `hint` is shown while the cell is filled in.

    `told`: it is filled in by Muster alone, and locked; `hidden`: it is for Muster, and not shown.
    """

    code: str
    head: str
    entry: Entry
    choices: str = ""
    hint: str = ""
    needed: bool = False
    told: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class FormSheet:
    """A sheet: its code and name, its columns, what was filled in by row, and the sentences by row and column."""

    code: str
    name: str
    columns: Sequence[FormColumn]
    rows: Mapping[int, Sequence[Given]] = field(default_factory=dict)
    flaws: Mapping[tuple[int, int], str] = field(default_factory=dict)


@dataclass(frozen=True)
class FormBook:
    """A workbook: its identifier, its instructions, the lists of its drop-downs by name, and its sheets."""

    code: str
    title: str
    instructions: Sequence[str]
    lists: Mapping[str, Sequence[str]]
    sheets: Sequence[FormSheet]
    flaw_head: str
    first_sheet: str
    rtl: bool = False


def as_xlsx(made: FormBook) -> bytes:
    """Return the workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": made.title, "created": clock.now().replace(tzinfo=None)})
        _instructions(book, made)
        names = _lists(book, made)
        looks = _looks(book)
        for sheet in made.sheets:
            _sheet(book, made, sheet, names, looks)
        book.worksheets_objs[0].activate()
    return out.getvalue()


def _instructions(book: Any, made: FormBook) -> None:
    sheet = book.add_worksheet(made.first_sheet[:31])
    if made.rtl:
        sheet.right_to_left()
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 100, book.add_format({"text_wrap": True, "valign": "top"}))
    sheet.write_string(0, 0, made.title, book.add_format({"bold": True, "font_size": 14}))
    for at, words in enumerate(made.instructions, start=2):
        sheet.write_string(at, 0, words)
    sheet.protect()


def _lists(book: Any, made: FormBook) -> dict[str, str]:
    """Write the choices into a hidden sheet; return the defined name of each list."""
    sheet, names = book.add_worksheet("lists"), {}
    for at, (name, words) in enumerate(made.lists.items()):
        for row, word in enumerate(words):
            sheet.write_string(row, at, word)
        column, defined = xl_col_to_name(at, col_abs=True), f"list_{at}"
        book.define_name(defined, f"=lists!{column}$1:{column}${max(len(words), 1)}")
        names[name] = f"={defined}"
    sheet.protect()
    sheet.very_hidden()
    return names


def _looks(book: Any) -> dict[str, Any]:
    looks = {
        "told": book.add_format({"num_format": "@", "font_color": "#44545C", "bg_color": "#F4F7F8"}),
        "told wrong": book.add_format(
            {"num_format": "@", "bg_color": "#F8D7DA", "border": 1, "border_color": "#9B1C1C"}
        ),
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E3EDF0", "bottom": 1}),
        "said": book.add_format({"font_color": "#9B1C1C", "text_wrap": True}),
    }
    for entry, form in _FORMATS.items():
        looks[entry] = book.add_format({"num_format": form, "locked": False})
        looks[f"{entry} wrong"] = book.add_format(
            {"num_format": form, "locked": False, "bg_color": "#F8D7DA", "border": 1, "border_color": "#9B1C1C"}
        )
    return looks


def _sheet(book: Any, made: FormBook, about: FormSheet, names: Mapping[str, str], looks: Mapping[str, Any]) -> None:
    sheet, last = book.add_worksheet(about.name[:31]), len(about.columns)
    if made.rtl:
        sheet.right_to_left()
    sheet.freeze_panes(FIRST, 2)
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    for at, column in enumerate(about.columns):
        wide = 12 if column.entry == "count" else 20
        sheet.set_column(at, at, wide, looks[_look(column)], {"hidden": column.hidden})
        sheet.write_string(0, at, column.code)
        sheet.write_string(1, at, f"{column.head} *" if column.needed else column.head, looks["head"])
        if rule := _rule(column, names):
            sheet.data_validation(FIRST, at, LAST, at, rule)
    sheet.set_column(last, last, 60 if about.flaws else 14)
    sheet.write_string(0, last, FLAW)
    sheet.write_string(0, last + 1, f"sheet:{about.code}")
    sheet.write_string(0, last + 2, f"book:{made.code}")
    sheet.write_string(1, last, made.flaw_head, looks["head"])
    sheet.set_column(last + 1, last + 2, None, None, {"hidden": True})
    sheet.set_row(0, None, None, {"hidden": True})
    said: dict[int, list[str]] = {}
    for (row, at), words in about.flaws.items():
        said.setdefault(row, []).append(words)
        if row not in about.rows and at < last:
            sheet.write_blank(row, at, None, looks[f"{_look(about.columns[at])} wrong"])
    for row, cells in about.rows.items():
        for at, (column, value) in enumerate(zip(about.columns, cells, strict=False)):
            look = looks[f"{_look(column)} wrong" if (row, at) in about.flaws else _look(column)]
            _cell(sheet, row, at, value, look)
    for row, words_of_row in said.items():
        sheet.write_string(row, last, " ".join(dict.fromkeys(words_of_row)), looks["said"])


def _look(column: FormColumn) -> str:
    return "told" if column.told or column.hidden else column.entry


def _cell(sheet: Any, row: int, at: int, value: Given, look: Any) -> None:
    if value is None or value == "":
        sheet.write_blank(row, at, None, look)
    elif isinstance(value, str):
        sheet.write_string(row, at, value[:32_767], look)
    elif isinstance(value, int | float):
        sheet.write_number(row, at, value, look)
    else:
        kind, text = value
        moment = {"day": date, "moment": datetime, "time": time}[kind].fromisoformat(text)  # type: ignore[attr-defined]
        sheet.write_datetime(row, at, moment, look)


def _rule(column: FormColumn, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the rule by which a spreadsheet program helps to fill in a cell."""
    rule: dict[str, Any] = {}
    if column.told or column.hidden:
        return rule
    if column.entry == "choice":
        rule = {"validate": "list", "source": names[column.choices]}
    elif column.entry == "count":
        rule = {"validate": "integer", "criteria": ">=", "value": 0}
    elif column.entry in ("day", "moment"):
        rule = {"validate": "date", "criteria": "between", "minimum": date(2000, 1, 1), "maximum": date(2100, 1, 1)}
    if rule and column.hint:
        rule |= {"input_title": column.head[:32], "input_message": column.hint[:255]}
    return rule
