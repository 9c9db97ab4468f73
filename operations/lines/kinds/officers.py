"""Lines of officers who worked in the operation."""

from typing import Annotated, ClassVar, Literal

from typing_extensions import override

from operations.core.field_labels import N_, Label
from operations.core.vocabulary import InList, LineKind
from operations.lines.line import Agency, QuantityLine, Some


class Officers(QuantityLine):
    """Officers, each counted once, or the days that they worked: the two are never added up."""

    TITLE: ClassVar[str] = N_("Officers deployed")
    ADD: ClassVar[str] = N_("Add officers")
    UNIT: ClassVar[str] = "officer"
    COUNTS: ClassVar[str] = "count"
    ADDS: ClassVar[bool] = False
    kind: Literal[LineKind.OFFICERS] = LineKind.OFFICERS
    count: Annotated[Some, Label(N_("How many"))]
    counted: Annotated[str, InList("CL-OFFICERS"), Label(N_("Counted as"))]
    agency: Agency = "unknown"

    @property
    @override
    def unit(self) -> str:
        return self.counted
