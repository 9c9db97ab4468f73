"""Disclosed figures: figures as each audience may see them, copied from boards at one moment and rebuilt later.

No rule of disclosure is added here: for each audience a typical reader is assumed, and the numbers that boards show
this reader are stored. So a snapshot always shows what was decided on the day it was prepared. The audience outside is
a country that takes no part and has no results.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from operations.catalogue.definition import PeakFigure, SitesHeard
from operations.catalogue.intervals import IntervalRate
from operations.catalogue.kpis import CATALOGUE, COUNTED, Kpi
from operations.core.people import Actor
from operations.core.vocabulary import Classification, Level, Role
from operations.disclosure import figure_cube
from operations.disclosure.suppression import BoardFrame
from operations.figures import board
from operations.figures.values import Figure, Gap, UnitAmount, Unrated
from operations.policing.operation import boards, plan
from operations.results.snapshot_rows import CENTRE, LEADERSHIP, OUTSIDE, SnapshotFigure
from operations.totals.totals import FACETS, Grain, read

TOTAL, OWN, BY_COUNTRY, BY_DAY = "", "own", "country", "day"
PART, RATE, UNRATED, PENDING, MISSING, FILES = "part", "rate", "unrated", "pending", "missing", "files"
APART, OWN_APART, OWN_MISSING = "apart", "own_apart", "own_missing"
"""The dimensions of rows: the operation, the audience's own country, a country, an official day, and parts of a figure.

Parts of a figure are its parts by name, the rate of a database, a database without a rate, what is pending, the sum of
what countries report each for themselves, amounts that are never added up, by code and unit, and fields missing in too
many lines, both of the operation or of the own country.
"""
SMALL, KEPT_BACK, LINKED = "small", "kept_back", "linked"
"""Why a number is hidden: it is small, it would reveal a country that keeps its totals back, or another hidden number.

Small numbers are those of 1 to 10 persons.
"""
_SIDES = ("check_kind", "database")


def figures_on(session: Session, operation: plan.Operation) -> tuple[Kpi, ...]:
    """Return the figures of the operation's board that are made of lines."""
    shown = boards.board_of(session, operation)
    return tuple(kpi for kpi in shown if not isinstance(CATALOGUE[kpi].measure, SitesHeard))


def figures_in(rows: Iterable[SnapshotFigure]) -> tuple[Kpi, ...]:
    """Return the figures that were stored, whatever the board shows since."""
    kept = {row.kpi for row in rows if row.dimension == TOTAL}
    return tuple(kpi for kpi in Kpi if kpi.value in kept)


def basis(session: Session, operation: plan.Operation, level: Level) -> dict[str, list[str]]:
    """Return the kinds of checks and databases of each counted figure's lines."""
    rows = [row for row in read(session, operation.id, Grain.OPERATION) if row.level >= level]
    places = [FACETS.index(name) for name in _SIDES]
    return {
        kpi.value: sorted(
            {
                row.facet[place]
                for row in rows
                for place in places
                if row.facet[place] and CATALOGUE[kpi].lines.amount(row.facet, row.records, row.quantity)
            }
        )
        for kpi in figures_on(session, operation)
        if kpi in COUNTED
    }


def taken(
    session: Session, operation: plan.Operation, level: Level, countries: Iterable[str], outside: str, inside: str
) -> list[dict[str, Any]]:
    """Return the columns of every figure for every audience, in order. `outside` and `inside` are qualifiers of sums.

    A sum of 0 outside is never qualified as more than that. A number that waits for a release is hidden: a snapshot
    tells no number of an earlier day as one of today.
    """
    rows: list[dict[str, Any]] = []
    stands: dict[tuple[str, str, str], float | None] = {}
    for audience, reader in readers(operation, countries):
        for row in _of_audience(session, operation, level, reader):
            number = row["kpi"], row["dimension"], row["code"]
            if audience == CENTRE:
                stands[number] = row["value"]
            elif row["dimension"] in (TOTAL, BY_COUNTRY, BY_DAY) and row["value"] != stands.get(number, 0.0):
                row |= {"value": None, "n": None, "of": None, "suppressed": row["suppressed"] or LINKED}
            counted = Kpi(row["kpi"]) in COUNTED and row["dimension"] in (TOTAL, OWN, BY_COUNTRY)
            qualifier = outside if audience == OUTSIDE and row["value"] != 0 else inside
            rows.append({"audience": audience, **row, "qualifier": qualifier if counted else "="})
    return sorted(rows, key=lambda row: (row["audience"], row["kpi"], row["dimension"], row["code"]))


def readers(operation: plan.Operation, countries: Iterable[str]) -> Iterator[tuple[str, Actor]]:
    """Yield each audience with a typical reader, those that know more first, and the countries last."""

    def somebody(role: Role, country: str | None = None) -> Actor:
        return Actor(UUID(int=0), "", role, country, Classification.CONFIDENTIAL, operations=frozenset({operation.id}))

    yield CENTRE, somebody(Role.OPERATION_COORDINATOR)
    yield LEADERSHIP, somebody(Role.LEADERSHIP)
    yield OUTSIDE, somebody(Role.NATIONAL_COORDINATOR, figure_cube.OUTSIDE)
    for country in countries:
        yield country, somebody(Role.NATIONAL_COORDINATOR, country)


def frame_of(operation: plan.Operation, level: Level) -> BoardFrame:
    """Return the frame of the whole operation at a level."""
    return BoardFrame(operation.id, operation.zone, Classification(operation.classification), operation.day_cut, level)


def _of_audience(session: Session, operation: plan.Operation, level: Level, by: Actor) -> Iterator[dict[str, Any]]:
    frame = frame_of(operation, level)
    shown = board.read_board(session, frame, by)
    wanted = figures_on(session, operation)
    for kpi in wanted:
        yield from _figure(shown.figures[kpi])
        if kpi in COUNTED:
            for row in board.by_country(session, frame, kpi, by):
                yield _row(kpi, BY_COUNTRY, row.country, row.verified, hidden=row.verified is None)
            for day, verified, _waiting in board.by_day(session, frame, kpi, by):
                yield _row(kpi, BY_DAY, day, verified, hidden=verified is None)
    if by.national and by.country != figure_cube.OUTSIDE:
        own = board.read_board(session, BoardFrame(**vars(frame) | {"country": by.country}), by)
        for kpi in wanted:
            figure = own.figures[kpi]
            yield _row(kpi, OWN, "", None if figure.apart else figure.value, n=figure.part, of=figure.of)
            yield from _amounts(figure, OWN_APART)
            for gap in figure.gaps:
                yield _row(kpi, OWN_MISSING, gap.rests.by, None, n=gap.missing, of=gap.of)


def _row(
    kpi: Kpi,
    dimension: str,
    code: str,
    value: float | None,
    *,
    n: int | None = None,
    of: int | None = None,
    hidden: bool = False,
    why: str = LINKED,
) -> dict[str, Any]:
    return {
        "kpi": kpi.value,
        "dimension": dimension,
        "code": code,
        "value": None if value is None else float(value),
        "n": n,
        "of": of,
        "unit": CATALOGUE[kpi].unit,
        "suppressed": why if hidden else "",
        "notes": [],
    }


def _figure(figure: Figure) -> Iterator[dict[str, Any]]:
    """Yield the rows of a figure of the whole operation and of its parts."""
    kpi, why = figure.kpi, SMALL if figure.few else KEPT_BACK if figure.keeps_back else LINKED
    value = None if figure.apart else figure.value
    yield _row(kpi, TOTAL, "", value, n=figure.part, of=figure.of, hidden=figure.hidden, why=why)
    yield from _amounts(figure, APART)
    if figure.pending is not None:
        yield _row(kpi, PENDING, "", None, n=figure.pending)
    if figure.files:
        yield _row(kpi, FILES, "", None, n=figure.files)
    for gap in figure.gaps:
        yield _row(kpi, MISSING, gap.rests.by, None, n=gap.missing, of=gap.of)
    for name, count in figure.parts.items():
        yield _row(kpi, PART, name[:40], None, n=count)
    for database, rate in figure.rates.items():
        yield _row(kpi, RATE, database, rate.per_million, n=rate.count, of=rate.of)
    for unrated in figure.without_rate:
        yield _row(kpi, UNRATED, unrated.database, unrated.others, n=unrated.hits, of=unrated.blanket)


def _amounts(figure: Figure, dimension: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of amounts that are never added up, each in its unit."""
    for amount in figure.apart:
        yield _row(figure.kpi, dimension, f"{amount.code} {amount.unit}", amount.quantity) | {"unit": amount.unit}


def outsider(operation: plan.Operation) -> Actor:
    """Return the assumed reader of the audience outside."""
    return next(reader for audience, reader in readers(operation, ()) if audience == OUTSIDE)


# ------------------------------------------------------------------------------------------- put together again


def figures(rows: Sequence[SnapshotFigure]) -> dict[Kpi, Figure]:
    """Return the figures of the whole operation as one audience saw them, from their stored rows."""
    return {kpi: _whole(kpi, [row for row in rows if row.kpi == kpi]) for kpi in figures_in(rows)}


def _whole(kpi: Kpi, rows: Sequence[SnapshotFigure]) -> Figure:
    of = {
        name: [row for row in rows if row.dimension == name]
        for name in (TOTAL, PART, RATE, UNRATED, PENDING, MISSING, FILES, BY_DAY, APART)
    }
    [total], apart = of[TOTAL], amounts_of(of[APART])
    rates = sorted(of[RATE], key=lambda row: (-(row.of or 0), row.code))
    without = sorted(of[UNRATED], key=lambda row: (-((row.of or 0) + (row.value or 0)), row.code))
    return Figure(
        kpi,
        apart[0].quantity if apart else _number(kpi, total.value),
        apart=apart,
        hidden=bool(total.suppressed),
        few=total.suppressed == SMALL,
        keeps_back=total.suppressed == KEPT_BACK,
        validated=_number(kpi, total.value),
        of=total.of,
        part=total.n,
        parts=_in_order(kpi, {row.code: row.n or 0 for row in of[PART]}),
        pending=of[PENDING][0].n if of[PENDING] else None,
        files=of[FILES][0].n or 0 if of[FILES] else 0,
        rates={row.code: IntervalRate(row.n or 0, row.of or 1) for row in rates},
        without_rate=tuple(Unrated(row.code, row.n or 0, row.of or 0, int(row.value or 0)) for row in without),
        trend=tuple((row.code, None if row.value is None else int(row.value)) for row in of[BY_DAY]),
        gaps=gaps_of(kpi, of[MISSING]),
    )


def amounts_of(rows: Iterable[SnapshotFigure]) -> tuple[UnitAmount, ...]:
    """Return amounts that are never added up from the rows that store them, the largest first."""
    amounts = [UnitAmount(row.code.partition(" ")[0], row.unit, int(row.value or 0)) for row in rows]
    return tuple(sorted(amounts, key=lambda amount: (-amount.quantity, amount.code, amount.unit)))


def gaps_of(kpi: Kpi, rows: Iterable[SnapshotFigure]) -> tuple[Gap, ...]:
    """Return the gaps of a figure from the rows that store them."""
    rests = {rests_on.by: rests_on for rests_on in CATALOGUE[kpi].rests}
    return tuple(Gap(rests[row.code], row.n or 0, row.of or 0) for row in rows if row.code in rests)


def _number(kpi: Kpi, value: float | None) -> float | None:
    return int(value) if value is not None and _is_sum(kpi) else value


def _is_sum(kpi: Kpi) -> bool:
    return kpi in COUNTED or isinstance(CATALOGUE[kpi].measure, PeakFigure)


def _in_order(kpi: Kpi, parts: dict[str, int]) -> dict[str, int]:
    """Return the parts of a share in the order of its declaration, those of a count by size."""
    declared = [part.name[:40] for part in getattr(CATALOGUE[kpi].measure, "parts", ())]
    return dict(sorted(parts.items(), key=lambda part: declared.index(part[0]) if part[0] in declared else (-part[1])))
