"""The page on which a lesson becomes part of a template, or is left out."""

from pathlib import Path

import pytest

from dashboard.screens.templates import page
from operations.core.errors import NotFound
from operations.evaluation.debrief import Lesson
from operations.templates import library
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.evaluations import ENDED
from tests.makers import Running
from tests.operations.test_template_lessons import decide, learned

TYPED = {"into": "task", "title": "Connect the second line", "phase": "1", "due_day": 5, "section": None, "text": ""}


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


@pytest.fixture
def lesson(scene: Running) -> Lesson:
    made = learned(scene)
    decide(scene, made)
    return made


def test_the_templates_say_which_lessons_wait(scene: Running, lesson: Lesson) -> None:
    with at_desk(scene, "ana", ENDED):
        drawn = page.layout()
        words = texts(drawn)
    assert "Lessons for templates" in words
    assert lesson.text in words
    assert "From the lesson of" in words
    assert f"/templates?lesson={lesson.id}" in [each.href for each in found_in(drawn, "Link")]


def test_a_lesson_is_taken_as_typed_and_the_list_says_into_which_version(scene: Running, lesson: Lesson) -> None:
    with at_desk(scene, "ana", ENDED):
        shown = page.layout(lesson=str(lesson.id))
        assert lesson.text in texts(shown)
        assert page.Ids.TAKE in [getattr(each, "id", None) for each in found_in(shown, "Button")]
        done = press(page.take, page.Ids.TAKE, typed=TYPED, lesson=str(lesson.id))
        assert done["to"] == "/templates"
        assert "Taken into version 2" in texts(page.layout())
        again = page.layout(lesson=str(lesson.id))
        assert not [each for each in found_in(again, "Button") if getattr(each, "id", None) == page.Ids.TAKE]
    with scene.store.reading(scene["ana"]) as session:
        [template] = [each for each in library.templates(session) if each.kind == "border_stop"]
        assert library.content_of(template).tasks[-1].title == "Connect the second line"


def test_a_lesson_is_left_out_with_its_reason(scene: Running, lesson: Lesson) -> None:
    button = {"type": "lesson-step", "of": str(lesson.id), "to": "declined"}
    with at_desk(scene, "ana", ENDED):
        beside = {"type": "lesson-why", "of": {str(lesson.id): "It concerns one airport alone."}, "to": "declined"}
        press(page.leave, button, beside=beside)
        words = texts(page.layout())
    assert "Left out" in words
    assert "It concerns one airport alone." in words


def test_leadership_reads_it_and_decides_nothing_and_others_find_nothing(scene: Running, lesson: Lesson) -> None:
    with at_desk(scene, "lena", ENDED):
        drawn = page.layout(lesson=str(lesson.id))
        assert lesson.text in texts(drawn)
        assert not found_in(drawn, "Button")
    with at_desk(scene, "dov", ENDED), pytest.raises(NotFound):
        page.layout(lesson=str(lesson.id))
