"""Figures for a centre: a national Muster shares its sums, previewed and signed, with the Muster of a centre."""

from enum import StrEnum
from typing import Any

from dash import ALL, Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.shell import page
from dashboard.frame.verb_buttons import calls
from dashboard.parts import tags
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button, client_id, password_field
from dashboard.parts.form_fields import drawing, whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.panel import empty_state, panel
from dashboard.places import CENTRE
from dashboard.screens.centre import conflicts, connection, sites, words
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import N_, _, ngettext, number
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.exchange import centres
from operations.exchange.centre_rows import CentreConnection
from operations.exchange.centres import Change, ConnectionDraft, PeriodDraft, SharingDraft, TokenRenewal
from operations.policing.operation import plan

NAV = CENTRE
NEW = DraftForm("centre", ConnectionDraft)
RENEW = DraftForm("centre-renew", TokenRenewal)
PERIOD = DraftForm("centre-period", PeriodDraft)
SHARE = DraftForm("centre-share", SharingDraft)


class Ids(StrEnum):
    """Element ids of this page."""

    CHOSEN = "centre-chosen"
    OF = "centre-of"
    NEW = "centre-new"
    CHOICE = "centre-choice"
    SITES = "centre-sites"
    CONFLICTS = "centre-conflicts"
    SHARE = "centre-share-part"
    KEEP = "centre-keep"
    STATE = "centre-state"
    PREVIEW = "centre-preview"
    SHOWN = "centre-shown"
    SENT = "centre-sent"
    END = "centre-end"


def layout(show: str = "", **_query: str) -> Component:
    """Return the connections of the country, what would leave by the one shown, and what was sent."""
    by = actor()
    with reading() as session:
        new, choice, about, match, differ, share, sent, keep = live(session, by, show)
    return page(
        _("Figures for a centre"),
        dcc.Store(id=Ids.CHOSEN, data=show),
        followed(Ids.CHOICE, choice),
        followed(Ids.NEW, new),
        tags.Div(
            panel(_("Connection"), followed(Ids.STATE, about)),
            followed(Ids.SITES, match),
            followed(Ids.CONFLICTS, differ),
            followed(Ids.SHARE, share),
            panel(_("What was sent"), followed(Ids.SENT, sent)),
            followed(Ids.KEEP, keep),
            className="m-stack",
        ),
        lead=_("Your Muster sends sums of validated reports to the Muster of a centre. Nothing leaves by itself."),
        wide=True,
    )


def live(session: Session, by: Actor, show: str) -> tuple[list[Component], ...]:
    """Return the form of a new connection, and the choice of those there are; of the one shown its state, what would
    leave, what was sent, and its end."""
    connected = centres.connections(session)
    new = [new_row_form(_("Connect an operation"), *_form(session, by), first=not connected)]
    found = next((each for each in connected if str(each.id) == show), connected[0] if connected else None)
    if found is None:
        hint = _("What leaves is listed here, with the answer of the centre.")
        return new, [], connection.none(), [], [], [], [empty_state(_("Nothing was sent"), hint, "send")], []
    choice = [connection.choice(session, by, connected, str(found.id))] if len(connected) > 1 else []
    reports = centres.reports(session, found.id)
    if reports:
        sent = words.sent(reports, centres.site_names(session, reports))
    else:
        sent = empty_state(_("Nothing was sent"), _("Look at what would leave, and send it then."), "send")
    waiting = sum(each.answered_at is None for each in reports)
    parts = sites.shown(session, found), conflicts.shown(session, found), _share(found)
    about = [dcc.Store(id=Ids.OF, data=str(found.id)), *connection.about(found, waiting)]
    return new, choice, about, *parts, [sent], _keep(found)


def _form(session: Session, by: Actor) -> list[Component]:
    options = [{"value": str(each.id), "label": each.title} for each in plan.operations(session, by)]
    draw = drawing(NEW, choices={"operation_id": options})
    press = html.Div(button(_("Connect"), NEW.send, "primary", "plug-connected"))
    return [client_id(NEW), *draw("operation_id", "address"), _token(NEW), press]


def _token(form: DraftForm) -> Component:
    (said,) = (each for name, each in form.said.items() if name == "token")
    return password_field(form, "token", _(said.label), description=_(said.hint))


def _share(found: CentreConnection) -> list[Component]:
    first, last = centres.usual_period(found)
    fields = whole_form(
        PERIOD, _("Show what would leave"), "eye", ("first", "last"), thing={"first": first, "last": last}
    )
    note = _("Counts in codes alone. No remarks, no references, no names, and no place but the site.")
    parts = [html.P(note, className="m-dim"), *fields, html.Div(id=Ids.PREVIEW, className="m-stack")]
    return [panel(_("What would leave"), html.Div(parts, className="m-stack"))]


def _keep(found: CentreConnection) -> list[Component]:
    press = html.Div(button(_("Replace the token"), RENEW.send, "plain", "key"))
    of = {"type": Ids.END, "of": str(found.id)}
    ends = button(_("End the connection"), of, "danger", "plug-connected-x", **confirmation_attributes("centre.end"))
    return [new_row_form(_("New token, or end"), _token(RENEW), press, html.Div(ends))]


# --------------------------------------------------------------------------------------------------- callbacks

_OF = State(Ids.OF, "data")
_PARTS = (Ids.NEW, Ids.CHOICE, Ids.STATE, Ids.SITES, Ids.CONFLICTS, Ids.SHARE, Ids.SENT, Ids.KEEP)
refresh = follows(live, *_PARTS, act=Act.CENTRE, show=State(Ids.CHOSEN, "data"))
match = sites.wire(_OF)
connect = calls(
    NEW,
    centres.connect,
    lambda made: Done(
        _("The operation is connected. The centre is asked for its plan now."), to=f"/centre?show={made.id}"
    ),
    act=Act.CENTRE,
    goes=True,
)
renew = calls(
    RENEW,
    centres.renew,
    N_("The token is replaced. What waits leaves with it."),
    act=Act.CENTRE,
    given={"chosen": _OF},
    clears=("token",),
)
end = calls(
    {"type": Ids.END, "of": ALL},
    centres.end,
    lambda _made: Done(_("The connection has ended."), to="/centre"),
    act=Act.CENTRE,
    goes=True,
)


@does(PERIOD, act=Act.CENTRE, given={"chosen": _OF}, shows=(Output(Ids.PREVIEW, "children"),))
def look(press: Press, chosen: str) -> Done:
    """Show what would leave."""
    with reading() as session:
        shown = centres.preview(session, known_id(chosen), press.draft(PeriodDraft), press.by)
    leaving = len(shown.leaving)
    if not shown.rows:
        none = empty_state(_("No report lies on these days"), _("Choose other days."), "send")
        return Done(shown=([none],))
    seen = {"first": shown.first.isoformat(), "last": shown.last.isoformat(), "seen": shown.seen}
    parts = [words.previewed(shown), dcc.Store(id=Ids.SHOWN, data=seen)]
    if leaving:
        words_ = ngettext("Sign and send {n} report", "Sign and send {n} reports", leaving)
        draw, corrects = drawing(SHARE), any(each.change is Change.CORRECTED for each in shown.leaving)
        parts.append(html.Div(draw("correction_reason"), hidden=not corrects))
        parts += [*draw("confirmed"), html.Div(button(words_, SHARE.send, "primary", "send"))]
    else:
        parts.append(html.P(_("Nothing of these days has to be sent."), className="m-dim"))
    return Done(shown=(parts,))


@does(
    SHARE,
    act=Act.CENTRE,
    given={"chosen": _OF, "seen": State(Ids.SHOWN, "data")},
    shows=(Output(Ids.PREVIEW, "children"),),
)
def share(press: Press, chosen: str, seen: Any) -> Done:
    """Sign and send what was shown."""
    shown = seen if isinstance(seen, dict) else {}
    draft = press.draft(SharingDraft, **{name: shown.get(name) for name in ("first", "last", "seen")})
    count = centres.send(press.session, known_id(chosen), draft, press.by)
    return Done(_("On its way to the centre: {count}.", count=number(count)), shown=([],))
