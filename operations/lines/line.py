"""A line of a report (domain 1.4): a count with codes, never personal data, and the declaration of its fields.

A kind is one model in `operations.lines.kinds`. Form, view, files, totals and breakdowns read everything from it.
"""

import re
from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Annotated, ClassVar, TypeVar
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from operations.core.drafts import FIELD, Count, Draft, rule
from operations.core.errors import Flaw
from operations.core.field_labels import N_, Label, labels_of
from operations.core.pii_screen import BIRTH, personal_data_in
from operations.core.vocabulary import Country, InList, Nationality

EXACT = "="
MINORS = frozenset({"0_11", "12_15", "16_17"})
"""Age groups of CL-AGE below 18."""
LONGEST = 40
"""The maximum length of a code in margins."""
Some = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
"""The count of a line, at least 1."""

_PART = rule("part_exceeds", "A part cannot be larger than its whole: this can be {whole} at most.")
_TOLD = rule("part_told", "Another field already counts all of these. Leave this at 0.")
_CASE = rule(
    "case_ref",
    "This is not the number of a case, such as EJ-2026/0123: letters, digits and / - . alone, one digit and one of "
    "these signs at least. No names, no documents.",
)
_OF_PERSON = rule("case_notice", "This is the control number of a notice about a person. Give the number of the case.")
_OF_CASE = re.compile(r"(?=.*[0-9])(?=.*[/.-])[A-Z0-9/.-]+")
_SAYS = TypeVar("_SAYS")


@dataclass(frozen=True)
class BreakdownField:
    """Marks a field by which figures are broken down: totals hold it in the `side` of that name, otherwise margins do.

    `said`: the field has no codes, and figures distinguish whether it is filled in. `of`: the field with the part of
    the line that it describes, if not all of it.
    """

    side: str = ""
    said: bool = False
    of: str = ""


@dataclass(frozen=True)
class MarginField:
    """Marks a count that is a part of the line's quantity: so many have `code` in the margin `by`."""

    by: str
    code: str


class ReportedLine(Draft, ABC):
    """The base of all lines: an id made on the client, and the phase where it is not the report's.

    `TITLE` stands above the lines of a kind and `ADD` on the button that adds one, which the key `KEY` presses; `UNIT`
    is of CL-UNIT. `COUNTS` names the field with the quantity; without it a line counts one. `ADDS`: all lines of the
    kind have one unit. `PERSONS`: it counts persons who are protected or accused.

    No field with a code begins with a fact: its `start` is the code for "not stated", or nothing where a rule needs a
    choice.
    """

    TITLE: ClassVar[str]
    ADD: ClassVar[str]
    KEY: ClassVar[str] = ""
    UNIT: ClassVar[str] = "count"
    COUNTS: ClassVar[str] = ""
    ADDS: ClassVar[bool] = True
    PERSONS: ClassVar[bool] = False
    id: UUID
    phase_id: UUID | None = None

    @property
    def quantity(self) -> int:
        """The quantity of this line, in `unit`."""
        return int(getattr(self, self.COUNTS)) if self.COUNTS else 1

    @property
    def unit(self) -> str:
        """The unit of its quantity: a code of CL-UNIT, or a currency."""
        return self.UNIT

    def at_odds(self, day: date, starts: datetime, ends: datetime) -> Iterator[Flaw]:
        """Yield the conflicts with the official day or the period of its report, by field."""
        yield from ()

    @model_validator(mode="after")
    def _parts_fit(self) -> "ReportedLine":
        asked = labels_of(type(self))
        for name in parts_of(type(self)):
            part, when = getattr(self, name), asked[name].when
            if part > self.quantity:
                raise PydanticCustomError(_PART, "part exceeds", {FIELD: name, "whole": self.quantity})
            if part and when is not None and getattr(self, when[0]) != when[1]:
                raise PydanticCustomError(_TOLD, "part told", {FIELD: name})
        return self


class QuantityLine(ReportedLine, ABC):
    """A line with a quantity that may be more or less than written: one types ">" or "~" before the count."""

    qualifier: Annotated[
        str, InList("CL-QUAL"), Label(N_("The figure is"), typed=False), BreakdownField("qualifier")
    ] = EXACT


@cache
def _marked(kind: type[ReportedLine], mark: type[_SAYS]) -> dict[str, _SAYS]:
    return {
        name: marked
        for name, about in kind.model_fields.items()
        for marked in about.metadata
        if isinstance(marked, mark)
    }


def breakdown_fields(kind: type[ReportedLine]) -> dict[str, BreakdownField]:
    """Return the fields of a kind by which figures are broken down."""
    return _marked(kind, BreakdownField)


def parts_of(kind: type[ReportedLine]) -> dict[str, MarginField]:
    """Return the fields of a kind that count a part of it."""
    return _marked(kind, MarginField)


# ------------------------------------------------------------------------------------ what several kinds have in common

_NOTICE = r"^[A-Z]-\d{1,6}/\d{1,2}-\d{4}$"
NoticeRef = Annotated[str, Field(pattern=_NOTICE)]


def _case(text: str) -> str:
    said = text.upper()
    if re.match(_NOTICE, said):
        raise PydanticCustomError(_OF_PERSON, "notice")
    if not _OF_CASE.fullmatch(said) or personal_data_in(said) == BIRTH:
        raise PydanticCustomError(_CASE, "case ref")
    return said


CaseRef = Annotated[str, Field(max_length=40), AfterValidator(_case)]
"""The number of a case, the same in all countries that work on it: of a file, never of a person."""
Sex = Annotated[str, InList("CL-SEX"), Label(N_("Sex")), BreakdownField()]
Age = Annotated[str, InList("CL-AGE"), Label(N_("Age group")), BreakdownField()]
OfNation = Annotated[Nationality | None, Label(N_("Nationality")), BreakdownField()]
Agency = Annotated[str, InList("CL-AGENCY"), Label(N_("Agency")), BreakdownField()]
Requesting = Annotated[Country | None, Label(N_("Requesting country"))]
Minors = Annotated[Count, Label(N_("Of these, minors"), when=("age_group", "unknown")), MarginField("minor", "yes")]
