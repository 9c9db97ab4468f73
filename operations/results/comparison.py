"""Comparison of two snapshots, like for like or not at all: which differences may be called a change.

Where other countries took part, only the sums of those that took part in both are compared. Where other checks or
databases were counted, or a number is hidden, nothing is compared, and the reason is given. Rates and shares are
compared only where the same countries took part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import Session, col, select

from operations.catalogue.kpis import CATALOGUE, COUNTED, Kpi
from operations.catalogue.line_selection import CountingUnit
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.vocabulary import Level
from operations.figures.values import Gap
from operations.policing.operation import plan
from operations.results.disclosed_figures import BY_COUNTRY, TOTAL
from operations.results.disclosed_figures import figures as disclosed_figures
from operations.results.snapshot_rows import Snapshot, SnapshotFigure, figures_of

Figures = Mapping[tuple[str, str, str], SnapshotFigure]


@dataclass(frozen=True)
class FigureComparison:
    """One figure in both snapshots, with its earlier and later value, or the reason why they are not compared.

    `kinds`: the checks and databases counted then and now, where they differ. `qualifiers`: codes of CL-QUAL, as each
    was published. `gaps`: the missing fields that make each value unreliable.
    """

    kpi: Kpi
    before: float | None = None
    after: float | None = None
    why_not: Flaw | None = None
    kinds: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    qualifiers: tuple[str, str] = ("=", "=")
    gaps: tuple[tuple[Gap, ...], tuple[Gap, ...]] = ((), ())

    @property
    def change(self) -> float | None:
        """The difference as a share of the earlier value; None where that is 0, or the two are not compared."""
        if self.before is None or self.after is None or not self.before:
            return None
        return (self.after - self.before) / self.before


@dataclass(frozen=True)
class Comparison:
    """Two snapshots compared. `refused`: why none of their figures are compared.

    `countries`: those that took part in both, where the rest differ.
    """

    before: Snapshot
    refused: Flaw | None
    figures: tuple[FigureComparison, ...] = ()
    countries: tuple[str, ...] = ()


def earlier(session: Session, snapshot: Snapshot, operation: plan.Operation) -> list[tuple[Snapshot, plan.Operation]]:
    """Return the published snapshots to compare one with that the asker may see: the edition before first, then newest.

    These are earlier snapshots of the same operation, and snapshots of other operations of its kind.
    """
    told = (col(Snapshot.published_at).is_not(None), Snapshot.id != snapshot.id)
    of = select(Snapshot, plan.Operation).join(plan.Operation, col(plan.Operation.id) == col(Snapshot.operation_id))
    candidates = [
        (other, owner)
        for other, owner in session.exec(of.where(*told, plan.Operation.type == operation.type)).all()
        if other.operation_id != operation.id or other.number < snapshot.number
    ]
    return sorted(candidates, key=lambda pair: (_distance(snapshot, operation, *pair), -pair[0].taken_at.timestamp()))


def _distance(snapshot: Snapshot, operation: plan.Operation, other: Snapshot, owner: plan.Operation) -> int:
    if other.id == snapshot.supersedes_id:
        return 0
    edition_before = owner.code_name == operation.code_name and owner.edition == operation.edition - 1
    return 1 if edition_before else 2 if owner.id == operation.id else 3


def compared(
    session: Session, snapshot: Snapshot, before_id: UUID, operation: plan.Operation, audience: str
) -> Comparison | None:
    """Return a snapshot compared with an earlier one as an audience may see both; None if there is no such one."""
    pair = next((pair for pair in earlier(session, snapshot, operation) if pair[0].id == before_id), None)
    if pair is None:
        return None
    before, _owner = pair
    kept = [figures_of(session, kept_snapshot.id, audience) for kept_snapshot in (before, snapshot)]
    then, now = map(_by_place, kept)
    if not then:
        return Comparison(
            before, Flaw("", N_("You cannot see the figures of the earlier snapshot, so nothing is compared."))
        )
    if before.level != snapshot.level:
        said = N_("One holds figures of level {before} and the other of level {after}: they are not compared.")
        return Comparison(
            before, Flaw("", said, {"before": Level(before.level).name, "after": Level(snapshot.level).name})
        )
    both = sorted({*before.basis["countries"]} & {*snapshot.basis["countries"]})
    if not both:
        return Comparison(before, Flaw("", N_("No country took part in both: their figures are not compared.")))
    same = before.basis["countries"] == snapshot.basis["countries"]
    told = [{kpi for kpi, dimension, _code in rows if dimension == TOTAL} for rows in (then, now)]
    in_both = told[0] & told[1]
    of_then, of_now = map(disclosed_figures, kept)
    figures = tuple(
        replace(
            _figure(kpi, before, snapshot, then, now, None if same else both),
            gaps=(of_then[kpi].gaps if kpi in of_then else (), of_now[kpi].gaps if kpi in of_now else ()),
        )
        for kpi in Kpi
        if kpi.value in in_both and CATALOGUE[kpi].counting is not CountingUnit.APART
    )
    return Comparison(before, None, figures, () if same else tuple(both))


def _by_place(rows: Sequence[SnapshotFigure]) -> Figures:
    return {(row.kpi, row.dimension, row.code): row for row in rows}


_HIDDEN = Flaw("", N_("not comparable: a number is hidden from you"))
_KINDS = Flaw("", N_("not comparable: other checks or databases were counted"))
_OTHERS = Flaw("", N_("not comparable: other countries took part"))


def _figure(
    kpi: Kpi, before: Snapshot, after: Snapshot, then: Figures, now: Figures, countries: Sequence[str] | None
) -> FigureComparison:
    """Compare one figure. `countries`: those of both, where others took part too; None where the same did."""
    kinds = [snapshot.basis["of"].get(kpi.value, []) for snapshot in (before, after)]
    if kpi in COUNTED and kinds[0] != kinds[1] and all(kinds):
        return FigureComparison(kpi, why_not=_KINDS, kinds=(tuple(kinds[0]), tuple(kinds[1])))
    if countries is not None and kpi not in COUNTED:
        return FigureComparison(kpi, why_not=_OTHERS)
    of = (kpi, TOTAL, [""]) if countries is None else (kpi, BY_COUNTRY, countries)
    sums = [_value(rows, *of) for rows in (then, now)]
    if kpi in COUNTED and None in sums:
        return FigureComparison(kpi, why_not=_HIDDEN if countries is None else _OTHERS)
    return FigureComparison(
        kpi, before=sums[0], after=sums[1], qualifiers=(_qualifier(then, *of), _qualifier(now, *of))
    )


def _qualifier(rows: Figures, kpi: Kpi, dimension: str, codes: Sequence[str]) -> str:
    """Return the qualifier of a sum of cells: that of the first cell that is not exact."""
    cells = (rows.get((kpi.value, dimension, code)) for code in codes)
    return next((cell.qualifier for cell in cells if cell is not None and cell.qualifier != "="), "=")


def _value(rows: Figures, kpi: Kpi, dimension: str, codes: Sequence[str]) -> float | None:
    """Return the sum of some cells; None where one of them is hidden or missing."""
    cells = [rows.get((kpi.value, dimension, code)) for code in codes]
    if any(cell is None or cell.value is None for cell in cells):
        return None
    return sum(cell.value or 0.0 for cell in cells if cell is not None)
