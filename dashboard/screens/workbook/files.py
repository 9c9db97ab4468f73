"""Routes of the workbook: it is taken along, and brought back as a whole or not at all.

browser -> POST /data/files/workbook/{operation} -> server.upload_queue -> operations.analyses.sandbox -> one unit of
work. Where something is wrong nothing is stored, and the answer holds the workbook with every flaw marked in it.
"""

from functools import partial
from typing import IO, Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from dashboard.papers import paper_process
from dashboard.papers.downloads import By, Spoken, download_response
from dashboard.papers.form_book import FLAW, as_xlsx
from dashboard.papers.tables import TableFormat
from dashboard.parts.book.cells import rows_of
from dashboard.parts.book.marked import stored_or_marked, with_flaws
from dashboard.screens.workbook import content, own_sheet, own_sheet_steps, own_sheet_view, reading
from dashboard.server.access import SignedIn, known_id
from dashboard.server.gate import STREAMED
from dashboard.server.lazy_modules import headed_sheet, sandbox
from dashboard.server.upload_queue import Arrival, UploadQueue, file_answer
from dashboard.wording import _, in_language
from operations.core import journal
from operations.core.clock import now
from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import Store

ADDRESS = f"{STREAMED}workbook/"
MOST_BYTES = 8 * 2**20


def address(operation_id: object) -> str:
    """Return the URL of the workbook."""
    return f"/export/operations/{operation_id}/workbook.xlsx"


def too_large() -> str:
    """Return the message for a file over the size limit: the browser does not send it, and the server refuses it."""
    return _("The file is larger than {most} MB. Send the workbook alone.", most=MOST_BYTES // 2**20)


def workbook(store: Store, operation_id: Any, code: str, by: Actor) -> tuple[bytes, str]:
    """Return the workbook with nothing filled in, and its name. Raises NotFound, NotPermitted."""
    with journal.disclosing(store, by) as session, in_language(code):
        about = content.context(session, operation_id, by)
        made = content.book(about)
        of = {"operation": about.operation.id, "country": by.country}
        journal.record_download(session, by, "workbook.take", None, "xlsx", **of)
    return paper_process.run_in_process(as_xlsx, made), _name(by, "")


@file_answer
def bring_back(store: Store, operation_id: Any, by: Actor, name: str, file: IO[bytes]) -> dict[str, Any]:
    """Store what a workbook holds, all or nothing; return what the page shows of it."""
    sheets = sandbox.READER.book(file)
    with store.reading(by) as session:
        about = content.context(session, operation_id, by)
    if own := _own_sheets(sheets):
        with store.unit_of_work(by, behind=True) as session:
            return own_sheet_steps.keep(session, about.operation.id, own, name, by)
    rows, flaws = rows_of(sheets, about.code, reading.FOREIGN)
    drafts = reading.drafts_of(rows, about, flaws)
    if not drafts and not flaws.found:
        raise RuleBroken("", "The workbook is empty: nothing is filled in.")

    def write(session: Session) -> dict[str, Any]:
        return vars(reading.bring(session, drafts, by, flaws))

    def marked() -> dict[str, Any]:
        return with_flaws(content.book(about), rows, flaws.found, _name(by, "-marked"))

    told = marked() if flaws.found else stored_or_marked(store, by, flaws, write, marked)
    return {"name": name[:200], **told}


def _own_sheets(sheets: list[Any]) -> list[Any]:
    """Return the sheets of a country's own workbook; none where it is one of Muster."""
    marks = {cell for sheet in sheets for cell in (sheet.rows or [[]])[0] if isinstance(cell, str)}
    muster = any(mark.startswith("sheet:") and mark != f"sheet:{own_sheet.OWN}" for mark in marks)
    return [] if muster else headed_sheet.found_in(sheets, FLAW)


def _name(by: Actor, more: str) -> str:
    return f"muster-reports-{by.country}-{now():%Y%m%d}{more}.xlsx"


def router(store: Store, line: UploadQueue) -> APIRouter:
    """POST /export/operations/{id}/workbook.xlsx (`lang` as for papers), and /data/files/workbook/{id}?name=..."""
    routes = APIRouter()

    @routes.post("/export/operations/{operation_id}/workbook.xlsx")
    def take(operation_id: str, by: By, code: Spoken) -> Response:
        """Serve the workbook."""
        return download_response(*workbook(store, known_id(operation_id), code, by), TableFormat.XLSX.media)

    @routes.post(f"{own_sheet_view.ADDRESS}{{operation_id}}")
    async def store_sheet(operation_id: str, by: SignedIn) -> Response:
        """Store a sheet of one's own that was previewed."""
        require(by, Act.REPORT_WRITE)
        work = partial(own_sheet_steps.store_kept, store, known_id(operation_id), by)
        return Arrival(line, by.account_id, own_sheet_view.MOST_BYTES, too_large(), work)

    @routes.post(f"{ADDRESS}{{operation_id}}")
    async def bring(operation_id: str, by: SignedIn, name: str = "") -> Response:
        """Bring the workbook back."""
        require(by, Act.REPORT_WRITE)
        work = partial(bring_back, store, known_id(operation_id), by, name)
        return Arrival(line, by.account_id, MOST_BYTES, too_large(), work)

    return routes
