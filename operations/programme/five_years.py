"""Five-year view: what was planned, done and overdue, by pillar, country and year.

Everything is computed from stored records, as far as the asker may know them: a plan belongs to the year it was made
for, and is done or not. A refused, dropped or cancelled plan does not count.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.clock import now, official_day, today
from operations.core.field_labels import N_
from operations.core.people import Actor
from operations.core.store import unscoped
from operations.core.vocabulary import OperationState, ParticipationState, PhaseKind
from operations.evaluation import recommendations
from operations.evaluation.recommendations import RecommendationState
from operations.infrastructure import equipment, links
from operations.infrastructure.rows import EquipmentState, LinkState
from operations.modernisation import project_parts, projects, reviews
from operations.modernisation.project_rows import SIGNED, ProjectState
from operations.modernisation.review_rows import AGREED_STATES as AGREED
from operations.modernisation.review_rows import GONE as REFUSED
from operations.modernisation.withdrawal import Validity
from operations.needs import assessments
from operations.needs.rows import OPEN, VALIDATED_STATES, AssessmentState, scores_of
from operations.policing.operation import participations, plan
from operations.programme.area import EVERYWHERE, Area
from operations.support.deployments import Deployment
from operations.support.requests import Need, SupportRequest
from operations.training import courses
from operations.training.rows import RunState

SPAN = 5
"""The number of years in the view."""


class Pillar(StrEnum):
    """The pillars of the strategy, in order."""

    SUPPORT = "support"
    NEEDS = "needs"
    INFRASTRUCTURE = "infrastructure"
    CAPACITY = "capacity"
    OPERATIONS = "operations"
    EVALUATION = "evaluation"


@dataclass(frozen=True)
class PillarCount:
    """The definition of a pillar's count, in words: what a plan is, and when it is done."""

    name: str
    planned: str
    done: str


PILLARS = {
    Pillar.SUPPORT: PillarCount(
        N_("Operational and investigative support"),
        N_("Teams that requests for assistance asked for, in the year in which they are needed"),
        N_("A team was on site"),
    ),
    Pillar.NEEDS: PillarCount(
        N_("Needs assessment"),
        N_("Assessments, in the year for which they are planned"),
        N_("The country validated it"),
    ),
    Pillar.INFRASTRUCTURE: PillarCount(
        N_("Technical infrastructure"),
        N_("Equipment, links, reviews and projects, in the year for which they were promised or planned"),
        N_("A first query was made, the country agreed to the review, or it signed for the project"),
    ),
    Pillar.CAPACITY: PillarCount(
        N_("Capacity building"), N_("Runs of courses, in the year in which they begin"), N_("The run is delivered")
    ),
    Pillar.OPERATIONS: PillarCount(
        N_("Policing operations"),
        N_("Countries that take part in an operation, in the year in which it begins"),
        N_("The operation came to its end"),
    ),
    Pillar.EVALUATION: PillarCount(
        N_("Evaluation and sustainability"),
        N_("Recommendations that were not rejected, in the year in which they are due"),
        N_("It is closed"),
    ),
}
"""The definition of each pillar's count."""


@dataclass(frozen=True)
class Item:
    """One plan: its pillar, country (None: the centre), day, and outcome."""

    pillar: Pillar
    country: str | None
    day: date
    done: bool
    overdue: bool


@dataclass(frozen=True)
class PillarYear:
    """The number of plans, of those done, and of those overdue."""

    planned: int = 0
    done: int = 0
    overdue: int = 0

    def __add__(self, other: "PillarYear") -> "PillarYear":
        return PillarYear(self.planned + other.planned, self.done + other.done, self.overdue + other.overdue)


MONEY = {
    "asked": N_("Cost of proposed measures"),
    "done": N_("Of that carried out"),
    "planned": N_("Projects: planned"),
    "committed": N_("Projects: committed"),
    "spent": N_("Projects: spent"),
    "delivered": N_("Equipment outside projects"),
}
"""The kinds of money of a year, in order. No sum is in two of them, but what is carried out of what was proposed."""
Money = Mapping[str, dict[str, int]]
"""The sums of a year by kind (a key of MONEY) and currency: currencies are never added together."""


@dataclass(frozen=True)
class Years:
    """The five-year view: the years with their counts. `left_out`: plans of earlier and later years."""

    years: tuple[int, ...]
    items: tuple[Item, ...]
    money: Mapping[int, Money]
    left_out: int

    def cell(self, pillar: Pillar | None = None, year: int | None = None, country: str | None = "") -> PillarYear:
        """Return the sum of a pillar, of a year and of a country (None: the centre), or of all of them."""
        found = PillarYear()
        for item in self.items:
            if (
                pillar not in (None, item.pillar)
                or year not in (None, item.day.year)
                or country not in ("", item.country)
            ):
                continue
            found += PillarYear(1, int(item.done), int(item.overdue))
        return found

    @property
    def countries(self) -> list[str]:
        """The countries that have plans, by code."""
        return sorted({each.country for each in self.items if each.country})


def years(session: Session, by: Actor, until: int | None = None, area: Area = EVERYWHERE) -> Years:
    """Return the five years that end with `until`, by default this year, in an area."""
    last = until or today().year
    span = tuple(range(last - SPAN + 1, last + 1))
    found = area.of(items(session, by))
    inside = tuple(each for each in found if each.day.year in span)
    return Years(span, inside, _money(session, span, area), len(found) - len(inside))


def items(session: Session, by: Actor) -> list[Item]:
    """Return every plan that the asker may know, in the order of the pillars."""
    operations = {each.id: each for each in plan.operations(session, by) if each.state not in _NOT_YET}
    return [
        *_support(session, operations, by),
        *_needs(session),
        *_infrastructure(session),
        *_capacity(session),
        *_operations(session, operations),
        *_evaluation(session),
    ]


_NOT_YET = (OperationState.DRAFT.value, OperationState.PROPOSED.value, OperationState.CANCELLED.value)
_OVER = (
    OperationState.CONSOLIDATION,
    OperationState.DEBRIEFED,
    OperationState.FINAL,
    OperationState.EVALUATED,
    OperationState.ARCHIVED,
)
_NOT_IN = (ParticipationState.INVITED.value, *participations.OUT)


def _support(session: Session, operations: Mapping[UUID, plan.Operation], by: Actor) -> Iterator[Item]:
    """Yield sums only, as leadership sees no request and no team; for a country, those of assistance to itself."""
    query = (
        select(Need, SupportRequest)
        .join(SupportRequest, col(SupportRequest.id) == col(Need.request_id))
        .where(col(Need.operation_id).in_(operations), col(SupportRequest.asked_at).is_not(None))
    )
    there = select(Deployment.need_id).where(
        col(Deployment.operation_id).in_(operations), col(Deployment.on_site_at).is_not(None)
    )
    arrived: dict[UUID, int] = defaultdict(int)
    for need in session.exec(unscoped(there)):
        arrived[need] += 1
    for need, asked in session.exec(unscoped(query)):
        if by.national and asked.host_country != by.country:
            continue
        for at in range(need.teams):
            done = at < arrived[need.id]
            late = not done and asked.closed_at is None and need.starts.date() < today()
            yield Item(Pillar.SUPPORT, asked.host_country, need.starts.date(), done, late)


def _needs(session: Session) -> Iterator[Item]:
    for assessment in assessments.assessments(session):
        if assessment.state not in (AssessmentState.REFUSED, AssessmentState.NOT_ACCESSIBLE):
            late = assessment.state in OPEN and assessment.planned_for < today()
            yield Item(
                Pillar.NEEDS, assessment.country, assessment.planned_for, assessment.state in VALIDATED_STATES, late
            )


def _infrastructure(session: Session) -> Iterator[Item]:
    ended = (EquipmentState.DROPPED, EquipmentState.LOST, EquipmentState.RETIRED)
    for piece in equipment.equipment(session):
        done = piece.first_query is not None
        if done or piece.state not in ended:
            yield Item(
                Pillar.INFRASTRUCTURE, piece.country, piece.promised, done, not done and piece.promised < today()
            )
    for link in links.links(session):
        done = link.live_on is not None
        if done or link.state != LinkState.CLOSED:
            yield Item(Pillar.INFRASTRUCTURE, link.country, link.promised, done, not done and link.promised < today())
    for review in reviews.reviews(session):
        if review.state not in REFUSED:
            done = review.state in AGREED
            late = not done and review.planned_for < today()
            yield Item(Pillar.INFRASTRUCTURE, review.country, review.planned_for, done, late)
    for project in projects.projects(session):
        if project.state != ProjectState.STOPPED:
            late = projects.overdue(project)
            yield Item(Pillar.INFRASTRUCTURE, project.country, project.planned_for, project.state in SIGNED, late)


def _capacity(session: Session) -> Iterator[Item]:
    for run in courses.runs(session):
        if run.state != RunState.CANCELLED:
            waits = run.state == RunState.SCHEDULED
            yield Item(Pillar.CAPACITY, run.host, run.starts, not waits, waits and run.ends < today())


def _operations(session: Session, operations: Mapping[UUID, plan.Operation]) -> Iterator[Item]:
    query = select(plan.Phase).where(
        col(plan.Phase.operation_id).in_(operations), plan.Phase.kind == PhaseKind.OPERATIONAL.value
    )
    phases: dict[UUID, list[plan.Phase]] = defaultdict(list)
    for phase in session.exec(query):
        phases[phase.operation_id].append(phase)
    joined = select(plan.Participation).where(
        col(plan.Participation.operation_id).in_(phases), col(plan.Participation.state).not_in(_NOT_IN)
    )
    for request in session.exec(joined):
        operation, own = operations[request.operation_id], phases[request.operation_id]
        begins = official_day(min(phase.starts for phase in own), operation.zone, operation.day_cut)
        over = max(phase.ends for phase in own) <= now()
        done = operation.state in _OVER
        yield Item(Pillar.OPERATIONS, request.country, begins, done, over and not done)


def _evaluation(session: Session) -> Iterator[Item]:
    gone = (RecommendationState.REJECTED, RecommendationState.DROPPED)
    for recommendation in recommendations.recommendations(session):
        if recommendation.state not in gone:
            done = recommendation.state == RecommendationState.CLOSED
            yield Item(
                Pillar.EVALUATION,
                recommendation.country,
                recommendation.due,
                done,
                recommendations.overdue(recommendation, today()),
            )


def _money(session: Session, span: Iterable[int], area: Area) -> dict[int, Money]:
    """Return for each year the costs in assessments validated in it, the sums of projects, and equipment costs."""
    found: dict[int, dict[str, dict[str, int]]] = {year: {kind: {} for kind in MONEY} for year in span}
    for day, kind, amount, currency in (*_costs(session, area), *_paid(session, area)):
        if day.year in found:
            sums = found[day.year][kind]
            sums[currency] = sums.get(currency, 0) + amount
    return dict(found)


def _costs(session: Session, area: Area) -> Iterator[tuple[date, str, int, str]]:
    carried_out = (AssessmentState.MEASURES_DONE, AssessmentState.REASSESSED)
    stands = {
        each.id: each
        for each in area.of(assessments.assessments(session))
        if each.state in VALIDATED_STATES and each.validated_at
    }
    for ident, scores in scores_of(session, stands).items():
        each = stands[ident]
        for score in scores.values():
            if score.cost is not None and each.validated_at is not None:
                for kind in ("asked", "done") if each.state in carried_out else ("asked",):
                    yield each.validated_at.date(), kind, score.cost, score.currency


def _paid(session: Session, area: Area) -> Iterator[tuple[date, str, int, str]]:
    for each in area.of(projects.money(session)):
        if each.state == Validity.STANDS:
            yield each.day, each.kind, each.amount, each.currency
    inside = project_parts.taken(session)
    for device in area.of(equipment.equipment(session)):
        if device.price is not None and device.handed_on is not None and device.id not in inside:
            yield device.handed_on, "delivered", device.price, device.currency
