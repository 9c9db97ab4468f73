"""New investigations."""

from typing import Annotated, ClassVar, Literal

from operations.core.said import N_, Said
from operations.core.vocabulary import InList, LineKind
from operations.lines.line import By, Counted, Some


class Investigation(Counted):
    """Investigations opened. A transnational one is reported once, by the country that leads it."""

    TITLE: ClassVar[str] = N_("New investigations")
    ADD: ClassVar[str] = N_("Add investigations")
    UNIT: ClassVar[str] = "case"
    COUNTS: ClassVar[str] = "count"
    kind: Literal[LineKind.INVESTIGATION] = LineKind.INVESTIGATION
    count: Annotated[Some, Said(N_("Investigations"))]
    reach: Annotated[str, InList("CL-REACH"), Said(N_("Reach"), start="national"), By("status")]
    offence: Annotated[str, InList("CL-OFFENCE"), Said(N_("Offence"), start="migrant_smuggling"), By("offence")]
