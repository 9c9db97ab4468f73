"""Interface of a measured shape, as `geodata.ground.shapes` returns it."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class FlawInShape(Protocol):
    """Why a shape cannot be used: a message template and its parameters."""

    template: str
    params: Mapping[str, Any]


class MeasuredShape(Protocol):
    """A shape as `geodata.ground.shapes.measure` returns it: cleaned GeoJSON, its size, and its countries."""

    @property
    def geometry(self) -> dict[str, Any]:
        """GeoJSON geometry, EPSG:4326."""

    @property
    def flaw(self) -> FlawInShape | None:
        """Why the shape cannot be used, or None."""

    @property
    def area_km2(self) -> float:
        """Geodesic area in square kilometres; 0 for points and lines."""

    @property
    def length_km(self) -> float:
        """Geodesic length in kilometres; 0 for points."""

    @property
    def countries(self) -> Sequence[str]:
        """ISO 3166-1 alpha-3 codes of the countries it touches."""
