"""What an analysis found, on the map: hot cells by strength, ranks, checkpoints, ways, and the events behind them.

The drawing is done by assets/map_answers.js, from one store for each map (`answer_id`). Words at the pointer are
written here; what can be read there stands in the tables too, so nothing needs a pointer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from dash import ClientsideFunction, Input, Output, clientside_callback, dcc, html
from dash.development.base_component import Component

from dashboard.wording import _, number, percent
from operations.policing.layers import EventLayer

Feature = dict[str, Any]
STRENGTHS = 3
"""So many shades tell how strong a hot cell is: a third of the cells in each."""


def answer_id(map_id: str) -> str:
    """The store of what is drawn besides the plan: what `drawn` and `of_layers` answer."""
    return f"{map_id}-answer"


def wire_answers(map_id: str, switch_id: str | None = None) -> None:
    """Let the store reach the browser's drawing. `switch_id`: a switch that shows the events of the layers."""
    clientside_callback(
        ClientsideFunction("muster_map", "answer"),
        Output(f"{answer_id(map_id)}-drawn", "data"),
        Input(answer_id(map_id), "data"),
        *([Input(switch_id, "checked")] if switch_id else []),
    )


def stores(map_id: str, shown: Mapping[str, Any] | None = None) -> list[Component]:
    """The stores of `wire_answers`: children of the map's page."""
    return [dcc.Store(id=answer_id(map_id), data=shown), dcc.Store(id=f"{answer_id(map_id)}-drawn")]


def drawn(
    mark: str,
    operation_id: UUID,
    features: Sequence[Mapping[str, Any]],
    trends: Mapping[str, str],
    versions: Iterable[tuple[str, str]] = (),
) -> dict[str, Any]:
    """The store's content for the features of an answer.

    `trends` are the words for those trends that are drawn, `versions` the ids and names of the layers that were asked.
    """
    return {
        "id": mark,
        "features": _looks(features, trends),
        "layers": [{"url": points_url(operation_id, version), "name": name} for version, name in versions],
        "show": False,
        "words": _words(),
    }


def of_layers(operation_id: UUID, chosen: Sequence[EventLayer]) -> dict[str, Any]:
    """The store's content for layers alone: their events, and the part of the world to show."""
    return {
        "id": ",".join(str(each.id) for each in chosen),
        "features": [],
        "layers": [{"url": points_url(operation_id, str(each.id)), "name": each.name} for each in chosen],
        "show": True,
        "view": _around(chosen),
        "words": _words(),
    }


def points_url(operation_id: UUID, version_id: str) -> str:
    """Where the map asks for the events of a layer."""
    return f"/data/map/{operation_id}/layers/{version_id}"


def _words() -> dict[str, str]:
    return {"one": _("1 event"), "many": _("{count} events")}


def _around(chosen: Sequence[EventLayer]) -> list[list[float]] | None:
    """South-west and north-east of all layers; None where they lie across 180° or nowhere."""
    west, south, east, north = ([getattr(each, side) for each in chosen] for side in ("west", "south", "east", "north"))
    if not chosen or None in west or any(a > b for a, b in zip(west, east, strict=True)):
        return None
    return [[min(south), min(west)], [max(north), max(east)]]


# ------------------------------------------------------------------------------------------------- features


def _looks(features: Sequence[Mapping[str, Any]], trends: Mapping[str, str]) -> list[Feature]:
    """Each feature with its `look` (a name that the drawing knows), words, and the number written on it."""
    limits = strengths(features)
    found = []
    for each in features:
        about = each["properties"]
        looked = _LOOKS[about["kind"]](about, limits, trends)
        if looked is not None:
            found.append({"g": each["geometry"], **looked})
    return found


def strengths(features: Sequence[Mapping[str, Any]]) -> list[float]:
    """From which z on a hot cell is drawn in the next stronger shade; [] without hot cells."""
    z = sorted(each["properties"]["z"] for each in features if each["properties"]["kind"] == "hot")
    return [z[len(z) * step // STRENGTHS] for step in range(STRENGTHS)] if z else []


def _cell(about: Mapping[str, Any], limits: Sequence[float], trends: Mapping[str, str]) -> Feature | None:
    trend = about["trend"] if about["trend"] in trends else ""
    if about["kind"] == "hot":
        look = f"hot-{max(1, sum(about['z'] >= limit for limit in limits))}"
    elif about["kind"] == "cold":
        look = "cold"
    elif trend:
        look = "was-hot"
    else:
        return None
    words = [_("{count} events", count=number(about["count"])), _("strength {z}", z=number(about["z"], 2))]
    return {
        "look": look,
        "edge": trend,
        "name": about["place"],
        "note": " · ".join([*words, *([trends[trend]] if trend else [])]),
    }


def _ranked(about: Mapping[str, Any], *_same: Any) -> Feature:
    note = _("Rank {rank}", rank=number(about["rank"]))
    return {"look": "rank", "name": about["place"], "note": note, "number": number(about["rank"])}


def _checkpoint(about: Mapping[str, Any], *_same: Any) -> Feature:
    return {"look": "checkpoint", "name": about["place"], "note": _("Checkpoint of this plan")}


def _in_force(about: Mapping[str, Any], *_same: Any) -> Feature:
    return {"look": "in-force", "name": about["place"], "note": _("In the plan in force, not in this one")}


def _way(about: Mapping[str, Any], *_same: Any) -> Feature:
    note = _("Chance to pass unseen: {chance}", chance=percent(about["unseen"], 0))
    return {"look": "way", "name": _("The safest way past this plan"), "note": note}


_LOOKS: dict[str, Callable[..., Feature | None]] = {
    "hot": _cell,
    "cold": _cell,
    "": _cell,
    "forecast": _ranked,
    "checkpoint": _checkpoint,
    "in_force": _in_force,
    "way": _way,
}


# --------------------------------------------------------------------------------------------------- legend


def legend(features: Sequence[Mapping[str, Any]], trends: Mapping[str, str]) -> list[Component]:
    """What the marks mean, as far as they are there: a sign and a word for each."""
    limits, looks = strengths(features), _looks(features, trends)
    there, edges = {each["look"] for each in looks}, {each.get("edge", "") for each in looks}
    ranges = [*(number(limit, 1) for limit in limits), ""]
    words = {
        "hot-3": _("Hot, strongest third (z from {z})", z=ranges[2] if limits else ""),
        "hot-2": _("Hot, middle third (z from {z})", z=ranges[1] if limits else ""),
        "hot-1": _("Hot (z from {z})", z=ranges[0] if limits else ""),
        "cold": _("Less than chance gives"),
        "was-hot": _("Not hot as a whole, but with a trend"),
        "rank": _("Place to watch, with its rank"),
        "checkpoint": _("Checkpoint of this plan"),
        "in-force": _("Only in the plan in force"),
        "way": _("Safest ways past this plan"),
    }
    rows = [_row(f"is-{look}", meaning) for look, meaning in words.items() if look in there]
    rows += [_row(f"is-edge is-{trend}", meaning) for trend, meaning in trends.items() if trend in edges]
    return rows


def _row(key: str, words: str) -> Component:
    return html.Li([html.Span(className=f"answer-key {key}", **{"aria-hidden": "true"}), words])
