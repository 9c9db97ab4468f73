"""Training of an operation: the STOP loop as a picture, the training runs, and where trained people serve."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from dash import ALL, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import OF_PROGRAMME, Done, Press, does, followed, follows
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.frame.verb_buttons import calls
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button
from dashboard.parts.form_fields import whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.panel import empty_state, form_panel, panel
from dashboard.parts.table import table, table_row
from dashboard.places import TRAINING
from dashboard.screens.training.picture import picture
from dashboard.server.access import known_id
from dashboard.wording import N_, UNDEFINED, _, coded, date, joined, number
from operations.core.field_labels import Label
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.programme import stop_loop
from operations.training import courses, phases
from operations.training.phases import JoinedRun, TraineeCounts
from operations.training.rows import RUNS, CourseState

NAV = TRAINING
JOIN = DraftForm("training-join", phases.PhaseRunDraft)
NEW = DraftForm(
    "training-run", courses.RunDraft, first=("phase_id",), beside={"phase_id": Label(N_("Training phase"), draws="one")}
)


class Ids(StrEnum):
    """Element ids of this page."""

    LOOP = "training-loop"
    RUNS = "training-runs"
    PEOPLE = "training-people"
    FORMS = "training-forms"
    PART = "training-part"


@operation_page(
    NAV, N_("The training phase is a run of a course; whoever passes it is posted to a site, and asks there.")
)
def layout(session: Session, operation: plan.Operation, by: Actor) -> Parts:
    """Return the page, with forms for planners."""
    parts = [
        panel(_("From training to practice"), followed(Ids.LOOP, looped(session, operation, by))),
        panel(_("Runs that are its training"), followed(Ids.RUNS, runs(session, operation, by)), flush=True),
        followed(Ids.FORMS, forms(session, operation, by), seen=asked_now(session, operation, by), className="m-stack"),
        panel(_("Who was trained, and serves where"), followed(Ids.PEOPLE, people(session, operation, by))),
    ]
    return [
        html.Div(parts, className="m-stack", **OF_PROGRAMME),
    ]


def looped(session: Session, operation: plan.Operation, by: Actor) -> Component:
    """Return the loop, for those who read the operation's figures."""
    if not may(by, Act.TOTALS_READ, plan.subject(operation, by.country if by.national else None)):
        return html.P(_("The figures of this operation are not for you."), className="m-dim")
    found = stop_loop.loop(session, operation, by)
    if not found.runs:
        return html.P(_how_to_join(session, operation, by), className="m-dim")
    return picture(found)


def _how_to_join(session: Session, operation: plan.Operation, by: Actor) -> str:
    """How a run of a course becomes the training of an operation that has none: numbers of nothing say nothing."""
    if not phases.training_phases(session, operation.id):
        return _(
            "No training phase: the coordinator schedules one under Phases, and joins a run of a course to it here."
        )
    if phases.may_join(operation, by):
        return _("No run of a course is its training yet: choose one below, or schedule a new one.")
    return _("No run of a course is its training yet: the coordinator chooses one on this page.")


# ------------------------------------------------------------------------------------------------------ the runs


def runs(session: Session, operation: plan.Operation, by: Actor) -> Component:
    """Return the runs that are its training."""
    found = phases.runs_of(session, operation.id)
    if not found:
        hint = _("The coordination says of which run of a course its training phase is.")
        return empty_state(_("No run of a course yet"), hint, "school")
    writes = phases.may_join(operation, by)
    head = [_("Course"), _("Phase"), _("Country"), _("Days"), _("State"), *([_("Actions")] if writes else [])]
    return table(head, [_run(each, writes) for each in found], label=_("Runs that are its training"))


def _run(each: JoinedRun, writes: bool) -> Component:
    run = each.run
    about = {"aria-label": _("{course} is not its training", course=each.course.title)}
    ident = {"type": Ids.PART, "of": str(run.id)}
    end = [button(_("Not its training"), ident, "plain", size="compact-sm", **about)] if writes else None
    return table_row(
        dcc.Link(html.Bdi(each.course.title), href=f"/courses/runs?show={run.id}"),
        html.Bdi(each.phase.name),
        coded("CL-COUNTRY", run.host),
        _("{first} to {last}", first=date(run.starts), last=date(run.ends)),
        _(RUNS.words[RUNS.now(run)]),
        *([html.Td(end)] if end else []),
    )


def asked_now(session: Session, operation: plan.Operation, by: Actor) -> tuple[list[str], list[str], list[str]]:
    """Return the options of the forms: training phases, runs on their days, and courses that can be held."""
    if not phases.may_join(operation, by):
        return [], [], []
    return (
        [str(each.id) for each in phases.training_phases(session, operation.id)],
        [str(each.id) for each in phases.can_join(session, operation)],
        [str(each.id) for each in courses.courses(session) if each.state == CourseState.ACCREDITED],
    )


def forms(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the forms that add a scheduled run or a new one."""
    phases_, free, held = asked_now(session, operation, by)
    if not phases.may_join(operation, by):
        return []
    if not phases_:
        return [html.P(_("This operation has no training phase: schedule one first."), className="m-dim")]
    named = [{"value": str(e.id), "label": e.name} for e in phases.training_phases(session, operation.id)]
    titles = {each.id: each.title for each in courses.courses(session)}
    begun, parts = {"phase_id": phases_[0]}, list[Component]()
    if free:
        choices = [
            {"value": str(run.id), "label": f"{titles[run.course_id]} · {date(run.starts)} · {run.place}"}
            for run in phases.can_join(session, operation)
        ]
        among = {"phase_id": named, "run_id": choices}
        fields = whole_form(JOIN, _("It is its training"), "school", ("phase_id", "run_id"), thing=begun, choices=among)
        parts.append(form_panel(_("Choose a run of a course"), *fields))
    if held:
        choices = [{"value": each, "label": titles[UUID(each)]} for each in held]
        fields = whole_form(
            NEW,
            _("Schedule it as its training"),
            "calendar",
            ("phase_id", "course_id"),
            ("host", "place"),
            ("starts", "ends"),
            ("languages", "capacity"),
            kind="plain",
            thing=begun,
            choices={"phase_id": named, "course_id": choices},
        )
        parts.append(new_row_form(_("Schedule a new run for it"), *fields))
    return parts


# ---------------------------------------------------------------------------------------------------- the people


def people(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the countries in numbers; the own people of a country by name."""
    found = phases.trainees(session, operation.id, by)
    if not found:
        return [html.P(_("Nobody that you may know of is enrolled in its training."), className="m-dim")]
    sites = {each.id: each.name for each in places.sites(session, operation.id)}
    head = [_("Country"), _("Enrolled"), _("Was there"), _("Passed"), _("Posted"), _("Where they serve")]
    counted = table(head, [_country(each, sites) for each in found], label=_("Trained, by country"))
    return [counted, *(_by_name(each.people) for each in found if each.people)]


def _country(each: TraineeCounts, sites: Mapping[UUID, str]) -> Component:
    where = [f"{sites[site]} ({number(count)})" for site, count in sorted(each.at.items()) if site in sites]
    counts = (each.enrolled, each.attended, each.passed, each.posted)
    return table_row(
        coded("CL-COUNTRY", each.country),
        *(html.Td(number(count), className="m-num") for count in counts),
        html.Bdi(joined(sorted(where)) or UNDEFINED),
    )


def _by_name(people_: Mapping[str, Sequence[str]]) -> Component:
    lines = [
        table_row(html.Bdi(name), html.Bdi(joined(at) or _("posted to nothing yet"))) for name, at in people_.items()
    ]
    return table([_("Who passed"), _("Posted to")], lines, label=_("Who passed, by name"))


# ----------------------------------------------------------------------------------------------------- callbacks

_FOLLOWED: dict[str, Any] = {"act": Act.COURSE_READ, "operation": OPERATION}
refresh_loop = follows(looped, Ids.LOOP, **_FOLLOWED)
refresh_runs = follows(runs, Ids.RUNS, **_FOLLOWED)
refresh_people = follows(people, Ids.PEOPLE, **_FOLLOWED)
refresh_forms = follows(forms, Ids.FORMS, unless=asked_now, **_FOLLOWED)
join = calls(
    JOIN,
    phases.join,
    N_("The run is its training: countries enrol their people, and post whoever passes."),
    act=Act.OPERATION_EDIT,
)


@does(NEW, act=Act.OPERATION_EDIT, operation=OPERATION)
def hold(press: Press) -> Done:
    """Schedule a run as a training phase."""
    draft = press.draft(courses.RunDraft)
    phases.hold(press.session, known_id(press.typed.get("phase_id")), draft, press.by)
    return Done(_("The run is scheduled, and is its training."))


part = calls(
    {"type": Ids.PART, "of": ALL}, phases.part, N_("The run is not its training any more."), act=Act.OPERATION_EDIT
)
