"""Mandates that end: the person is told two weeks before, and at the end every session of the account is ended.

Nobody acts with an ended mandate in any case: who asks is made anew at every request (`policing.membership`).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from operations.core import journal
from operations.core.people import Account, System
from operations.core.signin import sign_out_everywhere
from operations.core.vocabulary import MessageKind
from operations.notices.messages import To, tell
from operations.timetable.effects import Due, Job, Outcome

WARNING = timedelta(days=14)


def _ending(session: Session, since: datetime, moment: datetime) -> Iterable[Due]:
    return _dues(session, "mandate.warn", since, moment, WARNING)


def _ended(session: Session, since: datetime, moment: datetime) -> Iterable[Due]:
    return _dues(session, "mandate.end", since, moment, timedelta(0))


def _dues(session: Session, name: str, since: datetime, moment: datetime, before: timedelta) -> Iterable[Due]:
    query = select(Account).where(
        col(Account.disabled_at).is_(None),
        col(Account.expires_at) >= since + before,
        col(Account.expires_at) <= moment + before,
    )
    return [
        Due(f"{name}:{account.id}", account.expires_at, account.expires_at - before, account)
        for account in session.exec(query)
        if account.expires_at is not None
    ]


def _warn(session: Session, due: Due, moment: datetime, _made: Any) -> Outcome:
    days = max((due.due - moment).days, 1)
    key = f"{due.job}:{due.due.isoformat()}"
    told = tell(session, To.those(due.about.id), MessageKind.MANDATE_ENDING, "/account", days, key=key, by=System())
    return {"told": told}


def _end(session: Session, due: Due, _moment: datetime, _made: Any) -> Outcome:
    account: Account = due.about
    sessions = sign_out_everywhere(session, account.id, System())
    journal.record(session, System(), "account.expire", "account", account.id, country=account.country)
    return {"sessions": sessions}


JOBS = (Job("mandate.warn", _ending, _warn), Job("mandate.end", _ended, _end))
