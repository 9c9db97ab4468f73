"""The timeline: phases and tasks as bars, conflicts between them, and moves (issue 4).

Three invariants: phases of one operation do not overlap, a dependent bar begins after the end of the bar it waits for,
and a task lies inside its phase. A move that breaks one of them is refused; on request, dependent bars move by the same
time. Conflicts are computed on bars in memory, so that they can be checked at every step of a drag. Screens and imports
schedule phases and tasks by the verbs of this module, never by those of `plan` and `tasks` below it, which do not check
the timeline.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session, col, select

from operations.core.drafts import Draft, Moment, rule
from operations.core.errors import Conflict, Flaw, NotFound, RuleBroken, existing
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import alone
from operations.core.vocabulary import TaskState
from operations.policing.calendar import dependencies, tasks
from operations.policing.calendar.dependencies import Dependency, DependencyLink
from operations.policing.calendar.task_rows import Task
from operations.policing.calendar.tasks import TaskDraft, Times
from operations.policing.operation import plan
from operations.policing.operation.plan import Phase, PhaseDraft

_ORDER = rule("bar_reversed", "This must end after it begins: move its end behind its beginning.")


@dataclass(frozen=True)
class Bar:
    """A phase or a task on the timeline. `starts` is None for a task that is a moment; `phase` is that of a task."""

    id: UUID
    is_phase: bool
    operation: UUID
    name: str
    starts: datetime | None
    ends: datetime
    version: int
    phase: UUID | None = None
    cancelled: bool = False
    ended: bool = False

    @property
    def begins(self) -> datetime:
        """The first moment of the bar."""
        return self.starts or self.ends

    def by(self, earlier: timedelta, later: timedelta) -> "Bar":
        """Return the bar with its beginning and its end shifted."""
        return replace(self, starts=None if self.starts is None else self.starts + earlier, ends=self.ends + later)


class Clash(NamedTuple):
    """A conflict between two bars: the bar concerned, the other bar, and the message."""

    bar: UUID
    other: UUID
    flaw: Flaw


class Move(Draft):
    """A move of a bar to other times.

    `version` is the one on the screen; `following`: dependent bars move by the same time.
    """

    id: UUID
    starts: Moment | None = None
    ends: Moment
    version: int | None = None
    following: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> "Move":
        if self.starts is not None and self.ends <= self.starts:
            raise PydanticCustomError(_ORDER, "reversed")
        return self


@dataclass(frozen=True)
class TimelineBars:
    """The bars of one operation, by identifier, and the dependencies between them."""

    bars: Mapping[UUID, Bar]
    dependencies: Sequence[Dependency]

    def moved(self, move: Move) -> dict[UUID, Bar]:
        """Return the bars that a move changes, with their new times. Raises NotFound."""
        bar = existing(self.bars.get(move.id))
        starts = move.starts if bar.is_phase or bar.starts is not None else None
        if bar.starts is not None and starts is None:
            raise RuleBroken("starts", "This field is needed.")
        found = {bar.id: replace(bar, starts=starts, ends=move.ends)}
        if move.following:
            found |= self._following(bar, found[bar.id])
        return {identifier: each for identifier, each in found.items() if each != self.bars[identifier]}

    def _following(self, before: Bar, after: Bar) -> dict[UUID, Bar]:
        """Return the bars that follow a moved bar: a phase's tasks shift with its beginning, dependent bars with its
        end.
        """
        earlier, later = after.begins - before.begins, after.ends - before.ends
        found: dict[UUID, Bar] = {}
        waiting = dependencies.followers(before.id, self.dependencies)
        for bar in self.bars.values():
            if bar.id == before.id or bar.ended:
                continue
            if bar.id in waiting or bar.phase in waiting:
                found[bar.id] = bar.by(later, later)
            elif bar.phase == before.id:
                found[bar.id] = bar.by(earlier, earlier)
        return found

    def clashes(self, changed: Mapping[UUID, Bar] | None = None) -> list[Clash]:
        """Return the conflicts of the bars as they are or, with `changed`, those that the changed bars would have."""
        bars = {**self.bars, **(changed or {})}
        about = bars.keys() if changed is None else changed.keys()
        return [*_overlaps(bars, about), *self._broken(bars, about), *_outside(bars, about)]

    def _broken(self, bars: Mapping[UUID, Bar], about: Iterable[UUID]) -> list[Clash]:
        names = set(about)
        found = []
        for dependency in self.dependencies:
            before, after = bars.get(dependency.before), bars.get(dependency.after)
            if before is None or after is None or not names & {before.id, after.id}:
                continue
            if after.begins < before.ends and not (before.cancelled or after.cancelled):
                one, other = (after, before) if after.id in names else (before, after)
                said = {"before": before.name, "after": after.name}
                flaw = Flaw(
                    "", "{after} begins before {before} ends. Move the later one too, or remove the dependency.", said
                )
                found.append(Clash(one.id, other.id, flaw))
        return found


def _overlaps(bars: Mapping[UUID, Bar], about: Iterable[UUID]) -> list[Clash]:
    phases = sorted((bar for bar in bars.values() if bar.is_phase), key=lambda bar: bar.begins)
    names, found = set(about), []
    for at, first in enumerate(phases):
        for second in phases[at + 1 :]:
            if second.begins >= first.ends:
                break
            if not names & {first.id, second.id}:
                continue
            one, other = (second, first) if second.id in names else (first, second)
            said = {"name": other.name}
            flaw = Flaw("", "This overlaps with the phase {name}: choose other times.", said)
            found.append(Clash(one.id, other.id, flaw))
    return found


def _outside(bars: Mapping[UUID, Bar], about: Iterable[UUID]) -> list[Clash]:
    names, found = set(about), []
    for bar in bars.values():
        phase = bars.get(bar.phase) if bar.phase is not None else None
        if phase is None or bar.ended or not names & {bar.id, phase.id}:
            continue
        if bar.begins < phase.begins or bar.ends > phase.ends:
            one, other = (bar, phase) if bar.id in names else (phase, bar)
            said = {"task": bar.name, "phase": phase.name}
            flaw = Flaw(
                "", "The task {task} would lie outside its phase {phase}: move both, or take it out of the phase.", said
            )
            found.append(Clash(one.id, other.id, flaw))
    return found


# ------------------------------------------------------------------------------------------------- questions


class Rows(NamedTuple):
    """Phases, tasks and dependencies of one operation."""

    phases: Sequence[Phase]
    tasks: Sequence[Task]
    dependencies: Sequence[Dependency]

    def lines(self) -> TimelineBars:
        """Return them as bars."""
        bars = [*map(_phase_bar, self.phases), *map(_task_bar, self.tasks)]
        return TimelineBars({bar.id: bar for bar in bars}, self.dependencies)


def rows(session: Session, operations: Iterable[UUID]) -> dict[UUID, Rows]:
    """Return the rows of each of `operations` that the asker may see, in the order of time."""
    wanted = list(operations)

    def of(model: Any, *order: Any) -> dict[UUID, list[Any]]:
        found: dict[UUID, list[Any]] = {each: [] for each in wanted}
        for row in session.exec(select(model).where(col(model.operation_id).in_(wanted)).order_by(*order)):
            found[row.operation_id].append(row)
        return found

    phases, all_tasks = of(Phase, col(Phase.starts)), of(Task, col(Task.due), col(Task.id))
    links = of(Dependency, col(Dependency.made_at), col(Dependency.id))
    return {each: Rows(phases[each], all_tasks[each], links[each]) for each in wanted}


def lines(session: Session, operation_id: UUID) -> TimelineBars:
    """Return the bars of an operation that the asker may see."""
    return rows(session, [operation_id])[operation_id].lines()


def check(session: Session, move: Move, by: Actor) -> list[Clash]:
    """Return the conflicts that a move would have; nothing is changed. Raises NotFound."""
    found = lines(session, _operation_of(session, move.id, by))
    return found.clashes(found.moved(move))


# ----------------------------------------------------------------------------------------------------- verbs


def schedule(
    session: Session, operation_id: UUID, draft: PhaseDraft, by: Actor, waits: Iterable[UUID] | None = None
) -> Phase:
    """Schedule a phase as `plan.schedule` does, where it conflicts with no other bar.

    `waits` replaces the set of bars that it waits for; None leaves the set as it is.
    """
    alone(session, operation_id)
    before = lines(session, operation_id)
    made = plan.schedule(session, operation_id, draft, by)
    _settle(session, operation_id, before, made.id, by, waits, "starts")
    return made


def drop(session: Session, phase_id: UUID, by: Actor) -> None:
    """Take a phase that has not begun off the calendar. Its tasks stay, in no phase."""
    operation_id = _operation_of(session, phase_id, by)
    alone(session, operation_id)
    found = rows(session, [operation_id])[operation_id]
    for link in found.dependencies:
        if phase_id in (link.before, link.after):
            dependencies.unlink(session, operation_id, DependencyLink(before=link.before, after=link.after), by)
    for task in found.tasks:
        if task.phase_id == phase_id:
            tasks.leave_phase(session, task.id, by)
    session.flush()
    plan.drop_phase(session, phase_id, by)


def add_task(
    session: Session, operation_id: UUID, draft: TaskDraft, by: Actor, waits: Iterable[UUID] | None = None
) -> Task:
    """Add a task to the operation as `tasks.add` does, inside its phase and after the bars it waits for."""
    alone(session, operation_id)
    before = lines(session, operation_id)
    made = tasks.add(session, operation_id, draft, by)
    _settle(session, operation_id, before, made.id, by, waits, "due")
    return made


def edit_task(session: Session, draft: TaskDraft, by: Actor, version: int, waits: Iterable[UUID] | None = None) -> Task:
    """Change a task as `tasks.edit` does, inside its phase and after the bars it waits for."""
    operation_id = tasks.task(session, draft.id).operation_id
    alone(session, operation_id)
    before = lines(session, operation_id)
    made = tasks.edit(session, draft, by, version)
    _settle(session, operation_id, before, made.id, by, waits, "due")
    return made


def move_task(session: Session, task_id: UUID, times: Times, by: Actor) -> Task:
    """Move a task to other times as `tasks.move` does, where it conflicts with no other bar."""
    operation_id = tasks.task(session, task_id).operation_id
    alone(session, operation_id)
    before = lines(session, operation_id)
    made = tasks.move(session, task_id, times, by)
    _settle(session, operation_id, before, made.id, by, None, "due")
    return made


def _settle(
    session: Session,
    operation_id: UUID,
    before: TimelineBars,
    identifier: UUID,
    by: Actor,
    waits: Iterable[UUID] | None,
    field: str,
) -> None:
    """Set the bars that a bar waits for to exactly `waits`.

    Raises RuleBroken on `field` where its times or phase changed and it conflicts.
    """
    session.flush()
    waiting = {each.before for each in before.dependencies if each.after == identifier}
    chosen = waiting if waits is None else set(waits)
    for each in waiting - chosen:
        dependencies.unlink(session, operation_id, DependencyLink(before=each, after=identifier), by)
    try:
        for each in chosen - waiting:
            dependencies.link(session, operation_id, DependencyLink(before=each, after=identifier), by)
    except RuleBroken as broken:
        raise RuleBroken.all(replace(flaw, field="waits") for flaw in broken.flaws) from None
    session.flush()
    settled = lines(session, operation_id)
    bar = settled.bars[identifier]
    if _lies(before.bars.get(identifier)) == _lies(bar):
        return
    if clashes := settled.clashes({identifier: bar}):
        raise RuleBroken.all(replace(each.flaw, field=field) for each in clashes)


def _lies(bar: Bar | None) -> tuple[Any, ...] | None:
    return None if bar is None else (bar.starts, bar.ends, bar.phase)


def move(session: Session, wanted: Move, by: Actor) -> list[Bar]:
    """Move a bar, and on request its followers. Return the bars as they were before.

    Raises RuleBroken with every conflict between bars, Conflict where somebody moved the bar meanwhile.
    """
    operation_id = _operation_of(session, wanted.id, by)
    alone(session, operation_id)
    timeline = lines(session, operation_id)
    changed = timeline.moved(wanted)
    if wanted.version is not None and timeline.bars[wanted.id].version != wanted.version:
        raise Conflict("Somebody else has moved this. Check its new place on the timeline.")
    if clashes := timeline.clashes(changed):
        raise RuleBroken.all(each.flaw for each in clashes)
    before = [timeline.bars[identifier] for identifier in changed]
    for bar in _without_overtaking(timeline.bars, changed):
        _put(session, bar, by)
    return before


def _operation_of(session: Session, identifier: UUID, by: Actor) -> UUID:
    """Return the operation of a phase or a task that `by` may move. Raises NotFound."""
    for model in (Phase, Task):
        found = session.exec(select(model.operation_id).where(model.id == identifier)).one_or_none()
        if found is not None:
            require(by, Act.OPERATION_EDIT, plan.subject(plan.operation(session, found, by)))
            return found
    raise NotFound


def _without_overtaking(bars: Mapping[UUID, Bar], changed: Mapping[UUID, Bar]) -> list[Bar]:
    """Return the changed bars in an order in which no phase passes over one that has not moved yet."""
    forwards = any(bar.ends > bars[bar.id].ends for bar in changed.values())
    return sorted(changed.values(), key=lambda bar: bars[bar.id].begins, reverse=forwards)


def _put(session: Session, bar: Bar, by: Actor) -> None:
    if not bar.is_phase:
        tasks.move(session, bar.id, Times(starts=bar.starts, due=bar.ends), by)
        return
    phase = session.exec(select(Phase).where(Phase.id == bar.id)).one()
    draft = PhaseDraft(id=phase.id, kind=phase.kind, name=phase.name, starts=bar.begins, ends=bar.ends)  # type: ignore[arg-type] # its code
    plan.schedule(session, phase.operation_id, draft, by)


def _phase_bar(phase: Phase) -> Bar:
    return Bar(phase.id, True, phase.operation_id, phase.name, phase.starts, phase.ends, phase.version)


def _task_bar(task: Task) -> Bar:
    cancelled = task.state == TaskState.CANCELLED
    return Bar(
        task.id,
        False,
        task.operation_id,
        task.title,
        task.starts,
        task.due,
        task.version,
        task.phase_id,
        cancelled,
        task.ended,
    )
