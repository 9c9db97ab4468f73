"""Sustained use (K63): the change in queries at an evaluation's posts, 6 and 12 months after its occasion.

Each post is compared with itself, by the segmented regression of `infrastructure.trend`; where that cannot tell, it
returns the reason, and the post is in no median.
"""

from collections.abc import Callable, Iterable
from datetime import date
from statistics import median
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.clock import now, official_day
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.store import unscoped
from operations.evaluation.rows import Evaluation
from operations.infrastructure.trend import AFTER, QueryChange, TrendAnswer
from operations.infrastructure.usage import Month
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.posts import register
from operations.posts.figures import ProgrammeFigure, Value
from operations.posts.register import Post, PostSite
from operations.programme import timeline
from operations.programme.timeline import Occasion
from operations.training.enrolment_rows import Enrolment
from operations.training.rows import CourseRun, RunState

_FORMULA = N_(
    "Queries of that month divided by what they would be had it gone on as before, at the same post; the median of all "
    "posts of which it can be told."
)
_CAUTION = N_("Months of the operation itself are in neither. Read it with the interval of each post.")
SUSTAINED = tuple(
    ProgrammeFigure("K63", name, N_("times"), _FORMULA, _CAUTION, "S00")
    for name in (N_("Sustained use, month 6"), N_("Sustained use, month 12"))
)
_NO_POST = N_("No post of the register is joined to what is evaluated.")
_NO_CHANGE = N_("Too little is known of queries at any of its posts: the table says what of each.")
_NO_OCCASION = Flaw("", N_("Nothing has ended at this post that an evaluation could compare."))
Compare = Callable[[list[Month], date, date], TrendAnswer]


class Sustained(NamedTuple):
    """A post with its occasion, and the changes by month; `why` there are none."""

    post: Post
    occasion: Occasion | None
    changes: dict[int, QueryChange]
    why: Flaw | None


def sustained(session: Session, of: Evaluation, compare: Compare) -> list[Sustained]:
    """Return each post of an evaluation that the asker may see; `compare` is `trend.before_and_after`."""
    return [_one(session, of, post, compare) for post in posts(session, of)]


def figures(found: Iterable[Sustained]) -> list[Value]:
    """Return K63 at months 6 and 12: the median, with the number of posts that it is known for."""
    known = list(found)
    values = []
    for figure, month in zip(SUSTAINED, AFTER, strict=True):
        told = [each.changes[month].ratio for each in known if month in each.changes]
        why = "" if told else _NO_CHANGE if known else _NO_POST
        values.append(Value(figure, median(told) if told else None, len(told), len(known), why))
    return values


def posts(session: Session, of: Evaluation) -> list[Post]:
    """Return the evaluated posts, as far as the asker may see them."""
    known = register.posts(session)
    if of.country is not None:
        return [each for each in known if each.country == of.country]
    if of.course_id is not None:
        wanted = {post for post, _run in _runs(session, of.course_id)}
    else:
        sites = select(Site.id).where(col(Site.operation_id).in_([UUID(each) for each in of.operations]))
        wanted = set(session.exec(select(PostSite.post_id).where(col(PostSite.site_id).in_(sites))))
    return [each for each in known if each.id in wanted]


def _runs(session: Session, course_id: UUID) -> list[tuple[UUID, CourseRun]]:
    """Return the runs of a course with the posts that people were enrolled from; no person is named."""
    gone = RunState.CANCELLED.value
    query = (
        select(Enrolment.post_id, CourseRun)
        .join(CourseRun, col(CourseRun.id) == col(Enrolment.run_id))
        .where(CourseRun.course_id == course_id, CourseRun.state != gone, col(Enrolment.post_id).is_not(None))
    )
    return [(post, run) for post, run in session.exec(unscoped(query))]


def _one(session: Session, of: Evaluation, post: Post, compare: Compare) -> Sustained:
    occasion = _occasion(session, of, post)
    if occasion is None:
        return Sustained(post, None, {}, _NO_OCCASION)
    answer = compare(timeline.queries(session, post.id), occasion.begins, occasion.ends)
    return Sustained(post, occasion, {each.month: each for each in answer.changes}, answer.why)


def _occasion(session: Session, of: Evaluation, post: Post) -> Occasion | None:
    """Return the last past occasion at this post: of the operations, of the course, or of all in a country."""
    today = official_day(now(), post.zone)
    if of.course_id is not None:
        found = [
            Occasion(f"run:{run.id}", N_("Course held in {place}"), {"place": run.place}, run.starts, run.ends)
            for at, run in _runs(session, of.course_id)
            if at == post.id and run.ends <= today
        ]
    else:
        found = timeline.occasions(session, post.id, today)
    if of.operations:
        wanted = select(plan.Operation).where(col(plan.Operation.id).in_([UUID(each) for each in of.operations]))
        keys = {f"operation:{each.title}" for each in session.exec(wanted)}
        found = [each for each in found if each.key in keys]
    return max(found, key=lambda each: (each.ends, each.key), default=None)
