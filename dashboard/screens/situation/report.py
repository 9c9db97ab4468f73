"""Situation report: the situation of one operation as a paper, in a tactical and an executive cut.

It has the figures of the screen for its reader, read at the same moment, and is entered in the access trail before it
is delivered: whoever took it along is told when a figure of it is restated.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from dash.development.base_component import Component
from fastapi import APIRouter, Response
from sqlmodel import Session

from dashboard.papers import paper_process, plan_drawing
from dashboard.papers.downloads import MAKERS, MEDIA, By, Spoken, download_response
from dashboard.papers.paper import (
    Block,
    Bullets,
    Drawing,
    Facts,
    Heading,
    KeyFigure,
    Paper,
    PaperTable,
    Paragraph,
    Tiles,
)
from dashboard.papers.sheet_order import Order, PaperSize
from dashboard.parts import plan_paper
from dashboard.parts.country_status import reports_due
from dashboard.parts.datetimes import moment_of
from dashboard.parts.figure_text import Tile
from dashboard.parts.file_button import file_button
from dashboard.parts.kpi_board import BoardChoice, BoardReading, chart_figures, default_level, read_situation
from dashboard.parts.phase_timeline import phase_label
from dashboard.screens.situation import past
from dashboard.screens.situation.headlines import leading
from dashboard.screens.situation.results import by_name, fill_gaps, level_words, long_day, shown
from dashboard.server.access import current_request
from dashboard.server.lazy_modules import reference
from dashboard.telling.names import names_for
from dashboard.telling.sentences import entry_sentence
from dashboard.wording import _, ago, coded, day_span, in_language, joined, language, moment, ngettext, number
from operations.catalogue.kpis import CATALOGUE
from operations.claims import claim_rows
from operations.claims.claim_rows import Claim
from operations.claims.claim_states import ClaimState
from operations.core.clock import now, official_day
from operations.core.errors import NotFound
from operations.core.history import as_of
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.store import Store
from operations.core.vocabulary import Level
from operations.figures.board import reports_over
from operations.policing.calendar import tasks
from operations.policing.operation import plan
from operations.results import restatements

TACTICAL, EXECUTIVE = "tactical", "executive"
_MAP = (166.0, 84.0)
_EVENTS, _DAYS = 15, 14
_AHEAD = timedelta(hours=24)
_WAITING = (ClaimState.SUSPECTED, ClaimState.OPEN)


def address(operation_id: UUID | str, cut: str, form: str = "pdf", at: str = "") -> str:
    """Return the URL of a report at the level that figures are told at by default; `at`: as of a moment of the past."""
    said = f"?{urlencode({'at': at})}" if at else ""
    return f"/export/operations/{operation_id}/situation/{cut}.{form}{said}"


def buttons(operation: plan.Operation, by: Actor, at: str = "") -> list[Component]:
    """Return the buttons that ask for the report, for those who may take figures along; a wall screen has none."""
    if current_request().only is not None or not may(by, Act.OPERATION_EXPORT, plan.subject(operation)):
        return []
    names = (
        (TACTICAL, "pdf", _("Situation report")),
        (EXECUTIVE, "pdf", _("Short situation report")),
        (TACTICAL, "docx", _("Situation report as Word document")),
    )
    look = "file-way m-small"
    return [file_button(words, address(operation.id, cut, form, at), look) for cut, form, words in names]


def paper(
    session: Session, operation: plan.Operation, by: Actor, cut: str, level: str, at: str = ""
) -> tuple[Paper, Order, dict[str, Any]]:
    """Return the report without its map, the order of the map, and the level and entry of its figures.

    All of it is as of the moment `at`, where one is given. Raises RuleBroken where nothing was known then.
    """
    level = level or default_level(session, operation, at)
    choice = BoardChoice.of(level, "", None, by, chart_figures(session, operation))
    moment_then = past.look(session, operation, choice, by, at)
    with as_of(session, moment_then.told.seq if moment_then else None):
        return _written(session, operation, by, cut, choice)


def _written(
    session: Session, operation: plan.Operation, by: Actor, cut: str, choice: BoardChoice
) -> tuple[Paper, Order, dict[str, Any]]:
    read = read_situation(session, operation, choice, by)
    whole = cut == TACTICAL
    lead = leading(operation.type)
    told = [tile for tile in read.tiles if read.stands(tile.kpi) and (whole or tile.kpi in lead)]
    told.sort(key=lambda tile: lead.index(tile.kpi) if tile.kpi in lead else len(lead))
    blocks: list[Block] = [
        Facts(_about(read)),
        *(
            [Paragraph(_("Includes results that no country has validated"), "warning")]
            if choice.level < Level.V3
            else []
        ),
        *([Paragraph(f"{_('Partly invented.')} {operation.invented}", "warning")] if operation.invented else []),
        Heading(_("Key figures")),
        Tiles([_figure(tile) for tile in told]),
        Heading(_("Silent for 24 hours")),
        *_silent(read),
        Heading(_("Results by country")),
        *_by_country(read),
    ]
    if whole:
        blocks += [Heading(_("Results by official day")), *_by_day(read)]
        blocks += [Heading(_("What just happened")), *_events(read)]
        blocks += [Heading(_("Claims")), *_claims(claim_rows.claims(session, operation.id))]
    blocks += [Heading(_("Next 24 hours")), *_ahead(session, read)]
    title = _("Situation report") if whole else _("Short situation report")
    said = Paper(
        title,
        operation.title,
        coded("CL-CLASS", operation.classification),
        blocks,
        number=plan_paper.date_time_group(read.at),
        foot=_("entry {entry}", entry=number(read.board.seq)),
    )
    taken = {"level": choice.level.name, "entry": read.board.seq}
    return said, plan_paper.order(session, operation, by, PaperSize.A4, None), taken


def file(said: Paper, order: Order, form: str) -> bytes:
    """Return the report as a file, with the map after its figures."""
    with in_language(said.language):
        map_ = plan_drawing.svg(order, *_MAP)
        blocks = list(said.blocks)
        if map_:
            at = next(place for place, block in enumerate(blocks) if isinstance(block, Tiles)) + 1
            names = joined([thing.name for thing in order.things])
            alt = _("Map of the plan: {names}", names=names)
            notes = f"{order.version}\n{_(reference.DISCLAIMER)} {_(reference.ATTRIBUTION)}"
            blocks[at:at] = [Heading(_("Map")), Drawing(map_, alt, notes)]
        return MAKERS[form](Paper(**{**vars(said), "blocks": blocks}))


def _about(read: BoardReading) -> list[tuple[str, str]]:
    operation, level = read.operation, read.choice.level
    days = [day for day, *_values in read.days]
    first, last = (min(days), max(days)) if days else ("", "")
    validated = _(
        "{done} of {all} countries validated",
        done=number(read.board.countries_validated),
        all=number(read.board.countries_taking_part),
    )
    zone = operation.zone
    span = [phase for phase in read.phases if phase.starts <= read.at < phase.ends]
    return [
        (_("As of"), moment(read.board.moved or read.board.as_of, zone)),
        (_("Level"), f"{level.name} {coded('CL-LEVEL', level.name)}"),
        (_("State"), f"{coded('CL-OPSTATE', operation.state)} · {validated}"),
        *([(_("Period"), f"{long_day(first)} – {long_day(last)}")] if days else []),
        *[
            (phase_label(phase), day_span(official_day(phase.starts, zone), official_day(phase.ends, zone)))
            for phase in span
        ],
    ]


def _figure(tile: Tile) -> KeyFigure:
    return KeyFigure(
        tile.name,
        tile.number,
        tile.unit,
        f"{tile.level.name} · {coded('CL-STATUS', tile.status)}",
        tile.as_of,
        [said for said in (tile.goal, *tile.notes, tile.unverified) if said],
        tile.remarks,
    )


def _silent(read: BoardReading) -> list[Block]:
    if reports_over(read.phases, read.at):
        return [Paragraph(_("The reporting is over"))]
    if not read.sites_known:
        return [Paragraph(_("No sites yet"))]
    note: list[Block] = []
    if not reports_due(read.phases, read.at):
        note = [Paragraph(_("No phase with reports runs now."), "quiet")]
    if not read.silent:
        return [*note, Paragraph(_("Everybody has reported"))]
    never = _("never")
    rows = [
        [
            coded("CL-COUNTRY", each.country),
            ngettext(
                "{silent} of {all} site",
                "{silent} of {all} sites",
                each.of,
                silent=number(len(each.sites)),
                all=number(each.of),
            ),
            " · ".join(f"{name} ({never if last is None else ago(last)})" for name, last in each.sites),
        ]
        for each in read.silent
    ]
    return [*note, PaperTable([_("Country"), _("Sites"), _("Last report")], rows, (0.24, 0.2, 0.56))]


def _bars(first: str, read: BoardReading, rows: Sequence[tuple[str, int | None, int | None]]) -> list[Block]:
    """Return numbers with their bars, under the name and the warnings of their figure."""
    figure = CATALOGUE[read.choice.figure]
    top = max((sum(value or 0 for value in values) for _name, *values in rows), default=0) or 1
    at, under = level_words(read.choice.level)
    cells = [
        [name, ((verified or 0) / top, (below or 0) / top), shown(verified), shown(below)]
        for name, verified, below in rows
    ]
    said = [Paragraph(f"{_(figure.name)} · {_(figure.unit)}", "quiet")]
    care = [Paragraph(" · ".join(read.chosen.caveats), "warning")] if read.chosen.caveats else []
    if not rows:
        return [*said, *care, Paragraph(_("Nothing of this was reported yet."))]
    return [*said, *care, PaperTable([first, _("Chart"), at, under], cells, (0.27, 0.33, 0.17, 0.23), (2, 3))]


def _by_country(read: BoardReading) -> list[Block]:
    named = by_name(read.countries, language())
    return _bars(_("Country"), read, [(name, row.verified, row.unverified) for name, row in named])


def _by_day(read: BoardReading) -> list[Block]:
    days = fill_gaps(read.days)[-_DAYS:]
    return _bars(_("Official day"), read, [(long_day(day), verified, below) for day, verified, below in days])


def _events(read: BoardReading) -> list[Block]:
    entries = read.entries[:_EVENTS]
    names = names_for(entries, language(), read.operation.zone, read.sites)
    if not entries:
        return [Paragraph(_("Nothing has happened yet"))]
    rows = [[moment(entry.at, read.operation.zone), entry_sentence(entry, names)] for entry in entries]
    return [PaperTable([_("When"), _("What")], rows, (0.36, 0.64))]


def _claims(found: Sequence[Claim]) -> list[Block]:
    waiting = [claim for claim in found if claim.state in _WAITING]
    if not waiting:
        return [Paragraph(_("No claim waits."))]
    rows = [
        [
            str(claim.named),
            coded("CL-LINE", claim.line_kind),
            joined([coded("CL-COUNTRY", code) for code in claim.parties]),
            ago(claim.suspected_at),
        ]
        for claim in waiting
    ]
    return [PaperTable([_("Number"), _("Kind"), _("Countries"), _("When")], rows, (0.12, 0.28, 0.4, 0.2))]


def _ahead(session: Session, read: BoardReading) -> list[Block]:
    """Return what begins, ends or is due within a day, by time."""
    zone, until = read.operation.zone, read.at + _AHEAD
    coming = [
        (at, words)
        for phase in read.phases
        for at, words in (
            (phase.starts, _("{name} begins", name=phase_label(phase))),
            (phase.ends, _("{name} ends", name=phase_label(phase))),
        )
    ]
    coming += [
        (task.due, _("Task due: {title}", title=task.title))
        for task in tasks.tasks(session, read.operation.id)
        if task.state not in ("done", "cancelled")
    ]
    rows = [f"{moment(at, zone)}: {words}" for at, words in sorted(coming) if read.at <= at < until]
    return [Bullets(rows)] if rows else [Paragraph(_("Nothing begins, ends or is due."))]


def report(
    store: Store, operation_id: UUID, cut: str, level: str, code: str, by: Actor, form: str = "pdf", at: str = ""
) -> tuple[bytes, str]:
    """Return the file and its name. Raises NotFound, NotPermitted, RuleBroken."""
    if cut not in (TACTICAL, EXECUTIVE) or form not in MAKERS:
        raise NotFound
    with in_language(code), store.reading(by) as session:
        operation = plan.operation(session, operation_id, by)
        require(by, Act.OPERATION_EXPORT, plan.subject(operation))
        said, order, taken = paper(session, operation, by, cut, level, at)
    content = paper_process.run_in_process(file, said, order, form)
    with store.unit_of_work(by) as session:
        owner = plan.operation(session, operation_id, by)
        restatements.take_along(session, owner, by, **taken, format=form, cut=cut)
    moment_told = moment_of(at) if at else now()
    return content, f"muster-situation-{cut}-{moment_told:%Y%m%d-%H%M}.{form}"


def router(store: Store) -> APIRouter:
    """POST /export/operations/{id}/situation/{cut}.pdf and .docx: `level` V1 to V4, `at` a moment, `lang`."""
    routes = APIRouter()

    @routes.post("/export/operations/{operation_id}/situation/{cut}.{form}")
    def situation_report(
        operation_id: str, cut: str, form: str, by: By, code: Spoken, level: str = "", at: str = ""
    ) -> Response:
        """Serve the report."""
        try:
            ident = UUID(operation_id)
        except ValueError:
            raise NotFound from None
        wanted = level if level in Level.__members__ else ""
        content, name = report(store, ident, cut, wanted, code, by, form, at)
        return download_response(content, name, MEDIA[form])

    return routes
