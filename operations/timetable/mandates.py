"""Jobs of mandates: a warning two weeks before the end, and at the end a sign-out of all sessions of the account.

An account that nobody uses for 90 days is closed, a week after the person and who keeps the account were told. Whoever
works with an account is told when somebody makes another link for it, with which one could act in that name. Nobody
acts with an ended mandate in any case: who asks is made anew at every request (`policing.membership`).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from operations.core import journal
from operations.core.account_admin import UNUSED, close, unused_since
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.invitations import Invitation
from operations.core.journal import Entry
from operations.core.people import NATIONAL_ROLES, Account, System
from operations.core.sign_in import sign_out_everywhere
from operations.core.vocabulary import MessageKind, Role
from operations.notices.messages import To, tell
from operations.timetable.effects import DueEffect, Effect, Outcome, TimetableJob

WARNING, WORD_BEFORE = timedelta(days=14), timedelta(days=7)


def _ending(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    return _dues(session, "mandate.warn", since, moment, WARNING)


def _ended(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    return _dues(session, "mandate.end", since, moment, timedelta(0))


def _dues(session: Session, name: str, since: datetime, moment: datetime, before: timedelta) -> Iterable[DueEffect]:
    query = select(Account).where(
        col(Account.disabled_at).is_(None),
        col(Account.expires_at) >= since + before,
        col(Account.expires_at) <= moment + before,
    )
    return [
        DueEffect(f"{name}:{account.id}", account.expires_at, account.expires_at - before, account)
        for account in session.exec(query)
        if account.expires_at is not None
    ]


def _warn(session: Session, due: DueEffect, moment: datetime, _made: Any) -> Outcome:
    days = max((due.due - moment).days, 1)
    key = f"{due.job}:{due.due.isoformat()}"
    told = tell(
        session,
        To.those(due.about.id),
        MessageKind.MANDATE_ENDING,
        "/account",
        days,
        key=key,
        by=System(),
        about=Flaw("", N_("The mandate of your account ends on {day}."), {"day": due.due.date()}),
        until=due.due,
    )
    return {"told": told}


def _end(session: Session, due: DueEffect, _moment: datetime, _made: Any) -> Outcome:
    account: Account = due.about
    sessions = sign_out_everywhere(session, account.id, System())
    journal.record(session, System(), "account.expire", "account", account.id, country=account.country)
    return {"sessions": sessions}


def _unused(session: Session, _since: datetime, moment: datetime) -> Iterable[DueEffect]:
    return [
        DueEffect(f"account.unused:{account.id}", since + UNUSED, since + UNUSED - WORD_BEFORE, account)
        for account, since in unused_since(session, moment - UNUSED + WORD_BEFORE)
    ]


def _word(session: Session, due: DueEffect, _moment: datetime, _made: Any) -> Outcome:
    account: Account = due.about
    keepers = (
        To(roles=frozenset({Role.NATIONAL_COORDINATOR}), country=account.country)
        if account.role in NATIONAL_ROLES
        else To(roles=frozenset({Role.ADMINISTRATOR}))
    )
    kind, key = MessageKind.ACCOUNT_UNUSED, f"{due.job}:{due.due.isoformat()}"
    closes = due.due.date()
    told = tell(
        session,
        To.those(account.id),
        kind,
        "/account",
        WORD_BEFORE.days,
        key=key,
        by=System(),
        about=Flaw("", N_("You did not use your account for long. It is closed on {day}."), {"day": closes}),
        until=due.due,
    )
    told += tell(
        session,
        keepers,
        kind,
        "/people",
        WORD_BEFORE.days,
        key=f"{key}:keepers",
        by=System(),
        about=Flaw("", N_("Nobody uses the account of {name}: it is closed soon."), {"name": account.name}),
        until=due.due,
    )
    return {"told": told}


def _told_before(session: Session, _since: datetime, moment: datetime) -> Iterable[DueEffect]:
    """Yield accounts warned a week ago and not used since."""
    found = []
    for account, since in unused_since(session, moment - UNUSED):
        word = session.get(Effect, (f"account.unused:{account.id}", since + UNUSED))
        if word is not None and word.done_at + WORD_BEFORE <= moment:
            at = max(since + UNUSED, word.done_at + WORD_BEFORE)
            found.append(DueEffect(f"account.close_unused:{account.id}", since + UNUSED, at, account))
    return found


def _close(session: Session, due: DueEffect, _moment: datetime, _made: Any) -> Outcome:
    close(session, due.about.id, System(), unused=True)
    return {}


def _linked(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    lately = select(Invitation.account_id).where(col(Invitation.made_at) > since, col(Invitation.made_at) <= moment)
    query = select(Entry).where(
        col(Entry.object_id).in_(lately), Entry.act == "account.link", col(Entry.at) > since, col(Entry.at) <= moment
    )
    return [
        DueEffect(f"account.linked:{entry.seq}", entry.at, entry.at, entry.object_id)
        for entry in session.exec(query)
        if entry.detail.get("again")
    ]


def _linked_word(session: Session, due: DueEffect, _moment: datetime, _made: Any) -> Outcome:
    about = Flaw("", N_("A new link for your account was made on {day}."), {"day": due.due.date()})
    kind = MessageKind.ACCOUNT_LINKED
    told = tell(session, To.those(due.about), kind, "/account", key=due.job, by=System(), about=about)
    return {"told": told}


JOBS = (
    TimetableJob("account.linked", _linked, _linked_word),
    TimetableJob("mandate.warn", _ending, _warn),
    TimetableJob("mandate.end", _ended, _end),
    TimetableJob("account.unused", _unused, _word),
    TimetableJob("account.close_unused", _told_before, _close),
)
