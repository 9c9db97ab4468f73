"""Tables of needs assessments, with the state machine of each (domain 1.6.9), its scores and findings."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, Session, col, select

from operations.core import state_machine
from operations.core.clock import UtcDateTime
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.state_tables import AuthoredStateRow, StepNote, StepTaken
from operations.core.vocabulary import codes
from operations.core.worklist import since_move
from operations.posts import register

AREAS = tuple(code for code in codes("CL-NEEDAREA") if code != "unknown")
"""The scored areas, in order."""


class AssessmentState(StrEnum):
    """States of a needs assessment."""

    REQUESTED = "requested"
    DESK_REVIEW = "desk_review"
    VISIT = "visit"
    SCORED = "scored"
    VALIDATED = "validated"
    PLAN_PROPOSED = "plan_proposed"
    PLAN_AGREED = "plan_agreed"
    MEASURES_DONE = "measures_done"
    REASSESSED = "reassessed"
    REFUSED = "refused"
    NOT_ACCESSIBLE = "not_accessible"


_S = AssessmentState
VALIDATED_STATES = (_S.VALIDATED, _S.PLAN_PROPOSED, _S.PLAN_AGREED, _S.MEASURES_DONE, _S.REASSESSED)
"""The states in which the country has validated it."""
OPEN = (_S.REQUESTED, _S.DESK_REVIEW, _S.VISIT, _S.SCORED)
"""The states in which its results are not known yet."""


class AssessmentFacts(NamedTuple):
    """Facts that the guards check beside the row: scores by area, whether a later one is scored, and the asker."""

    scores: Mapping[str, "AssessmentScore"]
    succeeded: bool
    by: Actor


def _whole(found: "Assessment", facts: AssessmentFacts) -> Iterator[Flaw]:
    """The visit has its days, and every area is scored or marked unknown."""
    if found.visited_from is None:
        yield Flaw("", N_("Give the first and last day of the visit."))
    if missing := len(set(AREAS) - facts.scores.keys()):
        yield Flaw(
            "", N_("Areas without a score: {count}. Score each, or say that it is not known."), {"count": missing}
        )


def _measurable(found: "Assessment", facts: AssessmentFacts) -> Iterator[Flaw]:
    """The baseline of monthly queries is known, and the validator has not scored it."""
    if found.baseline_queries is None:
        yield Flaw("", N_("Give the present number of queries a month. Without it no change can be measured."))
    if found.scored_by == facts.by.account_id:
        yield Flaw("", N_("You scored this post yourself: somebody else has to validate it."))


def _has_measures(_found: "Assessment", facts: AssessmentFacts) -> Iterator[Flaw]:
    """At least one measure is proposed."""
    if not any(each.measure for each in facts.scores.values()):
        yield Flaw("", N_("No measure is proposed in any area: there is nothing to agree on."))


def _succeeded(_found: "Assessment", facts: AssessmentFacts) -> Iterator[Flaw]:
    """A later assessment of the same post is scored."""
    if not facts.succeeded:
        yield Flaw("", N_("Request a new assessment of this post and score it. Muster then compares the two."))


def _may(found: "Assessment", _facts: AssessmentFacts, step: state_machine.Step[AssessmentState], by: Actor) -> bool:
    return may(by, step.act, register.subject(found))


_waits = since_move("/needs?show={id}")
_ASKED = _waits(N_("{post} is to be assessed: begin the desk review."), "clipboard-check", 30)
_TO_VISIT = _waits(N_("{post} is reviewed at the desk: visit it."), "map-pin", 90)
_TO_SCORE = replace(_waits(N_("{post} is visited: score every area."), "clipboard-check", 30), anyway=True)
_TO_VALIDATE = _waits(N_("{post} is scored: validate it or send it back."), "rubber-stamp", 14)
_TO_PLAN = _waits(N_("{post} is validated: propose its plan of measures."), "bulb", 30)
_TO_AGREE = _waits(N_("Measures for {post} are proposed: agree or send them back."), "rubber-stamp", 14)
_TO_DO = _waits(N_("Measures for {post} are agreed: carry them out."), "bulb", 180)
_AGAIN = _waits(N_("Measures for {post} are done: close it with the new assessment."), "clipboard-check", 180)
_REQUEST, _REVIEW, _ASSESS = Act.NEEDS_REQUEST, Act.NEEDS_REVIEW, Act.NEEDS_ASSESS
_VALIDATE, _AGREE = Act.NEEDS_VALIDATE, Act.NEEDS_AGREE
_ASTRAY = Flaw("", "This step is not possible now. Reload the page to see the current state.")
LIFE = state_machine.Life(
    "needs assessment",
    _S.REQUESTED,
    (
        state_machine.Step(
            _S.REQUESTED,
            _S.DESK_REVIEW,
            "needs.review",
            _REVIEW,
            N_("Begin the desk review"),
            "player-play",
            waits=_ASKED,
        ),
        state_machine.Step(
            _S.DESK_REVIEW, _S.VISIT, "needs.visit", _ASSESS, N_("The visit begins"), "map-pin", waits=_TO_VISIT
        ),
        state_machine.Step(
            _S.VISIT,
            _S.SCORED,
            "needs.score",
            _ASSESS,
            N_("All is scored"),
            "check",
            guard=_whole,
            waits=_TO_SCORE,
        ),
        state_machine.Step(
            _S.SCORED,
            _S.VALIDATED,
            "needs.validate",
            _VALIDATE,
            N_("Validate for the country"),
            "rubber-stamp",
            guard=_measurable,
            waits=_TO_VALIDATE,
        ),
        state_machine.Step(
            _S.SCORED,
            _S.VISIT,
            "needs.return",
            _VALIDATE,
            N_("Send back"),
            "arrow-back-up",
            N_("What is wrong or missing"),
        ),
        state_machine.Step(
            _S.VALIDATED,
            _S.PLAN_PROPOSED,
            "needs.plan",
            _VALIDATE,
            N_("Propose the plan of measures"),
            "bulb",
            guard=_has_measures,
            waits=_TO_PLAN,
        ),
        state_machine.Step(
            _S.PLAN_PROPOSED,
            _S.PLAN_AGREED,
            "needs.agree",
            _AGREE,
            N_("Agree to the plan"),
            "rubber-stamp",
            waits=_TO_AGREE,
        ),
        state_machine.Step(
            _S.PLAN_PROPOSED,
            _S.VALIDATED,
            "needs.reconsider",
            _AGREE,
            N_("Send the plan back"),
            "arrow-back-up",
            N_("What has to be thought over"),
        ),
        state_machine.Step(
            _S.PLAN_AGREED,
            _S.MEASURES_DONE,
            "needs.done",
            _VALIDATE,
            N_("The measures are done"),
            "check",
            N_("What was done, and what proves it"),
            waits=_TO_DO,
        ),
        state_machine.Step(
            _S.MEASURES_DONE,
            _S.REASSESSED,
            "needs.reassess",
            _ASSESS,
            N_("It is assessed again"),
            "check",
            guard=_succeeded,
            waits=_AGAIN,
        ),
        *state_machine.ways(
            (_S.REQUESTED, _S.DESK_REVIEW),
            _S.REFUSED,
            "needs.refuse",
            _VALIDATE,
            N_("Refuse"),
            "ban",
            N_("Why it is refused"),
        ),
        *state_machine.ways(
            (_S.DESK_REVIEW, _S.VISIT),
            _S.NOT_ACCESSIBLE,
            "needs.not_accessible",
            _ASSESS,
            N_("The post is not accessible"),
            "ban",
            N_("Why it cannot be reached"),
        ),
    ),
    ends=(_S.REASSESSED, _S.REFUSED, _S.NOT_ACCESSIBLE),
    may=_may,
    astray=lambda _before, _after: _ASTRAY,
    words={
        _S.REQUESTED: N_("Requested"),
        _S.DESK_REVIEW: N_("Desk review"),
        _S.VISIT: N_("Visit"),
        _S.SCORED: N_("Scored"),
        _S.VALIDATED: N_("Validated"),
        _S.PLAN_PROPOSED: N_("Plan proposed"),
        _S.PLAN_AGREED: N_("Plan agreed"),
        _S.MEASURES_DONE: N_("Measures done"),
        _S.REASSESSED: N_("Assessed again"),
        _S.REFUSED: N_("Refused"),
        _S.NOT_ACCESSIBLE: N_("Not accessible"),
    },
)


class Assessment(AuthoredStateRow, table=True):
    """An assessment of a post. `reason` is the text of the last step, where the step needs one.

    The findings of the visit (days, baseline, feasibility) are filled in before it is scored; `findings` is their
    version.
    """

    __table_args__ = (
        LIFE.known(),
        LIFE.exactly(LIFE.needing_reason(), "reason <> ''", "reason_given"),
        LIFE.exactly((_S.SCORED, *VALIDATED_STATES), "scored_by IS NOT NULL", "scored_by_somebody"),
        LIFE.exactly(VALIDATED_STATES, "validated_by IS NOT NULL", "validated_by_somebody"),
        CheckConstraint("validated_by IS NULL OR baseline_queries IS NOT NULL", name="baseline_known"),
        CheckConstraint("validated_by IS NULL OR validated_by <> scored_by", name="other_eyes"),
        CheckConstraint("visited_from <= visited_to", name="in_order"),
    )
    post_id: UUID = Field(foreign_key="post.id", index=True)
    country: str = Field(max_length=3, index=True)
    purpose: str = Field(max_length=2000)
    planned_for: date
    state: str = Field(default=AssessmentState.REQUESTED.value, max_length=16)
    findings: int = 0
    visited_from: date | None = None
    visited_to: date | None = None
    baseline_queries: int | None = None
    baseline_source: str = Field(default="", max_length=2000)
    feasibility: str = Field(default="unknown", max_length=16)
    works: str = Field(default="", max_length=2000)
    scored_by: UUID | None = None
    scored_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    validated_by: UUID | None = None
    validated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AssessmentScore(StepNote, table=True):
    """The score of one area; the newest version counts. `score` None: unknown."""

    __tablename__ = "assessment_score"
    __table_args__ = (
        UniqueConstraint("assessment_id", "area", "version"),
        CheckConstraint("score BETWEEN 0 AND 4", name="score"),
        CheckConstraint("score IS NULL OR evidence <> ''", name="evidence_given"),
        CheckConstraint("(cost IS NULL) = (currency = '')", name="cost_in_currency"),
    )
    assessment_id: UUID = Field(foreign_key="assessment.id", index=True)
    country: str = Field(max_length=3, index=True)
    area: str = Field(max_length=24)
    version: int
    score: int | None = None
    evidence: str = Field(default="", max_length=2000)
    gap: str = Field(default="", max_length=2000)
    measure: str = Field(default="", max_length=2000)
    cost: int | None = None
    currency: str = Field(default="", max_length=3)


class AssessmentStep(StepTaken, table=True):
    """A step of an assessment."""

    __tablename__ = "assessment_step"
    country: str = Field(max_length=3, index=True)


for _model in (Assessment, AssessmentScore, AssessmentStep):
    register.own_rows(_model, Act.NEEDS_READ)
register.own_entries("assessment", Act.NEEDS_READ)


def scores_of(session: Session, assessments: Iterable[UUID]) -> dict[UUID, dict[str, AssessmentScore]]:
    """Return the current scores of each assessment, by area."""
    query = select(AssessmentScore).where(col(AssessmentScore.assessment_id).in_(set(assessments)))
    found: dict[UUID, dict[str, AssessmentScore]] = {}
    for each in session.exec(query.order_by(col(AssessmentScore.version))):
        found.setdefault(each.assessment_id, {})[each.area] = each
    return found


def facts_of(session: Session, found: Iterable[Assessment], by: Actor) -> Iterator[tuple[Assessment, AssessmentFacts]]:
    """Yield each assessment with the facts of its guards, in two queries."""
    wanted = list(found)
    scores = scores_of(session, (each.id for each in wanted))
    query = select(Assessment).where(
        col(Assessment.post_id).in_({each.post_id for each in wanted}), col(Assessment.scored_at).is_not(None)
    )
    scored = list(session.exec(query))
    for each in wanted:
        later = any(one.post_id == each.post_id and one.made_at > each.made_at for one in scored)
        yield each, AssessmentFacts(scores.get(each.id, {}), later, by)


ASSESSMENT = Noun(
    Assessment,
    "assessment",
    register.record,
    N_("This assessment was already requested with other content. Reload the page to see it."),
    LIFE,
    AssessmentStep,
    lambda session, found, by: {row.id: facts for row, facts in facts_of(session, found, by)},
)
SCORE = Noun(
    AssessmentScore,
    "assessment",
    register.record,
    N_("This score was already given with other content. Reload the page to see it."),
    owner=(ASSESSMENT, "assessment_id"),
)
ASSESSMENT.waits(register.with_post(Assessment))
