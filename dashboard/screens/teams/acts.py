"""What is done on the board of requests: asked, offered, decided, ordered, stood down."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dash import ALL, Input, Output, State, ctx, no_update
from sqlmodel import Session

from dashboard.frame.policy import screen
from dashboard.parts.team.forms import OFFER, REQUEST, REQUEST_FIELDS, shown_moment, with_moments
from dashboard.parts.towns import town
from dashboard.refusals import say
from dashboard.screens.teams.ids import Ids
from dashboard.server.access import actor, known_id, reading, unit_of_work
from dashboard.server.later import later
from dashboard.wording import _
from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.permissions import Act
from operations.policing.operation import plan
from operations.support import crew, duty, facts, fit, offers, requests, teams
from operations.support.deployments import OrderDraft
from operations.support.offers import OfferDraft
from operations.support.requests import RequestDraft, SupportRequest
from operations.support.teams import Team

if TYPE_CHECKING:
    from geodata.ways import transit
else:
    transit = later("geodata.ways.transit")

_NEED = ("specialism", "team_kind", "teams", "languages", "certificates", "starts", "ends")
_ORIGIN = ("hotspot_id", "analysis_id")


def travel(session: Session, team: Team, asked: SupportRequest) -> crew.Hours:
    """Hours between the place of a request and everywhere the team may come from or go on to."""
    (name, there), others = facts.stops(session, team, asked)
    found = {other: transit.transit(position, there) for other, position in others.items() if other != name}
    return crew.Hours({(other, name): way.hours for other, way in found.items() if way is not None})


# ------------------------------------------------------------------------------------------------------- asking


@screen(
    output=[
        Output(Ids.CHOSEN, "data", allow_duplicate=True),
        Output(REQUEST.id("client-id"), "data"),
        Output(REQUEST.id("title"), "value"),
        Output(REQUEST.id("note"), "value"),
    ],
    inputs={"clicks": Input(Ids.ASK, "n_clicks")},
    state={
        "operation_id": State(Ids.OPERATION, "data"),
        "origin": State(Ids.ORIGIN, "data"),
        "client": REQUEST.client_id_state(),
        "values": REQUEST.states(*REQUEST_FIELDS),
    },
    act=Act.SUPPORT_REQUEST,
    form=REQUEST,
    prevent_initial_call=True,
    running=[(Output(Ids.ASK, "loading"), True, False)],
)
def ask(
    clicks: int | None, operation_id: str, origin: dict[str, Any] | None, client: str, values: dict[str, Any]
) -> list[Any]:
    """Ask for assistance; the new need is shown."""
    if not clicks:
        return [no_update] * 4
    with unit_of_work() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        content = with_moments(values, operation.zone, "starts", "ends")
        draft = _request(content, client, origin or {})
        made = requests.raise_request(session, operation.id, draft, actor())
        first = requests.needs(session, operation.id)[made.id][0]
    asked = made.asked_at is not None
    say(_("Asked of the countries.") if asked else _("Sent to the coordinator, who asks the countries."))
    return [str(first.id), str(new_id()), "", ""]


def _request(content: dict[str, Any], client: str, origin: dict[str, Any]) -> RequestDraft:
    """The draft of a request out of what was typed. Raises RuleBroken on the fields of the form."""
    need = {name: content.pop(name) for name in _NEED if name in content}
    need["id"] = UUID(int=known_id(client).int ^ 1)  # a second press makes the same need
    if "site_id" in content:
        content.pop("place", None)
    elif content.get("place"):
        content |= _position(content["place"], content.get("host_country"), origin)
    named = {name: origin[name] for name in _ORIGIN if origin.get(name)}
    try:
        return parse(RequestDraft, content | named | {"id": known_id(client), "needs": [need]})
    except RuleBroken as refused:
        raise RuleBroken.all([_placed(flaw, content) for flaw in refused.flaws]) from None


def _placed(flaw: Any, content: dict[str, Any]) -> Any:
    name = flaw.field.removeprefix("needs.0").removeprefix(".")
    if not name:
        name = "ends" if flaw.field == "needs.0" else "place" if not content.get("place") else "site_id"
    return replace(flaw, field=name.split(".")[0])


def _position(place: str, country: str | None, origin: dict[str, Any]) -> dict[str, Any]:
    """Where a town lies; the position of the hotspot while its name was left as it was."""
    if place == origin.get("place"):
        return {"lat": origin["lat"], "lon": origin["lon"]}
    return town(place, country, "place")


# -------------------------------------------------------------------------------------------- what buttons do


@screen(
    output=Output(Ids.TURN, "data"),
    inputs={"clicks": Input({"type": "teams-act", "act": ALL, "of": ALL}, "n_clicks")},
    state={
        "words": State({"type": "teams-words", "of": ALL}, "value"),
        "of_words": State({"type": "teams-words", "of": ALL}, "id"),
        "hours": State({"type": "teams-hours", "of": ALL}, "value"),
        "powers": State({"type": "teams-powers", "of": ALL}, "checked"),
        "of_hours": State({"type": "teams-hours", "of": ALL}, "id"),
        "need": State(Ids.CHOSEN, "data"),
        "turn": State(Ids.TURN, "data"),
        "operation_id": State(Ids.OPERATION, "data"),
    },
    act=Act.SUPPORT_READ,
    prevent_initial_call=True,
)
def act(
    clicks: list[int],
    words: list[str | None],
    of_words: list[dict[str, str]],
    hours: list[Any],
    powers: list[bool],
    of_hours: list[dict[str, str]],
    need: str | None,
    turn: int,
    operation_id: str,
) -> Any:
    """Do what a button of the board says, with the words typed beside it."""
    pressed = ctx.triggered_id
    if not any(clicks) or not isinstance(pressed, dict):
        return no_update
    said = {each["of"]: text or "" for each, text in zip(of_words, words, strict=True)}
    ordered = {each["of"]: (hour, power) for each, hour, power in zip(of_hours, hours, powers, strict=True)}
    done = do(pressed["act"], pressed["of"], said, ordered)
    say(done)
    return turn + 1


def do(what: str, of: str, said: dict[str, str], ordered: dict[str, tuple[Any, bool]]) -> str:
    """Do one act of the board; returns what to say of it. Raises NotFound for any that is not there."""
    by, ident = actor(), known_id(of)
    with unit_of_work() as session:
        match what:
            case "ask":
                requests.ask_countries(session, ident, by)
                return _("Asked of the countries.")
            case "close":
                requests.close(session, ident, by)
                return _("The request is closed.")
            case "accept":
                offer = offers.offer(session, ident)
                offers.accept(session, ident, _against(session, offer), by, said.get(of, ""))
                return _("Accepted. Order the team to go when it shall leave.")
            case "decline":
                offers.decline(session, ident, said.get(of, ""), by)
                return _("Declined.")
            case "take_back":
                offers.take_back(session, ident, by)
                return _("The offer is taken back.")
            case "order":
                every, powers = ordered.get(of, (None, False))
                content = {"tasks": said.get(of, ""), "executive_powers": bool(powers)}
                content |= {"check_in_hours": every} if every is not None else {}
                duty.order(session, ident, parse(OrderDraft, content), by)
                return _("The team is ordered to go.")
            case "stand_down":
                duty.stand_down(session, ident, said.get(f"{of}:stop", ""), by)
                return _("The team is stood down; its need is open again.")
    raise NotFound


def _against(session: Session, offer: offers.Offer) -> tuple[fit.Against, ...]:
    team, need = teams.team(session, offer.team_id), requests.need(session, offer.need_id)
    asked = requests.request(session, need.request_id)
    hours = travel(session, team, asked)
    return facts.against(session, team, need, offer.starts, offer.ends, hours, clock.now())


@screen(
    output=[
        Output(Ids.TURN, "data", allow_duplicate=True),
        Output(OFFER.id("client-id"), "data", allow_duplicate=True),
    ],
    inputs={"clicks": Input({"type": "teams-offer-team", "of": ALL}, "n_clicks")},
    state={
        "need": State(Ids.CHOSEN, "data"),
        "client": OFFER.client_id_state(),
        "values": OFFER.states("starts", "ends", "note"),
        "turn": State(Ids.TURN, "data"),
    },
    act=Act.SUPPORT_OFFER,
    form=OFFER,
    prevent_initial_call=True,
)
def offer(clicks: list[int], need: str | None, client: str, values: dict[str, Any], turn: int) -> list[Any]:
    """Offer one of the own teams for the chosen need."""
    pressed = ctx.triggered_id
    if not any(clicks) or not isinstance(pressed, dict) or not need:
        return [no_update, no_update]
    make_offer(pressed["of"], need, client, values)
    say(_("Offered. The coordinator sees the team now."))
    return [turn + 1, str(new_id())]


def make_offer(team: str, need: str, client: str, values: dict[str, Any]) -> offers.Offer:
    """The offer of a team, its times on the clocks of the operation."""
    with reading() as session:
        wanted = requests.need(session, known_id(need))
        zone = plan.operation(session, wanted.operation_id, actor()).zone
    whole = {"starts": wanted.starts, "ends": wanted.ends}
    # What was left as it stood in the field is the moment of the need to the second.
    changed = {name: text for name, text in values.items() if name == "note" or text != shown_moment(whole[name], zone)}
    content = with_moments(changed, zone, "starts", "ends")
    with unit_of_work() as session:
        draft = parse(OfferDraft, whole | content | {"id": known_id(client), "team_id": known_id(team)})
        return offers.make(session, wanted.id, draft, actor())
