"""What arithmetic says of published figures (domain 2.9): pure functions, nothing is corrected, everything is said.

Parts and their whole, sources that differ, periods that do not fit what the text says. A part that is "about" so much
makes its sum "about" as well; "more than" is the least that it can be.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.lines.line import EXACTLY
from operations.results.past_operations.published import (
    PastOperation,
    PublishedFigure,
    PublishedPeriod,
    PublishedSource,
)


class ArithmeticVerdict(StrEnum):
    """What was found. Only parts larger than their whole, or complete parts that miss it, are wrong."""

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
    """One thing found, about a figure (None: the period), in words; `amount` is the rest or the difference.

    `source` gives a part otherwise than the leading one does, where that is what was added up.
    """

    verdict: ArithmeticVerdict
    said: Flaw
    about: PublishedFigure | None = None
    by: str = ""
    amount: int | float = 0
    qualifier: str = EXACTLY
    source: PublishedSource | None = None


@dataclass(frozen=True)
class QualifiedAmount:
    """A number with what is said of it. What is added or taken away keeps what can be said of the outcome."""

    value: int | float
    qualifier: str = EXACTLY

    def __add__(self, other: "QualifiedAmount") -> "QualifiedAmount":
        return QualifiedAmount(self.value + other.value, _joined(self.qualifier, other.qualifier))

    def __sub__(self, other: "QualifiedAmount") -> "QualifiedAmount":
        return QualifiedAmount(self.value - other.value, _joined(self.qualifier, _TURNED[other.qualifier]))


_TURNED = {"=": "=", "~": "~", ">": "<", "≥": "<", "<": ">"}
_LEAST = (">", "≥")


def _joined(one: str, other: str) -> str:
    """Of a sum: exact where both are, "about" where one is or where both pull apart."""
    if one == other or other == EXACTLY:
        return one
    if one == EXACTLY:
        return other
    return ">" if {one, other} == set(_LEAST) else "~"


def amount(figure: PublishedFigure) -> QualifiedAmount:
    """A figure's number as arithmetic takes it."""
    return QualifiedAmount(figure.value, figure.qualifier)


def total(parts: Iterable[PublishedFigure]) -> QualifiedAmount:
    """The sum of parts."""
    return sum((amount(each) for each in parts), QualifiedAmount(0))


def judged(
    whole: PublishedFigure, parts: Sequence[PublishedFigure], complete: bool
) -> tuple[ArithmeticVerdict, QualifiedAmount]:
    """What parts say of their whole, and what is left of it (negative: what they are too many)."""
    made = total(parts)
    rest = amount(whole) - made
    if rest.value < 0:
        open_above = whole.qualifier in _LEAST
        return (ArithmeticVerdict.NOT_BROKEN_DOWN if open_above else ArithmeticVerdict.EXCEEDS), rest
    if rest.value == 0 and (complete or rest.qualifier == EXACTLY):
        return ArithmeticVerdict.ADDS_UP, rest
    if complete and rest.qualifier == EXACTLY:
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
        "parts": tuple(amount(each) for each in parts),
        "sum": total(parts),
        "whole": amount(whole),
        "rest": QualifiedAmount(abs(rest.value), rest.qualifier),
    }
    return ArithmeticFinding(verdict, Flaw("", said, params), whole, by, abs(rest.value), rest.qualifier, other)


def breakdowns(operation: PastOperation) -> list[tuple[PublishedFigure, str, list[PublishedFigure]]]:
    """Every whole with each of its breakdowns and the leading parts of it."""
    found: dict[tuple[str, str], list[PublishedFigure]] = {}
    for each in operation.leading:
        if each.by is not None:
            found.setdefault((each.part_of, each.by), []).append(each)
    wholes = {each.id: each for each in operation.leading if each.id}
    return [(wholes[whole], by, parts) for (whole, by), parts in found.items()]


def of_parts(operation: PastOperation) -> list[ArithmeticFinding]:
    """What the parts of each breakdown say of their whole; with each source that gives a part otherwise once more."""
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
    """Sources that differ, the primary first; and where complete parts fit with one of them only, which one."""
    found = []
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
            found.append(
                ArithmeticFinding(
                    ArithmeticVerdict.SOURCES_DIFFER, Flaw("", _DIFFERS, params), other, amount=difference
                )
            )
            if id(lead) in complete:
                found += _decided(lead, other, *complete[id(lead)])
    return found


def _decided(
    lead: PublishedFigure, other: PublishedFigure, whole: PublishedFigure, parts: Sequence[PublishedFigure]
) -> list[ArithmeticFinding]:
    with_other = [other if each is lead else each for each in parts]
    fits = [judged(whole, each, True)[0] is ArithmeticVerdict.ADDS_UP for each in (parts, with_other)]
    if fits[0] == fits[1]:
        return []
    right, wrong = (lead, other) if fits[0] else (other, lead)
    sums = (total(with_other), total(parts)) if fits[0] else (total(parts), total(with_other))
    params = {"source": wrong.source.title, "sum": sums[0], "first": right.source.title, "lead": sums[1]}
    return [ArithmeticFinding(ArithmeticVerdict.SUM_DECIDES, Flaw("", _DECIDES, params), right)]


_DATES = N_("{source} gives other dates: {dates}.")
_DAYS = N_("The dates make {counted} days, the text says {said}.")


def of_period(operation: PastOperation) -> list[ArithmeticFinding]:
    """Other sources' dates, and a number of days that the dates do not make."""
    found = []
    for rival in operation.rivals:
        params = {"source": _source(operation, rival).title, "dates": rival}
        found.append(ArithmeticFinding(ArithmeticVerdict.DATES_DIFFER, Flaw("", _DATES, params)))
    if operation.days is not None and operation.length not in (None, operation.days):
        params = {"counted": QualifiedAmount(operation.length or 0), "said": QualifiedAmount(operation.days)}
        off = abs(operation.days - (operation.length or 0))
        found.append(ArithmeticFinding(ArithmeticVerdict.DAYS_DIFFER, Flaw("", _DAYS, params), amount=off))
    return found


def _source(operation: PastOperation, period: PublishedPeriod) -> PublishedSource:
    return next((each for each in operation.sources if each.code == period.source), operation.sources[0])


def findings(operation: PastOperation) -> list[ArithmeticFinding]:
    """Everything that arithmetic says of an operation's published figures."""
    return [*of_parts(operation), *of_sources(operation), *of_period(operation)]
