"""Trained officers: for each post and course the number of valid certificates, and how many of their holders work
elsewhere.

An officer is enrolled for a post. When later postings show that the officer works at another post, the first has a gap
that only new training closes. Only counts are shown, no names.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.clock import now, today
from operations.core.people import Posting, in_effect
from operations.core.store import unscoped
from operations.posts.register import Post, PostSite
from operations.training.enrolment_rows import CourseCertificate, Enrolment
from operations.training.rows import Course, CourseRun


@dataclass(frozen=True)
class Trained:
    """Training of a post in a course: officers ever certified for it, and those valid there, or elsewhere now.

    `last` is the last day of the certificate that expires first.
    """

    post: Post
    course: Course
    ever: int
    here: int
    moved: int
    last: date | None

    @property
    def gap(self) -> bool:
        """Whether no trained officer is left there."""
        return self.here == 0


def trained(session: Session, posts: Iterable[Post]) -> list[Trained]:
    """Return the training of these posts, which the asker must be able to see, in the order given and by course."""
    wanted = {each.id: each for each in posts}
    query = (
        select(CourseCertificate, Course, Enrolment.post_id)
        .join(Enrolment, col(Enrolment.id) == col(CourseCertificate.enrolment_id))
        .join(CourseRun, col(CourseRun.id) == col(CourseCertificate.run_id))
        .join(Course, col(Course.id) == col(CourseRun.course_id))
        .where(col(Enrolment.post_id).is_not(None), col(CourseCertificate.issued_on).is_not(None))
    )
    issued = list(session.exec(unscoped(query)))
    works = _works(session, {each.account_id for each, _course, _post in issued}, now())
    day = today()
    at: dict[tuple[UUID, UUID], list[tuple[CourseCertificate, UUID]]] = defaultdict(list)
    courses = {course.id: course for _each, course, _post in issued}
    for certificate, course, post_id in issued:
        for place in {post_id, *(works.get(certificate.account_id, ()) if certificate.valid(day) else ())}:
            if place in wanted:
                at[place, course.id].append((certificate, post_id))
    order = {ident: number for number, ident in enumerate(wanted)}
    return [
        _counted(wanted[post], courses[course], at[post, course], works, day)
        for post, course in sorted(at, key=lambda key: (order[key[0]], courses[key[1]].title))
    ]


def _counted(
    post: Post,
    course: Course,
    held: list[tuple[CourseCertificate, UUID]],
    works: dict[UUID, set[UUID]],
    day: date,
) -> Trained:
    valid = [each for each, _post in held if each.valid(day)]
    here = {each.account_id for each in valid if post.id in works.get(each.account_id, {post.id})}
    there = {each.account_id for each in valid} - here
    lasts = [each.expires_on for each in valid if each.account_id in here and each.expires_on is not None]
    ever = {each.account_id for each, enrolled in held if enrolled == post.id}
    return Trained(post, course, len(ever), len(here), len(there), min(lasts, default=None))


def _works(session: Session, accounts: set[UUID], moment: datetime) -> dict[UUID, set[UUID]]:
    """Return the posts at which people are posted now; people without a posting are left out: they are at their
    post.
    """
    query = (
        select(Posting.account_id, PostSite.post_id)
        .join(PostSite, col(PostSite.site_id) == col(Posting.site_id))
        .where(col(Posting.account_id).in_(accounts), in_effect(Posting, moment))
    )
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for account, post in session.exec(unscoped(query)):
        found[account].add(post)
    return found


def certified_on(session: Session, post_id: UUID) -> Mapping[tuple[date, str], int]:
    """Return the number of officers certified for a post, by day and title of the course."""
    query = (
        select(CourseCertificate, Course.title)
        .join(Enrolment, col(Enrolment.id) == col(CourseCertificate.enrolment_id))
        .join(CourseRun, col(CourseRun.id) == col(CourseCertificate.run_id))
        .join(Course, col(Course.id) == col(CourseRun.course_id))
        .where(Enrolment.post_id == post_id, col(CourseCertificate.issued_on).is_not(None))
    )
    found: Counter[tuple[date, str]] = Counter()
    for each, title in session.exec(unscoped(query)):
        if each.issued_on is not None:
            found[each.issued_on, title] += 1
    return found
