"""The workbook of cases: a country nominates many at once, and amends what it nominated.

It is taken along empty: who reads a case says why, one by one.
"""

from sqlmodel import Session

from dashboard.frame.book_rows import BookContent, DraftSheet, RowOutcome
from dashboard.frame.draft_book import DraftBook
from dashboard.parts.book.draft_rows import DraftRow
from dashboard.parts.draft_form import DraftForm
from dashboard.screens.fugitives.case_form import AMENDED, NOMINATED
from dashboard.server.access import known_id
from dashboard.wording import N_, _, language
from operations.core import vocabulary
from operations.core.errors import NotFound, RuleBroken
from operations.core.field_labels import Label
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.policing.fugitives import cases
from operations.policing.operation import plan

FORM = DraftForm(
    "fugitives-book",
    cases.CaseDraft,
    beside={"reason": Label(N_("Reason of the change"), N_("Only where your country nominated this notice before."))},
)


def _content(session: Session, of: str, by: Actor) -> BookContent:
    operation = plan.operation(session, known_id(of), by)
    require(by, Act.FUGITIVE_NOMINATE, plan.subject(operation, by.country))
    if not cases.sweeping(operation):
        raise NotFound
    abroad = [each for each in vocabulary.options("CL-COUNTRY", language()) if each["value"] != by.country]
    title = _("Cases: {operation}", operation=operation.title)
    trail = {"operation": operation.id, "country": by.country}
    return BookContent(title, {"cases": ()}, {"cases": {"believed_in": abroad}}, trail)


def _write(session: Session, of: str, row: DraftRow, by: Actor) -> RowOutcome:
    about = {"id": row.version_id, "case_id": row.made_id, "requesting_country": by.country}
    draft = row.draft(cases.CaseDraft, **about)
    found = cases.nominated(session, known_id(of), draft.requesting_country, draft.notice_ref)
    if found is None:
        cases.nominate(session, known_id(of), draft, by)
        return RowOutcome.NEW
    draft = draft.model_copy(
        update={
            "case_id": found.id,
            "believed_in": tuple(sorted(draft.believed_in)),
            "retain_until": draft.retain_until or found.retain_until,
        }
    )
    stands = {name: getattr(found, name) for name in AMENDED if name != "believed_in"}
    stands["believed_in"] = tuple(cases.believed_countries(session, found.id))
    if all(getattr(draft, name) == value for name, value in stands.items()):
        return RowOutcome.SAME
    if not row.typed["reason"]:
        raise RuleBroken(
            "reason", "Your country nominated this notice with other content. Give the reason to change it."
        )
    cases.amend(session, draft, by, seen=found.version, why=row.typed["reason"])
    return RowOutcome.CHANGED


BOOK = DraftBook(
    "cases",
    Act.FUGITIVE_NOMINATE,
    _content,
    [DraftSheet("cases", N_("Cases"), FORM, (*NOMINATED, "retain_until", "reason"), _write)],
    (N_("One row is one case. A case that your country nominated before is changed: give the reason in its row."),),
)
