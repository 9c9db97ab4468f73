"""Needs assessments (pillar 2): requested, reviewed at the desk, visited, scored, validated by the country, planned.

A post is scored in every area, with evidence. Its current number of queries a month is compulsory before the country
validates: without this baseline nobody can measure a change later.
"""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session, col, select

from operations.core.clock import now, official_day
from operations.core.drafts import FIELD, Draft, NeededWords, Words, rule
from operations.core.errors import RuleBroken, Stale
from operations.core.field_labels import N_, NONE, Label
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.vocabulary import InList
from operations.needs.rows import (
    ASSESSMENT,
    LIFE,
    OPEN,
    SCORE,
    VALIDATED_STATES,
    Assessment,
    AssessmentScore,
    AssessmentState,
    scores_of,
)
from operations.posts import register

_S = AssessmentState

# ---------------------------------------------------------------------------------------------------- drafts

_EVIDENCE = rule("score_without_evidence", "Give the evidence for this score, or mark the area as unknown.")
_GAP = rule("low_score_without_gap", "A score of 2 or less needs the gap: what is missing or does not work.")
_CURRENCY = rule("cost_without_currency", "Give the currency of this cost by its three letters, such as EUR.")
_COSTLESS = rule("currency_without_cost", "Give the cost, or leave the currency empty.")
_VISIT = rule("visit_reversed", "The visit must end on the day it begins or later.")
_SOURCE = rule("baseline_without_source", "Say where the number of queries was read.")


class AssessmentRequestDraft(Draft):
    """Draft of a request to assess a post."""

    id: UUID
    post_id: Annotated[UUID, Label(N_("Post"))]
    purpose: Annotated[NeededWords, Label(N_("What for"), N_("What happened, or is planned, that calls for it."))]
    planned_for: Annotated[date, Label(N_("Planned until"))]


class FindingsDraft(Draft):
    """Draft of a visit's findings about the post as a whole."""

    visited_from: Annotated[date, Label(N_("Visited from"))]
    visited_to: Annotated[date, Label(N_("Visited until"))]
    baseline_queries: Annotated[
        int | None,
        Rule(ge=0, le=100_000_000),
        Label(
            N_("Queries a month today"),
            N_("In all databases together. The country cannot validate without it; 0 is a number."),
        ),
    ] = None
    baseline_source: Annotated[Words, Label(N_("Where that was read"))] = ""
    feasibility: Annotated[str, InList("CL-FEASIBILITY"), Label(N_("I-24/7 at this post"))] = "unknown"
    works: Annotated[Words, Label(N_("Works that come first"))] = ""

    @model_validator(mode="after")
    def _together(self) -> "FindingsDraft":
        if self.visited_to < self.visited_from:
            raise PydanticCustomError(_VISIT, "reversed", {FIELD: "visited_to"})
        if self.baseline_queries is not None and not self.baseline_source:
            raise PydanticCustomError(_SOURCE, "no source", {FIELD: "baseline_source"})
        return self


class ScoreDraft(Draft):
    """Draft of the score of one area."""

    id: UUID
    area: Annotated[str, InList("CL-NEEDAREA"), Label(N_("Area"))]
    score: Annotated[
        int | None,
        Rule(ge=0, le=4),
        Label(
            N_("Score"),
            draws="one",
            choices={
                "0": N_("0: nothing is there"),
                "1": N_("1: a beginning"),
                "2": N_("2: in part"),
                "3": N_("3: for the most part"),
                "4": N_("4: all that is needed"),
                NONE: N_("Not known"),
            },
        ),
    ] = None
    evidence: Annotated[
        Words, Label(N_("What proves it"), N_("What was seen, counted or read. No names of people."))
    ] = ""
    gap: Annotated[Words, Label(N_("Gap"))] = ""
    measure: Annotated[Words, Label(N_("Proposed measure"))] = ""
    cost: Annotated[int | None, Rule(ge=0, le=1_000_000_000), Label(N_("Cost"))] = None
    currency: Annotated[str, Rule(pattern="^([A-Z]{3})?$"), Label(N_("Currency"), draws="text", placeholder="EUR")] = ""

    @model_validator(mode="after")
    def _together(self) -> "ScoreDraft":
        if self.score is not None and not self.evidence:
            raise PydanticCustomError(_EVIDENCE, "no evidence", {FIELD: "evidence"})
        if self.score is not None and self.score <= 2 and not self.gap:
            raise PydanticCustomError(_GAP, "no gap", {FIELD: "gap"})
        if self.cost is not None and not self.currency:
            raise PydanticCustomError(_CURRENCY, "no currency", {FIELD: "currency"})
        if self.currency and self.cost is None:
            raise PydanticCustomError(_COSTLESS, "no cost", {FIELD: "cost"})
        return self


# ------------------------------------------------------------------------------------------------- questions


def assessments(session: Session, post_id: UUID | None = None) -> list[Assessment]:
    """Return the assessments that the asker may see, of one post or of all, newest first."""
    query = select(Assessment).order_by(col(Assessment.made_at).desc(), col(Assessment.id))
    return list(session.exec(query if post_id is None else query.where(Assessment.post_id == post_id)))


def scores(session: Session, assessment_id: UUID) -> dict[str, AssessmentScore]:
    """Return the current scores of an assessment, by area."""
    return scores_of(session, [assessment_id]).get(assessment_id, {})


def latest_validated(session: Session) -> dict[UUID, Assessment]:
    """Return the newest assessment of each post that its country has validated, by post."""
    states = [each.value for each in VALIDATED_STATES]
    query = select(Assessment).where(col(Assessment.state).in_(states)).order_by(col(Assessment.validated_at))
    return {each.post_id: each for each in session.exec(query)}


def may_answer(found: Assessment, by: Actor) -> bool:
    """Return whether `by` may score and fill in findings: during the review and the visit."""
    return found.state in (_S.DESK_REVIEW, _S.VISIT) and may(by, Act.NEEDS_ANSWER, register.subject(found))


# ----------------------------------------------------------------------------------------------------- verbs


def request(session: Session, draft: AssessmentRequestDraft, by: Actor) -> Assessment:
    """Request the assessment of a post. Idempotent: the same draft returns the same assessment.

    Raises RuleBroken where one of this post is under way, and for a day in the past.
    """
    post = register.hold(session, draft.post_id, by, Act.NEEDS_REQUEST)
    if known := ASSESSMENT.known(session, said := draft.model_dump()):
        return known
    if any(each.state in OPEN for each in assessments(session, post.id)):
        raise RuleBroken("post_id", "An assessment of this post is under way: finish it first.")
    if draft.planned_for < official_day(now(), post.zone):
        raise RuleBroken("planned_for", "This day is in the past. Choose a later day.")
    said |= {"country": post.country}
    return ASSESSMENT.write(session, by, "needs.request", said, due=draft.planned_for.isoformat())


def record_findings(session: Session, assessment_id: UUID, draft: FindingsDraft, seen: int, by: Actor) -> Assessment:
    """Record the findings of the visit, based on the version `seen`. Idempotent for the same findings.

    Raises Conflict on a concurrent edit, RuleBroken once it is scored and for days in the future.
    """
    assessment = _to_answer(session, assessment_id, by)
    said = draft.model_dump()
    if all(getattr(assessment, name) == value for name, value in said.items()):
        return assessment
    if assessment.findings != seen:
        raise Stale("Somebody filled this in while you were typing. Reload the page to see it.")
    if draft.visited_to > official_day(now(), register.post(session, assessment.post_id).zone):
        raise RuleBroken("visited_to", "This day is in the future. Record it when it has taken place.")
    assessment.sqlmodel_update(said)
    assessment.findings += 1
    session.add(assessment)
    register.record(session, by, "needs.find", "assessment", assessment, feasibility=assessment.feasibility)
    return assessment


def score(session: Session, assessment_id: UUID, draft: ScoreDraft, by: Actor) -> AssessmentScore:
    """Score an area; a newer score replaces the earlier one. Idempotent for the same draft."""
    assessment = _to_answer(session, assessment_id, by)
    said = draft.model_dump() | {"assessment_id": assessment_id}
    if known := SCORE.known(session, said):
        return known
    if draft.area == "unknown":
        raise RuleBroken("area", "Choose the area that this score is of.")
    before = scores(session, assessment_id).get(draft.area)
    said |= {"country": assessment.country, "version": before.version + 1 if before else 1}
    return SCORE.write(session, by, "needs.answer", said, area=draft.area)


def take(session: Session, assessment_id: UUID, to: AssessmentState, by: Actor, words: str = "") -> Assessment:
    """Take an assessment a step further. Raises RuleBroken with the obstacles, and NotPermitted."""
    found, eyes = ASSESSMENT.hold(session, assessment_id), dict[str, Any]()
    match getattr(LIFE.step(found.state, to), "verb", ""):
        case "needs.score":
            eyes = {"scored_by": by.account_id, "scored_at": now()}
        case "needs.return":
            eyes = {"scored_by": None, "scored_at": None}
        case "needs.validate":
            eyes = {"validated_by": by.account_id, "validated_at": now()}
    return ASSESSMENT.take(session, found, to, by, words, **eyes)


def _to_answer(session: Session, assessment_id: UUID, by: Actor) -> Assessment:
    found = ASSESSMENT.hold(session, assessment_id)
    require(by, Act.NEEDS_ANSWER, register.subject(found))
    if not may_answer(found, by):
        raise RuleBroken("", "A post is scored during the desk review and the visit, and not afterwards.")
    return found
