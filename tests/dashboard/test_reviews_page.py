"""Reviews and projects on the screen, as functions: what each role is offered, presses, warnings and what is told."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dashboard.screens.equipment import projects, reviews
from dashboard.screens.equipment.project_parts import MARK, PART, SUM
from operations.core.errors import NotFound, RuleBroken
from operations.modernisation.project_rows import Project
from operations.modernisation.review_rows import Review
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.makers import Running
from tests.modernisation import (
    FOUND,
    ask_draft,
    asked,
    brought,
    finding_draft,
    milestone_draft,
    money_draft,
    project_draft,
    reviewed,
    sign_draft,
    visit_draft,
    whole,
)
from tests.modernisation import found_in as agreed_finding
from tests.programme import BEGUN, post_of, reads, state_of


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def offered(scene: Running, name: str, screen: Any, ident: Any) -> set[str]:
    """What the buttons of a file lead to, by their states or names."""
    with at_desk(scene, name, BEGUN):
        shown = screen.layout(show=str(ident))
    ids = [each.id for each in found_in(shown, "Button")]
    return {each["to"] if isinstance(each, dict) else str(each) for each in ids}


def step(act: Any, ids: Any, of: Any, to: str, words: str) -> None:
    """Press a step that needs words, with what was typed beside it."""
    beside = {"type": ids.beside["type"], "of": {str(of): words}, "to": to}
    press(act, {"type": ids.buttons["type"], "of": str(of), "to": to}, beside=beside)


def typed_of(draft: Any) -> dict[str, Any]:
    """What stands in the form of a draft."""
    found: dict[str, Any] = draft.model_dump(mode="json", exclude={"id"})
    return found


def test_a_review_is_asked_visited_and_written_down_with_the_cost_in_a_currency(scene: Running) -> None:
    typed = typed_of(ask_draft(post_of(scene)))
    with at_desk(scene, "chaima", BEGUN):
        press(reviews.ask, reviews.FORM.send, None, typed, uuid4())
        [grid] = found_in(reviews.layout(), "AgGrid")
    assert [(row["post"], row["state"], row["findings"]) for row in grid.rowData] == [
        ("Niamey airport", "Review asked for", 0)
    ]
    [made] = reads(scene, "ana", reviews.verbs.reviews)
    assert offered(scene, "ana", reviews, made.id) == {"prepared", "dropped"}
    assert offered(scene, "chaima", reviews, made.id) == {"refused"}
    reviewed(scene, made, "prepared")
    assert reviews.VISIT.send in offered(scene, "ana", reviews, made.id)
    shown = {"shown": str(made.id)}
    with at_desk(scene, "ana", BEGUN):
        press(reviews.visit, reviews.VISIT.send, None, typed_of(visit_draft()), **shown)
        with pytest.raises(RuleBroken) as refused:
            press(
                reviews.write,
                reviews.FINDING.send,
                None,
                typed_of(finding_draft()) | {"currency": None},
                uuid4(),
                **shown,
            )
        press(reviews.write, reviews.FINDING.send, None, typed_of(finding_draft()), uuid4(), **shown)
        told = texts(reviews.layout(show=str(made.id)))
    assert [flaw.field for flaw in refused.value.flaws] == ["currency"]
    assert all(words in told for words in ("9,000 EUR", "At once", "The server stops in each cut of power."))
    with at_desk(scene, "chaima", BEGUN):
        told = texts(reviews.layout(show=str(made.id)))
    assert "when they are sent" in told
    assert "The server stops" not in told
    for name in ("moussa", "boubacar"):
        with at_desk(scene, name, BEGUN), pytest.raises(NotFound):
            reviews.layout(show=str(made.id))


def test_the_country_comments_on_a_finding_and_agrees(scene: Running) -> None:
    made = reviewed(scene, asked(scene, post_of(scene)), *FOUND)
    [one] = reads(scene, "ana", reviews.verbs.valid_findings, made.id)
    shown = {"shown": str(made.id)}
    with at_desk(scene, "chaima", BEGUN):
        typed = {"finding_id": str(one.id), "words": "A generator comes in May."}
        press(reviews.comment, reviews.COMMENT.send, None, typed, uuid4(), **shown)
        press(
            reviews.comment, reviews.COMMENT.send, None, {"finding_id": None, "words": "Thank you."}, uuid4(), **shown
        )
        press(reviews.take, {"type": reviews.PAGE.steps.buttons["type"], "of": str(made.id), "to": "agreed"})
    with at_desk(scene, "ana", BEGUN):
        told = texts(reviews.layout(show=str(made.id)))
    assert "A generator comes in May." in told
    assert "Thank you." in told
    assert state_of(scene, Review, made.id) == "agreed"


def test_a_finding_is_withdrawn_on_the_page_with_its_reason(scene: Running) -> None:
    made = reviewed(scene, asked(scene, post_of(scene)), *FOUND, "visited")
    [one] = reads(scene, "ana", reviews.verbs.valid_findings, made.id)
    with at_desk(scene, "ana", BEGUN):
        with pytest.raises(RuleBroken, match="Give the reason"):
            step(reviews.withdraw, reviews.EACH, one.id, "withdrawn", " ")
        step(reviews.withdraw, reviews.EACH, one.id, "withdrawn", "Counted twice.")
        told = texts(reviews.layout(show=str(made.id)))
    assert "Counted twice." in told


def test_a_project_gathers_pays_reaches_and_is_signed(scene: Running) -> None:
    agreed_finding(scene, post_of(scene))
    with at_desk(scene, "chaima", BEGUN):
        press(projects.propose, projects.FORM.send, None, typed_of(project_draft()), uuid4())
    [made] = reads(scene, "ana", projects.verbs.projects)
    shown, ident = {"shown": str(made.id)}, str(made.id)
    assert offered(scene, "chaima", projects, ident) == {projects.GATHER.send, projects.DUE.send}
    with at_desk(scene, "ana", BEGUN) as said:
        [free] = reads(scene, "ana", projects.project_parts.unassigned_items, made)
        press(projects.gather, projects.GATHER.send, None, {"parts": [free.key]}, **shown)
        press(projects.pay, projects.PAY.send, None, typed_of(money_draft()), uuid4(), **shown)
        press(projects.due, projects.DUE.send, None, typed_of(milestone_draft()), uuid4(), **shown)
    brought(scene, made, "approved")
    with at_desk(scene, "ana", BEGUN) as said:
        press(projects.pay, projects.PAY.send, None, typed_of(money_draft("spent", 20)), uuid4(), **shown)
        assert "More is spent than committed in EUR." in str(said)
        told = texts(projects.layout(show=ident))
        [grid] = found_in(projects.layout(), "AgGrid")
    assert all(words in told for words in ("A battery for four hours.", "9,000 EUR", "20 EUR", "The room is cleared"))
    [row] = grid.rowData
    assert (row["planned"], row["committed"], row["spent"]) == ("9,000 EUR", "—", "20 EUR")
    assert row["until"] == made.planned_for.isoformat()
    assert len({each["field"] for each in grid.columnDefs}) == len(grid.columnDefs)
    brought(scene, made, "under_way")
    with at_desk(scene, "chaima", BEGUN):
        told = texts(projects.layout(show=ident))
        assert "Open milestones: 1. Complete or drop them first." in told
        [mark] = reads(scene, "ana", projects.verbs.milestones, made.id)
        step(projects.reach, MARK, mark.id, "done", "A photo.")
        press(projects.sign, projects.SIGN.send, None, typed_of(sign_draft(condition="A cable is missing.")), **shown)
        told = texts(projects.layout(show=ident))
    assert "A cable is missing." in told
    assert state_of(scene, Project, made.id) == "handed_over"


def test_parts_and_sums_are_taken_back_with_a_reason_and_the_board_says_what_is_late(scene: Running) -> None:
    made = whole(scene)
    [sum_] = reads(scene, "ana", projects.verbs.money, made.id)
    [part] = reads(scene, "ana", projects.project_parts.parts, made.id)
    with at_desk(scene, "ana", BEGUN):
        step(projects.unpay, SUM, sum_.id, "withdrawn", "A nought too many.")
        step(projects.part, PART, part.id, "withdrawn", "Another year.")
        told = texts(projects.layout(show=str(made.id)))
    assert "A nought too many." in told
    assert "Nothing belongs to it yet." in told
    with at_desk(scene, "lena", BEGUN.replace(year=BEGUN.year + 1)):
        assert "Overdue" in texts(projects.layout())
    assert offered(scene, "lena", projects, made.id) == {"approved", "stopped"}
    for name in ("moussa", "bruno", "boubacar"):
        with at_desk(scene, name, BEGUN), pytest.raises(NotFound):
            projects.layout(show=str(made.id))
