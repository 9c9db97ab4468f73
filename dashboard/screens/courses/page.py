"""Courses: what is taught, until when each is accredited, what is to be done with it; each in full with its runs."""

from enum import StrEnum
from typing import Any

from dash import Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.acts import Done, Press, does, followed, follows
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts import programme_figures
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.drawn import drawing, pair
from dashboard.parts.file_page import Past, file_page
from dashboard.parts.form import button, client_id
from dashboard.parts.grid import number_column, text_column
from dashboard.parts.list_page import HREF, folded, listed, opens
from dashboard.parts.panel import panel
from dashboard.parts.programme_tabs import COURSES as TAB
from dashboard.parts.programme_tabs import programme_tabs
from dashboard.parts.steps import StepIds
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import N_, UNDEFINED, _, date, language, number
from operations.core import rows, vocabulary
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.training import courses as verbs
from operations.training import figures
from operations.training.rows import COURSES, RUNS, Course, CourseState

NAV = Nav(name=N_("Courses"), path="/courses", icon="school", order=7, act=Act.COURSE_READ, place=False)
FORM = DraftForm("course", verbs.CourseDraft)
REVISION = DraftForm("course-revision", verbs.RevisionDraft)
STEPS = StepIds("course")
ZONE = "UTC"
"""Courses are of no country: their moments are told as they are stored."""


class Ids(StrEnum):
    """The elements of this page."""

    FIGURES = "course-figures"
    LIST = "course-list"
    SHOWN = "course-shown"
    FILE = "course-file"
    FORMS = "course-forms"
    DESIGN = "course-design"
    REVISE = "course-revise"


opens(Ids.LIST)


def layout(show: str = "", **_query: str) -> Component:
    """All of them; with `show`, one in full."""
    by = actor()
    with reading() as session:
        if show:
            shown = dcc.Store(id=Ids.SHOWN, data=str(known_id(show)))
            full = followed(Ids.FILE, file(session, by, show), className="m-stack")
            seen = revises(session, by, show)
            typed = followed(Ids.FORMS, forms(session, by, show), seen=seen, className="m-stack")
            back = dcc.Link(_("All courses"), href=NAV.href(), className="file-way")
            return page(_("Course"), shown, full, typed, actions=[back])
        tiles, found = strip(session, by), table(session, by)
    return page(
        _("Courses"),
        programme_tabs(by, TAB),
        followed(Ids.FIGURES, tiles),
        *_form(by),
        listed(Ids.LIST, columns(), found, _("No course is designed yet.")),
        lead=_("What officers learn: accredited for four years, tested before and after, certified by two."),
        wide=True,
    )


def strip(session: Session, by: Actor) -> Component:
    """K57 and K58."""
    return programme_figures.strip(figures.figures(session, by))


def columns() -> list[dict[str, Any]]:
    """What the list says of each."""
    return [
        text_column("title", _("Title"), flex=3, minWidth=200),
        text_column("topic", _("Topic"), flex=2, minWidth=150),
        text_column("state", _("State"), minWidth=130),
        text_column("until", _("Accredited until"), flex=0, width=150, cellDataType="text"),
        number_column("hours", _("Hours"), width=100),
        number_column("runs", _("Runs"), width=100),
    ]


def table(session: Session, _by: Actor) -> list[dict[str, Any]]:
    """The rows of the list."""
    held = verbs.runs(session)
    return [
        {
            "id": str(each.id), HREF: f"{NAV.href()}?show={each.id}", "title": each.title,
            "topic": vocabulary.label("CL-TOPIC", each.topic, language()), "state": state_words(each),
            "until": each.accredited_until.isoformat() if each.accredited_until else UNDEFINED, "hours": each.hours,
            "runs": sum(one.course_id == each.id for one in held),
        }
        for each in verbs.courses(session)
    ]  # fmt: skip


def state_words(each: Course) -> str:
    """How far it is."""
    return _(COURSES.words[COURSES.now(each)])


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """One of them in full. Raises NotFound."""
    found = rows.one(session, Course, known_id(shown))
    held = [
        html.Li(dcc.Link(html.Bdi(f"{date(each.starts)}, {each.place}: {words}"), href=f"/courses/runs?show={each.id}"))
        for each in verbs.runs(session, found.id)
        for words in [_(RUNS.words[RUNS.now(each)])]
    ]
    facts = [
        (_("State"), state_words(found)),
        (_("Accredited until"), date(found.accredited_until) if found.accredited_until else UNDEFINED),
        (_("Topic"), vocabulary.label("CL-TOPIC", found.topic, language())),
        (_("Need"), html.Bdi(found.need)),
        (_("Curriculum"), html.Bdi(found.curriculum)),
        (_("Hours"), number(found.hours)),
        (_("Points to pass"), _("{part} of {whole}", part=number(found.pass_points), whole=number(found.points))),
        (_("Months a certificate is valid"), number(found.months)),
        (_("Runs"), html.Ul(held) if held else _("None yet")),
    ]
    past = [
        Past(each.made_at, _(COURSES.words[CourseState(each.state)]), each.author_name, each.words)
        for each in verbs.past(session, found.id)
    ]
    return file_page(found.title, facts, STEPS.drawn(found.id, verbs.course_offers(found, by)), past, ZONE)


def revises(session: Session, by: Actor, shown: str) -> bool:
    """Whether this person may write it anew now."""
    return verbs.may_revise(rows.one(session, Course, known_id(shown)), by)


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """The form in which it is written anew."""
    if not revises(session, by, shown):
        return []
    draw = drawing(REVISION, rows.one(session, Course, known_id(shown)))
    send = button(_("Write it down"), Ids.REVISE, "primary", "notebook")
    return [panel(_("Write it anew"), *draw(), html.Div(send), note=_("Its test stays, so that results compare."))]


def _form(by: Actor) -> list[Component]:
    if not may(by, Act.COURSE_DESIGN):
        return []
    draw = drawing(FORM)
    send = button(_("Design it"), Ids.DESIGN, "primary", "school")
    fields = [
        pair(draw("title", "topic")), *draw("need", "curriculum"), pair(draw("hours", "months")),
        pair(draw("points", "pass_points")),
    ]  # fmt: skip
    return [folded(_("Design a course"), client_id(FORM), *fields, html.Div(send))]


# --------------------------------------------------------------------------------------------------- callbacks

_HERE = {"shown": State(Ids.SHOWN, "data")}
refresh_figures = follows(strip, Ids.FIGURES, act=Act.COURSE_READ)
refresh_list = follows(table, Output(Ids.LIST, "rowData"), act=Act.COURSE_READ)
refresh_file = follows(file, Ids.FILE, act=Act.COURSE_READ, **_HERE)
refresh_forms = follows(forms, Ids.FORMS, act=Act.COURSE_READ, unless=revises, **_HERE)


@does(
    Ids.DESIGN, act=Act.COURSE_DESIGN, form=FORM, typed=FORM.inputs(), client=True,
    clears={"title": "", "need": "", "curriculum": ""},
)  # fmt: skip
def design(press: Press) -> Done:
    """Design a course."""
    verbs.design(press.session, FORM.draft(verbs.CourseDraft, press.typed, id=press.client), press.by)
    return Done(_("The course is designed; it waits for its accreditation."))


@does(STEPS.buttons, act=Act.COURSE_READ, beside=STEPS.beside)
def take(press: Press) -> Done:
    """Take a course a step further, with the words beside the button."""
    to = CourseState(press.subject["to"])
    verbs.take_course(press.session, known_id(press.subject["of"]), to, press.by, press.words)
    return Done(_("It is now: {state}.", state=_(COURSES.words[to])))


@does(Ids.REVISE, act=Act.COURSE_DESIGN, form=REVISION, typed=REVISION.inputs(), given=_HERE)
def revise(press: Press, shown: str) -> Done:
    """Write a course anew."""
    draft = REVISION.draft(verbs.RevisionDraft, press.typed)
    verbs.revise(press.session, known_id(shown), draft, press.by)
    return Done(_("It is written down."))
