"""Webhooks of a country: made for an address, with what left for it, and ended."""

from enum import StrEnum
from typing import Any

from dash import ALL, Output, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does
from dashboard.parts import tags
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button
from dashboard.parts.form_fields import whole_form
from dashboard.parts.icon import icon
from dashboard.parts.panel import empty_state, panel
from dashboard.screens.interface.secret import secret_shown
from dashboard.wording import _, ago, coded, moment_utc, ngettext
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may
from operations.exchange import webhooks
from operations.exchange.webhooks import Webhook, WebhookDraft, WebhookEvent

FORM = DraftForm("webhook", WebhookDraft)


class Ids(StrEnum):
    """Element ids of the webhooks."""

    LIST = "webhook-list"
    FRESH = "webhook-fresh"
    END = "webhook-end"


def panels(session: Session, by: Actor) -> list[Component]:
    """Return the form and the list; nothing for whoever may neither make nor end a webhook."""
    makes = may(by, Act.WEBHOOK_OPEN, Subject(country=by.country))
    if not makes and not may(by, Act.WEBHOOK_END):
        return []
    listed = panel(_("Webhooks"), html.Div(_shown(session, by), id=Ids.LIST), class_name="interface-list")
    if not makes:
        return [listed]
    note = _("A webhook tells your system at once that a report of your country was sent, verified or returned.")
    more = _("It names the report and says nothing of what is in it. The system reads that with a token.")
    form = whole_form(FORM, _("Make a webhook"), "broadcast")
    new = html.Div([html.P([note, " ", more], className="m-dim"), html.Div(id=Ids.FRESH), *form], className="m-stack")
    return [tags.Div(panel(_("New webhook"), new, class_name="interface-new"), listed, className="interface-grid")]


def _shown(session: Session, by: Actor) -> list[Component]:
    waits = webhooks.unsent(session)
    found = [
        _webhook(webhook, waits.get(webhook.id, 0), webhooks.events(session, webhook.id), by)
        for webhook in webhooks.webhooks(session)
    ]
    hint = _("Systems can also ask by themselves, with a token.")
    return (
        [html.Ul(found, className="interface-tokens")] if found else [empty_state(_("No webhook"), hint, "broadcast")]
    )


def _webhook(webhook: Webhook, waits: int, events: Any, by: Actor) -> Component:
    words = ngettext("{n} event waits", "{n} events wait", waits) if waits else _("nothing waits")
    refused = _("not accepted: {why}; tried again {ago}", why=webhook.failure, ago=ago(webhook.due_at))
    ends = may(by, Act.WEBHOOK_END, Subject(country=webhook.country))
    label: dict[str, Any] = {"aria-label": _("End the webhook of {system}", system=webhook.system)}
    return tags.Li(
        icon("broadcast", size=20),
        tags.Div(
            html.Strong(html.Bdi(webhook.system)),
            html.Code(webhook.address, dir="ltr"),
            tags.Span(
                coded("CL-COUNTRY", webhook.country),
                " · ",
                html.Bdi(webhook.author_name),
                " · ",
                words,
                *([" · ", refused] if webhook.failure else []),
                className="m-dim m-small",
            ),
            *([_left(events)] if events else []),
            className="interface-token",
        ),
        *(
            [button(_("End"), {"type": Ids.END, "of": str(webhook.id)}, "plain", size="compact-sm", **label)]
            if ends
            else []
        ),
    )


def _left(events: list[WebhookEvent]) -> Component:
    """Return what left last, and what waits, behind a line to open."""
    rows = [
        html.Tr(
            [
                html.Td(str(event.number)),
                html.Td(html.Code(event.act, dir="ltr")),
                html.Td(moment_utc(event.at)),
                html.Td(moment_utc(event.sent_at) if event.sent_at else _("waits")),
            ]
        )
        for event in events
    ]
    head = html.Tr([html.Th(words) for words in (_("Number"), _("Event"), _("Happened"), _("Accepted"))])
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="interface-fields")
    return html.Details([html.Summary(_("What left last")), html.Div(table, className="interface-scroll")])


@does(
    FORM,
    act=Act.WEBHOOK_OPEN,
    shows=(Output(Ids.FRESH, "children"), Output(Ids.LIST, "children")),
    clears=("system", "address"),
)
def make(press: Press) -> Done:
    """Make a webhook and show its secret once."""
    made = webhooks.make(press.session, press.draft(WebhookDraft), press.by)
    return Done(_("The webhook is made."), shown=(secret_shown(made.secret), _shown(press.session, press.by)))


@does({"type": Ids.END, "of": ALL}, act=Act.WEBHOOK_END, shows=(Output(Ids.LIST, "children"),))
def end(press: Press) -> Done:
    """End a webhook."""
    webhooks.end(press.session, press.of, press.by)
    return Done(_("Ended. Nothing is told to it any more."), shown=(_shown(press.session, press.by),))
