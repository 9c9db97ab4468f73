"""Intelligence of an operation: a hypothesis in versions, and the target network (`support.network`).

Taskings derive from them: a tasking is a lead to countries that records its origin, and its answers are those of the
lead.
"""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field as Rule
from sqlalchemy import Index, UniqueConstraint, func, text, update
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal, rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft, Words
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.handling_codes import refuse_held
from operations.core.people import Actor, System
from operations.core.store import locked, scoped, unscoped
from operations.core.vocabulary import HypothesisState, LeadOrigin, LeadSubject, NetworkKind
from operations.policing.leads import leads
from operations.policing.operation import legal_holds
from operations.support.network import (
    EntityDraft,
    Graded,
    NetworkEntity,
    NetworkLink,
    TargetLinkDraft,
    describe,
    link,
    links,
    network,
    reads,
    record,
    replace,
    unchanged_row,
    unlink,
    writable,
)

__all__ = [
    "EntityDraft",
    "NetworkEntity",
    "NetworkLink",
    "TargetLinkDraft",
    "describe",
    "link",
    "links",
    "network",
    "unlink",
]

_SUBJECTS = {
    NetworkKind.ROUTE: LeadSubject.ROUTE,
    NetworkKind.GROUP: LeadSubject.GROUP,
    NetworkKind.MODUS_OPERANDI: LeadSubject.MODUS_OPERANDI,
    NetworkKind.CLUSTER_ROLE: LeadSubject.GROUP,
}

_HELD_HYPOTHESIS = N_("The hypothesis is marked {handling}: what follows from it is not passed on yet.")
_HELD_PART = N_("This part of the network is marked {handling}: it is not passed on until whoever gave it allows that.")

# ---------------------------------------------------------------------------------------------------- tables


class Hypothesis(SQLModel, table=True):
    """A version of the operation's hypothesis; the newest has `current`."""

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
    handling: str = Field(default="h0", max_length=2)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


class Tasking(SQLModel, table=True):
    """The origin of a lead: the version of the hypothesis it follows, and the part of the network it is about."""

    lead_id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    hypothesis_id: UUID = Field(foreign_key="hypothesis.id")
    entity_id: UUID | None = None
    made_at: datetime = Field(sa_type=UtcDateTime)


# ---------------------------------------------------------------------------------------------------- drafts


class HypothesisDraft(Graded):
    """Draft of a hypothesis: `supersedes_id` is the version that was on the screen."""

    id: UUID
    supersedes_id: UUID | None = None
    statement: Annotated[Words, Rule(min_length=1), Label(N_("Hypothesis"), N_("No names of persons."))]
    state: Annotated[HypothesisState, Label(N_("State"), listed="CL-HYPSTATE")] = HypothesisState.OPEN


class TaskingDraft(Draft):
    """Draft of a tasking: a question to countries derived from the hypothesis; `lead` is what they receive."""

    entity_id: UUID | None = None
    lead: leads.LeadDraft


# ------------------------------------------------------------------------------------------------ visibility


@scoped(Hypothesis)
def _hypotheses_seen(actor: Actor) -> Any:
    return reads(Hypothesis.operation_id, actor)


@scoped(Tasking)
def _taskings_seen(actor: Actor) -> Any:
    return reads(Tasking.operation_id, actor)


# ------------------------------------------------------------------------------------------------- questions


def hypotheses(session: Session, operation_id: UUID) -> list[Hypothesis]:
    """Return all versions of the hypothesis, newest first."""
    query = select(Hypothesis).where(Hypothesis.operation_id == operation_id)
    return list(session.exec(query.order_by(col(Hypothesis.version).desc())))


def taskings(session: Session, operation_id: UUID) -> list[tuple[Tasking, leads.Lead]]:
    """Return the leads derived from the hypothesis that the asker may see, by due time."""
    known = {each.id: each for each in leads.leads(session, operation_id)}
    query = select(Tasking).where(Tasking.operation_id == operation_id)
    found = [(each, known[each.lead_id]) for each in session.exec(query).all() if each.lead_id in known]
    return sorted(found, key=lambda pair: (pair[1].due, str(pair[1].id)))


# ----------------------------------------------------------------------------------------------------- verbs


def write_hypothesis(session: Session, operation_id: UUID, draft: HypothesisDraft, by: Actor) -> Hypothesis:
    """Write the hypothesis, or a new version of it: other words, another state, another evaluation."""
    owner = writable(session, operation_id, by)
    known = session.get(Hypothesis, draft.id)
    columns = draft.model_dump(exclude={"state"}) | {"state": draft.state.value}
    if known is not None:
        return unchanged_row(known, operation_id, columns)
    newest: Hypothesis | None = session.exec(
        locked(select(Hypothesis).where(Hypothesis.operation_id == operation_id, col(Hypothesis.current).is_(True)))
    ).one_or_none()
    replace(session, newest, draft.supersedes_id)
    made = Hypothesis(**columns, operation_id=owner.id, version=newest.version + 1 if newest else 1, **rows.author(by))
    session.add(made)
    record(session, by, "hypothesis", made.id, owner.id, version=made.version, state=made.state)
    return made


def task(session: Session, operation_id: UUID, draft: TaskingDraft, by: Actor) -> leads.Lead:
    """Derive a lead from the hypothesis and send it to countries. Idempotent."""
    owner = writable(session, operation_id, by)
    current = next((each for each in hypotheses(session, operation_id) if each.current), None)
    if current is None:
        raise RuleBroken("", "State the hypothesis first: a tasking follows from it.")
    parts = {each.entity_id: each for each in network(session, owner.id)}
    if draft.entity_id is not None and draft.entity_id not in parts:
        raise NotFound
    refuse_held(current.handling, _HELD_HYPOTHESIS)
    if draft.entity_id is not None:
        refuse_held(parts[draft.entity_id].handling, _HELD_PART)
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
    """Return origin and subject of the lead of a tasking about this kind of part."""
    subject = _SUBJECTS[kind] if kind is not None else LeadSubject.OTHER
    return {"origin": LeadOrigin.COORDINATION_UNIT.value, "subject_kind": subject.value}


# ----------------------------------------------------------------------------------------------------- erasure


def unerased(session: Session, operation_id: UUID) -> int:
    """Return how many versions of the hypothesis and of parts of the network have texts that no legal hold keeps."""
    if legal_holds.holding(session, operation_id) is not None:
        return 0
    hypotheses = select(func.count()).select_from(Hypothesis)
    parts = select(func.count()).select_from(NetworkEntity)
    return int(
        session.exec(hypotheses.where(Hypothesis.operation_id == operation_id, Hypothesis.statement != "")).one()
        + session.exec(parts.where(NetworkEntity.operation_id == operation_id, NetworkEntity.description != "")).one()
    )


def erase(session: Session, operation_id: UUID, by: System, until: date) -> int:
    """Erase the texts of hypothesis and network.

    Codes, kinds, grades, links and times stay. Return the number of records.

    Idempotent.
    """
    if not (records := unerased(session, operation_id)):
        return 0
    session.execute(update(Hypothesis).where(col(Hypothesis.operation_id) == operation_id).values(statement=""))
    session.execute(update(NetworkEntity).where(col(NetworkEntity.operation_id) == operation_id).values(description=""))
    journal.record(
        session,
        by,
        "intelligence.erase",
        "hypothesis",
        operation=operation_id,
        rule="retain_until",
        until=until.isoformat(),
        records=records,
    )
    return records


def erase_one(session: Session, version_id: UUID, by: Actor) -> None:
    """Erase the text of one version of the hypothesis, or of a part of the network, on a person's request.

    Raises RuleBroken where a legal hold keeps it.
    """
    for table, emptied in ((Hypothesis, {"statement": ""}), (NetworkEntity, {"description": ""})):
        of = session.exec(unscoped(select(table.operation_id).where(table.id == version_id))).one_or_none()
        if of is not None:
            legal_holds.refuse_held(session, of)
            session.execute(update(table).where(col(table.id) == version_id).values(emptied))
            journal.record(session, by, "intelligence.forget", "hypothesis", operation=of)
