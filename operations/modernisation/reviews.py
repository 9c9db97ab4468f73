"""Reviews of bureaus and posts (pillar 3): requested, prepared, visited, agreed to by the country, and closed."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session, col, select

from operations.core.clock import now, official_day
from operations.core.drafts import FIELD, Draft, NeededWords, rule
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.vocabulary import InList
from operations.modernisation.review_rows import (
    COMMENT,
    DISCLOSED_STATES,
    FINDING,
    LIFE,
    REVIEW,
    Review,
    ReviewComment,
    ReviewFinding,
    ReviewState,
    facts_of,
)
from operations.modernisation.withdrawal import Validity
from operations.posts import register

_S = ReviewState

# ---------------------------------------------------------------------------------------------------- drafts

_VISIT = rule("review_visit_reversed", "The visit must end on the day it begins or later.")
_CURRENCY = rule("finding_without_currency", "Choose the currency of this cost.")
_COSTLESS = rule("finding_without_cost", "Give the cost, or leave the currency empty.")
Cost = Annotated[int | None, Rule(ge=0, le=1_000_000_000)]
Currency = Annotated[str, InList("CL-CURRENCY")]


class ReviewRequestDraft(Draft):
    """Draft of a request to review a bureau or post."""

    id: UUID
    post_id: Annotated[UUID, Label(N_("Bureau or post"))]
    purpose: Annotated[NeededWords, Label(N_("What for"), N_("What happened, or is planned, that calls for it."))]
    planned_for: Annotated[date, Label(N_("Planned until"))]


class VisitDraft(Draft):
    """Draft of the visit, with dates and visitors."""

    visited_from: Annotated[date, Label(N_("Visited from"))]
    visited_to: Annotated[date, Label(N_("Visited until"))]
    visitors: Annotated[NeededWords, Label(N_("Who went"), N_("Offices, and how many people. No names."))]

    @model_validator(mode="after")
    def _in_order(self) -> "VisitDraft":
        if self.visited_to < self.visited_from:
            raise PydanticCustomError(_VISIT, "reversed", {FIELD: "visited_to"})
        return self


class FindingDraft(Draft):
    """Draft of a finding in one area, with the need there."""

    id: UUID
    area: Annotated[str, InList("CL-NEEDAREA"), Label(N_("Area"))]
    finding: Annotated[NeededWords, Label(N_("Finding"), N_("What was seen, counted or read. No names of people."))]
    needed: Annotated[NeededWords, Label(N_("What is needed"))]
    urgency: Annotated[str, InList("CL-URGENCY"), Label(N_("How urgent"))]
    cost: Annotated[Cost, Label(N_("Rough cost"))] = None
    currency: Annotated[Currency | None, Label(N_("Currency"))] = None

    @model_validator(mode="after")
    def _together(self) -> "FindingDraft":
        if self.cost is not None and not self.currency:
            raise PydanticCustomError(_CURRENCY, "no currency", {FIELD: "currency"})
        if self.currency and self.cost is None:
            raise PydanticCustomError(_COSTLESS, "no cost", {FIELD: "cost"})
        return self


class FindingCommentDraft(Draft):
    """Draft of the country's comment on a finding, or on the whole review."""

    id: UUID
    finding_id: Annotated[
        UUID | None, Label(N_("Of which finding"), N_("Empty: of the review as a whole."), draws="one")
    ] = None
    words: Annotated[NeededWords, Label(N_("Comment"))]


# ------------------------------------------------------------------------------------------------- questions


def reviews(session: Session, post_id: UUID | None = None) -> list[Review]:
    """Return the reviews that the asker may see, of one post or of all, newest first."""
    query = select(Review).order_by(col(Review.made_at).desc(), col(Review.id))
    return list(session.exec(query if post_id is None else query.where(Review.post_id == post_id)))


def findings(session: Session, review_id: UUID) -> list[ReviewFinding]:
    """Return the findings of a review in the order in which they were written, withdrawn ones included."""
    query = select(ReviewFinding).where(ReviewFinding.review_id == review_id)
    return list(session.exec(query.order_by(col(ReviewFinding.made_at), col(ReviewFinding.id))))


def valid_findings(session: Session, review_id: UUID) -> list[ReviewFinding]:
    """Return the valid findings."""
    return [each for each in findings(session, review_id) if each.state == Validity.STANDS]


def finding_counts(session: Session, wanted: Iterable[UUID]) -> dict[UUID, int]:
    """Return the number of valid findings of each review, as far as the asker may read them."""
    return {ident: facts.findings for ident, facts in facts_of(session, wanted).items()}


def comments(session: Session, review_id: UUID) -> Sequence[ReviewComment]:
    """Return the country's comments, in order."""
    query = select(ReviewComment).where(ReviewComment.review_id == review_id)
    found: Sequence[ReviewComment] = session.exec(query.order_by(col(ReviewComment.made_at))).all()
    return found


def may_write(found: Review, by: Actor) -> bool:
    """Return whether `by` may write findings now."""
    return found.state == _S.VISITED and may(by, Act.REVIEW_RUN, register.subject(found))


def may_comment(found: Review, by: Actor) -> bool:
    """Return whether `by` may comment for the country now."""
    return found.state == _S.FOUND and may(by, Act.REVIEW_ANSWER, register.subject(found))


def told(found: Review, by: Actor) -> bool:
    """Return whether `by` reads the findings: a country does once they were sent to it."""
    return not by.national or found.state in DISCLOSED_STATES


# ----------------------------------------------------------------------------------------------------- verbs


def ask(session: Session, draft: ReviewRequestDraft, by: Actor) -> Review:
    """Request the review of a bureau or post. Idempotent for the same draft.

    Raises RuleBroken where one is under way there, and for a day in the past.
    """
    post = register.hold(session, draft.post_id, by, Act.REVIEW_ASK)
    said = draft.model_dump()
    if known := REVIEW.known(session, said):
        return known
    if any(each.state not in LIFE.ends for each in reviews(session, post.id)):
        raise RuleBroken("post_id", "A review of this bureau or post is under way: finish it first.")
    if draft.planned_for < official_day(now(), post.zone):
        raise RuleBroken("planned_for", "This day is in the past. Choose a later day.")
    said |= {"country": post.country}
    return REVIEW.write(session, by, "review.ask", said, due=draft.planned_for.isoformat())


def visit(session: Session, review_id: UUID, draft: VisitDraft, by: Actor) -> Review:
    """Record the visit and its visitors. Idempotent for the same draft. Raises RuleBroken for days in the future."""
    found = REVIEW.hold(session, review_id)
    require(by, Act.REVIEW_RUN, register.subject(found))
    said = draft.model_dump()
    if found.state == _S.VISITED and all(getattr(found, name) == value for name, value in said.items()):
        return found
    if found.state == _S.FOUND:
        raise RuleBroken("", "The visit is already recorded, and its findings were sent to the country.")
    LIFE.allow(found, None, _S.VISITED, by)
    if draft.visited_to > official_day(now(), register.post(session, found.post_id).zone):
        raise RuleBroken("visited_to", "This day is in the future. Record it when it has taken place.")
    return REVIEW.go(session, found, _S.VISITED, by, **said)


def write(session: Session, review_id: UUID, draft: FindingDraft, by: Actor) -> ReviewFinding:
    """Write a finding. Idempotent for the same draft. Raises RuleBroken before the visit and after the report."""
    found = REVIEW.hold(session, review_id)
    require(by, Act.REVIEW_RUN, register.subject(found))
    said = draft.model_dump() | {"review_id": review_id, "currency": draft.currency or ""}
    if known := FINDING.known(session, said):
        return known
    if not may_write(found, by):
        raise RuleBroken("", "You can write findings only after the visit and before they are sent to the country.")
    if draft.area == "unknown":
        raise RuleBroken("area", "Choose the area that this finding is of.")
    said |= {"post_id": found.post_id, "country": found.country}
    return FINDING.write(session, by, "review.write", said, area=draft.area)


def withdraw(session: Session, finding_id: UUID, to: Validity, by: Actor, words: str = "") -> ReviewFinding:
    """Withdraw a finding before it is sent. Raises NotPermitted afterwards."""
    return FINDING.take(session, FINDING.hold(session, finding_id), to, by, words)


def comment(session: Session, review_id: UUID, draft: FindingCommentDraft, by: Actor) -> ReviewComment:
    """Comment for the country on a finding, or on all. Idempotent for the same draft.

    Raises RuleBroken before the findings are sent to the country, and once it has agreed.
    """
    review = REVIEW.hold(session, review_id)
    require(by, Act.REVIEW_ANSWER, register.subject(review))
    said = draft.model_dump() | {"review_id": review_id}
    if known := COMMENT.known(session, said):
        return known
    if not may_comment(review, by):
        raise RuleBroken("", "The country can comment only after the findings are sent to it and until it agrees.")
    if draft.finding_id and draft.finding_id not in {each.id for each in valid_findings(session, review_id)}:
        raise RuleBroken("finding_id", "Choose a finding of this review that was not withdrawn.")
    return COMMENT.write(session, by, "review.comment", said | {"country": review.country})


def take(session: Session, review_id: UUID, to: ReviewState, by: Actor, words: str = "") -> Review:
    """Take a review a step further by hand. Raises RuleBroken with the obstacles, and NotPermitted."""
    found = REVIEW.hold(session, review_id)
    if (found.state, to) == (_S.PREPARED, _S.VISITED):
        LIFE.allow(found, REVIEW.facts_of(session, found, by), to, by, words)
        raise RuleBroken("visited_from", "Give the days of the visit and its visitors.")
    return REVIEW.take(session, found, to, by, words, **({"agreed_at": now()} if to is _S.AGREED else {}))
