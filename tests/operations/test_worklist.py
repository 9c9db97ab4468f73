"""What waits for a person: all of it can be done at once, and what is done is gone for all."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from operations import worklist_entries
from operations.claims import claim_pointers, claim_rows, claims
from operations.core import account_admin, clock, invitations, journal, state_machine
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import Account, Actor, Assignment, System
from operations.core.vocabulary import Classification, FugitiveState, MessageKind, OperationState, ReportState
from operations.core.worklist import WorkItem
from operations.costs import rows as cost_rows
from operations.evaluation import evaluations, recommendation_rows, recommendations
from operations.evaluation import rows as evaluation_rows
from operations.evaluation.evaluation_states import DAC
from operations.evaluation.recommendations import RecommendationState
from operations.modernisation import project_rows, review_rows, reviews
from operations.needs import assessments
from operations.needs import rows as needs
from operations.notices.messages import Delivery, Message
from operations.policing import lifecycle
from operations.policing.calendar import tasks
from operations.policing.fugitives import case_leads, case_lifecycle, cases, locations, notice_checks
from operations.policing.fugitives.sightings import LIFE as LOCATION
from operations.policing.fugitives.sightings import FugitiveLocation
from operations.policing.leads import leads
from operations.policing.map_plan import versions as plan_versions
from operations.policing.operation import oplan, plan
from operations.policing.reports import daily_reports, reports, verification
from operations.policing.reports.desk_queries import waiting_hits
from operations.support import deployment_acts, deployments, offers, requests, suitability_facts, teams
from operations.support.deployments import DutyDraft, OrderDraft
from operations.timetable import worklist_messages
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from operations.training import cascades, certificates, courses, enrolment_rows, enrolments
from operations.training.trainer_rows import CascadeState
from operations.worklist_cache import WorklistCache
from tests import evaluations as judged
from tests import modernisation, programme
from tests.claim_stories import ON_NOTICE, suspected
from tests.evaluations import draft as recommendation_draft
from tests.makers import (
    START,
    Running,
    add_task,
    arrest,
    form,
    freeze,
    hit,
    lead_of,
    man_unit,
    operation_draft,
    phase_draft,
    send,
    whole_oplan,
)
from tests.operations.sweeps import Sweep, case_draft, sweep_in
from tests.people import CAST, SECONDS, account, actor
from tests.prepared_databases import Shelf
from tests.teams import NEAR, accepted, keep_team, need, offer, on_site, order, raise_request, team_draft

NOW = START + timedelta(hours=20)
"""Late enough for a check-in to be overdue, and on the day of the sweep's look at notices."""
DAY = timedelta(days=1)
PEOPLE = sorted({*CAST, *SECONDS})


class House:
    """The running operation, a second one that is proposed, and everybody working for both."""

    def __init__(self, scene: Running, other: UUID) -> None:
        self.scene, self.store, self.now, self.other = scene, scene.store, NOW, other
        self.sweep = Sweep(scene)
        for name in PEOPLE:
            scene.members[name] = self.by(name)

    def by(self, name: str) -> Actor:
        return actor(name, self.scene.operation, self.other)

    def of(self, name: str, at: datetime | None = None) -> list[WorkItem]:
        at = at or self.now
        with clock.at(at), self.store.reading(self.by(name)) as session:
            return worklist_entries.waiting(session, self.by(name), at)

    def words(self, name: str, at: datetime | None = None) -> set[str]:
        return {str(each.sentence) for each in self.of(name, at)}

    def keys(self) -> dict[str, set[str]]:
        return {name: {each.key for each in self.of(name)} for name in PEOPLE}

    @contextmanager
    def as_(self, name: str) -> Iterator[Session]:
        with clock.at(self.now), self.store.unit_of_work(self.by(name)) as session:
            yield session


def _proposed(scene: Running) -> UUID:
    """An operation that waits for leadership; Niger has yet to answer its invitation, Mali takes part."""
    made_id = new_id()
    with clock.at(START):
        with scene.store.unit_of_work(actor("ana")) as session:
            plan.create(session, operation_draft(id=str(made_id)), actor("ana"))
        ana = actor("ana", made_id)
        with scene.store.unit_of_work(ana) as session:
            plan.schedule(session, made_id, phase_draft("operational", START, START + timedelta(days=5)), ana)
            for country in ("NER", "MLI"):
                plan.invite(session, made_id, parse(plan.CountryInvitation, {"country": country}), ana)
            oplan.write(session, made_id, whole_oplan(), ana)
            man_unit(session, made_id)
            lifecycle.move(session, made_id, OperationState.PROPOSED, ana)
        with scene.store.unit_of_work(actor("moussa", made_id)) as session:
            plan.answer(session, made_id, actor("moussa", made_id), accept=True)
        with scene.store.unit_of_work(System()) as session:
            session.add(Assignment(account_id=actor("dov").account_id, operation_id=made_id))
    return made_id


def _everything(house: House) -> None:
    """Put one of everything into the house that can wait for somebody."""
    scene, sweep = house.scene, house.sweep
    freeze(scene)
    first = send(scene, form(scene, lines=[hit(START + timedelta(hours=1))]))
    second = send(scene, form(scene, site="Agadez"), by="binta")
    back = send(scene, form(scene, site="Agadez", day=0), by="bruno")
    with house.as_("boubacar") as session:
        verification.verify(session, second.id, house.by("boubacar"))
        verification.give_back(
            session, back.id, parse(verification.Return, {"reason": "incomplete"}), house.by("boubacar")
        )
    assert first.state == ReportState.SUBMITTED
    raise_request(scene, need(), by="chaima")
    asked = raise_request(scene, need(), need())
    wanted = _needs(house, asked.id)
    offer(scene, wanted[0].id, keep_team(scene))
    keep_team(scene, "boubacar")
    accepted(scene, keep_team(scene))
    order(scene, accepted(scene, keep_team(scene)).id)
    on_site(scene, keep_team(scene), at=START)
    with clock.at(START + timedelta(hours=4)):
        sweep.nominate()
        case = sweep.nominate()
        sweep.check(case.id)
        target = sweep.target()
        sweep.move(target.id, "under_review", "dov")
        sweep.target()
        sweep.out()
        sweep.locate(sweep.out().id)
        sweep.located()
        _case, place = sweep.located()
        sweep.arrest(place)
        sweep.reply(_lead(house, sweep.out().id), "negative")
        sweep.check(sweep.nominate().id, status="unclear")
        sweep.check(sweep.out().id, status="withdrawn")
    add_task(scene, title="Brief the teams", due=NOW + timedelta(hours=1))
    asked_about_a_lorry = lead_of(scene)
    with house.as_("chaima") as session:
        leads.share(session, asked_about_a_lorry.id, house.by("chaima"))
    for by in ("bruno", "binta"):
        send(scene, form(scene, lines=[arrest(**ON_NOTICE)]), by=by)
    suspected(scene)
    _recommended(house)
    _invited(house)
    post = programme.post_of(scene)
    programme.requested(scene, post)
    programme.planned(scene, post)
    programme.linked(scene, post)
    judged.planned(scene)
    modernisation.asked(scene, post)
    modernisation.due(scene, modernisation.whole(scene, programme.post_of(scene, name="Gaya", ref="")))
    _taught(scene)


def _recommended(house: House) -> None:
    """A recommendation to Niger, as if the operation had ended."""
    content = recommendation_draft().model_dump(exclude={"owner"}) | {"country": "NER"}
    more = {"operation_id": house.scene.operation, "author_id": actor("dov").account_id, "author_name": "Dov"}
    with house.store.unit_of_work(System()) as session:
        session.add(recommendations.Recommendation(**content, **more, made_at=START))


def _invited(house: House) -> None:
    """An officer of Niger who has set the password by a link that the administrator had in hand."""
    content = {"id": new_id(), "name": "Omar Idi", "role": "national_officer", "country": "NER"}
    with clock.at(START):
        with house.as_("ada") as session:
            link = invitations.invite(session, parse(invitations.InvitationDraft, content), house.by("ada"))
        invitations.accept(house.store, link.secret, "harbour, quick tide 5", "fr")


def _needs(house: House, request_id: UUID) -> list[requests.Need]:
    with house.store.reading(house.by("ana")) as session:
        return requests.needs(session, house.scene.operation)[request_id]


def _lead(house: House, case_id: UUID) -> leads.Lead:
    with house.store.reading(house.by("dov")) as session:
        return leads.leads(session, house.scene.operation, case_id)[0]


def _filled(scene: Running) -> UUID:
    made = House(sweep_in(scene), _proposed(scene))
    _everything(made)
    return made.other


@pytest.fixture
def house(shelf: Shelf) -> Iterator[House]:
    like, other = shelf.prepared(_filled)
    with shelf.take(like) as taken:
        yield House(replace(shelf.running, store=taken, members={}), other)


def _taught(scene: Running) -> None:
    """A course that is to be accredited, one whose accreditation ends, and a run of long ago with one who passed."""
    does, day = programme.does, timedelta(days=1)
    does(scene, "ana", courses.design, programme.course_draft(title="New"))
    ending = does(scene, "ana", courses.design, programme.course_draft(title="Old"), at=NOW - 1440 * day)
    does(scene, "lena", programme.course_step(ending.id, "accredited"), at=NOW - 1440 * day)
    run = programme.run_of(scene, ending, NOW - 130 * day)
    at = NOW - 121 * day
    [made] = does(scene, "chaima", enrolments.enrol, run.id, programme.enrol_draft(scene, "bruno"), at=at)
    for to in ("attended", "passed"):
        does(scene, "ana", programme.enrolment_step(made.id, to), at=at)
    does(scene, "ana", certificates.draw_up, made.id, at=at)
    programme.shared_with(scene, ending)
    programme.trainer_of(scene, ending, "attending", name="bruno", at=at)
    programme.trainer_of(scene, ending, name="binta", at=NOW - 1020 * day)
    trainer = programme.trainer_of(scene, ending, at=at)
    programme.cascade_of(scene, trainer, at=at)
    programme.cascade_of(scene, trainer, "held", at=at)


# ------------------------------------------------------------------------------------------ how each of it is done


def _yes(session: Session, each: WorkItem, by: Actor) -> None:
    plan.answer(session, each.operation, by, accept=True)


def _approve(session: Session, each: WorkItem, by: Actor) -> None:
    lifecycle.move(session, each.operation, OperationState.APPROVED, by)


def _begin(session: Session, each: WorkItem, by: Actor) -> None:
    lifecycle.move(session, each.operation, OperationState.PRE_OPERATIONAL, by)


def _start(session: Session, each: WorkItem, by: Actor) -> None:
    lifecycle.move(session, each.operation, OperationState.ACTIVE, by)


def _say(session: Session, each: WorkItem, by: Actor) -> None:
    place = session.get_one(FugitiveLocation, each.params["id"])
    sought = cases.case(session, place.case_id).state == FugitiveState.LEAD_OUT
    locations.answer(session, place.id, by, yes=sought)


def _take_offer(session: Session, each: WorkItem, by: Actor) -> None:
    made = offers.offer(session, each.params["id"])
    wanted, team = requests.need(session, made.need_id), teams.team(session, made.team_id)
    against = suitability_facts.against(session, team, wanted, made.starts, made.ends, NEAR, NOW)
    if suitability_facts.blocking(against):  # the team is bound by now: what is left is to decline it
        offers.decline(session, made.id, "It is bound elsewhere.", by)
    else:
        offers.accept(session, made.id, against, by, "Agreed.")


def _offer(session: Session, each: WorkItem, by: Actor) -> None:
    wanted = requests.need(session, each.params["need"])
    roster = session.exec(select(teams.Team).where(teams.Team.country == by.country)).all()
    team = next((team for team in roster if wanted.specialism in team.specialisms), None)
    if team is None:  # a country with no roster yet puts one on it
        team = teams.keep(session, team_draft(specialisms=[wanted.specialism]), by)
    content = {"id": new_id(), "team_id": team.id, "starts": wanted.starts, "ends": wanted.ends}
    offers.make(session, wanted.id, parse(offers.OfferDraft, content), by)


def _reports(verb: str, **said: str) -> Callable[[Session, WorkItem, Actor], object]:
    return lambda session, each, by: deployment_acts.REPORTS[verb](
        session, each.params["id"], parse(DutyDraft, {"id": new_id(), **said}), by
    )


def _moves(to: FugitiveState) -> Callable[[Session, WorkItem, Actor], object]:
    return lambda session, each, by: case_lifecycle.move(session, each.params["id"], to, by)


def _say(session: Session, each: WorkItem, by: Actor) -> None:
    place = session.get_one(FugitiveLocation, each.params["id"])
    [yes, _no] = LOCATION.out_of(place.state)
    elsewhere = LOCATION.obstacles(place, cases.case(session, place.case_id), yes)  # then no is all that is left
    locations.answer(session, place.id, by, yes=not elsewhere)


def _send_lead(session: Session, each: WorkItem, by: Actor) -> None:
    case = case_lifecycle.hold(session, each.params["id"])
    content = {
        "id": new_id(),
        "lead_id": new_id(),
        "origin": "coordination_unit",
        "origin_country": case.requesting_country,
        "subject_kind": "fugitive_case",
        "subject_id": case.id,
        "question": "Is the person with you?",
        "to_countries": ["NER" if case.requesting_country == "MLI" else "MLI"],
        "due": NOW + timedelta(days=1),
    }
    case_leads.send(session, parse(leads.LeadDraft, content), by)


def _reply(session: Session, each: WorkItem, by: Actor) -> None:
    leads.answer(session, each.params["id"], parse(leads.LeadAnswerDraft, {"id": new_id(), "answer": "negative"}), by)


def _nominate(session: Session, each: WorkItem, by: Actor) -> None:
    cases.nominate(session, each.operation, case_draft(str(by.country)), by)


def _look_up(session: Session, each: WorkItem, by: Actor) -> None:
    due = [
        case
        for case in notice_checks.due_cases(session, each.operation, NOW)
        if not by.national or case_lifecycle.hold(session, case).requesting_country == by.country
    ]
    notice_checks.record_check(
        session, each.operation, parse(notice_checks.CheckDraft, {"cases": due, "status": "valid"}), by
    )


def _answer_hits(session: Session, each: WorkItem, by: Actor) -> None:
    content = {"confirmation": "confirmed", "confirming_country": "FRA", "confirmed_at": NOW}
    for found in waiting_hits(session, each.operation):
        if found.report.site_id == each.params["id"]:
            verification.answer_hit(session, found.report.id, found.line.id, parse(verification.HitAnswer, content), by)


def _correct(session: Session, each: WorkItem, by: Actor) -> None:
    before = reports.report(session, each.params["id"])
    line = {
        "kind": "check_tally",
        "id": str(new_id()),
        "count": 5,
        "check_kind": "database_query",
        "database": "sltd",
        "entity_type": "document",
        "channel": "fixed_workstation",
    }
    content = {
        "id": new_id(),
        "report_id": before.report_id,
        "supersedes_id": before.id,
        "correction_reason": "typing",
        "operation_id": before.operation_id,
        "site_id": before.site_id,
        "phase_id": before.phase_id,
        "kind": "daily",
        "period_from": before.period_from,
        "period_to": before.period_to,
        "zone": before.zone,
        "lines": [line],
        "confirmed": True,
    }
    reports.submit(session, parse(reports.ReportDraft, content), by)


def _amendment(session: Session, each: WorkItem, by: Actor) -> None:
    said = oplan.content_hash(list(oplan.sections(session, each.operation).values()))
    draft = parse(oplan.AmendmentDraft, {"id": new_id(), "content_hash": said})
    oplan.approve(session, each.operation, draft, by)


def _of(verb: Callable[..., object], **more: Any) -> Callable[[Session, WorkItem, Actor], object]:
    return lambda session, each, by: verb(session, each.params["id"], by, **more)


def _order(session: Session, each: WorkItem, by: Actor) -> None:
    deployment_acts.order(session, each.params["id"], parse(OrderDraft, {"tasks": "Second line."}), by)


def _recommends(to: RecommendationState) -> Callable[[Session, WorkItem, Actor], object]:
    return _of(lambda session, ident, by: recommendations.take(session, ident, to, by, "As agreed."))


def _clear_up(session: Session, each: WorkItem, by: Actor) -> None:
    found = {"cases": [each.params["id"]], "status": "valid"}
    notice_checks.record_check(session, each.operation, parse(notice_checks.CheckDraft, found), by)


def _take_back(session: Session, each: WorkItem, by: Actor) -> None:
    for lead in leads.leads(session, each.operation, each.params["id"]):
        for part in leads.parts(session, lead.id):
            leads.revoke(session, lead.id, part.country, "The notice was withdrawn.", by)


def _send_daily(session: Session, each: WorkItem, by: Actor) -> None:
    owner = plan.operation(session, each.operation, by)
    phase = next(
        one for one in plan.phases(session, owner.id) if one.starts < each.since + DAY and each.since < one.ends
    )
    begins = max(each.since, phase.starts)
    content = {
        "id": new_id(),
        "report_id": new_id(),
        "operation_id": owner.id,
        "site_id": each.params["at"],
        "phase_id": phase.id,
        "kind": "nil",
        "period_from": begins,
        "period_to": begins + timedelta(hours=1),
        "zone": owner.zone,
        "lines": [],
        "confirmed": True,
    }
    reports.submit(session, parse(reports.ReportDraft, content), by)


def _confirm_accounts(session: Session, _each: WorkItem, by: Actor) -> None:
    for each in account_admin.confirmable(session, by):
        account_admin.confirm(session, each.id, by)


def _assesses(to: str) -> Callable[[Session, WorkItem, Actor], object]:
    def deed(session: Session, each: WorkItem, by: Actor) -> None:
        if to == "scored":
            found = session.get_one(needs.Assessment, each.params["id"])
            for area in needs.AREAS:
                assessments.score(session, found.id, programme.score_draft(area), by)
            assessments.record_findings(
                session,
                found.id,
                programme.findings_draft(visited_from=START.date(), visited_to=START.date()),
                found.findings,
                by,
            )
        assessments.take(session, each.params["id"], needs.AssessmentState(to), by, "So it is.")

    return deed


def _consolidate(session: Session, each: WorkItem, by: Actor) -> None:
    for found in verification.worklist(session, each.operation, by):
        if found.country == each.params["country"]:
            verification.verify(session, found.id, by)


def _open_claim(session: Session, each: WorkItem, by: Actor) -> None:
    first = claim_rows.lines_of(session, [each.params["claim"]])[each.params["claim"]][0]
    claims.open_claim(session, each.params["claim"], claims.OpenDraft(counts=claims.key_of(first)), by)


def _answer_claim(session: Session, each: WorkItem, by: Actor) -> None:
    claims.answer(session, each.params["claim"], claims.ClaimAnswerDraft(same="yes"), by)


def _evaluates(to: str) -> Callable[[Session, WorkItem, Actor], object]:
    def deed(session: Session, each: WorkItem, by: Actor) -> None:
        if to == "draft":
            evaluations.record_method(session, each.params["id"], judged.method_draft(held_on=NOW.date()), by)
            for criterion in DAC:
                evaluations.judge(session, each.params["id"], judged.judgement_draft(criterion), by)
        judged.evaluation_step(each.params["id"], to)(session, by)

    return deed


def _says(to: str) -> Callable[[Session, WorkItem, Actor], object]:
    return lambda session, each, by: judged.word_step(each.params["id"], to)(session, by)


def _delivers(to: str) -> Callable[[Session, WorkItem, Actor], object]:
    return lambda session, each, by: programme.equipment_step(each.params["id"], to, at=NOW)(session, by)


def _reviews(to: str) -> Callable[[Session, WorkItem, Actor], object]:
    def deed(session: Session, each: WorkItem, by: Actor) -> None:
        if to == "found":
            reviews.write(session, each.params["id"], modernisation.finding_draft(), by)
        modernisation.review_step(each.params["id"], to, NOW)(session, by)

    return deed


def _modernises(to: str) -> Callable[[Session, WorkItem, Actor], object]:
    return lambda session, each, by: modernisation.project_step(each.params["id"], to, NOW)(session, by)


def _links(to: str) -> Callable[[Session, WorkItem, Actor], object]:
    return lambda session, each, by: programme.link_step(each.params["id"], to, NOW)(session, by)


def _teaches(step: Callable[[Any, str], Any], to: str) -> Callable[[Session, WorkItem, Actor], object]:
    return lambda session, each, by: step(each.params["id"], to)(session, by)


def _attended(session: Session, each: WorkItem, by: Actor) -> None:
    cascades.hold(session, each.params["id"], cascades.AttendanceDraft(people=(), others=4), by)


def _confirmed(session: Session, each: WorkItem, by: Actor) -> None:
    cascades.take(session, each.params["id"], CascadeState.CONFIRMED, by)


def _second_coordinator(session: Session, _each: WorkItem, by: Actor) -> None:
    """Somebody of the country has taken an invitation up, and may enter."""
    content = account("cheikh").model_dump() | {"id": new_id(), "username": str(new_id()), "country": by.country}
    session.add(Account(**content))
    session.flush()
    journal.record(session, System(), "account.accept", "account", content["id"], country=by.country)


DEEDS: dict[str, Callable[[Session, WorkItem, Actor], object]] = {
    "Your country is invited: say whether it takes part.": _yes,
    "The operation is proposed: approve it.": _approve,
    "The operational phase has begun: start the operation.": _start,
    "Your country has {has} of {count} coordinators: invite another one, who records the answers to your hits.": (
        _second_coordinator
    ),
    "The operational plan was amended: approve it.": _amendment,
    "The daily report of {site} for {day} is to be sent.": _send_daily,
    "Version {number} of the plan waits: put it in force.": _of(plan_versions.approve),
    "Report of {site}, {day}: verify it locally.": _of(verification.verify),
    "Report of {site}, {day}: validate it for your country.": _of(verification.verify),
    "Reports of {country} to consolidate: {reports}.": _consolidate,
    "Your report of {site}, {day}, came back: correct it.": _correct,
    "Claim {number} is suspected: open it, or dismiss it.": _open_claim,
    "Claim {number} is open: answer for your country.": _answer_claim,
    "Hits of {site} without an answer of the issuing country: {hits}.": _answer_hits,
    "{country} asks for assistance: put it before the countries.": _of(requests.ask_countries),
    "A team is needed at {place}: offer one.": _offer,
    "{country} offers a team: accept or decline it.": _take_offer,
    "{call_sign} was accepted: order the team to go.": _order,
    "{call_sign} is ordered to go: report when it leaves.": _reports("deployment.mobilising"),
    "{call_sign} is on its way: report the arrival.": _reports("deployment.on_site"),
    "The check-in of {call_sign} is overdue.": _reports("deployment.check_in"),
    "{call_sign} has left the place: write the debriefing.": _reports("deployment.debriefed", words="Learnt."),
    "Your country has nominated no case yet: nominate the persons it looks for.": _nominate,
    "Notices to look up today: {cases}.": _look_up,
    "Case {case} is nominated: accept it as a target.": _moves(FugitiveState.TARGET),
    "Case {case} is a target: take it under review.": _moves(FugitiveState.UNDER_REVIEW),
    "Case {case} is under review: write a lead to a country.": _send_lead,
    "Every country has answered about case {case}: review the answers.": _moves(FugitiveState.UNDER_REVIEW),
    "A lead about case {case} waits for your country's answer.": _reply,
    "A lead waits for your country's answer: {words}": _reply,
    "The notice of case {case} is unclear: clear it up, and look it up again.": _clear_up,
    "Case {case} has ended, and a country still has its lead: take it back.": _take_back,
    "A task is yours: {title}": _of(tasks.finish),
    "The operation is approved: begin the pre-operational work.": _begin,
    "{country} reports the person of case {case}: say yes or no.": _say,
    "The person of case {case} is located: report the arrest.": _of(locations.arrest),
    "{country} reports an arrest in case {case}: confirm the identity.": _of(locations.identify, same=True),
    "A recommendation is proposed: decide it ({words}).": _recommends(RecommendationState.ACCEPTED),
    "A recommendation is yours to carry out: {words}": _recommends(RecommendationState.DONE),
    "A recommendation is reported done: close it or send it back ({words}).": _recommends(RecommendationState.CLOSED),
    "{post} is to be assessed: begin the desk review.": _assesses("desk_review"),
    "{post} is reviewed at the desk: visit it.": _assesses("visit"),
    "{post} is visited: score every area.": _assesses("scored"),
    "{post} is scored: validate it or send it back.": _assesses("validated"),
    "{post} is validated: propose its plan of measures.": _assesses("plan_proposed"),
    "Measures for {post} are proposed: agree or send them back.": _assesses("plan_agreed"),
    "Measures for {post} are agreed: carry them out.": _assesses("measures_done"),
    "Measures for {post} are done: close it with the new assessment.": _assesses("reassessed"),
    "The evaluation {title} is planned: begin collecting.": _evaluates("collecting"),
    "The evaluation {title} is collecting: judge, and send the draft to the countries.": _evaluates("draft"),
    "The draft of the evaluation {title} waits for the word of your country.": _says("commented"),
    "A country has commented on the evaluation {title}: answer it.": _says("answered"),
    "Every country has had its word on the evaluation {title}: make it final.": _evaluates("final"),
    "Every recommendation of the evaluation {title} is at its end: close it.": _evaluates("closed"),
    "Equipment for {post} is planned: approve or drop it.": _delivers("approved"),
    "Equipment for {post} is approved: order it.": _delivers("procured"),
    "Equipment for {post} is ordered: say when it is shipped.": _delivers("shipped"),
    "Equipment for {post} is on its way: sign when it is handed over.": _delivers("handed_over"),
    "Equipment of {post} is handed over: install it.": _delivers("installed"),
    "The review of {post} is asked for: prepare it.": _reviews("prepared"),
    "The review of {post} is prepared: visit, and say when and who went.": _reviews("visited"),
    "{post} is visited: write the findings down and send them to the country.": _reviews("found"),
    "The findings of the review of {post} are here: comment on them, and agree.": _reviews("agreed"),
    "The country agreed to the review of {post}: say what follows.": _reviews("closed"),
    "The project {title} is proposed: approve it or stop it.": _modernises("approved"),
    "The project {title} is approved: begin it.": _modernises("under_way"),
    "Milestone of the project {title}: {milestone}": lambda session, each, by: modernisation.milestone_step(
        each.params["id"], "done"
    )(session, by),
    "Nothing of the project {title} is open any more: sign for it.": _modernises("handed_over"),
    "The project {title} is handed over: say what came of it.": _modernises("finished"),
    "A link for {post} is feasible: agree to it.": _links("agreed"),
    "The link for {post} is agreed: say when it is built.": _links("built"),
    "The link for {post} is built: test it.": _links("tested"),
    "The course {title} is designed: accredit it or refuse it.": _teaches(programme.course_step, "accredited"),
    "The accreditation of the course {title} ends: revise it or retire it.": _teaches(
        programme.course_step, "designed"
    ),
    "The run of {course} in {place} is over: say who was there, and that it is delivered.": _teaches(
        programme.run_step, "delivered"
    ),
    "The run of {course} in {place} is delivered: evaluate it.": _teaches(programme.run_step, "evaluated"),
    "Three months after the run of {course} in {place}: say what changed in practice.": _teaches(
        programme.run_step, "practised"
    ),
    "Practice after the run of {course} in {place} is known: say which results it had.": _teaches(
        programme.run_step, "closed"
    ),
    "A certificate of {course} is drawn up: issue it or drop it.": _teaches(programme.certificate_step, "issued"),
    "The course {course} is shared with {academy}: say whether it is taught there.": _teaches(
        programme.curriculum_step, "adopted"
    ),
    "{country} nominates a trainer of {course}: say whether the officer attends.": _teaches(
        programme.trainer_step, "attending"
    ),
    "A trainer of {course} attends: assess the teaching.": _teaches(programme.trainer_step, "assessed"),
    "A trainer of {course} is assessed: certify or drop.": _teaches(programme.trainer_step, "certified"),
    "The certification of a trainer of {course} ends: renew it or let it expire.": _teaches(
        programme.trainer_step, "renewed"
    ),
    "Your cascade run of {course} in {place} is over: say who was there.": _attended,
    "The cascade run of {course} in {place} was held: confirm it or send it back.": _confirmed,
    "Accounts that wait until a second person confirms them: {people}.": _confirm_accounts,
}
"""How the person does what waits, by its words."""
ENDLESS = {"Case {case} is under review: write a lead to a country."}
"""After a negative answer the search goes on: the walk stops before it asks again."""


@pytest.mark.parametrize("turns", [12, pytest.param(300, marks=pytest.mark.rest)])
def test_whatever_waits_can_be_done_at_once_and_is_gone_for_all(house: House, turns: int) -> None:
    """In a hundred turns or two all is done; `make test` does the first."""
    chance, seen, asked, done = random.Random(0), set[str](), set[str](), ""
    again, people = WorklistCache(timedelta(days=1)), {house.by(name): name for name in PEOPLE}
    for _turn in range(turns):
        with clock.at(NOW):
            found = {people[by]: entries for by, entries in again.of_many(house.store, people, NOW)}
        surely = chance.choice(PEOPLE)
        assert found[surely] == house.of(surely)
        told = [(name, each) for name in PEOPLE for each in found[name]]
        assert done not in {each.key for _name, each in told}
        todo = [(name, each) for name, each in told if each.key not in asked]
        if not todo:
            break
        name, each = chance.choice(sorted(todo, key=lambda one: (one[0], one[1].key)))
        seen.add(each.words)
        with house.as_(name) as session:
            DEEDS[each.words](session, each, house.by(name))
        done = each.key
        if each.words in ENDLESS:
            asked.add(each.key)
    else:
        assert turns < 300, "It does not come to an end."
    assert len(seen) > min(20, turns // 4)


def test_nobody_is_told_to_do_what_nobody_declared(house: House) -> None:
    declared = {step.waits.words for each in state_machine.every() for step in each.steps if step.waits}
    declared |= {
        each.words
        for room in (worklist_entries, daily_reports, claim_pointers, cost_rows)
        for each in vars(room).values()
        if isinstance(each, worklist_entries.Waits)
    }
    assert {each.words for name in PEOPLE for each in house.of(name)} <= declared | set(DEEDS)
    running = {
        "The operational phase has ended: end the operation.",
        "The operation is consolidated: say when your country's figures are final.",
        "{country} says that its figures are final: close it.",
        "All that an approval rests on is there: propose the operation.",
        "A lesson of {title} would change a template: take it or leave it.",
        "Figures are final and the debrief is written: close it.",
        "The operation is consolidated: write the debrief.",
        "The debrief is closed: prepare the final snapshot of the figures.",
        "The debrief is closed: recommend what should change, or say why nothing needs to.",
        "The operation is proposed and cannot be approved yet: see what is missing.",
        "Nobody is posted to sites of your country: {sites}.",
        "Your country has no team leader: invite one, who verifies its reports first.",
        "Daily reports are to be sent: {sites} sites, the first for {day}.",
        "The debrief is closed: approve it.",
        "Claim {number} is not agreed: decide it.",
        "A line of claim {number} does not stand any more: close the claim.",
        "Snapshot {number} is prepared: sign it for the coordination.",
        "Snapshot {number} is signed by the coordination: sign it for the leadership.",
        "Snapshot {number} is signed: publish it.",
        "Snapshot {number} is prepared: say whether your country agrees.",
        "Recommendations are decided: close the evaluation.",
        "The operation is evaluated: archive it.",
        "An adopted lesson would change a template: take it, or leave it ({words}).",
        "Serious incident {reference} came in: take it and check the threshold.",
        "Serious incident {reference}: launch it, or say why not.",
        "Serious incident {reference}: take it further.",
        "Request {reference} about data: look for what is kept, and answer it.",
        "Request {reference} about data: answer it.",
        "A person asks about data, and a copy was found on {day}: decide on it.",
        "{countries} and your country work on {what}: talk to each other ({contact}).",
        "A message from {countries} waits to be read.",
        "A message from {countries} waits for your country's answer.",
        "{countries} asks to pass on a message of your country: consent or refuse.",
        "An intelligence product is asked for: accept it, or say why not ({words}).",
        "An intelligence product was promised: write it ({words}).",
        "An intelligence product holds information of your country: consent that {partner} has it, or refuse.",
        "An intelligence product is delivered: confirm that it was read ({words}).",
        "Say what an intelligence product led to, or that it was not used ({words}).",
        "{partner} is proposed as a partner of {title}: admit it, or say why not.",
        "The last day of {partner} in {title} is over: end it, and propose it anew where it is still needed.",
        "{title}: say when all costs are in, so that its cost per objective can be told.",
        "{title}: write its costs down, or say that none will be known.",
        "Claim {number}: who was arrested here may have been arrested in another operation. Say if it may be asked.",
        "Something may have been told twice, and no analyst who could look at it works here: put one on the operation.",
    }
    assert declared - running == set(DEEDS)


# ----------------------------------------------------------------------------------------------- nothing is missing

FACTS: dict[str, Callable[[Session, Any, Actor, plan.Operation], Any]] = {
    "participation": lambda _session, _row, _by, owner: owner,
    "operation": lambda session, _row, _by, _owner: session,
    "plan version": lambda _session, _row, by, owner: plan_versions.PlanApprovalFacts(owner, by),
    "request": lambda _session, _row, _by, owner: owner,
    "offer": lambda session, row, _by, owner: offers.OfferFacts(
        owner, need := requests.need(session, row.need_id), requests.request(session, need.request_id)
    ),
    "deployment": lambda session, row, by, _owner: deployments.facts(session, row, by),
    "lead to a country": lambda session, row, _by, _owner: leads.lead(session, row.lead_id),
    "fugitive case": lambda session, row, _by, _owner: case_lifecycle.facts(session, row),
    "location": lambda session, row, _by, _owner: cases.case(session, row.case_id),
    "task": lambda session, row, by, _owner: tasks.TaskFacts(tasks.subject(session, row, by), ()),
    "recommendation": lambda _session, row, by, owner: recommendation_rows.facts_of(row, owner, by, ()),
    "evaluation": lambda session, row, by, _owner: evaluation_rows.facts_of(session, [row], by)[row.id],
    "country's word on an evaluation": lambda _session, _row, by, _owner: by,
    "claim": lambda session, row, by, owner: claim_rows.CLAIM.facts_of(session, row, by),
    "pointer to a claim": lambda session, row, by, _owner: claim_pointers.pointer_facts(session, [row], by)[
        row.claim_id
    ],
    "equipment": lambda *_row: None,
    "infrastructure review": lambda session, row, _by, _owner: review_rows.facts_of(session, [row.id])[row.id],
    "project": lambda session, row, _by, _owner: project_rows.facts_of(session, [row.id])[row.id],
    "milestone": lambda session, row, _by, _owner: session.get_one(project_rows.Project, row.project_id),
    "link": lambda *_row: None,
    "course": lambda *_row: None,
    "country in a match": lambda *_row: None,
    "message to a country": lambda *_row: False,
    "passing on of a message": lambda *_row: False,
    "course run": lambda session, row, _by, _owner: enrolment_rows.run_facts(session, [row])[row.id],
    "course certificate": lambda _session, _row, by, _owner: by,
    "curriculum": lambda *_row: None,
    "trainer": lambda _session, _row, by, _owner: by,
    "cascade run": lambda _session, _row, by, _owner: by,
    "needs assessment": lambda session, row, by, _owner: next(needs.facts_of(session, [row], by))[1],
    "report": lambda session, row, by, owner: verification.report_states.ReportFacts(
        owner.state, by, verification.answered_by(session, row.operation_id, by)
    ),
}
"""What each life's rules need of one row, read as its verbs read it."""


def _rows(session: Session, declared: state_machine.Life[Any]) -> list[Any]:
    found = []
    for mapper in plan.Operation._sa_registry.mappers:
        table = mapper.local_table
        if any(declared in rule.info.values() for rule in getattr(table, "constraints", ())):
            found += session.exec(select(mapper.class_)).all()
    return found


def test_whatever_a_person_may_do_by_hand_on_a_step_that_waits_is_in_the_list(house: House) -> None:
    for name in PEOPLE:
        _nothing_is_missing(house, name)


def _nothing_is_missing(house: House, name: str) -> None:
    by, told = house.by(name), {each.key for each in house.of(name)}
    expected = set()
    with clock.at(NOW), house.store.reading(by) as session:
        owners = {each.id: each for each in plan.operations(session, by)}
        for declared in state_machine.every():
            if not any(step.waits for step in declared.steps):
                continue
            for row in _rows(session, declared):
                owner = _owner(session, row, owners)
                known = FACTS[declared.noun](session, row, by, owner)
                for offered in declared.offers(row, known, by):
                    waits = offered.step.waits
                    clear = waits and (waits.anyway or not offered.obstacles)
                    if waits and clear and waits.now(row, NOW) and waits.of(row, known, by):
                        ident = getattr(row, "lead_id", getattr(row, "id", owner and owner.id))
                        expected.add(f"{declared.noun}:{waits.words}:{ident}")
    assert expected <= told
    beside = {"notice", "hit", "daily report", "debrief", "final snapshot", "posting", "need", "operational plan"}
    beside |= {"account", "consolidation", "notice unclear", "case ended"}
    beside |= {"second coordinator", "team leader", "recommendation to propose", "nomination"}
    by_hand = {
        key
        for key in told
        if key.split(":")[0] not in beside
        and "write a lead" not in key
        and "came back" not in key
        and "one event" not in key
    }
    assert by_hand == expected


def _owner(session: Session, row: Any, owners: dict[UUID, plan.Operation]) -> Any:
    """The operation that a row is of; None where it is of the programme."""
    if isinstance(row, plan.Operation):
        return row
    if isinstance(row, FugitiveLocation):
        return owners[cases.case(session, row.case_id).operation_id]
    return owners[row.operation_id] if hasattr(row, "operation_id") else None


# -------------------------------------------------------------------------------------------------- one by one


def test_each_finds_what_is_the_own_to_do(house: House) -> None:
    assert "Your country is invited: say whether it takes part." in house.words("chaima")
    assert "Your country is invited: say whether it takes part." not in house.words("moussa")
    assert "The operation is proposed: approve it." in house.words("lena")
    assert "Version 1 of the plan waits: put it in force." in house.words("lena")
    assert "Report of Niamey, 2026-03-02: verify it locally." in house.words("boubacar")
    assert not any("Report of" in words for words in house.words("marie"))
    assert "Your report of Agadez, 2026-03-02, came back: correct it." in house.words("bruno")
    assert "Your report of Agadez, 2026-03-02, came back: correct it." not in house.words("binta")
    assert house.words("otto") == house.words("ada") == set()


def test_what_waits_says_since_when_until_when_and_where(house: House) -> None:
    [overdue] = [each for each in house.of("boubacar") if each.words.startswith("The check-in")]
    assert overdue.overdue(NOW)
    assert overdue.until == START + timedelta(hours=12)
    assert overdue.address == f"/operations/{house.scene.operation}/my-team"
    [back] = [each for each in house.of("bruno") if "came back" in each.words]
    assert back.address.endswith(f"/reports?report={back.params['id']}")
    [proposal] = [each for each in house.of("lena") if each.noun == "operation"]
    assert proposal.since == START
    assert proposal.until == START + timedelta(days=2)
    assert not any(each.words.startswith("The check-in") for each in house.of("boubacar", START + timedelta(hours=1)))


def test_a_need_is_due_at_the_end_of_its_first_day_in_the_zone_of_the_operation(house: House) -> None:
    for found in (each for each in house.of("chaima") if each.noun == "need"):
        with house.store.reading(house.by("ana")) as session:
            wanted = session.get_one(requests.Need, found.params["need"])
            owner = session.get_one(plan.Operation, house.scene.operation)
        first = clock.official_day(wanted.starts, owner.zone, owner.day_cut)
        assert found.until == clock.day_bounds(first, owner.zone, owner.day_cut)[1]
        assert not found.overdue(wanted.starts)
        break
    else:
        raise AssertionError("no need waits")


def test_a_task_waits_for_nobody_any_more_once_its_operation_is_evaluated(house: House) -> None:
    words = "A task is yours: {title}"
    assert words in {each.words for name in CAST for each in house.of(name)}
    with house.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, house.scene.operation).state = OperationState.EVALUATED.value
    assert words not in {each.words for name in CAST for each in house.of(name)}


def test_a_secret_operation_waits_only_for_those_who_are_cleared(house: House) -> None:
    assert any(each.operation == house.other for each in house.of("lena"))
    with house.store.unit_of_work(System()) as session:
        found = session.get(plan.Operation, house.other)
        assert found is not None
        found.classification = "confidential"
        session.add(found)
    lena = house.by("lena")
    open_only = replace(lena, clearance=Classification.FOR_OFFICIAL_USE)
    with clock.at(NOW), house.store.reading(open_only) as session:
        assert not [each for each in worklist_entries.waiting(session, open_only, NOW) if each.operation == house.other]


def test_an_amendment_waits_for_leadership_and_only_when_it_is_whole(house: House) -> None:
    words = "The operational plan was amended: approve it."
    assert words not in house.words("lena")
    with house.as_("ana") as session:
        before = oplan.sections(session, house.scene.operation)["tasks"]
        open_again = {
            "id": new_id(),
            "section": "tasks",
            "state": "open",
            "text": "Not yet.",
            "supersedes_id": before.id,
        }
        oplan.write(session, house.scene.operation, [parse(oplan.SectionDraft, open_again)], house.by("ana"))
    assert words not in house.words("lena")
    with house.as_("ana") as session:
        before = oplan.sections(session, house.scene.operation)["tasks"]
        whole = {"id": new_id(), "section": "tasks", "state": "complete", "text": "Agreed.", "supersedes_id": before.id}
        oplan.write(session, house.scene.operation, [parse(oplan.SectionDraft, whole)], house.by("ana"))
    assert words in house.words("lena")
    assert words not in house.words("ana")


NAMED = {
    "invitation": ("chaima", "Your country is invited: say whether it takes part."),
    "proposal": ("lena", "The operation is proposed: approve it."),
    "approval": ("ana", "The operation is approved: begin the pre-operational work."),
    "plan to put in force": ("lena", "Version {number} of the plan waits: put it in force."),
    "report to verify": ("boubacar", "Report of {site}, {day}: verify it locally."),
    "report to validate": ("chaima", "Report of {site}, {day}: validate it for your country."),
    "claim to open": ("dov", "Claim {number} is suspected: open it, or dismiss it."),
    "claim to answer": ("chaima", "Claim {number} is open: answer for your country."),
    "report returned to you": ("bruno", "Your report of {site}, {day}, came back: correct it."),
    "hit to answer": ("cheikh", "Hits of {site} without an answer of the issuing country: {hits}."),
    "notice withdrawn": ("dov", "Case {case} has ended, and a country still has its lead: take it back."),
    "lead": ("moussa", "A lead about case {case} waits for your country's answer."),
    "lead that is about no case": ("moussa", "A lead waits for your country's answer: {words}"),
    "answer to a lead": ("dov", "Every country has answered about case {case}: review the answers."),
    "request": ("ana", "{country} asks for assistance: put it before the countries."),
    "need": ("chaima", "A team is needed at {place}: offer one."),
    "offer": ("ana", "{country} offers a team: accept or decline it."),
    "acceptance": ("ana", "{call_sign} was accepted: order the team to go."),
    "order to go": ("boubacar", "{call_sign} is ordered to go: report when it leaves."),
    "arrival": ("boubacar", "{call_sign} is on its way: report the arrival."),
    "overdue check-in": ("boubacar", "The check-in of {call_sign} is overdue."),
    "case to accept": ("ana", "Case {case} is nominated: accept it as a target."),
    "case to review": ("dov", "Case {case} is a target: take it under review."),
    "case to locate": ("chaima", "{country} reports the person of case {case}: say yes or no."),
    "arrest to report": ("moussa", "The person of case {case} is located: report the arrest."),
    "case to confirm": ("chaima", "{country} reports an arrest in case {case}: confirm the identity."),
    "notice changed": ("chaima", "The notice of case {case} is unclear: clear it up, and look it up again."),
    "notice to look up": ("dov", "Notices to look up today: {cases}."),
    "recommendation": ("lena", "A recommendation is proposed: decide it ({words})."),
    "recommendation to carry out": ("chaima", "A recommendation is yours to carry out: {words}"),
    "recommendation done": ("lena", "A recommendation is reported done: close it or send it back ({words})."),
    "account to confirm": ("cheikh", "Accounts that wait until a second person confirms them: {people}."),
    "the own task": ("chaima", "A task is yours: {title}"),
}
"""Each hand-over that people are promised, who finds it, and its words."""


def test_each_hand_over_is_in_the_list_and_in_the_inbox_of_who_acts_next_until_one_has_done_it(house: House) -> None:
    """Everybody who finds it is told; the deed is done by one of them, and then it is over for all."""
    keeper, done = Timetable(house.store, LeaseCandidate("one")), set[str]()
    with house.store.unit_of_work(System()) as session:
        session.add_all([account("cheikh"), account("olga")])
        session.flush()
        participation = session.get_one(plan.Participation, (house.other, "MLI"))
        participation.state = "invited"  # so that somebody still has to say whether Mali takes part
        session.add(participation)
        for name in ("ana", "dov", "olga"):
            working_for = [house.scene.operation, house.other]
            known = session.exec(select(Assignment.operation_id).where(Assignment.account_id == actor(name).account_id))
            missing = set(working_for) - set(known)
            session.add_all(Assignment(account_id=actor(name).account_id, operation_id=each) for each in missing)

    def told() -> dict[str, set[str]]:
        """The keys of what waits unread in the inbox, by person."""
        with clock.at(house.now):
            keeper.beat()
            keeper.tick(worklist_messages.JOBS)
        with house.store.reading(System()) as session:
            query = select(Delivery.account_id, Message.key).join(Message, col(Message.id) == col(Delivery.message_id))
            query = query.where(Message.kind == MessageKind.WAITS.value, col(Delivery.read_at).is_(None))
            found: dict[str, set[str]] = {name: set() for name in PEOPLE}
            for account_id, key in session.exec(query):
                found[names[account_id]].add(key)
        return found

    names = {actor(name).account_id: name for name in PEOPLE}
    left = dict(NAMED)
    for _round in range(4):  # what follows from a deed waits in the next round
        house.now += timedelta(minutes=2)
        unread, waits = told(), {name: house.of(name) for name in PEOPLE}
        for name, found in waits.items():
            assert {f"waits:{each.occasion}" for each in found if each.told} == unread[name], name
        assert done.isdisjoint(set().union(*unread.values()))
        for called, (name, words) in list(left.items()):
            each = next((each for each in house.of(name) if each.words == words), None)
            if each is None:
                continue
            with house.as_(name) as session:
                DEEDS[words](session, each, house.by(name))
            assert each.occasion not in {one.occasion for one in house.of(name)}, called
            done.add(f"waits:{each.occasion}")
            del left[called]
    assert left == {}


def test_a_row_more_costs_no_query_more(house: House) -> None:
    def queries(name: str) -> int:
        count = 0

        def note(*_: Any) -> None:
            nonlocal count
            count += 1

        sa.event.listen(house.store.engine, "before_cursor_execute", note)
        try:
            house.of(name)
        finally:
            sa.event.remove(house.store.engine, "before_cursor_execute", note)
        return count

    before = {name: queries(name) for name in ("ana", "chaima", "boubacar", "dov", "moussa")}
    with clock.at(START + timedelta(hours=4)):
        for _ in range(3):
            house.sweep.out()
            house.sweep.nominate()
    send(house.scene, form(house.scene, day=1), at=START + timedelta(days=2))
    freeze(house.scene)
    accepted(house.scene, keep_team(house.scene))
    assert {name: queries(name) for name in before} == before
    assert max(before.values()) <= 50  # on PostgreSQL, some tell it only whose rows are asked for
