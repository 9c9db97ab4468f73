"""Enrolments in a run: officers enrolled by their own country, their attendance, and tests before and after."""

from collections.abc import Iterable, Sequence
from typing import Annotated, NamedTuple
from uuid import UUID, uuid5

from pydantic import Field as Rule
from sqlmodel import Session, col, func, select

from operations.core import rows, state_machine, state_tables
from operations.core.clock import today
from operations.core.drafts import Draft
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Account, Actor
from operations.core.permissions import Act, Subject, may, require
from operations.core.store import alone, unfenced, unscoped
from operations.core.vocabulary import Role
from operations.posts import register
from operations.training.enrolment_rows import (
    ENROLMENT,
    ENROLMENTS,
    WAS_THERE,
    CertificateState,
    CourseCertificate,
    Enrolment,
    EnrolmentFacts,
    EnrolmentState,
)
from operations.training.rows import Course, CourseRun, RunState
from operations.training.steps import TrainingStep, record

_N = EnrolmentState
TAUGHT = (Role.NATIONAL_OFFICER, Role.TEAM_LEADER, Role.NATIONAL_COORDINATOR)
"""Roles whose accounts a country can enrol."""

# ---------------------------------------------------------------------------------------------------- drafts


class EnrolDraft(Draft):
    """Draft of enrolments: officers of a country who go to a run together.

    `id` is the draft's: sent twice, it is stored once.
    """

    id: UUID
    people: Annotated[
        tuple[UUID, ...],
        Rule(min_length=1, max_length=50),
        Label(N_("Who"), draws="several", needed=N_("Choose at least one person.")),
    ]
    post_id: Annotated[
        UUID | None, Label(N_("Post where they work"), N_("Where what they learn is to be seen. Empty: at none."))
    ] = None


class PointsDraft(Draft):
    """Draft of test results: points before the course and of the same test after it; empty: not taken."""

    before: Annotated[int | None, Rule(ge=0, le=1000), Label(N_("Points before"))] = None
    after: Annotated[int | None, Rule(ge=0, le=1000), Label(N_("Points after"))] = None


# ------------------------------------------------------------------------------------------------- questions


class Trainee(NamedTuple):
    """An enrolment with the account's name."""

    enrolment: Enrolment
    name: str


def trainees(session: Session, run_id: UUID) -> list[Trainee]:
    """Return the enrolments of a run that the asker may see, by country and name."""
    query = (
        select(Enrolment, Account.name)
        .join(Account, col(Account.id) == col(Enrolment.account_id))
        .where(Enrolment.run_id == run_id)
        .order_by(col(Enrolment.country), col(Account.name), col(Enrolment.made_at))
    )
    return [Trainee(enrolment, name) for enrolment, name in session.exec(query)]


def taken(session: Session, runs: Iterable[UUID]) -> dict[UUID, int]:
    """Return the number of taken seats of each run, over all countries."""
    query = (
        select(Enrolment.run_id, func.count())
        .where(col(Enrolment.run_id).in_(set(runs)), col(Enrolment.state) != _N.WITHDRAWN.value)
        .group_by(col(Enrolment.run_id))
    )
    with unfenced(session):
        return dict(session.exec(unscoped(query)).all())


def candidates(session: Session, run_id: UUID, by: Actor) -> list[Account]:
    """Return the people of the asker's country who can be enrolled in a run and are not, by name."""
    if not may(by, Act.ENROLMENT_MAKE, Subject(country=by.country)):
        return []
    there = {each.enrolment.account_id for each in trainees(session, run_id) if each.enrolment.state != _N.WITHDRAWN}
    return [each for each in people_of(session, by.country) if each.id not in there]


def people_of(session: Session, country: str | None) -> list[Account]:
    """Return the people of a country who can be enrolled, by name, as far as the asker may know them."""
    query = select(Account).where(Account.country == country, col(Account.role).in_([each.value for each in TAUGHT]))
    found = session.exec(query.order_by(col(Account.name), col(Account.username)))
    return [each for each in found if each.may_enter]


def offers(found: Enrolment, run: CourseRun, by: Actor) -> list[state_machine.StepOffer[EnrolmentState]]:
    """Return the steps `by` may take with an enrolment now."""
    return ENROLMENTS.offers(found, EnrolmentFacts(run, today()), by)


def may_test(found: Enrolment, by: Actor) -> bool:
    """Return whether `by` may enter test results of this enrolment."""
    return found.state in (_N.ENROLLED, *WAS_THERE) and may(by, Act.ENROLMENT_MARK, Subject(country=found.country))


# ----------------------------------------------------------------------------------------------------- verbs


def enrol(session: Session, run_id: UUID, draft: EnrolDraft, by: Actor) -> Sequence[Enrolment]:
    """Enrol people of the own country. Idempotent.

    Raises RuleBroken where a person is enrolled already or is not of the country, and where too few seats are left.
    """
    require(by, Act.ENROLMENT_MAKE, Subject(country=by.country))
    run = rows.one(session, CourseRun, run_id)
    alone(session, run.id)
    people = list(dict.fromkeys(draft.people))
    ids = [uuid5(draft.id, str(each)) for each in people]
    known = rows.by_id(session, Enrolment, ids)
    if len(known) == len(ids):
        return [known[each] for each in ids]
    if run.state != RunState.SCHEDULED or today() > run.ends:
        raise RuleBroken("", "This run has ended or is cancelled. You can no longer enrol people.")
    if draft.post_id is not None:
        register.hold(session, draft.post_id, by, Act.POST_READ)
    _of_country(session, run_id, people, by)
    left = run.capacity - taken(session, [run.id]).get(run.id, 0)
    if len(people) > left:
        raise RuleBroken("people", "Seats that are left in this run: {left}. Choose fewer people.", left=max(left, 0))
    made = [
        Enrolment(
            id=ident,
            run_id=run.id,
            account_id=account_id,
            country=str(by.country),
            post_id=draft.post_id,
            **state_tables.author_columns(by),
        )
        for ident, account_id in zip(ids, people, strict=True)
    ]
    for each in made:
        state_tables.begin(session, TrainingStep, each, by)
    record(session, by, "enrolment.make", "enrolment", made[0], people=len(made))
    return made


def _of_country(session: Session, run_id: UUID, people: Sequence[UUID], by: Actor) -> None:
    can = {each.id for each in candidates(session, run_id, by)}
    if set(people) <= can:
        return
    there = {each.enrolment.account_id: each.name for each in trainees(session, run_id)}
    twice = [there[each] for each in people if each in there and each not in can]
    if twice:
        raise RuleBroken("people", "Enrolled in this run already: {names}.", names=", ".join(twice))
    raise RuleBroken("people", "Choose people of your own country who have an open account.")


def take(session: Session, enrolment_id: UUID, to: EnrolmentState, by: Actor, words: str = "") -> Enrolment:
    """Record the attendance of an officer, or withdraw an enrolment. Raises RuleBroken and NotPermitted."""
    return ENROLMENT.take(session, ENROLMENT.hold(session, enrolment_id), to, by, words)


def mark(session: Session, enrolment_id: UUID, draft: PointsDraft, by: Actor) -> Enrolment:
    """Enter the points of the tests; those after the course decide who passed. Empty points are left unchanged.

    Raises RuleBroken for more points than the test has, for a test after the course of an absent officer, and where a
    certificate is based on the test.
    """
    enrolment = ENROLMENT.hold(session, enrolment_id)
    require(by, Act.ENROLMENT_MARK, Subject(country=enrolment.country))
    first = enrolment.before if draft.before is None else draft.before
    after = enrolment.after if draft.after is None else draft.after
    if (enrolment.before, enrolment.after) == (first, after):
        return enrolment
    course = rows.one(session, Course, rows.one(session, CourseRun, enrolment.run_id).course_id)
    for name, points in (("before", first), ("after", after)):
        if points is not None and points > course.points:
            raise RuleBroken(name, "The test has {points} points. A result cannot be higher.", points=course.points)
    if enrolment.state == _N.WITHDRAWN:
        raise RuleBroken("", "This enrolment was withdrawn, so it has no test.")
    if after is not None and enrolment.state not in WAS_THERE:
        raise RuleBroken(
            "after", "Only officers who attended take the test after the course. Record the attendance first."
        )
    if enrolment.after != after and _certified(session, enrolment):
        raise RuleBroken("after", "A certificate is based on this test, so its points can no longer change.")
    passes = _N.PASSED if after is not None and after >= course.pass_points else _N.FAILED
    if after is None or enrolment.state == passes:
        enrolment.before, enrolment.after = first, after
        session.add(enrolment)
        record(session, by, "enrolment.test", "enrolment", enrolment)
        return enrolment
    return ENROLMENT.go(session, enrolment, passes, by, before=first, after=after)


def _certified(session: Session, found: Enrolment) -> bool:
    query = select(CourseCertificate).where(
        CourseCertificate.enrolment_id == found.id, col(CourseCertificate.state) != CertificateState.DROPPED.value
    )
    return session.exec(query).first() is not None
