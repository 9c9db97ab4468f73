"""Behind coverage (K31): the places that are waited for, those that reported lately and those that did not."""

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


class Covered(NamedTuple):
    """A place that is waited for: when it reported last, and whether that is late enough to count."""

    country: str
    name: str
    last: datetime | None
    heard: bool


def of_places(figure: str) -> bool:
    """Whether a figure of the catalogue is made of places that reported, and not of what they did."""
    return any(isinstance(CATALOGUE[kpi].measure, SitesHeard) for kpi in Kpi if kpi == figure)


def covered(session: Session, frame: BoardFrame, by: Actor) -> list[Covered]:
    """The places that coverage counts in this frame, by country and name, or those that it counted at its entry.

    It names no person: whoever reads the figure reads it, a country's people of their own places. Raises NotFound and
    NotPermitted as the board does.
    """
    with history.looking(session, frame.at):
        heard, since = site_activity(session, frame, by), now() - SILENT_AFTER
        taking_part = {each.country for each in countries_known(session, frame.operation) if not each.kept}
        return [
            Covered(site.country, site.name, last, last is not None and last >= since)
            for site in places.sites(session, frame.operation)
            if site.id in heard and site.country in taking_part
            for last in (heard[site.id],)
        ]
