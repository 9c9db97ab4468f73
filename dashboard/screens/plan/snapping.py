"""Snapping: brings a line drawn by hand onto roads and sea lanes, and back again."""

from typing import Any

from dash import Input, Output, State, no_update

from dashboard.frame.policy import screen
from dashboard.screens.plan.form import SNAP, SNAPPED, UNSNAP
from dashboard.screens.plan.ids import Ids
from dashboard.server.lazy_modules import closures, shapely, snapping
from dashboard.wording import _, number, sentence
from operations.core.errors import Flaw
from operations.core.permissions import Act

_DECIMALS = 5
_TURN_DEGREES = 0.0005
"""A snapped line is thinned by so much (55 m), so that its points can still be moved by hand."""


@screen(
    Output(Ids.GEOMETRY, "data", allow_duplicate=True),
    Output(SNAPPED, "data"),
    Output(f"{SNAPPED}-words", "children"),
    Output(f"{UNSNAP}-place", "hidden"),
    Input(SNAP, "n_clicks"),
    State(Ids.GEOMETRY, "data"),
    State(SNAPPED, "data"),
    act=Act.PLAN_DRAW,
    prevent_initial_call=True,
    running=[(Output(SNAP, "loading"), True, False)],
)
def follow(clicks: int | None, geometry: dict[str, Any] | None, before: dict[str, Any] | None) -> tuple[Any, ...]:
    """Return the line along roads and lanes and its distance from the drawn one, or why there is none."""
    if not clicks or not geometry or geometry["type"] != "LineString":
        return (no_update,) * 4
    try:
        found = snapping.snap_line([tuple(point[:2]) for point in geometry["coordinates"]])
    except closures.NoAnswer as why:
        return no_update, no_update, sentence(Flaw("", why.template, why.params)), no_update
    words = _(
        "The line follows roads and lanes now. It strays up to {most} km from what was drawn, {mean} km on average. "
        "Save it to keep it.",
        most=number(found.most_astray_km, 0 if found.most_astray_km >= 10 else 1),
        mean=number(found.mean_astray_km, 1),
    )
    return _line(found.route.geometry), before or geometry, words, False


@screen(
    Output(Ids.GEOMETRY, "data", allow_duplicate=True),
    Output(SNAPPED, "data", allow_duplicate=True),
    Output(f"{SNAPPED}-words", "children", allow_duplicate=True),
    Output(f"{UNSNAP}-place", "hidden", allow_duplicate=True),
    Input(UNSNAP, "n_clicks"),
    State(SNAPPED, "data"),
    act=Act.PLAN_DRAW,
    prevent_initial_call=True,
)
def as_drawn(clicks: int | None, before: dict[str, Any] | None) -> tuple[Any, ...]:
    """Return the line as it was before snapping."""
    if not clicks or not before:
        return (no_update,) * 4
    return before, None, "", True


def _line(found: "shapely.Geometry") -> dict[str, Any]:
    """Return a route as GeoJSON (WGS 84), with few enough points to be moved by hand."""
    thin = shapely.set_precision(shapely.simplify(found, _TURN_DEGREES), 10**-_DECIMALS, mode="pointwise")
    shape: dict[str, Any] = shapely.geometry.mapping(thin)
    lines = [shape["coordinates"]] if shape["type"] == "LineString" else shape["coordinates"]
    whole = [[[round(lon, _DECIMALS), round(lat, _DECIMALS)] for lon, lat in line] for line in lines]
    return {"type": shape["type"], "coordinates": whole[0] if shape["type"] == "LineString" else whole}
