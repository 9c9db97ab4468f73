"""Lines of new investigations."""

from typing import Annotated, ClassVar, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from operations.core.drafts import FIELD, rule
from operations.core.field_labels import N_, Label
from operations.core.vocabulary import InList, LineKind
from operations.lines.line import EXACT, BreakdownField, CaseRef, QuantityLine, Some

_TRANSNATIONAL = ("reach", "transnational")
_ONE = rule("one_case", "A line with a case reference stands for that case alone. Set its count to 1.")
_SHARED = rule("case_shared", "Only a transnational case has a reference that other countries know.")


class Investigation(QuantityLine):
    """Investigations opened. Each country reports its own file of a transnational case.

    `case_ref` is the number of that case, by which its files are matched: never of a person.
    """

    TITLE: ClassVar[str] = N_("New investigations")
    ADD: ClassVar[str] = N_("Add investigations")
    UNIT: ClassVar[str] = "case"
    COUNTS: ClassVar[str] = "count"
    kind: Literal[LineKind.INVESTIGATION] = LineKind.INVESTIGATION
    count: Annotated[Some, Label(N_("Investigations"))]
    reach: Annotated[str, InList("CL-REACH"), Label(N_("Reach"), start="unknown"), BreakdownField("status")]
    case_ref: Annotated[
        CaseRef | None,
        Label(N_("Reference of the case"), when=_TRANSNATIONAL, placeholder="EJ-2026/0123"),
    ] = None
    offence: Annotated[str, InList("CL-OFFENCE"), Label(N_("Offence")), BreakdownField("offence")]

    @model_validator(mode="after")
    def _of_one_case(self) -> "Investigation":
        if self.case_ref is not None and self.reach != _TRANSNATIONAL[1]:
            raise PydanticCustomError(_SHARED, "case shared", {FIELD: "case_ref"})
        if self.case_ref is not None and (self.count, self.qualifier) != (1, EXACT):
            raise PydanticCustomError(_ONE, "one case", {FIELD: self.COUNTS})
        return self
