"""K59: whether a course changed practice, by the queries of the posts whose officers passed it (Kirkpatrick 3).

The same officers are on both sides, so that queries per officer after and before compare as the queries themselves.
Where passages were counted in all six months, the months before are corrected by them: a season is no effect of
training.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.clock import today
from operations.core.field_labels import N_
from operations.core.store import unscoped
from operations.infrastructure import usage
from operations.infrastructure.usage import Month, UsageMonth
from operations.posts import register
from operations.posts.figures import ProgrammeFigure, Value
from operations.training.certificates import months_later
from operations.training.enrolment_rows import Enrolment, EnrolmentState
from operations.training.rows import CourseRun

MONTHS = 3
BEHAVIOUR = ProgrammeFigure(
    "K59",
    N_("Practice after training"),
    N_("times"),
    N_("Queries of posts in the three months after officers passed, divided by those in the three before."),
    N_("Corrected for the persons who passed where they were counted; posts without six counted months are left out."),
    "S00",
)


class Sides(NamedTuple):
    """Queries after a course run, and the number expected with the earlier practice."""

    after: float
    expected: float


def behaviour(session: Session) -> Value:
    """Return K59 of the posts that the asker may see: a ratio, with the number of runs and posts it is known for."""
    known = {each.id for each in register.posts(session)}
    counted: dict[UUID, list[UsageMonth]] = defaultdict(list)
    for each in usage.months(session):
        counted[each.post_id].append(each)
    series = {post: {each.month: each for each in usage.series(counted[post])} for post in known}
    pairs = [(run, post) for run, post in _passed(session) if post in known and _ripe(run)]
    sides = [found for run, post in pairs if (found := _sides(run, series[post])) is not None]
    expected = sum(each.expected for each in sides)
    number = sum(each.after for each in sides) / expected if expected else None
    return Value(BEHAVIOUR, number, len(sides), len(pairs))


def _passed(session: Session) -> Iterator[tuple[CourseRun, UUID]]:
    """Yield runs with the posts whose officers passed them, each pair once."""
    query = (
        select(CourseRun, Enrolment.post_id)
        .join(Enrolment, col(Enrolment.run_id) == col(CourseRun.id))
        .where(Enrolment.state == EnrolmentState.PASSED.value, col(Enrolment.post_id).is_not(None))
    )
    seen: set[tuple[UUID, UUID]] = set()
    for run, post in session.exec(unscoped(query)):
        if post is not None and (run.id, post) not in seen:
            seen.add((run.id, post))
            yield run, post


def _ripe(run: CourseRun) -> bool:
    """Return whether the three months after it are over."""
    return months_later(run.ends.replace(day=1), MONTHS + 1) <= today()


def _sides(run: CourseRun, months: dict[date, Month]) -> Sides | None:
    before = [months.get(_month(run.starts, -each)) for each in range(1, MONTHS + 1)]
    after = [months.get(_month(run.ends, each)) for each in range(1, MONTHS + 1)]
    counted = [each for each in (*before, *after) if each is not None]
    if len(counted) < 2 * MONTHS:
        return None
    was, now = counted[:MONTHS], counted[MONTHS:]
    asked, asks = sum(each.queries for each in was), sum(each.queries for each in now)
    passed, passes = sum(each.passages or 0 for each in was), sum(each.passages or 0 for each in now)
    corrected = all(each.passages for each in counted)
    return Sides(asks, asked * passes / passed if corrected else asked)


def _month(day: date, months: int) -> date:
    return months_later(day.replace(day=1), months)
