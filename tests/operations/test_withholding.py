"""What a country withholds from a partner is out of that one's reach at every door, from the next request on."""

import pytest

from operations.catalogue.kpis import Kpi
from operations.core import journal, pulse
from operations.core.drafts import parse
from operations.core.errors import NotFound, NotPermitted, RuleBroken
from operations.core.people import Actor
from operations.policing.layers import layers
from operations.policing.leads import leads
from operations.policing.operation import plan, withholding
from tests.makers import Running, add_layer, layer_draft, lead_of
from tests.operations.test_board import arrests, countries, figure, third_country

pytestmark = pytest.mark.both_storages


def withhold(scene: Running, partner: str = "MLI", name: str = "chaima") -> withholding.Withholding:
    by = scene[name]
    with scene.store.unit_of_work(by) as session:
        return withholding.withhold(session, scene.operation, withholding.WithholdingDraft(partner=partner), by)


def lift(scene: Running, partner: str = "MLI", name: str = "chaima") -> None:
    with scene.store.unit_of_work(scene[name]) as session:
        withholding.lift(session, scene.operation, partner, scene[name])


@pytest.fixture
def sharing(scene: Running) -> Running:
    """Niger (40 arrests), Chad (50) and Benin (60) share their totals with Mali (30)."""
    arrests(scene, 40)
    arrests(scene, 30, "MLI")
    for name in ("chaima", "moussa"):
        with scene.store.unit_of_work(scene[name]) as session:
            plan.answer(session, scene.operation, scene[name], accept=True, shares_totals=True)
    third_country(scene, "TCD", 50, shares=True)
    third_country(scene, "BEN", 60, shares=True)
    return scene


def own(scene: Running, name: str, country: str) -> None:
    """One of the cast acts for another country."""
    scene.members[name] = Actor(**vars(scene["chaima"]) | {"country": country})


@pytest.mark.requirement("R20")
def test_withheld_figures_are_not_shown_and_not_to_be_worked_out(sharing: Running) -> None:
    own(sharing, "tchad", "TCD")
    assert countries(sharing, "tchad")["NER"] == (40, None)
    assert countries(sharing, "moussa", country="MLI")["NER"] == (40, None)
    withhold(sharing)
    shown = countries(sharing, "moussa", country="MLI")
    assert "NER" not in shown
    assert figure(sharing, "moussa", Kpi.ARRESTS).hidden, "each other country knows its own part of the rest"
    assert {country for country, (count, _waiting) in shown.items() if count is None} == {"TCD", "BEN"}
    assert countries(sharing, "ana")["NER"] == (40, 0)
    lift(sharing)
    assert countries(sharing, "moussa", country="MLI")["NER"] == (40, None)


@pytest.mark.requirement("R20")
def test_a_lead_that_was_sent_is_withheld_too_and_is_back_when_that_is_lifted(scene: Running) -> None:
    lead = lead_of(scene)
    with scene.store.unit_of_work(scene["chaima"]) as session:
        leads.share(session, lead.id, scene["chaima"])
    for act, known in ((None, True), (withhold, False), (lift, True)):
        if act is not None:
            act(scene)
        with scene.store.reading(scene["moussa"]) as session:
            assert bool(leads.leads(session, scene.operation)) is known
            assert any(each.object_kind == "lead" for each in journal.latest(session, scene.operation)) is known
        with scene.store.reading(scene["chaima"]) as session:
            heard = journal.heard_by(session, "lead", lead.id, "NER")
            assert ("MLI:national_coordinator" in heard) is known
    with scene.store.reading(scene["moussa"]) as session:
        assert leads.newest_version(session, lead.id)


def test_a_lead_is_not_sent_to_whom_its_country_withholds_from(scene: Running) -> None:
    lead = lead_of(scene)
    withhold(scene)
    with (
        scene.store.unit_of_work(scene["chaima"]) as session,
        pytest.raises(RuleBroken, match=r"The country that this lead comes from withholds data from .*MLI"),
    ):
        leads.share(session, lead.id, scene["chaima"])


@pytest.mark.requirement("R20")
def test_a_layer_for_all_participants_is_withheld(scene: Running) -> None:
    made = add_layer(scene, layer_draft(audience="participants"), by="chaima")
    with scene.store.reading(scene["moussa"]) as session:
        assert layers.content(session, made.id)
    withhold(scene)
    with scene.store.reading(scene["moussa"]) as session:
        assert not layers.layers(session, scene.operation)
        with pytest.raises(NotFound):
            layers.content(session, made.id)
    with scene.store.unit_of_work(scene["ana"]) as session:  # Chad is asked, and has not answered
        plan.invite(session, scene.operation, parse(plan.CountryInvitation, {"country": "TCD"}), scene["ana"])
    own(scene, "tchad", "TCD")
    with scene.store.reading(scene["ana"]) as session:
        assert [each.id for each in layers.layers(session, scene.operation)] == [made.id]
        audience = withholding.country_audience(session, scene.operation, "NER")
    assert audience.isdisjoint(pulse.keys_of(scene["moussa"]))
    assert not audience.isdisjoint(pulse.keys_of(scene["bruno"]))
    assert not audience.isdisjoint(pulse.keys_of(scene["tchad"])), "its number would tell"
    assert not audience.isdisjoint(pulse.keys_of(scene["dov"]))


def test_the_partner_does_not_learn_that_it_is_withheld_from(scene: Running) -> None:
    made = withhold(scene)
    assert withhold(scene).since == made.since
    for name, sees in (("moussa", False), ("mateo", False), ("bruno", False), ("chaima", True), ("ana", True)):
        with scene.store.reading(scene[name]) as session:
            assert bool(withholding.withholdings(session, scene.operation)) is sees, name
    with scene.store.reading(scene["moussa"]) as session:
        assert not any(each.act == "participation.withhold" for each in journal.latest(session, scene.operation))
    with scene.store.reading(scene["chaima"]) as session:
        [entry] = [each for each in journal.latest(session, scene.operation) if each.act == "participation.withhold"]
    assert entry.detail == {"partner": "MLI"}


def test_only_a_national_coordinator_withholds_and_never_from_the_own_country(scene: Running) -> None:
    for name in ("bruno", "boubacar", "ana", "lena"):
        with pytest.raises((NotPermitted, NotFound)):
            withhold(scene, name=name)
    with pytest.raises(RuleBroken, match="withhold data from itself"):
        withhold(scene, "NER")
    lift(scene, "BEN")
