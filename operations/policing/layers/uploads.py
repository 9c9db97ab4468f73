"""Uploads: the decoded table of a file, stored until it is imported or discarded, or expires.

An upload is visible to its owner alone. It is stored in the database so that every process of Muster finds it,
whichever of them read the file. It changes nothing in an operation, so only the import has a journal entry.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field as Rule
from sqlalchemy import CheckConstraint, delete
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft, Plain
from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import scoped, unscoped
from operations.policing.operation import plan

KEPT = timedelta(hours=2)
OF_ONE_PERSON = 2
SIZE_LIMIT = 64 * 2**20


class LayerUpload(SQLModel, table=True):
    """An uploaded file: its name, and its table as bytes, encoded and decoded by the caller."""

    __tablename__ = "layer_upload"
    __table_args__ = (
        CheckConstraint(f"size > 0 AND size <= {SIZE_LIMIT}", name="size"),
        CheckConstraint("expires_at > kept_at", name="expires"),
    )
    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    operation_id: UUID = Field(foreign_key="operation.id")
    country: str | None = Field(default=None, max_length=3)
    name: str = Field(max_length=200)
    size: int
    data: bytes
    kept_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


class LayerUploadDraft(Draft):
    """Draft of an upload: an identifier that cannot be guessed, and the owner's name for the file."""

    id: UUID
    name: Annotated[Plain, Rule(max_length=200)] = ""


@scoped(LayerUpload)
def _uploads_seen(actor: Actor) -> object:
    return col(LayerUpload.account_id) == actor.account_id


def may_keep(session: Session, operation_id: UUID, by: Actor) -> None:
    """Raise NotPermitted where `by` may import no layer into the operation, before a byte of the file is read."""
    owner = plan.operation(session, operation_id, by)
    require(by, Act.LAYER_ADD, plan.subject(owner, by.country if by.national else None))


def keep(session: Session, operation_id: UUID, draft: LayerUploadDraft, data: bytes, by: Actor) -> LayerUpload:
    """Store the upload of a layer for `KEPT`."""
    may_keep(session, operation_id, by)
    return _keep(session, operation_id, draft, data, by)


def keep_sheet(session: Session, operation_id: UUID, draft: LayerUploadDraft, data: bytes, by: Actor) -> LayerUpload:
    """Store the upload of a country's own sheet of reports for `KEPT`."""
    plan.operation(session, operation_id, by)
    require(by, Act.REPORT_WRITE)
    return _keep(session, operation_id, draft, data, by)


def _keep(session: Session, operation_id: UUID, draft: LayerUploadDraft, data: bytes, by: Actor) -> LayerUpload:
    """Store an upload; the person's older ones beyond `OF_ONE_PERSON` and all expired ones are deleted."""
    check_size(data)
    forget_expired(session)
    own = session.exec(select(LayerUpload.id).order_by(col(LayerUpload.kept_at).desc(), col(LayerUpload.id))).all()
    _forget(session, own[OF_ONE_PERSON - 1 :])
    made = LayerUpload(
        id=draft.id,
        account_id=by.account_id,
        operation_id=operation_id,
        country=by.country if by.national else None,
        name=draft.name,
        size=len(data),
        data=data,
        kept_at=now(),
        expires_at=now() + KEPT,
    )
    session.add(made)
    session.flush()
    return made


def check_size(data: bytes) -> None:
    """Raise RuleBroken on `file` where the data is empty or larger than `SIZE_LIMIT`."""
    if not 0 < len(data) <= SIZE_LIMIT:
        raise RuleBroken("file", "This file is too large to store. Divide it by period or by region.")


def known(session: Session, upload_id: UUID) -> tuple[UUID, str]:
    """Return the operation and the name of an upload of the asker that has not expired. Raises RuleBroken on `file`."""
    query = select(LayerUpload.operation_id, LayerUpload.name).where(
        LayerUpload.id == upload_id, col(LayerUpload.expires_at) > now()
    )
    found = session.exec(query).one_or_none()
    if found is None:
        raise RuleBroken("file", "This file is no longer stored. Choose it again.")
    return found


def content(session: Session, upload_id: UUID) -> bytes:
    """Return the table of an upload of the asker. Raises RuleBroken on `file`."""
    known(session, upload_id)
    return bytes(session.exec(select(LayerUpload.data).where(LayerUpload.id == upload_id)).one())


def drop(session: Session, upload_id: UUID) -> None:
    """Delete an upload of the asker, where it still exists."""
    _forget(session, session.exec(select(LayerUpload.id).where(LayerUpload.id == upload_id)).all())


def forget_expired(session: Session) -> None:
    """Delete all expired uploads, whoever owns them."""
    session.execute(unscoped(delete(LayerUpload).where(col(LayerUpload.expires_at) <= now())))


def _forget(session: Session, ids: Iterable[UUID]) -> None:
    session.execute(delete(LayerUpload).where(col(LayerUpload.id).in_(list(ids))))
