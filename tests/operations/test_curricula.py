"""Curricula shared with academies: who shares, who says whether it is taught, and K62."""

from typing import Any

import pytest
from sqlmodel import Session

from operations.core.errors import NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.exchange import directory
from operations.posts.figures import Value
from operations.training import curricula
from tests.directory import member
from tests.makers import Running
from tests.programme import course_of, course_step, curriculum_step, does, reads, shared_with


def offers(scene: Running, course: Any, name: str, **changes: Any) -> Any:
    content = {"id": new_id(), "country": "NER", "academy": "Niamey"} | changes
    draft = curricula.CurriculumShareDraft(**content)
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


def test_countries_whose_academy_teaches_are_counted_once_among_those_of_the_network(scene: Running) -> None:
    course = course_of(scene)

    def ask(name: str) -> tuple[float | None, int | None, int | None]:
        def asked(session: Session) -> Value:
            return curricula.adopted(session, directory.countries(session), scene[name])

        said = reads(scene, name, asked)
        return said.number, said.part, said.whole

    for academy in ("Niamey", "Agadez"):
        does(scene, "chaima", curriculum_step(shared_with(scene, course, academy).id, "adopted"))
    assert ask("lena") == (None, 0, 0)  # nobody is in the network yet, though both countries have a coordinator
    member(scene, "moussa")
    assert [ask(name) for name in ("lena", "chaima", "moussa")] == [(0.0, 0, 1), (None, 0, 0), (0.0, 0, 1)]
    own = member(scene)
    member(scene, office="Another office")
    assert [ask(name) for name in ("lena", "chaima", "moussa")] == [(50.0, 1, 2), (100.0, 1, 1), (0.0, 0, 1)]
    for each in reads(scene, "lena", directory.members):
        if each.country == own.country:
            does(scene, "chaima", directory.take, each.id, directory.MemberState.LEFT, words="Closed.")
    assert ask("lena") == (0.0, 0, 1)
