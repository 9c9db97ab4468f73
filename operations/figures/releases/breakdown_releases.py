"""Breakdown releases: which codes of a guarded figure's breakdowns a snapshot may tell, decided by the judge.

A breakdown leaves with a snapshot, never with a live board, so the judge reads few states: each snapshot so far. What
matters of a report is its country, the code, and which of the snapshots it was in: amounts alike in all three are one
unknown. The codes are a column of the judge as official days are, beside the countries that are told.

Told are sides that do not follow from one another. Everybody knows the phase and the kind of site of each report, an
age group makes a minor, and whoever was arrested on a notice was arrested after a hit: none of these is told.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session

from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.core.vocabulary import Level
from operations.disclosure import small_numbers
from operations.figures.releases.guarded_counts import GUARDED, Ledger, report_entries
from operations.figures.releases.judge import BOTH, DAY, AudienceAttack, AudienceState, Cell, ReportHolding
from operations.figures.releases.linear_system import TooMuchWork
from operations.figures.releases.solver import Judge
from operations.lines.kinds import KINDS
from operations.lines.line import breakdown_fields
from operations.totals import total_steps
from operations.totals.margins import UNSAID
from operations.totals.total_steps import StepMargins, TotalMovement

TOLD = ("offence", "status", "smuggled", "answer", "fate", "nationality", "sex", "minor")
"""The sides of guarded figures that snapshots tell."""
REST = ""
"""The code of what no line names."""
ROUNDS = 40
WORK = 6e7
"""The work that the decision on one side for one audience may take, about three seconds of a processor."""
_IN = 1


class SnapshotContent(NamedTuple):
    """What a snapshot at a level tells an audience of a figure as of an entry.

    `countries` and `parts` say of each whether it is told; `codes`, by side, are the codes that are.
    """

    entry: int
    level: Level
    total: bool
    countries: Mapping[str, bool]
    parts: Set[str]
    codes: Mapping[str, Set[str]]


class SideHoldings:
    """How much each report holds of each code of a side, of all guarded figures, up to an entry."""

    def __init__(self, session: Session, operation: UUID, until: int) -> None:
        steps = total_steps.with_margins(session, operation, until)
        reports = report_entries(session, operation, until)
        self._held = {
            (kpi, side): Ledger(_turned(steps, kpi, side), reports).held(kpi) for kpi in GUARDED for side in sides(kpi)
        }

    def of(self, kpi: Kpi) -> Mapping[str, list[ReportHolding]]:
        """Return the holdings of a figure by side, the code in place of the official day."""
        return {side: held for (of, side), held in self._held.items() if of is kpi and any(h.day for h in held)}


def sides(kpi: Kpi) -> tuple[str, ...]:
    """Return the sides of a figure that snapshots tell."""
    fields = breakdown_fields(KINDS[CATALOGUE[kpi].lines.kind])
    return tuple(side for side in TOLD if side in fields or (side == "minor" and "age_group" in fields))


def _turned(steps: Iterable[StepMargins], kpi: Kpi, side: str) -> list[TotalMovement]:
    """Return the steps of a figure with the codes of a side in place of official days."""
    kind = CATALOGUE[kpi].lines.kind
    field = breakdown_fields(KINDS[kind]).get(side)
    place = field.side if field else ""
    turned = []
    for step in steps:
        amounts: defaultdict[tuple[str, str, int, str], list[int]] = defaultdict(lambda: [0, 0])
        facets: dict[str, Mapping[str, str]] = {}
        for country, _day, _site, level, records, quantity, sides in step.cells:
            if sides.get("kind") == kind:
                facets[repr(sides)] = sides
                code = sides.get(place, "") if place else ""
                _add(amounts[country, REST if code in UNSAID else code, level, repr(sides)], records, quantity)
        for country, level, sides, told in () if place else step.margins:
            for dimension, code, records, quantity in told if sides.get("kind") == kind else ():
                if dimension == side:
                    facets[repr(sides)] = sides
                    _add(amounts[country, code, level, repr(sides)], records, quantity)
                    _add(amounts[country, REST, level, repr(sides)], -records, -quantity)
        cells = [
            [country, code, "", level, *sums, facets[sides]]
            for (country, code, level, sides), sums in amounts.items()
            if any(sums)
        ]
        if cells:
            turned.append(TotalMovement(step.seq, cells, {}, {}))
    return turned


def _add(sums: list[int], records: int, quantity: int) -> None:
    sums[0] += records
    sums[1] += quantity


def decide(
    side: str,
    held: Sequence[ReportHolding],
    content: SnapshotContent,
    before: Sequence[SnapshotContent],
    homes: Sequence[str] = (),
    hidden: Set[str] = frozenset(),
    most: float = WORK,
) -> dict[str, int | None] | None:
    """Return the amounts of a side by code as a snapshot may tell them after those before; None is hidden.

    Nothing at all where even that would tell too much. `homes` are the countries whose readers know their own part;
    `hidden` codes are told to nobody of the audience.
    """
    states = [*before, content]
    merged = _merged(held, states)
    now: Counter[str] = Counter()
    by_country: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for holding in merged:
        if holding.levels[-1][1] == _IN:
            now[holding.day] += holding.amount
            by_country[holding.country][holding.day] += holding.amount
    if not content.total or not any(now[code] for code in now if code != REST):
        return None
    secret = _hidden(now, by_country, homes)
    if secret is None:
        return None
    secret |= hidden & now.keys()
    codes = {holding.day for holding in merged}
    earlier = [_state(number, each, each.codes.get(side, frozenset()), codes) for number, each in enumerate(before)]
    judge = Judge(AudienceAttack(merged, earlier, len(before), homes, _IN, frozenset()))
    for _round in range(ROUNDS):
        told = {code for code in now if now[code] and code not in secret}
        state = _state(len(before), content, told, codes)
        try:
            away = judge.given_away(state, most=most - judge.work)
        except TooMuchWork:
            return None
        if not away:
            return {code: now[code] if code in told else None for code in sorted(now) if now[code]}
        if not told:
            return None
        secret |= {code for cell in away for code in _blamed(cell, told)} or {min(told, key=lambda c: (now[c], c))}
    return None


def _merged(held: Iterable[ReportHolding], states: Sequence[SnapshotContent]) -> list[ReportHolding]:
    """Return the holdings by country, code, part of a share and snapshots that they were in.

    The number of a snapshot takes the place of an entry.
    """
    amounts: Counter[tuple[str, str, str, tuple[bool, ...]]] = Counter()
    for holding in held:
        inside = tuple(
            next((level for seq, level in reversed(holding.levels) if seq <= state.entry), 0) >= state.level
            for state in states
        )
        if any(inside):
            amounts[holding.country, holding.day, holding.part, inside] += holding.amount
    return [
        ReportHolding(country, code, part, amount, tuple((number, int(there)) for number, there in enumerate(inside)))
        for (country, code, part, inside), amount in sorted(amounts.items())
        if amount
    ]


def _hidden(
    amounts: Mapping[str, int], by_country: Mapping[str, Counter[str]], homes: Iterable[str]
) -> set[str] | None:
    """Return the codes that are small, or tell of small ones, by the rule of one table; None where the total is."""
    hidden: set[str] = set()
    for home in (None, *homes):
        own = by_country.get(home, Counter[str]()) if home else Counter[str]()
        protected = small_numbers.protect({code: amount - own[code] for code, amount in amounts.items()})
        if protected.total is None:
            return None
        hidden |= {code for code, amount in protected.cells.items() if amount is None}
    return hidden


def _state(number: int, content: SnapshotContent, told: Set[str], codes: Iterable[str]) -> AudienceState:
    return AudienceState(
        number,
        {_IN: content.total},
        {country: {_IN: shown} for country, shown in content.countries.items()},
        {code: {_IN: code in told} for code in codes},
        frozenset((part, _IN) for part in content.parts),
    )


def _blamed(cell: Cell, told: Set[str]) -> Set[str]:
    """Return the code to hide so that a cell stays secret, where it is of one that is told."""
    code = cell[1].split(" ", 1)[1] if cell[0] == BOTH else cell[1] if cell[0] == DAY else None
    return {code} & told if code is not None else set()
