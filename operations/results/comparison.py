"""Two snapshots side by side, like for like or not at all: what a difference of figures may be called a change.

Where other countries took part, only the sums of those that took part in both are compared; where other checks or
databases were counted, or a number is hidden, nothing is, and it is said why. Rates and shares stand on all countries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import Session, col, select

from operations.catalogue.kpis import COUNTED, Kpi
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
    """One figure in both: what it was and what it is, or why the two are not compared.

    `kinds`: which checks and databases were counted then and now, where these are others. `qualifiers`: codes of
    CL-QUAL, as each was told. `gaps`: why what it was and what it is cannot be relied on.
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
        """The difference as a share of what it was; None of nothing, and where the two are not compared."""
        if self.before is None or self.after is None or not self.before:
            return None
        return (self.after - self.before) / self.before


@dataclass(frozen=True)
class Comparison:
    """Two snapshots compared. `refused`: why none of their figures are; `countries` are those of both, where others
    took part as well."""

    before: Snapshot
    refused: Flaw | None
    figures: tuple[FigureComparison, ...] = ()
    countries: tuple[str, ...] = ()


def earlier(session: Session, snapshot: Snapshot, operation: plan.Operation) -> list[tuple[Snapshot, plan.Operation]]:
    """What a snapshot can be put beside, of all that the asker may see: the edition before first, then the newest.

    That are snapshots that were published, of the same operation before this one, and of other operations of its kind.
    """
    told = (col(Snapshot.published_at).is_not(None), Snapshot.id != snapshot.id)
    of = select(Snapshot, plan.Operation).join(plan.Operation, col(plan.Operation.id) == col(Snapshot.operation_id))
    found = [
        (each, owner)
        for each, owner in session.exec(of.where(*told, plan.Operation.type == operation.type)).all()
        if each.operation_id != operation.id or each.number < snapshot.number
    ]
    return sorted(found, key=lambda pair: (_distance(snapshot, operation, *pair), -pair[0].taken_at.timestamp()))


def _distance(snapshot: Snapshot, operation: plan.Operation, other: Snapshot, owner: plan.Operation) -> int:
    if other.id == snapshot.supersedes_id:
        return 0
    edition_before = owner.code_name == operation.code_name and owner.edition == operation.edition - 1
    return 1 if edition_before else 2 if owner.id == operation.id else 3


def compared(
    session: Session, snapshot: Snapshot, before_id: UUID, operation: plan.Operation, audience: str
) -> Comparison | None:
    """A snapshot beside an earlier one, as one audience may see both; None where there is no such earlier one."""
    found = next((pair for pair in earlier(session, snapshot, operation) if pair[0].id == before_id), None)
    if found is None:
        return None
    before, _owner = found
    kept = [figures_of(session, each.id, audience) for each in (before, snapshot)]
    then, now = map(_by_place, kept)
    if not then:
        return Comparison(before, Flaw("", N_("You have no figures of the earlier snapshot: nothing is compared.")))
    if before.level != snapshot.level:
        said = N_("One holds figures of level {before} and the other of level {after}: they are not compared.")
        return Comparison(
            before, Flaw("", said, {"before": Level(before.level).name, "after": Level(snapshot.level).name})
        )
    both = sorted({*before.basis["countries"]} & {*snapshot.basis["countries"]})
    if not both:
        return Comparison(before, Flaw("", N_("No country took part in both: their figures are not compared.")))
    same = before.basis["countries"] == snapshot.basis["countries"]
    in_both = {kpi for kpi, *_place in then} & {kpi for kpi, *_place in now}
    of_then, of_now = map(disclosed_figures, kept)
    figures = tuple(
        replace(
            _figure(kpi, before, snapshot, then, now, None if same else both),
            gaps=(of_then[kpi].gaps if kpi in of_then else (), of_now[kpi].gaps if kpi in of_now else ()),
        )
        for kpi in Kpi
        if kpi.value in in_both
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
    """`countries`: those of both where others took part as well; None where the same did."""
    kinds = [each.basis["of"].get(kpi.value, []) for each in (before, after)]
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
    """As what the sum of some cells was told: as the first of them that was not told exactly."""
    cells = (rows.get((kpi.value, dimension, code)) for code in codes)
    return next((cell.qualifier for cell in cells if cell is not None and cell.qualifier != "="), "=")


def _value(rows: Figures, kpi: Kpi, dimension: str, codes: Sequence[str]) -> float | None:
    """The sum of some cells; None where one of them is hidden or not told at all."""
    cells = [rows.get((kpi.value, dimension, code)) for code in codes]
    if any(cell is None or cell.value is None for cell in cells):
        return None
    return sum(cell.value or 0.0 for cell in cells if cell is not None)
