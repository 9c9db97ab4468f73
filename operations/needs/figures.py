"""Key figures of needs: K50 to K52, and the input of the investment ranking."""

from collections.abc import Mapping
from uuid import UUID

from sqlmodel import Session

from operations.core.field_labels import N_
from operations.core.session_cache import once
from operations.core.vocabulary import Level
from operations.needs import assessments, readiness
from operations.needs.readiness import PostReadiness, Ranked, RankedPost
from operations.needs.rows import AREAS, VALIDATED_STATES, Assessment, AssessmentState, scores_of
from operations.posts import register
from operations.posts.figures import ProgrammeFigure, Value, share
from operations.posts.register import PostCondition

PROGRESS = ProgrammeFigure(
    "K50",
    N_("Assessments validated"),
    "%",
    N_("Assessments of all years that the country validated, divided by all that were planned and not refused."),
    N_("Visited is not validated."),
    "S00, S126",
    Level.V3,
)
READINESS = ProgrammeFigure(
    "K51",
    N_("Readiness"),
    N_("of 100"),
    N_("Mean of the scores of a post times 25; the mean of all posts that are validated."),
    N_("Always read it with its gaps: areas that are not known are left out and named."),
    N_("Muster's own"),
    Level.V3,
)
FEASIBLE = ProgrammeFigure(
    "K52",
    N_("I-24/7 feasible"),
    N_("posts"),
    N_("Validated posts at which I-24/7 is feasible as they are, of all validated posts."),
    N_("Feasible with works is not counted."),
    "S00",
    Level.V3,
)
NEEDS = (PROGRESS, READINESS, FEASIBLE)
FEASIBILITY = {"feasible": 1.0, "with_works": 0.5, "not_feasible": 0.0}
DAYS = 30


def figures(session: Session) -> list[Value]:
    """Return the current figures, from what the asker may see."""
    gone = (AssessmentState.REFUSED, AssessmentState.NOT_ACCESSIBLE)
    planned = [each for each in assessments.assessments(session) if each.state not in gone]
    stands = assessments.latest_validated(session)
    scored = [each.score for each in ready(session, stands).values() if each.score is not None]
    feasible = sum(each.feasibility == "feasible" for each in stands.values())
    return [
        share(PROGRESS, sum(each.state in VALIDATED_STATES for each in planned), len(planned)),
        Value(READINESS, sum(scored) / len(scored) if scored else None, len(scored), len(register.posts(session))),
        Value(FEASIBLE, feasible if stands else None, feasible if stands else None, len(stands) if stands else None),
    ]


def ready(session: Session, stands: Mapping[UUID, Assessment]) -> dict[UUID, PostReadiness]:
    """Return the readiness of each validated post, by post."""
    scores = scores_of(session, (each.id for each in stands.values()))
    return {post: readiness.readiness(scores.get(each.id, {}), AREAS) for post, each in stands.items()}


def candidates(session: Session) -> list[RankedPost]:
    """Return every open post with its criteria for the ranking; unknown ones stay None."""
    return once(session, (RankedPost,), lambda: _candidates(session), lasting=False)


def ranking(session: Session, weights: Mapping[str, float]) -> list[Ranked]:
    """Return the candidates as `readiness.rank` orders them under these weights."""
    key = (Ranked, tuple(sorted(weights.items())))
    return once(session, key, lambda: readiness.rank(candidates(session), weights), lasting=False)


def _candidates(session: Session) -> list[RankedPost]:
    posts, has = register.posts(session), register.conditions_now(session)
    stands = assessments.latest_validated(session)
    scores = ready(session, stands)
    traffic = [condition.passages if (condition := has.get(each.id)) else None for each in posts]
    asked = [_asked(stands.get(each.id), passages) for each, passages in zip(posts, traffic, strict=True)]
    busy = readiness.shares(traffic)
    seldom = [None if each is None else 1 - each for each in readiness.shares(asked)]
    return [
        RankedPost(
            post.id,
            {
                "gap": _missing(scores.get(post.id)),
                "traffic": busy[at],
                "use": seldom[at],
                "network": _without_network(has.get(post.id)),
                "feasibility": FEASIBILITY.get(stands[post.id].feasibility) if post.id in stands else None,
            },
        )
        for at, post in enumerate(posts)
    ]


def _asked(found: Assessment | None, passages: int | None) -> float | None:
    """Return queries per person who passes, or None where unknown."""
    if found is None or found.baseline_queries is None or not passages:
        return None
    return found.baseline_queries / (passages * DAYS)


def _missing(found: PostReadiness | None) -> float | None:
    """Return the gap to a readiness of 100, from 0 to 1, or None where unknown."""
    return None if found is None or found.score is None else 1 - found.score / 100


def _without_network(found: PostCondition | None) -> float | None:
    """Return the share of the day without a network, from 0 to 1, or None where unknown."""
    if found is None or found.connectivity == "unknown":
        return None
    if found.connectivity == "none":
        return 1.0
    return None if found.online_hours is None else 1 - found.online_hours / 24
