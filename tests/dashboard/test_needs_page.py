"""Needs on the screen, as functions: what each role is offered, that a press does what it says, and the paper."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dashboard.screens.needs import findings, investment_ranking, page, paper, stakeholders
from dashboard.screens.needs.page import SCORE, STEPS
from operations.core.errors import NotFound, RuleBroken
from operations.core.people import System
from operations.needs import assessments
from operations.needs.readiness import CRITERIA
from operations.needs.rows import AREAS, Assessment
from operations.posts import register
from tests.dashboard.desks import at_desk, found_in, open_scene, press, stores_of, texts
from tests.makers import Running
from tests.programme import (
    BEGUN,
    brought,
    condition_draft,
    does,
    findings_draft,
    post_of,
    reads,
    request_draft,
    requested,
    score_draft,
    talk_draft,
)


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def offered(scene: Running, name: str, made: Assessment) -> set[str]:
    """To which states the buttons of its file lead."""
    with at_desk(scene, name, BEGUN):
        shown = page.layout(show=str(made.id))
    ids = [each.id for each in found_in(shown, "Button") if isinstance(getattr(each, "id", None), dict)]
    return {each["to"] for each in ids if "to" in each}


def test_what_is_typed_becomes_a_request_and_its_place_is_in_list_and_board(scene: Running) -> None:
    post = post_of(scene)
    typed = request_draft(post).model_dump(mode="json", exclude={"id"})
    with at_desk(scene, "chaima", BEGUN):
        assert "Request an assessment" in texts(page.layout())
        press(page.request, page.FORM.send, None, typed, uuid4())
        shown = page.layout()
        with pytest.raises(RuleBroken) as refused:
            press(page.request, page.FORM.send, None, {"post_id": None, "purpose": " ", "planned_for": None}, uuid4())
    assert {flaw.field for flaw in refused.value.flaws} == {"post_id", "purpose", "planned_for"}
    [grid] = found_in(shown, "AgGrid")
    assert [(row["post"], row["state"], row["readiness"]) for row in grid.rowData] == [
        ("Niamey airport", "Requested", None)
    ]
    assert "Niamey airport" in texts(found_in(shown, "Section"))
    with at_desk(scene, "bruno", BEGUN):
        assert "Request an assessment" not in texts(page.layout())


def test_each_is_offered_what_the_own_role_does(scene: Running) -> None:
    made = requested(scene, post_of(scene))
    assert [offered(scene, name, made) for name in ("ana", "chaima", "boubacar")] == [
        {"desk_review"},
        {"refused"},
        set(),
    ]
    brought(scene, made, "desk_review", "visit", "scored")
    assert [offered(scene, name, made) for name in ("chaima", "boubacar")] == [{"validated", "visit"}, set()]
    with at_desk(scene, "moussa", BEGUN), pytest.raises(NotFound):
        page.layout(show=str(made.id))


def test_scores_and_findings_are_typed_during_the_visit_and_refusals_stand_at_their_fields(scene: Running) -> None:
    made = brought(scene, requested(scene, post_of(scene)), "desk_review", "visit")
    typed: dict[str, Any] = score_draft("power").model_dump(mode="json", exclude={"id"}) | {"score": "1"}
    found = findings_draft().model_dump(mode="json")
    with at_desk(scene, "bruno", BEGUN):
        assert "Score an area" in texts(page.layout(show=str(made.id)))
        press(page.answer, page.SCORE.send, None, typed, uuid4(), shown=str(made.id))
        press(findings.find, findings.FORM.send, None, found, shown=str(made.id), version=0)
        told = texts(page.layout(show=str(made.id)))
        with pytest.raises(RuleBroken) as refused:
            press(page.answer, page.SCORE.send, None, typed | {"evidence": ""}, uuid4(), shown=str(made.id))
    assert [flaw.field for flaw in refused.value.flaws] == ["evidence"]
    assert all(words in told for words in ("25.0 of 100", "Half of the counters.", "320", "Feasible with works"))
    with at_desk(scene, "chaima", BEGUN):
        assert "Score an area" not in texts(page.layout(show=str(made.id)))
    assert (SCORE.start("score"), findings.FORM.start("feasibility")) == (None, "unknown")


def test_a_press_takes_the_step_with_the_words_beside_it(scene: Running) -> None:
    made = brought(scene, requested(scene, post_of(scene)), "desk_review", "visit", "scored")
    with at_desk(scene, "chaima", BEGUN):
        beside = {"type": STEPS.beside["type"], "to": "visit", "of": {str(made.id): "Read the log."}}
        button = {"type": STEPS.buttons["type"], "of": str(made.id), "to": "visit"}
        press(page.take, button, beside=beside)
        assert "Read the log." in texts(page.layout(show=str(made.id)))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_paper_of_an_assessment_is_a_pdf_and_is_written_to_the_trail(scene: Running, language: str) -> None:
    made = brought(scene, requested(scene, post_of(scene)), "desk_review", "visit", "scored")
    with at_desk(scene, "chaima", BEGUN):
        content, name = paper.paper(scene.store, made.id, language, scene["chaima"])
        with pytest.raises(NotFound):
            paper.paper(scene.store, made.id, language, scene["moussa"])
    assert content.startswith(b"%PDF")
    assert name.endswith(".pdf")
    with scene.store.reading(System()) as session:
        post, scores = register.post(session, made.post_id), assessments.scores(session, made.id)
        said = paper.written(session.get_one(Assessment, made.id), post, scores)
    assert len(said.sections) == 1 + len(AREAS)
    assert ("Queries a month today", "320") in said.sections[0].pairs


def test_the_reader_moves_the_weights_and_the_order_follows(scene: Running) -> None:
    first, other = post_of(scene), post_of(scene, name="Gaya", ref="")
    does(scene, "chaima", register.describe, first.id, condition_draft(online_hours=24, passages=9000), 0)
    does(scene, "chaima", register.describe, other.id, condition_draft(online_hours=0, passages=10), 0)
    with at_desk(scene, "lena", BEGUN):
        [grid] = found_in(investment_ranking.layout(), "AgGrid")
        orders = [
            [row["post"] for row in investment_ranking.weigh([10.0 if each == name else 0.0 for each in CRITERIA])[0]]
            for name in ("traffic", "network")
        ]
        mapped = investment_ranking.weigh([10.0 if each == "network" else 0.0 for each in CRITERIA])[1]["features"]
    assert [(each["name"], each["number"], each["note"]) for each in mapped] == [
        ("Gaya", "1", "Worth 100.0 of 100"),
        ("Niamey airport", "2", "Worth 0.0 of 100"),
    ]
    assert len(grid.rowData) == 2
    assert {row["stays"] for row in grid.rowData} == {100}
    assert orders == [["Niamey airport", "Gaya"], ["Gaya", "Niamey airport"]]


def test_a_talk_is_written_down_and_followed_up(scene: Running) -> None:
    typed = talk_draft().model_dump(mode="json", exclude={"id"})
    with at_desk(scene, "chaima", BEGUN):
        press(stakeholders.write, stakeholders.FORM.send, None, typed, uuid4())
        shown = stakeholders.layout()
        [words] = [each for each in found_in(shown, "Textarea") if isinstance(each.id, dict)]
        ident = words.id["of"]
        beside = {"type": stakeholders.Ids.WORDS.value, "of": {ident: "It is signed."}}
        press(stakeholders.follow, {"type": stakeholders.Ids.FOLLOW.value, "of": ident}, beside=beside)
        assert "It is signed." in texts(stakeholders.layout())
    with at_desk(scene, "moussa", BEGUN):
        assert "Directorate of border police" not in texts(stakeholders.layout())
    assert reads(scene, "ana", assessments.assessments) == []


def test_follow_ups_are_an_agenda_by_when_they_are_due(scene: Running) -> None:
    for name, due in (("Late", "2026-02-20"), ("Far", "2026-12-01"), ("Open", None), ("Soon", "2026-03-20")):
        does(scene, "chaima", stakeholders.stakeholders.engage, talk_draft(counterpart=name, due=due))
    does(scene, "chaima", stakeholders.stakeholders.engage, talk_draft(counterpart="Done", follow_up="", due=None))
    with at_desk(scene, "chaima", BEGUN):
        shown = stakeholders.layout()
    parts = [" ".join(texts(each).split()) for each in found_in(shown, "Section")]
    heads = ("Overdue 1 20 Feb 2026", "In the next 30 days 1 20 Mar 2026", "Later 1 1 Dec 2026", "No day set 1")
    for part, head, name in zip(parts, heads, ("Late", "Soon", "Far", "Open"), strict=True):
        assert part.startswith(head)
        assert f"{name} \u00b7 Niger" in part
    [past] = [each for each in found_in(shown, "Details") if "nothing to follow up" in texts(each)]
    assert "Done \u00b7 Niger" in " ".join(texts(past).split())
    assert past.open is False


def test_what_another_found_meanwhile_is_not_written_over(scene: Running) -> None:
    """The page of the second is open while the first saves: the pulse draws the file again, and not the form."""
    made = brought(scene, requested(scene, post_of(scene)), "desk_review", "visit")
    typed = findings_draft(baseline_queries=90).model_dump(mode="json")
    with at_desk(scene, "bruno", BEGUN) as told:
        stores = stores_of(page.layout(show=str(made.id)))
        does(scene, "ana", assessments.record_findings, made.id, findings_draft(), 0)
        with scene.store.reading(scene["bruno"]) as session:
            stores |= stores_of(page.file(session, scene["bruno"], str(made.id)))
        given = {
            "shown": str(made.id),
            "version": stores[findings.VERSIONS.version],
            "base": stores[findings.VERSIONS.base],
        }
        met = press(findings.find, findings.FORM.send, None, typed, **given)
        assert "Somebody changed this while you were writing" in str(told)
        version, _base, both, *_fields = met["shown"]
        assert (version, both) == (1, {"baseline_queries": {"mine": 90, "theirs": 320}})
        press(findings.find, findings.FORM.send, None, typed, **given | {"version": version})
    with scene.store.reading(System()) as session:
        assert session.get_one(Assessment, made.id).baseline_queries == 90


def test_a_long_ranking_comes_with_its_first_rows_and_all_of_them_when_they_are_needed(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        post_of(scene, name=f"Post {number}", ref="")
    equal = [5.0] * len(CRITERIA)
    sent = {}
    for first in (3, 5):
        monkeypatch.setattr(investment_ranking, "FIRST", first)
        with at_desk(scene, "ana", BEGUN):
            shown = investment_ranking.layout()
            [grid] = found_in(shown, "AgGrid")
            [wanted] = [each.data for each in found_in(shown, "Store") if each.id == f"{investment_ranking.LIST}-whole"]
            sent[first] = len(grid.rowData), bool(grid.dashGridOptions.get("context")), wanted
            rows = [investment_ranking.weigh(equal, None, None, every)[0] for every in (None, True)]
            assert [len(each) for each in rows] == [first, 5]
            assert rows[0] == rows[1][:first] == grid.rowData
    assert sent == {3: (3, True, False), 5: (5, False, True)}
