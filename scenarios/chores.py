"""Tasks of a story: assigned by the coordinator, and worked on by their owners. All invented.

A chore names its owner by who does it: `coordinator` and `analyst` are of the unit, `PAN` is a country, `lead.pan` and
`officer.pan` are a role of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from operations.core.drafts import parse
from operations.core.people import Actor
from operations.core.vocabulary import Role
from operations.policing.calendar import task_rows, tasks, timeline
from scenarios.planning import Planning, StorySite
from scenarios.script_language import Verb

Wall = tuple[int, str]
"""A time of the story: days after the operation's first day, and the local wall-clock time."""

_ROLES = {
    "coordinator": Role.OPERATION_COORDINATOR,
    "analyst": Role.OCU_ANALYST,
    "lead": Role.TEAM_LEADER,
    "officer": Role.NATIONAL_OFFICER,
}


@dataclass(frozen=True)
class Chore:
    """A task and its outcome: `waits` are titles of its predecessors, or kinds of phases.

    `done` without `began`: finished in one go. Neither: not begun. `stuck` and `dropped` are a time and a reason.
    """

    title: str
    who: str
    starts: Wall | None
    due: Wall
    began: Wall | None = None
    done: Wall | None = None
    stuck: tuple[Wall, str] | None = None
    dropped: tuple[Wall, str] | None = None
    waits: tuple[str, ...] = ()
    phase: str | None = None
    site: StorySite | None = None
    steps: tuple[str, ...] = ()
    note: str = ""

    @property
    def by(self) -> str:
        """The account of its owner."""
        return f"coordinator.{self.who.lower()}" if self.who.isupper() else self.who


def hand_out(story: Planning, at: datetime, chores: Sequence[Chore]) -> None:
    """Create the tasks at `at`, in the order given; their owners do them at their own times."""
    for chore in chores:
        _add(story, at, chore)
        if chore.began:
            _works(story, chore, chore.began, "begin", _begins(story, chore))
        if chore.stuck:
            _works(story, chore, chore.stuck[0], "cannot go on with", _blocks(story, chore, chore.stuck[1]))
        if chore.done:
            _works(story, chore, chore.done, "finish", _finishes(story, chore))
        if chore.dropped:
            _drop(story, chore, *chore.dropped)


def _add(story: Planning, at: datetime, chore: Chore) -> None:
    role, _, country = chore.who.partition(".")
    content: dict[str, Any] = {
        "id": _id(story, chore.title),
        "title": chore.title,
        "note": chore.note,
        "starts": story.at(*chore.starts) if chore.starts else None,
        "due": story.at(*chore.due),
        "role": None if chore.who.isupper() else _ROLES[role],
        "country": chore.who if chore.who.isupper() else country.upper() or None,
        "phase_id": story.phase_id(chore.phase) if chore.phase else None,
        "site_id": chore.site.id if chore.site else None,
        "steps": chore.steps,
    }
    draft = parse(tasks.TaskDraft, content)
    waits = [story.phase_id(each) or _id(story, each) for each in chore.waits]
    story.does(
        at,
        "coordinator",
        f"hand out: {chore.title}",
        lambda session, actor: timeline.add_task(session, story.operation, draft, actor, waits),
    )


def _works(story: Planning, chore: Chore, at: Wall, what: str, verb: Verb) -> None:
    story.does(story.at(*at), chore.by, f"{what}: {chore.title}", verb)


def _begins(story: Planning, chore: Chore) -> Verb:
    """Return the verb that begins a task and ticks the first half of its checklist."""

    def verb(session: Session, actor: Actor) -> object:
        task = tasks.start(session, _id(story, chore.title), actor)
        for step in _steps(session, task)[: len(chore.steps) // 2]:
            tasks.tick(session, step.id, actor)
        return task

    return verb


def _finishes(story: Planning, chore: Chore) -> Verb:
    def verb(session: Session, actor: Actor) -> object:
        task = tasks.task(session, _id(story, chore.title))
        if task.state == "blocked":
            tasks.start(session, task.id, actor)
        for step in _steps(session, task):
            tasks.tick(session, step.id, actor)
        return tasks.finish(session, task.id, actor)

    return verb


def _blocks(story: Planning, chore: Chore, why: str) -> Verb:
    return lambda session, actor: tasks.block(session, _id(story, chore.title), why, actor)


def _drop(story: Planning, chore: Chore, at: Wall, why: str) -> None:
    story.does(
        story.at(*at),
        "coordinator",
        f"drop: {chore.title}",
        lambda session, actor: tasks.cancel(session, _id(story, chore.title), why, actor),
    )


def _steps(session: Session, task: task_rows.Task) -> list[task_rows.ChecklistStep]:
    return tasks.steps(session, task.operation_id).get(task.id, [])


def _id(story: Planning, title: str) -> UUID:
    return story.identifier("task", title)
