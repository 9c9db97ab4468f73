"""Operation card: title, state and reporting rate of one operation, as far as the reader may know."""

from dataclasses import dataclass
from datetime import date

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts import tags
from dashboard.parts.badges import classification_badge, state_badge
from dashboard.parts.figure_text import Tile, spark_days, tile
from dashboard.parts.kpi_board import BoardChoice, default_level, frame_of
from dashboard.parts.kpi_tile import stated_tile
from dashboard.parts.phase_timeline import last_day
from dashboard.parts.sparkline import sparkline
from dashboard.wording import UNDEFINED, _, clock, coded, day_span, language, ngettext, number
from operations.catalogue.kpis import Kpi, on_card
from operations.core.clock import official_day
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import Classification, OperationState
from operations.figures.board import FigureBoard, read_board
from operations.policing.operation import plan
from operations.results.restatements import restated_since_export

S = OperationState
TONES = {S.ACTIVE: "good", S.SUSPENDED: "warn", S.CANCELLED: "bad", S.DRAFT: "muted", S.DEBRIEFED: "neutral"}


@dataclass(frozen=True)
class Summary:
    """The data of a card. `board` is None where the reader may not see totals."""

    operation: plan.Operation
    first: date | None
    last: date | None
    board: FigureBoard | None
    main: Tile | None

    @property
    def caveats(self) -> tuple[str, ...]:
        """The caveats that must be shown with the card's figure."""
        return self.main.caveats if self.main else ()


def summary(session: Session, operation: plan.Operation, by: Actor) -> Summary:
    """Read the data of a card: the dates of the phases, and the board at its default level."""
    phases = plan.phases(session, operation.id)
    first = official_day(min(phase.starts for phase in phases), operation.zone, operation.day_cut) if phases else None
    last = max(last_day(phase, operation.zone) for phase in phases) if phases else None
    if not may(by, Act.TOTALS_READ, plan.subject(operation)):
        return Summary(operation, first, last, None, None)
    choice = BoardChoice.of(default_level(session, operation), None, None, by)
    board = read_board(session, frame_of(operation, choice, by), by, numbered=False)
    kpi = on_card(operation.type)
    changed = restated_since_export(session, board.frame, by).get(kpi)
    return Summary(operation, first, last, board, tile(board.figures[kpi], board, language(), restated=changed))


def operation_card(found: Summary) -> Component:
    """Return a card that links to the operation's situation, or to its overview where the reader sees no totals."""
    operation = found.operation
    place = "situation" if found.board and operation.state not in (S.DRAFT, S.PROPOSED) else "overview"
    return dcc.Link(
        [
            tags.Div(
                html.Span(operation.title, className="operation-card-title"),
                state_badge(coded("CL-OPSTATE", operation.state), TONES.get(S(operation.state), "accent")),
                className="operation-card-head",
            ),
            html.Div(
                [html.Span(coded("CL-OPTYPE", operation.type)), html.Span(_dates(found), className="m-num")],
                className="operation-card-facts",
            ),
            html.Div(_numbers(found), className="operation-card-numbers"),
            *(html.Div(said, className="kpi-restated m-small m-num") for said in found.caveats),
            tags.Div(
                classification_badge(Classification(operation.classification)),
                *([state_badge(_("Partly invented figures"), "muted")] if operation.invented else []),
                *([_as_of(found.board)] if found.board else []),
                className="operation-card-foot",
            ),
        ],
        href=f"/operations/{operation.id}/{place}",
        className="operation-card",
    )


def _dates(found: Summary) -> str:
    return _("No phase is scheduled") if found.first is None else day_span(found.first, found.last)


def _as_of(board: FigureBoard) -> Component:
    moment = _("as of {moment}", moment=clock(board.as_of, board.frame.zone))
    return html.Span(moment, className="m-small m-dim m-num")


def _numbers(found: Summary) -> list[Component]:
    board, main = found.board, found.main
    if board is None or main is None:
        return []
    countries = ngettext("{n} country takes part", "{n} countries take part", board.countries_taking_part)
    day = official_day(board.as_of, board.frame.zone, board.frame.day_cut)
    over, today = found.last is not None and day > found.last, day.isoformat()
    return [
        tags.Span(
            tags.Span(
                stated_tile(main, "operation-card-number m-num"),
                html.Span(f"{main.unit} · {main.level.name}"),
                className="operation-card-value",
            ),
            html.Span(main.name, className="operation-card-what"),
            className="operation-card-main",
        ),
        sparkline(spark_days(board.figures[main.kpi].trend, today), main.name),
        html.Span(
            [html.Span(countries), *([] if over else _reporting(board))],
            className="operation-card-side m-num",
        ),
    ]


def _reporting(board: FigureBoard) -> list[Component]:
    """Return how many of those who must report did so; nobody must, once the last phase is over."""
    share = board.figures[Kpi.COVERAGE].value
    return [
        html.Span(
            _(
                "{heard} of {planned} sites reported in 24 h",
                heard=number(board.sites_reporting),
                planned=number(board.sites_planned),
            )
            if board.sites_planned
            else _("No sites yet"),
        ),
        html.Span(
            html.Span(style={"inlineSize": f"{share or 0:.0f}%"}),
            className="operation-card-coverage",
            role="img",
            **{"aria-label": _("Coverage: {share} %", share=UNDEFINED if share is None else number(share))},
        ),
    ]
