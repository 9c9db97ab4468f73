"""Callbacks of the board of requests: ask, offer, decide, order, stand down."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from dash import ALL, Output, State
from sqlmodel import Session

from dashboard.frame.button_press import Undo
from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.operation_page import OPERATION
from dashboard.frame.undo import undoes
from dashboard.parts.row_forms import said_beside
from dashboard.parts.team.board import act_id, words_id
from dashboard.parts.team.forms import OFFER, ORDER, REQUEST
from dashboard.parts.towns import town
from dashboard.screens.teams import needs
from dashboard.screens.teams.ids import Ids
from dashboard.server.access import known_id, reading
from dashboard.wording import _
from operations.core import clock
from operations.core.errors import Flaw, NotFound, RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.support import deployment_acts, offers, requests, suitability, suitability_facts, teams
from operations.support.deployments import OrderDraft
from operations.support.offers import OfferDraft
from operations.support.requests import AssistanceRequestDraft, NeedDraft
from operations.support.team_facts import Hours

_ORIGIN = ("hotspot_id", "analysis_id")

# ------------------------------------------------------------------------------------------------------- asking


@does(
    Ids.ASK,
    act=Act.SUPPORT_REQUEST,
    form=REQUEST,
    client=True,
    operation=OPERATION,
    shows=(Output(Ids.CHOSEN, "data"),),
    clears=("title", "note"),
    given={"origin": State(Ids.ORIGIN, "data")},
    running=[(Output(Ids.ASK, "loading"), True, False)],
)
def ask(press: Press, origin: dict[str, Any] | None) -> Done:
    """Ask for assistance; then show the new need."""
    draft = asked_for(press.typed, press.operation.zone, press.client, origin or {})
    made = requests.raise_request(press.session, press.operation.id, draft, press.by)
    first = requests.needs(press.session, press.operation.id)[made.id][0]
    said = _("Asked of the countries.") if made.asked_at else _("Sent to the coordinator, who asks the countries.")
    return Done(said, shown=(str(first.id),))


def asked_for(typed: Mapping[str, Any], zone: str, client: str, origin: Mapping[str, Any]) -> AssistanceRequestDraft:
    """Return the draft of a request with its need. Raises RuleBroken with every flaw on the fields of the form."""
    flaws: list[Flaw] = []
    given = {name: origin[name] for name in _ORIGIN if origin.get(name)}
    given["id"], given["needs"] = known_id(client), []
    try:
        second = UUID(int=given["id"].int ^ 1)  # a second press makes the same need
        given["needs"] = [REQUEST.draft(NeedDraft, typed, zone=zone, id=second)]
    except RuleBroken as refused:
        flaws += refused.flaws
    try:
        given |= _position(typed, origin)
    except RuleBroken as refused:
        flaws += refused.flaws
    try:
        draft = REQUEST.draft(AssistanceRequestDraft, typed, zone=zone, **given)
    except RuleBroken as refused:
        said = {flaw.field for flaw in flaws}
        flaws += [flaw for flaw in refused.flaws if flaw.field not in {*said, "needs"}]
    if flaws:
        raise RuleBroken.all(flaws)
    return draft


def _position(typed: Mapping[str, Any], origin: Mapping[str, Any]) -> dict[str, Any]:
    """Return the position of a town, or of the hotspot while its name is unchanged; a site has its own."""
    place = typed.get("place")
    if typed.get("site_id"):
        return {"place": ""}
    if not place:
        return {}
    if place == origin.get("place"):
        return {"lat": origin["lat"], "lon": origin["lon"]}
    return town(place, typed.get("host_country"), "place")


# -------------------------------------------------------------------------------------------- what buttons do


@does(act_id(ALL, ALL), act=Act.SUPPORT_READ, beside=words_id(ALL), typed=ORDER.states())
def act(press: Press) -> Done:
    """Run the action of a pressed button, with the text typed beside it."""
    of = press.subject["of"]
    ident, order = known_id(of), ORDER.of(of)
    hours = _travel(ident) if press.subject["act"] == "accept" else None
    session, by = press.session, press.by
    with said_beside(order.places() | dict.fromkeys(("reason", "despite"), words_id(of))):
        match press.subject["act"]:
            case "ask":
                requests.ask_countries(session, ident, by)
                return Done(_("Asked of the countries."))
            case "close":
                requests.close(session, ident, by)
                return Done(_("The request is closed."))
            case "accept" if hours:
                offers.accept(session, ident, _against(session, ident, hours), by, press.words)
                return Done(_("Accepted. Order the team to go when it shall leave."))
            case "decline":
                offers.decline(session, ident, press.words, by)
                return Done(_("Declined."))
            case "take_back":
                offers.take_back(session, ident, by)
                return Done(_("The offer is taken back."))
            case "order":
                deployment_acts.order(session, ident, order.draft(OrderDraft, order.typed(press.typed)), by)
                return Done(_("The team is ordered to go."))
            case "release":
                deployment_acts.release(session, ident, press.words, by)
                return Done(_("The team is released: its leader writes the debriefing."))
            case "stand_down":
                deployment_acts.stand_down(session, ident, press.words, by)
                return Done(_("The team is stood down; its need is open again."))
    raise NotFound


def _travel(offer_id: UUID) -> Hours:
    """Return the hours on the way to an offered place: they take long, and are computed before the turn to write."""
    with reading() as session:
        found = offers.offer(session, offer_id)
        asked = requests.request(session, requests.need(session, found.need_id).request_id)
        return needs.travel(session, teams.team(session, found.team_id), asked)


def _against(session: Session, offer_id: UUID, hours: Hours) -> tuple[suitability.Against, ...]:
    found = offers.offer(session, offer_id)
    team, need = teams.team(session, found.team_id), requests.need(session, found.need_id)
    return suitability_facts.against(session, team, need, found.starts, found.ends, hours, clock.now())


@does(
    {"type": "teams-offer-team", "of": ALL},
    act=Act.SUPPORT_OFFER,
    form=OFFER,
    client=True,
    operation=OPERATION,
    given={"need": State(Ids.CHOSEN, "data")},
)
def offer(press: Press, need: str | None) -> Done:
    """Offer one of the own teams for the chosen need, with times in the operation's zone."""
    wanted = requests.need(press.session, known_id(need))
    form = OFFER.of(needs.offered(press.session, wanted, press.by))
    whole, zone = {"starts": wanted.starts, "ends": wanted.ends}, press.operation.zone
    typed, begun = form.typed(press.typed), form.shown(whole, zone)
    # Unchanged fields mean the exact moment of the need, to the second.
    left = {name: when for name, when in whole.items() if all(typed[e] == begun[e] for e in form.inputs_of(name))}
    given = left | {"id": known_id(press.client), "team_id": press.of}
    with said_beside(form.places()):
        made = offers.make(press.session, wanted.id, form.draft(OfferDraft, typed, zone=zone, **given), press.by)
    return Done(_("Offered. The coordinator sees the team now."), undo=Undo(name="offer", of=str(made.id)))


@undoes("offer")
def _unoffer(session: Session, by: Actor, back: Undo) -> None:
    """Take an offer back."""
    offers.take_back(session, known_id(back.of), by)
