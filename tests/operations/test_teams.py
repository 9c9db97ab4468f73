"""The roster: a country's own, by call sign and service reference, with certificates, a calendar and kit."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.journal import Entry
from operations.core.people import Actor, System
from operations.support import availability, certificates, kit, teams
from operations.support.availability import Absence, AbsenceDraft
from operations.support.certificates import Certificate, CertificateDraft
from operations.support.kit import Asset, AssetDraft
from operations.support.teams import Team, TeamMember, TeamMemberDraft
from tests.makers import START, Running
from tests.people import CAST
from tests.teams import keep_team, need, needs_of, offer, raise_request, team_draft


def certify(scene: Running, team: Team, by: str = "chaima", **changes: Any) -> Certificate:
    content = {"id": new_id(), "kind": "first_aid", "issued_on": "2025-01-01", "expires_on": "2026-12-31"} | changes
    with scene.store.unit_of_work(scene[by]) as session:
        return certificates.certify(session, team.id, parse(CertificateDraft, content), scene[by])


def away(scene: Running, team: Team, by: str = "chaima", **changes: Any) -> Absence:
    content = {"id": new_id(), "kind": "leave", "starts": START, "ends": START + timedelta(days=3)} | changes
    with scene.store.unit_of_work(scene[by]) as session:
        return availability.add_absence(session, team.id, parse(AbsenceDraft, content), scene[by])


def with_everything(scene: Running, by: str) -> Team:
    """A team with a member, a certificate, an absence and kit."""
    team = keep_team(scene, by)
    certify(scene, team, by)
    away(scene, team, by)
    with scene.store.unit_of_work(scene[by]) as session:
        member = parse(TeamMemberDraft, {"id": new_id(), "service_ref": "NE-0417", "role": "leader"})
        teams.join(session, team.id, member, scene[by])
        asset = {"id": new_id(), "kind": "patrol_car", "label": f"CAR {team.call_sign}", "team_id": team.id}
        kit.keep(session, parse(AssetDraft, asset), scene[by])
    return team


# ------------------------------------------------------------------------------------------------------ the roster


@pytest.mark.requirement("R70")
def test_a_base_is_generalised_before_it_is_stored(scene: Running) -> None:
    team = keep_team(scene, lat=13.51234, lon=2.11987)
    assert (team.lat, team.lon) == (13.5, 2.1)


def test_the_same_again_is_answered_as_before_and_a_change_needs_the_version_seen(scene: Running) -> None:
    draft = team_draft()
    with scene.store.unit_of_work(scene["chaima"]) as session:
        made = teams.keep(session, draft, scene["chaima"])
        assert teams.keep(session, draft, scene["chaima"]).version == made.version == 1
        changed = draft.model_copy(update={"persons": 6})
        assert teams.keep(session, changed, scene["chaima"], version=1).version == 2
    with scene.store.unit_of_work(scene["chaima"]) as session, pytest.raises(Conflict, match="while you were writing"):
        teams.keep(session, draft.model_copy(update={"persons": 7}), scene["chaima"], version=1)


def test_a_call_sign_is_taken_once_in_a_country(scene: Running) -> None:
    keep_team(scene, call_sign="ALFA")
    keep_team(scene, "moussa", call_sign="ALFA")
    with pytest.raises(RuleBroken, match="choose another") as refusal:
        keep_team(scene, call_sign="ALFA")
    assert refusal.value.flaws[0].field == "call_sign"


def test_a_team_leader_keeps_the_own_team_only(scene: Running) -> None:
    own = keep_team(scene, "boubacar")
    assert own.leader_id == scene["boubacar"].account_id
    other = keep_team(scene, "chaima", leader_id=scene["boubacar"].account_id)
    with scene.store.unit_of_work(scene["boubacar"]) as session:
        assert teams.take_out(session, other.id, "The car is broken.", scene["boubacar"]).out_of_service
    with pytest.raises(RuleBroken, match="no team leader"):
        keep_team(scene, leader_id=scene["marie"].account_id)
    with scene.store.unit_of_work(scene["marie"]) as session, pytest.raises(NotFound):
        teams.put_back(session, own.id, scene["marie"])


def test_a_team_goes_out_of_service_with_a_reason_only_and_comes_back(scene: Running) -> None:
    team = keep_team(scene)
    with scene.store.unit_of_work(scene["chaima"]) as session:
        with pytest.raises(RuleBroken, match="Give the reason"):
            teams.take_out(session, team.id, "  ", scene["chaima"])
        assert teams.take_out(session, team.id, "The car is broken.", scene["chaima"]).out_of_service
        assert teams.put_back(session, team.id, scene["chaima"]).out_of_service == ""
        written = [entry.detail["state"] for entry in journal.latest(session) if entry.act == "team.service"]
        teams.put_back(session, team.id, scene["chaima"])  # again: nothing more is written
        assert written == ["available", "out_of_service"]
        assert len([entry for entry in journal.latest(session) if entry.act == "team.service"]) == 2


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"persons": 0}, "persons", "1 or more"),
        ({"specialisms": []}, "specialisms", "At least 1"),
        ({"languages": ["xx"]}, "languages.0", "is not one of the choices"),
        ({"zone": "Niger"}, "zone", "not a time zone"),
        ({"lat": 91}, "lat", "90 or less"),
        ({"note": "Call +227 96 12 34 56"}, "note", "telephone"),
    ],
)
def test_a_team_draft_says_what_is_wrong(changes: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(RuleBroken, match=sentence) as refusal:
        team_draft(**changes)
    assert refusal.value.flaws[0].field == field


@pytest.mark.parametrize("reference", ["Ibrahim Oumarou", "ibrahim", "", "NE 0417"])
def test_a_member_is_a_reference_and_no_name(reference: str) -> None:
    with pytest.raises(RuleBroken):
        parse(TeamMemberDraft, {"id": new_id(), "service_ref": reference, "role": "leader"})


def test_a_member_joins_leaves_and_comes_back(scene: Running) -> None:
    team = keep_team(scene)
    draft = parse(TeamMemberDraft, {"id": new_id(), "service_ref": "NE-0417", "role": "specialist"})
    with scene.store.unit_of_work(scene["chaima"]) as session:
        made = teams.join(session, team.id, draft, scene["chaima"])
        assert teams.join(session, team.id, draft, scene["chaima"]).id == made.id
        with pytest.raises(RuleBroken, match="This reference is in the team already: let it leave first"):
            teams.join(session, team.id, draft.model_copy(update={"role": "deputy"}), scene["chaima"])
        teams.leave(session, made.id, scene["chaima"])
        assert teams.members(session, team.id) == []
        teams.join(session, team.id, draft.model_copy(update={"id": new_id(), "role": "deputy"}), scene["chaima"])
        assert [each.role for each in teams.members(session, team.id)] == ["deputy"]


# ------------------------------------------------------------------------------- certificates, the calendar, kit


def test_certificates_end_after_they_begin_and_a_revoked_one_is_gone(scene: Running) -> None:
    team = keep_team(scene)
    with pytest.raises(RuleBroken, match="expire after the day"):
        certify(scene, team, issued_on="2026-01-01", expires_on="2026-01-01")
    made = certify(scene, team)
    assert certify(scene, team, id=made.id).id == made.id
    with pytest.raises(Conflict, match="This certificate was already written down with other content"):
        certify(scene, team, id=made.id, expires_on="2027-12-31")
    with scene.store.unit_of_work(scene["chaima"]) as session:
        assert [each.expires_on for each in certificates.certificates(session, team.id)] == [date(2026, 12, 31)]
        certificates.revoke(session, made.id, scene["chaima"])
        assert certificates.certificates(session, team.id) == []


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"starts": "2026-03-02T08:00", "ends": "2026-03-03T08:00Z"}, "starts", "no time zone: add one"),
        ({"ends": START}, "ends", "must end after it begins"),
        ({"kind": "holiday"}, "kind", "is not one of the choices"),
    ],
)
def test_an_absence_says_what_to_change(changes: dict[str, Any], field: str, sentence: str) -> None:
    content = {"id": new_id(), "kind": "leave", "starts": START, "ends": START + timedelta(days=1)}
    with pytest.raises(RuleBroken, match=sentence) as refusal:
        parse(AbsenceDraft, content | changes)
    assert refusal.value.flaws[0].field == field


def test_absences_do_not_overlap_and_can_be_taken_back(scene: Running) -> None:
    team = keep_team(scene)
    first = away(scene, team)
    with pytest.raises(RuleBroken, match="absence at this time"):
        away(scene, team, starts=START + timedelta(days=2), ends=START + timedelta(days=4))
    away(scene, team, starts=START + timedelta(days=3), ends=START + timedelta(days=4))
    with scene.store.unit_of_work(scene["chaima"]) as session:
        availability.cancel_absence(session, first.id, scene["chaima"])
        assert len(availability.absences(session, team.id)) == 1


def test_kit_moves_and_breaks(scene: Running) -> None:
    content = {"id": new_id(), "kind": "mobile_device", "label": "IMD 7"}
    with scene.store.unit_of_work(scene["chaima"]) as session:
        made = kit.keep(session, parse(AssetDraft, content), scene["chaima"])
        assert kit.keep(session, parse(AssetDraft, content), scene["chaima"]).version == made.version == 1
        broken = kit.keep(session, parse(AssetDraft, content | {"state": "out_of_service"}), scene["chaima"])
        assert (broken.version, broken.state) == (2, "out_of_service")
    with scene.store.unit_of_work(scene["chaima"]) as session, pytest.raises(RuleBroken, match="this label"):
        kit.keep(session, parse(AssetDraft, content | {"id": new_id()}), scene["chaima"])
    with pytest.raises(Conflict), scene.store.unit_of_work(scene["moussa"]) as session:
        kit.keep(session, parse(AssetDraft, content), scene["moussa"])


# ------------------------------------------------------------------------------------------------- who sees what

ROSTER: tuple[type[SQLModel], ...] = (Team, TeamMember, Certificate, Absence, Asset)


def countries(scene: Running, by: Actor | System, model: Any) -> set[str]:
    with scene.store.reading(by) as session:
        return {row.country for row in session.exec(select(model))}


@pytest.mark.parametrize("model", ROSTER)
def test_a_roster_is_its_country_s_own(scene: Running, model: Any) -> None:
    with_everything(scene, "chaima")
    with_everything(scene, "moussa")
    assert countries(scene, System(), model) == {"NER", "MLI"}
    seen = {name: countries(scene, scene[name], model) for name in CAST}
    assert seen == {name: {country} if country else set() for name, (_full, _role, country) in CAST.items()}


def test_the_coordination_sees_a_team_from_its_offer_on_and_never_who_is_in_it(scene: Running) -> None:
    team = with_everything(scene, "chaima")
    asked = raise_request(scene, need())
    offer(scene, needs_of(scene, asked)[0].id, team)
    for model in (Team, Certificate, Absence, Asset):
        assert countries(scene, scene["ana"], model) == countries(scene, scene["dov"], model) == {"NER"}
        assert countries(scene, scene["moussa"], model) == countries(scene, scene["lena"], model) == set()
    assert countries(scene, scene["ana"], TeamMember) == set()
    elsewhere = Actor(**vars(scene["ana"]) | {"operations": frozenset({new_id()})})
    assert countries(scene, elsewhere, Team) == set()


def test_a_posted_team_leader_sees_the_team_that_he_leads(scene: Running) -> None:
    own, _other = keep_team(scene, "boubacar"), keep_team(scene)
    posted = Actor(**vars(scene["boubacar"]) | {"sites": frozenset({scene.sites["Niamey"]})})
    with scene.store.reading(posted) as session:
        assert [each.id for each in teams.teams(session)] == [own.id]


def test_what_happens_to_a_roster_is_in_its_country_s_journal_only(scene: Running) -> None:
    with_everything(scene, "chaima")
    told = {}
    for name in ("chaima", "moussa", "ana"):
        with scene.store.reading(scene[name]) as session:
            told[name] = {each.act for each in session.exec(select(Entry)) if each.act.split(".")[0] in ("team", "kit")}
    assert told["chaima"] == {"team.keep", "team.certify", "team.absence", "team.join", "kit.keep"}
    assert told["moussa"] == told["ana"] == set()


def test_the_clock_is_the_moment_of_what_is_written(scene: Running) -> None:
    with clock.at(START):
        assert keep_team(scene).made_at == START
