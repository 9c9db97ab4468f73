"""Arrests after a hit by database, beside the confirmed hits of the same database: the parts of K14."""

from typing import NamedTuple

from operations.catalogue.kpis import Kpi
from operations.figures.durations import FigureRequest
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
    arrests, hits = (
        {side.side: dict(side.parts) for side in asked.sides(kpi)} for kpi in (Kpi.ARRESTS, Kpi.CONFIRMED_HITS)
    )
    after = arrests.get("after_hit", {}).get(YES, 0)
    if not after or (not hits and asked.board.figures[Kpi.CONFIRMED_HITS].value != 0):
        return []
    arrested, confirmed = arrests.get("hit_database", {}), hits.get("database", {})
    rows = [HitArrests(code, arrested.get(code, 0), confirmed.get(code, 0)) for code in arrested | confirmed]
    unsaid = after - sum(arrested.values())
    rows.sort(key=lambda row: (-(row.hits or 0), -row.arrested, row.database))
    return rows + ([HitArrests("", unsaid, None)] if unsaid else [])
