"""The forms of the timeline: a phase and a task, with times of the operation's zone, and what they wait for."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from dashboard.parts.form import (
    Form,
    button,
    date_field,
    multi_select_field,
    select_field,
    text_area,
    text_field,
    time_field,
)
from dashboard.parts.offers import offers_with_reason
from dashboard.parts.phase_form import phase_form, typed_moment, values_of
from dashboard.parts.phase_timeline import phase_label
from dashboard.parts.timeline.bars import owner_words
from dashboard.wording import _, language, moment
from operations.core import clock, vocabulary
from operations.core.drafts import parse
from operations.core.errors import Flaw, RuleBroken
from operations.core.life import Offer
from operations.core.people import Account
from operations.core.permissions import Act
from operations.core.vocabulary import Role
from operations.policing.calendar.tasks import LIFE, Owner, Task, TaskDraft
from operations.policing.calendar.timeline import Rows
from operations.policing.map_plan.places import Site
from operations.policing.operation.plan import Phase

PHASE, TASK = Form("timeline-phase"), Form("timeline-task")
PHASE_FIELDS = ("kind", "name", "starts", "starts_time", "ends", "ends_time", "which", "waits")
TASK_FIELDS = (
    "title",
    "note",
    "owner",
    "phase",
    "site",
    "starts",
    "starts_time",
    "due",
    "due_time",
    "which",
    "steps",
    "waits",
)
SAVE_PHASE, SAVE_TASK, CLOSE, HAND_ON = (
    "timeline-save-phase",
    "timeline-save-task",
    "timeline-close",
    "timeline-hand-on",
)
PHASE_UTC, CANCEL = "timeline-phase-utc", "timeline-cancel"


_YEAR = timedelta(days=365)


def _which(form: Form, zone: str) -> list[Component]:
    """Which of two hours is meant: only asked where clocks are put back at all."""
    now = clock.now()
    if not clock.changes(zone, now - _YEAR, now + 2 * _YEAR):
        return []
    return [
        select_field(
            form,
            "which",
            _("If the clocks show that time twice"),
            [
                {"value": "first", "label": _("The first of the two")},
                {"value": "second", "label": _("The second of the two")},
            ],
            description=_("Needed on the day when the clocks are put back only."),
        )
    ]


def _waits(form: Form, found: Rows, own: UUID | None) -> Component:
    options = [{"value": str(each.id), "label": phase_label(each)} for each in found.phases if each.id != own]
    options += [{"value": str(each.id), "label": each.title} for each in found.tasks if each.id != own]
    now = [str(each.before) for each in found.dependencies if each.after == own]
    return multi_select_field(form, "waits", _("Begins after the end of"), options, value=now, className="is-wide")


def edit_phase(found: Rows, zone: str, phase: Phase | None) -> list[Component]:
    """The form of a phase, or of a new one."""
    values = None if phase is None else values_of(phase, zone)
    return [
        phase_form(PHASE, zone, PHASE_UTC, values),
        html.Div([*_which(PHASE, zone), _waits(PHASE, found, phase.id if phase else None)], className="timeline-form"),
        html.Div(
            [
                button(_("Save the phase"), SAVE_PHASE, "primary", "device-floppy"),
                button(_("Close"), CLOSE, "quiet"),
            ],
            className="timeline-acts",
        ),
    ]


def owners(countries: Sequence[str], people: Iterable[Account], *, coordination: bool) -> list[dict[str, str]]:
    """Who can be given a task: countries and their roles, persons, and with `coordination` its roles."""

    def role(code: Role) -> str:
        return vocabulary.label("CL-ROLE", code.value, language())

    central = (Role.OPERATION_COORDINATOR, Role.OCU_ANALYST) if coordination else ()
    found = [{"value": f"role:{each.value}", "label": role(each)} for each in central]
    for country in countries:
        name = vocabulary.label("CL-COUNTRY", country, language())
        found.append({"value": f"country:{country}", "label": name})
        found += (
            {"value": f"country:{country}:{each.value}", "label": f"{name} · {role(each)}"}
            for each in (Role.TEAM_LEADER, Role.NATIONAL_OFFICER)
        )
    return found + [{"value": f"person:{each.id}", "label": each.name} for each in people]


def owner_value(task: Task) -> str:
    """The choice that stands for a task's owner."""
    if task.account_id is not None:
        return f"person:{task.account_id}"
    if task.role is not None and task.role in (Role.OPERATION_COORDINATOR, Role.OCU_ANALYST):
        return f"role:{task.role}"
    role = "" if task.role in (None, Role.NATIONAL_COORDINATOR) else f":{task.role}"
    return f"country:{task.country}{role}"


def owner_of(choice: str | None) -> dict[str, str | None]:
    """What a choice means. Raises RuleBroken where nobody was chosen."""
    what, _colon, rest = (choice or "").partition(":")
    if what == "person":
        return {"account_id": rest}
    if what == "role":
        return {"role": rest}
    if what == "country":
        country, _colon, role = rest.partition(":")
        return {"country": country, "role": role or None}
    raise RuleBroken("owner", "Say who does it: a role, a country or a person.")


def edit_task(
    found: Rows, zone: str, task: Task | None, choices: list[dict[str, str]], sites: Sequence[Site]
) -> list[Component]:
    """The form of a task, or of a new one."""
    local = _("local time in {zone}", zone=zone)
    started, due = (_typed_as(end, zone) for end in (task.starts if task else None, task.due if task else None))
    phases = [{"value": str(each.id), "label": phase_label(each)} for each in found.phases]
    places = [{"value": str(each.id), "label": f"{each.name} ({each.country})"} for each in sites]
    steps = (
        []
        if task
        else [
            text_area(
                TASK, "steps", _("Checklist"), description=_("One line for each point."), minRows=3, className="is-wide"
            )
        ]
    )
    wide = {"className": "is-wide"}
    owner, title = (owner_value(task), task.title) if task else (None, "")
    fields = [
        text_field(TASK, "title", _("What is to be done"), required=True, maxLength=160, value=title, **wide),
        select_field(TASK, "owner", _("Who does it"), choices, required=True, value=owner),
        date_field(TASK, "due", _("Due on"), required=True, description=local, value=due[0]),
        time_field(TASK, "due_time", _("Due at"), description=local, value=due[1] or "12:00"),
        date_field(TASK, "starts", _("Begins on"), description=_("Empty: a task without a length."), value=started[0]),
        time_field(TASK, "starts_time", _("Begins at"), description=local, value=started[1] or "08:00"),
        select_field(TASK, "phase", _("Phase"), phases, value=str(task.phase_id) if task and task.phase_id else None),
        select_field(TASK, "site", _("Site"), places, value=str(task.site_id) if task and task.site_id else None),
        *_which(TASK, zone),
        _waits(TASK, found, task.id if task else None),
        text_area(TASK, "note", _("Note"), value=task.note if task else "", **wide),
        *steps,
    ]  # fmt: skip
    acts = [button(_("Save the task"), SAVE_TASK, "primary", "device-floppy"), button(_("Close"), CLOSE, "quiet")]
    return [
        html.Div(fields, className="timeline-form"),
        html.Div(acts, className="timeline-acts"),
        *([] if task is None else _planning(task)),
    ]


def _planning(task: Task) -> list[Component]:
    """The steps that are the planner's."""
    steps = [step for step in LIFE.out_of(task.state) if step.act is Act.TASK_PLAN and step.after != task.state]
    reason = text_field(TASK, "reason", _("Reason"), maxLength=2000)
    offers = [Offer(step, ()) for step in steps]
    return offers_with_reason(offers, lambda _step: CANCEL, lambda _step: reason, "danger", size="compact-md")


def hand_on(task: Task, choices: list[dict[str, str]]) -> list[Component]:
    """What a country does with a task of its own: hand it on."""
    return [
        *([html.P(task.note)] if task.note else []),
        html.Div(
            [select_field(TASK, "owner", _("Who does it"), choices, value=owner_value(task))], className="timeline-form"
        ),
        html.Div(
            [button(_("Hand on"), HAND_ON, "primary", "share"), button(_("Close"), CLOSE, "quiet")],
            className="timeline-acts",
        ),
    ]


def shown_phase(phase: Phase, zone: str) -> list[Component]:
    """A phase for whoever cannot change it."""
    return [
        html.P([moment(phase.starts, zone), " – ", moment(phase.ends, zone)], className="m-num"),
        html.Div(button(_("Close"), CLOSE, "quiet"), className="timeline-acts"),
    ]


def shown_task(task: Task, people: Mapping[UUID, str]) -> list[Component]:
    """A task for whoever cannot change it."""
    return [
        html.P(owner_words(task, people), className="m-dim"),
        *([html.P(task.note)] if task.note else []),
        html.Div(button(_("Close"), CLOSE, "quiet"), className="timeline-acts"),
    ]


def task_draft(typed: Mapping[str, Any], task_id: str, zone: str) -> TaskDraft:
    """The draft of what was typed. Raises RuleBroken with every flaw beside its field."""
    flaws: list[Flaw] = []
    content: dict[str, Any] = {"id": task_id, "title": typed.get("title") or "", "note": typed.get("note") or ""}
    content |= {"phase_id": typed.get("phase"), "site_id": typed.get("site")}
    content["steps"] = [line for line in (typed.get("steps") or "").splitlines() if line.strip()]
    try:
        content |= owner_of(typed.get("owner"))
    except RuleBroken as broken:
        flaws += broken.flaws
    for end in ("starts", "due"):
        if end == "starts" and not typed.get("starts"):
            continue
        try:
            content[end] = typed_moment(typed.get(end), typed.get(f"{end}_time"), zone, end, typed.get("which"))
        except RuleBroken as broken:
            flaws += broken.flaws
    if flaws:
        raise RuleBroken.all(flaws)
    try:
        return parse(TaskDraft, content)
    except RuleBroken as broken:
        raise RuleBroken.all(_beside(flaw) for flaw in broken.flaws) from None


def owner_draft(choice: str | None) -> Owner:
    """Who was chosen. Raises RuleBroken."""
    return parse(Owner, owner_of(choice))


_PLACES = {
    "": "due",
    "phase_id": "phase",
    "site_id": "site",
    "account_id": "owner",
    "country": "owner",
    "role": "owner",
}


def _beside(flaw: Flaw) -> Flaw:
    return Flaw(_PLACES.get(flaw.field, flaw.field), flaw.template, flaw.params)


def beside(broken: RuleBroken) -> RuleBroken:
    """What a verb refused, with the names that the form has for the fields."""
    return RuleBroken.all(_beside(flaw) if flaw.field else flaw for flaw in broken.flaws)


def _typed_as(moment: datetime | None, zone: str) -> tuple[str | None, str]:
    if moment is None:
        return None, ""
    local = moment.astimezone(UTC).astimezone(ZoneInfo(zone))
    return local.date().isoformat(), f"{local:%H:%M}"
