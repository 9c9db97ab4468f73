"""A play in which every act of the journal is done at least once, through the real verbs, in chapters.

`chapters` plays on and gives, after each chapter, the moment at which the screens may be looked at.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlmodel import Session

from operations.analyses import adoption, connection_answer, job_steps
from operations.catalogue.kpis import Kpi
from operations.claims import claim_masters, claim_rows, claim_states, claims, pointer_answers
from operations.claims.claim_pointers import PointerState
from operations.core import account_admin, accounts, clock, invitations
from operations.core.drafts import parse
from operations.core.errors import Flaw
from operations.core.ids import new_id
from operations.core.people import Account, System
from operations.core.second_factor import SecondFactor
from operations.core.vocabulary import JobState, OperationState
from operations.costs import costs
from operations.costs.rows import BookState, CostState
from operations.data_protection import holds
from operations.data_protection import requests as data_requests
from operations.data_protection.rows import CopyState, SubjectRequestState
from operations.evaluation import debrief, evaluations, recommendations, unanswered_hits
from operations.evaluation.evaluation_states import DAC
from operations.exchange import (
    centre_conflicts,
    centre_delivery,
    centre_sites,
    centres,
    deconfliction,
    directory,
    dispatches,
    partners,
    product_drafts,
    products,
    sheet_mappings,
)
from operations.exchange.deconfliction_rows import SideState
from operations.exchange.directory import MemberState
from operations.exchange.dispatch_rows import PassingState
from operations.exchange.partner_rows import AdmissionState
from operations.exchange.product_rows import ProductState, ShareState
from operations.incidents import consultations as incident_reading
from operations.incidents import drafts as incident_drafts
from operations.incidents import incidents
from operations.infrastructure import equipment, links, usage
from operations.infrastructure import rows as equipment_rows
from operations.modernisation import project_parts, project_rows, projects, review_rows, reviews
from operations.modernisation.withdrawal import Validity
from operations.needs import assessments, stakeholders
from operations.needs import rows as needs
from operations.policing import analyses, lifecycle
from operations.policing.calendar import dependencies, tasks
from operations.policing.fugitives import appeals, cases, lead_hits
from operations.policing.layers import imports as layer_imports
from operations.policing.leads import leads
from operations.policing.map_plan import coordination_units, places, postings, unit_postings
from operations.policing.map_plan import versions as plan_versions
from operations.policing.operation import boards, oplan, participations, plan, staff, targets, withholding
from operations.policing.operation.legal_holds import HoldState
from operations.policing.reports import exclusions, reports, verification, voice
from operations.posts import register
from operations.programme import connections, roles
from operations.results import snapshots
from operations.support import (
    availability,
    certificates,
    deployment_acts,
    intelligence,
    kit,
    lead_results,
    offers,
    requests,
    teams,
)
from operations.templates import lessons, library
from operations.templates.instantiation import StartDraft, start
from operations.timetable import jobs, reminders
from operations.timetable.lease import LeaseCandidate
from operations.timetable.maintenance import Copies
from operations.timetable.rules import RulesDraft, set_rules
from operations.timetable.runner import Timetable
from operations.totals.activity import DepartureChoice
from operations.training import cascades, courses, curricula, enrolments, phases
from operations.training import certificates as certified
from operations.training import enrolment_rows as enrolled
from operations.training import rows as training
from operations.training import trainers as taught
from tests import centres as centre_stories
from tests import (
    cost_stories,
    messages,
    modernisation,
    programme,
)
from tests import deconfliction_rooms as deconflicted
from tests import (
    directory as networked,
)
from tests import evaluations as judged
from tests import incidents as incident_made
from tests import (
    partners as partnered,
)
from tests.claim_stories import ON_NOTICE, apart, found_by_muster, two_countries
from tests.evaluations import draft as recommendation_draft
from tests.evaluations import way_to, who
from tests.makers import (
    START,
    Running,
    Shape,
    add_layer,
    add_task,
    adoption_draft,
    analysis_draft,
    arrest,
    ask,
    assignment_draft,
    form,
    freeze,
    hit,
    layer_draft,
    lead_draft,
    link,
    operation_draft,
    packed,
    phase_draft,
    posting_draft,
    send,
    site_draft,
    still_there,
    tally,
    task_draft,
    unit_draft,
)
from tests.operations import test_intelligence as intelligence_made
from tests.operations.steps import correction, now_stored, told
from tests.operations.sweeps import Sweep, case_draft, sweep_in
from tests.operations.test_teams import away, certify
from tests.people import actor
from tests.snapshot_stories import snapshot_draft
from tests.teams import accepted, keep_team, needs_of, offer, on_site, order, raise_request, report

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POINT = Shape({"type": "Point", "coordinates": [2.1, 13.5]})
S = OperationState
NOTHING: dict[str, Any] = {"figures": {}, "tables": [], "features": [], "notes": [], "sources": []}
ANSWER = job_steps.Outcome(NOTHING | {"sentences": [{"template": "One site suffices.", "params": {}}], "sites": ["N1"]})


class Play:
    """The play, and what its chapters hand on to each other."""

    def __init__(self, scene: Running, folder: Path) -> None:
        self.scene, self.folder, self.at = scene, folder, START
        self.keeper = Timetable(scene.store, LeaseCandidate("play"))

    def does(self, name: str, verb: Callable[..., Any], *given: Any, at: datetime | None = None, **named: Any) -> Any:
        """One of the cast, or Muster itself, calls a verb in a unit of work of its own."""
        self.at = at or self.at
        by = System() if name == "system" else self.scene[name]
        with clock.at(self.at), self.scene.store.unit_of_work(by) as session:
            return verb(session, *given, by, **named)

    def asks(self, name: str, question: Callable[[Session], Any]) -> Any:
        """What one of the cast reads."""
        with self.scene.store.reading(self.scene[name]) as session:
            return question(session)

    def ticks(self, at: datetime) -> None:
        """The timetable does what is due."""
        self.at = at
        with clock.at(at):
            self.keeper.beat()
            self.keeper.tick(jobs.SHORT)

    def chapters(self) -> Iterator[tuple[str, datetime]]:
        """Play on; after each chapter, its name and the moment."""
        for chapter in (
            self.phases_pass,
            self.training_is_a_run,
            self.operation_is_described,
            self.plan_is_drawn,
            self.papers_are_agreed,
            self.layers_and_analyses,
            self.work_is_shared_out,
            self.reports_climb,
            self.reports_fall,
            self.claims_are_settled,
            self.persons_are_pointed_to,
            self.days_are_asked_for,
            self.leads_go_out,
            self.intelligence_grows,
            self.data_are_asked_for,
            self.countries_deconflict,
            self.countries_write_to_each_other,
            self.figures_go_to_a_centre,
            self.partners_are_admitted,
            self.costs_are_written,
            self.network_is_kept,
            self.teams_are_kept,
            self.teams_are_asked_for,
            self.teams_go,
            self.fugitives_are_sought,
            self.accounts_come_and_go,
            self.templates_are_used,
            self.operation_comes_to_its_end,
            self.it_is_debriefed,
            self.figures_are_frozen,
            self.it_is_evaluated,
            self.posts_are_registered,
            self.needs_are_assessed,
            self.equipment_is_delivered,
            self.bureaus_are_modernised,
            self.posts_are_connected,
            self.officers_are_taught,
            self.it_is_judged,
            self.incidents_are_handled,
            self.words_are_erased,
            self.trainers_teach,
        ):
            chapter()
            yield chapter.__name__, self.at

    def phases_pass(self) -> None:
        self.ticks(START - HOUR)
        self.ticks(START + 10 * timedelta(minutes=1))

    def training_is_a_run(self) -> None:
        course = self.does("ana", courses.design, programme.course_draft(title="Training"))
        self.does("lena", programme.course_step(course.id, "accredited"))
        days = {"starts": START.date(), "ends": START.date()}
        run = self.does("ana", courses.schedule, programme.run_draft(course, self.at, **days))
        self.does("ana", phases.join, phases.PhaseRunDraft(phase_id=self.scene.training, run_id=run.id))
        self.does("ana", lambda session, by: phases.part(session, run.id, by))

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

    def reports_climb(self) -> None:
        scene = self.scene
        self.at = START + 13 * HOUR
        found = hit(START)
        sent = send(scene, form(scene, lines=[found]), at=self.at)
        self.does("boubacar", verification.verify, sent.id)
        self.does("chaima", verification.verify, sent.id)
        answered = self.does("cheikh", verification.answer_hit, sent.id, sent_line(self, sent), told("confirmed"))
        self.does("dov", verification.verify, answered.id)
        send(scene, correction(answered, scene), by="chaima", at=self.at)

    def reports_fall(self) -> None:
        scene = self.scene
        self.mali = send(scene, form(scene, "Bamako", kind="nil", lines=[]), by="mateo", at=self.at)
        back = parse(verification.Return, {"reason": "unclear"})
        first, second, third = (send(scene, form(scene, "Agadez", day=0), at=self.at) for _each in range(3))
        self.does("boubacar", verification.verify, first.id)
        self.does("chaima", verification.give_back, first.id, back)
        self.does("boubacar", verification.verify, second.id)
        self.does("chaima", verification.reject, second.id, back)
        self.does("bruno", reports.withdraw, third.id, "Sent twice.")
        cards = self.asks("ana", lambda session: list(voice.cards(session, scene.operation)))
        [posting] = [posting for posting, _site, _officer in cards if posting.ends is None]
        said = voice.code_of(posting.id, START.date(), 11, 140)
        self.does("ana", voice.key, scene.operation, said, read_back=True)
        sheet = {"head": "0" * 64, "sheet": "Contrôles", "kind": "check_tally", "fixed": {}, "words": {}}
        mapping = parse(sheet_mappings.SheetMappingDraft, {**sheet, "columns": {"day": "Jour", "count": "Nombre"}})
        known = self.does("bruno", sheet_mappings.remember, mapping)
        self.does("bruno", sheet_mappings.forget, known.id)

    def claims_are_settled(self) -> None:
        """Six men whom two countries report, one of them twice by one, and what becomes of each claim."""
        pairs = [two_countries(self.scene, f"A-{number}/1-2025", self.at) for number in range(1, 7)]
        twice = [arrest(2, **ON_NOTICE | {"notice_ref": "A-1/1-2025"})]
        again = send(self.scene, form(self.scene, "Bamako", lines=twice), "mateo", at=self.at)
        made = self.does("dov", claims.suspect, self.scene.operation)
        reports_of = {asked.report_id: asked.id for asked, _made in pairs}
        with self.scene.store.reading(System()) as session:
            lines = claim_rows.lines_of(session, [each.id for each in made])
        to = claim_states.ClaimState
        outcomes = (to.DECIDED, to.DISMISSED, to.AGREED, to.DIFFERENT, to.SEPARATED, to.LAPSED)
        made.sort(key=lambda each: -len(lines[each.id]))
        for each, outcome in zip(made, outcomes, strict=True):
            if outcome is not to.DISMISSED:
                counts = claims.OpenDraft(counts=claims.key_of(lines[each.id][0]), role="requesting")
                self.does("dov", claims.open_claim, each.id, counts)
            first, *others = lines[each.id]
            if leads := [f"count_of={claims.key_of(line)}" for line in others if line.country == first.country]:
                self.does("dov", claim_masters.choose, each.id, claim_masters.MasterDraft(leads=tuple(leads)))
            if outcome in (to.AGREED, to.DIFFERENT):
                word = claims.ClaimAnswerDraft(same="yes" if outcome is to.AGREED else "no", words="As we know.")
                for name in ("chaima", "moussa"):
                    self.does(name, claims.answer, each.id, word)
            elif outcome in (to.DECIDED, to.SEPARATED):
                for name, same in (("chaima", "yes"), ("moussa", "no")):
                    self.does(name, claims.answer, each.id, claims.ClaimAnswerDraft(same=same, words="As we know."))
            if outcome is to.LAPSED:
                [gone] = [reports_of[line.report_id] for line in lines[each.id] if line.report_id in reports_of]
                self.does("bruno", reports.withdraw, gone, "Sent twice.")
            if outcome not in (to.AGREED, to.DIFFERENT):
                name = "ana" if outcome in (to.DECIDED, to.SEPARATED) else "dov"
                self.does(name, self.settles(each.id, outcome))

            if outcome is to.DECIDED:
                for way in (to.OPEN, outcome):
                    self.does("ana", self.settles(each.id, way), at=self.at + claim_states.ANSWER_WITHIN)
            if outcome is to.DISMISSED:
                for way in (to.SUSPECTED, outcome):
                    self.does("dov", self.settles(each.id, way))

        mine = [("bruno", asked) for asked, _made in pairs]
        for name, version in (*mine, *(("mateo", each) for _asked, each in pairs), ("mateo", again)):
            if now_stored(self.scene, version.id).state == "submitted":
                self.does(name, reports.withdraw, version.id, "Sent for a look.")

    def persons_are_pointed_to(self) -> None:
        """A man who was arrested in another operation too, of which nobody here knows more."""
        _other, first, _second = apart(self.scene)
        claim, to = found_by_muster(self.scene), PointerState
        for way in (to.REFUSED, to.TOLD, to.LET):
            words = "" if way is to.LET else "As we know."
            self.does(
                "dov",
                lambda session, by, way=way, words=words: pointer_answers.say(
                    session, claim.id, self.scene.operation, way, by, words
                ),
            )
        self.does("bruno", reports.withdraw, first.id, "Sent for a look.")

    def settles(self, claim_id: Any, to: claim_states.ClaimState) -> Callable[..., Any]:
        return lambda session, by: claims.take(session, claim_id, to, by, "As agreed.")

    def days_are_asked_for(self) -> None:
        due = START.replace(hour=19) + DAY
        for after in (-2 * HOUR, HOUR, 4 * HOUR, 7 * HOUR):
            self.ticks(due + after)
        self.does("ana", reminders.remind, self.scene.operation, "MLI", at=due + 10 * HOUR)

    def leads_go_out(self) -> None:
        scene = self.scene
        due = self.at + DAY
        made = [self.does("chaima", leads.write, scene.operation, lead_draft(due=due)) for _each in range(3)]
        for each in made:
            self.does("chaima", leads.share, each.id)
        first, second, third = made
        self.does(
            "moussa", leads.answer, first.id, parse(leads.LeadAnswerDraft, {"id": new_id(), "answer": "positive"})
        )
        self.does("chaima", leads.revoke, second.id, "MLI", "Not needed.")
        self.does("system", leads.expire, third.id, "MLI", at=due)
        linked = intelligence_made.result(scene, first)
        self.does("chaima", lead_results.disconnect, linked.id, "Of another.")

    def intelligence_grows(self) -> None:
        of = self.scene.operation
        with clock.at(self.at):
            intelligence_made.suppose(self.scene)
            group, route = (intelligence_made.part(self.scene, kind) for kind in ("group", "route"))
        draft = {"id": new_id(), "from_id": group.entity_id, "to_id": route.entity_id, "kind": "uses"}
        made = self.does("dov", intelligence.link, of, parse(intelligence.TargetLinkDraft, draft))
        self.does("dov", intelligence.unlink, made.id)

    def data_are_asked_for(self) -> None:
        """By persons: requests of each kind, one for each decision; the last two are refused and take longer."""
        desk = {"country": None, "role": "ocu_analyst", "due": self.at + DAY}
        asked_of = self.does("ana", tasks.add, self.scene.operation, task_draft(title="Ask in Agadez", **desk))
        wanted = {"corrected": "ask in agadez"}
        decided = {"given": "access", "withheld": "access", "kept": "correction", "corrected": "correction"}
        for decision, asked in {**decided, "erased": "deletion"}.items():
            made = self._asks_for(asked)
            look = data_requests.SearchDraft(wanted=wanted.get(decision, "one group brings people"))
            found = self.asks(
                "ana",
                lambda session, made=made, look=look: data_requests.find_copies(
                    session, made.id, look, self.scene["ana"]
                ),
            )
            self.does("ana", data_requests.search, made.id, found)
            [copy] = self.asks("ana", lambda session, made=made: data_requests.copies(session, made.id))
            if decision == "corrected":
                draft = task_draft(id=asked_of.id, title="Ask there", **desk)
                self.does("ana", lambda session, by, draft=draft: tasks.edit(session, draft, by, asked_of.version))
            self.does("ana", self._decides(data_requests.decide, copy.id, CopyState(decision)))
            self.does("ana", self._decides(data_requests.take, made.id, SubjectRequestState.ANSWERED))
        late = self._asks_for("access")
        longer = {"until": late.until + 9 * DAY, "extended": "Many files."}
        self.does("ana", data_requests.extend, late.id, parse(data_requests.ExtensionDraft, longer))
        self.does("ana", self._decides(data_requests.take, late.id, SubjectRequestState.REFUSED))
        held = {"id": new_id(), "operation_id": self.scene.operation, "authority": "Court", "file_ref": "RG 1"}
        hold = self.does("ana", holds.set_hold, parse(holds.HoldDraft, held | {"why": "It is not decided."}))
        self.does("frida", self._decides(holds.take, hold.id, HoldState.LIFTED))

    def _asks_for(self, asked: str) -> Any:
        content = {"id": new_id(), "asked": asked, "file_ref": "HQ/7", "received": self.at.date()}
        return self.does("ana", data_requests.receive, parse(data_requests.SubjectRequestDraft, content))

    def _decides(self, verb: Any, ident: Any, to: Any) -> Callable[..., Any]:
        return lambda session, by: verb(session, ident, to, by, "By law.")

    def teams_are_kept(self) -> None:
        with clock.at(self.at):
            team = keep_team(self.scene)
            certificate, absence = certify(self.scene, team), away(self.scene, team, starts=self.at, ends=self.at + DAY)
        self.does("chaima", certificates.revoke, certificate.id)
        self.does("chaima", availability.cancel_absence, absence.id)
        member = {"id": new_id(), "service_ref": "NE-0417", "role": "leader"}
        joined = self.does("chaima", teams.join, team.id, parse(teams.TeamMemberDraft, member))
        self.does("chaima", teams.leave, joined.id)
        car = {"id": new_id(), "kind": "patrol_car", "label": "CAR 1", "team_id": team.id}
        self.does("chaima", kit.keep, parse(kit.AssetDraft, car))
        self.does("chaima", teams.take_out, team.id, "At the garage.")
        self.does("chaima", teams.put_back, team.id)
        self.does("chaima", teams.close, team.id)

    def teams_are_asked_for(self) -> None:
        scene = self.scene
        made = [raise_request(scene, by=name, at=self.at) for name in ("chaima", "ana")]
        self.does("ana", requests.ask_countries, made[0].id)
        [need] = needs_of(scene, made[0])
        with clock.at(self.at):
            first, second = (offer(scene, need.id, keep_team(scene), at=self.at) for _each in range(2))
        self.does("ana", offers.decline, first.id, "Too far.")
        self.does("chaima", offers.take_back, second.id)
        self.does("ana", requests.close, made[1].id)

    def teams_go(self) -> None:
        scene, at = self.scene, self.at
        wanted = {"starts": at + HOUR, "ends": at + 3 * DAY}
        stays = accepted(scene, at=at, **wanted)
        order(scene, stays.id, at=at)
        self.does("ana", deployment_acts.stand_down, stays.id, "The road is closed.")
        goes = on_site(scene, at=at, **wanted)
        self.does("ana", deployment_acts.accredit, goes.id)
        report(scene, "check_in", goes.id, at=at)
        report(scene, "hand_over", goes.id, at=at, words="Keys are at the desk.")
        self.does("system", deployment_acts.lose_contact, goes.id, at=at + DAY + HOUR)
        report(scene, "check_in", goes.id, at=self.at)
        report(scene, "leave_site", goes.id, at=self.at)
        report(scene, "debrief", goes.id, at=self.at, words="All went well.")
        sent_home = on_site(scene, at=self.at, **wanted)
        self.does("ana", deployment_acts.release, sent_home.id, "The flood is over.")

    def fugitives_are_sought(self) -> None:
        scene = sweep_in(self.scene)  # the kind of an operation changes by no act: everybody hears of a phase instead
        follow_up = phase_draft("evaluation", START + 20 * DAY, START + 21 * DAY)
        self.does("ana", plan.schedule, scene.operation, follow_up)
        later = phase_draft("operational", START + 22 * DAY, START + 23 * DAY)
        self.does("ana", plan.schedule, scene.operation, later)
        self.does("ana", plan.drop_phase, later.id)
        cast = Sweep(scene)
        with clock.at(self.at):
            case, location = cast.located()
            [lead] = self.asks("dov", lambda session: leads.leads(session, scene.operation, case.id))
            find = parse(lead_hits.FindDraft, {"id": new_id(), "lead_id": lead.id, "location_id": location})
            linked = self.does("dov", lead_hits.connect, find)
            self.does("dov", lead_hits.disconnect, linked.id, "Of another.")
            cast.arrest(location)
            cast.identify(location)
            amended = cast.nominate()
            changed = case_draft(case_id=amended.id, notice_ref=amended.notice_ref, priority="high")
            self.does("chaima", cases.amend, changed, seen=1, why="Corrected.")
            sought = cast.out()
            cast.flag(sought.id, "chaima")
            cast.flag(sought.id, "ana")
            frozen = self.does("ana", appeals.freeze, scene.operation, new_id())
            self.does("ana", appeals.publish, frozen.id)
            tips = {"id": new_id(), "case_id": sought.id, "received": 7}
            self.does("chaima", appeals.record_tips, parse(appeals.TipsDraft, tips))

    def accounts_come_and_go(self) -> None:
        content = {
            "id": new_id(),
            "username": "aisha",
            "name": "Aisha Seydou",
            "role": "national_officer",
            "country": "NER",
            "password": "harbour, quick tide 5",
        }
        self.does("system", accounts.add_account, parse(accounts.AccountDraft, content))
        asked = {"id": new_id(), "name": "Omar Idi", "role": "national_officer", "country": "NER"}
        made = self.does("ada", invitations.invite, parse(invitations.InvitationDraft, asked)).account
        urgent = asked | {"id": new_id(), "emergency": True, "reason": "The officer was taken ill."}
        self.does("ada", invitations.invite, parse(invitations.InvitationDraft, urgent))
        link = self.does("ada", invitations.renew, made.id)
        with clock.at(self.at):
            invitations.accept(self.scene.store, link.secret, "harbour, quick tide 5", "en")
        self.does("chaima", account_admin.confirm, made.id)
        for changes in ({"unit": "Gao"}, {"clearance": "restricted"}, {"role": "team_leader"}):
            now = self.asks("ada", lambda session: session.get_one(Account, made.id))
            said = {"role": now.role, "country": "NER", "clearance": now.clearance, "unit": now.unit, **changes}
            why = {} if "unit" in changes else {"reason": "A new post."}
            draft = parse(account_admin.ChangeDraft, said | why)
            self.does("ada", account_admin.change, made.id, draft, seen=now.version)
        self.does("ada", account_admin.end_sessions, made.id)
        with self.scene.store.unit_of_work(System()) as session:
            session.add(SecondFactor(account_id=made.id, sealed="sealed", made_at=self.at, confirmed_at=self.at))
        self.does("ada", account_admin.reset_factor, made.id)
        self.does("ada", account_admin.bind_identity, made.id, "https://id.example", "omar")
        self.does("ada", account_admin.unbind_identity, made.id)
        self.does("ada", account_admin.close, made.id, why="Left the service.")
        self.does("ada", account_admin.reopen, made.id)
        self.does("system", account_admin.close, made.id, unused=True)
        self.does("ada", account_admin.end_country, "SEN", why="A laptop was stolen.")
        self.does("ada", account_admin.end_country, "SEN", why="The operation is over.", close_all=True)
        with self.scene.store.unit_of_work(System()) as session:
            session.get_one(Account, actor("otto").account_id).expires_at = self.at + HOUR
        self.ticks(self.at + 2 * HOUR)

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

    def posts_are_registered(self) -> None:
        made = self.does("chaima", register.register, programme.post_draft())
        self.does("chaima", register.describe, made.id, programme.condition_draft(), 0)
        self.does("chaima", register.link, made.id, self.scene.sites["Niamey"])
        gone = self.does("ana", register.register, programme.post_draft(name="Gaya", ref=""))
        self.does("ana", register.close, gone.id)
        self.does("chaima", roles.set_roles, programme.role_draft())

    def incidents_are_handled(self) -> None:
        """Two of Niger: one to its end, one not launched; then the country leaves and both are emptied."""
        other = incident_made.hired(self.scene, "fred")
        made = [
            self.does(
                "bruno",
                incidents.report,
                incident_made.draft(self.scene, occurred_at=self.at - 2 * HOUR, detected_at=self.at - HOUR),
            )
            for _each in range(2)
        ]
        for state in incident_made.WAY:
            self.does("frida", incident_made.step(made[0].id, state))
            for about in ("assessment", "outcome") if state == "fact_finding" else ():
                self.does("frida", incidents.write, made[0].id, incident_made.version(about))
        reader = self.asks("frida", lambda session: incidents.readers(session, made[0]))[0]
        self.does("frida", incidents.grant, made[0].id, incident_made.grant(account_id=reader.id))
        self.does("frida", incident_made.step(made[1].id, "threshold_check"))
        frida = self.scene["frida"]
        self.scene.members["fred"] = replace(frida, account_id=other, name="Fred")
        taking = incident_drafts.TakeOverDraft(reason="Frida is on leave.")
        self.does("fred", incidents.take_over, made[1].id, taking, frida.account_id)
        self.does("fred", incident_made.step(made[1].id, "not_launched", "Below the threshold."))
        handing = incident_drafts.HandOverDraft(handler=frida.account_id, reason="Back from leave.")
        self.does("fred", incidents.hand_over, made[1].id, handing)
        self.does("chaima", incident_reading.restrict, self.scene.operation, "Under seal.")
        self.does("chaima", incident_reading.lift, self.scene.operation)
        self.does("chaima", self._leaves)

    def _leaves(self, session: Session, by: Any) -> None:
        incident_reading.leave(
            session, plan.operation(session, self.scene.operation, by), "NER", DepartureChoice.ERASED
        )

    def countries_deconflict(self) -> None:
        """A match of which both say one thing and the other, an entry that is withdrawn, and the end of the room."""
        for of in (None, self.scene.operation):
            room = self.does(
                "chaima",
                deconfliction.open_room,
                deconflicted.room_draft(countries=["MLI"], operation_id=of, until=(self.at + 90 * DAY).date()),
            )
            for name in ("chaima", "moussa"):
                values = deconflicted.entries_draft(room, [("route", "Dirkou > Toummo")])
                self.does(name, deconfliction.enter, room.id, values)
            [(shown, _other)] = self.asks(
                "chaima", lambda session, room=room: deconfliction.sides(session, room.id, self.scene["chaima"])
            )
            for name in ("chaima", "moussa"):
                for to in (SideState.SPOKEN, SideState.NOTHING):
                    self.does(name, deconfliction.say, shown.side.match_id, to)
            entries = self.asks("chaima", lambda session, room=room: deconfliction.entries(session, room.id))
            self.does("chaima", deconfliction.withdraw, entries[0].id)
            self.does("chaima", deconfliction.close, room.id)

    def countries_write_to_each_other(self) -> None:
        """A message that is read, answered and passed on; of its answer one country is refused and one consented to."""
        made = self.does("chaima", dispatches.send, messages.dispatch_draft())
        self.does("moussa", dispatches.confirm, made.id)
        self.does("moussa", dispatches.pass_on, made.id, messages.passing_draft("TCD"))
        answer = self.does("moussa", dispatches.answer, made.id, messages.answer_draft())
        for to, words in ((PassingState.REFUSED, "Our case is open."), (PassingState.CONSENTED, "")):
            asked = self.does("chaima", dispatches.pass_on, answer.id, messages.passing_draft("TCD"))
            self.does("moussa", dispatches.decide, asked.id, to, words=words)

    def figures_go_to_a_centre(self) -> None:
        """It is connected, answers what its operation is, takes a report, and the connection ends."""
        made = self.does("chaima", centres.connect, centre_stories.connection_draft(self.scene))
        renewal = centres.TokenRenewal(token="muster_" + "y" * 43)
        self.does("chaima", centres.renew, made.id, renewal)
        store, centre = self.scene.store, centre_stories.AnsweringCentre(self.scene, self.at)
        with clock.at(self.at):
            centre_delivery.deliver(store, made.id, centre, self.at)
        here, there, *_others = self.scene.sites.values()
        match = centre_sites.SiteMatchDraft(site_id=here, centre_site=there)
        self.does("chaima", centre_sites.match_site, made.id, match)
        period = centres.PeriodDraft(first=START.date(), last=self.at.date())
        shown = self.asks("chaima", lambda session: centres.preview(session, made.id, period, self.scene["chaima"]))
        sharing = centres.SharingDraft(first=shown.first, last=shown.last, seen=shown.seen)
        self.does("chaima", centres.send, made.id, sharing)
        for hours in (0, 2):
            centre.corrects = hours > 0
            with clock.at(self.at):
                centre_delivery.deliver(store, made.id, centre, self.at + timedelta(hours=hours))
        corrected, *_others = self.asks("chaima", lambda session: centre_conflicts.conflicts(session, made.id))
        self.does("chaima", centre_conflicts.leave_there, corrected.id)
        self.does("chaima", centres.end, made.id)

    def partners_are_admitted(self) -> None:
        """One to its end and one that is not admitted; a country withholds from the first, and lifts it again."""
        until = (self.at + 30 * DAY).date()
        made, other = (
            self.does(
                "ana",
                partners.propose,
                partnered.admission_draft(
                    self.scene, partner=name, starts=self.at.date(), until=until, sees=["products"], sections=[]
                ),
            )
            for name in ("europol", "iom")
        )
        self.does("lena", partners.take, made.id, AdmissionState.ADMITTED)
        self.does("lena", partners.take, other.id, AdmissionState.DECLINED, words="Nothing to compare.")
        self.does("chaima", partners.object_to, made.id)
        self.does("chaima", partners.lift, made.id)
        self.products_are_made()
        self.does("ana", partners.take, made.id, AdmissionState.ENDED, words="It is compared.")

    def costs_are_written(self) -> None:
        """A cost that its country paid is corrected, by another payer too; one is taken back, and all are in."""
        of, day = self.scene.operation, self.at.date()
        made = self.does("ana", costs.write, of, cost_stories.cost_draft(day=day, country="NER"))
        again = self.does("ana", costs.correct, made.id, cost_stories.cost_draft(day=day, amount=1300, country="NER"))
        last = self.does("ana", costs.correct, again.id, cost_stories.cost_draft(day=day, amount=1300))
        self.does("ana", costs.take, last.id, CostState.TAKEN_BACK, words="Of another operation.")
        self.does("ana", costs.take_book, of, BookState.COMPLETE)
        self.does("ana", costs.take_book, of, BookState.OPEN, words="A bill came late.")

    def products_are_made(self) -> None:
        """Every step of a product: refused, withdrawn, not used, and one under the consent of an originator."""
        to, due = ProductState, (self.at + 7 * DAY).date()
        refused, withdrawn, unused, used = (
            self.does("chaima", products.ask, partnered.ask_draft(self.scene, due=due)) for _each in range(4)
        )
        self.does("dov", products.take, refused.id, to.REFUSED, words="It is known already.")
        self.does("chaima", products.take, withdrawn.id, to.WITHDRAWN, words="It came by another way.")
        for each in (unused, used):
            self.does("dov", products.take, each.id, to.ACCEPTED)
        first = self.does("dov", products.write, unused.id, partnered.product_draft(partners=["europol"]))
        self.does("chaima", products.take, unused.id, to.NOT_USED, words="It came too late.")
        given = product_drafts.ProductShareDraft(countries=("MLI",), purpose="They cross there next.")
        self.does("dov", products.share, first.id, given)
        held = partnered.product_draft(handling="h2", originators=["MLI"], countries=[])
        self.does("dov", products.write, used.id, held)
        [asked] = self.asks(
            "moussa",
            lambda session: [each for each in products.shares(session, held.id) if each.state == ShareState.ASKED],
        )
        self.does("moussa", products.decide, asked.id, ShareState.CONSENTED)
        self.does("chaima", products.take, used.id, to.RECEIVED)
        self.does("chaima", products.use, used.id, product_drafts.UseDraft(led_to="check"))
        again = self.does("moussa", products.ask, partnered.ask_draft(self.scene, due=due))
        self.does("dov", products.take, again.id, to.ACCEPTED)
        own = partnered.product_draft(handling="h3", originators=["NER"])
        self.does("dov", products.write, again.id, own)
        [asked] = self.asks("chaima", lambda session: products.shares(session, own.id))
        self.does("chaima", products.decide, asked.id, ShareState.REFUSED, words="Our case is open.")

    def network_is_kept(self) -> None:
        member = self.does("chaima", directory.enter, networked.member_draft())
        self.does("chaima", directory.record_activity, member.id, networked.activity_draft(held_on=self.at.date()))
        for to, words in ((MemberState.LEFT, "It is merged."), (MemberState.MEMBER, "")):
            self.does("chaima", directory.take, member.id, to, words=words)

    def needs_are_assessed(self) -> None:
        whole = (
            "desk_review visit scored visit scored validated plan_proposed validated plan_proposed plan_agreed "
            "measures_done reassessed"
        )
        for name, states in (("Dosso", whole), ("Zinder", "refused"), ("Diffa", "desk_review not_accessible")):
            post = self.does("chaima", register.register, programme.post_draft(name=name, ref=""))
            made = self._requested(post)
            for state in states.split():
                if state == "reassessed":
                    self.at += HOUR
                    again = self._requested(post)
                    for each in ("desk_review", "visit", "scored"):
                        self._assessed(again.id, each)
                self._assessed(made.id, state)
        talk = self.does("chaima", stakeholders.engage, programme.talk_draft(held_on=self.at.date()))
        self.does("ana", lambda session, by: stakeholders.follow_up(session, talk.id, "It is signed.", by))

    def _requested(self, post: register.Post) -> needs.Assessment:
        draft = programme.request_draft(post, planned_for=self.at.date())
        made: needs.Assessment = self.does("chaima", assessments.request, draft)
        return made

    def _assessed(self, ident: Any, state: str) -> None:
        found = self.asks("ana", lambda session: session.get_one(needs.Assessment, ident))
        if state == "scored" and not found.findings:
            for area in needs.AREAS:
                self.does("boubacar", assessments.score, ident, programme.score_draft(area))
            seen = programme.findings_draft(visited_from=self.at.date(), visited_to=self.at.date())
            self.does("boubacar", assessments.record_findings, ident, seen, 0)
        step = needs.LIFE.step(found.state, state)
        assert step is not None
        self.does(programme.WHO[step.act], programme.assessment_step(ident, state))

    def equipment_is_delivered(self) -> None:
        post = self.does("chaima", register.register, programme.post_draft(name="Depot", ref=""))
        whole = (
            "approved procured shipped customs handed_over installed commissioned in_use in_use dormant in_use "
            "out_of_service dormant retired"
        )
        for states in (whole, "approved procured shipped handed_over lost", "dropped"):
            made = self.does("ana", equipment.plan, programme.equipment_draft(post))
            for state in states.split():
                self.at += DAY
                step = self._step(equipment_rows.LIFE, equipment_rows.Equipment, made.id, state)
                who = programme.BY_ACT[step.act] if step else "bruno"
                self.does(who, programme.equipment_step(made.id, state, at=self.at))
        for states in ("agreed built tested live down live closed", "closed"):
            link = self.does("ana", links.propose, programme.link_draft(post))
            for state in states.split():
                self.at += HOUR
                step = self._step(equipment_rows.LINKS, equipment_rows.Link, link.id, state)
                assert step is not None
                self.does(programme.BY_ACT[step.act], programme.link_step(link.id, state, self.at))
        over = (self.at.date().replace(day=1) - timedelta(days=1)).isoformat()
        month = programme.month_draft(over)
        first = self.does("bruno", usage.count, post.id, month)
        again = programme.month_draft(over, 290, replaces=first.id)
        self.does("bruno", usage.count, post.id, again)

    def bureaus_are_modernised(self) -> None:
        """Every act of reviews and of the projects after them."""
        post = self.does("chaima", register.register, programme.post_draft(name="Bureau", ref=""))
        for states in ("refused", "dropped", "prepared visited found visited found agreed closed"):
            made = self.does("chaima", reviews.ask, modernisation.ask_draft(post, self.at))
            for state in states.split():
                step = self._step(review_rows.LIFE, review_rows.Review, made.id, state)
                if step.verb == "review.send":
                    drafts = [modernisation.finding_draft() for _each in range(2)]
                    wrong, _right = (self.does("ana", reviews.write, made.id, each) for each in drafts)
                    self.does("ana", reviews.withdraw, wrong.id, Validity.WITHDRAWN, words="Counted twice.")
                if step.verb == "review.agree":
                    self.does(
                        "chaima", reviews.comment, made.id, reviews.FindingCommentDraft(id=new_id(), words="So it is.")
                    )
                self.does(modernisation.WHO[step.act], modernisation.review_step(made.id, state, self.at))
        for states in ("approved stopped", "approved under_way handed_over finished"):
            project = self.does("ana", projects.propose, modernisation.project_draft(self.at))
            free = self.asks("ana", lambda session, project=project: project_parts.unassigned_items(session, project))
            draft = modernisation.parts_draft(*free)
            for part in self.does("ana", project_parts.add_parts, project.id, draft)[:1]:
                self.does("ana", project_parts.remove_part, part.id, Validity.WITHDRAWN, words="Of another year.")
            self.does("ana", project_parts.add_parts, project.id, draft)
            self.does("ana", projects.pay, project.id, modernisation.money_draft("planned", at=self.at))
            for name, to in (("chaima", "done"), ("ana", "dropped")):
                mark = self.does("ana", projects.set_milestone, project.id, modernisation.milestone_draft(self.at))
                self.does(name, modernisation.milestone_step(mark.id, to))
            for state in states.split():
                step = self._step(project_rows.LIFE, project_rows.Project, project.id, state)
                self.does(modernisation.WHO[step.act], modernisation.project_step(project.id, state, self.at))
                if state == "approved":
                    paid = self.does("ana", projects.pay, project.id, modernisation.money_draft("spent", at=self.at))
                    self.does("ana", projects.withdraw, paid.id, Validity.WITHDRAWN, words="A nought too many.")

    def posts_are_connected(self) -> None:
        """Every act of connection plans: one made and adopted, one not possible, one stopped before and one after."""
        post = self.does("chaima", register.register, programme.post_draft(name="Birni", ref=""))
        made = self._requested(post)
        for state in ("desk_review", "visit", "scored", "validated"):
            self._assessed(made.id, state)
        best, broken, stopped, waits = (
            self.does("ana", connections.ask, programme.connect_draft(budget=100_000), at=self.at + n * HOUR)
            for n in range(1, 5)
        )
        self.does("ana", lambda session, by: connections.cancel(session, waits.id, by))
        ends = ((best, JobState.DONE, None), (broken, JobState.FAILED, Flaw("", "No plan keeps these rules.")))
        for plan_, to, why in (*ends, (stopped, JobState.DONE, None)):
            with clock.at(self.at), self.scene.store.unit_of_work(System()) as session:
                turn = connections.claim(session, "play", self.at)
            assert turn is not None
            assert turn.id == plan_.id
            if plan_ is stopped:
                self.does("ana", lambda session, by: connections.cancel(session, stopped.id, by))
            with clock.at(self.at), self.scene.store.unit_of_work(System()) as session:
                connections.end(session, turn.turn, to, self.at, why or connection_answer.plan_answer(turn))
        promised = (self.at + 30 * DAY).date()
        self.does("ana", connections.adopt, best.id, programme.adopt_draft(promised=promised))

    def officers_are_taught(self) -> None:
        """Every step of courses, runs, enrolments and certificates."""
        made = [self.does("ana", courses.design, programme.course_draft(title=each)) for each in ("A", "B", "C")]
        new = courses.RevisionDraft(need="Passports pass.", curriculum="Chips first.", languages=("fr", "ha"), hours=30)
        self.does("ana", courses.revise, made[0].id, new)
        ways = (("accredited", "designed", "accredited"), ("retired",), ("accredited", "retired"))
        for each, way in zip(made, ways, strict=True):
            for state in way:
                self._teaches(training.COURSES, training.Course, each.id, state, programme.course_step)
        runs = [self.does("ana", courses.schedule, programme.run_draft(made[0], self.at)) for _each in range(2)]
        self._teaches(training.RUNS, training.CourseRun, runs[1].id, "cancelled", programme.run_step)
        people = programme.enrol_draft(self.scene, "bruno", "binta", "boubacar")
        found = self.does("chaima", enrolments.enrol, runs[0].id, people)
        self.does("ana", enrolments.mark, found[0].id, programme.points_draft(5, None))
        self.at += 9 * DAY
        for each, way in zip(
            found, (("attended", "failed", "passed"), ("absent", "attended", "passed"), ("withdrawn",)), strict=True
        ):
            for state in way:
                self._teaches(enrolled.ENROLMENTS, enrolled.Enrolment, each.id, state, programme.enrolment_step)
        self.at += 5 * DAY
        for each, way in zip(found[:2], (("issued", "revoked"), ("dropped",)), strict=True):
            drawn = self.does("ana", certified.draw_up, each.id)
            for state in way:
                self._teaches(
                    enrolled.CERTIFICATES, enrolled.CourseCertificate, drawn.id, state, programme.certificate_step
                )
        for state in ("delivered", "evaluated", "practised", "closed"):
            self.at += (100 if state == "practised" else 0) * DAY
            self._teaches(training.RUNS, training.CourseRun, runs[0].id, state, programme.run_step)

    def trainers_teach(self) -> None:
        """Every step of trainers and of their cascade runs; Olga certifies whom Ana assessed."""
        course = self.does("ana", courses.design, programme.course_draft(title="Taught at home"))
        self.does("lena", programme.course_step(course.id, "accredited"))
        for academy, way in (("Niamey", ("adopted", "declined")), ("Agadez", ())):
            draft = curricula.CurriculumShareDraft(id=new_id(), country="NER", academy=academy)
            made = self.does("chaima", lambda session, by, said=draft: curricula.offer(session, course.id, said, by))
            for state in way:
                self.does("chaima", programme.curriculum_step(made.id, state))
        ways = (
            ("boubacar", "attending assessed certified inactive active expired renewed inactive revoked"),
            ("bruno", "dropped"),
        )
        for name, way in ways:
            made = self.does("chaima", taught.nominate, programme.nomination_draft(self.scene, course, name))
            for state in way.split():
                who = {"certified": "olga", "revoked": "chaima", "dropped": "chaima"}.get(state, "ana")
                self.at += (3 * 365 if state == "expired" else 0) * DAY
                still_there(self.scene, self.at)
                self.does(who, programme.trainer_step(made.id, state))
                if state == "certified":
                    self._runs_cascade(made)

    def _runs_cascade(self, trainer: Any) -> None:
        for way in (("held", "announced", "held", "confirmed"), ("cancelled",)):
            draft = programme.cascade_draft(trainer, self.at)
            run = self.does("boubacar", cascades.announce, draft)
            self.at += 3 * DAY
            for state in way:
                who = "chaima" if state in ("announced", "confirmed") else "boubacar"
                self.does(who, programme.cascade_step(self.scene, run.id, state))

    def _teaches(self, lived: Any, model: Any, ident: Any, state: str, verb: Any) -> None:
        self.does(programme.TRAINERS[self._step(lived, model, ident, state).act], verb(ident, state))

    def _step(self, lived: Any, model: Any, ident: Any, state: str) -> Any:
        """The step of a life from where a row is; None where something happens again."""
        return lived.step(self.asks("ana", lambda session: session.get_one(model, ident).state), state)

    def words_are_erased(self) -> None:
        for at in (
            datetime.combine(date(year, month, 3), time(1), UTC) for year in range(2027, 2032) for month in (1, 5, 9)
        ):
            still_there(self.scene, at)
            self.ticks(at)


def sent_line(play: Play, sent: Any) -> Any:
    """The id of the only line of a report."""
    with play.scene.store.reading(System()) as session:
        [line] = reports.lines_of(session, sent.id)
    return line.id
