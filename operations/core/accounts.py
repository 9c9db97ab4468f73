"""Accounts: their content, how they are made on the server, and what people change of their own."""

import re
from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, SecretStr, StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session, col, select

from operations.core import journal, passwords
from operations.core.clock import now
from operations.core.code_lists import Choices
from operations.core.drafts import Draft, Line, Moment, Name, rule
from operations.core.errors import NotFound, RuleBroken, existing
from operations.core.field_labels import N_, Label
from operations.core.journal import Chain
from operations.core.languages import LOCALES
from operations.core.people import NATIONAL_ROLES, Account, Actor, System
from operations.core.permissions import Act
from operations.core.sign_in import prove_again, sign_out_everywhere
from operations.core.store import Store, unscoped
from operations.core.vocabulary import Classification, InList, Role

_COUNTRY_NEEDED = "An officer of a country needs that country."
_COUNTRY_REFUSED = "This role belongs to no country."
_USERNAME = "A user name has 3 to 64 small letters, digits, dots, hyphens or underscores."
_LANGUAGE = "Muster is not available in this language. Choose one of these: {choices}."
_SPOKEN = Choices(LOCALES, "CL-LANGUAGE")
for _type, _template in {
    "country_needed": _COUNTRY_NEEDED,
    "country_refused": _COUNTRY_REFUSED,
    "username_form": _USERNAME,
}.items():
    rule(_type, _template)
rule("language_unknown", _LANGUAGE, _SPOKEN)


def _speaks(code: str) -> str:
    if code not in LOCALES:
        raise PydanticCustomError("language_unknown", "not spoken")
    return code


def _plain_username(text: str) -> str:
    if re.fullmatch(r"[a-z0-9][a-z0-9._-]{2,63}", text) is None:
        raise PydanticCustomError("username_form", _USERNAME)
    return text


class PersonDraft(Draft):
    """The personal part of an account, which can be changed later."""

    role: Annotated[Role, Label(N_("Role"), listed="CL-ROLE")]
    country: Annotated[
        Annotated[str, InList("CL-COUNTRY")] | None,
        Label(N_("Country"), N_("Officers of a country, and analysts whom one has seconded.")),
    ] = None
    unit: Annotated[Line, Field(max_length=120), Label(N_("Unit"))] = ""
    clearance: Annotated[Classification, Label(N_("Clearance"), listed="CL-CLASS")] = Classification.FOR_OFFICIAL_USE

    @model_validator(mode="after")
    def _country_suits_role(self) -> "PersonDraft":
        """Officers of a country have one; central roles have none, but an analyst may be seconded by one."""
        if self.role in NATIONAL_ROLES and self.country is None:
            raise PydanticCustomError("country_needed", _COUNTRY_NEEDED)
        if self.role not in NATIONAL_ROLES and self.role is not Role.OCU_ANALYST and self.country is not None:
            raise PydanticCustomError("country_refused", _COUNTRY_REFUSED)
        return self


_ADDRESS = rule("address_form", "This is not a mail address, such as name@police.example.")


def _deliverable(text: str) -> str:
    if text and re.fullmatch(r"[^@\s<>,;:\"]{1,64}@[^@\s<>,;:\"]{1,180}", text, re.ASCII) is None:
        raise PydanticCustomError(_ADDRESS, "not an address")
    return text


MailAddress = Annotated[str, StringConstraints(max_length=254), AfterValidator(_deliverable)]
"""An address to which mail can be sent, or ""."""
Username = Annotated[str, StringConstraints(to_lower=True), AfterValidator(_plain_username)]
Language = Annotated[str, AfterValidator(_speaks)]


class AccountDraft(PersonDraft):
    """A new account with its password, which is checked when the account is made and shown nowhere."""

    id: UUID
    username: Username
    name: Name
    password: SecretStr
    language: Language = "en"
    expires_at: Moment | None = None


def add_account(session: Session, draft: AccountDraft, by: System) -> Account:
    """Make an account with a password, as the keeper of the server. People are invited instead (`invitations`).

    Raises RuleBroken for a password that is too easy or a user name that is taken.
    """
    password = draft.password.get_secret_value()
    passwords.check(password, (draft.username, draft.name))
    refuse_taken(session, [draft.username])
    made = Account(
        **draft.model_dump(exclude={"password"}, mode="python"),
        password_hash=passwords.hashed(password),
        created_at=now(),
    )
    session.add(made)
    session.flush()
    journal.record(session, by, Act.ACCOUNT_MANAGE, "account", made.id, country=made.country, role=made.role)
    return made


def refuse_taken(session: Session, usernames: Iterable[str]) -> None:
    """Raise RuleBroken for a user name in use, whether the asker may see that account or not."""
    in_use = select(Account.username).where(col(Account.username).in_(list(usernames)))
    if taken := session.exec(unscoped(in_use)).first():
        raise RuleBroken("username", "The user name {username} is taken.", username=taken)


def change_password(store: Store, by: Actor, old: str, new: str, keep: UUID | None = None) -> int:
    """Change the own password, ending all other sessions (except `keep`). Return their number.

    Raises RuleBroken on `old` if it is wrong, or was wrong too often (counted together with sign-ins), and on `new` if
    it is too easy or the same as the old one.
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
            raise RuleBroken("old", "Your password was changed in another session. Sign in again.")
        kept.password_hash = fresh
        session.add(kept)
        ended = sign_out_everywhere(session, by.account_id, by, but=keep)
        journal.record(
            session, by, "account.change_password", "account", by.account_id, country=by.country, chain=Chain.ACCESS
        )
    return ended


def speak(session: Session, by: Actor, language: str) -> None:
    """Set the language in which a person reads Muster. Raises RuleBroken for an unknown one."""
    if language not in LOCALES:
        raise RuleBroken("language", _LANGUAGE, choices=_SPOKEN)
    account = existing(session.get(Account, by.account_id))
    account.language = language
    session.add(account)
