"""The answer to a question of shifts: which deployed team mans which checkpoint when, drawn unpredictably from a
seed.
"""

import math
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import shapely
from sqlmodel import Session, select

from geodata.events.points import Note
from geodata.ways.positions import Position
from operations.analyses.answer import Answer, AnswerTable
from operations.analyses.assignment.problem import AssignmentProblem, Unassignable
from operations.analyses.assignment.shift_draw import ShiftPost, ShiftSchedule, schedule
from operations.analyses.assignment_input import Measure
from operations.analyses.questions.shifts import ShiftsQuestion
from operations.core.vocabulary import MapObjectKind
from operations.policing.map_plan import places
from operations.policing.map_plan.places import MapObject
from operations.policing.operation import plan
from operations.support import deployments, suitability_facts, team_facts
from operations.support.deployments import Deployment
from operations.support.teams import coarse

POSTS = (MapObjectKind.CHECKPOINT.value, MapObjectKind.OBSERVATION_POST.value)
_EVER = timedelta(days=3650)
_WEEK = 7


def posts(session: Session, operation_id: UUID) -> list[MapObject]:
    """Return the checkpoints and observation posts on the plan that the asker may see."""
    return [each for each in places.objects(session, operation_id) if each.kind in POSTS]


def usual(session: Session, operation_id: UUID, first: date, shifts: int) -> tuple[int, int] | None:
    """Return the number of days from `first` on which teams are deployed, a week at most, and how many posts they can
    man at once.

    A team that has manned a shift rests until the next day. None where no team is deployed then.
    """
    begins = datetime.combine(first, time(), UTC)
    ends = [each.until for each in deployments.deployments(session, operation_id) if each.bound and each.until > begins]
    if not ends:
        return None
    days = math.ceil((max(ends) - begins) / timedelta(days=1))
    return min(days, _WEEK), max(1, len(ends) // shifts)


def answer_shifts(
    session: Session, operation_id: UUID, question: ShiftsQuestion, measure: Measure, at: datetime
) -> Answer:
    """Return a schedule that keeps the rules of rest and travel, and how far it can be predicted.

    Raises Unassignable.
    """
    zone = session.exec(select(plan.Operation.zone).where(plan.Operation.id == operation_id)).one()
    known = {str(each.object_id): each for each in posts(session, operation_id)}
    wishes = [each for each in question.posts if each.id in known]
    if not wishes:
        raise Unassignable("None of these posts is on the plan any more: draw checkpoints on the plan first.")
    sent = _sent(session, operation_id, question)
    if not sent:
        raise Unassignable("No team is deployed on these days: accept teams first, or choose other days.")
    positions = {each.id: _centre(known[each.id]) for each in wishes}
    positions |= {f"at {each.id}": (each.lon, each.lat) for each in sent}
    keys = list(positions)
    hours = measure([positions[key] for key in keys])
    table = {
        (a, b): duration
        for a, row in zip(keys, hours, strict=True)
        for b, duration in zip(keys, row, strict=True)
        if duration is not None
    }
    problem = AssignmentProblem(
        tuple(map(_team, sent)), (), team_facts.Hours(table), replace(suitability_facts.RULES, zone=zone)
    )
    window = (team_facts.TimeWindow(at, at + _EVER),)
    wanted = [ShiftPost(team_facts.NeedFacts(each.id, each.id, window, question.hours), each.weight) for each in wishes]
    drawn = schedule(problem, wanted, question.first, question.days, question.times(), question.at_once, question.seed)
    names = {key: each.name for key, each in known.items()}
    return _told(drawn, question, names, {str(each.id): each for each in sent})


def _told(drawn: ShiftSchedule, question: ShiftsQuestion, names: dict[str, str], sent: dict[str, Deployment]) -> Answer:
    total = question.days * question.shifts
    headline = Note(
        "{count} shifts at {posts} posts over {days} days. Who knows how often each post is manned, and names the most "
        "likely one, is right {guess} % of the time.",
        {
            "count": len(drawn.plan),
            "posts": len(drawn.odds),
            "days": question.days,
            "guess": f"{100 * drawn.guess:.0f}",
        },
    )
    kept = Note(
        "Times and teams are drawn, and all rules of rest and travel are kept. The seed is kept with this answer: the "
        "same seed draws the same schedule again. Show it to nobody who need not know."
    )
    left = [
        Note("{count} shifts have no team: accept more teams, or man fewer posts at once.", {"count": len(drawn.left)})
    ]
    rows = [
        [shift.start.isoformat(), shift.end.isoformat(), names[shift.site], sent[shift.team].call_sign]
        for shift in drawn.plan
    ]
    return Answer(
        sentences=(headline, kept),
        figures={"guess": drawn.guess, "left": len(drawn.left), "seed": drawn.seed, "of": total},
        tables=(
            AnswerTable("shifts", ("start", "end", "post", "team"), rows),
            AnswerTable(
                "odds",
                ("post", "odds", "share"),
                [[names[key], round(odds, 4), round(drawn.share[key], 4)] for key, odds in drawn.odds.items()],
            ),
        ),
        notes=tuple(left) if drawn.left else (),
    )


def _sent(session: Session, operation_id: UUID, question: ShiftsQuestion) -> list[Deployment]:
    """Return the deployments that overlap with these days; a few hours more or less do no harm."""
    first = datetime.combine(question.first, time(), UTC)
    last = first + timedelta(days=question.days)
    return [
        deployed
        for deployed in deployments.deployments(session, operation_id)
        if deployed.bound and deployed.starts < last and deployed.until > first
    ]


def _team(each: Deployment) -> team_facts.TeamFacts:
    """Return the facts of a deployed team: at its place, and available only during its deployment."""
    away = (
        team_facts.TimeWindow(each.starts - _EVER, each.starts),
        team_facts.TimeWindow(each.until, each.until + _EVER),
    )
    return team_facts.TeamFacts(str(each.id), each.country, f"at {each.id}", unavailable=away, persons=each.persons)


def _centre(each: MapObject) -> Position:
    middle = shapely.geometry.shape(each.geometry).centroid
    return coarse(middle.x), coarse(middle.y)
