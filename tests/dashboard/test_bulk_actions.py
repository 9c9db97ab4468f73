"""The same done to many at once: all that can be is done, and what was refused is said with its reason and its name."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from dashboard import refusals
from dashboard.screens.countries import page as countries
from dashboard.screens.fugitives import bulk_actions, page
from dashboard.screens.fugitives.ids import Ids
from dashboard.screens.verify import bulk_actions as many_reports
from dashboard.screens.verify import page as verify
from operations.core import clock
from operations.core.errors import RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.policing.fugitives import case_rows, cases
from operations.policing.leads import leads
from operations.policing.operation import plan
from operations.policing.reports import reports
from tests.dashboard.desks import EVENING, at_desk, found_in, press, texts
from tests.makers import START, Running, form, hit, send, tally
from tests.operations.sweeps import Sweep, sweep_in


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What is said of a press, with its kind."""
    found: list[tuple[str, str]] = []
    monkeypatch.setattr("dashboard.frame.interactions.say", lambda words, kind: found.append((str(kind), words)))
    return found


@pytest.fixture(autouse=True)
def evening() -> Iterator[None]:
    with clock.at(EVENING):
        yield


@pytest.fixture
def cast(scene: Running) -> Sweep:
    return Sweep(sweep_in(scene))


def rows(*chosen: case_rows.FugitiveCase) -> list[dict[str, Any]]:
    return [{"id": str(each.id), "case": each.case_no} for each in chosen]


def state(scene: Running, *wanted: case_rows.FugitiveCase) -> list[str]:
    with scene.store.reading(System()) as session:
        return [cases.case(session, each.id).state for each in wanted]


def plain(words: str) -> str:
    return words.replace("\u2068", "").replace("\u2069", "")


def test_all_cases_that_can_be_are_accepted_and_the_others_say_why(
    cast: Sweep, scene: Running, said: list[tuple[str, str]]
) -> None:
    good, unchecked, doubtful = cast.nominate(), cast.nominate(), cast.nominate(art3="doubtful")
    cast.check(good.id, doubtful.id)
    with at_desk(scene, "ana"):
        press(bulk_actions.accept, Ids.ACCEPT_CHOSEN, chosen=rows(good, unchecked, doubtful))
    assert state(scene, good, unchecked, doubtful) == ["target", "nominated", "nominated"]
    [(kind, words)] = said
    assert kind == refusals.NoticeKind.PARTLY
    assert plain(words) == (
        f"1 case is accepted. 2 are not: {unchecked.case_no}: The notice was not checked today: look it up first. "
        f"{doubtful.case_no}: The case has not passed the Article 3 screen."
    )


def test_a_sweep_of_twelve_goes_from_the_nomination_to_its_leads_in_four_presses(
    cast: Sweep, scene: Running, said: list[tuple[str, str]]
) -> None:
    twelve = [cast.nominate(by) for by in ("chaima", "moussa") for _each in range(6)]
    chosen, typed = rows(*twelve), {"question": "Is the person of this notice with you?", "within": "2"}
    with at_desk(scene, "dov"):
        press(bulk_actions.look_up, Ids.VALID_CHOSEN, scene.operation, chosen=chosen)
    with at_desk(scene, "ana"):
        press(bulk_actions.accept, Ids.ACCEPT_CHOSEN, chosen=chosen)
    client = new_id()
    with at_desk(scene, "dov"):
        press(bulk_actions.review, Ids.REVIEW_CHOSEN, chosen=chosen)
        after = press(bulk_actions.ask, Ids.ASK_CHOSEN, typed=typed, client=client, chosen=chosen)
        press(
            bulk_actions.ask, Ids.ASK_CHOSEN, typed=typed, client=client, chosen=chosen
        )  # a second press asks nobody twice
    assert after["cleared"] == [""]
    assert set(state(scene, *twelve)) == {"lead_out"}
    assert [words for _kind, words in said] == [
        "12 notices are written down.",
        "12 cases are accepted.",
        "12 cases are under review.",
        "12 leads are out.",
        "12 leads are out.",
    ]
    with scene.store.reading(System()) as session:
        sent = leads.leads(session, scene.operation)
        assert len(sent) == 12
        asked = {(each.origin_country, part.country) for each in sent for part in leads.parts(session, each.id)}
    assert asked == {("NER", "MLI"), ("MLI", "NER")}


def test_a_country_answers_for_many_that_nobody_is_with_it_and_for_none_it_was_not_asked_about(
    cast: Sweep, scene: Running, said: list[tuple[str, str]]
) -> None:
    one, other, unasked = cast.out(), cast.out(), cast.nominate()
    client = new_id()
    with at_desk(scene, "moussa"):
        press(bulk_actions.answer, Ids.ANSWER_CHOSEN, scene.operation, client=client, chosen=rows(one, other, unasked))
    [(kind, words)] = said
    assert kind == refusals.NoticeKind.PARTLY
    assert plain(words).startswith("2 cases are answered. 1 is not:")
    with scene.store.reading(System()) as session:
        parts = [part for each in leads.leads(session, scene.operation) for part in leads.parts(session, each.id)]
    assert [each.state for each in parts] == ["negative", "negative"]


def test_a_case_of_which_nobody_says_where_it_is_waits_and_a_question_is_needed(
    cast: Sweep, scene: Running, said: list[tuple[str, str]]
) -> None:
    case = cast.nominate(believed_in=[])
    cast.check(case.id)
    cast.move(case.id, "target", "ana")
    cast.move(case.id, "under_review", "dov")
    with at_desk(scene, "dov"):
        with pytest.raises(RuleBroken) as refused:
            press(
                bulk_actions.ask,
                Ids.ASK_CHOSEN,
                typed={"question": " ", "within": "2"},
                client=new_id(),
                chosen=rows(case),
            )
        assert refused.value.flaws[0].field == "question"
        typed = {"question": "Is the person with you?", "within": "2"}
        press(bulk_actions.ask, Ids.ASK_CHOSEN, typed=typed, client=new_id(), chosen=rows(case))
    assert said[0][0] == refusals.NoticeKind.PARTLY
    assert "has not said where the person is believed to be" in said[0][1]
    assert state(scene, case) == ["under_review"]


def test_nothing_chosen_is_said_and_who_may_not_does_nothing(
    cast: Sweep, scene: Running, said: list[tuple[str, str]]
) -> None:
    case = cast.nominate()
    with at_desk(scene, "ana"), pytest.raises(RuleBroken, match="Choose at least one row first"):
        press(bulk_actions.accept, Ids.ACCEPT_CHOSEN, chosen=[])
    for name, wanted in (("chaima", "Looked up, valid"), ("ana", "Accept as targets"), ("dov", "Take under review")):
        with at_desk(scene, name):
            assert wanted in texts(page.layout(operation_id=str(scene.operation)))
    with at_desk(scene, "moussa"):  # of another country: the case is none that exists for it
        press(bulk_actions.look_up, Ids.VALID_CHOSEN, scene.operation, chosen=rows(case))
    assert said[0][0] == refusals.NoticeKind.PARTLY
    assert "There is nothing here that you can see." in said[0][1]
    with scene.store.reading(System()) as session:
        assert cases.case(session, case.id).checked_on is None
    with at_desk(scene, "chaima"):  # its own, and not the country's to accept
        press(bulk_actions.accept, Ids.ACCEPT_CHOSEN, chosen=rows(case))
    assert "ask for it" in said[1][1]
    assert state(scene, case) == ["nominated"]


def test_one_country_that_cannot_be_invited_stops_no_other(scene: Running, said: list[tuple[str, str]]) -> None:
    asked = {"countries": ["TCD", "NER", "SEN"], "contribution": "participant"}
    with at_desk(scene, "ana"):
        press(countries.invite, countries.INVITE.send, scene.operation, asked)
        with pytest.raises(RuleBroken):
            press(countries.invite, countries.INVITE.send, scene.operation, {**asked, "countries": []})
    assert invited(scene, scene.operation) >= {"TCD", "SEN"}
    assert len(said) == 1


def test_all_countries_that_have_said_their_final_word_are_closed_in_one_press(
    scene: Running, said: list[tuple[str, str]]
) -> None:
    def close_button() -> list[Any]:
        with at_desk(scene, "ana"), scene.store.reading(scene["ana"]) as session:
            operation = plan.operation(session, scene.operation, scene["ana"])
            shown = countries.contents(session, operation, scene["ana"])
        return [each for each in found_in(shown, "Button") if getattr(each, "id", None) == countries.Ids.CLOSE_ALL]

    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).state = "consolidation"
        session.get_one(plan.Participation, (scene.operation, "NER")).state = "reported_final"
    assert close_button() == [], "one is closed where it stands"
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Participation, (scene.operation, "MLI")).state = "reported_final"
    assert len(close_button()) == 1
    with at_desk(scene, "ana"):
        press(countries.close_all, countries.Ids.CLOSE_ALL, scene.operation)
    assert said == [(str(refusals.NoticeKind.DONE), "2 countries are closed.")]
    with scene.store.reading(System()) as session:
        assert {each.state for each in plan.participations(session, scene.operation)} == {"closed"}


def invited(scene: Running, operation: UUID) -> set[str]:
    with scene.store.reading(System()) as session:
        return {each.country for each in plan.participations(session, operation)}


def picked(shown: Any) -> list[dict[str, str]]:
    return [each.id for each in found_in(shown, "Checkbox")]


def test_plain_reports_are_answered_for_together_and_the_others_alone(
    scene: Running, said: list[tuple[str, str]]
) -> None:
    plain = [send(scene, form(scene, site, lines=[tally()]), at=EVENING) for site in ("Niamey", "Agadez")]
    with_hit = send(scene, form(scene, day=1, lines=[hit(START + timedelta(days=1, hours=1))]))
    remarked = send(scene, form(scene, day=2, lines=[tally()], remarks="The line was cut at noon."))
    with at_desk(scene, "boubacar"):
        boxes = picked(verify.layout(str(scene.operation)))
        assert {each["report"] for each in boxes} == {str(each.id) for each in plain}
        whose = [*boxes, {"type": many_reports.PICK, "report": str(with_hit.id)}]
        press(many_reports.verify_chosen, many_reports.DO, picks=[True, True, True], whose=whose)
        assert picked(verify.layout(str(scene.operation))) == []
    assert said == [("done", "2 reports have climbed.")]
    with scene.store.reading(System()) as session:
        states = [reports.report(session, each.id).state for each in (*plain, with_hit, remarked)]
    assert states == ["locally_verified", "locally_verified", "submitted", "submitted"]
    with at_desk(scene, "boubacar"):  # the same pair of eyes does not lift them again
        press(many_reports.verify_chosen, many_reports.DO, picks=[True, False, None], whose=whose)
    assert said[1][0] == refusals.NoticeKind.PARTLY
    assert "Agadez" in said[1][1] or "Niamey" in said[1][1]
