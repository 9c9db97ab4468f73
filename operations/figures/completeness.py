"""Completeness: how much is filled in, site by site, of the fields that figures rest on.

It is read from totals as figures are, at the level and entry of a frame, for those who can have the fields completed: a
country for its own sites, the centre for all of them.
"""

from collections import Counter
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session

from operations.catalogue.definition import Rests
from operations.catalogue.kpis import CATALOGUE, RESTS, Kpi
from operations.catalogue.line_selection import LineSelection
from operations.core import history
from operations.core.errors import NotPermitted
from operations.core.people import Actor
from operations.disclosure.suppression import BoardFrame, FigureGuard, at_least
from operations.figures.board import reader_of
from operations.figures.values import Gap
from operations.totals.total_steps import read
from operations.totals.totals import Facet, Grain


class SiteGaps(NamedTuple):
    """A site, its country, and the gap of each field that figures rest on, where the site has lines with that field."""

    site: UUID
    country: str
    gaps: dict[Rests, Gap]

    @property
    def worst(self) -> float:
        """The largest share of lines in which one field is missing."""
        return max((gap.share for gap in self.gaps.values()), default=0.0)


def may_know(session: Session, frame: BoardFrame, by: Actor) -> bool:
    """Whether `by` may know: the centre, and for its own country whoever answers for its figures."""
    return reader_of(session, frame, by).full


@lru_cache(maxsize=4096)
def _rested(facet: Facet) -> tuple[tuple[Rests, bool, LineSelection], ...]:
    """Return the required fields of a facet, and whether each is missing there. Cached: totals hold few facets."""
    parts = [(rests, rests.sides.part(facet)) for rests in RESTS]
    return tuple((rests, part.codes is not None, CATALOGUE[Kpi(rests.of)].lines) for rests, part in parts if part)


def by_site(session: Session, frame: BoardFrame, by: Actor) -> list[SiteGaps]:
    """Return the sites with lines that have required fields, the one with the largest gap first.

    Raises NotFound, and NotPermitted for readers from whom small numbers are hidden. A country that keeps its totals
    back is left out, and so is whatever would reveal it.
    """
    with history.as_of(session, frame.at):
        reader = reader_of(session, frame, by)
        if not reader.full:
            raise NotPermitted
        kinds = {CATALOGUE[Kpi(each.of)].lines.kind for each in RESTS}
        rows = read(session, frame.operation, Grain.SITE, frame.country, kinds)
        guard = FigureGuard(session, frame, reader, by) if reader.hides(frame.country) else None
    cubes = {each.of: guard.cube(Kpi(each.of)) for each in RESTS} if guard else {}
    counts: dict[tuple[str, str], dict[Rests, Counter[bool]]] = {}
    for row in rows:
        if row.level < frame.level or row.country in reader.kept_back:
            continue
        for rests, missing, lines in _rested(row.facet):
            if guard is None or cubes[rests.of].country(row.country, at_least(frame.level)) is not None:
                sums = counts.setdefault((row.site, row.country), {}).setdefault(rests, Counter())
                sums[missing] += lines.amount(row.facet, row.records, row.quantity)
    made = [
        SiteGaps(UUID(site), country, {rests: Gap(rests, sums[True], sums.total()) for rests, sums in gaps.items()})
        for (site, country), gaps in counts.items()
    ]
    return sorted(made, key=lambda site: (-site.worst, site.country, str(site.site)))
