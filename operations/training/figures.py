"""Key figures of training, K57, K58, K60 and K61, from current data."""

from collections.abc import Callable, Sequence
from statistics import fmean

from sqlmodel import Session, col, select

from operations.core.clock import today
from operations.core.field_labels import N_
from operations.core.people import Actor
from operations.core.store import unscoped
from operations.posts.figures import ProgrammeFigure, Value, share
from operations.training.enrolment_rows import CourseCertificate, Enrolment, EnrolmentState
from operations.training.rows import Course, CourseRun
from operations.training.trainer_rows import IDLE, STANDING, CascadeRun, CascadeState, Trainer

TRAINED = ProgrammeFigure(
    "K57",
    N_("Officers trained"),
    N_("persons"),
    N_("Persons who passed at least one course."),
    N_("Who passed three courses is one person."),
    "S01, S05",
)
SESSIONS = ProgrammeFigure(
    "K57",
    N_("Courses passed"),
    N_("times"),
    N_("How often somebody passed a course."),
    N_("Who passed three courses is counted three times here."),
    "S01, S05",
)
PASSED = ProgrammeFigure(
    "K58",
    N_("Passed"),
    "%",
    N_("Who passed, divided by those who took the test after a course."),
    N_("Who was not there is in neither."),
    "S133, S135",
)
GAIN = ProgrammeFigure(
    "K58",
    N_("Learning gain"),
    N_("points of 100"),
    N_("Mean of the points after a course less those before it, of all who took both tests."),
    N_("Who knew nearly all before can gain little: look at the points before beside it."),
    "S133, S135",
)
CERTIFIED = ProgrammeFigure(
    "K57",
    N_("Certified today"),
    N_("persons"),
    N_("Persons with at least one certificate that is valid today."),
    N_("A certificate that expires makes a gap, and nothing else tells of it."),
    N_("Muster's own"),
)
ACTIVE = ProgrammeFigure(
    "K60",
    N_("Active trainers"),
    "%",
    N_("Certified trainers with a confirmed cascade run in the last year, divided by certified trainers."),
    N_("Who was certified lately has had little time to teach."),
    "S00, S131",
)
REACH = ProgrammeFigure(
    "K61",
    N_("Reach of a trainer"),
    N_("officers per trainer"),
    N_("Officers taught in confirmed cascade runs of certified trainers, divided by certified trainers."),
    N_("It rests on lists of attendance; who was at two runs is counted twice."),
    "S00",
)


def figures(session: Session, by: Actor) -> list[Value]:
    """Return the figures of the asker's country, or of all.

    Unscoped: they count rows that only coordinators see, and name nobody.
    """
    query = (
        select(Enrolment, Course.points)
        .join(CourseRun, col(CourseRun.id) == col(Enrolment.run_id))
        .join(Course, col(Course.id) == col(CourseRun.course_id))
        .where(col(Enrolment.after).is_not(None))
    )
    if by.national:
        query = query.where(col(Enrolment.country) == by.country)
    tested: Sequence[tuple[Enrolment, int]] = session.exec(unscoped(query)).all()
    passed = [each for each, _points in tested if each.state == EnrolmentState.PASSED]
    gains = [
        100 * (enrolment.after - enrolment.before) / points
        for enrolment, points in tested
        if enrolment.before is not None and enrolment.after is not None
    ]
    persons = len({each.account_id for each in passed})
    return [
        Value(TRAINED, float(persons) if tested else None),
        Value(SESSIONS, float(len(passed)) if tested else None),
        share(PASSED, len(passed), len(tested)),
        Value(GAIN, fmean(gains) if gains else None, len(gains), len(tested)),
        certified(session, by),
    ]


def certified(session: Session, by: Actor, among: Callable[[str], bool] = bool) -> Value:
    """Return the persons certified today of the asker's country, or of all `among` the countries."""
    held = select(CourseCertificate)
    if by.national:
        held = held.where(col(CourseCertificate.country) == by.country)
    found = [each for each in session.exec(unscoped(held)) if among(each.country)]
    return Value(CERTIFIED, float(len({each.account_id for each in found if each.valid(today())})))


def of_trainers(session: Session, by: Actor) -> list[Value]:
    """Return K60 and K61 of the asker's country, or of all."""
    query = select(Trainer).where(col(Trainer.state).in_([each.value for each in STANDING]))
    if by.national:
        query = query.where(col(Trainer.country) == by.country)
    day = today()
    certified = {each.id: each for each in session.exec(unscoped(query)) if each.valid(day)}
    active = [each for each in certified.values() if each.taught_on and (day - each.taught_on).days <= IDLE]
    runs = select(CascadeRun).where(CascadeRun.state == CascadeState.CONFIRMED.value)
    taught = sum(each.attended for each in session.exec(unscoped(runs)) if each.trainer_id in certified)
    return [
        share(ACTIVE, len(active), len(certified)),
        Value(REACH, taught / len(certified) if certified else None),
    ]
