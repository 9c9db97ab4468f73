"""Account administration: listing, closing, reopening, changing, confirming by a second person, and signing out.

Administrators keep all accounts, national coordinators those of their country's officers. Nobody confirms or changes
the own account, and what reaches beyond a country takes two: one proposes, another confirms. That is a role, another
country, and accounts of several countries whose links one person had in hand. An account whose link somebody had in
hand counts as that person's own where four eyes are needed (`Actor.is_one_of`), until another has vouched for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic_core import PydanticCustomError
from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from operations.core import federated_identities, journal, proof, second_factor
from operations.core.accounts import PersonDraft
from operations.core.clock import now
from operations.core.drafts import Words, reason, rule
from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken, Stale
from operations.core.field_labels import N_, Label
from operations.core.journal import Entry
from operations.core.people import NATIONAL_ROLES, Account, Actor, System
from operations.core.permissions import PRIVILEGED_ROLES, Act, Subject, may, require
from operations.core.same_person import judging
from operations.core.sign_in import API, SignIn, sign_out_everywhere
from operations.core.store import locked, unscoped
from operations.core.vocabulary import Classification, Role

EMERGENCY = timedelta(hours=72)
UNUSED = timedelta(days=90)
"""The lifetime of an emergency account, and the time after which an unused account is closed."""

_ENDED = "A mandate ends after it begins: choose today or a later day."
rule("mandate_ended", _ENDED)
_ONESELF = N_("You cannot change your own account. Ask another administrator or coordinator.")
_USED = col(SignIn.only).is_(None) | (col(SignIn.only) == API)  # a wall screen is not a person
_LAST = N_("This is the last administrator who can sign in: invite another administrator first.")


class AccountState(StrEnum):
    """The states of an account: whether it can be used now."""

    INVITED = "invited"
    WAITING = "waiting"
    ACTIVE = "active"
    EXPIRED = "expired"
    CLOSED = "closed"


@dataclass(frozen=True)
class AccountView:
    """An account as its administrator sees it.

    `used_at`: when the person was last active; `factor`: a second one; `subject`: its identity at the provider.
    """

    account: Account
    state: AccountState
    used_at: datetime | None
    confirmable: bool
    factor: bool = False
    subject: str = ""


class ChangeDraft(PersonDraft):
    """The new content of an account. `last_day` is the last day of the mandate, in UTC; None: it does not end."""

    last_day: Annotated[date | None, Label(N_("Last day of the mandate"), N_("Empty: it has no end."))] = None
    reason: Annotated[
        Words, Label(N_("Reason"), N_("Needed for another role, country or clearance."), draws="text")
    ] = ""


def state_of(account: Account) -> AccountState:
    """Return what an account can be used for now."""
    if account.disabled_at is not None:
        return AccountState.CLOSED
    if account.expires_at is not None and account.expires_at <= now():
        return AccountState.EXPIRED
    if not account.password_hash:
        return AccountState.INVITED
    return AccountState.ACTIVE if account.proposed_by is None else AccountState.WAITING


def end_of(last_day: date | None) -> datetime | None:
    """Return the moment at which a mandate with this last day ends; None: it does not end."""
    return None if last_day is None else datetime.combine(last_day + timedelta(days=1), time(0), UTC)


def not_over(last_day: date) -> date:
    """Validate a draft's last day: a mandate that begins now cannot have ended."""
    if last_day < now().date():
        raise PydanticCustomError("mandate_ended", _ENDED)
    return last_day


def last_day_of(account: Account) -> date | None:
    """Return the last day of a mandate."""
    return None if account.expires_at is None else (account.expires_at - timedelta(microseconds=1)).date()


# ------------------------------------------------------------------------------------------------------- reading


def may_keep(by: Actor, account: Account) -> bool:
    """Whether `by` manages this account."""
    try:
        require_keeper(by, Role(account.role), account.country)
    except NotPermitted:
        return False
    return True


def require_keeper(by: Actor | System, role: Role, country: str | None, clearance: str | None = None) -> None:
    """Raise NotPermitted unless `by` manages accounts of this role and country, with a clearance up to their own."""
    if isinstance(by, System):
        return
    require(by, Act.ACCOUNT_MANAGE, Subject(country=country))
    if by.national and role not in NATIONAL_ROLES:
        raise NotPermitted
    if by.national and clearance is not None and Classification(clearance).rank > by.clearance.rank:
        raise NotPermitted


def people(session: Session, by: Actor) -> list[AccountView]:
    """Return the accounts that `by` manages, by name."""
    require(by, Act.ACCOUNT_MANAGE)
    query = select(Account).order_by(col(Account.name), col(Account.username))
    if by.national:
        national = [each.value for each in NATIONAL_ROLES]
        query = query.where(Account.country == by.country, col(Account.role).in_(national))
    return _as_kept(session, session.exec(query).all(), by)


def person(session: Session, account_id: UUID, by: Actor) -> AccountView:
    """Return an account that `by` manages. Raises NotFound."""
    account = session.get(Account, account_id)
    if account is None or not may_keep(by, account):
        raise NotFound
    return _as_kept(session, [account], by)[0]


def history(session: Session, account_id: UUID, by: Actor, limit: int = 50) -> Sequence[Entry]:
    """Return the journal of an account that `by` manages, newest first."""
    person(session, account_id, by)
    query = select(Entry).where(Entry.object_kind == "account", Entry.object_id == account_id)
    entries: Sequence[Entry] = session.exec(unscoped(query.order_by(col(Entry.seq).desc()).limit(limit))).all()
    return entries


def last_used(session: Session, accounts: Sequence[UUID] | None = None) -> dict[UUID, datetime]:
    """Return when the people of `accounts`, or all people, were last active; those who never were are left out."""
    used = (_USED, ~col(SignIn.factor_due))  # neither a wall screen nor half a sign-in is a person
    query = select(SignIn.account_id, func.max(SignIn.last_seen_at)).where(*used).group_by(col(SignIn.account_id))
    if accounts is not None and len(accounts) < 100:
        query = query.where(col(SignIn.account_id).in_(accounts))
    return dict(session.exec(query).all())


def _as_kept(session: Session, found: Sequence[Account], by: Actor) -> list[AccountView]:
    these = [each.id for each in found]
    used, factors = last_used(session, these), second_factor.holders(session)
    subjects = federated_identities.subjects(session, these)
    return [
        AccountView(
            each,
            state_of(each),
            used.get(each.id),
            _confirmable(each, by),
            each.id in factors,
            subjects.get(each.id, ""),
        )
        for each in found
    ]


def confirmable(session: Session, by: Actor) -> list[Account]:
    """Return the accounts that `by` may confirm as a second person."""
    if not may(by, Act.ACCOUNT_MANAGE):
        return []
    handed = col(Account.handed_by).is_not(None) & col(Account.vouched_by).is_(None)
    waits = select(Account).where(
        col(Account.proposed_by).is_not(None) | handed, Account.password_hash != "", col(Account.disabled_at).is_(None)
    )
    return [account for account in session.exec(waits).all() if may_keep(by, account) and _confirmable(account, by)]


def _confirmable(account: Account, by: Actor) -> bool:
    open_ = state_of(account) in (AccountState.ACTIVE, AccountState.WAITING)
    return open_ and _waits(account) and not _same_eyes(account, by)


def _waits(account: Account) -> bool:
    return account.proposed_by is not None or account.in_other_hands


def _same_eyes(account: Account, by: Actor) -> bool:
    """Whether the asker, under any account, owns the account, had its link in hand, or proposed it."""
    return by.is_one_of(account.id, account.handed_by, account.proposed_by)


# -------------------------------------------------------------------------------------------------------- acting


def locked_account(session: Session, account_id: UUID, by: Actor | System) -> Account:
    """Return an account that `by` manages, locked for update. Raises NotFound."""
    account: Account | None = session.exec(locked(select(Account).where(Account.id == account_id))).one_or_none()
    if account is None or (isinstance(by, Actor) and not may_keep(by, account)):
        raise NotFound
    return account


@proof.needed
def close(session: Session, account_id: UUID, by: Actor | System, why: str = "", *, unused: bool = False) -> Account:
    """Close an account at once: its sessions end and nobody can sign in. People give a reason; `unused` is one.

    Raises RuleBroken for the last administrator.
    """
    account = locked_account(session, account_id, by)
    if account.disabled_at is not None:
        return account
    _keep_an_administrator(session, account)
    said: dict[str, Any] = {"reason": reason(why)} if why or isinstance(by, Actor) else {}
    said |= {"unused": True} if unused else {}
    account.disabled_at = now()
    _changed(session, account)
    sign_out_everywhere(session, account_id, System())
    journal.record(session, by, "account.disable", "account", account.id, country=account.country, **said)
    return account


@proof.needed
def reopen(session: Session, account_id: UUID, by: Actor | System) -> Account:
    """Reopen a closed account as it was. An emergency account stays closed."""
    account = locked_account(session, account_id, by)
    _not_oneself(account, by)
    if account.disabled_at is None:
        return account
    if account.emergency:
        raise RuleBroken("", "You cannot reopen an emergency account. Invite the person in the usual way.")
    account.disabled_at, account.reopened_at = None, now()
    if isinstance(by, Actor) and account.role in PRIVILEGED_ROLES:
        account.proposed_by = by.account_id
    _changed(session, account)
    journal.record(session, by, "account.reopen", "account", account.id, country=account.country)
    return account


@proof.needed
def change(session: Session, account_id: UUID, draft: ChangeDraft, by: Actor | System, seen: int) -> Account:
    """Change role, country, unit, clearance and end of the mandate, from the next request on.

    Another role or country ends the person's sessions; a privileged role or another country waits for a second person,
    and what waits is not set free by it. Raises
    Stale where somebody was faster, RuleBroken for the own account, the last administrator, a mandate that ends
    before it begins, or without a reason where role, country or clearance change.
    """
    account = locked_account(session, account_id, by)
    if account.version != seen:
        raise Stale
    if Role(account.role) is not draft.role or draft.last_day is not None:
        _keep_an_administrator(session, account)
    _not_oneself(account, by)
    for clearance in (account.clearance, draft.clearance):
        require_keeper(by, draft.role, draft.country, clearance)
    ends = account.expires_at if draft.last_day == last_day_of(account) else end_of(draft.last_day)
    if ends is not None and ends != account.expires_at and ends <= now():
        raise RuleBroken("last_day", _ENDED)
    if account.emergency and ends != account.expires_at:
        raise RuleBroken("last_day", "An emergency account ends after 72 hours: invite the person in the usual way.")
    to = draft.model_dump(mode="json", include={"role", "country", "unit", "clearance"}) | {"expires_at": ends}
    before = {name: getattr(account, name) for name in to}
    moved = [name for name, value in to.items() if value != before[name]]
    if not moved:
        return account
    weighty = {"role", "country", "clearance"} & set(moved)
    said: dict[str, Any] = {"reason": reason(draft.reason)} if weighty or draft.reason else {}
    for name in moved:
        setattr(account, name, to[name])
    if "role" in moved:
        said |= {"before": before["role"], "after": account.role}
    if {"role", "country"} & set(moved):
        # Whoever moves an account from country to country would read of all of them.
        crosses = draft.role in PRIVILEGED_ROLES or (before["country"] is not None and "country" in moved)
        waits = by.account_id if isinstance(by, Actor) and crosses else account.proposed_by
        account.proposed_by = waits if isinstance(by, Actor) else None
    _changed(session, account)
    if {"role", "country"} & set(moved):
        sign_out_everywhere(session, account.id, System())
    record = {"country": account.country, "changed": moved, **said}
    journal.record(session, by, "account.change", "account", account.id, **record)
    return account


@proof.needed
def confirm(session: Session, account_id: UUID, by: Actor | System) -> Account:
    """Confirm an account as a second person: that its owner has it, and may have a privileged role.

    Raises RuleBroken for anybody who had its link in hand, proposed it or uses it (under any account), and before the
    person has set a password; Conflict if nothing waits for confirmation any more.
    """
    account = locked_account(session, account_id, by)
    if not _waits(account) or account.disabled_at is not None:
        raise Conflict("There is nothing left to confirm. Reload the page.")
    if isinstance(by, Actor) and _same_eyes(account, judging(session, by)):
        raise RuleBroken("", "You cannot confirm an account that you invited, proposed or use. Ask a second person.")
    if not account.password_hash:
        raise RuleBroken("", "The person has not set a password yet. Confirm the account after that.")
    if isinstance(by, Actor):
        account.vouched_by = by.account_id
    else:
        account.handed_by = None
    account.proposed_by = None
    _changed(session, account)
    journal.record(session, by, "account.confirm", "account", account.id, country=account.country)
    return account


def end_sessions(session: Session, account_id: UUID, by: Actor | System) -> int:
    """Sign a person out everywhere. Return the number of sessions ended."""
    account = locked_account(session, account_id, by)
    ended = sign_out_everywhere(session, account.id, System())
    journal.record(session, by, "account.end_sessions", "account", account.id, country=account.country, sessions=ended)
    return ended


@proof.needed
def reset_factor(session: Session, account_id: UUID, by: Actor | System) -> Account:
    """Remove the second factor of a person who lost it, and sign them out everywhere.

    Whoever does that counts as one who may use the account, until a second person has vouched for its owner. Raises
    RuleBroken for one's own account, and Conflict where there is none.
    """
    account = locked_account(session, account_id, by)
    _not_oneself(account, by)
    if not second_factor.remove(session, account.id):
        raise Conflict("This account has no second factor. Reload the page.")
    _in_hand(session, account, by, "account.factor_reset")
    return account


@proof.needed
def bind_identity(session: Session, account_id: UUID, issuer: str, subject: str, by: Actor | System) -> Account:
    """Let a person sign in as a subject of the identity provider, and sign them out everywhere.

    Whoever does that counts as one who may use the account, until a second person has vouched for its owner. Raises
    RuleBroken for one's own account, for one without a password, which proves the person again, and for a subject that
    is bound to another.
    """
    account = locked_account(session, account_id, by)
    _not_oneself(account, by)
    if not account.password_hash:
        raise RuleBroken("", "The person has not set a password yet. Bind the identity after that.")
    federated_identities.bind(session, account.id, issuer, subject.strip())
    _in_hand(session, account, by, "account.identity_bound")
    return account


@proof.needed
def unbind_identity(session: Session, account_id: UUID, by: Actor | System) -> Account:
    """Take the identity at the provider from an account, and sign its person out everywhere."""
    account = locked_account(session, account_id, by)
    if not federated_identities.unbind(session, account.id):
        raise Conflict("This account is bound to no identity. Reload the page.")
    _changed(session, account)
    sign_out_everywhere(session, account.id, System())
    journal.record(session, by, "account.identity_unbound", "account", account.id, country=account.country)
    return account


def _in_hand(session: Session, account: Account, by: Actor | System, act: str) -> None:
    """Journal an act by which somebody else could come to use an account: its sessions end, and eyes count as one."""
    if isinstance(by, Actor):
        account.handed_by, account.vouched_by = by.account_id, None
    _changed(session, account)
    sign_out_everywhere(session, account.id, System())
    journal.record(session, by, act, "account", account.id, country=account.country)


@proof.needed
def end_country(session: Session, country: str, by: Actor | System, why: str, *, close_all: bool = False) -> int:
    """Sign out everybody of a country except the asker, or close their accounts. Return the number of accounts."""
    if isinstance(by, Actor):
        require(by, Act.ACCOUNT_MANAGE, Subject(country=country))
    why = reason(why)
    query = select(Account).where(Account.country == country, col(Account.disabled_at).is_(None))
    accounts = [each for each in session.exec(query.order_by(col(Account.id))).all() if _others(each, by)]
    for account in accounts:
        if close_all:
            close(session, account.id, by, why)
        else:
            end_sessions(session, account.id, by)
    journal.record(
        session,
        by,
        "account.end_country",
        "country",
        country=country,
        people=len(accounts),
        closed=close_all,
        reason=why,
    )
    return len(accounts)


def _others(account: Account, by: Actor | System) -> bool:
    return isinstance(by, System) or (account.id != by.account_id and may_keep(by, account))


def _not_oneself(account: Account, by: Actor | System) -> None:
    if isinstance(by, Actor) and account.id == by.account_id:
        raise RuleBroken("", _ONESELF)


def _changed(session: Session, account: Account) -> None:
    account.version += 1
    session.add(account)
    session.flush()


def _keep_an_administrator(session: Session, account: Account) -> None:
    """Raise RuleBroken if nobody else could manage accounts. Locks all administrators: two cannot leave at once."""
    if account.role != Role.ADMINISTRATOR.value:
        return
    all_of_them = select(Account).where(Account.role == Role.ADMINISTRATOR.value).order_by(col(Account.id))
    staying = [each.id for each in session.exec(unscoped(locked(all_of_them))) if _stays(each)]
    if staying == [account.id]:
        raise RuleBroken("", _LAST)


def _stays(account: Account) -> bool:
    return account.may_enter and bool(account.password_hash)


def unused_since(session: Session, limit: datetime) -> list[tuple[Account, datetime]]:
    """Return the open accounts unused after `limit`, with their last use; one administrator is always left out."""
    there = select(SignIn.id).where(SignIn.account_id == Account.id, SignIn.last_seen_at > limit, _USED)
    query = select(Account).where(
        col(Account.disabled_at).is_(None),
        Account.created_at <= limit,
        or_(col(Account.reopened_at).is_(None), col(Account.reopened_at) <= limit),
        ~there.exists(),
    )
    accounts = session.exec(query.order_by(col(Account.id))).all()
    used = last_used(session, [each.id for each in accounts])
    since = {account.id: max(_moments(account, used)) for account in accounts}
    staying = select(Account).where(Account.role == Role.ADMINISTRATOR.value)
    keep = [administrator.id for administrator in session.exec(staying) if _stays(administrator)]
    spared = max(keep, key=lambda known: since[known]) if keep and all(known in since for known in keep) else None
    return [(account, since[account.id]) for account in accounts if account.id != spared]


def _moments(account: Account, used: dict[UUID, datetime]) -> list[datetime]:
    moments = [account.created_at, account.reopened_at, used.get(account.id)]
    return [moment for moment in moments if moment is not None]
