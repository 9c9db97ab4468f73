"""Lifecycle stepper of an operation: its state, the next steps, and their obstacles."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts import tags
from dashboard.parts.confirmation import asks
from dashboard.parts.form import button
from dashboard.parts.icon import icon
from dashboard.parts.operation_tabs import COUNTRIES, DEBRIEF, OPLAN, OVERVIEW, PHASES, SNAPSHOTS, UNITS
from dashboard.wording import _, coded, sentence
from operations.core.errors import Flaw
from operations.core.people import Actor
from operations.core.state_machine import Step, StepOffer
from operations.core.vocabulary import OperationState
from operations.policing import lifecycle
from operations.policing.lifecycle import LIFE, LifecycleGuard
from operations.policing.operation.plan import Operation

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


def coming_guards(session: Session, operation: Operation) -> list[tuple[OperationState, list[LifecycleGuard]]]:
    """Return the next states of the main line with their guards, whoever takes the step; none at or off its end.

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


def _asking(step: Step[OperationState]) -> dict[str, str]:
    """Return the props that make a button ask for confirmation, where its step cannot be undone."""
    return asks(step.verb) if LIFE.irreversible(step) else {}


def obstacle_list(flaws: Sequence[Flaw]) -> list[Component]:
    """Return the obstacles, a sentence each; [] where there are none."""
    if not flaws:
        return []
    items = [html.Li([icon("circle-x", size=16), html.Span(sentence(flaw))]) for flaw in flaws]
    return [html.Ul(items, className="steps-obstacles", **{"aria-label": _("What is in the way")})]


def guard_checklist(
    guards: Sequence[LifecycleGuard], operation: Operation, *, editable: bool, coordinates: bool = True
) -> Component:
    """Return every guard of the next step: met, or what is missing with a link to where it is fixed."""
    return html.Ul([_guard(guard, operation, editable, coordinates) for guard in guards], className="guards")


def _guard(guard: LifecycleGuard, operation: Operation, editable: bool, coordinates: bool) -> Component:
    name, tab = {
        "aim": (_("Operational aim"), None),
        "legal_basis": (_("Legal basis"), None),
        "art3_screen": (_("Article 3 screen"), None),
        "line_kinds": (_("Reporting scheme"), None),
        "phases": (_("Phases"), PHASES),
        "oplan": (_("Operational plan"), OPLAN),
        "participations": (_("Countries"), COUNTRIES),
        "coordination_unit": (_("Coordination units"), UNITS),
        "reports": (_("Reports"), COUNTRIES),
        "final_words": (_("Final words of the countries"), COUNTRIES),
        "debrief": (_("Debrief"), DEBRIEF),
        "snapshots": (_("Snapshots"), SNAPSHOTS),
        "recommendations": (_("Recommendations"), DEBRIEF),
    }[guard.field]
    href = tab.href(operation) if tab else f"{OVERVIEW.href(operation)}?edit=1" if editable else None
    said = [html.Strong(name), html.Span(_("done") if guard.holds else sentence(guard.flaw))]
    way = (
        []
        if guard.holds or href is None or not coordinates
        else [dcc.Link(_("Put it right"), href=href, **_named(name))]
    )
    return html.Li(
        [icon("circle-check" if guard.holds else "circle-x", size=18), html.Span(said, className="guard-words"), *way],
        className="guard guard--holds" if guard.holds else "guard guard--missing",
    )


def _named(name: str) -> dict[str, str]:
    """Return the ARIA label of a link whose text is repeated, for screen readers that list links alone."""
    return {"title": _("Put it right: {what}", what=name)}


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
