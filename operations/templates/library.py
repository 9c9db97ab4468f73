"""Templates as they are kept: in versions, shipped ones first, changed by coordinators."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint, false, text, true
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal, rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft
from operations.core.errors import Conflict, RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.store import locked, scoped
from operations.core.vocabulary import OperationType
from operations.templates.content import Content


class Template(SQLModel, table=True):
    """One version of a template. The newest has `current`; one that is out of use is a version too."""

    __table_args__ = (
        UniqueConstraint("template_id", "version"),
        Index(
            "uq_template_one_current",
            "template_id",
            unique=True,
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
    )
    id: UUID = Field(primary_key=True)
    template_id: UUID = Field(index=True)
    version: int
    supersedes_id: UUID | None = Field(default=None, foreign_key="template.id")
    current: bool = True
    retired: bool = False
    kind: str = Field(max_length=24)
    content: dict[str, Any] = Field(sa_type=JSON)
    author_id: UUID | None = None
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


class TemplateDraft(Draft):
    """A version of a template: `supersedes_id` is the one that was on the screen, None for a new template."""

    id: UUID
    template_id: UUID
    supersedes_id: UUID | None = None
    retired: bool = False
    content: Content


@scoped(Template)
def _templates_seen(actor: Actor) -> Any:
    """They belong to no operation and no country: whoever makes or approves operations reads them."""
    return true() if may(actor, Act.TEMPLATE_READ) else false()


# ------------------------------------------------------------------------------------------------- questions


def templates(session: Session, *, retired: bool = False) -> list[Template]:
    """The newest version of each template in the order of the kinds; those out of use where asked for."""
    found = session.exec(select(Template).where(col(Template.current).is_(True))).all()
    kept = [each for each in found if retired or not each.retired]
    return sorted(kept, key=lambda each: (list(OperationType).index(OperationType(each.kind)), str(each.template_id)))


def template(session: Session, version_id: UUID) -> Template:
    """One version. Raises NotFound."""
    return rows.one(session, Template, version_id)


def history(session: Session, template_id: UUID) -> list[Template]:
    """All versions of a template, newest first."""
    query = select(Template).where(Template.template_id == template_id).order_by(col(Template.version).desc())
    return list(session.exec(query))


def content_of(found: Template) -> Content:
    """What a stored version holds."""
    return Content.model_validate(found.content)


# ----------------------------------------------------------------------------------------------------- verbs


def save(session: Session, draft: TemplateDraft, by: Actor) -> Template:
    """Keep a new template, or a new version of one; operations that were started from it stay as they are.

    The same version again is answered as before. Raises Conflict when somebody changed the template meanwhile.
    """
    require(by, Act.TEMPLATE_EDIT)
    content = draft.content.model_dump(mode="json")
    said = {"template_id": draft.template_id, "content": content, "retired": draft.retired}
    otherwise = Conflict(
        "This version of the template was already saved with other content. Reload the page to see it."
    )
    if known := rows.said_before(session, Template, draft.id, said, otherwise):
        return known
    query = select(Template).where(Template.template_id == draft.template_id, col(Template.current).is_(True))
    newest: Template | None = session.exec(locked(query)).one_or_none()
    if (newest.id if newest else None) != draft.supersedes_id:
        raise Conflict("Somebody changed this template while you were writing. Reload the page to see the change.")
    if newest is not None:
        if newest.kind != draft.content.kind:
            raise RuleBroken("kind", "A template stays of its kind: make another one.")
        newest.current = False
        session.add(newest)
        session.flush()
    made = Template(
        id=draft.id,
        template_id=draft.template_id,
        version=newest.version + 1 if newest else 1,
        supersedes_id=draft.supersedes_id,
        retired=draft.retired,
        kind=draft.content.kind.value,
        content=content,
        author_id=by.account_id,
        author_name=by.name,
        made_at=now(),
    )
    session.add(made)
    journal.record(session, by, Act.TEMPLATE_EDIT, "template", made.template_id, type=made.kind, version=made.version)
    return made
