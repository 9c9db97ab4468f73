"""State machine: the states of a noun and the steps between them, declared once as a table (a *life*).

From the table come the checks of verbs, the steps that a screen offers with their obstacles, the constraints of the
database, and the diagram in `docs/lives.md`. Only this module writes a state. `every` returns all declared lives.

A *whole* has no steps of its own: its state follows from those of its parts.

A *row* is an object with a life; it has a column for its state. *Facts* are what the rules need besides the row, as the
life's own module defines them: a session to query, or data read for many rows at once.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import CheckConstraint

from operations.core.drafts import reason as checked_reason
from operations.core.errors import Flaw, NotPermitted, RuleBroken, existing
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.worklist import DECIDE, Rows, Waits, WorkItem, entry

S = TypeVar("S", bound=StrEnum)
Flaws = Callable[[Any, Any], Iterable[Flaw]]
_lives: dict[str, "Life[Any]"] = {}
_wholes: dict[str, "Whole[Any]"] = {}
_rows: dict[str, Rows] = {}


def every() -> list["Life[Any]"]:
    """Return every declared life, ordered by noun; `operations.tables` imports all modules that declare one."""
    return [_lives[noun] for noun in sorted(_lives)]


def wholes() -> list["Whole[Any]"]:
    """Return every whole, whose state follows from its parts, ordered by noun."""
    return [_wholes[noun] for noun in sorted(_wholes)]


@dataclass(frozen=True)
class Step(Generic[S]):
    """A step from one state to another, for people who have `act` and are allowed by the life's `may`.

    `verb` names it in the journal, on buttons and in addresses ("task.start"). `words` are on its button, beside
    `icon`; without words no screen offers it by itself. A step with `why`, the label of the field, needs a reason.
    `guard` yields the conditions of the row and its facts that are not met. `elsewhere` says how the step comes about
    if nobody takes it by hand. `waits` declares the work item for those who may take it.
    """

    before: S
    after: S
    verb: str
    act: Act
    words: str = ""
    icon: str = ""
    why: str = ""
    guard: Flaws | None = None
    elsewhere: str = ""
    waits: Waits | None = None

    @property
    def again(self) -> bool:
        """Whether it only gives another reason for the present state; no screen offers that."""
        return self.before is self.after and bool(self.why)


def ways(before: Iterable[S], after: S, *rest: Any, **more: Any) -> tuple[Step[S], ...]:
    """Return the same step out of several states."""
    return tuple(Step(state, after, *rest, **more) for state in before)


@dataclass(frozen=True)
class StepOffer(Generic[S]):
    """A step that a person may take by hand, and the conditions that are not met."""

    step: Step[S]
    obstacles: tuple[Flaw, ...]


@dataclass(frozen=True)
class Life(Generic[S]):
    """A table of states and steps. `ends` are final: nothing is expected after them, even if steps lead out.

    `never` are states of the enumeration that this noun does not use.

    `may` decides whether a person may take a step of a row: (row, facts, step, by). `astray` is the message where no
    step leads from one state to the other; `theirs` the message for people who see the row and may not take the step,
    where that is no secret. `words` name its states for people, where no code list does.
    """

    noun: str
    first: S
    steps: tuple[Step[S], ...]
    ends: tuple[S, ...]
    may: Callable[[Any, Any, Step[S], Actor], bool]
    astray: Flaw | Callable[[S, S], Flaw]
    theirs: Callable[[Step[S]], Flaw] | None = None
    column: str = field(default="state", kw_only=True)
    never: tuple[S, ...] = field(default=(), kw_only=True)
    words: Mapping[S, str] = field(default_factory=dict, kw_only=True)

    def __post_init__(self) -> None:
        if self.noun in _lives:
            raise ValueError(f"The life of a {self.noun} is declared twice.")
        _lives[self.noun] = self

    @property
    def states(self) -> type[S]:
        """The enumeration of its states."""
        return type(self.first)

    def now(self, row: Any) -> S:
        """Return the state of a row."""
        return self.states(getattr(row, self.column))

    def out_of(self, state: str) -> list[Step[S]]:
        """Return the steps out of a state, in the order of the table."""
        return [step for step in self.steps if step.before == state]

    def step(self, before: str, after: str) -> Step[S] | None:
        """Return the step from one state to another, or None."""
        return next((step for step in self.out_of(before) if step.after == after), None)

    def goes(self, verb: str) -> Step[S]:
        """Return any step of this verb: all of them lead to one state, by one act. Raises NotFound if there is none."""
        step = existing(next((step for step in self.steps if step.verb == verb), None))
        return step

    def irreversible(self, step: Step[S]) -> bool:
        """Whether no step leads straight back."""
        return self.step(step.after, step.before) is None

    def offers(self, row: Any, facts: Any, by: Actor) -> list[StepOffer[S]]:
        """Return the steps that `by` may take by hand from here, each with its obstacles."""
        return [
            StepOffer(step, self.obstacles(row, facts, step))
            for step in self.out_of(self.now(row))
            if not step.elsewhere and not step.again and self.may(row, facts, step, by)
        ]

    def obstacles(self, row: Any, facts: Any, step: Step[S]) -> tuple[Flaw, ...]:
        """Return the conditions of a step that are not met."""
        return tuple(step.guard(row, facts)) if step.guard else ()

    def take(self, row: Any, facts: Any, to: S, by: Actor, reason: str = "") -> tuple[Step[S], str]:
        """Take the step to a state by hand. Return it, with the checked reason. Raises as `allow` does."""
        _step, reason = self.allow(row, facts, to, by, reason)
        return self.go(row, to), reason

    def allow(self, row: Any, facts: Any, to: S, by: Actor, reason: str = "") -> tuple[Step[S], str]:
        """Return the step to a state that `by` may take by hand now, with the checked reason. Writes nothing.

        Raises RuleBroken for a step that is not in the table or comes about otherwise, or with all obstacles of its
        guard; and NotPermitted, or the message of `theirs`, for people who may not take it.
        """
        step = self.way(row, to)
        if step.elsewhere:
            raise RuleBroken(self.column, step.elsewhere)
        if not self.may(row, facts, step, by):
            raise RuleBroken.all([self.theirs(step)]) if self.theirs else NotPermitted
        if reason or step.why:
            reason = checked_reason(reason)
        if blocked := self.obstacles(row, facts, step):
            raise RuleBroken.all(blocked)
        return step, reason

    def go(self, row: Any, to: S) -> Step[S]:
        """Write a step that was allowed elsewhere. Raises RuleBroken if it is not in the table."""
        step = self.way(row, to)
        setattr(row, self.column, to.value)
        return step

    def moves(self, before: S, to: S) -> dict[str, str]:
        """Return the column and value that a compare-and-set writes for a step of the table."""
        step = self.step(before, to)
        if step is None:
            raise self._astray(before, to)
        return {self.column: step.after.value}

    def way(self, row: Any, to: S) -> Step[S]:
        """Return the step from a row's state. Raises RuleBroken with the message of `astray` if the table has none."""
        step = self.step(self.now(row), to)
        if step is None:
            raise self._astray(self.now(row), to)
        return step

    def _astray(self, before: S, to: S) -> RuleBroken:
        return RuleBroken.all([self.astray if isinstance(self.astray, Flaw) else self.astray(before, to)])

    # ---------------------------------------------------------------------------------------------- what waits

    def rows(self, found: Rows) -> Rows:
        """Register the query for rows that may be somebody's work items: `@LIFE.rows`."""
        _rows[self.noun] = found
        return found

    def waiting(self, session: Any, by: Actor, operations: Mapping[UUID, Any], at: datetime) -> Iterator[WorkItem]:
        """Yield the work items of `by`, in some operations or none: rows with a `waits` step that `by` may take."""
        steps = [step for step in self.steps if step.waits and may(by, step.act)]
        if not steps:
            return
        for candidate in _rows[self.noun](session, by, {step.before.value for step in steps}, operations):
            now, seen = self.now(candidate.row), set[Waits]()
            for step in steps:
                waits = step.waits
                if step.before is not now or waits is None or waits in seen or not waits.now(candidate.row, at):
                    continue
                if (
                    waits.over
                    and candidate.operation is not None
                    and operations[candidate.operation].state in waits.over
                ):
                    continue
                theirs = waits.of(candidate.row, candidate.facts, by) and self.may(
                    candidate.row, candidate.facts, step, by
                )
                if theirs and (waits.anyway or not self.obstacles(candidate.row, candidate.facts, step)):
                    seen.add(waits)
                    yield entry(self.noun, waits, candidate, self._button(waits))

    def _button(self, waits: Waits) -> str:
        """Return the button of the steps with this work item: several are a decision."""
        steps = {step.verb: step.words for step in self.steps if step.waits is waits}
        return DECIDE if len(steps) > 1 else steps.popitem()[1]

    # ------------------------------------------------------------------------------------- what is made from it

    def needing_reason(self) -> tuple[S, ...]:
        """Return the states that nobody enters without a reason."""
        into = {state: [step for step in self.steps if step.after is state] for state in self.states}
        return tuple(state for state, steps in into.items() if steps and all(step.why for step in steps))

    def known(self) -> CheckConstraint:
        """Return the constraint that the column holds a state of this life."""
        return _known(self.column, (state for state in self.states if state not in self.never), life=self)

    def exactly(self, states: Iterable[S], condition: str, name: str) -> CheckConstraint:
        """Return the constraint that an SQL condition is true in these states and in no others."""
        named = [f"'{state.value}'" for state in states]
        inside = f"= {named[0]}" if len(named) == 1 else f"IN ({', '.join(named)})"
        return CheckConstraint(f"({self.column} {inside}) = ({condition})", name=name)

    def diagram(self) -> str:
        """Return the life as a Mermaid state diagram."""
        lines = [f"[*] --> {self.first.value}"]
        lines += [f"{step.before.value} --> {step.after.value}: {step.verb}" for step in self.steps]
        lines += [f"{state.value} --> [*]" for state in self.ends]
        return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in lines)])


@dataclass(frozen=True)
class Whole(Generic[S]):
    """A noun whose state is that of its parts: the first of `order` that one of them has, or `empty`."""

    noun: str
    part: Life[S]
    order: tuple[S, ...]
    empty: S
    column: str = field(default="state", kw_only=True)

    def __post_init__(self) -> None:
        _wholes[self.noun] = self

    def settle(self, row: Any, parts: Collection[str]) -> None:
        """Write the state that follows from the states of the parts."""
        setattr(row, self.column, next((state for state in self.order if state in parts), self.empty).value)

    def known(self) -> CheckConstraint:
        """Return the constraint that the column holds a state of the parts."""
        return _known(self.column, (self.empty, *self.order), life=self)


def _known(column: str, states: Iterable[StrEnum], life: Any) -> CheckConstraint:
    named = ", ".join(f"'{value}'" for value in dict.fromkeys(state.value for state in states))
    return CheckConstraint(f"{column} IN ({named})", name=f"{column}_known", info={"life": life})
