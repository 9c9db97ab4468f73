"""Recommendations on the screen, as functions: what each role is offered, and that a press does what it says."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from dashboard.parts import board_page
from dashboard.parts.board_page import Card
from dashboard.screens.recommendations import across, page
from dashboard.screens.recommendations.page import FORM, NOTE, STEPS
from operations.core.errors import NotFound, RuleBroken
from operations.core.people import System
from operations.evaluation import recommendations
from operations.evaluation.recommendations import LIFE, Recommendation, RecommendationState
from operations.policing.calendar import task_rows
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.evaluations import ENDED, draft, evaluated, recommend, take
from tests.makers import Running

S = RecommendationState
TYPED: dict[str, Any] = {
    **draft().model_dump(mode="json", exclude={"id"}),
    "text": "Search every flight.",
}


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return evaluated(open_scene(tmp_path))


def offered(scene: Running, name: str, **query: str) -> set[str]:
    """To which states the buttons of the page lead."""
    with at_desk(scene, name, ENDED):
        shown = page.layout(str(scene.operation), **query)
    ids = [each.id for each in found_in(shown, "Button") if isinstance(getattr(each, "id", None), dict)]
    return {each["to"] for each in ids if "to" in each}


def step(made: Recommendation, to: str) -> dict[str, str]:
    return {"type": STEPS.buttons["type"], "of": str(made.id), "to": to}


def test_who_proposes_has_the_form_and_what_is_typed_becomes_a_recommendation(scene: Running) -> None:
    with at_desk(scene, "lena", ENDED):
        assert "Propose a recommendation" not in texts(page.layout(str(scene.operation)))
    with at_desk(scene, "dov", ENDED) as said:
        shown = page.layout(str(scene.operation))
        assert "Propose a recommendation" in texts(shown)
        assert {each.label for each in found_in(shown, "Select")} == {"Found by", "Area", "Owner"}
        press(page.propose, page.FORM.send, scene.operation, TYPED, uuid4())
        assert "waits for a decision" in str(said)
        assert "Search every flight." in texts(page.layout(str(scene.operation)))


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_kept(scene: Running) -> None:
    with at_desk(scene, "dov", ENDED), pytest.raises(RuleBroken) as refused:
        press(page.propose, page.FORM.send, scene.operation, TYPED | {"text": " ", "owner": None, "due": None}, uuid4())
    assert {flaw.field for flaw in refused.value.flaws} == {"text", "owner", "due"}
    with scene.store.reading(System()) as session:
        assert recommendations.recommendations(session) == []


def test_each_is_offered_what_the_own_role_does(scene: Running) -> None:
    made = recommend(scene)
    assert [offered(scene, name) for name in ("lena", "chaima", "ana", "otto")] == [
        {"accepted", "partly", "rejected"},
        {"accepted", "partly", "rejected"},
        set(),
        set(),
    ]
    take(scene, made, "accepted")
    assert offered(scene, "chaima", show=str(made.id)) == {"under_way", "done", "dropped"}
    take(scene, made, "done")
    assert offered(scene, "ana", show=str(made.id)) == {"closed", "under_way"}
    with at_desk(scene, "moussa", ENDED), pytest.raises(NotFound):
        page.layout(str(scene.operation), show=str(made.id))


def test_a_press_takes_the_step_of_its_own_card_with_the_words_beside_it(scene: Running) -> None:
    made, other = recommend(scene), recommend(scene, text="Another one.")
    with at_desk(scene, "lena", ENDED):
        words = {
            "type": STEPS.beside["type"],
            "to": "accepted",
            "of": {str(other.id): "Not this.", str(made.id): "Yes."},
        }
        press(page.take, step(made, "accepted"), beside=words)
    with scene.store.reading(System()) as session:
        found = {each.text: (each.state, each.reason) for each in recommendations.recommendations(session)}
    assert found == {made.text: ("accepted", "Yes."), "Another one.": ("proposed", "")}


def test_the_file_tells_its_history_and_takes_notes_of_its_owner(scene: Running) -> None:
    made = take(scene, recommend(scene), "accepted", words="It costs little.")
    with at_desk(scene, "chaima", ENDED):
        assert found_in(page.layout(str(scene.operation), show=str(made.id)), "Textarea")[-1].id == NOTE.id("words")
        press(page.write, page.NOTE.send, None, {"words": "The line is ordered."}, uuid4(), shown=str(made.id))
        told = texts(page.layout(str(scene.operation), show=str(made.id)))
    assert told.index("Proposed") > told.index("It costs little.")
    assert all(words in told for words in (made.evidence, "The line is ordered.", "Chaima Abdou", "Debrief"))
    with at_desk(scene, "ana", ENDED):
        assert "How it goes" not in texts(page.layout(str(scene.operation), show=str(made.id)))


def test_all_operations_stand_in_one_list_with_their_share(scene: Running) -> None:
    made = take(scene, take(scene, take(scene, recommend(scene), "accepted"), "done"), "closed")
    take(scene, recommend(scene), "accepted")
    with at_desk(scene, "lena", ENDED):
        shown = across.layout()
        [grid] = found_in(shown, "AgGrid")
        assert "Accepted: 2. Carried out: 1. Overdue: 0. Carried out of those accepted: 50.0" in texts(shown)
        assert "95 %: \u20689–91" in texts(shown)
    assert {row["id"] for row in grid.rowData} >= {str(made.id)}
    assert all(row["href"].endswith(f"?show={row['id']}") for row in grid.rowData)


def test_a_board_shows_what_ended_last_and_folds_the_rest(scene: Running) -> None:
    found = [SimpleNamespace(state=state) for state in [S.CLOSED] * 7 + [S.PROPOSED]]
    with at_desk(scene, "ana"):
        shown = board_page.board(LIFE, found, lambda each: Card(each.state, "/"), "Board")
    names = [each.children for each in found_in(shown, "Summary")]
    assert names == ["2 earlier ones"]
    columns = [each.children[0].children[0] for each in found_in(shown, "Section")]
    assert columns == ["Proposed", "Accepted", "Accepted in part", "Under way", "Reported done", "Closed"]
    assert task_rows.LIFE.words == {}


def test_a_board_of_many_draws_the_first_cards_of_a_column_and_says_how_many_follow(scene: Running) -> None:
    found, asked = [SimpleNamespace(state=state) for state in [S.PROPOSED] * 12 + [S.CLOSED] * 7], []

    def card(each: SimpleNamespace) -> Card:
        asked.append(each.state)
        return Card(each.state, "/")

    with at_desk(scene, "ana"):
        words = texts(board_page.board(LIFE, found, card, "Board", first=10))
    assert asked == [S.PROPOSED] * 10 + [S.CLOSED] * 7, "what is not drawn costs nothing"
    assert "Proposed 12" in words
    assert words.count("and 2 more") == words.count(" more") == 1


def test_the_form_begins_empty_and_asks_what_the_draft_says() -> None:
    assert list(FORM.said) == ["text", "evidence", "source", "area", "owner", "due"]
    assert all(FORM.start(name) is None for name in FORM.said)
