"""Prints for tests: things on a plan, and what a PDF says where, read back."""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from dashboard.papers.canvas import Ink
from dashboard.papers.sheet_order import SITE, Order, PaperSize, PlanFeature

MARKING = "INTERPOL RESTRICTED"


def point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def line(*places: tuple[float, float]) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": [list(place) for place in places]}


def area(*places: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(place) for place in (*places, places[0])]]}


def thing(kind: str, name: str, geometry: dict[str, Any], state: str = "planned", site_type: str = "") -> PlanFeature:
    label = site_type or kind
    return PlanFeature(kind, state, name, geometry, label, "" if kind == SITE else state, "Niger", site_type)


NIGER = (
    thing("area", "North", area((6.5, 16.2), (9.4, 16.4), (9.2, 19.4), (6.9, 19.6))),
    thing("area", "East", area((11.5, 13.0), (13.6, 13.2), (13.4, 15.0), (11.8, 14.6)), "active"),
    thing("checkpoint", "Toll post", point(7.9, 16.6), "active"),
    thing("observation_post", "Ridge", point(5.78, 19.35)),
    thing("route", "Salt route", line((7.99, 16.97), (11.0, 18.7), (13.0, 20.5)), "closed"),
    thing(SITE, "Niamey", point(2.18, 13.48), "active", "airport"),
)


def order(*things: PlanFeature, **changes: Any) -> Order:
    content: dict[str, Any] = {
        "title": "Test",
        "classification": MARKING,
        "printed": "Printed today.",
        "version": "Version 1.",
        "things": things or NIGER,
        "countries": ("NER",),
        "paper": PaperSize.A4,
    }
    return Order(**content | changes)


@contextmanager
def overheard() -> Iterator[dict[int, list[str]]]:
    """What is written on each page while the block runs, in its order."""
    found: dict[int, list[str]] = defaultdict(list)
    words = Ink.words

    def write(ink: Ink, x: float, y: float, said: str, *rest: Any, **more: Any) -> None:
        found[ink.page].append(said)
        words(ink, x, y, said, *rest, **more)

    with patch.object(Ink, "words", write):
        yield found


def streams(pdf: bytes) -> list[str]:
    """The contents of the pages, in their order."""
    packed = re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL)
    plain = []
    for each in packed:
        try:
            plain.append(zlib.decompress(each).decode("latin-1"))
        except zlib.error:
            continue
    return [each for each in plain if " re W n" in each or "BT " in each]
