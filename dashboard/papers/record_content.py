"""Content of a record: an object's sections of names and values, its marking, and signature lines.

`papers/record.py` makes a PDF of it, `papers/document.py` a Word document, `papers/downloads.py` serves them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboard.papers.paper import Bar
from dashboard.wording import language
from operations.core.vocabulary import Classification, label


@dataclass(frozen=True)
class Section:
    """A section of a record: its heading, and pairs of name and value; those without a value are left out.

    `bars`: a bar for each pair, which make a chart of the section under `heads`: of the names, bars and values.
    """

    heading: str
    pairs: Sequence[tuple[str, str]]
    bars: Sequence[Bar] = ()
    heads: Sequence[str] = ()


@dataclass(frozen=True)
class Record:
    """The texts of a record, in its language.

    `signed` names the signatories, each with a line; `scanned` is an address, drawn as a QR code.
    """

    title: str
    subject: str
    issued: str
    sections: Sequence[Section]
    closing: str = ""
    signed: Sequence[str] = ()
    scanned: str = ""
    classification: str = Classification.FOR_OFFICIAL_USE.value
    language: str = field(default_factory=language)

    @property
    def marking(self) -> str:
        """The classification as printed at the top and foot of each page."""
        return label("CL-CLASS", self.classification, self.language)
