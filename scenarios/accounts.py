"""Demo accounts: one for each role and country. They exist only where a scenario is played."""

from collections.abc import Iterable
from functools import cache

from sqlmodel import select

from operations.core import journal, passwords
from operations.core.clock import now
from operations.core.people import Account, System
from operations.core.permissions import Act
from operations.core.store import Store
from operations.core.vocabulary import Classification, Role, label
from scenarios.script_language import CastMember, Scenario, identifier

_PASSPHRASE = "seven lanterns by the river"  # noqa: S105 - printed on the demo's own screen, of accounts that exist there only

CENTRAL = (
    CastMember("coordinator", "Operation coordinator", Role.OPERATION_COORDINATOR),
    CastMember("analyst", "Analyst of the coordination unit", Role.OCU_ANALYST),
    CastMember("leader", "Leadership", Role.LEADERSHIP),
    CastMember("auditor", "Auditor", Role.AUDITOR),
    CastMember("rights", "Fundamental rights officer", Role.RIGHTS_OFFICER),
    CastMember("admin", "Administrator", Role.ADMINISTRATOR),
)
_NATIONAL = (
    ("officer", "Officer", Role.NATIONAL_OFFICER),
    ("officer2", "Second officer", Role.NATIONAL_OFFICER),
    ("lead", "Team leader", Role.TEAM_LEADER),
    ("lead2", "Second team leader", Role.TEAM_LEADER),
    ("coordinator", "National coordinator", Role.NATIONAL_COORDINATOR),
    ("coordinator2", "Second national coordinator", Role.NATIONAL_COORDINATOR),
)


def demo_password(username: str) -> str:
    """Return the password of a demo account: one memorable phrase for all of them."""
    return _PASSPHRASE


def national(country: str) -> tuple[CastMember, ...]:
    """Return the cast of `country` (ISO 3166-1 alpha-3): officer.ner, lead.ner, coordinator.ner and seconds."""
    where = label("CL-COUNTRY", country)
    return tuple(
        CastMember(f"{short}.{country.lower()}", f"{words}, {where}", role, country) for short, words, role in _NATIONAL
    )


@cache
def _hash() -> str:
    """Return one password hash for all accounts: hashing is slow on purpose, and a cast is large."""
    return passwords.hashed(_PASSPHRASE)


def prepare(store: Store, scenario: Scenario) -> int:
    """Create the missing accounts of a scenario's cast; return their number."""
    return add_missing(store, scenario.cast)


def add_missing(store: Store, cast: Iterable[CastMember]) -> int:
    """Create the missing accounts of a cast; return their number.

    The rows are written here and not by `accounts.add_account`, which would compute a hash for each.
    """
    _hash()  # takes long, and others wait for a turn to write
    with store.unit_of_work(System()) as session:
        known = set(session.exec(select(Account.username)).all())
        made = [_account(member) for member in cast if member.username not in known]
        session.add_all(made)
        session.flush()
        for account in made:
            journal.record(
                session, System(), Act.ACCOUNT_MANAGE, "account", account.id, country=account.country, role=account.role
            )
    return len(made)


def _account(member: CastMember) -> Account:
    return Account(
        id=identifier("account", member.username),
        username=member.username,
        name=member.name,
        role=member.role.value,
        country=member.country,
        clearance=Classification.CONFIDENTIAL.value,
        password_hash=_hash(),
        created_at=now(),
    )
