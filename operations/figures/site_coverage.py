"""Site coverage (K31): the expected sites, with those that reported lately and those that did not."""

from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session

from operations.catalogue.definition import SitesHeard
from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.core import history
from operations.core.clock import now
from operations.core.people import Actor
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import countries_known, site_activity
from operations.policing.map_plan import places
from operations.totals.activity import SILENT_AFTER


class ExpectedSite(NamedTuple):
    """An expected site: when it reported last, and whether that is recent enough to count."""

    country: str
    name: str
    last: datetime | None
    heard: bool


def of_places(figure: str) -> bool:
    """Whether a figure of the catalogue counts sites that reported."""
    return any(isinstance(CATALOGUE[kpi].measure, SitesHeard) for kpi in Kpi if kpi == figure)


def covered(session: Session, frame: BoardFrame, by: Actor) -> list[ExpectedSite]:
    """Return the sites that coverage counts in this frame, by country and name, as of the frame's entry.

    No person is named: every reader of the figure may read it, national users for their own sites. Raises NotFound and
    NotPermitted as the board does.
    """
    with history.as_of(session, frame.at):
        heard, since = site_activity(session, frame, by), now() - SILENT_AFTER
        taking_part = {
            participant.country for participant in countries_known(session, frame.operation) if not participant.kept
        }
        return [
            ExpectedSite(site.country, site.name, last, last is not None and last >= since)
            for site in places.sites(session, frame.operation)
            if site.id in heard and site.country in taking_part
            for last in (heard[site.id],)
        ]
