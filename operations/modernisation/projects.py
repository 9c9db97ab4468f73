"""Modernisation projects (pillar 3): proposed, approved, under way, signed for by the country, and finished."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field as Rule
from sqlmodel import Session, col, select

from operations.core.clock import now, official_day
from operations.core.drafts import Draft, Heading, NeededLine, NeededWords, Words
from operations.core.errors import Flaw, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may, require
from operations.core.vocabulary import Country, InList
from operations.modernisation import project_parts
from operations.modernisation.project_rows import (
    LIFE,
    MILESTONE,
    MONEY,
    OWNERS,
    PROJECT,
    SUM,
    ZONE,
    Milestone,
    MilestoneState,
    Project,
    ProjectMoney,
    ProjectState,
    accepts_money,
    is_open,
)
from operations.modernisation.withdrawal import Validity
from operations.posts import register

_S = ProjectState
Sums = dict[str, dict[str, int]]
"""By how far the money is, and by currency."""

# ---------------------------------------------------------------------------------------------------- drafts


class ProjectDraft(Draft):
    """Draft of a proposed project."""

    id: UUID
    country: Annotated[Country, Label(N_("Country"))]
    title: Annotated[Heading, Label(N_("Title"))]
    purpose: Annotated[NeededWords, Label(N_("What it is to change"))]
    donor: Annotated[NeededLine, Rule(max_length=120), Label(N_("Donor"), N_("The organisation that pays for it."))]
    planned_for: Annotated[date, Label(N_("Handed over until"))]


class MoneyDraft(Draft):
    """Draft of a sum."""

    id: UUID
    kind: Annotated[Literal["planned", "committed", "spent"], Label(N_("How far"), choices=MONEY, draws="few")] = (
        "planned"
    )
    amount: Annotated[int, Rule(ge=1, le=1_000_000_000), Label(N_("Amount"))]
    currency: Annotated[str, InList("CL-CURRENCY"), Label(N_("Currency"))]
    day: Annotated[date, Label(N_("Day"))]
    words: Annotated[NeededLine, Label(N_("What for, and where that is written"))]


class MilestoneDraft(Draft):
    """Draft of a milestone."""

    id: UUID
    title: Annotated[Heading, Label(N_("Milestone"))]
    owner: Annotated[Literal["country", "centre"], Label(N_("Whose it is"), choices=OWNERS, draws="few")] = "country"
    due: Annotated[date, Label(N_("Due"))]


class SignDraft(Draft):
    """Draft of the handover of the whole project, as the country signs it."""

    handed_on: Annotated[date, Label(N_("Handed over on"))]
    condition: Annotated[Words, Label(N_("Condition"), N_("What is missing or damaged; empty: nothing."))] = ""


# ------------------------------------------------------------------------------------------------- questions


def projects(session: Session) -> list[Project]:
    """Return the projects that the asker may see, by planned handover day."""
    return list(session.exec(select(Project).order_by(col(Project.planned_for), col(Project.id))))


def money(session: Session, project_id: UUID | None = None) -> list[ProjectMoney]:
    """Return the sums of a project or of all, by day, withdrawn sums included."""
    query = select(ProjectMoney).order_by(col(ProjectMoney.day), col(ProjectMoney.made_at))
    return list(session.exec(query if project_id is None else query.where(ProjectMoney.project_id == project_id)))


def sums(found: Iterable[ProjectMoney]) -> Sums:
    """Return the totals of the valid sums in each currency; currencies are never added together."""
    told: Sums = {kind: {} for kind in MONEY}
    for each in found:
        if each.state == Validity.STANDS:
            told[each.kind][each.currency] = told[each.kind].get(each.currency, 0) + each.amount
    return told


def sums_by_project(session: Session) -> Mapping[UUID, Sums]:
    """Return the totals of each project that the asker may see, by its id."""
    found: dict[UUID, list[ProjectMoney]] = {each.id: [] for each in projects(session)}
    for each in money(session):
        found.setdefault(each.project_id, []).append(each)
    return {project: sums(rows) for project, rows in found.items()}


def overspent(told: Sums) -> list[str]:
    """Return the currencies in which more is spent than committed."""
    return sorted(code for code, amount in told["spent"].items() if amount > told["committed"].get(code, 0))


def milestones(session: Session, project_id: UUID) -> list[Milestone]:
    """Return the milestones of a project, by due day."""
    query = select(Milestone).where(Milestone.project_id == project_id)
    return list(session.exec(query.order_by(col(Milestone.due), col(Milestone.made_at))))


def to_sign(session: Session, found: Project, by: Actor) -> tuple[Flaw, ...] | None:
    """Return the obstacles to the country's signature, for those who sign; None for everybody else."""
    offers = PROJECT.offers(session, found, by)
    return next((offer.obstacles for offer in offers if offer.step.after is _S.HANDED_OVER), None)


def may_plan(found: Project, by: Actor) -> bool:
    """Return whether `by` manages its parts and milestones."""
    return is_open(found) and may(by, Act.PROJECT_PROPOSE, register.subject(found))


def may_pay(found: Project, by: Actor) -> bool:
    """Return whether `by` may record its money."""
    return accepts_money(found) and may(by, Act.PROJECT_RUN, register.subject(found))


def overdue(found: Project | Milestone) -> bool:
    """Return whether its day is past and it is still open."""
    day = found.due if isinstance(found, Milestone) else found.planned_for
    return day < today() and (found.state == MilestoneState.DUE if isinstance(found, Milestone) else is_open(found))


def today() -> date:
    """Return today's date for projects, in UTC."""
    return official_day(now(), ZONE)


# ----------------------------------------------------------------------------------------------------- verbs


def propose(session: Session, draft: ProjectDraft, by: Actor) -> Project:
    """Propose a project. Idempotent for the same draft. Raises RuleBroken for a day in the past."""
    require(by, Act.PROJECT_PROPOSE, Subject(country=draft.country))
    if known := PROJECT.known(session, said := draft.model_dump()):
        return known
    if draft.planned_for < today():
        raise RuleBroken("planned_for", "This day is in the past. Choose a later day.")
    return PROJECT.write(session, by, "project.propose", said, due=draft.planned_for.isoformat())


def pay(session: Session, project_id: UUID, draft: MoneyDraft, by: Actor) -> ProjectMoney:
    """Write a sum down. The same draft again: the same answer.

    Raises RuleBroken once the project ended, before it is approved for all but what is planned, and for money spent or
    committed on a day to come. `overspent` warns.
    """
    found = PROJECT.hold(session, project_id)
    require(by, Act.PROJECT_RUN, register.subject(found))
    said = draft.model_dump() | {"project_id": project_id}
    if known := SUM.known(session, said):
        return known
    if not accepts_money(found):
        raise RuleBroken("", "This project has ended. Its sums can no longer change.")
    if found.state == _S.PROPOSED and draft.kind != "planned":
        raise RuleBroken(
            "kind", "This project is not approved, so nothing can be committed or spent. Record the sum as planned."
        )
    if draft.kind != "planned" and draft.day > today():
        raise RuleBroken("day", "This day is in the future. Record the sum as planned until it is committed or spent.")
    return SUM.write(session, by, "project.pay", said | {"country": found.country}, stage=draft.kind)


def withdraw(session: Session, money_id: UUID, to: Validity, by: Actor, words: str = "") -> ProjectMoney:
    """Withdraw a wrong sum, with the reason. It stays readable."""
    return SUM.take(session, SUM.hold(session, money_id), to, by, words)


def set_milestone(session: Session, project_id: UUID, draft: MilestoneDraft, by: Actor) -> Milestone:
    """Set a milestone with a due day. Idempotent for the same draft. Raises RuleBroken for days in the past."""
    found = PROJECT.hold(session, project_id)
    require(by, Act.PROJECT_PROPOSE, register.subject(found))
    said = draft.model_dump() | {"project_id": project_id}
    if known := MILESTONE.known(session, said):
        return known
    if not is_open(found):
        raise RuleBroken("", "This project was handed over or stopped. You can no longer add milestones.")
    if draft.due < today():
        raise RuleBroken("due", "This day is in the past. Choose a later day.")
    said |= {"country": found.country}
    return MILESTONE.write(session, by, "milestone.set", said, due=draft.due.isoformat())


def step_milestone(session: Session, milestone_id: UUID, to: MilestoneState, by: Actor, words: str = "") -> Milestone:
    """Complete a milestone with its proof, or drop it. Raises NotPermitted for those who do not own it."""
    done = {"done_on": today()} if to is MilestoneState.DONE else {}
    return MILESTONE.take(session, MILESTONE.hold(session, milestone_id), to, by, words, **done)


def sign(session: Session, project_id: UUID, draft: SignDraft, by: Actor) -> Project:
    """Sign for the whole project as its country. Idempotent for the same draft.

    Raises RuleBroken while a part is open, and for days in the future.
    """
    found = PROJECT.hold(session, project_id)
    require(by, Act.PROJECT_TAKE, register.subject(found))
    said = draft.model_dump()
    if found.state == _S.HANDED_OVER and all(getattr(found, name) == value for name, value in said.items()):
        return found
    LIFE.allow(found, PROJECT.facts_of(session, found, by), _S.HANDED_OVER, by)
    if draft.handed_on > today():
        raise RuleBroken("handed_on", "This day is in the future. Sign on the day of the handover.")
    return PROJECT.go(session, found, _S.HANDED_OVER, by, **said)


def take(session: Session, project_id: UUID, to: ProjectState, by: Actor, words: str = "") -> Project:
    """Take a project a step further by hand. Raises RuleBroken with the obstacles, and NotPermitted.

    Parts of a stopped project can go into another.
    """
    project = PROJECT.hold(session, project_id)
    if to is _S.HANDED_OVER:
        LIFE.allow(project, PROJECT.facts_of(session, project, by), to, by, words)
        raise RuleBroken("handed_on", "Give the day of the handover. The country's signature needs it.")
    days = {"begun_on": today()} if to is _S.UNDER_WAY else {"ended_on": today()} if to in LIFE.ends else {}
    PROJECT.take(session, project, to, by, words, **days)
    if to is _S.STOPPED:
        project_parts.release(session, project, words, by)
    return project
