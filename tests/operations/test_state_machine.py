"""A life walked at random by all roles through the real verbs: what is offered works, and nothing else changes it."""

import contextlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from operations.core import clock
from operations.core.errors import NotFound, RuleBroken
from operations.core.people import System
from operations.policing.calendar import task_rows, tasks
from tests.makers import START, Running, add_task
from tests.people import CAST

WALKS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
TASK_VERBS = sorted({step.verb for step in task_rows.LIFE.steps})


@WALKS
@given(st.lists(st.tuples(st.sampled_from(sorted(CAST)), st.sampled_from([*TASK_VERBS, "tick"])), max_size=25))
def test_what_is_offered_of_a_task_works_and_nothing_else_changes_it(
    scene: Running, presses: list[tuple[str, str]]
) -> None:
    made = add_task(scene, steps=["Print"])
    for name, verb in presses:
        by = scene[name]
        with scene.store.reading(System()) as session:
            before, lines = tasks.task(session, made.id), tasks.steps(session, scene.operation)[made.id]
        offered = {}
        with scene.store.reading(by) as session, contextlib.suppress(NotFound):
            offered = {each.step.verb: each.obstacles for each in tasks.offers(session, before, lines, by)}
        with clock.at(START), scene.store.unit_of_work(by) as session:
            try:
                if verb == "tick":
                    tasks.tick(session, lines[0].id, by)
                else:
                    tasks.take(session, made.id, verb, by, "So it is.")
                worked = True
            except (NotFound, RuleBroken):
                worked = False
        with scene.store.reading(System()) as session:
            after = tasks.task(session, made.id)
        if verb == "tick":
            assert after == before
        elif verb in offered:
            assert worked is not bool(offered[verb])
            assert after.state == (task_rows.LIFE.goes(verb).after if worked else before.state)
        else:
            assert after == before
