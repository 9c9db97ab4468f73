"""Callbacks of the people page: each runs one verb in one unit of work."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import flask
from dash import ALL, Output, State, no_update
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.version_conflicts import Versioned
from dashboard.screens.people import forms, view
from dashboard.screens.people.ids import CHANGE, CHANGED, COUNTRY, INVITE, INVITE_FIELDS, MANY, Ids
from dashboard.server import identity_provider, mail
from dashboard.server.access import known_id, reading, unit_of_work
from dashboard.wording import _, coded, ngettext
from operations.core import account_admin, bulk_invitations, invitations, sign_in
from operations.core.account_admin import ChangeDraft, last_day_of
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.invitations import InvitationDraft, InvitationLink
from operations.core.people import Account
from operations.core.permissions import Act
from operations.policing.operation import wall_screens

_KEEP = Act.ACCOUNT_MANAGE
_TURN = Output(Ids.TURN, "data")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def _turned() -> str:
    """Return a new value of the turn, so that list and person are redrawn."""
    return new_id().hex


def address(link: InvitationLink) -> str:
    """Return the URL of an invitation link: its secret is in the fragment, which browsers do not send."""
    origin = flask.request.headers.get("origin", flask.request.host_url.rstrip("/"))  # checked by the gate
    return f"{origin}/invitation#{link.secret}"


def _given(typed: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in typed.items() if value not in (None, "")}


@does(
    Ids.INVITE,
    act=_KEEP,
    form=INVITE,
    typed={**INVITE.states(*INVITE_FIELDS), "emergency": State(Ids.EMERGENCY, "checked")},
    client=True,
    clears=("name", "username", "reason", "mail"),
    shows=(Ids.LINK, _TURN),
)
def invite(press: Press) -> Done:
    """Invite one person; the link is mailed where there is an address, and otherwise shown once."""
    content = {**_given(press.typed), "id": known_id(press.client), "emergency": bool(press.typed["emergency"])}
    with unit_of_work() as session:
        made = invitations.invite(session, parse(InvitationDraft, content), press.by)
    if made.mail and mail.hand_out([(made, address(made))]):  # the invitation is committed by now
        return Done(_("The link was sent by mail."), shown=([], _turned()))
    shown = view.link_shown(made.account.name, address(made)), _turned()
    if made.mail and mail.mail_enabled():
        return Done(partly=_("The mail could not be sent: hand the link over yourself."), shown=shown)
    return Done(_("The link is made."), shown=shown)


@does(
    {"type": Ids.ACT, "act": ALL, "of": ALL},
    act=_KEEP,
    beside={"type": Ids.WHY, "of": ALL},
    shows=(Ids.LINK, _TURN),
)
def act(press: Press) -> Done:
    """Run the action of the pressed button on one account."""
    of, session, by = press.of, press.session, press.by
    shown: Any = no_update
    match press.subject["act"]:
        case "confirm":
            account_admin.confirm(session, of, by)
            said = _("The account is confirmed.")
        case "close":
            account_admin.close(session, of, by, press.words)
            said = _("The account is closed.")
        case "reopen":
            account_admin.reopen(session, of, by)
            said = _("The account is open again.")
        case "sign_out":
            ended = account_admin.end_sessions(session, of, by)
            said = ngettext("Signed out of {n} session.", "Signed out of {n} sessions.", ended)
        case "factor":
            account_admin.reset_factor(session, of, by)
            said = _("The second factor is removed. The person sets up another one at the next sign-in, or chooses to.")
        case "unbind":
            account_admin.unbind_identity(session, of, by)
            said = _("The identity is taken away. The person signs in with the password alone.")
        case "link":
            made = invitations.renew(session, of, by)
            shown = view.link_shown(made.account.name, address(made))
            said = _("The link is made. The one before works no more.")
        case _other:
            raise NotFound
    return Done(said, shown=(shown, _turned()))


@does({"type": Ids.BIND, "of": ALL}, act=_KEEP, beside={"type": Ids.SUBJECT, "of": ALL}, shows=(_TURN,))
def bind(press: Press) -> Done:
    """Let a person sign in as a subject of the identity provider."""
    issuer, name = identity_provider.known()
    if not issuer:
        raise NotFound
    account_admin.bind_identity(press.session, press.of, issuer, press.words, press.by)
    said = _(
        "Bound. From now on the person signs in at {name} too, and a second person confirms the account.", name=name
    )
    return Done(said, shown=(_turned(),))


@does({"type": Ids.CLOSE_WALL, "session": ALL}, act=_KEEP, shows=(_TURN,))
def close_wall(press: Press) -> Done:
    """Close another person's wall screen."""
    of = known_id(press.subject["session"])
    if of not in {each.entry.id for each in wall_screens.all_walls(press.session, press.by)}:
        raise NotFound
    sign_in.end_session(press.session, of, press.by)
    return Done(_("The screen is closed."), shown=(_turned(),))


def _newest(session: Session, press: Press, of: str | None) -> tuple[dict[str, Any], int]:
    found = account_admin.person(session, known_id(of), press.by).account
    return content(found), found.version


def content(account: Account) -> dict[str, Any]:
    """Return what the form of a change shows of an account."""
    return {**account.model_dump(include=set(CHANGED)), "last_day": last_day_of(account)}


CHANGES = Versioned(CHANGE, Ids.SEEN, _newest, act=_KEEP, fields=CHANGED)


@CHANGES.saves(Ids.SAVE, clears=("reason",), shows=(_TURN,), given={"of": State(Ids.OF, "data")})
def change(press: Press, of: str | None, version: int | None) -> Done:
    """Save the changed fields of an account."""
    if version is None:
        raise Conflict("The page no longer has the account's content. Choose the person again.")
    account_admin.change(press.session, known_id(of), press.draft(ChangeDraft), press.by, version)
    return Done(_("Saved. It holds from the person's next request on."), shown=(_turned(),))


@does(
    Ids.CONFIRM_ALL,
    act=_KEEP,
    shows=(_TURN,),
    given={
        "chosen": State(Ids.GRID, "selectedRows"),
        "these": State(Ids.WAITING, "data", allow_optional=True),
    },
)
def confirm_all(press: Press, *, chosen: list[dict[str, Any]] | None, these: list[str] | None) -> Done:
    """Confirm the selected people who await it; where nobody is selected, those listed as waiting."""
    asked = [row.get("id") for row in chosen or []] or these or []
    found = [account_admin.person(press.session, known_id(each), press.by) for each in asked]
    waiting = [each.account.id for each in found if each.confirmable]
    for each in waiting:
        account_admin.confirm(press.session, each, press.by)
    said = ngettext("{n} account is confirmed.", "{n} accounts are confirmed.", len(waiting))
    return Done(said, shown=(_turned(),))


@does(
    Ids.SIGN_OUT_COUNTRY,
    Ids.CLOSE_COUNTRY,
    act=_KEEP,
    form=COUNTRY,
    typed=("country", "reason"),
    clears=("reason",),
    shows=(_TURN,),
)
def end_country(press: Press) -> Done:
    """Sign out everybody of a country, or close all their accounts."""
    country = press.typed["country"]
    if not country:
        raise RuleBroken("country", "This field is needed.")
    closes = press.button == Ids.CLOSE_COUNTRY
    ended = account_admin.end_country(press.session, country, press.by, press.typed["reason"] or "", close_all=closes)
    said = (
        ngettext("{n} account is closed.", "{n} accounts are closed.", ended)
        if closes
        else ngettext("{n} person is signed out.", "{n} people are signed out.", ended)
    )
    return Done(said, shown=(_turned(),))


@does(Ids.READ, act=_KEEP, form=MANY, typed=("rows",), shows=(Ids.FOUND,), given={"batch": State(Ids.BATCH, "data")})
def read_rows(press: Press, *, batch: str | None) -> Done:
    """Check every pasted row for whether its person can be invited. Nothing is stored."""
    with reading() as session:
        found = bulk_invitations.read(session, press.typed["rows"] or "", known_id(batch), press.by)
    return Done(shown=(forms.found_rows(found),))


@does(
    Ids.SEND,
    act=_KEEP,
    form=MANY,
    typed=("rows",),
    clears=("rows",),
    shows=(Ids.FOUND, Output(Ids.BATCH, "data"), Output(Ids.FILE, "data"), _TURN),
    given={"batch": State(Ids.BATCH, "data")},
)
def send_rows(press: Press, *, batch: str | None) -> Done:
    """Invite everybody in the rows, or nobody; links that are not mailed are returned once as a file."""
    with reading() as session:  # before the turn to write: it parses every row
        rows = bulk_invitations.read(session, press.typed["rows"] or "", known_id(batch), press.by)
    with unit_of_work() as session:
        links = bulk_invitations.invite_rows(session, rows, press.by)
    left = mail.hand_out([(link, address(link)) for link in links if link.mail])
    by_hand = [link for link in links if link.account.id not in left]
    file = {"content": _table(by_hand), "filename": "muster-links.csv", "type": "text/csv"} if by_hand else no_update
    said = ngettext("{n} person is invited.", "{n} people are invited.", len(links))
    if left:
        sent = ngettext("{n} link was sent by mail.", "{n} links were sent by mail.", len(left))
        said = f"{said} {sent}"
    unsent = sum(bool(link.mail) for link in by_hand) if mail.mail_enabled() else 0
    shown: tuple[Any, ...] = [], str(new_id()), file, _turned()
    if unsent:
        note = _("Mails that could not be sent: {n}. Their links are in the file.", n=unsent)
        return Done(partly=f"{said} {note}", shown=shown)
    return Done(said, shown=shown)


def _table(links: Sequence[InvitationLink]) -> str:
    """Return the links as CSV. Cells that a spreadsheet would take for a formula are escaped as text."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow([_("Name"), _("User name"), _("Role"), _("Country"), _("Link")])
    for link in links:
        account = link.account
        country = coded("CL-COUNTRY", account.country) if account.country else ""
        cells = [account.name, account.username, coded("CL-ROLE", account.role), country]
        lines.writerow([f"'{cell}" if cell.startswith(_DANGEROUS) else cell for cell in cells] + [address(link)])
    return "\ufeff" + text.getvalue()
