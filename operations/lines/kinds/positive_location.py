"""Wanted persons who were found."""

from typing import Annotated, ClassVar, Literal

from operations.core.said import N_, Said
from operations.core.vocabulary import LineKind
from operations.lines.line import By, Counted, NoticeRef, Requesting, Some


class PositiveLocation(Counted):
    """Wanted persons whose place is known for certain and who were not arrested there. Neither a hit nor an arrest."""

    TITLE: ClassVar[str] = N_("Positive locations")
    ADD: ClassVar[str] = N_("Add a positive location")
    UNIT: ClassVar[str] = "person"
    COUNTS: ClassVar[str] = "persons"
    PERSONS: ClassVar[bool] = True
    kind: Literal[LineKind.POSITIVE_LOCATION] = LineKind.POSITIVE_LOCATION
    persons: Annotated[Some, Said(N_("Persons located"))]
    requesting_country: Annotated[Requesting, By()] = None
    notice_ref: Annotated[NoticeRef | None, Said(N_("Control number of the notice"), placeholder="A-1234/11-2026")] = (
        None
    )
