"""Central staff of an operation: assignments of coordinators, analysts and their deputies, by days.

Days are official days of the operation, from its cut on; an assignment that is ended early ends at that moment. A
coordinator assigns people of central roles to the own operation. So may an administrator, who sees nothing of it:
otherwise an operation whose coordinators have all left could never get another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid5

from pydantic import Field as Rule
from pydantic import ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session, col, or_, select

from operations.core import journal, rows
from operations.core.clock import now
from operations.core.drafts import Draft, rule
from operations.core.errors import Conflict, Flaw, NotFound, RuleBroken, Stale, existing
from operations.core.field_labels import N_, Label
from operations.core.name_search import AccountSearch, SearchResult, search_accounts
from operations.core.people import Account, Actor, Assignment, ahead, in_effect
from operations.core.permissions import Act, Subject, require
from operations.core.store import locked, unscoped
from operations.core.vocabulary import Classification, Country, MessageKind, OperationState, Role
from operations.notices.messages import To, tell
from operations.policing.operation import plan
from operations.policing.operation.working_days import (
    MOMENT,
    LastDay,
    WorkingDays,
    WorkingPeriod,
    before,
    early_end,
    end_of,
    journal_days,
)

OWN_PLACE = "/account/where-you-work"
"""The page where everybody reads their own assignments and postings: messages link to it."""

CENTRAL = (Role.OPERATION_COORDINATOR, Role.OCU_ANALYST)
"""Roles that work for operations by assignment."""

_CLOSED = (OperationState.ARCHIVED, OperationState.CANCELLED)
_DEPUTY = rule("deputy_days", "A deputy needs a first and a last day. Give both.")
CHANGED = N_("Somebody else has changed this assignment. Reload the page to see the change.")

# ---------------------------------------------------------------------------------------------------- drafts

People = Annotated[tuple[UUID, ...], Rule(min_length=1, max_length=50)]


class AssignmentDraft(WorkingDays):
    """Draft of assignments: people assigned to an operation together.

    `id` is the draft's: sent twice, it is stored once.

    `countries` are those that analysts serve; empty: all but the one that seconded them.
    """

    id: UUID
    people: Annotated[People, Label(N_("Who"), draws="several", needed=N_("Choose at least one person."))]
    countries: Annotated[
        tuple[Country, ...],
        Label(N_("Countries that the analysts serve"), N_("Empty: all but the one that seconded them."), "several"),
    ] = ()
    deputy: Annotated[bool, Label(N_("Stands in while somebody is absent"))] = False

    @field_validator("deputy")
    @classmethod
    def _for_days(cls, deputy: bool, info: ValidationInfo) -> bool:
        if deputy and not (info.data.get("first_day") and info.data.get("last_day")):
            raise PydanticCustomError(_DEPUTY, "deputy without days")
        return deputy


class AssignmentChange(Draft):
    """Draft of a change: the last day of an assignment, and the countries that an analyst serves."""

    last_day: LastDay = None
    countries: Annotated[
        tuple[Country, ...],
        Label(N_("Countries that the analysts serve"), N_("Empty: all but the one that seconded them."), "several"),
    ] = ()


# ------------------------------------------------------------------------------------------------- questions


@dataclass(frozen=True)
class StaffMember:
    """A member of the central staff of an operation."""

    assignment: Assignment
    account: Account


def owner(session: Session, operation_id: UUID, by: Actor, act: Act) -> plan.Operation:
    """Return the operation, locked for update, where `by` may do `act` to it. Raises NotFound.

    An administrator sees no operation and may do this act alone.
    """
    query = locked(select(plan.Operation).where(plan.Operation.id == operation_id))
    found = existing(session.exec(unscoped(query) if by.role is Role.ADMINISTRATOR else query).one_or_none())
    require(by, act, plan.subject(found))
    operation: plan.Operation = found
    return operation


def staffed_operation(session: Session, operation_id: UUID, by: Actor) -> plan.Operation:
    """Return the operation whose staff `by` may read; also for an administrator, who sees nothing else of it.

    Raises NotFound.
    """
    query = select(plan.Operation).where(plan.Operation.id == operation_id)
    found: plan.Operation | None = session.exec(
        unscoped(query) if by.role is Role.ADMINISTRATOR else query
    ).one_or_none()
    if found is None:
        raise NotFound
    require(by, Act.MEMBERSHIP_READ, plan.subject(found))
    return found


def coordination(session: Session, operation_id: UUID, by: Actor) -> list[StaffMember]:
    """Return the current and future central staff of an operation, coordinators first.

    Countries see the current coordinators, their contacts, and the analysts who serve them.
    """
    require(by, Act.MEMBERSHIP_READ)
    query = (
        select(Assignment, Account)
        .join(Account, col(Account.id) == col(Assignment.account_id))
        .where(Assignment.operation_id == operation_id, ahead(Assignment, now()), col(Account.disabled_at).is_(None))
        .order_by(Account.role.desc(), Account.name, col(Assignment.starts))  # type: ignore[attr-defined]
    )
    if by.national:
        query = query.where(in_effect(Assignment, now()))
    found = [StaffMember(*row) for row in session.exec(unscoped(query))]
    return [each for each in found if not by.national or serves(each, str(by.country))]


def serves(member: StaffMember, country: str) -> bool:
    """Return whether a member serves a country: coordinators serve all, analysts never their own."""
    if member.account.role != Role.OCU_ANALYST:
        return True
    return country != member.account.country and (
        not member.assignment.countries or country in member.assignment.countries
    )


def candidates(
    session: Session,
    operation: plan.Operation,
    asked: AccountSearch = AccountSearch(),  # noqa: B008 - it is frozen
) -> SearchResult[Account]:
    """Search people of central roles who can be assigned: cleared, with an open account, and not assigned without
    end.
    """
    here = select(Assignment.account_id).where(Assignment.operation_id == operation.id, col(Assignment.ends).is_(None))
    wanted = Classification(operation.classification).rank
    query = select(Account).where(
        col(Account.role).in_([role.value for role in CENTRAL]),
        col(Account.disabled_at).is_(None),
        or_(col(Account.expires_at).is_(None), col(Account.expires_at) > now()),
        col(Account.id).not_in(here),
        col(Account.clearance).in_([each.value for each in Classification if each.rank >= wanted]),
    )
    return search_accounts(session, query, asked)


def own(session: Session, by: Actor) -> list[tuple[plan.Operation, Assignment]]:
    """Return the current and future assignments of `by`, each with its operation.

    Unscoped: the person was told of them.
    """
    query = (
        select(plan.Operation, Assignment)
        .join(Assignment, col(Assignment.operation_id) == col(plan.Operation.id))
        .where(Assignment.account_id == by.account_id, ahead(Assignment, now()))
        .order_by(plan.Operation.code_name, col(Assignment.starts))
    )
    return [(operation, assignment) for operation, assignment in session.exec(unscoped(query))]


def staffed(session: Session, by: Actor) -> list[tuple[plan.Operation, int]]:
    """Return every operation that is not over, with its number of coordinators, those without any first.

    For administrators.

    Raises NotPermitted.
    """
    require(by, Act.ACCOUNT_MANAGE, Subject(country=by.country))
    going = (
        select(plan.Operation).where(col(plan.Operation.state).not_in(plan.ENDED)).order_by(plan.Operation.code_name)
    )
    found = [(each, len(_coordinators(session, each.id))) for each in session.exec(unscoped(going))]
    return sorted(found, key=lambda each: each[1] > 0)


# ----------------------------------------------------------------------------------------------------- verbs


def assign(session: Session, operation_id: UUID, draft: AssignmentDraft, by: Actor) -> list[Assignment]:
    """Assign people of central roles to an operation. Idempotent under the same id.

    Raises RuleBroken with every flaw, and then nobody is assigned.
    """
    operation = owner(session, operation_id, by, Act.OPERATION_ASSIGN)
    if operation.state in _CLOSED:
        raise RuleBroken("", "This operation has ended. You can no longer assign people.")
    if (again := _saidbefore(session, operation, draft)) is not None:
        return again
    period = WorkingPeriod.of(operation, draft)
    people = [person(session, each, CENTRAL, operation, period) for each in draft.people]
    _check_countries(session, operation, draft.countries, people)
    made = []
    for account in people:
        _refuse_twice(session, operation, account, period)
        made.append(
            Assignment(
                id=uuid5(draft.id, str(account.id)),
                account_id=account.id,
                operation_id=operation.id,
                starts=period.starts,
                ends=period.ends,
                deputy=draft.deputy,
                countries=sorted(set(draft.countries)),
                made_by=by.account_id,
            )
        )
    session.add_all(made)
    session.flush()
    for new in made:
        _tell(session, new, MessageKind.POSTED, by, operation)
    for new in made:
        _record(session, by, "operation.assign", new, operation, deputy=new.deputy, countries=new.countries)
    return made


def change(session: Session, assignment_id: UUID, draft: AssignmentChange, by: Actor, *, version: int) -> Assignment:
    """Change the last day of an assignment, and the countries that an analyst serves.

    `version` is the one that was on the screen. Raises Conflict where somebody changed it meanwhile, and RuleBroken
    where the last coordinator would leave without a successor.
    """
    found, operation, account = _held(session, assignment_id, by)
    if found.version != version:
        raise Stale
    ends = end_of(operation, draft.last_day)
    if ends is not None and found.starts is not None and ends <= found.starts:
        raise RuleBroken("last_day", "The last day must not lie before the first.")
    if found.deputy and ends is None:
        raise RuleBroken("last_day", "A deputy needs a first and a last day. Give both.")
    if tuple(found.countries) != draft.countries:
        _check_countries(session, operation, draft.countries, [account])
    wanted = {"ends": ends, "countries": sorted(set(draft.countries))}
    if all(getattr(found, name) == value for name, value in wanted.items()):
        return found
    _refuse_twice(session, operation, account, WorkingPeriod(found.starts, ends), found.id)
    if ends is not None:
        _need_successor(session, found, account, ends)
    found.sqlmodel_update(wanted)
    found.version += 1
    session.add(found)
    session.flush()
    _tell(session, found, MessageKind.POSTING_CHANGED, by, operation)
    _record(session, by, "operation.assign", found, operation, changed=True, countries=found.countries)
    return found


def relieve(session: Session, assignment_id: UUID, by: Actor, *, version: int) -> Assignment:
    """End an assignment now, or cancel it before it begins: from the next request on the person does not work for the
    operation.

    Raises as `change` does.
    """
    found, operation, account = _held(session, assignment_id, by)
    if found.version != version:
        raise Conflict(CHANGED)
    ends = early_end(found)
    _need_successor(session, found, account, ends)
    found.ends = ends
    found.version += 1
    session.add(found)
    session.flush()
    _tell(session, found, MessageKind.RELIEVED, by, operation)
    _record(session, by, "operation.relieve", found, operation)
    return found


# --------------------------------------------------------------------------------------------------- internal


def person(
    session: Session, account_id: UUID, roles: Sequence[Role], operation: plan.Operation, period: WorkingPeriod
) -> Account:
    """Return the account of a person of these roles who can work for an operation when the period begins.

    Raises NotFound or RuleBroken.
    """
    account = session.exec(select(Account).where(Account.id == account_id)).one_or_none()
    if account is None or account.role not in roles:
        raise NotFound
    begins = max(now(), period.starts or now())
    if account.disabled_at is not None or (account.expires_at is not None and account.expires_at <= begins):
        raise RuleBroken(
            "people",
            "The account of {name} is closed or ends before then. Reopen or extend it first.",
            name=account.name,
        )
    if Classification(account.clearance).rank < Classification(operation.classification).rank:
        raise RuleBroken("people", "{name} is not cleared for what this operation is marked as.", name=account.name)
    return account


def _held(session: Session, assignment_id: UUID, by: Actor) -> tuple[Assignment, plan.Operation, Account]:
    """Return the assignment and its operation, locked for update, the operation first: changes of staff are
    serialised. Raises Conflict where it has ended.
    """
    operation = owner(session, rows.one(session, Assignment, assignment_id).operation_id, by, Act.OPERATION_ASSIGN)
    found = rows.hold(session, Assignment, assignment_id)
    if found.ends is not None and found.ends <= now():
        raise Conflict(CHANGED)
    return found, operation, session.exec(unscoped(select(Account).where(Account.id == found.account_id))).one()


def _saidbefore(session: Session, operation: plan.Operation, draft: AssignmentDraft) -> list[Assignment] | None:
    """Return the assignments that the same draft made before; None where it is new.

    Raises Conflict where it had other content then.
    """
    ids = [uuid5(draft.id, str(each)) for each in draft.people]
    known = session.exec(select(Assignment).where(col(Assignment.id).in_(ids))).all()
    if not known:
        return None
    said = (draft.deputy, sorted(set(draft.countries)), operation.id)
    if len(known) != len(ids) or any((each.deputy, each.countries, each.operation_id) != said for each in known):
        raise Conflict("This was already saved with other content. Reload the page to see it.")
    return list(known)


def _check_countries(
    session: Session, operation: plan.Operation, countries: Sequence[str], people: Sequence[Account]
) -> None:
    """Raise RuleBroken unless all people are analysts, none is from these countries, and the countries take part."""
    if not countries:
        return
    for analyst in people:
        if analyst.role != Role.OCU_ANALYST:
            raise RuleBroken(
                "countries",
                "Only analysts can be limited to some countries. {name} works for all of them.",
                name=analyst.name,
            )
        if analyst.country in countries:
            raise RuleBroken(
                "countries",
                "{name} is seconded by {country} and cannot work for that country here.",
                name=analyst.name,
                country=analyst.country,
            )
    query = select(plan.Participation.country).where(
        plan.Participation.operation_id == operation.id, col(plan.Participation.state).not_in(plan.OUT)
    )
    if strange := sorted(set(countries) - set(session.exec(unscoped(query)))):
        raise RuleBroken(
            "countries", "{country} does not take part in the operation: invite it first.", country=strange[0]
        )


def _refuse_twice(
    session: Session, operation: plan.Operation, account: Account, period: WorkingPeriod, but: UUID | None = None
) -> None:
    query = select(Assignment).where(Assignment.operation_id == operation.id, Assignment.account_id == account.id)
    if any(each.id != but and period.overlaps(each) for each in session.exec(query)):
        raise RuleBroken(
            "people",
            "{name} works for this operation on some of these days already: change or end that first.",
            name=account.name,
        )


def _coordinators(session: Session, operation_id: UUID) -> list[Assignment]:
    """Return current and future assignments of coordinators who are no deputies and have an open account."""
    query = (
        select(Assignment)
        .join(Account, col(Account.id) == col(Assignment.account_id))
        .where(
            Assignment.operation_id == operation_id,
            col(Assignment.deputy).is_(False),
            ahead(Assignment, now()),
            Account.role == Role.OPERATION_COORDINATOR.value,
            col(Account.disabled_at).is_(None),
            or_(col(Account.expires_at).is_(None), col(Account.expires_at) > now()),
        )
    )
    return list(session.exec(unscoped(query)))


def _need_successor(session: Session, leaves: Assignment, account: Account, at: datetime) -> None:
    """Raise RuleBroken unless other coordinators cover the time from `at` on without a gap, the last without end."""
    if account.role != Role.OPERATION_COORDINATOR or leaves.deputy:
        return
    others = [each for each in _coordinators(session, leaves.operation_id) if each.id != leaves.id]
    while there := [each for each in others if before(each.starts, at + MOMENT) and before(at, each.ends)]:
        ends = [each.ends for each in there if each.ends is not None]
        if len(ends) < len(there):
            return
        at = max(ends)
    raise RuleBroken(
        "",
        "{name} is the only coordinator of this operation. Assign a successor without a last day first.",
        name=account.name,
    )


def _tell(session: Session, what: Assignment, kind: MessageKind, by: Actor, operation: plan.Operation) -> None:
    key = f"{kind.value}:{what.id}:{what.version}"
    marking = Classification(operation.classification)
    to, about = To.those(what.account_id), Flaw("", _TOLD[kind], {"title": operation.title})
    tell(session, to, kind, OWN_PLACE, key=key, by=by, operation=operation.id, classification=marking, about=about)


_TOLD = {
    MessageKind.POSTED: N_("You work for {title}."),
    MessageKind.POSTING_CHANGED: N_("The days of your work for {title} were changed."),
    MessageKind.RELIEVED: N_("Your work for {title} has ended."),
}


def _record(session: Session, by: Actor, act: str, what: Assignment, operation: plan.Operation, **more: Any) -> None:
    detail: dict[str, Any] = {**journal_days(operation, what), **more}
    journal.record(session, by, act, "account", what.account_id, operation=operation.id, **detail)
