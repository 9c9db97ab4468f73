"""Can figures be relied on: how much is told, site by site, of the fields that they rest on.

It is read from totals as figures are, at the level and the entry of a frame, for those who can have it completed: a
country its own sites, the centre all of them.
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
from operations.disclosure.suppression import BoardFrame, FigureGuard, at
from operations.figures.board import reader_of
from operations.figures.values import Gap
from operations.totals.total_steps import read
from operations.totals.totals import Facet, Grain


class SiteGaps(NamedTuple):
    """A site, its country, and of the fields that figures rest on those of which it has lines."""

    site: UUID
    country: str
    gaps: dict[Rests, Gap]

    @property
    def worst(self) -> float:
        """The largest part that is missing of a field."""
        return max((gap.share for gap in self.gaps.values()), default=0.0)


def may_know(session: Session, frame: BoardFrame, by: Actor) -> bool:
    """Whether `by` is told it: the centre, and of its own country whoever answers for its figures."""
    return reader_of(session, frame, by).full


@lru_cache(maxsize=4096)
def _rested(facet: Facet) -> tuple[tuple[Rests, bool, LineSelection], ...]:
    """The fields that lines of a facet should have, and whether it is missing there. Kept: totals hold few facets."""
    parts = [(each, each.sides.part(facet)) for each in RESTS]
    return tuple((each, part.codes is not None, CATALOGUE[Kpi(each.of)].lines) for each, part in parts if part)


def by_site(session: Session, frame: BoardFrame, by: Actor) -> list[SiteGaps]:
    """The sites with lines on which such fields stand, the one where most is missing first.

    Raises NotFound, and NotPermitted for whom small numbers are hidden. Of a country that keeps its totals back nothing
    is told, nor what would give it away.
    """
    with history.looking(session, frame.at):
        reader = reader_of(session, frame, by)
        if not reader.full:
            raise NotPermitted
        kinds = {CATALOGUE[Kpi(each.of)].lines.kind for each in RESTS}
        rows = read(session, frame.operation, Grain.SITE, frame.country, kinds)
        guard = FigureGuard(session, frame, reader, by) if reader.hides(frame.country) else None
    cubes = {each.of: guard.cube(Kpi(each.of)) for each in RESTS} if guard else {}
    found: dict[tuple[str, str], dict[Rests, Counter[bool]]] = {}
    for row in rows:
        if row.level < frame.level or row.country in reader.kept_back:
            continue
        for rests, missing, lines in _rested(row.facet):
            if guard is None or cubes[rests.of].country(row.country, at(frame.level)) is not None:
                sums = found.setdefault((row.site, row.country), {}).setdefault(rests, Counter())
                sums[missing] += lines.amount(row.facet, row.records, row.quantity)
    made = [
        SiteGaps(UUID(site), country, {rests: Gap(rests, sums[True], sums.total()) for rests, sums in gaps.items()})
        for (site, country), gaps in found.items()
    ]
    return sorted(made, key=lambda each: (-each.worst, each.country, str(each.site)))
