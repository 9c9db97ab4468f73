"""Counts by country on a map: the shape of a country with a number, never a point within it."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from dashboard.server.lazy_modules import reference
from dashboard.wording import number

_COARSE = 0.1
_SPECK = 0.05
"""Degrees (tolerance) and square degrees: country shapes need no finer line and no smaller island."""


def shaded(mark: str, counts: Mapping[str, tuple[str, str, int]]) -> dict[str, Any]:
    """Return the content of a map's answer store for countries by code (iso3), each with name, note and number.

    A country with the number 0 is shaded only.
    """
    features = [
        {
            "g": place[0],
            "at": place[1],
            "look": "rank",
            "name": name,
            "note": note,
            "number": number(count) if count else "",
        }
        for country, (name, note, count) in sorted(counts.items())
        if (place := _shape(country)) is not None
    ]
    return {"id": mark, "features": features, "layers": [], "show": False, "words": {}}


@cache
def _shape(country: str) -> tuple[dict[str, Any], tuple[float, float]] | None:
    """Return the simplified shape of a country (GeoJSON, WGS 84), and its label point (latitude, longitude)."""
    countries = reference.countries()
    rows = countries[countries["iso3"] == country]
    if rows.empty:
        return None
    parts = rows.geometry.set_crs(None, allow_override=True).explode(ignore_index=True)
    large = parts[(parts.area >= _SPECK) | (parts.area == parts.area.max())]
    whole = large.simplify(_COARSE).to_frame("geometry").dissolve()
    shape: dict[str, Any] = json.loads(whole.geometry.to_json())["features"][0]["geometry"]
    about = rows.iloc[0]
    return shape, (float(about["label_lat"]), float(about["label_lon"]))
