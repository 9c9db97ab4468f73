"""Acts of an operation: its phases, plan, papers, layers, analyses, tasks, templates and end."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from operations.analyses import adoption, job_steps
from operations.catalogue.kpis import Kpi
from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import Flaw
from operations.core.ids import new_id
from operations.core.people import System
from operations.costs import costs
from operations.costs.rows import BookState
from operations.evaluation import unanswered_hits
from operations.policing import analyses, lifecycle
from operations.policing.calendar import dependencies, tasks
from operations.policing.layers import imports as layer_imports
from operations.policing.map_plan import coordination_units, places, postings, unit_postings
from operations.policing.map_plan import versions as plan_versions
from operations.policing.operation import boards, oplan, participations, plan, staff, targets, withholding
from operations.policing.reports import exclusions, verification
from operations.templates import library
from operations.templates.instantiation import StartDraft, start
from operations.timetable import jobs
from operations.timetable.maintenance import Copies
from operations.timetable.rules import RulesDraft, set_rules
from tests.dashboard.every_act.base import ANSWER, DAY, HOUR, POINT, PlayBase, S
from tests.makers import (
    START,
    add_layer,
    add_task,
    adoption_draft,
    analysis_draft,
    ask,
    assignment_draft,
    form,
    freeze,
    hit,
    layer_draft,
    link,
    operation_draft,
    packed,
    phase_draft,
    posting_draft,
    send,
    site_draft,
    tally,
    task_draft,
    unit_draft,
)
from tests.people import actor


class OperationActs(PlayBase):
    """Acts of an operation, as chapters."""

    def phases_pass(self) -> None:
        self.ticks(START - HOUR)
        self.ticks(START + 10 * timedelta(minutes=1))

    def operation_is_described(self) -> None:
        of = self.scene.operation
        evaluation = phase_draft("evaluation", START + 7 * DAY, START + 8 * DAY)
        for ends in (START + 8 * DAY, START + 9 * DAY):
            self.does("ana", plan.schedule, of, evaluation.model_copy(update={"ends": ends}))
        (dov,) = self.asks("ana", lambda session: staff.coordination(session, of, self.scene["ana"]))[1:]
        self.does("ana", staff.relieve, dov.assignment.id, version=1)
        [(place, unit)] = self.asks("ana", lambda session: coordination_units.mapped_units(session, of))
        seats = [{"function": "liaison_officer", "country": "NER", "persons": 1}]
        self.does(
            "ana", coordination_units.describe, of, unit_draft(place.object_id, supersedes_id=unit.id, members=seats)
        )
        content = {"id": new_id(), "people": [actor("bruno").account_id], "seat": f"{place.object_id} liaison_officer"}
        [posted] = self.does("chaima", unit_postings.post, of, parse(unit_postings.UnitPostingDraft, content))
        self.does("chaima", unit_postings.relieve, posted.id, version=1)
        (again,) = self.does("ana", staff.assign, of, assignment_draft("dov"))
        serves = staff.AssignmentChange(countries=("NER",))
        self.does("ana", staff.change, again.id, serves, version=1)
        self.does("ana", staff.change, again.id, staff.AssignmentChange(), version=2)
        self.does("ana", targets.aim, of, targets.TargetDraft(kpi=Kpi.DATABASE_CHECKS, value=500))
        self.does("ana", targets.drop, of, Kpi.DATABASE_CHECKS)
        self.does("ana", boards.show, of, Kpi.RAW_HITS, False)
        self.does("ana", plan.invite, of, parse(plan.CountryInvitation, {"country": "TCD"}))
        self.does("ana", set_rules, of, RulesDraft(national_after=200))
        self.does("ana", lifecycle.move, of, S.SUSPENDED, reason="Sandstorm.")
        self.does("ana", lifecycle.move, of, S.ACTIVE, reason="It is over.")

    def plan_is_drawn(self) -> None:
        of = self.scene.operation
        site = self.does("ana", places.place_site, of, site_draft("NER", "Zinder"))
        sites = [self.scene.sites[each] for each in ("Niamey", "Agadez")]
        _niamey, agadez = self.does("chaima", postings.post, of, posting_draft(["binta"], sites))
        self.does("chaima", postings.change, agadez.id, (START + DAY).date(), version=1)
        self.does("chaima", postings.relieve, agadez.id, version=2)
        content = site.model_dump(include=set(places.CORRECTED)) | {"id": site.id, "name": "Zinder market"}
        self.does("ana", places.correct_site, parse(places.SiteDraft, content), version=1)
        self.does("ana", places.close_site, site.id)
        draft = {"id": new_id(), "object_id": new_id(), "kind": "checkpoint", "name": "Road"}
        first = self.does("ana", places.draw, of, parse(places.MapObjectDraft, draft), POINT)
        changed = draft | {"id": new_id(), "supersedes_id": first.id, "name": "Bridge"}
        self.does("ana", places.draw, of, parse(places.MapObjectDraft, changed), POINT)
        self.does("ana", places.undo, first.object_id, new_id())
        self.does("ana", places.delete, first.object_id, new_id())
        with clock.at(self.at):
            made = freeze(self.scene)
        self.does("lena", plan_versions.approve, made.id)

    def papers_are_agreed(self) -> None:
        of = self.scene.operation
        said = {"id": new_id(), "section": "tasks", "text": "Our desk closes at ten."}
        comment = self.does("chaima", oplan.comment, of, parse(oplan.SectionCommentDraft, said))
        self.does("ana", oplan.answer, comment.id, "The desk stays open.")
        before = self.asks("ana", lambda session: oplan.sections(session, of)["tasks"])
        section = {"id": new_id(), "section": "tasks", "supersedes_id": before.id, "state": "complete", "text": "New."}
        self.does("ana", oplan.write, of, [parse(oplan.SectionDraft, section)])
        read = self.asks("ana", lambda session: oplan.content_hash(list(oplan.sections(session, of).values())))
        amendment = {"id": new_id(), "content_hash": read, "note": "More sites."}
        self.does("lena", oplan.approve, of, parse(oplan.AmendmentDraft, amendment))

    def layers_and_analyses(self) -> None:
        scene = self.scene
        draft = layer_draft()
        with clock.at(self.at):
            made = add_layer(scene, draft)
            again = layer_draft(layer_id=made.layer_id, supersedes_id=made.id)
            add_layer(scene, again, packed(b"other events"))
        self.does("dov", layer_imports.remove, made.layer_id, new_id())
        self.does("dov", layer_imports.restore, made.layer_id, new_id())
        asked = ask(scene, at=self.at)
        self._worked(lambda session, turn: job_steps.finish(session, turn, ANSWER, self.at))
        self.does("ana", adoption.adopt, scene.operation, asked.id, [adoption.Adopted(adoption_draft(), POINT)])
        again = self.does("dov", analyses.rerun, asked.id, new_id())
        self._worked(lambda session, turn: job_steps.fail(session, turn, Flaw("", "Too little."), self.at))
        waiting = ask(scene, at=self.at)
        self.does("dov", analyses.cancel, waiting.id)
        stopped = ask(scene, analysis_draft(), at=self.at)
        self._worked(lambda session, turn: job_steps.stopped(session, turn, self.at), stop=stopped.id)

    def _worked(self, end: Callable[[Session, Any], Any], stop: Any = None) -> None:
        with clock.at(self.at), self.scene.store.unit_of_work(System()) as session:
            claimed = job_steps.claim(session, "worker", self.at)
            assert claimed is not None
            turn = claimed.turn
        if stop is not None:
            self.does("dov", analyses.cancel, stop)
        with clock.at(self.at), self.scene.store.unit_of_work(System()) as session:
            end(session, turn)

    def work_is_shared_out(self) -> None:
        scene = self.scene
        with clock.at(self.at):
            first = add_task(scene, starts=START, due=START + DAY, steps=["Call"])
            second = add_task(scene, starts=START + 2 * DAY, due=START + 3 * DAY)
            link(scene, first.id, second.id)
        self.does(
            "ana", dependencies.unlink, scene.operation, dependencies.DependencyLink(before=first.id, after=second.id)
        )
        with clock.at(self.at), scene.store.unit_of_work(scene["ana"]) as session:
            described = task_draft(id=second.id, title="Brief all teams", starts=second.starts, due=second.due)
            tasks.edit(session, described, scene["ana"], second.version)
        self.does("ana", tasks.move, second.id, tasks.Times(starts=START + 2 * DAY, due=START + 4 * DAY))
        self.does("ana", tasks.assign, second.id, parse(tasks.Owner, {"role": "team_leader", "country": "NER"}))
        [step, *_rest] = self.asks("ana", lambda session: tasks.steps(session, scene.operation)[first.id])
        self.does("chaima", tasks.tick, step.id)
        for verb in (tasks.start, tasks.block, tasks.reopen, tasks.start, tasks.finish):
            self.does("chaima", verb, first.id, *(["No car."] if verb is tasks.block else []))
        self.does("ana", tasks.cancel, second.id, "Not needed.")

    def templates_are_used(self) -> None:
        shipped = self.asks("ana", lambda session: library.templates(session))
        first = next(each for each in shipped if each.kind == "border_stop")
        content = library.Content.model_validate(first.content)
        draft = library.TemplateDraft(
            id=new_id(), template_id=first.template_id, supersedes_id=first.id, content=content
        )
        second = self.does("ana", library.save, draft.model_copy(update={"retired": True}))
        begun = {
            "id": new_id(),
            "template": first.id,
            "code_name": "Next",
            "first_day": date(2026, 5, 4),
            "zone": "UTC",
            "countries": ["NER"],
        }
        assert second.version == 2
        made = self.does("ana", start, parse(StartDraft, begun))
        edited = operation_draft(id=made.id, code_name="Next", aim="Detect stolen papers.", zone="UTC")
        by = actor("ana", made.id)
        with clock.at(self.at), self.scene.store.unit_of_work(by) as session:
            plan.edit(session, edited, by, made.version)
        self.does("lena", lifecycle.move, made.id, S.CANCELLED, reason="No money.")

    def operation_comes_to_its_end(self) -> None:
        of = self.scene.operation
        self.at = START + 6 * DAY
        self.does("ana", lifecycle.move, of, S.CONSOLIDATION)
        send(self.scene, form(self.scene, lines=[tally(), hit(START)]), at=self.at)
        unanswered = unanswered_hits.UnansweredDraft(country="NER", reason="Its bureau does not answer.")
        self.does("ana", unanswered_hits.name, of, unanswered)
        self.does("ana", costs.take_book, of, BookState.UNKNOWN, words="Its only bill was another operation's.")
        self.does("ana", exclusions.leave_out, of, "NER", "The team leader is ill.")
        self.does("ana", participations.excuse_final_word, of, "MLI", "Its ministry has not answered yet.")
        self.does("chaima", withholding.withhold, of, withholding.WithholdingDraft(partner="MLI"))
        self.does("chaima", withholding.lift, of, "MLI")
        for name in ("marie", "moussa"):
            self.does(name, verification.verify, self.mali.id)
        P, final_word = participations.ParticipationState, participations.final_word  # noqa: N806
        for to in (P.REPORTED_FINAL, P.ACTIVE, P.REPORTED_FINAL):
            self.does("moussa", lambda session, by, to=to: final_word(session, of, "MLI", to, by))
        self.does("ana", lambda session, by: final_word(session, of, "MLI", P.CLOSED, by))
        with clock.at(self.at.replace(hour=3) + DAY):
            self.keeper.beat()
            self.keeper.tick(jobs.long(Copies(self.folder)))
