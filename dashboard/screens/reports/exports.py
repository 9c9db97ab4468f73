"""Export of the own country's reports: CSV or a data package with codes for programs, a workbook for people.

Each export is entered in the access trail before it is delivered: no file without its entry. It is made between reading
and entry, so that no lock is held meanwhile. Whoever may not export gets 404, as if it did not exist.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import Session

from dashboard.api import data_tables
from dashboard.api.data_package import DataCell, DataField, DataTable, as_csv, as_zip
from dashboard.papers import paper_process
from dashboard.papers.downloads import By, download_response, file_name
from dashboard.papers.tables import Cell, TableFile, TableFormat, as_xlsx
from dashboard.parts.kpi_board import OWN, BoardChoice, frame_of
from dashboard.wording import _, coded, in_language, moment_utc
from operations.core import journal, vocabulary
from operations.core.clock import now
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import Store
from operations.core.vocabulary import Level
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation

# ---------------------------------------------------------------------------------------------------- content


def table(found: DataTable, about: list[tuple[str, str]]) -> TableFile:
    """Return a table of data in words."""
    rows = [[_words(*cell) for cell in zip(found.fields, row, strict=True)] for row in found.rows]
    return TableFile(about, [field.name for field in found.fields], rows, found.title)


def _words(field: DataField, value: DataCell) -> Cell:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    known = field.codes and value in vocabulary.code_list(field.codes)
    return coded(field.codes, str(value)) if known else value


def _about(operation: Operation, by: Actor, level: Level, reports: int) -> list[tuple[str, str]]:
    return [
        (_("Operation"), operation.title),
        (_("Marking"), coded("CL-CLASS", operation.classification)),
        (_("Country"), coded("CL-COUNTRY", by.country or "")),
        (_("Level"), _("{level} and above", level=f"{level.name} {coded('CL-LEVEL', level.name)}")),
        (_("As of"), moment_utc(now())),
        (_("Status"), _("preliminary results")),
        (_("Reports"), str(reports)),
    ]


# ------------------------------------------------------------------------------------------------------- route


def export(store: Store, operation_id: UUID, form: str, level: Level, by: Actor) -> tuple[bytes, str]:
    """Return the file in one of the forms of MEDIA and its name, and enter it in the access trail.

    Raises NotFound, NotPermitted.
    """
    with store.reading(by) as session, in_language(by.language):
        operation = plan.operation(session, operation_id, by)
        require(by, Act.REPORT_EXPORT, plan.subject(operation, by.country))
        entry = journal.pulse(session)
        rows, make, *given = _asked(session, operation, form, level, by)
    content = paper_process.run_in_process(make, *given)
    with store.unit_of_work(by) as session:
        journal.record_download(
            session,
            by,
            Act.REPORT_EXPORT,
            None,
            form,
            operation=operation.id,
            country=by.country,
            level=level.name,
            entry=entry,
            rows=rows,
        )
    return content, file_name(operation.title, str(by.country), level.name, ending=form)


def _asked(session: Session, operation: Operation, form: str, level: Level, by: Actor) -> tuple[Any, ...]:
    """Return the number of rows of a file, what makes it, and of what."""
    frame = frame_of(operation, BoardChoice.of(level.name, OWN, None, by), by)
    of = data_tables.TableRequest(session, operation, frame, by)
    held = data_tables.reports(of)
    if form == "xlsx":
        reports = len({row[-2] for row in held.rows})
        return len(held.rows), as_xlsx, [table(held, _about(operation, by, level, reports))], by.language
    packed = data_tables.package(of, [held])
    return (len(held.rows), as_zip, packed, by.language) if form == "zip" else (len(held.rows), as_csv, *packed.tables)


MEDIA = {"xlsx": TableFormat.XLSX.media, "csv": TableFormat.CSV.media, "zip": "application/zip"}
"""The forms of an export, and the media type of each."""


def router(store: Store) -> APIRouter:
    """POST /export/operations/{id}/reports.xlsx, .csv and .zip; `level` is V1 (all that stands), V2 or V3."""
    routes = APIRouter()

    @routes.post("/export/operations/{operation_id}/reports.{form}")
    def reports_file(operation_id: str, form: str, by: By, level: str = "V1") -> Response:
        """Serve the country's current reports: a workbook with words, CSV with codes, or a data package."""
        try:
            ident, wanted = UUID(operation_id), Level[level.upper()]
        except (ValueError, KeyError):
            raise NotFound from None
        if form not in MEDIA:
            raise NotFound
        content, name = export(store, ident, form, wanted, by)
        return download_response(content, name, MEDIA[form])

    return routes
