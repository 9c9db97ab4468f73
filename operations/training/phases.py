"""Training phases of operations as runs of courses, whose trainees are then posted to its sites (domain 1.5).

Several runs may form one phase; a run trains for one operation. A country sees its own trainees by name; all others see
only counts.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal, rows
from operations.core.clock import UtcDateTime, now, official_day
from operations.core.drafts import Draft
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Account, Actor, Posting, ahead
from operations.core.permissions import Act, may, require
from operations.core.store import scoped, unscoped
from operations.core.vocabulary import PhaseKind, Role
from operations.policing.map_plan import places, postings
from operations.policing.operation import plan
from operations.training import courses
from operations.training.enrolment_rows import WAS_THERE, Enrolment, EnrolmentState
from operations.training.rows import Course, CourseRun, RunState


class PhaseRun(SQLModel, table=True):
    """A run of a course as a training phase of an operation, or a part of one. A run trains for one operation."""

    __tablename__ = "phase_run"
    run_id: UUID = Field(primary_key=True, foreign_key="course_run.id")
    phase_id: UUID = Field(foreign_key="phase.id", index=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    made_at: datetime = Field(sa_type=UtcDateTime)


@scoped(PhaseRun)
def _seen(actor: Actor) -> object:
    return plan.within_reach(PhaseRun.operation_id, actor)


class PhaseRunDraft(Draft):
    """Draft: a run as a training phase."""

    phase_id: Annotated[UUID, Label(N_("Training phase"))]
    run_id: Annotated[UUID, Label(N_("Run of a course"))]


# ------------------------------------------------------------------------------------------------- questions


class JoinedRun(NamedTuple):
    """A run with its course and phase."""

    run: CourseRun
    course: Course
    phase: plan.Phase


def runs_of(session: Session, operation_id: UUID) -> list[JoinedRun]:
    """Return the runs that are the training of an operation, by their first day."""
    query = (
        select(CourseRun, Course, plan.Phase)
        .join(PhaseRun, col(PhaseRun.run_id) == col(CourseRun.id))
        .join(Course, col(Course.id) == col(CourseRun.course_id))
        .join(plan.Phase, col(plan.Phase.id) == col(PhaseRun.phase_id))
        .where(PhaseRun.operation_id == operation_id)
        .order_by(col(CourseRun.starts), col(CourseRun.id))
    )
    return [JoinedRun(*each) for each in session.exec(query)]


def training_phases(session: Session, operation_id: UUID) -> list[plan.Phase]:
    """Return the training phases of an operation."""
    return [each for each in plan.phases(session, operation_id) if each.kind == PhaseKind.TRAINING]


def may_join(operation: plan.Operation, by: Actor) -> bool:
    """Return whether `by` may join runs to the training phases of an operation."""
    return operation.state not in plan.ENDED and may(by, Act.OPERATION_EDIT, plan.subject(operation))


def can_join(session: Session, operation: plan.Operation) -> list[CourseRun]:
    """Return the runs of no operation that are held in the training phases of this one, by their first day."""
    phases = training_phases(session, operation.id)
    taken = session.exec(unscoped(select(PhaseRun.run_id))).all()
    query = select(CourseRun).where(CourseRun.state != RunState.CANCELLED.value, col(CourseRun.id).not_in(taken))
    found = session.exec(query.order_by(col(CourseRun.starts), col(CourseRun.id)))
    return [each for each in found if any(_meets(operation, phase, each) for phase in phases)]


def _meets(operation: plan.Operation, phase: plan.Phase, run: CourseRun) -> bool:
    """Return whether a run is held on a day of a phase."""
    ends = phase.ends - timedelta(microseconds=1)
    first, last = (official_day(each, operation.zone, operation.day_cut) for each in (phase.starts, ends))
    return run.starts <= last and first <= run.ends


@dataclass(frozen=True)
class TraineeCounts:
    """Counts of a country's people in the runs of an operation: enrolled, attended, passed, and posted after passing.

    `at` counts those who passed by their sites; `people` are their names with the names of their sites, for their own
    country alone.
    """

    country: str
    enrolled: int
    attended: int
    passed: int
    posted: int
    at: Mapping[UUID, int]
    people: Mapping[str, tuple[str, ...]]


def trainees(session: Session, operation_id: UUID, by: Actor) -> list[TraineeCounts]:
    """Return the trainees of an operation and their sites, by country: of the asker's own, or counts of all."""
    found = [each for each in enrolled(session, operation_id) if not by.national or each.country == by.country]
    accounts, where, names = {}, account_sites(session, operation_id, (each.account_id for each in found)), {}
    if by.role is Role.NATIONAL_COORDINATOR:
        accounts = rows.by_id(session, Account, (each.account_id for each in found))
        names = {each.id: each.name for each in places.sites(session, operation_id)}
    by_country: dict[str, dict[UUID, list[Enrolment]]] = defaultdict(lambda: defaultdict(list))
    for each in found:
        by_country[each.country][each.account_id].append(each)
    return [_counted(country, of, where, accounts, names) for country, of in sorted(by_country.items())]


def _counted(
    country: str,
    of: Mapping[UUID, list[Enrolment]],
    where: Mapping[UUID, set[UUID]],
    accounts: Mapping[UUID, Account],
    names: Mapping[UUID, str],
) -> TraineeCounts:
    there = [each for each, all_ in of.items() if any(one.state in WAS_THERE for one in all_)]
    passed = [each for each, all_ in of.items() if any(one.state == EnrolmentState.PASSED for one in all_)]
    at = Counter(site for each in passed for site in where.get(each, ()))
    named = {
        accounts[account_id].name: tuple(sorted(names[site] for site in where.get(account_id, ()) if site in names))
        for account_id in passed
        if account_id in accounts
    }
    posted = sum(each in where for each in passed)
    return TraineeCounts(country, len(of), len(there), len(passed), posted, at, dict(sorted(named.items())))


def enrolled(session: Session, operation_id: UUID) -> list[Enrolment]:
    """Return the enrolments in the runs of an operation that were not withdrawn, of all countries."""
    query = (
        select(Enrolment)
        .join(PhaseRun, col(PhaseRun.run_id) == col(Enrolment.run_id))
        .where(PhaseRun.operation_id == operation_id, Enrolment.state != EnrolmentState.WITHDRAWN.value)
    )
    return list(session.exec(unscoped(query)))


def account_sites(session: Session, operation_id: UUID, accounts: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Return the sites of an operation to which people are or were posted; people without a posting are left out."""
    query = (
        select(Posting)
        .join(places.Site, col(places.Site.id) == col(Posting.site_id))
        .where(places.Site.operation_id == operation_id, col(Posting.account_id).in_(set(accounts)))
    )
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for each in session.exec(unscoped(query)):
        if each.starts is None or each.ends is None or each.starts < each.ends:
            found[each.account_id].add(each.site_id)
    return found


def unposted(session: Session, operation: plan.Operation, by: Actor) -> list[Account]:
    """Return the own people who passed an operation's training and have no posting to its sites, now or later, by
    name.
    """
    if not may(by, Act.SITE_POST, plan.subject(operation, by.country)):
        return []
    passed = {
        enrolment.account_id
        for enrolment in enrolled(session, operation.id)
        if enrolment.country == by.country and enrolment.state == EnrolmentState.PASSED
    }
    query = (
        select(Posting.account_id)
        .join(places.Site, col(places.Site.id) == col(Posting.site_id))
        .where(places.Site.operation_id == operation.id, ahead(Posting, now()), col(Posting.account_id).in_(passed))
    )
    posted = set(session.exec(unscoped(query)))
    accounts = rows.by_id(session, Account, passed - posted).values()
    return sorted(
        (each for each in accounts if each.may_enter and each.role in postings.POSTED), key=lambda each: each.name
    )


# ----------------------------------------------------------------------------------------------------- verbs


def join(session: Session, draft: PhaseRunDraft, by: Actor) -> PhaseRun:
    """Join a run of a course to a training phase. Idempotent.

    Raises RuleBroken for a phase of another kind, and for a run that is cancelled, held on other days, or the training
    of another operation.
    """
    phase = rows.one(session, plan.Phase, draft.phase_id)
    owner = _open(session, phase, by)
    run = rows.hold(session, CourseRun, draft.run_id)
    known: PhaseRun | None = session.exec(unscoped(select(PhaseRun).where(PhaseRun.run_id == run.id))).one_or_none()
    if known is not None:
        if known.phase_id == phase.id:
            return known
        raise RuleBroken("run_id", "This run is the training of another phase already: choose another run.")
    if run.state == RunState.CANCELLED:
        raise RuleBroken("run_id", "This run is cancelled: choose another run.")
    if not _meets(owner, phase, run):
        raise RuleBroken(
            "run_id",
            "This run is from {first} to {last}, outside the phase. Move the run or the phase.",
            first=run.starts,
            last=run.ends,
        )
    made = PhaseRun(run_id=run.id, phase_id=phase.id, operation_id=owner.id, made_at=now())
    session.add(made)
    _record(session, by, "phase.train", phase, run)
    return made


def hold(session: Session, phase_id: UUID, draft: courses.RunDraft, by: Actor) -> PhaseRun:
    """Schedule a run of a course as a training phase. Idempotent. Raises as `courses.schedule` and `join` do."""
    _open(session, rows.one(session, plan.Phase, phase_id), by)
    made = courses.schedule(session, draft, by)
    session.flush()
    return join(session, PhaseRunDraft(phase_id=phase_id, run_id=made.id), by)


def part(session: Session, run_id: UUID, by: Actor) -> None:
    """Separate a run from its training phase. Idempotent."""
    found = rows.find(session, PhaseRun, run_id)
    if found is None:
        return
    phase = rows.one(session, plan.Phase, found.phase_id)
    _open(session, phase, by)
    session.delete(found)
    _record(session, by, "phase.part", phase, rows.one(session, CourseRun, run_id))


def _open(session: Session, phase: plan.Phase, by: Actor) -> plan.Operation:
    owner = plan.hold(session, phase.operation_id, by)
    require(by, Act.OPERATION_EDIT, plan.subject(owner))
    if phase.kind != PhaseKind.TRAINING:
        raise RuleBroken("phase_id", "This is no training phase: only a training phase is a run of a course.")
    if owner.state in plan.ENDED:
        raise RuleBroken("", "The operation has ended. Its training can no longer change.")
    return owner


def _record(session: Session, by: Actor, act: str, phase: plan.Phase, run: CourseRun) -> None:
    about: dict[str, Any] = {"run": str(run.id), "host": run.host, "day": run.starts.isoformat()}
    journal.record(session, by, act, "phase", phase.id, operation=phase.operation_id, **about)
