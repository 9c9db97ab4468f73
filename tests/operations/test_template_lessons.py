"""A lesson that was adopted is proposed for the template, and changes the next operation that is made of it."""

from datetime import date
from typing import Any

import pytest

from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import NotFound, NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.evaluation import debrief, recommendations
from operations.evaluation.recommendations import RecommendationState
from operations.policing.calendar import tasks
from operations.policing.operation import oplan, plan
from operations.templates import lessons, library
from operations.templates.instantiation import StartDraft, start
from operations.templates.lessons import LessonState, TakeDraft, TemplateLesson
from operations.worklist_entries import waiting
from tests.evaluations import ENDED, draft, evaluated, wrote
from tests.makers import Running
from tests.people import actor


def learned(scene: Running) -> debrief.Lesson:
    """A lesson of the debrief, recommended and accepted by leadership."""
    evaluated(scene)
    wrote(scene)
    content = draft(owner="operation_coordinator").model_dump(exclude={"source"})
    with clock.at(ENDED), scene.store.unit_of_work(scene["dov"]) as session:
        made = debrief.add_lesson(session, scene.operation, parse(debrief.LessonDraft, content), scene["dov"])
        debrief.recommend(session, made.id, scene["dov"])
    return made


def decide(scene: Running, made: debrief.Lesson, to: str = "accepted") -> None:
    with clock.at(ENDED), scene.store.unit_of_work(scene["lena"]) as session:
        recommendations.take(session, made.id, RecommendationState(to), scene["lena"], "So it is.")


def waits(scene: Running, name: str) -> list[str]:
    with scene.store.reading(scene[name]) as session:
        return [each.address for each in waiting(session, scene[name], ENDED) if each.noun == lessons.LIFE.noun]


def take(scene: Running, made: debrief.Lesson, name: str = "ana", **changes: Any) -> TemplateLesson:
    content = {"title": "Connect the second line of the airport", "phase": 1, "due_day": 5} | changes
    with clock.at(ENDED), scene.store.unit_of_work(scene[name]) as session:
        return lessons.take(session, made.id, parse(TakeDraft, content), scene[name])


def template(scene: Running) -> library.Template:
    with scene.store.reading(scene["ana"]) as session:
        return next(each for each in library.templates(session) if each.kind == "border_stop")


def next_operation(scene: Running, of: library.Template | None = None) -> plan.Operation:
    """The next operation that is made of the template."""
    content = {
        "id": new_id(),
        "template": (of or template(scene)).id,
        "code_name": "The next one",
        "zone": "Africa/Niamey",
        "first_day": date(2027, 3, 1),
    }
    with clock.at(ENDED), scene.store.unit_of_work(scene["ana"]) as session:
        return start(session, parse(StartDraft, content), scene["ana"])


def test_an_adopted_lesson_waits_for_the_coordinator_and_changes_the_next_operation(scene: Running) -> None:
    before = template(scene)
    made = learned(scene)
    assert waits(scene, "ana") == []
    decide(scene, made)
    assert waits(scene, "ana") == [f"/templates?lesson={made.id}"]
    assert waits(scene, "dov") == waits(scene, "lena") == waits(scene, "chaima") == []
    taken = take(scene, made)
    assert (taken.state, taken.version) == (LessonState.TAKEN, before.version + 1)
    assert template(scene).version == before.version + 1
    assert waits(scene, "ana") == []
    started = next_operation(scene)
    with scene.store.reading(actor("ana", started.id)) as session:
        titles = [each.title for each in tasks.tasks(session, started.id)]
    assert "Connect the second line of the airport" in titles


def test_a_lesson_becomes_text_of_the_operational_plan(scene: Running) -> None:
    made = learned(scene)
    decide(scene, made, "partly")
    with scene.store.reading(scene["ana"]) as session:
        found = lessons.lesson(session, made.id)
    begun = library.content_of(template(scene))
    take(scene, made, into="oplan", section="command_control", text=found.text)
    started = next_operation(scene)
    with scene.store.reading(actor("ana", started.id)) as session:
        text = oplan.sections(session, started.id)["command_control"].text
    assert text.endswith(f"\n\n{found.text}")
    assert text != found.text, "what the section began with before is still there"
    assert library.content_of(template(scene)).tasks == begun.tasks


def test_the_template_that_the_operation_was_made_of_is_meant(scene: Running) -> None:
    first = template(scene)
    content = library.content_of(first).model_copy(update={"name": "A template of our own"})
    own = parse(library.TemplateDraft, {"id": new_id(), "template_id": new_id(), "content": content})
    with scene.store.unit_of_work(scene["ana"]) as session:
        made = library.save(session, own, scene["ana"])
    started = next_operation(scene, made)
    with scene.store.reading(System()) as session:
        assert lessons._template_of(session, started) == made.template_id != first.template_id


def test_a_lesson_that_is_declined_keeps_its_reason_and_is_gone_from_the_list(scene: Running) -> None:
    made = learned(scene)
    decide(scene, made)
    with scene.store.unit_of_work(scene["ana"]) as session:
        with pytest.raises(RuleBroken):
            lessons.decline(session, made.id, " ", scene["ana"])
        found = lessons.decline(session, made.id, "It concerns one airport alone.", scene["ana"])
        assert (found.state, found.reason) == ("declined", "It concerns one airport alone.")
    assert waits(scene, "ana") == []
    with pytest.raises(RuleBroken, match="decided already"):
        take(scene, made)
    assert template(scene).version == 1


def test_a_rejected_recommendation_and_one_without_a_lesson_propose_nothing(scene: Running) -> None:
    made = learned(scene)
    decide(scene, made, "rejected")
    with clock.at(ENDED), scene.store.unit_of_work(scene["dov"]) as session:
        other = recommendations.propose(session, scene.operation, draft(owner="leadership"), scene["dov"])
    with clock.at(ENDED), scene.store.unit_of_work(scene["lena"]) as session:
        recommendations.take(session, other.id, RecommendationState.ACCEPTED, scene["lena"], "Yes.")
    assert waits(scene, "ana") == []


def test_what_does_not_fit_is_said_at_its_field(scene: Running) -> None:
    made = learned(scene)
    decide(scene, made)
    for field, changes, words in (
        ("title", {"title": None}, "needed"),
        ("phase", {"phase": 20}, "The template has fewer phases: choose the line of one of them"),
        ("section", {"into": "oplan"}, "needed"),
    ):
        with pytest.raises(RuleBroken, match=words) as refused:
            take(scene, made, **changes)
        assert [each.field for each in refused.value.flaws] == [field]
    assert waits(scene, "ana")
    before = template(scene)
    content = library.content_of(before)
    full = content.model_copy(update={"tasks": (content.tasks[0],) * 60})
    draft = {"id": new_id(), "template_id": before.template_id, "supersedes_id": before.id, "content": full}
    with scene.store.unit_of_work(scene["ana"]) as session:
        before = library.save(session, library.TemplateDraft(**draft), scene["ana"])
    with pytest.raises(RuleBroken, match="The template has no room for more of this: change it by its form first"):
        take(scene, made)
    gone = {"id": new_id(), "template_id": before.template_id, "supersedes_id": before.id, "retired": True}
    with scene.store.unit_of_work(scene["ana"]) as session:
        library.save(session, library.TemplateDraft(**gone, content=library.content_of(before)), scene["ana"])
    with pytest.raises(RuleBroken, match="The template is out of use: leave the lesson, or make a template"):
        take(scene, made)


def test_only_who_keeps_templates_and_works_for_the_operation_decides(scene: Running) -> None:
    made = learned(scene)
    decide(scene, made)
    scene.members["stranger"] = actor("ana")
    for name in ("dov", "lena", "chaima", "stranger"):
        with pytest.raises((NotFound, NotPermitted, RuleBroken)):
            take(scene, made, name)
    assert waits(scene, "ana")


def test_a_country_that_accepts_its_own_lesson_proposes_it_too(scene: Running) -> None:
    evaluated(scene)
    wrote(scene)
    content = draft().model_dump(exclude={"source"})
    with clock.at(ENDED), scene.store.unit_of_work(scene["dov"]) as session:
        made = debrief.add_lesson(session, scene.operation, parse(debrief.LessonDraft, content), scene["dov"])
        debrief.recommend(session, made.id, scene["dov"])
    with clock.at(ENDED), scene.store.unit_of_work(scene["chaima"]) as session:
        recommendations.take(session, made.id, RecommendationState.ACCEPTED, scene["chaima"], "Yes.")
    assert waits(scene, "ana") == [f"/templates?lesson={made.id}"]
