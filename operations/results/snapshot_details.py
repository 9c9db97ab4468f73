"""Snapshot details: breakdowns, computed figures and the public release that a snapshot holds beside its sums.

Each audience reads them as it may know them at this one moment. Breakdowns of guarded figures are told code by code, as
far as the judge lets them (`breakdown_releases`); countries read what is told outside.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from operations.catalogue.kpis import CATALOGUE, COUNTED, Kpi
from operations.core.errors import Flaw
from operations.core.store import unscoped
from operations.core.stored_sentences import sentence_json
from operations.core.vocabulary import Level
from operations.disclosure.suppression import guarded
from operations.figures import board, domain_figures
from operations.figures.board import countries_known, reader_of
from operations.figures.breakdowns import Breakdown, breakdowns, code_lists
from operations.figures.derived_figures import disclosed_value
from operations.figures.domain_figures import DOMAIN_FIGURES
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.figures.releases import breakdown_releases
from operations.figures.releases.breakdown_releases import REST, SideHoldings, SnapshotContent
from operations.figures.releases.guarded_counts import SHARES
from operations.policing.operation import plan
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from operations.results.disclosed_figures import BY_COUNTRY, LINKED, PART, TOTAL, frame_of, readers
from operations.results.past_operations.publications import PastOperation, PublishedFigure
from operations.results.snapshot_rows import CENTRE, LEADERSHIP, OUTSIDE, Snapshot, SnapshotFigure

SIDE, COMPUTED, PUBLISHED = "side", "computed", "published"
"""The dimensions of rows: a code of a side, a figure that no board has, and a number of the public release.

The code of a side is "sex female"; HIDDEN takes the place of those that may not be told, with their number. A figure
has a row for each currency where it is money.
"""
HIDDEN = "*"
UNFROZEN = frozenset({"K22", "K38"})
"""Figures that no snapshot holds: leaders know no incident that concerns them, and the lag ends with publication."""
_HOURS = "hours"
Row = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]
Told = dict[Kpi, dict[str, dict[str, int | None]]]
"""The amounts of codes by figure and side; None is hidden."""


def taken(
    session: Session,
    operation: plan.Operation,
    level: Level,
    entry: int,
    figures: Rows,
    publication: PastOperation | None,
) -> list[Row]:
    """Return the rows of every audience; `figures` are those of its sums as of `entry`."""
    frame, rows, told = frame_of(operation, level), list[Row](), Told()
    published = [] if publication is None else list(_published(publication))
    held, before = None, _contents(session, operation)
    homes = [country.country for country in countries_known(session, operation.id) if not country.kept]
    for audience, by in readers(operation, ()):
        reader, shown = reader_of(session, frame, by), board.read_board(session, frame, by, numbered=False)
        sums = [row for row in figures if row["audience"] == audience]
        sides: dict[Kpi, list[Breakdown]] = {}
        above, told = told, {}
        for kpi in COUNTED:
            if not any(row["kpi"] == kpi and row["dimension"] == TOTAL for row in sums):
                continue
            if not guarded(kpi, frame, reader):
                sides[kpi] = breakdowns(session, frame, kpi, by)
            elif reader.guarded(kpi) and not reader.kept_back:
                held = held or SideHoldings(session, operation.id, entry)
                content = _content(sums, kpi, entry, level)
                known = [contents[kpi] for contents in before.get(audience, ()) if kpi in contents]
                told[kpi] = {
                    side: amounts
                    for side, holdings in held.of(kpi).items()
                    if (kpi not in above or side in above[kpi])
                    and (
                        amounts := breakdown_releases.decide(
                            side,
                            holdings,
                            content,
                            known,
                            homes if by.national else (),
                            _hidden(above.get(kpi, {}).get(side, {})),
                        )
                    )
                    is not None
                }
                sides[kpi] = [_breakdown(kpi, side, amounts) for side, amounts in told[kpi].items()]
        made = [row for kpi, of in sides.items() for side in of for row in _side(kpi, side)]
        asked = FigureRequest(session, frame, by, shown, sides)
        made += [row for code in COMPUTED_FIGURES | DOMAIN_FIGURES for row in _computed(code, asked)]
        made += published
        alike = [audience, *_countries(figures)] if audience == OUTSIDE else [audience]
        rows += [{"audience": name, **row} for name in alike for row in made]
    return rows


def _countries(figures: Rows) -> list[str]:
    return sorted({row["audience"] for row in figures} - {CENTRE, LEADERSHIP, OUTSIDE})


def _row(kpi: str, dimension: str, code: str, value: float | None, unit: str, **more: Any) -> Row:
    stored = None if value is None else float(value)
    made = {"kpi": kpi, "dimension": dimension, "code": code, "value": stored, "unit": unit}
    return made | {"n": None, "of": None, "qualifier": "=", "suppressed": "", "notes": []} | more


# --------------------------------------------------------------------------------------------------- breakdowns


def _hidden(amounts: Mapping[str, int | None]) -> frozenset[str]:
    return frozenset(code for code, amount in amounts.items() if amount is None)


def _breakdown(kpi: Kpi, side: str, amounts: Mapping[str, int | None]) -> Breakdown:
    parts = [(code, amount) for code, amount in amounts.items() if amount is not None and code != REST]
    ordered = tuple(sorted(parts, key=lambda part: (-part[1], part[0])))
    listed = code_lists(CATALOGUE[kpi].lines.kind).get(side, "")
    return Breakdown(side, listed, ordered, amounts.get(REST, 0) or 0, _hidden(amounts))


def _side(kpi: Kpi, found: Breakdown) -> Iterable[Row]:
    unit = CATALOGUE[kpi].unit
    for code, amount in (*found.parts, *([(REST, found.rest)] if found.rest else [])):
        yield _row(kpi, SIDE, f"{found.side} {code}".strip(), amount, unit)
    if found.hidden:
        yield _row(kpi, SIDE, f"{found.side} {HIDDEN}", None, unit, n=len(found.hidden), suppressed=LINKED)


def _content(rows: Rows, kpi: Kpi, entry: int, level: Level) -> SnapshotContent:
    """Return what rows of one audience tell of a figure: its total, countries, parts of its share, codes by side."""

    def cells(dimension: str, of: Kpi = kpi) -> dict[str, float | None]:
        return {row["code"]: row["value"] for row in rows if row["kpi"] == of and row["dimension"] == dimension}

    share = SHARES.get(kpi)
    named = {row["code"] for row in rows if share and row["kpi"] == share[0] and row["dimension"] == PART}
    parts = frozenset(part.name for part in (share[1].parts if share else ()) if part.name[:40] in named)
    codes: dict[str, set[str]] = {}
    for code, amount in cells(SIDE).items():
        side, _space, name = code.partition(" ")
        if amount is not None:
            codes.setdefault(side, set()).add(name)
    countries = {country: amount is not None for country, amount in cells(BY_COUNTRY).items()}
    return SnapshotContent(entry, level, cells(TOTAL).get("") is not None, countries, parts, codes)


def _contents(session: Session, operation: plan.Operation) -> dict[str, list[dict[Kpi, SnapshotContent]]]:
    """Return what each earlier snapshot told leadership and outside of each figure, oldest first, dropped ones too."""
    query = select(Snapshot).where(Snapshot.operation_id == operation.id).order_by(col(Snapshot.number))
    of = select(SnapshotFigure).where(
        SnapshotFigure.operation_id == operation.id, col(SnapshotFigure.audience).in_((LEADERSHIP, OUTSIDE))
    )
    rows: dict[tuple[Any, str], list[dict[str, Any]]] = {}
    for row in session.exec(unscoped(of)):
        rows.setdefault((row.snapshot_id, row.audience), []).append(row.model_dump())
    known: dict[str, list[dict[Kpi, SnapshotContent]]] = {}
    for snapshot in session.exec(unscoped(query)).all():
        for audience in (LEADERSHIP, OUTSIDE):
            of_it = rows.get((snapshot.id, audience), [])
            kpis = {row["kpi"] for row in of_it}
            known.setdefault(audience, []).append(
                {kpi: _content(of_it, kpi, snapshot.entry, Level(snapshot.level)) for kpi in COUNTED if kpi in kpis}
            )
    return known


# ---------------------------------------------------------------------------------- computed figures, public numbers


def _computed(code: str, asked: FigureRequest) -> Iterable[Row]:
    if code in UNFROZEN:
        return
    if code in COMPUTED_FIGURES:
        figure, value = COMPUTED_FIGURES[code], disclosed_value(COMPUTED_FIGURES[code], asked)
    else:
        figure, value = DOMAIN_FIGURES[code], domain_figures.disclosed_value(DOMAIN_FIGURES[code], asked)
    if value.hidden:
        return
    for currency, amount in value.sums.items():
        yield _row(code, COMPUTED, currency, amount, currency, notes=_notes(value))
    if not value.sums and (value.value is not None or (figure.unit == _HOURS and value.notes)):
        yield _row(code, COMPUTED, "", value.value, figure.unit, n=value.part, of=value.whole, notes=_notes(value))


def _notes(value: MeasuredValue) -> list[dict[str, Any]]:
    gaps = [Flaw("", gap.rests.words, {"share": f"{gap.share * 100:.0f}\u202f%"}) for gap in value.gaps]
    return [sentence_json(note) for note in (*gaps, *value.notes)]


def _published(past: PastOperation) -> Iterable[Row]:
    """Yield the numbers of the public release, each with the words and the source that it had."""
    for place, figure in enumerate(past.leading):
        named = figure.model_dump(mode="json", by_alias=True)
        kpi = str(figure.kpis[0]) if figure.kpis else ""
        yield _row(kpi, PUBLISHED, f"{place:02}", figure.value, figure.unit, qualifier=figure.qualifier, notes=[named])


def published_figure(row: SnapshotFigure) -> PublishedFigure:
    """Return a number of the public release from its row."""
    return PublishedFigure.model_validate(row.notes[0])
