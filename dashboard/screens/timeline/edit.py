"""Forms of the timeline and actions of its board: all that can be dragged can also be typed."""

from typing import Any
from uuid import UUID

from dash import ALL, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.button_press import Undo
from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.policy import screen
from dashboard.frame.undo import undoes, way_back
from dashboard.frame.version_conflicts import Versioned
from dashboard.parts import phase_form as lifecycle_phases
from dashboard.parts.panel import panel
from dashboard.parts.phase_timeline import phase_label
from dashboard.parts.row_forms import said_beside
from dashboard.screens.timeline import forms as timeline_forms
from dashboard.screens.timeline.forms import CANCEL, CLOSE, HAND_ON, PHASE, PHASE_UTC, SAVE_PHASE, SAVE_TASK, TASK
from dashboard.screens.timeline.ids import Ids
from dashboard.screens.timeline.owners import owner_choice
from dashboard.screens.timeline.scene import TimelineScene, scene
from dashboard.screens.timeline.task_board import ACT, OPEN, TICK, WHY
from dashboard.server.access import actor, known_id, reading, unit_of_work
from dashboard.wording import _, coded
from operations.core.errors import NotFound, Stale
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.calendar import tasks, timeline
from operations.policing.calendar.task_rows import LIFE, Task
from operations.policing.operation import plan
from operations.policing.operation.plan import Phase

_EDITOR = (Output(Ids.EDITOR, "children"),)
_OPENS = (*_EDITOR, Output(Ids.EDITING, "data"))
_CLOSED: tuple[list[Component]] = ([],)
_EDITING = {"editing": State(Ids.EDITING, "data")}

# ------------------------------------------------------------------------------------------------------ opening


@does({"type": OPEN, "task": ALL}, act=Act.OPERATION_READ, shows=(Output(Ids.OPENED, "data"),))
def open_card(press: Press) -> Done:
    """Open the task of a card."""
    return Done(shown=({"id": press.subject["task"]},))


@screen(
    Output(Ids.OPENED, "data", allow_duplicate=True),
    Input(Ids.GRID, "selectedRows"),
    act=Act.OPERATION_READ,
    prevent_initial_call=True,
)
def open_row(chosen: list[dict[str, Any]] | None) -> Any:
    """Open the phase or task of a row of the list."""
    return {"id": chosen[0]["id"]} if chosen else no_update


@screen(
    *_OPENS,
    Input(Ids.OPENED, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.OPERATION_READ,
    prevent_initial_call=True,
)
def open_form(opened: dict[str, Any] | None, operation_id: str) -> Any:
    """Return the form of the opened phase or task."""
    if not opened:
        return no_update, no_update
    with reading() as session:
        return _form_of(session, scene(session, known_id(operation_id), actor()), known_id(opened.get("id")))


@does(
    *(Input(each, "n_clicks", allow_optional=True) for each in (Ids.NEW_TASK, Ids.NEW_PHASE)),
    act=Act.OPERATION_READ,
    operation=Ids.OPERATION,
    shows=_OPENS,
)
def open_new(press: Press) -> Done:
    """Open the form of a new phase or task."""
    with reading() as session:
        found = scene(session, press.operation_id, press.by)
        if press.button == Ids.NEW_PHASE:
            form = _opened(_("A new phase"), _phase_form(found, None))
        else:
            form = _opened(_("A new task"), _task_form(session, found, None))
    return Done(shown=(form, {"id": None, "version": None}))


def _opened(title: str, parts: list[Component]) -> Component:
    return panel(title, html.Div(parts), class_name="timeline-open")


def _form_of(session: Session, found: TimelineScene, wanted: UUID) -> tuple[Component, dict[str, Any]]:
    phase = next((each for each in found.rows.phases if each.id == wanted), None)
    task = next((each for each in found.rows.tasks if each.id == wanted), None)
    bar = phase or task
    if bar is None:
        raise NotFound
    known = {"id": str(bar.id), "version": bar.version}
    if phase is not None:
        parts = _phase_form(found, phase) if found.plans else timeline_forms.shown_phase(phase, found.operation.zone)
    elif task is not None and found.plans:
        parts = _task_form(session, found, task)
    elif task is not None and may(found.by, Act.TASK_ASSIGN, tasks.subject(session, task, found.by)):
        parts = timeline_forms.hand_on(task, _choices(session, found, task))
    else:
        parts = timeline_forms.shown_task(task, found.names)
    return _opened(phase_label(phase) if phase is not None else task.title if task is not None else "", parts), known


def _phase_form(found: TimelineScene, phase: Phase | None) -> list[Component]:
    form = timeline_forms.edit_phase(found.rows, found.operation.zone, phase)
    return [*PHASES.kept(*(_shown(found, phase) if phase else (None, None))), *form]


def _task_form(session: Session, found: TimelineScene, task: Task | None) -> list[Component]:
    form = timeline_forms.edit_task(found.rows, found.operation.zone, task, _choices(session, found, task))
    return [*TASKS.kept(*(_shown(found, task) if task else (None, None))), *form]


def _choices(session: Session, found: TimelineScene, task: Task | None) -> dict[str, Any]:
    chosen = timeline_forms.owner_value(task) if task else None
    owner = owner_choice(session, found.operation, found.by, chosen=chosen)
    return timeline_forms.task_choices(found.rows, task.id if task else None, found.sites) | {"owner": owner}


def _shown(found: TimelineScene, bar: Phase | Task) -> tuple[dict[str, Any], int]:
    """Return what the form of a phase or a task shows, and its version."""
    zone = found.operation.zone
    if isinstance(bar, Phase):
        return timeline_forms.phase_values(found.rows, zone, bar), bar.version
    return timeline_forms.task_values(found.rows, zone, bar), bar.version


def _stands(session: Session, press: Press, editing: dict[str, Any], **_given: Any) -> tuple[dict[str, Any], int]:
    found = scene(session, press.operation_id, press.by)
    bars: list[Phase | Task] = [*found.rows.phases, *found.rows.tasks]
    return _shown(found, next(bar for bar in bars if bar.id == known_id(editing["id"])))


def _offered(session: Session, press: Press, editing: dict[str, Any], **_given: Any) -> dict[str, Any]:
    found = scene(session, press.operation_id, press.by)
    theirs = _choices(session, found, next((each for each in found.rows.tasks if str(each.id) == editing["id"]), None))
    mine = owner_choice(session, found.operation, press.by, chosen=press.typed.get("owner"))
    return theirs | {"owner": theirs["owner"]["data"] + mine["data"]}


PHASES = Versioned(PHASE, "timeline-phase-version", _stands, act=Act.OPERATION_EDIT, choices=_offered)
TASKS = Versioned(TASK, "timeline-task-version", _stands, act=Act.TASK_PLAN, choices=_offered)


@does(CLOSE, act=Act.OPERATION_READ, shows=_EDITOR)
def close(_press: Press) -> Done:
    """Close the form."""
    return Done(shown=_CLOSED)


@screen(
    output=Output(PHASE_UTC, "children", allow_duplicate=True),
    inputs={
        name: Input(PHASE.id(name), "value", allow_optional=True)
        for name in ("starts", "starts_time", "ends", "ends_time", "which")
    },
    state={"operation_id": State(Ids.OPERATION, "data")},
    act=Act.OPERATION_EDIT,
    prevent_initial_call=True,
)
def say_utc(operation_id: str, **typed: Any) -> str:
    """Return the typed times in UTC."""
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
    return lifecycle_phases.utc_words(typed, operation.zone)


# ------------------------------------------------------------------------------------------------------- saving


@PHASES.saves(
    SAVE_PHASE,
    closes=True,
    operation=Ids.OPERATION,
    shows=_EDITOR,
    given=_EDITING | {"serial": PHASE.client_id_state()},
    running=[(Output(SAVE_PHASE, "loading"), True, False)],
)
def save_phase(press: Press, editing: dict[str, Any], serial: str, version: int | None) -> Done:
    """Save the phase of the form, with its predecessors."""
    ident = press.operation_id
    draft = lifecycle_phases.draft_of(press.typed, editing.get("id") or serial, press.operation.zone)
    known = next((each for each in plan.phases(press.session, ident) if each.id == draft.id), None)
    if known is not None and version not in (None, known.version):
        raise Stale
    timeline.schedule(press.session, ident, draft, press.by, map(known_id, press.typed.get("waits") or ()))
    return Done(_("Saved."), shown=_CLOSED)


@TASKS.saves(
    SAVE_TASK,
    closes=True,
    operation=Ids.OPERATION,
    shows=_EDITOR,
    given=_EDITING | {"serial": TASK.client_id_state()},
    running=[(Output(SAVE_TASK, "loading"), True, False)],
)
def save_task(press: Press, editing: dict[str, Any], serial: str, version: int) -> Done:
    """Save the task of the form: title, times, owner, and predecessors."""
    session, typed, by = press.session, press.typed, press.by
    draft = timeline_forms.task_draft(typed, editing.get("id") or serial, press.operation.zone)
    waits = [known_id(each) for each in typed.get("waits") or ()]
    with timeline_forms.beside():
        if editing.get("id"):
            timeline.edit_task(session, draft, by, version, waits)
            tasks.assign(session, draft.id, timeline_forms.owner_draft(typed.get("owner")), by)
        else:
            timeline.add_task(session, press.operation_id, draft, by, waits)
    return Done(_("Saved."), shown=_CLOSED)


@does(HAND_ON, act=Act.TASK_ASSIGN, form=TASK, typed=TASK.states("owner"), shows=_EDITOR, given=_EDITING)
def hand_on(press: Press, editing: dict[str, Any]) -> Done:
    """Hand over a task of the own country to another of its people."""
    wanted = timeline_forms.owner_draft(press.typed["owner"])
    with timeline_forms.beside():
        tasks.assign(press.session, known_id(editing.get("id")), wanted, press.by)
    return Done(_("Handed on."), shown=_CLOSED)


@does(
    CANCEL,
    act=Act.TASK_PLAN,
    form=TASK,
    typed={"reason": State(TASK.id("reason"), "value")},
    shows=_EDITOR,
    given=_EDITING,
)
def cancel(press: Press, editing: dict[str, Any]) -> Done:
    """Cancel a task that is no longer needed."""
    tasks.cancel(press.session, known_id(editing.get("id")), press.typed["reason"] or "", press.by)
    return Done(_("Cancelled. The task can be reopened."), shown=_CLOSED)


# ---------------------------------------------------------------------------------------------------- the board
# Both run whenever the board is redrawn, for onlookers too; the verb checks who may work on a task.

_WHY = {"type": WHY, "task": ALL, "act": ALL}


@does({**_WHY, "type": ACT}, act=Act.OPERATION_READ, beside=_WHY)
def work(press: Press) -> Done:
    """Move a task to another state from its card."""
    with said_beside({"reason": {**press.subject, "type": WHY}}):
        before = tasks.task(press.session, known_id(press.subject["task"])).state
        task = tasks.take(press.session, known_id(press.subject["task"]), press.subject["act"], press.by, press.words)
    lines = tasks.steps(press.session, task.operation_id).get(task.id, [])
    back = way_back("task", before, tasks.offers(press.session, task, lines, press.by), task.id)
    return Done(_("It is now: {state}.", state=coded("CL-TASKSTATE", task.state)), undo=back)


@undoes("task")
def _work_back(session: Session, by: Actor, back: Undo) -> None:
    """Move a task back to the state that it had."""
    task = tasks.task(session, known_id(back.of))
    tasks.take(session, task.id, LIFE.way(task, LIFE.states(back.to)).verb, by)


@screen(
    Output(Ids.BOARD, "data-ticked"),
    Input({"type": TICK, "step": ALL}, "checked"),
    act=Act.OPERATION_READ,
    prevent_initial_call=True,
)
def tick(_checked: list[bool]) -> Any:
    """Check or uncheck a line of a checklist."""
    pressed = ctx.triggered_id
    if not isinstance(pressed, dict) or len(ctx.triggered) != 1:
        return no_update
    with unit_of_work() as session:
        tasks.tick(session, known_id(pressed["step"]), actor(), done=bool(ctx.triggered[0]["value"]))
    return pressed["step"]
