"""Map of posts by their rank, or by whether a plan connects them. The lists beside it hold the same data."""

from collections.abc import Iterable
from itertools import islice
from typing import Any
from uuid import UUID

from dash import html
from dash.development.base_component import Component

from dashboard.map.answer_styles import legend, looks
from dashboard.map.answers import stores
from dashboard.map.component import operation_map
from dashboard.wording import N_
from operations.analyses.question import FeatureStyle, sign
from operations.core.ids import fingerprint
from operations.posts.register import Post

_EMPTY: dict[str, Any] = {"type": "FeatureCollection", "features": []}
MOST = 200
"""The number of posts of a ranking that are drawn."""
RANKED = FeatureStyle(
    "ranked",
    "odds",
    note=(N_("Worth {worth} of 100"),),
    fills={"worth": ("worth", 1)},
    legend=N_("Place in the list"),
    mark="place_in_list",
    near=True,
)
CHOSEN = sign("chosen", N_("Connected by this plan"), "target")
OTHER = sign("other", N_("In question, not in this plan"), "target-out")
Marked = tuple[Post, dict[str, Any]]
"""A post and its mark: the `kind`, and the values that the mark's template fills in."""


def ranked(posts: Iterable[tuple[int, Post, float]]) -> list[Marked]:
    """Return posts as marks by their place in the list and their worth, of 100, best first."""
    return [
        (post, {"kind": "ranked", "place_in_list": place, "worth": round(worth, 1)})
        for place, post, worth in islice(posts, MOST)
    ]


def planned(posts: Iterable[Post], chosen: Iterable[str]) -> list[Marked]:
    """Return the candidate posts as marks: those of the plan, and the others."""
    taken = set(chosen)
    return [(post, {"kind": "chosen" if str(post.id) in taken else "other"}) for post in posts]


def features(marked: Iterable[Marked]) -> list[dict[str, Any]]:
    """Return GeoJSON points (WGS 84) with the text of each."""
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [post.lon, post.lat]},
            "properties": {"place": post.name, **about},
        }
        for post, about in marked
    ]


def drawn(marked: Iterable[Marked], of: UUID | str = "") -> dict[str, Any]:
    """Return the content of the map's store; when `of` changes, the map zooms to what is shown."""
    found = features(marked)
    return {
        "id": f"{of}{fingerprint(sorted(str(each['geometry']) for each in found))}",
        "features": looks(found, (RANKED, CHOSEN, OTHER)),
        "layers": [],
        "show": False,
        "words": {},
    }


def post_map(map_id: str, marked: list[Marked], label: str, *known: FeatureStyle, of: UUID | str = "") -> Component:
    """Return the map with a legend of the `known` looks. The page registers the callback of `map_id` once."""
    samples = [{"properties": {"kind": each.kind}} for each in known]
    meaning = html.Ul(legend(samples, known), className="needs-legend")
    frame = operation_map(map_id, scene=_EMPTY, legend=False, label=label)
    return html.Div([html.Div([frame, *stores(map_id, drawn(marked, of))], className="needs-map"), meaning])
