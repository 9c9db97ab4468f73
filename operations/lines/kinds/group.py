"""Lines of criminal groups dismantled or disrupted."""

from typing import Annotated, ClassVar, Literal

from operations.core.field_labels import N_, Label
from operations.core.vocabulary import InList, LineKind
from operations.lines.line import BreakdownField, QuantityLine, Some


class CriminalGroups(QuantityLine):
    """Criminal groups, by how far they were disrupted."""

    TITLE: ClassVar[str] = N_("Criminal groups")
    ADD: ClassVar[str] = N_("Add criminal groups")
    UNIT: ClassVar[str] = "group"
    COUNTS: ClassVar[str] = "count"
    kind: Literal[LineKind.GROUP] = LineKind.GROUP
    count: Annotated[Some, Label(N_("Criminal groups"))]
    grade: Annotated[str, InList("CL-GRADE"), Label(N_("How far"), start="unknown"), BreakdownField("status")]
    offence: Annotated[str, InList("CL-OFFENCE"), Label(N_("Offence")), BreakdownField("offence")]
