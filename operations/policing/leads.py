"""Leads: what one country, the coordination unit or a partner knows, put as a question to countries (domain 1.3).

A lead is addressed to countries with a time to answer by. Each country's part has a state of its own, and its answers
are kept one by one: "negative" is an answer, silence is not. Nobody but the country it comes from, the countries it is
addressed to and those who coordinate learns that a lead exists.

A lead may be about an object of another module. That module says who may ask about it (`about`).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, false
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft, Moment, Words, rule
from operations.core.drafts import reason as checked_reason
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import fingerprint
from operations.core.people import Actor, System
from operations.core.permissions import Act, Subject, may, require
from operations.core.store import locked, scoped, unscoped
from operations.core.vocabulary import Country, InList, LeadOrigin, LeadState, LeadSubject, Role
from operations.policing import plan

_ORIGIN = rule("origin_country", "Say which country the lead comes from.")
_TO_ITSELF = rule("addressed_to_itself", "A lead is not addressed to the country that it comes from.")
_S = LeadState
_OPEN = (_S.SHARED.value, _S.ACCEPTED.value, _S.ACTIONED.value)
_ANSWERED = (_S.NEGATIVE.value, _S.POSITIVE.value)
_ANSWERS: dict[LeadState, frozenset[LeadState]] = {
    _S.ACCEPTED: frozenset({_S.SHARED, _S.EXPIRED}),
    _S.ACTIONED: frozenset({_S.SHARED, _S.ACCEPTED, _S.EXPIRED}),
    _S.NEGATIVE: frozenset({_S.SHARED, _S.ACCEPTED, _S.ACTIONED, _S.EXPIRED}),
    _S.POSITIVE: frozenset({_S.SHARED, _S.ACCEPTED, _S.ACTIONED, _S.EXPIRED}),
}
"""From which states of its part a country may give which answer. A late answer is an answer."""

# ---------------------------------------------------------------------------------------------------- tables


class Lead(SQLModel, table=True):
    """A lead as it stands. What it says is kept in `LeadVersion`; its state follows those of the countries' parts.

    `origin_country` is the country whose lead it is, None for one of the coordination unit. `tally` says how many
    countries' parts are in which state: an addressed country moves the whole without seeing the others' parts.
    """

    __table_args__ = (
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


class LeadVersion(SQLModel, table=True):
    """What a lead says, as it was written: the newest stands, the others are kept."""

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


class LeadCountry(SQLModel, table=True):
    """One addressed country's part in a lead. It repeats origin and subject, so that who knows what is one look-up.

    The country sees nothing before `shared_at`, and from `revoked_at` on nothing any more.
    """

    __tablename__ = "lead_country"
    __table_args__ = (
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


class LeadAnswer(SQLModel, table=True):
    """What a country said to a lead. Never changed: who thinks again answers again."""

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


# ---------------------------------------------------------------------------------------------------- drafts


class LeadDraft(Draft):
    """What is known and what is asked. `id` names this version, `lead_id` the lead; both are made on the client.

    `source` and `information` are the 4x4 evaluation.
    """

    id: UUID
    lead_id: UUID
    origin: LeadOrigin
    origin_country: Country | None = None
    subject_kind: LeadSubject
    subject_id: UUID | None = None
    question: Annotated[Words, Rule(min_length=1)]
    to_countries: Annotated[tuple[Country, ...], Rule(min_length=1, max_length=60)]
    due: Moment
    source: Annotated[str, InList("CL-SRC")] = "x"
    information: Annotated[str, InList("CL-INFO")] = "4"
    handling: Annotated[str, InList("CL-HANDL")] = "h0"

    @model_validator(mode="after")
    def _whole(self) -> "LeadDraft":
        if self.origin is LeadOrigin.COUNTRY and self.origin_country is None:
            raise PydanticCustomError(_ORIGIN, "origin country")
        if self.origin_country in self.to_countries:
            raise PydanticCustomError(_TO_ITSELF, "addressed to itself")
        return self


class AnswerDraft(Draft):
    """A country's answer to a lead. `id` is made on the client."""

    id: UUID
    answer: LeadState
    remark: Words = ""


# --------------------------------------------------------------------------------- leads about other objects


@dataclass(frozen=True)
class About:
    """What the module of a kind of subject says about leads: who may ask, when one may go out, and what follows.

    `known` raises NotFound for a subject that this person may not ask about. `before_sharing` raises RuleBroken when
    the lead may not go out now; `after` is told of every change of a lead's state.
    """

    known: Callable[[Session, UUID, Actor], object]
    before_sharing: Callable[[Session, Lead, Actor], object]
    after: Callable[[Session, Lead, Actor | System], object]


_about: dict[LeadSubject, About] = {}


def about(kind: LeadSubject, rules: About) -> None:
    """Declare the rules for leads about objects of `kind`. Without a declaration no lead names such an object."""
    _about[kind] = rules


def _rules(lead: Lead) -> About | None:
    return _about.get(LeadSubject(lead.subject_kind)) if lead.subject_id is not None else None


# --------------------------------------------------------------------------------------------- who sees what


_PART: sa.Table = LeadCountry.__table__  # type: ignore[attr-defined]
_LEAD: sa.Table = Lead.__table__  # type: ignore[attr-defined]


def _sent_to(country: str | None) -> Any:
    """An SQL condition on the bare table of parts: the country was sent the lead and may still see it."""
    return (_PART.c.country == country) & _PART.c.shared_at.is_not(None) & _PART.c.revoked_at.is_(None)


def subjects_sent_to(country: str | None) -> Any:
    """The objects that leads sent to a country are about, as a selection of ids. It reads the bare table."""
    return sa.select(_PART.c.subject_id).where(_sent_to(country), _PART.c.subject_id.is_not(None))


def countries_sent(session: Session, subject_ids: set[UUID]) -> Mapping[UUID, frozenset[str]]:
    """Which countries were sent leads about these objects and may still see them: for the server alone."""
    query = select(LeadCountry.subject_id, LeadCountry.country).where(
        col(LeadCountry.subject_id).in_(subject_ids),
        col(LeadCountry.shared_at).is_not(None),
        col(LeadCountry.revoked_at).is_(None),
    )
    found: dict[UUID, set[str]] = {each: set() for each in subject_ids}
    for subject_id, country in session.exec(unscoped(query)):
        if subject_id is not None:
            found[subject_id].add(country)
    return {each: frozenset(countries) for each, countries in found.items()}


@scoped(Lead)
def _leads_seen(actor: Actor) -> Any:
    """The country it comes from, the countries it was sent to, and those who coordinate the operation."""
    if actor.role in (Role.OCU_ANALYST, Role.OPERATION_COORDINATOR):
        return plan.within_reach(Lead.operation_id, actor)
    if actor.role is not Role.NATIONAL_COORDINATOR:
        return false()
    sent = sa.select(_PART.c.lead_id).where(_sent_to(actor.country))
    known = (col(Lead.origin_country) == actor.country) | col(Lead.id).in_(sent)
    return plan.within_reach(Lead.operation_id, actor) & known


def _known(actor: Actor) -> Any:
    return sa.select(_LEAD.c.id).where(_leads_seen(actor))


@scoped(LeadVersion)
def _versions_seen(actor: Actor) -> Any:
    return col(LeadVersion.lead_id).in_(_known(actor))


@scoped(LeadCountry)
def _parts_seen(actor: Actor) -> Any:
    """An addressed country sees its own part; the country of the lead and those who coordinate see all."""
    seen = col(LeadCountry.lead_id).in_(_known(actor))
    if not actor.national:
        return seen
    return seen & ((col(LeadCountry.country) == actor.country) | (col(LeadCountry.origin_country) == actor.country))


@scoped(LeadAnswer)
def _answers_seen(actor: Actor) -> Any:
    seen = col(LeadAnswer.lead_id).in_(_known(actor))
    if not actor.national:
        return seen
    return seen & ((col(LeadAnswer.country) == actor.country) | (col(LeadAnswer.origin_country) == actor.country))


def _entries_seen(actor: Actor) -> Any:
    """Entries about leads: as the lead's parts are seen. Auditors read that something happened, and not what."""
    entry = journal.Entry
    if actor.role is Role.AUDITOR:
        return plan.within_reach(entry.operation_id, actor)
    seen = col(entry.object_id).in_(_known(actor))
    if not actor.national:
        return seen
    own = sa.select(_LEAD.c.id).where(_LEAD.c.origin_country == actor.country)
    return seen & ((col(entry.country) == actor.country) | col(entry.object_id).in_(own))


def _countries(session: Session, ids: set[UUID]) -> Mapping[UUID, frozenset[str]]:
    """Which countries know these leads: for the server alone."""
    found: dict[UUID, set[str]] = {each: set() for each in ids}
    sent = select(LeadCountry.lead_id, LeadCountry.country).where(
        col(LeadCountry.lead_id).in_(ids),
        col(LeadCountry.shared_at).is_not(None),
        col(LeadCountry.revoked_at).is_(None),
    )
    for lead_id, country in session.exec(unscoped(sent)):
        found[lead_id].add(country)
    origins = select(Lead.id, Lead.origin_country).where(col(Lead.id).in_(ids), col(Lead.origin_country).is_not(None))
    for lead_id, origin in session.exec(unscoped(origins)):
        found[lead_id].add(str(origin))
    return {each: frozenset(countries) for each, countries in found.items()}


journal.need_to_know(
    "lead",
    seen=_entries_seen,
    countries=_countries,
    roles=frozenset({Role.NATIONAL_COORDINATOR, Role.OCU_ANALYST, Role.OPERATION_COORDINATOR, Role.AUDITOR}),
)

# ------------------------------------------------------------------------------------------------- questions


def subject(found: Lead, country: str | None = None) -> Subject:
    """The lead as permissions see it; `country` is whose part it is about, by default whose lead it is."""
    return Subject(country=country or found.origin_country, operation=found.operation_id)


def leads(session: Session, operation_id: UUID, subject_id: UUID | None = None) -> list[Lead]:
    """The leads of an operation, or about one object, that the asker may see: those due first come first."""
    query = select(Lead).where(Lead.operation_id == operation_id).order_by(col(Lead.due), col(Lead.id))
    if subject_id is not None:
        query = query.where(Lead.subject_id == subject_id)
    return list(session.exec(query))


def lead(session: Session, lead_id: UUID) -> Lead:
    """The lead as it is now. Raises NotFound."""
    query = select(Lead).where(Lead.id == lead_id).execution_options(populate_existing=True)
    found: Lead | None = session.exec(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def said(session: Session, lead_id: UUID) -> LeadVersion:
    """What the lead says now. Raises NotFound."""
    query = select(LeadVersion).where(LeadVersion.lead_id == lead_id).order_by(col(LeadVersion.version).desc())
    found: LeadVersion | None = session.exec(query.limit(1)).first()
    if found is None:
        raise NotFound
    return found


def parts(session: Session, lead_id: UUID) -> list[LeadCountry]:
    """The parts of the addressed countries that the asker may see."""
    return list(session.exec(select(LeadCountry).where(LeadCountry.lead_id == lead_id).order_by(LeadCountry.country)))


def answers(session: Session, lead_id: UUID) -> list[LeadAnswer]:
    """The answers that the asker may see, in their order."""
    query = (
        select(LeadAnswer).where(LeadAnswer.lead_id == lead_id).order_by(col(LeadAnswer.made_at), col(LeadAnswer.id))
    )
    return list(session.exec(query))


def overdue(session: Session, at: datetime) -> list[LeadCountry]:
    """The parts whose due time has passed without an answer: what `expire` is for."""
    query = select(LeadCountry).where(
        LeadCountry.due <= at, col(LeadCountry.state).in_(_OPEN), col(LeadCountry.revoked_at).is_(None)
    )
    return list(session.exec(query.order_by(col(LeadCountry.due), col(LeadCountry.lead_id), col(LeadCountry.country))))


# ----------------------------------------------------------------------------------------------------- verbs


def write(session: Session, operation_id: UUID, draft: LeadDraft, by: Actor) -> Lead:
    """Write a lead, which nobody gets before it is shared, or a new version of one.

    The same draft again is answered as before; the same id with other content is a Conflict. Raises NotFound for a
    subject that is not the asker's to ask about.
    """
    owner = plan.operation(session, operation_id, by)
    whose = by.country if by.national else draft.origin_country
    require(by, Act.LEAD_WRITE, plan.subject(owner, whose))
    if by.national and (draft.origin is not LeadOrigin.COUNTRY or draft.origin_country != by.country):
        raise RuleBroken("origin_country", "A country writes leads of its own only: choose your country.")
    digest = fingerprint([draft.model_dump(mode="json"), str(operation_id), str(by.account_id)])
    known = session.exec(select(LeadVersion).where(LeadVersion.id == draft.id)).one_or_none()
    if known is not None:
        if known.content_hash == digest:
            return lead(session, draft.lead_id)
        raise Conflict("This lead was already written with other content. Reload the page to see it.")
    if draft.due <= now():
        raise RuleBroken("due", "The answer must be due later than now.")
    found: Lead | None = session.exec(locked(select(Lead).where(Lead.id == draft.lead_id))).one_or_none()
    if found is None:
        _check_subject(session, draft, by)
        found = _first(operation_id, draft)
    else:
        _check_same_subject(found, operation_id, draft, by)
        found.version += 1
        found.due = draft.due
    session.add(found)
    session.flush()
    session.add(
        LeadVersion(
            id=draft.id,
            lead_id=found.id,
            version=found.version,
            question=draft.question,
            due=draft.due,
            source=draft.source,
            information=draft.information,
            handling=draft.handling,
            content_hash=digest,
            author_id=by.account_id,
            author_name=by.name,
            made_at=now(),
        )
    )
    _address(session, found, draft)
    _record(session, found, by, Act.LEAD_WRITE, version=found.version)
    return found


def share(session: Session, lead_id: UUID, by: Actor) -> Lead:
    """Send a lead to the countries that it is addressed to and that do not have it. Again: nothing more happens.

    Raises RuleBroken for a country that does not take part, and when the subject's own rules say that it may not go
    out now.
    """
    found = _hold(session, lead_id)
    require(by, Act.LEAD_WRITE, subject(found, by.country if by.national else None))
    if by.national and found.origin_country != by.country:
        raise NotFound
    rules = _rules(found)
    if rules is not None:
        rules.known(session, _needed(found.subject_id), by)
        rules.before_sharing(session, found, by)
    going = [part for part in _parts(session, lead_id) if part.shared_at is None or part.revoked_at is not None]
    _refuse_outsiders(session, found.operation_id, [part.country for part in going])
    for part in going:
        if part.shared_at is None:
            part.state, part.shared_at = _S.SHARED.value, now()
        part.revoked_at = None
        session.add(part)
    if going:
        _settle(session, found, by, came=[part.state for part in going])
    for part in going:
        _record(session, found, by, "lead.share", part.country)
    return found


def answer(session: Session, lead_id: UUID, draft: AnswerDraft, by: Actor) -> Lead:
    """A country that was sent a lead says where it stands: accepted, actioned, or its answer, negative or positive.

    The same answer again is answered as before; the same id with other content is a Conflict.
    """
    found = _hold(session, lead_id)
    require(by, Act.LEAD_ANSWER, subject(found, by.country))
    part: LeadCountry | None = session.exec(
        locked(select(LeadCountry).where(LeadCountry.lead_id == lead_id, LeadCountry.country == by.country))
    ).one_or_none()
    if part is None or part.shared_at is None or part.revoked_at is not None:
        raise NotFound
    known = session.exec(select(LeadAnswer).where(LeadAnswer.id == draft.id)).one_or_none()
    if known is not None:
        if (known.lead_id, known.country, known.answer, known.remark) == (
            lead_id,
            by.country,
            draft.answer,
            draft.remark,
        ):
            return found
        raise Conflict("This answer was already sent with other content. Reload the page to see it.")
    if draft.answer not in _ANSWERS:
        raise RuleBroken("answer", "This is not an answer to a lead: choose another.")
    if LeadState(part.state) not in _ANSWERS[draft.answer]:
        raise RuleBroken("answer", "Your country has answered this lead already: what was said stays.")
    moment = now()
    session.add(
        LeadAnswer(
            id=draft.id,
            lead_id=lead_id,
            country=part.country,
            origin_country=found.origin_country,
            answer=draft.answer.value,
            remark=draft.remark,
            author_id=by.account_id,
            author_name=by.name,
            made_at=moment,
        )
    )
    before, part.state = part.state, draft.answer.value
    if part.state in _ANSWERED:
        part.answered_at = moment
    session.add(part)
    _settle(session, found, by, went=[before], came=[part.state])
    _record(session, found, by, Act.LEAD_ANSWER, part.country, answer=part.state)
    return found


def revoke(session: Session, lead_id: UUID, country: str, why: str, by: Actor) -> Lead:
    """Take a lead back from a country that it was sent to: it sees it no more. What it answered is kept."""
    found = _hold(session, lead_id)
    require(by, Act.LEAD_WRITE, subject(found, by.country if by.national else None))
    if by.national and found.origin_country != by.country:
        raise NotFound
    why = checked_reason(why)
    part = next((each for each in _parts(session, lead_id) if each.country == country), None)
    if part is None or part.shared_at is None:
        raise NotFound
    if part.revoked_at is None:
        part.revoked_at = now()
        session.add(part)
        _settle(session, found, by, went=[part.state])
        _record(session, found, by, "lead.revoke", country, reason=why)
    return found


def expire(session: Session, lead_id: UUID, country: str, by: Actor | System) -> Lead:
    """Say that a country let the due time pass. It may still answer. Before the time nothing changes."""
    found = _hold(session, lead_id)
    if isinstance(by, Actor):
        require(by, Act.LEAD_WRITE, subject(found, by.country if by.national else None))
    for part in _parts(session, lead_id):
        if part.country == country and part.state in _OPEN and part.due <= now() and part.revoked_at is None:
            before, part.state = part.state, _S.EXPIRED.value
            session.add(part)
            _settle(session, found, by, went=[before], came=[part.state])
            _record(session, found, by, "lead.expire", country)
    return found


def may_write(operation: plan.Operation, by: Actor) -> bool:
    """Whether this person writes leads in this operation."""
    return may(by, Act.LEAD_WRITE, plan.subject(operation, by.country))


# ----------------------------------------------------------------------------------------------------- inside


def _address(session: Session, found: Lead, draft: LeadDraft) -> None:
    """Put down whom the newest version is addressed to. Countries that have the lead already keep it."""
    parts = {part.country: part for part in _parts(session, found.id)}
    for part in parts.values():
        if part.shared_at is None and part.country not in draft.to_countries:
            session.delete(part)
        elif part.shared_at is None or part.state in _OPEN:
            part.due = draft.due
            session.add(part)
    for country in dict.fromkeys(draft.to_countries):
        if country not in parts:
            session.add(
                LeadCountry(
                    lead_id=found.id,
                    country=country,
                    operation_id=found.operation_id,
                    origin_country=found.origin_country,
                    subject_id=found.subject_id,
                    due=draft.due,
                )
            )


def _first(operation_id: UUID, draft: LeadDraft) -> Lead:
    return Lead(
        id=draft.lead_id,
        operation_id=operation_id,
        origin=draft.origin.value,
        origin_country=draft.origin_country,
        subject_kind=draft.subject_kind.value,
        subject_id=draft.subject_id,
        due=draft.due,
        made_at=now(),
    )


def _check_subject(session: Session, draft: LeadDraft, by: Actor) -> None:
    rules = _about.get(draft.subject_kind)
    if draft.subject_id is None:
        if rules is not None:
            raise RuleBroken("subject_id", "Choose what this lead is about.")
        return
    if rules is None:
        raise NotFound
    rules.known(session, draft.subject_id, by)


def _check_same_subject(found: Lead, operation_id: UUID, draft: LeadDraft, by: Actor) -> None:
    if by.national and found.origin_country != by.country:
        raise NotFound
    same = (found.operation_id, found.origin, found.origin_country, found.subject_kind, found.subject_id)
    if same != (operation_id, draft.origin, draft.origin_country, draft.subject_kind, draft.subject_id):
        raise RuleBroken("", "What a lead is about and whose it is stays: write another lead.")


def _needed(subject_id: UUID | None) -> UUID:
    if subject_id is None:
        raise NotFound
    return subject_id


def _hold(session: Session, lead_id: UUID) -> Lead:
    found: Lead | None = session.exec(locked(select(Lead).where(Lead.id == lead_id))).one_or_none()
    if found is None:
        raise NotFound
    return found


def _parts(session: Session, lead_id: UUID) -> list[LeadCountry]:
    """The parts as they are now, for those whose lead it is: they see all of them."""
    query = select(LeadCountry).where(LeadCountry.lead_id == lead_id).order_by(LeadCountry.country)
    return list(session.exec(locked(query)))


def _refuse_outsiders(session: Session, operation_id: UUID, countries: list[str]) -> None:
    taking = plan.taking_part(operation_id, plan.Participation.country)
    query = select(plan.Participation.country).where(plan.Participation.operation_id == operation_id, taking)
    inside = set(session.exec(unscoped(query)))
    if outside := sorted(set(countries) - inside):
        raise RuleBroken(
            "to_countries", "{countries} does not take part in the operation.", countries=", ".join(outside)
        )


def _settle(
    session: Session, found: Lead, by: Actor | System, went: Sequence[str] = (), came: Sequence[str] = ()
) -> None:
    """The state of the whole from its parts: what is most advanced, then what is still waited for, then "negative"."""
    tally = Counter(found.tally)
    tally.update(came)
    tally.subtract(went)
    found.tally = dict(sorted((+tally).items()))
    order = (_S.POSITIVE, _S.ACTIONED, _S.ACCEPTED, _S.SHARED, _S.EXPIRED, _S.NEGATIVE)
    found.state = next((each.value for each in order if each.value in found.tally), _S.NEW.value)
    session.add(found)
    session.flush()
    rules = _rules(found)
    if rules is not None:
        rules.after(session, found, by)


def _record(
    session: Session, found: Lead, by: Actor | System, act: str, country: str | None = None, **detail: Any
) -> None:
    journal.record(
        session,
        by,
        act,
        "lead",
        found.id,
        operation=found.operation_id,
        country=country or found.origin_country,
        subject=found.subject_kind,
        **detail,
    )
