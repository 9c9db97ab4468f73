"""Key figures of a fugitive sweep (domain 2.5): their declarations and their formulas.

They count cases, not lines of reports. Located is not arrested and arrested is not surrendered: the parts of a rate are
shown apart and never added up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from operations.catalogue.waiting_times import quantile


class FugitiveKpi(StrEnum):
    """The figures of a sweep, by their number in the catalogue."""

    TARGETS = "K40"
    REVIEW_COVERAGE = "K41"
    NEW_INFORMATION = "K42"
    RESOLUTION = "K43"
    ARREST_RATE = "K44"
    TIME_TO_FIND = "K45"
    SURRENDER_RATE = "K46"
    APPEAL_YIELD = "K47"


@dataclass(frozen=True)
class FugitiveDefinition:
    """A figure as the catalogue declares it. `quote`: what one may say with it; `misquote`: what not."""

    kpi: FugitiveKpi
    name: str
    unit: str
    formula: str
    caution: str
    source: str
    quote: str
    misquote: str


CATALOGUE: dict[FugitiveKpi, FugitiveDefinition] = {
    definition.kpi: definition
    for definition in (
        FugitiveDefinition(
            FugitiveKpi.TARGETS,
            "Targets",
            "cases",
            "Number of accepted fugitive cases.",
            "One person wanted by two countries is one target and two cases. A withdrawn notice leaves with a note.",
            "S09 S14 S17",
            quote="The sweep looks for persons in so many cases.",
            misquote="So many different persons are wanted.",
        ),
        FugitiveDefinition(
            FugitiveKpi.REVIEW_COVERAGE,
            "Review coverage",
            "%",
            "Cases that were reviewed, divided by targets.",
            "A review says that somebody looked, not that something was found.",
            "S13",
            quote="This share of the targets was looked at.",
            misquote="Something was found on this share.",
        ),
        FugitiveDefinition(
            FugitiveKpi.NEW_INFORMATION,
            "New information",
            "%",
            "Cases with at least one new verified item, divided by targets.",
            "A tip counts only after evaluation: a positive answer to a lead, or a confirmed location.",
            "S14",
            quote="Of this share of the targets something new is verified.",
            misquote="This share of the targets is nearly found.",
        ),
        FugitiveDefinition(
            FugitiveKpi.RESOLUTION,
            "Resolution",
            "%",
            "Arrested divided by targets, and positively located divided by targets.",
            "The two are added up in the press. Here they always stand apart.",
            "S09 S14",
            quote="This share of the targets was located and not arrested.",
            misquote="This share is solved, added to the arrests.",
        ),
        FugitiveDefinition(
            FugitiveKpi.ARREST_RATE,
            "Arrest rate",
            "%",
            "Arrested divided by targets.",
            "In some countries a Red Notice alone does not permit an arrest.",
            "S09 S20",
            quote="This share of the targets was arrested.",
            misquote="The police of a country failed on the rest.",
        ),
        FugitiveDefinition(
            FugitiveKpi.TIME_TO_FIND,
            "Time to locate, time to arrest",
            "days",
            "Median time from acceptance; targets not found yet count as waiting (Kaplan and Meier).",
            "Undefined while fewer than half are found: a median of those found alone would flatter.",
            "I",
            quote="Half of all targets are found within so many days.",
            misquote="Those who were found were found in so many days.",
        ),
        FugitiveDefinition(
            FugitiveKpi.SURRENDER_RATE,
            "Surrender rate",
            "%",
            "Surrendered or extradited, divided by arrested.",
            "A release or a refusal is no failure of the police.",
            "S19",
            quote="Of those arrested, this share was surrendered so far.",
            misquote="The others were let go.",
        ),
        FugitiveDefinition(
            FugitiveKpi.APPEAL_YIELD,
            "Public appeal yield",
            "tips",
            "Evaluated tips on published cases, leads sent and locations confirmed after publication.",
            "Three numbers in a row, not a sum.",
            "S14",
            quote="The public sent so many tips that were evaluated.",
            misquote="So many persons were found through the public.",
        ),
    )
}


def share(part: int | None, whole: int | None) -> float | None:
    """Return a part in percent; None where it is undefined or hidden."""
    return None if part is None or not whole else part / whole * 100


def median_wait(waits: Iterable[tuple[float, bool]]) -> float | None:
    """Return the Kaplan-Meier median of waits of which some are not over; None while fewer than half are.

    >>> median_wait([(1, True), (2, True), (3, True), (4, False)])
    2
    >>> median_wait([(1, True), (5, False), (5, False)]) is None
    True
    """
    return wait_within(waits, 0.5)


def wait_within(waits: Iterable[tuple[float, bool]], part: float) -> float | None:
    """Return how long it takes until this part of the waits is over (Kaplan-Meier); None while fewer are.

    >>> wait_within([(1, True), (2, True), (3, True), (4, False)], 0.75)
    3
    """
    ended: list[float] = []
    lasting: list[float] = []
    for length, over in waits:
        (ended if over else lasting).append(length)
    return quantile(ended, lasting, part)
