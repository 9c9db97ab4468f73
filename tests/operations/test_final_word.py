"""Countries say that their figures are final while an operation is consolidated; the coordinator closes them."""

import pytest

from operations import worklist_entries
from operations.core import clock, journal
from operations.core.errors import NotFound, RuleBroken
from operations.core.people import System
from operations.core.vocabulary import OperationState, ParticipationState
from operations.policing.operation import participations, plan
from tests.evaluations import ENDED, evaluated
from tests.makers import Running, form, send
from tests.people import CAST

P = ParticipationState
RIGHT = {P.REPORTED_FINAL: "chaima", P.ACTIVE: "chaima", P.CLOSED: "ana"}


def say(scene: Running, to: ParticipationState = P.REPORTED_FINAL, by: str = "chaima", country: str = "NER") -> None:
    with clock.at(ENDED), scene.store.unit_of_work(scene[by]) as session:
        participations.final_word(session, scene.operation, country, to, scene[by])


def without(scene: Running, by: str = "ana", country: str = "NER", why: str = "It does not answer.") -> None:
    with clock.at(ENDED), scene.store.unit_of_work(scene[by]) as session:
        participations.excuse_final_word(session, scene.operation, country, why, scene[by])


def of(scene: Running, country: str = "NER") -> participations.Participation:
    with scene.store.reading(System()) as session:
        return session.get_one(participations.Participation, (scene.operation, country))


def waits(scene: Running, name: str) -> list[str]:
    with clock.at(ENDED), scene.store.reading(scene[name]) as session:
        return [
            each.words for each in worklist_entries.waiting(session, scene[name], ENDED) if each.noun == "participation"
        ]


def test_a_country_says_its_final_word_takes_it_back_says_it_again_and_is_closed(scene: Running) -> None:
    evaluated(scene)
    for to in (P.REPORTED_FINAL, P.ACTIVE, P.REPORTED_FINAL, P.CLOSED):
        say(scene, to, RIGHT[to])
        assert of(scene).state == to
        assert (of(scene).final_at is None) is (to is P.ACTIVE)
    with scene.store.reading(System()) as session:
        told = [each.act for each in journal.latest(session) if each.object_kind == "participation"][:4]
    assert told == [participations.FINAL_WORDS[to] for to in (P.CLOSED, P.REPORTED_FINAL, P.ACTIVE, P.REPORTED_FINAL)]
    with pytest.raises(RuleBroken, match="can no longer change"):
        say(scene, P.ACTIVE)


@pytest.mark.parametrize("to", RIGHT)
def test_nobody_else_says_it(scene: Running, to: ParticipationState) -> None:
    evaluated(scene)
    if to is not P.REPORTED_FINAL:
        say(scene)
    before = of(scene).state
    for name in set(CAST) - {RIGHT[to]}:
        with pytest.raises(NotFound):
            say(scene, to, name)
        assert of(scene).state == before, name
    say(scene, to, RIGHT[to])
    assert of(scene).state == to


def test_figures_are_not_final_while_something_of_the_country_waits(scene: Running) -> None:
    evaluated(scene)
    send(scene, form(scene), at=ENDED)
    assert "say when your country's figures are final" not in " ".join(waits(scene, "chaima"))
    with pytest.raises(RuleBroken, match="wait below V3 or came back: 1") as refused:
        say(scene)
    assert [flaw.field for flaw in refused.value.flaws] == ["reports"]
    say(scene, by="moussa", country="MLI")  # what waits in Niger is not Mali's affair
    assert of(scene, "MLI").state == P.REPORTED_FINAL


def test_it_is_said_in_consolidation_alone(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="during consolidation"):
        say(scene)
    evaluated(scene)
    say(scene)
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).state = OperationState.DEBRIEFED.value
    for to in (P.ACTIVE, P.CLOSED):
        with pytest.raises(RuleBroken, match="during consolidation"):
            say(scene, to, RIGHT[to])


def test_no_other_step_goes_by_this_verb(scene: Running) -> None:
    evaluated(scene)
    with scene.store.unit_of_work(System()) as session:
        session.get_one(participations.Participation, (scene.operation, "NER")).state = P.INVITED.value
    for to in P:
        with pytest.raises((NotFound, RuleBroken)):
            say(scene, to)


def test_it_waits_for_each_country_and_then_for_the_coordinator(scene: Running) -> None:
    assert waits(scene, "chaima") == waits(scene, "ana") == []
    evaluated(scene)
    asked = "The operation is consolidated: say when your country's figures are final."
    assert waits(scene, "chaima") == waits(scene, "moussa") == [asked]
    say(scene)
    say(scene, by="moussa", country="MLI")
    assert waits(scene, "chaima") == []
    assert waits(scene, "ana") == ["{country} says that its figures are final: close it."] * 2
    say(scene, P.CLOSED, "ana")
    say(scene, P.CLOSED, "ana", "MLI")
    assert waits(scene, "ana") == []


def test_the_coordinator_goes_on_without_it_for_a_reason_until_it_is_said(scene: Running) -> None:
    evaluated(scene)
    with scene.store.reading(System()) as session:
        assert participations.missing_final_words(session, scene.operation) == ["MLI", "NER"]
    with pytest.raises(NotFound):
        without(scene, "dov")
    with pytest.raises(RuleBroken, match="Give the reason"):
        without(scene, why=" ")
    without(scene)
    with scene.store.reading(System()) as session:
        assert participations.missing_final_words(session, scene.operation) == ["MLI"]
    say(scene)
    assert of(scene).without == ""
    with pytest.raises(RuleBroken, match="Nothing is expected from this country"):
        without(scene)
