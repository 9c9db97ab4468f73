"""Messages between countries: marks, receipts, and that whoever wrote one says who gets it."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from operations import worklist_entries
from operations.core import clock, journal, pulse, rows
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.people import System
from operations.core.vocabulary import Classification
from operations.exchange import dispatches
from operations.exchange.dispatch_rows import Dispatch, DispatchPassing, DispatchReceipt, PassingState
from operations.policing.operation import plan, withholding
from operations.timetable import jobs
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from tests.deconfliction_rooms import third
from tests.makers import Running
from tests.messages import WORDS, answered, dispatch_draft, passed, passing_draft, sent
from tests.people import CAST
from tests.programme import BEGUN, does, reads

DAY = timedelta(days=1)


def waits(scene: Running, name: str, at: Any = BEGUN) -> list[str]:
    found = reads(scene, name, worklist_entries.waiting, scene[name], at)
    nouns = ("message to a country", "passing on of a message")
    return [each.words.format(**each.params) for each in found if each.noun in nouns]


def seen(scene: Running, name: str) -> list[int]:
    return [len(reads(scene, name, rows.every, model)) for model in (Dispatch, DispatchReceipt, DispatchPassing)]


def receipts(scene: Running, name: str, of: Dispatch) -> dict[str, str]:
    found = reads(scene, name, dispatches.receipts, [of.id])
    return {each.country: each.state for each in found.get(of.id, [])}


def decide(scene: Running, made: DispatchPassing, to: PassingState, by: str = "chaima", words: str = "") -> Any:
    return does(scene, by, dispatches.decide, made.id, to, words=words)


def test_a_message_is_read_and_answered_and_each_country_sees_its_own_receipt(scene: Running) -> None:
    third(scene)
    others = set(CAST) - {"chaima", "moussa", "otto"}
    before = {n: reads(scene, n, lambda s, n=n: pulse.number(pulse.counts_of(s, scene[n]))) for n in others}
    made = sent(scene, countries=["MLI", "TCD"], due=(BEGUN + 3 * DAY).date())
    assert receipts(scene, "chaima", made) == {"MLI": "delivered", "TCD": "delivered"}
    assert receipts(scene, "moussa", made) == {"MLI": "delivered"}
    assert waits(scene, "moussa") == [
        "A message from NER waits to be read.",
        "A message from NER waits for your country's answer.",
    ]
    does(scene, "moussa", dispatches.confirm, made.id)
    assert waits(scene, "moussa") == ["A message from NER waits for your country's answer."]
    answer = answered(scene, made)
    assert waits(scene, "moussa") == []
    assert receipts(scene, "chaima", made) == {"MLI": "answered", "TCD": "delivered"}
    assert waits(scene, "chaima") == ["A message from MLI waits to be read."]
    assert [each.id for each in reads(scene, "chaima", dispatches.answers, made.id)] == [answer.id]
    assert reads(scene, "tariq", dispatches.answers, made.id) == []
    assert [seen(scene, name) for name in ("chaima", "moussa", "tariq")] == [[2, 3, 0], [2, 2, 0], [1, 1, 0]]
    assert {tuple(seen(scene, name)) for name in others | {"otto"}} == {(0, 0, 0)}
    assert {n: reads(scene, n, lambda s, n=n: pulse.number(pulse.counts_of(s, scene[n]))) for n in others} == before
    told = reads(scene, "otto", lambda session: journal.latest(session))
    assert [each.act for each in told[:3]] == ["dispatch.answer", "dispatch.read", "dispatch.send"]
    assert WORDS not in str([each.detail for each in told])


def test_what_is_late_is_told_again(scene: Running) -> None:
    sent(scene, due=(BEGUN + 3 * DAY).date())
    found = reads(scene, "moussa", worklist_entries.waiting, scene["moussa"], BEGUN + 5 * DAY)
    late = [each for each in found if each.noun == "message to a country"]
    assert [len(each.escalated(BEGUN + 5 * DAY)) for each in late] == [2, 1]


@pytest.mark.parametrize(("code", "consent"), [("h0", False), ("h1", False), ("h2", True), ("h3", True)])
def test_the_handling_code_says_who_passes_a_message_on(scene: Running, code: str, consent: bool) -> None:
    third(scene)
    made = sent(scene, handling=code)
    asked = passed(scene, made, "moussa", "TCD")
    assert (asked.state, seen(scene, "tariq")[0]) == (("asked", 0) if consent else ("consented", 1))
    if consent:
        assert waits(scene, "chaima") == ["MLI asks to pass on a message of your country: consent or refuse."]
        with pytest.raises(NotFound):
            decide(scene, asked, PassingState.CONSENTED, "tariq")
        with pytest.raises(NotFound):
            decide(scene, asked, PassingState.CONSENTED, "moussa")
        decide(scene, asked, PassingState.CONSENTED)
    assert receipts(scene, "chaima", made) == {"MLI": "delivered", "TCD": "delivered"}
    assert receipts(scene, "moussa", made) == {"MLI": "delivered"}  # who has it is for its originator to know
    [got] = reads(scene, "tariq", rows.every, Dispatch)
    assert (got.country, got.handling, got.body) == ("NER", code, WORDS)  # the originator's own, with its code


def test_the_originator_consents_to_a_message_of_an_operation(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    third(scene, member=True)
    monkeypatch.setattr(dispatches, "_refuse", lambda *_given: None)  # Chad takes part, as far as this test goes
    asked = passed(scene, sent(scene, operation_id=scene.operation, handling="h2"), "moussa", "TCD")
    assert decide(scene, asked, PassingState.CONSENTED).state == "consented"


def test_an_answer_stays_under_the_consent_of_who_gave_it(scene: Running) -> None:
    third(scene)
    answer = answered(scene, sent(scene), handling="h0")
    asked = passed(scene, answer, "chaima", "TCD")
    assert asked.state == "asked"
    with pytest.raises(RuleBroken, match="Give the reason"):
        decide(scene, asked, PassingState.REFUSED, "moussa")
    assert decide(scene, asked, PassingState.REFUSED, "moussa", "Our case is open.").reason == "Our case is open."
    assert seen(scene, "tariq") == [0, 0, 0]
    with pytest.raises(RuleBroken, match="decided already"):
        decide(scene, asked, PassingState.CONSENTED, "moussa")
    with pytest.raises(RuleBroken, match="This is an answer"):
        does(scene, "chaima", dispatches.export, answer.id)
    assert does(scene, "moussa", dispatches.export, answer.id).id == answer.id


def test_who_has_it_and_whom_it_is_kept_from_is_the_originators_to_know(scene: Running) -> None:
    third(scene)
    made = sent(scene, countries=["MLI", "TCD"])
    assert passed(scene, made, "moussa", "TCD").state == "consented"  # it learns nothing of who has it
    assert receipts(scene, "chaima", made) == {"MLI": "delivered", "TCD": "delivered"}
    with pytest.raises(RuleBroken, match=r"TCD.* has this message already"):
        passed(scene, made, "chaima", "TCD")
    assert passed(scene, made, "chaima", "BFA").state == "consented"
    with pytest.raises(RuleBroken, match="Your own country"):
        passed(scene, made, "moussa", "MLI")


def joined(scene: Running, *names: str) -> None:
    """Coordinators of further countries, which take part."""
    for name, code in (("tariq", "TCD"), ("bello", "BEN")):
        if name in names:
            third(scene, name, code, member=True)
            does(scene, "ana", plan.invite, scene.operation, parse(plan.CountryInvitation, {"country": code}))
            does(scene, name, plan.answer, scene.operation, accept=True)


def keeps(scene: Running, made: Dispatch, name: str) -> list[list[str]]:
    """To whom nothing went of what was passed on, as far as somebody is told."""
    found = reads(scene, name, dispatches.passings, made.id)
    return [reads(scene, name, dispatches.kept_from, made, each, scene[name]) for each in found]


def told_of_all(scene: Running) -> dict[str, Any]:
    """Everybody's number."""
    names = (*set(CAST) - {"ada", "frida"}, "tariq", "bello")
    return {
        name: reads(scene, name, lambda s, name=name: pulse.number(pulse.counts_of(s, scene[name]))) for name in names
    }


@pytest.mark.parametrize("code", ["h0", "h2"])
def test_passing_on_tells_nobody_but_the_originator_from_whom_it_withholds(scene: Running, code: str) -> None:
    """Twins: a message goes on to Chad and to Benin, and Niger withholds from Chad alone."""
    joined(scene, "tariq", "bello")
    made = sent(scene, operation_id=scene.operation, handling=code)
    before = told_of_all(scene)
    does(scene, "chaima", withholding.withhold, scene.operation, withholding.WithholdingDraft(partner="TCD"))
    moved = {name for name, number in told_of_all(scene).items() if number != before[name]}
    assert moved == {"tariq", "bruno", "binta", "boubacar", "chaima", "ana", "dov", "lena", "otto"}
    found = []
    for country, name in (("TCD", "tariq"), ("BEN", "bello")):
        numbers = [told_of_all(scene)]
        asked = passed(scene, made, "moussa", country)
        numbers.append(told_of_all(scene))
        shown = [(asked.state, keeps(scene, made, "moussa")[0], receipts(scene, "moussa", made))]
        if code == "h2":
            decide(scene, asked, PassingState.CONSENTED)
        numbers.append(told_of_all(scene))
        entries = [each for each in reads(scene, "moussa", journal.latest) if each.object_kind == "dispatch"]
        shown += [each.state for each in reads(scene, "moussa", dispatches.passings, made.id) if each.id == asked.id]
        steps = [{each: later[each] - sooner[each] for each in later} for sooner, later in pairwise(numbers)]
        mine = [{each: number for each, number in step.items() if each not in ("tariq", "bello")} for step in steps]
        found.append((shown, entries[0].act, entries[0].detail, mine))
        assert seen(scene, name)[0] == (country == "BEN")
        assert [step[name] for step in steps][-1 if code == "h2" else 0] == (country == "BEN")
    assert found[0] == found[1]
    assert receipts(scene, "chaima", made) == {"MLI": "delivered", "BEN": "delivered"}
    assert sorted(keeps(scene, made, "chaima")) == [[], ["TCD"]]
    with pytest.raises(RuleBroken, match=r"Your country withholds data from .*TCD"):
        passed(scene, made, "chaima", "TCD")


def test_who_consents_sees_to_whom_nothing_goes(scene: Running) -> None:
    joined(scene, "tariq", "bello")
    made = sent(scene, operation_id=scene.operation, handling="h2")
    does(scene, "chaima", withholding.withhold, scene.operation, withholding.WithholdingDraft(partner="TCD"))
    asked = passed(scene, made, "moussa", "BEN", "TCD")
    assert (keeps(scene, made, "chaima"), keeps(scene, made, "moussa")) == ([["TCD"]], [[]])
    decide(scene, asked, PassingState.CONSENTED)
    assert (keeps(scene, made, "chaima"), keeps(scene, made, "moussa")) == ([["TCD"]], [[]])
    assert [seen(scene, name)[0] for name in ("bello", "tariq")] == [1, 0]


def test_handling_and_clearance_hold_at_every_door(scene: Running) -> None:
    third(scene)
    held, secret = sent(scene, handling="h2"), sent(scene, classification="confidential", countries=["TCD"])
    with pytest.raises(RuleBroken, match="marked H2: it does not leave Muster"):
        does(scene, "moussa", dispatches.export, held.id)
    assert does(scene, "chaima", dispatches.export, held.id).handling == "h2"
    free = sent(scene, handling="h1")
    does(scene, "moussa", dispatches.export, free.id)
    trail = reads(scene, "system", rows.every, journal.AccessEntry)
    assert [each.detail["handling"] for each in trail if each.act == "dispatch.paper"] == ["h2", "h1"]
    assert seen(scene, "tariq")[0] == 1
    scene.members["tariq"] = replace(scene["tariq"], clearance=Classification.RESTRICTED)
    assert seen(scene, "tariq") == [0, 0, 0]
    with pytest.raises(NotFound):
        does(scene, "tariq", dispatches.confirm, secret.id)
    with pytest.raises(NotFound):
        does(scene, "tariq", dispatches.send, dispatch_draft(classification="confidential", countries=["NER"]))


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"countries": []}, "countries", "At least 1"),
        ({"countries": ["NER"]}, "countries", "Your own country"),
        ({"body": "Ask Mr Amadou Diallo, born 3 March 1985"}, "body", "personal data"),
        ({"title": "Passport no. AB1234567"}, "title", "personal data"),
        ({"handling": "h9"}, "handling", "is not one of the choices"),
        ({"source": "q"}, "source", "is not one of the choices"),
        ({"due": (BEGUN - DAY).date()}, "due", "This day is in the past"),
    ],
)
def test_what_cannot_be_sent_is_said_at_its_field(scene: Running, changes: Any, field: str, said: str) -> None:
    with pytest.raises(RuleBroken, match=said) as refused:
        sent(scene, **changes)
    assert [flaw.field for flaw in refused.value.flaws] == [field]


def test_the_same_again_is_answered_as_before_and_other_content_is_not(scene: Running) -> None:
    third(scene)
    said = dispatch_draft()
    made = does(scene, "chaima", dispatches.send, said)
    assert does(scene, "chaima", dispatches.send, said).id == made.id
    with pytest.raises(Conflict):
        does(scene, "chaima", dispatches.send, said.model_copy(update={"body": "Other words."}))
    asking = passing_draft("TCD")
    for _again in range(2):
        assert does(scene, "moussa", dispatches.pass_on, made.id, asking).id == asking.id
    with pytest.raises(NotFound):
        answered(scene, made, "tariq" if seen(scene, "tariq")[0] == 0 else "chaima")
    with pytest.raises(RuleBroken, match="does not take part"):
        sent(scene, operation_id=scene.operation, countries=["TCD"])


def test_what_a_message_says_is_erased_when_its_time_is_over(scene: Running) -> None:
    made = sent(scene, due=(BEGUN + DAY).date())
    asked = passed(scene, answered(scene, made), "chaima", "TCD")
    with pytest.raises(DBAPIError), scene.store.unit_of_work(System()) as session:
        session.execute(sa.update(Dispatch).values(body="Other words."))
    keeper = Timetable(scene.store, LeaseCandidate("old"))
    for at, gone in ((BEGUN + 1824 * DAY, False), (BEGUN + 1826 * DAY, True)):
        with clock.at(at):
            keeper.beat()
            keeper.tick(jobs.SHORT)
        kept = reads(scene, "system", rows.every, Dispatch)
        assert {each.body == "" for each in kept} == {gone}
    [passing] = reads(scene, "system", rows.every, DispatchPassing)
    assert (passing.purpose, [each.title for each in kept]) == ("", ["", ""])
    with pytest.raises(RuleBroken, match="The retention of this message has ended"):
        decide(scene, asked, PassingState.CONSENTED, "moussa")


def test_the_database_itself_keeps_countries_apart(scene: Running) -> None:
    third(scene)
    made = sent(scene)
    answered(scene, made)
    if scene.store.engine.dialect.name == "postgresql":
        for name, number in (("tariq", 0), ("ana", 0), ("lena", 0), ("chaima", 2), ("moussa", 2)):
            with scene.store.reading(scene[name]) as session:
                found = session.connection().execute(sa.text("SELECT count(*) FROM dispatch")).scalar_one()
            assert found == number, name
