"""The operation's own results as events that can be asked about: what its sites reported, where and on which day.

For Muster's own workers. The place of a result is that of the site that reported it, never where a person was met. An
answer that is made from these rows is read by leadership too, so counts of persons pass disclosure control first: a
site whose number is small, or would give another's away, is left out whole.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from operations.core.vocabulary import Level, LineKind
from operations.measures import disclosure
from operations.policing.lines import PERSON_KINDS
from operations.policing.places import Site
from operations.policing.report_versions import Line, Report

KINDS = (LineKind.HIT, LineKind.MIGRANT_DETECTION, LineKind.ARREST)
"""What can be asked about. Potential victims and minors cannot: even their pattern is nobody's business on a map."""


class Result(NamedTuple):
    """One line of a report that counts: the site with its country and position (WGS 84), the day, and how much."""

    site: UUID
    country: str
    lon: float
    lat: float
    day: date
    quantity: int


@dataclass(frozen=True)
class OwnResults:
    """The results of one kind that may be asked about. `withheld`: so many sites were left out for their small counts.

    `persons` says that the quantities count persons.
    """

    kind: LineKind
    rows: Sequence[Result]
    withheld: int
    persons: bool


def own_results(session: Session, operation_id: UUID, kind: LineKind) -> OwnResults:
    """Every counted line of a kind, at any level from V1 up. ValueError for a kind that cannot be asked about."""
    if kind not in KINDS:
        raise ValueError(f"Nobody may ask where lines of the kind {kind} lie.")
    query = (
        sa.select(
            col(Line.site_id),
            col(Site.country),
            col(Site.lon),
            col(Site.lat),
            col(Line.official_day),
            col(Line.quantity),
        )
        .join_from(Line, Report, col(Report.id) == col(Line.version_id))
        .join(Site, col(Site.id) == col(Line.site_id))
        .where(
            col(Line.operation_id) == operation_id,
            col(Line.kind) == kind.value,
            col(Report.counted).is_(True),
            col(Report.level) >= int(Level.V1),
        )
        .order_by(col(Line.site_id), col(Line.official_day), col(Line.id))
    )
    rows = [Result(*found) for found in session.execute(query).all()]
    if kind not in PERSON_KINDS:
        return OwnResults(kind, rows, 0, persons=False)
    total: Counter[UUID] = Counter()
    for row in rows:
        total[row.site] += row.quantity
    shown = disclosure.protect(total).cells
    kept = [row for row in rows if shown[row.site] is not None]
    return OwnResults(kind, kept, sum(count is None for count in shown.values()), persons=True)
