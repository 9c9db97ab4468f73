"""Public appeals: lists of cases that two parties agreed on, frozen, and checked again on publication (domain 6.8).

The requesting country and the coordinator must both agree to each case. Freezing fixes the list; publishing checks
every case again, so that nobody is named whose case was closed an hour before.
"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field as Rule
from sqlalchemy import CheckConstraint, UniqueConstraint, false, func
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import history, journal, rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft
from operations.core.errors import Conflict, Flaw, RuleBroken
from operations.core.field_labels import N_
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, require
from operations.core.store import locked, scoped
from operations.core.vocabulary import FugitiveState, Role
from operations.policing.fugitives import case_lifecycle
from operations.policing.fugitives.case_rows import FugitiveCase, known_cases, requester_condition, subject
from operations.policing.fugitives.cases import hold, record
from operations.policing.operation import plan

_SOUGHT = tuple(each.value for each in (FugitiveState.TARGET, FugitiveState.UNDER_REVIEW, FugitiveState.LEAD_OUT))

# ---------------------------------------------------------------------------------------------------- tables


@history.versioned("published_at", screened=True)
class AppealList(SQLModel, table=True):
    """A frozen list of cases for the public. `number` counts the lists of one operation."""

    __tablename__ = "appeal_list"
    __table_args__ = (
        UniqueConstraint("operation_id", "number"),
        CheckConstraint("(published_at IS NULL) = (published_name = '')", name="published_by_somebody"),
    )
    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    number: int
    frozen_at: datetime = Field(sa_type=UtcDateTime)
    author_name: str = Field(max_length=120)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_name: str = Field(default="", max_length=120)


class AppealItem(SQLModel, table=True):
    """A case on a frozen list. `dropped` says why it was left out when the list was published; "" is published."""

    __tablename__ = "appeal_item"
    list_id: UUID = Field(primary_key=True, foreign_key="appeal_list.id")
    case_id: UUID = Field(primary_key=True, foreign_key="fugitive_case.id")
    requesting_country: str = Field(max_length=3)
    dropped: str = Field(default="", max_length=300)


@history.versioned("received", screened=True)
class AppealTips(SQLModel, table=True):
    """The number of public tips on a case, as its country counts them after evaluation."""

    __tablename__ = "appeal_tips"
    __table_args__ = (CheckConstraint("received > 0", name="some"),)
    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="fugitive_case.id", index=True)
    requesting_country: str = Field(max_length=3)
    received: int
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


class TipsDraft(Draft):
    """Draft of a count of evaluated tips on a case. `id` is made on the client."""

    id: UUID
    case_id: UUID
    received: Annotated[int, Rule(strict=True, ge=1, le=10_000)]


# ------------------------------------------------------------------------------------------------ visibility

_ITEM: sa.Table = AppealItem.__table__  # type: ignore[attr-defined]


@scoped(AppealList)
def _lists_seen(actor: Actor) -> Any:
    """Appeal lists are visible to the coordination, and to countries that have a case on the list."""
    if actor.role in (Role.OCU_ANALYST, Role.OPERATION_COORDINATOR):
        return plan.within_reach(AppealList.operation_id, actor)
    if actor.role is not Role.NATIONAL_COORDINATOR:
        return false()
    mine = sa.select(_ITEM.c.list_id).where(
        _ITEM.c.requesting_country == actor.country, _ITEM.c.case_id.in_(known_cases(actor))
    )
    return plan.within_reach(AppealList.operation_id, actor) & col(AppealList.id).in_(mine)


@scoped(AppealItem)
def _items_seen(actor: Actor) -> Any:
    return requester_condition(AppealItem, actor)


@scoped(AppealTips)
def _tips_seen(actor: Actor) -> Any:
    return requester_condition(AppealTips, actor)


# ------------------------------------------------------------------------------------------------- questions


def lists(session: Session, operation_id: UUID) -> list[AppealList]:
    """Return the appeal lists of an operation that the asker may see, newest first."""
    query = select(AppealList).where(AppealList.operation_id == operation_id)
    return list(session.exec(query.order_by(col(AppealList.number).desc())))


def items(session: Session, list_id: UUID) -> list[tuple[AppealItem, FugitiveCase]]:
    """Return the cases of a list that the asker may see, by country and number."""
    query = (
        select(AppealItem, FugitiveCase)
        .join(FugitiveCase, col(FugitiveCase.id) == col(AppealItem.case_id))
        .where(AppealItem.list_id == list_id)
        .order_by(col(FugitiveCase.requesting_country), col(FugitiveCase.number))
    )
    return list(session.exec(query))


def why_not(session: Session, case: FugitiveCase) -> Flaw | None:
    """Return why a case may not be shown to the public now; None where it may."""
    if case.appeal_agreed_at is None:
        return Flaw("", "The requesting country and the coordinator have not both agreed to it.")
    if case.state not in _SOUGHT:
        return Flaw("", "The person is not sought any more.")
    flaws = case_lifecycle.notice_flaws(session, case)
    return flaws[0] if flaws else None


def was_published(session: Session, case_id: UUID) -> bool:
    """Return whether the case was shown to the public, as far as the asker may know."""
    query = (
        select(AppealItem.case_id)
        .join(AppealList, col(AppealList.id) == col(AppealItem.list_id))
        .where(AppealItem.case_id == case_id, AppealItem.dropped == "", col(AppealList.published_at).is_not(None))
    )
    return session.exec(query).first() is not None


def tips(session: Session, case_id: UUID) -> int:
    """Return the number of tips on a case, as far as the asker may know."""
    found = session.exec(select(func.sum(AppealTips.received)).where(AppealTips.case_id == case_id)).one()
    return int(found or 0)


# ----------------------------------------------------------------------------------------------------- verbs


def _record(session: Session, by: Actor, act: str, _kind: str, of: AppealTips, /, **detail: Any) -> None:
    record(session, rows.one(session, FugitiveCase, of.case_id), by, act, **detail)


TIPS = Noun(
    AppealTips,
    "fugitive_case",
    _record,
    N_("These tips were already counted with another number. Reload the page to see it."),
)


def flag(session: Session, case_id: UUID, by: Actor, *, wanted: bool) -> FugitiveCase:
    """Ask for a public appeal (the requesting country) or agree to it (the coordinator); either may withdraw.

    Idempotent.
    """
    case = hold(session, case_id)
    require(by, Act.FUGITIVE_READ, subject(case, by.country if by.national else None))
    if by.national and by.country != case.requesting_country:
        raise RuleBroken("appeal", "Only the requesting country and the coordinator decide on a public appeal.")
    require(by, Act.FUGITIVE_APPEAL, subject(case))
    if by.national:
        if (case.appeal_asked_at is not None) == wanted:
            return case
        _refuse_found(case, wanted)
        case.appeal_asked_at = now() if wanted else None
        case.appeal_agreed_at = None
    else:
        if (case.appeal_agreed_at is not None) == wanted:
            return case
        _refuse_found(case, wanted)
        if wanted and case.appeal_asked_at is None:
            raise RuleBroken("appeal", "The requesting country has not asked for a public appeal.")
        case.appeal_agreed_at = now() if wanted else None
    session.add(case)
    record(session, case, by, Act.FUGITIVE_APPEAL, wanted=wanted, agreed=case.appeal_agreed_at is not None)
    return case


def freeze(session: Session, operation_id: UUID, list_id: UUID, by: Actor) -> AppealList:
    """Freeze the list of all cases that both parties agreed on. `list_id` is made on the client. Idempotent."""
    session.exec(locked(select(plan.Operation).where(plan.Operation.id == operation_id))).one_or_none()
    owner = plan.operation(session, operation_id, by)
    require(by, Act.FUGITIVE_ACCEPT, plan.subject(owner))
    otherwise = Conflict("This list was already frozen for another operation. Reload the page.")
    if known := rows.same_draft(session, AppealList, list_id, {"operation_id": operation_id}, otherwise):
        return known
    agreed = select(FugitiveCase).where(
        FugitiveCase.operation_id == operation_id, col(FugitiveCase.appeal_agreed_at).is_not(None)
    )
    chosen = [each for each in session.exec(agreed) if each.state in _SOUGHT]
    if not chosen:
        raise RuleBroken(
            "", "No case is ready for a public appeal. The requesting country must ask for it, and you must agree."
        )
    last = session.exec(select(func.max(AppealList.number)).where(AppealList.operation_id == operation_id)).one()
    made = AppealList(
        id=list_id, operation_id=operation_id, number=(last or 0) + 1, frozen_at=now(), author_name=by.name
    )
    session.add(made)
    session.flush()
    for case in chosen:
        session.add(AppealItem(list_id=made.id, case_id=case.id, requesting_country=case.requesting_country))
    _tell(session, made, by, "fugitive.freeze", [case.requesting_country for case in chosen])
    return made


def publish(session: Session, list_id: UUID, by: Actor) -> AppealList:
    """Publish a frozen list: every case is checked again, and one no longer eligible is dropped with the reason.

    Idempotent. Raises RuleBroken when no case is left.
    """
    found = rows.hold(session, AppealList, list_id)
    require(by, Act.FUGITIVE_ACCEPT, Subject(operation=found.operation_id))
    if found.published_at is not None:
        return found
    kept: list[str] = []
    for item, case in items(session, list_id):
        flaw = why_not(session, hold(session, case.id))
        item.dropped = flaw.template if flaw else ""
        session.add(item)
        if flaw is None:
            kept.append(item.requesting_country)
    if not kept:
        raise RuleBroken("", "No case of this list may be shown any more: check the notices, or freeze a new list.")
    found.published_at, found.published_name = now(), by.name
    session.add(found)
    _tell(session, found, by, "fugitive.publish", kept)
    return found


def record_tips(session: Session, draft: TipsDraft, by: Actor) -> AppealTips:
    """Record how many tips the requesting country has evaluated. Idempotent."""
    case = hold(session, draft.case_id)
    require(by, Act.FUGITIVE_CONFIRM, subject(case))
    said = draft.model_dump(include={"id", "case_id", "received"})
    if known := TIPS.known(session, said):
        return known
    if not was_published(session, case.id):
        raise RuleBroken("received", "This case was not part of a public appeal: there are no tips to count.")
    said["requesting_country"] = case.requesting_country
    return TIPS.write(session, by, "fugitive.tips", said, received=draft.received)


def _refuse_found(case: FugitiveCase, wanted: bool) -> None:
    if wanted and case.state not in _SOUGHT:
        raise RuleBroken("appeal", "A public appeal is for accepted targets that have not been found yet.")


def _tell(session: Session, made: AppealList, by: Actor, act: str, countries: list[str]) -> None:
    """Write one journal entry for each country that has cases on the list, so that each reads of its own only."""
    for country in sorted(set(countries)):
        journal.record(
            session,
            by,
            act,
            "fugitive_case",
            operation=made.operation_id,
            country=country,
            number=made.number,
            count=countries.count(country),
        )
