"""Plan objects: what is exported, with everything that a reader elsewhere must know about each."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely
from shapely.geometry import shape

SHAPES = ("Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon")


@dataclass(frozen=True)
class PlanObject:
    """One object. `geometry` is GeoJSON on WGS 84, longitude first, as `geodata.ground.shapes.measure` makes it.

    `kind` and `state` are codes (`checkpoint`, `planned`). ValueError for a geometry that is empty, not finite, off the
    Earth or of another kind than `SHAPES`.
    """

    id: str
    kind: str
    name: str
    state: str
    geometry: Mapping[str, Any]
    note: str = ""
    classification: str = ""
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.geometry.get("type") not in SHAPES:
            raise ValueError(f"An object of the plan has one of the shapes {', '.join(SHAPES)}.")
        made = self.shape
        west, south, east, north = made.bounds
        if made.is_empty or not all(map(math.isfinite, made.bounds)):
            raise ValueError("The shape of an object of the plan must be there, in finite numbers.")
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise ValueError("The shape of an object of the plan must lie on the Earth.")

    @property
    def shape(self) -> shapely.Geometry:
        """The geometry as a shapely shape."""
        return shape(self.geometry)

    @property
    def attributes(self) -> dict[str, str]:
        """Everything but the geometry, as texts; sources parted by semicolons."""
        return {
            "id": self.id,
            "kind": self.kind,
            "name": self.name,
            "state": self.state,
            "note": self.note,
            "classification": self.classification,
            "sources": "; ".join(self.sources),
        }


@dataclass(frozen=True)
class FileMetadata:
    """Metadata of an exported file. `made_at` is aware; `sources` are those of all layers; ValueError without zone."""

    title: str
    made_at: datetime
    classification: str = ""
    sources: tuple[str, ...] = ()
    disclaimer: str = ""

    def __post_init__(self) -> None:
        if self.made_at.tzinfo is None:
            raise ValueError("The time at which a file is made needs a zone.")

    @property
    def texts(self) -> dict[str, str]:
        """All parts as texts, the moment in ISO 8601, sources parted by semicolons."""
        return {
            "title": self.title,
            "made_at": self.made_at.isoformat(timespec="seconds"),
            "classification": self.classification,
            "sources": "; ".join(self.sources),
            "disclaimer": self.disclaimer,
        }


def parts(geometry: Mapping[str, Any]) -> list[Any]:
    """The single shapes of a geometry: the coordinates of each point, line or area."""
    coordinates = geometry["coordinates"]
    return list(coordinates) if str(geometry["type"]).startswith("Multi") else [coordinates]


def degrees(number: float) -> str:
    """A coordinate in plain decimals, at most 7 behind the point (1 cm), never in powers of ten.

    >>> degrees(7.99), degrees(-0.0), degrees(1e-9)
    ('7.99', '0', '0')
    """
    written = f"{number:.7f}".rstrip("0").rstrip(".")
    return "0" if written in ("-0", "") else written


# XML 1.0 allows no control characters but tab and line ends, no half surrogates, and neither U+FFFE nor U+FFFF.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def legal(text: str) -> str:
    """`text` without the characters that XML cannot hold, whatever escape; line ends as `\\n`, as XML reads them."""
    return _ILLEGAL.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def unique(objects: Sequence[PlanObject]) -> None:
    """ValueError if two objects have one id: readers elsewhere would keep only one of them."""
    if len({each.id for each in objects}) < len(objects):
        raise ValueError("Two objects of the plan have the same id.")
