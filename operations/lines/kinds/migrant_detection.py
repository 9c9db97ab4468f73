"""Lines of detections of irregular migrants."""

from typing import Annotated, ClassVar, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from operations.core.drafts import FIELD, Count, rule
from operations.core.field_labels import N_, Label
from operations.core.vocabulary import InList, LineKind
from operations.lines.line import Age, BreakdownField, MarginField, Minors, OfNation, QuantityLine, Sex, Some

_UAM = rule("uam_minors", "Unaccompanied minors cannot be more than all minors.")


class MigrantDetection(QuantityLine):
    """Detections of irregular migrants in one event. Detections are not persons: the same person can be met twice."""

    TITLE: ClassVar[str] = N_("Detections")
    ADD: ClassVar[str] = N_("Add detections")
    UNIT: ClassVar[str] = "detection"
    COUNTS: ClassVar[str] = "detections"
    PERSONS: ClassVar[bool] = True
    kind: Literal[LineKind.MIGRANT_DETECTION] = LineKind.MIGRANT_DETECTION
    detections: Annotated[Some, Label(N_("Detections"))]
    uam: Annotated[Count, Label(N_("Of these, unaccompanied minors")), MarginField("uam", "yes")] = 0
    detection_kind: Annotated[
        str, InList("CL-DETECTKIND"), Label(N_("Where detected"), start="unknown"), BreakdownField()
    ]
    means: Annotated[str, InList("CL-MEANS"), Label(N_("Means of transport")), BreakdownField()] = "unknown"
    smuggled: Annotated[str, InList("CL-SMUGGLED"), Label(N_("Smuggled")), BreakdownField("status")] = "unknown"
    outcome: Annotated[str, InList("CL-OUTCOME"), Label(N_("Outcome")), BreakdownField()] = "unknown"
    nationality: OfNation = None
    sex: Sex = "unknown"
    age_group: Age = "unknown"
    minors: Minors = 0

    @model_validator(mode="after")
    def _minors_fit(self) -> "MigrantDetection":
        if self.minors and self.uam > self.minors:
            raise PydanticCustomError(_UAM, "unaccompanied minors", {FIELD: "uam"})
        return self
