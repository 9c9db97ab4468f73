"""Lines of casualties: persons who died, were injured or are missing."""

from typing import Annotated, ClassVar, Literal

from operations.core.field_labels import N_, Label
from operations.core.vocabulary import InList, LineKind
from operations.lines.line import Age, BreakdownField, Minors, QuantityLine, Sex, Some


class Casualty(QuantityLine):
    """Persons who died, were injured or are missing in one event, by cause: shown with dignity, never ranked."""

    TITLE: ClassVar[str] = N_("Deaths, injured and missing")
    ADD: ClassVar[str] = N_("Add deaths, injured or missing")
    UNIT: ClassVar[str] = "person"
    COUNTS: ClassVar[str] = "persons"
    PERSONS: ClassVar[bool] = True
    kind: Literal[LineKind.CASUALTY] = LineKind.CASUALTY
    persons: Annotated[Some, Label(N_("Persons"))]
    fate: Annotated[str, InList("CL-FATE"), Label(N_("What happened to them")), BreakdownField("status")]
    cause: Annotated[str, InList("CL-CAUSE"), Label(N_("Cause")), BreakdownField()] = "unknown"
    ground: Annotated[str, InList("CL-GROUND"), Label(N_("On land or at sea")), BreakdownField("entity")] = "unknown"
    sex: Sex = "unknown"
    age_group: Age = "unknown"
    minors: Minors = 0
