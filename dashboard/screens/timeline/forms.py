"""Forms of a phase and of a task, with times in the operation's zone, and their predecessors."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from dash import html
from dash.development.base_component import Component

from dashboard.frame.interactions import pulse_of
from dashboard.parts.action_buttons import offers_with_reason
from dashboard.parts.draft_form import DraftForm, Reader
from dashboard.parts.form import button, client_id, text_field
from dashboard.parts.form_fields import Choices, drawing
from dashboard.parts.phase_form import phase_form, values_of
from dashboard.parts.phase_timeline import phase_label
from dashboard.parts.timeline.bars import owner_words
from dashboard.wording import _, moment
from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import Flaw, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.permissions import Act
from operations.core.state_machine import Step, StepOffer
from operations.core.vocabulary import Role, TaskState
from operations.policing.calendar.task_rows import LIFE, Task
from operations.policing.calendar.tasks import Owner, TaskDraft
from operations.policing.calendar.timeline import Rows
from operations.policing.map_plan.places import Site
from operations.policing.operation.plan import Phase, PhaseDraft


class _TaskForm(DraftForm):
    """The form of a task. A chosen day without a typed time means noon or eight o'clock."""

    def shown(self, thing: Any = None, zone: str = "UTC") -> dict[str, Any]:
        """Return the value of each input of a task."""
        found = super().shown(thing, zone)
        usual = {"due": "12:00", "starts": "08:00"}
        return found | {f"{name}_time": at for name, at in usual.items() if found[name] is None}


_NOBODY = N_("Say who does it: a role, a country or a person.")
_TWICE = Label(
    N_("If the clocks show that time twice"),
    N_("Needed on the day when the clocks are put back only."),
    choices={"first": N_("The first of the two"), "second": N_("The second of the two")},
)
_AFTER = Label(N_("Begins after the end of"), draws="several")
PHASE = DraftForm("timeline-phase", PhaseDraft, beside={"which": _TWICE, "waits": _AFTER})
TASK = _TaskForm(
    "timeline-task",
    TaskDraft,
    first=("title", "owner", "due", "starts", "phase_id", "site_id", "which", "waits"),
    beside={"owner": Label(N_("Who does it"), draws="one", needed=_NOBODY), "which": _TWICE, "waits": _AFTER},
    stands=dict.fromkeys(("role", "country", "account_id"), "owner"),
)
READERS: Mapping[str, Reader] = {
    "words": lambda _field, text: [line for line in text.splitlines() if line.strip()],
}
SAVE_PHASE, SAVE_TASK, CLOSE, HAND_ON = (
    "timeline-save-phase",
    "timeline-save-task",
    "timeline-close",
    "timeline-hand-on",
)
PHASE_UTC, CANCEL, OWNER = "timeline-phase-utc", "timeline-cancel", "timeline-owner"
_YEAR = timedelta(days=365)


def twice(zone: str) -> bool:
    """Return whether the zone puts clocks back at all, so that a local time can occur twice."""
    now = clock.now()
    return bool(clock.changes(zone, now - _YEAR, now + 2 * _YEAR))


def _which(draw: Callable[..., list[Component]], zone: str) -> Component:
    """Return the choice between the two occurrences of a repeated hour, only where there can be one."""
    return html.Div(draw("which"), hidden=not twice(zone))


def _waits(found: Rows, own: UUID) -> list[str]:
    """Return the current predecessors of a phase or a task."""
    return sorted(str(each.before) for each in found.dependencies if each.after == own)


def phase_values(found: Rows, zone: str, phase: Phase) -> dict[str, Any]:
    """Return what the form of a phase shows."""
    return PHASE.shown(values_of(phase, zone) | {"waits": _waits(found, phase.id)})


def task_values(found: Rows, zone: str, task: Task) -> dict[str, Any]:
    """Return what the form of a task shows."""
    known = {name: getattr(task, name) for name in TASK.said if hasattr(task, name)}
    return TASK.shown(known | {"waits": _waits(found, task.id), "steps": "", "owner": owner_value(task)}, zone)


def bar_choices(found: Rows, own: UUID | None) -> dict[str, list[dict[str, str]]]:
    """Return the predecessors that a phase or a task may have, and the phases that a task may be of."""
    phases = [{"value": str(each.id), "label": phase_label(each)} for each in found.phases]
    bars = [*phases, *({"value": str(each.id), "label": each.title} for each in found.tasks)]
    return {"waits": [bar for bar in bars if bar["value"] != str(own)], "phase_id": phases}


def edit_phase(found: Rows, zone: str, phase: Phase | None) -> list[Component]:
    """Return the form of a phase, or of a new one."""
    values = None if phase is None else phase_values(found, zone, phase)
    draw = drawing(PHASE, values, choices=bar_choices(found, phase.id if phase else None))
    return [
        client_id(PHASE),
        phase_form(PHASE, zone, PHASE_UTC, values),
        html.Div([_which(draw, zone), *draw("waits", className="is-wide")], className="timeline-form"),
        _acts(button(_("Save the phase"), SAVE_PHASE, "primary", "device-floppy")),
    ]


def _acts(*acts: Component) -> Component:
    return html.Div([*acts, button(_("Close"), CLOSE, "quiet")], className="timeline-acts")


def owner_value(task: Task) -> str:
    """Return the option value of a task's owner."""
    if task.account_id is not None:
        return f"person:{task.account_id}"
    if task.role is not None and task.role in (Role.OPERATION_COORDINATOR, Role.OCU_ANALYST):
        return f"role:{task.role}"
    role = "" if task.role in (None, Role.NATIONAL_COORDINATOR) else f":{task.role}"
    return f"country:{task.country}{role}"


def owner_of(choice: str | None) -> dict[str, str | None]:
    """Return the owner fields of an option value; empty where nobody was chosen."""
    what, _colon, rest = choice.partition(":") if isinstance(choice, str) else ("", "", "")
    if what == "person":
        return {"account_id": rest}
    if what == "role":
        return {"role": rest}
    country, _colon, role = rest.partition(":")
    return {"country": country, "role": role or None} if what == "country" else {}


def task_choices(found: Rows, own: UUID | None, sites: Sequence[Site]) -> dict[str, list[dict[str, str]]]:
    """Return the options of the form of a task, but those of its owner."""
    places = [{"value": str(each.id), "label": f"{each.name} ({each.country})"} for each in sites]
    return bar_choices(found, own) | {"site_id": places}


def edit_task(found: Rows, zone: str, task: Task | None, choices: Choices) -> list[Component]:
    """Return the form of a task, or of a new one."""
    values = None if task is None else task_values(found, zone, task)
    draw, wide = drawing(TASK, values, choices=choices, zone=zone), {"className": "is-wide"}
    fields = [
        *draw("title", **wide),
        *draw("owner", required=True),
        *draw("due", "starts", "phase_id", "site_id"),
        _which(draw, zone),
        *draw("waits", "note", **wide),
        html.Div(draw("steps", minRows=3), hidden=task is not None, **wide),
    ]
    return [
        client_id(TASK),
        pulse_of(OWNER),
        html.Div(fields, className="timeline-form"),
        _acts(button(_("Save the task"), SAVE_TASK, "primary", "device-floppy")),
        *([] if task is None else _planning(task)),
    ]


def _planning(task: Task) -> list[Component]:
    """Return the buttons of the steps that are reserved to planners."""
    steps = [step for step in LIFE.out_of(task.state) if step.act is Act.TASK_PLAN and step.after != task.state]
    offers = [StepOffer(step, ()) for step in steps]

    def reason(step: Step[TaskState]) -> Component:
        return text_field(TASK, "reason", _(step.why), maxLength=2000)

    return offers_with_reason(offers, lambda _step: CANCEL, reason, "danger", size="compact-md")


def hand_on(task: Task, choices: Choices) -> list[Component]:
    """Return the form that hands over a task of the own country."""
    draw = drawing(TASK, {"owner": owner_value(task)}, choices=choices)
    return [
        pulse_of(OWNER),
        *([html.P(task.note)] if task.note else []),
        html.Div(draw("owner"), className="timeline-form"),
        _acts(button(_("Hand on"), HAND_ON, "primary", "share")),
    ]


def shown_phase(phase: Phase, zone: str) -> list[Component]:
    """Return a read-only phase."""
    return [html.P([moment(phase.starts, zone), " – ", moment(phase.ends, zone)], className="m-num"), _acts()]


def shown_task(task: Task, people: Mapping[UUID, str]) -> list[Component]:
    """Return a read-only task."""
    note = [html.P(task.note)] if task.note else []
    return [html.P(owner_words(task, people), className="m-dim"), *note, _acts()]


def task_draft(typed: Mapping[str, Any], task_id: str, zone: str) -> TaskDraft:
    """Return the draft of the typed values. Raises RuleBroken with every flaw beside its field."""
    return TASK.draft(TaskDraft, typed, READERS, zone=zone, id=task_id, **owner_of(typed.get("owner")))


def owner_draft(choice: str | None) -> Owner:
    """Return the chosen owner. Raises RuleBroken."""
    with beside():
        return parse(Owner, owner_of(choice))


@contextmanager
def beside() -> Iterator[None]:
    """Rename the fields in a verb's RuleBroken to those of the task form."""
    try:
        yield
    except RuleBroken as refused:
        raise RuleBroken.all(
            Flaw(TASK.input_of(flaw.field, {}), flaw.template, flaw.params) for flaw in refused.flaws
        ) from None
