"""Trainers: nominated by their country, certified by a second person, active as long as they teach at home."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import follows_choices
from dashboard.frame.life_page import LifePage, Titles
from dashboard.frame.shell import page_link
from dashboard.frame.verb_buttons import calls
from dashboard.parts import programme_figures
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form_fields import whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.listing import Listing
from dashboard.places import CASCADES, TRAINERS
from dashboard.screens.courses.page import ZONE
from dashboard.server.access import known_id
from dashboard.wording import N_, UNDEFINED, _, coded, date
from operations.core.errors import existing
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.training import courses, figures
from operations.training import trainers as verbs
from operations.training.rows import CourseState
from operations.training.trainer_rows import TRAINER

NAV = TRAINERS
PAGE = LifePage(
    "trainer",
    NAV,
    TRAINER,
    Titles(
        N_("Trainers"),
        N_("Trainer"),
        N_("All trainers"),
        N_("No trainer is nominated yet."),
        N_("Officers who teach a course at home: certified by two, active with a cascade run in the last year."),
    ),
    area=True,
    day="trainer.expires_on",
)
FORM = DraftForm("trainer", verbs.NominationDraft)
layout = PAGE.layout


def strip(session: Session, by: Actor) -> Component:
    """Return the tiles of K60 and K61."""
    return programme_figures.strip(figures.of_trainers(session, by))


def table(session: Session, _by: Actor) -> Listing[Any]:
    """Return the rows of the list."""
    made = Listing(verbs.trainers(session), lambda known: PAGE.href(known.trainer), ident="trainer.id")
    made.text("name", _("Name"), "name", flex=2, minWidth=160)
    made.code("country", _("Country"), "CL-COUNTRY", "trainer.country", minWidth=120)
    made.text("course", _("Course"), "course.title", flex=2, minWidth=170)
    made.text("state", _("State"), lambda known: PAGE.state(known.trainer), minWidth=130)
    made.day("until", _("Valid until"), "trainer.expires_on", width=130)
    made.day("taught", _("Taught last on"), "trainer.taught_on", width=140)
    return made


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return one trainer in full. Raises NotFound."""
    found, course, name = existing(next(iter(verbs.trainers(session, known_id(shown))), None))
    facts = [
        (_("State"), PAGE.state(found)),
        (_("Country"), coded("CL-COUNTRY", found.country)),
        (_("Course"), dcc.Link(html.Bdi(course.title), href=f"/courses?show={course.id}")),
        (_("Certified by"), html.Bdi(found.certified_name) if found.certified_name else ""),
        (_("Certified on"), date(found.certified_on) if found.certified_on else UNDEFINED),
        (_("Valid until"), date(found.expires_on) if found.expires_on else UNDEFINED),
        (_("Taught last on"), date(found.taught_on) if found.taught_on else UNDEFINED),
    ]
    return PAGE.filed(session, by, found, name, facts, ZONE)


def choices(session: Session, by: Actor) -> dict[str, list[dict[str, str]]]:
    """Return the officers that the country can nominate, and the courses to nominate them for."""
    held = [each for each in courses.courses(session) if each.state == CourseState.ACCREDITED]
    return {
        "account_id": [{"value": str(each.id), "label": each.name} for each in verbs.candidates(session, by)],
        "course_id": [{"value": str(each.id), "label": each.title} for each in held],
    }


def _form(session: Session, by: Actor) -> list[Component]:
    if not may(by, Act.TRAINER_NOMINATE):
        return []
    fields = whole_form(FORM, _("Nominate"), "user-plus", ("account_id", "course_id"), choices=choices(session, by))
    return [new_row_form(_("Nominate a trainer"), *fields)]


PAGE.draws(table, file, figures=strip, new=_form, actions=lambda _session, by: page_link(CASCADES, by))
take = PAGE.takes(verbs.take)
refresh_choices = follows_choices(FORM, choices, "account_id", "course_id", act=Act.TRAINER_NOMINATE)
nominate = calls(
    FORM,
    verbs.nominate,
    N_("The trainer is nominated; the coordination says whether the officer attends."),
    act=Act.TRAINER_NOMINATE,
    clears=("account_id",),
)
