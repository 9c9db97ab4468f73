"""Notification settings: the form on the account page, and its content as a draft."""

from datetime import time
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.draft_fields import zones
from dashboard.parts.form import Form, button, select_field, text_field, time_field
from dashboard.wording import _, language
from operations.core import vocabulary
from operations.core.drafts import parse
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.notices.preferences import HabitsDraft, MessageHabits

FIELDS = ("way", "address", "zone", "quiet_from", "quiet_to", "digest_at")


def links(by: Actor) -> list[Component]:
    """Return the links to what the account did, and to the systems that ask in its name."""
    systems = [dcc.Link(_("Connected systems"), href="/interface")] if may(by, Act.API_OPEN) else []
    return [dcc.Link(_("What your account did"), href="/access"), *systems]


def told_form(form: Form, chosen: MessageHabits, save: str, failure: str = "") -> list[Component]:
    """Return the form. `failure` is why the last mail to this person did not arrive."""
    warning = [dmc.Alert(_why(failure), title=_("Mail to you does not arrive"), color="red", variant="outline")]
    return [
        *(warning if failure else []),
        html.P(
            _("Mail carries a number and a link, never content. What is urgent does not wait for quiet hours."),
            className="m-dim",
        ),
        tags.Div(
            select_field(
                form,
                "way",
                _("Where you are told"),
                vocabulary.options("CL-MESSAGEWAY", language()),
                value=chosen.way,
                clearable=False,
                searchable=False,
            ),
            text_field(form, "address", _("Mail address"), value=chosen.address, maxLength=254, autoComplete="email"),
            select_field(
                form, "zone", _("Time zone of these hours"), list(zones()), value=chosen.zone, clearable=False
            ),
            time_field(form, "quiet_from", _("Quiet from"), value=_hour(chosen.quiet_from), clearable=True),
            time_field(form, "quiet_to", _("Quiet until"), value=_hour(chosen.quiet_to), clearable=True),
            time_field(
                form,
                "digest_at",
                _("One mail a day at"),
                value=_hour(chosen.digest_at),
                clearable=True,
                description=_("Empty: each message at once."),
            ),
            className="account-told",
        ),
        html.Div(button(_("Save how you are told"), save, "plain", "check")),
    ]


def _why(failure: str) -> str:
    """Return the outbox's reason for giving up a mail, as a sentence."""
    what, _space, detail = failure.partition(" ")
    if what == "refused":
        return _("The mail server refused the address (answer {code}): check it.", code=detail)
    if what == "no":
        return _("There was no address when it should have left.")
    return _("The mail server could not be reached for a day: ask whoever keeps the server ({code}).", code=detail)


def draft_of(typed: dict[str, Any]) -> HabitsDraft:
    """Return the draft that was typed. Raises RuleBroken with every flaw, each on its field."""
    return parse(HabitsDraft, {name: value for name, value in typed.items() if value})


def _hour(hour: time | None) -> str:
    return f"{hour:%H:%M}" if hour else ""
