"""Curricula shared with academies: who shares, who says whether it is taught, and K62."""

from typing import Any

import pytest

from operations.core.errors import NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.training import curricula
from tests.makers import Running
from tests.programme import course_of, course_step, curriculum_step, does, reads, shared_with


def offers(scene: Running, course: Any, name: str, **changes: Any) -> Any:
    content = {"id": new_id(), "country": "NER", "academy": "Niamey"} | changes
    draft = curricula.ShareDraft(**content)
    return does(scene, name, lambda session, by: curricula.offer(session, course.id, draft, by))


def test_a_course_is_shared_once_and_its_country_says_whether_it_is_taught(scene: Running) -> None:
    course = course_of(scene)
    made = offers(scene, course, "ana", academy="Police academy")
    with pytest.raises(RuleBroken, match="shared with this academy already"):
        offers(scene, course, "chaima", academy="Police academy")
    for name in ("moussa", "bruno", "lena"):
        with pytest.raises(NotPermitted):
            offers(scene, course, name)
    for name, count in (("chaima", 1), ("bruno", 1), ("ana", 1), ("lena", 1), ("moussa", 0)):
        found = reads(scene, name, curricula.shared, course.id, scene[name])
        assert len(found) == count, name
        assert bool(found and found[0].offers) is (name == "chaima"), name
    with pytest.raises(NotPermitted):
        does(scene, "ana", curriculum_step(made.id, "adopted"))
    assert does(scene, "chaima", curriculum_step(made.id, "adopted")).adopted_on is not None
    assert does(scene, "chaima", curriculum_step(made.id, "declined")).adopted_on is None
    assert offers(scene, course, "chaima", academy="Police academy").state == "shared"
    does(scene, "ana", course_step(course.id, "retired"))
    with pytest.raises(RuleBroken, match="not accredited"):
        offers(scene, course, "ana", academy="Another")


def test_countries_whose_academy_teaches_are_counted_once(scene: Running) -> None:
    course = course_of(scene)
    ask = lambda name: reads(scene, name, curricula.adopted, scene[name])  # noqa: E731
    assert (ask("lena").number, ask("lena").whole) == (0.0, 2)
    for academy in ("Niamey", "Agadez"):
        does(scene, "chaima", curriculum_step(shared_with(scene, course, academy).id, "adopted"))
    assert [ask(name).number for name in ("lena", "chaima", "moussa")] == [50.0, 100.0, 0.0]
