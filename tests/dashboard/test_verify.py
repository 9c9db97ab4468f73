"""The verify page's callbacks, as functions: the list, four eyes in words, decisions, hits, and forged ids."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from dash.exceptions import PreventUpdate

from dashboard.screens.verify import decision, page
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.policing.operation import plan
from operations.policing.reports import desk_queries, reports
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, press, stored, texts
from tests.makers import Running, arrest, form, hit, send, tally


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def chosen(ident: Any, line: Any = None) -> dict[str, str]:
    return {"what": "hit", "id": str(ident), "line": str(line)} if line else {"what": "report", "id": str(ident)}


def listed(scene: Running, name: str) -> str:
    with at_desk(scene, name):
        return texts(page.follow_list(1, str(scene.operation), [None], chosen=None)["shown"])


def shown(scene: Running, choice: dict[str, str] | None, marks: Any = None) -> dict[str, Any]:
    return page.follow_chosen(1, str(scene.operation), marks or [None, None], chosen=choice)


def decided(scene: Running, act: Any, button: str, choice: dict[str, str], **typed: Any) -> Any:
    """Press a button of the decision side: what opens next."""
    names = {page.set_aside: ("reason", "note"), page.answer_hit: tuple(decision.ANSWER.states())}.get(act)
    fields = {"typed": dict.fromkeys(names) | typed} if names else {}
    [following] = press(act, button, scene.operation, **fields, chosen=choice)["shown"]
    return following


def give_back(scene: Running, ident: Any, reason: str | None, note: str | None = None) -> Any:
    return decided(scene, page.set_aside, "verify-give-back", chosen(ident), reason=reason, note=note)


def reject(scene: Running, ident: Any, reason: str) -> Any:
    return decided(scene, page.set_aside, "verify-reject", chosen(ident), reason=reason)


def verify(scene: Running, ident: Any) -> Any:
    return decided(scene, page.verify, "verify-do", chosen(ident))


def answer_hit(
    scene: Running,
    choice: dict[str, str],
    said: str | None,
    country: str | None,
    at: str | None = "15:00",
    why: str = "",
) -> Any:
    day = {"confirmed_at": "2026-03-02", "confirmed_at_time": at} if at else {}
    typed = {"confirmation": said, "confirming_country": country, "reason": why, **day}
    return decided(scene, page.answer_hit, "verify-answer-hit", choice, **typed)


def side(scene: Running, name: str, choice: dict[str, str]) -> tuple[str, list[str]]:
    """What the decision side says, and the ids of its buttons."""
    with at_desk(scene, name):
        _view, decisions = shown(scene, choice)["shown"]
    return texts(decisions), [each.id for each in found_in(decisions, "Button") if hasattr(each, "id")]


def verified(scene: Running, ident: Any, name: str) -> Any:
    with at_desk(scene, name):
        return verify(scene, ident)


def state(scene: Running, ident: Any) -> str:
    with scene.store.reading(scene["chaima"]) as session:
        return reports.report(session, ident).state


def test_a_report_climbs_and_the_next_one_opens(scene: Running) -> None:
    first = send(scene, form(scene), at=EVENING)
    second = send(scene, form(scene, "Agadez"), at=EVENING + timedelta(minutes=1))
    assert "Reports waiting 2" in listed(scene, "boubacar")
    assert "All done" in listed(scene, "chaima")
    assert verified(scene, first.id, "boubacar") == chosen(second.id)
    assert verified(scene, second.id, "boubacar") is None
    assert "All done" in listed(scene, "boubacar")
    verified(scene, first.id, "chaima")
    assert state(scene, first.id) == "nationally_validated"


def test_the_list_says_what_a_report_holds_and_of_persons_nothing(scene: Running) -> None:
    """Nor of what does not add up: grams of a drug and money."""
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).line_kinds = ["check_tally", "hit", "arrest", "seizure"]
    drugs = {
        "kind": "seizure",
        "id": str(new_id()),
        "commodity": "cocaine",
        "amount": 3,
        "measure": "kg",
        "action": "seized",
    }
    lines = [tally(1420), tally(80, database="nominal", entity_type="person"), hit(scene.start), arrest(7), drugs]
    send(scene, form(scene, lines=lines), at=EVENING)
    said = listed(scene, "boubacar")
    assert "Checks 1,500 · Raw hits 1" in said
    assert "Seizures" not in said
    assert "7" not in said.split("Checks")[1].split("ago")[0]


def test_a_second_press_after_the_last_report_is_no_refusal(scene: Running) -> None:
    made = send(scene, form(scene))
    assert verified(scene, made.id, "boubacar") is None
    with at_desk(scene, "boubacar") as said:
        press(page.verify, "verify-do", scene.operation, chosen=None)
    assert said == {}


def test_four_eyes_are_explained_not_just_missing(scene: Running) -> None:
    own = send(scene, form(scene), by="boubacar")
    assert "Waiting for other eyes 1" in listed(scene, "boubacar")
    said, buttons = side(scene, "boubacar", chosen(own.id))
    assert "You wrote this report" in said
    assert "verify-do" not in buttons
    with at_desk(scene, "boubacar"), pytest.raises(RuleBroken, match="somebody else must"):
        verify(scene, own.id)


def test_a_report_at_another_step_says_where_it_stands(scene: Running) -> None:
    made = send(scene, form(scene))
    said, buttons = side(scene, "chaima", chosen(made.id))
    assert "not waiting for you: Submitted" in said
    assert "verify-do" not in buttons
    assert {"verify-give-back", "verify-reject"} <= set(buttons), "a coordinator may return what is submitted"
    verified(scene, made.id, "boubacar")
    with at_desk(scene, "boubacar"), pytest.raises(Conflict):
        verify(scene, made.id)


def test_a_return_needs_its_reason_and_reaches_the_author(scene: Running) -> None:
    made = send(scene, form(scene))
    with at_desk(scene, "boubacar"):
        with pytest.raises(RuleBroken) as refused:
            give_back(scene, made.id, None, "look again")
        assert refused.value.flaws[0].field == "reason"
        with pytest.raises(RuleBroken) as refused:
            give_back(scene, made.id, "unclear", "call +227 20 73 35 01")
        assert refused.value.flaws[0].field == "note"
        assert state(scene, made.id) == "submitted"
        give_back(scene, made.id, "unclear", None)
    assert state(scene, made.id) == "returned"


def test_only_who_may_reject_sees_the_button_and_can(scene: Running) -> None:
    made = send(scene, form(scene))
    assert "verify-reject" not in side(scene, "boubacar", chosen(made.id))[1]
    with at_desk(scene, "boubacar"), pytest.raises(NotFound):
        reject(scene, made.id, "duplicate")
    with at_desk(scene, "chaima"):
        reject(scene, made.id, "duplicate")
    assert state(scene, made.id) == "rejected"


def test_an_analyst_consolidates_or_returns_what_a_country_validated(scene: Running) -> None:
    made = send(scene, form(scene))
    verified(scene, made.id, "boubacar")
    verified(scene, made.id, "chaima")
    assert "Reports waiting 1" in listed(scene, "dov")
    said, buttons = side(scene, "dov", chosen(made.id))
    assert "counts nothing twice" in said
    assert "verify-do" in buttons
    with at_desk(scene, "dov"):
        verify(scene, made.id)
    assert state(scene, made.id) == "consolidated"
    said, buttons = side(scene, "dov", chosen(made.id))
    assert "changes no figure" in said
    assert "verify-do" not in buttons
    assert "Consolidated" in listed(scene, "dov")
    with at_desk(scene, "dov"):
        give_back(scene, made.id, "implausible", None)
    assert state(scene, made.id) == "returned"


def test_the_difference_to_the_last_version_is_in_the_middle(scene: Running) -> None:
    content = form(scene, lines=[tally(100)])
    made = send(scene, content)
    line = {**content["lines"][0], "count": 90}
    again = send(
        scene,
        {**content, "id": str(uuid4()), "supersedes_id": str(made.id), "correction_reason": "typing", "lines": [line]},
    )
    with at_desk(scene, "boubacar"):
        view = shown(scene, chosen(again.id))["shown"][0]
    assert "was  100" in texts(view)
    assert "now  90" in texts(view)


def test_hits_wait_for_their_answer_and_the_coordinator_records_it(scene: Running) -> None:
    raw_at = scene.start + timedelta(hours=2)
    made = send(scene, form(scene, lines=[tally(5000), hit(raw_at), hit(raw_at)]))
    assert "Hits waiting" not in listed(scene, "boubacar")
    assert "Hits waiting for an answer 2" in listed(scene, "chaima")
    with scene.store.reading(scene["chaima"]) as session:
        lines = [row for row in reports.lines_of(session, made.id) if row.kind == "hit"]
    choice = chosen(made.id, lines[0].id)
    beside = side(scene, "chaima", choice)[0]
    assert "Country that answered" in beside
    with at_desk(scene, "chaima"):
        days = {each.id: each.value for each in found_in(shown(scene, choice)["shown"], "DateInput")}
    assert days["verify-answer-confirmed_at"] == f"{EVENING:%Y-%m-%d}", "mostly an answer is recorded when it comes"
    told = "Database: SLTD (travel documents). Kind: Stolen document. Place: Niamey, Niger."
    assert f"Please confirm or refute a hit. {told}" in beside
    hour = f"\u2068{raw_at:%H:%M} UTC\u2069"
    assert hour in beside
    assert listed(scene, "chaima").count(hour) == 2, "the clock of each hit begins with it, not with the report"
    with at_desk(scene, "chaima"):
        for confirmation, country, at, field in [
            ("confirmed", None, "15:00", "confirming_country"),
            ("confirmed", "FRA", None, "confirmed_at"),
            ("confirmed", "Atlantis", "15:00", "confirming_country"),
            (None, "FRA", "15:00", "confirmation"),
        ]:
            with pytest.raises(RuleBroken) as refused:
                answer_hit(scene, choice, confirmation, country, at)
            assert refused.value.flaws[0].field == field
        following = answer_hit(scene, choice, "confirmed", "FRA")
    assert following is not None
    assert following["what"] == "hit"
    assert "Hits waiting for an answer 1" in listed(scene, "chaima")


def test_what_follows_an_answer_is_still_there_when_it_opens(scene: Running) -> None:
    raw_at = scene.start + timedelta(hours=2)
    made = send(scene, form(scene, lines=[tally(5000), hit(raw_at), hit(raw_at)]))
    with scene.store.reading(scene["chaima"]) as session:
        lines = [row for row in reports.lines_of(session, made.id) if row.kind == "hit"]
    with at_desk(scene, "chaima"):
        following = answer_hit(scene, chosen(made.id, lines[0].id), "refuted", "FRA")
        view, _side = shown(scene, following)["shown"]
        assert "Superseded" not in texts(view)
        assert answer_hit(scene, following, "confirmed", "FRA") is None


def test_an_answer_becomes_another_one_by_other_eyes_with_a_reason(scene: Running) -> None:
    made = send(scene, form(scene, lines=[tally(5000), hit(scene.start + timedelta(hours=2))]))
    with scene.store.reading(scene["chaima"]) as session:
        line = next(row for row in reports.lines_of(session, made.id) if row.kind == "hit")
    assert "Answers recorded" not in listed(scene, "chaima")
    first = chosen(made.id, line.id)
    assert "Change the answer" not in side(scene, "chaima", first)[0]
    with at_desk(scene, "chaima"):
        answer_hit(scene, first, "confirmed", "FRA")
    assert "All done" in listed(scene, "chaima")
    assert "Answers recorded" in listed(scene, "chaima")
    assert "Answers recorded" not in listed(scene, "boubacar")  # who confirms no hits
    with scene.store.reading(scene["chaima"]) as session:
        [(counted, answered)] = desk_queries.answered_hits(session, scene.operation)
    again = chosen(counted.id, answered.id)
    said, buttons = side(scene, "chaima", again)
    assert "Recorded: Confirmed." in said
    assert buttons == ["verify-answer-hit"]
    with at_desk(scene, "chaima"):
        decisions = shown(scene, again)["shown"][1]
        [country] = [each for each in found_in(decisions, "Select") if each.id == "verify-answer-confirming_country"]
        assert country.value == "FRA"
        [button] = [each for each in found_in(decisions, "Button") if getattr(each, "id", "") == "verify-answer-hit"]
        assert button.to_plotly_json()["props"]["data-confirm"] == "Change this answer?"
        for wrong, why, field in (("refuted", "", "reason"), ("confirmed", "No change.", "")):
            with pytest.raises(RuleBroken) as refused:
                answer_hit(scene, again, wrong, "FRA", why=why)
            assert refused.value.flaws[0].field == field
        assert answer_hit(scene, again, "refuted", "FRA", why="The bureau wrote anew.") is None
    with scene.store.reading(scene["chaima"]) as session:
        [(latest, changed)] = desk_queries.answered_hits(session, scene.operation)
        assert (latest.version, changed.status) == (3, "refuted")


def test_who_validated_a_report_records_no_answer_in_it(scene: Running) -> None:
    made = send(scene, form(scene, lines=[tally(5000), hit(scene.start + timedelta(hours=2))]))
    verified(scene, made.id, "boubacar")
    verified(scene, made.id, "chaima")
    with scene.store.reading(scene["chaima"]) as session:
        line = next(row for row in reports.lines_of(session, made.id) if row.kind == "hit")
    said, buttons = side(scene, "chaima", chosen(made.id, line.id))
    assert "Another coordinator of your country records the answer." in said
    assert buttons == []


def test_another_countrys_report_is_like_none(scene: Running) -> None:
    theirs = send(scene, form(scene, "Bamako", lines=[tally(900), hit(scene.start + timedelta(hours=1))]), by="mateo")
    with scene.store.reading(scene["moussa"]) as session:
        line = next(row.id for row in reports.lines_of(session, theirs.id) if row.kind == "hit")
    before = stored(scene)
    assert "Bamako" not in listed(scene, "chaima") + listed(scene, "boubacar")
    for ident in (theirs.id, uuid4(), "rubbish"):
        with at_desk(scene, "chaima"):
            for attempt in (
                lambda ident=ident: shown(scene, chosen(ident)),
                lambda ident=ident: verify(scene, ident),
                lambda ident=ident: give_back(scene, ident, "unclear", None),
                lambda ident=ident: reject(scene, ident, "unclear"),
                lambda ident=ident: answer_hit(scene, chosen(ident, line), "unresolved", None, None),
            ):
                with pytest.raises(NotFound):
                    attempt()
    assert stored(scene) == before
    assert state_of_theirs(scene, theirs.id) == "submitted"


def state_of_theirs(scene: Running, ident: Any) -> str:
    with scene.store.reading(scene["moussa"]) as session:
        return reports.report(session, ident).state


def test_nothing_moves_when_nothing_of_the_report_changed(scene: Running) -> None:
    made = send(scene, form(scene))
    with at_desk(scene, "boubacar"):
        marks = shown(scene, chosen(made.id))["marks"]
        with pytest.raises(PreventUpdate):
            shown(scene, chosen(made.id), marks)


def test_hits_of_one_document_stand_together_and_the_answer_to_one_is_offered_for_the_other(scene: Running) -> None:
    first, other = hit(scene.start), hit(scene.start + timedelta(hours=2))
    made = send(scene, form(scene, lines=[tally(5000), first, other]))
    second = hit(scene.start + timedelta(hours=4), repeats=first["id"])
    again = send(scene, form(scene, lines=[second]))
    assert listed(scene, "chaima").count("Stolen document · the same document again") == 1
    with at_desk(scene, "chaima"), scene.store.reading(scene["chaima"]) as session:
        operation = plan.operation(session, scene.operation, scene["chaima"])
        hits = [each["line"] for each in page.order(session, operation) if each["what"] == "hit"]
    assert hits == [first["id"], second["id"], other["id"]]
    of_first, of_second = chosen(made.id, first["id"]), chosen(again.id, second["id"])
    asked = side(scene, "chaima", of_first)[0]
    assert f"The same document hit again: 2 Mar 2026, \u2068{scene.start + timedelta(hours=5):%H:%M}\u2069" in asked
    assert "(Niamey). " in asked
    waits, buttons = side(scene, "chaima", of_second)
    assert "Please confirm or refute a hit." not in waits
    assert "One message asks for all of them: it stands with the hit of 2 Mar 2026" in waits
    assert "Filled in" not in waits
    assert buttons == ["verify-answer-hit"]
    assert "The same document hit more than once" not in side(scene, "chaima", chosen(made.id, other["id"]))[0]
    with at_desk(scene, "chaima"):
        marks = shown(scene, of_second)["marks"]
        answer_hit(scene, of_first, "refuted", "FRA")
        view, decisions = page.follow_chosen(2, str(scene.operation), marks, chosen=of_second)["shown"]
    assert "Same document as an earlier hit" in texts(view)
    assert "Filled in from the answer to the hit of 2 Mar 2026" in texts(decisions)
    assert "Please confirm or refute" not in texts(decisions), "it was asked and answered after this hit"
    assert "SLTD (travel documents) · Stolen document" in texts(decisions)
    assert "Niamey · Refuted France" in texts(decisions)
    values = {each.id: each.value for each in found_in(decisions, "Select")}
    assert values == {"verify-answer-confirmation": "refuted", "verify-answer-confirming_country": "FRA"}
    with scene.store.reading(scene["chaima"]) as session:
        waiting = {str(each.line.id) for each in desk_queries.waiting_hits(session, scene.operation)}
    assert waiting == {other["id"], second["id"]}, "nobody but a person answers"


def test_a_press_of_v_that_comes_too_early_is_not_taken_in_silence(scene: Running) -> None:
    made = send(scene, form(scene))
    with at_desk(scene, "boubacar"):
        side = shown(scene, chosen(made.id))["shown"][1]
    [said] = [each for each in found_in(side, "P") if getattr(each, "id", "") == "verify-too-quick"]
    assert (said.hidden, said.role) == (True, "status")
    keys = (Path(page.__file__).parent / "keys.js").read_text()
    assert 'getElementById("verify-too-quick")' in keys
