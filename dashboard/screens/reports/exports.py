"""Export of the own country's reports: CSV with codes for machines, a workbook with words for people.

Each export is entered in the access trail before it is delivered: no file without its entry. It is made between reading
and entry, so that no lock is held meanwhile. Whoever may not export gets 404, as if it did not exist.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import Session

from dashboard.papers import paper_process
from dashboard.papers.downloads import By, download_response, file_name
from dashboard.papers.tables import Cell, TableFile, TableFormat, as_csv, as_xlsx
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


def table(session: Session, operation: Operation, by: Actor, level: Level, form: TableFormat) -> TableFile:
    """Return the current reports of the asker's country at `level` or higher: a row a line, one for a nil report."""
    versions, rows = desk_queries.standing(session, operation.id, by.country, level)
    names = {ident: site.name for ident, site in by_id(session, places.Site, (r.site_id for r in versions)).items()}
    words = form is TableFormat.XLSX
    phases = {phase.id: phase.name for phase in plan.phases(session, operation.id)}
    columns = [
        *("official_day", "site", "phase", "report_kind", "level", "state", "version"),
        *("period_from_utc", "period_to_utc", "impact", "line_kind", "quantity", "unit"),
        *_ATTRIBUTES,
        *("remarks", "report_id", "version_id", "line_id"),
    ]
    return TableFile(
        _about(operation, by, level, len(versions)),
        columns,
        [
            row
            for report in versions
            for row in _rows(report, rows[report.id], names.get(report.site_id, ""), phases, words)
        ],
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


def _rows(found: Report, lines: list[Line], site: str, phases: dict[UUID, str], words: bool) -> Iterator[list[Cell]]:
    def code(name: str, value: str) -> str:
        return coded(name, value) if words else value

    head: list[Cell] = [
        found.official_day.isoformat(),
        site,
        phases.get(found.phase_id, ""),
        code("CL-REPORTKIND", found.kind),
        Level(found.level).name,
        code("CL-REPORTSTATE", found.state),
        found.version,
        _utc(found.period_from),
        _utc(found.period_to),
        code("CL-IMPACT-EVENT", found.impact) if found.impact else "",
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
            elif words and name in fields and fields[name].entry is FieldEntry.CODE:
                values.append(value_text(fields[name], value))
            else:
                values.append(str(value))
        yield [*head, title(kind) if words else kind, line.quantity, line.unit, *values, *tail, str(line.id)]


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


# ------------------------------------------------------------------------------------------------------- route


def export(store: Store, operation_id: UUID, form: TableFormat, level: Level, by: Actor) -> tuple[bytes, str]:
    """Return the file and its name, and enter it in the access trail. Raises NotFound, NotPermitted."""
    with store.reading(by) as session, in_language(by.language):
        operation = plan.operation(session, operation_id, by)
        require(by, Act.REPORT_EXPORT, plan.subject(operation, by.country))
        exported, entry = table(session, operation, by, level, form), journal.pulse(session)
    content = (
        paper_process.run_in_process(as_csv, exported)
        if form is TableFormat.CSV
        else paper_process.run_in_process(as_xlsx, [exported], by.language)
    )
    with store.unit_of_work(by) as session:
        journal.record_download(
            session,
            by,
            Act.REPORT_EXPORT,
            None,
            form.value,
            operation=operation.id,
            country=by.country,
            level=level.name,
            entry=entry,
            rows=len(exported.rows),
        )
    return content, file_name(operation.title, str(by.country), level.name, ending=form.value)


def router(store: Store) -> APIRouter:
    """POST /export/operations/{id}/reports.csv and .xlsx; `level` is V1, V2 or V3 (default V1: all that stands)."""
    routes = APIRouter()

    def answer(operation_id: str, form: TableFormat, level: str, by: Actor) -> Response:
        try:
            ident, wanted = UUID(operation_id), Level[level.upper()]
        except (ValueError, KeyError):
            raise NotFound from None
        content, name = export(store, ident, form, wanted, by)
        return download_response(content, name, form.media)

    @routes.post("/export/operations/{operation_id}/reports.csv")
    def reports_csv(operation_id: str, by: By, level: str = "V1") -> Response:
        """Serve the country's current reports as CSV with codes."""
        return answer(operation_id, TableFormat.CSV, level, by)

    @routes.post("/export/operations/{operation_id}/reports.xlsx")
    def reports_xlsx(operation_id: str, by: By, level: str = "V1") -> Response:
        """Serve the country's current reports as a workbook with words in the reader's language."""
        return answer(operation_id, TableFormat.XLSX, level, by)

    return routes
