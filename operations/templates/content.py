"""Content of a template: phases, tasks, the reporting scheme, and target figures.

Texts are either typed by a person, in the language of that person, or shipped with Muster: `{"en": ...}`, with
translations in `shipped/<language>.csv`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from operations.core import vocabulary
from operations.core.clock import day_bounds
from operations.core.drafts import FIELD, Draft, Name, Prose, Words, rule
from operations.core.field_labels import N_, Label
from operations.core.languages import translations
from operations.core.vocabulary import InList, OperationState, OperationType, PhaseKind, Role
from operations.policing.calendar.tasks import TaskDraft
from operations.policing.operation.oplan import SectionDraft
from operations.policing.operation.plan import PhaseDraft
from operations.policing.operation.targets import TargetDraft
from operations.support.requests import NeedDraft
from operations.support.teams import Language, Specialism
from operations.templates.outlines import outline

_DUE_AT = time(18)

_NO_ACTION = rule(
    "no_action", "A template needs an operational phase. Its first day is the first day of the operation."
)
_NO_PHASE = rule("no_such_phase", "This task belongs to a phase that the template does not have.")
_NO_PHASE_OF_TEAMS = rule("no_phase_of_teams", "These teams are needed in a phase that the template does not have.")


Told = Name | Annotated[dict[Literal["en"], Name], Rule(min_length=1)]
ToldLong = Words | Annotated[dict[Literal["en"], Words], Rule(min_length=1)]
SHIPPED = Path(__file__).parent / "shipped"


def localised(words: str | Mapping[Literal["en"], str], locale: str) -> str:
    """Return the text in a reader's language; a shipped one in English where the language lacks it."""
    return words if isinstance(words, str) else translations(SHIPPED, locale).get((words["en"],), words["en"])


class PhasePlan(Draft):
    """A phase: its length in days, and the days between it and the one before. It has no name but that of its kind."""

    kind: Annotated[PhaseKind, Label(N_("Phase, line {line}"), listed="CL-PHASE")]
    name: Told | None = None
    days: Annotated[int, Rule(ge=1, le=730), Label(N_("Days, line {line}"))]
    gap: Annotated[int, Rule(ge=0, le=365), Label(N_("Days before it, line {line}"))] = 0


class TaskPlan(Draft):
    """A task: due a number of days after the phase begins, before it where negative."""

    title: Annotated[Told, Label(N_("Task, line {line}"))]
    phase: Annotated[int, Rule(ge=0), Label(N_("Line of its phase, line {line}"))]
    due_day: Annotated[int, Rule(ge=-365, le=730), Label(N_("Due on day, line {line}"))] = 0
    until_state: Annotated[OperationState | None, Label(N_("Until the operation is"), typed=False)] = None


class NeedPlan(Draft):
    """Teams needed for `days` days from a day of a phase on; without a phase, from the first day of action."""

    specialism: Annotated[Specialism, Label(N_("Specialism, line {line}"))]
    team_kind: Annotated[Annotated[str, InList("CL-TEAM")] | None, Label(N_("Kind of team, line {line}"))] = None
    languages: Annotated[tuple[Language, ...], Rule(max_length=8), Label(N_("Languages, line {line}"))] = ()
    certificates: Annotated[
        tuple[Annotated[str, InList("CL-CERT")], ...], Rule(max_length=8), Label(N_("Certificates, line {line}"))
    ] = ()
    teams: Annotated[int, Rule(ge=1, le=50), Label(N_("Teams, line {line}"))] = 1
    phase: Annotated[Annotated[int, Rule(ge=0)] | None, Label(N_("Line of its phase, line {line}"))] = None
    day: Annotated[int, Rule(ge=-365, le=730), Label(N_("From day, line {line}"))] = 0
    days: Annotated[int, Rule(ge=1, le=730), Label(N_("Days, line {line}"))]


class Content(Draft):
    """A whole template of one kind of operation."""

    kind: OperationType
    name: Annotated[Told, Label(N_("Name"))]
    crime_scope: Annotated[
        tuple[Annotated[str, InList("CL-CRIMESCOPE")], ...], Rule(min_length=1), Label(N_("Crime scope"))
    ]
    aim: Annotated[ToldLong, Label(N_("Operational aim"))] = ""
    phases: Annotated[
        tuple[PhasePlan, ...],
        Rule(min_length=1, max_length=20),
        Label(N_("Phases"), rows=10, order=N_("No., line {line}")),
    ]
    tasks: Annotated[tuple[TaskPlan, ...], Rule(max_length=60), Label(N_("Tasks"), rows=16)] = ()
    line_kinds: Annotated[tuple[Annotated[str, InList("CL-LINE")], ...], Label(N_("Results reported"))] = ()
    daily_due: Annotated[time | None, Label(N_("Daily report due at"))] = None
    targets: Annotated[tuple[TargetDraft, ...], Rule(max_length=20)] = ()
    needs: Annotated[tuple[NeedPlan, ...], Rule(max_length=6), Label(N_("Teams needed"), rows=6)] = ()
    oplan: dict[Annotated[str, InList("CL-OPLAN")], Prose] | None = None
    """The initial texts of the OPLAN's sections; None where nobody has changed what comes with Muster."""

    @model_validator(mode="after")
    def _fits_together(self) -> "Content":
        if all(phase.kind is not PhaseKind.OPERATIONAL for phase in self.phases):
            raise PydanticCustomError(_NO_ACTION, "no action", {FIELD: "phases"})
        if any(task.phase >= len(self.phases) for task in self.tasks):
            raise PydanticCustomError(_NO_PHASE, "no such phase", {FIELD: "tasks"})
        if any(need.phase is not None and need.phase >= len(self.phases) for need in self.needs):
            raise PydanticCustomError(_NO_PHASE_OF_TEAMS, "no such phase", {FIELD: "needs"})
        return self


@dataclass(frozen=True)
class PhaseDays:
    """The period of a phase: its first day and the first day after it."""

    first: date
    after: date


def days_of(content: Content, first_day: date) -> list[PhaseDays]:
    """Return the days of each phase, where the action begins on `first_day`."""
    begins: list[int] = []
    at = 0
    for phase in content.phases:
        at += phase.gap
        begins.append(at)
        at += phase.days
    kinds = [phase.kind for phase in content.phases]
    action = begins[kinds.index(PhaseKind.OPERATIONAL)]
    return [
        PhaseDays(
            first_day + timedelta(days=begin - action),
            first_day + timedelta(days=begin - action + phase.days),
        )
        for phase, begin in zip(content.phases, begins, strict=True)
    ]


def phases_of(
    content: Content, operation_id: UUID, first_day: date, zone: str, cut: time, locale: str
) -> list[PhaseDraft]:
    """Return the phases on the calendar of an operation: whole official days, across clock changes too."""
    made = []
    for place, (phase, days) in enumerate(zip(content.phases, days_of(content, first_day), strict=True)):
        name = localised(phase.name, locale) if phase.name else vocabulary.label("CL-PHASE", phase.kind.value, locale)
        made.append(
            PhaseDraft(
                id=uuid5(operation_id, f"phase {place}"),
                kind=phase.kind,
                name=name,
                starts=day_bounds(days.first, zone, cut)[0],
                ends=day_bounds(days.after, zone, cut)[0],
            )
        )
    return made


def tasks_of(
    content: Content, operation_id: UUID, first_day: date, zone: str, cut: time, locale: str
) -> list[TaskDraft]:
    """Return the tasks on the calendar, each due at 18:00 of its day, and the coordinator's until handed on.

    One that is due before its phase begins or after it ends is counted from the phase and belongs to none.
    """
    days = days_of(content, first_day)
    made = []
    for place, task in enumerate(content.tasks):
        due = datetime.combine(days[task.phase].first + timedelta(days=task.due_day), _DUE_AT, ZoneInfo(zone))
        starts, ends = (day_bounds(day, zone, cut)[0] for day in (days[task.phase].first, days[task.phase].after))
        made.append(
            TaskDraft(
                id=uuid5(operation_id, f"task {place}"),
                title=localised(task.title, locale),
                role=Role.OPERATION_COORDINATOR,
                phase_id=uuid5(operation_id, f"phase {task.phase}") if starts <= due <= ends else None,
                due=due,
                until_state=task.until_state,
            )
        )
    return made


def sections_of(content: Content, operation_id: UUID, locale: str) -> list[SectionDraft]:
    """Return the initial sections of the operational plan: text to change, still open."""
    return [
        SectionDraft(id=uuid5(operation_id, f"section {code}"), section=code, text=text)
        for code, text in plan_texts(content, locale).items()
        if text
    ]


def plan_texts(content: Content, locale: str) -> dict[str, str]:
    """Return the initial texts of the sections by code: as edited, else as shipped with Muster."""
    return outline(content.kind, locale) if content.oplan is None else content.oplan


def needs_of(content: Content, operation_id: UUID, first_day: date, zone: str, cut: time) -> list[NeedDraft]:
    """Return the teams needed, on the calendar: whole official days."""
    days = days_of(content, first_day)
    made = []
    for place, need in enumerate(content.needs):
        begins = (first_day if need.phase is None else days[need.phase].first) + timedelta(days=need.day)
        made.append(
            NeedDraft(
                id=uuid5(operation_id, f"need {place}"),
                team_kind=need.team_kind,
                specialism=need.specialism,
                languages=list(need.languages),
                certificates=list(need.certificates),
                teams=need.teams,
                starts=day_bounds(begins, zone, cut)[0],
                ends=day_bounds(begins + timedelta(days=need.days), zone, cut)[0],
            )
        )
    return made
