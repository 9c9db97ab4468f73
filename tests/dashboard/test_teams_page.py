"""The page of teams and the leader's telephone as functions: asked, offered, accepted, ordered, reported."""

import json
import re
from contextlib import nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from dash import html, no_update
from dash.exceptions import PreventUpdate
from sqlmodel import select
from starlette.testclient import TestClient

from dashboard.parts.team import board as team_board
from dashboard.parts.team import forms as team_forms
from dashboard.refusals import Explained, explain
from dashboard.screens.my_team import page as my_team
from dashboard.screens.teams import acts as teams_acts
from dashboard.screens.teams import letters, needs, page, roster_view
from dashboard.screens.teams import roster as teams_roster
from dashboard.screens.teams.ids import Ids
from dashboard.wording import in_language
from operations.core.drafts import parse
from operations.core.errors import NotFound, RuleBroken
from operations.core.journal import AccessEntry, Chain, count
from operations.core.people import System
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.support import deployments, kit, offers, requests, teams
from operations.support.states import AssistanceState, DeploymentState
from tests import turns
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, press, texts
from tests.dashboard.test_papers import check_accessible, plain
from tests.makers import START, Running, Shape
from tests.pdf_text import pages
from tests.teams import accepted, keep_team, need, needs_of, offer, on_site, order, raise_request

LATE = START + timedelta(hours=13)


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def shown(scene: Running, by: str, at: Any = EVENING, **query: str) -> str:
    with at_desk(scene, by, at):
        return texts(page.layout(str(scene.operation), **query))


def need_shown(scene: Running, need_id: Any, by: str, at: Any = EVENING) -> str:
    with at_desk(scene, by, at):
        return texts(page.refresh_view(1, str(scene.operation), [None], chosen=str(need_id), _turn=0)["shown"])


def asked(scene: Running, by: str = "ana", client: str | None = None, origin: Any = None, **changes: Any) -> Any:
    values = dict.fromkeys(team_forms.REQUEST.states()) | {
        "title": "Second line",
        "priority": "urgent",
        "handling": "h0",
        "host_country": "NER",
        "site_id": str(scene.sites["Niamey"]),
        "specialism": "document_examiner",
        "teams": 2,
        "together": "one_base",
        "languages": ["fr"],
        "starts": "2026-03-04",
        "starts_time": "08:00",
        "ends": "2026-03-06",
        "ends_time": "08:00",
    }
    with at_desk(scene, by):
        values |= changes
        return press(teams_acts.ask, Ids.ASK, scene.operation, values, client or str(uuid4()), origin=origin)


def stored(scene: Running) -> list[requests.SupportRequest]:
    with scene.store.reading(System()) as session:
        return requests.requests(session, scene.operation)


# ------------------------------------------------------------------------------------------------------- asking


def test_a_request_is_made_once_and_its_times_are_those_of_the_operation(scene: Running) -> None:
    client = str(uuid4())
    after = asked(scene, client=client)
    asked(scene, client=client)
    (made,) = stored(scene)
    (wanted,) = needs_of(scene, made)
    assert ([str(wanted.id)], made.state) == (after["shown"], AssistanceState.ASKED)
    assert after["client"] != client
    assert after["cleared"] == ["", no_update]
    assert wanted.starts.isoformat() == "2026-03-04T07:00:00+00:00"
    assert "Document examiner" in (board := shown(scene, "moussa"))
    assert "0 of 2 teams · All from one base" in board


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"ends": "2026-03-01"}, "ends", "must end after it begins"),
        ({"starts": "tomorrow"}, "starts", "both the day and the time"),
        ({"site_id": None}, "place", "Say where"),
        ({"site_id": None, "place": "Nowhere at all"}, "place", "No town of this name"),
        ({"specialism": None}, "specialism", "needed"),
        ({"title": ""}, "title", "needed"),
        ({"host_country": "MLI"}, "site_id", "another country"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    scene: Running, changes: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(RuleBroken, match=sentence) as refusal:
        asked(scene, **changes)
    assert [flaw.field for flaw in refusal.value.flaws] == [field]
    assert stored(scene) == []


def test_all_that_is_wrong_is_said_at_once(scene: Running) -> None:
    changes = {"title": "", "site_id": None, "place": "Nowhere at all", "teams": 90, "ends": "2026-03-01"}
    with pytest.raises(RuleBroken) as refusal:
        asked(scene, **changes)
    assert sorted(flaw.field for flaw in refusal.value.flaws) == ["place", "teams", "title"]


def test_a_town_is_found_by_its_name_and_generalised(scene: Running) -> None:
    asked(scene, site_id=None, place="Agadez")
    (made,) = stored(scene)
    assert (made.place, made.lat, made.lon) == ("Agadez", 17.0, 8.0)


def test_a_hotspot_of_the_plan_fills_the_form_in(scene: Running) -> None:
    hotspot = uuid4()
    drawn = {"id": uuid4(), "object_id": hotspot, "kind": "hotspot", "name": "Dirkou", "audience": "coordination"}
    with scene.store.unit_of_work(scene["ana"]) as session:
        shape = Shape({"type": "Point", "coordinates": [12.89, 18.97]})
        places.draw(session, scene.operation, parse(places.MapObjectDraft, drawn), shape, scene["ana"])
    with at_desk(scene, "ana"), scene.store.reading(scene["ana"]) as session:
        found = needs.origin(session, plan.operation(session, scene.operation, scene["ana"]), str(hotspot), "")
    assert found == {
        "title": "Team for Dirkou",
        "place": "Dirkou",
        "lat": 19.0,
        "lon": 12.9,
        "host_country": "NER",
        "hotspot_id": str(hotspot),
    }
    asked(scene, site_id=None, place="Dirkou", origin=found)
    assert stored(scene)[0].hotspot_id == hotspot
    with pytest.raises(NotFound):
        shown(scene, "ana", hotspot=str(uuid4()))


# --------------------------------------------------------------------------------------- offers and deployments


def test_a_country_sees_its_teams_with_reasons_and_offers_one(scene: Running) -> None:
    odd = START + timedelta(days=1, seconds=7)
    (wanted,) = needs_of(scene, raise_request(scene, need(languages=["ar"], starts=odd)))
    team = keep_team(scene, call_sign="ALFA")
    told = need_shown(scene, wanted.id, "chaima")
    assert "ALFA" in told
    assert "The team does not speak a language that is needed: Arabic." in told
    assert "ALFA" not in need_shown(scene, wanted.id, "ana")
    offering, zone = f"{wanted.id}:0", "Africa/Niamey"
    left = team_forms.OFFER.shown({"starts": wanted.starts, "ends": wanted.ends}, zone)
    offered(scene, team, wanted, offering, left)
    with scene.store.reading(scene["chaima"]) as session:
        [made] = offers.offers(session, scene.operation)[wanted.id]
    assert (made.starts, made.ends) == (wanted.starts, wanted.ends)
    assert "ALFA" in need_shown(scene, wanted.id, "ana")
    assert "ALFA" not in need_shown(scene, wanted.id, "moussa")
    times, other = left | {"starts": "2026-03-04", "ends": "2026-03-03"}, keep_team(scene)
    with pytest.raises(Explained):
        offered(scene, other, wanted, f"{wanted.id}:1", times)
    with at_desk(scene, "chaima") as said, suppress(Explained):
        offered(scene, other, wanted, f"{wanted.id}:1", times, said)
    [beside] = [name for name, props in said.items() if props.get("error")]
    assert json.loads(beside) == {"of": f"{wanted.id}:1", "type": "teams-offer-ends"}
    assert "must leave after it comes" in said[beside]["error"]


def test_a_link_to_a_need_opens_it_and_a_country_is_asked_for_no_team_beyond_its_last(
    scene: Running,
) -> None:
    (wanted,) = needs_of(scene, raise_request(scene, need(languages=["fr"])))
    none = "Your country has no team that can be offered"
    assert none in shown(scene, "chaima", need=str(wanted.id))
    assert "Choose a need on the list" not in shown(scene, "chaima", need=str(wanted.id))
    assert "Choose a need on the list" in shown(scene, "chaima", need="none of them")
    offer(scene, wanted.id, keep_team(scene, call_sign="ALFA"))
    told = shown(scene, "chaima", need=str(wanted.id))
    assert "ALFA" in told
    assert none not in told


def test_what_is_refused_beside_a_row_does_not_end_as_a_prevented_update(scene: Running) -> None:
    """Of a callback that ends so Dash answers nothing at all: 204, without what was said."""
    (wanted,) = needs_of(scene, raise_request(scene, need(languages=["ar"])))
    made = offer(scene, wanted.id, keep_team(scene))
    with at_desk(scene, "ana") as said:
        with pytest.raises(Explained) as ended:
            do("accept", made.id)
        told = dict(said)
        explain(ended.value)
    assert not isinstance(ended.value, PreventUpdate)
    assert said == told, "it is said once"


def offered(scene: Running, team: Any, wanted: Any, offering: str, typed: dict[str, Any], at: Any = None) -> Any:
    """Press "Offer this team" with what stands in the fields, at a desk or at one's own."""
    values = {name: [value] for name, value in typed.items()} | {"of": [{"type": "teams-offer-starts", "of": offering}]}
    button = {"type": "teams-offer-team", "of": str(team.id)}
    with nullcontext() if at is not None else at_desk(scene, "chaima"):
        return press(teams_acts.offer, button, scene.operation, values, uuid4(), need=str(wanted.id))


def do(what: str, of: Any, words: str = "", order: dict[str, Any] | None = None) -> Any:
    """Press a button of the board with the words beside it, and what the order says."""
    typed = {name: [value] for name, value in (order or {}).items()}
    typed["of"] = [{"type": "teams-order-tasks", "of": str(of)}] if order else []
    beside = {"type": "teams-words", "of": {str(of): words}}
    return press(teams_acts.act, team_board.act_id(what, of), typed=typed, beside=beside)


def test_the_coordinator_accepts_with_words_and_orders_the_team_to_go(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = turns.noted(monkeypatch, needs, "travel")
    (wanted,) = needs_of(scene, raise_request(scene, need(languages=["ar"])))
    made = offer(scene, wanted.id, keep_team(scene))
    of = made.id
    going = {"tasks": "Second line.", "check_in_hours": 6, "executive_powers": True}
    with at_desk(scene, "ana") as said:
        with pytest.raises(Explained):
            do("accept", of)
        assert "Say why it should go nevertheless" in said[said_at("teams-words", of)]["error"]
        do("accept", of, "An interpreter waits there.")
        with pytest.raises(Explained):
            do("order", of, order=going | {"tasks": "", "check_in_hours": 99})
        assert "This field is needed." in said[said_at("teams-order-tasks", of)]["error"]
        assert "72 or less" in said[said_at("teams-order-check_in_hours", of)]["error"]
        do("order", of, order=going)
        assert said[said_at("teams-order-tasks", of)]["error"] is None
    with scene.store.reading(scene["ana"]) as session:
        sent = deployments.deployment(session, made.id)
    assert (sent.state, sent.check_in_hours, sent.executive_powers) == (DeploymentState.APPROVED, 6, True)
    assert ways
    assert not any(ways)  # a way by road is not sought in a turn to write
    assert "Ordered to go" in need_shown(scene, wanted.id, "ana")
    with at_desk(scene, "ana"):
        do("stand_down", of, "No longer needed.")
    assert "0 of 1 team" in need_shown(scene, wanted.id, "ana")
    for wrong in ("offer", "erase"):
        with at_desk(scene, "ana"), pytest.raises(NotFound):
            do(wrong, of)


def test_whoever_coordinates_releases_a_team_on_site_with_a_reason(scene: Running) -> None:
    there = on_site(scene)
    assert "Release this team, or name it as left" in need_shown(scene, there.need_id, "ana")
    with at_desk(scene, "ana"):
        do("release", there.id, "Its leader told so by telephone.")
    with scene.store.reading(scene["ana"]) as session:
        assert deployments.deployment(session, there.id).state == DeploymentState.WITHDRAWN
    assert "Release this team, or name it as left" not in need_shown(scene, there.need_id, "ana")


def said_at(kind: str, of: Any) -> str:
    """An id of a pattern as Dash names it."""
    return json.dumps({"of": str(of), "type": kind}, separators=(",", ":"))


def test_a_country_decides_nothing_of_the_coordinator_s(scene: Running) -> None:
    (wanted,) = needs_of(scene, raise_request(scene))
    of = offer(scene, wanted.id, keep_team(scene)).id
    with at_desk(scene, "chaima"), pytest.raises(NotFound):
        do("accept", of)
    with at_desk(scene, "chaima"):
        assert do("take_back", of)
    with scene.store.reading(scene["ana"]) as session:
        assert teams.teams(session) == []
        assert [each.state for each in offers.offers(session, scene.operation)[wanted.id]] == ["withdrawn"]


def test_an_overdue_check_in_is_said_in_words_before_everything_else(scene: Running) -> None:
    on_site(scene, keep_team(scene, call_sign="ALFA"))
    assert "Check-in overdue" not in shown(scene, "ana", LATE - timedelta(hours=2))
    told = shown(scene, "ana", LATE)
    assert told.index("Check-in overdue") < told.index("Ask for assistance")
    assert "Overdue" in told
    assert "Check-in overdue" not in shown(scene, "moussa", LATE)


def follow(what: Any, scene: Running, before: Any = None, **given: Any) -> Any:
    """What a pulse brings to a part."""
    return what(1, str(scene.operation), before, **given)


def test_what_is_typed_stays_while_nothing_changed(scene: Running) -> None:
    (wanted,) = needs_of(scene, raise_request(scene))
    given = {"chosen": str(wanted.id), "_turn": 0}
    with at_desk(scene, "ana"):
        first = follow(page.refresh_view, scene, [None], **given)
        again = follow(page.refresh_view, scene, first["marks"], **given)
    assert again["shown"] == [no_update]


def test_a_handover_note_reaches_whoever_looks_at_the_need(scene: Running) -> None:
    made = on_site(scene)
    given = {"chosen": str(made.need_id), "_turn": 0}
    with at_desk(scene, "ana"):
        first = follow(page.refresh_view, scene, [None], **given)
    with at_desk(scene, "boubacar"):
        report(scene, made.id, "hand_over", {"words": "The scanner is at the customs office."})
    with at_desk(scene, "ana"):
        again = follow(page.refresh_view, scene, first["marks"], **given)
    assert "The scanner is at the customs office." in texts(again["shown"])


def test_a_country_that_was_invited_can_be_chosen_at_once(scene: Running) -> None:
    given = {"chosen": None, "_minute": None}
    with at_desk(scene, "ana"):
        page.layout(str(scene.operation))
        before = follow(page.refresh, scene, [None] * 6, **given)
    with scene.store.unit_of_work(scene["ana"]) as session:
        draft = parse(plan.CountryInvitation, {"country": "TCD"})
        plan.invite(session, scene.operation, draft, scene["ana"])
    with at_desk(scene, "ana"):
        known = [*before["marks"], *before["shown"][4:]]
        after = follow(page.refresh, scene, known, **given)
    assert [each is no_update for each in after["shown"][:4]] == [True] * 4
    assert {"value": "TCD", "label": "Chad"} in after["shown"][4]
    assert {"value": "TCD", "label": "Chad"} not in before["shown"][4]


TEAM = {
    "call_sign": "ALFA",
    "kind": "frontline",
    "persons": 4,
    "specialisms": ["biometrics"],
    "languages": ["fr"],
    "base": "Agadez",
    "ready_hours": 6,
}


def save(team: str = "", version: int = 0, begun: dict[str, Any] | None = None, **changes: Any) -> Any:
    """Save the team that stands in the form."""
    values = dict.fromkeys(team_forms.TEAM.states()) | TEAM | changes
    given = {"team": team or str(uuid4()), "version": version, "base": begun}
    return press(teams_roster.save, Ids.TEAM_SAVE, typed=values, **given)["shown"]


def add(what: str, of: Any, **typed: Any) -> Any:
    """Add something to a team of the roster."""
    rows = [{"id": str(of)}]
    return press(teams_roster.add[what], f"teams-add-{what}", typed=typed, client=uuid4(), rows=rows)


AWAY = {
    "kind": "leave",
    "starts": "2026-03-01",
    "starts_time": "08:00",
    "ends": "2026-03-30",
    "ends_time": "08:00",
}


def test_a_team_that_was_put_on_the_roster_is_there_for_the_need_at_once(scene: Running) -> None:
    (wanted,) = needs_of(scene, raise_request(scene))
    given = {"chosen": str(wanted.id), "_turn": 0}
    with at_desk(scene, "chaima"):
        first = follow(page.refresh_view, scene, [None], **given)
        assert "has no team that can be offered" in texts(first["shown"])
        team = str(uuid4())
        turn, version, *_kept = save(team)
        assert (bool(turn), version) == (True, 1)
        again = follow(page.refresh_view, scene, first["marks"], **given)
        assert "ALFA" in texts(again["shown"])
        add("absence", team, **AWAY)
        later = follow(page.refresh_view, scene, again["marks"], **given)
        assert "not available" in texts(later["shown"]), "what speaks against the team is another thing now"


def test_what_is_known_of_the_chosen_team_follows_what_others_write(scene: Running) -> None:
    team = keep_team(scene)
    given = {"rows": [{"id": str(team.id)}], "_turn": 0}
    with at_desk(scene, "chaima"):
        first = follow(teams_roster.refresh_details, scene, [None], **given)
        assert follow(teams_roster.refresh_details, scene, first["marks"], **given)["shown"] == [no_update]
        add("absence", team.id, **AWAY)
        after = follow(teams_roster.refresh_details, scene, first["marks"], **given)
        assert "Leave" in texts(after["shown"])
        reloaded = follow(teams_roster.refresh_details, scene, [None], **given)
        assert str(after["shown"]) == str(reloaded["shown"])
        assert "Add: Certificates" in texts(teams_roster.fill(given["rows"]))
    with at_desk(scene, "ana"):
        assert teams_roster.fill(given["rows"]) == []


def test_leadership_reads_sums_and_no_team(scene: Running) -> None:
    on_site(scene, keep_team(scene, call_sign="ALFA"))
    told = shown(scene, "lena")
    assert "Requests served" in told
    assert "1 of 1" in told
    assert "ALFA" not in told
    assert "Ask for assistance" not in told
    with at_desk(scene, "lena"):
        figures, _alarm, *nothing = follow(page.refresh, scene, [None] * 6, chosen=None, _minute=None)["shown"]
        assert follow(page.refresh_view, scene, [None], chosen=str(uuid4()), _turn=0)["shown"] == [[]]
    assert "1 of 1" in texts(figures)
    assert nothing == [[]] * 4


# ------------------------------------------------------------------------------------------------------ the roster


def test_a_team_is_put_on_the_roster_with_its_town_and_changed(scene: Running) -> None:
    with at_desk(scene, "chaima"):
        ident = str(uuid4())
        save(ident)
        save(ident, 1, persons=6)
        with pytest.raises(RuleBroken, match="No town") as refusal:
            save(base="Xyzzy", persons=0)
    assert [flaw.field for flaw in refusal.value.flaws] == ["base", "persons"]
    with scene.store.reading(scene["chaima"]) as session:
        (team,) = teams.teams(session)
    assert (team.persons, team.lat, team.lon, team.zone, team.version) == (6, 17.0, 8.0, "Africa/Niamey", 2)


def test_who_changes_a_team_meets_both_versions_beside_the_form_where_another_was_faster(scene: Running) -> None:
    ident = str(uuid4())
    with at_desk(scene, "chaima"):
        _turn, version, base, *_rest = save(ident)
        save(ident, version, base, persons=6, ready_hours=12)
    with at_desk(scene, "chaima") as told:
        turn, version, _base, both, place, *fields = save(ident, version, base, persons=8)
        filled = dict(zip(team_forms.TEAM.states(), fields, strict=True))
        assert "Somebody changed this while you were writing" in str(told)
        assert (turn, version, both) == (no_update, 2, {"persons": {"mine": 8, "theirs": 6}})
        assert (filled["ready_hours"], filled["persons"]) == (12, no_update)
        assert "Take yours" in texts(place)
        assert save(ident, version, base, persons=8)[1] == 3
    with at_desk(scene, "ana"), pytest.raises(NotFound):
        save()


@pytest.mark.parametrize(
    ("what", "values", "told"),
    [
        ("certificate", {"kind": "first_aid", "issued_on": "2026-01-01", "expires_on": "2026-04-01"}, "30 days left"),
        ("absence", AWAY, "Leave"),
        ("member", {"service_ref": "NE-0417", "role": "leader"}, "NE-0417"),
        ("kit", {"kind": "drone", "label": "D 7", "state": "degraded", "place": "Agadez"}, "Degraded"),
    ],
)
def test_what_belongs_to_a_team_is_added_and_shown(
    scene: Running, what: str, values: dict[str, Any], told: str
) -> None:
    team = keep_team(scene)
    with at_desk(scene, "chaima"):
        assert add(what, team.id, **values)["shown"] != [no_update]
        with scene.store.reading(scene["chaima"]) as session:
            operation, rows = plan.operation(session, scene.operation, scene["chaima"]), [{"id": str(team.id)}]
            assert told in texts(teams_roster.details(session, operation, scene["chaima"], rows))
    with at_desk(scene, "moussa"), pytest.raises(NotFound):
        add(what, team.id, **values)


def test_a_piece_of_kit_is_changed_where_it_is_shown(scene: Running) -> None:
    team = keep_team(scene)
    with at_desk(scene, "chaima"):
        add("kit", team.id, kind="drone", label="D 7", state="available", place="Agadez")
    with scene.store.reading(scene["chaima"]) as session:
        drone = kit.assets(session, team.id)[0]

    def change(by: str, place: str = "Arlit") -> Any:
        of = [{"type": "teams-asset-state", "of": str(drone.id)}]
        typed = {"state": ["degraded"], "place": [place], "of": of}
        with at_desk(scene, by) as said:
            try:
                return press(teams_roster.keep, roster_view.keep_id("kit", drone.id), typed=typed, beside=NO_WORDS)
            except Explained:
                return said

    assert change("chaima")["shown"] != [no_update]
    with scene.store.reading(scene["chaima"]) as session:
        [found] = kit.assets(session, team.id)
    assert (found.state, found.place, found.kind, found.label, found.version) == (
        "degraded",
        "Arlit",
        "drone",
        "D 7",
        2,
    )
    with pytest.raises(NotFound):
        change("moussa")

    refused = change("chaima", "13.5127, 2.1128")
    assert "coordinates" in refused[said_at("teams-asset-place", drone.id)]["error"]


NO_WORDS = {"type": "teams-why", "of": {str(uuid4()): ""}}


def test_a_team_is_taken_out_of_service_with_a_reason_and_put_back(scene: Running) -> None:
    team = keep_team(scene)

    def keep(verb: str, words: str = "") -> Any:
        beside = {"type": "teams-why", "of": {str(team.id): words}}
        return press(teams_roster.keep, roster_view.keep_id(verb, team.id), typed={"of": []}, beside=beside)

    def now() -> teams.Team:
        with scene.store.reading(scene["chaima"]) as session:
            return teams.team(session, team.id)

    with at_desk(scene, "chaima") as said:
        with pytest.raises(Explained):
            keep("take_out")
        assert "Give the reason" in said[said_at("teams-why", team.id)]["error"]
        keep("take_out", "At the garage.")
        assert now().out_of_service == "At the garage."
        keep("put_back")
        assert now().out_of_service == ""
        keep("close")
        assert now().closed_at is not None
        with pytest.raises(NotFound):
            keep("erase")
    with at_desk(scene, "moussa"), pytest.raises(NotFound):
        keep("put_back")


def test_ends_before_starts_stands_beside_the_end(scene: Running) -> None:
    team = keep_team(scene)
    with at_desk(scene, "chaima"), pytest.raises(RuleBroken, match="must end after it begins") as refusal:
        add("absence", team.id, **AWAY | {"ends": "2026-02-01"})
    assert refusal.value.flaws[0].field == "ends"


# ---------------------------------------------------------------------------------------------------- the telephone


def leader_sees(scene: Running, by: str = "boubacar", at: Any = EVENING) -> str:
    with at_desk(scene, by, at):
        return texts(my_team.layout(str(scene.operation)))


def report(scene: Running, of: Any, verb: str, typed: dict[str, Any]) -> Any:
    values = {"words": "", "at": "", "place": "", **typed}
    return press(my_team.report, my_team.do_id(f"deployment.{verb}", of), scene.operation, values, serial=str(uuid4()))


def test_the_leader_s_page_offers_what_comes_next_and_nothing_else(scene: Running) -> None:
    assert "not deployed" in leader_sees(scene)
    made = accepted(scene, keep_team(scene, "boubacar", call_sign="ALFA"))
    assert "Wait for the order to go" in leader_sees(scene)
    order(scene, made.id)
    nothing: dict[str, Any] = {"words": "", "at": "", "place": ""}
    for verb, words, then in (
        ("mobilising", "We leave our base", "I am on site"),
        ("on_site", "I am on site", "Check in"),
        ("check_in", "Check in", "We leave the place"),
        ("withdrawn", "We leave the place", "Send the debriefing"),
    ):
        assert words in leader_sees(scene)
        with at_desk(scene, "boubacar"):
            report(scene, made.id, verb, nothing)
        assert then in leader_sees(scene)
    assert "ALFA" not in leader_sees(scene, "marie")
    with at_desk(scene, "marie"), pytest.raises(NotFound):
        report(scene, made.id, "debriefed", nothing | {"words": "Learnt."})


def test_an_earlier_time_is_read_on_the_clocks_of_the_operation_and_refused_beside_its_field(scene: Running) -> None:
    made = on_site(scene)
    with at_desk(scene, "boubacar"):
        report(scene, made.id, "check_in", {"at": "2026-03-02 09:00"})
        with pytest.raises(RuleBroken, match="lies in the future") as refusal:
            report(scene, made.id, "check_in", {"at": "2026-03-03 09:00"})
        with pytest.raises(NotFound):
            report(scene, made.id, "stand_down", {})
    assert refusal.value.flaws[0].field == "at"
    with scene.store.reading(scene["ana"]) as session:
        assert deployments.deployment(session, made.id).contact_at == START + timedelta(hours=2)


@pytest.mark.parametrize("note", ["", "The road is closed."])
def test_a_press_is_reported_and_clears_only_what_was_sent(scene: Running, note: str) -> None:
    made = on_site(scene)
    with at_desk(scene, "boubacar"):
        after = report(scene, made.id, "check_in", {"words": note})
    assert after["cleared"] == ["" if note else no_update, no_update]


# ------------------------------------------------------------------------------------------------------ the letter


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_a_letter_says_who_where_and_until_when_and_names_no_person(scene: Running, language: str) -> None:
    made = on_site(scene, keep_team(scene, call_sign="ALFA", unit="2nd unit"))
    content, name = letters.letter(scene.store, made.id, language, scene["ana"])
    [words] = pages(content)
    number = name.removeprefix("muster-letter-")[:13]
    assert (number if language != "ar" else number.rpartition("-")[2]) in words, "an Arabic line is put together anew"
    assert "ALFA" in words
    assert ("2nd unit" if language != "ar" else "unit") in words
    assert words.count("INTERPOL" if language != "ar" else "الإنتربول") >= 2
    assert not any(scene[person].name.split()[1] in words for person in ("ana", "boubacar", "chaima", "bruno"))
    again = letters.letter(scene.store, made.id, language, scene["chaima"])[1]
    assert again[:27] == name[:27]
    with scene.store.reading(System()) as session:
        assert count(session, Chain.ACCESS) == 2
        assert {each.act for each in session.exec(select(AccessEntry))} == {"deployment.letter"}


@pytest.mark.parametrize(("language", "beside"), [("en", "fr"), ("fr", ""), ("ar", "fr")])
def test_a_letter_stands_in_the_languages_of_both_countries_side_by_side(
    scene: Running, language: str, beside: str
) -> None:
    made = on_site(scene)
    content, _name = letters.letter(scene.store, made.id, language, scene["ana"])
    check_accessible(content, language)
    words = " ".join(" ".join(pages(content)).split())
    assert words.count("accréditation") == 1
    french = {"Les", "autorités", "du", "pays", "hôte"}  # PDFium turns the order of the words where a page has Arabic
    assert (french <= {*words.split()}) is ("fr" in (language, beside))
    assert ("Letter of accreditation" in words, "The authorities of the host" in words) == (language == "en",) * 2
    written = {code.decode() for code in re.findall(rb"/Lang ?\((..)\)", plain(content))}
    assert written == {language, beside or language}


def test_no_letter_for_those_who_do_not_accredit(scene: Running) -> None:
    made = on_site(scene)
    for name in ("moussa", "bruno", "lena", "dov"):
        with pytest.raises(NotFound):
            letters.letter(scene.store, made.id, "en", scene[name])


def test_the_letter_s_address_hides_what_is_not_there(site: Any) -> None:
    client: TestClient = site.signed_in(role="operation_coordinator")
    for address in (letters.address(uuid4()), letters.address("x")):
        assert client.post(address).status_code == 404


def marked(parts: Any) -> set[str]:
    """The names of the fields that say that they are needed."""
    fields = [each for each in html.Div(parts)._traverse() if getattr(each, "required", False)]
    return {each.id.split("-")[-1] for each in fields}


def test_fields_that_a_draft_cannot_do_without_are_marked() -> None:
    with in_language("en"):
        team = marked(team_forms.team_form(None, (), "save"))
        request = marked(team_forms.request_form({}, "Africa/Niamey", {}, "save"))
        small = {what: marked(team_forms.adding(what, "Africa/Niamey")) for what in team_forms.ADDED}
    assert team == {"call_sign", "kind", "persons", "specialisms", "languages", "base", "ready_hours"}
    assert request == {"title", "host_country", "specialism", "teams", "starts", "ends"}
    assert small == {
        "certificate": {"kind", "issued_on", "expires_on"},
        "absence": {"kind", "starts", "ends"},
        "member": {"service_ref", "role"},
        "kit": {"kind", "label"},
    }


def test_a_second_press_of_the_form_makes_the_same_request_and_the_same_need(scene: Running) -> None:
    client, typed = (
        str(uuid4()),
        {"title": "Second line", "priority": "urgent", "host_country": "NER"}
        | {
            "site_id": str(scene.sites["Niamey"]),
            "specialism": "document_examiner",
            "teams": 2,
            "together": "apart",
            "languages": ["fr"],
            "handling": "h0",
            "starts": "2026-03-03",
            "starts_time": "08:00",
            "ends": "2026-03-05",
            "ends_time": "08:00",
        },
    )
    first, second = (teams_acts.asked_for(typed, "UTC", client, {}) for _press in range(2))
    assert first == second
    assert first.needs[0].id != first.id
    assert teams_acts.asked_for(typed, "UTC", str(uuid4()), {}).needs[0].id != first.needs[0].id


def test_only_a_press_of_muster_s_own_gives_a_letter_its_number(scene: Running, site: Any) -> None:
    """A link, a picture or a form of another place gives none: the address answers to POST, behind the gate."""
    (route,) = [each for each in letters.router(site.store).routes if each.path.endswith("letter.pdf")]
    assert route.methods == {"POST"}
    client: TestClient = site.signed_in(role="operation_coordinator")
    address = letters.address(uuid4())
    assert client.post(address, headers={"origin": "https://elsewhere.example"}).status_code == 403
    assert client.post(address, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    made = on_site(scene)
    with at_desk(scene, "ana"), scene.store.reading(scene["ana"]) as session:
        found = deployments.deployment(session, made.id)
        card = team_board.deployment_card(
            found, [], "UTC", START, orders=False, stops=False, letter=letters.address(made.id)
        )
    (form,) = found_in(card, "Form")
    assert (form.action, form.method) == (letters.address(made.id), "POST")
    assert found.accreditation is None
