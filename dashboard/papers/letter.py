"""Accreditation letter: one A4 page that says which team may work where, when, and under which number.

It names a call sign and a unit, never a person. The marking is at the top and the foot of the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.papers.canvas import Ink
from dashboard.wording import _, in_language, right_to_left

WIDTH, HEIGHT, EDGE = 210.0, 297.0, 22.0
INK, INK_2, ACCENT = "#15202a", "#43515d", "#0f5f73"


@dataclass(frozen=True)
class LetterContent:
    """The texts of a letter, in its language. `facts` are pairs of name and value."""

    marking: str
    number: str
    operation: str
    issued: str
    opening: str
    facts: Sequence[tuple[str, str]]
    tasks: str
    closing: str
    language: str = "en"


def pdf(letter: LetterContent) -> bytes:
    """Return the letter as a PDF of one page."""
    with in_language(letter.language):
        ink = Ink(rtl=right_to_left(letter.language))
        try:
            _draw(ink, letter)
            return bytes(ink.output())
        finally:
            ink.close()


def _draw(ink: Ink, letter: LetterContent) -> None:
    ink.add_page(orientation="portrait", format=(WIDTH, HEIGHT))
    ink.set_title(letter.number)
    near, far = (WIDTH - EDGE, EDGE) if ink.rtl else (EDGE, WIDTH - EDGE)
    first, last = ("right", "left") if ink.rtl else ("left", "right")
    room = WIDTH - 2 * EDGE
    for y in (12.0, HEIGHT - 9.0):
        ink.words(WIDTH / 2, y, letter.marking, 9, INK_2, bold=True, anchor="centre")
    ink.words(near, 30, _("Letter of accreditation"), 20, INK, bold=True, anchor=first)
    ink.words(near, 38, ink.fitted(letter.operation, 12, room), 12, ACCENT, anchor=first)
    ink.words(far, 30, letter.number, 11, INK, bold=True, anchor=last, direction="ltr")
    ink.path([np.array([[EDGE, 43.0], [WIDTH - EDGE, 43.0]])], stroke=ACCENT, width=0.5)
    y = _paragraph(ink, letter.opening, near, first, room, 54.0)
    y += 4
    for name, said in letter.facts:
        y = _fact(ink, name, said, near, first, room, y)
    if letter.tasks:
        y += 2
        ink.words(near, y, _("What the team does there"), 10, INK_2, bold=True, anchor=first)
        y = _paragraph(ink, letter.tasks, near, first, room, y + 6)
    y = _paragraph(ink, letter.closing, near, first, room, y + 4)
    for share, words in ((0.0, _("For the coordination of the operation")), (0.55, _("For the host country"))):
        left = EDGE + share * room if not ink.rtl else WIDTH - EDGE - share * room - 0.42 * room
        ink.path([np.array([[left, HEIGHT - 48], [left + 0.42 * room, HEIGHT - 48]])], stroke=INK_2, width=0.2)
        edge = left + 0.42 * room if ink.rtl else left
        ink.words(edge, HEIGHT - 43, words, 8.5, INK_2, anchor=first)
    ink.words(near, HEIGHT - 20, letter.issued, 8.5, INK_2, anchor=first)


def _paragraph(ink: Ink, text: str, x: float, anchor: str, room: float, y: float) -> float:
    """Draw a paragraph from `y` down, and return the y of the next one, in mm."""
    for line in (wrapped for part in text.split("\n") for wrapped in ink.lines_of(part, 10.5, room)):
        ink.words(x, y, line, 10.5, INK, anchor=anchor)
        y += 5.6
    return y


def _fact(ink: Ink, name: str, said: str, x: float, anchor: str, room: float, y: float) -> float:
    ink.words(x, y, name, 9.5, INK_2, anchor=anchor)
    start = x - 48 if ink.rtl else x + 48
    for line in ink.lines_of(said, 10.5, room - 48, bold=True) or ["—"]:
        ink.words(start, y, line, 10.5, INK, bold=True, anchor=anchor)
        y += 5.4
    return y + 2.2
