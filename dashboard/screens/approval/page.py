"""Approval page: the operation, its plan in words and on the map, and the buttons that decide.

Leadership reads here all that it puts in force, with nothing else to open. The map shows the version that waits for
approval, else the one in force, else the current plan.
"""

from enum import StrEnum
from typing import Any

from dash import ALL, Output, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows, property_hash
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.frame.shell import page
from dashboard.map import scene
from dashboard.map.component import operation_map, scene_id, wire
from dashboard.map.packing import packed_scene
from dashboard.parts import tags
from dashboard.parts.action_buttons import obstacle_list
from dashboard.parts.badges import state_badge
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.draft_fields import value_text
from dashboard.parts.form import button
from dashboard.parts.panel import empty_state, facts, panel
from dashboard.parts.phase_timeline import phase_timeline
from dashboard.parts.targets import what_holds
from dashboard.places import APPROVAL
from dashboard.server.access import known_id
from dashboard.telling.names import field_label
from dashboard.wording import _, coded, number
from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.core.clock import now
from operations.core.drafts import parse
from operations.core.errors import NotFound
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import OperationState, PlanVersionState, SectionState
from operations.policing import lifecycle
from operations.policing.map_plan import versions as plan_versions
from operations.policing.operation import oplan, plan, targets
from operations.policing.operation.oplan import SECTIONS, AmendmentDraft
from operations.policing.operation.targets import SHARES

NAV = APPROVAL
MAP = "approval-map"
wire(MAP)
_TONES = {SectionState.COMPLETE: "good", SectionState.OPEN: "warn", SectionState.NOT_APPLICABLE: "muted"}
_ASKED = (
    "type",
    "aim",
    "reason_to_open",
    "measured_goal",
    "end_criterion",
    "legal_basis",
    "art3_screen",
    "crime_scope",
    "classification",
    "line_kinds",
    "daily_due",
)


class Ids(StrEnum):
    """Element ids of this page."""

    DECIDE = "approval-decide"
    ABOUT = "approval-about"
    GOALS = "approval-goals"
    PHASES = "approval-phases"
    COUNTRIES = "approval-countries"
    SECTIONS = "approval-sections"
    VERSION = "approval-version"
    MAPPED = "approval-mapped"
    DO = "approval-do"


_PARTS = (Ids.ABOUT, Ids.GOALS, Ids.PHASES, Ids.COUNTRIES, Ids.SECTIONS)


@operation_page(NAV)
def layout(session: Session, operation: plan.Operation, by: Actor) -> Parts:
    """Return everything that leadership approves of one operation. Raises NotFound for whoever may approve nothing."""
    if not may(by, Act.OPERATION_APPROVE, plan.subject(operation)):
        raise NotFound
    *shown, version, drawn = _shown(session, operation, by)
    countries = [each.country for each in plan.participations(session, operation.id)]
    titles = (_("What it is"), _("Goals"), _("Phases"), _("Countries"), _("Operational plan"))
    parts = [panel(title, followed(ident, part)) for title, ident, part in zip(titles, _PARTS, shown[1:], strict=True)]
    return page(
        _("Approval"),
        followed(Ids.DECIDE, shown[0]),
        tags.Div(
            html.Div(parts, className="m-stack"),
            tags.Section(
                followed(Ids.VERSION, version),
                html.Div(
                    operation_map(MAP, scene=drawn, countries=countries, legend=False),
                    className="approval-map",
                    id=Ids.MAPPED,
                    **property_hash(packed_scene(drawn)),
                ),
                className="m-stack",
            ),
            className="approval",
        ),
        lead=f"\u2068{operation.title}\u2069",
        wide=True,
    )


def contents(session: Session, operation: plan.Operation, by: Actor) -> tuple[Any, ...]:
    """Return the pending approvals, the approved sections, the name of the map's version, and its packed map."""
    *shown, drawn = _shown(session, operation, by)
    return *shown, packed_scene(drawn)


def _shown(session: Session, operation: plan.Operation, by: Actor) -> tuple[Any, ...]:
    words, drawn = _map(session, operation, by)
    return (
        decisions(session, operation, by),
        _about(operation),
        _goals(session, operation),
        [phase_timeline(plan.phases(session, operation.id), operation.zone, now())],
        _countries(session, operation),
        _sections(session, operation),
        [html.H2(words)],
        drawn,
    )


refresh = follows(
    contents,
    Ids.DECIDE,
    *_PARTS,
    Ids.VERSION,
    (Output(scene_id(MAP), "data"), Ids.MAPPED),
    act=Act.OPERATION_APPROVE,
    operation=OPERATION,
)


def _waiting_version(session: Session, operation: plan.Operation) -> plan_versions.PlanVersion | None:
    """Return the newest version of the plan that waits for leadership, where it is newer than the one in force."""
    newest = next(iter(plan_versions.versions(session, operation.id)), None)
    return newest if newest is not None and newest.state == PlanVersionState.DRAFT else None


def _map(session: Session, operation: plan.Operation, by: Actor) -> tuple[str, dict[str, Any]]:
    found = plan_versions.versions(session, operation.id)
    in_force = next((each for each in found if each.state == PlanVersionState.APPROVED), None)
    shown = _waiting_version(session, operation) or in_force
    if shown is None:
        return _("The map as it is now"), scene.scene(session, operation, by)
    words = _("The map, version {number}", number=number(shown.number))
    return words, scene.of_version(session, operation, shown.id, by)


def _about(operation: plan.Operation) -> Component:
    rows = [(field_label(name), value_text(plan.OperationDraft, name, getattr(operation, name))) for name in _ASKED]
    return facts(rows)


def _goals(session: Session, operation: plan.Operation) -> Component:
    rows = []
    for kpi, target in targets.targets(session, operation.id).items():
        words = _("at least {target}", target=number(target.value) + ("\u202f%" if Kpi(kpi) in SHARES else ""))
        rows.append(html.Li(f"{_(CATALOGUE[Kpi(kpi)].name)}: {words}"))
    if not rows:
        return empty_state(
            _("No target is set"), _("The coordinator says here what the operation sets out to reach."), "target"
        )
    return html.Div([html.Ul(rows), *what_holds(operation)])


def _countries(session: Session, operation: plan.Operation) -> Component:
    return html.Ul(
        [
            html.Li(f"{coded('CL-COUNTRY', each.country)}: {coded('CL-PARTSTATE', each.state)}")
            for each in plan.participations(session, operation.id)
        ]
    )


def _sections(session: Session, operation: plan.Operation) -> list[Component]:
    """Return each section, folded under its name and state."""
    found = oplan.sections(session, operation.id)
    parts: list[Component] = []
    for code in SECTIONS:
        section = found.get(code)
        state = SectionState(section.state) if section else SectionState.OPEN
        badge = state_badge(coded("CL-OPLANSTATE", state.value), _TONES[state])
        words = html.Bdi(section.text) if section and section.text else _("Nothing is written here yet.")
        summary = html.Summary([html.Span(coded("CL-OPLAN", code)), badge])
        parts.append(html.Details([summary, html.P(words)], className="approval-section"))
    return parts


# ---------------------------------------------------------------------------------------------------- what is decided


def decisions(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return a button with its obstacles for each thing that waits for leadership; a sentence where nothing waits."""
    rows: list[Component] = []
    offer = next(
        (each for each in lifecycle.LIFE.offers(operation, session, by) if each.step.after is OperationState.APPROVED),
        None,
    )
    if offer is not None and operation.state == OperationState.PROPOSED:
        words = _("The operation is proposed. Its approval puts the operational plan in force.")
        rows.append(_row(words, _("Approve the operation"), "operation", "", "operation.approved", offer.obstacles))
        rows += obstacle_list(lifecycle.warnings(session, operation, OperationState.APPROVED))
    if (amended := _amended(session, operation)) is not None:
        words = _("The operational plan was changed since its approval.")
        rows.append(_row(words, _("Approve the amendment"), "oplan", amended, "oplan.approve", ()))
    if (version := _waiting_version(session, operation)) is not None:
        words = _("Version {number} of the map waits.", number=number(version.number))
        flaws = [
            flaw
            for step_offer in plan_versions.LIFE.offers(version, plan_versions.PlanApprovalFacts(operation, by), by)
            for flaw in step_offer.obstacles
        ]
        rows.append(_row(words, _("Put it in force"), "map", str(version.id), "plan.approve", flaws))
    if not rows:
        return [html.P(_("Nothing waits for your approval here."), className="m-dim", role="status")]
    return [panel(_("Your decision"), *rows)]


def _row(words: str, act: str, what: str, of: str, asking: str, flaws: Any) -> Component:
    press = button(
        act,
        {"type": Ids.DO.value, "what": what, "of": of},
        "primary",
        "rubber-stamp",
        n_clicks=0,
        disabled=bool(flaws),
        **confirmation_attributes(asking),
    )
    return html.Div([html.P(words), press, *obstacle_list(flaws)], className="approval-decide")


def _amended(session: Session, operation: plan.Operation) -> str | None:
    """Return the fingerprint of a complete amendment that waits, or None."""
    if operation.state in plan.ENDED:
        return None
    versions, found = oplan.versions(session, operation.id), oplan.sections(session, operation.id)
    changed = bool(versions) and bool(oplan.changes(oplan.sections_of(session, versions[0]), found))
    if not changed or oplan.unfinished(session, operation.id):
        return None
    return oplan.content_hash(list(found.values()))


@does({"type": Ids.DO.value, "what": ALL, "of": ALL}, act=Act.OPERATION_APPROVE, operation=OPERATION)
def decide(press: Press) -> Done:
    """Approve the operation, the amendment that was read, or the version of the map."""
    what, of = press.subject["what"], press.subject["of"]
    if what == "operation":
        moved = lifecycle.move(press.session, press.operation_id, OperationState.APPROVED, press.by)
        return Done(_("The operation is now: {state}.", state=coded("CL-OPSTATE", moved.state)))
    if what == "oplan":
        draft = parse(AmendmentDraft, {"id": new_id(), "content_hash": of})
        oplan.approve(press.session, press.operation_id, draft, press.by)
        return Done(_("The amendment is approved."))
    if what != "map":
        raise NotFound
    made = plan_versions.approve(press.session, known_id(of), press.by)
    return Done(_("Version {number} is in force.", number=number(made.number)))
