"""Key figures: the catalogue; each figure with its value today, its definition, and its caveats."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, NamedTuple

from dash import ALL, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.drill_down import behind_figure
from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.live_parts import same_for_role
from dashboard.frame.shell import page
from dashboard.parts.badges import state_badge
from dashboard.parts.breakdown_words import code_words, side_words
from dashboard.parts.datetimes import moment_of
from dashboard.parts.figure_text import WHOLE, Tile, ages_words, minute, share_range, status_of, unreliable_words
from dashboard.parts.form import button
from dashboard.parts.kpi_board import BoardChoice, chart_figures, default_level, frame_of, tiles_of
from dashboard.parts.kpi_tile import (
    definition_panel,
    definition_rows,
    figure_attributes,
    figure_number,
    quotations,
    stated_tile,
)
from dashboard.parts.money import sum_words
from dashboard.parts.panel import empty_state, panel
from dashboard.parts.table import table
from dashboard.places import FIGURES
from dashboard.screens.figures.completeness import completeness
from dashboard.screens.figures.hit_outcomes import answers_by
from dashboard.screens.figures.interception import intercepted
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import _, moment, number, percent, sentence
from operations.catalogue.kpis import CATALOGUE, COUNTED, Kpi
from operations.core.errors import RuleBroken
from operations.core.history import as_of
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import Role
from operations.disclosure.suppression import BoardFrame
from operations.figures import domain_figures, figure_history
from operations.figures.board import FigureBoard, read_board
from operations.figures.breakdowns import Breakdown, breakdowns
from operations.figures.derived_figures import DerivedFigure, disclosed_value
from operations.figures.domain_figures import DOMAIN_FIGURES
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.figures.release_ages import release_ages
from operations.policing.operation import boards, plan
from operations.policing.operation.boards import board_of
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from operations.results.drill_down import in_catalogue, name_of
from operations.results.restatements import restated_since_export

NAV = FIGURES
AUDIENCE = same_for_role
DRAWN_EVERY = 2.0
"""Seconds between two redraws: these figures are computed from all reports, and nobody needs them at once."""
OPERATION, CHOSEN, CONTENT = "figures-operation", "figures-chosen", "figures-content"
BOARD = "figures-board"
Carried = Callable[..., dict[str, str]]


def layout(operation_id: str = "", figure: str = "", level: str = "", at: str = "", **_query: str) -> Component:
    """Return the catalogue and the opened figure; with `at`, as known at that moment, which is never redrawn."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        chosen = {"figure": figure, "level": level or default_level(session, operation, at), "at": at}
        try:
            shown = contents(session, operation, by, chosen)
        except RuleBroken as refusal:
            return page(
                _("Key figures"),
                empty_state(_("Nothing to look back at"), sentence(refusal), "history", _live(operation)),
            )
        behind = _behind(session, operation, by, chosen)
    return page(
        _("Key figures"),
        dcc.Store(id=OPERATION, data=str(operation.id)),
        dcc.Store(id=CHOSEN, data=chosen),
        *behind,
        html.Div(shown, className="figures") if at else followed(CONTENT, shown, className="figures"),
        lead=_("What each figure counts, what it is now, and what to beware of before it is quoted."),
        wide=True,
    )


def _behind(session: Session, operation: plan.Operation, by: Actor, chosen: dict[str, str]) -> list[Component]:
    """Return the drill-down to the reports behind the opened figure; it stays open when others act."""
    figure = chosen["figure"]
    if not in_catalogue(figure):
        return []
    choice = BoardChoice.of(chosen["level"], None, None, by, chart_figures(session, operation))
    frame = _frame(session, operation, by, choice, chosen["at"])
    stands = behind_figure(session, figure, frame, operation, chosen["at"])
    name = _(name_of(figure))
    return [panel(name, *stands, class_name="figures-behind")] if stands else []


def _frame(session: Session, operation: plan.Operation, by: Actor, choice: BoardChoice, at: str) -> BoardFrame:
    """Return the board frame of the choice, as of the moment in the address. Raises RuleBroken for a bad moment."""
    seen = figure_history.at(session, operation, by, moment_of(at)) if at else None
    return replace(frame_of(operation, choice, by), at=seen.seq if seen else None)


def contents(session: Session, operation: plan.Operation, by: Actor, chosen: dict[str, str]) -> list[Component]:
    """Return the list of figures with their values, and the opened one. Raises RuleBroken for an invalid moment."""
    choice = BoardChoice.of(chosen["level"], None, chosen["figure"], by, chart_figures(session, operation))
    at = chosen.get("at", "")
    board = read_board(session, _frame(session, operation, by, choice, at), by, numbered=False)
    seen = board.frame.at is not None
    restated = restated_since_export(session, board.frame, by)
    asked = FigureRequest(session, board.frame, by, board)
    values = {kpi: disclosed_value(each, asked) for kpi, each in COMPUTED_FIGURES.items()}
    values |= {kpi: domain_figures.disclosed_value(each, asked) for kpi, each in DOMAIN_FIGURES.items()}
    with as_of(session, board.frame.at):
        here, phases = board_of(session, operation), plan.phases(session, operation.id)
    tiles = {words.kpi: words for words in tiles_of(board, by, phases, restated=restated)}
    edits = not seen and operation.state not in plan.ENDED and may(by, Act.TARGET_SET, plan.subject(operation))
    then = f"&at={at}" if seen else ""
    href = f"/operations/{operation.id}/figures?level={choice.level.name}{then}&figure="
    rows = [
        *(_row(kpi, tiles[kpi].name, _told(tiles[kpi]), href, _placed(kpi, here, edits=edits)) for kpi in here),
        *(
            _row(kpi, _(each.name), _said(board, each, values[kpi]), href)
            for kpi, each in (COMPUTED_FIGURES | DOMAIN_FIGURES).items()
        ),
        *(
            _row(kpi, tiles[kpi].name, _told(tiles[kpi]), href, _placed(kpi, here, edits=edits))
            for kpi in Kpi
            if kpi not in here
        ),
    ]
    head = [_("Number"), _("Key figure"), _("Value"), _("Unit"), _("On the board")]
    told = _("{level}, as of {moment}", level=board.frame.level.name, moment=moment(board.as_of, operation.zone))
    told = f"{told}. {ages_words(release_ages(session, board.frame, by), board)}".removesuffix(". ")
    past = [state_badge(_("The past"), "warn"), _live(operation, chosen["figure"])] if seen else []
    listed = panel(
        _("Catalogue"), table(head, rows, "figures-catalogue", _("Catalogue")), note=told, flush=True, actions=past
    )
    opened = [*_opened(session, board, by, chosen["figure"], tiles, values), *answers_by(asked, chosen["figure"])]
    beside = [*completeness(session, operation, board.frame, by), *intercepted(session, operation, board.frame, by)]
    return [listed, *opened, *beside]


def _live(operation: plan.Operation, figure: str = "") -> Component:
    return dcc.Link(_("Back to live"), href=f"/operations/{operation.id}/figures?figure={figure}", className="file-way")


class _Told(NamedTuple):
    """A displayed figure: its value, its unit, the notes beside it, and its caveats."""

    value: Component | str
    unit: str
    notes: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()


def _placed(kpi: Kpi, here: Collection[Kpi], *, edits: bool) -> Component | str:
    """Return whether the figure is on the operation's board; for its editors, the button that adds or removes it."""
    if not edits:
        return _("yes") if kpi in here else ""
    words = _("Take off") if kpi in here else _("Put on")
    subject = {"type": BOARD, "figure": kpi.value, "to": "off" if kpi in here else "on"}
    name = _(CATALOGUE[kpi].name)
    said = (
        _("Take off the board: {figure}", figure=name) if kpi in here else _("Put on the board: {figure}", figure=name)
    )
    return button(words, id=subject, kind="quiet", **{"aria-label": said})


def _row(code: str, name: str, told: _Told, href: str, placed: Component | str = "") -> Component:
    beside = [html.Span(each, className="kpi-restated") for each in told.caveats] + [*told.notes]
    notes = html.Div([part for each in beside for part in (" · ", each)][1:], className="figures-notes")
    return html.Tr(
        [
            html.Td(str(code), className="m-dim"),
            html.Th(dcc.Link(name, href=f"{href}{code}"), scope="row"),
            html.Td(told.value, className="m-num figures-value"),
            html.Td([told.unit, *([notes] if beside else [])]),
            html.Td(placed),
        ]
    )


def _told(tile: Tile) -> _Told:
    divided = () if tile.kpi in COUNTED else tile.change
    return _Told(stated_tile(tile, "m-num"), tile.unit, (*divided, *tile.notes), tile.caveats)


def _said(board: FigureBoard, each: DerivedFigure, value: MeasuredValue) -> _Told:
    """Return a figure that no board has."""
    if value.sums:
        written = sum_words(value.sums, each.digits)
    else:
        written = _("hidden") if value.hidden else number(value.value, each.digits)
    unreliable = (unreliable_words(value.gaps),) if value.gaps else ()
    level, at = board.frame.level, minute(board.as_of, board.frame.zone)
    of = board.frame.country or WHOLE
    shown = figure_number(each.kpi, written, _(each.unit), level, at, status_of(level), "m-num", of)
    notes = [sentence(note) for note in value.notes]
    return _Told(shown, _(each.unit), (*notes[:1], *share_range(value.interval), *notes[1:]), unreliable)


def _opened(
    session: Session,
    board: FigureBoard,
    by: Actor,
    figure: str,
    tiles: dict[Kpi, Tile],
    values: dict[str, MeasuredValue],
) -> list[Component]:
    """Return the definition of the opened figure, and its components."""
    if each := (COMPUTED_FIGURES | DOMAIN_FIGURES).get(figure):
        unreliable = unreliable_words(values[figure].gaps)
        rows = [
            *([(_("Can it be relied on?"), unreliable)] if unreliable else []),
            (_("Formula"), _(each.formula)),
            (_("Beware"), _(each.caution)),
            *quotations(each.quote, each.misquote),
            (_("Source"), each.source.replace(" ", ", ")),
        ]
        about = definition_rows(each.kpi, _(each.unit), rows)
        side = each.split(FigureRequest(session, board.frame, by, board))
        return [
            panel(_(each.name), html.Div(about, className="figures-definition")),
            *([_side("", side, _carried(board, each.kpi, _(each.unit)))] if side else []),
        ]
    kpi = next((kpi for kpi in Kpi if kpi == figure), None)
    if kpi is None:
        return []
    sides = breakdowns(session, board.frame, kpi, by) if kpi in COUNTED and not board.figures[kpi].hidden else []
    kind = CATALOGUE[kpi].lines.kind if kpi in COUNTED else ""
    return [
        panel(_(CATALOGUE[kpi].name), html.Div(definition_panel(kpi, tiles[kpi]), className="figures-definition")),
        *(_side(kind, each, _carried(board, kpi.value, tiles[kpi].unit, tiles[kpi].status)) for each in sides),
    ]


def _carried(board: FigureBoard, kpi: str, unit: str, status: str = "") -> Carried:
    """Return what the page's source holds about a component: which part it is, and its unit where that differs."""
    level, at = board.frame.level, minute(board.as_of, board.frame.zone)
    return lambda of, other="": figure_attributes(kpi, other or unit, level, at, status or status_of(level), of)


def _side(kind: str, each: Breakdown, carried: Carried) -> Component:
    """Return a component, labelled as the form labels its field."""
    name = side_words(kind, each.side)
    return panel(name, _parts(each, name, carried), flush=True)


def _parts(each: Breakdown, name: str, carried: Carried) -> Component:
    whole = sum(many for _code, many in each.parts) + each.rest
    rest = [("", _("Not told"), each.rest)] if each.rest else []
    rows = [(code, code_words(each.listed, code), many) for code, many in each.parts] + rest
    return table(
        [_("Of these"), _("Number"), _("Share")],
        [
            html.Tr(
                [
                    html.Th(part, scope="row"),
                    html.Td(number(many), className="m-num", **carried(f"{each.side} {code}".strip())),
                    html.Td(
                        percent(many / whole if whole else None),
                        className="m-num",
                        **carried(f"{each.side} {code}".strip(), "%"),
                    ),
                ]
            )
            for code, part, many in rows
        ],
        label=name,
    )


@does({"type": BOARD, "figure": ALL, "to": ALL}, act=Act.TARGET_SET, operation=OPERATION)
def place(press: Press) -> Done:
    """Add the figure to the operation's board, or remove it."""
    kpi, shown = Kpi(press.subject["figure"]), press.subject["to"] == "on"
    boards.show(press.session, press.operation_id, kpi, shown, press.by)
    name = _(CATALOGUE[kpi].name)
    told = (
        _("{figure} is on the board now.", figure=name) if shown else _("{figure} is off the board now.", figure=name)
    )
    return Done(told)


def _of_one(by: Actor) -> bool:
    """Return whether readers of this role may see different values: leaders see only incidents they have no part in."""
    return by.role is Role.LEADERSHIP


show: Any = follows(
    contents,
    CONTENT,
    act=Act.TOTALS_READ,
    operation=OPERATION,
    audience=_of_one,
    every=DRAWN_EVERY,
    chosen=State(CHOSEN, "data"),
)
