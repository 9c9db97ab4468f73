"""Tables of reviews: the state machine of each, its findings, and the comments of its country.

A country changes no finding: it comments. A wrong finding is withdrawn with the reason, and written anew.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, false, true
from sqlmodel import Field, Session, col, func, select

from operations.core import state_machine
from operations.core.clock import UtcDateTime
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.state_tables import AuthoredStateRow, StepNote, StepTaken
from operations.core.store import scoped
from operations.core.worklist import since_move
from operations.modernisation.withdrawal import Validity, life_of, reason_constraint
from operations.posts import register


class ReviewState(StrEnum):
    """States of a review."""

    ASKED = "asked"
    PREPARED = "prepared"
    VISITED = "visited"
    FOUND = "found"
    AGREED = "agreed"
    CLOSED = "closed"
    REFUSED = "refused"
    DROPPED = "dropped"


_S = ReviewState
AGREED_STATES = (_S.AGREED, _S.CLOSED)
"""The states after its country has agreed to it."""
DISCLOSED_STATES = (_S.FOUND, *AGREED_STATES)
"""The states in which its country reads the findings."""
GONE = (_S.REFUSED, _S.DROPPED)


class ReviewFacts(NamedTuple):
    """Facts that the guards check beside the row: the number of valid findings."""

    findings: int


def _something(_found: "Review", facts: ReviewFacts) -> Iterable[Flaw]:
    """It has at least one valid finding."""
    if not facts.findings:
        yield Flaw("", N_("No finding is written down yet. Where nothing is missing, say that as a finding."))


def _may(found: "Review", _facts: Any, step: state_machine.Step[ReviewState], by: Actor) -> bool:
    return may(by, step.act, register.subject(found))


_waits = since_move("/equipment/reviews?show={id}")
_TO_PREPARE = _waits(N_("The review of {post} is asked for: prepare it."), "clipboard-check", 30)
_TO_VISIT = _waits(N_("The review of {post} is prepared: visit, and say when and who went."), "map-pin", 60)
_TO_FIND = replace(
    _waits(N_("{post} is visited: write the findings down and send them to the country."), "notebook", 30), anyway=True
)
_TO_AGREE = _waits(N_("The findings of the review of {post} are here: comment on them, and agree."), "message", 21)
_TO_CLOSE = _waits(N_("The country agreed to the review of {post}: say what follows."), "bulb", 60)
_RUN, _ANSWER = Act.REVIEW_RUN, Act.REVIEW_ANSWER
LIFE = state_machine.Life(
    "infrastructure review",
    _S.ASKED,
    (
        state_machine.Step(
            _S.ASKED, _S.PREPARED, "review.prepare", _RUN, N_("It is prepared"), "clipboard-check",
            N_("What is looked at, and who goes: offices, no names"), waits=_TO_PREPARE,
        ),
        state_machine.Step(_S.PREPARED, _S.VISITED, "review.visit", _RUN, icon="map-pin", waits=_TO_VISIT),
        state_machine.Step(
            _S.VISITED, _S.FOUND, "review.send", _RUN, N_("Send the findings to the country"), "send",
            guard=_something, waits=_TO_FIND,
        ),
        state_machine.Step(
            _S.FOUND, _S.VISITED, "review.revise", _RUN, N_("Take the findings back"), "arrow-back-up",
            N_("What is looked at again"),
        ),
        state_machine.Step(
            _S.FOUND, _S.AGREED, "review.agree", _ANSWER, N_("Agree for the country"), "rubber-stamp", waits=_TO_AGREE,
        ),
        state_machine.Step(
            _S.AGREED, _S.CLOSED, "review.close", _RUN, N_("Close it"), "check", N_("What follows from it"),
            waits=_TO_CLOSE,
        ),
        *state_machine.ways(
            (_S.ASKED, _S.PREPARED), _S.REFUSED, "review.refuse", _ANSWER, N_("Refuse"), "ban", N_("Why it is refused")
        ),
        *state_machine.ways(
            (_S.ASKED, _S.PREPARED), _S.DROPPED, "review.drop", _RUN, N_("Drop it"), "ban", N_("Why it is dropped")
        ),
    ),
    ends=(_S.CLOSED, _S.REFUSED, _S.DROPPED),
    may=_may,
    astray=Flaw("", "This step is not possible now. Reload the page to see the current state."),
    words={
        _S.ASKED: N_("Review asked for"),
        _S.PREPARED: N_("Prepared"),
        _S.VISITED: N_("Visited"),
        _S.FOUND: N_("Findings with the country"),
        _S.AGREED: N_("Agreed by the country"),
        _S.CLOSED: N_("Closed"),
        _S.REFUSED: N_("Refused"),
        _S.DROPPED: N_("Dropped"),
    },
)  # fmt: skip
FINDINGS = life_of(
    "finding of a review",
    "review.withdraw",
    _RUN,
    N_("Why it is withdrawn"),
    lambda review: review.state == _S.VISITED,
    N_("Withdraw the finding"),
)


class Review(AuthoredStateRow, table=True):
    """A review of a bureau or post. Visitors and dates are known once it was visited."""

    __table_args__ = (
        LIFE.known(),
        LIFE.exactly(LIFE.needing_reason(), "reason <> ''", "reason_given"),
        LIFE.exactly((_S.VISITED, _S.FOUND, *AGREED_STATES), "visited_from IS NOT NULL", "visited_once"),
        LIFE.exactly(AGREED_STATES, "agreed_at IS NOT NULL", "agreed_once"),
        CheckConstraint("(visited_from IS NULL) = (visitors = '')", name="visited_by_somebody"),
        CheckConstraint("visited_from <= visited_to", name="in_order"),
    )
    post_id: UUID = Field(foreign_key="post.id", index=True)
    country: str = Field(max_length=3, index=True)
    purpose: str = Field(max_length=2000)
    planned_for: date
    state: str = Field(default=ReviewState.ASKED.value, max_length=12)
    visited_from: date | None = None
    visited_to: date | None = None
    visitors: str = Field(default="", max_length=2000)
    agreed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ReviewFinding(AuthoredStateRow, table=True):
    """A finding of a review in one area, with the need there."""

    __tablename__ = "review_finding"
    __table_args__ = (
        FINDINGS.known(),
        reason_constraint(FINDINGS),
        CheckConstraint("(cost IS NULL) = (currency = '')", name="cost_in_currency"),
    )
    review_id: UUID = Field(foreign_key="review.id", index=True)
    post_id: UUID = Field(foreign_key="post.id")
    country: str = Field(max_length=3, index=True)
    area: str = Field(max_length=24)
    finding: str = Field(max_length=2000)
    needed: str = Field(max_length=2000)
    urgency: str = Field(max_length=16)
    cost: int | None = None
    currency: str = Field(default="", max_length=3)
    state: str = Field(default=Validity.STANDS.value, max_length=12)


class ReviewComment(StepNote, table=True):
    """A comment of the country on a finding, or on the review as a whole. Immutable."""

    __tablename__ = "review_comment"
    review_id: UUID = Field(foreign_key="review.id", index=True)
    finding_id: UUID | None = Field(default=None, foreign_key="review_finding.id")
    country: str = Field(max_length=3, index=True)
    words: str = Field(max_length=2000)


class ReviewStep(StepTaken, table=True):
    """A step of a review, or of a finding."""

    __tablename__ = "review_step"
    country: str = Field(max_length=3, index=True)


for _model in (Review, ReviewComment, ReviewStep):
    register.own_rows(_model, Act.REVIEW_READ)
register.own_entries("review", Act.REVIEW_READ)


@scoped(ReviewFinding)
def _findings_seen(actor: Actor) -> Any:
    """Return the row filter: a country reads findings about itself once they were sent to it."""
    if not may(actor, Act.REVIEW_READ) or actor.only is not None:
        return false()
    if not actor.national:
        return true()
    sent = sa.select(_REVIEW.c.id).where(_REVIEW.c.state.in_([each.value for each in DISCLOSED_STATES]))
    return (col(ReviewFinding.country) == actor.country) & col(ReviewFinding.review_id).in_(sent)


_REVIEW: sa.Table = Review.__table__  # type: ignore[attr-defined]


def facts_of(session: Session, wanted: Iterable[UUID]) -> dict[UUID, ReviewFacts]:
    """Return the facts of reviews' guards."""
    ids = list(wanted)
    query = (
        select(ReviewFinding.review_id, func.count())
        .where(col(ReviewFinding.review_id).in_(ids), ReviewFinding.state == Validity.STANDS.value)
        .group_by(col(ReviewFinding.review_id))
    )
    counted = dict(session.exec(query).all()) if ids else {}
    return {each: ReviewFacts(counted.get(each, 0)) for each in ids}


REVIEW = Noun(
    Review,
    "review",
    register.record,
    N_("This review was already asked for with other content. Reload the page to see it."),
    LIFE,
    ReviewStep,
    lambda session, found, _by: facts_of(session, (row.id for row in found)),
)
FINDING = Noun(
    ReviewFinding,
    "review",
    register.record,
    N_("This finding was already written down with other content. Reload the page to see it."),
    FINDINGS,
    ReviewStep,
    owner=(REVIEW, "review_id"),
)
COMMENT = Noun(
    ReviewComment,
    "review",
    register.record,
    N_("This comment was already sent with other content. Reload the page to see it."),
    owner=(REVIEW, "review_id"),
)
REVIEW.waits(register.with_post(Review))
