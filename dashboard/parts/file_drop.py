"""File drop: a place to drop and upload a file, with its progress (screens/layers/layers.js runs it)."""

from dash import html
from dash.development.base_component import Component

from dashboard.wording import _


def file_place(
    drop: Component, to: str, store_id: str, refused_id: str, most: int, too_large: str, working: str = ""
) -> list[Component]:
    """Return the drop zone around `drop`. It uploads a file of at most `most` bytes to the address `to`, and puts the
    result into the `dcc.Store` called `store_id`; refusals are shown in `refused_id`. `working` says what is done with
    the file meanwhile, where it is more than to read it."""
    working = working or _("Reading the file")
    words = {
        "data-refuse": too_large,
        "data-sending": _("Sending: {percent}"),
        "data-reading": working,
        "data-place": _("Place {place} in the queue"),
        "data-broken": _("The file did not arrive whole: choose it again."),
    }
    return [
        html.Div(
            [
                drop,
                html.P(className="layers-sending m-num", role="status", hidden=True, **{"data-told": "true"}),
                html.Progress(max="100", value="0", hidden=True, **{"aria-label": working}),
            ],
            className="layers-drop-place",
            **{"data-most": most, "data-to": to, "data-store": store_id, "data-refused": refused_id, **words},
        ),
        html.Div(id=refused_id, role="alert", className="layers-refused"),
    ]
