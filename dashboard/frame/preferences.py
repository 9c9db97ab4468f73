"""Language and theme: forms of buttons that work without a script, for the top bar and the account page."""

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.icon import icon
from dashboard.server import access
from dashboard.wording import LANGUAGES, _, language


def choices(name: str, current: str, options: dict[str, str], icons: dict[str, str] | None = None) -> Component:
    """Return a form of buttons, one of them pressed; it posts `name` to /preferences and returns to this page."""
    buttons = [
        tags.Button(
            *([icon(icons[value], size=16)] if icons else []),
            html.Span(words, lang=value if name == "language" else None),
            type="submit",
            name=name,
            value=value,
            className="m-choice",
            **{"aria-pressed": "true" if value == current else "false"},
        )
        for value, words in options.items()
    ]
    return html.Form(buttons, action="/preferences", method="POST", className="m-choices")


def languages() -> Component:
    """Return the choice of language, each named in itself."""
    return choices("language", language(), LANGUAGES)


def themes(current: str) -> Component:
    """Return the choice of theme; `current` is the chosen one."""
    names = {"auto": _("As the system"), "light": _("Light"), "dark": _("Dark")}
    return choices("theme", current, names, {"auto": "device-desktop", "light": "sun", "dark": "moon"})


def language_and_look() -> Component:
    """Return both choices, for the account page."""
    return tags.Div(
        html.H3(_("Language"), className="m-field-title"),
        languages(),
        html.H3(_("Look"), className="m-field-title"),
        themes(access.theme()),
        className="m-stack",
    )
