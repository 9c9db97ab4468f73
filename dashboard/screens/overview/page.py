"""Overview of one operation: its state, what comes next, its goals, its life cycle and its description."""

from enum import StrEnum
from typing import Any

from dash import ALL, Input, Output, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.frame.shell import page, page_link
from dashboard.frame.version_conflicts import Versioned
from dashboard.parts import tags
from dashboard.parts.badges import classification_badge, state_badge
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.draft_fields import value_text
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.draft_note import draft_note
from dashboard.parts.excluded_reports import left_out_list
from dashboard.parts.form import Form, button, text_field
from dashboard.parts.form_fields import drawing
from dashboard.parts.icon import icon
from dashboard.parts.operation_form import operation_form
from dashboard.parts.panel import facts, panel
from dashboard.parts.phase_timeline import phase_timeline
from dashboard.parts.published_figures import published_figures
from dashboard.parts.targets import target_form, target_list
from dashboard.places import COSTS, OVERVIEW
from dashboard.screens.overview.lifecycle_stepper import (
    LINE,
    coming_guards,
    guard_checklist,
    lifecycle_actions,
    lifecycle_stepper,
    lifecycle_stops,
    next_steps,
    no_stops,
    take,
    whose_step,
)
from dashboard.screens.overview.reminders import reminders
from dashboard.screens.overview.state_line import state_line
from dashboard.server.access import reading
from dashboard.telling.names import field_label
from dashboard.wording import _, coded, joined, ngettext
from operations.core.clock import now, official_day
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import Classification, OperationState
from operations.policing.operation import plan, targets
from operations.policing.operation.targets import TargetDraft
from operations.policing.reports import exclusions
from operations.support import early_end
from scenarios import title_of

NAV = OVERVIEW
FORM, MOVE = DraftForm("operation-edit", plan.OperationDraft), Form("operation-move")
END = DraftForm("operation-end", early_end.EndDraft)
TARGET = DraftForm("operation-target", TargetDraft)


class Ids(StrEnum):
    """Element ids of this page."""

    VERSION = "operation-version"
    STATE = "operation-state"
    LIFE = "operation-life"
    STOPS = "operation-stops"
    MORE = "operation-more"
    REASON = "operation-reason"
    ABOUT = "operation-about"
    SAVE = "operation-save"
    STEP = "operation-step"
    PHASES = "operation-phases"
    END = "operation-end"
    END_TOLD = "operation-end-told"
    TARGETS = "operation-targets"
    TARGET = "operation-target"
    TARGET_SET = "operation-target-set"
    TARGET_DROP = "operation-target-drop"


def _stands(session: Session, press: Press) -> tuple[plan.Operation, int]:
    found = plan.operation(session, press.operation_id, press.by)
    return found, found.version


EDIT = Versioned(FORM, Ids.VERSION, _stands, act=Act.OPERATION_EDIT)


@operation_page(NAV)
def layout(session: Session, operation: plan.Operation, by: Actor, edit: str = "") -> Parts:
    """Return the overview; with `edit`, the form of its fields, while it may be edited."""
    if edit and editable(operation, by):
        return _edit_page(operation)
    state, life, about, aims, phases, stops, silent, running, nothing = contents(session, operation, by)
    ending = end_told(session, operation, by)
    times = reminders(session, operation, by)
    begins = [official_day(phase.starts, operation.zone) for phase in plan.phases(session, operation.id)]
    title = title_of(operation.id, begins)
    return page(
        _("Overview"),
        tags.Div(
            panel(_("Now"), followed(Ids.STATE, state)),
            panel(_("Goals"), followed(Ids.TARGETS, aims), *_target(operation, by)),
            className="overview overview-lead",
        ),
        panel(
            _("Life cycle"),
            followed(Ids.LIFE, life),
            tags.Details(
                html.Summary(_("More")),
                _move_form(silent),
                followed(Ids.STOPS, stops, className="steps-stops"),
                _end_form(running, ending),
                id=Ids.MORE,
                className="overview-editor overview-more",
                hidden=nothing,
            ),
        ),
        *_invented(operation),
        tags.Div(
            followed(Ids.ABOUT, about),
            tags.Div(
                panel(_("Phases"), followed(Ids.PHASES, phases)),
                *([panel(_("Published figures"), *published_figures(title))] if title else []),
                className="m-stack",
            ),
            *times,
            className="overview",
        ),
        actions=page_link(COSTS, by, operation),
        wide=True,
    )


def editable(operation: plan.Operation, by: Actor) -> bool:
    """Return whether `by` may edit the fields now: approval freezes them."""
    open_states = (OperationState.DRAFT, OperationState.PROPOSED)
    return operation.state in open_states and may(by, Act.OPERATION_EDIT, plan.subject(operation))


# --------------------------------------------------------------------------------------------------- callbacks


@does(
    {"type": Ids.STEP, "to": ALL},
    act=Act.OPERATION_READ,
    form=MOVE,
    typed=("reason",),
    operation=OPERATION,
    clears=("reason",),
)
def take_step(press: Press) -> Done:
    """Move the operation to the state of the pressed button."""
    return take(press)


@EDIT.saves(Ids.SAVE, operation=OPERATION, goes=True)
def save(press: Press, version: int) -> Done:
    """Save the edited fields and return to the overview. Raises Conflict on a concurrent edit."""
    with reading() as session:
        invented = plan.operation(session, press.operation_id, press.by).invented
    draft = FORM.draft(plan.OperationDraft, press.typed, id=press.operation_id, invented=invented)
    plan.edit(press.session, draft, press.by, version)
    return Done(_("The changes are saved."), to=NAV.href(press.operation_id))


@does(Ids.TARGET_SET, Ids.TARGET_DROP, act=Act.TARGET_SET, form=TARGET, operation=OPERATION, clears=("value",))
def aim(press: Press) -> Done:
    """Set or drop the target of the chosen figure."""
    if press.button == Ids.TARGET_SET:
        targets.aim(press.session, press.operation_id, press.draft(TargetDraft), press.by)
        return Done(_("The target is set."))
    dropped = TARGET.draft(TargetDraft, {**press.typed, "value": 1})
    targets.drop(press.session, press.operation_id, dropped.kpi, press.by)
    return Done(_("The target is dropped."))


# ------------------------------------------------------------------------------------------------------- parts


def contents(session: Session, operation: plan.Operation, by: Actor) -> tuple[Any, ...]:
    """Return what follows the pulse: state, lifecycle, facts, targets, phases, stops, and which forms are hidden."""
    silent = no_stops(operation, by)
    running = not early_end.offered(operation, plan.phases(session, operation.id), by)
    return (
        [*draft_note(operation), *state_line(session, operation, by)],
        _life(session, operation, by),
        _about(operation, by),
        target_list(session, operation, by),
        [phase_timeline(plan.phases(session, operation.id), operation.zone, now())],
        lifecycle_stops(next_steps(session, operation, by), Ids.STEP),
        silent,
        running,
        silent and running,
    )


refresh = follows(
    contents,
    *(Ids.STATE, Ids.LIFE, Ids.ABOUT, Ids.TARGETS, Ids.PHASES, Ids.STOPS),
    *(Output(Ids.REASON, "hidden"), Output(Ids.END, "hidden"), Output(Ids.MORE, "hidden")),
    act=Act.OPERATION_READ,
    operation=OPERATION,
)


def end_told(
    session: Session, operation: plan.Operation, by: Actor, tasks: str | None = None, teams: str | None = None
) -> list[Component]:
    """What an end now comes to as it was chosen, and the button that asks once and does it."""
    if not early_end.offered(operation, plan.phases(session, operation.id), by):
        return []
    left = early_end.left(session, operation, now())
    keeps, stays = tasks != early_end.TasksLeft.DROP, teams == early_end.TeamsLeft.STAY
    counted = (
        (left.running, ngettext("{n} phase ends now.", "{n} phases end now.", len(left.running))),
        (left.coming, ngettext("{n} later phase is dropped.", "{n} later phases are dropped.", len(left.coming))),
        (left.tasks if keeps else (), ngettext("{n} open task is kept.", "{n} open tasks are kept.", len(left.tasks))),
        (
            () if keeps else left.tasks,
            ngettext("{n} open task is dropped.", "{n} open tasks are dropped.", len(left.tasks)),
        ),
        (
            () if stays else left.on_site,
            ngettext("{n} team on site is released.", "{n} teams on site are released.", len(left.on_site)),
        ),
        (
            left.on_site if stays else (),
            ngettext("{n} team stays on site.", "{n} teams stay on site.", len(left.on_site)),
        ),
        (
            left.on_the_way,
            ngettext(
                "{n} team not there yet is stood down.", "{n} teams not there yet are stood down.", len(left.on_the_way)
            ),
        ),
    )
    said = [words for found, words in counted if found]
    named = joined(team.call_sign for team in left.on_site)
    ask = confirmation_attributes("operation.end_now", " ".join(said))
    return [
        html.Ul([html.Li(words) for words in said]),
        *([html.P(_("On site: {teams}", teams=named), className="m-small")] if named else []),
        button(_("End the operation now"), END.send, "danger", "player-stop", **ask),
    ]


refresh_end = follows(
    end_told,
    Ids.END_TOLD,
    act=Act.OPERATION_READ,
    operation=OPERATION,
    tasks=Input(END.id("tasks"), "value"),
    teams=Input(END.id("teams"), "value"),
)


@does(END, act=Act.OPERATION_RUN, operation=OPERATION)
def end_now(press: Press) -> Done:
    """End the operation before its planned day."""
    ended = early_end.end_now(press.session, press.operation_id, press.draft(early_end.EndDraft), press.by)
    return Done(_("The operation is now: {state}.", state=coded("CL-OPSTATE", ended.state)))


def _ended(_session: Session, operation: plan.Operation, _by: Actor) -> bool:
    return operation.state in plan.ENDED


refresh_target = follows(_ended, Output(Ids.TARGET, "hidden"), act=Act.TARGET_SET, operation=OPERATION)


def _target(operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the form that sets a target, for those who may, until the operation has ended."""
    if not may(by, Act.TARGET_SET, plan.subject(operation)):
        return []
    ended = operation.state in plan.ENDED
    return [html.Div(target_form(TARGET, Ids.TARGET_SET, Ids.TARGET_DROP), id=Ids.TARGET, hidden=ended)]


def _life(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    mine = next_steps(session, operation, by)
    coming = coming_guards(session, operation)
    parts: list[Component] = [lifecycle_stepper(operation)]
    if operation.state in (OperationState.SUSPENDED, OperationState.CANCELLED):
        parts.append(
            state_badge(
                coded("CL-OPSTATE", operation.state),
                "warn" if operation.state == OperationState.SUSPENDED else "bad",
            )
        )
    for state, guards in coming:
        words = _("Still missing before {state}:", state=coded("CL-OPSTATE", state))
        parts.append(html.Div([html.P(words), guard_checklist(guards, operation, by)], className="steps-coming"))
    if operation.state in LINE[:-1]:
        parts += whose_step(LINE[LINE.index(OperationState(operation.state)) + 1], operation, by)
    if operation.state in plan.ENDED:
        parts += left_out_list(exclusions.left_out(session, operation.id), final=True)
    if may(by, Act.OPERATION_APPROVE, plan.subject(operation)):
        together = [icon("rubber-stamp", 16), html.Span(_("Plan and map on one page, with what waits for approval"))]
        parts.append(dcc.Link(together, href=f"/operations/{operation.id}/approval", className="overview-link"))
    parts.append(html.Div(lifecycle_actions(mine, Ids.STEP), className="steps-actions"))
    return parts


def _about(operation: plan.Operation, by: Actor) -> Component:
    """Return the facts of the operation, with a link to edit them while that is allowed."""

    def said(name: str) -> Component | str:
        value = getattr(operation, name)
        if name == "classification":
            return classification_badge(Classification(value))
        return value_text(plan.OperationDraft, name, value)

    names = [name for name in FORM.said if name not in ("code_name", "edition")]
    rows = [(_("Code name"), operation.title), *((field_label(name), said(name)) for name in names)]
    inside = [icon("edit", 18), html.Span(_("Edit"))]
    change = dcc.Link(inside, href=f"{NAV.href(operation.id)}?edit=1", className="overview-link")
    actions = [change] if editable(operation, by) else []
    return panel(_("What it is"), facts(rows, "overview-facts"), actions=actions)


def _invented(operation: plan.Operation) -> list[Component]:
    if not operation.invented:
        return []
    return [
        tags.Aside(
            icon("info-circle", 18),
            html.Div([html.Strong(_("What is invented here")), html.P(html.Bdi(operation.invented))]),
            className="overview-invented",
            role="note",
        )
    ]


def _move_form(silent: bool) -> Component:
    """Return the field for the reason of a suspension or cancellation; hidden from those who may do neither."""
    field = text_field(
        MOVE,
        "reason",
        _("Reason for suspending or cancelling"),
        maxLength=500,
        description=_("It is written into the journal. No names of persons."),
    )
    return html.Div(field, id=Ids.REASON, className="steps-reason", hidden=silent)


def _end_form(hidden: bool, told: list[Component]) -> Component:
    """The end before the planned day; hidden from those who cannot end the operation so."""
    form = [html.Summary(_("End the operation before its planned day")), *drawing(END)(), followed(Ids.END_TOLD, told)]
    return html.Div(html.Details(form, className="overview-editor overview-end"), id=Ids.END, hidden=hidden)


def _edit_page(operation: plan.Operation) -> Component:
    return page(
        _("Edit the operation"),
        operation_form(FORM, operation),
        *EDIT.kept(operation, operation.version),
        tags.Div(
            button(_("Save"), id=Ids.SAVE, kind="primary", icon_name="check"),
            dcc.Link(_("Back without saving"), href=NAV.href(operation.id), className="overview-link"),
            className="m-row overview-form-end",
        ),
    )
