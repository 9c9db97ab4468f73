"""Tables of projects: the state machine of each, its parts, its money, and its milestones.

A country signs for the whole project at once, when none of its parts is open any more.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, Session, col, func, select

from operations.core import state_machine
from operations.core.clock import day_bounds
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.state_tables import AuthoredStateRow, StepTaken
from operations.core.worklist import AGAIN, CandidateRow, Waits, since_move
from operations.infrastructure.rows import PENDING_STATES, Equipment
from operations.modernisation.withdrawal import Validity, life_of, reason_constraint
from operations.posts import register

ZONE = "UTC"
"""Project days are in UTC: a project belongs to a country, which may have several zones."""


class ProjectState(StrEnum):
    """States of a project."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    UNDER_WAY = "under_way"
    HANDED_OVER = "handed_over"
    FINISHED = "finished"
    STOPPED = "stopped"


class MilestoneState(StrEnum):
    """States of a milestone."""

    DUE = "due"
    DONE = "done"
    DROPPED = "dropped"


_S, _M = ProjectState, MilestoneState
OPEN = (_S.PROPOSED, _S.APPROVED, _S.UNDER_WAY)
"""The states in which its parts can change."""
SIGNED = (_S.HANDED_OVER, _S.FINISHED)
"""The states in which its country has it."""
PARTS = {
    "measure": N_("Measure of a needs assessment"),
    "finding": N_("Finding of a review"),
    "equipment": N_("Equipment"),
    "link": N_("Link"),
}
"""The kinds of project parts."""
MONEY = {"planned": N_("Planned"), "committed": N_("Committed"), "spent": N_("Spent")}
"""The stages of money, in order."""
OWNERS = {"country": N_("The country"), "centre": N_("The centre")}
"""The possible owners of a milestone."""


class ProjectFacts(NamedTuple):
    """Facts that the guards check beside the row: the number of parts, and of open ones."""

    parts: int = 0
    planned: int = 0
    milestones: int = 0
    undelivered: int = 0


def _whole(_found: "Project", facts: ProjectFacts) -> Iterable[Flaw]:
    """It has parts, and its cost is known."""
    if not facts.parts:
        yield Flaw("", N_("The project has no parts yet. Add measures, findings, equipment or links."))
    if not facts.planned:
        yield Flaw("", N_("No planned sum is recorded. Add the sum that leadership is to approve."))


def _ready(_found: "Project", facts: ProjectFacts) -> Iterable[Flaw]:
    """None of the parts that the country signs for is open."""
    if facts.milestones:
        yield Flaw("", N_("Open milestones: {count}. Complete or drop them first."), {"count": facts.milestones})
    if facts.undelivered:
        yield Flaw("", N_("Equipment that is not handed over: {count}."), {"count": facts.undelivered})


def _may(found: "Project", _facts: Any, step: state_machine.Step[ProjectState], by: Actor) -> bool:
    return may(by, step.act, register.subject(found))


_HERE = "/equipment/projects?show={id}"
_waits = since_move(_HERE)
_TO_APPROVE = _waits(N_("The project {title} is proposed: approve it or stop it."), "rubber-stamp", 21)
_TO_BEGIN = _waits(N_("The project {title} is approved: begin it."), "player-play", 60)
_TO_SIGN = Waits(
    N_("Nothing of the project {title} is open any more: sign for it."),
    _HERE,
    "clipboard-check",
    "moved_at",
    "until",
    late=AGAIN,
)
_TO_FINISH = _waits(N_("The project {title} is handed over: say what came of it."), "bulb", 180)
_RUN = Act.PROJECT_RUN
_STOP = (_S.STOPPED, "project.stop")
LIFE = state_machine.Life(
    "project",
    _S.PROPOSED,
    (
        state_machine.Step(
            _S.PROPOSED, _S.APPROVED, "project.approve", Act.PROJECT_APPROVE, N_("Approve"), "check", guard=_whole,
            waits=_TO_APPROVE,
        ),
        state_machine.Step(
            _S.APPROVED, _S.UNDER_WAY, "project.begin", _RUN, N_("It begins"), "player-play", waits=_TO_BEGIN,
        ),
        state_machine.Step(
            _S.UNDER_WAY, _S.HANDED_OVER, "project.hand_over", Act.PROJECT_TAKE, icon="clipboard-check", guard=_ready,
            waits=_TO_SIGN,
        ),
        state_machine.Step(
            _S.HANDED_OVER, _S.FINISHED, "project.finish", _RUN, N_("It is finished"), "check",
            N_("What came of it"), waits=_TO_FINISH,
        ),
        state_machine.Step(
            _S.PROPOSED, *_STOP, Act.PROJECT_APPROVE, N_("Do not approve"), "ban", N_("Why it is not approved")
        ),
        *state_machine.ways((_S.APPROVED, _S.UNDER_WAY), *_STOP, _RUN, N_("Stop it"), "ban", N_("Why it is stopped")),
    ),
    ends=(_S.FINISHED, _S.STOPPED),
    may=_may,
    astray=Flaw("", "This step is not possible now. Reload the page to see the current state."),
    words={
        _S.PROPOSED: N_("Proposed"),
        _S.APPROVED: N_("Approved"),
        _S.UNDER_WAY: N_("Under way"),
        _S.HANDED_OVER: N_("Handed over"),
        _S.FINISHED: N_("Finished"),
        _S.STOPPED: N_("Stopped"),
    },
)  # fmt: skip


def is_open(project: "Project") -> bool:
    """Return whether its parts can change."""
    return project.state in OPEN


def accepts_money(project: "Project") -> bool:
    """Return whether money can still be recorded: a bill may come after the handover."""
    return project.state not in (_S.FINISHED, _S.STOPPED)


GATHERED = life_of(
    "part of a project", "project.part", Act.PROJECT_PROPOSE, N_("Why it is taken out"), is_open, N_("Take it out")
)
PAID = life_of("money of a project", "project.unpay", _RUN, N_("Why the sum is withdrawn"), accepts_money)


def _may_work(found: "Milestone", project: "Project", step: state_machine.Step[MilestoneState], by: Actor) -> bool:
    """Return whether `by` may take a milestone's step: its owner completes it, the project's managers drop it."""
    theirs = step.after is not _M.DONE or by.national is (found.owner == "country")
    return theirs and is_open(project) and may(by, step.act, register.subject(found))


_TO_DO = Waits(
    N_("Milestone of the project {title}: {milestone}"),
    "/equipment/projects?show={project}",
    "flag",
    "made_at",
    "until",
    late=AGAIN,
    whose=lambda _row, project, _by: project.state == _S.UNDER_WAY,
)
MILESTONES = state_machine.Life(
    "milestone",
    _M.DUE,
    (
        state_machine.Step(
            _M.DUE,
            _M.DONE,
            "milestone.done",
            Act.PROJECT_WORK,
            N_("It is done"),
            "check",
            N_("What proves it"),
            waits=_TO_DO,
        ),
        state_machine.Step(_M.DUE, _M.DROPPED, "milestone.drop", _RUN, N_("Drop it"), "ban", N_("Why it is dropped")),
    ),
    ends=(_M.DONE, _M.DROPPED),
    may=_may_work,
    astray=Flaw("", "This milestone is at its end already: reload the page to see it."),
    words={_M.DUE: N_("Due"), _M.DONE: N_("Done"), _M.DROPPED: N_("Dropped")},
)

# ---------------------------------------------------------------------------------------------------- tables


class Project(AuthoredStateRow, table=True):
    """A modernisation project of a country. `planned_for`: the day by which the country is to have it."""

    __table_args__ = (
        LIFE.known(),
        LIFE.exactly(LIFE.needing_reason(), "reason <> ''", "reason_given"),
        LIFE.exactly(SIGNED, "handed_on IS NOT NULL", "signed_once"),
    )
    country: str = Field(max_length=3, index=True)
    title: str = Field(max_length=160)
    purpose: str = Field(max_length=2000)
    donor: str = Field(max_length=120)
    planned_for: date
    state: str = Field(default=ProjectState.PROPOSED.value, max_length=12)
    begun_on: date | None = None
    handed_on: date | None = None
    condition: str = Field(default="", max_length=2000)
    ended_on: date | None = None


class ProjectPart(AuthoredStateRow, table=True):
    """A part of a project. While it is valid, no other project can have the same item."""

    __tablename__ = "project_part"
    __table_args__ = (
        GATHERED.known(),
        reason_constraint(GATHERED),
        CheckConstraint("kind IN ('measure', 'finding', 'equipment', 'link')", name="kind_known"),
        Index(
            "uq_project_part",
            "kind",
            "part_id",
            unique=True,
            sqlite_where=text("state = 'stands'"),
            postgresql_where=text("state = 'stands'"),
        ),
    )
    project_id: UUID = Field(foreign_key="project.id", index=True)
    country: str = Field(max_length=3, index=True)
    kind: str = Field(max_length=12)
    part_id: UUID
    post_id: UUID = Field(foreign_key="post.id", index=True)
    state: str = Field(default=Validity.STANDS.value, max_length=12)


class ProjectMoney(AuthoredStateRow, table=True):
    """A sum of a project: planned, committed or spent, on a day."""

    __tablename__ = "project_money"
    __table_args__ = (
        PAID.known(),
        reason_constraint(PAID),
        CheckConstraint("kind IN ('planned', 'committed', 'spent')", name="kind_known"),
        CheckConstraint("amount > 0", name="something"),
    )
    project_id: UUID = Field(foreign_key="project.id", index=True)
    country: str = Field(max_length=3, index=True)
    kind: str = Field(max_length=12)
    amount: int
    currency: str = Field(max_length=3)
    day: date
    words: str = Field(max_length=300)
    state: str = Field(default=Validity.STANDS.value, max_length=12)


class Milestone(AuthoredStateRow, table=True):
    """A task of the project with a due day, owned by the country or by the centre."""

    __table_args__ = (
        MILESTONES.known(),
        MILESTONES.exactly((_M.DONE, _M.DROPPED), "reason <> ''", "reason_given"),
        CheckConstraint("owner IN ('country', 'centre')", name="owner_known"),
    )
    project_id: UUID = Field(foreign_key="project.id", index=True)
    country: str = Field(max_length=3, index=True)
    title: str = Field(max_length=160)
    owner: str = Field(max_length=8)
    due: date
    state: str = Field(default=MilestoneState.DUE.value, max_length=12)
    done_on: date | None = None

    @property
    def until(self) -> datetime:
        """The end of its due day."""
        return day_bounds(self.due, ZONE)[1]


class ProjectStep(StepTaken, table=True):
    """A step of a project, or of one of its parts."""

    __tablename__ = "project_step"
    country: str = Field(max_length=3, index=True)


for _model in (Project, ProjectPart, ProjectMoney, Milestone, ProjectStep):
    register.own_rows(_model, Act.PROJECT_READ)
register.own_entries("project", Act.PROJECT_READ)


def facts_of(session: Session, wanted: Iterable[UUID]) -> Mapping[UUID, ProjectFacts]:
    """Return the facts of projects' guards, in one query."""
    ids, stands = list(wanted), Validity.STANDS.value
    part = _counted(ProjectPart).where(ProjectPart.state == stands)
    ahead = part.where(ProjectPart.kind == "equipment").join(Equipment, col(Equipment.id) == col(ProjectPart.part_id))
    counts: list[Any] = [
        part.scalar_subquery(),
        _counted(ProjectMoney).where(ProjectMoney.state == stands, ProjectMoney.kind == "planned").scalar_subquery(),
        _counted(Milestone).where(Milestone.state == _M.DUE.value).scalar_subquery(),
        ahead.where(col(Equipment.state).in_([each.value for each in PENDING_STATES])).scalar_subquery(),
    ]
    query = select(Project.id, *counts).where(col(Project.id).in_(ids))
    return {ident: ProjectFacts(*counted) for ident, *counted in session.exec(query)} if ids else {}


def _counted(model: Any) -> Any:
    return select(func.count()).select_from(model).where(model.project_id == Project.id)


PROJECT = Noun(
    Project,
    "project",
    register.record,
    N_("This project was already proposed with other content. Reload the page to see it."),
    LIFE,
    ProjectStep,
    lambda session, found, _by: facts_of(session, (row.id for row in found)),
)
SUM = Noun(
    ProjectMoney,
    "project",
    register.record,
    N_("This sum was already written down with other content. Reload the page to see it."),
    PAID,
    ProjectStep,
    owner=(PROJECT, "project_id"),
)
MILESTONE = Noun(
    Milestone,
    "project",
    register.record,
    N_("This milestone was already set with other content. Reload the page to see it."),
    MILESTONES,
    ProjectStep,
    owner=(PROJECT, "project_id"),
)
PART = Noun(ProjectPart, "project", register.record, "", GATHERED, ProjectStep, owner=(PROJECT, "project_id"))


@PROJECT.waits
def _in_states(session: Session, states: Iterable[str]) -> list[Any]:
    return [
        (project, {"title": project.title, "until": day_bounds(project.planned_for, ZONE)[1]})
        for project in PROJECT.in_states(session, states)
    ]


@MILESTONES.rows
def _milestones_in_states(session: Session, _by: Actor, states: Iterable[str], _owners: Any) -> list[CandidateRow]:
    query = (
        select(Milestone, Project)
        .join(Project, col(Project.id) == col(Milestone.project_id))
        .where(col(Milestone.state).in_(states), Project.state == _S.UNDER_WAY.value)
    )
    return [
        CandidateRow(each, project, None, {"title": project.title, "project": project.id, "milestone": each.title})
        for each, project in session.exec(query)
    ]
