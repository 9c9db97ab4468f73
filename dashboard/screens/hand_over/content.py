"""Content of an export: a sheet for each table, as the asker sees it on the screens, at one level and one moment.

Every sheet states operation, level, moment and status above its columns. There is no sheet for data that the asker may
not read.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from dashboard.papers.tables import Cell, TableFile
from dashboard.parts import costs
from dashboard.parts.figure_text import earlier_words, released_words, restated_words, unreliable_words
from dashboard.parts.journal_list import site_names
from dashboard.parts.kpi_board import OWN, WHOLE, BoardChoice, chart_figures, frame_of, tiles_of
from dashboard.telling.names import names_for
from dashboard.telling.sentences import entry_sentence
from dashboard.wording import N_, _, coded, language, moment_utc, number
from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.core import journal
from operations.core.clock import now
from operations.core.handling_codes import may_leave
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import Level, PlanVersionState
from operations.costs import costs as cost_verbs
from operations.costs.rows import LIFE as COST_LIFE
from operations.costs.rows import STAGES
from operations.disclosure.releases import EarlierNumber
from operations.disclosure.suppression import BoardFrame
from operations.evaluation import debrief, recommendations
from operations.figures import board
from operations.figures.board import FigureBoard
from operations.policing.calendar import tasks
from operations.policing.leads import leads
from operations.policing.map_plan import places
from operations.policing.map_plan.entry_visibility import numbered
from operations.policing.operation import boards, oplan, plan, targets
from operations.results.restatements import Restated, restated_since_export
from operations.support import deployments, intelligence, requests

MOST_ENTRIES = 100_000
"""The number of newest journal entries exported."""

Row = list[Cell]


@dataclass(frozen=True)
class WithheldRow:
    """A row that does not leave Muster because of its handling code; it is only counted."""

    code: str


@dataclass(frozen=True)
class ExportRequest:
    """Request for an export: asker, operation and level. All is read in one session, as of the journal entry `entry`.

    `restated`: the figures that differ from those last exported.
    """

    session: Session
    operation: plan.Operation
    by: Actor
    level: Level
    frame: BoardFrame
    board: FigureBoard
    entry: int
    restated: Mapping[Kpi, Restated]


def desk(session: Session, operation: plan.Operation, level: Level, by: Actor) -> ExportRequest:
    """Return the request with the board of the whole operation as the asker sees it."""
    choice = BoardChoice.of(level.name, OWN if by.national else WHOLE, None, by, chart_figures(session, operation))
    frame = frame_of(operation, choice, by)
    read, changed = board.read_board(session, frame, by), restated_since_export(session, frame, by)
    return ExportRequest(session, operation, by, choice.level, frame, read, journal.pulse(session), changed)


# -------------------------------------------------------------------------------------------------------- sheets


def _figures(of: ExportRequest) -> Iterator[Row]:
    aims = {kpi: each.value for kpi, each in targets.targets(of.session, of.operation.id).items()}
    here = boards.board_of(of.session, of.operation)
    for words in tiles_of(of.board, of.by, plan.phases(of.session, of.operation.id), aims, restated=of.restated):
        figure = of.board.figures[words.kpi]
        if words.kpi not in here:
            continue
        notes = "; ".join(each for each in (words.unreliable, *words.notes, words.goal, words.released) if each)
        exact = None if figure.hidden or figure.value is None else round(figure.value, 6)
        yield [
            words.kpi.value,
            words.name,
            words.number,
            exact,
            words.unit,
            words.level.name,
            words.unverified,
            notes,
            words.restated,
            words.why,
            _(CATALOGUE[words.kpi].formula),
        ]


def _by_country(of: ExportRequest) -> Iterator[Row]:
    for kpi in chart_figures(of.session, of.operation):
        for row in board.by_country(of.session, of.frame, kpi, of.by):
            name = coded("CL-COUNTRY", row.country)
            yield [
                _(CATALOGUE[kpi].name),
                name,
                _count(row.verified),
                _count(row.unverified),
                *_notes(of, kpi, row.earlier),
            ]


def _by_day(of: ExportRequest) -> Iterator[Row]:
    for kpi in chart_figures(of.session, of.operation):
        for day, verified, waiting in board.by_day(of.session, of.frame, kpi, of.by):
            yield [
                _(CATALOGUE[kpi].name),
                day,
                _count(verified),
                _count(waiting),
                _restated(of, kpi, day),
                *_notes(of, kpi),
            ]


def _notes(of: ExportRequest, kpi: Kpi, earlier: EarlierNumber | None = None) -> list[Cell]:
    """Return the notes on a figure: the `earlier` number of a hidden one, how reliable it is, since when it stands."""
    figure, zone = of.board.figures[kpi], of.operation.zone
    said = (earlier_words(earlier, zone), unreliable_words(figure.gaps), released_words(figure, zone))
    return ["; ".join(each for each in said if each)]


def _restated(of: ExportRequest, kpi: Kpi, day: str) -> str:
    found = of.restated.get(kpi)
    return restated_words(found, of.operation.zone, language()) if found is not None and day in found.days else ""


def _phases(of: ExportRequest) -> Iterator[Row]:
    for each in plan.phases(of.session, of.operation.id):
        yield [_code("CL-PHASE", each.kind), each.name, *map(_utc, (each.starts, each.ends))]


def _countries(of: ExportRequest) -> Iterator[Row]:
    for participation in plan.participations(of.session, of.operation.id):
        yield [
            _code("CL-COUNTRY", participation.country),
            _code("CL-PARTSTATE", participation.state),
            _code("CL-CONTRIBUTION", participation.contribution),
            *map(_utc, (participation.invited_at, participation.answered_at)),
        ]


def _sites(of: ExportRequest) -> Iterator[Row]:
    heard = board.site_activity(of.session, of.frame, of.by)
    for site in places.sites(of.session, of.operation.id):
        yield [
            site.name,
            _code("CL-COUNTRY", site.country),
            _code("CL-SITETYPE", site.site_type),
            site.lat,
            site.lon,
            _utc(heard.get(site.id)),
        ]


def _tasks(of: ExportRequest) -> Iterator[Row]:
    for each in tasks.tasks(of.session, of.operation.id):
        owner = [_code("CL-ROLE", each.role), _code("CL-COUNTRY", each.country)]
        yield [each.title, *owner, _code("CL-TASKSTATE", each.state), *map(_utc, (each.starts, each.due)), each.reason]


def _teams(of: ExportRequest) -> Iterator[Row]:
    for deployment in deployments.deployments(of.session, of.operation.id):
        yield [
            deployment.call_sign,
            _code("CL-TEAM", deployment.team_kind),
            _code("CL-COUNTRY", deployment.country),
            _code("CL-COUNTRY", deployment.host_country),
            deployment.place,
            deployment.persons,
            _code("CL-DEPLOYSTATE", deployment.state),
            *map(_utc, (deployment.starts, deployment.ends, deployment.on_site_at, deployment.ended_at)),
        ]


def _oplan(of: ExportRequest) -> Iterator[Row]:
    version = oplan.in_force(of.session, of.operation.id)
    found = oplan.sections_of(of.session, version) if version else oplan.sections(of.session, of.operation.id)
    number_ = version.number if version and version.state == PlanVersionState.APPROVED else None
    for code, each in found.items():
        yield [_code("CL-OPLAN", code), number_, _code("CL-OPLANSTATE", each.state), each.text]


def _debrief(of: ExportRequest) -> Iterator[Row]:
    found = debrief.debrief(of.session, of.operation.id)
    if found is None:
        return
    yield [_("What worked"), "", found.worked]
    yield [_("What did not work"), "", found.failed]
    for kpi, remark in found.remarks.items():
        yield [_("Remark"), _(CATALOGUE[Kpi(kpi)].name), remark]
    for lesson in debrief.lessons(of.session, of.operation.id):
        yield [_("Lesson"), "", lesson.text]
    if found.none_needed:
        yield [_("Why nothing needs to be recommended"), "", found.none_needed]


def _recommendations(of: ExportRequest) -> Iterator[Row]:
    for recommendation in recommendations.recommendations(of.session, of.operation.id):
        owner = _code("CL-COUNTRY", recommendation.country) or _code("CL-ROLE", recommendation.role)
        state = _(recommendations.LIFE.words[recommendations.RecommendationState(recommendation.state)])
        yield [
            recommendation.text,
            recommendation.evidence,
            owner,
            recommendation.due.isoformat(),
            state,
            recommendation.reason,
        ]


def _costs(of: ExportRequest) -> Iterator[Row]:
    for name, words in costs.cost_facts(of.session, of.operation, of.by):
        yield [name, "", words, None, "", "", "", ""]
    for cost in cost_verbs.costs(of.session, of.operation.id):
        yield [
            _code("CL-COSTKIND", cost.kind),
            cost.day.isoformat(),
            _(STAGES[cost.stage]),
            cost.amount,
            cost.currency,
            _code("CL-COUNTRY", cost.country),
            cost.what or cost.note,
            _(COST_LIFE.words[COST_LIFE.now(cost)]),
        ]


def _leads(of: ExportRequest) -> Iterator[Row | WithheldRow]:
    for lead in leads.leads(of.session, of.operation.id):
        said = leads.newest_version(of.session, lead.id)
        if not may_leave(said.handling):
            yield WithheldRow(said.handling)
            continue
        parts = leads.parts(of.session, lead.id)
        asked = [f"{_code('CL-COUNTRY', part.country)}: {_code('CL-LEADSTATE', part.state)}" for part in parts]
        whose = _code("CL-COUNTRY", lead.origin_country) or _code("CL-LEADORIGIN", lead.origin)
        yield [said.question, whose, "; ".join(asked), *_graded(said), _utc(lead.due)]


def _intelligence(of: ExportRequest) -> Iterator[Row | WithheldRow]:
    supposed = next((each for each in intelligence.hypotheses(of.session, of.operation.id) if each.current), None)
    if supposed is not None:
        row = [_("Hypothesis"), "", supposed.statement, *_graded(supposed), _utc(supposed.made_at)]
        yield row if may_leave(supposed.handling) else WithheldRow(supposed.handling)
    parts = {each.entity_id: each for each in intelligence.network(of.session, of.operation.id)}
    for each in parts.values():
        row = [_code("CL-NETWORK", each.kind), each.code, each.description, *_graded(each), _utc(each.made_at)]
        yield row if may_leave(each.handling) else WithheldRow(each.handling)
    for link in intelligence.links(of.session, of.operation.id):
        codes = [link.handling, parts[link.from_id].handling, parts[link.to_id].handling]
        ends = f"{parts[link.from_id].code} – {parts[link.to_id].code}"
        row = [_code("CL-NETLINK", link.kind), ends, "", *_graded(link), _utc(link.made_at)]
        yield row if all(map(may_leave, codes)) else WithheldRow(max(codes))


def _requests(of: ExportRequest) -> Iterator[Row | WithheldRow]:
    for request in requests.requests(of.session, of.operation.id):
        row: Row = [
            request.title,
            _code("CL-COUNTRY", request.country),
            _code("CL-COUNTRY", request.host_country),
            request.place,
            _code("CL-PRIORITY", request.priority),
            _code("CL-REQUESTSTATE", request.state),
            request.note,
            request.handling.upper(),
            _utc(request.made_at),
        ]
        yield row if may_leave(request.handling) else WithheldRow(request.handling)


def _graded(each: Any) -> Row:
    return [f"{each.source.upper()}{each.information}", each.handling.upper()]


def _journal(of: ExportRequest) -> Iterator[Row]:
    found = numbered(of.session, of.operation, of.by, MOST_ENTRIES)
    sites = site_names(of.session, of.operation.id)
    names = names_for([entry for _number, entry in found], language(), of.operation.zone, sites)
    for place, entry in reversed(found):
        yield [place, _utc(entry.at), entry_sentence(entry, names), _code("CL-COUNTRY", entry.country)]


@dataclass(frozen=True)
class ExportSheet:
    """One sheet: its file name in an archive, its title, its readers, its columns and its rows."""

    file: str
    title: str
    act: Act
    columns: tuple[str, ...]
    rows: Callable[[ExportRequest], Iterator[Row | WithheldRow]] | Callable[[ExportRequest], Iterator[Row]]


SHEETS = (
    ExportSheet("figures", N_("Key figures"), Act.TOTALS_READ, (
        N_("No."), N_("Key figure"), N_("Value as shown"), N_("Value"), N_("Unit"), N_("Level"), N_("Not yet verified"),
        N_("Notes"), N_("Restated"), N_("Why hidden"), N_("Formula")), _figures),
    ExportSheet("by_country", N_("By country"), Act.TOTALS_READ, (
        N_("Key figure"), N_("Country"), N_("At this level"), N_("Below it"), N_("Notes")), _by_country),
    ExportSheet("by_day", N_("By day"), Act.TOTALS_READ, (
        N_("Key figure"), N_("Official day"), N_("At this level"), N_("Below it"), N_("Restated"), N_("Notes")),
        _by_day),
    ExportSheet("costs", N_("Costs"), Act.COST_READ, (
        N_("Kind of cost"), N_("Day"), N_("How far"), N_("Amount"), N_("Currency"), N_("Paid by"), N_("Note"),
        N_("State")), _costs),
    ExportSheet("phases", N_("Phases"), Act.OPERATION_READ, (
        N_("Kind"), N_("Name"), N_("Begins (UTC)"), N_("Ends (UTC)")), _phases),
    ExportSheet("countries", N_("Countries"), Act.PARTICIPATION_READ, (
        N_("Country"), N_("State"), N_("Contribution"), N_("Invited (UTC)"), N_("Answered (UTC)")), _countries),
    ExportSheet("sites", N_("Sites"), Act.PLAN_READ, (
        N_("Site"), N_("Country"), N_("Kind"), N_("Latitude"), N_("Longitude"), N_("Last report (UTC)")), _sites),
    ExportSheet("tasks", N_("Tasks"), Act.TASK_READ, (
        N_("Task"), N_("Role"), N_("Country"), N_("State"), N_("Begins (UTC)"), N_("Due (UTC)"), N_("Reason")), _tasks),
    ExportSheet("teams", N_("Teams sent"), Act.SUPPORT_READ, (
        N_("Call sign"), N_("Kind"), N_("From"), N_("To"), N_("Place"), N_("Persons"), N_("State"), N_("Begins (UTC)"),
        N_("Ends (UTC)"), N_("On site (UTC)"), N_("Ended (UTC)")), _teams),
    ExportSheet("leads", N_("Leads"), Act.LEAD_READ, (
        N_("Question"), N_("From"), N_("Countries asked"), N_("Grade"), N_("Handling"), N_("Due (UTC)")), _leads),
    ExportSheet("intelligence", N_("Intelligence"), Act.INTELLIGENCE_READ, (
        N_("Kind"), N_("Code"), N_("Text"), N_("Grade"), N_("Handling"), N_("Written (UTC)")), _intelligence),
    ExportSheet("requests", N_("Requests"), Act.SUPPORT_READ, (
        N_("What for"), N_("Raised by"), N_("In which country"), N_("Place"), N_("Priority"), N_("State"), N_("Note"),
        N_("Handling"), N_("Raised (UTC)")), _requests),
    ExportSheet("operational_plan", N_("Operational plan"), Act.OPLAN_READ, (
        N_("Section"), N_("Version"), N_("State"), N_("Text")), _oplan),
    ExportSheet("debrief", N_("Debrief"), Act.RECOMMENDATION_READ, (
        N_("Part"), N_("Key figure"), N_("Text")), _debrief),
    ExportSheet("recommendations", N_("Recommendations"), Act.RECOMMENDATION_READ, (
        N_("Recommendation"), N_("What it rests on"), N_("Owner"), N_("Due"), N_("State"), N_("Reason")),
        _recommendations),
    ExportSheet("journal", N_("Journal"), Act.JOURNAL_READ, (
        N_("Entry"), N_("Moment (UTC)"), N_("What happened"), N_("Country")), _journal),
)  # fmt: skip


def tables(of: ExportRequest) -> dict[str, TableFile]:
    """Return every sheet that the asker may have, by file name."""
    subject = plan.subject(of.operation)
    return {each.file: _table(each, of) for each in SHEETS if may(of.by, each.act, subject)}


def _table(sheet: ExportSheet, of: ExportRequest) -> TableFile:
    """Return the sheet, with the number of rows left out for their handling code, and nothing else about them."""
    rows, held = [], Counter[str]()
    for row in sheet.rows(of):
        if isinstance(row, WithheldRow):
            held[row.code] += 1
        else:
            rows.append(row)
    left = [(_("Left out"), f"{number(count)} · {_code('CL-HANDL', code)}") for code, count in sorted(held.items())]
    return TableFile([*about(of), *left], [_(name) for name in sheet.columns], rows, _(sheet.title))


def about(of: ExportRequest) -> list[tuple[str, str]]:
    """Return the heading lines of every sheet."""
    level = f"{of.level.name} {coded('CL-LEVEL', of.level.name)}"
    over = of.operation.state in plan.ENDED
    return [
        (_("Operation"), of.operation.title),
        (_("Marking"), _code("CL-CLASS", of.operation.classification)),
        (_("State of the operation"), _code("CL-OPSTATE", of.operation.state)),
        (_("Level"), _("{level} and above", level=level)),
        (_("As of"), moment_utc(now())),
        (_("Entry"), number(of.board.seq)),
        (_("Status"), _("results of an operation that has ended") if over else _("preliminary results")),
        (_("Official days in"), of.operation.zone),
        *([(_("Partly invented."), of.operation.invented)] if of.operation.invented else []),
    ]


def _count(value: int | None) -> Cell:
    return _("hidden") if value is None else value


def _code(name: str, value: str | None) -> str:
    return coded(name, value) if value else ""


def _utc(when: datetime | None) -> str:
    return f"{when:%Y-%m-%d %H:%M}" if when else ""
