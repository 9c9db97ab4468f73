"""Fugitives: a sweep at one look, the case that was opened beside it, and on the map nothing finer than countries.

What a country reads is what it may know: its own cases and those that it was asked about. Leadership reads the sums.
"""

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.access import actor, known_id, reading, unit_of_work
from dashboard.components import fugitive_board, fugitive_case, fugitive_forms
from dashboard.components.form import button
from dashboard.components.grid import grid
from dashboard.components.icon import icon
from dashboard.components.panel import empty_state
from dashboard.live import PULSE
from dashboard.map.answers import answer_id, stores, wire_answers
from dashboard.map.component import operation_map
from dashboard.map.countries import shaded
from dashboard.navigation import Nav
from dashboard.pages import fugitives_acts, fugitives_enter
from dashboard.pages.fugitives_ids import MAP, Ids
from dashboard.policy import screen
from dashboard.shell import page
from dashboard.wording import N_, _, language, ngettext, number
from operations.core import vocabulary
from operations.core.clock import now
from operations.core.errors import NotFound
from operations.core.ids import fingerprint
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing import plan
from operations.policing.fugitives import appeals, cases, checks, sweep

NAV = Nav(
    name=N_("Fugitives"),
    path_template="/operations/<operation_id>/fugitives",
    icon="user-search",
    order=45,
    act=Act.FUGITIVE_SUMS,
    types=cases.SWEEPING,
)
EMPTY = {"type": "FeatureCollection", "features": []}
__all__ = ["NAV", "choose", "fugitives_acts", "fugitives_enter", "layout", "open_case", "show"]
wire_answers(MAP)


def layout(operation_id: str = "", **_query: str) -> Component:
    """The sweep of one operation, with its numbers already in it."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        if not cases.sweeping(operation):
            raise NotFound
        found = sweep.numbers(session, operation, by)
        parts = _read(session, operation, by, None) if may(by, Act.FUGITIVE_READ) else None
    numbers = html.Section(
        fugitive_board.numbers_strip(found), id=Ids.NUMBERS, **{"aria-label": _("The numbers of the sweep")}
    )
    if parts is None:
        return page(
            _("Fugitives"),
            dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
            numbers,
            html.Div(_absent(), hidden=True),
            lead=_("Sums of all cases. Located is not arrested, and arrested is not surrendered."),
            wide=True,
        )
    return page(
        _("Fugitives"),
        dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
        dcc.Store(id=Ids.CHOSEN),
        dcc.Store(id=Ids.OPENED),
        dcc.Store(id=Ids.DONE, data=0),
        *stores(MAP, parts["countries"]),
        numbers,
        html.Div(parts["due"], id=Ids.DUE),
        html.Div(
            [
                _tabs(parts, by),
                html.Aside(
                    [_why(), html.Div(_nothing_chosen(), id=Ids.CASE)],
                    className="fugitives-side m-panel",
                    **{"aria-label": _("The case"), "data-open": "no"},
                ),
            ],
            className="fugitives-desk",
        ),
        lead=_("Cases without names. Located is not arrested, and arrested is not surrendered."),
        wide=True,
    )


def _absent() -> list[Component]:
    """What callbacks name and readers of sums do not have."""
    return [dcc.Store(id=each) for each in (Ids.CHOSEN, Ids.OPENED, Ids.DONE)]


def _why() -> Component:
    return dmc.Select(
        id=Ids.WHY,
        label=_("Why do you open cases?"),
        description=_("It is written into the access trail with every case that you open."),
        data=vocabulary.options("CL-CONSULT", language()),
        placeholder=_("Choose before a case opens"),
        size="xs",
        allowDeselect=False,
        errorProps={"role": "alert"},
    )


def _nothing_chosen() -> Component:
    return empty_state(_("No case is open"), _("Choose a card or a row: the case opens here."), "user-search")


def _tabs(parts: dict[str, Any], by: Actor) -> Component:
    views: list[tuple[str, str, str, Any]] = [
        (
            "board",
            _("Board"),
            "layout-grid",
            html.Div(
                parts["board"],
                id=Ids.BOARD,
                className="fugitives-board",
                tabIndex="0",
                **{"aria-label": _("Board"), "role": "region"},
            ),
        ),
        (
            "table",
            _("Table"),
            "table",
            html.Div(
                grid(
                    Ids.GRID,
                    fugitive_board.columns(),
                    parts["rows"],
                    selection="single",
                    export="fugitives",
                    empty=_("No case yet."),
                ),
                className="fugitives-grid",
            ),
        ),
        (
            "countries",
            _("By country"),
            "world",
            html.Div(
                [
                    html.Div(
                        operation_map(MAP, scene=EMPTY, legend=False, label=_("Cases by country")),
                        className="fugitives-map",
                    ),
                    html.Div(parts["table"], id=Ids.COUNTRIES, className="m-scroll"),
                ],
                className="fugitives-countries",
            ),
        ),
        ("figures", _("Key figures"), "gauge", html.Div(parts["figures"], id=Ids.FIGURES, className="m-scroll")),
        ("appeal", _("Public appeal"), "message", html.Div(parts["appeals"], id=Ids.APPEALS)),
    ]
    if may(by, Act.FUGITIVE_NOMINATE):
        views.append(("nominate", _("Nominate"), "user-plus", fugitive_forms.nominating(Ids, str(by.country))))
    return dmc.Tabs(
        [
            dmc.TabsList(
                [dmc.TabsTab(name, value=key, leftSection=icon(sign, size=16)) for key, name, sign, _part in views]
            ),
            *(dmc.TabsPanel(part, value=key, className="fugitives-view") for key, _name, _sign, part in views),
        ],
        value="board",
        keepMounted=False,
        className="fugitives-tabs m-panel",
    )


# ------------------------------------------------------------------------------------------------ what is shown


@screen(
    Output(Ids.NUMBERS, "children"),
    Input(PULSE, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.FUGITIVE_SUMS,
    prevent_initial_call=True,
)
def show_numbers(_pulse: int, operation_id: str) -> Any:
    """The numbers as they are now."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        return fugitive_board.numbers_strip(sweep.numbers(session, operation, by))


PARTS = {
    "due": Output(Ids.DUE, "children"),
    "board": Output(Ids.BOARD, "children"),
    "rows": Output(Ids.GRID, "rowData"),
    "countries": Output(answer_id(MAP), "data"),
    "table": Output(Ids.COUNTRIES, "children"),
    "figures": Output(Ids.FIGURES, "children"),
    "appeals": Output(Ids.APPEALS, "children"),
}


@screen(
    output=PARTS,
    inputs={"_pulse": Input(PULSE, "data"), "_done": Input(Ids.DONE, "data"), "chosen": Input(Ids.CHOSEN, "data")},
    state={"operation_id": State(Ids.OPERATION, "data")},
    act=Act.FUGITIVE_READ,
    prevent_initial_call=True,
)
def show(_pulse: int, _done: int, chosen: str | None, operation_id: str) -> dict[str, Any]:
    """Board, table, countries, figures and appeal lists as they are now."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        parts = _read(session, operation, by, chosen)
    if ctx.triggered_id == Ids.CHOSEN:
        return {**dict.fromkeys(PARTS, no_update), "board": parts["board"]}
    return parts


def _read(session: Session, operation: plan.Operation, by: Actor, chosen: str | None) -> dict[str, Any]:
    at = now()
    found = sweep.rows(session, operation, by)
    counts = sweep.by_country(session, operation, by)
    return {
        "due": _due(session, operation, by),
        "board": fugitive_board.board(found, at, chosen),
        "rows": fugitive_board.table_rows(found, at),
        "countries": _on_map(counts),
        "table": fugitive_forms.country_table(counts),
        "figures": fugitive_board.figures_table(sweep.figures(session, operation, by)),
        "appeals": fugitive_forms.appeal_lists(
            Ids.FREEZE, appeals.lists(session, operation.id), session, operation, by
        ),
    }


def _due(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Whose notices wait for today's look: nothing goes out on them before."""
    due = [
        each
        for each in checks.notices_due_for_check(session, now(), operation.id)
        if may(by, Act.FUGITIVE_CHECK, plan.subject(operation, each.country))
    ]
    count = sum(each.cases for each in due)
    if not count:
        return []
    words = ngettext(
        "{n} notice was not looked up today. Nothing goes out on it before.",
        "{n} notices were not looked up today. Nothing goes out on them before.",
        count,
    )
    press = button(_("All looked up, all valid"), Ids.CHECK_ALL, "plain", "clipboard-check", n_clicks=0, size="xs")
    return [html.Div([icon("clock", size=18), html.Span(words), press], className="fugitives-due", role="status")]


def _on_map(counts: dict[str, dict[str, int]]) -> dict[str, Any]:
    words = fugitive_forms.count_words()
    about = {}
    for country, found in counts.items():
        note = " · ".join(f"{words[what]}: {number(count)}" for what, count in found.items())
        about[country] = (fugitive_case.country(country), note, max(found.values()))
    return shaded(fingerprint(counts), about)


# ---------------------------------------------------------------------------------------------- opening a case


@screen(
    Output(Ids.CHOSEN, "data"),
    Input({"type": "fugitives-card", "case": ALL}, "n_clicks"),
    Input(Ids.GRID, "selectedRows"),
    act=Act.FUGITIVE_READ,
    prevent_initial_call=True,
)
def choose(clicks: list[int | None], rows: list[dict[str, Any]] | None) -> Any:
    """A card was pressed or a row chosen."""
    pressed = ctx.triggered_id
    if pressed == Ids.GRID:
        return rows[0]["id"] if rows else no_update
    return pressed["case"] if isinstance(pressed, dict) and any(clicks) else no_update


@screen(
    Output(Ids.CASE, "children"),
    Output(Ids.OPENED, "data"),
    Output(Ids.WHY, "error"),
    Input(Ids.CHOSEN, "data"),
    Input(Ids.WHY, "value"),
    Input(Ids.DONE, "data"),
    Input(PULSE, "data"),
    State(Ids.OPENED, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.FUGITIVE_READ,
    prevent_initial_call=True,
)
def open_case(
    chosen: str | None, why: str | None, _done: int, _pulse: int, opened: dict[str, Any] | None, operation_id: str
) -> Any:
    """The chosen case, once its reader has said why; every opening is written into the access trail.

    What is being typed stays: the panel is drawn anew only when something of the case has changed.
    """
    by = actor()
    if not chosen:
        return no_update, no_update, no_update
    if not why:
        return no_update, no_update, _("Say why you open this case: it is written into the access trail.")
    if opened is None or (opened["case"], opened["why"]) != (chosen, why):
        with unit_of_work() as session:
            cases.consult(session, known_id(chosen), why, by)
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        try:
            case = cases.case(session, known_id(chosen))
        except NotFound:
            return _nothing_chosen(), None, None
        if case.operation_id != operation.id:
            raise NotFound
        file = fugitive_case.read_file(session, operation, case, by)
        panel = fugitive_case.panel_of(file, operation, by)
    now_opened = {"case": chosen, "why": why, "mark": fugitive_case.mark(file)}
    if now_opened == opened:
        return no_update, no_update, no_update
    return panel, now_opened, None
