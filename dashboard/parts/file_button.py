"""The button that asks for a file by POST: what leaves Muster is written into the access trail, so no link asks."""

from typing import Any

from dash import html
from dash.development.base_component import Component


def file_button(words: Any, address: str, look: str = "file-way", **more: Any) -> Component:
    """A form of one button; `words` is what stands on it, `look` its class."""
    pressed = html.Button(words, type="submit", className=look, **more)
    return html.Form(pressed, action=address, method="POST", className="file-press")
