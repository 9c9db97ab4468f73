"""Criminal groups dismantled or disrupted."""

from typing import Annotated, ClassVar, Literal

from operations.core.said import N_, Said
from operations.core.vocabulary import InList, LineKind
from operations.lines.line import By, Counted, Some


class CriminalGroups(Counted):
    """Criminal groups, by how far they were disrupted."""

    TITLE: ClassVar[str] = N_("Criminal groups")
    ADD: ClassVar[str] = N_("Add criminal groups")
    UNIT: ClassVar[str] = "group"
    COUNTS: ClassVar[str] = "count"
    kind: Literal[LineKind.GROUP] = LineKind.GROUP
    count: Annotated[Some, Said(N_("Criminal groups"))]
    grade: Annotated[str, InList("CL-GRADE"), Said(N_("How far"), start="disrupted"), By("status")]
    offence: Annotated[str, InList("CL-OFFENCE"), Said(N_("Offence"), start="migrant_smuggling"), By("offence")]
