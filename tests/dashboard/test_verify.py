"""The verify page's callbacks, as functions: the list, four eyes in words, decisions, hits, and forged ids."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dashboard.screens.verify import page
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.policing.reports import reports
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, stored, texts
from tests.makers import Running, form, hit, send, tally


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def chosen(ident: Any, line: Any = None) -> dict[str, str]:
    return {"what": "hit", "id": str(ident), "line": str(line)} if line else {"what": "report", "id": str(ident)}


def listed(scene: Running, name: str) -> str:
    with at_desk(scene, name):
        return texts(page.show_list(1, None, str(scene.operation)))


def side(scene: Running, name: str, choice: dict[str, str]) -> tuple[str, list[str]]:
    """What the decision side says, and the ids of its buttons."""
    with at_desk(scene, name):
        _view, shown, _mark = page.show_chosen(choice, 1, None, str(scene.operation))
    return texts(shown), [each.id for each in found_in(shown, "Button") if hasattr(each, "id")]


def verified(scene: Running, ident: Any, name: str) -> Any:
    with at_desk(scene, name):
        return page.verify(1, chosen(ident), str(scene.operation))


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


def test_four_eyes_are_explained_not_just_missing(scene: Running) -> None:
    own = send(scene, form(scene), by="boubacar")
    assert "Waiting for other eyes 1" in listed(scene, "boubacar")
    said, buttons = side(scene, "boubacar", chosen(own.id))
    assert "You wrote this report" in said
    assert "verify-do" not in buttons
    with at_desk(scene, "boubacar"), pytest.raises(RuleBroken, match="four eyes"):
        page.verify(1, chosen(own.id), str(scene.operation))


def test_a_report_at_another_step_says_where_it_stands(scene: Running) -> None:
    made = send(scene, form(scene))
    said, buttons = side(scene, "chaima", chosen(made.id))
    assert "not waiting for you: Submitted" in said
    assert "verify-do" not in buttons
    assert {"verify-give-back", "verify-reject"} <= set(buttons), "a coordinator may return what is submitted"
    verified(scene, made.id, "boubacar")
    with at_desk(scene, "boubacar"), pytest.raises(Conflict):
        page.verify(1, chosen(made.id), str(scene.operation))


def test_a_return_needs_its_reason_and_reaches_the_author(scene: Running) -> None:
    made = send(scene, form(scene))
    with at_desk(scene, "boubacar"):
        with pytest.raises(RuleBroken) as refused:
            page.give_back(1, chosen(made.id), str(scene.operation), None, "look again")
        assert refused.value.flaws[0].field == "reason"
        with pytest.raises(RuleBroken) as refused:
            page.give_back(1, chosen(made.id), str(scene.operation), "unclear", "call +227 20 73 35 01")
        assert refused.value.flaws[0].field == "note"
        assert state(scene, made.id) == "submitted"
        page.give_back(1, chosen(made.id), str(scene.operation), "unclear", None)
    assert state(scene, made.id) == "returned"


def test_only_who_may_reject_sees_the_button_and_can(scene: Running) -> None:
    made = send(scene, form(scene))
    assert "verify-reject" not in side(scene, "boubacar", chosen(made.id))[1]
    with at_desk(scene, "boubacar"), pytest.raises(NotFound):
        page.reject(1, chosen(made.id), str(scene.operation), "duplicate", None)
    with at_desk(scene, "chaima"):
        page.reject(1, chosen(made.id), str(scene.operation), "duplicate", None)
    assert state(scene, made.id) == "rejected"


def test_an_analyst_returns_what_a_country_validated_and_is_told_no_more(scene: Running) -> None:
    made = send(scene, form(scene))
    verified(scene, made.id, "boubacar")
    verified(scene, made.id, "chaima")
    assert "Reports waiting 1" in listed(scene, "dov")
    said, buttons = side(scene, "dov", chosen(made.id))
    assert "changes no figure" in said
    assert "verify-do" not in buttons
    with at_desk(scene, "dov"):
        page.give_back(1, chosen(made.id), str(scene.operation), "implausible", None)
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
        view = page.show_chosen(chosen(again.id), 1, None, str(scene.operation))[0]
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
    assert "Country that answered" in side(scene, "chaima", choice)[0]
    with at_desk(scene, "chaima"):
        for confirmation, country, at, field in [
            ("confirmed", None, "2026-03-02 15:00", "confirming_country"),
            ("confirmed", "FRA", "soon", "confirmed_at"),
            ("confirmed", "Atlantis", "2026-03-02 15:00", "confirming_country"),
            (None, "FRA", "2026-03-02 15:00", "confirmation"),
        ]:
            with pytest.raises(RuleBroken) as refused:
                page.answer_hit(1, choice, str(scene.operation), confirmation, country, at)
            assert refused.value.flaws[0].field == field
        following = page.answer_hit(1, choice, str(scene.operation), "confirmed", "FRA", "2026-03-02 15:00")
    assert following is not None
    assert following["what"] == "hit"
    assert "Hits waiting for an answer 1" in listed(scene, "chaima")


def test_what_follows_an_answer_is_still_there_when_it_opens(scene: Running) -> None:
    raw_at = scene.start + timedelta(hours=2)
    made = send(scene, form(scene, lines=[tally(5000), hit(raw_at), hit(raw_at)]))
    with scene.store.reading(scene["chaima"]) as session:
        lines = [row for row in reports.lines_of(session, made.id) if row.kind == "hit"]
    with at_desk(scene, "chaima"):
        following = page.answer_hit(
            1, chosen(made.id, lines[0].id), str(scene.operation), "refuted", "FRA", "2026-03-02 15:00"
        )
        view, _side, _mark = page.show_chosen(following, 2, None, str(scene.operation))
        assert "Superseded" not in texts(view)
        assert page.answer_hit(1, following, str(scene.operation), "confirmed", "FRA", "2026-03-02 15:00") is None


def test_another_countrys_report_is_like_none(scene: Running) -> None:
    theirs = send(scene, form(scene, "Bamako", lines=[tally(900), hit(scene.start + timedelta(hours=1))]), by="mateo")
    with scene.store.reading(scene["moussa"]) as session:
        line = next(row.id for row in reports.lines_of(session, theirs.id) if row.kind == "hit")
    before = stored(scene)
    assert "Bamako" not in listed(scene, "chaima") + listed(scene, "boubacar")
    for ident in (theirs.id, uuid4(), "rubbish"):
        with at_desk(scene, "chaima"):
            for attempt in (
                lambda ident=ident: page.show_chosen(chosen(ident), 1, None, str(scene.operation)),
                lambda ident=ident: page.verify(1, chosen(ident), str(scene.operation)),
                lambda ident=ident: page.give_back(1, chosen(ident), str(scene.operation), "unclear", None),
                lambda ident=ident: page.reject(1, chosen(ident), str(scene.operation), "unclear", None),
                lambda ident=ident: page.answer_hit(
                    1, chosen(ident, line), str(scene.operation), "unresolved", None, None
                ),
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
        mark = page.show_chosen(chosen(made.id), 1, None, str(scene.operation))[2]
        assert page.show_chosen(chosen(made.id), 2, mark, str(scene.operation)) == (page.no_update,) * 3
