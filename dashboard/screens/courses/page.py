"""Courses: what is taught, until when each is accredited, what is to be done with it; each in full with its runs."""

from enum import StrEnum
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.acts import Done, Press, does
from dashboard.frame.life_page import LifePage, Titles, coded, iso, new_one
from dashboard.navigation import Nav
from dashboard.parts import programme_figures
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.drawn import drawing, pair
from dashboard.parts.form import button
from dashboard.parts.grid import number_column, text_column
from dashboard.parts.list_page import HREF
from dashboard.parts.panel import panel
from dashboard.parts.programme_tabs import COURSES as TAB
from dashboard.server.access import known_id
from dashboard.wording import N_, UNDEFINED, _, date, number
from operations.core import rows
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.programme import practice
from operations.training import courses as verbs
from operations.training import figures
from operations.training.rows import COURSES, RUNS, Course

NAV = Nav(name=N_("Courses"), path="/courses", icon="school", order=7, act=Act.COURSE_READ, place=False)
PAGE = LifePage(
    "course", NAV, COURSES, TAB,
    Titles(
        N_("Courses"), N_("Course"), N_("All courses"), N_("No course is designed yet."),
        N_("What officers learn: accredited for four years, tested before and after, certified by two."),
    ),
)  # fmt: skip
STEPS = PAGE.steps
FORM = DraftForm("course", verbs.CourseDraft)
REVISION = DraftForm("course-revision", verbs.RevisionDraft)
ZONE = "UTC"
"""Courses are of no country: their moments are told as they are stored."""


class Ids(StrEnum):
    """The elements of this page."""

    DESIGN = "course-design"
    REVISE = "course-revise"


def layout(show: str = "", **_query: str) -> Component:
    """All of them; with `show`, one in full."""
    return PAGE.layout(show)


def strip(session: Session, by: Actor) -> Component:
    """K57 to K62."""
    return programme_figures.strip(
        [*figures.figures(session, by), practice.behaviour(session), *figures.of_trainers(session, by)]
    )


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
            "id": str(each.id), HREF: PAGE.href(each), "title": each.title,
            "topic": coded("CL-TOPIC", each.topic), "state": PAGE.state(each),
            "until": iso(each.accredited_until), "hours": each.hours,
            "runs": sum(one.course_id == each.id for one in held),
        }
        for each in verbs.courses(session)
    ]  # fmt: skip


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """One of them in full. Raises NotFound."""
    found = rows.one(session, Course, known_id(shown))
    held = [
        html.Li(dcc.Link(html.Bdi(f"{date(each.starts)}, {each.place}: {words}"), href=f"/courses/runs?show={each.id}"))
        for each in verbs.runs(session, found.id)
        for words in [_(RUNS.words[RUNS.now(each)])]
    ]
    facts = [
        (_("State"), PAGE.state(found)),
        (_("Accredited until"), date(found.accredited_until) if found.accredited_until else UNDEFINED),
        (_("Topic"), coded("CL-TOPIC", found.topic)),
        (_("Need"), html.Bdi(found.need)),
        (_("Curriculum"), html.Bdi(found.curriculum)),
        (_("Hours"), number(found.hours)),
        (_("Points to pass"), _("{part} of {whole}", part=number(found.pass_points), whole=number(found.points))),
        (_("Months a certificate is valid"), number(found.months)),
        (_("Runs"), html.Ul(held) if held else _("None yet")),
    ]
    return PAGE.filed(
        found, found.title, facts, verbs.course_offers(found, by), verbs.past(session, found.id), ZONE
    )  # fmt: skip


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


def _form(_session: Session, by: Actor) -> list[Component]:
    if not may(by, Act.COURSE_DESIGN):
        return []
    draw = drawing(FORM)
    send = button(_("Design it"), Ids.DESIGN, "primary", "school")
    fields = [
        pair(draw("title", "topic")), *draw("need", "curriculum"), pair(draw("hours", "months")),
        pair(draw("points", "pass_points")),
    ]  # fmt: skip
    return new_one(_("Design a course"), FORM, *fields, send=send)


# --------------------------------------------------------------------------------------------------- callbacks

PAGE.draws(columns, table, file, forms=forms, seen=revises, figures=strip, new=_form)
take = PAGE.takes(verbs.take_course)


@does(
    Ids.DESIGN, act=Act.COURSE_DESIGN, form=FORM, typed=FORM.inputs(), client=True,
    clears={"title": "", "need": "", "curriculum": ""},
)  # fmt: skip
def design(press: Press) -> Done:
    """Design a course."""
    verbs.design(press.session, FORM.draft(verbs.CourseDraft, press.typed, id=press.client), press.by)
    return Done(_("The course is designed; it waits for its accreditation."))


@does(Ids.REVISE, act=Act.COURSE_DESIGN, form=REVISION, typed=REVISION.inputs(), given=PAGE.here)
def revise(press: Press, shown: str) -> Done:
    """Write a course anew."""
    draft = REVISION.draft(verbs.RevisionDraft, press.typed)
    verbs.revise(press.session, known_id(shown), draft, press.by)
    return Done(_("It is written down."))
