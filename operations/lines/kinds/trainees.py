"""Officers who were trained."""

from typing import Annotated, ClassVar, Literal

from operations.core.said import N_, Said
from operations.core.vocabulary import InList, LineKind
from operations.lines.line import By, Counted, Sex, Some


class Trainees(Counted):
    """Officers who passed a training of the operation, by topic."""

    TITLE: ClassVar[str] = N_("Officers trained")
    ADD: ClassVar[str] = N_("Add a training")
    UNIT: ClassVar[str] = "officer"
    COUNTS: ClassVar[str] = "count"
    kind: Literal[LineKind.TRAINEES] = LineKind.TRAINEES
    count: Annotated[Some, Said(N_("Officers trained"))]
    topic: Annotated[str, InList("CL-TOPIC"), Said(N_("Topic"), start="databases"), By("entity")]
    sex: Sex = "unknown"
