"""Timeline of a post (story 6.7): assessment, gap, delivery, training, operation, months 6 and 12, and its queries.

Events without data are left out: nobody is to read a promise as an event.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.clock import official_day
from operations.core.field_labels import N_
from operations.core.vocabulary import PhaseKind
from operations.infrastructure import equipment, links, usage
from operations.infrastructure.trend import AFTER
from operations.modernisation import project_parts, reviews
from operations.needs import assessments, readiness
from operations.needs.rows import AREAS
from operations.policing.operation import plan
from operations.posts import register
from operations.training import trained_officers


class Lane(StrEnum):
    """Kinds of events, in the order of the strategy."""

    NEEDS = "needs"
    EQUIPMENT = "equipment"
    LINK = "link"
    REVIEW = "review"
    PROJECT = "project"
    TRAINING = "training"
    OPERATION = "operation"
    AFTER = "after"


LANES = {
    Lane.NEEDS: N_("Needs"),
    Lane.EQUIPMENT: N_("Equipment"),
    Lane.LINK: N_("Links"),
    Lane.REVIEW: N_("Reviews"),
    Lane.PROJECT: N_("Projects"),
    Lane.TRAINING: N_("Trained"),
    Lane.OPERATION: N_("Operations"),
    Lane.AFTER: N_("After the operation"),
}
"""The labels of the lanes."""


@dataclass(frozen=True)
class Happening:
    """An event of a post's timeline on a day, or until `until`, with its text in every language."""

    day: date
    lane: Lane
    words: str
    params: Mapping[str, Any] = field(default_factory=dict)
    until: date | None = None


@dataclass(frozen=True)
class Occasion:
    """An event whose queries before and after can be compared."""

    key: str
    words: str
    params: Mapping[str, Any]
    begins: date
    ends: date


def timeline(session: Session, post_id: UUID, today: date) -> list[Happening]:
    """Return the events at a post until `today`, in order, as far as the asker may know them."""
    post = register.post(session, post_id)
    parts = (
        *(_needs(session, post), _equipment(session, post), _links(session, post), _reviews(session, post)),
        *(_projects(session, post, today), _training(session, post), _operations(session, post, today)),
    )
    found = [each for part in parts for each in part if each.day <= today]
    return sorted(found, key=lambda each: (each.day, list(Lane).index(each.lane), each.words))


def _needs(session: Session, post: register.Post) -> Iterator[Happening]:
    for assessment in assessments.assessments(session, post.id):
        if assessment.scored_at is not None:
            ready = readiness.readiness(assessments.scores(session, assessment.id), AREAS)
            score = None if ready.score is None else round(ready.score)
            day = official_day(assessment.scored_at, post.zone)
            yield Happening(day, Lane.NEEDS, N_("Assessed"))
            if score is not None:
                yield Happening(
                    day,
                    Lane.NEEDS,
                    N_("Readiness {score} of 100, gaps: {gaps}"),
                    {"score": score, "gaps": len(ready.gaps)},
                )
        if assessment.validated_at is not None:
            baseline = {"queries": assessment.baseline_queries}
            day = official_day(assessment.validated_at, post.zone)
            yield Happening(day, Lane.NEEDS, N_("Validated, {queries} queries a month"), baseline)


def _equipment(session: Session, post: register.Post) -> Iterator[Happening]:
    for piece in equipment.equipment(session, post.id):
        about = {"kind": piece.kind}
        if piece.handed_on is not None:
            yield Happening(piece.handed_on, Lane.EQUIPMENT, N_("Handed over: {kind}"), about)
        if piece.first_query is not None:
            yield Happening(piece.first_query, Lane.EQUIPMENT, N_("Commissioned: {kind}"), about)


def _links(session: Session, post: register.Post) -> Iterator[Happening]:
    for link in links.links(session, post.id):
        if link.built_on is not None:
            yield Happening(link.built_on, Lane.LINK, N_("Link built"))
        if link.live_on is not None:
            yield Happening(link.live_on, Lane.LINK, N_("Link live"))


def _reviews(session: Session, post: register.Post) -> Iterator[Happening]:
    found = reviews.reviews(session, post.id)
    counts = reviews.finding_counts(session, (each.id for each in found))
    for review in found:
        if review.visited_from is not None:
            yield Happening(review.visited_from, Lane.REVIEW, N_("Infrastructure reviewed"), until=review.visited_to)
        if review.agreed_at is not None:
            agreed = official_day(review.agreed_at, post.zone)
            about = {"findings": counts[review.id]}
            yield Happening(agreed, Lane.REVIEW, N_("The country agreed to findings: {findings}"), about)


def _projects(session: Session, post: register.Post, today: date) -> Iterator[Happening]:
    """Yield the projects with parts at this post, from the day they begin."""
    for project in project_parts.projects_at(session, post.id):
        about = {"project": project.title}
        if project.begun_on is not None:
            until = min(project.handed_on or today, today)
            yield Happening(project.begun_on, Lane.PROJECT, N_("Project begun: {project}"), about, until=until)
        if project.handed_on is not None:
            yield Happening(project.handed_on, Lane.PROJECT, N_("Project handed over: {project}"), about)
        if project.ended_on is not None and project.handed_on is not None:
            yield Happening(project.ended_on, Lane.PROJECT, N_("Project finished: {project}"), about)


def _training(session: Session, post: register.Post) -> Iterator[Happening]:
    for (day, course), people in trained_officers.certified_on(session, post.id).items():
        yield Happening(day, Lane.TRAINING, N_("Trained in {course}: {people}"), {"course": course, "people": people})


def _operations(session: Session, post: register.Post, today: date) -> Iterator[Happening]:
    for title, begins, ends in _windows(session, post):
        about = {"operation": title}
        yield Happening(begins, Lane.OPERATION, "{operation}", about, until=min(ends, today))
        for months in AFTER:
            yield Happening(
                _later(ends, months), Lane.AFTER, N_("Month {months} after {operation}"), {**about, "months": months}
            )


def _windows(session: Session, post: register.Post) -> Iterator[tuple[str, date, date]]:
    """Yield the period of each operation that has this post as a site and that the asker works for."""
    operations = {operation.id: operation for _site, operation in register.sites_of(session, post.id)}
    query = select(plan.Phase).where(
        col(plan.Phase.operation_id).in_(operations), plan.Phase.kind == PhaseKind.OPERATIONAL.value
    )
    phases = list(session.exec(query))
    for ident, operation in operations.items():
        own = [each for each in phases if each.operation_id == ident]
        if own:
            begins, ends = min(each.starts for each in own), max(each.ends for each in own)
            yield operation.title, official_day(begins, operation.zone), official_day(ends, operation.zone)


def _later(day: date, months: int) -> date:
    """Return the first day of the month that many months later."""
    at = day.year * 12 + day.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def occasions(session: Session, post_id: UUID, today: date) -> list[Occasion]:
    """Return the comparable events: operations that ended, first queries of equipment and links."""
    post = register.post(session, post_id)
    comparable = [
        Occasion(f"operation:{title}", "{operation}", {"operation": title}, begins, ends)
        for title, begins, ends in _windows(session, post)
        if ends <= today
    ]
    comparable += [
        Occasion(
            f"equipment:{piece.id}",
            N_("Commissioned: {kind}"),
            {"kind": piece.kind},
            piece.first_query,
            piece.first_query,
        )
        for piece in equipment.equipment(session, post_id)
        if piece.first_query is not None
    ]
    comparable += [
        Occasion(f"link:{link.id}", N_("Link live"), {}, link.live_on, link.live_on)
        for link in links.links(session, post_id)
        if link.live_on is not None
    ]
    return sorted(comparable, key=lambda each: (each.begins, each.key))


def queries(session: Session, post_id: UUID) -> list[usage.Month]:
    """Return the months of a post in which queries were counted."""
    return usage.series(usage.months(session, post_id))
