"""The phases of an operation: on one line of time, as a list, and the form that schedules or moves one."""

from enum import StrEnum
from uuid import UUID

from dash import ALL, Input, Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.acts import Done, Press, does, followed, follows
from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts.form import Form, button, client_id
from dashboard.parts.operation_tabs import PHASES, operation_tabs
from dashboard.parts.panel import panel
from dashboard.parts.phase_form import FIELDS, draft_of, phase_form, phase_list, utc_words, values_of
from dashboard.parts.phase_timeline import phase_timeline
from dashboard.server.access import actor, known_id, reading
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
EMPTY = {"kind": None, "name": "", "starts": None, "starts_time": "00:00", "ends": None, "ends_time": "00:00"}


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
        panel(_("Calendar"), followed(Ids.LIST, shown), *(_editor(operation) if writes else [])),
    )


def contents(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """What follows the pulse: the phases as they stand."""
    phases = plan.phases(session, operation.id)
    writes = may(by, Act.OPERATION_EDIT, plan.subject(operation))
    calendar = [phase_timeline(phases, operation.zone, now())]
    if phases:
        calendar.append(phase_list(phases, operation.zone, Ids.MOVE if writes else None))
    return calendar


refresh = follows(contents, Ids.LIST, act=Act.OPERATION_READ, operation=Ids.OPERATION)


@does(
    Ids.SAVE,
    act=Act.OPERATION_EDIT,
    form=PHASE,
    typed=FIELDS,
    client=True,
    operation=Ids.OPERATION,
    clears=EMPTY,
)
def schedule(press: Press) -> Done:
    """The phase as typed, on the calendar."""
    draft = draft_of(press.typed, press.client, press.operation.zone)
    phase = timeline.schedule(press.session, press.operation.id, draft, press.by)
    return Done(_("{phase} is on the calendar.", phase=phase.name))


@does(
    Ids.NEW,
    {"type": Ids.MOVE, "phase": ALL},
    act=Act.OPERATION_EDIT,
    operation=Ids.OPERATION,
    shows=(Output(PHASE.id("client-id"), "data"), *(Output(PHASE.id(name), "value") for name in FIELDS)),
)
def fill(press: Press) -> Done:
    """A phase into the form to be moved, or nothing."""
    if press.button == Ids.NEW:
        return Done(shown=(str(new_id()), *EMPTY.values()))
    chosen = press.subject["phase"]
    values = shown_phase(press.operation_id, chosen)
    return Done(shown=(chosen, *(values[name] for name in FIELDS)))


def shown_phase(operation_id: UUID, phase_id: str) -> dict[str, str]:
    """The values of a phase for the form."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, operation_id, by)
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
