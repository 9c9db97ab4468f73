"""Posts of Niger and Mali, and what is done there, through the real verbs."""

from datetime import datetime, timedelta
from typing import Any

from operations.core import clock
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.permissions import Act
from operations.needs import assessments, engagement
from operations.needs.rows import AREAS, LIFE, Assessment, AssessmentState
from operations.posts import register
from operations.posts.register import ConditionDraft, Post, PostDraft
from tests.makers import START, Running

BEGUN = START + timedelta(days=2)


def does(scene: Running, name: str, verb: Any, *given: Any, at: datetime = BEGUN, **named: Any) -> Any:
    """One of the cast, or Muster itself, calls a verb in a unit of work of its own."""
    by = System() if name == "system" else scene[name]
    with clock.at(at), scene.store.unit_of_work(by) as session:
        return verb(session, *given, by, **named)


def reads(scene: Running, name: str, question: Any, *given: Any, at: datetime = BEGUN, **named: Any) -> Any:
    """What one of the cast reads."""
    by = System() if name == "system" else scene[name]
    with clock.at(at), scene.store.reading(by) as session:
        return question(session, *given, **named)


def post_draft(**changes: Any) -> PostDraft:
    """The airport of Niamey."""
    content = {
        "id": new_id(), "country": "NER", "name": "Niamey airport", "site_type": "airport", "border_kind": "air",
        "lat": 13.48, "lon": 2.18, "zone": "Africa/Niamey", "ref": "airport:DRRN",
    }  # fmt: skip
    return parse(PostDraft, content | changes)


def post_of(scene: Running, by: str = "chaima", **changes: Any) -> Post:
    """It is in the register."""
    return does(scene, by, register.register, post_draft(**changes))


def condition_draft(**changes: Any) -> ConditionDraft:
    """What a post has that is off the network half of the day."""
    content = {
        "id": new_id(), "passages": 1200, "officers": 18, "connectivity": "mobile_data", "online_hours": 12,
        "power": "grid", "power_hours": 16, "access": "via_ncb",
    }  # fmt: skip
    return parse(ConditionDraft, content | changes)


# ----------------------------------------------------------------------------------------------------- needs

S = AssessmentState
WHO = {
    Act.NEEDS_REVIEW: "ana", Act.NEEDS_ASSESS: "boubacar", Act.NEEDS_VALIDATE: "chaima", Act.NEEDS_AGREE: "ana",
}  # fmt: skip
"""Who takes the steps of an assessment of a post of Niger."""


def request_draft(post: Post, **changes: Any) -> assessments.RequestDraft:
    """An assessment of a post, planned for the month."""
    content = {"id": new_id(), "post_id": post.id, "purpose": "Before the link is ordered."}
    planned = {"planned_for": (BEGUN + timedelta(days=30)).date()}
    return parse(assessments.RequestDraft, content | planned | changes)


def requested(scene: Running, post: Post, by: str = "chaima", **changes: Any) -> Assessment:
    """It is asked for."""
    return does(scene, by, assessments.request, request_draft(post, **changes))


def score_draft(area: str, **changes: Any) -> assessments.ScoreDraft:
    """An area that is half there."""
    content = {
        "id": new_id(), "area": area, "score": 2, "evidence": "Seen on both days.", "gap": "Half of the counters.",
        "measure": "A second line.", "cost": 4000, "currency": "EUR",
    }  # fmt: skip
    return parse(assessments.ScoreDraft, content | changes)


def findings_draft(**changes: Any) -> assessments.FindingsDraft:
    """Two days at the post, where 320 queries a month are made."""
    content = {
        "visited_from": (BEGUN - timedelta(days=1)).date(), "visited_to": BEGUN.date(), "baseline_queries": 320,
        "baseline_source": "Log of the NCB, last three months.", "feasibility": "with_works", "works": "A UPS.",
    }  # fmt: skip
    return parse(assessments.FindingsDraft, content | changes)


def scored(scene: Running, made: Assessment, **changes: Any) -> Assessment:
    """Every area is scored and what the visit found is filled in, during the visit."""
    for area in AREAS:
        does(scene, "boubacar", assessments.score, made.id, score_draft(area))
    return does(scene, "boubacar", assessments.find, made.id, findings_draft(**changes), made.findings)


def take(scene: Running, made: Assessment, to: str, by: str = "", words: str = "So it is.") -> Assessment:
    """A step further, by whoever does that unless `by` is given."""
    before = reads(scene, "system", lambda session: session.get_one(Assessment, made.id).state)
    step = LIFE.step(before, to)
    return does(scene, by or (WHO[step.act] if step else "chaima"), assessment_step(made.id, to, words))


def assessment_step(ident: Any, to: str, words: str = "So it is.") -> Any:
    """A step as a verb."""
    return lambda session, by: assessments.take(session, ident, S(to), by, words)


def brought(scene: Running, made: Assessment, *states: str) -> Assessment:
    """Step by step, scored on the way."""
    for state in states:
        if state == "scored":
            made = scored(scene, made)
        made = take(scene, made, state)
    return made


def way_to(state: S) -> list[S]:
    """The states on a shortest way from the first one to `state`, without the first."""
    ways: list[list[S]] = [[LIFE.first]]
    while ways[0][-1] is not state:
        way = ways.pop(0)
        ways += [[*way, step.after] for step in LIFE.out_of(way[-1]) if step.after not in way]
    return ways[0][1:]


def talk_draft(**changes: Any) -> engagement.EngagementDraft:
    """A talk with a ministry."""
    content = {
        "id": new_id(), "country": "NER", "counterpart": "Directorate of border police", "level": "director",
        "held_on": BEGUN.date(), "commitment": "Two rooms at the airport.", "follow_up": "The letter is sent.",
    }  # fmt: skip
    return parse(engagement.EngagementDraft, content | changes)
