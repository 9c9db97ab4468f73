"""Print callbacks of the plan page: the number of pages for a paper and scale, and the link to the sheets."""

from urllib.parse import urlencode

from dash import Input, Output, State
from dash.development.base_component import Component

from dashboard.frame.policy import screen
from dashboard.papers import atlas
from dashboard.papers.sheet_order import SCALES, CannotPrint, PaperSize
from dashboard.parts import plan_paper
from dashboard.places import MAP_FILES
from dashboard.screens.plan import files as plan_files
from dashboard.screens.plan import print_view as plan_print
from dashboard.screens.plan.files import PlanFormat
from dashboard.screens.plan.ids import Ids
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import coded, sentence
from operations.core.errors import NotFound
from operations.core.permissions import Act
from operations.policing.operation import plan

_NAMES = {
    PlanFormat.GEOJSON: "GeoJSON",
    PlanFormat.KML: "KML",
    PlanFormat.GPX: "GPX",
    PlanFormat.GEOPACKAGE: "GeoPackage",
    PlanFormat.SHAPEFILE: "Shapefile",
    PlanFormat.TAK: "TAK data package",
}


def panel(operation: plan.Operation, *, draws: bool) -> Component:
    """Return the print panel of one operation; `draws`: for a person who may draw on its plan."""
    files = {name: plan_files.address(operation.id, form.value) for form, name in _NAMES.items()}
    brings = MAP_FILES.href(operation.id) if draws else None
    marking = coded("CL-CLASS", operation.classification)
    return plan_print.panel(
        [each.value for each in PaperSize], SCALES, files, title=operation.title, marking=marking, brings=brings
    )


@screen(
    Output(plan_print.ANSWER, "children"),
    Input(plan_print.OPEN, "n_clicks"),
    Input(plan_print.PAPER, "value"),
    Input(plan_print.SCALE, "value"),
    State(Ids.OPERATION, "data"),
    act=Act.PLAN_READ,
    prevent_initial_call=True,
)
def offer(_opened: int | None, paper: str, scale: str, operation_id: str) -> Component:
    """Return the link to the sheets with their number, or why there are none."""
    try:
        on, at = PaperSize(paper), plan_files.known_scale("" if scale == plan_print.FITS else scale)
    except ValueError:
        raise NotFound from None
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        wanted = plan_paper.order(session, operation, actor(), on, at)
    try:
        pages = atlas.atlas(wanted).pages
    except CannotPrint as refusal:
        return plan_print.refused(sentence(refusal))
    query = urlencode({"paper": on.value, **({"scale": at} if at else {})})
    return plan_print.download(f"{plan_files.address(operation.id, 'pdf')}?{query}", pages)
