"""Content of a paper: a title under a marking, and blocks of text, facts, tables, key figures and drawings.

`papers/typesetter.py` makes a PDF of it by the templates in `papers/templates`; each block is drawn by the function of
its kind in `blocks.typ`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from dashboard.wording import language

Bar = tuple[float, float]
"""The shares (0 to 1) of a row's bar: solid for what reached the level, open for what did not yet."""


@dataclass(frozen=True)
class Heading:
    """A heading of the first or the second level."""

    kind: ClassVar = "heading"
    text: str
    level: int = 1


@dataclass(frozen=True)
class Facts:
    """Pairs of name and value."""

    kind: ClassVar = "facts"
    pairs: Sequence[tuple[str, str]]
    strong: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `style` is "", "quiet", "strong" or "warning"."""

    kind: ClassVar = "paragraph"
    text: str
    style: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list of short texts."""

    kind: ClassVar = "items"
    texts: Sequence[str]


@dataclass(frozen=True)
class PaperTable:
    """Rows under heads; `shares` are the widths of the columns, `numbers` the columns that stand at the end."""

    kind: ClassVar = "table"
    heads: Sequence[str]
    rows: Sequence[Sequence[str | Bar]]
    shares: Sequence[float]
    numbers: Sequence[int] = ()


@dataclass(frozen=True)
class KeyFigure:
    """A key figure with everything that must accompany its number."""

    name: str
    number: str
    unit: str
    level: str
    as_of: str
    notes: Sequence[str] = ()
    warnings: Sequence[str] = ()


@dataclass(frozen=True)
class Tiles:
    """Key figures beside each other."""

    kind: ClassVar = "tiles"
    figures: Sequence[KeyFigure]
    across: int = 3


@dataclass(frozen=True)
class Drawing:
    """A drawing in SVG, in words for those who do not see it; `width` in mm, 0 for that of the page."""

    kind: ClassVar = "drawing"
    svg: str
    alt: str
    caption: str = ""
    width: float = 0


@dataclass(frozen=True)
class Signatures:
    """Lines for signatures, each with the name of its signatory."""

    kind: ClassVar = "signatures"
    names: Sequence[str]


@dataclass(frozen=True)
class Bilingual:
    """The same words in two languages side by side: the blocks of each, by the code of its language."""

    kind: ClassVar = "sides"
    texts: Mapping[str, Sequence["Block"]]


Block = Heading | Facts | Paragraph | Bullets | PaperTable | Tiles | Drawing | Signatures | Bilingual


@dataclass(frozen=True)
class Paper:
    """The texts of a paper in its language. `marking` stands at the top and the foot of every page; "" for the public.

    `number` stands beside the title, `foot` in the foot of every page. `also` is the title in further languages, by
    their codes.
    """

    title: str
    subject: str
    marking: str
    blocks: Sequence[Block]
    number: str = ""
    foot: str = ""
    language: str = field(default_factory=language)
    also: Mapping[str, str] = field(default_factory=dict)
