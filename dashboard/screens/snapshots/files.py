"""Publication pack: a signed snapshot as disclosed to the public, as a PDF and as a workbook.

It holds the figures of the public audience, whoever asks, with wording, embargo, method and the comparison with an
earlier snapshot. Each is entered in the access trail before it is delivered.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import Session

from dashboard.papers import paper_process, plan_drawing, release, typesetter
from dashboard.papers.downloads import By, download_response, file_name
from dashboard.papers.tables import Cell, TableFile, TableFormat, as_xlsx
from dashboard.parts import snapshot_figures
from dashboard.parts.snapshot_details import detail_tables
from dashboard.screens.snapshots.words import (
    compared_rows,
    countries_words,
    country_words,
    heads,
    like_for_like,
)
from dashboard.wording import _, coded, in_language, moment, sentence
from operations.catalogue.kpis import CATALOGUE, COUNTED, Kpi
from operations.core import journal
from operations.core.clock import now
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import Store
from operations.core.vocabulary import Level
from operations.lazy_import import lazy_module
from operations.policing.operation import plan
from operations.results import comparison
from operations.results.disclosed_figures import APART, BY_COUNTRY, TOTAL, figures_in
from operations.results.restatements import since_edition_before
from operations.results.snapshot_rows import OUTSIDE, Snapshot, SnapshotFigure, figures_of, numbered

if TYPE_CHECKING:
    from dashboard.papers import signed_paper
else:  # its libraries take a third of a second, and most processes sign nothing
    signed_paper = lazy_module("dashboard.papers.signed_paper", ahead=False)

PDF, XLSX = "pdf", "xlsx"


def address(operation_id: UUID | str, number: int, ending: str, beside: str = "") -> str:
    """Return the URL of a pack; `beside`: the earlier snapshot that it is compared with."""
    with_it = f"?beside={beside}" if beside else ""
    return f"/export/operations/{operation_id}/snapshots/{number}.{ending}{with_it}"


def pack(store: Store, operation_id: UUID, number: int, ending: str, beside: str, by: Actor) -> tuple[bytes, str]:
    """Return one of the files and its name. Raises NotFound, also for a snapshot that is not signed by both."""
    with in_language(by.language), store.reading(by) as session:
        operation = plan.operation(session, operation_id, by)
        require(by, Act.OPERATION_EXPORT, plan.subject(operation))
        snapshot = numbered(session, operation_id, number)
        if snapshot is None or snapshot.approved_at is None:
            raise NotFound
        sheets = tables(session, snapshot, operation, beside, numbers=ending == XLSX)
        countries, charts = snapshot.basis["countries"], _charts(figures_of(session, snapshot.id, OUTSIDE))
        marked = marking(snapshot, operation)
        reason = _(
            "Signed by {coordinator} for the coordination and by {leader} for the leadership. Fingerprint {hash}.",
            coordinator=snapshot.signed_name,
            leader=snapshot.approved_name,
            hash=snapshot.content_hash[:16],
        )
    if ending == PDF:
        maps = paper_process.run_in_process(plan_drawing.country_maps, countries, by.language, *release.MAP)
        with in_language(by.language):
            said = release.paper(sheets, marked, maps, charts)
        content = signed_paper.signed(typesetter.pdf(said), reason)
    else:
        content = paper_process.run_in_process(as_xlsx, sheets, by.language)
    with store.unit_of_work(by) as session:
        journal.record_download(
            session,
            by,
            Act.OPERATION_EXPORT,
            None,
            ending,
            operation=operation_id,
            level=Level(snapshot.level).name,
            snapshot=snapshot.number,
            entry=snapshot.entry,
            known=journal.pulse(session),
        )
    return content, file_name(operation.title, "snapshot", str(number), ending=ending)


def tables(
    session: Session, found: Snapshot, operation: plan.Operation, beside: str, *, numbers: bool = False
) -> list[TableFile]:
    """Return the tables of the pack: figures, countries, method, and the comparison.

    With `numbers`, exact counts are numbers, as in a workbook; everything else is text.
    """
    rows, about = figures_of(session, found.id, OUTSIDE), _about(found, operation)
    wanted = figures_in(rows)
    total, countries = snapshot_figures.of(rows, TOTAL), snapshot_figures.of(rows, BY_COUNTRY)
    words = snapshot_figures.tiles(found, operation, rows, since_edition_before(session, found, operation))
    caveats = {each.kpi: "; ".join(each.caveats) for each in words}
    ranges = {each.kpi: each.interval for each in words}
    amounts = snapshot_figures.amount_texts(rows, APART)
    said = [
        [
            _(CATALOGUE[kpi].name),
            "; ".join(amounts[kpi]) if kpi in amounts else _value(total[kpi, ""], numbers),
            _(CATALOGUE[kpi].unit),
            "; ".join(filter(None, (caveats.get(kpi), ranges.get(kpi)))),
        ]
        for kpi in wanted
    ]
    by_country = [
        [_(CATALOGUE[kpi].name), country_words(code), _value(row, numbers), caveats.get(kpi, "")]
        for (kpi, code), row in countries.items()
    ]
    method = [[_("Wording"), found.wording], [_("Method"), found.method]]
    method += [[_(CATALOGUE[kpi].name), f"{_(CATALOGUE[kpi].formula)} {_(CATALOGUE[kpi].caution)}"] for kpi in wanted]
    sheets = [
        TableFile(about, [_("Key figure"), _("Value"), _("Unit"), _("Notes")], said, _("Key figures")),
        *(TableFile(about, table.heads, table.cells, table.title) for table in detail_tables(rows, words)),
        TableFile(about, [_("What"), _("In words")], method, _("Method")),
    ]
    if by_country:
        columns = [_("Key figure"), _("Country"), _("Value"), _("Notes")]
        sheets.insert(1, TableFile(about, columns, by_country, _("By country")))
    return [*sheets, *_comparison(session, found, operation, beside, about)]


def _charts(rows: Sequence[SnapshotFigure]) -> dict[str, list[float]]:
    """Return the length of a bar for each row of the table by country: its share of the most of that figure."""
    countries = snapshot_figures.of(rows, BY_COUNTRY)
    most: dict[str, float] = {}
    for (kpi, _code), row in countries.items():
        most[kpi] = max(most.get(kpi, 0.0), row.value or 0.0)
    return {_("By country"): [(row.value or 0.0) / (most[kpi] or 1.0) for (kpi, _code), row in countries.items()]}


def _value(row: SnapshotFigure, numbers: bool) -> Cell:
    exact = numbers and Kpi(row.kpi) in COUNTED and row.qualifier == "=" and row.value is not None
    return int(row.value or 0) if exact else snapshot_figures.row_words(row)


def _comparison(
    session: Session, found: Snapshot, operation: plan.Operation, beside: str, about: list[tuple[str, str]]
) -> list[TableFile]:
    others = comparison.earlier(session, found, operation)
    if not others:
        return []
    chosen, owner = next((pair for pair in others if str(pair[0].id) == beside), others[0])
    made = comparison.compared(session, found, chosen.id, operation, OUTSIDE)
    if made is None:
        return []
    name = _("Snapshot {number} of {operation}", number=chosen.number, operation=owner.title)
    about = [*about, (_("Compared with"), name)]
    if alike := like_for_like(made):
        about.append((_("Like for like"), alike))
    cells = [[sentence(made.refused)]] if made.refused else compared_rows(made)
    return [TableFile(about, [_("Not compared")] if made.refused else heads(), cells, _("Comparison"))]


def marking(found: Snapshot, operation: plan.Operation) -> str:
    """Return the marking of a pack: that of the operation, and "" once the snapshot is public, its embargo over."""
    public = found.published_at is not None and (found.embargo is None or found.embargo <= now())
    return "" if public else coded("CL-CLASS", operation.classification)


def _about(found: Snapshot, operation: plan.Operation) -> list[tuple[str, str]]:
    """Return the heading lines of every sheet."""
    marked = marking(found, operation)
    embargo = [(_("Embargo until"), moment(found.embargo, operation.zone))] if found.embargo else []
    left = found.basis["left_out"]
    return [
        (_("Operation"), operation.title),
        *([(_("Marking"), marked)] if marked else []),
        (_("Snapshot"), str(found.number)),
        (_("Status"), coded("CL-STATUS", found.status)),
        (_("Level"), f"{Level(found.level).name} {coded('CL-LEVEL', Level(found.level).name)}"),
        (_("As of"), moment(found.taken_at, operation.zone)),
        *embargo,
        (_("Sums are told to the public as"), coded("CL-QUAL", found.qualifier)),
        (_("Countries"), countries_words(found.basis["countries"])),
        *([(_("Reports left out"), str(left))] if left else []),
        (_("Signatures"), f"{found.signed_name}, {found.approved_name}"),
        (_("Fingerprint"), found.content_hash),
        *([(_("Partly invented."), operation.invented)] if operation.invented else []),
    ]


def router(store: Store) -> APIRouter:
    """POST /export/operations/{id}/snapshots/{number}.pdf and .xlsx; `beside` an earlier snapshot."""
    routes = APIRouter()

    @routes.post("/export/operations/{operation_id}/snapshots/{name}")
    def publication(operation_id: str, name: str, by: By, beside: str = "") -> Response:
        """Serve one of the files."""
        number, _dot, ending = name.partition(".")
        try:
            ident, wanted = UUID(operation_id), int(number)
        except ValueError:
            raise NotFound from None
        if ending not in (PDF, XLSX) or not 0 < wanted < 1_000_000:
            raise NotFound
        content, called = pack(store, ident, wanted, ending, beside, by)
        media = "application/pdf" if ending == PDF else TableFormat.XLSX.media
        return download_response(content, called, media)

    return routes
