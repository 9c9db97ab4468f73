"""Lines of officers who were trained."""

from typing import Annotated, ClassVar, Literal

from operations.core.field_labels import N_, Label
from operations.core.vocabulary import InList, LineKind
from operations.lines.line import BreakdownField, QuantityLine, Sex, Some


class TraineesLine(QuantityLine):
    """Officers who passed a training of the operation, by topic."""

    TITLE: ClassVar[str] = N_("Officers trained")
    ADD: ClassVar[str] = N_("Add a training")
    UNIT: ClassVar[str] = "officer"
    COUNTS: ClassVar[str] = "count"
    kind: Literal[LineKind.TRAINEES] = LineKind.TRAINEES
    count: Annotated[Some, Label(N_("Officers trained"))]
    topic: Annotated[str, InList("CL-TOPIC"), Label(N_("Topic"), start="unknown"), BreakdownField("entity")]
    sex: Sex = "unknown"
