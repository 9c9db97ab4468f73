"""The debrief: who writes it, what freezes it, what it asks for, and that an archived operation is only read."""

from datetime import timedelta
from typing import Any

import pytest

from operations import worklist_entries
from operations.catalogue.kpis import Kpi
from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.vocabulary import OperationState
from operations.evaluation import debrief
from operations.evaluation.recommendations import recommendations
from operations.policing import lifecycle
from operations.policing.operation import plan, targets
from operations.policing.reports import exclusions
from tests.evaluations import (
    ENDED,
    archived,
    debriefed,
    draft,
    evaluated,
    recommend,
    signed,
    take,
    went_on,
    wrote,
)
from tests.makers import Running, form, send
from tests.people import CAST

S = OperationState
SAID = debrief.DebriefDraft(worked="Searching by routine.", failed="Hits waited overnight.")


def does(scene: Running, by: str, verb: Any, *given: Any) -> Any:
    with clock.at(ENDED), scene.store.unit_of_work(scene[by]) as session:
        return verb(session, *given, scene[by])


def obstacles(scene: Running, to: OperationState, by: str = "ana") -> list[str]:
    with clock.at(ENDED), scene.store.reading(scene[by]) as session:
        operation = plan.operation(session, scene.operation, scene[by])
        return [flaw.field for flaw in lifecycle.obstacles(session, operation, to)]


def lesson(**changes: Any) -> debrief.LessonDraft:
    return parse(debrief.LessonDraft, draft().model_dump() | changes)


@pytest.mark.parametrize("name", ["ana", "dov"])
def test_the_coordination_writes_it_and_nobody_else(scene: Running, name: str) -> None:
    evaluated(scene)
    verbs = ((debrief.write, scene.operation, SAID, 0), (debrief.add_lesson, scene.operation, lesson()))
    for verb, *given in verbs:
        for other in set(CAST) - {"ana", "dov"}:
            with pytest.raises(NotFound):
                does(scene, other, verb, *given)
        assert does(scene, name, verb, *given).author_name == CAST[name][0]


def test_two_who_write_at_once_lose_nothing(scene: Running) -> None:
    evaluated(scene)
    assert does(scene, "dov", debrief.write, scene.operation, SAID, 0).version == 1
    assert does(scene, "dov", debrief.write, scene.operation, SAID, 0).version == 1  # sent twice
    other = SAID.model_copy(update={"failed": "Nothing."})
    with pytest.raises(Conflict, match="while you were writing"):
        does(scene, "ana", debrief.write, scene.operation, other, 0)
    assert does(scene, "ana", debrief.write, scene.operation, other, 1).version == 2


def test_a_goal_gets_a_remark_and_a_figure_that_is_no_goal_does_not(scene: Running) -> None:
    evaluated(scene)
    does(scene, "ana", targets.aim, scene.operation, targets.TargetDraft(kpi=Kpi.DATABASE_CHECKS, value=500))
    does(scene, "dov", debrief.remark, scene.operation, Kpi.DATABASE_CHECKS, "Two airports reported late.")
    with pytest.raises(RuleBroken, match="This figure is not a target of the"):
        does(scene, "dov", debrief.remark, scene.operation, Kpi.ARRESTS, "None.")
    with scene.store.reading(scene["lena"]) as session:
        found = debrief.debrief(session, scene.operation)
    assert found is not None
    assert found.remarks == {Kpi.DATABASE_CHECKS: "Two airports reported late."}
    assert obstacles(scene, S.DEBRIEFED)[-1] == "debrief"  # remarks alone are no debrief


def test_a_lesson_becomes_one_recommendation_however_often_it_is_pressed(scene: Running) -> None:
    evaluated(scene)
    content = lesson()
    made = does(scene, "dov", debrief.add_lesson, scene.operation, content)
    for _press in range(2):
        does(scene, "ana", debrief.recommend, made.id)
    with scene.store.reading(scene["chaima"]) as session:
        (found,) = recommendations(session, scene.operation)
    assert (found.text, found.country, found.due, found.source) == (content.text, "NER", content.due, "debrief")
    with pytest.raises(RuleBroken, match="cannot remove it"):
        does(scene, "dov", debrief.delete_lesson, made.id)


def test_a_lesson_is_as_strict_as_a_recommendation_and_is_struck_while_it_is_written(scene: Running) -> None:
    evaluated(scene)
    for changes, field in (({"owner": "TCD"}, "owner"), ({"due": ENDED.date()}, "due")):
        with pytest.raises(RuleBroken) as refused:
            does(scene, "dov", debrief.add_lesson, scene.operation, lesson(**changes))
        assert [flaw.field for flaw in refused.value.flaws] == [field]
    made = does(scene, "dov", debrief.add_lesson, scene.operation, lesson())
    does(scene, "ana", debrief.delete_lesson, made.id)
    with scene.store.reading(scene["ana"]) as session:
        assert debrief.lessons(session, scene.operation) == []


def test_it_is_written_in_consolidation_alone_and_read_by_countries_once_it_is_closed(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="in consolidation"):
        does(scene, "dov", debrief.write, scene.operation, SAID, 0)
    evaluated(scene)
    made = does(scene, "dov", debrief.add_lesson, scene.operation, lesson())
    wrote(scene)
    for name, read in (("lena", True), ("otto", True), ("chaima", False), ("bruno", False)):
        with scene.store.reading(scene[name]) as session:
            assert (debrief.debrief(session, scene.operation) is not None) is read, name
    for name, country in (("chaima", "NER"), ("moussa", "MLI")):
        final = lifecycle.participations.ParticipationState.REPORTED_FINAL
        does(scene, name, lifecycle.participations.final_word, scene.operation, country, final)
    went_on(scene, S.DEBRIEFED)
    for verb, *given in (
        (debrief.write, scene.operation, SAID, 1),
        (debrief.remark, scene.operation, Kpi.ARRESTS, "None."),
        (debrief.add_lesson, scene.operation, lesson()),
        (debrief.delete_lesson, made.id),
    ):
        with pytest.raises(RuleBroken, match="You can write the debrief only while the"):
            does(scene, "dov", verb, *given)
    does(scene, "dov", debrief.recommend, made.id)
    for name, read in (("chaima", True), ("bruno", False)):
        with scene.store.reading(scene[name]) as session:
            assert (debrief.debrief(session, scene.operation) is not None) is read, name
            assert bool(debrief.lessons(session, scene.operation)) is read, name


def test_the_debriefing_waits_for_the_debrief_and_for_every_country(scene: Running) -> None:
    evaluated(scene)
    assert obstacles(scene, S.DEBRIEFED) == ["final_words", "debrief"]
    with pytest.raises(RuleBroken, match=r"did not declare") as refused:
        went_on(scene, S.DEBRIEFED)
    assert len(refused.value.flaws) == 2
    wrote(scene)
    words = lifecycle.participations
    does(scene, "chaima", words.final_word, scene.operation, "NER", words.ParticipationState.REPORTED_FINAL)
    assert obstacles(scene, S.DEBRIEFED) == ["final_words"]
    does(scene, "ana", words.excuse_final_word, scene.operation, "MLI", "Its ministry does not answer.")
    assert obstacles(scene, S.DEBRIEFED) == []


def test_a_country_whose_reports_are_left_out_is_not_waited_for(scene: Running) -> None:
    send(scene, form(scene, "Bamako"), by="mateo")
    wrote(evaluated(scene))
    assert obstacles(scene, S.DEBRIEFED) == ["reports", "final_words"]
    does(scene, "ana", exclusions.leave_out, scene.operation, "MLI", "The officer is ill.")
    words = lifecycle.participations
    does(scene, "chaima", words.final_word, scene.operation, "NER", words.ParticipationState.REPORTED_FINAL)
    assert obstacles(scene, S.DEBRIEFED) == []


def test_leadership_approves_it_never_who_wrote_it(scene: Running) -> None:
    signed(debriefed(scene))
    for name in sorted(set(CAST) - {"lena"}):
        with pytest.raises(NotFound):
            went_on(scene, S.FINAL, name)
    with clock.at(ENDED), scene.store.reading(scene["lena"]) as session:
        words = [each.words for each in worklist_entries.waiting(session, scene["lena"], ENDED)]
    assert "The debrief is closed: approve it." in words
    with scene.store.unit_of_work(System()) as session:
        session.get_one(debrief.Debrief, scene.operation).author_id = scene["lena"].account_id
    with pytest.raises(RuleBroken, match="somebody else has to approve"):
        went_on(scene, S.FINAL, "lena")


def test_the_evaluation_needs_a_decided_recommendation(scene: Running) -> None:
    went_on(signed(debriefed(scene)), S.FINAL, "lena")
    made = recommend(scene)
    with pytest.raises(RuleBroken, match="No recommendation is decided yet"):
        went_on(scene, S.EVALUATED)
    take(scene, made, "accepted")
    assert went_on(scene, S.EVALUATED).state == S.EVALUATED


def test_or_the_reason_why_none_is_needed(scene: Running) -> None:
    went_on(signed(debriefed(scene)), S.FINAL, "lena")
    for name in ("dov", "lena", "chaima"):
        with pytest.raises(NotFound):
            does(scene, name, debrief.say_none_needed, scene.operation, "All is well.")
    with pytest.raises(RuleBroken, match="Give the reason"):
        does(scene, "ana", debrief.say_none_needed, scene.operation, " ")
    does(scene, "ana", debrief.say_none_needed, scene.operation, "All is well.")
    went_on(scene, S.EVALUATED)
    with pytest.raises(RuleBroken, match="until its evaluation is closed"):
        does(scene, "ana", debrief.say_none_needed, scene.operation, "All is still well.")


def test_a_country_is_not_told_what_others_recommend(scene: Running) -> None:
    went_on(signed(debriefed(scene)), S.FINAL, "lena")
    assert obstacles(scene, S.EVALUATED) == ["recommendations"]
    assert obstacles(scene, S.EVALUATED, "chaima") == []


def test_an_archived_operation_is_only_read(scene: Running) -> None:
    archived(scene)
    with scene.store.reading(System()) as session:
        before = [each.hash for each in journal.latest(session)]
    for name in sorted(set(CAST) - {"ada", "frida"}):
        with clock.at(ENDED), scene.store.reading(scene[name]) as session:
            assert plan.operation(session, scene.operation, scene[name]).state == S.ARCHIVED
            assert worklist_entries.waiting(session, scene[name], ENDED) == []
    for verb, *given in (
        (debrief.say_none_needed, scene.operation, "Why."),
        (targets.aim, scene.operation, targets.TargetDraft(kpi=Kpi.ARRESTS, value=1)),
        (plan.invite, scene.operation, parse(plan.CountryInvitation, {"country": "TCD"})),
    ):
        with pytest.raises(RuleBroken):
            does(scene, "ana", verb, *given)
    with pytest.raises((RuleBroken, NotFound)):
        send(scene, form(scene), at=ENDED)
    with scene.store.reading(System()) as session:
        assert [each.hash for each in journal.latest(session)] == before


def test_whatever_a_person_writes_into_an_archived_operation_is_refused_and_muster_still_cleans_up(
    scene: Running,
) -> None:
    """Every verb journals what it writes: here is the one place where all of them pass."""
    archived(scene)
    for act, kind in (("task.edit", "task"), ("operation.edit", "operation"), ("lead.share", "lead")):
        with pytest.raises(RuleBroken, match="The operation is archived"), scene.store.unit_of_work(scene["ana"]) as s:
            journal.record(s, scene["ana"], act, kind, new_id(), operation=scene.operation)
    with scene.store.unit_of_work(scene["ana"]) as session:
        reads = journal.Chain.ACCESS
        journal.record(session, scene["ana"], "operation.export", "export", operation=scene.operation, chain=reads)
    with clock.at(ENDED + timedelta(days=1)), scene.store.unit_of_work(System()) as session:
        journal.record(session, System(), "case.erase", "task", new_id(), operation=scene.operation)
