"""Fugitives: a sweep at one look, the case that was opened beside it, and on the map nothing finer than countries.

What a country reads is what it may know: its own cases and those that it was asked about. Leadership reads the sums.
"""

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Input, Output, State, clientside_callback, ctx, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.map.answers import answer_id, stores, wire_answers
from dashboard.map.component import operation_map
from dashboard.map.countries import shaded
from dashboard.navigation import Nav
from dashboard.parts.form import button
from dashboard.parts.grid import grid
from dashboard.parts.icon import icon
from dashboard.parts.panel import empty_state
from dashboard.screens.fugitives import acts as fugitives_acts
from dashboard.screens.fugitives import amend as fugitive_amend
from dashboard.screens.fugitives import asked as fugitive_asked
from dashboard.screens.fugitives import board as fugitive_board
from dashboard.screens.fugitives import case as fugitive_case
from dashboard.screens.fugitives import enter as fugitives_enter
from dashboard.screens.fugitives import file as fugitive_file
from dashboard.screens.fugitives import forms as fugitive_forms
from dashboard.screens.fugitives.amend import AMEND, AMEND_SEEN
from dashboard.screens.fugitives.asked import FIND, LEAD
from dashboard.screens.fugitives.ids import MAP, Ids
from dashboard.server.access import actor, known_id, reading, unit_of_work
from dashboard.server.live import PULSE
from dashboard.wording import N_, _, language, ngettext, number
from operations.core import vocabulary
from operations.core.clock import now
from operations.core.errors import NotFound
from operations.core.ids import fingerprint, new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.fugitives import appeals, cases, checks, sweep
from operations.policing.operation import plan

NAV = Nav(
    name=N_("Fugitives"),
    path_template="/operations/<operation_id>/fugitives",
    icon="user-search",
    order=45,
    act=Act.FUGITIVE_SUMS,
    types=cases.SWEEPING,
)
CASES_PULSE = {"type": "fugitives-pulse", "of": "cases"}
"""The pulse, for who reads cases: on the page of sums it is not there, and nothing asks for cases."""
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
        fugitive_board.numbers_strip(found, now(), operation.zone),
        id=Ids.NUMBERS,
        **{"aria-label": _("The numbers of the sweep")},
    )
    if parts is None:
        return page(
            _("Fugitives"),
            dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
            numbers,
            fugitive_board.meanings(),
            lead=_("Sums of all cases. Located is not arrested, and arrested is not surrendered."),
            wide=True,
        )
    return page(
        _("Fugitives"),
        dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
        dcc.Store(id=Ids.CHOSEN),
        dcc.Store(id=Ids.OPENED),
        dcc.Store(id=Ids.DONE, data=0),
        dcc.Store(id=CASES_PULSE),
        *stores(MAP, parts["countries"]),
        numbers,
        html.Div(parts["due"], id=Ids.DUE),
        html.Div(
            [
                _tabs(parts, by),
                html.Aside(
                    [
                        _why(),
                        html.Div(_nothing_chosen(), id=Ids.CASE),
                        html.Div(fugitive_asked.lead_form(), id=Ids.ASKING, hidden=True),
                        html.Div(fugitive_asked.find_form(), id=Ids.FINDING, hidden=True),
                        html.Div(id=Ids.FACTS),
                        html.Div(fugitive_amend.amend_form(str(by.country)), id=Ids.AMENDING, hidden=True),
                    ],
                    className="fugitives-side m-panel",
                    **{"aria-label": _("The case")},
                ),
            ],
            className="fugitives-desk",
        ),
        lead=_("Cases without names. Located is not arrested, and arrested is not surrendered."),
        wide=True,
    )


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
        return fugitive_board.numbers_strip(sweep.numbers(session, operation, by), now(), operation.zone)


clientside_callback(
    ClientsideFunction("muster", "pulse_of_cases"),
    Output({"type": "fugitives-pulse", "of": ALL}, "data"),
    Input(PULSE, "data"),
    State({"type": "fugitives-pulse", "of": ALL}, "id"),
    prevent_initial_call=True,
)


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
    inputs={
        "_pulse": Input(CASES_PULSE, "data"),
        "_done": Input(Ids.DONE, "data"),
        "chosen": Input(Ids.CHOSEN, "data"),
    },
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
        "board": fugitive_board.board(found, at, chosen, over=operation.state in plan.ENDED),
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
        there = sum(count for what, count in found.items() if what != "wanted")
        about[country] = (fugitive_file.country(country), note, there)
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


OPENING = {
    "panel": Output(Ids.CASE, "children"),
    "facts": Output(Ids.FACTS, "children"),
    "asks": Output(Ids.ASKING, "hidden"),
    "finds": Output(Ids.FINDING, "hidden"),
    "countries": Output(LEAD.id("to_countries"), "data"),
    "believed": Output(LEAD.id("to_countries"), "value"),
    "question": Output(LEAD.id("question"), "value"),
    "remark": Output(FIND.id("remark"), "value"),
    "lead": Output(LEAD.id("client-id"), "data"),
    "location": Output(FIND.id("client-id"), "data"),
    "opened": Output(Ids.OPENED, "data"),
    "why": Output(Ids.WHY, "error"),
    "amends": Output(Ids.AMENDING, "hidden"),
    "amended": {name: Output(AMEND.id(name), "value") for name in (*fugitive_amend.FIELDS, "reason")},
    "version": Output(AMEND_SEEN, "data"),
    "amendment": Output(AMEND.id("client-id"), "data"),
}


@screen(
    output=OPENING,
    inputs={
        "chosen": Input(Ids.CHOSEN, "data"),
        "why": Input(Ids.WHY, "value"),
        "_done": Input(Ids.DONE, "data"),
        "_pulse": Input(CASES_PULSE, "data"),
    },
    state={"opened": State(Ids.OPENED, "data"), "operation_id": State(Ids.OPERATION, "data")},
    act=Act.FUGITIVE_READ,
    prevent_initial_call=True,
)
def open_case(
    chosen: str | None, why: str | None, _done: int, _pulse: int, opened: dict[str, Any] | None, operation_id: str
) -> dict[str, Any]:
    """The chosen case, once its reader has said why; every opening is written into the access trail.

    What is being typed stays: the forms change with the case only, the panel when something of the case has changed.
    """
    by = actor()
    same = {name: dict.fromkeys(part, no_update) if isinstance(part, dict) else no_update
            for name, part in OPENING.items()}  # fmt: skip
    if not chosen:
        return same
    if not why:
        return {**same, "why": _("Say why you open this case: it is written into the access trail.")}
    fresh = opened is None or opened["case"] != chosen
    if fresh or (opened and opened["why"] != why):
        with unit_of_work() as session:
            cases.consult(session, known_id(chosen), why, by)
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        case = cases.case(session, known_id(chosen))
        if case.operation_id != operation.id:
            raise NotFound
        file = fugitive_file.read_file(session, operation, case, by)
    now_opened = {"case": chosen, "why": why, "mark": fugitive_file.mark(file)}
    if now_opened == opened:
        return same
    options, believed = fugitive_asked.asked_countries(file)
    shown = {
        **same,
        "panel": fugitive_case.panel_of(file, operation, by),
        "facts": fugitive_case.facts_of(file, operation, by),
        "asks": not fugitive_asked.may_ask(file, by),
        "finds": not fugitive_asked.may_find(file, by),
        "amends": not cases.may_amend(case, by),
        "opened": now_opened,
        "why": None,
    }
    if not fresh:
        return shown
    emptied = {"countries": options, "believed": believed, "question": "", "remark": ""}
    filled = {"amended": fugitive_amend.amended_values(file), "version": case.version, "amendment": str(new_id())}
    return {**shown, **emptied, **filled, "lead": str(new_id()), "location": str(new_id())}


clientside_callback(
    ClientsideFunction("muster", "case_opened"),
    Output(Ids.CASE, "data-shown"),
    Input(Ids.OPENED, "data"),
    State(Ids.CASE, "data-shown"),
    prevent_initial_call=True,
)
