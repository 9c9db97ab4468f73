"""Provenance of a layer: required for every import, and printed on every map that shows the layer."""

from dataclasses import dataclass, fields
from datetime import date

from geodata.intake.table import RefusedFile

MOST = 300
"""Characters of each part: more does not fit under a map."""

_MISSING = {
    "source": "Say where the layer comes from: it is printed on every map.",
    "licence": "Say the licence of the layer: it is printed on every map.",
    "period": "Say which period the layer covers: it is printed on every map.",
    "accuracy": "Say how accurate the positions of the layer are: it is printed on every map.",
}


@dataclass(frozen=True, slots=True)
class Provenance:
    """Source, licence, period and accuracy of a layer in words, and the day it was fetched. Nothing may be empty.

    >>> iom = Provenance(
    ...     "IOM Missing Migrants Project", "CC BY 4.0", "2014 to 2021", "place as reported", date(2026, 9, 1)
    ... )
    >>> str(iom)
    'IOM Missing Migrants Project. CC BY 4.0. Period: 2014 to 2021. Accuracy: place as reported. Retrieved 2026-09-01.'
    """

    source: str
    licence: str
    period: str
    accuracy: str
    retrieved: date

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, str) and not value.strip():
                raise RefusedFile(_MISSING[each.name])
            if isinstance(value, str) and len(value) > MOST:
                raise RefusedFile("Say it in at most {most} characters: {text}", most=MOST, text=value[:60])

    def __str__(self) -> str:
        return (
            f"{self.source}. {self.licence}. Period: {self.period}. Accuracy: {self.accuracy}. "
            f"Retrieved {self.retrieved.isoformat()}."
        )
