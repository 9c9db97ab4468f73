"""Lines of hits: matches in a database."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import override

from operations.core.clock import now
from operations.core.drafts import FIELD, Moment, rule
from operations.core.errors import Flaw
from operations.core.field_labels import N_, Label
from operations.core.vocabulary import Confirmation, Country, InList, LineKind, codes
from operations.lines.line import BreakdownField, ReportedLine

_WHO = N_("A confirmed or refuted hit needs the country that answered and when it did.")
_ANSWER = rule("answer_needed", _WHO)
_ORDER = rule("answer_before_hit", "The answer cannot be earlier than the hit.")
_PENDING = rule("pending_answer", "A pending hit has no answer yet: remove the answering country and time.")
_COLOUR = rule("colour_useless", "Only a hit among notices has a colour.")
_DOCUMENT = rule("no_document", "Only a hit on a document can be one of the same document.")
_NOTICES = "notices"
DOCUMENTS = tuple(code for code in codes("CL-HITKIND") if code != "unknown" and code in codes("CL-SLTD"))
"""The kinds of hits on a document."""
_ANSWERED = ("confirmation", (Confirmation.CONFIRMED, Confirmation.REFUTED))


class Hit(ReportedLine):
    """One raw hit. Only the country that issued the record can confirm or refute it (domain 0.3).

    An answer entered by its author counts as pending until another person has recorded it. `repeats` is the id of an
    earlier hit line on the same document, whose number is stored nowhere.
    """

    TITLE: ClassVar[str] = N_("Raw hits")
    ADD: ClassVar[str] = N_("Add a hit")
    KEY: ClassVar[str] = "H"
    ANSWER: ClassVar[tuple[str, ...]] = ("confirmation", "confirming_country", "confirmed_at")
    REPEATS: ClassVar[str] = "repeats"
    kind: Literal[LineKind.HIT] = LineKind.HIT
    database: Annotated[str, InList("CL-DB"), Label(N_("Database")), BreakdownField("database")]
    notice: Annotated[
        Annotated[str, InList("CL-NOTICE")] | None,
        Label(N_("Colour of the notice"), start="unknown", when=("database", _NOTICES)),
        BreakdownField(),
    ] = None
    hit_kind: Annotated[str, InList("CL-HITKIND"), Label(N_("Kind of hit"), start="unknown"), BreakdownField()]
    action_taken: Annotated[str, InList("CL-ACTION"), Label(N_("Action taken"), start="unknown"), BreakdownField()]
    raw_at: Annotated[Moment, Label(N_("Time of the hit"), placeholder="HH:MM")]
    repeats: Annotated[
        UUID | None,
        Label(N_("Same document as an earlier hit"), when=("hit_kind", DOCUMENTS)),
        BreakdownField(said=True),
    ] = None
    confirmation: Annotated[
        str, InList("CL-CONFIRM"), Label(N_("Answer of the issuing country")), BreakdownField("status")
    ] = Confirmation.PENDING.value
    confirming_country: Annotated[Country | None, Label(N_("Country that answered"), when=_ANSWERED, needed=_WHO)] = (
        None
    )
    confirmed_at: Annotated[
        Moment | None,
        Label(N_("Time of the answer"), when=_ANSWERED, needed=_WHO, placeholder="YYYY-MM-DD HH:MM"),
    ] = None

    @model_validator(mode="after")
    def _answer_fits(self) -> "Hit":
        answered = self.confirmation in (Confirmation.CONFIRMED, Confirmation.REFUTED)
        if answered and (self.confirming_country is None or self.confirmed_at is None):
            raise PydanticCustomError(_ANSWER, "answer needed", {FIELD: "confirming_country"})
        if not answered and (self.confirming_country is not None or self.confirmed_at is not None):
            raise PydanticCustomError(_PENDING, "pending answer", {FIELD: "confirmation"})
        if self.confirmed_at is not None and self.confirmed_at < self.raw_at:
            raise PydanticCustomError(_ORDER, "answer before hit", {FIELD: "confirmed_at"})
        return self

    @model_validator(mode="after")
    def _colour_fits(self) -> "Hit":
        if self.notice is not None and self.database != _NOTICES:
            raise PydanticCustomError(_COLOUR, "colour useless", {FIELD: "notice"})
        return self

    @model_validator(mode="after")
    def _repeats_a_document(self) -> "Hit":
        if self.repeats is not None and self.hit_kind not in DOCUMENTS:
            raise PydanticCustomError(_DOCUMENT, "no document", {FIELD: "repeats"})
        return self

    @override
    def at_odds(self, day: date, starts: datetime, ends: datetime) -> Iterator[Flaw]:
        if not starts <= self.raw_at <= ends:
            yield Flaw("raw_at", "The hit is outside the period of the report.")
        elif max(self.raw_at, self.confirmed_at or self.raw_at) > now():
            yield Flaw("raw_at", "The hit or its answer is in the future.")

    def same_hit(self, other: "Hit") -> bool:
        """Whether two hits are the same apart from the answer."""
        return all(getattr(self, name) == getattr(other, name) for name in ("database", "hit_kind", "raw_at"))
