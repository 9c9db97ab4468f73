"""Accounts: made, closed, given a new password, in four languages.

Who may make which account is the permission table's to say; a national coordinator never makes more than officers of
the own country.
"""

import re
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, SecretStr, StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session, select

from operations.core import journal, passwords
from operations.core.clock import now
from operations.core.drafts import Draft, Moment, Name, rule
from operations.core.errors import NotFound, NotPermitted, RuleBroken
from operations.core.journal import Chain
from operations.core.people import NATIONAL_ROLES, Account, Actor, System
from operations.core.permissions import Act, Subject, require
from operations.core.signin import prove_again, sign_out_everywhere
from operations.core.store import Store
from operations.core.vocabulary import LOCALES, Classification, InList, Role

_COUNTRY_NEEDED = "An officer of a country needs that country."
_COUNTRY_REFUSED = "This role belongs to no country."
_USERNAME = "A user name has 3 to 64 small letters, digits, dots, hyphens or underscores."
_LANGUAGE = "Muster speaks English, French, Spanish and Arabic."
for _type, _template in {
    "country_needed": _COUNTRY_NEEDED,
    "country_refused": _COUNTRY_REFUSED,
    "username_form": _USERNAME,
    "language_unknown": _LANGUAGE,
}.items():
    rule(_type, _template)


def _speaks(code: str) -> str:
    if code not in LOCALES:
        raise PydanticCustomError("language_unknown", _LANGUAGE)
    return code


def _plain_username(text: str) -> str:
    if re.fullmatch(r"[a-z0-9][a-z0-9._-]{2,63}", text) is None:
        raise PydanticCustomError("username_form", _USERNAME)
    return text


class AccountDraft(Draft):
    """A new account. The password is checked where the account is made, and is nowhere shown."""

    id: UUID
    username: Annotated[str, StringConstraints(to_lower=True), AfterValidator(_plain_username)]
    name: Name
    role: Role
    country: Annotated[str, InList("CL-COUNTRY")] | None = None
    clearance: Classification = Classification.FOR_OFFICIAL_USE
    password: SecretStr
    language: Annotated[str, AfterValidator(_speaks)] = "en"
    expires_at: Moment | None = None

    @model_validator(mode="after")
    def _country_suits_role(self) -> "AccountDraft":
        """Officers of a country have one; central roles none, but an analyst may be seconded by one."""
        if self.role in NATIONAL_ROLES and self.country is None:
            raise PydanticCustomError("country_needed", _COUNTRY_NEEDED)
        if self.role not in NATIONAL_ROLES and self.role is not Role.OCU_ANALYST and self.country is not None:
            raise PydanticCustomError("country_refused", _COUNTRY_REFUSED)
        return self


def add_account(session: Session, draft: AccountDraft, by: Actor | System) -> Account:
    """Make an account. A national coordinator makes officers of the own country only, cleared no higher than the self.

    Raises NotPermitted, or RuleBroken for a password that is too easy or a user name that is taken.
    """
    if isinstance(by, Actor):
        require(by, Act.ACCOUNT_MANAGE, Subject(country=draft.country, classification=draft.clearance))
        if by.national and draft.role not in NATIONAL_ROLES:
            raise NotPermitted
    password = draft.password.get_secret_value()
    passwords.check(password, (draft.username, draft.name))
    if session.exec(select(Account.id).where(Account.username == draft.username)).first() is not None:
        raise RuleBroken("username", "The user name {username} is taken.", username=draft.username)
    made = Account(
        id=draft.id,
        username=draft.username,
        name=draft.name,
        role=draft.role.value,
        country=draft.country,
        clearance=draft.clearance.value,
        password_hash=passwords.hashed(password),
        language=draft.language,
        created_at=now(),
        expires_at=draft.expires_at,
    )
    session.add(made)
    session.flush()
    journal.record(session, by, Act.ACCOUNT_MANAGE, "account", made.id, country=made.country, role=made.role)
    return made


def disable(session: Session, account_id: UUID, by: Actor | System) -> Account:
    """Close an account at once: its sessions end, and nobody signs in with it again."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound
    if isinstance(by, Actor):
        require(by, Act.ACCOUNT_MANAGE, Subject(country=account.country))
    if account.disabled_at is None:
        account.disabled_at = now()
        session.add(account)
        sign_out_everywhere(session, account_id, by)
        journal.record(session, by, "account.disable", "account", account.id, country=account.country)
    return account


def change_password(store: Store, by: Actor, old: str, new: str, keep: UUID | None = None) -> int:
    """Give oneself a new password; ends all other sessions (all but `keep`) and returns how many.

    Raises RuleBroken on `old` when it is wrong, or was too often (wrong ones count with those of the sign-in), on `new`
    when it is too easy or the old one.
    """
    with store.reading(System()) as session:
        account = session.get(Account, by.account_id)
    if account is None:
        raise NotFound
    if not prove_again(store, account, old, keep, by, "account.change_password", "old"):
        raise RuleBroken("old", "This is not your present password.")
    passwords.check(new, (account.username, account.name), field="new")
    if new == old:
        raise RuleBroken("new", "The new password must differ from the present one.")
    fresh = passwords.hashed(new)
    with store.unit_of_work(by) as session:
        kept = session.get(Account, by.account_id)
        if kept is None or kept.password_hash != account.password_hash:
            raise RuleBroken("old", "This password was changed elsewhere meanwhile: sign in again.")
        kept.password_hash = fresh
        session.add(kept)
        ended = sign_out_everywhere(session, by.account_id, by, but=keep)
        journal.record(
            session, by, "account.change_password", "account", by.account_id, country=by.country, chain=Chain.ACCESS
        )
    return ended


def speak(session: Session, by: Actor, language: str) -> None:
    """Remember the language in which a person reads Muster; raises RuleBroken for one that it does not speak."""
    if language not in LOCALES:
        raise RuleBroken("language", _LANGUAGE)
    account = session.get(Account, by.account_id)
    if account is None:
        raise NotFound
    account.language = language
    session.add(account)
