"""`muster user`: administration of accounts on the command line, by the same verbs as the people page.

The verbs run as Muster itself (`System`): no second person has to confirm them, and an invited person is not taken for
the second account of anyone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from sqlmodel import Session, col, select

from dashboard.settings import Settings
from operations import tables  # noqa: F401 - foreign keys of accounts need the tables they refer to
from operations.core import account_admin, accounts, bulk_invitations, invitations
from operations.core.account_admin import ChangeDraft, last_day_of, state_of
from operations.core.drafts import parse
from operations.core.errors import MusterError, RuleBroken
from operations.core.ids import new_id
from operations.core.invitations import InvitationDraft, InvitationLink
from operations.core.languages import LOCALES
from operations.core.people import Account, System
from operations.core.sign_in import account_named
from operations.core.store import Store, open_store
from operations.core.vocabulary import Classification, Role

user = typer.Typer(help="Accounts.", no_args_is_help=True)

Username = Annotated[str, typer.Argument(help="Small letters, digits, dots, hyphens.")]
Country = Annotated[str | None, typer.Option(help="ISO 3166-1 alpha-3, for officers of a country.")]
Reason = Annotated[str, typer.Option(help="Written into the journal.")]
LastDay = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day of the mandate.")]


def _store() -> Store:
    return open_store(Settings().database)


@contextmanager
def _work() -> Iterator[Session]:
    """Open a unit of work of `System`; print what a rule refuses, field by field, and roll back."""
    try:
        with _store().unit_of_work(System()) as session:
            yield session
    except RuleBroken as refusal:
        for flaw in refusal.flaws:
            typer.echo(f"{flaw.field or 'account'}: {flaw}", err=True)
        raise typer.Exit(1) from None
    except MusterError as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(1) from None


def _of(session: Session, username: str) -> UUID:
    found = account_named(session, username)
    if found is None:
        raise RuleBroken("username", "There is no account called {username}.", username=username)
    return found.id


def _tell(link: InvitationLink) -> None:
    """Print an invitation link: the only place that does."""
    typer.echo(f"{link.account.username}: {Settings().address}/invitation#{link.secret}")
    typer.echo("It works once and for 72 hours, and is shown this once. Hand it to nobody else.", err=True)


@user.command()
def add(
    username: Username,
    name: Annotated[str, typer.Option(prompt=True, help="As colleagues read it.")],
    role: Annotated[Role, typer.Option(prompt=True)],
    country: Country = None,
    clearance: Annotated[Classification, typer.Option()] = Classification.FOR_OFFICIAL_USE,
    language: Annotated[str, typer.Option(help=f"{', '.join(LOCALES)}.")] = "en",
    password_file: Annotated[
        Path | None, typer.Option(help="Read the password from this file instead of asking.")
    ] = None,
) -> None:
    """Make an account with a password."""
    if password_file is not None:
        password = password_file.read_text(encoding="utf-8").rstrip("\r\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    content = {
        "id": new_id(),
        "username": username,
        "name": name,
        "role": role,
        "country": country,
        "clearance": clearance,
        "password": password,
        "language": language,
    }
    with _work() as session:
        made = accounts.add_account(session, parse(accounts.AccountDraft, content), System())
    typer.echo(f"{made.username} may sign in as {role.value}.")


@user.command("invite")
def invite_(
    name: Annotated[str, typer.Argument(help="As colleagues read it.")],
    role: Annotated[Role, typer.Option(prompt=True)],
    country: Country = None,
    unit: Annotated[str, typer.Option()] = "",
    clearance: Annotated[Classification, typer.Option()] = Classification.FOR_OFFICIAL_USE,
    language: Annotated[str, typer.Option(help=f"{', '.join(LOCALES)}.")] = "en",
    last_day: LastDay = None,
    username: Annotated[str | None, typer.Option(help="Made of the name where it is not given.")] = None,
    emergency: Annotated[bool, typer.Option(help="The account ends after 72 hours; needs a reason.")] = False,
    reason: Reason = "",
) -> None:
    """Invite a person by a link: the person sets the password."""
    invite(
        name,
        role,
        country=country,
        unit=unit,
        clearance=clearance,
        language=language,
        username=username,
        last_day=last_day.date() if last_day else None,
        emergency=emergency,
        reason=reason,
    )


def invite(name: str, role: Role, **more: Any) -> None:
    """Invite a person, and print the link."""
    with _work() as session:
        draft = parse(InvitationDraft, {"id": new_id(), "name": name, "role": role, **more})
        link = invitations.invite(session, draft, System())
    _tell(link)


@user.command("invite-many")
def invite_many(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Rows as the people page takes them.")],
) -> None:
    """Invite everybody in a file of rows, or nobody: name, role, country, unit, clearance, language, last day, user."""
    with _work() as session:
        rows = bulk_invitations.read(session, file.read_text(encoding="utf-8-sig"), new_id(), System())
        for row in rows:
            for flaw in row.flaws:
                typer.echo(f"row {row.number}: {flaw.field}: {flaw}", err=True)
        links = bulk_invitations.invite_rows(session, rows, System())
    for link in links:
        _tell(link)


@user.command("list")
def list_() -> None:
    """List every account, with its role, country, state and end."""
    with _store().reading(System()) as session:
        for account in session.exec(select(Account).order_by(col(Account.username))):
            ends = last_day_of(account)
            until = f"until {ends}" if ends else ""
            cells = (account.username, account.role, account.country or "-", state_of(account).value, until)
            typer.echo("\t".join(cells).rstrip())


@user.command()
def link(username: Username) -> None:
    """Make a new link for a person; the one before ends."""
    with _work() as session:
        made = invitations.renew(session, _of(session, username), System())
    _tell(made)


@user.command()
def confirm(username: Username) -> None:
    """Confirm an account as its second person."""
    with _work() as session:
        account_admin.confirm(session, _of(session, username), System())
    typer.echo(f"{username} is confirmed.")


@user.command()
def close(username: Username, reason: Reason = "") -> None:
    """Close an account at once."""
    with _work() as session:
        account_admin.close(session, _of(session, username), System(), reason)
    typer.echo(f"{username} is closed.")


@user.command()
def reopen(username: Username) -> None:
    """Open a closed account again."""
    with _work() as session:
        account_admin.reopen(session, _of(session, username), System())
    typer.echo(f"{username} is open again.")


@user.command()
def change(
    username: Username,
    role: Annotated[Role | None, typer.Option()] = None,
    country: Annotated[str | None, typer.Option(help="ISO 3166-1 alpha-3; an empty one takes it away.")] = None,
    unit: Annotated[str | None, typer.Option()] = None,
    clearance: Annotated[Classification | None, typer.Option()] = None,
    last_day: LastDay = None,
    endless: Annotated[bool, typer.Option("--endless", help="The mandate has no end.")] = False,
    reason: Reason = "",
) -> None:
    """Change the given fields of an account."""
    with _work() as session:
        account = session.get_one(Account, _of(session, username))
        content = {
            "role": role or account.role,
            "country": account.country if country is None else country or None,
            "unit": account.unit if unit is None else unit,
            "clearance": clearance or account.clearance,
            "last_day": None if endless else last_day.date() if last_day else last_day_of(account),
            "reason": reason,
        }
        account_admin.change(session, account.id, parse(ChangeDraft, content), System(), account.version)
    typer.echo(f"{username} is changed.")


@user.command("sign-out")
def sign_out(username: Username) -> None:
    """End every session of a person."""
    with _work() as session:
        ended = account_admin.end_sessions(session, _of(session, username), System())
    typer.echo(f"{username} is signed out of {ended} sessions.")


@user.command("factor-reset")
def factor_reset(username: Username) -> None:
    """Remove the second factor of a person who lost it."""
    with _work() as session:
        account_admin.reset_factor(session, _of(session, username), System())
    typer.echo(f"{username} has no second factor any more, and is signed out.")


@user.command("end-country")
def end_country(
    country: Annotated[str, typer.Argument(help="ISO 3166-1 alpha-3.")],
    reason: Annotated[str, typer.Option(prompt=True, help="Written into the journal.")],
    close: Annotated[bool, typer.Option("--close", help="Close the accounts as well.")] = False,
) -> None:
    """Sign out everybody of a country, or close all their accounts."""
    with _work() as session:
        ended = account_admin.end_country(session, country, System(), reason, close_all=close)
    typer.echo(f"{ended} people of {country} are {'closed' if close else 'signed out'}.")
