"""Icons: single-colour drawings that take the colour of the text around them."""

from dash import html
from dash.development.base_component import Component

_FOLDER = "/assets/vendor/icons"


def icon(name: str, size: int = 18, label: str | None = None) -> Component:
    """The icon called `name` (a file of assets/vendor/icons), `size` pixels square.

    Decoration, hidden from screen readers, unless `label` says what it means.
    """
    said = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    mask = f"url({_FOLDER}/{name}.svg)"
    style = {"inlineSize": size, "blockSize": size, "maskImage": mask, "WebkitMaskImage": mask}
    return html.Span(className="m-icon", style=style, **said)
