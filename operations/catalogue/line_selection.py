"""Line selections: the report lines that a key figure counts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from operations.core.vocabulary import PhaseKind
from operations.totals.totals import FACETS, Facet, TotalKind, side


class CountingUnit(StrEnum):
    """The counting unit of a figure (domain 2.1); units are never mixed."""

    RECORDS = "records"
    QUANTITY = "quantity"
    RATE = "rate"
    SHARE = "share"
    APART = "apart"
    PEAK = "peak"


@dataclass(frozen=True)
class LineSelection:
    """The lines of one kind, with those of trainings only if `training`. `where` restricts fields to codes.

    Each line counts as one record, or by its quantity.
    """

    kind: str
    counting: CountingUnit = CountingUnit.QUANTITY
    where: Mapping[str, Collection[str]] = field(default_factory=dict)
    training: bool = True

    @cached_property
    def _sides(self) -> tuple[tuple[int, frozenset[str]], ...]:
        return tuple((side(self.kind, name), frozenset(codes)) for name, codes in self.where.items())

    @cached_property
    def held(self) -> TotalKind:
        """The totals that hold these lines."""
        sides = tuple((FACETS[place], codes) for place, codes in self._sides)
        return TotalKind(self.kind, sides, () if self.training else (PhaseKind.TRAINING.value,))

    def hold(self, facet: Facet) -> bool:
        """Whether the selection includes a facet."""
        return (
            facet.kind == self.kind
            and (self.training or facet.phase_kind != PhaseKind.TRAINING)
            and all(facet[place] in codes for place, codes in self._sides)
        )

    def amount(self, facet: Facet, records: int, quantity: int) -> int:
        """Return how much a total adds to the selection."""
        if not self.hold(facet):
            return 0
        return records if self.counting is CountingUnit.RECORDS else quantity

    def but(self, name: str, codes: Collection[str]) -> "LineSelection":
        """Return the selection restricted to lines whose field has one of the codes."""
        return LineSelection(self.kind, self.counting, {**self.where, name: codes}, self.training)
