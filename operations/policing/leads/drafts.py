"""Drafts of leads and of countries' answers to them."""

from typing import Annotated
from uuid import UUID

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from operations.core.drafts import Draft, Moment, Words, rule
from operations.core.field_labels import N_, Label
from operations.core.handling_codes import Handling
from operations.core.vocabulary import Country, InList, LeadOrigin, LeadState, LeadSubject

_ORIGIN = rule("origin_country", "Say which country the lead comes from.")
_TO_ITSELF = rule("addressed_to_itself", "A lead is not addressed to the country that it comes from.")


class LeadDraft(Draft):
    """Draft of a lead: the question, its origin, and the countries asked.

    `id` names this version, `lead_id` the lead; both are made on the client.

    `source` and `information` are the 4x4 evaluation.
    """

    id: UUID
    lead_id: UUID
    origin: LeadOrigin
    origin_country: Country | None = None
    subject_kind: LeadSubject
    subject_id: UUID | None = None
    question: Annotated[Words, Rule(min_length=1), Label(N_("Question"), N_("No names, no numbers of documents."))]
    to_countries: Annotated[tuple[Country, ...], Rule(min_length=1, max_length=60), Label(N_("Ask these countries"))]
    due: Annotated[
        Moment,
        Label(N_("Answer due"), N_("local time in {zone}"), parts=(N_("Due on"), N_("Due at"))),
    ]
    source: Annotated[str, InList("CL-SRC"), Label(N_("Source"))] = "x"
    information: Annotated[str, InList("CL-INFO"), Label(N_("Information"))] = "4"
    handling: Handling = "h0"

    @model_validator(mode="after")
    def _whole(self) -> "LeadDraft":
        if self.origin is LeadOrigin.COUNTRY and self.origin_country is None:
            raise PydanticCustomError(_ORIGIN, "origin country")
        if self.origin_country in self.to_countries:
            raise PydanticCustomError(_TO_ITSELF, "addressed to itself")
        return self


class LeadAnswerDraft(Draft, defer_build=False):
    """Draft of a country's answer to a lead. `id` is made on the client."""

    id: UUID
    answer: LeadState
    remark: Words = ""
