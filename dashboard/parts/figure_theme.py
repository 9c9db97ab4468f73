"""Theme of plotly figures for this reader: colours, template, and reading direction.

Figures are plain dictionaries of plotly's form: a live screen draws many, and plotly's own classes take 40 times as
long to build one. Tests validate the dictionaries with those classes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import plotly.io as pio

from dashboard.server.access import dark
from dashboard.theme import colours, template
from dashboard.wording import _, direction

Figure = dict[str, Any]
Trace = dict[str, Any]
_HOVER = "%{customdata}<extra>%{fullData.name}</extra>"


@dataclass(frozen=True)
class FigureTheme:
    """Colours by the theme's names (without "--m-"), whether it is dark, and whether text runs right to left."""

    colours: Mapping[str, str]
    dark: bool = False
    rtl: bool = False

    @classmethod
    def of_reader(cls) -> "FigureTheme":
        """Return the theme that this browser has chosen."""
        return cls(colours(dark()), dark(), direction() == "rtl")


@cache
def _template(is_dark: bool) -> dict[str, Any]:
    layout: dict[str, Any] = pio.templates[template(is_dark)].to_plotly_json()
    return layout


def dressed(traces: list[Trace], look: FigureTheme, x_axis: Mapping[str, Any], *, untold: bool = False) -> Figure:
    """Return a figure with the common margins, legend and axes of the board, mirrored for right-to-left languages.

    An empty figure shows a sentence; `untold`: there is data, but this reader may not see it. `uirevision` keeps the
    traces that a reader has hidden while numbers change.
    """
    values = [y for trace in traces for y in trace["y"]]
    bare = {} if any(y != 0 for y in values) else _bare(look, untold)
    few = {"dtick": 1} if max((y or 0 for y in values), default=0) < 5 else {}  # else 0.5 would be labelled as 1
    steep = 34 if look.rtl and x_axis.get("tickangle") else 8  # upright codes need more room right to left
    return {
        "data": traces,
        "layout": {
            "template": _template(look.dark),
            "uirevision": "stays",
            "barmode": "stack",
            "bargap": 0.28,
            "margin": {
                "l": 8,
                "r": 56 if look.rtl else 8,
                "t": 30,
                "b": steep,
            },  # no automargin for an axis on the right
            "showlegend": True,
            "hovermode": "x unified",
            "legend": {
                "orientation": "h",
                "yanchor": "bottom",
                "y": 1.01,
                "x": 1 if look.rtl else 0,
                "xanchor": "right" if look.rtl else "left",
                "traceorder": "reversed" if look.rtl else "normal",
            },
            "xaxis": {
                "type": "category",
                "automargin": True,
                "showgrid": False,
                "fixedrange": True,
                "autorange": "reversed" if look.rtl else True,
                **x_axis,
            },
            "yaxis": {
                "automargin": True,
                "rangemode": "tozero",
                "tickformat": ",d",
                "fixedrange": True,
                "nticks": 5,
                **few,
                "side": "right" if look.rtl else "left",
            },
            **bare,
        },
    }


def _bare(look: FigureTheme, untold: bool) -> dict[str, Any]:
    """Return the layout of an empty chart: a sentence in its middle, without axes."""
    words = {
        "text": untold_words() if untold else _("Nothing of this was reported yet."),
        "xref": "paper",
        "yref": "paper",
        "x": 0.5,
        "y": 0.5,
        "showarrow": False,
        "font": {"color": look.colours["ink-2"], "size": 13},
    }
    hidden = {"visible": False}
    return {"annotations": [words], "xaxis": hidden, "yaxis": hidden, "showlegend": False}


def untold_words() -> str:
    """Return why a chart or table is empty although data was reported."""
    return _("Not shown: it would give away numbers that are not for you.")


def verified_bar(name: str, x: list[str], y: list[int | None], words: list[str], look: FigureTheme) -> Trace:
    """Return solid bars: results at the chosen level."""
    marker = {"color": look.colours["accent"], "line": {"width": 0}}
    return {"type": "bar", "name": name, "x": x, "y": y, "customdata": words, "hovertemplate": _HOVER, "marker": marker}


def unverified_bar(name: str, x: list[str], y: list[int | None], words: list[str], look: FigureTheme) -> Trace:
    """Return bars below the level: hatched, with an outline, so that they are distinct without colour."""
    marker = {
        "color": look.colours["accent-soft"],
        "line": {"width": 1, "color": look.colours["accent"]},
        "pattern": {"shape": "/", "size": 6, "solidity": 0.35, "fgcolor": look.colours["accent"]},
    }
    return {"type": "bar", "name": name, "x": x, "y": y, "customdata": words, "hovertemplate": _HOVER, "marker": marker}


def hidden_marks(name: str, x: list[str], words: list[str], look: FigureTheme) -> Trace:
    """Return open diamonds on the axis in place of hidden numbers, so that these are not read as zero."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": x,
        "y": [0] * len(x),
        "customdata": words,
        "cliponaxis": False,
        "hovertemplate": _HOVER,
        "marker": {"symbol": "diamond-open", "size": 9, "color": look.colours["ink-2"], "line": {"width": 1.5}},
    }
