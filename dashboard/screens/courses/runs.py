"""Course runs: place and time, participants, attendance, and test scores."""

from enum import StrEnum
from typing import Any

from dash import Output, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, follows
from dashboard.frame.life_page import LifePage, Titles, takes
from dashboard.frame.verb_buttons import calls
from dashboard.parts.choices import post_options
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button
from dashboard.parts.form_fields import whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.listing import Listing
from dashboard.parts.panel import panel
from dashboard.parts.steps import StepIds
from dashboard.parts.table import table as table_of
from dashboard.parts.table import table_row
from dashboard.places import RUNS
from dashboard.screens.courses.page import ZONE, spoken
from dashboard.screens.courses.run_book import workbook
from dashboard.server.access import known_id
from dashboard.wording import N_, _, coded, date, number
from operations.core import rows
from operations.core.clock import today
from operations.core.errors import RuleBroken
from operations.core.field_labels import Label
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.posts import register
from operations.training import certificates, courses, enrolments
from operations.training.enrolment_rows import ENROLMENTS, RUN
from operations.training.enrolments import Trainee
from operations.training.rows import Course, CourseRun, CourseState, RunState

NAV = RUNS
PAGE = LifePage(
    "course-run",
    NAV,
    RUN,
    Titles(
        N_("Runs of courses"),
        N_("Run of a course"),
        N_("All runs"),
        N_("No run is scheduled yet."),
        N_("Countries enrol their own people; who was there and passed the test can be certified."),
    ),
    area=True,
    country="host",
    day="starts",
)
STEPS, EACH = PAGE.steps, StepIds("enrolment")
FORM = DraftForm("course-run", courses.RunDraft)
ENROL = DraftForm("course-enrol", enrolments.EnrolDraft)
POINTS = DraftForm("course-points", enrolments.PointsDraft, first=("of",), beside={"of": Label(N_("Who"), draws="one")})


class Ids(StrEnum):
    """Element ids of this page."""

    DRAW = "course-draw"


layout = PAGE.layout


def table(session: Session, _by: Actor) -> Listing[Any]:
    """Return the rows of the list."""
    found = courses.runs(session)
    of, taken = (
        {each.id: each.title for each in courses.courses(session)},
        enrolments.taken(session, [each.id for each in found]),
    )
    made = Listing(found, PAGE.href)
    made.text("course", _("Course"), lambda each: of[each.course_id], flex=3, minWidth=190)
    made.field(FORM, "place", flex=2, minWidth=170)
    made.code("host", _("Country"), "CL-COUNTRY", minWidth=120)
    made.field(FORM, "starts")
    made.field(FORM, "ends")
    made.text("languages", _("Languages"), lambda each: spoken(each.languages), minWidth=130)
    made.text("state", _("State"), PAGE.state, minWidth=130)
    made.number("taken", _("Seats taken"), lambda each: taken.get(each.id, 0), width=120)
    made.number("seats", _("Seats"), "capacity", width=90)
    return made


# ---------------------------------------------------------------------------------------------------- one of them


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return one run in full. Raises NotFound."""
    found = rows.one(session, CourseRun, known_id(shown))
    course, taken = rows.one(session, Course, found.course_id), enrolments.taken(session, [found.id])
    facts = [
        (_("State"), PAGE.state(found)),
        (_("Course"), dcc.Link(html.Bdi(course.title), href=f"/courses?show={course.id}")),
        (_("Country"), coded("CL-COUNTRY", found.host)),
        (_("Days"), _("{first} to {last}", first=date(found.starts), last=date(found.ends))),
        (_("Languages"), spoken(found.languages)),
        (_("Seats taken"), _("{part} of {whole}", part=number(taken.get(found.id, 0)), whole=number(found.capacity))),
        (_("Points to pass"), _("{part} of {whole}", part=number(course.pass_points), whole=number(course.points))),
    ]
    return PAGE.filed(session, by, found, found.place, facts, ZONE, panels=_people(session, by, found))


def _people(session: Session, by: Actor, run: CourseRun) -> list[Component]:
    """Return the participants that this person may know, each with its possible actions."""
    if not may(by, Act.ENROLMENT_READ):
        return []
    found = enrolments.trainees(session, run.id)
    if not found:
        return [panel(_("Who takes part"), html.P(_("Nobody that you may see is enrolled."), className="m-dim"))]
    posts = register.names(session, [each.enrolment.post_id for each in found if each.enrolment.post_id])
    head = [_("Name"), _("Country"), _("Post"), _("State"), _("Points before"), _("Points after"), ""]
    lines = [_person(each, posts, run, by) for each in found]
    ahead = _("The run begins on {day}. Record the attendance from that day.", day=date(run.starts))
    note = ahead if today() < run.starts else None
    return [panel(_("Who takes part"), table_of(head, lines, label=_("Who takes part")), note=note, flush=True)]


def _person(each: Trainee, posts: Any, run: CourseRun, by: Actor) -> Component:
    found = each.enrolment
    offers = [one for one in enrolments.offers(found, run, by) if not one.obstacles]
    points = ["" if one is None else number(one) for one in (found.before, found.after)]
    return table_row(
        html.Bdi(each.name),
        coded("CL-COUNTRY", found.country),
        html.Bdi(posts.get(found.post_id, "")),
        _(ENROLMENTS.words[ENROLMENTS.now(found)]),
        *(html.Td(one, className="m-num") for one in points),
        html.Td(EACH.drawn(found.id, offers, size="compact-sm")),
    )


def asked_now(session: Session, by: Actor, shown: str) -> tuple[list[str], list[str], int]:
    """Return whom this person can enrol, whose scores they can enter, and how many certificates can be drafted."""
    run = rows.one(session, CourseRun, known_id(shown))
    people = enrolments.candidates(session, run.id, by) if run.state == RunState.SCHEDULED else []
    tested = [str(each.enrolment.id) for each in _tested(session, run, by)]
    passed = len(certificates.uncertified(session, run.id)) if may(by, Act.CERTIFICATE_DRAW) else 0
    return [str(each.id) for each in people], tested, passed


def _tested(session: Session, run: CourseRun, by: Actor) -> list[Trainee]:
    return [each for each in enrolments.trainees(session, run.id) if enrolments.may_test(each.enrolment, by)]


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the forms for enrolments and test scores, and the button that drafts certificates."""
    run = rows.one(session, CourseRun, known_id(shown))
    going, tested, passed = asked_now(session, by, shown)
    parts: list[Component] = []
    if going:
        people = [{"value": str(each.id), "label": each.name} for each in enrolments.candidates(session, run.id, by)]
        among = {"people": people, "post_id": post_options(register.posts(session))}
        fields = whole_form(ENROL, _("Enrol"), "user-plus", choices=among)
        parts.append(panel(_("Enrol people of your country"), *fields))
    if tested:
        people = [{"value": str(each.enrolment.id), "label": each.name} for each in _tested(session, run, by)]
        among = {"of": people}
        fields = whole_form(POINTS, _("Enter the points"), "list-check", "of", ("before", "after"), choices=among)
        note = _("The points after the course say who passed. What stands already is corrected by entering it anew.")
        parts.append(panel(_("Tests"), *fields, note=note))
    if passed:
        words = _("Draw up certificates: {count}", count=number(passed))
        send = html.Div(button(words, Ids.DRAW, "plain", "certificate"))
        parts.append(panel(_("Certificates"), send, note=_("Another coordinator issues them.")))
    return parts


def course_choices(session: Session, _by: Actor) -> list[dict[str, str]]:
    """Return the courses that can be held, as options."""
    held = [each for each in courses.courses(session) if each.state == CourseState.ACCREDITED]
    return [{"value": str(each.id), "label": each.title} for each in held]


def _form(session: Session, by: Actor) -> list[Component]:
    if not may(by, Act.COURSE_RUN):
        return []
    fields = whole_form(
        FORM,
        _("Schedule it"),
        "calendar",
        "course_id",
        ("host", "place"),
        ("starts", "ends"),
        ("languages", "capacity"),
        choices={"course_id": course_choices(session, by)},
    )
    return [new_row_form(_("Schedule a run"), *fields)]


# --------------------------------------------------------------------------------------------------- callbacks

PAGE.draws(table, file, forms=forms, between=workbook, seen=asked_now, new=_form, wide=True)
take = PAGE.takes(courses.take_run)
refresh_courses = follows(course_choices, Output(FORM.id("course_id"), "data"), act=Act.COURSE_RUN)
schedule = calls(
    FORM,
    courses.schedule,
    N_("The run is scheduled; countries can enrol their people."),
    act=Act.COURSE_RUN,
    clears=("place",),
)
mark = takes(EACH, ENROLMENTS, enrolments.take, Act.ENROLMENT_READ)
"""Record an attendance, or cancel an enrolment."""
enrol = calls(
    ENROL,
    enrolments.enrol,
    lambda made: _("Enrolled: {people}.", people=number(len(made))),
    act=Act.ENROLMENT_MAKE,
    given=PAGE.here,
    clears=("people", "post_id"),
)


@does(POINTS, act=Act.ENROLMENT_MARK, clears=("of", "before", "after"))
def enter(press: Press) -> Done:
    """Enter the test scores of a participant."""
    typed = dict(press.typed)
    of = typed.pop("of", None)
    if not of:
        raise RuleBroken("of", "Choose whose points these are.")
    draft = POINTS.draft(enrolments.PointsDraft, typed)
    made = enrolments.mark(press.session, known_id(of), draft, press.by)
    return Done(_("It is now: {state}.", state=_(ENROLMENTS.words[ENROLMENTS.now(made)])))


draw_up = calls(
    Ids.DRAW,
    certificates.draw_up_all,
    lambda made: _("Drawn up: {count}. Another coordinator issues them.", count=number(len(made))),
    act=Act.CERTIFICATE_DRAW,
    given=PAGE.here,
)
