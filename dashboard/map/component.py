"""Map component: frame, base map, marks, legend, and the notice on boundaries. Read-only without further parts.

map/*.js draw it. Constant settings are a JSON attribute of the frame; changing data are in three stores, with the ids
`scene_id`, `values_id` and `selected_id`; the first two are packed (`packing`).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from dash import ClientsideFunction, Input, Output, clientside_callback, dcc, html
from dash.development.base_component import Component

from dashboard.map import tiles
from dashboard.map.leaflet_map import LeafletMap
from dashboard.map.packing import packed_scene, packed_values
from dashboard.map.router import SEARCH, base_urls
from dashboard.map.scene import view, whole
from dashboard.server.access import actor
from dashboard.server.lazy_modules import reference
from dashboard.wording import _, coded, language
from operations.core import vocabulary


def scene_id(map_id: str) -> str:
    """Return the id of the store of a map's geometry: the result of `scene.scene`."""
    return f"{map_id}-scene"


def values_id(map_id: str) -> str:
    """Return the id of the store of sites' reports: the result of `scene.site_values`."""
    return f"{map_id}-values"


def selected_id(map_id: str) -> str:
    """Return the id of the store of the last click: {"type": "site" | "object", "id": ...}."""
    return f"{map_id}-selected"


def wire(map_id: str) -> None:
    """Declare the callbacks from a map's stores to the browser's drawing. Call it once for each map, at import."""
    for what, store in (("scene", scene_id(map_id)), ("values", values_id(map_id))):
        # Dash runs a callback when a page opens only if an output is on that page.
        clientside_callback(
            ClientsideFunction("muster_map", what), Output(f"{store}-drawn", "data"), Input(store, "data")
        )


def operation_map(
    map_id: str,
    *,
    scene: Mapping[str, Any],
    values: Mapping[str, Any] | None = None,
    operation_id: UUID | None = None,
    countries: Sequence[str] = (),
    legend: bool = True,
    drawing: bool = False,
    label: str | None = None,
    class_name: str = "",
    children: Sequence[Component] = (),
) -> Component:
    """Return a map that fills its parent.

    `countries` (iso3) are highlighted. `operation_id` adds the layer of hits. `drawing` loads the tools for drawing.
    `children` lie over the map: toolbars, hints.
    """
    locale = language()
    settings = {
        "base": base_urls(locale),
        "tiles": tiles.sources(),
        "search": SEARCH,
        "events": f"/data/map/{operation_id}/events" if operation_id else None,
        "locale": locale,
        "countries": list(countries),
        "view": view(scene["features"], countries),
        "whole": whole(scene["features"], countries),
        "words": words(),
    }
    return html.Div(
        [
            html.Div(
                LeafletMap(map_id, drawing=drawing),
                className="atlas-ground",
                role="region",
                **{"aria-label": label or _("Map of the operation")},
            ),
            dcc.Store(id=scene_id(map_id), data=packed_scene(scene)),
            dcc.Store(id=values_id(map_id), data=None if values is None else packed_values(values)),
            dcc.Store(id=selected_id(map_id)),
            dcc.Store(id=f"{scene_id(map_id)}-drawn"),
            dcc.Store(id=f"{values_id(map_id)}-drawn"),
            *children,
            *([site_legend(others=actor().national)] if legend else []),
            html.Div(
                [
                    html.Span(_(reference.DISCLAIMER)),
                    html.Details(
                        [
                            html.Summary(_("© OpenStreetMap, GeoNames, Natural Earth and others")),
                            _(reference.ATTRIBUTION),
                            " ",
                            _(reference.GROUND_ATTRIBUTION),
                        ],
                        className="atlas-sources",
                    ),
                ],
                className="atlas-notice",
            ),
        ],
        className=f"atlas {class_name}".strip(),
        **{"data-atlas": json.dumps(settings, ensure_ascii=False, separators=(",", ":"))},
    )


def site_legend(*, others: bool = False) -> Component:
    """Return the legend of site marks: shape and text, never colour alone. `others`: also of withheld sites."""
    rows = [
        html.Li([html.Span(className=f"atlas-key is-{state}", **{"aria-hidden": "true"}), words])
        for state, words in _site_states()
        if others or state != "untold"
    ]
    return html.Ul(rows, className="atlas-legend", **{"aria-label": _("Legend")})


def _site_states() -> tuple[tuple[str, str], ...]:
    return (
        ("hits", _("Reporting, with raw hits")),
        ("reporting", _("Reporting")),
        ("silent", _("Silent for 24 hours or more")),
        ("planned", _("Has not reported yet")),
        ("untold", _("Of another country")),
    )


def words() -> dict[str, Any]:
    """Return what the scripts of a map say."""
    states = {code: coded("CL-MAPSTATE", code) for code in vocabulary.codes("CL-MAPSTATE")}
    return {
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "whole": _("Show everything, also what lies far away"),
        "states": states,
        "site_states": dict(_site_states()),
        "sites": _("Sites here: {number}"),
        "beyond": {
            "north": _("Farther north: {number}. Go there."),
            "south": _("Farther south: {number}. Go there."),
            "west": _("Farther west: {number}. Go there."),
            "east": _("Farther east: {number}. Go there."),
        },
        "candidate": _("Could become a site: click to look at it"),
        "events": _("{hits} raw hits at {places} sites"),
        "events_note": _("Submitted or better, not all of them verified"),
        "nothing": _("Nothing found: try another spelling or a coordinate"),
        "searching": _("Searching the names of places"),
        "found": {
            "country": _("Country"),
            "place": _("Town"),
            "airport": _("Airport"),
            "port": _("Seaport"),
            "crossing": _("Border crossing"),
            "coordinate": _("Coordinate"),
        },
        "unsaved": _("This is not saved yet: save it or discard it first."),
        "discard": _("Press Esc again to discard what you have drawn."),
        "so_far": {
            "km": _("{number} km so far. Double-click to finish."),
            "nm": _("{number} NM so far. Double-click to finish."),
            "mi": _("{number} mi so far. Double-click to finish."),
        },
        "draw": {
            "Marker": _("Click where it stands. Esc cancels."),
            "rings": _("Click the place in the middle of the rings. Esc cancels."),
            "Line": _("Click to add points, double-click to finish. Backspace takes the last point back, Esc cancels."),
            "Polygon": _(
                "Click to add corners, double-click or click the first corner to finish. "
                "Backspace takes the last corner back, Esc cancels."
            ),
        },
    }
