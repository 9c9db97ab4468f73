"""An assessment as a PDF, entered in the access trail before it is delivered."""

from uuid import UUID

from sqlmodel import Session

from dashboard.papers.downloads import paper_of
from dashboard.papers.record_content import Record, Section
from dashboard.wording import UNDEFINED, _, coded, date, joined, moment, number
from operations.core import journal, rows
from operations.core.clock import now
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.needs import assessments
from operations.needs.readiness import PostReadiness, readiness
from operations.needs.rows import AREAS, LIFE, Assessment, AssessmentScore
from operations.posts import register
from operations.posts.register import Post


def score_words(found: PostReadiness) -> str:
    """Return a post's readiness score, of 100; a dash where nothing is known."""
    return UNDEFINED if found.score is None else _("{score} of 100", score=number(found.score, 1))


def written(found: Assessment, post: Post, scores: dict[str, AssessmentScore]) -> Record:
    """Return the assessment: the findings of the visit, and every area."""
    ready = readiness(scores, AREAS)
    visit = f"{date(found.visited_from)} – {date(found.visited_to)}" if found.visited_from else ""
    baseline = "" if found.baseline_queries is None else number(found.baseline_queries)
    whole = Section(
        _("What the visit found"),
        (
            (_("State"), _(LIFE.words[LIFE.now(found)])),
            (_("Country"), coded("CL-COUNTRY", found.country)),
            (_("What for"), found.purpose),
            (_("Visit"), visit),
            (_("Readiness"), score_words(ready)),
            (_("Not known"), joined(coded("CL-NEEDAREA", each) for each in ready.unknown)),
            (_("Queries a month today"), baseline),
            (_("Where that was read"), found.baseline_source),
            (_("I-24/7 at this post"), coded("CL-FEASIBILITY", found.feasibility)),
            (_("Works that come first"), found.works),
        ),
    )
    return Record(
        title=_("Needs assessment"),
        subject=post.name,
        issued=_("Printed {moment}.", moment=moment(now(), post.zone)),
        sections=(whole, *(_area(area, scores[area]) for area in AREAS if area in scores)),
    )


def _area(area: str, found: AssessmentScore) -> Section:
    cost = "" if found.cost is None else f"{number(found.cost)} {found.currency}"
    return Section(
        coded("CL-NEEDAREA", area),
        (
            (_("Score"), _("Not known") if found.score is None else _("{score} of 4", score=number(found.score))),
            (_("What proves it"), found.evidence),
            (_("Gap"), found.gap),
            (_("Proposed measure"), found.measure),
            (_("Cost"), cost),
        ),
    )


@paper_of("/export/needs/{of}")
def paper(session: Session, of: UUID, by: Actor, form: str) -> tuple[Record, str]:
    """Return the assessment and its file name. Raises NotFound."""
    found = rows.one(session, Assessment, of)
    require(by, Act.NEEDS_READ, register.subject(found))
    post, scores = register.post(session, found.post_id), assessments.scores(session, found.id)
    journal.record_download(session, by, "needs.paper", found.id, form, country=found.country)
    return written(found, post, scores), f"needs-{now():%Y%m%d}"
