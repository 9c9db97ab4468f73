"""Details of a snapshot in words: breakdowns, computed figures and the public release, for page, PDF and workbook."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dashboard.parts import published_text
from dashboard.parts.breakdown_words import code_words, side_words
from dashboard.parts.figure_text import Tile, share_range
from dashboard.parts.money import sum_words
from dashboard.parts.snapshot_figures import of, row_words
from dashboard.wording import UNDEFINED, _, ngettext, number, said
from operations.catalogue.intervals import share_interval
from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.figures.breakdowns import code_lists
from operations.figures.domain_figures import DOMAIN_FIGURES
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from operations.results.disclosed_figures import TOTAL
from operations.results.past_operations.publications import PublishedFigure
from operations.results.snapshot_details import COMPUTED, HIDDEN, PUBLISHED, SIDE, published_figure
from operations.results.snapshot_rows import SnapshotFigure


class DetailTable(NamedTuple):
    """A table of details: its title, its headings, and its cells in words."""

    title: str
    heads: list[str]
    cells: list[list[str]]


def detail_tables(rows: Sequence[SnapshotFigure], words: Sequence[Tile]) -> list[DetailTable]:
    """Return the tables of a snapshot's details for one audience, without empty ones; `words` have the caveats."""
    caveats = {each.kpi: "; ".join(each.caveats) for each in words}
    made = (
        DetailTable(_("Breakdowns"), [_("Key figure"), _("By"), _("Of these"), _("Number")], _sides(rows, caveats)),
        DetailTable(_("Further figures"), [_("Key figure"), _("Value"), _("Unit"), _("Notes")], _computed(rows)),
        DetailTable(
            _("Public release"), [_("Figure"), _("As published"), _("Counted here"), _("Source")], _published(rows)
        ),
    )
    return [table for table in made if table.cells]


def _sides(rows: Sequence[SnapshotFigure], caveats: Mapping[Kpi, str]) -> list[list[str]]:
    cells = []
    for kpi, found in _by_kpi(rows, SIDE):
        kind = CATALOGUE[kpi].lines.kind
        figure = " · ".join(filter(None, (_(CATALOGUE[kpi].name), caveats.get(kpi))))
        for row in sorted(found, key=lambda row: (row.code.split(" ")[0], row.value is None, -(row.value or 0))):
            side, _space, code = row.code.partition(" ")
            if code == HIDDEN:
                name, amount = ngettext("{n} more", "{n} more", row.n or 0), _("hidden")
            else:
                name = code_words(code_lists(kind).get(side, ""), code) if code else _("Not told")
                amount = number(row.value)
            cells.append([figure, side_words(kind, side), name, amount])
    return cells


def _by_kpi(rows: Sequence[SnapshotFigure], dimension: str) -> list[tuple[Kpi, list[SnapshotFigure]]]:
    found: dict[Kpi, list[SnapshotFigure]] = {}
    for (kpi, _code), row in of(rows, dimension).items():
        found.setdefault(kpi, []).append(row)
    return [(kpi, found[kpi]) for kpi in Kpi if kpi in found]


def _computed(rows: Sequence[SnapshotFigure]) -> list[list[str]]:
    known = {row.kpi: row for row in rows if row.dimension == COMPUTED and not row.code}
    sums: dict[str, dict[str, float]] = {}
    for row in rows:
        if row.dimension == COMPUTED and row.code:
            sums.setdefault(row.kpi, {})[row.code] = row.value or 0.0
            known[row.kpi] = row
    cells = []
    for kpi, figure in (COMPUTED_FIGURES | DOMAIN_FIGURES).items():
        if kpi in known:
            value = sum_words(sums[kpi], figure.digits) if kpi in sums else number(known[kpi].value, figure.digits)
            notes = (*share_range(share_interval(known[kpi].n, known[kpi].of)), *map(said, known[kpi].notes))
            cells.append([_(figure.name), value, _(figure.unit), "; ".join(notes)])
    return cells


def _published(rows: Sequence[SnapshotFigure]) -> list[list[str]]:
    cells = []
    for row in sorted((row for row in rows if row.dimension == PUBLISHED), key=lambda row: row.code):
        figure = published_figure(row)
        names = published_text.figure_name(figure), published_text.much_of(figure)
        cells.append([*names, _counted(rows, row.kpi, figure), figure.source.title])
    return cells


def _counted(rows: Sequence[SnapshotFigure], kpi: str, figure: PublishedFigure) -> str:
    """Return what this snapshot counts of a published number; "—" where it is only a part of a figure, or of none."""
    if figure.part_of or figure.country or figure.phase or figure.count or figure.since:
        return UNDEFINED
    total = next((row for row in rows if row.kpi == kpi and row.dimension == TOTAL), None)
    computed = next((row for row in rows if row.kpi == kpi and row.dimension == COMPUTED and not row.code), None)
    return number(computed.value) if computed is not None else row_words(total)
