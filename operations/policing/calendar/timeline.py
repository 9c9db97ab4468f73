"""The timeline: phases and tasks as bars, what stands in the way of moving one, and moving it (issue 4).

Phases of one operation do not overlap, what waits for something begins after its end, and a task lies inside its phase.
A move that breaks one of these is refused; on request, what follows moves by the same time. Everything is worked out on
bars in memory, so that it can be asked at every step of a drag. Screens and imports put phases and tasks in place by
the verbs of this module, which stands above both, never by those of `plan` and `tasks`.
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
from operations.core.errors import Conflict, Flaw, NotFound, RuleBroken
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
        """Its first moment."""
        return self.starts or self.ends

    def by(self, earlier: timedelta, later: timedelta) -> "Bar":
        """The bar with its beginning and its end moved."""
        return replace(self, starts=None if self.starts is None else self.starts + earlier, ends=self.ends + later)


class Clash(NamedTuple):
    """Why two bars cannot lie as they do: the bar that it is about, the other, and the sentence."""

    bar: UUID
    other: UUID
    flaw: Flaw


class Move(Draft):
    """Where a bar is put. `version` is the one on the screen; `following`: what waits for it moves by the same time."""

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
    """The bars of one operation, by identifier, and what waits for what."""

    bars: Mapping[UUID, Bar]
    dependencies: Sequence[Dependency]

    def moved(self, move: Move) -> dict[UUID, Bar]:
        """The bars that a move changes, as they would lie then. Raises NotFound."""
        bar = self.bars.get(move.id)
        if bar is None:
            raise NotFound
        starts = move.starts if bar.is_phase or bar.starts is not None else None
        if bar.starts is not None and starts is None:
            raise RuleBroken("starts", "This field is needed.")
        found = {bar.id: replace(bar, starts=starts, ends=move.ends)}
        if move.following:
            found |= self._following(bar, found[bar.id])
        return {identifier: each for identifier, each in found.items() if each != self.bars[identifier]}

    def _following(self, before: Bar, after: Bar) -> dict[UUID, Bar]:
        """What moves with a bar: the tasks of a phase by what its beginning moves, what waits by what its end does."""
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
        """What stands in the way: of bars as they lie or, with `changed`, of those bars lying so."""
        bars = {**self.bars, **(changed or {})}
        about = bars.keys() if changed is None else changed.keys()
        return [*_overlaps(bars, about), *self._broken(bars, about), *_outside(bars, about)]

    def _broken(self, bars: Mapping[UUID, Bar], about: Iterable[UUID]) -> list[Clash]:
        names = set(about)
        found = []
        for each in self.dependencies:
            before, after = bars.get(each.before), bars.get(each.after)
            if before is None or after is None or not names & {before.id, after.id}:
                continue
            if after.begins < before.ends and not (before.cancelled or after.cancelled):
                one, other = (after, before) if after.id in names else (before, after)
                said = {"before": before.name, "after": after.name}
                flaw = Flaw(
                    "", "{after} begins before {before} ends: move what follows too, or take the dependency away.", said
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
    """What the timeline of some operations is made of."""

    phases: Sequence[Phase]
    tasks: Sequence[Task]
    dependencies: Sequence[Dependency]

    def lines(self) -> TimelineBars:
        """The same as bars."""
        bars = [*map(_phase_bar, self.phases), *map(_task_bar, self.tasks)]
        return TimelineBars({bar.id: bar for bar in bars}, self.dependencies)


def rows(session: Session, operations: Iterable[UUID]) -> dict[UUID, Rows]:
    """What the asker sees of each of `operations`, in the order of time."""
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
    """The bars of an operation as far as the asker sees them."""
    return rows(session, [operation_id])[operation_id].lines()


def check(session: Session, move: Move, by: Actor) -> list[Clash]:
    """What would stand in the way of a move; nothing is changed. Raises NotFound."""
    found = lines(session, _operation_of(session, move.id, by))
    return found.clashes(found.moved(move))


# ----------------------------------------------------------------------------------------------------- verbs


def schedule(
    session: Session, operation_id: UUID, draft: PhaseDraft, by: Actor, waits: Iterable[UUID] | None = None
) -> Phase:
    """Put a phase on the calendar as `plan.schedule` does, where nothing stands in the way.

    `waits`: exactly what it waits for from now on; None leaves that as it is.
    """
    alone(session, operation_id)
    before = lines(session, operation_id)
    made = plan.schedule(session, operation_id, draft, by)
    _settle(session, operation_id, before, made.id, by, waits, "starts")
    return made


def add_task(
    session: Session, operation_id: UUID, draft: TaskDraft, by: Actor, waits: Iterable[UUID] | None = None
) -> Task:
    """Put a task into the operation as `tasks.add` does, inside its phase and after what it waits for."""
    alone(session, operation_id)
    before = lines(session, operation_id)
    made = tasks.add(session, operation_id, draft, by)
    _settle(session, operation_id, before, made.id, by, waits, "due")
    return made


def edit_task(session: Session, draft: TaskDraft, by: Actor, version: int, waits: Iterable[UUID] | None = None) -> Task:
    """Change a task as `tasks.edit` does, inside its phase and after what it waits for."""
    operation_id = tasks.task(session, draft.id).operation_id
    alone(session, operation_id)
    before = lines(session, operation_id)
    made = tasks.edit(session, draft, by, version)
    _settle(session, operation_id, before, made.id, by, waits, "due")
    return made


def move_task(session: Session, task_id: UUID, times: Times, by: Actor) -> Task:
    """Let a task begin and be due at other times as `tasks.move` does, where nothing stands in the way."""
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
    """Let a bar wait for exactly `waits`; raise RuleBroken on `field` where it came to lie anew and is in the way."""
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
    found = lines(session, operation_id)
    bar = found.bars[identifier]
    if _lies(before.bars.get(identifier)) == _lies(bar):
        return
    if clashes := found.clashes({identifier: bar}):
        raise RuleBroken.all(replace(each.flaw, field=field) for each in clashes)


def _lies(bar: Bar | None) -> tuple[Any, ...] | None:
    return None if bar is None else (bar.starts, bar.ends, bar.phase)


def move(session: Session, wanted: Move, by: Actor) -> list[Bar]:
    """Put a bar elsewhere, and on request what follows it; answers with the bars as they were before.

    Raises RuleBroken with everything that stands in the way, Conflict where somebody moved the bar meanwhile.
    """
    operation_id = _operation_of(session, wanted.id, by)
    alone(session, operation_id)
    found = lines(session, operation_id)
    changed = found.moved(wanted)
    if wanted.version is not None and found.bars[wanted.id].version != wanted.version:
        raise Conflict("Somebody moved this meanwhile. Look at the timeline again: it shows where it lies now.")
    if clashes := found.clashes(changed):
        raise RuleBroken.all(each.flaw for each in clashes)
    before = [found.bars[identifier] for identifier in changed]
    for bar in _without_overtaking(found.bars, changed):
        _put(session, bar, by)
    return before


def _operation_of(session: Session, identifier: UUID, by: Actor) -> UUID:
    """The operation of a phase or a task that `by` may move. Raises NotFound."""
    for model in (Phase, Task):
        found = session.exec(select(model.operation_id).where(model.id == identifier)).one_or_none()
        if found is not None:
            require(by, Act.OPERATION_EDIT, plan.subject(plan.operation(session, found, by)))
            return found
    raise NotFound


def _without_overtaking(bars: Mapping[UUID, Bar], changed: Mapping[UUID, Bar]) -> list[Bar]:
    """The changed bars in an order in which no phase passes over one that has not moved yet."""
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
