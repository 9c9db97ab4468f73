"""The page of an address that does not exist, or that this person may not see: both look the same."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.frame.shell import page
from dashboard.parts import tags
from dashboard.parts.icon import icon
from dashboard.wording import _
from operations.core.errors import HIDDEN


def layout(**_values: Any) -> Component:
    """Return the page."""
    return page(_("Nothing here"), message(_(HIDDEN)))


def waiting(words: str) -> Component:
    """Return the message of a page that could not be read: the shell's script reloads it when the storage is back."""
    return html.Div([icon("plug-connected-x", size=32), html.P(words)], className="m-empty m-unread", role="status")


def message(words: str) -> Component:
    """Return a sentence and a link to the operations."""
    return tags.Div(
        icon("compass", size=32),
        html.P(words),
        dcc.Link(_("To the operations"), href="/", className="m-link"),
        className="m-empty",
    )
