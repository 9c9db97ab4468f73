"""Connection plans: which posts to connect under a budget, from assessments, solved by a worker, adopted as links."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from operations.core import jobs, rows
from operations.core.clock import now
from operations.core.errors import Conflict, Flaw, NotFound, RuleBroken, existing
from operations.core.field_labels import N_
from operations.core.jobs import JobProgress, WorkerTurn
from operations.core.people import Actor, System
from operations.core.permissions import Act, require
from operations.core.stored_sentences import Sentence, plain
from operations.core.vocabulary import JobState
from operations.infrastructure import links
from operations.infrastructure.rows import LinkState
from operations.needs import assessments
from operations.needs import figures as needs_figures
from operations.needs.rows import AssessmentScore, scores_of
from operations.posts import register
from operations.programme.connection_rows import AdoptDraft, ConnectDraft, ConnectionPlan, record

POINTS = 1_000_000
"""The total worth of all candidate posts."""


class ExcludedPost(StrEnum):
    """Reasons why a post is no candidate."""

    LINKED = "linked"
    ONLINE = "online"
    NOT_ASSESSED = "not_assessed"
    NOT_FEASIBLE = "not_feasible"
    UNKNOWN = "unknown"
    WORKS = "works"
    CURRENCY = "currency"
    NO_COST = "no_cost"


EXCLUSION_REASONS = {
    ExcludedPost.LINKED: N_("It has a link, or one is written down"),
    ExcludedPost.ONLINE: N_("It has a web service already"),
    ExcludedPost.NOT_ASSESSED: N_("No country validated an assessment of it"),
    ExcludedPost.NOT_FEASIBLE: N_("I-24/7 is not feasible there"),
    ExcludedPost.UNKNOWN: N_("It is not known whether I-24/7 is feasible there"),
    ExcludedPost.WORKS: N_("Works have to come first"),
    ExcludedPost.CURRENCY: N_("Its costs are in another currency"),
    ExcludedPost.NO_COST: N_("No cost is given in the areas that count"),
}
"""The labels of those reasons."""


@dataclass(frozen=True)
class ConnectionCandidate:
    """A candidate post as of the question: its cost, its traffic, and its gap in readiness (a share)."""

    post: str
    country: str
    cost: int
    traffic: int | None
    gap: float | None
    works: bool


# ------------------------------------------------------------------------------------------------- questions


def plans(session: Session, limit: int = 20) -> list[ConnectionPlan]:
    """Return the plans that the asker may see, newest first, without their input data."""
    query = select(ConnectionPlan).order_by(col(ConnectionPlan.asked_at).desc(), col(ConnectionPlan.id))
    basis: Any = ConnectionPlan.basis
    return list(session.exec(query.limit(limit).options(defer(basis))))


def plan(session: Session, plan_id: UUID) -> ConnectionPlan:
    """Return one plan as it is now. Raises NotFound."""
    return rows.one(session, ConnectionPlan, plan_id)


def candidates(found: ConnectionPlan) -> dict[str, ConnectionCandidate]:
    """Return the candidate posts, by the text of their id."""
    return {each["post"]: ConnectionCandidate(**each) for each in found.basis["posts"]}


def worths(found: Sequence[ConnectionCandidate], traffic: int) -> list[int]:
    """Return the worth of each post, of a million points: `traffic` per cent by passages, the rest by gaps.

    >>> a, b = ConnectionCandidate("a", "NER", 1, 300, 0.5, False), ConnectionCandidate("b", "NER", 1, 100, None, False)
    >>> worths([a, b], 50), worths([a, b], 100)
    ([875000, 125000], [750000, 250000])
    """
    passing = sum(each.traffic or 0 for each in found) or 1
    missing = sum(each.gap or 0.0 for each in found) or 1.0
    parts = (
        traffic / 100 * (candidate.traffic or 0) / passing + (1 - traffic / 100) * (candidate.gap or 0.0) / missing
        for candidate in found
    )
    return [round(POINTS * part) for part in parts]


def _basis(session: Session, draft: ConnectDraft) -> tuple[list[ConnectionCandidate], dict[str, str]]:
    """Return the candidate posts, and the reason for each excluded one."""
    posts, has = register.posts(session), register.conditions_now(session)
    stands = assessments.latest_validated(session)
    scores = scores_of(session, (each.id for each in stands.values()))
    ready = needs_figures.ready(session, stands)
    linked = {each.post_id for each in links.links(session) if each.state != LinkState.CLOSED}
    candidates_found: list[ConnectionCandidate] = []
    left: dict[str, str] = {}
    for post in posts:
        assessed, now_has = stands.get(post.id), has.get(post.id)
        said = scores.get(assessed.id, {}) if assessed else {}
        why: ExcludedPost | None
        if post.id in linked:
            why = ExcludedPost.LINKED
        elif now_has is not None and now_has.access == "web_service":
            why = ExcludedPost.ONLINE
        elif assessed is None:
            why = ExcludedPost.NOT_ASSESSED
        else:
            why = _feasible(assessed.feasibility, draft) or _priced(said, draft)
        if why is not None:
            left[str(post.id)] = why.value
            continue
        assert assessed is not None  # noqa: S101 - else it is left out
        score = ready[post.id].score
        cost = sum(said[area].cost or 0 for area in draft.areas if area in said)
        traffic = now_has.passages if now_has else None
        gap = None if score is None else round(1 - score / 100, 6)
        candidates_found.append(
            ConnectionCandidate(str(post.id), post.country, cost, traffic, gap, assessed.feasibility == "with_works")
        )
    return candidates_found, left


def _feasible(feasibility: str, draft: ConnectDraft) -> ExcludedPost | None:
    if feasibility == "with_works":
        return None if draft.works else ExcludedPost.WORKS
    return {"feasible": None, "not_feasible": ExcludedPost.NOT_FEASIBLE}.get(feasibility, ExcludedPost.UNKNOWN)


def _priced(said: Mapping[str, AssessmentScore], draft: ConnectDraft) -> ExcludedPost | None:
    priced = [said[area] for area in draft.areas if area in said and said[area].cost is not None]
    if not priced:
        return ExcludedPost.NO_COST
    return None if all(each.currency == draft.currency for each in priced) else ExcludedPost.CURRENCY


# ----------------------------------------------------------------------------------------------------- verbs


def ask(session: Session, draft: ConnectDraft, by: Actor) -> ConnectionPlan:
    """Ask which posts to connect; a worker takes it up. Idempotent for the same draft.

    Raises RuleBroken where there is no candidate, where the budget is too small for any, and where the criteria are
    unknown for all.
    """
    require(by, Act.CONNECT_PLAN)
    question = draft.model_dump(mode="json", exclude={"id"})
    known = rows.find(session, ConnectionPlan, draft.id)
    if known is not None:
        if known.question == question and known.author_id == by.account_id:
            return known
        raise Conflict("This plan was already asked for with other content. Reload the page to see it.")
    posts, left = _basis(session, draft)
    _refuse(posts, left, draft)
    basis = {"posts": [asdict(each) for each in posts], "left": left}
    made = ConnectionPlan(
        id=draft.id, asked_at=now(), question=question, basis=basis, author_id=by.account_id, author_name=by.name
    )
    session.add(made)
    session.flush()
    record(session, by, "connect.plan", made, posts=len(posts))
    return made


def _refuse(found: Sequence[ConnectionCandidate], left: Mapping[str, str], draft: ConnectDraft) -> None:
    if not left and not found:
        raise RuleBroken("", "No post is registered yet: there is nothing to connect.")
    if not found:
        raise RuleBroken.all(_why_none(left))
    cheapest = min(each.cost for each in found)
    if cheapest > draft.budget:
        raise RuleBroken(
            "budget",
            "The budget is not enough for any post: the cheapest one costs {cost} {currency}.",
            cost=cheapest,
            currency=draft.currency,
        )
    if not any(worths(found, draft.traffic)):
        raise RuleBroken(
            "traffic",
            "No post has the data that this plan needs. Enter how many people pass the "
            "posts, or include gaps in the criteria.",
        )


def _why_none(left: Mapping[str, str]) -> Iterator[Flaw]:
    yield Flaw("", N_("No post can be part of a plan. The reasons, with the number of posts for each:"))
    for why, count in Counter(left.values()).most_common():
        yield Flaw("", "{rule}: {count}", {"rule": EXCLUSION_REASONS[ExcludedPost(why)], "count": count})


def cancel(session: Session, plan_id: UUID, by: Actor) -> ConnectionPlan:
    """Cancel a question: at once while it is queued, else the worker stops and keeps the best plan so far."""
    require(by, Act.CONNECT_PLAN)
    found = existing(jobs.hold(session, ConnectionPlan, plan_id))
    if found.state in (JobState.DONE, JobState.FAILED):
        raise RuleBroken("", "This plan is already finished. There is nothing to stop.")
    if jobs.cancel(session, found, now()):
        record(session, by, "connect.cancel", found)
    return found


def chosen(found: ConnectionPlan, choice: int = 0) -> list[str]:
    """Return the posts of a plan, or (`choice` 1 and more) of one that is almost as good. Raises NotFound."""
    every = [found.result.get("plan", []), *(each["plan"] for each in found.result.get("alternatives", []))]
    if not 0 <= choice < len(every):
        raise NotFound
    return [*every[choice]]


def link_of(plan_id: UUID, post: str) -> UUID:
    """Return the deterministic id of the link that a plan's post becomes, so that adopting twice is idempotent."""
    return uuid5(plan_id, post)


def adopt(session: Session, plan_id: UUID, draft: AdoptDraft, by: Actor) -> ConnectionPlan:
    """Create a link for each post of a plan, for its country to agree to. Idempotent.

    Posts that were closed or got a link meanwhile are skipped and listed by name. Raises RuleBroken for a plan that is
    not done or whose posts all have a link meanwhile, Conflict where another of its plans was adopted.
    """
    require(by, Act.CONNECT_PLAN)
    question = rows.hold(session, ConnectionPlan, plan_id)
    if question.state != JobState.DONE:
        raise RuleBroken("", "This plan is not finished. Wait for its result, then adopt it.")
    if question.adopted_at is not None:
        if question.adopted["choice"] == draft.choice:
            return question
        raise Conflict("An alternative of this plan was already adopted. Request a new plan for the remaining posts.")
    posts = {str(each.id): each for each in register.posts(session)}
    linked = {str(each.post_id) for each in links.links(session) if each.state != LinkState.CLOSED}
    wanted = chosen(question, draft.choice)
    still = [each for each in wanted if each in posts and each not in linked]
    if not still:
        raise RuleBroken("", "Every post of this plan is closed or has a link meanwhile: ask for a new plan.")
    has = register.conditions_now(session)
    for post in still:
        network = has[posts[post].id].connectivity if posts[post].id in has else "unknown"
        technology = draft.technology if network in ("none", "unknown") else network
        link = links.NetworkLinkDraft(
            id=link_of(question.id, post),
            post_id=posts[post].id,
            technology=technology,
            hours=draft.hours,
            promised=draft.promised,
        )
        links.propose(session, link, by)
    question.adopted = {"choice": draft.choice, "posts": still, "left": [each for each in wanted if each not in still]}
    question.adopted_by, question.adopted_name, question.adopted_at = by.account_id, by.name, now()
    session.add(question)
    record(session, by, "connect.adopt", question, links=len(still))
    return question


# ---------------------------------------------------------------------------------------- what a worker does with it


def claim(session: Session, worker: str, at: datetime) -> ConnectionPlan | None:
    """Lease the question queued longest to `worker`; None: the queue is empty. For Muster itself."""
    for lost in jobs.end_lapsed(session, ConnectionPlan, at, _LAPSED):
        record(session, System(), _ENDED[JobState(lost.state)], lost)
    return jobs.claim(session, ConnectionPlan, worker, at)


def report_progress(session: Session, turn: WorkerTurn, progress: JobProgress, at: datetime) -> bool:
    """Report progress and renew the lease; return whether to stop."""
    return jobs.report_progress(session, ConnectionPlan, turn, progress, at)


def end(
    session: Session, turn: WorkerTurn, to: JobState, at: datetime, result: Mapping[str, Any] | Sentence
) -> ConnectionPlan:
    """Store the result, or the reason why there is none. Idempotent for the same result.

    Raises Conflict where another worker has taken over.
    """
    held = jobs.hold_turn(session, ConnectionPlan, turn)
    if held.ended:
        return held
    if isinstance(result, Mapping):
        held.result = plain(dict(result))
        jobs.end(session, held, to, at)
    else:
        jobs.end(session, held, to, at, result)
    record(session, System(), _ENDED[JobState(held.state)], held)
    return held


_ENDED = {JobState.DONE: "connect.finish", JobState.FAILED: "connect.fail", JobState.CANCELLED: "connect.stop"}
_LAPSED = Flaw(
    "",
    "This plan was started {attempts} times and never finished. Request it again, or ask the server's administrator.",
    {"attempts": jobs.ATTEMPTS},
)
