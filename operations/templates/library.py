"""Template library: templates in versions, initially the shipped ones, edited by coordinators."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint, false, text, true
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal, rows
from operations.core.clock import UtcDateTime
from operations.core.drafts import Draft
from operations.core.errors import Conflict, RuleBroken, Stale
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.store import locked, scoped
from operations.core.vocabulary import OperationType
from operations.templates.content import Content


class Template(SQLModel, table=True):
    """One version of a template. The newest has `current`; retirement is a version too."""

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
    """Draft of a version: `supersedes_id` is the version that was edited, None for a new template."""

    id: UUID
    template_id: UUID
    supersedes_id: UUID | None = None
    retired: bool = False
    content: Content


@scoped(Template)
def _templates_seen(actor: Actor) -> Any:
    """Return the row filter: templates have no operation and no country; readers make or approve operations."""
    return true() if may(actor, Act.TEMPLATE_READ) else false()


# ------------------------------------------------------------------------------------------------- questions


def templates(session: Session, *, retired: bool = False) -> list[Template]:
    """Return the newest version of each template in the order of the kinds; with `retired`, those out of use."""
    found = session.exec(select(Template).where(col(Template.current).is_(True))).all()
    kept = [each for each in found if retired or not each.retired]
    return sorted(kept, key=lambda each: (list(OperationType).index(OperationType(each.kind)), str(each.template_id)))


def template(session: Session, version_id: UUID) -> Template:
    """Return one version. Raises NotFound."""
    return rows.one(session, Template, version_id)


def history(session: Session, template_id: UUID) -> list[Template]:
    """Return all versions of a template, newest first."""
    query = select(Template).where(Template.template_id == template_id).order_by(col(Template.version).desc())
    return list(session.exec(query))


def content_of(found: Template) -> Content:
    """Return the content of a stored version."""
    return Content.model_validate(found.content)


# ----------------------------------------------------------------------------------------------------- verbs


def save(session: Session, draft: TemplateDraft, by: Actor) -> Template:
    """Save a new template, or a new version of one; operations that were started from it are not changed.

    Idempotent for the same version. Raises Conflict on a concurrent edit.
    """
    require(by, Act.TEMPLATE_EDIT)
    content = draft.content.model_dump(mode="json")
    said = {"template_id": draft.template_id, "content": content, "retired": draft.retired}
    otherwise = Conflict(
        "This version of the template was already saved with other content. Reload the page to see it."
    )
    if known := rows.same_draft(session, Template, draft.id, said, otherwise):
        return known
    query = select(Template).where(Template.template_id == draft.template_id, col(Template.current).is_(True))
    newest: Template | None = session.exec(locked(query)).one_or_none()
    if (newest.id if newest else None) != draft.supersedes_id:
        raise Stale
    if newest is not None:
        if newest.kind != draft.content.kind:
            raise RuleBroken("kind", "You cannot change the kind of a template. Make a new one.")
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
        **rows.author(by),
    )
    session.add(made)
    journal.record(session, by, Act.TEMPLATE_EDIT, "template", made.template_id, type=made.kind, version=made.version)
    return made
