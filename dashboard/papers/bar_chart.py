"""Bar chart of a paper: rows of a label, a bar and words, as SVG. It says nothing that the table beside it does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from dashboard.papers.paper import Drawing
from dashboard.papers.typesetter import printable
from dashboard.wording import language, right_to_left

_WIDTH, _ROW, _BAR, _SIZE = 166.0, 7.2, 3.6, 3.1
_LABELS, _BARS = 0.4, 0.38
"""The shares of the width that labels and bars have; words have the rest."""

_FULL, _OPEN, _INK = "#0f5f73", "#dcebef", "#15202a"
_LONGEST = 44


@dataclass(frozen=True)
class BarRow:
    """A row of a chart: its label, a part and its whole, and the words that say both."""

    label: str
    part: float
    whole: float
    words: str


def bar_chart(rows: Sequence[BarRow], alt: str) -> Drawing | None:
    """Return the chart, its longest bar as long as there is room; None without a bar. `alt` says it in words."""
    longest = max((row.whole for row in rows), default=0)
    if longest <= 0:
        return None
    drawn = "".join(_row(row, place, longest) for place, row in enumerate(rows))
    height = _ROW * len(rows)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.2f}" '
        f'font-family="Noto Sans, Amiri" font-size="{_SIZE}" fill="{_INK}">{drawn}</svg>'
    )
    return Drawing(svg, alt)


def _row(row: BarRow, place: int, longest: float) -> str:
    top = place * _ROW
    baseline = top + _ROW / 2 + _SIZE * 0.36
    begin, room = _WIDTH * _LABELS, _WIDTH * _BARS
    whole, part = room * row.whole / longest, room * min(row.part, row.whole) / longest
    return (
        _text(0, baseline, row.label)
        + _bar(begin, top, whole, _OPEN, f' stroke="{_FULL}" stroke-width="0.2"')
        + _bar(begin, top, part, _FULL)
        + _text(begin + room + 3, baseline, row.words)
    )


def _text(at: float, baseline: float, words: str) -> str:
    """A text that begins `at` mm from where its language begins."""
    rtl = right_to_left(language())
    shown = printable(words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…")
    x, anchor = (_WIDTH - at, "end") if rtl else (at, "start")
    return f'<text x="{x:.2f}" y="{baseline:.2f}" text-anchor="{anchor}">{escape(shown)}</text>'


def _bar(at: float, top: float, width: float, colour: str, more: str = "") -> str:
    if width <= 0:
        return ""
    x = _WIDTH - at - width if right_to_left(language()) else at
    y = top + (_ROW - _BAR) / 2
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{_BAR}" fill="{colour}"{more}/>'
