"""What belongs to a project: measures that a country agreed to, findings it agreed to, equipment and links."""

from collections.abc import Iterable, Iterator
from typing import Annotated, NamedTuple
from uuid import UUID, uuid5

from pydantic import Field as Rule
from sqlmodel import Session, col, select

from operations.core import rows, state_machine, state_tables
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
from operations.modernisation.project_rows import GATHERED, Project, ProjectPart, ProjectStep, is_open
from operations.modernisation.review_rows import STANDS as AGREED
from operations.modernisation.review_rows import Review, ReviewFinding
from operations.modernisation.withdrawal import Validity
from operations.needs import assessments
from operations.needs.rows import STANDS, scores_of
from operations.posts import register

_SPACE = UUID("0d4a9c1e-6f3f-4b52-8a55-2c0f6a7f4d21")
"""So that two who gather for one country at once do it one after the other."""


class ProjectContent(NamedTuple):
    """Something that can belong to a project: of which kind and post, what it is, and what it costs if that is known.

    `what` are words that somebody typed, of a measure or finding; else a code of `listed`.
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
        """What it is chosen by."""
        return f"{self.kind}:{self.id}"


class PartsDraft(Draft):
    """Things that belong to a project from now on."""

    parts: Annotated[
        tuple[str, ...], Rule(min_length=1, max_length=100), Label(N_("What belongs to it"), draws="several")
    ]


def things(session: Session, country: str) -> list[ProjectContent]:
    """Everything of a country that can belong to a project, as far as the asker may see it: what stands or is there."""
    return [
        *_measures(session, country),
        *_findings(session, country),
        *_equipment(session, country),
        *_links(session, country),
    ]


def _measures(session: Session, country: str) -> Iterator[ProjectContent]:
    stands = [each for each in assessments.assessments(session) if each.country == country and each.state in STANDS]
    scores = scores_of(session, (each.id for each in stands))
    for each in stands:
        for score in scores.get(each.id, {}).values():
            if score.measure:
                what = (score.measure, "", score.cost, score.currency)
                yield ProjectContent("measure", score.id, each.post_id, *what)


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
    for each in equipment.equipment(session):
        if each.country == country:
            costs = (each.price, each.currency, each.state in EQUIPMENT.ends)
            yield ProjectContent("equipment", each.id, each.post_id, each.kind, "CL-EQUIPMENT", *costs)


def _links(session: Session, country: str) -> Iterator[ProjectContent]:
    for each in links.links(session):
        if each.country == country:
            ended = each.state in LINKS.ends
            yield ProjectContent("link", each.id, each.post_id, each.technology, "CL-CONNECTIVITY", ended=ended)


def parts(session: Session, project_id: UUID | None = None) -> list[ProjectPart]:
    """What belongs to a project or to any, in the order in which it was added, what was taken out included."""
    query = select(ProjectPart).order_by(col(ProjectPart.made_at), col(ProjectPart.id))
    return list(session.exec(query if project_id is None else query.where(ProjectPart.project_id == project_id)))


def taken(session: Session) -> set[UUID]:
    """What belongs to a project now, as far as the asker may see it."""
    query = select(ProjectPart.part_id).where(ProjectPart.state == Validity.STANDS.value)
    return set(session.exec(query))


def free(session: Session, found: Project) -> list[ProjectContent]:
    """What of its country could belong to a project: it is not at its end, and belongs to none."""
    gone = taken(session)
    return [each for each in things(session, found.country) if not each.ended and each.id not in gone]


def gather(session: Session, project_id: UUID, draft: PartsDraft, by: Actor) -> list[ProjectPart]:
    """Say that things belong to a project. What belongs to it already stays.

    Raises RuleBroken once it is handed over or stopped, and for what belongs to another, or cannot belong to it.
    """
    found = rows.hold(session, Project, project_id)
    require(by, Act.PROJECT_PROPOSE, register.subject(found))
    alone(session, uuid5(_SPACE, found.country))
    own = {f"{each.kind}:{each.part_id}" for each in parts(session, project_id) if each.state == Validity.STANDS}
    new = [each for each in dict.fromkeys(draft.parts) if each not in own]
    if not is_open(found):
        raise RuleBroken("", "This project is handed over or stopped: what belongs to it does not change any more.")
    can = {each.key: each for each in free(session, found)}
    if any(each not in can for each in new):
        raise RuleBroken("parts", "Something of this belongs to another project, or cannot belong to this one.")
    made = [_part(found, can[each], by) for each in new]
    for each in made:
        state_tables.begin(session, ProjectStep, each, by)
    if made:
        register.record(session, by, "project.gather", "project", found, parts=len(made))
    return made


def take_out(session: Session, part_id: UUID, to: Validity, by: Actor, words: str = "") -> ProjectPart:
    """Say with the reason that something does not belong to its project any more."""
    made = rows.one(session, ProjectPart, part_id)
    found = rows.hold(session, Project, made.project_id)
    made = rows.hold(session, ProjectPart, part_id)
    before = made.state
    step, words = GATHERED.take(made, found, to, by, words)
    _out(session, made, step, words, by)
    register.record(session, by, step.verb, "project", found, before=before, after=to.value)
    return made


def release(session: Session, found: Project, words: str, by: Actor) -> None:
    """What belonged to a project that is stopped can belong to another."""
    for each in parts(session, found.id):
        if each.state == Validity.STANDS:
            _out(session, each, GATHERED.go(each, Validity.WITHDRAWN), words, by)


def _out(session: Session, made: ProjectPart, step: state_machine.Step[Validity], words: str, by: Actor) -> None:
    state_tables.moved(session, ProjectStep, GATHERED, made, step, words, by)


def _part(found: Project, thing: ProjectContent, by: Actor) -> ProjectPart:
    return ProjectPart(
        id=new_id(),
        project_id=found.id,
        country=found.country,
        kind=thing.kind,
        part_id=thing.id,
        post_id=thing.post_id,
        **state_tables.of(by),
    )


def known(session: Session, found: Project) -> dict[UUID, ProjectContent]:
    """What the parts of a project are, by their ids, as far as the asker may see it."""
    by_key = {each.key: each for each in things(session, found.country)}
    named = {each.id: f"{each.kind}:{each.part_id}" for each in parts(session, found.id)}
    return {ident: by_key[key] for ident, key in named.items() if key in by_key}


def projects_of(session: Session, wanted: Iterable[UUID]) -> dict[UUID, Project]:
    """The project that each of these belongs to, by its id, as far as the asker may see it."""
    query = (
        select(ProjectPart.part_id, Project)
        .join(Project, col(Project.id) == col(ProjectPart.project_id))
        .where(ProjectPart.state == Validity.STANDS.value, col(ProjectPart.part_id).in_(set(wanted)))
    )
    return dict(session.exec(query).all())


def projects_at(session: Session, post_id: UUID) -> list[Project]:
    """The projects to which something of a post belongs, by the day until which the country is to have them."""
    of = select(ProjectPart.project_id).where(
        ProjectPart.state == Validity.STANDS.value, ProjectPart.post_id == post_id
    )
    return list(session.exec(select(Project).where(col(Project.id).in_(of)).order_by(col(Project.planned_for))))
