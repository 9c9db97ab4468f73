"""The workbook of an assessment, for a post without a network: a row for each area, and what the visit found."""

from dataclasses import replace
from uuid import uuid5

from sqlmodel import Session

from dashboard.frame.book_rows import BookContent, DraftSheet, RowOutcome
from dashboard.frame.draft_book import DraftBook
from dashboard.parts.book.draft_rows import DraftRow, KnownRow
from dashboard.parts.draft_form import DraftForm
from dashboard.screens.needs import findings
from dashboard.server.access import known_id
from dashboard.wording import N_, _, coded
from operations.core import rows
from operations.core.errors import NotFound, existing
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.needs import assessments
from operations.needs.rows import AREAS, Assessment
from operations.posts import register

SCORE = DraftForm("needs-book-score", assessments.ScoreDraft)
_SCORED = ("score", "evidence", "gap", "measure", "cost", "currency")


def _content(session: Session, of: str, by: Actor) -> BookContent:
    found = rows.one(session, Assessment, known_id(of))
    require(by, Act.NEEDS_ANSWER, register.subject(found))
    known = assessments.scores(session, found.id)
    areas = [KnownRow(uuid5(found.id, area), {"area": coded("CL-NEEDAREA", area)}, known.get(area)) for area in AREAS]
    visit = KnownRow(uuid5(found.id, "findings"), {}, found if found.findings else None)
    post = register.post(session, found.post_id)
    trail = {"country": found.country, "of": str(found.id)}
    return BookContent(_("Needs assessment: {post}", post=post.name), {"scores": areas, "visit": [visit]}, {}, trail)


def _score(session: Session, of: str, row: DraftRow, by: Actor) -> RowOutcome:
    found = known_id(of)
    area = existing(next((each for each in AREAS if uuid5(found, each) == row.id), None))
    before = assessments.scores(session, found).get(area)
    said = replace(row, typed={**row.typed, "area": area})
    assessments.score(session, found, said.draft(assessments.ScoreDraft, id=row.version_id), by)
    return RowOutcome.CHANGED if before else RowOutcome.NEW


def _find(session: Session, of: str, row: DraftRow, by: Actor) -> RowOutcome:
    found = rows.one(session, Assessment, known_id(of))
    if row.id != uuid5(found.id, "findings"):
        raise NotFound
    before = found.findings
    assessments.record_findings(session, found.id, row.draft(assessments.FindingsDraft), before, by)
    return RowOutcome.CHANGED if before else RowOutcome.NEW


BOOK = DraftBook(
    "needs",
    Act.NEEDS_ANSWER,
    _content,
    [
        DraftSheet("scores", N_("Scores"), SCORE, _SCORED, _score, {"area": N_("Area")}),
        DraftSheet("visit", N_("What the visit found"), findings.FORM, tuple(findings.FORM.said), _find),
    ],
    (N_("Leave an area empty that was not looked at. Not known is a choice of its score."),),
)
