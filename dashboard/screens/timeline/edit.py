"""The timeline's forms and the acts of its board: what can be dragged can be typed, and every task can be worked on."""

from typing import Any
from uuid import UUID

from dash import ALL, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.policy import screen
from dashboard.parts import phase_form as lifecycle_phases
from dashboard.parts.form import client_id
from dashboard.parts.panel import panel
from dashboard.parts.phase_timeline import phase_label
from dashboard.refusals import say
from dashboard.screens.timeline import forms as timeline_forms
from dashboard.screens.timeline.forms import (
    CANCEL,
    CLOSE,
    HAND_ON,
    PHASE,
    PHASE_FIELDS,
    PHASE_UTC,
    SAVE_PHASE,
    SAVE_TASK,
    TASK,
    TASK_FIELDS,
)
from dashboard.screens.timeline.ids import Ids
from dashboard.screens.timeline.scene import Scene, scene
from dashboard.screens.timeline.task_board import ACT, OPEN, TICK, WHY
from dashboard.server.access import actor, known_id, reading, unit_of_work
from dashboard.wording import _
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.permissions import Act, may
from operations.policing.calendar import tasks, timeline
from operations.policing.calendar.tasks import Task
from operations.policing.operation import plan
from operations.policing.operation.plan import Phase

# ------------------------------------------------------------------------------------------------------ opening


@screen(
    Output(Ids.OPENED, "data", allow_duplicate=True),
    Input({"type": OPEN, "task": ALL}, "n_clicks"),
    act=Act.OPERATION_READ,
    prevent_initial_call=True,
)
def open_card(pressed: list[int | None]) -> Any:
    """Open the task of a card. The board is drawn anew at every change, which asks here too: that opens nothing."""
    asked = ctx.triggered_id
    return {"id": asked["task"]} if isinstance(asked, dict) and any(pressed) else no_update


@screen(
    Output(Ids.OPENED, "data", allow_duplicate=True),
    Input(Ids.GRID, "selectedRows"),
    act=Act.OPERATION_READ,
    prevent_initial_call=True,
)
def open_row(chosen: list[dict[str, Any]] | None) -> Any:
    """Open what a row of the list is about."""
    return {"id": chosen[0]["id"]} if chosen else no_update


@screen(
    Output(Ids.EDITOR, "children"),
    Output(Ids.EDITING, "data"),
    Input(Ids.OPENED, "data"),
    Input(Ids.NEW_TASK, "n_clicks", allow_optional=True),
    Input(Ids.NEW_PHASE, "n_clicks", allow_optional=True),
    State(Ids.OPERATION, "data"),
    act=Act.OPERATION_READ,
    prevent_initial_call=True,
)
def open_form(opened: dict[str, Any] | None, _task: int | None, _phase: int | None, operation_id: str) -> Any:
    """The form of what was opened, or of something new."""
    asked = ctx.triggered_id
    new = asked in (Ids.NEW_TASK, Ids.NEW_PHASE) and bool(ctx.triggered[0]["value"])
    if not new and (asked != Ids.OPENED or not opened):
        return no_update, no_update
    with reading() as session:
        found = scene(session, known_id(operation_id), actor())
        if not new:
            return _form_of(session, found, known_id((opened or {}).get("id")))
        title, parts = (
            (_("A new phase"), _phase_form(found, None))
            if asked == Ids.NEW_PHASE
            else (_("A new task"), _task_form(found, None))
        )
        return _opened(title, parts), {"id": None, "version": None}


def _opened(title: str, parts: list[Component]) -> Component:
    return panel(title, html.Div(parts), class_name="timeline-open")


def _form_of(session: Session, found: Scene, wanted: UUID) -> tuple[Component, dict[str, Any]]:
    phase = next((each for each in found.rows.phases if each.id == wanted), None)
    task = next((each for each in found.rows.tasks if each.id == wanted), None)
    bar = phase or task
    if bar is None:
        raise NotFound
    known = {"id": str(bar.id), "version": bar.version}
    if phase is not None:
        parts = _phase_form(found, phase) if found.plans else timeline_forms.shown_phase(phase, found.operation.zone)
    elif task is not None and found.plans:
        parts = _task_form(found, task)
    elif task is not None and may(found.by, Act.TASK_ASSIGN, tasks.subject(session, task, found.by)):
        parts = timeline_forms.hand_on(task, _owners(found))
    else:
        parts = timeline_forms.shown_task(task, found.names)
    return _opened(phase_label(phase) if phase is not None else task.title if task is not None else "", parts), known


def _owners(found: Scene) -> list[dict[str, str]]:
    return timeline_forms.owners(found.countries, found.people, coordination=not found.by.national)


def _phase_form(found: Scene, phase: Phase | None) -> list[Component]:
    return [client_id(PHASE), *timeline_forms.edit_phase(found.rows, found.operation.zone, phase)]


def _task_form(found: Scene, task: Task | None) -> list[Component]:
    zone = found.operation.zone
    return [client_id(TASK), *timeline_forms.edit_task(found.rows, zone, task, _owners(found), found.sites)]


@screen(
    Output(Ids.EDITOR, "children", allow_duplicate=True),
    Input(CLOSE, "n_clicks"),
    act=Act.OPERATION_READ,
    prevent_initial_call=True,
)
def close(clicks: int | None) -> Any:
    """Put the form away."""
    return [] if clicks else no_update


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
    """What the typed times are in UTC."""
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
    return lifecycle_phases.utc_words(typed, operation.zone)


# ------------------------------------------------------------------------------------------------------- saving


@screen(
    output=Output(Ids.EDITOR, "children", allow_duplicate=True),
    inputs={"clicks": Input(SAVE_PHASE, "n_clicks")},
    state={
        "operation_id": State(Ids.OPERATION, "data"),
        "editing": State(Ids.EDITING, "data"),
        "client": PHASE.client_id_state(),
        "typed": {name: State(PHASE.id(name), "value", allow_optional=True) for name in PHASE_FIELDS},
    },
    act=Act.OPERATION_EDIT,
    form=PHASE,
    prevent_initial_call=True,
    running=[(Output(SAVE_PHASE, "loading"), True, False)],
)
def save_phase(
    clicks: int | None, operation_id: str, editing: dict[str, Any], client: str, typed: dict[str, Any]
) -> Any:
    """Schedule the phase as it was typed, with what it waits for."""
    if not clicks:
        return no_update
    ident, by = known_id(operation_id), actor()
    with unit_of_work() as session:
        operation = plan.operation(session, ident, by)
        draft = lifecycle_phases.draft_of(typed, editing.get("id") or client, operation.zone)
        known = next((each for each in plan.phases(session, ident) if each.id == draft.id), None)
        if known is not None and editing.get("version") not in (None, known.version):
            raise Conflict("Somebody moved this meanwhile. Look at the timeline again: it shows where it lies now.")
        timeline.schedule(session, ident, draft, by, map(known_id, typed.get("waits") or ()))
    say(_("Saved."))
    return []


@screen(
    output=Output(Ids.EDITOR, "children", allow_duplicate=True),
    inputs={"clicks": Input(SAVE_TASK, "n_clicks")},
    state={
        "operation_id": State(Ids.OPERATION, "data"),
        "editing": State(Ids.EDITING, "data"),
        "client": TASK.client_id_state(),
        "typed": {name: State(TASK.id(name), "value", allow_optional=True) for name in TASK_FIELDS},
    },
    act=Act.TASK_PLAN,
    form=TASK,
    prevent_initial_call=True,
    running=[(Output(SAVE_TASK, "loading"), True, False)],
)
def save_task(
    clicks: int | None, operation_id: str, editing: dict[str, Any], client: str, typed: dict[str, Any]
) -> Any:
    """Keep the task as it was typed: what, when, who, and what it waits for."""
    if not clicks:
        return no_update
    ident, by = known_id(operation_id), actor()
    with unit_of_work() as session:
        operation = plan.operation(session, ident, by)
        draft = timeline_forms.task_draft(typed, editing.get("id") or client, operation.zone)
        waits = [known_id(each) for each in typed.get("waits") or ()]
        try:
            if editing.get("id"):
                timeline.edit_task(session, draft, by, editing["version"], waits)
                tasks.assign(session, draft.id, timeline_forms.owner_draft(typed.get("owner")), by)
            else:
                timeline.add_task(session, ident, draft, by, waits)
        except RuleBroken as broken:
            raise timeline_forms.beside(broken) from None
    say(_("Saved."))
    return []


@screen(
    output=Output(Ids.EDITOR, "children", allow_duplicate=True),
    inputs={"clicks": Input(HAND_ON, "n_clicks")},
    state={"editing": State(Ids.EDITING, "data"), "owner": State(TASK.id("owner"), "value")},
    act=Act.TASK_ASSIGN,
    form=TASK,
    prevent_initial_call=True,
)
def hand_on(clicks: int | None, editing: dict[str, Any], owner: str | None) -> Any:
    """Hand a task of the own country to somebody else of it."""
    if not clicks:
        return no_update
    wanted = timeline_forms.owner_draft(owner)
    with unit_of_work() as session:
        try:
            tasks.assign(session, known_id(editing.get("id")), wanted, actor())
        except RuleBroken as broken:
            raise timeline_forms.beside(broken) from None
    say(_("Handed on."))
    return []


@screen(
    output=Output(Ids.EDITOR, "children", allow_duplicate=True),
    inputs={"clicks": Input(CANCEL, "n_clicks")},
    state={"editing": State(Ids.EDITING, "data"), "reason": State(TASK.id("reason"), "value")},
    act=Act.TASK_PLAN,
    form=TASK,
    prevent_initial_call=True,
)
def cancel(clicks: int | None, editing: dict[str, Any], reason: str | None) -> Any:
    """Say that a task is no longer needed."""
    if not clicks:
        return no_update
    with unit_of_work() as session:
        tasks.cancel(session, known_id(editing.get("id")), reason or "", actor())
    say(_("Cancelled. The task can be reopened."))
    return []


# ---------------------------------------------------------------------------------------------------- the board
# Both are asked whenever the board is drawn anew, for onlookers too; who may work on a task is the verb's to check.


@screen(
    Output(Ids.BOARD, "data-done"),
    Input({"type": ACT, "task": ALL, "act": ALL}, "n_clicks"),
    State({"type": WHY, "task": ALL, "act": ALL}, "value"),
    State({"type": WHY, "task": ALL, "act": ALL}, "id"),
    act=Act.OPERATION_READ,
    prevent_initial_call=True,
)
def work(clicks: list[int | None], reasons: list[str | None], places: list[dict[str, str]]) -> Any:
    """Move a task to another state from its card."""
    pressed = ctx.triggered_id
    if not isinstance(pressed, dict) or not any(clicks):
        return no_update
    said = {(place["task"], place["act"]): why for place, why in zip(places, reasons, strict=True)}
    with unit_of_work() as session:
        why = said.get((pressed["task"], pressed["act"])) or ""
        tasks.take(session, known_id(pressed["task"]), pressed["act"], actor(), why)
    return pressed["task"]


@screen(
    Output(Ids.BOARD, "data-ticked"),
    Input({"type": TICK, "step": ALL}, "checked"),
    act=Act.OPERATION_READ,
    prevent_initial_call=True,
)
def tick(_checked: list[bool]) -> Any:
    """Tick a line of a checklist, or take the tick away."""
    pressed = ctx.triggered_id
    if not isinstance(pressed, dict) or len(ctx.triggered) != 1:
        return no_update
    with unit_of_work() as session:
        tasks.tick(session, known_id(pressed["step"]), actor(), done=bool(ctx.triggered[0]["value"]))
    return pressed["step"]
