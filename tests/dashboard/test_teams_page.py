"""The page of teams and the leader's telephone as functions: asked, offered, accepted, ordered, reported."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from dash import html, no_update
from dash._callback_context import context_value
from dash._utils import AttributeDict
from sqlmodel import select
from starlette.testclient import TestClient

from dashboard.parts.team import board as team_board
from dashboard.parts.team import forms as team_forms
from dashboard.screens.my_team import page as my_team
from dashboard.screens.teams import acts as teams_acts
from dashboard.screens.teams import letters, page
from dashboard.screens.teams import roster as teams_roster
from dashboard.wording import in_language
from operations.core.drafts import parse
from operations.core.errors import NotFound, RuleBroken
from operations.core.journal import AccessEntry, Chain, count
from operations.core.people import System
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.support import deployments, kit, offers, requests, teams
from operations.support.states import DeploymentState, RequestState
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, press, texts
from tests.dashboard.printed import overheard
from tests.makers import START, Running, Shape
from tests.teams import accepted, keep_team, need, needs_of, offer, on_site, order, raise_request

LATE = START + timedelta(hours=13)


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def pressed(identifier: dict[str, Any]) -> Any:
    """Stand in for Dash's account of which button was pressed."""
    name = json.dumps(identifier, sort_keys=True, separators=(",", ":"))
    return AttributeDict(triggered_inputs=[{"prop_id": f"{name}.n_clicks", "value": 1}])


def shown(scene: Running, by: str, at: Any = EVENING, **query: str) -> str:
    with at_desk(scene, by, at):
        return texts(page.layout(str(scene.operation), **query))


def need_shown(scene: Running, need_id: Any, by: str, at: Any = EVENING) -> str:
    with at_desk(scene, by, at):
        return texts(page.refresh(1, None, str(need_id), 0, str(scene.operation), None)["view"])


def asked(scene: Running, by: str = "ana", client: str | None = None, origin: Any = None, **changes: Any) -> Any:
    values = dict.fromkeys(teams_acts.REQUEST_FIELDS) | {
        "title": "Second line",
        "priority": "urgent",
        "host_country": "NER",
        "site_id": str(scene.sites["Niamey"]),
        "specialism": "document_examiner",
        "teams": 2,
        "languages": ["fr"],
        "starts": "2026-03-04 08:00",
        "ends": "2026-03-06 08:00",
    }
    with at_desk(scene, by):
        return teams_acts.ask(1, str(scene.operation), origin, client or str(uuid4()), values | changes)


def stored(scene: Running) -> list[requests.SupportRequest]:
    with scene.store.reading(System()) as session:
        return requests.requests(session, scene.operation)


# ------------------------------------------------------------------------------------------------------- asking


def test_a_request_is_made_once_and_its_times_are_those_of_the_operation(scene: Running) -> None:
    client = str(uuid4())
    chosen, new_client, *_rest = asked(scene, client=client)
    asked(scene, client=client)
    (made,) = stored(scene)
    (wanted,) = needs_of(scene, made)
    assert (str(wanted.id), made.state) == (chosen, RequestState.ASKED)
    assert new_client != client
    assert wanted.starts.isoformat() == "2026-03-04T07:00:00+00:00"
    assert "Document examiner" in shown(scene, "moussa")


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"ends": "2026-03-01 08:00"}, "ends", "must end after it begins"),
        ({"starts": "tomorrow"}, "starts", "not a date"),
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
    assert refusal.value.flaws[0].field == field
    assert stored(scene) == []


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
        found = page._origin(session, plan.operation(session, scene.operation, scene["ana"]), str(hotspot), "")
    assert found == {
        "title": "Team for Dirkou", "place": "Dirkou", "lat": 19.0, "lon": 12.9, "host_country": "NER",
        "hotspot_id": str(hotspot),
    }  # fmt: skip
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
    with at_desk(scene, "chaima"):
        left = {"starts": "2026-03-03 07:00", "ends": "2026-03-07 07:00", "note": ""}
        made = teams_acts.make_offer(str(team.id), str(wanted.id), str(uuid4()), left)
    assert (made.starts, made.ends) == (wanted.starts, wanted.ends)
    assert "ALFA" in need_shown(scene, wanted.id, "ana")
    assert "ALFA" not in need_shown(scene, wanted.id, "moussa")
    times, other = {"starts": "2026-03-04 08:00", "ends": "2026-03-03 08:00"}, str(keep_team(scene).id)
    with pytest.raises(RuleBroken, match="must leave after it comes"), at_desk(scene, "chaima"):
        teams_acts.make_offer(other, str(wanted.id), str(uuid4()), times)


def test_the_coordinator_accepts_with_words_and_orders_the_team_to_go(scene: Running) -> None:
    (wanted,) = needs_of(scene, raise_request(scene, need(languages=["ar"])))
    made = offer(scene, wanted.id, keep_team(scene))
    of = str(made.id)
    with at_desk(scene, "ana"):
        with pytest.raises(RuleBroken, match="say why it goes all the same"):
            teams_acts.do("accept", of, {of: ""}, {})
        teams_acts.do("accept", of, {of: "An interpreter waits there."}, {})
        with pytest.raises(RuleBroken, match="Say what the team does there"):
            teams_acts.do("order", of, {of: ""}, {of: (6, True)})
        teams_acts.do("order", of, {of: "Second line."}, {of: (6, True)})
    with scene.store.reading(scene["ana"]) as session:
        sent = deployments.deployment(session, made.id)
    assert (sent.state, sent.check_in_hours, sent.executive_powers) == (DeploymentState.APPROVED, 6, True)
    assert "Ordered to go" in need_shown(scene, wanted.id, "ana")
    with at_desk(scene, "ana"):
        teams_acts.do("stand_down", of, {f"{of}:stop": "No longer needed."}, {})
    assert "0 of 1 team" in need_shown(scene, wanted.id, "ana")
    for wrong in ("offer", "erase"):
        with at_desk(scene, "ana"), pytest.raises(NotFound):
            teams_acts.do(wrong, of, {}, {})


def test_a_country_decides_nothing_of_the_coordinator_s(scene: Running) -> None:
    (wanted,) = needs_of(scene, raise_request(scene))
    of = str(offer(scene, wanted.id, keep_team(scene)).id)
    with at_desk(scene, "chaima"), pytest.raises(NotFound):
        teams_acts.do("accept", of, {}, {})
    with at_desk(scene, "chaima"):
        assert teams_acts.do("take_back", of, {}, {})
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


def test_what_is_typed_stays_while_nothing_changed(scene: Running) -> None:
    (wanted,) = needs_of(scene, raise_request(scene))
    with at_desk(scene, "ana"):
        first = page.refresh(1, None, str(wanted.id), 0, str(scene.operation), None)
        again = page.refresh(2, 1, str(wanted.id), 0, str(scene.operation), first["mark"])
    assert again["view"] is no_update


def test_a_team_that_was_put_on_the_roster_is_there_for_the_need_at_once(scene: Running) -> None:
    (wanted,) = needs_of(scene, raise_request(scene))
    values = dict.fromkeys(teams_roster.TEAM_FIELDS) | {
        "call_sign": "ALFA", "kind": "frontline", "persons": 4, "specialisms": ["biometrics"], "languages": ["fr"],
        "base": "Agadez", "ready_hours": 6,
    }  # fmt: skip
    with at_desk(scene, "chaima"):
        first = page.refresh(1, None, str(wanted.id), 0, str(scene.operation), None)
        assert "has no team that can be offered" in texts(first["view"])
        known, turn = teams_roster.save(1, {"id": str(uuid4()), "version": 0}, values, 0)
        again = page.refresh(1, None, str(wanted.id), turn, str(scene.operation), first["mark"])
        assert "ALFA" in texts(again["view"])
        away = {"kind": "leave", "starts": "2026-03-01 08:00", "ends": "2026-03-30 08:00"}
        teams_roster.add["absence"](1, [known], str(uuid4()), away | {"note": None}, 1)
        later = page.refresh(1, None, str(wanted.id), 2, str(scene.operation), again["mark"])
        assert later["view"] is not no_update, "what speaks against the team is another thing now"


def test_leadership_reads_sums_and_no_team(scene: Running) -> None:
    on_site(scene, keep_team(scene, call_sign="ALFA"))
    told = shown(scene, "lena")
    assert "Requests served" in told
    assert "1 of 1" in told
    assert "ALFA" not in told
    assert "Ask for assistance" not in told
    with at_desk(scene, "lena"):
        renewed = page.refresh(1, None, None, 0, str(scene.operation), None)
    assert "1 of 1" in texts(renewed["figures"])
    assert {name for name, part in renewed.items() if part is no_update} == {"list", "view", "mark", "status"}


# ------------------------------------------------------------------------------------------------------ the roster


def test_a_team_is_put_on_the_roster_with_its_town_and_changed(scene: Running) -> None:
    values = dict.fromkeys(teams_roster.TEAM_FIELDS) | {
        "call_sign": "ALFA", "kind": "frontline", "persons": 4, "specialisms": ["biometrics"], "languages": ["fr"],
        "base": "Agadez", "ready_hours": 6,
    }  # fmt: skip
    known = {"id": str(uuid4()), "version": 0}
    with at_desk(scene, "chaima"):
        known, turn = teams_roster.save(1, known, values, 0)
        assert turn == 1
        teams_roster.save(1, known, values | {"persons": 6}, 1)
        with pytest.raises(RuleBroken, match="No town") as refusal:
            teams_roster.save(1, {"id": str(uuid4()), "version": 0}, values | {"base": "Xyzzy"}, 1)
    assert [flaw.field for flaw in refusal.value.flaws] == ["base"]
    with scene.store.reading(scene["chaima"]) as session:
        (team,) = teams.teams(session)
    assert (team.persons, team.lat, team.lon, team.zone, team.version) == (6, 17.0, 8.0, "Africa/Niamey", 2)
    with at_desk(scene, "ana"), pytest.raises(NotFound):
        teams_roster.save(1, {"id": str(uuid4()), "version": 0}, values, 0)


@pytest.mark.parametrize(
    ("what", "values", "told"),
    [
        ("certificate", {"kind": "first_aid", "issued_on": "2026-01-01", "expires_on": "2026-04-01"}, "30 days left"),
        ("absence", {"kind": "leave", "starts": "2026-03-09 08:00", "ends": "2026-03-10 08:00"}, "Leave"),
        ("member", {"service_ref": "NE-0417", "role": "leader"}, "NE-0417"),
        ("kit", {"kind": "drone", "label": "D 7", "state": "degraded", "place": "Agadez"}, "Degraded"),
    ],
)
def test_what_belongs_to_a_team_is_added_and_shown(
    scene: Running, what: str, values: dict[str, Any], told: str
) -> None:
    team = keep_team(scene)
    rows = [{"id": str(team.id)}]
    with at_desk(scene, "chaima"):
        assert teams_roster.add[what](1, rows, str(uuid4()), values, 0) == 1
        with scene.store.reading(scene["chaima"]) as session:
            assert told in texts(teams_roster.details(session, team, scene["chaima"]))
    with at_desk(scene, "moussa"), pytest.raises(NotFound):
        teams_roster.add[what](1, rows, str(uuid4()), values, 0)


def test_a_piece_of_kit_is_changed_where_it_is_shown(scene: Running) -> None:
    team = keep_team(scene)
    values = {"kind": "drone", "label": "D 7", "state": "available", "place": "Agadez"}
    with at_desk(scene, "chaima"):
        teams_roster.add["kit"](1, [{"id": str(team.id)}], str(uuid4()), values, 0)
    with scene.store.reading(scene["chaima"]) as session:
        drone = kit.assets(session, team.id)[0]

    def change(by: str) -> Any:
        of = [{"type": "teams-kit-place", "of": str(drone.id)}]
        with at_desk(scene, by):
            save = pressed({"type": "teams-kit-save", "of": str(drone.id)})
            token = context_value.set(AttributeDict(save, updated_props={}))
            try:
                return teams_roster.change_kit([1], ["degraded"], ["Arlit"], of, 3)
            finally:
                context_value.reset(token)

    with overheard():
        assert change("chaima") == 4
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


def test_ends_before_starts_stands_beside_the_end(scene: Running) -> None:
    rows = [{"id": str(keep_team(scene).id)}]
    values = {"kind": "leave", "starts": "2026-03-10 08:00", "ends": "2026-03-09 08:00"}
    with at_desk(scene, "chaima"), pytest.raises(RuleBroken, match="must end after it begins") as refusal:
        teams_roster.add["absence"](1, rows, str(uuid4()), values, 0)
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
    with overheard() as said:
        content, name = letters.letter(scene.store, made.id, language, scene["ana"])
    words = " ".join(said[1])
    assert content.startswith(b"%PDF-")
    number = name.removeprefix("muster-letter-")[:13]
    assert number in words
    assert "ALFA" in words
    assert "2nd unit" in words
    assert words.count("INTERPOL" if language != "ar" else "الإنتربول") >= 2
    assert not any(scene[person].name.split()[1] in words for person in ("ana", "boubacar", "chaima", "bruno"))
    again = letters.letter(scene.store, made.id, language, scene["chaima"])[1]
    assert again[:27] == name[:27]
    with scene.store.reading(System()) as session:
        assert count(session, Chain.ACCESS) == 2
        assert {each.act for each in session.exec(select(AccessEntry))} == {"deployment.letter"}


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
        request = marked(team_forms.request_form(["NER"], (), "Africa/Niamey", {}, "save"))
        small = {what: marked(team_forms.adding(what, "Africa/Niamey")) for what in team_forms.ADDED}
    assert team == {"call_sign", "kind", "persons", "specialisms", "languages", "base"}
    assert request == {"title", "host_country", "specialism", "starts", "ends"}
    assert small == {
        "certificate": {"kind", "issued_on", "expires_on"},
        "absence": {"kind", "starts", "ends"},
        "member": {"service_ref", "role"},
        "kit": {"kind", "label"},
    }


def test_a_second_press_of_the_form_makes_the_same_request_and_the_same_need(scene: Running) -> None:
    client, typed = str(uuid4()), {"title": "Second line", "priority": "urgent", "host_country": "NER"} | {
        "site_id": str(scene.sites["Niamey"]), "specialism": "document_examiner", "teams": 2, "languages": ["fr"],
        "starts": EVENING, "ends": EVENING + timedelta(days=2),
    }  # fmt: skip
    first, second = (teams_acts._request(dict(typed), client, {}) for _press in range(2))
    assert first == second
    assert first.needs[0].id != first.id
    assert teams_acts._request(dict(typed), str(uuid4()), {}).needs[0].id != first.needs[0].id


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
