"""The phases of an operation: on one line of time, as a list, and the form that schedules or moves one."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts.form import Form, button, client_id
from dashboard.parts.operation_tabs import PHASES, operation_tabs
from dashboard.parts.panel import panel
from dashboard.parts.phase_form import FIELDS, draft_of, phase_form, phase_list, utc_words, values_of
from dashboard.parts.phase_timeline import phase_timeline
from dashboard.refusals import say
from dashboard.server.access import actor, known_id, reading, unit_of_work
from dashboard.server.live import PULSE
from dashboard.wording import N_, _
from operations.core.clock import now
from operations.core.errors import NotFound
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import OperationState
from operations.policing.calendar import timeline
from operations.policing.operation import plan

NAV = Nav(
    name=N_("Phases"),
    path_template="/operations/<operation_id>/phases",
    icon="calendar-event",
    order=5,
    act=Act.OPERATION_READ,
    place=False,
)
PHASE = Form("operation-phase")


class Ids(StrEnum):
    """The elements of this page."""

    OPERATION = "phases-operation"
    LIST = "phases-list"
    UTC = "operation-phase-utc"
    SAVE = "operation-phase-save"
    NEW = "operation-phase-new"
    MOVE = "operation-phase-move"


def layout(operation_id: str = "", **_query: str) -> Component:
    """The phases, and the form for those who plan."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        shown = contents(session, operation, by)
    writes = may(by, Act.OPERATION_EDIT, plan.subject(operation))
    return page(
        _("Phases"),
        operation_tabs(operation, by, PHASES),
        dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
        panel(_("Calendar"), html.Div(shown, id=Ids.LIST), *(_editor(operation) if writes else [])),
    )


def contents(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """What follows the pulse: the phases as they stand."""
    phases = plan.phases(session, operation.id)
    writes = may(by, Act.OPERATION_EDIT, plan.subject(operation))
    calendar = [phase_timeline(phases, operation.zone, now())]
    if phases:
        calendar.append(phase_list(phases, operation.zone, Ids.MOVE if writes else None))
    return calendar


@screen(
    Output(Ids.LIST, "children"),
    Input(PULSE, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.OPERATION_READ,
    prevent_initial_call=True,
)
def refresh(_pulse: int, operation_id: str) -> list[Component]:
    """Read the phases anew; what is being typed stays."""
    by = actor()
    with reading() as session:
        return contents(session, plan.operation(session, known_id(operation_id), by), by)


@screen(
    output=[Output(PHASE.id("client-id"), "data"), [Output(PHASE.id(name), "value") for name in FIELDS]],
    inputs={
        "save_clicks": Input(Ids.SAVE, "n_clicks"),
        "new_clicks": Input(Ids.NEW, "n_clicks"),
        "moves": Input({"type": Ids.MOVE, "phase": ALL}, "n_clicks"),
    },
    state={
        "operation_id": State(Ids.OPERATION, "data"),
        "phase_id": PHASE.client_id_state(),
        "typed": PHASE.states(*FIELDS),
    },
    act=Act.OPERATION_EDIT,
    form=PHASE,
    prevent_initial_call=True,
)
def edit_phase(
    save_clicks: int, new_clicks: int, moves: list[int | None], operation_id: str, phase_id: str, typed: dict[str, Any]
) -> Any:
    """Schedule what was typed, or put a phase into the form to be moved, or empty the form."""
    empty = [str(new_id()), [None, "", None, "00:00", None, "00:00"]]
    if ctx.triggered_id == Ids.NEW and new_clicks:
        return empty
    if ctx.triggered_id == Ids.SAVE and save_clicks:
        phase = scheduled(operation_id, phase_id, typed)
        say(_("{phase} is on the calendar.", phase=phase.name))
        return empty
    if isinstance(ctx.triggered_id, dict) and any(moves):
        chosen = ctx.triggered_id["phase"]
        values = shown_phase(operation_id, chosen)
        return [chosen, [values[name] for name in FIELDS]]
    return no_update, [no_update] * len(FIELDS)


def scheduled(operation_id: str, phase_id: str, typed: dict[str, Any]) -> plan.Phase:
    """The phase as typed, on the calendar."""
    by = actor()
    with unit_of_work() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        return timeline.schedule(session, operation.id, draft_of(typed, phase_id, operation.zone), by)


def shown_phase(operation_id: str, phase_id: str) -> dict[str, str]:
    """The values of a phase for the form."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        return values_of(_phase(session, operation.id, phase_id), operation.zone)


@screen(
    output=Output(Ids.UTC, "children"),
    inputs={"ends": {name: Input(PHASE.id(name), "value") for name in FIELDS[2:]}},
    state={"operation_id": State(Ids.OPERATION, "data")},
    act=Act.OPERATION_EDIT,
    prevent_initial_call=True,
)
def say_utc(ends: dict[str, str | None], operation_id: str) -> str:
    """What was typed, in UTC."""
    by = actor()
    with reading() as session:
        zone = plan.operation(session, known_id(operation_id), by).zone
    return utc_words(ends, zone)


def _phase(session: Session, operation_id: UUID, phase_id: str) -> plan.Phase:
    """The phase of that operation with this id. Raises NotFound."""
    found = next((phase for phase in plan.phases(session, operation_id) if str(phase.id) == phase_id), None)
    if found is None:
        raise NotFound
    return found


def _editor(operation: plan.Operation) -> list[Component]:
    return [
        html.Details(
            [
                html.Summary(_("Schedule or move a phase")),
                client_id(PHASE),
                phase_form(PHASE, operation.zone, Ids.UTC),
                html.Div(
                    [
                        button(_("Put on the calendar"), id=Ids.SAVE, kind="primary", icon_name="calendar-event"),
                        button(_("Empty the form"), id=Ids.NEW, kind="quiet"),
                    ],
                    className="m-row",
                ),
            ],
            className="overview-editor",
            open=operation.state == OperationState.DRAFT,
        )
    ]
