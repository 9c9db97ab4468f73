"""Order of a print: plain values with only what the reader may see, so that any caller can print."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from operations.core.errors import MusterError


class PaperSize(StrEnum):
    """Paper sizes of map sheets."""

    A4 = "a4"
    A3 = "a3"


SIZES = {PaperSize.A4: (210.0, 297.0), PaperSize.A3: (297.0, 420.0)}
"""Width and height in portrait, in mm."""

SCALES = (25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000)
"""Scale denominators that a person can choose."""

SITE = "site"
"""The `kind` of a site; all other kinds are codes of CL-MAPOBJECT."""

AREA = "area"
"""The kind of objects that have sheets of their own."""

MOST_SHEETS = 60
"""The most map pages of one print: for more, the chosen scale is too large for the plan."""


class CannotPrint(MusterError):
    """The plan cannot be printed: it is empty, or too large for the paper."""


@dataclass(frozen=True)
class PlanFeature:
    """An object of the plan. `geometry` is GeoJSON in WGS 84; `kind` and `state` are codes, all else is localised."""

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
    """One print: texts in the reader's language, objects of the plan, paper and scale.

    `classification` is printed on every page as given. `printed` and `version` say when it was printed, and which state
    of the plan it shows. `countries` (iso3) are highlighted. `scale` is a denominator; with None each sheet has the
    largest round scale that holds its content.
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
