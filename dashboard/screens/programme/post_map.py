"""Map of posts, one layer at a time: readiness, connection, training, results."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.frame.interactions import property_hash
from dashboard.map.answers import stores, wire_answers
from dashboard.map.component import operation_map
from dashboard.parts.panel import panel
from dashboard.screens.programme.tables import standing_words
from dashboard.wording import N_, _, number
from operations.core.ids import fingerprint
from operations.programme.figures import PostStanding

MAP, LAYER, MAPPED = "programme-map", "programme-layer", "programme-mapped"
LAYERS = {
    "readiness": N_("Readiness"),
    "connected": N_("Connection"),
    "certified": N_("Training"),
    "grown": N_("Results"),
}
"""The layers of the map, in the order of the strategy loop."""
_EMPTY: dict[str, Any] = {"type": "FeatureCollection", "features": []}
wire_answers(MAP, variant_id=LAYER)


def drawn(shown: dict[str, Any], *beneath: Component) -> Component:
    """Return the map with its layer selector and legend, and the text below it."""
    choice = dmc.SegmentedControl(
        id=LAYER, data=[{"value": name, "label": _(words)} for name, words in LAYERS.items()], value="readiness"
    )
    legend = [
        (_("Readiness"), _("A number from 0 to 100, of the newest validated assessment.")),
        (
            _("Connection"),
            _("A tick: it made a query in the last 30 days. A cross: equipment or a link is meant, and none."),
        ),
        (_("Training"), _("How many certified officers work there. A cross: nobody is left of those trained for it.")),
        (_("Results"), _("Queries a month, divided by those that its first validated assessment found.")),
    ]
    meant = html.Dl([part for name, words in legend for part in (html.Dt(name), html.Dd(words))], className="m-facts")
    return panel(
        _("Posts on the map"),
        choice,
        html.Div(
            operation_map(MAP, scene=_EMPTY, legend=False, label=_("Posts on the map")),
            className="programme-map",
            id=MAPPED,
            **property_hash(shown),
        ),
        *stores(MAP, shown),
        html.Details([html.Summary(_("What the signs mean")), meant], className="years-more"),
        *beneath,
    )


def features(found: Sequence[PostStanding]) -> dict[str, Any]:
    """Return the content of the map's store: each post once for each layer that has data on it."""
    made = [one for each in found for one in _of_post(each)]
    return {"id": fingerprint(made), "features": made, "layers": [], "show": False, "words": {}}


def _of_post(each: PostStanding) -> list[dict[str, Any]]:
    words = dict(zip(LAYERS, standing_words(each), strict=True))
    looks: dict[str, tuple[str, str]] = {}
    if each.readiness is not None:
        looks["readiness"] = ("odds", number(each.readiness))
    if each.connected is not None:
        looks["connected"] = ("target" if each.connected else "target-out", "")
    if each.certified is not None:
        looks["certified"] = ("odds", number(each.certified)) if each.certified else ("target-out", "")
    if each.grown is not None:
        looks["grown"] = ("odds", number(each.grown, 0 if each.grown >= 10 else 1))
    point = {"type": "Point", "coordinates": [each.post.lon, each.post.lat]}
    return [
        {
            "g": point,
            "look": look,
            "name": each.post.name,
            "note": f"{_(LAYERS[layer])}: {words[layer]}",
            "number": sign,
            "of": [layer],
        }
        for layer, (look, sign) in looks.items()
    ]
