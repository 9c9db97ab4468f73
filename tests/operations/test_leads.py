"""A lead goes to countries, each answers for itself, and nobody else learns that it exists."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.vocabulary import LeadState
from operations.policing.leads import leads
from operations.support import lead_funnel
from tests.makers import START, Running, lead_draft, lead_of


@pytest.fixture(autouse=True)
def _in_the_operation() -> Iterator[None]:
    with clock.at(START):
        yield


def share(scene: Running, lead: leads.Lead, by: str = "chaima") -> leads.Lead:
    with scene.store.unit_of_work(scene[by]) as session:
        return leads.share(session, lead.id, scene[by])


def answer(scene: Running, lead: leads.Lead, what: str, by: str = "moussa", **changes: Any) -> leads.Lead:
    said = parse(leads.LeadAnswerDraft, {"id": new_id(), "answer": what} | changes)
    with scene.store.unit_of_work(scene[by]) as session:
        return leads.answer(session, lead.id, said, scene[by])


def seen(scene: Running, name: str) -> int:
    with scene.store.reading(scene[name]) as session:
        rows = [len(session.exec(select(table)).all()) for table in (leads.Lead, leads.LeadVersion, leads.LeadCountry)]
        entries = [entry for entry in journal.latest(session, scene.operation) if entry.object_kind == "lead"]
        return sum(rows) + len(entries)


def test_a_lead_is_written_shared_accepted_and_answered(scene: Running) -> None:
    lead = lead_of(scene)
    assert lead.state == LeadState.NEW
    assert share(scene, lead).state == LeadState.SHARED
    assert answer(scene, lead, "accepted").state == LeadState.ACCEPTED
    assert answer(scene, lead, "actioned").state == LeadState.ACTIONED
    assert answer(scene, lead, "negative", remark="Nobody saw it.").state == LeadState.NEGATIVE
    with scene.store.reading(scene["chaima"]) as session:
        assert {each.answer for each in leads.answers(session, lead.id)} == {"accepted", "actioned", "negative"}
        [part] = leads.parts(session, lead.id)
        assert (part.country, part.state, part.answered_at) == ("MLI", "negative", START)


def test_before_it_is_shared_only_its_country_and_those_who_coordinate_know(scene: Running) -> None:
    lead = lead_of(scene)
    assert {name: bool(seen(scene, name)) for name in ("chaima", "dov", "ana", "moussa", "bruno", "lena", "ada")} == {
        "chaima": True,
        "dov": True,
        "ana": True,
        "moussa": False,
        "bruno": False,
        "lena": False,
        "ada": False,
    }
    share(scene, lead)
    assert seen(scene, "moussa")
    assert not any(seen(scene, name) for name in ("bruno", "mateo", "lena", "ada"))


def test_a_country_that_was_not_asked_meets_what_does_not_exist(scene: Running) -> None:
    lead = lead_of(scene)
    with pytest.raises(NotFound) as hidden:
        answer(scene, lead, "accepted")
    nowhere = leads.Lead(**lead.model_dump() | {"id": new_id()})
    with pytest.raises(NotFound) as missing:
        answer(scene, nowhere, "accepted")
    assert str(hidden.value) == str(missing.value)


def test_a_lead_taken_back_is_gone_from_the_next_request_on(scene: Running) -> None:
    lead = share(scene, lead_of(scene))
    assert seen(scene, "moussa")
    with scene.store.unit_of_work(scene["chaima"]) as session:
        with pytest.raises(RuleBroken, match="Give the reason"):
            leads.revoke(session, lead.id, "MLI", " ", scene["chaima"])
        for _twice in range(2):
            leads.revoke(session, lead.id, "MLI", "Sent to the wrong country.", scene["chaima"])
    with scene.store.reading(scene["chaima"]) as session:
        [part] = leads.parts(session, lead.id)
        assert (part.revoked_at, part.revoked_reason) == (START, "Sent to the wrong country.")
        told = [each.detail for each in journal.latest(session, scene.operation) if each.act == "lead.revoke"]
    assert told == [{"subject": "vehicle"}]  # the reason is the lead's: it goes when the lead is erased
    assert not seen(scene, "moussa")
    with pytest.raises(NotFound):
        answer(scene, lead, "accepted")
    assert share(scene, lead).state == LeadState.SHARED
    assert seen(scene, "moussa")


def test_silence_expires_and_a_late_answer_is_still_one(scene: Running) -> None:
    lead = share(scene, lead_of(scene))
    with clock.at(lead.due - timedelta(seconds=1)), scene.store.unit_of_work(System()) as session:
        assert leads.overdue(session, clock.now()) == []
        assert leads.expire(session, lead.id, "MLI", System()).state == LeadState.SHARED
    with clock.at(lead.due):
        with scene.store.unit_of_work(System()) as session:
            assert [each.country for each in leads.overdue(session, clock.now())] == ["MLI"]
            assert leads.expire(session, lead.id, "MLI", System()).state == LeadState.EXPIRED
            assert leads.overdue(session, clock.now()) == []
        assert answer(scene, lead, "positive").state == LeadState.POSITIVE
    with pytest.raises(RuleBroken, match="Your country has already answered this lead"):
        answer(scene, lead, "negative")


def test_the_same_again_is_answered_as_before_and_other_content_is_a_conflict(scene: Running) -> None:
    first = lead_draft()
    for _ in range(2):
        with scene.store.unit_of_work(scene["chaima"]) as session:
            lead = leads.write(session, scene.operation, first, scene["chaima"])
    assert lead.version == 1
    share(scene, share(scene, lead))
    other = lead_draft(id=first.id, lead_id=first.lead_id, question="Another question?")
    with scene.store.unit_of_work(scene["chaima"]) as session, pytest.raises(Conflict):
        leads.write(session, scene.operation, other, scene["chaima"])
    said = new_id()
    answer(scene, lead, "accepted", id=said)
    answer(scene, lead, "accepted", id=said)
    with pytest.raises(Conflict):
        answer(scene, lead, "negative", id=said)
    with scene.store.reading(System()) as session:
        acts = [entry.act for entry in journal.latest(session, scene.operation) if entry.object_kind == "lead"]
    assert acts == ["lead.answer", "lead.share", "lead.write"]


def test_a_new_version_keeps_the_old_one_and_moves_the_time(scene: Running) -> None:
    lead = share(scene, lead_of(scene))
    later = START + timedelta(days=4)
    changed = lead_draft(lead_id=lead.id, question="A white lorry, and a blue one?", due=later)
    with scene.store.unit_of_work(scene["chaima"]) as session:
        assert leads.write(session, scene.operation, changed, scene["chaima"]).version == 2
    with scene.store.reading(scene["moussa"]) as session:
        assert leads.newest_version(session, lead.id).question == "A white lorry, and a blue one?"
        assert [part.due for part in leads.parts(session, lead.id)] == [later]
        assert len(session.exec(select(leads.LeadVersion)).all()) == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"to_countries": ["NER"]}, "not addressed to the country"),
        ({"to_countries": []}, "At least 1 must be given"),
        ({"origin_country": None}, "which country the lead comes from"),
        ({"question": "Ask the holder of passport AB1234567."}, "looks like a document number"),
        ({"source": "z"}, "is not one of the choices"),
    ],
)
def test_what_a_lead_may_not_say(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        lead_draft(**changes)


def test_who_may_not_write_share_or_answer(scene: Running) -> None:
    for name in ("bruno", "ana", "lena", "otto", "ada"):
        with pytest.raises((NotFound, NotPermitted)):
            lead_of(scene, by=name)
    with pytest.raises(RuleBroken, match="A country can write only its own leads"):
        lead_of(scene, by="moussa")
    with pytest.raises(RuleBroken, match="later than now"):
        lead_of(scene, due=START)
    with pytest.raises(RuleBroken, match="Choose what this lead is about"):
        lead_of(scene, subject_kind="fugitive_case")
    written = lead_of(scene)
    with pytest.raises(RuleBroken, match="You cannot change the subject or the country of a lead"):
        lead_of(scene, lead_id=written.id, subject_kind="document")
    lead = share(scene, lead_of(scene))
    for name in ("dov", "ana", "mateo", "chaima"):
        with pytest.raises(NotFound):
            answer(scene, lead, "accepted", by=name)
    with pytest.raises(NotFound):
        share(scene, lead, by="moussa")
    with pytest.raises(RuleBroken, match=r"FRA.* does not take part"):
        share(scene, lead_of(scene, to_countries=["FRA"]))


def test_no_lead_names_an_object_whose_module_says_nothing_of_leads(scene: Running) -> None:
    with pytest.raises(NotFound):
        lead_of(scene, subject_kind="vessel", subject_id=new_id())


@pytest.mark.parametrize("shelf", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_postgresql_itself_shows_leads_to_those_who_know(scene: Running) -> None:
    lead = lead_of(scene)
    query = sa.text("SELECT (SELECT count(*) FROM lead) + (SELECT count(*) FROM lead_version)")

    def counts() -> dict[str, int]:
        found = {}
        for name in ("chaima", "moussa", "dov", "lena"):
            with scene.store.reading(scene[name]) as session:
                found[name] = session.connection().execute(query).scalar_one()
        return found

    assert counts() == {"chaima": 2, "moussa": 0, "dov": 2, "lena": 0}
    share(scene, lead)
    assert counts() == {"chaima": 2, "moussa": 2, "dov": 2, "lena": 0}


def test_who_may_take_a_lead_back(scene: Running) -> None:
    lead = share(scene, lead_of(scene))
    names = ("chaima", "dov", "moussa", "ana", "bruno", "lena", "otto")
    assert [name for name in names if leads.may_take_back(lead, scene[name])] == ["chaima", "dov"]
    for name in ("moussa", "ana", "bruno", "lena", "otto"):
        with pytest.raises(NotFound), scene.store.unit_of_work(scene[name]) as session:
            leads.revoke(session, lead.id, "MLI", "Sent to the wrong country.", scene[name])
    for country in ("NER", "DZA"):
        with pytest.raises(NotFound), scene.store.unit_of_work(scene["dov"]) as session:
            leads.revoke(session, lead.id, country, "Never sent there.", scene["dov"])


def test_how_far_leads_came_is_counted_of_what_the_asker_sees(scene: Running) -> None:
    found = [share(scene, lead_of(scene, due=(START + timedelta(days=2)).isoformat())) for _each in range(4)]
    for lead, days, words in (
        (found[0], 1, ("accepted", "positive")),
        (found[1], 3, ("negative",)),
        (found[2], 2, ("accepted",)),
    ):
        for word in words:
            with clock.at(START + timedelta(days=days)):
                answer(scene, lead, word)

    def funnel(name: str) -> lead_funnel.Funnel:
        with scene.store.reading(scene[name]) as session:
            return lead_funnel.funnel(session, scene.operation, START + timedelta(days=5))

    expected = lead_funnel.Funnel(
        received=4, answered=3, acted=2, positive=1, results=0, waiting=2, late=2, days=2.0, age=5.0
    )
    assert [funnel(name) for name in ("chaima", "moussa", "dov", "ana")] == [expected] * 4
    nothing = lead_funnel.Funnel(0, 0, 0, 0, 0, 0, 0, None, None)
    assert [funnel(name) for name in ("bruno", "lena", "otto")] == [nothing] * 3
    with scene.store.unit_of_work(scene["chaima"]) as session:
        leads.revoke(session, found[3].id, "MLI", "It was a mistake.", scene["chaima"])
    assert (funnel("moussa").received, funnel("moussa").waiting) == (3, 1)
