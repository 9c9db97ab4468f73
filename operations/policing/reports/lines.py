"""Lines: the typed results of a report (domain 1.4). One discriminated union; counts and codes, never persons' data."""

import json
from abc import ABC, abstractmethod
from datetime import date
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import override

from operations.core.drafts import Count, Draft, Moment, rule
from operations.core.vocabulary import Confirmation, Country, InList, LineKind, Nationality
from operations.measures.totals import Facet, facet_of

Persons = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
NoticeRef = Annotated[str, Field(pattern=r"^[A-Z]-\d{1,6}/\d{1,2}-\d{4}$")]
PERSON_KINDS = frozenset(
    {LineKind.ARREST, LineKind.MIGRANT_DETECTION, LineKind.POTENTIAL_VICTIM, LineKind.POSITIVE_LOCATION}
)

_DATABASE_NEEDED = rule("database_needed", "A database query needs the database that was queried.")
_DATABASE_USELESS = rule("database_useless", "Only a database query names a database.")
_MINORS = rule("minors_exceed", "Unaccompanied minors cannot be more than the detections.")
_ANSWER = rule("answer_needed", "A confirmed or refuted hit needs the country that answered and when it did.")
_ORDER = rule("answer_before_hit", "The answer cannot be earlier than the hit.")
_PENDING = rule("pending_answer", "A pending hit has no answer yet: remove the answering country and time.")


class _Line(Draft, ABC):
    """What all lines have: an id made on the client, and the phase where it is not the report's."""

    UNIT: ClassVar[str] = "count"
    id: UUID
    phase_id: UUID | None = None

    @property
    @abstractmethod
    def quantity(self) -> int:
        """How much this line counts."""

    def facet(self, phase_kind: str) -> Facet:
        """By which sides the line is totalled."""
        return facet_of(self, phase_kind)


class CheckTally(_Line):
    """How many checks of one kind were made in the period. `offline_copy_date` dates the copy asked offline."""

    kind: Literal[LineKind.CHECK_TALLY] = LineKind.CHECK_TALLY
    count: Count
    check_kind: Annotated[str, InList("CL-CHECKKIND")]
    database: Annotated[str, InList("CL-DB")] | None = None
    entity_type: Annotated[str, InList("CL-ENTITY")]
    channel: Annotated[str, InList("CL-CHANNEL")]
    offline_copy_date: date | None = None

    @model_validator(mode="after")
    def _database_fits(self) -> "CheckTally":
        if self.check_kind == "database_query" and self.database is None:
            raise PydanticCustomError(_DATABASE_NEEDED, "database needed")
        if self.check_kind != "database_query" and self.database is not None:
            raise PydanticCustomError(_DATABASE_USELESS, "database useless")
        return self

    @property
    @override
    def quantity(self) -> int:
        return self.count


class Hit(_Line):
    """One raw hit. Only the country that issued the record can confirm or refute it (domain 0.3).

    What its author says of an answer is kept, and counts as pending until another person has recorded the answer.
    """

    ANSWER: ClassVar[tuple[str, ...]] = ("confirmation", "confirming_country", "confirmed_at")
    kind: Literal[LineKind.HIT] = LineKind.HIT
    database: Annotated[str, InList("CL-DB")]
    hit_kind: Annotated[str, InList("CL-HITKIND")]
    raw_at: Moment
    action_taken: Annotated[str, InList("CL-ACTION")]
    confirmation: Annotated[str, InList("CL-CONFIRM")] = Confirmation.PENDING.value
    confirming_country: Country | None = None
    confirmed_at: Moment | None = None

    @model_validator(mode="after")
    def _answer_fits(self) -> "Hit":
        answered = self.confirmation in (Confirmation.CONFIRMED, Confirmation.REFUTED)
        if answered and (self.confirming_country is None or self.confirmed_at is None):
            raise PydanticCustomError(_ANSWER, "answer needed")
        if not answered and (self.confirming_country is not None or self.confirmed_at is not None):
            raise PydanticCustomError(_PENDING, "pending answer")
        if self.confirmed_at is not None and self.confirmed_at < self.raw_at:
            raise PydanticCustomError(_ORDER, "answer before hit")
        return self

    def same_hit(self, other: "Hit") -> bool:
        """Whether two hits are the same, whatever was answered."""
        return all(getattr(self, name) == getattr(other, name) for name in ("database", "hit_kind", "raw_at"))

    @property
    @override
    def quantity(self) -> int:
        return 1


class Arrest(_Line):
    """Persons arrested in one event, by offence and legal basis. `notice_ref` is a notice's number, never a name."""

    UNIT: ClassVar[str] = "person"
    kind: Literal[LineKind.ARREST] = LineKind.ARREST
    persons: Persons
    offence: Annotated[str, InList("CL-OFFENCE")]
    legal_basis: Annotated[str, InList("CL-BASIS")]
    sex: Annotated[str, InList("CL-SEX")] = "unknown"
    age_group: Annotated[str, InList("CL-AGE")] = "unknown"
    nationality: Nationality | None = None
    requesting_country: Country | None = None
    notice_ref: NoticeRef | None = None

    @property
    @override
    def quantity(self) -> int:
        return self.persons


class MigrantDetection(_Line):
    """Detections of irregular migrants in one event. Detections are not persons: the same person can be met twice."""

    UNIT: ClassVar[str] = "detection"
    kind: Literal[LineKind.MIGRANT_DETECTION] = LineKind.MIGRANT_DETECTION
    detections: Persons
    nationality: Nationality | None = None
    sex: Annotated[str, InList("CL-SEX")] = "unknown"
    age_group: Annotated[str, InList("CL-AGE")] = "unknown"
    uam: Count = 0
    detection_kind: Annotated[str, InList("CL-DETECTKIND")]
    means: Annotated[str, InList("CL-MEANS")] = "unknown"
    smuggled: Annotated[str, InList("CL-SMUGGLED")] = "unknown"
    outcome: Annotated[str, InList("CL-OUTCOME")] = "unknown"

    @model_validator(mode="after")
    def _minors_fit(self) -> "MigrantDetection":
        if self.uam > self.detections:
            raise PydanticCustomError(_MINORS, "minors exceed")
        return self

    @property
    @override
    def quantity(self) -> int:
        return self.detections


class PotentialVictim(_Line):
    """Potential victims of trafficking met in one event. Never added to detections: a person can be both."""

    UNIT: ClassVar[str] = "person"
    kind: Literal[LineKind.POTENTIAL_VICTIM] = LineKind.POTENTIAL_VICTIM
    persons: Persons
    status: Annotated[str, InList("CL-VICTIMSTATUS")] = "potential"
    sex: Annotated[str, InList("CL-SEX")] = "unknown"
    age_group: Annotated[str, InList("CL-AGE")] = "unknown"
    nationality: Nationality | None = None
    exploitation: Annotated[str, InList("CL-EXPLOIT")] = "unknown"
    identified_by: Annotated[str, InList("CL-IDENTIFIEDBY")] = "unknown"

    @property
    @override
    def quantity(self) -> int:
        return self.persons


class DocumentSeizure(_Line):
    """Travel or identity documents seized, by type, kind of fraud and issuing country."""

    UNIT: ClassVar[str] = "document"
    kind: Literal[LineKind.DOCUMENT_SEIZURE] = LineKind.DOCUMENT_SEIZURE
    count: Persons
    doc_type: Annotated[str, InList("CL-DOCTYPE")]
    fraud_kind: Annotated[str, InList("CL-FRAUDKIND")]
    issuing_country: Country | None = None

    @property
    @override
    def quantity(self) -> int:
        return self.count


class PositiveLocation(_Line):
    """Wanted persons whose place is known for certain and who were not arrested there. Neither a hit nor an arrest."""

    UNIT: ClassVar[str] = "person"
    kind: Literal[LineKind.POSITIVE_LOCATION] = LineKind.POSITIVE_LOCATION
    persons: Persons
    requesting_country: Country | None = None
    notice_ref: NoticeRef | None = None

    @property
    @override
    def quantity(self) -> int:
        return self.persons


AnyLine = Annotated[
    CheckTally | Hit | Arrest | MigrantDetection | PotentialVictim | DocumentSeizure | PositiveLocation,
    Field(discriminator="kind"),
]
KINDS: dict[LineKind, type[_Line]] = {
    LineKind.CHECK_TALLY: CheckTally,
    LineKind.HIT: Hit,
    LineKind.ARREST: Arrest,
    LineKind.MIGRANT_DETECTION: MigrantDetection,
    LineKind.POTENTIAL_VICTIM: PotentialVictim,
    LineKind.DOCUMENT_SEIZURE: DocumentSeizure,
    LineKind.POSITIVE_LOCATION: PositiveLocation,
}
_adapter: TypeAdapter[Any] = TypeAdapter(AnyLine)


def from_json(attributes: dict[str, Any]) -> Any:
    """The line that `as_json` wrote."""
    return _adapter.validate_json(json.dumps(attributes))


def as_json(line: Any) -> dict[str, Any]:
    """A line as JSON-like attributes, as the line table keeps them."""
    content: dict[str, Any] = line.model_dump(mode="json")
    return content
