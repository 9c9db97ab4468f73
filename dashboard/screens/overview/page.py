"""The overview of one operation: where its life stands and what it still needs, what it is, what it sets out to reach.

Its other parts (operational plan, phases, countries, coordination units, intelligence) are pages of their own, by tabs.
"""

from enum import StrEnum
from typing import Any

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts.badges import classification_badge, state_badge
from dashboard.parts.form import Form, button, text_field
from dashboard.parts.icon import icon
from dashboard.parts.left_out import left_out_list
from dashboard.parts.operation_form import FIELDS, content_of, operation_form
from dashboard.parts.operation_tabs import OVERVIEW, TABS, operation_tabs
from dashboard.parts.panel import panel
from dashboard.parts.phase_timeline import phase_timeline
from dashboard.parts.published_figures import published_figures
from dashboard.refusals import say
from dashboard.screens.overview.lifecycle_stepper import (
    WITH_REASON,
    coming_guards,
    guard_checklist,
    lifecycle_actions,
    lifecycle_stepper,
    lifecycle_stops,
    next_steps,
)
from dashboard.screens.overview.reminders import reminders
from dashboard.screens.overview.targets import target_form, target_list
from dashboard.server.access import actor, known_id, reading, unit_of_work
from dashboard.server.live import PULSE
from dashboard.telling.names import field_label
from dashboard.wording import N_, UNDEFINED, _, language
from operations.core import vocabulary
from operations.core.clock import now, official_day
from operations.core.drafts import parse
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import Classification, OperationState
from operations.policing import lifecycle
from operations.policing.operation import plan, targets
from operations.policing.reports import left_out
from scenarios import title_of

NAV = Nav(
    name=N_("Overview"),
    path_template="/operations/<operation_id>/overview",
    icon="flag",
    order=5,
    act=Act.OPERATION_READ,
    parts=tuple(tab.place for tab in TABS),
)
FORM, MOVE, TARGET = Form("operation-edit"), Form("operation-move"), Form("operation-target")


class Ids(StrEnum):
    """The elements of this page."""

    OPERATION = "operation-id"
    VERSION = "operation-version"
    LIFE = "operation-life"
    REASON = "operation-reason"
    ABOUT = "operation-about"
    SAVE = "operation-save"
    STEP = "operation-step"
    PHASES = "operation-phases"
    TARGETS = "operation-targets"
    TARGET_SET = "operation-target-set"
    TARGET_DROP = "operation-target-drop"


def layout(operation_id: str = "", edit: str = "", **_query: str) -> Component:
    """The overview; with ?edit=1 the form of its fields, while it may still be edited."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        if edit and editable(operation, by):
            return _edit_page(operation)
        parts, times = contents(session, operation, by), reminders(session, operation, by)
        begins = [official_day(phase.starts, operation.zone) for phase in plan.phases(session, operation.id)]
    told = title_of(operation.id, begins)
    change = dcc.Link(
        [icon("edit", 18), html.Span(_("Edit"))], href=f"{NAV.href(operation.id)}?edit=1", className="overview-link"
    )
    aims = may(by, Act.TARGET_SET, plan.subject(operation)) and operation.state not in plan.ENDED
    return page(
        _("Overview"),
        operation_tabs(operation, by, OVERVIEW),
        dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
        *_invented(operation),
        panel(_("Life cycle"), html.Div(parts["life"], id=Ids.LIFE), *_move_form(operation, by)),
        html.Div(
            [
                panel(
                    _("What it is"),
                    html.Div(parts["about"], id=Ids.ABOUT),
                    actions=[change] if editable(operation, by) else [],
                ),
                html.Div(
                    [
                        panel(
                            _("Goals"),
                            html.Div(parts["targets"], id=Ids.TARGETS),
                            *([target_form(TARGET, Ids.TARGET_SET, Ids.TARGET_DROP)] if aims else []),
                        ),
                        panel(_("Phases"), html.Div(parts["phases"], id=Ids.PHASES)),
                        *([panel(_("Published figures"), *published_figures(told))] if told else []),
                    ],
                    className="m-stack",
                ),
                *times,
            ],
            className="overview",
        ),
        wide=True,
    )


def editable(operation: plan.Operation, by: Actor) -> bool:
    """Whether `by` may edit the fields now: approval freezes them."""
    open_states = (OperationState.DRAFT, OperationState.PROPOSED)
    return operation.state in open_states and may(by, Act.OPERATION_EDIT, plan.subject(operation))


# --------------------------------------------------------------------------------------------------- callbacks


@screen(
    [
        Output(Ids.REASON, "hidden"),
        *(Output(part, "children") for part in (Ids.LIFE, Ids.ABOUT, Ids.TARGETS, Ids.PHASES)),
    ],
    Input(PULSE, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.OPERATION_READ,
    prevent_initial_call=True,
)
def refresh(_pulse: int, operation_id: str) -> list[Any]:
    """Read every part anew; what is being typed stays."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        parts = contents(session, operation, by)
    return [no_stops(operation, by), *(parts[name] for name in ("life", "about", "targets", "phases"))]


@screen(
    Output(MOVE.id("reason"), "value"),
    Input({"type": Ids.STEP, "to": ALL}, "n_clicks"),
    State(Ids.OPERATION, "data"),
    State(MOVE.id("reason"), "value"),
    act=Act.OPERATION_READ,
    form=MOVE,
    prevent_initial_call=True,
)
def take_step(clicks: list[int | None], operation_id: str, reason: str | None) -> Any:
    """Move the operation to the state whose button was pressed."""
    if not any(clicks) or not ctx.triggered_id:
        return no_update
    moved = stepped(operation_id, ctx.triggered_id["to"], reason or "")
    say(_("The operation is now: {state}.", state=vocabulary.label("CL-OPSTATE", moved.state, language())))
    return ""


def stepped(operation_id: str, to: str, reason: str) -> plan.Operation:
    """The operation after the step."""
    with unit_of_work() as session:
        return lifecycle.move(session, known_id(operation_id), OperationState(to), actor(), reason)


@screen(
    output=Output("_pages_location", "href", allow_duplicate=True),
    inputs={"clicks": Input(Ids.SAVE, "n_clicks")},
    state={
        "operation_id": State(Ids.OPERATION, "data"),
        "version": State(Ids.VERSION, "data"),
        "typed": FORM.states(*FIELDS),
    },
    act=Act.OPERATION_EDIT,
    form=FORM,
    prevent_initial_call=True,
)
def save(clicks: int, operation_id: str, version: int, typed: dict[str, Any]) -> Any:
    """Keep the edited fields and go back to the overview."""
    if not clicks:
        return no_update
    saved(operation_id, version, typed)
    say(_("The changes are saved."))
    return NAV.href(operation_id)


def saved(operation_id: str, version: int, typed: dict[str, Any]) -> plan.Operation:
    """The operation as edited. Raises RuleBroken with every flaw, Conflict when somebody was faster."""
    by = actor()
    with reading() as session:
        invented = plan.operation(session, known_id(operation_id), by).invented
    draft = parse(plan.OperationDraft, content_of(typed, operation_id, invented))
    with unit_of_work() as session:
        return plan.edit(session, draft, by, version)


@screen(
    output=Output(TARGET.id("value"), "value"),
    inputs={"set_clicks": Input(Ids.TARGET_SET, "n_clicks"), "drop_clicks": Input(Ids.TARGET_DROP, "n_clicks")},
    state={"operation_id": State(Ids.OPERATION, "data"), "typed": TARGET.states("kpi", "value")},
    act=Act.TARGET_SET,
    form=TARGET,
    prevent_initial_call=True,
)
def aim(set_clicks: int | None, drop_clicks: int | None, operation_id: str, typed: dict[str, Any]) -> Any:
    """Set or drop the target of the chosen figure."""
    if ctx.triggered_id == Ids.TARGET_DROP and drop_clicks:
        aimed(operation_id, typed | {"value": None}, drop=True)
        say(_("The target is dropped."))
        return ""
    if ctx.triggered_id == Ids.TARGET_SET and set_clicks:
        aimed(operation_id, typed)
        say(_("The target is set."))
        return ""
    return no_update


def aimed(operation_id: str, typed: dict[str, Any], *, drop: bool = False) -> None:
    """The target as typed, or none. Raises RuleBroken beside the field that is wrong."""
    content = {name: value for name, value in typed.items() if value not in (None, "")}
    draft = parse(targets.TargetDraft, content | ({"value": 1} if drop else {}))
    by = actor()
    with unit_of_work() as session:
        if drop:
            targets.drop(session, known_id(operation_id), draft.kpi, by)
        else:
            targets.aim(session, known_id(operation_id), draft, by)


# ------------------------------------------------------------------------------------------------------- parts


def contents(session: Session, operation: plan.Operation, by: Actor) -> dict[str, list[Component]]:
    """The parts of the page that follow the pulse."""
    return {
        "life": _life(session, operation, by),
        "about": _about(operation),
        "targets": target_list(session, operation, by),
        "phases": [phase_timeline(plan.phases(session, operation.id), operation.zone, now())],
    }


def _life(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    mine = next_steps(session, operation, by)
    coming = coming_guards(session, operation)
    parts: list[Component] = [lifecycle_stepper(operation)]
    if operation.state in (OperationState.SUSPENDED, OperationState.CANCELLED):
        parts.append(
            state_badge(
                vocabulary.label("CL-OPSTATE", operation.state, language()),
                "warn" if operation.state == OperationState.SUSPENDED else "bad",
            )
        )
    for state, guards in coming:
        words = _("Before it can be {state}:", state=vocabulary.label("CL-OPSTATE", state, language()))
        coordinates = may(by, Act.OPERATION_EDIT, plan.subject(operation))
        checklist = guard_checklist(guards, operation, editable=editable(operation, by), coordinates=coordinates)
        parts.append(html.Div([html.P(words), checklist]))
    if operation.state in plan.ENDED:
        parts += left_out_list(left_out.left_out(session, operation.id), final=True)
    parts.append(html.Div(lifecycle_actions(mine, Ids.STEP), className="steps-actions"))
    stops = lifecycle_stops(mine, Ids.STEP)
    if stops:
        parts.append(html.Div(stops, className="steps-stops"))
    return parts


def _about(operation: plan.Operation) -> list[Component]:
    def labels(name: str, codes: list[str]) -> str:
        return ", ".join(vocabulary.label(name, code, language()) for code in codes) or UNDEFINED

    rows: list[tuple[str, Any]] = [
        (_("Code name"), html.Bdi(operation.title)),
        (field_label("type"), vocabulary.label("CL-OPTYPE", operation.type, language())),
        (field_label("crime_scope"), labels("CL-CRIMESCOPE", operation.crime_scope)),
        (field_label("aim"), html.Bdi(operation.aim or UNDEFINED)),
        (field_label("legal_basis"), html.Bdi(operation.legal_basis or UNDEFINED)),
        (field_label("classification"), classification_badge(Classification(operation.classification))),
        (field_label("art3_screen"), vocabulary.label("CL-ART3", operation.art3_screen, language())),
        (field_label("zone"), operation.zone),
        (field_label("day_cut"), f"{operation.day_cut:%H:%M}"),
        (field_label("line_kinds"), labels("CL-LINE", operation.line_kinds)),
        (field_label("daily_due"), f"{operation.daily_due:%H:%M}" if operation.daily_due else UNDEFINED),
    ]
    return [
        html.Dl([part for term, text in rows for part in (html.Dt(term), html.Dd(text))], className="overview-facts")
    ]


def _invented(operation: plan.Operation) -> list[Component]:
    if not operation.invented:
        return []
    return [
        html.Aside(
            [
                icon("info-circle", 18),
                html.Div([html.Strong(_("What is invented here")), html.P(html.Bdi(operation.invented))]),
            ],
            className="overview-invented",
            role="note",
        )
    ]


def no_stops(operation: plan.Operation, by: Actor) -> bool:
    """Whether `by` can neither suspend nor cancel the operation now."""
    return all(step.after not in WITH_REASON for step in lifecycle.steps_for(operation, by))


def _move_form(operation: plan.Operation, by: Actor) -> list[Component]:
    """The reason for suspending or cancelling; hidden from those who may do neither."""
    field = text_field(
        MOVE,
        "reason",
        _("Reason for suspending or cancelling"),
        maxLength=500,
        description=_("It is written into the journal. No names of persons."),
    )
    return [html.Div(field, id=Ids.REASON, className="steps-reason", hidden=no_stops(operation, by))]


def _edit_page(operation: plan.Operation) -> Component:
    return page(
        _("Edit the operation"),
        dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
        dcc.Store(id=Ids.VERSION, data=operation.version),
        operation_form(FORM, operation),
        html.Div(
            [
                button(_("Save"), id=Ids.SAVE, kind="primary", icon_name="check"),
                dcc.Link(_("Back without saving"), href=NAV.href(operation.id), className="overview-link"),
            ],
            className="m-row overview-form-end",
        ),
    )
