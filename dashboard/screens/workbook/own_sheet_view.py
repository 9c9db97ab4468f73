"""Views of a country's own sheet: its first rows, what its columns and words mean, and what would be stored."""

from collections.abc import Sequence
from datetime import date as Date  # noqa: N812 - as in wording
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.papers.form_book import FormColumn, Given
from dashboard.parts import tags
from dashboard.parts.file_drop import file_place
from dashboard.parts.form import Form, button, select_field, switch_field
from dashboard.parts.icon import icon
from dashboard.parts.panel import facts, panel
from dashboard.parts.report.line_form import title
from dashboard.parts.table import table
from dashboard.screens.workbook.content import BookContext, columns
from dashboard.screens.workbook.own_sheet import LEFT_OUT, WORDS_SHOWN, choices, draft_of, strange_words
from dashboard.screens.workbook.reading import Brought
from dashboard.server.gate import STREAMED
from dashboard.wording import _, coded, date, joined, language, moment_utc, ngettext, number
from operations.core import vocabulary
from operations.exchange.sheet_mappings import SheetMapping, SheetMappingDraft

if TYPE_CHECKING:
    from geodata.intake.headed_sheet import HeadedSheet

SHEET = Form("own-sheet")
"""The form of what is true of the whole sheet, and of its corrections."""

FIELD, WORD, FORGET, MARK = "own-sheet-field", "own-sheet-word", "own-sheet-forget", "own-sheet-mark"
FIELDS, WORDS, PREVIEW, READ, STORE = (
    "own-sheet-fields",
    "own-sheet-words",
    "own-sheet-preview",
    "own-sheet-read",
    "own-sheet-store",
)
ADDRESS = f"{STREAMED}own-sheet/"
MOST_BYTES = 2**16
"""Bytes of the order to store a sheet, which is kept on the server already."""
STORED, TOLD = "own-sheet-stored", "own-sheet-told"
"""What came back of storing a sheet, and the same without its marked file, which stays in the browser."""
COLUMN, VALUE = "column:", "value:"
"""What a choice of a field begins with: a column of the sheet, or a code that is the same in all rows."""
EXAMPLES = 5
_KEPT = {"clearable": False}


def work(
    sheets: Sequence["HeadedSheet"],
    sheet: "HeadedSheet",
    made: SheetMappingDraft,
    about: BookContext,
    known: SheetMapping | None,
    preview: Sequence[Component] = (),
) -> list[Component]:
    """Return what a file holds and how it is read; folded where the preview stands at once."""
    names = [{"value": str(at), "label": found.name} for at, found in enumerate(sheets)]
    kinds = [{"value": kind, "label": title(kind)} for kind in about.kinds]
    days = [
        {"value": "any", "label": _("Only where it is beyond doubt")},
        {"value": "day", "label": _("The day")},
        {"value": "month", "label": _("The month")},
    ]
    several = ngettext("The workbook has {n} sheet.", "The workbook has {n} sheets.", len(sheets))
    told = [
        *([html.P(" ".join([several, _("One is read at a time.")]))] if len(sheets) > 1 else []),
        *(
            [html.P(_("Not read, as about persons: {columns}.", columns=joined(sheet.personal)))]
            if sheet.personal
            else []
        ),
    ]
    asked = html.Div(
        [
            html.Div(
                [
                    select_field(SHEET, "sheet", _("Sheet"), names, value=str(list(sheets).index(sheet)), **_KEPT),
                    select_field(SHEET, "kind", _("Its rows are"), kinds, value=made.kind, **_KEPT),
                    select_field(
                        SHEET, "dates", _("In 03/04/2024, first comes"), days, value=made.dates or "any", **_KEPT
                    ),
                ],
                className="layers-pairs",
            ),
            html.Div(fields(sheet, made, about), id=FIELDS, className="m-stack"),
            html.Div(id=WORDS, className="m-stack"),
            html.Div(button(_("Remember this, and preview"), READ, "primary", "eye")),
        ],
        className="m-stack",
    )
    remembered = (
        [
            tags.P(
                icon("circle-check", 18),
                html.Span(
                    _("Read as before: version {version} of {name}.", version=known.version, name=known.author_name)
                ),
                className="layers-recognised",
            )
        ]
        if known
        else []
    )
    change = tags.Details(html.Summary(_("Change how it is read")), asked) if preview else asked
    return [
        panel(_("What the file holds"), html.Div([*told, _examples(sheet)], className="m-stack")),
        panel(_("What it means in Muster"), html.Div([*remembered, change], className="m-stack")),
        html.Div(list(preview), id=PREVIEW, role="status", className="layers-work"),
    ]


def _examples(sheet: "HeadedSheet") -> Component:
    shown = [at for at, name in enumerate(sheet.head) if name in sheet.columns]
    rows = [
        html.Tr([html.Td(html.Bdi(_said(cells[at] if at < len(cells) else None))) for at in shown])
        for cells in list(sheet.rows.values())[:EXAMPLES]
    ]
    heads = [html.Th(html.Bdi(sheet.head[at]), scope="col") for at in shown]
    return table(heads, rows, "layers-preview", _("First rows of the sheet"))


def _said(cell: Given) -> str:
    if isinstance(cell, float):
        return number(cell, 0 if cell.is_integer() else 2)
    if not cell:
        return ""
    if isinstance(cell, str):
        return cell
    kind, text = cell
    day, _at, time = text.partition("T")
    return text[:5] if kind == "time" else joined(filter(None, (date(Date.fromisoformat(day)), time[:5])))


def fields(sheet: "HeadedSheet", made: SheetMappingDraft, about: BookContext) -> list[Component]:
    """Return a choice of column, or of a value for all rows, for each field of a kind of line."""
    own = {
        "group": _("Columns of the sheet"),
        "items": [{"value": COLUMN + name, "label": name} for name in sheet.columns],
    }
    found = [_field(column, own, made, about) for column in columns(made.kind)]
    return [html.Div(found, className="layers-pairs")]


def _field(column: FormColumn, own: dict[str, Any], made: SheetMappingDraft, about: BookContext) -> Component:
    data = [own]
    if column.entry == "choice":
        items = [{**each, "value": VALUE + each["value"]} for each in choices(column, about, language())]
        data.append({"group": _("The same in all rows"), "items": items})
    code = column.code
    value = (
        COLUMN + made.columns[code]
        if code in made.columns
        else VALUE + made.fixed[code]
        if code in made.fixed
        else None
    )
    return dmc.Select(
        id={"type": FIELD, "of": code},
        label=column.head,
        required=column.needed,
        data=data,
        value=value,
        searchable=True,
        clearable=True,
        placeholder=_("Not in this file"),
        nothingFoundMessage=_("Nothing found"),
    )


def words(sheet: "HeadedSheet", made: SheetMappingDraft, about: BookContext) -> list[Component]:
    """Return a choice of meaning for each word of the sheet that Muster does not know by itself."""
    parts: list[Component] = []
    strange, heads = strange_words(sheet, made, about), {column.code: column for column in columns(made.kind)}
    for code, found in strange.items():
        if not found:
            continue
        parts.append(html.H3(_("Words in {column}", column=made.columns[code])))
        if len(found) > WORDS_SHOWN:
            many = number(len(found))
            parts.append(
                html.P(_("This column holds {count} words that Muster does not know. Choose another one.", count=many))
            )
            continue
        items = [*choices(heads[code], about, language()), {"value": LEFT_OUT, "label": _("Leave these rows out")}]
        parts.append(html.Div([_word(code, word, items, made) for word in found], className="workbook-words"))
    return parts


def _word(code: str, word: str, items: list[dict[str, str]], made: SheetMappingDraft) -> Component:
    return dmc.Select(
        id={"type": WORD, "of": f"{code}|{word}"},
        label=html.Bdi(word),
        data=items,
        value=made.words.get(code, {}).get(word),
        searchable=True,
        clearable=True,
        nothingFoundMessage=_("Nothing found"),
    )


def expectation(found: Brought, out: Sequence[int], to: str) -> list[Component]:
    """Return what would be stored, and the button that asks the address `to` to store it, with its bar."""
    told = [
        ngettext("{n} report is new.", "{n} reports are new.", found.new),
        found.corrected
        and ngettext("{n} report would be corrected.", "{n} reports would be corrected.", found.corrected),
        found.same and ngettext("{n} report is known already.", "{n} reports are known already.", found.same),
        out and ngettext("{n} row is left out", "{n} rows are left out", len(out)),
    ]
    reasons = vocabulary.options("CL-CORRECTION", language())
    reason = select_field(SHEET, "reason", _("Reason of the correction"), reasons, required=bool(found.corrected))
    can = bool(found.new + found.corrected)
    return [
        html.H2(_("What would be stored")),
        html.Ul([html.Li(words) for words in told if words], className="workbook-how"),
        html.Div(reason, hidden=not found.corrected),
        switch_field(SHEET, "confirmed", _("Unlikely figures are right")),
        *file_place(
            button(_("Store these reports"), STORE, "primary", "send", disabled=not can),
            to,
            STORED,
            f"{STORE}-refused",
            MOST_BYTES,
            _("The sheet could not be stored. Choose the file again."),
            _("Storing the reports. You can leave this page meanwhile."),
        ),
    ]


def remembered_list(found: Sequence[SheetMapping]) -> list[Component]:
    """Return the remembered sheets of the country: what their columns and words mean."""
    if not found:
        return [html.P(_("None yet. Bring a sheet of your own: Muster asks once what its columns mean."))]
    return [html.Ul([_remembered(one) for one in found], className="workbook-sheets")]


def _remembered(mapping: SheetMapping) -> Component:
    heads = {column.code: column for column in columns(mapping.kind)}
    made = draft_of(mapping)
    meant: list[tuple[Any, Any]] = [
        (heads[code].head, html.Bdi(name)) for code, name in made.columns.items() if code in heads
    ]
    meant += [
        (heads[code].head, html.Bdi(_label(heads[code], value))) for code, value in made.fixed.items() if code in heads
    ]
    meant += [
        (html.Bdi(word), _("left out") if value == LEFT_OUT else html.Bdi(_label(heads[code], value)))
        for code, said in made.words.items()
        if code in heads
        for word, value in said.items()
    ]
    name = _("Forget the sheet {name}", name=mapping.sheet)
    return tags.Li(
        tags.Details(
            html.Summary([html.Strong(html.Bdi(mapping.sheet)), " · ", title(mapping.kind)]),
            facts(meant),
        ),
        html.Span(
            _(
                "Version {version}, {day}, {name}",
                version=number(mapping.version),
                day=date(mapping.made_at.date()),
                name=mapping.author_name,
            ),
            className="m-dim m-small",
            title=moment_utc(mapping.made_at),
        ),
        button(
            _("Forget"), {"type": FORGET, "of": str(mapping.id)}, "plain", size="compact-sm", **{"aria-label": name}
        ),
    )


def _label(column: FormColumn, value: str) -> str:
    known = column.choices in vocabulary.list_names() and value in vocabulary.codes(column.choices)
    return coded(column.choices, value) if known else value
