"""Leads that are about no case: who was asked finds them and answers; nobody else learns that there are any."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dashboard.screens.leads import page
from dashboard.screens.leads.page import Ids
from operations.core.errors import MusterError, NotFound
from operations.policing.leads import leads
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.makers import Running, lead_of

QUESTION = "A white lorry crosses at night: has it been seen?"


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def shared(scene: Running) -> leads.Lead:
    """Niger's question to Mali, sent."""
    made = lead_of(scene)
    with scene.store.unit_of_work(scene["chaima"]) as session:
        return leads.share(session, made.id, scene["chaima"])


def button(made: leads.Lead, what: str) -> dict[str, str]:
    return {"type": Ids.ANSWER, "lead": str(made.id), "answer": what}


def beside(made: leads.Lead, words: str) -> dict[str, Any]:
    return {"type": Ids.FOUND, "lead": {str(made.id): words}}


def listed(scene: Running) -> list[dict[str, Any]]:
    """The rows of the list."""
    [grid] = found_in(page.layout(str(scene.operation)), "AgGrid")
    return list(grid.rowData)


def one(scene: Running, made: leads.Lead) -> str:
    """All words of the page of a lead, where the work list leads."""
    return texts(page.layout(str(scene.operation), show=str(made.id)))


def test_the_asked_country_finds_the_question_and_answers_it(scene: Running) -> None:
    made = shared(scene)
    with at_desk(scene, "moussa"):
        [row] = listed(scene)
        assert (row["question"], row["origin"], row["yours"]) == (QUESTION, "Niger", "Yours to answer")
        assert row["href"] == f"/operations/{scene.operation}/leads?show={made.id}"
        words = one(scene, made)
        assert QUESTION in words
        assert "Positive" in words
        press(page.answer, button(made, "negative"), client=uuid4(), beside=beside(made, "Nobody saw it."))
        assert "Nobody saw it." in one(scene, made)
        assert "Positive" not in one(scene, made)
        assert listed(scene)[0]["yours"] == ""
    with at_desk(scene, "chaima"):
        words = one(scene, made)
        assert "Nobody saw it." in words
        assert "What you found" not in words
        assert listed(scene)[0]["asked"] == "Mali"


def test_a_lead_that_is_late_is_marked_until_it_is_answered(scene: Running) -> None:
    made = shared(scene)
    with at_desk(scene, "moussa", made.due + timedelta(hours=1)):
        assert listed(scene)[0]["late"] == "Overdue"
        press(page.answer, button(made, "positive"), client=uuid4(), beside=beside(made, ""))
        assert listed(scene)[0]["late"] == ""


def test_who_was_not_asked_learns_nothing_and_answers_nothing(scene: Running) -> None:
    made = shared(scene)
    with at_desk(scene, "bruno"):
        assert listed(scene) == []
        with pytest.raises(NotFound):
            one(scene, made)
        with pytest.raises(MusterError):
            press(page.answer, button(made, "positive"), client=uuid4(), beside=beside(made, ""))
    with scene.store.reading(scene["chaima"]) as session:
        assert leads.answers(session, made.id) == []


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_it_is_said_in_every_language(scene: Running, language: str) -> None:
    made = shared(scene)
    with at_desk(scene, "moussa", language=language):
        words = one(scene, made)
        [row] = listed(scene)
    assert QUESTION in words
    assert "Who is asked" not in words
    assert row["yours"] not in ("", "Yours to answer")
