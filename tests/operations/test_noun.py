"""A noun: the same draft is answered alike, an owner is locked before its part, a step is logged with its columns."""

import sys
from datetime import timedelta
from typing import Any

import pytest

import operations.tables  # noqa: F401 - it loads every module that declares one
from operations.core import journal, rows
from operations.core.errors import Conflict
from operations.core.noun import Noun
from operations.modernisation import projects
from operations.modernisation.project_rows import (
    MILESTONE,
    PROJECT,
    Milestone,
    MilestoneState,
    Project,
    ProjectMoney,
    ProjectStep,
)
from operations.modernisation.withdrawal import Validity
from tests.makers import Running
from tests.modernisation import milestone_draft, money_draft, paid, proposed
from tests.programme import BEGUN, does, reads

NOUNS = {
    f"{module.__name__}.{name}": value
    for module in list(sys.modules.values())
    if module.__name__.startswith("operations.")
    for name, value in vars(module).items()
    if isinstance(value, Noun)
}


def last_entry(scene: Running) -> tuple[str, str, Any, dict[str, Any]]:
    [entry] = reads(scene, "system", lambda session: journal.latest(session, limit=1))
    return entry.act, entry.object_kind, entry.object_id, entry.detail


def test_every_noun_has_the_columns_that_it_is_asked_for() -> None:
    assert len(NOUNS) > 25
    for place, noun in NOUNS.items():
        columns = noun.model.model_fields
        assert "id" in columns or not (noun.again or noun.life), place
        assert noun.owner is None or noun.owner[1] in columns, f"{place} has no column of its owner"
        assert noun.life is None or noun.life.column in columns, f"{place} has no column of its state"
        assert noun.steps is None or "reason" in columns, f"{place} keeps no reason of its last step"


def test_the_same_draft_is_the_same_row_and_another_under_its_id_is_refused_in_the_words_of_the_noun(
    scene: Running,
) -> None:
    made = proposed(scene)
    draft = money_draft()
    first, again = (does(scene, "ana", projects.pay, made.id, draft) for _time in range(2))
    assert (first.id, first.country, first.author_name) == (again.id, "NER", scene["ana"].name)
    with pytest.raises(Conflict, match="This sum was already written down with other content"):
        does(scene, "ana", projects.pay, made.id, draft.model_copy(update={"amount": 1}))


def test_a_part_is_locked_after_its_owner(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    made = proposed(scene)
    part, held, hold = paid(scene, made), [], rows.hold
    monkeypatch.setattr(rows, "hold", lambda session, model, *key: held.append(model) or hold(session, model, *key))
    does(scene, "ana", withdraw_sum, part.id)
    assert held == [Project, ProjectMoney]


def test_a_step_of_a_part_is_logged_and_journalled_about_its_owner_with_the_columns_that_change(scene: Running) -> None:
    made = proposed(scene)
    part = does(scene, "ana", projects.set_milestone, made.id, milestone_draft())
    later = BEGUN + timedelta(days=1)
    done = does(scene, "chaima", step_milestone, part.id, at=later)
    assert (done.state, done.reason, done.moved_at, done.done_on) == ("done", "The keys are here.", later, later.date())
    steps = reads(scene, "chaima", MILESTONE.past, part.id)
    assert [(type(step), step.state, step.words) for step in steps] == [
        (ProjectStep, "done", "The keys are here."),
        (ProjectStep, "due", ""),
    ]
    assert last_entry(scene) == ("milestone.done", "project", made.id, {"before": "due", "after": "done"})
    assert reads(scene, "system", lambda session: PROJECT.owner_of(session, made)) is made


def step_milestone(session: Any, ident: Any, by: Any) -> Milestone:
    return projects.step_milestone(session, ident, MilestoneState.DONE, by, "The keys are here.")


def withdraw_sum(session: Any, ident: Any, by: Any) -> ProjectMoney:
    return projects.withdraw(session, ident, Validity.WITHDRAWN, by, "It was typed twice.")
