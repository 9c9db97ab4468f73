"""Maps as SVG, for papers: of a plan, with the symbols and labels of a map sheet, or of countries that stand out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import shapely
import uharfbuzz as hb
from fontTools.pens.svgPathPen import SVGPathPen
from shapely.geometry import shape

from dashboard.papers import ground
from dashboard.papers import sheet as sheets
from dashboard.papers.canvas import FACES, MM_PER_PT, Anchor, Direction, Ink
from dashboard.papers.frame import PageFrame
from dashboard.papers.layer_clipping import layer
from dashboard.papers.projection import fitting
from dashboard.papers.sheet import MapSheet, SheetContent
from dashboard.papers.sheet_order import Order
from dashboard.wording import in_language, right_to_left
from operations.programme.area import REGIONS

_ICONS = Path(__file__).parent.parent / "assets" / "vendor" / "icons"
_TAKING_PART = "#b7d8dc"
_AIR = 9.0
"""Millimetres between the objects and the edge of the map, for symbols and labels."""


class SvgInk(Ink):
    """A canvas that keeps what is drawn as elements of SVG, in millimetres."""

    def __init__(self, *, rtl: bool) -> None:
        super().__init__(rtl=rtl)
        self.drawn: list[str] = []
        self._fill_opacity = 1.0

    @contextmanager
    def local_context(self, fill_opacity: float = 1.0, **_look: object) -> Iterator[None]:
        """Fill what is drawn inside with this opacity."""
        self._fill_opacity = fill_opacity
        yield
        self._fill_opacity = 1.0

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
        """Add lines as one path."""
        drawn = [
            "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in line.tolist()) + ("Z" if closed else "")
            for line in lines
            if len(line) > 1
        ]
        if not drawn or not (fill or stroke):
            return
        look = f'fill="{fill or "none"}" fill-rule="evenodd"'
        if fill and self._fill_opacity < 1:
            look += f' fill-opacity="{self._fill_opacity}"'
        if stroke:
            look += f' stroke="{stroke}" stroke-width="{width}" stroke-linejoin="round"'
            look += f' stroke-dasharray="{" ".join(map(str, dash))}"' if dash else ""
            look += ' stroke-linecap="round"' if round_cap else ""
        self.drawn.append(f'<path d="{"".join(drawn)}" {look}/>')

    def icon(self, name: str, x: float, y: float, size: float, colour: str) -> None:
        """Add the strokes of an icon of the screen."""
        strokes = [
            f'<path d="{path.get("d", "")}"/>'
            for path in ElementTree.parse(_ICONS / f"{name}.svg").iter()  # noqa: S314 - a file of our own set-up
            if path.tag.endswith("path") and path.get("stroke") != "none"
        ]
        place = f"translate({x - size / 2:.2f} {y - size / 2:.2f}) scale({size / 24:.4f})"
        look = f'fill="none" stroke="{colour}" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"'
        self.drawn.append(f'<g transform="{place}" {look}>{"".join(strokes)}</g>')

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
        """Add a line of text as its outlines: in a drawing of PDF/UA, text of SVG loses its letters in Arabic.

        The words of a map are told with its paper.
        """
        buffer = hb.Buffer()
        buffer.add_str(words)
        buffer.guess_segment_properties()
        if direction:
            buffer.direction = direction
        font = _font(bold)
        hb.shape(font, buffer)
        pen, at, parts = size * MM_PER_PT / font.face.upem, 0.0, []
        for glyph, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            if outline := _outline(bold, glyph.codepoint):
                parts.append(f'<path d="{outline}" transform="translate({at + place.x_offset} {place.y_offset})"/>')
            at += place.x_advance
        left = x - {"left": 0.0, "centre": 0.5, "right": 1.0}[anchor] * at * pen
        drawn, placed = "".join(parts), f'transform="translate({left:.2f} {y:.2f}) scale({pen:.6f} {-pen:.6f})"'
        if halo:
            edge = f'stroke="{halo}" stroke-width="{0.55 / pen:.0f}" stroke-linejoin="round"'
            self.drawn.append(f'<g {placed} fill="{halo}" {edge}>{drawn}</g>')
        self.drawn.append(f'<g {placed} fill="{colour}">{drawn}</g>')


@cache
def _font(bold: bool) -> hb.Font:
    return hb.Font(hb.Face(hb.Blob.from_file_path(FACES["B" if bold else ""])))


@cache
def _outline(bold: bool, glyph: int) -> str:
    pen = SVGPathPen(None)
    _font(bold).draw_glyph_with_pen(glyph, pen)
    return str(pen.getCommands())


def svg(order: Order, width: float, height: float) -> str:
    """Return the plan as SVG of this size in mm; "" where it has no object, or spans too much of the Earth."""
    if not order.things:
        return ""
    order = replace(order, things=tuple(sheets.in_order(order.things)))
    shapes = np.array([shape(thing.geometry) for thing in order.things], dtype=object)

    def content(ink: Ink, sheet: MapSheet) -> SheetContent:
        return sheets.draw_content(ink, order, sheet, layer(shapes))

    return _drawn(content, order.language, shapely.get_coordinates(shapes), width, height)


def country_maps(
    countries: Iterable[str], language: str, width: float, height: float
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return a map on which countries (iso3) stand out, as SVG of this size in mm, with those countries.

    Its key is "". Where they span too much of the Earth there is one of each region (CL-REGION) instead; what is on no
    map of the world is on none here.
    """
    everywhere = tuple(sorted(countries))
    if whole := _country_map(everywhere, language, width, height):
        return {"": (whole, everywhere)}
    parts = {region: tuple(each for each in everywhere if each in codes) for region, codes in REGIONS.items()}
    drawn = {region: (_country_map(part, language, width, height), part) for region, part in parts.items()}
    return {region: (map_, part) for region, (map_, part) in drawn.items() if map_}


def _country_map(countries: tuple[str, ...], language: str, width: float, height: float) -> str:
    corners = ground.mainland(countries)
    if not corners.size:
        return ""

    def content(ink: Ink, sheet: MapSheet) -> SheetContent:
        below = ground.draw(ink, sheet.plane, sheet.frame.centre, countries, language, _TAKING_PART)
        return SheetContent(below, np.empty(0, dtype=int), (), (), np.empty(0, dtype=object))

    return _drawn(content, language, corners, width, height)


def _drawn(
    content: Callable[[Ink, MapSheet], SheetContent], language: str, corners: np.ndarray, width: float, height: float
) -> str:
    plane = fitting(corners, width - 2 * _AIR, height - 2 * _AIR)
    if plane is None:
        return ""
    box = (0.0, 0.0, width, height)
    sheet = MapSheet("", replace(plane, width=width, height=height), PageFrame(width, height, box, box, box))
    with in_language(language), closing(SvgInk(rtl=right_to_left(language))) as ink:
        sheets.draw_names(ink, sheet, content(ink, sheet), numbered=False)
        drawn = "".join(ink.drawn)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{drawn}</svg>'
