"""Icons: single-colour drawings in the colour of the text around them."""

from dash import html
from dash.development.base_component import Component

_FOLDER = "/assets/vendor/icons"


def icon(name: str, size: int = 18, label: str | None = None) -> Component:
    """Return the icon called `name` (a file of assets/vendor/icons), `size` pixels square.

    It is decorative, and hidden from screen readers, unless `label` gives its meaning.
    """
    said = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    style = {"inlineSize": size, "blockSize": size, "--icon": f"url({_FOLDER}/{name}.svg)"}
    return html.Span(className="m-icon", style=style, **said)
