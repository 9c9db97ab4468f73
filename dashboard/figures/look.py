"""How every figure looks to this reader: colours of the theme, template, and the direction of reading."""

from collections.abc import Mapping
from dataclasses import dataclass

from plotly import graph_objects as go

from dashboard.access import dark
from dashboard.theme import colours, template
from dashboard.wording import direction


@dataclass(frozen=True)
class Look:
    """Colours by the theme's names (without "--m-"), plotly template, and whether one reads from right to left."""

    colours: Mapping[str, str]
    template: str
    rtl: bool = False

    @classmethod
    def of_reader(cls) -> "Look":
        """The look that this browser has chosen."""
        return cls(colours(dark()), template(dark()), direction() == "rtl")


def dressed(figure: go.Figure, look: Look) -> go.Figure:
    """Margins, legend and axes as all figures of the board have them. Right to left, the axes run that way too.

    `uirevision` keeps what a reader zoomed or hid while numbers change under it.
    """
    figure.update_layout(
        template=look.template,
        uirevision="stays",
        barmode="stack",
        bargap=0.28,
        margin={"l": 8, "r": 8, "t": 30, "b": 8},
        showlegend=True,
        hovermode="x unified",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={
            "orientation": "h",
            "yanchor": "bottom",
            "y": 1.01,
            "x": 1 if look.rtl else 0,
            "xanchor": "right" if look.rtl else "left",
            "traceorder": "reversed" if look.rtl else "normal",
        },
    )
    figure.update_xaxes(automargin=True, showgrid=False, autorange="reversed" if look.rtl else True, fixedrange=True)
    figure.update_yaxes(
        automargin=True,
        side="right" if look.rtl else "left",
        rangemode="tozero",
        tickformat=",d",
        fixedrange=True,
        nticks=5,
    )
    return figure


def verified_bar(name: str, x: list[str], y: list[int | None], words: list[str], look: Look) -> go.Bar:
    """What stands at the chosen level: solid."""
    return go.Bar(
        name=name,
        x=x,
        y=y,
        customdata=words,
        hovertemplate="%{customdata}<extra>%{fullData.name}</extra>",
        marker={"color": look.colours["accent"], "line": {"width": 0}},
    )


def unverified_bar(name: str, x: list[str], y: list[int | None], words: list[str], look: Look) -> go.Bar:
    """What waits below it: hatched, with an outline, so that it is told apart without colour."""
    return go.Bar(
        name=name,
        x=x,
        y=y,
        customdata=words,
        hovertemplate="%{customdata}<extra>%{fullData.name}</extra>",
        marker={
            "color": look.colours["accent-soft"],
            "line": {"width": 1, "color": look.colours["accent"]},
            "pattern": {"shape": "/", "size": 6, "solidity": 0.35, "fgcolor": look.colours["accent"]},
        },
    )


def hidden_marks(name: str, x: list[str], words: list[str], look: Look) -> go.Scatter:
    """Where a number is hidden: an open diamond at the foot of the axis, which says so and is no zero."""
    return go.Scatter(
        name=name,
        x=x,
        y=[0] * len(x),
        mode="markers",
        customdata=words,
        cliponaxis=False,
        hovertemplate="%{customdata}<extra>%{fullData.name}</extra>",
        marker={"symbol": "diamond-open", "size": 9, "color": look.colours["ink-2"], "line": {"width": 1.5}},
    )
