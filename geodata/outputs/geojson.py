"""GeoJSON (RFC 7946)."""

import json
from collections.abc import Sequence
from typing import Any

from geodata.outputs.objects import FileMetadata, PlanObject, unique


def write(objects: Sequence[PlanObject], about: FileMetadata) -> bytes:
    """A FeatureCollection in UTF-8; what the file says about itself is the foreign member `about`.

    `<`, `>` and `&` are written as escapes, so that the text may stand inside a page.

    >>> from datetime import UTC, datetime
    >>> post = PlanObject("1", "checkpoint", "North", "planned", {"type": "Point", "coordinates": [7.99, 16.97]})
    >>> write([post], FileMetadata("Plan", datetime(2026, 11, 24, tzinfo=UTC)))[:44]
    b'{"type":"FeatureCollection","about":{"title"'
    """
    unique(objects)
    content = {
        "type": "FeatureCollection",
        "about": about.texts,
        "features": [feature(each) for each in objects],
    }
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text.encode("utf-8", "replace")


def feature(each: PlanObject) -> dict[str, Any]:
    """Return one object as a Feature."""
    properties = {name: value for name, value in each.attributes.items() if name not in ("id", "sources")}
    return {
        "type": "Feature",
        "id": each.id,
        "properties": {**properties, "sources": list(each.sources)},
        "geometry": {"type": each.geometry["type"], "coordinates": each.geometry["coordinates"]},
    }
