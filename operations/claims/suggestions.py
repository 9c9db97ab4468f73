"""Suggestions: report lines that may be one event or case, found by `matching` over all countries. Server only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from operations.claims.claim_states import ONE_CASE
from operations.claims.matching import (
    AGREES,
    CLOSE,
    ColumnWeight,
    MatchingBlock,
    MatchingRules,
    groups,
    match,
)
from operations.core.field_labels import N_
from operations.core.people import Account
from operations.core.store import unfenced, unscoped
from operations.core.vocabulary import Level, LineKind
from operations.lazy_import import lazy_module
from operations.policing.map_plan.places import Site
from operations.policing.reports.versions import Line, Report

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
else:
    np, pd = lazy_module("numpy"), lazy_module("pandas")

NEAR_KM = 25.0
HOURS = 2.0
ALIKE = 0.8
"""Counts are close if they are within a fifth of the larger."""
FEW = 5
"""Equal counts are evidence from this number on: two lines of one person each are no more alike than any others."""
LEAST = 0.6
"""The score from which a suggestion is made."""
NEAREST = 100
"""The number of following lines of its kind in a cell with which a line is compared."""
CELL = 1.0
"""Degrees. Cells come from four grids, each shifted by half a cell, so that neighbours share a cell in one of them."""
EVENTS = frozenset(
    {
        LineKind.HIT,
        LineKind.ARREST,
        LineKind.MIGRANT_DETECTION,
        LineKind.POTENTIAL_VICTIM,
        LineKind.DOCUMENT_SEIZURE,
        LineKind.POSITIVE_LOCATION,
        LineKind.PROTECTION_REFERRAL,
        LineKind.CASUALTY,
        LineKind.SEIZURE,
        LineKind.GROUP,
        LineKind.INVESTIGATION,
    }
)
"""Kinds of lines that report an event. Daily tallies are not events: two teams count at one post on purpose.

Investigations are matched where they name their case, and not by anything else.
"""
FIELDS = {
    "offence": (-5.0, 0.0, 1.0),
    "nationality": (-4.0, 0.0, 3.0),
    "sex": (-3.0, 0.0, 0.5),
    "age_group": (-3.0, 0.0, 1.0),
    "means": (-4.0, 0.0, 1.5),
    "commodity": (-8.0, 0.0, 1.0),
    "doc_type": (-5.0, 0.0, 0.5),
    "issuing_country": (-4.0, 0.0, 2.0),
    "database": (-6.0, 0.0, 0.5),
    "hit_kind": (-4.0, 0.0, 0.5),
    "exploitation": (-4.0, 0.0, 1.5),
}
"""The fields by which lines are matched besides place, time and count, with their weights; no others are shown."""
NOTICE, CASE = "notice_ref", "case_ref"
GROUNDS = {
    "notice": N_("the same control number of a notice"),
    "case": N_("the same reference of the case"),
    "here": N_("the same place"),
    "near": N_("places less than 25 km apart"),
    "then": N_("begun within two hours"),
    "about": N_("periods that overlap"),
    "count": N_("the same count"),
    "counts": N_("counts within 20 %"),
    "fields": N_("the same particulars"),
    "days": N_("days that lie within three of each other"),
    "country": N_("the same country"),
}
"""The evidence for one event, in words."""
_CELLS = tuple(f"cell{place}" for place in range(4))
RULES = MatchingRules(
    blocks=(
        MatchingBlock(("kind", NOTICE), most=NEAREST),
        MatchingBlock(("kind", CASE), most=NEAREST),
        *(MatchingBlock(("kind", cell), "starts", 24.0 + HOURS, NEAREST) for cell in _CELLS),
    ),
    sides=(
        ColumnWeight(NOTICE, "code", (-14.0, 0.0, 16.0)),
        ColumnWeight(
            CASE, "code", (-14.0, 0.0, 24.0)
        ),  # wherever, whenever and for whatever offence each country opened its file
        ColumnWeight("lat", "place", (-3.0, 2.5, 4.0), close=NEAR_KM, until="lon"),
        ColumnWeight("starts", "window", (-3.0, 2.0, 5.0), close=HOURS, until="ends"),
        ColumnWeight("quantity", "number", (-9.0, 1.0, 2.5), close=ALIKE, few=FEW),
        *(ColumnWeight(name, "code", weights) for name, weights in FIELDS.items()),
    ),
    against=8.0,
    apart="report",
)
_UNSAID = frozenset({"", "unknown", "unspecified", "none"})
_COLUMNS = (
    "kind",
    "report",
    "line",
    "operation",
    "country",
    "unit",
    "asks",
    "lat",
    "lon",
    "starts",
    "ends",
    "quantity",
    NOTICE,
    CASE,
    *FIELDS,
)


class SuggestedLine(NamedTuple):
    """A line, by its report and its own id, with its country and operation."""

    report: UUID
    line: UUID
    country: str
    operation: UUID


class Suggestion(NamedTuple):
    """Lines that may be one event, one person or one case; `kind` is a code of CL-CLAIMKIND."""

    kind: str
    line_kind: str
    score: float
    grounds: tuple[str, ...]
    lines: tuple[SuggestedLine, ...]


def frame_of(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the table to match; missing values are None."""
    frame = pd.DataFrame(list(rows), columns=_COLUMNS)
    for name in (NOTICE, CASE, *FIELDS):
        frame[name] = frame[name].astype(object).where(~frame[name].isin(_UNSAID) & frame[name].notna(), None)
    lat, lon = frame["lat"].to_numpy(float), frame["lon"].to_numpy(float)
    for place, name in enumerate(_CELLS):
        aside = np.array([place % 2, place // 2]) * 0.5
        cells = np.floor(lat / CELL + aside[0]) * 1000 + np.floor(lon / CELL + aside[1])
        frame[name] = cells
    return frame


def suggestions(session: Session, operation_id: UUID, known: Iterable[Iterable[tuple[UUID, UUID]]]) -> list[Suggestion]:
    """Return lines of an operation that may be repetitions, likeliest first; `known` lines are never suggested again.

    Reads the lines of all countries, whoever asks: nothing of them is shown before an analyst opens a claim.
    """
    frame = frame_of(_lines(session, operation_id))
    if len(frame) < 2:
        return []
    return suggested(frame, RULES, known, grounds_of, _kind)


def pairs(known: Iterable[Iterable[tuple[UUID, UUID]]]) -> set[frozenset[tuple[UUID, UUID]]]:
    """Return the pairs of lines, by report and id, in groups of lines."""
    return {frozenset(pair) for lines in known for pair in combinations(lines, 2)}


def versions(session: Session, found: Iterable[Suggestion]) -> dict[UUID, UUID]:
    """Return the version that counts of each report in suggestions, by the report."""
    reports = {line.report for each in found for line in each.lines}
    query = select(Report.report_id, Report.id).where(
        col(Report.report_id).in_(reports), col(Report.counted).is_(True), col(Report.level) >= int(Level.V1)
    )
    with unfenced(session):
        return dict(session.execute(unscoped(query)).all()) if reports else {}


def suggested(
    frame: pd.DataFrame,
    rules: MatchingRules,
    known: Iterable[Iterable[tuple[UUID, UUID]]],
    grounds: Callable[[Any], tuple[str, ...]],
    kind: Callable[[pd.DataFrame, list[int], Any], str],
) -> list[Suggestion]:
    """Return what the rules find in a table and nobody has judged yet, with the evidence and kind of each group."""
    matched = match(frame, rules, LEAST)
    keys = [SuggestedLine(*values) for values in zip(*(frame[name] for name in SuggestedLine._fields), strict=True)]
    judged = pairs(known)
    fresh = np.array(
        [
            frozenset((keys[left][:2], keys[right][:2])) not in judged
            for left, right in zip(matched.left.tolist(), matched.right.tolist(), strict=True)
        ],
        bool,
    )
    matched = type(matched)(*(values[fresh] for values in matched)) if len(fresh) else matched
    at: dict[tuple[int, int], int] = {
        pair: place for place, pair in enumerate(zip(matched.left.tolist(), matched.right.tolist(), strict=True))
    }
    made = []
    for group in groups(matched):
        places = [at[pair] for pair in combinations(sorted(group), 2)]
        levels = matched.levels[places].min(axis=0)
        made.append(
            Suggestion(
                kind(frame, group, levels),
                str(frame["kind"].iloc[group[0]]),
                float(matched.score[places].min()),
                grounds(levels),
                tuple(keys[row] for row in sorted(group, key=lambda row: _order(frame, row))),
            )
        )
    return sorted(made, key=lambda suggestion: (-suggestion.score, [str(line.line) for line in suggestion.lines]))


def grounds_of(levels: Any) -> tuple[str, ...]:
    """Return the evidence for a pair, or for all pairs of a group, by the levels of RULES: names of GROUNDS."""
    notice, case, place, time, count, *fields = (int(level) for level in levels)
    said = {
        "notice": notice == AGREES,
        "case": case == AGREES,
        "here": place == AGREES,
        "near": place == CLOSE,
        "then": time == AGREES,
        "about": time == CLOSE,
        "count": count == AGREES,
        "counts": count == CLOSE,
        "fields": AGREES in fields and 0 not in fields,
    }
    return tuple(name for name in GROUNDS if said.get(name))


def _order(frame: pd.DataFrame, place: int) -> tuple[bool, float, str]:
    """Return the sort key of a line: the requesting country is not where the arrest happened; then the earliest."""
    row = frame.iloc[place]
    return bool(row["asks"] == row["country"]), float(row["starts"]), str(row["line"])


def _kind(frame: pd.DataFrame, group: list[int], levels: Any) -> str:
    rows = frame.iloc[group]
    if levels[1] == AGREES:
        return ONE_CASE
    if rows["country"].nunique() > 1:
        return "two_countries"
    if levels[0] == AGREES and levels[3] == 0:
        return "same_person"
    units = set(rows["unit"]) - {""}
    return "two_agencies" if len(units) > 1 else "same_report"


def _lines(session: Session, operation_id: UUID) -> list[dict[str, Any]]:
    """Return the counting lines of events, with place and time and the fields they are matched by."""
    query = (
        sa.select(
            col(Line.kind),
            col(Report.report_id),
            col(Line.id),
            col(Line.country),
            col(Line.quantity),
            col(Line.attributes),
            col(Report.period_from),
            col(Report.period_to),
            col(Report.author_id),
            col(Site.lat),
            col(Site.lon),
        )
        .join(Report, col(Report.id) == col(Line.version_id))
        .join(Site, col(Site.id) == col(Line.site_id))
        .where(
            col(Line.operation_id) == operation_id,
            col(Report.counted).is_(True),
            col(Report.level) >= int(Level.V1),
            col(Line.kind).in_(sorted(EVENTS)),
        )
        .order_by(col(Line.version_id), col(Line.position))
    )
    with unfenced(session):
        rows = session.execute(unscoped(query)).all()
    authors = {row.author_id for row in rows}
    units = dict(session.exec(unscoped(select(Account.id, Account.unit).where(col(Account.id).in_(authors)))).all())
    records: list[dict[str, Any]] = []
    for kind, report, line, country, quantity, said, starts, ends, author, lat, lon in rows:
        fields = {name: said.get(name) for name in (NOTICE, CASE, *FIELDS)}
        if kind == LineKind.INVESTIGATION and not fields[CASE]:
            continue
        quantity = None if fields[CASE] else quantity  # a case is one wherever it is reported
        place = {"lat": lat, "lon": lon, "starts": starts.timestamp() / 3600, "ends": ends.timestamp() / 3600}
        who = {
            "kind": kind,
            "report": report,
            "line": line,
            "operation": operation_id,
            "country": country,
            "unit": units.get(author, ""),
            "asks": said.get("requesting_country"),
        }
        records.append({**who, **place, "quantity": quantity, **fields})
    return records
