"""K49: how much of the support that was asked for was served: teams that came, products that were delivered."""

from sqlmodel import Session, col, select

from operations.core.people import Actor
from operations.core.said import N_
from operations.core.store import unfenced, unscoped
from operations.exchange.product_rows import SERVED, ProductRequest, ProductState
from operations.posts.figures import Figure, Value, share
from operations.support.deployments import Deployment
from operations.support.requests import SupportRequest

TEAMS = Figure(
    "K49",
    N_("Support requests served"),
    "%",
    N_("Requests for assistance for which a team was on site, divided by those that were asked of the countries."),
    N_("A request counts as served with its first team, also where it asked for several."),
    "S81, S08",
)
PRODUCTS = Figure(
    "K49",
    N_("Intelligence products delivered"),
    "%",
    N_("Products that whoever asked has, divided by those that were asked for."),
    N_("What its asker withdrew is in neither. Delivered is not used: look at what they led to."),
    "S81, S08",
)


def figures(session: Session, by: Actor) -> list[Value]:
    """K49 of all operations; a country's people count what their country asked for."""
    own = by.country if by.national else None
    asked = select(SupportRequest.id).where(col(SupportRequest.asked_at).is_not(None))
    products = select(ProductRequest.state).where(ProductRequest.state != ProductState.WITHDRAWN.value)
    if own is not None:
        asked = asked.where(SupportRequest.country == own)
        products = products.where(ProductRequest.country == own)
    with unfenced(session):  # counts alone: whose team came is told nowhere
        requests = set(session.exec(unscoped(asked)))
        served = set(
            session.exec(unscoped(select(Deployment.request_id).where(col(Deployment.on_site_at).is_not(None))))
        )
        states = list(session.exec(unscoped(products)))
    delivered = sum(each in SERVED for each in states)
    return [share(TEAMS, len(requests & served), len(requests)), share(PRODUCTS, delivered, len(states))]
