"""Arrests after a hit by the database of the hit, beside the confirmed hits of the same database: the parts of K14."""

from typing import NamedTuple

from operations.catalogue.kpis import Kpi
from operations.figures.durations import FigureRequest
from operations.totals.margins import YES


class AfterHits(NamedTuple):
    """Of one database: the persons arrested after a hit in it, and its confirmed hits; None where none was named."""

    database: str
    arrested: int
    hits: int | None


def after_hits(asked: FigureRequest) -> list[AfterHits]:
    """By database, most confirmed hits first, and at the end the arrests of which nobody said the database.

    To readers who see arrests or hits through disclosure control nothing is told, as of the sides of any figure.
    """
    arrests, hits = (
        {each.side: dict(each.parts) for each in asked.sides(kpi)} for kpi in (Kpi.ARRESTS, Kpi.CONFIRMED_HITS)
    )
    after = arrests.get("after_hit", {}).get(YES, 0)
    if not after or (not hits and asked.board.figures[Kpi.CONFIRMED_HITS].value != 0):
        return []
    arrested, confirmed = arrests.get("hit_database", {}), hits.get("database", {})
    found = [AfterHits(code, arrested.get(code, 0), confirmed.get(code, 0)) for code in arrested | confirmed]
    unsaid = after - sum(arrested.values())
    found.sort(key=lambda each: (-(each.hits or 0), -each.arrested, each.database))
    return found + ([AfterHits("", unsaid, None)] if unsaid else [])
