"""Notification settings: the form on the account page."""

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press
from dashboard.frame.version_conflicts import Versioned
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button
from dashboard.parts.form_fields import drawing
from dashboard.wording import _
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.notices import preferences
from operations.notices.preferences import HabitsDraft, MessageHabits

FORM = DraftForm("account-told", HabitsDraft)


def _newest(session: Session, press: Press) -> tuple[MessageHabits, str]:
    chosen = preferences.habits(session, press.by)
    return chosen, chosen.version


VERSIONS = Versioned(FORM, "account-told-version", _newest, act=Act.OWN_ACCOUNT)


def links(by: Actor) -> list[Component]:
    """Return the links to what the account did, and to the systems that ask in its name."""
    systems = [dcc.Link(_("Connected systems"), href="/interface")] if may(by, Act.API_OPEN) else []
    return [dcc.Link(_("What your account did"), href="/access"), *systems]


def told_form(chosen: MessageHabits, failure: str = "") -> list[Component]:
    """Return the form. `failure` is why the last mail to this person did not arrive."""
    warning = [dmc.Alert(_why(failure), title=_("Mail to you does not arrive"), color="red", variant="outline")]
    draw = drawing(FORM, chosen)
    return [
        *(warning if failure else []),
        html.P(
            _("Mail carries a number and a link, never content. What is urgent does not wait for quiet hours."),
            className="m-dim",
        ),
        *VERSIONS.kept(chosen, chosen.version),
        html.Div(
            [
                *draw("way", searchable=False),
                *draw("address", autoComplete="email"),
                *draw("zone"),
                *draw("quiet_from", "quiet_to", "digest_at", clearable=True),
            ],
            className="account-told",
        ),
        html.Div(button(_("Save how you are told"), FORM.send, "plain", "check")),
    ]


@VERSIONS.saves(FORM)
def choose(press: Press, version: str) -> Done:
    """Save how this person wants to be notified."""
    preferences.choose(press.session, press.draft(HabitsDraft), version, press.by)
    return Done(_("From now on you are told as you chose."))


def _why(failure: str) -> str:
    """Return the outbox's reason for giving up a mail, as a sentence."""
    what, _space, detail = failure.partition(" ")
    if what == "refused":
        return _("The mail server refused the address (answer {code}): check it.", code=detail)
    if what == "no":
        return _("There was no address when it should have left.")
    return _("The mail server could not be reached for a day: ask whoever keeps the server ({code}).", code=detail)
