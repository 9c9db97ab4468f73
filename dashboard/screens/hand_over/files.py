"""Export files: a workbook, single tables, or the whole operation in one archive that is readable without Muster.

Each export is entered in the access trail before it is delivered: no file without its entry. The data is read at one
moment, and the file made between the reading and the entry, so that no lock is held meanwhile.
"""

import hashlib
import io
import zipfile
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from dashboard.api import data_tables
from dashboard.api.data_package import DataPackage, as_zip
from dashboard.papers import atlas, paper_process
from dashboard.papers.downloads import By, download_response, file_name
from dashboard.papers.sheet_order import CannotPrint, Order, PaperSize
from dashboard.papers.tables import TableFile, TableFormat, as_csv, as_xlsx
from dashboard.parts import plan_paper
from dashboard.screens.hand_over.content import ExportRequest, desk, tables
from dashboard.server.lazy_modules import geojson
from dashboard.wording import _, in_language, sentence
from operations.core import evidence, journal
from operations.core.clock import now
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.store import Store
from operations.core.vocabulary import Level
from operations.policing.operation import plan
from operations.results import restatements

WORKBOOK, ARCHIVE, DATA = "figures.xlsx", "operation.zip", "data.zip"
_ZIP = "application/zip"


def address(operation_id: UUID | str, name: str, level: Level) -> str:
    """Return the URL of a file: WORKBOOK, ARCHIVE, DATA, or the name of a table with ".csv"."""
    return f"/export/operations/{operation_id}/hand-over/{name}?level={level.name}"


def workbook(store: Store, operation_id: UUID, level: Level, by: Actor) -> tuple[bytes, str]:
    """Return the workbook, with a sheet for each table, and its file name. Raises NotFound, NotPermitted."""
    found, of = _read(store, operation_id, level, by)
    content = paper_process.run_in_process(as_xlsx, list(found.values()), by.language)
    _enter(
        store, operation_id, by, level=of.level.name, entry=of.entry, format=TableFormat.XLSX.value, sheets=len(found)
    )
    return content, file_name(of.operation.title, "figures", ending=TableFormat.XLSX.value)


def table(store: Store, operation_id: UUID, name: str, level: Level, by: Actor) -> tuple[bytes, str]:
    """Return one sheet as CSV and its file name. Raises NotFound, also for a table that the asker may not have."""
    found, of = _read(store, operation_id, level, by)
    if name not in found:
        raise NotFound
    content = paper_process.run_in_process(as_csv, found[name])
    _enter(store, operation_id, by, level=of.level.name, entry=of.entry, format=TableFormat.CSV.value, sheet=name)
    return content, file_name(of.operation.title, name.replace("_", "-"), ending=TableFormat.CSV.value)


def data(store: Store, operation_id: UUID, level: Level, by: Actor) -> tuple[bytes, str]:
    """Return the figures as a data package for programs and its file name. Raises NotFound, NotPermitted."""
    with in_language(by.language), store.reading(by) as session:
        of = desk(session, _owner(plan.operation(session, operation_id, by), by), level, by)
        made = _data(of)
    content = paper_process.run_in_process(as_zip, made, by.language)
    _enter(store, operation_id, by, level=of.level.name, entry=of.entry, format="data", sheets=len(made.tables))
    return content, file_name(of.operation.title, "data", ending="zip")


def _data(of: ExportRequest) -> DataPackage:
    asked = data_tables.TableRequest(of.session, of.operation, of.frame, of.by)
    return data_tables.package(asked, data_tables.figures(asked))


def archive(store: Store, operation_id: UUID, level: Level, by: Actor) -> tuple[bytes, str]:
    """Return the archive of the whole operation and its file name. Raises NotFound, NotPermitted."""
    with in_language(by.language), store.reading(by) as session:
        operation = _owner(plan.operation(session, operation_id, by), by)
        of = desk(session, operation, level, by)
        found = tables(of)
        plans = _plan(session, operation, by) if may(by, Act.PLAN_READ, plan.subject(operation)) else None
        head, packed = journal.head_hash(session), _data(of)
    content = paper_process.run_in_process(archive_of, found, packed, plans, by.language)
    about = {"operation": str(operation_id), "at": now().isoformat(), "level": of.level.name, "head": head}
    content = evidence.with_manifest(content, **about)
    _enter(store, operation_id, by, level=of.level.name, entry=of.entry, format="zip", sheets=len(found))
    return content, file_name(operation.title, "operation", ending="zip")


def _read(store: Store, operation_id: UUID, level: Level, by: Actor) -> tuple[dict[str, TableFile], ExportRequest]:
    with in_language(by.language), store.reading(by) as session:
        operation = _owner(plan.operation(session, operation_id, by), by)
        of = desk(session, operation, level, by)
        return tables(of), of


def _owner(operation: plan.Operation, by: Actor) -> plan.Operation:
    require(by, Act.OPERATION_EXPORT, plan.subject(operation))
    return operation


def _plan(session: Any, operation: plan.Operation, by: Actor) -> tuple[Order, Any]:
    """Return the plan of the map, as a print order and as data for other programs."""
    order = plan_paper.order(session, operation, by, PaperSize.A4, None)
    return order, plan_paper.objects_of(session, operation, by)


# ------------------------------------------------------------------------------------------------- the archive


def archive_of(
    found: dict[str, TableFile], packed: DataPackage, plans: tuple[Order, Any] | None, language: str
) -> bytes:
    """Return the archive: a page that describes it, the workbook, each table, data, the plan twice, and fingerprints.

    Its page names the signed manifest, which is added later.
    """
    with in_language(language):
        parts = {WORKBOOK: as_xlsx(list(found.values()), language)}
        parts |= {f"tables/{name}.csv": as_csv(each) for name, each in found.items()}
        parts |= {f"data/{name}": content for name, content in packed.files.items()}
        missing = []
        if plans is not None:
            order, objects = plans
            try:
                parts["plan/plan.pdf"] = atlas.pdf(order)
            except CannotPrint as refused:
                missing.append(f"plan/plan.pdf: {sentence(refused)}")
            parts["plan/plan.geojson"] = geojson.write(*objects)
        parts = {"README.txt": _page(found, list(parts), missing), **parts}
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in parts.items())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in {**parts, "SHA256SUMS": sums.encode()}.items():
            file.writestr(zipfile.ZipInfo(name, now().timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _page(found: dict[str, TableFile], names: list[str], missing: list[str]) -> bytes:
    about = next(iter(found.values())).about
    titles = {f"tables/{name}.csv": each.name for name, each in found.items()}
    lines = [
        _(
            "This archive holds one operation as its reader saw it in Muster. A spreadsheet, a PDF reader and a map "
            "program are all that is needed to read it."
        ),
        "",
        *(f"{name}: {value}" for name, value in about),
        "",
        *(f"{name}  {titles[name]}" if name in titles else name for name in names),
        *missing,
        "",
        _("SHA256SUMS holds the fingerprint of each file: what was changed afterwards does not match it."),
        _("MANIFEST.json is signed by the installation. Whoever has its public key checks it: muster verify-archive."),
    ]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")


def _enter(store: Store, operation_id: UUID, by: Actor, **detail: Any) -> None:
    with store.unit_of_work(by) as session:
        restatements.take_along(session, plan.operation(session, operation_id, by), by, **detail)


# ------------------------------------------------------------------------------------------------------- routes


def router(store: Store) -> APIRouter:
    """POST /export/operations/{id}/hand-over/… : figures.xlsx, operation.zip, data.zip, <table>.csv; `level` V1-V3."""
    routes = APIRouter()

    @routes.post("/export/operations/{operation_id}/hand-over/{name}")
    def hand_over(operation_id: str, name: str, by: By, level: str = "V3") -> Response:
        """Serve one of the files."""
        try:
            ident, wanted = UUID(operation_id), Level[level.upper()]
        except (ValueError, KeyError):
            raise NotFound from None
        if name == WORKBOOK:
            return download_response(*workbook(store, ident, wanted, by), TableFormat.XLSX.media)
        if name == ARCHIVE:
            return download_response(*archive(store, ident, wanted, by), _ZIP)
        if name == DATA:
            return download_response(*data(store, ident, wanted, by), _ZIP)
        if not name.endswith(".csv"):
            raise NotFound
        return download_response(*table(store, ident, name.removesuffix(".csv"), wanted, by), TableFormat.CSV.media)

    return routes
