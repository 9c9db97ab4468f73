"""What is to be printed: plain values, so that any caller can print, and nothing that the reader may not see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from operations.core.errors import MusterError


class PaperSize(StrEnum):
    """The papers that a sheet is made for."""

    A4 = "a4"
    A3 = "a3"


SIZES = {PaperSize.A4: (210.0, 297.0), PaperSize.A3: (297.0, 420.0)}
"""Width and height upright, in millimetres."""

SCALES = (25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000)
"""The denominators that a person chooses from."""

SITE = "site"
"""The `kind` of a site; every other is a code of CL-MAPOBJECT."""

AREA = "area"
"""Each object of this kind has sheets of its own."""

MOST_SHEETS = 60
"""Map pages of one print: beyond, the scale is too large for the plan."""


class CannotPrint(MusterError):
    """A plan that makes no map: empty, or too large for the paper."""


@dataclass(frozen=True)
class PlanFeature:
    """Something on the plan. `geometry` is GeoJSON on WGS 84; `kind`, `state` are codes, the words are the reader's."""

    kind: str
    state: str
    name: str
    geometry: Mapping[str, Any]
    label: str
    state_label: str
    country: str = ""
    site_type: str = ""


@dataclass(frozen=True)
class Order:
    """One print: words in the reader's language, what stands on the plan, paper and scale.

    `classification` is printed on every page as it is. `printed` and `version` say when this was made and what state
    of the plan it shows. `countries` (iso3) are set off. `scale` is a denominator; None takes the largest round scale
    at which a sheet holds what it shows.
    """

    title: str
    classification: str
    printed: str
    version: str
    things: tuple[PlanFeature, ...]
    language: str = "en"
    paper: PaperSize = PaperSize.A4
    scale: int | None = None
    countries: tuple[str, ...] = field(default=())
