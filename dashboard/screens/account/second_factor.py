"""Whether the own account has a second factor, and the way to its page."""

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.icon import icon
from dashboard.wording import _


def factor_shown(there: bool) -> Component:
    """Return the state in words, and the link."""
    words = (
        _("You sign in with your password and a second factor.")
        if there
        else _("With an app for one-time codes or a passkey, a stolen password alone opens nothing.")
    )
    way = _("Change it") if there else _("Set up a second factor")
    return tags.Div(
        html.P(words, className="m-dim"),
        html.Div(
            html.A([icon("device-mobile", 18), html.Span(way)], href="/second-factor", className="account-factor")
        ),
        className="m-stack",
    )
