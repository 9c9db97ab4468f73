"""PDF of a publication pack: A4 pages with its subject, its figures, its method, and the comparison.

The workbook has the same sheets. The marking is at the top and foot of every page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.papers.canvas import Ink
from dashboard.papers.letter import ACCENT, EDGE, HEIGHT, INK, INK_2, WIDTH
from dashboard.papers.tables import Cell, TableFile
from dashboard.wording import _, in_language, number, right_to_left

ROOM = WIDTH - 2 * EDGE
_SIZE, _LEADING, _LAST = 9.5, 4.8, HEIGHT - 20
_LONG = re.compile(r"(\S{32})(?=\S)")


@dataclass(frozen=True)
class PublicationPack:
    """The sheets of a pack, with texts in its language; the first has the facts about all of them."""

    sheets: Sequence[TableFile]
    language: str = "en"


def pdf(release: PublicationPack) -> bytes:
    """Return the pack as a PDF."""
    with in_language(release.language):
        ink = Ink(rtl=right_to_left(release.language))
        try:
            _Pages(ink, release).draw()
            return bytes(ink.output())
        finally:
            ink.close()


class _Pages:
    """Pages filled from the top down."""

    def __init__(self, ink: Ink, release: PublicationPack) -> None:
        self.ink, self.sheets, self.y = ink, release.sheets, 0.0
        self.about = list(release.sheets[0].about)
        self.near, self.first = (WIDTH - EDGE, "right") if ink.rtl else (EDGE, "left")

    def draw(self) -> None:
        self.ink.set_title(f"{self.about[0][1]}: {_('Official figures')}")
        self._page()
        self._line(_("Official figures"), 20, INK, 10, bold=True)
        self._line(self.about[0][1], 13, ACCENT, 8)
        self._row([0.32, 0.68], self.about[1:])
        for sheet in self.sheets:
            self._sheet(sheet)

    def _page(self) -> None:
        self.ink.add_page(orientation="portrait", format=(WIDTH, HEIGHT))
        for y in (12.0, HEIGHT - 9.0):
            self.ink.words(WIDTH / 2, y, self.about[1][1], 9, INK_2, bold=True, anchor="centre")
        self.ink.words(
            EDGE if self.ink.rtl else WIDTH - EDGE,
            HEIGHT - 9.0,
            number(self.ink.page_no()),
            9,
            INK_2,
            anchor="left" if self.ink.rtl else "right",
        )
        self.y = 24.0

    def _line(self, words: str, size: float, colour: str, below: float, *, bold: bool = False) -> None:
        self.ink.words(
            self.near, self.y, self.ink.fitted(words, size, ROOM, bold=bold), size, colour, bold=bold, anchor=self.first
        )
        self.y += below

    def _sheet(self, sheet: TableFile) -> None:
        if self.y > _LAST - 30:
            self._page()
        self.y += 6
        self._line(sheet.name, 13, INK, 3, bold=True)
        self.ink.path([np.array([[EDGE, self.y], [WIDTH - EDGE, self.y]])], stroke=ACCENT, width=0.4)
        self.y += 5.5
        beyond = [each for each in sheet.about if each not in self.about]
        if beyond:
            self._row([0.32, 0.68], beyond)
            self.y += 1
        many = len(sheet.columns)
        parts = [0.3, 0.7] if many == 2 else [1.0] if many == 1 else [0.4, *([0.6 / (many - 1)] * (many - 1))]
        self._row(parts, [sheet.columns], bold=True)
        self._row(parts, sheet.rows)

    def _row(self, parts: Sequence[float], rows: Sequence[Sequence[Cell]], *, bold: bool = False) -> None:
        """Draw rows of cells, with text wrapped within the cell's share of the page width."""
        for row in rows:
            cells = [
                self.ink.lines_of(_breakable(str("" if cell is None else cell)), _SIZE, part * ROOM - 3, bold=bold)
                for cell, part in zip(row, parts, strict=True)
            ]
            lines = max((len(each) for each in cells), default=1) or 1
            for line in range(lines):
                if self.y > _LAST:
                    self._page()
                at = 0.0
                for place, (cell, part) in enumerate(zip(cells, parts, strict=True)):
                    x = self.near - at * ROOM if self.ink.rtl else self.near + at * ROOM
                    if line < len(cell):
                        self.ink.words(
                            x, self.y, cell[line], _SIZE, INK if place else INK_2, bold=bold, anchor=self.first
                        )
                    at += part
                self.y += _LEADING
            self.y += 0.8


def _breakable(words: str) -> str:
    """Add spaces to words longer than a line, so that a fingerprint is printed in full."""
    return _LONG.sub(r"\1 ", words.replace("\n", " "))
