"""Before and after: how many times as many queries posts make as at first, each with its 95 % interval."""

from collections.abc import Sequence
from math import log2

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.panel import empty_state, panel
from dashboard.parts.programme_figures import PROGRAMME, programme_attributes
from dashboard.wording import _, coded, number
from operations.core.clock import now
from operations.programme.figures import GROWN, PostStanding, QueryUse, together

SHOWN = 6
LEAST, MOST = -3.0, 4.0
"""The ends of the scale, an eighth and sixteen times, as powers of two."""


def drawn(stood: Sequence[PostStanding], of: str = PROGRAMME) -> Component:
    """Return the change of all posts of an area together, and that of each, the largest first."""
    known = sorted(((each, each.use) for each in stood if each.use), key=lambda pair: pair[1].ratio, reverse=True)
    whole = together(use for _post, use in known)
    title = _("Before and after")
    if whole is None:
        hint = _("Count the queries of each month: without them nobody can say whether anything changed.")
        return panel(title, empty_state(_("No change can be told yet"), hint, "search"))
    said = _(
        "Queries a month: {before} when first assessed, {now} now. Posts counted: {count}.",
        count=number(len(known)),
        before=number(whole.first),
        now=number(whole.latest),
    )
    rows = [_row(each, use) for each, use in known]
    others = _("Other posts: {count}", count=number(len(rows) - SHOWN))
    more = [tags.Details(html.Summary(others), html.Ul(rows[SHOWN:]))]
    return panel(
        title,
        html.P(
            [
                html.Strong(_times(whole.ratio), className="loop-number m-num", **_source("queries.change", of)),
                html.Span(_range(whole), className="m-dim m-num"),
            ],
            className="m-row",
        ),
        html.P(said, className="loop-said"),
        html.Ul(rows[:SHOWN], className="change-list"),
        *(more if len(rows) > SHOWN else []),
        html.P(
            _("The bar is the 95 % interval. Where it crosses the line, chance alone can explain the difference."),
            className="m-dim m-small",
        ),
        class_name="years-change",
    )


def _row(each: PostStanding, use: QueryUse) -> Component:
    low, high = use.interval
    look = "is-more" if low > 1 else "is-less" if high < 1 else ""
    from_, to = _place(low), _place(high)
    bar = tags.Span(
        html.Span(className="change-one", style={"insetInlineStart": f"{_place(1):.1f}%"}),
        html.Span(
            className="change-range", style={"insetInlineStart": f"{from_:.1f}%", "inlineSize": f"{to - from_:.1f}%"}
        ),
        html.Span(className="change-point", style={"insetInlineStart": f"{_place(use.ratio):.1f}%"}),
        className=f"change-bar {look}",
        **{"aria-hidden": "true"},
    )
    name = html.Bdi(f"{each.post.name} ({coded('CL-COUNTRY', each.post.country)})")
    return tags.Li(
        dcc.Link(name, href=f"/posts/usage?show={each.post.id}", className="m-link"),
        bar,
        html.Span(_times(use.ratio), className="m-num", **_source(GROWN.code, str(each.post.id))),
        html.Span(_range(use), className="m-dim m-small m-num"),
    )


def _place(ratio: float) -> float:
    """Return where a ratio lies on the scale, in per cent of its width."""
    power = log2(ratio) if ratio > 0 else LEAST
    return 100 * (min(max(power, LEAST), MOST) - LEAST) / (MOST - LEAST)


def _times(ratio: float) -> str:
    return _("{times} times", times=number(ratio, 1))


def _range(use: QueryUse) -> str:
    low, high = use.interval
    return _("95 %: {range}", range=f"\u2068{number(low, 1)}\u2013{number(high, 1)}\u2069")


def _source(figure: str, of: str) -> dict[str, str]:
    return programme_attributes(figure, _("times"), now(), of, GROWN.level)
