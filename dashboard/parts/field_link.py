"""The link to the field form, for whoever writes reports."""

from dash import html
from dash.development.base_component import Component

from dashboard.parts.icon import icon
from dashboard.wording import _
from operations.core.people import Actor
from operations.core.permissions import Act, may


def field_link(by: Actor) -> list[Component]:
    """Return the link, or nothing. It leads out of Dash: the field form is a page of its own."""
    if not may(by, Act.REPORT_WRITE):
        return []
    return [html.A([icon("device-mobile"), _("Work without a network")], href="/field", className="reports-export")]
