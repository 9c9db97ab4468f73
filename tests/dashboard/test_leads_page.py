"""Leads that are about no case: who was asked finds them and answers; nobody else learns that there are any."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dashboard.screens.leads import page
from dashboard.screens.leads.page import Ids
from operations.core.errors import MusterError
from operations.policing.leads import leads
from tests.dashboard.desks import at_desk, open_scene, press, texts
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


def test_the_asked_country_finds_the_question_and_answers_it(scene: Running) -> None:
    made = shared(scene)
    with at_desk(scene, "moussa"):
        words = texts(page.layout(str(scene.operation), lead=str(made.id)))
        assert QUESTION in words
        assert "Niger asks" in words
        assert "Positive" in words
        shown = press(
            page.answer,
            button(made, "negative"),
            scene.operation,
            client=uuid4(),
            beside=beside(made, "Nobody saw it."),
        )
        assert "Nobody saw it." in texts(shown["shown"][0])
        assert "Positive" not in texts(page.layout(str(scene.operation)))
    with at_desk(scene, "chaima"):
        words = texts(page.layout(str(scene.operation)))
        assert "Nobody saw it." in words
        assert "What you found" not in words


def test_who_was_not_asked_learns_nothing_and_answers_nothing(scene: Running) -> None:
    made = shared(scene)
    with at_desk(scene, "bruno"):
        assert QUESTION not in texts(page.layout(str(scene.operation)))
        with pytest.raises(MusterError):
            press(page.answer, button(made, "positive"), scene.operation, client=uuid4(), beside=beside(made, ""))
    with scene.store.reading(scene["chaima"]) as session:
        assert leads.answers(session, made.id) == []


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_it_is_said_in_every_language(scene: Running, language: str) -> None:
    shared(scene)
    with at_desk(scene, "moussa", language=language):
        words = texts(page.layout(str(scene.operation)))
    assert QUESTION in words
    assert "What is asked" not in words
    assert "asks" not in words.split()
