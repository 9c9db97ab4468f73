"""Arithmetic checks of published figures (domain 2.9): pure functions that correct nothing and report everything.

They compare parts with their whole, sources with each other, and periods with the text. A part that is "about" a number
makes its sum "about" as well; "more than" is a lower bound.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.lines.line import EXACT
from operations.results.past_operations.publications import (
    PastOperation,
    PublishedFigure,
    PublishedPeriod,
    PublishedSource,
)


class ArithmeticVerdict(StrEnum):
    """The outcome of a check. Only parts larger than their whole, or complete parts that miss it, are wrong."""

    ADDS_UP = "adds_up"
    NOT_BROKEN_DOWN = "not_broken_down"
    EXCEEDS = "exceeds"
    MISSES = "misses"
    SOURCES_DIFFER = "sources_differ"
    SUM_DECIDES = "sum_decides"
    DATES_DIFFER = "dates_differ"
    DAYS_DIFFER = "days_differ"

    @property
    def wrong(self) -> bool:
        """Whether one of the numbers cannot be right."""
        return self in (ArithmeticVerdict.EXCEEDS, ArithmeticVerdict.MISSES)


@dataclass(frozen=True)
class ArithmeticFinding:
    """One finding about a figure (None: the period), in words; `amount` is the rest or the difference.

    `source`: the source of a part that differs from the leading one, where the sum was made with it.
    """

    verdict: ArithmeticVerdict
    said: Flaw
    about: PublishedFigure | None = None
    by: str = ""
    amount: int | float = 0
    qualifier: str = EXACT
    source: PublishedSource | None = None


@dataclass(frozen=True)
class QualifiedAmount:
    """A number with its qualifier. Addition and subtraction keep what can still be said of the result."""

    value: int | float
    qualifier: str = EXACT

    def __add__(self, other: "QualifiedAmount") -> "QualifiedAmount":
        return QualifiedAmount(self.value + other.value, _joined(self.qualifier, other.qualifier))

    def __sub__(self, other: "QualifiedAmount") -> "QualifiedAmount":
        return QualifiedAmount(self.value - other.value, _joined(self.qualifier, _TURNED[other.qualifier]))


_TURNED = {"=": "=", "~": "~", ">": "<", "≥": "<", "<": ">"}
_LEAST = (">", "≥")


def _joined(one: str, other: str) -> str:
    """Return the qualifier of a sum: exact where both are; "about" where one is, or where the two point apart."""
    if one == other or other == EXACT:
        return one
    if one == EXACT:
        return other
    return ">" if {one, other} == set(_LEAST) else "~"


def amount(figure: PublishedFigure) -> QualifiedAmount:
    """Return a figure's number with its qualifier."""
    return QualifiedAmount(figure.value, figure.qualifier)


def total(parts: Iterable[PublishedFigure]) -> QualifiedAmount:
    """Return the sum of parts."""
    return sum((amount(part) for part in parts), QualifiedAmount(0))


def judged(
    whole: PublishedFigure, parts: Sequence[PublishedFigure], complete: bool
) -> tuple[ArithmeticVerdict, QualifiedAmount]:
    """Return the verdict on parts and their whole, and the rest (negative: the parts exceed it by so much)."""
    made = total(parts)
    rest = amount(whole) - made
    if rest.value < 0:
        open_above = whole.qualifier in _LEAST
        return (ArithmeticVerdict.NOT_BROKEN_DOWN if open_above else ArithmeticVerdict.EXCEEDS), rest
    if rest.value == 0 and (complete or rest.qualifier == EXACT):
        return ArithmeticVerdict.ADDS_UP, rest
    if complete and rest.qualifier == EXACT:
        return ArithmeticVerdict.MISSES, rest
    return ArithmeticVerdict.NOT_BROKEN_DOWN, rest


_ONE_OF = N_("{parts} of {whole}; the other {rest} are not broken down.")
_SAID = {
    ArithmeticVerdict.ADDS_UP: N_("{parts} = {whole}: it adds up."),
    ArithmeticVerdict.NOT_BROKEN_DOWN: N_("{parts} = {sum} of {whole}: {rest} not broken down."),
    ArithmeticVerdict.EXCEEDS: N_("{parts} = {sum}, and the whole is {whole}: the parts are {rest} too many."),
    ArithmeticVerdict.MISSES: N_(
        "{parts} = {sum}, and the whole is {whole}: {rest} are missing, though the parts are complete."
    ),
}


def _sum_finding(
    whole: PublishedFigure, leading: Sequence[PublishedFigure], parts: Sequence[PublishedFigure], by: str
) -> ArithmeticFinding:
    other = next((part.source for part, lead in zip(parts, leading, strict=True) if part is not lead), None)
    verdict, rest = judged(whole, parts, by in whole.complete)
    said = _ONE_OF if len(parts) == 1 and verdict is ArithmeticVerdict.NOT_BROKEN_DOWN else _SAID[verdict]
    params = {
        "parts": tuple(amount(part) for part in parts),
        "sum": total(parts),
        "whole": amount(whole),
        "rest": QualifiedAmount(abs(rest.value), rest.qualifier),
    }
    return ArithmeticFinding(verdict, Flaw("", said, params), whole, by, abs(rest.value), rest.qualifier, other)


def breakdowns(operation: PastOperation) -> list[tuple[PublishedFigure, str, list[PublishedFigure]]]:
    """Return every whole with each of its breakdowns and their leading parts."""
    parts_of: dict[tuple[str, str], list[PublishedFigure]] = {}
    for figure in operation.leading:
        if figure.by is not None:
            parts_of.setdefault((figure.part_of, figure.by), []).append(figure)
    wholes = {figure.id: figure for figure in operation.leading if figure.id}
    return [(wholes[whole], by, parts) for (whole, by), parts in parts_of.items()]


def of_parts(operation: PastOperation) -> list[ArithmeticFinding]:
    """Return the findings on each breakdown, once more with each source that gives a part another value."""
    return [
        _sum_finding(whole, parts, chosen, by)
        for whole, by, parts in breakdowns(operation)
        for chosen in product(*(operation.rows(part) for part in parts))
    ]


_DIFFERS = N_("{source} says {value}, {first} says {lead}: a difference of {difference}. {first} leads.")
_DECIDES = N_(
    "With the number of {source} the parts make {sum}, with that of {first} {lead}: the sum speaks for {first}."
)


def of_sources(operation: PastOperation) -> list[ArithmeticFinding]:
    """Return sources that differ, the primary first, and which source complete parts decide for."""
    differences = []
    complete = {
        id(part): (whole, parts) for whole, by, parts in breakdowns(operation) if by in whole.complete for part in parts
    }
    for lead in operation.leading:
        for other in operation.rows(lead)[1:]:
            if amount(other) == amount(lead):
                continue
            difference = abs(other.value - lead.value)
            params = {
                "source": other.source.title,
                "value": amount(other),
                "first": lead.source.title,
                "lead": amount(lead),
                "difference": QualifiedAmount(difference),
            }
            differences.append(
                ArithmeticFinding(
                    ArithmeticVerdict.SOURCES_DIFFER, Flaw("", _DIFFERS, params), other, amount=difference
                )
            )
            if id(lead) in complete:
                differences += _decided(lead, other, *complete[id(lead)])
    return differences


def _decided(
    lead: PublishedFigure, other: PublishedFigure, whole: PublishedFigure, parts: Sequence[PublishedFigure]
) -> list[ArithmeticFinding]:
    with_other = [other if part is lead else part for part in parts]
    fits = [judged(whole, chosen, True)[0] is ArithmeticVerdict.ADDS_UP for chosen in (parts, with_other)]
    if fits[0] == fits[1]:
        return []
    right, wrong = (lead, other) if fits[0] else (other, lead)
    sums = (total(with_other), total(parts)) if fits[0] else (total(parts), total(with_other))
    params = {"source": wrong.source.title, "sum": sums[0], "first": right.source.title, "lead": sums[1]}
    return [ArithmeticFinding(ArithmeticVerdict.SUM_DECIDES, Flaw("", _DECIDES, params), right)]


_DATES = N_("{source} gives other dates: {dates}.")
_DAYS = N_("The dates make {counted} days, the text says {said}.")


def of_period(operation: PastOperation) -> list[ArithmeticFinding]:
    """Return other sources' dates, and a stated number of days that does not match the dates."""
    differences = []
    for rival in operation.rivals:
        params = {"source": _source(operation, rival).title, "dates": rival}
        differences.append(ArithmeticFinding(ArithmeticVerdict.DATES_DIFFER, Flaw("", _DATES, params)))
    if operation.days is not None and operation.length not in (None, operation.days):
        params = {"counted": QualifiedAmount(operation.length or 0), "said": QualifiedAmount(operation.days)}
        off = abs(operation.days - (operation.length or 0))
        differences.append(ArithmeticFinding(ArithmeticVerdict.DAYS_DIFFER, Flaw("", _DAYS, params), amount=off))
    return differences


def _source(operation: PastOperation, period: PublishedPeriod) -> PublishedSource:
    return next((source for source in operation.sources if source.code == period.source), operation.sources[0])


def findings(operation: PastOperation) -> list[ArithmeticFinding]:
    """Return all findings on an operation's published figures."""
    return [*of_parts(operation), *of_sources(operation), *of_period(operation)]
