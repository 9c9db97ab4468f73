"""Analysis results and event layers on the map: the content of the store that the browser draws.

map/answers.js and map/points.js draw it, from one store for each map (`answer_id`). Styles and tooltips of features are
made in `answer_styles`; everything in a tooltip is in the tables too, so nothing requires a pointer.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, Output, clientside_callback, dcc, html
from dash.development.base_component import Component

from dashboard.map.answer_styles import looks
from dashboard.map.layer_points import MOST_DRAWN
from dashboard.wording import _, number
from operations.analyses.question import FeatureStyle
from operations.core.vocabulary import LayerKind
from operations.policing.layers.layers import EventLayer


def answer_id(map_id: str) -> str:
    """Return the id of the store of drawings besides the plan: the result of `result_content` or `of_layers`."""
    return f"{map_id}-answer"


def wire_answers(
    map_id: str, switch_id: str | None = None, variant_id: str | None = None, *, store: str | None = None
) -> None:
    """Declare the callback from a store, the map's own or another one, to the browser's drawing.

    `switch_id`: a switch that shows the events of layers. `variant_id`: the control that selects a plan or route.
    """
    clientside_callback(
        ClientsideFunction("muster_map", "answer_of" if variant_id and not switch_id else "answer"),
        Output(f"{answer_id(map_id)}-drawn", "data"),
        Input(store or answer_id(map_id), "data"),
        *([Input(switch_id, "checked")] if switch_id else []),
        *([Input(variant_id, "value")] if variant_id else []),
    )


def stores(map_id: str, shown: Mapping[str, Any] | None = None) -> list[Component]:
    """Return the stores of `wire_answers`, for the map's page."""
    return [dcc.Store(id=answer_id(map_id), data=shown), dcc.Store(id=f"{answer_id(map_id)}-drawn")]


def result_content(
    mark: str,
    operation_id: UUID,
    features: Sequence[Mapping[str, Any]],
    known: Sequence[FeatureStyle],
    versions: Iterable[tuple[str, str]] = (),
) -> dict[str, Any]:
    """Return the store's content for the features of a result.

    `known` are the styles of its question, `versions` the ids and names of the layers it used.
    """
    return {
        "id": mark,
        "features": looks(features, known),
        "layers": [{"url": points_url(operation_id, version), "name": name} for version, name in versions],
        "show": False,
        "words": _words(),
    }


def of_layers(operation_id: UUID, chosen: Sequence[EventLayer]) -> dict[str, Any]:
    """Return the store's content for layers only: their events, and the area to show."""
    return {
        "id": ",".join(str(each.id) for each in chosen),
        "features": [],
        "layers": [
            {
                "url": points_url(operation_id, str(layer.id)),
                "name": layer.name,
                "kept_together": layer.kind == LayerKind.OWN_RESULTS,
            }
            for layer in chosen
        ],
        "show": True,
        "view": _around(chosen),
        "words": _words(),
    }


def points_url(operation_id: UUID, version_id: str) -> str:
    """Return the address of the events of a layer."""
    return f"/data/map/{operation_id}/layers/{version_id}"


def _words() -> dict[str, str]:
    return {
        "one": _("1 event"),
        "many": _("{count} events"),
        "too_many": _(
            "There are more than {most} places in view: they are grouped. Come closer to see every one.",
            most=number(MOST_DRAWN),
        ),
        "kept_together": _("Own results stay grouped, and small numbers are left out."),
    }


def points_switch(map_id: str) -> Component:
    """Return the control for grouped or single events, with a note where they stay grouped: a child of the map."""
    ways = {"grouped": _("Grouped"), "every": _("Every point")}
    choice = dmc.SegmentedControl(
        id=f"{map_id}-grouping",
        data=[{"value": value, "label": label} for value, label in ways.items()],
        value="grouped",
        size="xs",
        persistence=True,
        persistence_type="session",
    )
    group = html.Div(choice, role="group", **{"aria-label": _("How events are drawn")})
    said = html.P(role="status", hidden=True, **{"data-points-said": "true"})
    return html.Div([group, said, dcc.Store(id=f"{map_id}-every")], className="atlas-points")


def wire_points(map_id: str) -> None:
    """Declare the callback from the control of `points_switch` to the browser's drawing."""
    clientside_callback(
        ClientsideFunction("muster_map", "every"),
        Output(f"{map_id}-every", "data"),
        Input(f"{map_id}-grouping", "value"),
    )


def _around(chosen: Sequence[EventLayer]) -> list[list[float]] | None:
    """Return the south-west and north-east corner of all layers; None if they cross 180° or are empty."""
    west, south, east, north = ([getattr(each, side) for each in chosen] for side in ("west", "south", "east", "north"))
    if not chosen or None in west or any(a > b for a, b in zip(west, east, strict=True)):
        return None
    return [[min(south), min(west)], [max(north), max(east)]]
