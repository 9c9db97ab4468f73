"""Visual theme, defined once: colours, sizes and fonts as CSS variables, the Mantine theme, the plotly templates.

Slate greys everywhere, with petrol as the only accent. Status is never colour alone: badges have words, levels differ
in outline, sites in shape. Text has a contrast of at least 4.5:1 on every background, in both themes.
"""

from functools import cache
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio

LIGHT = {
    "ground": "#f2f4f6",
    "surface": "#ffffff",
    "raised": "#ffffff",
    "sunken": "#e9edf0",
    "line": "#dce2e7",
    "line-strong": "#bcc6ce",
    "ink": "#15202a",
    "ink-2": "#43515d",
    "ink-3": "#5a6772",
    "accent": "#0f5f73",
    "accent-strong": "#0a4656",
    "accent-soft": "#dbeaee",
    "on-accent": "#ffffff",
    "focus": "#0f7d99",
    "good": "#17693f",
    "good-soft": "#ddf0e5",
    "warn": "#85550a",
    "warn-soft": "#f7ecd6",
    "bad": "#a5322b",
    "bad-soft": "#f9e4e2",
    "note": "#35569c",
    "note-soft": "#e3e9f6",
    "level-v0": "#8794a0",
    "level-v1": "#7f98a6",
    "level-v2": "#5b8a9b",
    "level-v3": "#2b7a8f",
    "level-v4": "#0f5f73",
    "level-vf": "#0a3c4a",
    "site-reporting": "#0a5f9e",
    "site-silent": "#808080",
    "site-hits": "#c2410c",
    "site-planned": "#1d2730",
    "map-sea": "#dde7ec",
    "map-land": "#f5f4f0",
    "map-border": "#8f8299",
    "map-border-halo": "#ebe7ea",
    "map-road-1": "#e3a857",
    "map-road-2": "#f3d795",
    "map-road-3": "#ffffff",
    "map-road-edge": "#b5aa98",
    "map-rail": "#8b939a",
    "map-building": "#dfdad1",
    "map-coast": "#8497a3",
    "map-label": "#3d4b57",
    "map-water": "#c9d9e2",
}
DARK = {
    "ground": "#0d1318",
    "surface": "#141c23",
    "raised": "#1b252e",
    "sunken": "#0a0f13",
    "line": "#25313b",
    "line-strong": "#3a4a57",
    "ink": "#e6ecf1",
    "ink-2": "#b4bfc9",
    "ink-3": "#94a2ae",
    "accent": "#56b6ca",
    "accent-strong": "#85cedd",
    "accent-soft": "#15353f",
    "on-accent": "#05161b",
    "focus": "#7ad0e2",
    "good": "#6cc896",
    "good-soft": "#14301f",
    "warn": "#e2b35c",
    "warn-soft": "#34280f",
    "bad": "#f0938a",
    "bad-soft": "#3b1a18",
    "note": "#9ab6ef",
    "note-soft": "#1b2740",
    "level-v0": "#83919d",
    "level-v1": "#7d98a5",
    "level-v2": "#6fa3b3",
    "level-v3": "#56b6ca",
    "level-v4": "#85cedd",
    "level-vf": "#c3eaf2",
    "site-reporting": "#4aa8e0",
    "site-silent": "#8d8468",
    "site-hits": "#ffb000",
    "site-planned": "#e6ecf1",
    "map-sea": "#0b141a",
    "map-land": "#1a242c",
    "map-border": "#8d829a",
    "map-border-halo": "#252d38",
    "map-road-1": "#a67f45",
    "map-road-2": "#75664a",
    "map-road-3": "#4a5863",
    "map-road-edge": "#0f171d",
    "map-rail": "#55636e",
    "map-building": "#26313a",
    "map-coast": "#3b4c58",
    "map-label": "#b4bfc9",
    "map-water": "#0f1d26",
}
_SHAPE = {
    **{str(step): f"{4 * step}px" for step in range(1, 9)},
    "radius": "6px",
    "radius-s": "4px",
    "rail": "88px",
    "bar": "48px",
    "font": "'Muster Sans','Muster Sans Arabic',system-ui,-apple-system,'Segoe UI',sans-serif",
    "text-xs": "11px",
    "text-s": "12px",
    "text-m": "13.5px",
    "text-l": "16px",
    "text-xl": "20px",
}
_PETROL = (
    "#e9f4f6",
    "#d3e7ec",
    "#a6cfd9",
    "#7fc0ce",
    "#56b6ca",
    "#338fa4",
    "#1f7a8f",
    "#15697d",
    "#0f5f73",
    "#0a4656",
)
_SLATE = (
    "#e6ecf1",
    "#b4bfc9",
    "#94a2ae",
    "#6b7a86",
    "#3a4a57",
    "#25313b",
    "#1b252e",
    "#141c23",
    "#0d1318",
    "#0a0f13",
)
_SERIES = {
    False: ("#0f5f73", "#8a3f7a", "#85550a", "#35569c", "#17693f", "#6a7782", "#a5322b"),
    True: ("#56b6ca", "#d58ac4", "#e2b35c", "#9ab6ef", "#6cc896", "#94a2ae", "#f0938a"),
}


def colours(dark: bool) -> dict[str, str]:
    """Return the palette of the light or dark theme, by the names of the CSS variables without "--m-"."""
    return dict(DARK if dark else LIGHT)


def _block(names: dict[str, str]) -> str:
    return "".join(f"--m-{name}:{value};" for name, value in names.items())


@cache
def css() -> str:
    """Return the style sheet of all --m- variables: light, dark, and dark where the system asks for it."""
    shadows = {
        False: "--m-shadow:0 1px 2px rgb(16 28 38/.06),0 6px 20px rgb(16 28 38/.08);color-scheme:light;",
        True: "--m-shadow:0 1px 2px rgb(0 0 0/.5),0 8px 24px rgb(0 0 0/.45);color-scheme:dark;",
    }
    light, dark = (_block(colours(look)) + shadows[look] for look in (False, True))
    return (
        f":root{{{_block(_SHAPE)}{light}}}\n"
        f'@media (prefers-color-scheme:dark){{:root:not([data-mantine-color-scheme="light"]){{{dark}}}}}\n'
        f':root[data-mantine-color-scheme="dark"]{{{dark}}}\n'
    )


def mantine() -> dict[str, Any]:
    """Return the Mantine theme in the same colours and sizes."""
    sizes = {"xs": "11px", "sm": "13px", "md": "13.5px", "lg": "16px", "xl": "20px"}
    field = {"size": "sm"}
    fields = {"Select": {**field, "allowDeselect": False}}  # who picks again what is chosen means it
    return {
        "primaryColor": "petrol",
        "primaryShade": {"light": 8, "dark": 4},
        "colors": {"petrol": list(_PETROL), "dark": list(_SLATE)},
        "autoContrast": True,
        "luminanceThreshold": 0.28,
        "fontFamily": _SHAPE["font"],
        "fontSizes": sizes,
        "defaultRadius": "sm",
        "radius": {"xs": "3px", "sm": "4px", "md": "6px", "lg": "8px", "xl": "12px"},
        "cursorType": "pointer",
        "respectReducedMotion": True,
        "components": {
            name: {"defaultProps": fields.get(name, field)}
            for name in (
                "TextInput",
                "Textarea",
                "NumberInput",
                "Select",
                "MultiSelect",
                "DateInput",
                "DatePickerInput",
                "TimePicker",
                "DateTimePicker",
                "PasswordInput",
                "Button",
            )
        },
    }


@cache
def template(dark: bool) -> str:
    """Return the name of the plotly template of the light or dark theme, which the first call registers."""
    palette, name = colours(dark), f"muster_{'dark' if dark else 'light'}"
    axis = {
        "gridcolor": palette["line"],
        "linecolor": palette["line-strong"],
        "zerolinecolor": palette["line-strong"],
        "tickcolor": palette["line-strong"],
        "tickfont": {"color": palette["ink-3"]},
        "automargin": True,
    }
    pio.templates[name] = go.layout.Template(
        layout={
            "font": {"family": _SHAPE["font"], "size": 12, "color": palette["ink-2"]},
            "colorway": list(_SERIES[dark]),
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {**axis, "showgrid": False},
            "yaxis": axis,
            "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "font": {"color": palette["ink-2"]}},
            "hoverlabel": {
                "bgcolor": palette["raised"],
                "bordercolor": palette["line-strong"],
                "font": {"family": _SHAPE["font"], "color": palette["ink"]},
            },
            "bargap": 0.25,
        }
    )
    return name
