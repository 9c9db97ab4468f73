"""The workbook of equipment: what is planned, what a country signs for, and its signs of life."""

from sqlmodel import Session

from dashboard.frame.book_rows import BookContent, DraftSheet, RowOutcome
from dashboard.frame.draft_book import DraftBook
from dashboard.parts.book.draft_rows import DraftRow, KnownRow
from dashboard.parts.draft_form import DraftForm
from dashboard.wording import N_, _, coded
from operations.core import rows
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.infrastructure import equipment as verbs
from operations.infrastructure.rows import LIFE, Equipment, EquipmentState
from operations.posts import register

ALL = "all"
"""The workbook is of all equipment that somebody sees."""
PLAN = DraftForm("equipment-plan-book", verbs.EquipmentDraft)
SIGN = DraftForm("equipment-sign-book", verbs.HandoverDraft)
_TOLD = {"post": N_("Post"), "what": N_("Equipment"), "from": N_("Donor")}


def _content(session: Session, of: str, by: Actor) -> BookContent:
    if of != ALL:
        raise NotFound
    sheets: dict[str, list[KnownRow]] = {}
    posts = [post for post in register.posts(session) if post.closed_at is None]
    if may(by, Act.EQUIPMENT_PLAN):
        sheets["plan"] = []
    if may(by, Act.EQUIPMENT_TAKE):
        names = {post.id: post.name for post in posts}
        sheets["sign"] = [
            KnownRow(each.id, {"post": names.get(each.post_id, ""), **_said(each)}, _signed(each))
            for each in verbs.equipment(session)
            if _signs(each, by)
        ]
    if not sheets:
        raise NotFound
    choices = [{"value": str(post.id), "label": post.name} for post in posts]
    return BookContent(_("Equipment"), sheets, {"plan": {"post_id": choices}}, {"country": by.country})


def _signs(found: Equipment, by: Actor) -> bool:
    """Return whether a person signs for it, or signed."""
    if not may(by, Act.EQUIPMENT_TAKE, register.subject(found)):
        return False
    steps = {step.before for step in LIFE.steps if step.after is EquipmentState.HANDED_OVER}
    return found.state in (*(each.value for each in steps), EquipmentState.HANDED_OVER)


def _said(found: Equipment) -> dict[str, str]:
    return {"what": coded("CL-EQUIPMENT", found.kind), "from": found.donor}


def _signed(found: Equipment) -> Equipment | None:
    return found if found.state == EquipmentState.HANDED_OVER else None


def _plan(session: Session, _of: str, row: DraftRow, by: Actor) -> RowOutcome:
    known = rows.find(session, Equipment, row.made_id)
    verbs.plan(session, row.draft(verbs.EquipmentDraft, id=row.made_id), by)
    return RowOutcome.SAME if known else RowOutcome.NEW


def _sign(session: Session, _of: str, row: DraftRow, by: Actor) -> RowOutcome:
    if row.id is None:
        raise NotFound
    verbs.hand_over(session, row.id, row.draft(verbs.HandoverDraft), by)
    return RowOutcome.CHANGED


BOOK = DraftBook(
    "equipment",
    Act.EQUIPMENT_READ,
    _content,
    [
        DraftSheet("plan", N_("Plan equipment"), PLAN, tuple(PLAN.said), _plan),
        DraftSheet("sign", N_("Sign for equipment"), SIGN, tuple(SIGN.said), _sign, _TOLD),
    ],
    (N_("One row is one piece of equipment. Leave a row empty for what is not handed over yet."),),
)
