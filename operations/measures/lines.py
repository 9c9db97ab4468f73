"""The lines of reports that a key figure is made of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from operations.core.vocabulary import PhaseKind
from operations.measures.totals import FACETS, Facet, Held, side


class Counting(StrEnum):
    """What one of a figure is (domain 2.1): never mixed."""

    RECORDS = "records"
    QUANTITY = "quantity"
    RATE = "rate"
    SHARE = "share"
    APART = "apart"


@dataclass(frozen=True)
class Lines:
    """Lines of one kind, those of a training only where `training`. `where` names codes of fields of the line.

    Each counts as one record, or by the quantity written in it.
    """

    kind: str
    counting: Counting = Counting.QUANTITY
    where: Mapping[str, Collection[str]] = field(default_factory=dict)
    training: bool = True

    @cached_property
    def _sides(self) -> tuple[tuple[int, frozenset[str]], ...]:
        return tuple((side(self.kind, name), frozenset(codes)) for name, codes in self.where.items())

    @cached_property
    def held(self) -> Held:
        """The totals of which they are."""
        sides = tuple((FACETS[place], codes) for place, codes in self._sides)
        return Held(self.kind, sides, () if self.training else (PhaseKind.TRAINING.value,))

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
        return records if self.counting is Counting.RECORDS else quantity

    def but(self, name: str, codes: Collection[str]) -> "Lines":
        """Those of them whose field has one of the codes."""
        return Lines(self.kind, self.counting, {**self.where, name: codes}, self.training)
