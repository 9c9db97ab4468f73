"""Drawing by typing: each tool of the plan page asks for its points as coordinates or names of places."""

from typing import Any

from dash import Input, State, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboard.frame.policy import screen
from dashboard.map.rights import drawing_rights
from dashboard.parts import tags
from dashboard.parts.form import Form, button, text_area
from dashboard.screens.plan import form as plan_form
from dashboard.screens.plan.ids import CHOSEN, SELECTED, Ids
from dashboard.screens.plan.panel import tool_names
from dashboard.server.access import actor, known_id, reading
from dashboard.server.lazy_modules import gazetteer
from dashboard.wording import N_, _, language
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.permissions import Act
from operations.core.vocabulary import MapObjectKind
from operations.policing.operation import plan

TYPED = Form("plan-typed")
SET = "plan-typed-set"
_MOST = 500
_LEAST = {"LineString": 2, "Polygon": 3}
_SHAPES = {"area": "Polygon", "hotspot_area": "Polygon", "route": "LineString"}
_FEW = {
    "Point": N_("Type one coordinate or the name of one place."),
    "LineString": N_("Type at least two points, one on a line."),
    "Polygon": N_("Type at least three points, one on a line."),
}
_SITE, _HOTSPOT_AREA = "site", "hotspot_area"


def panel(operation: plan.Operation, chosen: dict[str, Any]) -> list[Component]:
    """Return the form of a drawing tool. Raises NotFound for who may not use the tool."""
    tool = _tool(operation, chosen)
    many = tool in _SHAPES
    asked = _("Points, one on a line") if many else _("Place")
    hint = _("Draw on the map, or type here: a coordinate in any writing, or the name of a place.")
    rows = {"minRows": 4 if many else 1, "maxRows": 14}
    # Its text counts when it is left, at once: Enter on the button would otherwise overtake the last letters.
    field = text_area(TYPED, "points", asked, description=hint, debounce=True, className="m-num", **rows)
    return [
        plan_form.head(tool_names()[tool]),
        tags.Div(
            html.Div(field, **({"data-focus": "true"} if chosen.get("keys") else {})),
            button(_("Put it on the map"), SET, "primary", "map-pin-plus", n_clicks=0, **{"data-typed": "true"}),
            className="plan-fields plan-where",
        ),
    ]


@screen(
    CHOSEN,
    Input(SET, "n_clicks"),
    State(TYPED.id("points"), "value"),
    State(SELECTED, "data"),
    State(Ids.OPERATION, "data"),
    State(Ids.ASKED, "data"),
    act=Act.PLAN_READ,
    form=TYPED,
    prevent_initial_call=True,
)
def put(
    clicks: int | None, points: str | None, chosen: dict[str, Any] | None, operation_id: str, asked: int | None
) -> dict[str, Any]:
    """Return what was typed as a new object, or as a place for a site, in answer to the press `asked`.

    The button also triggers this when it appears: nothing was typed yet.
    """
    if not clicks:
        raise PreventUpdate
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        tool = _tool(operation, chosen or {})
        countries = plan.countries(session, operation.id)
    found = corners(points or "", countries, _SHAPES.get(tool, "Point"))
    lons, lats = zip(*found, strict=True)
    view = {"fly": True, "bounds": [[min(lats), min(lons)], [max(lats), max(lons)]], "asked": asked}
    if tool == _SITE:
        [(lon, lat)] = found
        return {"type": "place", "lat": lat, "lon": lon, **view}
    kind = MapObjectKind.HOTSPOT if tool == _HOTSPOT_AREA else tool
    return {"type": "new", "id": str(new_id()), "kind": kind, "geometry": _geometry(_SHAPES.get(tool), found), **view}


def corners(text: str, countries: list[str], shape: str) -> list[tuple[float, float]]:
    """Return the points that lines of text mean (lon, lat): places of these countries before those of others.

    Raises RuleBroken where a line means nothing, or where there are too few or too many for the shape.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    least = _LEAST.get(shape, 1)
    if len(lines) < least or (shape == "Point" and len(lines) > 1):
        raise RuleBroken("points", _FEW[shape])
    if len(lines) > _MOST:
        raise RuleBroken("points", "There are more than {most} points.", most=_MOST)
    return [_corner(line, countries) for line in lines]


def _corner(line: str, countries: list[str]) -> tuple[float, float]:
    for within in (countries, None):
        if found := gazetteer.search(line, limit=1, countries=within, locale=language()):
            return round(found[0].lon, 6), round(found[0].lat, 6)
    raise RuleBroken(
        "points", "“{text}” is no place that is known here. Try another spelling, or a coordinate.", text=line
    )


def _geometry(shape: str | None, found: list[tuple[float, float]]) -> dict[str, Any]:
    places = [list(corner) for corner in found]
    if shape == "Polygon":
        return {"type": shape, "coordinates": [places if places[0] == places[-1] else [*places, places[0]]]}
    return {"type": shape, "coordinates": places} if shape else {"type": "Point", "coordinates": places[0]}


def _tool(operation: plan.Operation, chosen: dict[str, Any]) -> str:
    draws, places_sites = drawing_rights(operation, actor())
    tool = str(chosen.get("kind"))
    if tool not in tool_names() or not (places_sites if tool == _SITE else draws):
        raise NotFound
    return tool
