"""Arrests after a hit by database, beside the confirmed hits of the same database: the parts of K14.

Training is in neither.
"""

from collections import Counter
from typing import NamedTuple

from operations.catalogue.kpis import Kpi
from operations.core import history
from operations.core.vocabulary import LineKind, PhaseKind
from operations.figures.durations import FigureRequest
from operations.totals import margins
from operations.totals.margins import YES


class HitArrests(NamedTuple):
    """One database: persons arrested after a hit in it, and its confirmed hits; None where no database was named."""

    database: str
    arrested: int
    hits: int | None


def after_hits(asked: FigureRequest) -> list[HitArrests]:
    """Return the arrests by database, most confirmed hits first, with those that name no database at the end.

    Empty for readers who see arrests or hits through disclosure control, as for the sides of any figure.
    """
    seen = any(side.side == "after_hit" for side in asked.sides(Kpi.ARRESTS))
    hits = {side.side: dict(side.parts) for side in asked.sides(Kpi.CONFIRMED_HITS)}
    after = outside_training(asked, "after_hit")[YES] if seen else 0
    if not after or (not hits and asked.board.figures[Kpi.CONFIRMED_HITS].value != 0):
        return []
    arrested, confirmed = outside_training(asked, "hit_database"), hits.get("database", {})
    rows = [HitArrests(code, arrested.get(code, 0), confirmed.get(code, 0)) for code in arrested | confirmed]
    unsaid = after - sum(arrested.values())
    rows.sort(key=lambda row: (-(row.hits or 0), -row.arrested, row.database))
    return rows + ([HitArrests("", unsaid, None)] if unsaid else [])


def outside_training(asked: FigureRequest, dimension: str) -> Counter[str]:
    """Return the arrests of one margin by code, without those of trainings: no hit of a training counts either.

    Applies no permissions.
    """
    country, amounts = asked.frame.country, Counter[str]()
    with history.as_of(asked.session, asked.frame.at):
        rows = margins.read(asked.session, asked.frame.operation, LineKind.ARREST)
    for row in rows:
        counts = row.level >= asked.frame.level and row.facet.phase_kind != PhaseKind.TRAINING
        if counts and row.dimension == dimension and country in (None, row.country):
            amounts[row.code] += row.quantity
    return amounts
