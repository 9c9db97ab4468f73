"""Steps of a country's own sheet: its columns are mapped and remembered, previewed, and stored as reports."""

import json
from collections.abc import Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any
from uuid import UUID, uuid4

from dash import ALL, ClientsideFunction, Input, Output, State, clientside_callback, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, follows
from dashboard.frame.operation_page import OPERATION
from dashboard.frame.policy import screen
from dashboard.parts.book.cells import Flaws
from dashboard.parts.book.marked import SHOWN, marked_file, stored_or_marked
from dashboard.parts.book.result_view import result_view
from dashboard.screens.workbook import content, own_sheet, own_sheet_view, reading
from dashboard.screens.workbook.own_sheet_view import (
    COLUMN,
    FIELD,
    FIELDS,
    FORGET,
    MARK,
    PREVIEW,
    READ,
    SHEET,
    STORE,
    STORED,
    TOLD,
    VALUE,
    WORD,
    WORDS,
)
from dashboard.server import access
from dashboard.server.access import actor, known_id
from dashboard.server.lazy_modules import headed_sheet
from dashboard.server.upload_queue import file_answer
from dashboard.wording import _, joined
from operations.core.clock import now
from operations.core.drafts import Draft, parse
from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.store import Store
from operations.exchange import sheet_mappings
from operations.exchange.sheet_mappings import SheetMapping, SheetMappingDraft
from operations.policing.layers import uploads
from operations.policing.layers.uploads import LayerUploadDraft
from operations.policing.operation.plan import Operation

if TYPE_CHECKING:
    from geodata.intake.headed_sheet import HeadedSheet

SUMMARY, WORK, ANSWER, REMEMBERED = "workbook-summary", "workbook-work", "own-sheet-answer", "workbook-remembered"
DOWNLOAD = "workbook-download"
PREVIEW_PLACE = Output(PREVIEW, "children", allow_duplicate=True)
_TOKEN = State(SUMMARY, "data")
_OF = {"sheet": State(SHEET.id("sheet"), "value"), "kind": State(SHEET.id("kind"), "value")}
_SAID = {
    "dates": State(SHEET.id("dates"), "value"),
    "fields": State({"type": FIELD, "of": ALL}, "value"),
    "keys": State({"type": FIELD, "of": ALL}, "id"),
    "meant": State({"type": WORD, "of": ALL}, "value"),
    "meant_keys": State({"type": WORD, "of": ALL}, "id"),
}


def keep(session: Session, operation_id: UUID, sheets: Sequence["HeadedSheet"], name: str, by: Actor) -> dict[str, Any]:
    """Keep the sheets of a file for its owner; return what the page is told."""
    made = parse(LayerUploadDraft, {"id": uuid4(), "name": name[:200]})
    uploads.keep_sheet(session, operation_id, made, headed_sheet.packed(sheets), by)
    return {"token": str(made.id), "name": name[:200]}


def remembered(session: Session, _operation: Operation, by: Actor) -> list[Component]:
    """Return the sheets that are remembered for the reader's country."""
    return own_sheet_view.remembered_list(sheet_mappings.remembered(session, by.country))


refresh = follows(remembered, REMEMBERED, act=Act.REPORT_WRITE, operation=OPERATION)


def _kept(session: Session, brought: Any) -> list["HeadedSheet"]:
    token = brought.get("token") if isinstance(brought, dict) else None
    return headed_sheet.unpacked(uploads.content(session, known_id(token)))


def _chosen(session: Session, brought: Any, sheet: str) -> "HeadedSheet":
    """Return the sheet of a number. Raises RuleBroken where the file has none of it."""
    sheets = dict(enumerate(_kept(session, brought)))
    if not str(sheet).isdecimal() or int(sheet) not in sheets:
        raise RuleBroken("file", "This file is no longer stored. Choose it again.")
    return sheets[int(sheet)]


def _known(session: Session, sheet: "HeadedSheet", by: Actor) -> SheetMapping | None:
    return next(
        (one for one in sheet_mappings.remembered(session, by.country) if one.head == own_sheet.head_of(sheet)), None
    )


@screen(
    Output(WORK, "children"),
    Output(ANSWER, "data"),
    Input(SUMMARY, "data"),
    State(OPERATION, "data"),
    act=Act.REPORT_WRITE,
    prevent_initial_call=True,
)
def open_sheet(brought: Any, operation_id: str) -> tuple[list[Component], Any]:
    """Return the columns of a sheet beside Muster's fields; the preview at once where it is remembered."""
    if not isinstance(brought, dict) or "token" not in brought:
        return [], None
    by = actor()
    with access.reading() as session:
        sheets, about = _kept(session, brought), content.context(session, known_id(operation_id), by)
        known = {sheet.name: _known(session, sheet, by) for sheet in sheets}
        sheet = next((one for one in sheets if known[one.name]), sheets[0])
        mapping = known[sheet.name]
        if mapping is None:
            return own_sheet_view.work(sheets, sheet, own_sheet.guessed(sheet, about), about, None), None
        made, shown, answer = own_sheet.draft_of(mapping), list[Component](), None
        if own_sheet.is_complete(sheet, made, about):
            shown, answer = _preview(session, sheet, made, about)
        return own_sheet_view.work(sheets, sheet, made, about, mapping, shown), answer


@screen(
    Output(FIELDS, "children"),
    PREVIEW_PLACE,
    Input(SHEET.id("sheet"), "value"),
    Input(SHEET.id("kind"), "value"),
    _TOKEN,
    State(OPERATION, "data"),
    act=Act.REPORT_WRITE,
    prevent_initial_call=True,
)
def choose(sheet: str, kind: str, brought: Any, operation_id: str) -> tuple[list[Component], list[Component]]:
    """Return the fields of another sheet, or of another kind of result, and no preview."""
    by = actor()
    with access.reading() as session:
        found, about = _chosen(session, brought, sheet), content.context(session, known_id(operation_id), by)
        known = _known(session, found, by)
    made = (
        own_sheet.draft_of(known)
        if known and known.kind == kind
        else own_sheet.guessed(found, about, kind if kind in about.kinds else "")
    )
    return own_sheet_view.fields(found, made, about), []


@screen(
    output=Output(WORDS, "children"),
    inputs={"fields": Input({"type": FIELD, "of": ALL}, "value")},
    state={**_OF, "keys": _SAID["keys"], "brought": _TOKEN, "operation_id": State(OPERATION, "data")},
    act=Act.REPORT_WRITE,
)
def ask_words(
    fields: list[Any], keys: list[Any], sheet: str, kind: str, brought: Any, operation_id: str
) -> list[Component]:
    """Return the words of the chosen columns that need a meaning."""
    by = actor()
    with access.reading() as session:
        found, about = _chosen(session, brought, sheet), content.context(session, known_id(operation_id), by)
        known = _known(session, found, by)
    words = known.words if known and known.kind == kind else {}
    made = _draft(found, kind, "", fields, keys).model_copy(update={"words": words})
    made = made.model_copy(update={"words": own_sheet.meanings(found, made, about)})
    return own_sheet_view.words(found, made, about)


def _draft(
    sheet: "HeadedSheet",
    kind: str,
    dates: str,
    fields: Sequence[Any],
    keys: Sequence[Mapping[str, str]],
    meant: Sequence[Any] = (),
    meant_keys: Sequence[Mapping[str, str]] = (),
) -> SheetMappingDraft:
    said = {key["of"]: str(value) for key, value in zip(keys, fields, strict=True) if value}
    words: dict[str, dict[str, str]] = {}
    for key, value in zip(meant_keys, meant, strict=True):
        code, _bar, word = key["of"].partition("|")
        if value:
            words.setdefault(code, {})[word] = str(value)
    chosen = {code: value.removeprefix(COLUMN) for code, value in said.items() if value.startswith(COLUMN)}
    about = {
        "head": own_sheet.head_of(sheet),
        "sheet": sheet.name,
        "kind": kind,
        "columns": {code: name for code, name in chosen.items() if name in sheet.columns},
        "fixed": {code: value.removeprefix(VALUE) for code, value in said.items() if value.startswith(VALUE)},
        "words": words,
        "dates": dates if dates in ("day", "month") else "",
    }
    return parse(SheetMappingDraft, about)


@does(
    READ,
    act=Act.REPORT_WRITE,
    operation=OPERATION,
    shows=(PREVIEW, REMEMBERED, Output(ANSWER, "data")),
    given={**_OF, **_SAID, "brought": _TOKEN},
    running=[(Output(READ, "loading"), True, False)],
)
def read(press: Press, sheet: str, kind: str, dates: str, brought: Any, **said: Any) -> Done:
    """Remember what the sheet means, and show what would be stored."""
    with access.reading() as session:
        found = _chosen(session, brought, sheet)
        made = _draft(found, kind, dates, **said)
        if lacking := own_sheet.missing(made):
            raise RuleBroken("", "Choose a column or a value for {fields}.", fields=joined(lacking))
        about = content.context(session, press.operation_id, press.by)
        shown, answer = _preview(session, found, made, about)
    sheet_mappings.remember(press.session, made, press.by)
    listed = remembered(press.session, press.operation, press.by)
    return Done(_("Remembered for the next file with this head."), shown=(shown, listed, answer))


class StorageDraft(Draft):
    """Draft of the order to store a sheet that was previewed; `sheet` is its number in the file."""

    token: str = ""
    sheet: str = ""
    reason: str | None = None
    confirmed: bool | None = None


@file_answer
def store_kept(store: Store, operation_id: UUID, by: Actor, order: IO[bytes]) -> dict[str, Any]:
    """Store the reports of a sheet as it was remembered, all or none; return what the page shows of it."""
    try:
        said = json.load(order)
    except ValueError:
        said = {}
    wanted = parse(StorageDraft, said if isinstance(said, dict) else {})
    with store.reading(by) as session:
        found = _chosen(session, {"token": wanted.token}, wanted.sheet)
        mapping = _known(session, found, by)
        if mapping is None:
            raise RuleBroken("", "This sheet was forgotten meanwhile. Say again what its columns mean.")
        about = content.context(session, operation_id, by)
    made = own_sheet.draft_of(mapping)
    drafts, flaws, _out = _drafts(found, made, about)

    def write(session: Session) -> dict[str, Any]:
        told = own_sheet.with_reason(drafts, wanted.reason, bool(wanted.confirmed))
        done = reading.bring(session, told, by, flaws)
        uploads.drop(session, known_id(wanted.token))
        return vars(done)

    def marked() -> dict[str, Any]:
        return _with_flaws(found, made, flaws, by)

    return marked() if flaws.found else stored_or_marked(store, by, flaws, write, marked)


@screen(PREVIEW_PLACE, Input(TOLD, "data"), act=Act.REPORT_WRITE, prevent_initial_call=True)
def stored(told: Any) -> Any:
    """Return what became of the reports of a sheet."""
    return result_view(told, MARK) if isinstance(told, dict) else no_update


@does({"type": FORGET, "of": ALL}, act=Act.REPORT_WRITE, operation=OPERATION, shows=(REMEMBERED,))
def forget(press: Press) -> Done:
    """Forget what a sheet means."""
    sheet_mappings.forget(press.session, press.of, press.by)
    return Done(
        _("Forgotten. The next file with this head is asked about anew."),
        shown=(remembered(press.session, press.operation, press.by),),
    )


def _drafts(sheet: "HeadedSheet", made: SheetMappingDraft, about: content.BookContext) -> tuple[Any, Flaws, list[int]]:
    rows, flaws, out = own_sheet.translated(sheet, made)
    return reading.drafts_of(rows, own_sheet.at_source(about, made), flaws), flaws, out


def _preview(
    session: Session, sheet: "HeadedSheet", made: SheetMappingDraft, about: content.BookContext
) -> tuple[list[Component], dict[str, Any] | None]:
    drafts, flaws, out = _drafts(sheet, made, about)
    if flaws.found:
        answer = _with_flaws(sheet, made, flaws, actor())
        return result_view(answer, MARK), answer
    to = f"{own_sheet_view.ADDRESS}{about.operation.id}"
    return own_sheet_view.expectation(reading.expected(session, drafts), out, to), None


def _with_flaws(sheet: "HeadedSheet", made: SheetMappingDraft, flaws: Flaws, by: Actor) -> dict[str, Any]:
    told = list(own_sheet.flaw_rows(sheet, made, flaws.found))
    listed = [[sheet.name, row + 1, sheet.head[at] if at >= 0 else "", words] for row, at, words in told[:SHOWN]]
    name = f"muster-sheet-{by.country}-{now():%Y%m%d}-marked.xlsx"
    return {"flaws": listed, "many": len(told), "marked": marked_file(own_sheet.marked(sheet, made, told), name)}


clientside_callback(
    ClientsideFunction("muster", "workbook_marked"),
    Output(DOWNLOAD, "data", allow_duplicate=True),
    Input(MARK, "n_clicks"),
    State(ANSWER, "data"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("muster", "own_sheet_store"),
    Output(STORED, "data"),
    Input(STORE, "n_clicks"),
    _TOKEN,
    _OF["sheet"],
    State(SHEET.id("reason"), "value"),
    State(SHEET.id("confirmed"), "checked"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("muster", "own_sheet_stored"),
    Output(TOLD, "data"),
    Output(ANSWER, "data", allow_duplicate=True),
    Input(STORED, "data"),
    prevent_initial_call=True,
)
