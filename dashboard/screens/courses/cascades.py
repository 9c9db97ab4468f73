"""Cascade runs: announced by a certified trainer, held with attendance, confirmed by the country."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.life_page import LifePage, Titles
from dashboard.frame.verb_buttons import calls
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form_fields import whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.listing import Listing
from dashboard.parts.panel import panel
from dashboard.places import CASCADES
from dashboard.screens.courses.page import ZONE
from dashboard.server.access import known_id
from dashboard.wording import N_, _, coded, date, joined, number
from operations.core import rows
from operations.core.errors import existing
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.training import cascades as verbs
from operations.training.trainer_rows import CASCADE, CascadeRun

NAV = CASCADES
PAGE = LifePage(
    "cascade",
    NAV,
    CASCADE,
    Titles(
        N_("Cascade runs"),
        N_("Cascade run"),
        N_("All cascade runs"),
        N_("No cascade run is announced yet."),
        N_("What certified trainers teach at home: held with its attendance, counted once the country confirms it."),
    ),
    area=True,
    country="run.country",
    day="run.starts",
)
FORM = DraftForm("cascade", verbs.AnnounceDraft)
THERE = DraftForm("cascade-there", verbs.AttendanceDraft)
layout = PAGE.layout


def table(session: Session, _by: Actor) -> Listing[Any]:
    """Return the rows of the list."""
    made = Listing(verbs.cascades(session), lambda held: PAGE.href(held.run), ident="run.id")
    made.text("course", _("Course"), "course.title", flex=2, minWidth=170)
    made.text("trainer", _("Trainer"), "trainer", flex=2, minWidth=150)
    made.code("country", _("Country"), "CL-COUNTRY", "run.country", minWidth=120)
    made.text("place", _("Place"), "run.place", flex=2, minWidth=150)
    made.day("starts", _("First day"), "run.starts")
    made.text("state", _("State"), lambda held: PAGE.state(held.run), minWidth=120)
    made.number("attended", _("Officers there"), "run.attended", width=140)
    return made


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return one cascade run in full. Raises NotFound."""
    cascade, course, name = existing(next(iter(verbs.cascades(session, known_id(shown))), None))
    there = verbs.attendance(session, cascade, by)
    facts = [
        (_("State"), PAGE.state(cascade)),
        (_("Course"), dcc.Link(html.Bdi(course.title), href=f"/courses?show={course.id}")),
        (_("Trainer"), html.Bdi(name)),
        (_("Country"), coded("CL-COUNTRY", cascade.country)),
        (_("Days"), _("{first} to {last}", first=date(cascade.starts), last=date(cascade.ends))),
        (_("Officers there"), number(cascade.attended) if cascade.attended else ""),
        (_("Who was there"), html.Bdi(joined(there)) if there else ""),
        (_("Officers without an account here"), number(cascade.others) if cascade.others else ""),
    ]
    return PAGE.filed(session, by, cascade, cascade.place, facts, ZONE)


def attends(session: Session, by: Actor, shown: str) -> tuple[bool, list[str]]:
    """Return whether this person may record the attendance now, and which people may be recorded."""
    found = rows.one(session, CascadeRun, known_id(shown))
    asked = verbs.may_attend(found, by)
    return asked, [str(each.id) for each in verbs.candidates(session, found)] if asked else []


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the attendance form, for the trainer who taught."""
    if not attends(session, by, shown)[0]:
        return []
    people = verbs.candidates(session, rows.one(session, CascadeRun, known_id(shown)))
    named = [{"value": str(each.id), "label": each.name} for each in people]
    fields = whole_form(THERE, _("It was held"), "list-check", choices={"people": named})
    return [panel(_("Attendance"), *fields, note=_("The country confirms it."))]


def taught(session: Session, by: Actor) -> dict[str, list[dict[str, str]]]:
    """Return the courses that this person teaches."""
    return {
        "trainer_id": [{"value": str(each.id), "label": course.title} for each, course in verbs.teaches(session, by)]
    }


def _form(session: Session, by: Actor) -> list[Component]:
    found = taught(session, by)
    if not found["trainer_id"]:
        return []
    lines = ("trainer_id", "place"), ("starts", "ends")
    return [
        new_row_form(
            _("Announce a cascade run"), *whole_form(FORM, _("Announce it"), "calendar", *lines, choices=found)
        )
    ]


PAGE.draws(table, file, forms=forms, seen=attends, new=_form, offered=taught)
take = PAGE.takes(verbs.take)
announce = calls(
    FORM,
    verbs.announce,
    N_("The cascade run is announced; say who was there when it is over."),
    act=Act.CASCADE_HOLD,
    clears=("place",),
)
hold = calls(
    THERE,
    verbs.hold,
    lambda made: _("Held with {people} officers; the country confirms it.", people=number(made.attended)),
    act=Act.CASCADE_HOLD,
    given=PAGE.here,
)
