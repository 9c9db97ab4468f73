"""Lines of positive locations: wanted persons who were found."""

from typing import Annotated, ClassVar, Literal

from operations.core.field_labels import N_, Label
from operations.core.vocabulary import LineKind
from operations.lines.line import BreakdownField, NoticeRef, QuantityLine, Requesting, Some


class PositiveLocation(QuantityLine):
    """Wanted persons whose place is known for certain and who were not arrested there. Neither a hit nor an arrest."""

    TITLE: ClassVar[str] = N_("Positive locations")
    ADD: ClassVar[str] = N_("Add a positive location")
    UNIT: ClassVar[str] = "person"
    COUNTS: ClassVar[str] = "persons"
    PERSONS: ClassVar[bool] = True
    kind: Literal[LineKind.POSITIVE_LOCATION] = LineKind.POSITIVE_LOCATION
    persons: Annotated[Some, Label(N_("Persons located"))]
    requesting_country: Annotated[Requesting, BreakdownField()] = None
    notice_ref: Annotated[NoticeRef | None, Label(N_("Control number of the notice"), placeholder="A-1234/11-2026")] = (
        None
    )
