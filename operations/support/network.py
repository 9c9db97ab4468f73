"""The target network, without names: its parts have a kind and a code that Muster assigns, and are versioned.

Codes look like G1 or R2, so that no name can be used as one.
"""

from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false, func, text
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal, rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft, Words, rule
from operations.core.errors import Conflict, NotFound, RuleBroken, Stale
from operations.core.field_labels import N_, Label
from operations.core.handling_codes import Handling
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.store import alone, locked, scoped, unscoped
from operations.core.vocabulary import InList, NetworkKind
from operations.policing.operation import plan

_TO_ITSELF = rule("linked_to_itself", "A link joins two different parts of the network. Choose two.")
Kept = TypeVar("Kept")
_LETTERS = {
    NetworkKind.ROUTE: "R",
    NetworkKind.GROUP: "G",
    NetworkKind.MODUS_OPERANDI: "M",
    NetworkKind.CLUSTER_ROLE: "F",
}

# --------------------------------------------------------------------------------------------------------------- tables


class NetworkEntity(SQLModel, table=True):
    """A version of a part of the target network. `code` is assigned once and stays; a removal is a version too."""

    __tablename__ = "network_entity"
    __table_args__ = (
        UniqueConstraint("entity_id", "version"),
        Index(
            "uq_network_entity_one_current",
            "entity_id",
            unique=True,
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
    )
    id: UUID = Field(primary_key=True)
    entity_id: UUID = Field(index=True)
    version: int
    supersedes_id: UUID | None = Field(default=None, foreign_key="network_entity.id")
    current: bool = True
    removed: bool = False
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    kind: str = Field(max_length=16)
    code: str = Field(max_length=8)
    description: str = Field(max_length=2000)
    source: str = Field(max_length=1)
    information: str = Field(max_length=1)
    handling: str = Field(default="h0", max_length=2)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


class NetworkLink(SQLModel, table=True):
    """A link from one part of the network to another. It is removed, never changed."""

    __tablename__ = "network_link"
    __table_args__ = (CheckConstraint("from_id <> to_id", name="of_two"),)
    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    from_id: UUID
    to_id: UUID
    kind: str = Field(max_length=16)
    source: str = Field(max_length=1)
    information: str = Field(max_length=1)
    handling: str = Field(default="h0", max_length=2)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


# --------------------------------------------------------------------------------------------------------------- drafts


class Graded(Draft):
    """The 4x4 evaluation of source and information, and the handling code."""

    source: Annotated[str, InList("CL-SRC"), Label(N_("Source"))] = "x"
    information: Annotated[str, InList("CL-INFO"), Label(N_("Information"))] = "4"
    handling: Handling = "h0"


class EntityDraft(Graded):
    """Draft of a part of the network, described without names."""

    id: UUID
    entity_id: UUID
    supersedes_id: UUID | None = None
    kind: Annotated[NetworkKind, Label(N_("Kind"), listed="CL-NETWORK")]
    description: Annotated[Words, Rule(min_length=1), Label(N_("What is known"), N_("No names of persons."))]
    removed: bool = False


class TargetLinkDraft(Graded):
    """Draft of a link from one part to another."""

    id: UUID
    from_id: Annotated[UUID, Label(N_("From"))]
    to_id: Annotated[UUID, Label(N_("To"))]
    kind: Annotated[str, InList("CL-NETLINK"), Label(N_("Link"))]

    @model_validator(mode="after")
    def _of_two(self) -> "TargetLinkDraft":
        if self.from_id == self.to_id:
            raise PydanticCustomError(_TO_ITSELF, "linked to itself")
        return self


# ----------------------------------------------------------------------------------------------------------- visibility


def reads(column: Any, actor: Actor) -> Any:
    """Return an SQL condition: rows visible to the coordination and leadership; countries know only leads sent to
    them.
    """
    return plan.within_reach(column, actor) if may(actor, Act.INTELLIGENCE_READ) else false()


@scoped(NetworkEntity)
def _entities_seen(actor: Actor) -> Any:
    return reads(NetworkEntity.operation_id, actor)


@scoped(NetworkLink)
def _links_seen(actor: Actor) -> Any:
    return reads(NetworkLink.operation_id, actor)


# ------------------------------------------------------------------------------------------------------------ questions


def network(session: Session, operation_id: UUID) -> list[NetworkEntity]:
    """Return the current parts of the target network, by code."""
    query = select(NetworkEntity).where(
        NetworkEntity.operation_id == operation_id,
        col(NetworkEntity.current).is_(True),
        col(NetworkEntity.removed).is_(False),
    )
    return sorted(session.exec(query).all(), key=lambda each: (each.code[0], int(each.code[1:])))


def links(session: Session, operation_id: UUID) -> list[NetworkLink]:
    """Return the links between parts that both still exist."""
    present = {each.entity_id for each in network(session, operation_id)}
    query = select(NetworkLink).where(NetworkLink.operation_id == operation_id, col(NetworkLink.removed_at).is_(None))
    found = session.exec(query.order_by(col(NetworkLink.made_at), col(NetworkLink.id))).all()
    return [each for each in found if each.from_id in present and each.to_id in present]


# ---------------------------------------------------------------------------------------------------------------- verbs


def describe(session: Session, operation_id: UUID, draft: EntityDraft, by: Actor) -> NetworkEntity:
    """Add a part to the target network, change it, or remove it. Its code is assigned with the first version."""
    owner = writable(session, operation_id, by)
    known = session.get(NetworkEntity, draft.id)
    columns = draft.model_dump(exclude={"kind"}) | {"kind": draft.kind.value}
    if known is not None:
        return unchanged_row(known, operation_id, columns)
    alone(session, operation_id)
    newest: NetworkEntity | None = session.exec(
        locked(
            select(NetworkEntity).where(
                NetworkEntity.entity_id == draft.entity_id, col(NetworkEntity.current).is_(True)
            )
        )
    ).one_or_none()
    if newest is not None and (newest.operation_id, newest.kind) != (operation_id, draft.kind.value):
        raise RuleBroken("kind", "You cannot change the kind of a part of the network. Add a new part.")
    if newest is not None and newest.removed:
        raise Conflict("Somebody took this part out of the network. Add a new part.")
    replace(session, newest, draft.supersedes_id)
    made = NetworkEntity(
        **columns,
        operation_id=owner.id,
        code=newest.code if newest else _code(session, owner.id, draft.kind),
        version=newest.version + 1 if newest else 1,
        **rows.author(by),
    )
    session.add(made)
    record(session, by, "network", made.entity_id, owner.id, version=made.version, part=made.kind, out=made.removed)
    return made


def link(session: Session, operation_id: UUID, draft: TargetLinkDraft, by: Actor) -> NetworkLink:
    """Link one part of the network to another. Raises NotFound for parts of another operation."""
    owner = writable(session, operation_id, by)
    known = session.get(NetworkLink, draft.id)
    if known is not None:
        return unchanged_row(known, operation_id, draft.model_dump())
    present = {each.entity_id for each in network(session, operation_id)}
    if not {draft.from_id, draft.to_id} <= present:
        raise NotFound
    same = (draft.from_id, draft.to_id, draft.kind)
    if any((each.from_id, each.to_id, each.kind) == same for each in links(session, operation_id)):
        raise RuleBroken("kind", "This link already exists.")
    made = NetworkLink(**draft.model_dump(), operation_id=owner.id, **rows.author(by))
    session.add(made)
    record(session, by, "network", made.id, owner.id, link=made.kind)
    return made


def unlink(session: Session, link_id: UUID, by: Actor) -> NetworkLink:
    """Remove a link. Idempotent."""
    found = rows.hold(session, NetworkLink, link_id)
    writable(session, found.operation_id, by)
    if found.removed_at is None:
        found.removed_at = now()
        session.add(found)
        record(session, by, "network", found.id, found.operation_id, link=found.kind, out=True)
    return found


# ------------------------------------------------------------------------------------------------------------- versions


def writable(session: Session, operation_id: UUID, by: Actor) -> plan.Operation:
    """Return the operation, where `by` may write its intelligence now. Raises NotFound, RuleBroken."""
    owner = plan.operation(session, operation_id, by)
    require(by, Act.INTELLIGENCE_WRITE, plan.subject(owner))
    if owner.state in plan.ENDED:
        raise RuleBroken("", "The operation has ended. Its hypothesis and network can no longer change.")
    return owner


def unchanged_row(known: Kept, operation_id: UUID, columns: dict[str, Any]) -> Kept:
    """Return the row saved under an id, where its content is the same. Raises Conflict."""
    if all(getattr(known, name) == said for name, said in {**columns, "operation_id": operation_id}.items()):
        return known
    raise Conflict("This was already saved with other content. Reload the page to see it.")


def replace(session: Session, newest: Any, seen: UUID | None) -> None:
    """Take `current` from the newest version. Raises Conflict where another version was on the screen."""
    if (newest.id if newest else None) != seen:
        raise Stale
    if newest is not None:
        newest.current = False
        session.add(newest)
        session.flush()


def _code(session: Session, operation_id: UUID, kind: NetworkKind) -> str:
    query = select(func.count(func.distinct(NetworkEntity.entity_id))).where(
        NetworkEntity.operation_id == operation_id, NetworkEntity.kind == kind.value
    )
    return f"{_LETTERS[kind]}{session.exec(unscoped(query)).one() + 1}"


def record(session: Session, by: Actor, what: str, object_id: UUID, operation_id: UUID, **detail: Any) -> None:
    """Write a journal entry about the hypothesis or the network."""
    journal.record(session, by, f"intelligence.{what}", what, object_id, operation=operation_id, **detail)
