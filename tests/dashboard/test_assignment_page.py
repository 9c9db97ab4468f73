"""The assignment page as functions: a proposal at once, decided, improved and accepted, or a sentence why not."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from dash import no_update
from dash.exceptions import PreventUpdate

from dashboard.screens.analysis import page as analysis_page
from dashboard.screens.assignment import form as assignment_form
from dashboard.screens.assignment import page
from dashboard.screens.assignment import proposal as assignment_proposal
from dashboard.screens.assignment import view as assignment_view
from operations.analyses import worker
from operations.analyses.questions.assignment import AssignmentQuestion, TeamNeedPair
from operations.core import clock
from operations.core.errors import NotFound, NotPermitted, RuleBroken
from operations.core.permissions import may
from operations.policing import analyses
from operations.policing.operation import plan
from operations.support import deployments, suitability_facts
from tests import turns
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, press, texts
from tests.makers import START, Running
from tests.staffing import staffed


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


@pytest.fixture
def asked(scene: Running) -> Running:
    staffed(scene, START)
    return scene


def opened(scene: Running, by: str = "ana", language: str = "en") -> Any:
    with at_desk(scene, by, language=language):
        return page.layout(str(scene.operation))


def content(**changes: Any) -> dict[str, Any]:
    return AssignmentQuestion(**changes).model_dump(mode="json")


def refreshed(scene: Running, question: dict[str, Any], shown: str | None = None, by: str = "ana") -> dict[str, Any]:
    with at_desk(scene, by):
        told = page.refresh(1, str(scene.operation), [None] * 3, content=question, shown=shown, _ticks=0)
        going = page.refresh_progress(1, str(scene.operation), [None] * 2, shown=shown, _ticks=0)
    names = ("decided", "head", "answer", "progress", "still")
    return dict(zip(names, [*told["shown"], *going["shown"]], strict=True)) | {"marks": told["marks"]}


def rows(scene: Running, question: dict[str, Any]) -> dict[str, assignment_view.NeedRow]:
    with at_desk(scene, "ana"), page.reading() as session:
        operation = plan.operation(session, scene.operation, scene["ana"])
        asked_for = assignment_form.checked(question)
        ground = assignment_proposal.ground_of(session, operation, asked_for)
        found = assignment_view.rows_of(
            ground, assignment_proposal.answer_of(session, asked_for, None, ground)["figures"]
        )
        return {row.slot.title: row for row in found}


def decide(scene: Running, question: dict[str, Any], pressed: dict[str, Any] | None = None, **values: Any) -> Any:
    """Press a button of the page, or type into its form."""
    with at_desk(scene, "ana"):
        if pressed is not None:
            return press(page.decide, pressed, content=question)["shown"]
        return page.change({name: question[name] for name in page.FORM.states()} | values, question)


# ---------------------------------------------------------------------------------------------------- who sees it


def test_the_coordination_has_the_page_and_nobody_else(asked: Running) -> None:
    for name in ("bruno", "boubacar", "chaima", "lena", "otto", "ada"):
        assert not may(asked[name], page.NAV.act)
    assert "Proposal" in texts(opened(asked, "dov"))
    assert "offered teams" not in texts(opened(asked, "dov"))
    with at_desk(asked, "ana"), pytest.raises(NotFound):
        page.layout(str(uuid4()))


def test_an_analyst_who_presses_accept_all_the_same_accepts_nothing(asked: Running) -> None:
    with at_desk(asked, "dov"), pytest.raises((NotPermitted, NotFound)):
        press(page.adopt, page.ADOPT, asked.operation, content=content(), shown=None)


# -------------------------------------------------------------------------------------------------- the proposal


def test_before_anything_is_asked_the_page_says_what_to_do(scene: Running) -> None:
    assert "No request for assistance is open. Raise a request first." in texts(opened(scene))


def test_a_proposal_stands_at_once_with_value_bound_gap_and_reasons(asked: Running) -> None:
    told = texts(opened(asked))
    for words in (
        "3 of 4 open needs are met",
        "at most",
        "Gap",
        "first come: 3",
        "Accept 3 offered teams",
        "What would have to change:",
        "The team lacks a specialism that is needed: Child protection.",
        "The team does not speak a language that is needed: Arabic.",
        "could come as well.",
        "In force",
    ):
        assert words in told, words
    found = rows(asked, content())
    assert found["Interviews of children"].proposed == ""
    assert found["Registration of fingerprints"].in_force == found["Registration of fingerprints"].proposed


def test_the_chart_shows_what_is_in_force_and_what_is_proposed(asked: Running) -> None:
    named = [str(getattr(each, "className", "")) for each in found_in(opened(asked), "Span")]
    bars = [each.split("--")[1] for each in named if each.startswith("assign-bar ")]
    assert sorted(bars) == ["kept", "new", "new", "new", "unmet"]


def test_what_is_locked_comes_and_what_is_ruled_out_does_not(asked: Running) -> None:
    first = rows(asked, content())["Airport, second line"]
    lock = {"type": page.LOCK, "need": first.slot.key, "team": first.proposed}
    question, shown = decide(asked, content(), lock)
    assert (question["locked"], shown) == ([{"need": first.slot.key, "team": first.proposed}], None)
    assert "1 assignment is locked." in texts(refreshed(asked, question)["decided"])
    out = {"type": page.OUT, "need": first.slot.key, "team": first.proposed}
    question, _shown = decide(asked, question, out)
    assert question["locked"] == []
    second = rows(asked, question)["Airport, second line"]
    assert second.proposed not in ("", first.proposed)
    assert "was ruled out." in texts(refreshed(asked, question)["answer"])
    question, _shown = decide(asked, question, {"type": page.RELEASE, "all": True})
    assert question == content()


def test_decisions_that_cannot_all_hold_say_which_to_release(asked: Running) -> None:
    found = rows(asked, content())
    team = found["Airport, second line"].proposed
    pairs = [
        TeamNeedPair(need=found[title].slot.key, team=team)
        for title in ("Airport, second line", "Night shift at the bus station")
    ]
    told = texts(refreshed(asked, content(locked=pairs))["answer"])
    assert "This locked assignment is not possible" in told
    assert "The team is at" in told
    assert team not in told


def test_what_is_typed_wrongly_is_said_beside_its_field(asked: Running) -> None:
    with pytest.raises(RuleBroken) as refused:
        decide(asked, content(), budget=-5)
    assert [flaw.field for flaw in refused.value.flaws] == ["budget"]
    assert decide(asked, content()) == [no_update, no_update]
    question, _shown = decide(asked, content(), budget=100, offered_only=True)
    assert (question["budget"], question["offered_only"]) == (100.0, True)
    told = texts(refreshed(asked, question)["answer"])
    assert "0 of 4 open needs are met" in told
    assert "if the budget were" in told


def test_what_if_accepted_teams_could_change(asked: Running) -> None:
    found = rows(asked, content(keep_accepted=False))["Registration of fingerprints"]
    assert (found.in_force, found.proposed) == (found.proposed, found.in_force)
    assert found.planned is not None


# ------------------------------------------------------------------------------------------- improved and accepted


def improve(scene: Running, question: dict[str, Any]) -> str:
    with at_desk(scene, "ana"):
        after = press(page.improve, page.IMPROVE, scene.operation, client=uuid4(), content=question)
    assert after["client"] != after["shown"][0]
    return str(after["shown"][0])


def test_a_worker_improves_it_and_tells_how_good_it_can_be(asked: Running) -> None:
    question = content(seconds=5)
    shown = improve(asked, question)
    waiting = refreshed(asked, question, shown)
    assert "Waiting for its turn" in texts(waiting["progress"])
    assert waiting["still"] is False
    with clock.at(EVENING):
        assert worker.step(asked.store, "test")
    done = refreshed(asked, question, shown)
    assert done["still"] is True
    assert "proven best" in texts(done["answer"])
    assert "Look further" not in texts(done["head"])
    with at_desk(asked, "ana"), pytest.raises(PreventUpdate):
        page.refresh(2, str(asked.operation), done["marks"], content=question, shown=shown, _ticks=0)
    assert opened(asked) is not None


def test_a_stopped_worker_is_told_and_an_assignment_is_no_question_of_the_analysis_page(asked: Running) -> None:
    shown = improve(asked, content())
    with at_desk(asked, "ana"):
        assert press(page.stop, page.STOP, shown=shown)["shown"] == [shown]
    with asked.store.reading(asked["ana"]) as session:
        assert analyses.analysis(session, page.known_id(shown)).state == "cancelled"
    with at_desk(asked, "ana"):
        assert "Nothing was asked yet" in texts(analysis_page.layout(str(asked.operation)))


def test_accepting_makes_deployments_of_the_offers_that_the_proposal_takes(
    asked: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = turns.noted(monkeypatch, suitability_facts, "stops")
    with at_desk(asked, "ana") as said:
        with pytest.raises(PreventUpdate):
            press(page.adopt, page.ADOPT, asked.operation, value=None, content=content(), shown=None)
        press(page.adopt, page.ADOPT, asked.operation, content=content(), shown=None)
    assert "3 teams are accepted" in str(said)
    assert len(ways) == 3
    assert not any(ways)  # a way by road is not sought in a turn to write
    with asked.store.reading(asked["ana"]) as session:
        assert len(deployments.deployments(session, asked.operation)) == 4
    after = rows(asked, content())
    assert sum(row.in_force != "" for row in after.values()) == 4
    assert "Accept" not in texts(refreshed(asked, content())["head"])


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_the_page_speaks_the_reader_s_language(asked: Running, language: str) -> None:
    told = texts(opened(asked, language=language))
    assert "open needs" not in told
    assert "Child protection" not in told
