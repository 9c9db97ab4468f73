"""Fugitives page: the sweep board, the open case beside it, and a map no finer than countries.

A country reads its own cases and those that it was asked about. Leadership reads the sums.
"""

from typing import Any, NamedTuple

import dash_mantine_components as dmc
from dash import Input, Output, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import followed, follows, property_hash, pulse_of
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.frame.shell import page
from dashboard.map.answers import answer_id, stores, wire_answers
from dashboard.map.component import operation_map
from dashboard.map.countries import shaded
from dashboard.parts import tags
from dashboard.parts.draft_note import draft_note
from dashboard.parts.form import button, client_id
from dashboard.parts.grid import grid
from dashboard.parts.icon import icon
from dashboard.places import FUGITIVES
from dashboard.screens.fugitives import board as fugitive_board
from dashboard.screens.fugitives import bulk_actions as fugitives_many
from dashboard.screens.fugitives import case_form as fugitive_amend
from dashboard.screens.fugitives import case_leads as fugitive_asked
from dashboard.screens.fugitives import entry as fugitives_enter
from dashboard.screens.fugitives import file as fugitive_file
from dashboard.screens.fugitives import forms as fugitive_forms
from dashboard.screens.fugitives.acts import PANEL
from dashboard.screens.fugitives.case_access import nothing_chosen
from dashboard.screens.fugitives.ids import CASES, MAP, Ids
from dashboard.server.access import known_id
from dashboard.wording import _, language, ngettext, number
from operations.core import vocabulary
from operations.core.clock import now
from operations.core.errors import NotFound
from operations.core.ids import fingerprint
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.fugitives import appeals, cases, notice_checks, sweep
from operations.policing.operation import plan

NAV = FUGITIVES
EMPTY = {"type": "FeatureCollection", "features": []}
__all__ = ["NAV", "fugitives_enter", "layout"]
wire_answers(MAP)


class Cases(NamedTuple):
    """The parts of the page for readers of cases, in the order in which they follow the pulse."""

    due: Any
    board: Any
    rows: Any
    countries: Any
    table: Any
    figures: Any
    appeals: Any


@operation_page(NAV)
def layout(session: Session, operation: plan.Operation, by: Actor, case: str = "") -> Parts:
    """Return the sweep of one operation with its numbers; `case` opens that case once a reason is given."""
    if not cases.sweeping(operation):
        raise NotFound
    strip = numbers(session, operation, by)
    parts = read_cases(session, operation, by, None) if may(by, Act.FUGITIVE_READ) else None
    shown = html.Section(followed(Ids.NUMBERS, strip), **{"aria-label": _("The numbers of the sweep")})
    if parts is None:
        return page(
            _("Fugitives"),
            shown,
            fugitive_board.meanings(),
            lead=_("Sums of all cases. Located is not arrested, and arrested is not surrendered."),
            wide=True,
        )
    return page(
        _("Fugitives"),
        dcc.Store(id=Ids.CHOSEN, data=str(known_id(case)) if case else None),
        dcc.Store(id=Ids.OPENED),
        pulse_of(CASES),
        client_id(PANEL),
        *stores(MAP, parts.countries),
        shown,
        followed(Ids.DUE, parts.due),
        tags.Div(
            _tabs(parts, operation, by),
            tags.Aside(
                _why(),
                html.Div(nothing_chosen(asked=bool(case)), id=Ids.CASE),
                html.Div(fugitive_asked.lead_form(), id=Ids.ASKING, hidden=True),
                html.Div(fugitive_asked.find_form(), id=Ids.FINDING, hidden=True),
                html.Div(id=Ids.FACTS),
                html.Div(fugitive_amend.amend_form(str(by.country)), id=Ids.AMENDING, hidden=True),
                className="fugitives-side m-panel",
                **{"aria-label": _("The case")},
            ),
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
        errorProps={"role": "alert"},
    )


def _tabs(parts: Cases, operation: plan.Operation, by: Actor) -> Component:
    views: list[tuple[str, str, str, Any]] = [
        (
            "board",
            _("Board"),
            "layout-grid",
            followed(
                Ids.BOARD,
                parts.board,
                className="fugitives-board",
                tabIndex="0",
                **{"aria-label": _("Board"), "role": "region"},
            ),
        ),
        (
            "table",
            _("Table"),
            "table",
            tags.Div(
                *fugitives_many.chosen_acts(operation, by),
                html.Div(
                    grid(
                        Ids.GRID,
                        fugitive_board.columns(),
                        parts.rows,
                        selection="multiple",
                        export="fugitives",
                        empty=_("No case yet."),
                    ),
                    className="fugitives-grid",
                    id=Ids.ROWS,
                    **property_hash(parts.rows),
                ),
            ),
        ),
        (
            "countries",
            _("By country"),
            "world",
            tags.Div(
                html.Div(
                    operation_map(MAP, scene=EMPTY, legend=False, label=_("Cases by country")),
                    className="fugitives-map",
                    id=Ids.MAPPED,
                    **property_hash(parts.countries),
                ),
                followed(Ids.COUNTRIES, parts.table, className="m-scroll"),
                className="fugitives-countries",
            ),
        ),
        ("figures", _("Key figures"), "gauge", followed(Ids.FIGURES, parts.figures, className="m-scroll")),
        ("appeal", _("Public appeal"), "message", followed(Ids.APPEALS, parts.appeals)),
    ]
    if may(by, Act.FUGITIVE_NOMINATE):
        views.append(("nominate", _("Nominate"), "user-plus", fugitive_forms.nominating(str(by.country), operation)))
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


def numbers(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the current numbers."""
    return fugitive_board.numbers_strip(sweep.numbers(session, operation, by), now(), operation.zone)


def read_cases(session: Session, operation: plan.Operation, by: Actor, chosen: str | None) -> Cases:
    """Return the current due checks, board, table, map, table of countries, figures and appeal lists."""
    at = now()
    found = sweep.rows(session, operation, by)
    counts = sweep.by_country(session, operation, by)
    return Cases(
        [*draft_note(operation), *_due(session, operation, by)],
        fugitive_board.board(found, at, chosen, over=operation.state in plan.ENDED),
        fugitive_board.table_rows(found, at),
        _on_map(counts),
        fugitive_forms.country_table(counts),
        fugitive_board.figures_table(sweep.figures(session, operation, by), sweep.parts(session, operation, by)),
        fugitive_forms.appeal_lists(Ids.FREEZE, appeals.lists(session, operation.id), session, operation, by),
    )


def _due(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the cases whose notices are not checked today: no lead or appeal goes out on them before."""
    due = [
        case
        for case in notice_checks.notices_due_for_check(session, now(), operation.id)
        if may(by, Act.FUGITIVE_CHECK, plan.subject(operation, case.country))
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
    for country, country_counts in counts.items():
        note = " · ".join(f"{words[what]}: {number(count)}" for what, count in country_counts.items())
        there = sum(count for what, count in country_counts.items() if what != "wanted")
        about[country] = (fugitive_file.country(country), note, there)
    return shaded(fingerprint(counts), about)


follow_numbers = follows(numbers, Ids.NUMBERS, act=Act.FUGITIVE_SUMS, operation=OPERATION)
follow_cases = follows(
    read_cases,
    Ids.DUE,
    Ids.BOARD,
    (Output(Ids.GRID, "rowData"), Ids.ROWS),
    (Output(answer_id(MAP), "data"), Ids.MAPPED),
    Ids.COUNTRIES,
    Ids.FIGURES,
    Ids.APPEALS,
    act=Act.FUGITIVE_READ,
    operation=OPERATION,
    of=CASES,
    chosen=Input(Ids.CHOSEN, "data"),
)
