"""Claim adjustments: the effect of claims (one event reported twice) on figures, as amounts under review or set aside.

`claims.claims` writes one row for each claim in the transaction of each change; boards read it as of any entry.
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
"""The outcome of a claim: undecided, one event, several events, or none because a line no longer counts."""
AGAIN = "again"
"""The role of a line that repeats a line of its own country; it gives no country a part in the event."""


@history.versioned(screened=True)
class ClaimAdjustment(SQLModel, table=True):
    """The adjustments of figures by an opened claim, computed from its lines.

    `lines` are [country, role, level (0: no longer valid), counts, quantity, sides that are not empty, name]; its kind
    never changes. `would`, while the claim is open, holds the changes if it were one event: [sign (-1 stops counting, 1
    begins), country, level, quantity, sides].
    """

    __tablename__ = "claim_adjustment"
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


def adjustments_of(session: Session, *operations: UUID) -> list[ClaimAdjustment]:
    """Return every opened claim of operations as of the session's entry. Applies no permissions."""
    return history.read(session, ClaimAdjustment, *operations)


def beside(rows: list[ClaimAdjustment], level: int, country: str | None) -> Iterator[ClaimedLine]:
    """Yield the lines that count in another country's line: for each event, one line of each country (or of `country`).

    Only lines from `level` up. Claims that share a line are about one event, and no country is counted in it twice.
    """
    of_line: dict[str, list[ClaimedLine]] = {}
    for claim in rows:
        if claim.found == SAME:
            told = [
                ClaimedLine(of, role, reached, counts, quantity, facet_of(sides), name)
                for of, role, reached, counts, quantity, sides, name in claim.lines
            ]
            for joined in {id(known): known for of in told if (known := of_line.get(of.name))}.values():
                told += joined
            of_line |= dict.fromkeys((of.name for of in told), told)
    for told in {id(lines): lines for lines in of_line.values()}.values():
        at_home = {of.country for of in told if of.counts}
        for where in sorted({of.country for of in told} - at_home):
            own = [of for of in told if of.country == where and of.level >= max(level, 1)]
            if own and country in (None, where):
                yield max(own, key=lambda of: (of.role != AGAIN, of.level))


def under_review(
    rows: list[ClaimAdjustment], level: int, country: str | None, amount: Callable[[Facet, int, int], int]
) -> int:
    """Return by how much less would count, at a level, for all countries or one, if each open claim were one event.

    `amount` returns how much of a figure a line is, from its facet, number of records and quantity.
    """
    less = 0
    for claim in rows:
        for sign, of, reached, quantity, sides in claim.would:
            if reached >= max(level, 1) and country in (None, of):
                less -= sign * amount(facet_of(sides), 1, quantity)
    return less


def kinds(row: ClaimAdjustment) -> set[str]:
    """Return the kinds of the lines of a claim."""
    return {facet_of(line[5]).kind for line in row.lines}


def said_again(rows: list[ClaimAdjustment]) -> int:
    """Count the lines that repeat another line of their claim."""
    return sum(len(each.lines) - 1 for each in rows if each.found == SAME)
