"""Wall screens: a link that shows the situation on one screen, made here and shown once."""

import flask
from dash import html
from dash.development.base_component import Component

from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.sign_in import WALL
from dashboard.parts.form import button
from dashboard.screens.situation.ids import Ids
from dashboard.server.access import current_request
from dashboard.wording import _
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.operation import plan, wall_screens


def opener(operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the button, for those who may open a wall screen; a wall screen itself has none."""
    if current_request().only is not None or not may(by, Act.WALL_OPEN, plan.subject(operation)):
        return []
    return [button(_("Open on a wall"), Ids.WALL, "quiet", "device-desktop", size="compact-sm")]


@does(Ids.WALL, act=Act.WALL_OPEN, operation=Ids.OPERATION, shows=(Ids.WALL_LINK,))
def open_on_wall(press: Press) -> Done:
    """Make a link; its secret is in the fragment, which browsers do not send."""
    secret = wall_screens.make_link(press.session, press.operation_id, press.by)
    origin = flask.request.headers.get("origin", flask.request.host_url.rstrip("/"))  # checked by the gate
    return Done(_("The link is made."), shown=(link(f"{origin}{WALL}#{secret}"),))


def link(address: str) -> list[Component]:
    """Return the link, shown once, with a button that copies it."""
    said = _(
        "Open this link in the browser of the wall within 15 minutes. It is shown this once and works once; the screen "
        "shows this page and nothing else, for 7 days or until you close it under My account."
    )
    return [
        html.Section(
            [
                html.P(said),
                html.Code(address, className="people-address", dir="ltr"),
                button(_("Copy the link"), None, "plain", "copy", **{"data-copied": address}),
            ],
            className="people-link",
            **{"aria-label": _("The new link")},
        )
    ]
