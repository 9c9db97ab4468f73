"""Acts of the evaluation: debrief, snapshots, recommendations, evaluations."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from operations.catalogue.kpis import Kpi
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.evaluation import debrief, evaluations, recommendations
from operations.evaluation.evaluation_states import DAC
from operations.policing.operation import targets
from operations.results import snapshots
from operations.templates import lessons
from tests import evaluations as judged
from tests.dashboard.every_act.base import DAY, PlayBase
from tests.evaluations import draft as recommendation_draft
from tests.evaluations import way_to, who
from tests.snapshot_stories import snapshot_draft


class EvaluationActs(PlayBase):
    """Acts of the evaluation, as chapters."""

    def it_is_debriefed(self) -> None:
        of = self.scene.operation
        self.does("ana", targets.aim, of, targets.TargetDraft(kpi=Kpi.DATABASE_CHECKS, value=500))
        said = debrief.DebriefDraft(worked="Searching by routine.", failed="Hits waited overnight.")
        self.does("dov", debrief.write, of, said, 0)
        self.does("dov", debrief.remark, of, Kpi.DATABASE_CHECKS, "Two airports reported late.")
        learned = {"id": new_id(), "text": "Staff the desk at night.", "evidence": "Seven hits waited."}
        for each in (learned, learned | {"id": new_id()}):
            content = recommendation_draft().model_dump() | each
            self.does("dov", debrief.add_lesson, of, parse(debrief.LessonDraft, content))
        third = recommendation_draft().model_dump() | learned | {"id": new_id()}
        self.does("dov", debrief.add_lesson, of, parse(debrief.LessonDraft, third))
        for each, decided in ((learned, self.takes_lesson), (third, self.leaves_lesson)):
            self.does("dov", debrief.recommend, each["id"])
            self.does("lena", self.takes(each["id"], recommendations.RecommendationState.ACCEPTED))
            self.does("ana", decided, each["id"])
        self.does("dov", debrief.delete_lesson, content["id"])
        self.does("ana", debrief.say_none_needed, of, "All of it is done already.")

    def figures_are_frozen(self) -> None:
        of, to = self.scene.operation, snapshots.SnapshotState
        first, second, third = (
            self.does("dov", snapshots.prepare, of, snapshot_draft(level="V3", qualifier="≥")) for _each in range(3)
        )
        for words in (
            snapshots.WordDraft(agrees="no", words="A report is missing."),
            snapshots.WordDraft(agrees="yes"),
        ):
            self.does("chaima", snapshots.speak, first.id, words)
        for made in (first, second):
            for name, state in (("ana", to.COORDINATED), ("lena", to.SIGNED), ("ana", to.PUBLISHED)):
                self.does(name, lambda session, by, it=made.id, state=state: snapshots.take(session, it, state, by))
        self.does("lena", lambda session, by: snapshots.take(session, third.id, to.DROPPED, by, "Prepared twice."))

    def it_is_evaluated(self) -> None:
        """Every step of every recommendation, each on a way of its own."""
        for step in recommendations.LIFE.steps:
            made = self.does("dov", recommendations.propose, self.scene.operation, recommendation_draft())
            way = [recommendations.LIFE.first, *way_to(step.before), step.after]
            for before, state in pairwise(way):
                self.does(who(before, state), self.takes(made.id, state))
        last = self.does("dov", recommendations.propose, self.scene.operation, recommendation_draft())
        self.does("lena", self.takes(last.id, recommendations.RecommendationState.ACCEPTED))
        self.does("chaima", recommendations.note, last.id, recommendations.NoteDraft(id=new_id(), words="Ordered."))

    def it_is_judged(self) -> None:
        """Every step of an evaluation, and of the word of a country on one."""
        until = (self.at + 60 * DAY).date()
        advised = recommendation_draft(source="visit", due=until)
        first, other, third = (
            self.does("ana", evaluations.plan_one, judged.evaluation_draft(self.scene, planned_for=until))
            for _each in range(3)
        )
        self.does("ana", judged.evaluation_step(third.id, "cancelled"))
        said = self._drafted(first.id, advised)
        self.does("chaima", judged.word_step(said["NER"], "commented"))
        self.does("ana", judged.word_step(said["NER"], "answered"))
        self.does("chaima", judged.word_step(self._drafted(other.id)["NER"], "agreed"))
        self.at += 30 * DAY
        self.does("chaima", evaluations.report_outcome, first.id, judged.outcome_draft())
        self.does("ana", judged.word_step(said["MLI"], "silent"))
        self.does("ana", judged.evaluation_step(first.id, "final"))
        for name, state in (("lena", "accepted"), ("chaima", "done"), ("ana", "closed")):
            self.does(name, self.takes(advised.id, recommendations.RecommendationState(state)))
        self.does("ana", judged.evaluation_step(first.id, "closed"))

    def _drafted(self, ident: Any, *advised: recommendations.RecommendationDraft) -> dict[str, Any]:
        """An evaluation whose draft is with the countries: the ids of their words."""
        self.does("ana", judged.evaluation_step(ident, "collecting"))
        self.does("ana", evaluations.record_method, ident, judged.method_draft(held_on=self.at.date()))
        for criterion in DAC:
            self.does("ana", evaluations.judge, ident, judged.judgement_draft(criterion))
        for each in advised:
            self.does("ana", evaluations.recommend, ident, each)
        self.does("ana", judged.evaluation_step(ident, "draft"))
        return {
            each.country: each.id for each in self.asks("ana", lambda session: evaluations.countries(session, ident))
        }

    def takes_lesson(self, session: Any, lesson_id: Any, by: Any) -> Any:
        return lessons.take(session, lesson_id, lessons.TakeDraft(title="Staff the desk at night"), by)

    def leaves_lesson(self, session: Any, lesson_id: Any, by: Any) -> Any:
        return lessons.decline(session, lesson_id, "It concerns one desk alone.", by)

    def takes(self, recommendation_id: Any, to: recommendations.RecommendationState) -> Callable[..., Any]:
        return lambda session, by: recommendations.take(session, recommendation_id, to, by, "As agreed.")
