"""A life: which states a thing goes through, and the steps between them, declared once as a table beside its noun.

From the table come what the verb checks, what a screen offers with what stands in its way, the rules that the database
repeats, and the diagram in `docs/lives.md`. Only `Life.take` and `Life.go` write a state.

A *row* is what lives; it has a column for its state. *Facts* are what the rules need beside the row, as the life's own
module says: a session to ask, or what was read for many rows at once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import CheckConstraint

from operations.core.drafts import reason as checked_reason
from operations.core.errors import Flaw, NotFound, NotPermitted, RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act

S = TypeVar("S", bound=StrEnum)
Flaws = Callable[[Any, Any], Iterable[Flaw]]


@dataclass(frozen=True)
class Step(Generic[S]):
    """From one state to another, by whoever holds `act` and is let by the life's `may`.

    `verb` names it for journal, buttons and questions ("task.start"). `words` stand on its button, beside `icon`; no
    words: no screen offers it by itself. A step with `why`, the words over the field, needs a reason. `guard` says what
    must be true first and is not: of the row and its facts. `elsewhere` says what brings the step about where nobody
    takes it by hand.
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


def ways(before: Iterable[S], after: S, *rest: Any, **more: Any) -> tuple[Step[S], ...]:
    """The same step out of several states."""
    return tuple(Step(each, after, *rest, **more) for each in before)


@dataclass(frozen=True)
class Offer(Generic[S]):
    """A step that a person may take by hand, and what must be true first and is not."""

    step: Step[S]
    obstacles: tuple[Flaw, ...]


@dataclass(frozen=True)
class Life(Generic[S]):
    """The whole table. `ends` are the states after which nothing more is waited for, whether or not a step leads out.

    `may` says whether a person may take a step of a row: (row, facts, step, by). `astray` is what is said where no step
    leads from the one state to the other; `theirs` what is said to who sees the row and may not take the step, where
    that is no secret. `words` name its states for people, where no code list does.
    """

    noun: str
    first: S
    steps: tuple[Step[S], ...]
    ends: tuple[S, ...]
    may: Callable[[Any, Any, Step[S], Actor], bool]
    astray: Callable[[S, S], Flaw]
    theirs: Callable[[Step[S]], Flaw] | None = None
    column: str = field(default="state", kw_only=True)
    words: Mapping[S, str] = field(default_factory=dict, kw_only=True)

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

    def offers(self, row: Any, facts: Any, by: Actor) -> list[Offer[S]]:
        """What `by` may do by hand from here, each with what stands in its way."""
        return [
            Offer(step, self.obstacles(row, facts, step))
            for step in self.out_of(self.now(row))
            if step.before is not step.after and not step.elsewhere and self.may(row, facts, step, by)
        ]

    def obstacles(self, row: Any, facts: Any, step: Step[S]) -> tuple[Flaw, ...]:
        """Everything that must be true before a step and is not."""
        return tuple(step.guard(row, facts)) if step.guard else ()

    def take(self, row: Any, facts: Any, to: S, by: Actor, reason: str = "") -> tuple[Step[S], str]:
        """Take the step to a state by hand: the step, and the reason as it was checked.

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
        return self.go(row, to), reason

    def go(self, row: Any, to: S) -> Step[S]:
        """Write a step down that something else has allowed. Raises RuleBroken where the table does not have it."""
        step = self.way(row, to)
        setattr(row, self.column, to.value)
        return step

    def way(self, row: Any, to: S) -> Step[S]:
        """The step from where a row is. Raises RuleBroken with what `astray` says where the table does not have it."""
        step = self.step(self.now(row), to)
        if step is None:
            raise RuleBroken.all([self.astray(self.now(row), to)])
        return step

    # ------------------------------------------------------------------------------------- what is made from it

    def needing_reason(self) -> tuple[S, ...]:
        """The states that nobody enters without a reason."""
        into = {state: [step for step in self.steps if step.after is state] for state in self.states}
        return tuple(state for state, steps in into.items() if steps and all(step.why for step in steps))

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
