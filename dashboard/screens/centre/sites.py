"""Sites of a connection with a centre: which site there each site here is, and the form that chooses one."""

from collections.abc import Callable
from typing import Any

from dash import State, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.verb_buttons import calls
from dashboard.parts.badges import state_badge
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form_fields import whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.table import table, table_row
from dashboard.wording import N_, _, ngettext
from operations.core.permissions import Act
from operations.exchange import centre_sites, centres
from operations.exchange.centre_rows import CentreConnection
from operations.exchange.centre_sites import SiteMatch, SiteMatchDraft

MATCH = DraftForm("centre-match", SiteMatchDraft)


def shown(session: Session, found: CentreConnection) -> list[Component]:
    """Return the sites here with those of the centre; open where one has none there."""
    there, matches = centres.plan_of(found), centre_sites.matches(session, found)
    if there is None or not matches:
        return []
    alone = sum(each.there is None for each in matches)
    first = matches[0]
    offered = first.nearest or first.there
    choices = {
        "site_id": [{"value": str(each.site.id), "label": each.site.name} for each in matches],
        "centre_site": [{"value": str(each.id), "label": each.name} for each in there.sites],
    }
    thing = {"site_id": first.site.id, "centre_site": offered.id} if alone and offered else None
    form = whole_form(
        MATCH, _("Remember the site"), "map-pin", ("site_id", "centre_site"), thing=thing, choices=choices
    )
    said = ngettext("{n} site has no counterpart at the centre.", "{n} sites have no counterpart at the centre.", alone)
    told = [html.P(said, className="reports-set-aside", role="status")] if alone else []
    head = [_("Site here"), _("Site at the centre"), _("How it was found")]
    listed = table(head, [_row(each) for each in matches], label=_("Sites at the centre"), cards=True)
    return [new_row_form(_("Sites at the centre"), *told, *form, listed, first=bool(alone))]


def _row(found: SiteMatch) -> Component:
    if found.there is None:
        return table_row(html.Bdi(found.site.name), state_badge(_("None yet: its figures stay here"), "warn"), "")
    how = _("Chosen") if found.chosen else _("The same name")
    return table_row(html.Bdi(found.site.name), html.Bdi(found.there.name), how)


def wire(of: State) -> Callable[..., Any]:
    """Declare the button; `of` is the state that holds the connection."""
    return calls(MATCH, centre_sites.match_site, N_("Remembered."), act=Act.CENTRE, given={"chosen": of})
