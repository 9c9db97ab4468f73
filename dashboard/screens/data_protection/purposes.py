"""Register of processing: which data Muster stores, about whom, why and for how long; open to every user."""

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.frame.live_parts import same_for_role
from dashboard.frame.shell import page
from dashboard.parts.panel import panel
from dashboard.parts.table import table, table_row
from dashboard.places import PURPOSES
from dashboard.server.access import actor
from dashboard.wording import _
from operations.core.permissions import Act, may
from operations.data_protection.purposes import ABOUT, KEPT

NAV = PURPOSES
AUDIENCE = same_for_role


def layout(**_query: str) -> Component:
    """Return the register, for everybody who may sign in."""
    way = dcc.Link(_("Requests about data"), href="/data-protection", className="file-way")
    head = [_("What for"), _("About whom"), _("How long")]
    rows = [table_row(_(each.purpose), _(ABOUT[each.about]), _(each.until)) for each in KEPT]
    never = _(
        "No name, birth date, document number, picture, contact or exact place of a protected person is a field "
        "anywhere, and free words are screened for them before anything is stored."
    )
    return page(
        _("What is kept, and why"),
        html.Div([panel(_("Purposes"), table(head, rows, label=_("Purposes")), flush=True)], className="m-stack"),
        lead=never,
        actions=[way] if may(actor(), Act.DATA_READ) else [],
        wide=True,
    )
