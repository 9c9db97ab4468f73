"""Views of people: the list, and one person with facts, actions and history."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.form import button
from dashboard.parts.icon import icon
from dashboard.parts.listing import Listing
from dashboard.parts.panel import empty_state
from dashboard.screens.people.forms import subject_field, why_field
from dashboard.screens.people.ids import Ids
from dashboard.server import identity_provider
from dashboard.telling.names import names_for
from dashboard.telling.sentences import entry_sentence, icon_of
from dashboard.wording import UNDEFINED, _, ago, coded, date, language, moment_utc, number
from operations.core.account_admin import AccountState, AccountView, last_day_of
from operations.core.invitations import Invitation
from operations.core.journal import Entry
from operations.core.people import Account, Actor

_TONES = {
    AccountState.INVITED: "muted",
    AccountState.WAITING: "warn",
    AccountState.ACTIVE: "good",
    AccountState.EXPIRED: "neutral",
    AccountState.CLOSED: "neutral",
}


def state_words(state: AccountState) -> str:
    """Return the label of a state."""
    return {
        AccountState.INVITED: _("Invited, no password yet"),
        AccountState.WAITING: _("Waits for the second person"),
        AccountState.ACTIVE: _("Active"),
        AccountState.EXPIRED: _("Mandate over"),
        AccountState.CLOSED: _("Closed"),
    }[state]


def rows(found: Sequence[AccountView]) -> Listing[Any]:
    """Return a row for each person."""
    made = Listing(found, ident="account.id")
    made.text("name", _("Name"), "account.name", minWidth=295)
    made.code("role", _("Role"), "CL-ROLE", "account.role", minWidth=200)
    made.text("country", _("Country"), lambda each: _country(each.account.country), minWidth=165)
    made.text("state", _("State"), _state, minWidth=195)
    made.text("username", _("User name"), "account.username", minWidth=150)
    made.text("unit", _("Unit"), "account.unit", minWidth=90)
    made.text("ends", _("Mandate until"), lambda each: date(last_day_of(each.account)), minWidth=120)
    made.text("used", _("Last used"), lambda each: ago(each.used_at) if each.used_at else _("never"), minWidth=120)
    made.code("clearance", _("Clearance"), "CL-CLASS", "account.clearance", minWidth=120)
    return made


def _state(each: AccountView) -> str:
    if each.state is AccountState.ACTIVE and each.account.in_other_hands:
        return _("Active, not confirmed")
    return state_words(each.state)


def _country(code: str | None) -> str:
    return coded("CL-COUNTRY", code) if code else UNDEFINED


def act_id(act: str, of: object) -> dict[str, str]:
    """Return the id of a button that acts on an account."""
    return {"type": Ids.ACT, "act": act, "of": str(of)}


def nothing_chosen(waiting: Sequence[Account] = ()) -> list[Component]:
    """Return the placeholder for the person; accounts that await a second administrator come first."""
    words = _("Choose a person in the list to see what the account may do, to change it or to close it.")
    nobody = empty_state(_("Nobody chosen"), words, "users")
    if not waiting:
        return [nobody]
    said = html.P(_("Accounts that wait until a second person confirms them: {people}.", people=number(len(waiting))))
    named = [html.Li([html.Bdi(each.name), " · ", coded("CL-ROLE", each.role)]) for each in waiting]
    these = dcc.Store(id=Ids.WAITING, data=[str(each.id) for each in waiting])
    return [these, said, html.Ul(named), html.Div(_confirm_all(), className="m-toolbar"), nobody]


def _confirm_all(**more: Any) -> Component:
    return button(
        _("Confirm those who wait"),
        Ids.CONFIRM_ALL,
        "primary",
        "user-check",
        **confirmation_attributes("account.confirm"),
        **more,
    )


def several(found: Sequence[AccountView]) -> list[Component]:
    """Return the bulk actions."""
    waiting = [each for each in found if each.confirmable]
    said = html.P(
        _(
            "{chosen} people are chosen; {waiting} of them wait for you to confirm them.",
            chosen=len(found),
            waiting=len(waiting),
        )
    )
    return [said, html.Div(_confirm_all(disabled=not waiting), className="m-toolbar")]


def details(found: AccountView, link: Invitation | None, history: Sequence[Entry], by: Actor) -> list[Component]:
    """Return the facts of a person, the actions, and the history."""
    account = found.account
    own = account.id == by.account_id
    facts = [
        (_("User name"), html.Bdi(account.username)),
        (_("Role"), coded("CL-ROLE", account.role)),
        (_("Country"), _country(account.country)),
        (_("Unit"), html.Bdi(account.unit) if account.unit else UNDEFINED),
        (_("Clearance"), coded("CL-CLASS", account.clearance)),
        (_("Mandate until"), date(last_day_of(account))),
        (_("Last used"), moment_utc(found.used_at) if found.used_at else _("never")),
        *([(_("Link can be used until"), moment_utc(link.ends_at))] if link else []),
        *(
            [(_("Identity at the provider"), html.Bdi(found.subject, className="people-subject"))]
            if found.subject
            else []
        ),
    ]
    return [
        tags.Div(
            html.H3(html.Bdi(account.name)),
            state_badge(state_words(found.state), _TONES[found.state]),
            *([state_badge(_("Ends after 72 hours"), "warn")] if account.emergency else []),
            className="m-toolbar",
        ),
        *_notes(found, own),
        html.Dl([part for name, value in facts for part in (html.Dt(name), html.Dd(value))], className="m-facts"),
        html.Div(_acts(found, own), className="m-toolbar"),
        html.H3(_("What happened")),
        _history(history),
    ]


def _notes(found: AccountView, own: bool) -> list[Component]:
    account = found.account
    if own:
        return [html.P(_("This is your own account: somebody else changes it."), className="m-dim")]
    if found.state is AccountState.WAITING:
        words = _("Nobody signs in with this account until another administrator confirms it.")
    elif account.in_other_hands and found.state is AccountState.ACTIVE:
        words = _(
            "Not confirmed: where four eyes are needed this account counts as the person who invited it. Somebody "
            "else who knows that its person has it confirms it."
        )
    else:
        return []
    return [html.P(words, className="people-note")]


def _acts(found: AccountView, own: bool) -> list[Component]:
    """Return the action buttons; one that needs a reason is folded with its field."""
    of, state = found.account.id, found.state
    if own:
        return _closing(of)
    if state is AccountState.CLOSED:
        return [button(_("Open again"), act_id("reopen", of), "plain", "lock-open")]
    acts = []
    if found.confirmable:
        acts.append(
            button(
                _("Confirm"),
                act_id("confirm", of),
                "primary",
                "user-check",
                **confirmation_attributes("account.confirm"),
            )
        )
    if state is not AccountState.EXPIRED:
        acts.append(button(_("New link"), act_id("link", of), "plain", "link"))
    acts.append(button(_("Sign out everywhere"), act_id("sign_out", of), "plain", "logout"))
    if found.factor:
        asked = confirmation_attributes("account.factor_reset")
        acts.append(button(_("Remove the second factor"), act_id("factor", of), "plain", "device-mobile", **asked))
    if found.subject:
        acts.append(button(_("Take the identity away"), act_id("unbind", of), "plain", "user-minus"))
    return [*acts, *_binding(of, found), *_closing(of)]


def _binding(of: Any, found: AccountView) -> list[Component]:
    """Return the form that binds a person to a subject of the identity provider, where there is one."""
    _issuer, name = identity_provider.known()
    if not name or found.state is AccountState.INVITED:
        return []
    asked = confirmation_attributes("account.identity_bound")
    return [
        tags.Details(
            html.Summary(_("Sign-in at {name}", name=name)),
            subject_field({"type": Ids.SUBJECT, "of": str(of)}),
            button(_("Bind"), {"type": Ids.BIND, "of": str(of)}, "plain", "id-badge", **asked),
            className="board-why people-close",
        )
    ]


def _closing(of: Any) -> list[Component]:
    return [
        tags.Details(
            html.Summary(_("Close the account")),
            why_field({"type": Ids.WHY, "of": str(of)}),
            button(_("Close"), act_id("close", of), "danger", "user-off"),
            className="board-why people-close",
        )
    ]


def _history(entries: Sequence[Entry]) -> Component:
    names = names_for(entries, language(), "UTC", {})
    items = [
        tags.Li(
            icon(icon_of(entry), size=16),
            html.Span(
                [html.Span(entry_sentence(entry, names)), html.Span(html.Bdi(entry.actor_name), className="feed-who")],
                className="feed-words",
            ),
            html.Time(moment_utc(entry.at), className="feed-time m-num", dateTime=entry.at.isoformat()),
        )
        for entry in entries
    ]
    return html.Ol(items, className="feed") if items else html.P(_("Nothing yet."), className="m-dim")


def link_shown(name: str, address: str) -> list[Component]:
    """Return an invitation link, shown once, with a button that copies it."""
    return [
        tags.Section(
            tags.P(
                html.Strong(_("The link for {name}", name=name)),
                " ",
                _("It is shown this once, works once, and for 72 hours. Hand it to nobody else."),
            ),
            html.Code(address, className="people-address", dir="ltr"),
            button(_("Copy the link"), None, "plain", "copy", **{"data-copied": address}),
            className="people-link",
            **{"aria-label": _("The new link")},
        )
    ]
