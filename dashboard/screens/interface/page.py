"""Connected systems of a country: the tokens with which they ask, and the webhooks by which they are told."""

from enum import StrEnum
from typing import Any

from dash import ALL, Output, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.shell import page
from dashboard.parts import tags
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button
from dashboard.parts.form_fields import whole_form
from dashboard.parts.icon import icon
from dashboard.parts.panel import empty_state, panel
from dashboard.places import CENTRE, SYSTEMS
from dashboard.screens.interface import webhook_list
from dashboard.screens.interface.secret import secret_shown
from dashboard.server.access import actor, reading
from dashboard.wording import _, ago, coded, date
from operations.core.evidence import key_fingerprint
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may
from operations.core.sign_in import SignIn
from operations.exchange import api_tokens
from operations.exchange.api_tokens import ApiToken, TokenDraft

NAV = SYSTEMS
FORM = DraftForm("interface", TokenDraft)


class Ids(StrEnum):
    """Element ids of this page."""

    LIST = "interface-tokens"
    FRESH = "interface-fresh"
    END = "interface-end"


def layout(**_query: str) -> Component:
    """Return the tokens that the reader may see, and the form of a new one."""
    by = actor()
    with reading() as session:
        found = _tokens(session, by)
        webhooks = webhook_list.panels(session, by)
    makes = may(by, Act.API_OPEN)
    return page(
        _("Connected systems"),
        tags.Div(
            *([panel(_("New token"), *_form(by), class_name="interface-new")] if makes else []),
            panel(_("Tokens"), html.Div(found, id=Ids.LIST), class_name="interface-list"),
            className="interface-grid" if makes else "m-stack",
        ),
        *webhooks,
        lead=_("A program of your country can send reports and read figures with a token, in the name of its maker."),
        actions=[
            *(
                [dcc.Link([icon("send", 16), _(CENTRE.name)], href=CENTRE.href(), className="interface-link")]
                if may(by, Act.CENTRE)
                else []
            ),
            dcc.Link(
                [icon("book", 16), _("What the interface takes")],
                href="/interface/reference",
                className="interface-link",
            ),
        ],
        wide=True,
    )


def _form(by: Actor) -> list[Component]:
    scopes = [
        {"value": scope.value, "label": coded("CL-APISCOPE", scope.value)}
        for scope, act in api_tokens.SCOPES.items()
        if may(by, act)
    ]
    note = _("Reports that come by it count as yours. Somebody else verifies and validates them.")
    fields = whole_form(FORM, _("Make a token"), "key", choices={"scopes": scopes})
    return [html.Div([html.P(note, className="m-dim"), html.Div(id=Ids.FRESH), *fields], className="m-stack")]


def _tokens(session: Session, by: Actor) -> list[Component]:
    found = [_token(token, entry, by) for token, entry in api_tokens.tokens(session)]
    hint = _("A token is for one program. It ends on its last day, and with the account of its maker.")
    return [html.Ul(found, className="interface-tokens")] if found else [empty_state(_("No token lives"), hint, "key")]


def _token(token: ApiToken, entry: SignIn, by: Actor) -> Component:
    used = _("last used {ago}", ago=ago(entry.last_seen_at)) if entry.last_seen_at > entry.created_at else _("not used")
    mine = token.author_id == by.account_id
    ends = mine or may(by, Act.API_END, Subject(country=token.country))
    acts: dict[str, Any] = {"aria-label": _("End the token of {system}", system=token.system)}
    return tags.Li(
        icon("key", size=20),
        tags.Div(
            html.Strong(html.Bdi(token.system)),
            html.Span(" · ".join(coded("CL-APISCOPE", each) for each in token.scopes)),
            tags.Span(
                coded("CL-COUNTRY", token.country),
                " · ",
                html.Bdi(token.author_name),
                " · ",
                _("until {day}", day=date(token.expires_on)),
                " · ",
                used,
                className="m-dim m-small",
            ),
            *_sender(token),
            className="interface-token",
        ),
        *(
            [button(_("End"), {"type": Ids.END, "of": str(token.id)}, "plain", size="compact-sm", **acts)]
            if ends
            else []
        ),
    )


def _sender(token: ApiToken) -> list[Component]:
    """Return by whose key all is signed that comes by a token of another Muster, for people to compare."""
    if not token.sender_key:
        return []
    said = _("Another Muster. It signs with the key:")
    return [tags.Span(said, " ", html.Code(key_fingerprint(token.sender_key), dir="ltr"), className="m-small")]


@does(
    FORM,
    act=Act.API_OPEN,
    shows=(Output(Ids.FRESH, "children"), Output(Ids.LIST, "children")),
    clears=("system", "scopes", "sender_key", "expires_on"),
)
def make(press: Press) -> Done:
    """Make a token and show its key once."""
    made = api_tokens.make(press.session, press.draft(TokenDraft), press.by)
    return Done(_("The token is made."), shown=(secret_shown(made.key), _tokens(press.session, press.by)))


@does({"type": Ids.END, "of": ALL}, act=Act.OWN_ACCOUNT, shows=(Output(Ids.LIST, "children"),))
def end(press: Press) -> Done:
    """End a token."""
    api_tokens.end(press.session, press.of, press.by)
    return Done(_("Ended. The token opens nothing any more."), shown=(_tokens(press.session, press.by),))
