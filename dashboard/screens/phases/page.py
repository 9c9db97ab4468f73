"""Phases of an operation: on a timeline, as a list, and the form that schedules or moves one."""

from enum import StrEnum

from dash import ALL, ClientsideFunction, Input, Output, State, clientside_callback, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.live_parts import same_for_role
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.frame.policy import screen
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button, client_id
from dashboard.parts.panel import panel
from dashboard.parts.phase_form import draft_of, phase_form, phase_list, utc_words
from dashboard.parts.phase_timeline import phase_timeline
from dashboard.places import PHASES
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import _
from operations.core.clock import now
from operations.core.errors import existing
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import OperationState
from operations.policing.calendar import timeline
from operations.policing.operation import plan

NAV = PHASES
AUDIENCE = same_for_role
PHASE = DraftForm("operation-phase", plan.PhaseDraft)
EMPTY = PHASE.shown()
ENDS = ("starts", "starts_time", "ends", "ends_time")


class Ids(StrEnum):
    """Element ids of this page."""

    LIST = "phases-list"
    UTC = "operation-phase-utc"
    NEW = "operation-phase-new"
    MOVE = "operation-phase-move"
    FILLED = "operation-phase-filled"


@operation_page(NAV)
def layout(session: Session, operation: plan.Operation, by: Actor) -> Parts:
    """Return the phases, and the form for planners."""
    shown = contents(session, operation, by)
    writes = may(by, Act.OPERATION_EDIT, plan.subject(operation))
    return [
        panel(_("Calendar"), followed(Ids.LIST, shown), *(_editor(operation) if writes else [])),
    ]


def contents(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the part that follows the pulse: the current phases."""
    phases = plan.phases(session, operation.id)
    writes = may(by, Act.OPERATION_EDIT, plan.subject(operation))
    calendar = [phase_timeline(phases, operation.zone, now())]
    if phases:
        calendar.append(phase_list(phases, operation.zone, Ids.MOVE if writes else None))
    return calendar


refresh = follows(contents, Ids.LIST, act=Act.OPERATION_READ, operation=OPERATION)


@does(PHASE, act=Act.OPERATION_EDIT, operation=OPERATION, clears=EMPTY, shows=(Output(PHASE.send, "children"),))
def schedule(press: Press) -> Done:
    """Schedule the phase of the form."""
    draft = draft_of(press.typed, press.client, press.operation.zone)
    phase = timeline.schedule(press.session, press.operation.id, draft, press.by)
    return Done(_("{phase} is on the calendar.", phase=phase.name), shown=(_("Put on the calendar"),))


@does(
    Ids.NEW,
    {"type": Ids.MOVE, "phase": ALL},
    act=Act.OPERATION_EDIT,
    operation=OPERATION,
    shows=(
        Output(PHASE.id("client-id"), "data"),
        Output(Ids.FILLED, "data"),
        Output(PHASE.send, "children"),
        *(Output(PHASE.id(name), "value") for name in EMPTY),
    ),
)
def fill(press: Press) -> Done:
    """A phase into the form to be moved, or nothing; the form comes into view, and its button says what it does."""
    fresh = str(new_id())
    if press.button == Ids.NEW:
        return Done(shown=(fresh, fresh, _("Put on the calendar"), *EMPTY.values()))
    chosen = press.subject["phase"]
    with reading() as session:
        operation = plan.operation(session, press.operation_id, press.by)
        found = existing(next((each for each in plan.phases(session, operation.id) if str(each.id) == chosen), None))
    return Done(shown=(chosen, fresh, _("Move the phase"), *PHASE.shown(found, operation.zone).values()))


clientside_callback(
    ClientsideFunction("muster", "bring_into_view"),
    Input(Ids.FILLED, "data"),
    State(PHASE.id("starts"), "id"),
    prevent_initial_call=True,
)


@screen(
    output=Output(Ids.UTC, "children"),
    inputs={"ends": {name: Input(PHASE.id(name), "value") for name in ENDS}},
    state={"operation_id": State(OPERATION, "data")},
    act=Act.OPERATION_EDIT,
    prevent_initial_call=True,
)
def say_utc(ends: dict[str, str | None], operation_id: str) -> str:
    """Return the typed times in UTC."""
    by = actor()
    with reading() as session:
        zone = plan.operation(session, known_id(operation_id), by).zone
    return utc_words(ends, zone)


def _editor(operation: plan.Operation) -> list[Component]:
    buttons = [
        button(_("Put on the calendar"), id=PHASE.send, kind="primary", icon_name="calendar-event"),
        button(_("Empty the form"), id=Ids.NEW, kind="quiet"),
    ]
    parts = [
        client_id(PHASE),
        dcc.Store(id=Ids.FILLED),
        phase_form(PHASE, operation.zone, Ids.UTC),
        html.Div(buttons, className="m-row"),
    ]
    drafted = operation.state == OperationState.DRAFT
    summary = html.Summary(_("Schedule or move a phase"))
    return [html.Details([summary, *parts], className="overview-editor", open=drafted)]
