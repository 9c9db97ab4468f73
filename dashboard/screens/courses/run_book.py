"""The workbook of a run of a course: who takes part, who was there, and the points of the tests."""

from collections import Counter
from dataclasses import replace

from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.book_rows import BookContent, DraftSheet, RowOutcome
from dashboard.frame.draft_book import DraftBook
from dashboard.parts.book.draft_rows import DraftRow, KnownRow
from dashboard.parts.draft_form import DraftForm
from dashboard.server.access import known_id
from dashboard.wording import N_, _, coded
from operations.core import rows
from operations.core.errors import NotFound, RuleBroken
from operations.core.field_labels import Label
from operations.core.people import Account, Actor
from operations.core.permissions import Act, may
from operations.posts import register
from operations.training import enrolments
from operations.training.enrolment_rows import WAS_THERE, Enrolment, EnrolmentState
from operations.training.rows import Course, CourseRun, RunState

_THERE = {"attended": N_("Was there"), "absent": N_("Was not there")}
WHO = DraftForm(
    "run-book-who",
    enrolments.EnrolDraft,
    first=("who",),
    beside={"who": Label(N_("Who"), draws="one", needed=N_("Choose at least one person."))},
    stands={"people": "who"},
)
MARKS = DraftForm(
    "run-book-marks",
    enrolments.PointsDraft,
    first=("there",),
    beside={"there": Label(N_("Attendance"), choices=_THERE)},
)


def _content(session: Session, of: str, by: Actor) -> BookContent:
    run = rows.one(session, CourseRun, known_id(of))
    course = rows.one(session, Course, run.course_id)
    sheets: dict[str, list[KnownRow]] = {}
    if run.state == RunState.SCHEDULED and may(by, Act.ENROLMENT_MAKE):
        sheets["who"] = []
    if may(by, Act.ENROLMENT_MARK):
        sheets["marks"] = [
            KnownRow(each.enrolment.id, _told(each), _marks(each.enrolment))
            for each in enrolments.trainees(session, run.id)
            if each.enrolment.state != EnrolmentState.WITHDRAWN
        ]
    if not sheets:
        raise NotFound
    people = _named(enrolments.people_of(session, by.country)) if "who" in sheets else []
    posts = [{"value": str(each.id), "label": each.name} for each in register.posts(session)]
    options = {"who": {"who": people, "post_id": posts}}
    title = _("{course}: {place}", course=course.title, place=run.place)
    return BookContent(title, sheets, options, {"country": run.host})


def _named(people: list[Account]) -> list[dict[str, str]]:
    """Return people as options; those of one name with their user names."""
    times = Counter(each.name for each in people)
    words = {each.id: each.name if times[each.name] == 1 else f"{each.name} ({each.username})" for each in people}
    return [{"value": str(ident), "label": label} for ident, label in words.items()]


def _told(each: enrolments.Trainee) -> dict[str, str]:
    return {"name": each.name, "country": coded("CL-COUNTRY", each.enrolment.country)}


def _marks(found: Enrolment) -> dict[str, object]:
    there = "attended" if found.state in WAS_THERE else "absent" if found.state == EnrolmentState.ABSENT else None
    return {"there": there, "before": found.before, "after": found.after}


def _enrol(session: Session, of: str, row: DraftRow, by: Actor) -> RowOutcome:
    who = row.typed["who"]
    run = known_id(of)
    going = {each.enrolment.account_id for each in enrolments.trainees(session, run) if _goes(each)}
    if who and known_id(who) in going:
        return RowOutcome.SAME
    one = replace(row, typed={**row.typed, "people": [who] if who else []})
    enrolments.enrol(session, run, one.draft(enrolments.EnrolDraft, id=row.version_id), by)
    return RowOutcome.NEW


def _goes(each: enrolments.Trainee) -> bool:
    return each.enrolment.state != EnrolmentState.WITHDRAWN


def _mark(session: Session, _of: str, row: DraftRow, by: Actor) -> RowOutcome:
    found = rows.one(session, Enrolment, row.id)
    draft, stands = row.draft(enrolments.PointsDraft), _marks(found)
    given = {"there": row.typed["there"], "before": draft.before, "after": draft.after}
    for name, value in stands.items():
        if value is not None and given[name] is None:
            raise RuleBroken(name, "What stands here already cannot be emptied. Write what is right instead.")
    if given["there"] and given["there"] != stands["there"]:
        enrolments.take(session, found.id, EnrolmentState(given["there"]), by)
    enrolments.mark(session, found.id, draft, by)
    return RowOutcome.CHANGED


BOOK = DraftBook(
    "run",
    Act.ENROLMENT_READ,
    _content,
    [
        DraftSheet("who", N_("Enrol people"), WHO, ("who", "post_id"), _enrol),
        DraftSheet(
            "marks",
            N_("Attendance and points"),
            MARKS,
            ("there", "before", "after"),
            _mark,
            {"name": N_("Name"), "country": N_("Country")},
        ),
    ],
    (N_("Attendance is recorded from the first day of the run. The points after the course say who passed."),),
)


def workbook(_session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the panel of the workbook, for who enrols people or records their attendance."""
    return [BOOK.panel(shown)] if may(by, Act.ENROLMENT_MAKE) or may(by, Act.ENROLMENT_MARK) else []
