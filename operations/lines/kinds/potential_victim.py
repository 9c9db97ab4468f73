"""Potential victims of trafficking."""

from typing import Annotated, ClassVar, Literal

from operations.core.said import N_, Said
from operations.core.vocabulary import InList, LineKind
from operations.lines.line import Age, By, Counted, Minors, OfNation, Sex, Some


class PotentialVictim(Counted):
    """Potential victims of trafficking met in one event. Never added to detections: a person can be both."""

    TITLE: ClassVar[str] = N_("Potential victims")
    ADD: ClassVar[str] = N_("Add potential victims")
    UNIT: ClassVar[str] = "person"
    COUNTS: ClassVar[str] = "persons"
    PERSONS: ClassVar[bool] = True
    kind: Literal[LineKind.POTENTIAL_VICTIM] = LineKind.POTENTIAL_VICTIM
    persons: Annotated[Some, Said(N_("Potential victims"))]
    status: Annotated[str, InList("CL-VICTIMSTATUS"), Said(N_("Status")), By("status")] = "potential"
    exploitation: Annotated[str, InList("CL-EXPLOIT"), Said(N_("Exploitation")), By()] = "unknown"
    identified_by: Annotated[str, InList("CL-IDENTIFIEDBY"), Said(N_("Identified by")), By()] = "unknown"
    nationality: OfNation = None
    sex: Sex = "unknown"
    age_group: Age = "unknown"
    minors: Minors = 0
