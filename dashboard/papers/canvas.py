"""Canvas of a PDF page: paths and text in millimetres from the upper left corner, y downwards.

fpdf2 keeps the document; text goes through its shaping (HarfBuzz), so that Arabic letters join and run from the right.
Paths are written directly as PDF operators, for speed: a sheet has some ten thousand corners.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import numpy as np
import shapely
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from fpdf import FPDF
from fpdf.enums import TextMode
from fpdf.fonts import TTFFont

_VENDOR = Path(__file__).parent.parent / "assets" / "vendor"
FACES = {"": _VENDOR / "fonts" / "muster-sans-regular.ttf", "B": _VENDOR / "fonts" / "muster-sans-bold.ttf"}
_FAMILY = "muster"
MM_PER_PT = 25.4 / 72

_MEASURED = 10.0
"""Points: the width of a text is measured once at this size, and scaled."""

_SHAPED = re.compile(
    "[\u0300-\u036f\u0590-\u1fff\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\U00010000-\U0010ffff]"
)
"""Characters that need shaping: combining marks, joining or right-to-left scripts, direction marks."""

_SPACES = {0x202F: 0xA0}
"""The font has only one non-breaking space."""

Anchor = Literal["left", "centre", "right"]
Direction = Literal["ltr", "rtl"]
_BASELINE = 0.3
"""fpdf2 sets the baseline of a cell this share of the type size below its middle."""


class Ink(FPDF):
    """A document whose pages have different sizes; `rtl`: text runs right to left by default."""

    def __init__(self, *, rtl: bool) -> None:
        super().__init__(unit="mm")
        self.rtl = rtl
        self.c_margin = 0
        self._widths: dict[tuple[str, bool], float] = {}
        self.set_auto_page_break(auto=False)
        for style, face in FACES.items():
            self.add_font(_FAMILY, style, face)
        self.set_font(_FAMILY, "", 8)
        self.set_text_shaping(use_shaping_engine=True, direction=self.direction)

    def close(self) -> None:
        """Close the font files, which fpdf2 keeps open."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    @property
    def direction(self) -> Direction:
        """The direction of the reader's language."""
        return "rtl" if self.rtl else "ltr"

    # -------------------------------------------------------------------------------------------------- tags

    @contextmanager
    def tagged(self, kind: str, words: str = "") -> Iterator[None]:
        """Tag what is drawn in the block, on one page: a "Figure" with its alternative words, or a "P" of text."""
        number = self.struct_builder.next_mcid_for_page(self.page)
        self._add_marked_content(struct_type=f"/{kind}", mcid=number, **({"alt_text": words} if words else {}))
        self._put(f"/{kind} <</MCID {number}>> BDC")
        yield
        self._put("EMC")

    # ------------------------------------------------------------------------------------------------- words

    def width_of(self, words: str, size: float, *, bold: bool = False) -> float:
        """Return the width of a text in mm at a type size in points."""
        words = words.translate(_SPACES)
        known = self._widths.get((words, bold))
        if known is None:
            self._shape(words, self.direction)
            self.set_font(_FAMILY, "B" if bold else "", _MEASURED)
            known = self._widths[words, bold] = float(self.get_string_width(words)) / _MEASURED
        return known * size

    def words(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        colour: str,
        *,
        bold: bool = False,
        anchor: Anchor = "left",
        halo: str | None = None,
        direction: Direction | None = None,
    ) -> None:
        """Draw one line of text on the baseline `y`, anchored at `x`; `halo` is the colour of an outline on maps.

        `direction` is that of the whole line; codes and coordinates run from the left in every language.
        """
        words = words.translate(_SPACES)
        wide = self.width_of(words, size, bold=bold)
        self._shape(words, direction or self.direction)
        self.set_font(_FAMILY, "B" if bold else "", size)
        left = x - {"left": 0.0, "centre": wide / 2, "right": wide}[anchor]
        if halo:
            with self.local_context():
                self.text_mode = TextMode.STROKE
                self.set_draw_color(halo)
                self.set_line_width(1.3)  # of letters in points, in any unit of the document
                self._put("1 j")
                self._line(left, y, words, size, halo, wide)
        self._line(left, y, words, size, colour, wide)

    def _shape(self, words: str, direction: Direction) -> None:
        """Turn shaping on only where a text needs it: plain Latin text would only take longer (it is not kerned)."""
        plain = direction == "ltr" and not _SHAPED.search(words)
        self.set_text_shaping(use_shaping_engine=not plain, direction=direction)

    def _line(self, left: float, y: float, words: str, size: float, colour: str, wide: float) -> None:
        self.set_text_color(colour)
        self.set_xy(left, y - _BASELINE * size * MM_PER_PT)
        self.cell(wide, 0, words)

    def fitted(self, words: str, size: float, room: float, *, bold: bool = False) -> str:
        """Return a text, cut with an ellipsis if it is wider than `room` mm."""
        if self.width_of(words, size, bold=bold) <= room:
            return words
        kept = words
        while kept and self.width_of(f"{kept}…", size, bold=bold) > room:
            kept = kept[:-1].rstrip()
        return f"{kept}…"

    def lines_of(self, words: str, size: float, room: float, *, bold: bool = False) -> list[str]:
        """Break a text at spaces into lines of at most `room` mm."""
        lines, line = [], ""
        for word in words.split(" "):
            longer = f"{line} {word}" if line else word
            if line and self.width_of(longer, size, bold=bold) > room:
                lines.append(line)
                line = word
            else:
                line = longer
        return [self.fitted(each, size, room, bold=bold) for each in (*lines, line) if each]

    # ------------------------------------------------------------------------------------------------- paths

    def path(
        self,
        lines: Iterable[np.ndarray],
        *,
        closed: bool = False,
        fill: str | None = None,
        stroke: str | None = None,
        width: float = 0.2,
        dash: Sequence[float] = (),
        round_cap: bool = False,
    ) -> None:
        """Draw lines, each of shape (n, 2) in mm, as one path; holes of an area are lines of the same path."""
        drawn = [self._corners(line, closed) for line in lines if len(line) > 1]
        if not drawn or not (fill or stroke):
            return
        how = ("b*" if closed else "B*") if fill and stroke else "f*" if fill else "s" if closed else "S"
        set_up = []
        if fill:
            set_up.append(f"{_rgb(fill)} rg")
        if stroke:
            dashes = " ".join(f"{length * self.k:.2f}" for length in dash)
            set_up.append(f"{_rgb(stroke)} RG {width * self.k:.3f} w {int(round_cap)} J 1 j [{dashes}] 0 d")
        self._put("\n".join(["q", *set_up, *drawn, how, "Q"]))

    def _corners(self, line: np.ndarray, closed: bool) -> str:
        at = np.column_stack([line[:, 0] * self.k, (self.h - line[:, 1]) * self.k]).round(2)
        if closed and len(line) > 2 and (at[0] == at[-1]).all():
            at = at[:-1]
        (x, y), *rest = at.tolist()
        steps = "\n".join([f"{x:g} {y:g} m", *(f"{a:.2f} {b:.2f} l" for a, b in rest)])
        return f"{steps}\nh" if closed else steps

    def shape(self, geometry: shapely.Geometry, **look: object) -> None:
        """Draw a line or an area given in mm on the page, with the options of `path`."""
        for part in shapely.get_parts(geometry):
            if part.geom_type == "Polygon":
                rings = [part.exterior, *part.interiors]
                self.path([shapely.get_coordinates(ring) for ring in rings], closed=True, **look)
            elif part.geom_type in ("LineString", "LinearRing"):
                self.path([shapely.get_coordinates(part)], **look)
            elif part.geom_type == "GeometryCollection" or part.geom_type.startswith("Multi"):
                self.shape(part, **look)

    def box(self, x: float, y: float, wide: float, high: float, **look: object) -> None:
        """Draw an upright rectangle, with the options of `path`."""
        corners = np.array([[x, y], [x + wide, y], [x + wide, y + high], [x, y + high]])
        self.path([corners], closed=True, **look)

    def disc(self, x: float, y: float, radius: float, **look: object) -> None:
        """Draw a circle, as a polygon of 48 corners, which is round enough at these sizes."""
        turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
        self.path([np.column_stack([x + radius * np.cos(turn), y + radius * np.sin(turn)])], closed=True, **look)

    def icon(self, name: str, x: float, y: float, size: float, colour: str) -> None:
        """Draw an icon of the screen, `size` mm wide, with its centre at `x`, `y`."""
        k = size / 24 * self.k
        steps = [f"q {k:.4f} 0 0 {-k:.4f} {x * self.k - 12 * k:.2f} {(self.h - y) * self.k + 12 * k:.2f} cm"]
        steps.append(f"{_rgb(colour)} RG 2.4 w 1 J 1 j [] 0 d")
        self._put("\n".join([*steps, _strokes(name), "S", "Q"]))

    def _put(self, operators: str) -> None:
        self._out(operators)


@cache
def _strokes(name: str) -> str:
    """Return the strokes of an icon as PDF operators, in its own 24 units."""
    pen = RecordingPen()
    for path in ElementTree.parse(_VENDOR / "icons" / f"{name}.svg").iter():  # noqa: S314 - a file of our own set-up
        drawn = path.get("d", "")
        if path.tag.endswith("path") and drawn and not drawn.startswith("M0 0h24v24"):
            parse_path(drawn, pen)
    said, at = [], (0.0, 0.0)
    for act, points in pen.value:
        if act == "qCurveTo":
            (a, b), (c, d) = points
            points = [((at[0] + 2 * a) / 3, (at[1] + 2 * b) / 3), ((c + 2 * a) / 3, (d + 2 * b) / 3), (c, d)]
            act = "curveTo"
        sign = {"moveTo": "m", "lineTo": "l", "curveTo": "c", "closePath": "h"}.get(act)
        if sign:
            said.append(" ".join([*(f"{number:.3f}" for point in points for number in point), sign]))
        if points:
            at = points[-1]
    return "\n".join(said)


@cache
def _rgb(colour: str) -> str:
    """Return a colour, "#0f5f73", as the three numbers of a PDF operator."""
    return " ".join(f"{int(colour[k : k + 2], 16) / 255:.3f}" for k in (1, 3, 5))
