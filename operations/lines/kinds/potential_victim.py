"""Lines of potential victims of trafficking."""

from typing import Annotated, ClassVar, Literal

from operations.core.field_labels import N_, Label
from operations.core.vocabulary import InList, LineKind
from operations.lines.line import Age, BreakdownField, Minors, OfNation, QuantityLine, Sex, Some


class PotentialVictim(QuantityLine):
    """Potential victims of trafficking met in one event. Never added to detections: a person can be both."""

    TITLE: ClassVar[str] = N_("Potential victims")
    ADD: ClassVar[str] = N_("Add potential victims")
    UNIT: ClassVar[str] = "person"
    COUNTS: ClassVar[str] = "persons"
    PERSONS: ClassVar[bool] = True
    kind: Literal[LineKind.POTENTIAL_VICTIM] = LineKind.POTENTIAL_VICTIM
    persons: Annotated[Some, Label(N_("Potential victims"))]
    status: Annotated[str, InList("CL-VICTIMSTATUS"), Label(N_("Status")), BreakdownField("status")] = "potential"
    exploitation: Annotated[str, InList("CL-EXPLOIT"), Label(N_("Exploitation")), BreakdownField()] = "unknown"
    identified_by: Annotated[str, InList("CL-IDENTIFIEDBY"), Label(N_("Identified by")), BreakdownField()] = "unknown"
    nationality: OfNation = None
    sex: Sex = "unknown"
    age_group: Age = "unknown"
    minors: Minors = 0
