"""What is known of one thing as its paper says it: sections of names and values, a marking, and lines to sign on.

`papers/record.py` prints it, `papers/document.py` makes a document of it, `papers/downloads.py` hands it over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboard.wording import language
from operations.core.vocabulary import Classification, label


@dataclass(frozen=True)
class Section:
    """A part of a record: its heading, and pairs of a name and what it says. Empty ones are left out."""

    heading: str
    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Record:
    """What stands in a record, in words of its language.

    `signed` names who signs, beside lines of their own; `scanned` is an address, drawn as a QR code.
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
        """Its classification, as it stands at the top and at the foot of each page."""
        return label("CL-CLASS", self.classification, self.language)
