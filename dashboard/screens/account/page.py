"""The own account: open sessions, password, language, theme and notifications."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from dash import ALL, Output, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.preferences import language_and_look
from dashboard.frame.shell import page
from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.form import Form, button, password_field
from dashboard.parts.icon import icon
from dashboard.parts.panel import facts, panel
from dashboard.parts.wall_screens import wall_list
from dashboard.places import ACCOUNT
from dashboard.screens.account.browser_names import browser
from dashboard.screens.account.notice_settings import links, told_form
from dashboard.screens.account.second_factor import factor_shown
from dashboard.server.access import actor, current_request, known_id, reading, store
from dashboard.wording import _, ago, coded, moment_utc, ngettext
from operations.core import accounts, federated_identities, passwords, sign_in
from operations.core.errors import NotFound, RuleBroken
from operations.core.permissions import Act, may
from operations.notices import inbox, preferences
from operations.policing.operation import wall_screens

NAV = ACCOUNT

PASSWORD = Form("account-password")


class Ids(StrEnum):
    """Element ids of this page."""

    SESSIONS = "account-sessions"
    END = "account-end"
    END_OTHERS = "account-end-others"
    WALLS = "account-walls"
    CLOSE = "account-close-wall"
    CHANGE = "account-change"


def layout(**_values: Any) -> Component:
    """Return the page."""
    who = actor()
    with reading() as session:
        sessions, walls_shown, identity = _sessions(session), _walls(session), _identity(session)
    return page(
        _("My account"),
        tags.Div(
            panel(_("Who you are"), identity),
            panel(_("Language and look"), language_and_look()),
            panel(_("How you are told"), *_told(), class_name="account-wide account-told-panel"),
            panel(
                _("Where you are signed in"),
                *sessions,
                id=Ids.SESSIONS,
                flush=True,
                class_name="account-wide",
                actions=[
                    *links(who),
                    button(_("End all others"), Ids.END_OTHERS, "quiet", "logout", size="compact-sm"),
                ],
            ),
            *(
                [panel(_("Screens on walls"), *walls_shown, id=Ids.WALLS, flush=True, class_name="account-wide")]
                if may(who, Act.WALL_OPEN)
                else []
            ),
            panel(_("Password"), _password(), class_name="account-wide"),
            panel(_("Second factor"), factor_shown(sign_in.has_factor(store(), who)), class_name="account-wide"),
            className="account-grid",
        ),
        lead=_("Signed in as {name}.", name=who.name),
    )


def _identity(session: Session) -> Component:
    who = actor()
    bound = federated_identities.subjects(session, [who.account_id])
    rows = [
        (_("Name"), who.name),
        (_("Role"), coded("CL-ROLE", who.role.value)),
        (_("Country"), coded("CL-COUNTRY", who.country) if who.country else _("None: central role")),
        (_("Cleared for"), coded("CL-CLASS", who.clearance.value)),
        *(
            (_("Identity at the provider"), html.Bdi(subject, className="account-subject"))
            for subject in bound.values()
        ),
    ]
    return facts(rows)


def _sessions(session: Session) -> list[Component]:
    asking = current_request()
    found = sign_in.live_sessions(session, asking.actor.account_id)
    return [html.Ul([_session(entry, entry.id == asking.sign_in_id) for entry in found], className="account-sessions")]


def _walls(session: Session) -> list[Component]:
    found = wall_screens.own(session, actor())
    return wall_list(found, Ids.CLOSE, wall_screens.titles(session, found))


def _session(entry: sign_in.SignIn, here: bool) -> Component:
    words = browser(entry.agent)
    end = button(
        _("End"),
        {"type": Ids.END, "session": str(entry.id)},
        "plain",
        size="compact-sm",
        **{"aria-label": _("End the session in {browser}", browser=words)},
    )
    return tags.Li(
        icon("device-desktop", size=20),
        tags.Div(
            html.Strong(words),
            tags.Span(
                html.Bdi(entry.source),
                " · ",
                _("since {moment}", moment=moment_utc(entry.created_at)),
                " · ",
                _("last seen {ago}", ago=ago(entry.last_seen_at)),
                className="m-dim m-small",
            ),
            className="account-session-words",
        ),
        state_badge(_("This session"), "accent") if here else end,
    )


def _told() -> list[Component]:
    with reading() as session:
        chosen, failure = preferences.habits(session, actor()), inbox.last_failure(session, actor())
    return [html.Div(told_form(chosen, failure), className="m-stack")]


def _password() -> Component:
    return tags.Div(
        html.P(
            _(
                "{shortest} to {longest} characters; several words do well. Changing it ends your other sessions.",
                shortest=passwords.SHORTEST,
                longest=passwords.LONGEST,
            ),
            className="m-dim",
        ),
        tags.Div(
            password_field(PASSWORD, "old", _("Present password"), autoComplete="current-password"),
            password_field(PASSWORD, "new", _("New password"), autoComplete="new-password"),
            password_field(PASSWORD, "again", _("New password again"), autoComplete="new-password"),
            className="account-passwords",
        ),
        html.Div(button(_("Change the password"), Ids.CHANGE, "primary")),
        className="m-stack",
    )


@does({"type": Ids.END, "session": ALL}, Ids.END_OTHERS, act=Act.OWN_ACCOUNT, shows=(Output(Ids.SESSIONS, "children"),))
def end(press: Press) -> Done:
    """End one session, or all but this one."""
    asking = current_request()
    if press.button == Ids.END_OTHERS:
        sign_in.sign_out_everywhere(press.session, asking.actor.account_id, asking.actor, but=asking.sign_in_id)
    else:
        end_own(press.session, known_id(press.subject["session"]))
    return Done(shown=(_sessions(press.session),))


@does({"type": Ids.CLOSE, "session": ALL}, act=Act.OWN_ACCOUNT, shows=(Output(Ids.WALLS, "children"),))
def close_wall(press: Press) -> Done:
    """Close a wall screen that this person opened."""
    end_own(press.session, known_id(press.subject["session"]))
    return Done(_("The screen is closed."), shown=(_walls(press.session),))


def end_own(session: Any, sign_in_id: UUID) -> None:
    """End one of the actor's own sessions. Raises NotFound for another's, even to an administrator of accounts."""
    entry = session.get(sign_in.SignIn, sign_in_id)
    if entry is None or entry.account_id != actor().account_id:
        raise NotFound
    sign_in.end_session(session, sign_in_id, actor())


@does(
    Ids.CHANGE,
    act=Act.OWN_ACCOUNT,
    form=PASSWORD,
    typed=("old", "new", "again"),
    shows=(Output(Ids.SESSIONS, "children"),),
    clears=("old", "new", "again"),
)
def change(press: Press) -> Done:
    """Change the password and end all other sessions."""
    old, new, again = (str(press.typed[name] or "") for name in ("old", "new", "again"))
    if new != again:
        raise RuleBroken("again", "The two passwords are different.")
    ended = accounts.change_password(store(), press.by, old, new, keep=current_request().sign_in_id)
    said = ngettext("Password changed. {n} other session ended.", "Password changed. {n} other sessions ended.", ended)
    with reading() as session:
        return Done(said, shown=(_sessions(session),))
