"""A life: which states a thing goes through, and the steps between them, declared once as a table beside its noun.

From the table come what the verb checks, what a screen offers with what stands in its way, the rules that the database
repeats, and the diagram in `docs/lives.md`. Only this module writes a state. Every life that is declared is in `every`.

A *whole* has no steps of its own: its state follows from those of its parts.

A *row* is what lives; it has a column for its state. *Facts* are what the rules need beside the row, as the life's own
module says: a session to ask, or what was read for many rows at once.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import CheckConstraint

from operations.core.drafts import reason as checked_reason
from operations.core.errors import Flaw, NotFound, NotPermitted, RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.worklist import Rows, Waits, WorkItem, entry

S = TypeVar("S", bound=StrEnum)
Flaws = Callable[[Any, Any], Iterable[Flaw]]
_lives: dict[str, "Life[Any]"] = {}
_wholes: dict[str, "Whole[Any]"] = {}
_rows: dict[str, Rows] = {}


def every() -> list["Life[Any]"]:
    """Every life, by its noun: of all modules that were imported, and `operations.tables` imports all that have one."""
    return [_lives[noun] for noun in sorted(_lives)]


def wholes() -> list["Whole[Any]"]:
    """Everything whose state follows from its parts, by its noun."""
    return [_wholes[noun] for noun in sorted(_wholes)]


@dataclass(frozen=True)
class Step(Generic[S]):
    """From one state to another, by whoever holds `act` and is let by the life's `may`.

    `verb` names it for journal, buttons and questions ("task.start"). `words` stand on its button, beside `icon`; no
    words: no screen offers it by itself. A step with `why`, the words over the field, needs a reason. `guard` says what
    must be true first and is not: of the row and its facts. `elsewhere` says what brings the step about where nobody
    takes it by hand. `waits` says how whoever may take it learns that it is theirs to take.
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
        """Whether it only gives another reason for the state that the row is in: no screen offers that."""
        return self.before is self.after and bool(self.why)


def ways(before: Iterable[S], after: S, *rest: Any, **more: Any) -> tuple[Step[S], ...]:
    """The same step out of several states."""
    return tuple(Step(each, after, *rest, **more) for each in before)


@dataclass(frozen=True)
class StepOffer(Generic[S]):
    """A step that a person may take by hand, and what must be true first and is not."""

    step: Step[S]
    obstacles: tuple[Flaw, ...]


@dataclass(frozen=True)
class Life(Generic[S]):
    """The whole table. `ends` are the states after which nothing more is waited for, whether or not a step leads out.

    `never` are states of the enumeration in which nothing of this noun ever is.

    `may` says whether a person may take a step of a row: (row, facts, step, by). `astray` is what is said where no step
    leads from the one state to the other; `theirs` what is said to who sees the row and may not take the step, where
    that is no secret. `words` name its states for people, where no code list does.
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
        """The state that a row is in."""
        return self.states(getattr(row, self.column))

    def out_of(self, state: str) -> list[Step[S]]:
        """The steps that lead out of a state, as the table orders them."""
        return [step for step in self.steps if step.before == state]

    def step(self, before: str, after: str) -> Step[S] | None:
        """The step from one state to another, where there is one."""
        return next((step for step in self.out_of(before) if step.after == after), None)

    def goes(self, verb: str) -> Step[S]:
        """Any step that this verb takes: all lead to one state, by one act. Raises NotFound where none does."""
        found = next((step for step in self.steps if step.verb == verb), None)
        if found is None:
            raise NotFound
        return found

    def irreversible(self, step: Step[S]) -> bool:
        """Whether no step leads straight back."""
        return self.step(step.after, step.before) is None

    def offers(self, row: Any, facts: Any, by: Actor) -> list[StepOffer[S]]:
        """What `by` may do by hand from here, each with what stands in its way."""
        return [
            StepOffer(step, self.obstacles(row, facts, step))
            for step in self.out_of(self.now(row))
            if not step.elsewhere and not step.again and self.may(row, facts, step, by)
        ]

    def obstacles(self, row: Any, facts: Any, step: Step[S]) -> tuple[Flaw, ...]:
        """Everything that must be true before a step and is not."""
        return tuple(step.guard(row, facts)) if step.guard else ()

    def take(self, row: Any, facts: Any, to: S, by: Actor, reason: str = "") -> tuple[Step[S], str]:
        """Take the step to a state by hand: the step, and the reason as it was checked. Raises as `allow`."""
        _step, reason = self.allow(row, facts, to, by, reason)
        return self.go(row, to), reason

    def allow(self, row: Any, facts: Any, to: S, by: Actor, reason: str = "") -> tuple[Step[S], str]:
        """The step to a state that `by` may take by hand now, and the reason as it was checked. Nothing is written.

        Raises RuleBroken for a step that the table does not have, that follows from something else, or with every
        obstacle of its guard, and NotPermitted, or what `theirs` says, for who may not take it.
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
        """Write a step down that something else has allowed. Raises RuleBroken where the table does not have it."""
        step = self.way(row, to)
        setattr(row, self.column, to.value)
        return step

    def moves(self, before: S, to: S) -> dict[str, str]:
        """What a compare-and-set writes for a step that the table has, as a column and its value."""
        step = self.step(before, to)
        if step is None:
            raise self._astray(before, to)
        return {self.column: step.after.value}

    def way(self, row: Any, to: S) -> Step[S]:
        """The step from where a row is. Raises RuleBroken with what `astray` says where the table does not have it."""
        step = self.step(self.now(row), to)
        if step is None:
            raise self._astray(self.now(row), to)
        return step

    def _astray(self, before: S, to: S) -> RuleBroken:
        return RuleBroken.all([self.astray if isinstance(self.astray, Flaw) else self.astray(before, to)])

    # ---------------------------------------------------------------------------------------------- what waits

    def rows(self, found: Rows) -> Rows:
        """Declare how rows are found that may wait for somebody: `@LIFE.rows`."""
        _rows[self.noun] = found
        return found

    def waiting(self, session: Any, by: Actor, operations: Mapping[UUID, Any], at: datetime) -> Iterator[WorkItem]:
        """What waits for `by`, in some operations or of none: each row out of whose state they may take a step that
        says so.
        """
        steps = [step for step in self.steps if step.waits and may(by, step.act)]
        if not steps:
            return
        for found in _rows[self.noun](session, by, {step.before.value for step in steps}, operations):
            now, seen = self.now(found.row), set[Waits]()
            for step in steps:
                waits = step.waits
                if step.before is not now or waits is None or waits in seen or not waits.now(found.row, at):
                    continue
                theirs = waits.of(found.row, found.facts, by) and self.may(found.row, found.facts, step, by)
                if theirs and (waits.anyway or not self.obstacles(found.row, found.facts, step)):
                    seen.add(waits)
                    yield entry(self.noun, waits, found)

    # ------------------------------------------------------------------------------------- what is made from it

    def needing_reason(self) -> tuple[S, ...]:
        """The states that nobody enters without a reason."""
        into = {state: [step for step in self.steps if step.after is state] for state in self.states}
        return tuple(state for state, steps in into.items() if steps and all(step.why for step in steps))

    def known(self) -> CheckConstraint:
        """The database's rule that the column holds a state of this life."""
        return _known(self.column, (state for state in self.states if state not in self.never), life=self)

    def exactly(self, states: Iterable[S], condition: str, name: str) -> CheckConstraint:
        """The database's rule that an SQL condition is true in these states and in no other."""
        named = [f"'{state.value}'" for state in states]
        inside = f"= {named[0]}" if len(named) == 1 else f"IN ({', '.join(named)})"
        return CheckConstraint(f"({self.column} {inside}) = ({condition})", name=name)

    def diagram(self) -> str:
        """The life as a Mermaid state diagram."""
        lines = [f"[*] --> {self.first.value}"]
        lines += [f"{step.before.value} --> {step.after.value}: {step.verb}" for step in self.steps]
        lines += [f"{state.value} --> [*]" for state in self.ends]
        return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in lines)])


@dataclass(frozen=True)
class Whole(Generic[S]):
    """A thing whose state is the first of `order` that one of its parts is in; `empty` where none is in any of them."""

    noun: str
    part: Life[S]
    order: tuple[S, ...]
    empty: S
    column: str = field(default="state", kw_only=True)

    def __post_init__(self) -> None:
        _wholes[self.noun] = self

    def settle(self, row: Any, parts: Collection[str]) -> None:
        """Write down what follows from the states of the parts."""
        setattr(row, self.column, next((state for state in self.order if state in parts), self.empty).value)

    def known(self) -> CheckConstraint:
        """The database's rule that the column holds a state of the parts."""
        return _known(self.column, (self.empty, *self.order), life=self)


def _known(column: str, states: Iterable[StrEnum], life: Any) -> CheckConstraint:
    named = ", ".join(f"'{state.value}'" for state in states)
    return CheckConstraint(f"{column} IN ({named})", name=f"{column}_known", info={"life": life})
