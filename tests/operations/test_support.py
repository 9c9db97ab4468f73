"""From a request to a team on site and home again: what is asked, offered, accepted, ordered and reported."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.vocabulary import Classification
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.support import (
    deployment_acts,
    deployments,
    offers,
    requests,
    suitability,
    suitability_facts,
    team_facts,
    teams,
)
from operations.support.deployments import Deployment, DeploymentEntry, DutyDraft
from operations.support.offers import Offer, OfferDraft
from operations.support.requests import Need, SupportRequest
from operations.support.states import AssistanceState, DeploymentState, NeedState, OfferState
from tests.makers import START, Running, Shape
from tests.people import CAST
from tests.teams import (
    accept,
    accepted,
    keep_team,
    need,
    needs_of,
    now_stored,
    offer,
    on_site,
    order,
    raise_request,
    reasons,
    report,
    request_draft,
)

DAY = timedelta(days=1)
FAR = team_facts.Hours({("Bamako", "Niamey"): 24})


# ------------------------------------------------------------------------------------------------------ requests


def test_what_the_coordination_raises_is_asked_of_the_countries_at_once(scene: Running) -> None:
    made = raise_request(scene)
    assert (made.state, made.asked_at, made.country, made.place) == (AssistanceState.ASKED, START, None, "Niamey")
    assert (made.lat, made.lon) == (13.5, 2.2)  # the airport, generalised
    assert [each.state for each in needs_of(scene, made, "moussa")] == [NeedState.OPEN]


def test_a_country_s_request_is_seen_by_others_when_it_is_asked_of_them(scene: Running) -> None:
    made = raise_request(scene, by="chaima")
    assert made.state == AssistanceState.RAISED
    assert needs_of(scene, made, "moussa") == []
    assert len(needs_of(scene, made, "ana")) == len(needs_of(scene, made, "bruno")) == 1
    with scene.store.unit_of_work(scene["chaima"]) as session, pytest.raises(NotFound):
        requests.ask_countries(session, made.id, scene["chaima"])
    with scene.store.unit_of_work(scene["ana"]) as session:
        assert requests.ask_countries(session, made.id, scene["ana"]).state == AssistanceState.ASKED
    assert len(needs_of(scene, made, "moussa")) == 1


def test_the_same_request_again_is_answered_as_before(scene: Running) -> None:
    draft = request_draft(scene)
    with scene.store.unit_of_work(scene["ana"]) as session:
        made = requests.raise_request(session, scene.operation, draft, scene["ana"])
        assert requests.raise_request(session, scene.operation, draft, scene["ana"]).id == made.id
        other = draft.model_copy(update={"title": "Another"})
        with pytest.raises(Conflict):
            requests.raise_request(session, scene.operation, other, scene["ana"])
    with pytest.raises(RuleBroken, match="choose one of the country that asks"):
        raise_request(scene, site_id=scene.sites["Bamako"])


@pytest.mark.parametrize(
    ("changes", "wanted", "field", "sentence"),
    [
        ({"site_id": None}, {}, "place", "Say where"),
        ({"needs": []}, {}, "needs", "At least 1"),
        ({}, {"ends": START}, "needs.0.ends", "must end after it begins"),
        ({}, {"starts": "2026-03-03T06:00"}, "needs.0.starts", "no time zone"),
        ({}, {"teams": 0}, "needs.0.teams", "1 or more"),
        ({"note": "Born 1990-05-12"}, {}, "note", "birth date"),
        ({"place": "13.5127, 2.1128", "site_id": None, "lat": 13.5, "lon": 2.1}, {}, "place", "coordinates"),
    ],
)
def test_a_request_says_what_is_wrong(
    scene: Running, changes: dict[str, Any], wanted: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(RuleBroken, match=sentence) as refusal:
        request_draft(scene, need(**wanted), **changes)
    assert refusal.value.flaws[0].field == field


@pytest.mark.parametrize(
    ("by", "changes", "field"),
    [
        ("chaima", {"host_country": "MLI", "site_id": None, "place": "Bamako", "lat": 12.6, "lon": -8}, "host_country"),
        (
            "ana",
            {"host_country": "MEX", "site_id": None, "place": "Cancún", "lat": 21, "lon": -87},
            "host_country",
        ),
        ("ana", {"host_country": "MLI"}, "site_id"),
    ],
)
def test_assistance_is_asked_for_where_the_operation_is(
    scene: Running, by: str, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        raise_request(scene, by=by, **changes)
    assert refusal.value.flaws[0].field == field


def test_a_hotspot_of_the_plan_raises_a_request(scene: Running) -> None:
    hotspot, checkpoint = new_id(), new_id()
    for ident, kind in ((hotspot, "hotspot"), (checkpoint, "checkpoint")):
        content = {"id": new_id(), "object_id": ident, "kind": kind, "name": kind, "audience": "coordination"}
        with scene.store.unit_of_work(scene["ana"]) as session:
            shape = Shape({"type": "Point", "coordinates": [8.0, 17.0]})
            places.draw(session, scene.operation, parse(places.MapObjectDraft, content), shape, scene["ana"])
    where = {"site_id": None, "place": "Agadez", "lat": 16.97, "lon": 7.99}
    assert raise_request(scene, hotspot_id=hotspot, **where).hotspot_id == hotspot
    for wrong in (checkpoint, new_id()):
        with pytest.raises(NotFound):
            raise_request(scene, hotspot_id=wrong, **where)


def test_a_closed_request_takes_no_offer(scene: Running) -> None:
    made = raise_request(scene)
    with scene.store.unit_of_work(scene["ana"]) as session:
        assert requests.close(session, made.id, scene["ana"]).state == AssistanceState.CLOSED
        requests.close(session, made.id, scene["ana"])
    with pytest.raises(RuleBroken, match="not open to the countries"):
        offer(scene, needs_of(scene, made)[0].id, keep_team(scene))


# ------------------------------------------------------------------------------------------------------ offers


def test_a_need_is_open_then_partly_met_then_met(scene: Running) -> None:
    made = raise_request(scene, need(teams=2))
    seen = []
    for by in ("chaima", "moussa"):
        found = needs_of(scene, made)[0]
        seen.append(found.state)
        accept(scene, offer(scene, found.id, keep_team(scene, by), by))
    found = needs_of(scene, made)[0]
    assert [*seen, found.state] == [NeedState.OPEN, NeedState.PARTLY_MET, NeedState.MET]
    with pytest.raises(RuleBroken, match="This need is already met"):
        offer(scene, found.id, keep_team(scene))


def test_no_country_sees_what_another_offers(scene: Running) -> None:
    found = needs_of(scene, raise_request(scene, need(teams=2)))[0]
    offer(scene, found.id, keep_team(scene))
    offer(scene, found.id, keep_team(scene, "moussa"), "moussa")
    seen = {}
    for name in ("chaima", "moussa", "ana", "dov", "lena", "otto"):
        with scene.store.reading(scene[name]) as session:
            seen[name] = {each.country for each in session.exec(select(Offer))}
    both, nothing = {"NER", "MLI"}, set[str]()
    assert seen == {"chaima": {"NER"}, "moussa": {"MLI"}, "ana": both, "dov": both, "lena": nothing, "otto": nothing}


@pytest.mark.parametrize(
    ("team", "changes", "sentence"),
    [
        ({}, {"ends": START}, "must leave after it comes"),
        ({}, {"starts": "2026-03-03T06:00"}, "no time zone"),
        ({}, {"starts": START}, "These times are outside the period of the"),
        ({}, {"note": "ask a@b.org"}, "e-mail"),
    ],
)
def test_an_offer_says_what_is_wrong(
    scene: Running, team: dict[str, Any], changes: dict[str, Any], sentence: str
) -> None:
    found = needs_of(scene, raise_request(scene))[0]
    with pytest.raises(RuleBroken, match=sentence):
        offer(scene, found.id, keep_team(scene, **team), **changes)


def test_a_team_is_offered_once_by_its_country_and_not_while_out_of_service(scene: Running) -> None:
    found, team = needs_of(scene, raise_request(scene))[0], keep_team(scene)
    with pytest.raises(NotFound):
        offer(scene, found.id, team, "moussa")
    made = offer(scene, found.id, team)
    assert offer(scene, found.id, team, id=made.id).id == made.id
    with pytest.raises(RuleBroken, match="offered for this need already"):
        offer(scene, found.id, team)
    with scene.store.unit_of_work(scene["chaima"]) as session:
        assert offers.take_back(session, made.id, scene["chaima"]).state == OfferState.WITHDRAWN
        teams.take_out(session, team.id, "The car is broken.", scene["chaima"])
    with scene.store.reading(scene["ana"]) as session:
        assert teams.teams(session) == []
    with pytest.raises(RuleBroken, match="out of service"):
        offer(scene, found.id, team)


def test_what_speaks_against_a_team_is_shown_and_needs_words_to_be_outweighed(scene: Running) -> None:
    found = needs_of(scene, raise_request(scene, need(languages=["ar"], certificates=["first_aid"])))[0]
    made = offer(scene, found.id, keep_team(scene))
    assert {each.reason for each in reasons(scene, made)} == {
        suitability.UnfitReason.LANGUAGE,
        suitability.UnfitReason.CERTIFICATE,
    }
    with pytest.raises(RuleBroken, match="Say why it should go nevertheless") as refusal:
        accept(scene, made)
    assert refusal.value.flaws[0].field == "despite"
    taken = accept(scene, made, despite="An interpreter of the host goes with it.")
    assert taken.state == DeploymentState.REQUESTED
    assert accept(scene, made, despite="Again.").id == taken.id
    with scene.store.reading(scene["ana"]) as session:
        kept = offers.offer(session, made.id)
        assert len(kept.against) == 2
        assert kept.decision == "An interpreter of the host goes with it."


def test_travel_that_the_caller_measured_speaks_against_a_late_team(scene: Running) -> None:
    found = needs_of(scene, raise_request(scene, need(starts=START + timedelta(hours=20))))[0]
    made = offer(scene, found.id, keep_team(scene, "moussa", base="Bamako"), "moussa")
    assert [each.reason for each in reasons(scene, made, travel=FAR)] == [suitability.UnfitReason.NOT_READY]


def test_nobody_is_in_two_places_whatever_is_said(scene: Running) -> None:
    team = keep_team(scene)
    accepted(scene, team)
    found = needs_of(scene, raise_request(scene, site_id=scene.sites["Agadez"]))[0]
    made = offer(scene, found.id, team)
    travel = team_facts.Hours({("Niamey", "Agadez"): 14})
    assert suitability.UnfitReason.ELSEWHERE in {each.reason for each in reasons(scene, made, travel=travel)}
    with pytest.raises(RuleBroken, match="already assigned"):
        accept(scene, made, despite="It must.", travel=travel)
    with (
        scene.store.unit_of_work(scene["ana"]) as session,
        clock.at(START),
        pytest.raises(RuleBroken, match="already assigned"),
    ):
        offers.accept(session, made.id, (), scene["ana"], "Nothing was measured.")


def test_a_declined_offer_keeps_its_reason(scene: Running) -> None:
    made = offer(scene, needs_of(scene, raise_request(scene))[0].id, keep_team(scene))
    with scene.store.unit_of_work(scene["ana"]) as session:
        with pytest.raises(RuleBroken, match="Give the reason"):
            offers.decline(session, made.id, " ", scene["ana"])
        assert offers.decline(session, made.id, "Another team is nearer.", scene["ana"]).decision
        with pytest.raises(RuleBroken, match="already decided"):
            offers.accept(session, made.id, (), scene["ana"])
    with scene.store.unit_of_work(scene["chaima"]) as session, pytest.raises(NotFound):
        offers.accept(session, made.id, (), scene["chaima"])


# ------------------------------------------------------------------------------------------------- deployments


def test_a_team_goes_arrives_checks_in_hands_over_leaves_and_is_debriefed(scene: Running) -> None:
    made = accepted(scene)
    order(scene, made.id)
    report(scene, "leave_base", made.id, at=START + DAY)
    report(scene, "arrive", made.id, at=START + DAY + timedelta(hours=2))
    report(scene, "check_in", made.id, at=START + 2 * DAY, place="Town of Niamey")
    report(scene, "hand_over", made.id, at=START + 3 * DAY, words="The second scanner is at the customs office.")
    report(scene, "leave_site", made.id, at=START + 4 * DAY)
    report(scene, "debrief", made.id, at=START + 5 * DAY, words="Two shifts are needed.")
    found = now_stored(scene, made.id)
    assert found.state == DeploymentState.DEBRIEFED
    assert (found.requested_at, found.on_site_at) == (START, START + DAY + timedelta(hours=2))
    assert (found.contact_at, found.left_at) == (START + 2 * DAY, START + 4 * DAY)
    with scene.store.reading(scene["chaima"]) as session:
        told = [(each.kind, each.state, each.place) for each in deployments.log(session, made.id)]
    assert told[::-1] == [
        ("moved", "approved", "Niamey"),
        ("moved", "mobilising", "Niamey"),
        ("moved", "on_site", "Niamey"),
        ("checked_in", "on_site", "Town of Niamey"),
        ("handover", "on_site", "Niamey"),
        ("moved", "withdrawn", "Niamey"),
        ("moved", "debriefed", "Niamey"),
    ]


def test_a_second_press_is_the_same_report(scene: Running) -> None:
    made, press = on_site(scene), new_id()
    later = START + timedelta(hours=3)
    first = report(scene, "check_in", made.id, id=press, at=later)
    again = report(scene, "check_in", made.id, id=press, at=later + timedelta(hours=1))
    assert first.contact_at == again.contact_at == later
    with pytest.raises(Conflict, match="This was already reported with other content"):
        report(scene, "hand_over", made.id, id=press, words="Other words.")


@pytest.mark.parametrize(
    ("steps", "verb", "sentence"),
    [
        ((), "leave_site", "has not left its base yet, so it cannot be recalled"),
        (("leave_base",), "leave_site", "on its way and has not arrived"),
        ((), "arrive", "report first that it left its base"),
        ((), "check_in", "report the arrival first"),
        (("leave_base", "arrive"), "arrive", "reported already"),
        (("leave_base", "arrive"), "debrief", "report first that the team has left"),
        (("leave_base", "arrive", "leave_site"), "leave_site", "write the debriefing next"),
        (("leave_base", "arrive", "leave_site", "debrief"), "leave_site", "has ended"),
    ],
)
def test_a_step_out_of_order_says_what_to_do_instead(
    scene: Running, steps: tuple[str, ...], verb: str, sentence: str
) -> None:
    made = accepted(scene)
    order(scene, made.id)
    for each in steps:
        report(scene, each, made.id, words="Learnt.")
    with pytest.raises(RuleBroken, match=sentence):
        report(scene, verb, made.id, words="Learnt.")


def test_a_team_that_was_not_ordered_waits_for_the_order(scene: Running) -> None:
    made = accepted(scene)
    with pytest.raises(RuleBroken, match="wait for the order"):
        report(scene, "leave_base", made.id)
    with pytest.raises(NotFound):
        order(scene, made.id, by="chaima")
    order(scene, made.id)
    order(scene, made.id)
    with pytest.raises(RuleBroken, match="ordered to go already"):
        order(scene, made.id, tasks="Something else.")


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"at": START + DAY}, "at", "lies in the future"),
        ({"at": START - DAY}, "at", "This time is before the last reported step"),
        ({"at": "2026-03-02T10:00"}, "at", "no time zone"),
        ({"words": "Passport AB1234567 was found"}, "words", "document number"),
    ],
)
def test_a_report_says_what_is_wrong(scene: Running, changes: dict[str, Any], field: str, sentence: str) -> None:
    made = on_site(scene)
    by = scene["boubacar"]
    with (
        scene.store.unit_of_work(by) as session,
        clock.at(START),
        pytest.raises(RuleBroken, match=sentence) as refusal,
    ):
        deployment_acts.leave_site(session, made.id, parse(DutyDraft, {"id": new_id()} | changes), by)
    assert refusal.value.flaws[0].field == field


def test_standing_down_opens_the_need_again_until_the_team_has_arrived(scene: Running) -> None:
    made = accepted(scene)
    for _again in range(2):
        with scene.store.unit_of_work(scene["chaima"]) as session:
            deployment_acts.stand_down(session, made.id, "The car broke down.", scene["chaima"])
    with scene.store.reading(scene["ana"]) as session:
        assert requests.need(session, made.need_id).state is NeedState.OPEN
    there = on_site(scene)
    with (
        scene.store.unit_of_work(scene["ana"]) as session,
        pytest.raises(RuleBroken, match="has arrived, so it is not stood down"),
    ):
        deployment_acts.stand_down(session, there.id, "No longer needed.", scene["ana"])


def test_a_silent_team_is_out_of_contact_until_it_checks_in(scene: Running) -> None:
    made = on_site(scene)
    late = START + timedelta(hours=25)
    with clock.at(late), scene.store.unit_of_work(System()) as session:
        assert deployment_acts.lose_contact(session, made.id, System()).state == DeploymentState.OFFLINE
    assert report(scene, "check_in", made.id, at=late).state == DeploymentState.ON_SITE
    with clock.at(late), scene.store.unit_of_work(System()) as session:
        assert deployment_acts.lose_contact(session, made.id, System()).state == DeploymentState.ON_SITE


def test_a_check_in_that_waited_for_a_network_counts_though_contact_was_lost_meanwhile(scene: Running) -> None:
    made = on_site(scene)
    with clock.at(START + timedelta(hours=25)), scene.store.unit_of_work(System()) as session:
        assert deployment_acts.lose_contact(session, made.id, System()).state == DeploymentState.OFFLINE
    pressed, came = START + timedelta(hours=10), START + timedelta(hours=26)
    with clock.at(came), scene.store.unit_of_work(scene["boubacar"]) as session:
        draft = parse(DutyDraft, {"id": new_id(), "at": pressed})
        back = deployment_acts.check_in(session, made.id, draft, scene["boubacar"])
        assert (back.state, back.contact_at) == (DeploymentState.ON_SITE, pressed)


def test_a_leader_reports_for_the_own_team_only(scene: Running) -> None:
    made = accepted(scene, keep_team(scene, "boubacar"))
    order(scene, made.id)
    with pytest.raises(NotFound):
        report(scene, "leave_base", made.id, by="marie")
    with pytest.raises(NotFound):
        report(scene, "leave_base", made.id, by="ana")
    assert report(scene, "leave_base", made.id, by="chaima").state == DeploymentState.MOBILISING


def test_an_accreditation_has_a_number_of_its_own(scene: Running) -> None:
    first, second = accepted(scene), accepted(scene)
    with scene.store.unit_of_work(scene["ana"]) as session, pytest.raises(RuleBroken, match="give the order first"):
        deployment_acts.accredit(session, first.id, scene["ana"])
    numbers = []
    for made in (first, second, first):
        order(scene, made.id)
        with scene.store.unit_of_work(scene["ana"]) as session:
            numbers.append(deployment_acts.accredit(session, made.id, scene["ana"]).accreditation)
    assert numbers[0] == numbers[2]
    assert [str(each)[-4:] for each in numbers[:2]] == ["0001", "0002"]


# ------------------------------------------------------------------------------------------------- who sees what


def seen_by(scene: Running, name: str | Actor, model: Any) -> int:
    actor = scene[name] if isinstance(name, str) else name
    with scene.store.reading(actor) as session:
        return len(session.exec(select(model)).all())


def test_the_host_sees_a_foreign_team_when_it_is_ordered_to_go(scene: Running) -> None:
    found = needs_of(scene, raise_request(scene))[0]
    made = accept(scene, offer(scene, found.id, keep_team(scene, "moussa"), "moussa"))
    assert {
        name: seen_by(scene, name, Deployment) for name in CAST if seen_by(scene, name, Deployment)
    } == dict.fromkeys(("ana", "dov", "mateo", "marie", "moussa"), 1)
    order(scene, made.id)
    assert seen_by(scene, "chaima", Deployment) == seen_by(scene, "chaima", DeploymentEntry) == 1
    assert seen_by(scene, "chaima", teams.Team) == seen_by(scene, "lena", Deployment) == 0
    posted = Actor(**vars(scene["bruno"]) | {"sites": frozenset({scene.sites["Agadez"]})})
    assert seen_by(scene, posted, Deployment) == 0


def test_who_comes_next_reads_the_handover_of_who_was_there(scene: Running) -> None:
    found = needs_of(scene, raise_request(scene, need(teams=2)))[0]
    first = accept(scene, offer(scene, found.id, keep_team(scene)))
    order(scene, first.id)
    report(scene, "hand_over", first.id, words="The key is with the customs office.")

    def notes() -> int:
        with scene.store.reading(scene["moussa"]) as session:
            return len(deployments.handovers(session, first.request_id))

    assert notes() == 0
    accept(scene, offer(scene, found.id, keep_team(scene, "moussa"), "moussa"))
    assert notes() == 1


@pytest.mark.parametrize("name", ["ana", "chaima", "moussa", "boubacar", "dov"])
def test_outside_the_operation_or_below_its_marking_nothing_of_support_is_seen(scene: Running, name: str) -> None:
    on_site(scene)
    stranger = Actor(**vars(scene[name]) | {"operations": frozenset()})
    for model in (SupportRequest, Need, Offer, Deployment, DeploymentEntry):
        assert seen_by(scene, stranger, model) == 0
    with scene.store.unit_of_work(System()) as session:
        operation = session.get(plan.Operation, scene.operation)
        assert operation is not None
        operation.classification = Classification.CONFIDENTIAL.value
        session.add(operation)
    low = Actor(**vars(scene[name]) | {"clearance": Classification.RESTRICTED})
    for model in (SupportRequest, Need, Offer, Deployment, DeploymentEntry):
        assert seen_by(scene, low, model) == 0


def test_a_team_bound_in_an_operation_that_the_coordinator_does_not_know_is_not_placed(scene: Running) -> None:
    team = keep_team(scene)
    made = accepted(scene, team)
    apart = Actor(**vars(scene["ana"]) | {"operations": frozenset({new_id()})})
    with scene.store.reading(apart) as session:
        (found,) = suitability_facts.engagements(session, team.id)
        assert (found.id, suitability_facts.where(session, found)) == (made.id, "…")


@pytest.mark.parametrize("table", ["deployment_entry", "support_request", "support_offer", "deployment"])
def test_what_was_said_is_never_changed(scene: Running, table: str) -> None:
    on_site(scene)
    column, value = (
        ("words", "'x'") if table == "deployment_entry" else ("operation_id", "(SELECT id FROM site LIMIT 1)")
    )
    with scene.store.unit_of_work(System()) as session, pytest.raises(sa.exc.DBAPIError, match="never changed"):
        session.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608
    with scene.store.unit_of_work(System()) as session, pytest.raises(sa.exc.DBAPIError, match="never changed"):
        session.execute(sa.text(f"UPDATE {table} SET {column} = {value}"))  # noqa: S608


@pytest.mark.parametrize("shelf", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.parametrize(
    ("table", "nation"), [("team", {"NER"}), ("support_offer", {"NER"}), ("deployment", {"NER"}), ("asset", set())]
)
def test_postgresql_itself_shows_a_country_its_own(scene: Running, table: str, nation: set[str]) -> None:
    on_site(scene)
    query = sa.text(f"SELECT DISTINCT country FROM {table}")  # noqa: S608
    seen = {}
    for name in ("chaima", "moussa"):
        with scene.store.reading(scene[name]) as session:
            seen[name] = {country for (country,) in session.connection().execute(query)}
    assert seen == {"chaima": nation, "moussa": set()}
    with scene.store.engine.connect() as connection:
        assert connection.execute(query).all() == []


def test_the_moments_of_an_offer_stay_as_typed_in_utc(scene: Running) -> None:
    draft = parse(
        OfferDraft,
        {"id": new_id(), "team_id": new_id(), "starts": "2026-03-03T07:00+01:00", "ends": "2026-03-04T07:00+01:00"},
    )
    team = keep_team(scene, id=draft.team_id)
    found = needs_of(scene, raise_request(scene))[0]
    with clock.at(START), scene.store.unit_of_work(scene["chaima"]) as session:
        offers.make(session, found.id, draft, scene["chaima"])
    with scene.store.reading(scene["chaima"]) as session:
        (made,) = session.exec(select(Offer).where(col(Offer.team_id) == team.id))
    assert made.starts == START + DAY
