"""Drafts of an evaluation: its plan, a method, a judgement, and the outcome of investigations."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, model_validator
from pydantic import Field as Rule
from pydantic_core import PydanticCustomError

from operations.core.drafts import FIELD, Count, Draft, Heading, NeededLine, NeededWords, Words, rule
from operations.core.field_labels import N_, NONE, Label
from operations.core.vocabulary import Country, InList, codes
from operations.evaluation.evaluation_states import DAC, KIRKPATRICK

METHODS = tuple(each for each in codes("CL-RECSOURCE") if each != "debrief")
"""The four methods of the strategy; a recommendation also names the one that led to it."""

_SUBJECT = rule("evaluation_without_subject", "Choose what is evaluated.")
_FEW = rule("evaluation_of_few", "Choose two operations or more: one alone is evaluated by itself.")
_METHOD = rule("no_method", "Choose one of the four methods.")
_EVIDENCE = rule(
    "judgement_without_evidence",
    "A score needs evidence. Give the evidence, or say that the criterion cannot be judged.",
)
_CRITERION = rule("no_criterion", "Choose a criterion.")
SIDES = {"operation": "operation_id", "region": "region", "course": "course_id", "country": "country"}


class EvaluationDraft(Draft):
    """Draft of a planned evaluation."""

    id: UUID
    title: Annotated[Heading, Label(N_("Title"))]
    purpose: Annotated[NeededWords, Label(N_("What it is to answer"), N_("The questions, and who wants to know."))]
    about: Annotated[str, InList("CL-EVALUATED"), Label(N_("What is evaluated"), draws="one", start="operation")]
    operation_id: Annotated[UUID | None, Label(N_("Operation"), draws="one", when=("about", "operation"))] = None
    region: Annotated[str, Label(N_("Region"), draws="one", listed="CL-REGION", when=("about", "region"))] = ""
    operations: Annotated[
        tuple[UUID, ...], Label(N_("Operations of the region"), draws="several", when=("about", "region"))
    ] = ()
    course_id: Annotated[UUID | None, Label(N_("Course"), draws="one", when=("about", "course"))] = None
    country: Annotated[Country | None, Label(N_("Country"), when=("about", "country"))] = None
    planned_for: Annotated[date, Label(N_("Final until"))]

    @model_validator(mode="after")
    def _of_something(self) -> "EvaluationDraft":
        side = SIDES[self.about]
        if not getattr(self, side):
            raise PydanticCustomError(_SUBJECT, "no subject", {FIELD: side})
        if self.about == "region" and len(set(self.operations)) < 2:
            raise PydanticCustomError(_FEW, "few", {FIELD: "operations"})
        return self


def _method(code: str) -> str:
    if code not in METHODS:
        raise PydanticCustomError(_METHOD, "no method")
    return code


class MethodDraft(Draft):
    """Draft of a method that was used."""

    id: UUID
    method: Annotated[str, AfterValidator(_method), Label(N_("Method"), draws="one")]
    held_on: Annotated[date, Label(N_("Day"))]
    place: Annotated[NeededLine, Rule(max_length=160), Label(N_("Place"))]
    who: Annotated[NeededWords, Label(N_("With whom"), N_("Offices and posts, and how many people. No names."))]
    finding: Annotated[NeededWords, Label(N_("What it found"))]


def _criterion(code: str) -> str:
    if code not in (*DAC, *KIRKPATRICK):
        raise PydanticCustomError(_CRITERION, "no criterion")
    return code


class JudgementDraft(Draft):
    """Draft of the judgement of a criterion, or of a level of training."""

    id: UUID
    criterion: Annotated[str, AfterValidator(_criterion), Label(N_("Criterion"), draws="one")]
    score: Annotated[
        int | None,
        Rule(ge=1, le=4),
        Label(
            N_("Score"),
            draws="one",
            choices={
                "1": N_("1: not at all"),
                "2": N_("2: in part"),
                "3": N_("3: for the most part"),
                "4": N_("4: wholly"),
                NONE: N_("Cannot be judged"),
            },
        ),
    ] = None
    words: Annotated[NeededWords, Label(N_("Judgement"), N_("Or why it cannot be judged."))]
    evidence: Annotated[Words, Label(N_("Evidence"), N_("Figures, what was seen, who said so. No names."))] = ""

    @model_validator(mode="after")
    def _proved(self) -> "JudgementDraft":
        if self.score is not None and not self.evidence:
            raise PydanticCustomError(_EVIDENCE, "no evidence", {FIELD: "evidence"})
        return self


_CHARGED = rule("charged_more_than_opened", "Charges cannot be more than the investigations that were opened.")
_CONVICTED = rule("convicted_more_than_charged", "Convictions cannot be more than charges.")


class OutcomeDraft(Draft):
    """Draft of the outcome of the investigations that a country opened."""

    id: UUID
    opened: Annotated[Count, Label(N_("Investigations opened"))]
    charged: Annotated[Count, Label(N_("Of them with charges"), N_("Within 24 months of their opening."))]
    convicted: Annotated[Count, Label(N_("Of them with a conviction"))]
    as_of: Annotated[date, Label(N_("As of"))]
    source: Annotated[NeededLine, Label(N_("Where that was read"))]

    @model_validator(mode="after")
    def _parts(self) -> "OutcomeDraft":
        if self.charged > self.opened:
            raise PydanticCustomError(_CHARGED, "charged", {FIELD: "charged"})
        if self.convicted > self.charged:
            raise PydanticCustomError(_CONVICTED, "convicted", {FIELD: "convicted"})
        return self
