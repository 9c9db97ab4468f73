"""Export of the own country's reports: CSV or a data package with codes for programs, a workbook for people.

Each export is entered in the access trail before it is delivered: no file without its entry. It is made between reading
and entry, so that no lock is held meanwhile. Whoever may not export gets 404, as if it did not exist.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import Session

from dashboard.api import data_tables
from dashboard.api.data_package import as_csv, as_zip
from dashboard.papers import paper_process
from dashboard.papers.downloads import By, download_response, file_name
from dashboard.papers.tables import Cell, TableFile, TableFormat, as_xlsx
from dashboard.parts.kpi_board import OWN, BoardChoice, frame_of
from dashboard.parts.report.line_form import FIELDS, FieldEntry, title, value_text
from dashboard.wording import _, coded, in_language, moment_utc
from operations.core import journal
from operations.core.clock import now
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.rows import by_id
from operations.core.store import Store
from operations.core.vocabulary import Level
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation
from operations.policing.reports import desk_queries
from operations.policing.reports.reports import Line, Report

_ATTRIBUTES = tuple(dict.fromkeys(["qualifier", *(field.name for fields in FIELDS.values() for field in fields)]))


# ---------------------------------------------------------------------------------------------------- content


def table(session: Session, operation: Operation, by: Actor, level: Level) -> TableFile:
    """Return the current reports of the asker's country at `level` or higher: a row a line, one for a nil report."""
    versions, rows = desk_queries.standing(session, operation.id, by.country, level)
    names = {ident: site.name for ident, site in by_id(session, places.Site, (r.site_id for r in versions)).items()}
    phases = {phase.id: phase.name for phase in plan.phases(session, operation.id)}
    columns = [
        "official_day",
        "site",
        "phase",
        "report_kind",
        "level",
        "state",
        "version",
        "period_from_utc",
        "period_to_utc",
        "line_kind",
        "quantity",
        "unit",
        *_ATTRIBUTES,
        "remarks",
        "report_id",
        "version_id",
        "line_id",
    ]
    return TableFile(
        _about(operation, by, level, len(versions)),
        columns,
        [row for report in versions for row in _rows(report, rows[report.id], names.get(report.site_id, ""), phases)],
        _("Reports"),
    )


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


def _rows(found: Report, lines: list[Line], site: str, phases: dict[UUID, str]) -> Iterator[list[Cell]]:
    head: list[Cell] = [
        found.official_day.isoformat(),
        site,
        phases.get(found.phase_id, ""),
        coded("CL-REPORTKIND", found.kind),
        Level(found.level).name,
        coded("CL-REPORTSTATE", found.state),
        found.version,
        _utc(found.period_from),
        _utc(found.period_to),
    ]
    tail: list[Cell] = [found.remarks, str(found.report_id), str(found.id)]
    if not lines:
        yield [*head, "", 0, "", *(None for _name in _ATTRIBUTES), *tail, ""]
    for line in lines:
        kind = line.kind
        fields = {field.name: field for field in FIELDS[kind]}
        values: list[Cell] = []
        for name in _ATTRIBUTES:
            value = line.attributes.get(name) if name in fields or name == "qualifier" else None
            if value is None or isinstance(value, int):
                values.append(value)
            elif name in fields and fields[name].entry is FieldEntry.CODE:
                values.append(value_text(fields[name], value))
            else:
                values.append(str(value))
        yield [*head, title(kind), line.quantity, line.unit, *values, *tail, str(line.id)]


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


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
    if form == "xlsx":
        words = table(session, operation, by, level)
        return len(words.rows), as_xlsx, [words], by.language
    frame = frame_of(operation, BoardChoice.of(level.name, OWN, None, by), by)
    of = data_tables.TableRequest(session, operation, frame, by)
    packed = data_tables.package(of, [data_tables.reports(of)])
    [held] = packed.tables
    return (len(held.rows), as_zip, packed, by.language) if form == "zip" else (len(held.rows), as_csv, held)


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
