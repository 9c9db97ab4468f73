"""Tables of leads, their state machines, and their visibility: origin country, countries asked, and the coordination.

A country's part in a lead has a state machine of its own; the state of the lead is derived from its parts.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, false
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import history, journal
from operations.core.clock import UtcDateTime, now
from operations.core.errors import Flaw, RuleBroken, existing
from operations.core.field_labels import N_
from operations.core.people import Actor, System
from operations.core.permissions import Act, Subject, may
from operations.core.state_machine import Life, Step, Whole, ways
from operations.core.store import scoped, unscoped
from operations.core.vocabulary import LeadState, LeadSubject, Role
from operations.core.worklist import TO_COORDINATOR, Waits
from operations.policing.operation import legal_holds, plan
from operations.policing.operation.withholding import withheld

_S = LeadState
OPEN = (_S.SHARED.value, _S.ACCEPTED.value, _S.ACTIONED.value)
"""The states in which a country has yet to answer."""
RETENTION = timedelta(days=5 * 365)
"""How long after an operation data about persons is kept at most (domain 5.3)."""

# --------------------------------------------------------------------------------------------- state machine


def _may(part: "LeadCountry", whole: "Lead", step: Step[LeadState], by: Actor) -> bool:
    """An addressed country answers its part while it may see it; the origin country or the coordination sends it."""
    if whole.erased_at is not None:
        return False
    if step.act is Act.LEAD_WRITE:
        return (not by.national or whole.origin_country == by.country) and may(by, step.act, subject(whole, by.country))
    sent = part.shared_at is not None and part.revoked_at is None
    return sent and part.country == by.country and may(by, step.act, subject(whole, part.country))


_WAITING = (_S.SHARED, _S.ACCEPTED, _S.ACTIONED)
_ANSWER = Act.LEAD_ANSWER


def _of_a_case(_part: Any, whole: Any, _by: Any) -> bool:
    return bool(whole.subject_kind == LeadSubject.FUGITIVE_CASE)


_ASKED = Waits(
    N_("A lead about case {case} waits for your country's answer."),
    "/operations/{operation}/fugitives?case={of}",
    "help-circle",
    "shared_at",
    "due",
    late=TO_COORDINATOR,
    whose=_of_a_case,
)
_QUESTION = Waits(
    N_("A lead waits for your country's answer: {words}"),
    "/operations/{operation}/leads?show={id}",
    "help-circle",
    "shared_at",
    "due",
    late=TO_COORDINATOR,
    whose=lambda *given: not _of_a_case(*given),
)
PART: Life[LeadState] = Life(
    "lead to a country",
    _S.NEW,
    (
        Step(_S.NEW, _S.SHARED, "lead.share", Act.LEAD_WRITE),
        *ways((_S.SHARED, _S.EXPIRED), _S.ACCEPTED, "lead.accept", _ANSWER),
        *ways((_S.SHARED, _S.ACCEPTED, _S.EXPIRED), _S.ACTIONED, "lead.action", _ANSWER),
        *ways((*_WAITING, _S.EXPIRED), _S.NEGATIVE, "lead.negative", _ANSWER, waits=_ASKED),
        *ways((*_WAITING, _S.EXPIRED), _S.POSITIVE, "lead.positive", _ANSWER, waits=_QUESTION),
        *ways(
            _WAITING,
            _S.EXPIRED,
            "lead.expire",
            Act.LEAD_WRITE,
            elsewhere="The time to answer by passes. A late answer is an answer.",
        ),
    ),
    ends=(_S.NEGATIVE, _S.POSITIVE),
    may=_may,
    astray=Flaw("answer", "Your country has already answered this lead. Its answer cannot change."),
)
LIFE: Whole[LeadState] = Whole(
    "lead", PART, (_S.POSITIVE, _S.ACTIONED, _S.ACCEPTED, _S.SHARED, _S.EXPIRED, _S.NEGATIVE), empty=_S.NEW
)
"""The state of a lead is the most advanced of its parts, then one still waited for, then "negative"."""

# ---------------------------------------------------------------------------------------------------- tables


class Lead(SQLModel, table=True):
    """A lead. Its text is stored in `LeadVersion`; its state is derived from the countries' parts.

    `origin_country` is the country whose lead it is, None for one of the coordination unit. `tally` counts the parts by
    state, so that an addressed country can change the lead's state without seeing the others' parts.
    """

    __table_args__ = (
        LIFE.known(),
        CheckConstraint("origin <> 'country' OR origin_country IS NOT NULL", name="country_named"),
        Index("ix_lead_subject", "subject_kind", "subject_id"),
    )
    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    origin: str = Field(max_length=24)
    origin_country: str | None = Field(default=None, max_length=3)
    subject_kind: str = Field(max_length=24)
    subject_id: UUID | None = None
    state: str = Field(default=_S.NEW.value, max_length=12)
    tally: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    version: int = 1
    due: datetime = Field(sa_type=UtcDateTime)
    made_at: datetime = Field(sa_type=UtcDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LeadVersion(SQLModel, table=True):
    """A version of a lead's text. The newest counts; the others are kept."""

    __tablename__ = "lead_version"
    __table_args__ = (UniqueConstraint("lead_id", "version"),)
    id: UUID = Field(primary_key=True)
    lead_id: UUID = Field(foreign_key="lead.id", index=True)
    version: int
    question: str = Field(max_length=2000)
    due: datetime = Field(sa_type=UtcDateTime)
    source: str = Field(max_length=1)
    information: str = Field(max_length=1)
    handling: str = Field(max_length=2)
    content_hash: str = Field(max_length=64)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


@history.versioned("lead_id", "country", "operation_id", "state", "shared_at", "revoked_at", screened=True)
class LeadCountry(SQLModel, table=True):
    """One addressed country's part in a lead. It repeats origin and subject, so that visibility takes one look-up.

    The country sees nothing before `shared_at`, and from `revoked_at` on nothing any more; `revoked_reason` says why.
    """

    __tablename__ = "lead_country"
    __table_args__ = (
        PART.known(),
        CheckConstraint("(state = 'new') = (shared_at IS NULL)", name="new_until_shared"),
        Index("ix_lead_country_subject", "subject_id", "country"),
    )
    lead_id: UUID = Field(primary_key=True, foreign_key="lead.id")
    country: str = Field(primary_key=True, max_length=3)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    origin_country: str | None = Field(default=None, max_length=3)
    subject_id: UUID | None = None
    state: str = Field(default=_S.NEW.value, max_length=12)
    due: datetime = Field(sa_type=UtcDateTime)
    shared_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_reason: str = Field(default="", max_length=2000)


class LeadAnswer(SQLModel, table=True):
    """A country's answer to a lead. Immutable: a country that changes its mind answers again."""

    __tablename__ = "lead_answer"
    id: UUID = Field(primary_key=True)
    lead_id: UUID = Field(foreign_key="lead.id", index=True)
    country: str = Field(max_length=3)
    origin_country: str | None = Field(default=None, max_length=3)
    answer: str = Field(max_length=12)
    remark: str = Field(default="", max_length=2000)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


# ------------------------------------------------------------------------------------------------ visibility


_PART: sa.Table = LeadCountry.__table__  # type: ignore[attr-defined]
_LEAD: sa.Table = Lead.__table__  # type: ignore[attr-defined]


def _sent_to(country: str | None) -> Any:
    """Return an SQL condition on the bare table of parts: the country was sent the lead and may still see it."""
    sent = (_PART.c.country == country) & _PART.c.shared_at.is_not(None) & _PART.c.revoked_at.is_(None)
    return sent & ~withheld(_PART.c.operation_id, _PART.c.origin_country, country)


def subjects_sent_to(country: str | None) -> Any:
    """Return a select of the ids of objects that leads sent to a country are about. It reads the bare table."""
    return sa.select(_PART.c.subject_id).where(_sent_to(country), _PART.c.subject_id.is_not(None))


def _still_sent() -> tuple[Any, ...]:
    """Return the same conditions on the model, for parts of any country."""
    kept = withheld(LeadCountry.operation_id, LeadCountry.origin_country, LeadCountry.country)
    return col(LeadCountry.shared_at).is_not(None), col(LeadCountry.revoked_at).is_(None), ~kept


def countries_sent(session: Session, subject_ids: set[UUID]) -> Mapping[UUID, frozenset[str]]:
    """Return the countries that were sent leads about these objects and may still see them: for the server alone."""
    query = select(LeadCountry.subject_id, LeadCountry.country).where(
        col(LeadCountry.subject_id).in_(subject_ids),
        *_still_sent(),
    )
    found: dict[UUID, set[str]] = {each: set() for each in subject_ids}
    for subject_id, country in session.exec(unscoped(query)):
        if subject_id is not None:
            found[subject_id].add(country)
    return {each: frozenset(countries) for each, countries in found.items()}


@scoped(Lead)
def _leads_seen(actor: Actor) -> Any:
    """Leads are visible to their origin country, the countries they were sent to, and the coordination."""
    if not may(actor, Act.LEAD_READ):
        return false()
    if not actor.national:
        return plan.within_reach(Lead.operation_id, actor)
    sent = sa.select(_PART.c.lead_id).where(_sent_to(actor.country))
    known = (col(Lead.origin_country) == actor.country) | col(Lead.id).in_(sent)
    return plan.within_reach(Lead.operation_id, actor) & known


def known_leads(actor: Actor) -> Any:
    """Return a select of the ids of leads known to a person. It reads the bare table."""
    return sa.select(_LEAD.c.id).where(_leads_seen(actor))


@scoped(LeadVersion)
def _versions_seen(actor: Actor) -> Any:
    return col(LeadVersion.lead_id).in_(known_leads(actor))


@scoped(LeadCountry)
def _parts_seen(actor: Actor) -> Any:
    """An addressed country sees its own part; the origin country and the coordination see all."""
    seen = col(LeadCountry.lead_id).in_(known_leads(actor))
    if not actor.national:
        return seen
    return seen & ((col(LeadCountry.country) == actor.country) | (col(LeadCountry.origin_country) == actor.country))


@scoped(LeadAnswer)
def _answers_seen(actor: Actor) -> Any:
    seen = col(LeadAnswer.lead_id).in_(known_leads(actor))
    if not actor.national:
        return seen
    return seen & ((col(LeadAnswer.country) == actor.country) | (col(LeadAnswer.origin_country) == actor.country))


def _entries_seen(actor: Actor) -> Any:
    """Journal entries about leads are visible as the lead's parts are.

    Auditors read that an entry exists, without its text.
    """
    entry = journal.Entry
    if actor.role is Role.AUDITOR:
        return plan.within_reach(entry.operation_id, actor)
    seen = col(entry.object_id).in_(known_leads(actor))
    if not actor.national:
        return seen
    own = sa.select(_LEAD.c.id).where(_LEAD.c.origin_country == actor.country)
    return seen & ((col(entry.country) == actor.country) | col(entry.object_id).in_(own))


def told_of(known: Iterable[str], origin: str | None, country: str | None) -> frozenset[str]:
    """Return the countries in the audience of an entry about an object that `origin` made and the `known` countries
    know.

    An entry that concerns one of the others, `country`, goes to these two; one that concerns `origin` or no country, to
    all.
    """
    among = known if country in (None, origin) else (country, origin)
    return frozenset(each for each in among if each is not None)


def _countries(session: Session, lead_id: UUID | None, country: str | None) -> frozenset[str]:
    """Return the countries in the audience of an entry about a lead: for the server alone."""
    assert lead_id is not None  # noqa: S101 - every entry about leads names one
    sent = select(LeadCountry.country).where(
        LeadCountry.lead_id == lead_id,
        *_still_sent(),
    )
    origin = session.exec(unscoped(select(Lead.origin_country).where(Lead.id == lead_id))).one()
    return told_of({*session.exec(unscoped(sent)), origin}, origin, country)


journal.need_to_know(
    "lead",
    seen=_entries_seen,
    countries=_countries,
    roles=frozenset({Role.OCU_ANALYST, Role.OPERATION_COORDINATOR, Role.AUDITOR}),
)

# ------------------------------------------------------------------------------------------------- questions


def subject(found: Lead, country: str | None = None) -> Subject:
    """Return the permission subject of a lead; `country` is whose part is meant, by default the origin country's."""
    return Subject(country=country or found.origin_country, operation=found.operation_id)


def leads(session: Session, operation_id: UUID, subject_id: UUID | None = None) -> list[Lead]:
    """Return the leads of an operation, or about one object, that the asker may see, by due time."""
    query = select(Lead).where(Lead.operation_id == operation_id).order_by(col(Lead.due), col(Lead.id))
    if subject_id is not None:
        query = query.where(Lead.subject_id == subject_id)
    return list(session.exec(query))


def lead(session: Session, lead_id: UUID) -> Lead:
    """Return the lead as it is now. Raises NotFound."""
    query = select(Lead).where(Lead.id == lead_id).execution_options(populate_existing=True)
    found: Lead = existing(session.exec(query).one_or_none())
    return found


def questions(session: Session, lead_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the question of each of these leads as it stands, as far as the asker may read it."""
    query = select(LeadVersion.lead_id, LeadVersion.question).where(col(LeadVersion.lead_id).in_(lead_ids))
    newest = query.order_by(col(LeadVersion.version))
    return dict(session.exec(newest).all()) if lead_ids else {}


def newest_version(session: Session, lead_id: UUID) -> LeadVersion:
    """Return the newest version of the lead's text. Raises NotFound."""
    query = select(LeadVersion).where(LeadVersion.lead_id == lead_id).order_by(col(LeadVersion.version).desc())
    found: LeadVersion = existing(session.exec(query.limit(1)).first())
    return found


def parts(session: Session, lead_id: UUID) -> list[LeadCountry]:
    """Return the parts of the addressed countries that the asker may see."""
    return list(session.exec(select(LeadCountry).where(LeadCountry.lead_id == lead_id).order_by(LeadCountry.country)))


def answers(session: Session, lead_id: UUID) -> list[LeadAnswer]:
    """Return the answers that the asker may see, by time."""
    query = (
        select(LeadAnswer).where(LeadAnswer.lead_id == lead_id).order_by(col(LeadAnswer.made_at), col(LeadAnswer.id))
    )
    return list(session.exec(query))


def overdue(session: Session, at: datetime) -> list[LeadCountry]:
    """Return the parts whose due time has passed without an answer, for `expire`."""
    query = select(LeadCountry).where(
        LeadCountry.due <= at, col(LeadCountry.state).in_(OPEN), col(LeadCountry.revoked_at).is_(None)
    )
    return list(session.exec(query.order_by(col(LeadCountry.due), col(LeadCountry.lead_id), col(LeadCountry.country))))


# ------------------------------------------------------------------------------------------------------ erasure


def kept_until(session: Session, operation_id: UUID) -> date | None:
    """Return the last day on which an operation's leads and intelligence are kept; None while it has no phase."""
    ends = [phase.ends for phase in plan.phases(session, operation_id)]
    return (max(ends) + RETENTION).date() if ends else None


def kept_between(session: Session, since: date, day: date) -> dict[UUID, date]:
    """Return the operations whose leads and intelligence are kept until a day from `since` to `day`: server only."""
    query = select(plan.Phase.operation_id, sa.func.max(plan.Phase.ends)).group_by(col(plan.Phase.operation_id))
    until = {operation: (ends + RETENTION).date() for operation, ends in session.exec(unscoped(query))}
    return {operation: last for operation, last in until.items() if since <= last <= day}


def unerased(session: Session, operation_id: UUID) -> list[Lead]:
    """Return the leads of an operation whose texts end with it: not those about cases, which expire with their case,
    and none that a legal hold keeps.
    """
    query = select(Lead).where(
        Lead.operation_id == operation_id,
        Lead.subject_kind != LeadSubject.FUGITIVE_CASE.value,
        col(Lead.erased_at).is_(None),
        ~legal_holds.held(Lead.operation_id, Lead.origin_country),
    )
    return list(session.exec(query.order_by(col(Lead.made_at), col(Lead.id))))


def erase(session: Session, found: Iterable[Lead], by: Actor | System, until: date, rule: str = "retain_until") -> int:
    """Erase the texts of leads and their answers, by a `rule`. Who asked whom, when and with what outcome is kept.

    Returns the number of leads erased. Raises RuleBroken for one that a legal hold keeps.
    """
    erased = 0
    for lead in found:
        if lead.erased_at is not None:
            continue
        about_case = lead.subject_id if lead.subject_kind == LeadSubject.FUGITIVE_CASE.value else None
        legal_holds.refuse_held(session, lead.operation_id, lead.origin_country, about_case)
        for table, emptied in (
            (LeadVersion, {"question": "", "content_hash": ""}),
            (LeadAnswer, {"remark": ""}),
            (LeadCountry, {"revoked_reason": ""}),
        ):
            session.execute(sa.update(table).where(col(table.lead_id) == lead.id).values(emptied))
        lead.erased_at = now()
        session.add(lead)
        journal.record(
            session,
            by,
            "lead.erase",
            "lead",
            lead.id,
            operation=lead.operation_id,
            country=lead.origin_country,
            subject=lead.subject_kind,
            rule=rule,
            until=until.isoformat(),
            versions=lead.version,
        )
        erased += 1
    return erased


def refuse_erased(lead: Lead, field: str = "") -> None:
    """Raise RuleBroken where a lead was erased: no verb applies to it any more."""
    if lead.erased_at is not None:
        raise RuleBroken(field, "The retention of this lead has ended. It was erased and can no longer be used.")
