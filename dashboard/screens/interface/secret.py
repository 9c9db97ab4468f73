"""A secret that is shown once."""

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.form import button
from dashboard.wording import _


def secret_shown(secret: str) -> list[Component]:
    """Return a secret with a button that copies it; nothing without one."""
    if not secret:
        return []
    words = _("Copy it now: it is shown this once.")
    return [
        tags.Div(
            html.Strong(words),
            html.Code(secret, dir="ltr"),
            html.Div(button(_("Copy"), icon_name="copy", size="compact-md", **{"data-copied": secret})),
            className="interface-key",
            role="status",
        )
    ]
