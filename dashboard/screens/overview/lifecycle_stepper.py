"""Lifecycle stepper of an operation: its state, the next steps, and their obstacles."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.button_press import Done, Press, Undo
from dashboard.frame.undo import undoes, way_back
from dashboard.parts import tags
from dashboard.parts.action_buttons import obstacle_list
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.form import button
from dashboard.parts.icon import icon
from dashboard.parts.responsible_roles import who_acts
from dashboard.server.access import known_id, reading
from dashboard.wording import N_, _, coded, sentence
from operations.core.people import Actor
from operations.core.permissions import Subject, may
from operations.core.state_machine import Step, StepOffer
from operations.core.vocabulary import OperationState
from operations.policing import lifecycle
from operations.policing.lifecycle import LIFE
from operations.policing.operation.plan import Operation, subject
from operations.policing.readiness import Guard

S = OperationState
LINE = (
    S.DRAFT,
    S.PROPOSED,
    S.APPROVED,
    S.PRE_OPERATIONAL,
    S.ACTIVE,
    S.CONSOLIDATION,
    S.DEBRIEFED,
    S.FINAL,
    S.EVALUATED,
    S.ARCHIVED,
)
WITH_REASON = LIFE.needing_reason()


Next = StepOffer[OperationState]
"""A step that this person may take, and its obstacles."""


def next_steps(session: Session, operation: Operation, by: Actor) -> list[Next]:
    """Return the steps that `by` may take now: forward first, then back, then suspending and cancelling."""
    return LIFE.offers(operation, session, by)


def take(press: Press) -> Done:
    """Move the operation to the state of the pressed button; what takes long is worked out before anybody waits."""
    to, reason = OperationState(press.subject["to"]), press.typed["reason"] or ""
    with reading() as session:
        ready = lifecycle.prepare(session, press.operation_id, to, press.by)
    before = press.operation.state
    made = lifecycle.move(press.session, press.operation_id, to, press.by, reason, ready)
    back = way_back("operation", before, LIFE.offers(made, press.session, press.by), made.id)
    return Done(_("The operation is now: {state}.", state=coded("CL-OPSTATE", made.state)), undo=back)


@undoes("operation")
def _move_back(session: Session, by: Actor, back: Undo) -> None:
    """Move the operation back to the state that it had."""
    lifecycle.move(session, known_id(back.of), OperationState(back.to), by)


def coming_guards(session: Session, operation: Operation) -> list[tuple[OperationState, list[Guard]]]:
    """The next states on the line with their guards, whoever takes the step; none at the end or beside the line.

    For a draft, also the guards of its approval after the proposal: most of them take weeks to meet.
    """
    if operation.state not in LINE[:-1]:
        return []
    coming = LINE[LINE.index(S(operation.state)) + 1]
    found = [(coming, lifecycle.guards(session, operation, coming))]
    if coming is S.PROPOSED:
        asked = {guard.field for guard in found[0][1]}
        later = [each for each in lifecycle.guards(session, operation, S.APPROVED) if each.field not in asked]
        found.append((S.APPROVED, later))
    return [(state, guards) for state, guards in found if guards]


def lifecycle_stepper(operation: Operation) -> Component:
    """Return the states in order, marked as done or current, and a suspension or cancellation beside them."""
    reached = operation.state if operation.state in LINE else operation.state_before
    place = LINE.index(S(reached)) if reached in LINE else 0
    stopped = operation.state not in LINE
    return html.Ol([_state(state, index, place, stopped) for index, state in enumerate(LINE)], className="steps")


def lifecycle_actions(found: Sequence[Next], id_type: str) -> list[Component]:
    """Return a button for each step that needs no reason; ids are {type, to}.

    Obstacles to going forward are shown by the checklist; obstacles to resuming, under the button.
    """
    return [
        tags.Div(
            button(
                step_words(offer.step),
                id={"type": id_type, "to": offer.step.after.value},
                kind="primary" if _forward(offer.step) and not offer.obstacles else "plain",
                icon_name=offer.step.icon,
                disabled=bool(offer.obstacles),
                **_asking(offer.step),
            ),
            *(obstacle_list(offer.obstacles) if offer.step.before is S.SUSPENDED else []),
            className="steps-next",
        )
        for offer in found
        if offer.step.after not in WITH_REASON
    ]


def lifecycle_stops(found: Sequence[Next], id_type: str) -> list[Component]:
    """Return the buttons for suspending and cancelling, which need a reason."""
    return [
        button(
            step_words(offer.step),
            id={"type": id_type, "to": offer.step.after.value},
            kind="danger" if offer.step.after is S.CANCELLED else "plain",
            icon_name=offer.step.icon,
            **_asking(offer.step),
        )
        for offer in found
        if offer.step.after in WITH_REASON
    ]


def no_stops(operation: Operation, by: Actor) -> bool:
    """Return whether `by` can neither suspend nor cancel the operation now."""
    return all(step.after not in WITH_REASON for step in lifecycle.steps_for(operation, by))


def _asking(step: Step[OperationState]) -> dict[str, str]:
    """Return the props that make a button ask for confirmation, where its step cannot be undone."""
    return confirmation_attributes(step.verb) if LIFE.irreversible(step) else {}


def guard_checklist(guards: Sequence[Guard], operation: Operation, by: Actor) -> Component:
    """Every guard of the next step: done, a warning or missing, what that means, and the way to put it right.

    Whoever may not put it right reads who can.
    """
    return html.Ul([_guard(guard, operation, by) for guard in guards], className="guards")


_NAMES = {
    "aim": N_("Operational aim"),
    "legal_basis": N_("Legal basis"),
    "art3_screen": N_("Article 3 screen"),
    "line_kinds": N_("Reporting scheme"),
    "phases": N_("Phases"),
    "oplan": N_("Operational plan"),
    "participations": N_("Countries"),
    "coordination_unit": N_("Coordination units"),
    "sites": N_("Sites"),
    "postings": N_("People at the sites"),
    "coordinators": N_("Coordinators of the countries"),
    "leaders": N_("Team leaders"),
    "reports": N_("Reports"),
    "hits": N_("Hits"),
    "final_words": N_("Final words of the countries"),
    "teams": N_("Teams"),
    "debrief": N_("Debrief"),
    "snapshots": N_("Snapshots"),
    "recommendations": N_("Recommendations"),
}


def _guard(guard: Guard, operation: Operation, by: Actor) -> Component:
    flaw, name = guard.flaw, _(_NAMES[guard.field])
    state, word, symbol = (
        ("holds", _("done"), "circle-check")
        if guard.holds
        else ("warns", _("warning"), "alert-triangle")
        if guard.warns
        else ("missing", _("missing"), "circle-x")
    )
    said = [html.Span([html.Strong(name), html.Small(word, className="guard-state")])]
    way: list[Component] = []
    if not guard.holds:
        said.append(html.Span(" ".join(filter(None, (sentence(flaw), who_acts(flaw.act, by))))))
        if flaw.place and (flaw.act is None or may(by, flaw.act, _whose(operation, by))):
            way = [dcc.Link(_("Fix"), href=flaw.place.format(operation=operation.id), **_named(name))]
    return html.Li(
        [icon(symbol, size=18), html.Span(said, className="guard-words"), *way], className=f"guard guard--{state}"
    )


def _whose(operation: Operation, by: Actor) -> Subject:
    """The operation as permissions see it: the own part of it for who acts for a country."""
    return subject(operation, by.country if by.national else None)


def whose_step(to: OperationState, operation: Operation, by: Actor) -> list[Component]:
    """Who takes the next step, where `by` may not: its name and the roles."""
    step = LIFE.step(operation.state, to)
    who = who_acts(step.act, by) if step else ""
    return [html.P([html.Strong(step_words(step)), " ", html.Span(who)], className="m-dim")] if step and who else []


def _named(name: str) -> dict[str, str]:
    """Return the ARIA label of a link whose text is repeated, for screen readers that list links alone."""
    return {"title": _("Fix: {what}", what=name)}


def step_words(step: Step[OperationState]) -> str:
    """Return the label of a step, as an action."""
    return _(step.words, state=coded("CL-OPSTATE", step.after))


def _forward(step: Step[OperationState]) -> bool:
    return step.after in LINE and (step.before not in LINE or LINE.index(step.after) > LINE.index(step.before))


def _state(state: OperationState, index: int, place: int, stopped: bool) -> Component:
    if index < place:
        tense, mark = "done", "check"
    elif index == place:
        tense, mark = ("stopped", "player-pause") if stopped else ("here", "circle-dot")
    else:
        tense, mark = "later", "circle"
    words = {"done": _("done"), "here": _("now"), "stopped": _("stopped here"), "later": _("to come")}[tense]
    return tags.Li(
        icon(mark, size=18),
        html.Span(coded("CL-OPSTATE", state), className="steps-name"),
        html.Span(words, className="steps-tense"),
        className=f"steps-state steps-state--{tense}",
        **({"aria-current": "step"} if tense in ("here", "stopped") else {}),
    )
