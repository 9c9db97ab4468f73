"""Courses: the curriculum, the end of each accreditation, and pending actions; each in full with its runs."""

from collections.abc import Iterable, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.life_page import LifePage, Titles, takes
from dashboard.frame.verb_buttons import calls
from dashboard.parts import programme_figures
from dashboard.parts.choices import country_choices
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form_fields import whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.listing import Listing
from dashboard.parts.panel import panel
from dashboard.parts.steps import StepIds
from dashboard.parts.table import table as table_of
from dashboard.parts.table import table_row
from dashboard.places import COURSES
from dashboard.server.access import known_id
from dashboard.wording import N_, UNDEFINED, _, coded, date, joined, number
from operations.core import rows
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.exchange import directory
from operations.programme import practice_change
from operations.training import courses as verbs
from operations.training import curricula, figures
from operations.training.rows import COURSE, RUNS, Course

NAV = COURSES
PAGE = LifePage(
    "course",
    NAV,
    COURSE,
    Titles(
        N_("Courses"),
        N_("Course"),
        N_("All courses"),
        N_("No course is designed yet."),
        N_("What officers learn: accredited for four years, tested before and after, certified by two."),
    ),
)
STEPS = PAGE.steps
FORM = DraftForm("course", verbs.CourseDraft)
SHARE = DraftForm("curriculum", curricula.CurriculumShareDraft)
SHARED = StepIds("curriculum")
REVISION = DraftForm("course-revision", verbs.RevisionDraft)
ZONE = "UTC"
"""Courses belong to no country: their times are shown in UTC, as they are stored."""


layout = PAGE.layout


def strip(session: Session, by: Actor) -> Component:
    """Return the tiles of K57 to K62."""
    learnt, practised = figures.figures(session, by), practice_change.behaviour(session)
    taught = [*figures.of_trainers(session, by), curricula.adopted(session, directory.countries(session), by)]
    return programme_figures.strip([*learnt, practised, *taught])


def table(session: Session, _by: Actor) -> Listing[Any]:
    """Return the rows of the list."""
    held = verbs.runs(session)
    made = Listing(verbs.courses(session), PAGE.href)
    made.field(FORM, "title", flex=3, minWidth=200)
    made.field(FORM, "topic", flex=2, minWidth=150)
    made.text("languages", _("Languages"), lambda each: spoken(each.languages), minWidth=130)
    made.text("state", _("State"), PAGE.state, minWidth=130)
    made.day("until", _("Accredited until"), "accredited_until", width=150)
    made.field(FORM, "hours", width=100)
    made.number("runs", _("Runs"), lambda each: sum(one.course_id == each.id for one in held), width=100)
    return made


def spoken(languages: Iterable[str]) -> str:
    """Return the names of languages, joined."""
    return joined(coded("CL-LANGUAGE", each) for each in languages)


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return one course in full. Raises NotFound."""
    course = rows.one(session, Course, known_id(shown))
    held = [
        html.Li(dcc.Link(html.Bdi(f"{date(run.starts)}, {run.place}: {words}"), href=f"/courses/runs?show={run.id}"))
        for run in verbs.runs(session, course.id)
        for words in [_(RUNS.words[RUNS.now(run)])]
    ]
    facts = [
        (_("State"), PAGE.state(course)),
        (_("Accredited until"), date(course.accredited_until) if course.accredited_until else UNDEFINED),
        *FORM.facts(course, "topic", "need", "curriculum"),
        (_("Languages it can be held in"), spoken(course.languages)),
        *FORM.facts(course, "hours"),
        (_("Points to pass"), _("{part} of {whole}", part=number(course.pass_points), whole=number(course.points))),
        *FORM.facts(course, "months"),
        (_("Runs"), html.Ul(held) if held else _("None yet")),
    ]
    academies = _academies(curricula.shared(session, course.id, by))
    return PAGE.filed(session, by, course, course.title, facts, ZONE, panels=academies)


def _academies(found: Sequence[curricula.Shared]) -> list[Component]:
    """Return the academies that a course is shared with, each with its possible answers."""
    if not found:
        return []
    lines = [
        table_row(
            html.Bdi(shared.academy),
            coded("CL-COUNTRY", shared.country),
            _(curricula.LIFE.words[curricula.LIFE.now(shared)]),
            html.Td(SHARED.drawn(shared.id, offers, size="compact-sm")),
        )
        for shared, offers in found
    ]
    head = [_("Academy or school"), _("Country"), _("State"), ""]
    title = _("Shared with academies")
    return [panel(title, table_of(head, lines, label=title), flush=True)]


def revises(session: Session, by: Actor, shown: str) -> tuple[bool, bool]:
    """Return whether this person may revise the course now, and whether they may share it."""
    found = rows.one(session, Course, known_id(shown))
    return verbs.may_revise(found, by), curricula.may_share(found, by)


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the revision form, and the form that shares the course with an academy."""
    anew, shares = revises(session, by, shown)
    parts: list[Component] = []
    if anew:
        course = rows.one(session, Course, known_id(shown))
        fields = whole_form(REVISION, _("Write it down"), "notebook", thing=course)
        parts.append(panel(_("Write it anew"), *fields, note=_("Its test stays, so that results compare.")))
    if shares:
        own, among = {"country": by.country if by.national else None}, {"country": country_choices(by)}
        fields = whole_form(
            SHARE, _("Share it"), "share", ("country", "academy"), kind="plain", thing=own, choices=among
        )
        parts.append(panel(_("Share the curriculum with an academy"), *fields))
    return parts


def _form(_session: Session, by: Actor) -> list[Component]:
    if not may(by, Act.COURSE_DESIGN):
        return []
    lines = ("title", "topic"), "need", "curriculum", ("languages", "hours"), ("points", "pass_points"), "months"
    return [new_row_form(_("Design a course"), *whole_form(FORM, _("Design it"), "school", *lines))]


# --------------------------------------------------------------------------------------------------- callbacks

PAGE.draws(table, file, forms=forms, seen=revises, figures=strip, new=_form)
take = PAGE.takes(verbs.take_course)
design = calls(
    FORM,
    verbs.design,
    N_("The course is designed; it waits for its accreditation."),
    act=Act.COURSE_DESIGN,
    clears=("title", "need", "curriculum"),
)
revise = calls(REVISION, verbs.revise, N_("It is written down."), act=Act.COURSE_DESIGN, given=PAGE.here)
share = calls(
    SHARE,
    curricula.offer,
    N_("It is shared; its country says whether it is taught there."),
    act=Act.CURRICULUM_SHARE,
    given=PAGE.here,
    clears=("academy",),
)
say = takes(SHARED, curricula.LIFE, curricula.take, Act.CURRICULUM_ADOPT)
"""Answer whether the academy teaches it."""
