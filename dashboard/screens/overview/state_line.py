"""State of an operation in one line, and what comes next: the phase, the step, what is missing for it, and who acts."""

from collections.abc import Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.icon import icon
from dashboard.parts.phase_timeline import last_day, phase_label
from dashboard.parts.responsible_roles import who_acts
from dashboard.screens.overview.lifecycle_stepper import LINE, coming_guards, step_words
from dashboard.wording import _, coded, date, ngettext, number, sentence
from operations.core.clock import now, official_day
from operations.core.people import Actor
from operations.core.state_machine import Step
from operations.core.vocabulary import OperationState
from operations.policing.lifecycle import LIFE
from operations.policing.operation import plan

_TONES = {OperationState.ACTIVE: "good", OperationState.SUSPENDED: "warn", OperationState.CANCELLED: "bad"}


def state_line(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the state with the phase of today, and below it what comes next."""
    phases, at = plan.phases(session, operation.id), now()
    badge = state_badge(coded("CL-OPSTATE", operation.state), _TONES.get(OperationState(operation.state), "accent"))
    running = [phase for phase in phases if phase.starts <= at < phase.ends]
    today = [html.Span(_phase_today(phase, operation.zone, at)) for phase in running]
    coming = [*_next_phase(operation, phases, at), *_next_step(session, operation, by)]
    return [
        html.P([badge, *(today or [html.Span(_("No phase runs today."), className="m-dim")])], className="state-line"),
        *([html.Ul(coming, className="state-next", **{"aria-label": _("What comes next")})] if coming else []),
    ]


def _phase_today(phase: plan.Phase, zone: str, at: datetime) -> str:
    first = official_day(phase.starts, zone)
    day = (official_day(at, zone) - first).days + 1
    days = (last_day(phase, zone) - first).days + 1
    return _("{phase}: day {day} of {days}", phase=phase_label(phase), day=number(day), days=number(days))


def _next_phase(operation: plan.Operation, phases: Sequence[plan.Phase], at: datetime) -> list[Component]:
    """Return the phase that begins next, or the end of the last one that runs."""
    if operation.state in plan.ENDED:
        return []
    coming = min((phase for phase in phases if phase.starts > at), key=lambda phase: phase.starts, default=None)
    if coming is not None:
        begins = date(official_day(coming.starts, operation.zone))
        said = _("Next phase: {phase}, from {day} on.", phase=phase_label(coming), day=begins)
        return [html.Li([icon("calendar-event", 16), html.Span(said)])]
    running = [phase for phase in phases if phase.ends > at]
    if not running:
        return []
    last = max(running, key=lambda phase: phase.ends)
    ends = date(last_day(last, operation.zone))
    said = _("The last phase ends on {day}: {phase}.", phase=phase_label(last), day=ends)
    return [html.Li([icon("calendar-event", 16), html.Span(said)])]


def _next_step(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the next step of the life cycle: who takes it, or the first thing that is missing for it and who acts."""
    found = _step(operation)
    if found is None:
        return []
    missing = [
        guard.flaw
        for state, guards in coming_guards(session, operation)
        if state is found.after
        for guard in guards
        if guard.blocks
    ]
    words: list[Component | str] = [html.Strong(_("Next step: {step}.", step=step_words(found)))]
    if missing:
        words += [" ", sentence(missing[0]), " ", who_acts(missing[0].act, by)]
        more = len(missing) - 1
        words += [" ", ngettext("{n} more thing is missing.", "{n} more things are missing.", more)] if more else []
    else:
        words += [" ", who_acts(found.act, by) or _("You can take it now.")]
    sign = icon("hourglass" if missing else "player-play", 16)
    return [tags.Li(sign, html.Span(words))]


def _step(operation: plan.Operation) -> Step[OperationState] | None:
    """Return the next step forward; from a suspension, the one back."""
    if operation.state == OperationState.SUSPENDED and operation.state_before:
        return LIFE.step(operation.state, operation.state_before)
    if operation.state not in LINE[:-1]:
        return None
    return LIFE.step(operation.state, LINE[LINE.index(OperationState(operation.state)) + 1])
