"""Lines of INTERPOL notices and diffusions that the operation requested or obtained."""

from typing import Annotated, ClassVar, Literal

from operations.core.field_labels import N_, Label
from operations.core.vocabulary import InList, LineKind
from operations.lines.line import BreakdownField, QuantityLine, Some


class NoticesMade(QuantityLine):
    """Notices by colour and by what was done with them: requested is not published."""

    TITLE: ClassVar[str] = N_("Notices")
    ADD: ClassVar[str] = N_("Add notices")
    UNIT: ClassVar[str] = "notice"
    COUNTS: ClassVar[str] = "count"
    kind: Literal[LineKind.NOTICE] = LineKind.NOTICE
    count: Annotated[Some, Label(N_("Notices"))]
    colour: Annotated[
        str, InList("CL-NOTICE"), Label(N_("Colour of the notice"), start="unknown"), BreakdownField("entity")
    ]
    action: Annotated[
        str, InList("CL-NOTICEACTION"), Label(N_("What was done"), start="unknown"), BreakdownField("status")
    ]
