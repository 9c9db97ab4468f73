"""The intelligence of an operation: its hypothesis, the target network without names, and the taskings that follow."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts.form import (
    Form,
    button,
    client_id,
    date_field,
    multi_select_field,
    select_field,
    text_area,
    time_field,
)
from dashboard.parts.lead_back import kept_line
from dashboard.parts.operation_tabs import INTELLIGENCE, operation_tabs
from dashboard.parts.panel import empty_state, panel
from dashboard.parts.phase_form import typed_moment
from dashboard.refusals import say
from dashboard.screens.intelligence.network_view import grade_fields, hypothesis_view, network_table, tasking_list
from dashboard.server.access import actor, known_id, reading, unit_of_work
from dashboard.server.live import PULSE
from dashboard.wording import N_, _, language
from operations.core import vocabulary
from operations.core.drafts import parse
from operations.core.errors import RuleBroken
from operations.core.ids import fingerprint, new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import NetworkKind
from operations.policing.leads import leads
from operations.policing.operation import plan
from operations.support import intelligence

NAV = Nav(
    name=N_("Intelligence"),
    path_template="/operations/<operation_id>/intelligence",
    icon="affiliate",
    order=5,
    act=Act.INTELLIGENCE_READ,
    place=False,
)
SUPPOSE, PART, LINK, TASK = Form("hypothesis"), Form("network-part"), Form("network-link"), Form("tasking")


class Ids(StrEnum):
    """The elements of this page."""

    OPERATION = "intelligence-operation"
    HYPOTHESIS = "intelligence-hypothesis"
    HYPOTHESIS_SEEN = "intelligence-hypothesis-seen"
    SUPPOSE = "intelligence-suppose"
    NETWORK = "intelligence-network"
    PART_SEEN = "intelligence-part-seen"
    PART_ENTITY = "intelligence-part-entity"
    PART_SAVE = "intelligence-part-save"
    PART_OUT = "intelligence-part-out"
    LINK = "intelligence-link"
    UNLINK = "intelligence-unlink"
    TASKINGS = "intelligence-taskings"
    TASK = "intelligence-task"
    BACK = "intelligence-back"
    WHY = "intelligence-why"
    MARKS = "intelligence-marks"


def layout(operation_id: str = "", part: str = "", **_query: str) -> Component:
    """The three parts, with the forms of the analyst; with ?part= that part of the network is in its form."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        hypothesis, network, taskings = contents(session, operation, by)
        until = leads.kept_until(session, operation.id)
        forms = (
            _forms(session, operation, part)
            if _writes(operation, by)
            else {"hypothesis": [], "network": [], "task": []}
        )
    return page(
        _("Intelligence"),
        operation_tabs(operation, by, INTELLIGENCE),
        dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
        dcc.Store(id=Ids.MARKS, data=_marks([hypothesis, network, taskings])),
        html.Div(
            [
                panel(_("Hypothesis"), html.Div(hypothesis, id=Ids.HYPOTHESIS), *forms["hypothesis"]),
                panel(_("Target network"), html.Div(network, id=Ids.NETWORK), *forms["network"]),
                panel(_("Taskings"), html.Div(taskings, id=Ids.TASKINGS), *forms["task"]),
            ],
            className="m-stack",
        ),
        *kept_line(until),
        lead=_("Routes, groups, methods and roles, never persons: names stay in national systems."),
    )


def _writes(operation: plan.Operation, by: Actor) -> bool:
    return may(by, Act.INTELLIGENCE_WRITE, plan.subject(operation)) and operation.state not in plan.ENDED


def contents(
    session: Session, operation: plan.Operation, by: Actor
) -> tuple[list[Component], list[Component], list[Component]]:
    """What follows the pulse: the hypothesis, the network, the taskings."""
    supposed = intelligence.hypotheses(session, operation.id)
    parts, links = intelligence.network(session, operation.id), intelligence.links(session, operation.id)
    codes = {each.entity_id: each.code for each in parts}
    asked = [
        (lead, leads.said(session, lead.id), leads.parts(session, lead.id), codes.get(tasking.entity_id or lead.id))
        for tasking, lead in intelligence.taskings(session, operation.id)
    ]
    writes = _writes(operation, by)
    takes_back = may(by, Act.LEAD_WRITE, plan.subject(operation))
    edit, unlink = (NAV.href(operation.id), Ids.UNLINK) if writes else (None, None)
    return (
        hypothesis_view(supposed, operation.zone)
        if supposed
        else [
            empty_state(_("No hypothesis is stated"), _("The analyst says here what the operation follows."), "bulb")
        ],
        [network_table(parts, links, edit, unlink)]
        if parts
        else [empty_state(_("The target network is empty"), _("Its parts get codes, never names."), "affiliate")],
        [tasking_list(asked, operation.zone, (Ids.BACK, Ids.WHY) if takes_back else None)]
        if asked
        else [
            empty_state(_("No tasking yet"), _("A tasking asks countries what follows from the hypothesis."), "send")
        ],
    )


def _forms(session: Session, operation: plan.Operation, part: str) -> dict[str, list[Component]]:
    supposed = next((each for each in intelligence.hypotheses(session, operation.id) if each.current), None)
    parts = intelligence.network(session, operation.id)
    chosen = next((each for each in parts if str(each.entity_id) == part), None)
    taking = [each.country for each in plan.participations(session, operation.id)]
    return {
        "hypothesis": _suppose_form(supposed),
        "network": [*_part_form(chosen), *(_link_form(parts) if len(parts) > 1 else [])],
        "task": _task_form(parts, taking, operation.zone) if supposed else [],
    }


def _editor(title: str, *inside: Component, opened: bool = False) -> Component:
    return html.Details(
        [html.Summary(title), html.Div(list(inside), className="m-stack")], className="overview-editor", open=opened
    )


def _suppose_form(now: intelligence.Hypothesis | None) -> list[Component]:
    states = vocabulary.options("CL-HYPSTATE", language())
    return [
        dcc.Store(id=Ids.HYPOTHESIS_SEEN, data=str(now.id) if now else None),
        _editor(
            _("State it anew") if now else _("State the hypothesis"),
            text_area(
                SUPPOSE,
                "statement",
                _("Hypothesis"),
                value=now.statement if now else "",
                description=_("No names of persons."),
            ),
            select_field(SUPPOSE, "state", _("State"), states, value=now.state if now else "open", clearable=False),
            grade_fields(SUPPOSE, *((now.source, now.information) if now else ())),
            html.Div(button(_("Save"), id=Ids.SUPPOSE, kind="primary", icon_name="check"), className="m-row"),
            opened=now is None,
        ),
    ]


def _part_form(part: intelligence.NetworkEntity | None) -> list[Component]:
    kinds = vocabulary.options("CL-NETWORK", language())
    out = [button(_("Take out"), id=Ids.PART_OUT, kind="quiet")] if part else []
    return [
        dcc.Store(id=Ids.PART_SEEN, data=str(part.id) if part else None),
        dcc.Store(id=Ids.PART_ENTITY, data=str(part.entity_id) if part else str(new_id())),
        _editor(
            _("Change {code}", code=part.code) if part else _("Add a part"),
            select_field(PART, "kind", _("Kind"), kinds, value=part.kind if part else None, disabled=part is not None),
            text_area(
                PART,
                "description",
                _("What is known"),
                value=part.description if part else "",
                description=_("No names of persons."),
            ),
            grade_fields(PART, *((part.source, part.information) if part else ())),
            html.Div([button(_("Save"), id=Ids.PART_SAVE, icon_name="check"), *out], className="m-row"),
            opened=part is not None,
        ),
    ]


def _link_form(parts: list[intelligence.NetworkEntity]) -> list[Component]:
    choices = [{"value": str(each.entity_id), "label": each.code} for each in parts]
    return [
        _editor(
            _("Link two parts"),
            html.Div(
                [
                    select_field(LINK, "from_id", _("From"), choices),
                    select_field(LINK, "kind", _("Link"), vocabulary.options("CL-NETLINK", language())),
                    select_field(LINK, "to_id", _("To"), choices),
                ],
                className="unit-seat",
            ),
            grade_fields(LINK),
            html.Div(button(_("Link"), id=Ids.LINK, icon_name="link"), className="m-row"),
        )
    ]


def _task_form(parts: list[intelligence.NetworkEntity], taking: list[str], zone: str) -> list[Component]:
    choices = [{"value": str(each.entity_id), "label": each.code} for each in parts]
    countries = [each for each in vocabulary.options("CL-COUNTRY", language()) if each["value"] in taking]
    return [
        client_id(TASK),
        _editor(
            _("Derive a tasking"),
            text_area(TASK, "question", _("What countries are asked"), description=_("No names of persons.")),
            html.Div(
                [
                    select_field(TASK, "entity_id", _("About"), choices),
                    multi_select_field(TASK, "to_countries", _("Countries"), countries),
                ],
                className="overview-pair",
            ),
            html.Div(
                [
                    date_field(TASK, "due", _("Due on"), description=_("local time in {zone}", zone=zone)),
                    time_field(TASK, "due_time", _("Due at"), value="18:00"),
                ],
                className="overview-pair",
            ),
            grade_fields(TASK),
            html.Div(button(_("Send"), id=Ids.TASK, kind="primary", icon_name="send"), className="m-row"),
        ),
    ]


# --------------------------------------------------------------------------------------------------- callbacks


def _marks(parts: list[list[Component]]) -> list[str]:
    """What changes when a part looks otherwise."""
    return [fingerprint(str(each)) for each in parts]


@screen(
    [Output(part, "children") for part in (Ids.HYPOTHESIS, Ids.NETWORK, Ids.TASKINGS)],
    Output(Ids.MARKS, "data"),
    Input(PULSE, "data"),
    State(Ids.OPERATION, "data"),
    State(Ids.MARKS, "data"),
    act=Act.INTELLIGENCE_READ,
    prevent_initial_call=True,
)
def refresh(_pulse: int, operation_id: str, before: list[str]) -> tuple[list[Any], list[str]]:
    """Read the three parts anew; one that looks as before stays as it is, open or closed, with what is being typed."""
    by = actor()
    with reading() as session:
        parts = list(contents(session, plan.operation(session, known_id(operation_id), by), by))
    marks = _marks(parts)
    return [no_update if old == new else part for part, old, new in zip(parts, before, marks, strict=True)], marks


def _again(operation_id: str) -> str:
    """The page anew, with its forms as the data now is."""
    return f"{NAV.href(operation_id)}?now={new_id().hex[:6]}"


@screen(
    output=Output("_pages_location", "href", allow_duplicate=True),
    inputs={"clicks": Input(Ids.SUPPOSE, "n_clicks")},
    state={
        "operation_id": State(Ids.OPERATION, "data"),
        "seen": State(Ids.HYPOTHESIS_SEEN, "data"),
        "typed": SUPPOSE.states("statement", "state", "source", "information"),
    },
    act=Act.INTELLIGENCE_WRITE,
    form=SUPPOSE,
    prevent_initial_call=True,
)
def suppose(clicks: int | None, operation_id: str, seen: str | None, typed: dict[str, Any]) -> Any:
    """State the hypothesis, or state it anew."""
    if not clicks:
        return no_update
    supposed(operation_id, seen, typed)
    say(_("The hypothesis is saved."))
    return _again(operation_id)


def supposed(operation_id: str, seen: str | None, typed: dict[str, Any]) -> intelligence.Hypothesis:
    """The hypothesis as typed."""
    content = {**typed, "statement": typed["statement"] or "", "id": new_id(), "supersedes_id": seen}
    draft = parse(intelligence.HypothesisDraft, content)
    with unit_of_work() as session:
        return intelligence.suppose(session, known_id(operation_id), draft, actor())


@screen(
    output=Output("_pages_location", "href", allow_duplicate=True),
    inputs={
        "save_clicks": Input(Ids.PART_SAVE, "n_clicks"),
        "out_clicks": Input(Ids.PART_OUT, "n_clicks", allow_optional=True),
    },
    state={
        "operation_id": State(Ids.OPERATION, "data"),
        "seen": State(Ids.PART_SEEN, "data"),
        "entity": State(Ids.PART_ENTITY, "data"),
        "typed": PART.states("kind", "description", "source", "information"),
    },
    act=Act.INTELLIGENCE_WRITE,
    form=PART,
    prevent_initial_call=True,
)
def keep_part(
    save_clicks: int | None,
    out_clicks: int | None,
    operation_id: str,
    seen: str | None,
    entity: str,
    typed: dict[str, Any],
) -> Any:
    """Keep a part of the network, or take it out."""
    if not save_clicks and not out_clicks:
        return no_update
    made = part_kept(operation_id, seen, entity, typed, removed=ctx.triggered_id == Ids.PART_OUT)
    say(_("{code} is saved.", code=made.code))
    return _again(operation_id)


def part_kept(
    operation_id: str, seen: str | None, entity: str, typed: dict[str, Any], *, removed: bool = False
) -> intelligence.NetworkEntity:
    """The part as typed."""
    content = {name: value for name, value in typed.items() if value not in (None, "")}
    content |= {"id": new_id(), "entity_id": entity, "supersedes_id": seen, "removed": removed}
    draft = parse(intelligence.EntityDraft, content)
    with unit_of_work() as session:
        return intelligence.describe(session, known_id(operation_id), draft, actor())


@screen(
    output=Output("_pages_location", "href", allow_duplicate=True),
    inputs={"clicks": Input(Ids.LINK, "n_clicks"), "away": Input({"type": Ids.UNLINK, "link": ALL}, "n_clicks")},
    state={
        "operation_id": State(Ids.OPERATION, "data"),
        "typed": LINK.states("from_id", "kind", "to_id", "source", "information"),
    },
    act=Act.INTELLIGENCE_WRITE,
    form=LINK,
    prevent_initial_call=True,
)
def link(clicks: int | None, away: list[int | None], operation_id: str, typed: dict[str, Any]) -> Any:
    """Link two parts, or take a link away."""
    if isinstance(ctx.triggered_id, dict) and any(away):
        with unit_of_work() as session:
            intelligence.unlink(session, known_id(ctx.triggered_id["link"]), actor())
        return _again(operation_id)
    if ctx.triggered_id != Ids.LINK or not clicks:
        return no_update
    linked(operation_id, typed)
    return _again(operation_id)


def linked(operation_id: str, typed: dict[str, Any]) -> intelligence.NetworkLink:
    """The link as typed."""
    content = {name: value for name, value in typed.items() if value not in (None, "")}
    draft = parse(intelligence.LinkDraft, content | {"id": new_id()})
    with unit_of_work() as session:
        return intelligence.link(session, known_id(operation_id), draft, actor())


@screen(
    Output(Ids.TASKINGS, "children", allow_duplicate=True),
    Input({"type": Ids.BACK, "lead": ALL, "country": ALL}, "n_clicks"),
    State({"type": Ids.WHY, "lead": ALL}, "value"),
    State({"type": Ids.WHY, "lead": ALL}, "id"),
    State(Ids.OPERATION, "data"),
    act=Act.LEAD_WRITE,
    prevent_initial_call=True,
)
def take_back(
    clicks: list[int | None], reasons: list[str | None], places: list[dict[str, str]], operation_id: str
) -> Any:
    """Take a tasking back from a country, with the reason; what was typed stays where it is refused."""
    pressed = ctx.triggered_id
    if not isinstance(pressed, dict) or not any(clicks):
        return no_update
    by = actor()
    why = next((said for said, place in zip(reasons, places, strict=True) if place["lead"] == pressed["lead"]), None)
    with unit_of_work() as session:
        leads.revoke(session, known_id(pressed["lead"]), pressed["country"], why or "", by)
    say(_("The lead was taken back."))
    with reading() as session:
        return contents(session, plan.operation(session, known_id(operation_id), by), by)[2]


@screen(
    output=Output("_pages_location", "href", allow_duplicate=True),
    inputs={"clicks": Input(Ids.TASK, "n_clicks")},
    state={
        "operation_id": State(Ids.OPERATION, "data"),
        "lead_id": TASK.client_id_state(),
        "typed": TASK.states("question", "entity_id", "to_countries", "due", "due_time", "source", "information"),
    },
    act=Act.INTELLIGENCE_WRITE,
    form=TASK,
    prevent_initial_call=True,
)
def task(clicks: int | None, operation_id: str, lead_id: str, typed: dict[str, Any]) -> Any:
    """Send a tasking to the chosen countries."""
    if not clicks:
        return no_update
    tasked(operation_id, lead_id, typed)
    say(_("The tasking is sent."))
    return _again(operation_id)


def tasked(operation_id: str, lead_id: str, typed: dict[str, Any]) -> leads.Lead:
    """The lead that the countries got."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        kinds = {each.entity_id: NetworkKind(each.kind) for each in intelligence.network(session, operation.id)}
    entity = UUID(typed["entity_id"]) if typed.get("entity_id") else None
    if not typed.get("due"):
        raise RuleBroken("due", "This field is needed.")
    content = {
        "id": lead_id,
        "lead_id": lead_id,
        "question": typed.get("question") or "",
        "to_countries": typed.get("to_countries") or [],
        "due": typed_moment(typed["due"], typed.get("due_time"), operation.zone, "due"),
        "source": typed["source"],
        "information": typed["information"],
        **intelligence.lead_content(kinds.get(entity) if entity else None),
    }
    draft = intelligence.TaskingDraft(entity_id=entity, lead=parse(leads.LeadDraft, content))
    with unit_of_work() as session:
        return intelligence.task(session, operation.id, draft, by)
