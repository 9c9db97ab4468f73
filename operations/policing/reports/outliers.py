"""Outliers: lines far above anything a site reported before; asked about once, never refused (domain, story 6.9)."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session

from operations.core.errors import Flaw
from operations.lines.kinds import KINDS
from operations.totals.totals import of_places

FEW = 20
"""Quantities below this are never asked about."""
KNOWN = 5
"""The lines a site needs before its own average is used; with fewer, that of its country is."""
TIMES = 10
"""The factor above the average at which a line is an outlier."""

_ALIKE = ("kind", "unit", "check_kind", "database")


class _Sum(NamedTuple):
    lines: int
    quantity: int


def outlier_questions(session: Session, operation: UUID, country: str, site: UUID, lines: Iterable[Any]) -> list[Flaw]:
    """Return a question for each line that is at least ten times the average of the lines before it, at the same site:
    of the same kind, in the same unit, and for checks of the same kind in the same database.
    """
    large = [line for line in lines if line.quantity >= FEW]
    if not large:
        return []
    usual = _usual(session, operation, country, site, {line.kind for line in large})
    found = []
    for line in large:
        here, nation = usual.get(_alike(line), (_Sum(0, 0), _Sum(0, 0)))
        before = here if here.lines >= KNOWN else nation
        if before.lines >= KNOWN and line.quantity * before.lines >= TIMES * before.quantity:
            found.append(_asked(line, before if before is here else None))
    return found


def _asked(line: Any, before: _Sum | None) -> Flaw:
    """Return the question, without a number where it is the country's average: not everybody at a site reads its
    sums.
    """
    what = {"what": KINDS[line.kind].TITLE, "count": line.quantity}
    if before is None:
        return Flaw(
            "lines", "{what}: {count} in one line, far more than your country usually reports. Is that right?", what
        )
    average = max(round(before.quantity / before.lines), 1)
    return Flaw(
        "lines",
        "{what}: {count} in one line, where {average} were usual until now. Is that right?",
        {**what, "average": average},
    )


def _alike(line: Any) -> tuple[str, ...]:
    return tuple(str(getattr(line, name, None) or "") for name in _ALIKE)


def _usual(
    session: Session, operation: UUID, country: str, site: UUID, kinds: set[str]
) -> dict[tuple[str, ...], tuple[_Sum, _Sum]]:
    """Return records and quantity counted before, of the site and of its whole country, by comparable kind of line."""
    sums: tuple[Counter[tuple[str, ...]], ...] = (Counter(), Counter(), Counter(), Counter())
    for row in of_places(session, operation, country, site, kinds):
        at = 0 if row.site else 2
        key = tuple(getattr(row.facet, name) for name in _ALIKE)
        sums[at][key] += row.records
        sums[at + 1][key] += row.quantity
    keys = {*sums[0], *sums[2]}
    return {key: (_Sum(sums[0][key], sums[1][key]), _Sum(sums[2][key], sums[3][key])) for key in keys}
