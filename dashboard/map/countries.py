"""Counts by country on a map: the shape of a country with a number on it, and never a point inside."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from dashboard.server.lazy_modules import reference
from dashboard.wording import number

_COARSE = 0.1
_SPECK = 0.05
"""Degrees and square degrees: shapes of whole countries need no finer line and no smaller island."""


def shaded(mark: str, counts: Mapping[str, tuple[str, str, int]]) -> dict[str, Any]:
    """The content of a map's answer store: countries by code, each with its name, what is said of it, and a number.

    A country without a number is shaded alone.
    """
    features = [
        {
            "g": found[0],
            "at": found[1],
            "look": "rank",
            "name": name,
            "note": note,
            "number": number(count) if count else "",
        }
        for country, (name, note, count) in sorted(counts.items())
        if (found := _shape(country)) is not None
    ]
    return {"id": mark, "features": features, "layers": [], "show": False, "words": {}}


@cache
def _shape(country: str) -> tuple[dict[str, Any], tuple[float, float]] | None:
    """The shape of a country, coarse, and where its name stands (latitude, longitude)."""
    found = reference.countries()
    rows = found[found["iso3"] == country]
    if rows.empty:
        return None
    parts = rows.geometry.set_crs(None, allow_override=True).explode(ignore_index=True)
    large = parts[(parts.area >= _SPECK) | (parts.area == parts.area.max())]
    whole = large.simplify(_COARSE).to_frame("geometry").dissolve()
    shape: dict[str, Any] = json.loads(whole.geometry.to_json())["features"][0]["geometry"]
    about = rows.iloc[0]
    return shape, (float(about["label_lat"]), float(about["label_lon"]))
