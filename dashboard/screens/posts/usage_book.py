"""The workbook of the months of a post: counts of queries and of persons who passed."""

from sqlmodel import Session

from dashboard.frame.book_rows import BookContent, DraftSheet, RowOutcome
from dashboard.frame.draft_book import DraftBook
from dashboard.parts.book.draft_rows import CHANGED, DraftRow, KnownRow
from dashboard.parts.draft_form import DraftForm
from dashboard.server.access import known_id
from dashboard.wording import N_, _, coded
from operations.core import rows
from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.infrastructure import equipment, usage
from operations.infrastructure.rows import HANDED_OVER_STATES, Equipment
from operations.infrastructure.signs_of_life import sign_of
from operations.posts import register

FORM = DraftForm("usage", usage.MonthDraft).wire()


def devices(session: Session, _by: Actor, shown: str) -> list[dict[str, str]]:
    """Return the devices of a post that make queries, as options."""
    found = _querying(session, shown)
    return [{"value": str(each.id), "label": f"{coded('CL-EQUIPMENT', each.kind)} {each.serial}"} for each in found]


def _querying(session: Session, shown: str) -> list[Equipment]:
    found = equipment.equipment(session, known_id(shown))
    return [each for each in found if each.state in HANDED_OVER_STATES and sign_of(each.kind).queries]


def _content(session: Session, of: str, by: Actor) -> BookContent:
    post = register.post(session, known_id(of))
    require(by, Act.USAGE_COUNT, register.subject(post))
    counted = usage.months(session, post.id)
    known = [KnownRow(each.id, content=_said(each)) for each in reversed(counted)]
    title = _("Use of databases: {post}", post=post.name)
    used, now = {each.device_id for each in counted}, _querying(session, of)
    numbers = [
        {"value": str(each.id), "label": each.serial}
        for each in equipment.equipment(session, post.id)
        if each in now or each.id in used
    ]
    options = {"months": {"device_id": numbers}}
    return BookContent(title, {"months": known}, options, {"country": post.country})


def _said(month: usage.UsageMonth) -> dict[str, object]:
    about = month.model_dump(include=set(usage.MonthDraft.model_fields))
    return about | {"database": month.database or "unknown"}


def _write(session: Session, of: str, row: DraftRow, by: Actor) -> RowOutcome:
    if known := rows.find(session, usage.UsageMonth, row.version_id):
        if not known.current:
            raise RuleBroken("", CHANGED)
        return RowOutcome.SAME
    draft = row.draft(usage.MonthDraft, id=row.version_id, replaces=row.id)
    usage.count(session, known_id(of), draft, by)
    return RowOutcome.CHANGED if row.id else RowOutcome.NEW


BOOK = DraftBook(
    "usage",
    Act.USAGE_COUNT,
    _content,
    [DraftSheet("months", N_("Months"), FORM, tuple(name for name in FORM.said), _write)],
    (N_("One row is one count of one month: the queries in one database, or the persons who passed."),),
)
