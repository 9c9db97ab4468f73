"""K49: the share of requested support that was served, by teams on site and products delivered."""

from typing import Any

from sqlmodel import Session, col, select

from operations.core.field_labels import N_
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.store import unfenced, unscoped
from operations.exchange.product_rows import SERVED, ProductRequest, ProductState
from operations.policing.operation import plan
from operations.posts.figures import ProgrammeFigure, Value, share
from operations.support.deployments import Deployment
from operations.support.requests import SupportRequest

TEAMS = ProgrammeFigure(
    "K49",
    N_("Support requests served"),
    "%",
    N_("Requests for assistance for which a team was on site, divided by those that were asked of the countries."),
    N_("A request counts as served with its first team, also where it asked for several."),
    "S81, S08",
)
PRODUCTS = ProgrammeFigure(
    "K49",
    N_("Intelligence products delivered"),
    "%",
    N_("Products that whoever asked has, divided by those that were asked for."),
    N_("What its asker withdrew is in neither. Delivered is not used: look at what they led to."),
    "S81, S08",
)


def figures(session: Session, by: Actor) -> list[Value]:
    """Return K49 over the operations that the asker works for; for a country's people, over requests for their country.

    Each figure is only for readers who hear of the changes behind it.
    """
    own = by.country if by.national else None
    told = []
    if may(by, Act.SUPPORT_TOTALS):
        asked = select(SupportRequest.id).where(col(SupportRequest.asked_at).is_not(None))
        asked = asked.where(plan.within_reach(SupportRequest.operation_id, by))
        requests = set(_all(session, asked if own is None else asked.where(SupportRequest.host_country == own)))
        came = set(_all(session, select(Deployment.request_id).where(col(Deployment.on_site_at).is_not(None))))
        told.append(share(TEAMS, len(requests & came), len(requests)))
    if may(by, Act.PRODUCT_READ):
        products = select(ProductRequest.state).where(ProductRequest.state != ProductState.WITHDRAWN.value)
        products = products.where(plan.within_reach(ProductRequest.operation_id, by))
        states = list(_all(session, products if own is None else products.where(ProductRequest.country == own)))
        told.append(share(PRODUCTS, sum(each in SERVED for each in states), len(states)))
    return told


def _all(session: Session, query: Any) -> Any:
    """Run a query without visibility conditions: only counts leave this module, never whose team came."""
    with unfenced(session):
        return session.exec(unscoped(query)).all()
