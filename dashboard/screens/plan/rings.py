"""Callbacks of rings, buffers and measuring on the plan page. The server computes the results, not the browser."""

from typing import Any

from dash import ClientsideFunction, Input, Output, State, clientside_callback, dcc, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.policy import screen
from dashboard.map.rights import drawing_rights
from dashboard.screens.plan import form as plan_form
from dashboard.screens.plan import rings_view as shown
from dashboard.screens.plan.ids import CHOSEN, SELECTED, Ids
from dashboard.screens.plan.rings_view import AROUND, MAKE_AREA, MEASURE, MEASURED, RESULT, SHOW, known_unit
from dashboard.server.access import actor, known_id, reading
from dashboard.server.lazy_modules import closures, rings, shapes
from dashboard.server.lazy_modules import sites as known_places
from geodata.ground import formats
from operations.core.errors import NotFound, RuleBroken, existing
from operations.core.ids import new_id
from operations.core.permissions import Act
from operations.core.vocabulary import MapObjectKind
from operations.policing.map_plan import places
from operations.policing.operation import plan

DRAWN, UNIT = f"{Ids.MAP}-around", f"{Ids.MAP}-unit"
_MOST_POINTS = 1_000
_SHAPED = ("object", "new")
_PLACED = ("site", "candidate", "place", "point")


def stores() -> list[Component]:
    """Return the stores that the map draws rings and lines from."""
    return [dcc.Store(id=DRAWN), dcc.Store(id=f"{DRAWN}-drawn"), dcc.Store(id=UNIT, storage_type="local")]


def remover() -> Component:
    """Return the button over the map that removes rings and lines."""
    return shown.remover()


@screen(
    Output(Ids.AROUND, "children"),
    Output(DRAWN, "data"),
    Input(SELECTED, "data"),
    State(Ids.OPERATION, "data"),
    State(UNIT, "data"),
    act=Act.PLAN_READ,
    prevent_initial_call=True,
)
def show_around(chosen: dict[str, Any] | None, operation_id: str, unit: str | None) -> tuple[Any, Any]:
    """Return the measuring forms for the selection. Earlier drawings stay until they are removed."""
    chosen = chosen or {}
    kind = chosen.get("type")
    if kind == "measure":
        return _measured(chosen.get("geometry"), known_unit(unit))
    if kind not in (*_SHAPED, *_PLACED):
        return [], no_update
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        draws, _sites = drawing_rights(operation, actor())
        centre = None if kind in _SHAPED else _place_of(session, operation, chosen)
    return shown.rings_form(centre, known_unit(unit), draws=draws, alone=kind == "point"), no_update


def _measured(geometry: Any, unit: str) -> tuple[list[Component], Any]:
    """Return the measuring form, with its result where a line was drawn."""
    if not isinstance(geometry, dict):
        return shown.measure_form("", [], unit), no_update
    line = _checked_line(geometry.get("coordinates"))
    found, drawn = _result(line, unit)
    return shown.measure_form(plan_form.corners_text({"type": "LineString", "coordinates": line}), found, unit), drawn


def _checked_line(coordinates: Any) -> list[list[float]]:
    """Return the positions of a line that the browser sent, validated. Raises RuleBroken on `points`."""
    measured = shapes.measure({"type": "LineString", "coordinates": coordinates})
    if measured.flaw is not None:
        raise RuleBroken("points", measured.flaw.template, **measured.flaw.params)
    if len(coordinates) > _MOST_POINTS:
        raise RuleBroken("points", "The line has more than {most} points. Measure it in parts.", most=_MOST_POINTS)
    return [[float(lon), float(lat)] for lon, lat, *_height in coordinates]


def _result(line: list[list[float]], unit: str) -> tuple[list[Component], dict[str, Any]]:
    way = rings.way(line)
    words = shown.in_unit(way.km, unit, rings.KM_OF)
    drawn = {"centre": None, "lines": [{"line": line, "label": words, "at": line[-1]}]}
    return shown.measured(way, unit, rings.KM_OF), drawn


@screen(
    Output(RESULT, "children", allow_duplicate=True),
    Output(DRAWN, "data", allow_duplicate=True),
    Input(MEASURE, "n_clicks"),
    Input(MEASURED.id("unit"), "value"),
    State(MEASURED.id("points"), "value"),
    act=Act.PLAN_READ,
    form=MEASURED,
    prevent_initial_call=True,
)
def measure(clicks: int | None, unit: str | None, points: str | None) -> tuple[Any, Any]:
    """Measure the points of the form, drawn or typed."""
    if not (points or "").strip():
        if clicks:
            raise RuleBroken("points", "A line needs at least two different points.")
        return no_update, no_update
    try:
        typed = plan_form.corners_geometry("LineString", points or "")
    except formats.CoordinateError as error:
        raise RuleBroken("points", error.template, **error.params) from None
    return _result(_checked_line(typed["coordinates"]), known_unit(unit))


@screen(
    Output(RESULT, "children", allow_duplicate=True),
    Output(DRAWN, "data", allow_duplicate=True),
    Input(SHOW, "n_clicks"),
    State(SELECTED, "data"),
    State(Ids.GEOMETRY, "data"),
    State(Ids.OPERATION, "data"),
    AROUND.states("radii", "unit", "position"),
    act=Act.PLAN_READ,
    form=AROUND,
    prevent_initial_call=True,
)
def show_rings(
    clicks: int | None, chosen: dict[str, Any] | None, geometry: Any, operation_id: str, values: dict[str, Any]
) -> tuple[Any, Any]:
    """Draw rings around the selection."""
    if not clicks or not chosen:
        return no_update, no_update
    centre, unit = _centre(chosen, geometry, operation_id, values), known_unit(values["unit"])
    radii = _lengths("radii", values["radii"], unit)
    words = [shown.in_unit(km, unit, rings.KM_OF) for km in radii]
    return shown.ring_words(words, centre), shown.drawn_rings(rings.rings(centre.lon, centre.lat, radii), words, centre)


@screen(
    Output(CHOSEN.component_id, "data", allow_duplicate=True),
    Input(MAKE_AREA, "n_clicks"),
    State(SELECTED, "data"),
    State(Ids.GEOMETRY, "data"),
    State(Ids.OPERATION, "data"),
    AROUND.states("distance", "unit", "position"),
    State(Ids.ASKED, "data"),
    act=Act.PLAN_DRAW,
    form=AROUND,
    prevent_initial_call=True,
)
def make_area(
    clicks: int | None,
    chosen: dict[str, Any] | None,
    geometry: Any,
    operation_id: str,
    values: dict[str, Any],
    asked: int | None = None,
) -> Any:
    """Return the buffer around the selection as a new, unsaved area."""
    if not clicks or not chosen:
        return no_update
    (km,) = _lengths("distance", values["distance"], known_unit(values["unit"]), most=1, longest=rings.MOST_BUFFER_KM)
    if chosen.get("type") in _SHAPED:
        of = _checked_shape(geometry)
    else:
        centre = _centre(chosen, geometry, operation_id, values)
        of = {"type": "Point", "coordinates": [centre.lon, centre.lat]}
    try:
        area = rings.buffer(of, km)
    except closures.NoAnswer as error:
        raise RuleBroken("distance", error.template, **error.params) from None
    return {
        "type": "new",
        "id": str(new_id()),
        "kind": MapObjectKind.AREA.value,
        "geometry": shapes.measure(area).geometry,
        "asked": asked,
    }


def _lengths(field: str, text: Any, unit: str, most: int | None = None, longest: float | None = None) -> list[float]:
    try:
        return rings.lengths(str(text or ""), unit, most or rings.MOST_RINGS, longest or rings.MOST_RING_KM)
    except closures.NoAnswer as error:
        raise RuleBroken(field, error.template, **error.params) from None


def _checked_shape(geometry: Any) -> dict[str, Any]:
    measured = shapes.measure(geometry if isinstance(geometry, dict) else {})
    if measured.flaw is not None:
        raise RuleBroken("distance", measured.flaw.template, **measured.flaw.params)
    return measured.geometry or {}


def _centre(chosen: dict[str, Any], geometry: Any, operation_id: str, values: dict[str, Any]) -> formats.Position:
    """Return the centre of the rings: a point on a shape, or for a clicked place the coordinate of the form."""
    kind = chosen.get("type")
    if kind in _SHAPED:
        measured = shapes.measure(geometry if isinstance(geometry, dict) else {})
        if measured.centre is None:
            raise RuleBroken("radii", "The shape is not valid.")
        return formats.Position(measured.centre[1], measured.centre[0])
    if kind == "point":
        try:
            return formats.parse(values["position"] or "")
        except formats.CoordinateError as error:
            raise RuleBroken("position", error.template, **error.params) from None
    with reading() as session:
        return existing(_place_of(session, plan.operation(session, known_id(operation_id), actor()), chosen))


def _place_of(session: Session, operation: plan.Operation, chosen: dict[str, Any]) -> formats.Position | None:
    """Return the position of a site, a candidate or a clicked place; None before a click. Raises NotFound."""
    match chosen.get("type"):
        case "site":
            site = places.site(session, known_id(chosen.get("id")))
            if site.operation_id != operation.id:
                raise NotFound
            return formats.Position(site.lat, site.lon)
        case "candidate":
            known = existing(known_places.site(str(chosen.get("ref"))))
            return formats.Position(known.lat, known.lon)
        case "point" if chosen.get("lat") is None:
            return None
    try:
        return formats.Position(float(chosen["lat"]), float(chosen["lon"]))
    except (KeyError, TypeError, ValueError):
        raise NotFound from None


clientside_callback(ClientsideFunction("muster_map", "around"), Output(f"{DRAWN}-drawn", "data"), Input(DRAWN, "data"))
for _form in (AROUND, MEASURED):
    clientside_callback(
        ClientsideFunction("muster_map", "unit"),
        Output(UNIT, "data", allow_duplicate=True),
        Input(_form.id("unit"), "value"),
        prevent_initial_call="initial_duplicate",
    )
