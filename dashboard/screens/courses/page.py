"""Courses: what is taught, until when each is accredited, what is to be done with it; each in full with its runs."""

from collections.abc import Iterable, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.acts import Done, Press, does
from dashboard.frame.life_page import LifePage, Titles, iso, new_one, takes
from dashboard.navigation import Nav
from dashboard.parts import programme_figures
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.drawn import drawing, pair
from dashboard.parts.form import button, client_id
from dashboard.parts.grid import number_column, text_column
from dashboard.parts.list_page import HREF
from dashboard.parts.panel import panel
from dashboard.parts.programme_tabs import COURSES as TAB
from dashboard.parts.programme_tabs import country_choices
from dashboard.parts.steps import StepIds
from dashboard.parts.table import table as table_of
from dashboard.parts.table import table_row
from dashboard.server.access import known_id
from dashboard.wording import N_, UNDEFINED, _, coded, date, number
from operations.core import rows
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.exchange import directory
from operations.programme import practice
from operations.training import courses as verbs
from operations.training import curricula, figures
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
SHARE = DraftForm("curriculum", curricula.ShareDraft)
SHARED = StepIds("curriculum")
REVISION = DraftForm("course-revision", verbs.RevisionDraft)
ZONE = "UTC"
"""Courses are of no country: their moments are told as they are stored."""


layout = PAGE.layout


def strip(session: Session, by: Actor) -> Component:
    """K57 to K62."""
    learnt, practised = figures.figures(session, by), practice.behaviour(session)
    taught = [*figures.of_trainers(session, by), curricula.adopted(session, directory.countries(session), by)]
    return programme_figures.strip([*learnt, practised, *taught])


def columns() -> list[dict[str, Any]]:
    """What the list says of each."""
    return [
        text_column("title", _("Title"), flex=3, minWidth=200),
        text_column("topic", _("Topic"), flex=2, minWidth=150),
        text_column("languages", _("Languages"), minWidth=130),
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
            "topic": coded("CL-TOPIC", each.topic), "languages": spoken(each.languages), "state": PAGE.state(each),
            "until": iso(each.accredited_until), "hours": each.hours,
            "runs": sum(one.course_id == each.id for one in held),
        }
        for each in verbs.courses(session)
    ]  # fmt: skip


def spoken(languages: Iterable[str]) -> str:
    """Languages in words."""
    return ", ".join(coded("CL-LANGUAGE", each) for each in languages)


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
        (_("Languages it can be held in"), spoken(found.languages)),
        (_("Hours"), number(found.hours)),
        (_("Points to pass"), _("{part} of {whole}", part=number(found.pass_points), whole=number(found.points))),
        (_("Months a certificate is valid"), number(found.months)),
        (_("Runs"), html.Ul(held) if held else _("None yet")),
    ]
    offers, past = verbs.course_offers(found, by), verbs.past(session, found.id)
    whole = PAGE.filed(found, found.title, facts, offers, past, ZONE)
    return [*whole[:-1], *_academies(curricula.shared(session, found.id, by)), whole[-1]]


def _academies(found: Sequence[curricula.Shared]) -> list[Component]:
    """With which academies it is shared, each with what can be said of it."""
    if not found:
        return []
    lines = [
        table_row(
            html.Bdi(each.academy),
            coded("CL-COUNTRY", each.country),
            _(curricula.LIFE.words[curricula.LIFE.now(each)]),
            html.Td(SHARED.drawn(each.id, offers, size="compact-sm")),
        )
        for each, offers in found
    ]
    head = [_("Academy or school"), _("Country"), _("State"), ""]
    title = _("Shared with academies")
    return [panel(title, table_of(head, lines, label=title), flush=True)]


def revises(session: Session, by: Actor, shown: str) -> tuple[bool, bool]:
    """Whether this person may write it anew now, and share it."""
    found = rows.one(session, Course, known_id(shown))
    return verbs.may_revise(found, by), curricula.may_share(found, by)


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """The form in which it is written anew, and that in which it is shared with an academy."""
    anew, shares = revises(session, by, shown)
    parts: list[Component] = []
    if anew:
        draw = drawing(REVISION, rows.one(session, Course, known_id(shown)))
        send = html.Div(button(_("Write it down"), REVISION.send, "primary", "notebook"))
        parts.append(panel(_("Write it anew"), *draw(), send, note=_("Its test stays, so that results compare.")))
    if shares:
        own = by.country if by.national else None
        draw = drawing(SHARE, {"country": own}, choices={"country": country_choices(by)})
        send = html.Div(button(_("Share it"), SHARE.send, "plain", "share"))
        title = _("Share the curriculum with an academy")
        parts.append(panel(title, client_id(SHARE), pair(draw("country", "academy")), send))
    return parts


def _form(_session: Session, by: Actor) -> list[Component]:
    if not may(by, Act.COURSE_DESIGN):
        return []
    draw = drawing(FORM)
    send = button(_("Design it"), FORM.send, "primary", "school")
    fields = [
        pair(draw("title", "topic")), *draw("need", "curriculum"), pair(draw("languages", "hours")),
        pair(draw("points", "pass_points")), *draw("months"),
    ]  # fmt: skip
    return new_one(_("Design a course"), FORM, *fields, send=send)


# --------------------------------------------------------------------------------------------------- callbacks

PAGE.draws(columns, table, file, forms=forms, seen=revises, figures=strip, new=_form)
take = PAGE.takes(verbs.take_course)


@does(FORM, act=Act.COURSE_DESIGN, clears={"title": "", "need": "", "curriculum": ""})
def design(press: Press) -> Done:
    """Design a course."""
    verbs.design(press.session, press.draft(verbs.CourseDraft), press.by)
    return Done(_("The course is designed; it waits for its accreditation."))


@does(REVISION, act=Act.COURSE_DESIGN, given=PAGE.here)
def revise(press: Press, shown: str) -> Done:
    """Write a course anew."""
    draft = press.draft(verbs.RevisionDraft)
    verbs.revise(press.session, known_id(shown), draft, press.by)
    return Done(_("It is written down."))


@does(SHARE, act=Act.CURRICULUM_SHARE, given=PAGE.here, clears={"academy": ""})
def share(press: Press, shown: str) -> Done:
    """Share the curriculum with an academy."""
    draft = press.draft(curricula.ShareDraft)
    curricula.offer(press.session, known_id(shown), draft, press.by)
    return Done(_("It is shared; its country says whether it is taught there."))


say = takes(SHARED, curricula.LIFE, curricula.take, Act.CURRICULUM_ADOPT)
"""Say whether it is taught there."""
