"""The lines of reports that a key figure is made of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from operations.core.vocabulary import PhaseKind
from operations.totals.totals import FACETS, Facet, TotalKind, side


class CountingUnit(StrEnum):
    """What one of a figure is (domain 2.1): never mixed."""

    RECORDS = "records"
    QUANTITY = "quantity"
    RATE = "rate"
    SHARE = "share"
    APART = "apart"


@dataclass(frozen=True)
class LineSelection:
    """Lines of one kind, those of a training only where `training`. `where` names codes of fields of the line.

    Each counts as one record, or by the quantity written in it.
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
        """The totals of which they are."""
        sides = tuple((FACETS[place], codes) for place, codes in self._sides)
        return TotalKind(self.kind, sides, () if self.training else (PhaseKind.TRAINING.value,))

    def hold(self, facet: Facet) -> bool:
        """Whether a facet is one of theirs."""
        return (
            facet.kind == self.kind
            and (self.training or facet.phase_kind != PhaseKind.TRAINING)
            and all(facet[place] in codes for place, codes in self._sides)
        )

    def amount(self, facet: Facet, records: int, quantity: int) -> int:
        """How much a total adds to them."""
        if not self.hold(facet):
            return 0
        return records if self.counting is CountingUnit.RECORDS else quantity

    def but(self, name: str, codes: Collection[str]) -> "LineSelection":
        """Those of them whose field has one of the codes."""
        return LineSelection(self.kind, self.counting, {**self.where, name: codes}, self.training)
