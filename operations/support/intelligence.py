"""What an intelligence-driven operation follows: a hypothesis, and a target network stated without names.

Entities of the network have a kind and a code that Muster gives (G1, R2), so that no name can stand in for one.
Hypothesis and entities are versions. From them leads are put to countries: a tasking is a lead that says where it comes
from, and its answers are those of the lead.
"""

from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false, func, text, update
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft, Words, rule
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.people import Actor, System
from operations.core.permissions import Act, may, require
from operations.core.said import N_, Said
from operations.core.store import alone, locked, scoped, unscoped
from operations.core.vocabulary import HypothesisState, InList, LeadOrigin, LeadSubject, NetworkKind
from operations.policing.leads import leads
from operations.policing.operation import plan

_TO_ITSELF = rule("linked_to_itself", "A part of the network is linked to another one: choose two.")
Kept = TypeVar("Kept", "Hypothesis", "NetworkEntity", "NetworkLink")
_LETTERS = {
    NetworkKind.ROUTE: "R",
    NetworkKind.GROUP: "G",
    NetworkKind.MODUS_OPERANDI: "M",
    NetworkKind.CLUSTER_ROLE: "F",
}
_SUBJECTS = {
    NetworkKind.ROUTE: LeadSubject.ROUTE,
    NetworkKind.GROUP: LeadSubject.GROUP,
    NetworkKind.MODUS_OPERANDI: LeadSubject.MODUS_OPERANDI,
    NetworkKind.CLUSTER_ROLE: LeadSubject.GROUP,
}

# ---------------------------------------------------------------------------------------------------- tables


class Hypothesis(SQLModel, table=True):
    """One version of what the operation supposes; the newest has `current`."""

    __table_args__ = (
        UniqueConstraint("operation_id", "version"),
        Index(
            "uq_hypothesis_one_current",
            "operation_id",
            unique=True,
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
    )
    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    version: int
    supersedes_id: UUID | None = Field(default=None, foreign_key="hypothesis.id")
    current: bool = True
    statement: str = Field(max_length=2000)
    state: str = Field(max_length=12)
    source: str = Field(max_length=1)
    information: str = Field(max_length=1)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


class NetworkEntity(SQLModel, table=True):
    """One version of a part of the target network. `code` is given once and stays; what is removed is a version too."""

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
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


class NetworkLink(SQLModel, table=True):
    """How one part of the network stands to another. It is taken away, never changed."""

    __tablename__ = "network_link"
    __table_args__ = (CheckConstraint("from_id <> to_id", name="of_two"),)
    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    from_id: UUID
    to_id: UUID
    kind: str = Field(max_length=16)
    source: str = Field(max_length=1)
    information: str = Field(max_length=1)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Tasking(SQLModel, table=True):
    """Where a lead comes from: the version of the hypothesis it follows, and the part of the network it is about."""

    lead_id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    hypothesis_id: UUID = Field(foreign_key="hypothesis.id")
    entity_id: UUID | None = None
    made_at: datetime = Field(sa_type=UtcDateTime)


# ---------------------------------------------------------------------------------------------------- drafts


class Graded(Draft):
    """The 4x4 evaluation: how reliable the source is, and how well the information is known."""

    source: Annotated[str, InList("CL-SRC"), Said(N_("Source"))] = "x"
    information: Annotated[str, InList("CL-INFO"), Said(N_("Information"))] = "4"


class HypothesisDraft(Graded):
    """What the operation supposes: `supersedes_id` is the version that was on the screen."""

    id: UUID
    supersedes_id: UUID | None = None
    statement: Annotated[Words, Rule(min_length=1), Said(N_("Hypothesis"), N_("No names of persons."))]
    state: Annotated[HypothesisState, Said(N_("State"), listed="CL-HYPSTATE")] = HypothesisState.OPEN


class EntityDraft(Graded):
    """A part of the network, described without names."""

    id: UUID
    entity_id: UUID
    supersedes_id: UUID | None = None
    kind: Annotated[NetworkKind, Said(N_("Kind"), listed="CL-NETWORK")]
    description: Annotated[Words, Rule(min_length=1), Said(N_("What is known"), N_("No names of persons."))]
    removed: bool = False


class LinkDraft(Graded):
    """How one part stands to another."""

    id: UUID
    from_id: Annotated[UUID, Said(N_("From"))]
    to_id: Annotated[UUID, Said(N_("To"))]
    kind: Annotated[str, InList("CL-NETLINK"), Said(N_("Link"))]

    @model_validator(mode="after")
    def _of_two(self) -> "LinkDraft":
        if self.from_id == self.to_id:
            raise PydanticCustomError(_TO_ITSELF, "linked to itself")
        return self


class TaskingDraft(Draft):
    """A question to countries that follows from the hypothesis; `lead` is what they get."""

    entity_id: UUID | None = None
    lead: leads.LeadDraft


# --------------------------------------------------------------------------------------------- who sees what


def _reads(column: Any, actor: Actor) -> Any:
    """Those who coordinate and leadership; countries know the leads that they are sent, and not the whole."""
    return plan.within_reach(column, actor) if may(actor, Act.INTELLIGENCE_READ) else false()


@scoped(Hypothesis)
def _hypotheses_seen(actor: Actor) -> Any:
    return _reads(Hypothesis.operation_id, actor)


@scoped(NetworkEntity)
def _entities_seen(actor: Actor) -> Any:
    return _reads(NetworkEntity.operation_id, actor)


@scoped(NetworkLink)
def _links_seen(actor: Actor) -> Any:
    return _reads(NetworkLink.operation_id, actor)


@scoped(Tasking)
def _taskings_seen(actor: Actor) -> Any:
    return _reads(Tasking.operation_id, actor)


# ------------------------------------------------------------------------------------------------- questions


def hypotheses(session: Session, operation_id: UUID) -> list[Hypothesis]:
    """All versions of the hypothesis, newest first."""
    query = select(Hypothesis).where(Hypothesis.operation_id == operation_id)
    return list(session.exec(query.order_by(col(Hypothesis.version).desc())))


def network(session: Session, operation_id: UUID) -> list[NetworkEntity]:
    """The parts of the target network as they are now, by code."""
    query = select(NetworkEntity).where(
        NetworkEntity.operation_id == operation_id,
        col(NetworkEntity.current).is_(True),
        col(NetworkEntity.removed).is_(False),
    )
    return sorted(session.exec(query).all(), key=lambda each: (each.code[0], int(each.code[1:])))


def links(session: Session, operation_id: UUID) -> list[NetworkLink]:
    """The links between parts that both still stand."""
    present = {each.entity_id for each in network(session, operation_id)}
    query = select(NetworkLink).where(NetworkLink.operation_id == operation_id, col(NetworkLink.removed_at).is_(None))
    found = session.exec(query.order_by(col(NetworkLink.made_at), col(NetworkLink.id))).all()
    return [each for each in found if each.from_id in present and each.to_id in present]


def taskings(session: Session, operation_id: UUID) -> list[tuple[Tasking, leads.Lead]]:
    """The leads that follow from the hypothesis and that the asker may see, those due first come first."""
    known = {each.id: each for each in leads.leads(session, operation_id)}
    query = select(Tasking).where(Tasking.operation_id == operation_id)
    found = [(each, known[each.lead_id]) for each in session.exec(query).all() if each.lead_id in known]
    return sorted(found, key=lambda pair: (pair[1].due, str(pair[1].id)))


# ----------------------------------------------------------------------------------------------------- verbs


def suppose(session: Session, operation_id: UUID, draft: HypothesisDraft, by: Actor) -> Hypothesis:
    """State the hypothesis, or a new version of it: other words, another state, another evaluation."""
    owner = _writable(session, operation_id, by)
    known = session.get(Hypothesis, draft.id)
    columns = draft.model_dump(exclude={"state"}) | {"state": draft.state.value}
    if known is not None:
        return _as_before(known, operation_id, columns)
    newest: Hypothesis | None = session.exec(
        locked(select(Hypothesis).where(Hypothesis.operation_id == operation_id, col(Hypothesis.current).is_(True)))
    ).one_or_none()
    _replace(session, newest, draft.supersedes_id)
    made = Hypothesis(**columns, operation_id=owner.id, version=newest.version + 1 if newest else 1, **_written(by))
    session.add(made)
    _record(session, by, "hypothesis", made.id, owner.id, version=made.version, state=made.state)
    return made


def describe(session: Session, operation_id: UUID, draft: EntityDraft, by: Actor) -> NetworkEntity:
    """Put a part into the target network, say it anew, or take it out. It gets its code with its first version."""
    owner = _writable(session, operation_id, by)
    known = session.get(NetworkEntity, draft.id)
    columns = draft.model_dump(exclude={"kind"}) | {"kind": draft.kind.value}
    if known is not None:
        return _as_before(known, operation_id, columns)
    alone(session, operation_id)
    newest: NetworkEntity | None = session.exec(
        locked(
            select(NetworkEntity).where(
                NetworkEntity.entity_id == draft.entity_id, col(NetworkEntity.current).is_(True)
            )
        )
    ).one_or_none()
    if newest is not None and (newest.operation_id, newest.kind) != (operation_id, draft.kind.value):
        raise RuleBroken("kind", "A part of the network stays of its kind: add another one.")
    _replace(session, newest, draft.supersedes_id)
    made = NetworkEntity(
        **columns,
        operation_id=owner.id,
        code=newest.code if newest else _code(session, owner.id, draft.kind),
        version=newest.version + 1 if newest else 1,
        **_written(by),
    )
    session.add(made)
    _record(session, by, "network", made.entity_id, owner.id, version=made.version, part=made.kind, out=made.removed)
    return made


def link(session: Session, operation_id: UUID, draft: LinkDraft, by: Actor) -> NetworkLink:
    """Say how one part of the network stands to another. Raises NotFound for parts of another operation."""
    owner = _writable(session, operation_id, by)
    known = session.get(NetworkLink, draft.id)
    if known is not None:
        return _as_before(known, operation_id, draft.model_dump())
    present = {each.entity_id for each in network(session, operation_id)}
    if not {draft.from_id, draft.to_id} <= present:
        raise NotFound
    same = (draft.from_id, draft.to_id, draft.kind)
    if any((each.from_id, each.to_id, each.kind) == same for each in links(session, operation_id)):
        raise RuleBroken("kind", "This link stands already.")
    made = NetworkLink(**draft.model_dump(), operation_id=owner.id, **_written(by))
    session.add(made)
    _record(session, by, "network", made.id, owner.id, link=made.kind)
    return made


def unlink(session: Session, link_id: UUID, by: Actor) -> NetworkLink:
    """Take a link away. Again: nothing more happens."""
    found: NetworkLink | None = session.exec(locked(select(NetworkLink).where(NetworkLink.id == link_id))).one_or_none()
    if found is None:
        raise NotFound
    _writable(session, found.operation_id, by)
    if found.removed_at is None:
        found.removed_at = now()
        session.add(found)
        _record(session, by, "network", found.id, found.operation_id, link=found.kind, out=True)
    return found


def task(session: Session, operation_id: UUID, draft: TaskingDraft, by: Actor) -> leads.Lead:
    """Derive a question from the hypothesis, put it to countries and send it. The same again is answered as before."""
    owner = _writable(session, operation_id, by)
    current = next((each for each in hypotheses(session, operation_id) if each.current), None)
    if current is None:
        raise RuleBroken("", "State the hypothesis first: a tasking follows from it.")
    if draft.entity_id is not None and draft.entity_id not in {each.entity_id for each in network(session, owner.id)}:
        raise NotFound
    known = session.get(Tasking, draft.lead.lead_id)
    if known is not None and (known.operation_id, known.entity_id) != (operation_id, draft.entity_id):
        raise Conflict("This tasking was already sent with other content. Reload the page to see it.")
    made = leads.write(session, operation_id, draft.lead, by)
    if known is None:
        session.add(
            Tasking(
                lead_id=made.id,
                operation_id=operation_id,
                hypothesis_id=current.id,
                entity_id=draft.entity_id,
                made_at=now(),
            )
        )
        session.flush()
    return leads.share(session, made.id, by)


def lead_content(kind: NetworkKind | None) -> dict[str, str]:
    """What the lead of a tasking about this kind of part says of itself."""
    subject = _SUBJECTS[kind] if kind is not None else LeadSubject.OTHER
    return {"origin": LeadOrigin.COORDINATION_UNIT.value, "subject_kind": subject.value}


# ----------------------------------------------------------------------------------------------------- erasure


def unerased(session: Session, operation_id: UUID) -> int:
    """How many versions of the hypothesis and of parts of the network still say something."""
    hypotheses = select(func.count()).select_from(Hypothesis)
    parts = select(func.count()).select_from(NetworkEntity)
    return int(
        session.exec(hypotheses.where(Hypothesis.operation_id == operation_id, Hypothesis.statement != "")).one()
        + session.exec(parts.where(NetworkEntity.operation_id == operation_id, NetworkEntity.description != "")).one()
    )


def erase(session: Session, operation_id: UUID, by: System, until: date) -> int:
    """Erase what was supposed and known. Codes, kinds, grades, links and times stay. Returns how many records.

    Again: nothing more happens.
    """
    if not (records := unerased(session, operation_id)):
        return 0
    session.execute(update(Hypothesis).where(col(Hypothesis.operation_id) == operation_id).values(statement=""))
    session.execute(update(NetworkEntity).where(col(NetworkEntity.operation_id) == operation_id).values(description=""))
    journal.record(
        session, by, "intelligence.erase", "hypothesis", operation=operation_id, rule="retain_until",
        until=until.isoformat(), records=records,
    )  # fmt: skip
    return records


# ----------------------------------------------------------------------------------------------------- inside


def _writable(session: Session, operation_id: UUID, by: Actor) -> plan.Operation:
    owner = plan.operation(session, operation_id, by)
    require(by, Act.INTELLIGENCE_WRITE, plan.subject(owner))
    if owner.state in plan.ENDED:
        raise RuleBroken("", "The operation has ended: what it supposed stays as it was.")
    return owner


def _as_before(known: Kept, operation_id: UUID, columns: dict[str, Any]) -> Kept:
    if known.operation_id == operation_id and all(getattr(known, name) == said for name, said in columns.items()):
        return known
    raise Conflict("This was already saved with other content. Reload the page to see it.")


def _replace(session: Session, newest: Hypothesis | NetworkEntity | None, seen: UUID | None) -> None:
    """Let the newest version be the newest no more. Raises Conflict when it is not the one that was on the screen."""
    if (newest.id if newest else None) != seen:
        raise Conflict("Somebody changed this while you were writing. Reload the page to see the change.")
    if newest is not None:
        newest.current = False
        session.add(newest)
        session.flush()


def _written(by: Actor) -> dict[str, Any]:
    return {"author_id": by.account_id, "author_name": by.name, "made_at": now()}


def _code(session: Session, operation_id: UUID, kind: NetworkKind) -> str:
    query = select(func.count(func.distinct(NetworkEntity.entity_id))).where(
        NetworkEntity.operation_id == operation_id, NetworkEntity.kind == kind.value
    )
    return f"{_LETTERS[kind]}{session.exec(unscoped(query)).one() + 1}"


def _record(session: Session, by: Actor, what: str, object_id: UUID, operation_id: UUID, **detail: Any) -> None:
    journal.record(session, by, f"intelligence.{what}", what, object_id, operation=operation_id, **detail)
