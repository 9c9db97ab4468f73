"""Lines of arrests."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from operations.core.drafts import FIELD, Count, rule
from operations.core.field_labels import N_, SOME, Label
from operations.core.vocabulary import InList, LineKind
from operations.lines.line import (
    Age,
    BreakdownField,
    MarginField,
    Minors,
    NoticeRef,
    OfNation,
    QuantityLine,
    Requesting,
    Sex,
    Some,
)

CORE_OFFENCES = frozenset({"migrant_smuggling", "trafficking_in_persons"})
_ON_NOTICE = ("legal_basis", "red_notice_diffusion")
_NO_HIT = rule(
    "hit_of_none", "Give the number of arrests after a confirmed hit. Only these have a database of the hit."
)
_TWICE = rule("offence_twice", "You chose the same offence twice. Leave the second empty, or choose another.")


class Arrest(QuantityLine):
    """Persons arrested in one event, by offence and legal basis. `notice_ref` is a notice's number, never a name.

    `offence_also` is a second offence of the same persons, who count once: where one of both is a core offence, that
    one comes first, whatever the order in which they were typed.
    """

    TITLE: ClassVar[str] = N_("Arrests")
    ADD: ClassVar[str] = N_("Add an arrest")
    KEY: ClassVar[str] = "A"
    UNIT: ClassVar[str] = "person"
    COUNTS: ClassVar[str] = "persons"
    PERSONS: ClassVar[bool] = True
    kind: Literal[LineKind.ARREST] = LineKind.ARREST
    persons: Annotated[Some, Label(N_("Persons arrested"))]
    offence: Annotated[str, InList("CL-OFFENCE"), Label(N_("Offence")), BreakdownField("offence")]
    legal_basis: Annotated[str, InList("CL-BASIS"), Label(N_("Legal basis"), start="unknown"), BreakdownField()]
    offence_also: Annotated[
        Annotated[str, InList("CL-OFFENCE")] | None, Label(N_("Second offence of the same persons")), BreakdownField()
    ] = None
    on_notice: Annotated[
        Count,
        Label(N_("Of these, on a Red Notice or diffusion"), when=("legal_basis", "unknown")),
        MarginField("legal_basis", "red_notice_diffusion"),
    ] = 0
    after_hit: Annotated[Count, Label(N_("Of these, after a confirmed hit")), MarginField("after_hit", "yes")] = 0
    hit_database: Annotated[
        Annotated[str, InList("CL-DB")] | None,
        Label(N_("Database of the hit"), when=("after_hit", SOME)),
        BreakdownField(of="after_hit"),
    ] = None
    nationality: OfNation = None
    sex: Sex = "unknown"
    age_group: Age = "unknown"
    minors: Minors = 0
    requesting_country: Annotated[Requesting, Label(N_("Requesting country"), when=_ON_NOTICE)] = None
    notice_ref: Annotated[
        NoticeRef | None,
        Label(N_("Control number of the notice"), when=_ON_NOTICE, placeholder="A-1234/11-2026"),
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _core_first(cls, content: Any) -> Any:
        if isinstance(content, dict) and content.get("offence_also") in CORE_OFFENCES:
            first, also = content.get("offence"), content["offence_also"]
            if isinstance(first, str) and first not in CORE_OFFENCES:
                return {**content, "offence": also, "offence_also": first}
        return content

    @model_validator(mode="after")
    def _hit_has_arrests(self) -> "Arrest":
        if self.hit_database is not None and not self.after_hit:
            raise PydanticCustomError(_NO_HIT, "hit of none", {FIELD: "hit_database"})
        return self

    @model_validator(mode="after")
    def _offences_differ(self) -> "Arrest":
        if self.offence_also == self.offence:
            raise PydanticCustomError(_TWICE, "offence twice", {FIELD: "offence_also"})
        return self
