"""Label placement: important names first, none over another or over a symbol, all inside the frame.

A greedy, deterministic algorithm: each name tries its positions in a fixed order and takes the first free one, off all
lines if possible. A name that must appear (`must`) falls back to its `short` form, then to the least crowded position.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

CELL = 12.0
"""Cell size in mm of the grid index for collisions."""

Box = tuple[float, float, float, float]
Measure = Callable[[str, float, bool], float]


@dataclass(frozen=True)
class Name:
    """A label to place: its point in mm on the page, and its style (`size` in points).

    `gap` is the distance from the point in mm; 0 centres the label on it. `spots` are alternative points of the same
    object, along a line or inside an area. Higher `rank` goes first. `dot`: the radius of a mark at the point in mm.
    """

    text: str
    x: float
    y: float
    size: float
    rank: float
    bold: bool = False
    colour: str = "#15202a"
    gap: float = 0.0
    short: str = ""
    must: bool = False
    dot: float = 0.0
    spots: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class PlacedLabel:
    """A placed label: its text, and the left end of its baseline in mm on the page."""

    name: Name
    words: str
    left: float
    baseline: float


Tried = tuple[tuple[float, float], PlacedLabel, Box]
"""A candidate position: the overlap with obstacles (hard, soft), the label there, and its box."""


class LabelBoard:
    """The occupied boxes on the map of one sheet. `frame` is x, y, width, height in mm.

    Labels and symbols are `hard`: no other label may touch them. Lines are soft: labels avoid them where possible.
    """

    def __init__(self, frame: Box) -> None:
        self.frame = frame
        self._hard: defaultdict[tuple[int, int], list[Box]] = defaultdict(list)
        self._soft: defaultdict[tuple[int, int], list[Box]] = defaultdict(list)

    def take(self, box: Box, *, hard: bool = True) -> None:
        """Mark a box as occupied."""
        for cell in _cells(box):
            (self._hard if hard else self._soft)[cell].append(box)

    def crowd(self, box: Box) -> tuple[float, float]:
        """Return the areas in mm² of hard and soft obstacles within a box; infinite where it leaves the frame."""
        x, y, width, height = box
        left, top, wide, high = self.frame
        if x < left or y < top or x + width > left + wide or y + height > top + high:
            return float("inf"), float("inf")
        return self._held(self._hard, box), self._held(self._soft, box)

    @staticmethod
    def _held(by: Mapping[tuple[int, int], list[Box]], box: Box) -> float:
        return sum(_overlap(box, each) for each in {each for cell in _cells(box) for each in by.get(cell, ())})


def place(names: Iterable[Name], board: LabelBoard, measure: Measure) -> list[PlacedLabel]:
    """Return the labels that find room, placed; `measure(words, size, bold)` returns a width in mm."""
    labels = []
    for name in sorted(names, key=lambda each: (-each.rank, each.text, each.x, each.y)):
        placed = _placed(name, board, measure)
        if placed is not None:
            labels.append(placed)
    return labels


def _placed(name: Name, board: LabelBoard, measure: Measure) -> PlacedLabel | None:
    mark = (name.x - name.dot, name.y - name.dot, 2 * name.dot, 2 * name.dot)
    if name.dot and board.crowd(mark)[0]:
        return None
    crowd, at, box = min(_tried(name, name.text, board, measure), key=_crowd)
    if crowd[0] and name.short:
        crowd, at, box = min([(crowd, at, box), *_tried(name, name.short, board, measure)], key=_crowd)
    if crowd[0] and not (name.must and math.isfinite(crowd[0])):
        return None
    board.take(box)
    if name.dot:
        board.take(mark)
    return at


def _crowd(tried: Tried) -> tuple[float, float]:
    return tried[0]


def _tried(name: Name, words: str, board: LabelBoard, measure: Measure) -> list[Tried]:
    """Return the candidate positions of a text; stops at the first that is free of obstacles."""
    wide, high = measure(words, name.size, name.bold), name.size * 0.3528
    found = []
    for x, y in ((name.x, name.y), *name.spots):
        for dx, dy in _places(name.gap, wide, high):
            box = (x + dx - 0.5, y + dy - 0.35, wide + 1.0, high + 0.7)
            found.append((board.crowd(box), PlacedLabel(name, words, x + dx, y + dy + high * 0.8), box))
            if not any(found[-1][0]):
                return found
    return found


def _places(gap: float, wide: float, high: float) -> Iterable[tuple[float, float]]:
    """Return offsets of a label's upper left corner from its point, best first."""
    middle = (-wide / 2, -high / 2)
    if not gap:
        return (
            middle,
            (-wide / 2, -high * 1.6),
            (-wide / 2, high * 0.6),
            (-wide / 2, -high * 2.8),
            (-wide / 2, high * 1.8),
        )
    slant = gap * 0.72
    return (
        (gap, -high / 2),
        (-gap - wide, -high / 2),
        (-wide / 2, gap),
        (-wide / 2, -gap - high),
        (slant, -slant - high),
        (slant, slant),
        (-slant - wide, -slant - high),
        (-slant - wide, slant),
    )


def _cells(box: Box) -> Iterable[tuple[int, int]]:
    x, y, width, height = box
    for column in range(int(x // CELL), int((x + width) // CELL) + 1):
        for row in range(int(y // CELL), int((y + height) // CELL) + 1):
            yield column, row


def _overlap(one: Box, other: Box) -> float:
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0.0
