"""The context of a report: its site, operation and phases, read in one query."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from operations.core.errors import NotFound
from operations.core.permissions import Subject
from operations.core.store import asked_for
from operations.core.vocabulary import Classification
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan


class Span(NamedTuple):
    """A phase as reports need it: its times and its kind."""

    id: UUID
    kind: str
    name: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class ReportContext:
    """The context of a report: its site, its operation's settings, and the phases by id."""

    site: UUID
    country: str
    closed: bool
    taking_part: bool
    operation: UUID
    state: str
    zone: str
    day_cut: time
    classification: Classification
    phases: dict[UUID, Span]

    @property
    def subject(self) -> Subject:
        """The permission subject of the site's part in the operation."""
        return Subject(self.country, self.operation, self.site, self.classification)


_STAGE = (
    sa.select(
        col(Site.country),
        col(Site.closed_at).is_not(None),
        plan.taking_part(col(Site.operation_id), col(Site.country)),
        *(getattr(plan.Operation, name) for name in ("id", "state", "zone", "day_cut", "classification")),
        *(getattr(plan.Phase, name) for name in Span._fields),
    )
    .join_from(Site, plan.Operation, col(plan.Operation.id) == col(Site.operation_id))
    .outerjoin(plan.Phase, col(plan.Phase.operation_id) == col(Site.operation_id))
    .where(col(Site.id) == sa.bindparam("site"))
    .with_for_update(read=True, of=plan.Operation)  # nobody suspends or debriefs it while a report is being sent
)


def stage(session: Session, site_id: UUID) -> ReportContext:
    """Return the context of a report from a site, in one query. Raises NotFound."""
    found = asked_for(session, _STAGE, {"site": site_id}).all()
    if not found:
        raise NotFound
    country, closed, taking_part, operation, state, zone, day_cut, classification, *_ = found[0]
    plan.held_states(session)[operation] = state
    phases = {row[8]: Span(*row[8:]) for row in found if row[8] is not None}
    marking = Classification(classification)
    return ReportContext(site_id, country, closed, taking_part, operation, state, zone, day_cut, marking, phases)
