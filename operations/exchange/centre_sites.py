"""Sites of a connection with a centre: which site of the centre a site here is, by its name or as somebody chose it."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core import rows
from operations.core.drafts import Draft
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.exchange import centre_figures, centres
from operations.exchange.centre_rows import CentreConnection, CentrePlan, CentreSite
from operations.exchange.centres import CONNECTION
from operations.policing.map_plan.places import Site


@dataclass(frozen=True)
class SiteMatch:
    """A site here, the centre's site that it is, and whether somebody `chose` that. `nearest`: where it is none, the
    site there whose name is most like its own."""

    site: Site
    there: CentreSite | None
    chosen: bool
    nearest: CentreSite | None


class SiteMatchDraft(Draft):
    """Draft of a site here and the centre's site that it is; None: the one of the same name."""

    site_id: Annotated[UUID, Label(N_("Site here"), draws="one")]
    centre_site: Annotated[
        UUID | None, Label(N_("Site at the centre"), N_("Empty: the site of the same name."), draws="one")
    ] = None


def matches(session: Session, connection: CentreConnection) -> list[SiteMatch]:
    """Return the sites of the country in the operation, those without a site at the centre first, then by name.

    Empty until the centre has answered.
    """
    plan = centres.plan_of(connection)
    if plan is None:
        return []
    own: Sequence[Site] = session.exec(
        select(Site)
        .where(Site.operation_id == connection.operation_id, Site.country == connection.country)
        .order_by(col(Site.name), col(Site.id))
    ).all()
    known = {each.id: each for each in plan.sites}
    found = centre_figures.site_matches(plan, connection.sites, own)
    free = {each.name.casefold(): each for each in plan.sites if each.id not in found.values()}
    made = []
    for site in own:
        there = found[site.id]
        near = get_close_matches(site.name.casefold(), free, 1, 0.4) if there is None else []
        made.append(
            SiteMatch(
                site,
                known[there] if there else None,
                str(site.id) in connection.sites,
                free[near[0]] if near else None,
            )
        )
    return sorted(made, key=lambda each: each.there is not None)


def match_site(session: Session, connection_id: UUID, draft: SiteMatchDraft, by: Actor) -> CentreConnection:
    """Remember which site of the centre a site here is. The same again changes nothing. Raises RuleBroken."""
    found = centres.held(session, connection_id, by)
    site = rows.one(session, Site, draft.site_id)
    if site.operation_id != found.operation_id or site.country != found.country:
        raise RuleBroken("site_id", "Choose a site of your country in this operation.")
    there = centres.plan_of(found)
    if draft.centre_site is not None and draft.centre_site not in {each.id for each in (there.sites if there else ())}:
        raise RuleBroken("centre_site", "The centre has no such site now. Choose one of the list.")
    if draft.centre_site is None and str(site.id) not in found.sites and not (there and _of_its_name(there, site)):
        raise RuleBroken("centre_site", "The centre has no site of this name. Choose one of the list.")
    rest = {of: site for of, site in found.sites.items() if of != str(draft.site_id)}
    chosen = rest | ({str(draft.site_id): str(draft.centre_site)} if draft.centre_site else {})
    if chosen != found.sites:
        found.sites = chosen
        session.add(found)
        CONNECTION.entry(session, by, "centre.match", found, site=site.name)
    return found


def _of_its_name(there: CentrePlan, site: Site) -> bool:
    """Return whether the centre has a site of the name of a site here."""
    return centre_figures.site_matches(there, {}, [site])[site.id] is not None
