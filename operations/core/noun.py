"""Nouns: what all tables of things that people write and take through a life have in common, each declared once.

A verb checks the permission and the rules of its noun. The noun does the rest: it answers the same draft alike, locks a
row and its owner in one order, writes the columns of the author, logs each step, and writes the entry of the journal.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from sqlmodel import Session, SQLModel, col, select

from operations.core import rows, state_tables
from operations.core.clock import now
from operations.core.errors import Conflict
from operations.core.people import Actor, System
from operations.core.state_machine import Life, Step, StepOffer
from operations.core.worklist import CandidateRow

T = TypeVar("T", bound=SQLModel)
Facts = Callable[[Session, Sequence[Any], Actor], Mapping[UUID, Any]]
Shown = Iterable[tuple[Any, Mapping[str, Any]]]
StepLog = Callable[[Session, Any, str, Actor | System], None]


class EntryWriter(Protocol):
    """A function that writes an entry of the journal about `of`, for its readers."""

    def __call__(self, session: Session, by: Any, act: str, kind: str, of: Any, /, **detail: Any) -> None:
        """Write the entry."""


@dataclass(frozen=True)
class Noun(Generic[T]):
    """A noun: the table `model`, which the journal calls `kind`, and whose entries `record` writes.

    `again` is the refusal of another draft under the same id. `life` and `steps` are its states and the table of the
    steps taken. `facts` returns what the guards of some rows need, by id of the row; they are given the asker without
    it. A part of another noun names that as `owner`, by the column with its id: the owner is locked first, is what the
    guards are given, and is what entries are about.
    """

    model: type[T]
    kind: str
    record: EntryWriter
    again: str = ""
    life: Life[Any] | None = None
    steps: type[state_tables.StepTaken] | None = None
    facts: Facts | None = None
    owner: "tuple[Noun[Any], str] | None" = None
    log: StepLog | None = None

    @property
    def states(self) -> Life[Any]:
        """The life of a noun that has one."""
        if self.life is None:
            raise TypeError(f"A {self.kind} has no states.")
        return self.life

    # ---------------------------------------------------------------------------------------------- questions

    def owner_of(self, session: Session, row: T) -> Any:
        """Return the row that entries are about: the owner of a part, else the row itself."""
        if self.owner is None:
            return row
        noun, column = self.owner
        return rows.one(session, noun.model, getattr(row, column))

    def facts_of(self, session: Session, row: T, by: Actor) -> Any:
        """Return what the guards of a row need."""
        if self.owner:
            return self.owner_of(session, row)
        return next(iter(self.facts(session, [row], by).values())) if self.facts else by

    def offers(self, session: Session, row: T, by: Actor) -> list[StepOffer[Any]]:
        """Return the steps that `by` may take with a row now."""
        return self.states.offers(row, self.facts_of(session, row, by), by)

    def past(self, session: Session, row_id: UUID) -> Sequence[Any]:
        """Return the steps of a row that the asker may see, newest first."""
        return state_tables.steps_of(session, self.steps, row_id) if self.steps else ()

    def in_states(self, session: Session, states: Iterable[str]) -> Sequence[T]:
        """Return the rows in some states that the asker may see."""
        state: Any = getattr(self.model, self.states.column)
        found: Sequence[T] = session.exec(select(self.model).where(col(state).in_(states))).all()
        return found

    def waits(self, shown: Callable[[Session, Iterable[str]], Shown]) -> None:
        """Register the rows that may be work items: `shown` returns those in some states, each with its words."""

        def candidates(session: Session, by: Actor, states: Iterable[str], _owners: Any) -> list[CandidateRow]:
            found = list(shown(session, states))
            facts = self.facts(session, [row for row, _words in found], by) if self.facts else {}
            return [CandidateRow(row, facts.get(row.id, by), None, words) for row, words in found]

        self.states.rows(candidates)

    # -------------------------------------------------------------------------------------------------- verbs

    def known(self, session: Session, said: Mapping[str, Any]) -> T | None:
        """Return the row that the same draft wrote before, or None. Raises Conflict for another draft of its id."""
        return rows.same_draft(session, self.model, said["id"], said, Conflict(self.again))

    def write(self, session: Session, by: Actor, act: str, said: Mapping[str, Any], /, **detail: Any) -> T:
        """Store a new row with its author and first step, and journal it."""
        made = self.store(session, by, said)
        self.entry(session, by, act, made, **detail)
        return made

    def store(self, session: Session, by: Actor, said: Mapping[str, Any]) -> T:
        """Store a new row with its author and first step. Who stores more with it journals them together."""
        author = state_tables.author_columns(by)
        made = self.model(**{name: author[name] for name in author if name in self.model.model_fields}, **said)
        session.add(made)
        if self.steps or self.log:
            session.flush()
            self._note(session, made, "", by)
        return made

    def hold(self, session: Session, row_id: UUID) -> T:
        """Return the row as of now, locked until the transaction ends, and before it its owner. Raises NotFound."""
        if self.owner:
            noun, column = self.owner
            noun.hold(session, getattr(rows.one(session, self.model, row_id), column))
        return rows.hold(session, self.model, row_id)

    def take(self, session: Session, row: T, to: Any, by: Actor, words: str = "", /, **changes: Any) -> T:
        """Take a step by hand, with the columns that change with it, and journal it. Raises as `Life.take` does."""
        self.journal(session, row, self.step(session, row, to, by, words, **changes), by)
        return row

    def go(self, session: Session, row: T, to: Any, by: Actor | System, words: str = "", /, **changes: Any) -> T:
        """Take a step that follows from something else, with the columns that change with it, and journal it."""
        self.journal(session, row, self.follow(session, row, to, by, words, **changes), by)
        return row

    def step(self, session: Session, row: T, to: Any, by: Actor, words: str = "", /, **changes: Any) -> Step[Any]:
        """Take a step by hand. Who does more with it journals it afterwards (`journal`)."""
        step, words = self.states.take(row, self.facts_of(session, row, by), to, by, words)
        return self._moved(session, row, step, words, by, changes)

    def follow(
        self, session: Session, row: T, to: Any, by: Actor | System, words: str = "", /, **changes: Any
    ) -> Step[Any]:
        """Take a step that follows from something else. Who does more with it journals it afterwards (`journal`)."""
        return self._moved(session, row, self.states.go(row, to), words, by, changes)

    def journal(self, session: Session, row: T, step: Step[Any], by: Actor | System, /, **detail: Any) -> None:
        """Write the entry of a step that was taken."""
        self.entry(session, by, step.verb, row, **detail, before=step.before.value, after=step.after.value)

    def entry(self, session: Session, by: Actor | System, act: str, row: T, /, **detail: Any) -> None:
        """Write an entry of the journal about a row, or about the owner of a part."""
        self.record(session, by, act, self.kind, self.owner_of(session, row), **detail)

    def _moved(
        self, session: Session, row: T, step: Step[Any], words: str, by: Actor | System, changes: Mapping[str, Any]
    ) -> Step[Any]:
        kept = {"reason": words if step.after in self.states.needing_reason() else "", "moved_at": now()}
        for column, value in {**kept, **changes}.items():
            if column in changes or column in self.model.model_fields:
                setattr(row, column, value)
        session.add(row)
        self._note(session, row, words, by)
        return step

    def _note(self, session: Session, row: T, words: str, by: Actor | System) -> None:
        if self.steps:
            state_tables.log_step(session, self.steps, row, words, by)
        if self.log:
            self.log(session, row, words, by)
