"""Exports of the plan: printed map sheets, and GeoJSON and similar formats for other programs.

A file holds what the asker sees on the map and nothing else. Each export is entered in the access trail before it is
delivered: no file without its entry. Sheets are drawn between reading and entry, so that no lock is held meanwhile.
"""

from enum import StrEnum
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from dashboard.papers import atlas, paper_process
from dashboard.papers.downloads import By, download_response, file_name
from dashboard.papers.sheet_order import SCALES, PaperSize
from dashboard.parts import plan_paper
from dashboard.server.lazy_modules import cot, geojson, geopackage, gpx, kml, shapefile
from dashboard.wording import in_language
from operations.core import journal
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import Store
from operations.policing.map_plan import places
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan


class PlanFormat(StrEnum):
    """Formats for other programs, by file extension."""

    GEOJSON = "geojson"
    KML = "kml"
    GPX = "gpx"
    GEOPACKAGE = "gpkg"
    SHAPEFILE = "shp"
    TAK = "tak"


MEDIA = {
    PlanFormat.GEOJSON: "application/geo+json",
    PlanFormat.KML: "application/vnd.google-earth.kml+xml",
    PlanFormat.GPX: "application/gpx+xml",
    PlanFormat.GEOPACKAGE: "application/geopackage+sqlite3",
    PlanFormat.SHAPEFILE: "application/zip",
    PlanFormat.TAK: "application/zip",
}


def address(operation_id: UUID | str, form: str) -> str:
    """Return the URL of an export: "pdf" or one of `PlanFormat`."""
    return f"/export/operations/{operation_id}/plan.{form}"


# ------------------------------------------------------------------------------------------------------- sheets


def sheets(
    store: Store, operation_id: UUID, paper: PaperSize, scale: int | None, by: Actor, site: Site | None = None
) -> tuple[bytes, str]:
    """Return the PDF and its name; with a `site`, of its surroundings. Raises NotFound, NotPermitted, CannotPrint."""
    with in_language(by.language):
        with store.reading(by) as session:
            operation = plan.operation(session, operation_id, by)
            require(by, Act.PLAN_READ, plan.subject(operation))
            wanted = plan_paper.order(session, operation, by, paper, scale)
        if site is not None:
            wanted = plan_paper.around(wanted, site)
        content = paper_process.run_in_process(atlas.pdf, wanted)
    _enter(store, operation_id, by, "pdf", objects=len(wanted.things), paper=paper.value, scale=scale)
    return content, file_name(operation.title, "plan", ending="pdf")


def site_sheets(store: Store, site_id: UUID, by: Actor) -> tuple[bytes, str]:
    """Return the map sheets of a site and its surroundings. Raises NotFound, NotPermitted."""
    with store.reading(by) as session:
        found = places.site(session, site_id)
    return sheets(store, found.operation_id, PaperSize.A4, None, by, found)


# -------------------------------------------------------------------------------------------------------- files


def export(store: Store, operation_id: UUID, form: PlanFormat, by: Actor) -> tuple[bytes, str]:
    """Return the plan in another program's format, and the file's name. Raises NotFound, NotPermitted."""
    writers = {
        PlanFormat.GEOJSON: geojson.write,
        PlanFormat.KML: kml.write,
        PlanFormat.GPX: gpx.write,
        PlanFormat.GEOPACKAGE: geopackage.write,
        PlanFormat.SHAPEFILE: shapefile.write,
        PlanFormat.TAK: cot.write,
    }
    with in_language(by.language), store.reading(by) as session:
        operation = plan.operation(session, operation_id, by)
        require(by, Act.PLAN_READ, plan.subject(operation))
        found, about = plan_paper.objects_of(session, operation, by)
    content = writers[form](found, about)
    _enter(store, operation_id, by, form.value, objects=len(found))
    zipped = MEDIA[form] == "application/zip"
    return content, file_name(operation.title, "plan", ending=f"{form.value}.zip" if zipped else form.value)


def _enter(store: Store, operation_id: UUID, by: Actor, form: str, **detail: Any) -> None:
    """Enter in the access trail that `by` takes the plan along."""
    with store.unit_of_work(by) as session:
        country = by.country if by.national else None
        journal.record_download(
            session, by, "plan.export", None, form, operation=operation_id, country=country, **detail
        )


# ------------------------------------------------------------------------------------------------------- routes


def router(store: Store) -> APIRouter:
    """POST /export/operations/{id}/plan.pdf (`paper` a4 or a3, `scale` one of SCALES or none) and plan.<format>."""
    routes = APIRouter()

    @routes.post("/export/operations/{operation_id}/plan.pdf")
    def plan_pdf(operation_id: str, by: By, paper: str = "a4", scale: str = "") -> Response:
        """Serve map sheets of the plan in the reader's language."""
        try:
            ident, on, at = UUID(operation_id), PaperSize(paper), known_scale(scale)
        except ValueError:
            raise NotFound from None
        return download_response(*sheets(store, ident, on, at, by))

    @routes.post("/export/operations/{operation_id}/plan.{form}")
    def plan_file(operation_id: str, form: str, by: By) -> Response:
        """Serve the plan for another program."""
        try:
            ident, wanted = UUID(operation_id), PlanFormat(form)
        except ValueError:
            raise NotFound from None
        return download_response(*export(store, ident, wanted, by), MEDIA[wanted])

    return routes


def known_scale(text: str) -> int | None:
    """Return the scale denominator that a form sends; None for "fits". Raises ValueError for any not in `SCALES`."""
    if not text:
        return None
    if int(text) not in SCALES:
        raise ValueError("That is none of the scales that are printed.")
    return int(text)
