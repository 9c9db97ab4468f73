"""Legal holds: what a court asks for is not erased by anybody or anything until a second person lifts the hold."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import select

from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.core.journal import Entry
from operations.core.people import Account, Actor, System
from operations.core.proof import ProofNeeded
from operations.core.vocabulary import Role
from operations.data_protection import holds, requests, retention
from operations.data_protection.rows import CopyState
from operations.notices import inbox
from operations.policing.leads import leads
from operations.policing.operation import legal_holds, plan
from operations.policing.operation.legal_holds import HoldState, LegalHold
from operations.support import intelligence
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from operations.totals.activity import DepartureChoice
from tests.incidents import reported
from tests.makers import START, Running, lead_of
from tests.operations.sweeps import AT, Sweep, sweep_in
from tests.operations.test_data_protection import NOTICE, own, received, searched, sought
from tests.operations.test_erasure import KEPT, ticked
from tests.operations.test_intelligence import suppose

pytestmark = pytest.mark.both_storages
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_work() -> Iterator[None]:
    with clock.at(AT):
        yield


@pytest.fixture
def cast(scene: Running) -> Sweep:
    return Sweep(sweep_in(scene))


def kept(scene: Running, by: str | Actor = "chaima", **changes: object) -> LegalHold:
    actor = scene[by] if isinstance(by, str) else by
    content = {
        "id": new_id(),
        "operation_id": scene.operation,
        "authority": "Court of Niamey",
        "file_ref": "RG 12/2026",
    }
    draft = parse(holds.HoldDraft, content | {"why": "The appeal is not decided."} | changes)
    with scene.store.unit_of_work(actor) as session:
        return holds.set_hold(session, draft, actor)


def lifted(scene: Running, hold: LegalHold, by: str | Actor) -> LegalHold:
    actor = scene[by] if isinstance(by, str) else by
    with scene.store.unit_of_work(actor) as session:
        return holds.take(session, hold.id, HoldState.LIFTED, actor, "The court closed its file.")


def colleague(scene: Running) -> Actor:
    """A second coordinator of Niger."""
    return replace(scene["chaima"], account_id=new_id(), name="Zeinab Idrissa")


# ------------------------------------------------------------------------------------------- who sets and lifts


def test_one_person_sets_a_hold_and_another_of_the_same_desk_lifts_it(scene: Running) -> None:
    hold = kept(scene)
    assert (hold.country, hold.state, hold.author_name) == ("NER", "set", scene["chaima"].name)
    with pytest.raises(RuleBroken, match=r"You set this hold\. Another person has to lift it"):
        lifted(scene, hold, "chaima")
    with pytest.raises((NotFound, NotPermitted)):
        lifted(scene, hold, "moussa")
    with pytest.raises(NotPermitted):
        lifted(scene, hold, "ana")
    gone = lifted(scene, hold, colleague(scene))
    assert (gone.state, gone.lifted_name, gone.reason) == ("lifted", "Zeinab Idrissa", "The court closed its file.")
    with pytest.raises(RuleBroken, match="was lifted already"):
        lifted(scene, hold, colleague(scene))


def test_the_hold_of_the_coordination_is_lifted_by_the_rights_officer_and_not_by_who_set_it(scene: Running) -> None:
    hold = kept(scene, "ana")
    assert hold.country is None
    with pytest.raises(RuleBroken, match="You set this hold"):
        lifted(scene, hold, "ana")
    with pytest.raises(NotPermitted):
        lifted(scene, hold, "chaima")
    assert lifted(scene, hold, "frida").state == "lifted"


def told(scene: Running, name: str) -> list[str]:
    with scene.store.reading(scene[name]) as session:
        found = inbox.messages(session, scene[name])
    return sorted(str(each.message.about["template"])[:30] for each in found if each.message.kind == "legal_hold")


SET, LIFTED = "Legal hold {reference} keeps r", "Legal hold {reference} on {tit"


def second_coordinator(scene: Running) -> None:
    """Chaima is no longer the only coordinator of Niger: another has an account of their own."""
    with scene.store.unit_of_work(System()) as session:
        other = session.get_one(Account, scene["binta"].account_id)
        other.role, other.password_hash = Role.NATIONAL_COORDINATOR.value, "set"


def test_the_rights_officer_is_the_second_person_of_a_country_with_one_coordinator(scene: Running) -> None:
    hold = kept(scene)
    assert told(scene, "frida") == [SET], "who can lift it knows of it"
    assert lifted(scene, hold, "frida").lifted_name == scene["frida"].name
    assert told(scene, "chaima") == [LIFTED]
    second_coordinator(scene)
    with pytest.raises(NotPermitted):
        lifted(scene, kept(scene), "frida")


def test_who_is_in_the_hands_of_the_author_is_no_second_coordinator(scene: Running) -> None:
    second_coordinator(scene)
    with scene.store.unit_of_work(System()) as session:
        session.get_one(Account, scene["binta"].account_id).handed_by = scene["chaima"].account_id
    assert lifted(scene, kept(scene), "frida").state == "lifted"


def test_those_whose_erasure_stops_are_told_and_told_again_when_it_goes_on(scene: Running) -> None:
    hold = kept(scene, "ana")
    assert [len(told(scene, name)) for name in ("chaima", "moussa", "frida", "ana", "bruno", "dov")] == [
        1,
        1,
        1,
        0,
        0,
        0,
    ]
    lifted(scene, hold, "frida")
    assert told(scene, "ana") == [LIFTED]
    assert len(told(scene, "moussa")) == 2
    second_coordinator(scene)
    own = kept(scene)
    assert (len(told(scene, "binta")), len(told(scene, "moussa")), len(told(scene, "frida"))) == (1, 2, 1)
    assert own.country == "NER"


def test_nobody_but_coordinators_sets_one_and_the_same_draft_sets_one_hold(scene: Running) -> None:
    for name in ("bruno", "lena", "otto", "dov", "ada"):
        with pytest.raises(NotPermitted):
            kept(scene, name)
    ident = new_id()
    assert kept(scene, id=ident).id == kept(scene, id=ident).id
    with pytest.raises(Conflict, match="already set with other content"):
        kept(scene, id=ident, authority="Another court")
    with pytest.raises(RuleBroken, match="This case is of another operation, or it was erased"):
        kept(scene, case_id=new_id())


def test_a_lift_needs_a_proof_of_the_person(scene: Running) -> None:
    stale = replace(colleague(scene), sign_in_id=new_id(), proven_at=AT - DAY)
    with pytest.raises(ProofNeeded):
        lifted(scene, kept(scene), stale)


def test_only_those_whom_it_concerns_know_of_a_hold(scene: Running) -> None:
    own_hold, whole = kept(scene), kept(scene, "ana")
    seen = {
        "chaima": {own_hold.id, whole.id},
        "moussa": {whole.id},
        "ana": {own_hold.id, whole.id},
        "otto": {own_hold.id, whole.id},
        "bruno": set(),
        "lena": set(),
        "ada": set(),
    }
    for name, expected in seen.items():
        with scene.store.reading(scene[name]) as session:
            assert {hold.id for hold in holds.holds(session)} == expected, name
            entries = session.exec(select(Entry.object_id).where(Entry.object_kind == "legal_hold")).all()
            assert set(entries) == expected, name


# ------------------------------------------------------------------------------------------------ what it stops


def test_a_person_s_request_does_not_erase_what_is_held_and_says_why_in_one_sentence(scene: Running) -> None:
    case = sought(scene)
    request = received(scene)
    searched(scene, request)
    hold = kept(scene, case_id=case.id)
    [copy] = own(scene, "chaima")

    def erases(by: str, ident: object) -> None:
        with scene.store.unit_of_work(scene[by]) as session:
            requests.decide(session, ident, CopyState.ERASED, scene[by])  # type: ignore[arg-type]

    with scene.store.reading(scene["chaima"]) as session:
        offered = {offer.step.after: offer.obstacles for offer in requests.copy_offers(session, copy, scene["chaima"])}
        assert requests.holding(session, copy).id == hold.id  # type: ignore[union-attr]
    assert [str(flaw) for flaw in offered[CopyState.ERASED]] == [
        f"A legal hold ({hold.reference}) keeps this. It cannot be erased until a second person lifts the hold."
    ]
    assert offered[CopyState.KEPT] == ()
    with pytest.raises(RuleBroken, match=r"A legal hold .* keeps this\. It cannot be erased until"):
        erases("chaima", copy.id)
    with pytest.raises(RuleBroken, match=hold.reference):
        scene_case_erased(scene, case.id)
    lifted(scene, hold, colleague(scene))
    erases("chaima", copy.id)
    with scene.store.reading(scene["chaima"]) as session:
        assert NOTICE not in str(session.exec(select(type(case))).all())


def scene_case_erased(scene: Running, case_id: object) -> None:
    """Past the form: by the eraser itself."""
    from operations.data_protection.copies import ERASERS

    with scene.store.unit_of_work(scene["chaima"]) as session:
        ERASERS["case"](session, case_id, scene["chaima"])  # type: ignore[arg-type]


def test_a_lead_of_another_country_about_the_held_case_stays_that_country_s_to_decide(scene: Running) -> None:
    case = sought(scene)
    searched(scene, received(scene))
    kept(scene, case_id=case.id)
    [copy] = own(scene, "moussa")
    with scene.store.unit_of_work(scene["moussa"]) as session:
        assert requests.decide(session, copy.id, CopyState.ERASED, scene["moussa"]).state == "erased"


def test_the_end_of_retention_leaves_what_is_held_and_erases_it_once_the_hold_is_lifted(cast: Sweep) -> None:
    scene = cast.scene
    keeper = Timetable(scene.store, LeaseCandidate("one"))
    with clock.at(START):
        keeper.beat()
    one, other = (cast.nominate(retain_until=KEPT.isoformat()) for _case in range(2))
    hold = kept(scene, case_id=one.id)
    with scene.store.reading(scene["chaima"]) as session, clock.at(AT.replace(year=2027, month=4)):
        assert [ending.records for ending in retention.ending(session, scene["chaima"])] == [1], "it does not end"
    ticked(keeper, KEPT + DAY)
    assert cast.now(other.id).erased_at is not None
    assert cast.now(one.id).erased_at is None
    lifted(scene, hold, colleague(scene))
    ticked(keeper, KEPT + 2 * DAY)
    assert cast.now(one.id).erased_at is not None


def test_a_hold_on_all_of_an_operation_keeps_its_leads_and_its_intelligence(scene: Running) -> None:
    lead_of(scene, "moussa", origin_country="MLI", to_countries=["NER"], question="Who crosses at Gao?")
    suppose(scene)

    def unerased() -> tuple[int, int]:
        with scene.store.reading(System()) as session:
            return len(leads.unerased(session, scene.operation)), intelligence.unerased(session, scene.operation)

    assert unerased() == (1, 1)
    mali = kept(scene, "moussa")
    assert unerased() == (0, 1), "the country's own lead, and no more"
    whole = kept(scene, "ana")
    assert unerased() == (0, 0)
    with scene.store.unit_of_work(System()) as session:
        assert intelligence.erase(session, scene.operation, System(), date(2027, 1, 1)) == 0
    with scene.store.unit_of_work(scene["moussa"]) as session:
        found = session.exec(select(leads.Lead)).all()
        with pytest.raises(RuleBroken, match="A legal hold"):
            leads.erase(session, found, scene["moussa"], date(2027, 1, 1))
    lifted(scene, whole, "frida")
    assert mali.state == "set"
    assert unerased() == (0, 1)


def test_a_country_that_leaves_does_not_have_its_incidents_erased_under_a_hold(scene: Running) -> None:
    reported(scene)
    kept(scene)
    leaving = plan.Leaving(figures=DepartureChoice.ERASED)
    with scene.store.unit_of_work(scene["chaima"]) as session, pytest.raises(RuleBroken, match="A legal hold"):
        plan.withdraw(session, scene.operation, leaving, scene["chaima"])
    assert legal_holds.HOLDS.words[HoldState.SET] == "In force"
