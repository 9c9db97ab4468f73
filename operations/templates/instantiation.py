"""Instantiation of a template: operation, layout and invitations in one unit of work, through the verbs.

The operational plan begins with the texts of the template, every section open: planners change and complete them.
"""

from collections.abc import Iterator
from datetime import date, time
from enum import StrEnum
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import Field as Rule
from sqlmodel import Session

from operations.core import journal
from operations.core.clock import day_bounds, now, official_day
from operations.core.drafts import Draft, Name, Zone
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.vocabulary import Classification, Country
from operations.policing.calendar import timeline
from operations.policing.calendar.tasks import TaskDraft
from operations.policing.operation import membership, oplan, plan, targets
from operations.support import requests
from operations.support.teams import Latitude, Longitude, Place
from operations.templates import library
from operations.templates.content import Content, localised, needs_of, phases_of, sections_of, tasks_of


class TeamsTo(Draft):
    """The destination of the template's teams: a town of an invited country. Its position is generalised."""

    country: Annotated[Country, Label(N_("In which country"))]
    place: Annotated[Place, Rule(min_length=1), Label(N_("In which town"))]
    lat: Latitude
    lon: Longitude


class PastTasks(StrEnum):
    """The fate of template tasks that are due before the operation is made."""

    KEEP = "keep"
    MOVE = "move"
    DROP = "drop"


_PAST_TASKS = {
    PastTasks.MOVE.value: N_("Move them to the first day of the action"),
    PastTasks.KEEP.value: N_("Keep their days: they are late from the start"),
    PastTasks.DROP.value: N_("Leave them out"),
}


class StartDraft(plan.Purpose):
    """Draft of an instantiation: `id` names the operation, `first_day` is the first day of action.

    Without `teams_to` no teams are requested.
    """

    id: UUID
    template: Annotated[UUID, Label(N_("Template"))]
    code_name: Annotated[Name, Label(N_("Code name"))]
    edition: Annotated[int, Rule(ge=1, le=99), Label(N_("Edition"))] = 1
    first_day: Annotated[date, Label(N_("First day of the action"))]
    zone: Annotated[Zone, Label(N_("Time zone"), draws="zone")]
    day_cut: time = time(0)
    classification: Annotated[Classification, Label(N_("Classification"), listed="CL-CLASS")] = (
        Classification.FOR_OFFICIAL_USE
    )
    countries: Annotated[
        tuple[Country, ...], Label(N_("Invite countries"), N_("They are asked at once; more can be invited later."))
    ] = ()
    past_tasks: Annotated[PastTasks, Label(N_("Tasks whose day is over"), choices=_PAST_TASKS)] = PastTasks.MOVE
    teams_to: TeamsTo | None = None


def start(session: Session, draft: StartDraft, by: Actor) -> plan.Operation:
    """Create an operation from a version of a template: phases, tasks, plan, scheme, targets, invitations, team needs.

    Idempotent for the same draft. Texts of the template become the operation's own, in the language of `by`.
    """
    require(by, Act.TEMPLATE_READ)
    version = library.template(session, draft.template)
    if version.retired:
        raise RuleBroken("template", "This template is out of use: choose another.")
    content = library.content_of(version)
    known = session.get(plan.Operation, draft.id)
    made = plan.create(
        session,
        plan.OperationDraft(
            id=draft.id,
            code_name=draft.code_name,
            edition=draft.edition,
            type=content.kind,
            crime_scope=list(content.crime_scope),
            aim=localised(content.aim, by.language),
            **{name: getattr(draft, name) for name in plan.Purpose.model_fields},
            zone=draft.zone,
            day_cut=draft.day_cut,
            classification=draft.classification,
            line_kinds=content.line_kinds,
            daily_due=content.daily_due,
        ),
        by,
    )
    if known is not None:
        return made
    by = membership.joined(session, by, made.id)
    for phase in phases_of(content, made.id, draft.first_day, draft.zone, draft.day_cut, by.language):
        timeline.schedule(session, made.id, phase, by)
    for task in _tasks(content, draft, by.language):
        timeline.add_task(session, made.id, task, by)
    oplan.write(session, made.id, sections_of(content, made.id, by.language), by)
    for target in content.targets:
        targets.aim(session, made.id, target, by)
    for country in dict.fromkeys(draft.countries):
        plan.invite(session, made.id, plan.CountryInvitation(country=country), by)
    if content.needs and draft.teams_to is not None:
        _ask_for_teams(session, made.id, content, draft, draft.teams_to, by)
    journal.record(
        session,
        by,
        "template.start",
        "template",
        version.template_id,
        operation=made.id,
        type=version.kind,
        version=version.version,
    )
    return made


def past_tasks(content: Content, first_day: date, zone: str, cut: time = time(0)) -> int:
    """How many tasks of a template would be late as soon as the operation is made."""
    found = tasks_of(content, UUID(int=0), first_day, zone, cut, "en")
    return sum(task.due <= now() for task in found)


def _tasks(content: Content, draft: StartDraft, locale: str) -> Iterator[TaskDraft]:
    """The tasks of the template; those whose day is over as it was chosen.

    A moved one is due at the end of the first day of the action, or of today where that is over too.
    """
    calendar = draft.zone, draft.day_cut
    phases = phases_of(content, draft.id, draft.first_day, *calendar, locale)
    due = day_bounds(max(draft.first_day, official_day(now(), *calendar)), *calendar)[1]
    around = next((phase.id for phase in phases if phase.starts < due <= phase.ends), None)
    for task in tasks_of(content, draft.id, draft.first_day, *calendar, locale):
        if task.due > now() or draft.past_tasks is PastTasks.KEEP:
            yield task
        elif draft.past_tasks is PastTasks.MOVE:
            yield task.model_copy(update={"due": due, "phase_id": around})


def _ask_for_teams(
    session: Session, operation_id: UUID, content: Content, draft: StartDraft, to: TeamsTo, by: Actor
) -> None:
    """Create one request for all teams that the template needs. Raises RuleBroken on the field of the start."""
    if to.country not in draft.countries:
        raise RuleBroken("teams_to.country", "Teams go to a country that is invited: choose one of those.")
    wanted = requests.AssistanceRequestDraft(
        id=uuid5(operation_id, "teams"),
        title=localised(content.name, by.language),
        host_country=to.country,
        place=to.place,
        lat=to.lat,
        lon=to.lon,
        needs=needs_of(content, operation_id, draft.first_day, draft.zone, draft.day_cut),
    )
    requests.raise_request(session, operation_id, wanted, by)
