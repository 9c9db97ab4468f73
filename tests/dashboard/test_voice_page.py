"""The page where the coordination keys reports, and the card that an officer has in the pocket."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from dashboard.screens.people_here import voice_card
from dashboard.screens.voice import page
from operations.core.errors import NotFound
from operations.core.languages import LOCALES
from operations.policing.reports import voice
from tests import pdf_text
from tests.dashboard.desks import at_desk, open_scene, press, texts
from tests.dashboard.test_papers import check_accessible
from tests.makers import START, Running
from tests.operations.test_voice import code, posting

NOW = START + timedelta(days=2, hours=10)


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def test_a_code_is_read_back_and_sent_for_its_officer(scene: Running) -> None:
    with at_desk(scene, "ana", NOW):
        told, wrong = page.read(code(scene), str(scene.operation))
        assert wrong == ""
        for words in ("Bruno Issoufou", "Database query · SLTD (travel documents)", "140"):
            assert words in texts(told), words
        typed = {"code": code(scene), "read_back": True}
        listed, _read, checked = press(page.send, page.SEND, scene.operation, typed)["shown"]
        assert checked is False
        for words in ("Bruno Issoufou", "Niamey", "Submitted"):
            assert words in texts(listed), words
        told, wrong = page.read(code(scene)[:-1] + str((int(code(scene)[-1]) + 1) % 10), str(scene.operation))
        assert (told, wrong) == ([], "The message after the card has a wrong digit. Ask for it again, digit by digit.")


def test_the_page_is_for_the_coordination_alone(scene: Running) -> None:
    for name in ("bruno", "chaima", "dov", "lena"):
        with at_desk(scene, name, NOW), pytest.raises(NotFound):
            page.layout(str(scene.operation))


@pytest.mark.parametrize("language", LOCALES)
def test_the_card_says_the_number_the_rows_and_how_the_check_digit_is_made(scene: Running, language: str) -> None:
    post = posting(scene)
    with at_desk(scene, "chaima", NOW, language):
        content, name = voice_card.paper(scene.store, post, language, scene["chaima"])
    check_accessible(content, language)
    said = pdf_text.words(content)
    card = voice.card_number(post)
    assert name == f"muster-voice-card-{card}.pdf"
    for words in (f"{card[:4]} {card[4:]}", "Bruno Issoufou", "Niamey", "4 2 0 6 8 7 1 3 5 9"):
        assert words in said or all(word in said for word in words.split()), words  # by the reader, right to left


def test_the_card_of_another_country_is_nobodys(scene: Running) -> None:
    post = posting(scene)
    for name in ("ana", "dov", "lena"):
        with at_desk(scene, name, NOW), pytest.raises(NotFound):
            voice_card.paper(scene.store, post, "en", scene[name])
    with at_desk(scene, "chaima", NOW), pytest.raises(NotFound):
        voice_card.paper(scene.store, uuid4(), "en", scene["chaima"])
