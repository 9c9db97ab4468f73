"""The overview of one operation: what it is, where its life stands, what comes next, its phases, countries, sites."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.access import actor, known_id, reading, unit_of_work
from dashboard.components.badges import classification_badge, state_badge
from dashboard.components.country_participation import participation_table, sites_by_country
from dashboard.components.form import Form, button, client_id, multi_select_field, select_field, text_field
from dashboard.components.icon import icon
from dashboard.components.journal_told import field_label
from dashboard.components.lifecycle_phases import FIELDS as PHASE_FIELDS
from dashboard.components.lifecycle_phases import draft_of, phase_form, phase_list, utc_words, values_of
from dashboard.components.lifecycle_stepper import (
    WITH_REASON,
    coming_obstacles,
    lifecycle_actions,
    lifecycle_stepper,
    lifecycle_stops,
    next_steps,
    obstacle_list,
)
from dashboard.components.operation_form import FIELDS, content_of, operation_form
from dashboard.components.panel import empty_state, panel
from dashboard.components.phase_timeline import phase_timeline
from dashboard.components.published_figures import published_figures
from dashboard.live import PULSE
from dashboard.navigation import Nav
from dashboard.pages.operation_reminders import reminders
from dashboard.policy import screen
from dashboard.refusals import say
from dashboard.shell import page
from dashboard.wording import N_, UNDEFINED, _, language
from operations.core import vocabulary
from operations.core.clock import now, official_day
from operations.core.drafts import parse
from operations.core.errors import NotFound
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import Classification, OperationState, ParticipationState
from operations.policing import lifecycle, places, plan
from scenarios import title_of

NAV = Nav(
    name=N_("Overview"),
    path_template="/operations/<operation_id>/overview",
    icon="flag",
    order=5,
    act=Act.OPERATION_READ,
)
FORM, MOVE, PHASE, INVITE = (
    Form("operation-edit"),
    Form("operation-move"),
    Form("operation-phase"),
    Form("operation-invite"),
)


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
    PHASE_UTC = "operation-phase-utc"
    PHASE_SAVE = "operation-phase-save"
    PHASE_NEW = "operation-phase-new"
    PHASE_MOVE = "operation-phase-move"
    COUNTRIES = "operation-countries"
    INVITE = "operation-invite-send"
    WITHDRAW = "operation-withdraw"
    SITES = "operation-sites"


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
    writes = may(by, Act.OPERATION_EDIT, plan.subject(operation))
    change = dcc.Link(
        [icon("edit", 18), html.Span(_("Edit"))], href=f"{NAV.href(operation.id)}?edit=1", className="overview-link"
    )
    return page(
        _("Overview"),
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
                panel(
                    _("Phases"), html.Div(parts["phases"], id=Ids.PHASES), *(_phase_editor(operation) if writes else [])
                ),
                *([panel(_("Published figures"), *published_figures(told))] if told else []),
                panel(
                    _("Countries"), html.Div(parts["countries"], id=Ids.COUNTRIES), *(_invite_form() if writes else [])
                ),
                panel(_("Sites"), html.Div(parts["sites"], id=Ids.SITES)),
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
        *(Output(part, "children") for part in (Ids.LIFE, Ids.ABOUT, Ids.PHASES, Ids.COUNTRIES, Ids.SITES)),
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
    return [no_stops(operation, by), *(parts[name] for name in ("life", "about", "phases", "countries", "sites"))]


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
    output=[Output(PHASE.id("client-id"), "data"), [Output(PHASE.id(name), "value") for name in PHASE_FIELDS]],
    inputs={
        "save_clicks": Input(Ids.PHASE_SAVE, "n_clicks"),
        "new_clicks": Input(Ids.PHASE_NEW, "n_clicks"),
        "moves": Input({"type": Ids.PHASE_MOVE, "phase": ALL}, "n_clicks"),
    },
    state={
        "operation_id": State(Ids.OPERATION, "data"),
        "phase_id": PHASE.client_id_state(),
        "typed": PHASE.states(*PHASE_FIELDS),
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
    if ctx.triggered_id == Ids.PHASE_NEW and new_clicks:
        return empty
    if ctx.triggered_id == Ids.PHASE_SAVE and save_clicks:
        phase = scheduled(operation_id, phase_id, typed)
        say(_("{phase} is on the calendar.", phase=phase.name))
        return empty
    if isinstance(ctx.triggered_id, dict) and any(moves):
        chosen = ctx.triggered_id["phase"]
        values = shown_phase(operation_id, chosen)
        return [chosen, [values[name] for name in PHASE_FIELDS]]
    return no_update, [no_update] * len(PHASE_FIELDS)


def scheduled(operation_id: str, phase_id: str, typed: dict[str, Any]) -> plan.Phase:
    """The phase as typed, on the calendar."""
    by = actor()
    with unit_of_work() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        return plan.schedule(session, operation.id, draft_of(typed, phase_id, operation.zone), by)


def shown_phase(operation_id: str, phase_id: str) -> dict[str, str]:
    """The values of a phase for the form."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        return values_of(_phase(session, operation.id, phase_id), operation.zone)


@screen(
    output=Output(Ids.PHASE_UTC, "children"),
    inputs={"ends": {name: Input(PHASE.id(name), "value") for name in PHASE_FIELDS[2:]}},
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


@screen(
    output=Output(INVITE.id("countries"), "value"),
    inputs={"clicks": Input(Ids.INVITE, "n_clicks")},
    state={"operation_id": State(Ids.OPERATION, "data"), "typed": INVITE.states("countries", "contribution")},
    act=Act.PARTICIPATION_INVITE,
    form=INVITE,
    prevent_initial_call=True,
)
def invite(clicks: int, operation_id: str, typed: dict[str, Any]) -> Any:
    """Invite the chosen countries."""
    if not clicks or not typed["countries"]:
        return no_update
    invited(operation_id, typed["countries"], typed["contribution"] or "participant")
    say(_("The invitations are sent."))
    return []


def invited(operation_id: str, countries: list[str], contribution: str) -> None:
    """All invitations, or none."""
    by = actor()
    with unit_of_work() as session:
        for country in countries:
            draft = parse(plan.Invitation, {"country": country, "contribution": contribution})
            plan.invite(session, known_id(operation_id), draft, by)


@screen(
    Output({"type": Ids.WITHDRAW, "of": ALL}, "disabled"),
    Input({"type": Ids.WITHDRAW, "of": ALL}, "n_clicks"),
    State(Ids.OPERATION, "data"),
    act=Act.PARTICIPATION_ANSWER,
    prevent_initial_call=True,
)
def withdraw(clicks: list[int | None], operation_id: str) -> Any:
    """The country leaves the operation."""
    if not any(clicks):
        return [no_update for _click in clicks]
    withdrawn(operation_id)
    say(_("Your country left the operation. What it reported stays in the totals."), "note")
    return [True for _click in clicks]


def withdrawn(operation_id: str) -> plan.Participation:
    """The participation after the country left."""
    with unit_of_work() as session:
        return plan.withdraw(session, known_id(operation_id), actor())


def _phase(session: Session, operation_id: UUID, phase_id: str) -> plan.Phase:
    """The phase of that operation with this id. Raises NotFound."""
    found = next((phase for phase in plan.phases(session, operation_id) if str(phase.id) == phase_id), None)
    if found is None:
        raise NotFound
    return found


# ------------------------------------------------------------------------------------------------------- parts


def contents(session: Session, operation: plan.Operation, by: Actor) -> dict[str, list[Component]]:
    """The parts of the page that follow the pulse."""
    phases = plan.phases(session, operation.id)
    found = plan.participations(session, operation.id)
    writes = may(by, Act.OPERATION_EDIT, plan.subject(operation))
    calendar = [phase_timeline(phases, operation.zone, now())]
    if phases:
        calendar.append(phase_list(phases, operation.zone, Ids.PHASE_MOVE if writes else None))
    plan_href = f"/operations/{operation.id}/plan" if may(by, Act.PLAN_READ, plan.subject(operation)) else None
    return {
        "life": _life(session, operation, by),
        "about": _about(operation),
        "phases": calendar,
        "countries": _countries(found, operation, by),
        "sites": sites_by_country(places.sites(session, operation.id), plan_href),
    }


def _life(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    mine = next_steps(session, operation, by)
    coming = coming_obstacles(session, operation)
    parts: list[Component] = [lifecycle_stepper(operation)]
    if operation.state in (OperationState.SUSPENDED, OperationState.CANCELLED):
        parts.append(
            state_badge(
                vocabulary.label("CL-OPSTATE", operation.state, language()),
                "warn" if operation.state == OperationState.SUSPENDED else "bad",
            )
        )
    parts.append(html.Div(lifecycle_actions(mine, Ids.STEP), className="steps-actions"))
    stops = lifecycle_stops(mine, Ids.STEP)
    if stops:
        parts.append(html.Div(stops, className="steps-stops"))
    if coming and coming[1] and all(each.step.after is not coming[0] for each in mine):
        state = vocabulary.label("CL-OPSTATE", coming[0], language())
        parts.append(
            html.Div(
                [html.P(_("Before it can be {state}:", state=state)), *obstacle_list(coming[1])],
                className="steps-coming",
            )
        )
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


def _countries(found: list[plan.Participation], operation: plan.Operation, by: Actor) -> list[Component]:
    if not found:
        return [
            empty_state(_("No country is invited yet"), _("The coordinator invites countries here."), "users-group")
        ]
    parts: list[Component] = [participation_table(found)]
    own = next((each for each in found if each.country == by.country), None)
    if own is None or not may(by, Act.PARTICIPATION_ANSWER, plan.subject(operation, by.country)):
        return parts
    if own.state == ParticipationState.INVITED:
        parts.append(dcc.Link(_("Answer the invitation"), href="/", className="overview-link"))
    else:
        parts.append(
            button(_("Leave the operation"), id={"type": Ids.WITHDRAW, "of": "own"}, kind="danger", icon_name="logout")
        )
    return parts


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


def _phase_editor(operation: plan.Operation) -> list[Component]:
    return [
        html.Details(
            [
                html.Summary(_("Schedule or move a phase")),
                client_id(PHASE),
                phase_form(PHASE, operation.zone, Ids.PHASE_UTC),
                html.Div(
                    [
                        button(_("Put on the calendar"), id=Ids.PHASE_SAVE, kind="primary", icon_name="calendar-event"),
                        button(_("Empty the form"), id=Ids.PHASE_NEW, kind="quiet"),
                    ],
                    className="m-row",
                ),
            ],
            className="overview-editor",
            open=operation.state == OperationState.DRAFT,
        )
    ]


def _invite_form() -> list[Component]:
    return [
        html.Div(
            [
                multi_select_field(
                    INVITE, "countries", _("Invite countries"), vocabulary.options("CL-COUNTRY", language()), limit=60
                ),
                select_field(
                    INVITE,
                    "contribution",
                    _("As"),
                    vocabulary.options("CL-CONTRIBUTION", language()),
                    value="participant",
                    clearable=False,
                ),
                button(_("Invite"), id=Ids.INVITE, kind="primary", icon_name="send"),
            ],
            className="overview-invite",
        )
    ]


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
