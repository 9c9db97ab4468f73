"""PDF of a record (`papers/record_content.py`): A4 pages with its sections, and lines for signatures where it asks.

The marking is at the top and foot of each page. A record names offices and objects; the only person it may name is an
officer, on their own certificate.
"""

import numpy as np
import segno

from dashboard.papers.canvas import Ink
from dashboard.papers.record_content import Record
from dashboard.wording import in_language, right_to_left

WIDTH, HEIGHT, EDGE = 210.0, 297.0, 22.0
TOP, BOTTOM, NAMES = 24.0, HEIGHT - 24.0, 52.0
CODE = 44.0
"""The side of a QR code in mm: a telephone reads it at arm's length."""
INK, INK_2, ACCENT = "#15202a", "#43515d", "#0f5f73"


def pdf(record: Record) -> bytes:
    """Return the record as a PDF."""
    with in_language(record.language):
        ink = Ink(rtl=right_to_left(record.language))
        try:
            _Drawing(ink, record).draw()
            return bytes(ink.output())
        finally:
            ink.close()


class _Drawing:
    def __init__(self, ink: Ink, record: Record) -> None:
        self.ink, self.record, self.y = ink, record, BOTTOM
        self.near, self.first = (WIDTH - EDGE, "right") if ink.rtl else (EDGE, "left")
        self.room = WIDTH - 2 * EDGE
        self.sign = -1 if ink.rtl else 1

    def draw(self) -> None:
        ink, record = self.ink, self.record
        ink.set_title(f"{record.title}: {record.subject}")
        self._page()
        self._words(record.title, 19, INK, 8.5, bold=True)
        self._words(record.subject, 12, ACCENT, 6.5)
        ink.path([np.array([[EDGE, self.y - 2], [WIDTH - EDGE, self.y - 2]])], stroke=ACCENT, width=0.5)
        self.y += 6
        for section in record.sections:
            pairs = [pair for pair in section.pairs if pair[1]]
            if pairs:
                self._need(16)
                self._words(section.heading, 12, INK, 7, bold=True)
                for name, said in pairs:
                    self._pair(name, said)
                self.y += 3
        for line in ink.lines_of(record.closing, 10.5, self.room) if record.closing else []:
            self._words(line, 10.5, INK, 5.6)
        self._signatures()
        if record.scanned:
            self._code(record.scanned)
        self._words(record.issued, 8.5, INK_2, 6)

    def _page(self) -> None:
        self.ink.add_page(orientation="portrait", format=(WIDTH, HEIGHT))
        for y in (12.0, HEIGHT - 9.0):
            self.ink.words(WIDTH / 2, y, self.record.marking, 9, INK_2, bold=True, anchor="centre")
        self.y = TOP + 4

    def _need(self, room: float) -> None:
        if self.y + room > BOTTOM:
            self._page()

    def _words(self, words: str, size: float, colour: str, step: float, *, bold: bool = False) -> None:
        self._need(step)
        fitted = self.ink.fitted(words, size, self.room, bold=bold)
        self.ink.words(self.near, self.y, fitted, size, colour, bold=bold, anchor=self.first)
        self.y += step

    def _pair(self, name: str, said: str) -> None:
        room = self.room - NAMES
        names = self.ink.lines_of(name, 9.5, NAMES - 4)
        lines = [line for part in said.split("\n") for line in self.ink.lines_of(part, 10, room)]
        for at in range(max(len(names), len(lines))):
            self._need(5.2)
            if at < len(names):
                self.ink.words(self.near, self.y, names[at], 9.5, INK_2, anchor=self.first)
            if at < len(lines):
                self.ink.words(self.near + self.sign * NAMES, self.y, lines[at], 10, INK, anchor=self.first)
            self.y += 5.2
        self.y += 1.4

    def _code(self, said: str) -> None:
        """Draw a QR code of level M, with the quiet zone of four modules that the standard requires."""
        matrix = segno.make_qr(said, error="m").matrix
        size = CODE / (len(matrix) + 8)
        self._need(CODE + 4)
        left = self.near - CODE if self.ink.rtl else self.near
        dark = [
            np.array([[x, y], [x + size, y], [x + size, y + size], [x, y + size]])
            for row, line in enumerate(matrix)
            for column, bit in enumerate(line)
            if bit
            for x, y in [(left + (column + 4) * size, self.y + (row + 4) * size)]
        ]
        self.ink.box(left, self.y, CODE, CODE, fill="#ffffff")
        self.ink.path(dark, closed=True, fill="#000000")
        self.y += CODE + 4

    def _signatures(self) -> None:
        """Draw lines for signatures, two side by side."""
        for at in range(0, len(self.record.signed), 2):
            self._need(34)
            self.y += 24
            for side, words in enumerate(self.record.signed[at : at + 2]):
                start = self.near + self.sign * side * 0.54 * self.room
                ends = sorted((start, start + self.sign * 0.44 * self.room))
                self.ink.path([np.array([[ends[0], self.y], [ends[1], self.y]])], stroke=INK_2, width=0.2)
                self.ink.words(start, self.y + 5, words, 8.5, INK_2, anchor=self.first)
            self.y += 12
