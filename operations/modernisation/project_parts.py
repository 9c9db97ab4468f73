"""Parts of a project: measures and findings that a country agreed to, equipment and links."""

from collections.abc import Iterable, Iterator
from typing import Annotated, NamedTuple
from uuid import UUID, uuid5

from pydantic import Field as Rule
from sqlmodel import Session, col, select

from operations.core import state_tables
from operations.core.drafts import Draft
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import alone
from operations.infrastructure import equipment, links
from operations.infrastructure.rows import LIFE as EQUIPMENT
from operations.infrastructure.rows import LINKS
from operations.modernisation.project_rows import GATHERED, PART, PROJECT, Project, ProjectPart, ProjectStep, is_open
from operations.modernisation.review_rows import AGREED_STATES as AGREED
from operations.modernisation.review_rows import Review, ReviewFinding
from operations.modernisation.withdrawal import Validity
from operations.needs import assessments
from operations.needs.rows import VALIDATED_STATES, scores_of
from operations.posts import register

_SPACE = UUID("0d4a9c1e-6f3f-4b52-8a55-2c0f6a7f4d21")
"""Namespace of the lock by which two writers who add parts for one country wait for each other."""


class ProjectContent(NamedTuple):
    """An item that can be part of a project: its kind, post, description, and cost if known.

    `what` is typed text for a measure or finding; otherwise a code of `listed`.
    """

    kind: str
    id: UUID
    post_id: UUID
    what: str
    listed: str = ""
    cost: int | None = None
    currency: str = ""
    ended: bool = False

    @property
    def key(self) -> str:
        """The key by which a form selects it."""
        return f"{self.kind}:{self.id}"


class PartsDraft(Draft):
    """Draft of the parts to add to a project."""

    parts: Annotated[
        tuple[str, ...], Rule(min_length=1, max_length=100), Label(N_("What belongs to it"), draws="several")
    ]


def eligible_items(session: Session, country: str) -> list[ProjectContent]:
    """Return every current item of a country that can be part of a project, as far as the asker may see it."""
    return [
        *_measures(session, country),
        *_findings(session, country),
        *_equipment(session, country),
        *_links(session, country),
    ]


def _measures(session: Session, country: str) -> Iterator[ProjectContent]:
    stands = [
        each for each in assessments.assessments(session) if each.country == country and each.state in VALIDATED_STATES
    ]
    scores = scores_of(session, (each.id for each in stands))
    for assessment in stands:
        for score in scores.get(assessment.id, {}).values():
            if score.measure:
                what = (score.measure, "", score.cost, score.currency)
                yield ProjectContent("measure", score.id, assessment.post_id, *what)


def _findings(session: Session, country: str) -> Iterator[ProjectContent]:
    query = (
        select(ReviewFinding)
        .join(Review, col(Review.id) == col(ReviewFinding.review_id))
        .where(ReviewFinding.state == Validity.STANDS.value, col(Review.state).in_([each.value for each in AGREED]))
        .where(ReviewFinding.country == country)
    )
    for each in session.exec(query.order_by(col(ReviewFinding.made_at))):
        yield ProjectContent("finding", each.id, each.post_id, each.needed, "", each.cost, each.currency)


def _equipment(session: Session, country: str) -> Iterator[ProjectContent]:
    for piece in equipment.equipment(session):
        if piece.country == country:
            costs = (piece.price, piece.currency, piece.state in EQUIPMENT.ends)
            yield ProjectContent("equipment", piece.id, piece.post_id, piece.kind, "CL-EQUIPMENT", *costs)


def _links(session: Session, country: str) -> Iterator[ProjectContent]:
    for link in links.links(session):
        if link.country == country:
            ended = link.state in LINKS.ends
            yield ProjectContent("link", link.id, link.post_id, link.technology, "CL-CONNECTIVITY", ended=ended)


def parts(session: Session, project_id: UUID | None = None) -> list[ProjectPart]:
    """Return the parts of a project or of any, in the order in which they were added, removed ones included."""
    query = select(ProjectPart).order_by(col(ProjectPart.made_at), col(ProjectPart.id))
    return list(session.exec(query if project_id is None else query.where(ProjectPart.project_id == project_id)))


def taken(session: Session) -> set[UUID]:
    """Return the ids of items that are part of a project now, as far as the asker may see it."""
    query = select(ProjectPart.part_id).where(ProjectPart.state == Validity.STANDS.value)
    return set(session.exec(query))


def unassigned_items(session: Session, found: Project) -> list[ProjectContent]:
    """Return the items of a project's country that are unfinished and part of no project."""
    gone = taken(session)
    return [each for each in eligible_items(session, found.country) if not each.ended and each.id not in gone]


def add_parts(session: Session, project_id: UUID, draft: PartsDraft, by: Actor) -> list[ProjectPart]:
    """Add parts to a project. Those that it has already stay.

    Raises RuleBroken once it is handed over or stopped, and for an item of another project or country.
    """
    project = PROJECT.hold(session, project_id)
    require(by, Act.PROJECT_PROPOSE, register.subject(project))
    alone(session, uuid5(_SPACE, project.country))
    own = {f"{each.kind}:{each.part_id}" for each in parts(session, project_id) if each.state == Validity.STANDS}
    new = [each for each in dict.fromkeys(draft.parts) if each not in own]
    if not is_open(project):
        raise RuleBroken("", "This project was handed over or stopped. Its parts can no longer change.")
    can = {each.key: each for each in unassigned_items(session, project)}
    if any(each not in can for each in new):
        raise RuleBroken(
            "parts",
            "One of these items belongs to another project, or does not fit this one. Reload "
            "the page and choose again.",
        )
    made = [_part(project, can[each], by) for each in new]
    for each in made:
        state_tables.begin(session, ProjectStep, each, by)
    if made:
        register.record(session, by, "project.gather", "project", project, parts=len(made))
    return made


def remove_part(session: Session, part_id: UUID, to: Validity, by: Actor, words: str = "") -> ProjectPart:
    """Remove a part from its project, with the reason."""
    return PART.take(session, PART.hold(session, part_id), to, by, words)


def release(session: Session, found: Project, words: str, by: Actor) -> None:
    """Free the parts of a stopped project for another."""
    for each in parts(session, found.id):
        if each.state == Validity.STANDS:
            step = GATHERED.go(each, Validity.WITHDRAWN)
            state_tables.record_step(session, ProjectStep, GATHERED, each, step, words, by)


def _part(found: Project, thing: ProjectContent, by: Actor) -> ProjectPart:
    return ProjectPart(
        id=new_id(),
        project_id=found.id,
        country=found.country,
        kind=thing.kind,
        part_id=thing.id,
        post_id=thing.post_id,
        **state_tables.author_columns(by),
    )


def part_items(session: Session, found: Project) -> dict[UUID, ProjectContent]:
    """Return the items behind a project's parts by id, as far as the asker may see them."""
    by_key = {each.key: each for each in eligible_items(session, found.country)}
    named = {each.id: f"{each.kind}:{each.part_id}" for each in parts(session, found.id)}
    return {ident: by_key[key] for ident, key in named.items() if key in by_key}


def projects_of(session: Session, wanted: Iterable[UUID]) -> dict[UUID, Project]:
    """Return the project of each of these items by item id, as far as the asker may see it."""
    query = (
        select(ProjectPart.part_id, Project)
        .join(Project, col(Project.id) == col(ProjectPart.project_id))
        .where(ProjectPart.state == Validity.STANDS.value, col(ProjectPart.part_id).in_(set(wanted)))
    )
    return dict(session.exec(query).all())


def projects_at(session: Session, post_id: UUID) -> list[Project]:
    """Return the projects with parts at a post, by planned handover day."""
    of = select(ProjectPart.project_id).where(
        ProjectPart.state == Validity.STANDS.value, ProjectPart.post_id == post_id
    )
    return list(session.exec(select(Project).where(col(Project.id).in_(of)).order_by(col(Project.planned_for))))
