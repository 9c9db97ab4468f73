"""What claims of one event told twice say of figures: how much is under review, and what counts in another's place.

`claims.claims` notes it in the transaction of each change; boards read it as it was at any entry. One row a claim.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel

from operations.core import history
from operations.core.clock import UtcDateTime
from operations.totals.total_steps import facet_of
from operations.totals.totals import Facet

OPEN, SAME, OTHER, NONE = "open", "same", "other", ""
"""What was found: nothing yet, one event, several events, or that a line does not stand any more."""
AGAIN = "again"
"""The role of a line that says again what its own country has said: no country has a part in it."""


@history.remembered(screened=True)
class Claimed(SQLModel, table=True):
    """A claim that was opened. `lines`: country, role, level (0: it does not stand), whether it counts, and how much.

    Each is [country, role, level, counts, quantity, sides that are not empty: its kind stays, name]. `would`, while it
    is open: what would cease to count (-1) or begin to (1) were it one event, [sign, country, level, quantity, sides].
    """

    claim_id: UUID = Field(primary_key=True, foreign_key="claim.id")
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    found: str = Field(max_length=8)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    lines: list[list[Any]] = Field(sa_type=JSON)
    would: list[list[Any]] = Field(default_factory=list, sa_type=JSON)


class ClaimedLine(NamedTuple):
    """A line of a claim, at the level that it has reached."""

    country: str
    role: str
    level: int
    counts: bool
    quantity: int
    facet: Facet
    name: str


def claimed(session: Session, operation: UUID) -> list[Claimed]:
    """Every claim of an operation that was opened, where the session looks, whoever asks."""
    return history.read(session, Claimed, operation)


def beside(rows: list[Claimed], level: int, country: str | None) -> Iterator[ClaimedLine]:
    """What counts in the line of another country: of each event one line of every other country, or of one, at a level.

    Claims that share a line are of one event, which none of its countries tells twice.
    """
    of_line: dict[str, list[ClaimedLine]] = {}
    for each in rows:
        if each.found == SAME:
            told = [
                ClaimedLine(of, role, reached, counts, quantity, facet_of(sides), name)
                for of, role, reached, counts, quantity, sides, name in each.lines
            ]
            for joined in {id(known): known for of in told if (known := of_line.get(of.name))}.values():
                told += joined
            of_line |= dict.fromkeys((of.name for of in told), told)
    for told in {id(each): each for each in of_line.values()}.values():
        at_home = {of.country for of in told if of.counts}
        for where in sorted({of.country for of in told} - at_home):
            own = [of for of in told if of.country == where and of.level >= max(level, 1)]
            if own and country in (None, where):
                yield max(own, key=lambda of: (of.role != AGAIN, of.level))


def under_review(rows: list[Claimed], level: int, country: str | None, amount: Callable[[Facet, int, int], int]) -> int:
    """By how much less would count, at a level, of all countries or one, were each open claim agreed as it stands.

    `amount` says how much of a figure a line is: of its sides, of how many lines, and of how many it tells.
    """
    less = 0
    for each in rows:
        for sign, of, reached, quantity, sides in each.would:
            if reached >= max(level, 1) and country in (None, of):
                less -= sign * amount(facet_of(sides), 1, quantity)
    return less


def kinds(row: Claimed) -> set[str]:
    """The kinds of the lines of a claim."""
    return {facet_of(line[5]).kind for line in row.lines}


def said_again(rows: list[Claimed]) -> int:
    """How many lines tell an event once more that another line of their claim tells."""
    return sum(len(each.lines) - 1 for each in rows if each.found == SAME)
