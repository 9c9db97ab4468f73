"""Unsent forms (V0): an officer's unsent input, saved so that it is never lost. Visible to its author only."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, bindparam, delete, false
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core.clock import UtcDateTime, now
from operations.core.drafts import screen
from operations.core.errors import NotFound, Stale
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import scoped, unscoped
from operations.policing.operation import plan

WINDOW = "window"
"""The name under which content says in which window of a browser it was written."""


class SavedForm(SQLModel, table=True):
    """An unsent form (V0), as typed by an officer. Visible to its author only."""

    __tablename__ = "saved_form"
    id: UUID = Field(primary_key=True)
    author_id: UUID = Field(foreign_key="account.id", index=True)
    operation_id: UUID = Field(foreign_key="operation.id")
    site_id: UUID | None = None
    content: dict[str, Any] = Field(sa_type=JSON)
    saved_at: datetime = Field(sa_type=UtcDateTime)


@scoped(SavedForm)
def _forms_seen(actor: Actor) -> object:
    return (col(SavedForm.author_id) == actor.account_id) if actor.national else false()


def save_form(
    session: Session,
    form_id: UUID,
    operation_id: UUID,
    site_id: UUID | None,
    content: dict[str, Any],
    by: Actor,
    known: datetime | None = None,
) -> datetime:
    """Save an unsent form (V0), however unfinished, and return when.

    It never counts and is visible to its author only. `known` is when the window that saves last knew it to be saved;
    `content` names that window. Raises Stale where another window has saved it since.

    Personal data are refused already here: they must be neither sent nor stored.
    """
    owner = plan.operation(session, operation_id, by)
    require(by, Act.REPORT_CORRECT, plan.subject(owner, by.country, next(iter(by.sites), None)))
    screen(content)
    kept = session.exec(select(SavedForm).where(SavedForm.id == form_id)).one_or_none()
    if kept is None and session.exec(unscoped(select(SavedForm.id).where(SavedForm.id == form_id))).first() is not None:
        raise NotFound  # somebody else's form
    if kept is not None and kept.content.get(WINDOW) != content.get(WINDOW) and kept.saved_at != known:
        raise Stale("This report was changed in another window meanwhile. Both are kept until you choose.")
    kept = kept or SavedForm(id=form_id, author_id=by.account_id, operation_id=operation_id, content={}, saved_at=now())
    kept.site_id, kept.content, kept.saved_at = site_id, content, now()
    session.add(kept)
    session.flush()
    return kept.saved_at


def saved_forms(session: Session, operation_id: UUID) -> list[SavedForm]:
    """Return the asker's unsent forms of an operation, newest first."""
    query = select(SavedForm).where(SavedForm.operation_id == operation_id)
    return list(session.exec(query.order_by(col(SavedForm.saved_at).desc())))


def discard_form(session: Session, form_id: UUID) -> None:
    """Delete an unsent form of the asker."""
    session.execute(delete(SavedForm).where(col(SavedForm.id) == form_id))


_SENT = SavedForm.__table__.delete().where(  # type: ignore[attr-defined]
    col(SavedForm.id) == bindparam("form"), col(SavedForm.author_id) == bindparam("author")
)


KEPT = select(SavedForm.id).where(col(SavedForm.id) == bindparam("form")).exists()
"""An SQL condition: the form is saved."""


def delete_sent_form(session: Session, form_id: UUID, by: Actor) -> None:
    """Delete the saved form after it was sent."""
    session.connection().execute(_SENT, {"form": form_id, "author": by.account_id})
