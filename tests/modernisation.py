"""Reviews of posts of Niger, and the projects after them, through the real verbs."""

from datetime import datetime, timedelta
from typing import Any

from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.permissions import Act
from operations.modernisation import project_parts, projects, reviews
from operations.modernisation.project_rows import LIFE, Milestone, MilestoneState, Project, ProjectMoney, ProjectState
from operations.modernisation.review_rows import LIFE as REVIEWS
from operations.modernisation.review_rows import Review, ReviewFinding, ReviewState
from operations.posts.register import Post
from tests.makers import Running
from tests.programme import BEGUN, does, post_of, reads, state_of

WHO = {
    Act.REVIEW_RUN: "ana",
    Act.REVIEW_ANSWER: "chaima",
    Act.PROJECT_APPROVE: "lena",
    Act.PROJECT_RUN: "ana",
    Act.PROJECT_TAKE: "chaima",
    Act.PROJECT_PROPOSE: "ana",
    Act.PROJECT_WORK: "chaima",
}
"""Who takes the steps of reviews and projects of Niger."""
WORDS = "So it is."


def ask_draft(post: Post, at: datetime = BEGUN, **changes: Any) -> reviews.ReviewRequestDraft:
    """A review of a post, planned for the month."""
    content = {"id": new_id(), "post_id": post.id, "purpose": "The room of the server is hot."}
    return parse(reviews.ReviewRequestDraft, content | {"planned_for": (at + timedelta(days=30)).date()} | changes)


def visit_draft(at: datetime = BEGUN, **changes: Any) -> reviews.VisitDraft:
    """A visit of two days by three people."""
    days = {"visited_from": (at - timedelta(days=1)).date(), "visited_to": at.date()}
    return parse(reviews.VisitDraft, days | {"visitors": "Network unit: three people."} | changes)


def finding_draft(**changes: Any) -> reviews.FindingDraft:
    """The power fails."""
    content = {
        "id": new_id(),
        "area": "power",
        "finding": "The server stops in each cut of power.",
        "needed": "A battery for four hours.",
        "urgency": "at_once",
        "cost": 9000,
        "currency": "EUR",
    }
    return parse(reviews.FindingDraft, content | changes)


def asked(scene: Running, post: Post, by: str = "chaima", at: datetime = BEGUN, **changes: Any) -> Review:
    """A review is asked for."""
    made: Review = does(scene, by, reviews.ask, ask_draft(post, at, **changes), at=at)
    return made


def review_step(ident: Any, to: str, at: datetime = BEGUN, words: str = WORDS) -> Any:
    """A step of a review as a verb: the visit with its days."""

    def step(session: Any, by: Any) -> Review:
        if to == "visited" and session.get_one(Review, ident).state == "prepared":
            return reviews.visit(session, ident, visit_draft(at), by)
        return reviews.take(session, ident, ReviewState(to), by, words)

    return step


def reviewed(scene: Running, made: Review, *states: str, at: datetime = BEGUN, findings: int = 1) -> Review:
    """Step by step, each by whoever does that, with findings written down before they are sent."""
    for state in states:
        before = state_of(scene, Review, made.id)
        step = REVIEWS.step(before, state)
        assert step is not None, (before, state)
        if step.verb == "review.send":
            for _each in range(findings):
                does(scene, "ana", reviews.write, made.id, finding_draft(), at=at)
        made = does(scene, WHO[step.act], review_step(made.id, state, at), at=at)
    return made


FOUND = ("prepared", "visited", "found")
AGREED = (*FOUND, "agreed")


def found_in(scene: Running, post: Post, at: datetime = BEGUN) -> ReviewFinding:
    """A finding of a review to which the country agreed."""
    made = reviewed(scene, asked(scene, post, at=at), *AGREED, at=at)
    [one] = reads(scene, "ana", reviews.valid_findings, made.id)
    return one  # type: ignore[no-any-return]


# -------------------------------------------------------------------------------------------------- projects


def project_draft(at: datetime = BEGUN, **changes: Any) -> projects.ProjectDraft:
    """Power for the bureau, until summer."""
    content = {
        "id": new_id(),
        "country": "NER",
        "title": "Power for the bureau",
        "purpose": "No query is lost in a cut.",
        "donor": "European Union",
        "planned_for": (at + timedelta(days=90)).date(),
    }
    return parse(projects.ProjectDraft, content | changes)


def proposed(scene: Running, by: str = "ana", at: datetime = BEGUN, **changes: Any) -> Project:
    """A project is proposed."""
    made: Project = does(scene, by, projects.propose, project_draft(at, **changes), at=at)
    return made


def money_draft(kind: str = "planned", amount: int = 9000, at: datetime = BEGUN, **changes: Any) -> projects.MoneyDraft:
    """A sum."""
    content = {
        "id": new_id(),
        "kind": kind,
        "amount": amount,
        "currency": "EUR",
        "day": at.date(),
        "words": "Batteries.",
    }
    return parse(projects.MoneyDraft, content | changes)


def paid(scene: Running, made: Project, *given: Any, at: datetime = BEGUN, **changes: Any) -> ProjectMoney:
    """It is written down."""
    draft = money_draft(*given, at=at, **changes)
    found: ProjectMoney = does(scene, "ana", projects.pay, made.id, draft, at=at)
    return found


def milestone_draft(at: datetime = BEGUN, **changes: Any) -> projects.MilestoneDraft:
    """The country clears the room in ten days."""
    content = {"id": new_id(), "title": "The room is cleared", "due": (at + timedelta(days=10)).date()}
    return parse(projects.MilestoneDraft, content | changes)


def due(scene: Running, made: Project, at: datetime = BEGUN, **changes: Any) -> Milestone:
    """A milestone is set."""
    found: Milestone = does(scene, "ana", projects.set_milestone, made.id, milestone_draft(at, **changes), at=at)
    return found


def milestone_step(ident: Any, to: str, words: str = WORDS) -> Any:
    """A step of a milestone as a verb."""
    return lambda session, by: projects.step_milestone(session, ident, MilestoneState(to), by, words)


def parts_draft(*things: project_parts.ProjectContent) -> project_parts.PartsDraft:
    """Things that belong to a project."""
    return parse(project_parts.PartsDraft, {"parts": [each.key for each in things]})


def gather(scene: Running, made: Project, by: str = "ana", at: datetime = BEGUN) -> list[project_parts.ProjectContent]:
    """Everything that is free belongs to the project."""
    found: list[project_parts.ProjectContent] = reads(scene, "ana", project_parts.unassigned_items, made)
    does(scene, by, project_parts.add_parts, made.id, parts_draft(*found), at=at)
    return found


def sign_draft(at: datetime = BEGUN, **changes: Any) -> projects.SignDraft:
    """It is handed over whole, today."""
    return parse(projects.SignDraft, {"handed_on": at.date()} | changes)


def project_step(ident: Any, to: str, at: datetime = BEGUN, words: str = WORDS) -> Any:
    """A step of a project as a verb: the handover as it is signed."""

    def step(session: Any, by: Any) -> Project:
        if to == "handed_over":
            return projects.sign(session, ident, sign_draft(at), by)
        return projects.take(session, ident, ProjectState(to), by, words)

    return step


def brought(scene: Running, made: Project, *states: str, at: datetime = BEGUN) -> Project:
    """Step by step, each by whoever does that."""
    for state in states:
        step = LIFE.step(state_of(scene, Project, made.id), state)
        assert step is not None, state
        made = does(scene, WHO[step.act], project_step(made.id, state, at), at=at)
    return made


def whole(scene: Running, post: Post | None = None, *states: str, at: datetime = BEGUN) -> Project:
    """A project that can be approved, made of a finding; then as far as the states say."""
    found_in(scene, post or post_of(scene), at)
    made = proposed(scene, at=at)
    gather(scene, made, at=at)
    paid(scene, made, at=at)
    return brought(scene, made, *states, at=at)
