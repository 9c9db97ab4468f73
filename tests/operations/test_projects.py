"""Modernisation projects: who takes which step, what belongs to them, money, milestones, and what is refused."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from operations import worklist_entries
from operations.core import clock
from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken
from operations.core.people import Actor
from operations.modernisation import project_parts, projects
from operations.modernisation.project_rows import LIFE, MILESTONES, PROJECT, MilestoneState, Project, ProjectState
from operations.modernisation.withdrawal import Validity
from operations.programme import five_years, timeline
from operations.programme.five_years import Pillar, PillarYear
from tests.makers import Running
from tests.modernisation import (
    brought,
    due,
    found_in,
    gather,
    milestone_step,
    money_draft,
    paid,
    parts_draft,
    project_draft,
    project_step,
    proposed,
    sign_draft,
    whole,
)
from tests.people import CAST
from tests.programme import BEGUN, assessed, delivered, does, linked, planned, post_of, reads

DAY = timedelta(days=1)
WITHDRAWN = Validity.WITHDRAWN


def told(scene: Running, name: str, days: float = 0) -> set[str]:
    at = BEGUN + days * DAY
    with clock.at(at), scene.store.reading(scene[name]) as session:
        found = worklist_entries.waiting(session, scene[name], at)
        return {str(each.sentence) for each in found if each.noun in ("project", "milestone")}


def test_from_the_proposal_to_what_came_of_it(scene: Running) -> None:
    made = whole(scene)
    assert told(scene, "lena") == {"The project Power for the bureau is proposed: approve it or stop it."}
    made = brought(scene, made, "approved", "under_way")
    assert told(scene, "chaima") == {"Nothing of the project Power for the bureau is open any more: sign for it."}
    made = brought(scene, made, "handed_over")
    assert (made.begun_on, made.handed_on, made.ended_on) == (BEGUN.date(), BEGUN.date(), None)
    paid(scene, made, "spent", 8000)
    made = brought(scene, made, "finished")
    assert (made.reason, made.ended_on) == ("So it is.", BEGUN.date())
    with pytest.raises(RuleBroken, match="has ended"):
        paid(scene, made, "spent", 1)


def test_leadership_approves_what_is_whole_and_nobody_is_told_of_what_is_not(scene: Running) -> None:
    made = proposed(scene, "chaima")
    assert told(scene, "lena") == set()
    with pytest.raises(RuleBroken) as refused:
        does(scene, "lena", project_step(made.id, "approved"))
    assert {str(flaw)[:20] for flaw in refused.value.flaws} == {"The project has no p", "No planned sum is re"}
    stopped = does(scene, "lena", project_step(made.id, "stopped", words="Too dear."))
    assert stopped.reason == "Too dear."


def test_who_takes_which_step_at_every_door(scene: Running) -> None:
    made = whole(scene)
    steps = {"lena": {"approved", "stopped"}}
    for state, next_ in (("approved", {"ana": {"under_way", "stopped"}}), ("under_way", {})):
        for name in CAST:
            by = scene[name]
            with scene.store.reading(by) as session:
                offered = {
                    each.step.after.value
                    for row in projects.projects(session)
                    for each in PROJECT.offers(session, row, by)
                }
            assert offered == steps.get(name, set()), name
            for to in ProjectState:
                if to not in offered:
                    with pytest.raises((NotFound, RuleBroken)):
                        does(scene, name, project_step(made.id, to))
        made, steps = brought(scene, made, state), next_
    seen = {name for name in CAST if reads(scene, name, projects.projects)}
    assert seen == {"ana", "dov", "lena", "otto", "chaima"}
    for name in ("ana", "lena", "moussa", "boubacar"):
        with pytest.raises(NotFound):
            does(scene, name, projects.sign, made.id, sign_draft())
    with pytest.raises(NotFound):
        does(scene, "moussa", projects.propose, project_draft())
    for verb, draft in (
        (projects.pay, money_draft()),
        (project_parts.add_parts, project_parts.PartsDraft(parts=("link:1",))),
    ):
        for name in ("moussa", "lena", "bruno"):
            with pytest.raises(NotFound):
                does(scene, name, verb, made.id, draft)


def test_a_thing_of_the_country_belongs_to_one_project_until_that_stops(scene: Running) -> None:
    post, mali = post_of(scene), post_of(scene, "moussa", country="MLI", name="Bamako airport", ref="")
    assessed(scene, post)
    found_in(scene, post)
    planned(scene, post)
    linked(scene, post)
    gone = planned(scene, post)
    delivered(scene, gone, "dropped")
    planned(scene, mali)
    first, other = proposed(scene), proposed(scene, title="Other")
    kinds = [each.kind for each in gather(scene, first)]
    assert {each: kinds.count(each) for each in kinds} == {"measure": 12, "finding": 1, "equipment": 1, "link": 1}
    things = reads(scene, "ana", project_parts.part_items, first)
    assert {each.post_id for each in things.values()} == {post.id}
    assert reads(scene, "ana", project_parts.unassigned_items, other) == []
    [one, *_rest] = things.values()
    with pytest.raises(RuleBroken, match="belongs to another project") as refused:
        does(scene, "ana", project_parts.add_parts, other.id, parts_draft(one))
    assert [flaw.field for flaw in refused.value.flaws] == ["parts"]
    assert does(scene, "ana", project_parts.add_parts, first.id, parts_draft(one)) == []
    [foreign] = reads(scene, "ana", project_parts.eligible_items, "MLI")
    for wrong in (parts_draft(foreign), project_parts.PartsDraft(parts=("link:nothing",))):
        with pytest.raises(RuleBroken):
            does(scene, "ana", project_parts.add_parts, other.id, wrong)
    part = next(iter(things))
    with pytest.raises(NotPermitted):
        does(scene, "lena", lambda s, by: project_parts.remove_part(s, part, WITHDRAWN, by, "No."))
    out = does(scene, "chaima", lambda s, by: project_parts.remove_part(s, part, WITHDRAWN, by, "Of another year."))
    assert out.reason == "Of another year."
    does(scene, "lena", project_step(first.id, "stopped"))
    assert len(reads(scene, "ana", project_parts.unassigned_items, other)) == 15
    with pytest.raises(RuleBroken, match="handed over or stopped"):
        does(scene, "ana", project_parts.add_parts, first.id, parts_draft(one))


def test_the_country_signs_when_nothing_is_open(scene: Running) -> None:
    post = post_of(scene)
    device = planned(scene, post)
    made = whole(scene, post)
    mark = due(scene, made)
    brought(scene, made, "approved", "under_way")
    assert "sign for it" not in str(told(scene, "chaima"))
    with pytest.raises(RuleBroken) as refused:
        does(scene, "chaima", projects.sign, made.id, sign_draft())
    assert {str(flaw) for flaw in refused.value.flaws} == {
        "Open milestones: 1. Complete or drop them first.",
        "Equipment that is not handed over: 1.",
    }
    delivered(scene, device, "approved", "procured", "shipped", "handed_over")
    does(scene, "chaima", milestone_step(mark.id, "done"))
    with pytest.raises(RuleBroken, match="Give the day of the handover"):
        does(scene, "chaima", lambda s, by: projects.take(s, made.id, ProjectState.HANDED_OVER, by))
    with pytest.raises(RuleBroken, match="Sign on the day of the handover"):
        does(scene, "chaima", projects.sign, made.id, sign_draft(BEGUN + DAY))
    draft = sign_draft(condition="One battery is missing.")
    for _again in range(2):
        assert does(scene, "chaima", projects.sign, made.id, draft).condition == "One battery is missing."
    with pytest.raises(RuleBroken, match="This step is not possible now"):
        does(scene, "chaima", projects.sign, made.id, sign_draft())


def test_money_is_added_up_in_each_currency_and_withdrawn_with_a_reason(scene: Running) -> None:
    made = brought(scene, whole(scene), "approved")
    paid(scene, made, "committed", 5000)
    wrong = paid(scene, made, "spent", 70_000)
    paid(scene, made, "spent", 300, currency="XOF")
    sums = projects.sums(reads(scene, "chaima", projects.money, made.id))
    assert sums == {"planned": {"EUR": 9000}, "committed": {"EUR": 5000}, "spent": {"EUR": 70_000, "XOF": 300}}
    assert projects.overspent(sums) == ["EUR", "XOF"]
    gone = does(scene, "ana", lambda s, by: projects.withdraw(s, wrong.id, WITHDRAWN, by, "A nought too many."))
    assert gone.reason == "A nought too many."
    again = projects.sums(reads(scene, "chaima", projects.money, made.id))
    assert again["spent"] == {"XOF": 300}
    with pytest.raises(RuleBroken, match="in the future") as refused:
        paid(scene, made, "spent", 10, day=(BEGUN + DAY).date())
    assert [flaw.field for flaw in refused.value.flaws] == ["day"]
    assert paid(scene, made, "planned", 10, day=(BEGUN + DAY).date()).amount == 10
    for changes in ({"amount": 0}, {"currency": "XYZ"}, {"kind": "given"}, {"words": " "}):
        with pytest.raises(RuleBroken) as bad:
            money_draft(**changes)
        assert [flaw.field for flaw in bad.value.flaws] == list(changes)


def test_what_is_spent_to_the_last_coin_is_not_overspent(scene: Running) -> None:
    made = brought(scene, whole(scene), "approved")
    paid(scene, made, "committed", 5000)
    paid(scene, made, "spent", 5000)
    assert projects.overspent(projects.sums(reads(scene, "chaima", projects.money, made.id))) == []
    paid(scene, made, "spent", 1)
    assert projects.overspent(projects.sums(reads(scene, "chaima", projects.money, made.id))) == ["EUR"]


def test_nothing_is_spent_of_a_project_that_nobody_approved(scene: Running) -> None:
    made = whole(scene)
    for kind in ("committed", "spent"):
        with pytest.raises(RuleBroken, match="is not approved") as refused:
            paid(scene, made, kind, 5)
        assert [flaw.field for flaw in refused.value.flaws] == ["kind"]
    assert paid(scene, made, "planned", 5).amount == 5
    assert paid(scene, brought(scene, made, "approved"), "spent", 5).amount == 5


def test_a_milestone_is_told_to_its_owner_and_once_more_when_it_is_late(scene: Running) -> None:
    made = whole(scene)
    own, central = due(scene, made), due(scene, made, title="The batteries are bought", owner="centre")
    assert told(scene, "chaima") | told(scene, "ana") == set()  # it is not even approved
    brought(scene, made, "approved", "under_way")
    assert told(scene, "chaima") == {"Milestone of the project Power for the bureau: The room is cleared"}
    assert told(scene, "ana") == {"Milestone of the project Power for the bureau: The batteries are bought"}
    late = BEGUN + 11 * DAY
    with clock.at(late), scene.store.reading(scene["chaima"]) as session:
        [each] = [one for one in worklist_entries.waiting(session, scene["chaima"], late) if one.noun == "milestone"]
    assert (each.overdue(late), [one.whom for one in each.escalated(late)]) == (True, ["owners"])
    with clock.at(late):
        assert projects.overdue(reads(scene, "ana", projects.milestones, made.id)[0])
    for name, wrong in (("chaima", central), ("ana", own), ("moussa", own), ("bruno", own)):
        with pytest.raises(NotFound):
            does(scene, name, milestone_step(wrong.id, "done"))
    assert does(scene, "chaima", milestone_step(own.id, "done")).done_on == BEGUN.date()
    with pytest.raises(NotFound):
        does(scene, "chaima", milestone_step(central.id, "dropped"))
    assert does(scene, "ana", milestone_step(central.id, "dropped")).reason == "So it is."
    with pytest.raises(RuleBroken, match="end already"):
        does(scene, "ana", milestone_step(central.id, "done"))
    with pytest.raises(RuleBroken, match="This day is in the past"):
        due(scene, made, due=(BEGUN - DAY).date())


def test_the_same_again_is_answered_as_before_and_other_content_is_not(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="This day is in the past"):
        proposed(scene, planned_for=(BEGUN - DAY).date())
    made = proposed(scene)
    draft = project_draft()
    first: Any = does(scene, "ana", projects.propose, draft)
    assert does(scene, "ana", projects.propose, draft).id == first.id
    sum_ = money_draft()
    does(scene, "ana", projects.pay, made.id, sum_)
    does(scene, "ana", projects.pay, made.id, sum_)
    assert len(reads(scene, "ana", projects.money, made.id)) == 1
    for verb, given, change in (
        (projects.propose, (draft,), {"donor": "Other"}),
        (projects.pay, (made.id, sum_), {"amount": 5}),
    ):
        with pytest.raises(Conflict):
            does(scene, "ana", verb, *given[:-1], given[-1].model_copy(update=change))


def test_five_years_count_reviews_projects_and_their_money_and_no_sum_twice(scene: Running) -> None:
    post = post_of(scene)
    inside, outside = planned(scene, post), planned(scene, post)
    made = whole(scene, post)  # both pieces belong to it
    part = next(each for each in reads(scene, "ana", project_parts.parts, made.id) if each.part_id == outside.id)
    does(scene, "ana", lambda s, by: project_parts.remove_part(s, part.id, WITHDRAWN, by, "Of another year."))
    for each in (inside, outside):
        delivered(scene, each, "approved", "procured", "shipped", "handed_over", price=700, currency="XOF")
    brought(scene, made, "approved")
    paid(scene, made, "spent", 8000)
    does(scene, "ana", lambda s, by: projects.withdraw(s, paid(scene, made).id, WITHDRAWN, by, "Twice."))

    def page(at: datetime = BEGUN) -> five_years.Years:
        by = scene["lena"]
        assert isinstance(by, Actor)
        found: five_years.Years = reads(scene, "lena", five_years.years, by, BEGUN.year, at=at)
        return found

    before = page()
    assert before.cell(Pillar.INFRASTRUCTURE) == PillarYear(
        4, 1, 0
    )  # two pieces, the review that is agreed, the project
    sums = {kind: found for kind, found in before.money[BEGUN.year].items() if found}
    assert sums == {"planned": {"EUR": 9000}, "spent": {"EUR": 8000}, "delivered": {"XOF": 700}}
    assert page(BEGUN + 100 * DAY).cell(Pillar.INFRASTRUCTURE) == PillarYear(4, 1, 3)
    brought(scene, made, "under_way", "handed_over")
    assert page(BEGUN + 100 * DAY).cell(Pillar.INFRASTRUCTURE) == PillarYear(4, 2, 2)
    does(scene, "ana", project_step(made.id, "finished"))
    later = (BEGUN + DAY).date()
    told = [(each.lane, each.words) for each in reads(scene, "lena", timeline.timeline, post.id, later)]
    assert [words for lane, words in told if lane is timeline.Lane.REVIEW] == [
        "Infrastructure reviewed",
        "The country agreed to findings: {findings}",
    ]
    assert [words for lane, words in told if lane is timeline.Lane.PROJECT] == [
        "Project begun: {project}",
        "Project finished: {project}",
        "Project handed over: {project}",
    ]
    assert (
        reads(scene, "moussa", five_years.years, scene["moussa"], BEGUN.year).cell(Pillar.INFRASTRUCTURE)
        == PillarYear()
    )


def test_the_database_itself_keeps_what_was_written(scene: Running) -> None:
    made = whole(scene)
    due(scene, made)
    for statement in (
        "UPDATE project SET state = 'handed_over'",
        "UPDATE project SET donor = 'Other'",
        "UPDATE project_money SET amount = 1",
        "UPDATE project_money SET state = 'withdrawn'",
        "UPDATE project_part SET kind = 'link'",
        "UPDATE milestone SET due = '2030-01-01'",
        "UPDATE milestone SET state = 'done'",
        "UPDATE project_step SET words = 'Other'",
        "DELETE FROM project_money",
    ):
        with scene.store.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT set_config('muster.reach', 'all', true)"))
            with pytest.raises(DBAPIError):
                connection.exec_driver_sql(statement)
            connection.rollback()


def test_every_state_has_its_name() -> None:
    assert set(LIFE.words) == set(ProjectState)
    assert set(MILESTONES.words) == set(MilestoneState)
    assert Project.model_fields["state"].default == "proposed"
