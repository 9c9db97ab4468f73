"""The training phase of an operation is a run of a course; its trainees are posted, the loop says what is missing."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from operations.core import clock
from operations.core.errors import NotPermitted, RuleBroken
from operations.policing.operation import plan
from operations.posts import register
from operations.programme import stop_loop
from operations.training import phases
from operations.training.rows import CourseRun
from tests.makers import Running, form, phase_draft, post, send, tally
from tests.operations.steps import climb
from tests.programme import (
    BEGUN,
    HELD,
    OVER,
    course_of,
    delivered,
    does,
    enrolled,
    enrolment_step,
    planned,
    post_of,
    reads,
    run_draft,
    run_of,
    run_step,
)

DAY = timedelta(days=1)


def training_of(scene: Running) -> plan.Phase:
    """A training phase in the week in which runs are held."""
    draft = phase_draft("training", BEGUN + 7 * DAY, BEGUN + 14 * DAY)
    return does(scene, "ana", lambda session, by: plan.schedule(session, scene.operation, draft, by))


def joins(run: CourseRun, phase_id: UUID) -> Any:
    return phases.PhaseRunDraft(phase_id=phase_id, run_id=run.id)


def held_for(scene: Running, *names: str, by: str = "chaima") -> CourseRun:
    """A run that is the training of the operation, and who passed it."""
    run = run_of(scene, course_of(scene))
    does(scene, "ana", phases.join, joins(run, training_of(scene).id))
    for each in enrolled(scene, run, *names, by=by).values():
        for to in ("attended", "passed"):
            does(scene, "ana", enrolment_step(each.id, to), at=HELD)
    return run


def said(error: Any) -> list[str]:
    return [flaw.template.format(**flaw.params) for flaw in error.value.flaws]


def trained(scene: Running, name: str) -> list[phases.TraineeCounts]:
    return reads(scene, name, phases.trainees, scene.operation, scene[name], at=OVER)


def operation(session: Any, scene: Running, name: str) -> plan.Operation:
    return plan.operation(session, scene.operation, scene[name])


def unposted(scene: Running, name: str, at: Any = OVER) -> list[str]:
    ask = lambda session: phases.unposted(session, operation(session, scene, name), scene[name])  # noqa: E731
    return [each.name for each in reads(scene, name, ask, at=at)]


def looped(scene: Running, name: str, at: Any = OVER) -> stop_loop.Loop:
    return reads(
        scene, name, lambda session: stop_loop.loop(session, operation(session, scene, name), scene[name]), at=at
    )


def broken(scene: Running, name: str, at: Any = OVER) -> list[str]:
    return [each.template.format(**each.params) for each in looped(scene, name, at).broken]


def test_a_training_phase_is_a_run_of_a_course_held_on_its_days_and_of_no_other_operation(scene: Running) -> None:
    run, phase = run_of(scene, course_of(scene)), training_of(scene)
    free = lambda session: phases.can_join(session, operation(session, scene, "ana"))  # noqa: E731
    assert [each.id for each in reads(scene, "ana", free)] == [run.id]
    for wrong, sentence in ((scene.phase, "This is no training phase"), (scene.training, "This run is from")):
        with pytest.raises(RuleBroken) as error:
            does(scene, "ana", phases.join, joins(run, wrong))
        assert sentence in said(error)[0]
    for name in ("chaima", "dov"):
        with pytest.raises(NotPermitted):
            does(scene, name, phases.join, joins(run, phase.id))
    made = does(scene, "ana", phases.join, joins(run, phase.id))
    assert does(scene, "ana", phases.join, joins(run, phase.id)).run_id == made.run_id
    assert reads(scene, "ana", free) == []
    later = phase_draft("training", BEGUN + 15 * DAY, BEGUN + 20 * DAY)
    other = does(scene, "ana", lambda session, by: plan.schedule(session, scene.operation, later, by))
    with pytest.raises(RuleBroken) as error:
        does(scene, "ana", phases.join, joins(run, other.id))
    assert "training of another phase already" in said(error)[0]
    does(scene, "ana", lambda session, by: phases.part(session, run.id, by))
    does(scene, "ana", lambda session, by: phases.part(session, run.id, by))
    does(scene, "ana", run_step(run.id, "cancelled"))
    with pytest.raises(RuleBroken) as error:
        does(scene, "ana", phases.join, joins(run, phase.id))
    assert "cancelled" in said(error)[0]


def test_a_new_run_is_scheduled_as_the_training_phase(scene: Running) -> None:
    course, phase = course_of(scene), training_of(scene)
    draft = run_draft(course)
    hold = lambda session, by: phases.hold(session, phase.id, draft, by)  # noqa: E731
    assert does(scene, "ana", hold).run_id == does(scene, "ana", hold).run_id == draft.id
    [found] = reads(scene, "chaima", phases.runs_of, scene.operation)
    assert (found.run.id, found.course.title, found.phase.id) == (draft.id, "Stolen documents", phase.id)
    later = run_draft(course, BEGUN + 30 * DAY)
    with pytest.raises(RuleBroken):
        does(scene, "ana", lambda session, by: phases.hold(session, phase.id, later, by))
    assert [each.run.id for each in reads(scene, "ana", phases.runs_of, scene.operation)] == [draft.id]


def test_who_passed_waits_to_be_posted_and_is_named_to_the_own_country_alone(scene: Running) -> None:
    held_for(scene, "bruno", "binta", "chaima")
    assert unposted(scene, "chaima") == ["Binta Oumarou", "Bruno Issoufou"]
    assert unposted(scene, "moussa") == unposted(scene, "ana") == []
    with clock.at(OVER):
        post(scene, "chaima", "bruno", "Agadez")
    assert unposted(scene, "chaima") == ["Binta Oumarou"]
    [own] = trained(scene, "chaima")
    assert (own.country, own.enrolled, own.attended, own.passed, own.posted) == ("NER", 3, 3, 3, 1)
    assert own.people == {"Binta Oumarou": (), "Bruno Issoufou": ("Agadez",), "Chaima Abdou": ()}
    for name in ("ana", "lena"):
        [seen] = trained(scene, name)
        assert (seen.passed, seen.posted, seen.people) == (3, 1, {})
        assert seen.at == {scene.sites["Agadez"]: 1}
    assert trained(scene, "moussa") == []


def test_the_loop_says_where_it_is_broken(scene: Running) -> None:
    assert broken(scene, "ana") == ["No course run is linked to this operation, so its training is unknown."]
    run = held_for(scene, "bruno", "binta")
    assert broken(scene, "lena") == ["Trained officers who are posted to no site of the operation: 2."]
    with clock.at(OVER):
        post(scene, "chaima", "bruno", "Niamey")
        post(scene, "chaima", "binta", "Niamey")
    assert broken(scene, "ana") == ["Trained officers who work where no device is commissioned: 2."]
    here = post_of(scene)
    does(scene, "chaima", lambda session, by: register.link(session, here.id, scene.sites["Niamey"], by))
    device = planned(scene, here)
    delivered(
        scene, device, "approved", "procured", "shipped", "handed_over", "installed", "commissioned", at=BEGUN + DAY
    )
    assert broken(scene, "chaima") == ["Trained officers who work with a device where no query was counted: 2."]
    climb(scene, send(scene, form(scene, lines=[tally(900)])).id, "boubacar", "chaima")
    for name in ("chaima", "lena"):
        found = looped(scene, name)
        assert (found.enrolled, found.trained, found.posted, found.equipped) == (2, 2, 2, 2)
        assert (found.queries, found.here, found.whole, found.practised) == (900, 900, True, 0)
    assert looped(scene, "moussa").trained == 0
    does(scene, "ana", run_step(run.id, "delivered"), at=OVER)
    much_later = OVER + 120 * DAY
    assert "The change in practice is not recorded" in broken(scene, "ana", much_later)[-1]
