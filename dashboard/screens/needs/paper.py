"""An assessment on paper, as a PDF: written to the access trail before it is handed over."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from dashboard.server.access import asking, known_id
from dashboard.server.later import later
from dashboard.wording import UNDEFINED, _, coded, date, in_language, language, moment, number
from operations.core import journal, rows
from operations.core.clock import now
from operations.core.journal import Chain
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import Store
from operations.core.vocabulary import LOCALES, Classification
from operations.needs import assessments
from operations.needs.readiness import Readiness, readiness
from operations.needs.rows import AREAS, LIFE, Assessment, AssessmentScore
from operations.posts import register
from operations.posts.register import Post

if TYPE_CHECKING:
    from dashboard.papers import record as papers
else:
    papers = later("dashboard.papers.record")


def score_words(found: Readiness) -> str:
    """How ready a post is, of 100; a dash where nothing is known."""
    return UNDEFINED if found.score is None else _("{score} of 100", score=number(found.score, 1))


def address(assessment_id: UUID | str) -> str:
    """Where the paper of an assessment is."""
    return f"/export/needs/{assessment_id}.pdf"


def written(found: Assessment, post: Post, scores: dict[str, AssessmentScore], code: str) -> "papers.Record":
    """The assessment in a language: what the visit found, and every area."""
    with in_language(code):
        here, ready = language(), readiness(scores, AREAS)
        visit = f"{date(found.visited_from)} – {date(found.visited_to)}" if found.visited_from else ""
        baseline = "" if found.baseline_queries is None else number(found.baseline_queries)
        whole = papers.Section(
            _("What the visit found"),
            (
                (_("State"), _(LIFE.words[LIFE.now(found)])),
                (_("Country"), coded("CL-COUNTRY", found.country)),
                (_("What for"), found.purpose),
                (_("Visit"), visit),
                (
                    _("Readiness"),
                    score_words(ready),
                ),
                (_("Not known"), ", ".join(coded("CL-NEEDAREA", each) for each in ready.unknown)),
                (_("Queries a month today"), baseline),
                (_("Where that was read"), found.baseline_source),
                (_("I-24/7 at this post"), coded("CL-FEASIBILITY", found.feasibility)),
                (_("Works that come first"), found.works),
            ),
        )
        return papers.Record(
            marking=coded("CL-CLASS", Classification.FOR_OFFICIAL_USE.value),
            title=_("Needs assessment"),
            subject=post.name,
            issued=_("Printed {moment}.", moment=moment(now(), post.zone)),
            sections=(whole, *(_area(area, scores[area], here) for area in AREAS if area in scores)),
            language=here,
        )


def _area(area: str, found: AssessmentScore, here: str) -> "papers.Section":
    cost = "" if found.cost is None else f"{number(found.cost)} {found.currency}"
    return papers.Section(
        coded("CL-NEEDAREA", area),
        (
            (_("Score"), _("Not known") if found.score is None else _("{score} of 4", score=number(found.score))),
            (_("What proves it"), found.evidence),
            (_("Gap"), found.gap),
            (_("Proposed measure"), found.measure),
            (_("Cost"), cost),
        ),
    )


def paper(store: Store, assessment_id: UUID, code: str, by: Actor) -> tuple[bytes, str]:
    """The PDF and its name. Raises NotFound."""
    with store.unit_of_work(by) as session:
        found = rows.one(session, Assessment, assessment_id)
        require(by, Act.NEEDS_READ, register.subject(found))
        post, scores = register.post(session, found.post_id), assessments.scores(session, found.id)
        journal.record(
            session, by, "needs.paper", "export", found.id, country=found.country, chain=Chain.ACCESS, format="pdf",
            recipients=[str(by.account_id)],
        )  # fmt: skip
        said = written(found, post, scores, code)
    return papers.pdf(said), f"muster-needs-{now():%Y%m%d}.pdf"


def router(store: Store) -> APIRouter:
    """GET /export/needs/{id}.pdf. `lang` is en, fr, es or ar (default: the reader's)."""
    routes = APIRouter()

    @routes.get("/export/needs/{assessment_id}.pdf")
    def needs_pdf(assessment_id: str, by: Annotated[Actor, Depends(asking)], lang: str = "") -> Response:
        """The assessment."""
        code = lang if lang in LOCALES else by.language
        content, name = paper(store, known_id(assessment_id), code, by)
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
        return Response(content, media_type="application/pdf", headers=headers)

    return routes
