"""Posts of Niger and Mali, and what is done there, through the real verbs."""

from datetime import datetime, timedelta
from typing import Any

from operations.core import clock
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.permissions import Act
from operations.infrastructure import equipment, links, usage
from operations.infrastructure.rows import LIFE as EQUIPMENT_LIFE
from operations.infrastructure.rows import LINKS, Equipment, EquipmentState, Link, LinkState
from operations.needs import assessments, stakeholders
from operations.needs.rows import AREAS, LIFE, Assessment, AssessmentState
from operations.posts import register
from operations.posts.register import ConditionDraft, Post, PostDraft
from operations.programme import roles
from operations.programme.connection_rows import AdoptDraft, ConnectDraft
from operations.training import cascades, certificates, courses, curricula, enrolments, trainers
from operations.training.enrolment_rows import CertificateState, CourseCertificate, Enrolment, EnrolmentState
from operations.training.rows import COURSES, Course, CourseRun, CourseState, RunState
from operations.training.trainer_rows import TRAINER, CascadeRun, CascadeState, Trainer, TrainerState
from tests.makers import START, Running

BEGUN = START + timedelta(days=2)


def does(scene: Running, name: str, verb: Any, *given: Any, at: datetime = BEGUN, **named: Any) -> Any:
    """One of the cast, or Muster itself, calls a verb in a unit of work of its own."""
    by = System() if name == "system" else scene[name]
    with clock.at(at), scene.store.unit_of_work(by) as session:
        return verb(session, *given, by, **named)


def reads(scene: Running, name: str, question: Any, *given: Any, at: datetime = BEGUN, **named: Any) -> Any:
    """What one of the cast reads."""
    by = System() if name == "system" else scene[name]
    with clock.at(at), scene.store.reading(by) as session:
        return question(session, *given, **named)


def state_of(scene: Running, model: Any, ident: Any) -> str:
    """How far something is."""
    return str(reads(scene, "system", lambda session: session.get_one(model, ident).state))


def post_draft(**changes: Any) -> PostDraft:
    """The airport of Niamey."""
    content = {
        "id": new_id(),
        "country": "NER",
        "name": "Niamey airport",
        "site_type": "airport",
        "border_kind": "air",
        "lat": 13.48,
        "lon": 2.18,
        "zone": "Africa/Niamey",
        "near": [],
        "ref": "airport:DRRN",
    }
    return parse(PostDraft, content | changes)


def post_of(scene: Running, by: str = "chaima", **changes: Any) -> Post:
    """It is in the register."""
    return does(scene, by, register.register, post_draft(**changes))


def condition_draft(**changes: Any) -> ConditionDraft:
    """What a post has that is off the network half of the day."""
    content = {
        "id": new_id(),
        "passages": 1200,
        "officers": 18,
        "connectivity": "mobile_data",
        "online_hours": 12,
        "power": "grid",
        "power_hours": 16,
        "access": "via_ncb",
    }
    return parse(ConditionDraft, content | changes)


# ----------------------------------------------------------------------------------------------------- needs

S = AssessmentState
WHO = {
    Act.NEEDS_REVIEW: "ana",
    Act.NEEDS_ASSESS: "boubacar",
    Act.NEEDS_VALIDATE: "chaima",
    Act.NEEDS_AGREE: "ana",
}
"""Who takes the steps of an assessment of a post of Niger."""


def request_draft(post: Post, **changes: Any) -> assessments.AssessmentRequestDraft:
    """An assessment of a post, planned for the month."""
    content = {"id": new_id(), "post_id": post.id, "purpose": "Before the link is ordered."}
    planned = {"planned_for": (BEGUN + timedelta(days=30)).date()}
    return parse(assessments.AssessmentRequestDraft, content | planned | changes)


def requested(scene: Running, post: Post, by: str = "chaima", **changes: Any) -> Assessment:
    """It is asked for."""
    return does(scene, by, assessments.request, request_draft(post, **changes))


def score_draft(area: str, **changes: Any) -> assessments.ScoreDraft:
    """An area that is half there."""
    content = {
        "id": new_id(),
        "area": area,
        "score": 2,
        "evidence": "Seen on both days.",
        "gap": "Half of the counters.",
        "measure": "A second line.",
        "cost": 4000,
        "currency": "EUR",
    }
    return parse(assessments.ScoreDraft, content | changes)


def findings_draft(**changes: Any) -> assessments.FindingsDraft:
    """Two days at the post, where 320 queries a month are made."""
    content = {
        "visited_from": (BEGUN - timedelta(days=1)).date(),
        "visited_to": BEGUN.date(),
        "baseline_queries": 320,
        "baseline_source": "Log of the NCB, last three months.",
        "feasibility": "with_works",
        "works": "A UPS.",
    }
    return parse(assessments.FindingsDraft, content | changes)


def scored(scene: Running, made: Assessment, **changes: Any) -> Assessment:
    """Every area is scored and what the visit found is filled in, during the visit."""
    for area in AREAS:
        does(scene, "boubacar", assessments.score, made.id, score_draft(area))
    return does(scene, "boubacar", assessments.record_findings, made.id, findings_draft(**changes), made.findings)


def take(scene: Running, made: Assessment, to: str, by: str = "", words: str = "So it is.") -> Assessment:
    """A step further, by whoever does that unless `by` is given."""
    before = state_of(scene, Assessment, made.id)
    step = LIFE.step(before, to)
    return does(scene, by or (WHO[step.act] if step else "chaima"), assessment_step(made.id, to, words))


def assessment_step(ident: Any, to: str, words: str = "So it is.") -> Any:
    """A step as a verb."""
    return lambda session, by: assessments.take(session, ident, S(to), by, words)


def brought(scene: Running, made: Assessment, *states: str) -> Assessment:
    """Step by step, scored on the way."""
    for state in states:
        if state == "scored":
            made = scored(scene, made)
        made = take(scene, made, state)
    return made


def role_draft(**changes: Any) -> roles.RoleDraft:
    """Niger as a country of transit."""
    said = {"id": new_id(), "country": "NER", "transit": True, "basis": "Report of the unit, March."}
    return parse(roles.RoleDraft, said | changes)


NATIONS = {"NER": ("boubacar", "chaima"), "MLI": ("marie", "moussa")}
"""Who leads a team and who coordinates, by country."""


def assessed(
    scene: Running,
    post: Post,
    cost: int | None = 4000,
    score: int = 2,
    currency: str = "EUR",
    at: datetime = BEGUN,
    **found: Any,
) -> Assessment:
    """It is assessed and validated: every area has the score, and connecting it has the cost."""
    leader, coordinator = NATIONS[post.country]
    made = does(scene, coordinator, assessments.request, request_draft(post), at=at)
    priced = {"cost": cost, "currency": currency if cost is not None else ""}
    free: dict[str, Any] = {"cost": None, "currency": ""}

    def visited(session: Any, by: Any) -> None:
        assessments.take(session, made.id, S.VISIT, by)
        for area in AREAS:
            said = score_draft(area, score=score, **(priced if area == "connectivity" else free))
            assessments.score(session, made.id, said, by)
        assessments.record_findings(session, made.id, findings_draft(**found), 0, by)
        assessments.take(session, made.id, S.SCORED, by)

    does(scene, "ana", assessment_step(made.id, S.DESK_REVIEW), at=at)
    does(scene, leader, visited, at=at)
    return does(scene, coordinator, assessment_step(made.id, S.VALIDATED), at=at)


def talk_draft(**changes: Any) -> stakeholders.EngagementDraft:
    """A talk with a ministry."""
    content = {
        "id": new_id(),
        "country": "NER",
        "counterpart": "Directorate of border police",
        "level": "director",
        "held_on": BEGUN.date(),
        "commitment": "Two rooms at the airport.",
        "follow_up": "The letter is sent.",
    }
    return parse(stakeholders.EngagementDraft, content | changes)


# ------------------------------------------------------------------------------------------------- equipment

D = EquipmentState
BY_ACT = {
    Act.EQUIPMENT_APPROVE: "lena",
    Act.EQUIPMENT_PLAN: "ana",
    Act.EQUIPMENT_TAKE: "chaima",
    Act.EQUIPMENT_STATUS: "boubacar",
    Act.USAGE_COUNT: "bruno",
}
"""Who takes the steps of equipment and links of Niger."""


def equipment_draft(post: Post, **changes: Any) -> equipment.EquipmentDraft:
    """A passport reader, promised for the month."""
    content = {"id": new_id(), "post_id": post.id, "kind": "passport_reader", "donor": "European Union"}
    return parse(equipment.EquipmentDraft, content | {"promised": (BEGUN + timedelta(days=20)).date()} | changes)


def planned(scene: Running, post: Post, at: datetime = BEGUN, **changes: Any) -> Equipment:
    """It is planned."""
    return does(scene, "ana", equipment.plan, equipment_draft(post, **changes), at=at)


def handover_draft(at: datetime = BEGUN, **changes: Any) -> equipment.HandoverDraft:
    """It is handed over whole, today."""
    return parse(equipment.HandoverDraft, {"serial": new_id().hex[:8], "handed_on": at.date()} | changes)


def equipment_step(ident: Any, to: str, words: str = "So it is.", at: datetime = BEGUN, **handed: Any) -> Any:
    """A step of equipment as a verb: the handover with its certificate, and what a query brings about by a query."""

    def step(session: Any, by: Any) -> Equipment:
        if to == "handed_over":
            return equipment.hand_over(session, ident, handover_draft(at, **handed), by)
        if to in ("commissioned", "in_use"):
            return equipment.report_sign(session, ident, at.date(), by)
        if to == "dormant" and session.get_one(Equipment, ident).state != "out_of_service":
            return equipment.fall_silent(session, session.get_one(Equipment, ident))
        return equipment.take(session, ident, D(to), by, words)

    return step


def delivered(scene: Running, made: Equipment, *states: str, at: datetime = BEGUN, **handed: Any) -> Equipment:
    """Step by step, each by whoever does that, all on one day."""
    for state in states:
        before = state_of(scene, Equipment, made.id)
        step = EQUIPMENT_LIFE.step(before, state)
        assert step is not None, (before, state)
        made = does(scene, BY_ACT[step.act], equipment_step(made.id, state, at=at, **handed), at=at)
    return made


def way_to(life: Any, state: Any) -> list[Any]:
    """The states on a shortest way from the first one to `state`, without the first."""
    ways: list[list[Any]] = [[life.first]]
    while ways[0][-1] is not state:
        way = ways.pop(0)
        ways += [[*way, step.after] for step in life.out_of(way[-1]) if step.after not in way]
    return ways[0][1:]


def link_draft(post: Post, **changes: Any) -> links.NetworkLinkDraft:
    """A satellite link, promised for the month."""
    content = {"id": new_id(), "post_id": post.id, "technology": "satellite", "hours": 12}
    return parse(links.NetworkLinkDraft, content | {"promised": (BEGUN + timedelta(days=20)).date()} | changes)


def linked(scene: Running, post: Post, *states: str, at: datetime = BEGUN) -> Link:
    """A link, step by step."""
    made = does(scene, "ana", links.propose, link_draft(post), at=at)
    for state in states:
        before = state_of(scene, Link, made.id)
        step = LINKS.step(before, state)
        assert step is not None, (before, state)
        does(scene, BY_ACT[step.act], link_step(made.id, state, at), at=at)
    return reads(scene, "system", lambda session: session.get_one(Link, made.id))


def link_step(ident: Any, to: str, at: datetime = BEGUN) -> Any:
    """A step of a link as a verb: live by a query or the end of an outage, down by an outage."""

    def step(session: Any, by: Any) -> Any:
        found = session.get_one(Link, ident)
        if to == "down":
            starts = at - timedelta(minutes=1) + timedelta(seconds=len(links.outages(session, ident)))
            outage = {"id": new_id(), "starts": starts, "cause": "A storm."}
            return links.report_outage(session, ident, parse(links.OutageDraft, outage), by)
        if to == "live":
            return (
                links.report_end(session, ident, at, by)
                if found.state == "down"
                else links.report_query(session, ident, at.date(), by)
            )
        return links.take(session, ident, LinkState(to), by, "So it is.")

    return step


# ------------------------------------------------------------------------------------------ use of databases


def month_draft(month: str = "2026-02-01", number: int = 300, **changes: Any) -> usage.MonthDraft:
    """A month of queries in one database, of the whole post."""
    content = {"id": new_id(), "month": month, "database": "sltd", "count": number}
    return parse(usage.MonthDraft, content | changes)


def counted(scene: Running, post: Post, *given: Any, by: str = "bruno", at: datetime = BEGUN, **changes: Any) -> Any:
    """It is counted."""
    return does(scene, by, usage.count, post.id, month_draft(*given, **changes), at=at)


# ------------------------------------------------------------------------------------------------- training

TRAINERS = {
    Act.COURSE_ACCREDIT: "lena",
    Act.COURSE_DESIGN: "ana",
    Act.COURSE_RUN: "ana",
    Act.ENROLMENT_MARK: "ana",
    Act.ENROLMENT_MAKE: "chaima",
    Act.CERTIFICATE_DRAW: "olga",
    Act.CERTIFICATE_REVOKE: "chaima",
    Act.TRAINER_CERTIFY: "ana",
    Act.TRAINER_REVOKE: "chaima",
    Act.CASCADE_HOLD: "boubacar",
    Act.CASCADE_CONFIRM: "chaima",
}
"""Who takes the steps of courses, runs, enrolments and certificates of Niger."""
HELD = BEGUN + timedelta(days=10)
OVER = BEGUN + timedelta(days=15)
"""A day on which a run is held, and one on which it is over."""


def course_draft(**changes: Any) -> courses.CourseDraft:
    """A course on documents of five days, with a test of 50 points."""
    content = {
        "id": new_id(),
        "title": "Stolen documents",
        "topic": "document_fraud",
        "need": "Blank passports pass.",
        "curriculum": "Paper, print, chip; then the databases.",
        "languages": ["fr", "ha"],
        "hours": 40,
        "points": 50,
        "pass_points": 30,
        "months": 36,
    }
    return parse(courses.CourseDraft, content | changes)


def course_of(scene: Running, *states: str, **changes: Any) -> Course:
    """A course that is accredited, or as far as the states say."""
    made = does(scene, "ana", courses.design, course_draft(**changes))
    for state in states or ("accredited",):
        made = does(scene, _trainer(COURSES, Course, scene, made.id, state), course_step(made.id, state))
    return made


def _trainer(life: Any, model: Any, scene: Running, ident: Any, to: str) -> str:
    return TRAINERS[life.step(state_of(scene, model, ident), to).act]


def course_step(ident: Any, to: str) -> Any:
    """A step of a course as a verb."""
    return lambda session, by: courses.take_course(session, ident, CourseState(to), by, "So it is.")


def run_draft(course: Course, at: datetime = BEGUN, **changes: Any) -> courses.RunDraft:
    """Five days in Niamey, from a week after `at` on, for ten."""
    days = {"starts": (at + timedelta(days=8)).date(), "ends": (at + timedelta(days=12)).date()}
    content = {"id": new_id(), "course_id": course.id, "host": "NER", "place": "Niamey, police school"}
    return parse(courses.RunDraft, content | days | {"languages": ["fr", "ha"], "capacity": 10} | changes)


def run_of(scene: Running, course: Course, at: datetime = BEGUN, **changes: Any) -> CourseRun:
    """It is scheduled."""
    return does(scene, "ana", courses.schedule, run_draft(course, at, **changes), at=at)


def run_step(ident: Any, to: str) -> Any:
    """A step of a run as a verb."""
    return lambda session, by: courses.take_run(session, ident, RunState(to), by, "So it is.")


def enrol_draft(scene: Running, *names: str, **changes: Any) -> enrolments.EnrolDraft:
    """Some of the cast go together."""
    people = [scene[name].account_id for name in names]
    return parse(enrolments.EnrolDraft, {"id": new_id(), "people": people} | changes)


def enrolled(scene: Running, run: CourseRun, *names: str, by: str = "chaima", **changes: Any) -> dict[str, Enrolment]:
    """They are enrolled by their coordinator, by their names."""
    found = does(scene, by, enrolments.enrol, run.id, enrol_draft(scene, *names, **changes))
    return dict(zip(names, found, strict=True))


def enrolment_step(ident: Any, to: str, points: tuple[int | None, int | None] = (20, 41)) -> Any:
    """A step of an enrolment as a verb: by a test where it follows from that."""

    def step(session: Any, by: Any) -> Enrolment:
        if to in ("passed", "failed"):
            after = points[1] if to == "passed" else 12
            return enrolments.mark(session, ident, points_draft(points[0], after), by)
        return enrolments.take(session, ident, EnrolmentState(to), by, "So it is.")

    return step


def points_draft(before: int | None, after: int | None) -> enrolments.PointsDraft:
    """Points before and after."""
    return parse(enrolments.PointsDraft, {"before": before, "after": after})


def passed(scene: Running, *names: str, post_id: Any = None) -> tuple[CourseRun, dict[str, Enrolment]]:
    """A run that these were at and passed."""
    run = run_of(scene, course_of(scene))
    found = enrolled(scene, run, *names, post_id=post_id)
    for each in found.values():
        for to in ("attended", "passed"):
            does(scene, "ana", enrolment_step(each.id, to), at=HELD)
    return run, found


def certificate_step(ident: Any, to: str) -> Any:
    """A step of a certificate as a verb."""
    return lambda session, by: certificates.take(session, ident, CertificateState(to), by, "So it is.")


def certified(scene: Running, *names: str, post_id: Any = None) -> list[CourseCertificate]:
    """They have certificates, drawn up by one coordinator and issued by another."""
    run, _found = passed(scene, *names, post_id=post_id)
    made = does(scene, "ana", lambda session, by: certificates.draw_up_all(session, run.id, by), at=OVER)
    return [does(scene, "olga", certificate_step(each.id, "issued"), at=OVER) for each in made]


# ----------------------------------------------------------------------------------------------- connection plans


def priced(scene: Running, name: str, cost: int | None = 4000, passages: int | None = 1000, **changes: Any) -> Post:
    """A post that somebody described and assessed; what else is said goes to the post, or to the assessment."""
    kept = {key: changes.pop(key) for key in ("country", "lat", "lon") if key in changes}
    country = kept.get("country", "NER")
    coordinator = NATIONS[country][1]
    post = post_of(scene, coordinator, name=name, ref="", site_type="land_bcp_road", border_kind="land", **kept)
    condition = condition_draft(passages=passages, access=changes.pop("access", "via_ncb"))
    does(scene, coordinator, register.describe, post.id, condition, 0)
    assessed(scene, post, cost, **changes)
    return post


def connect_draft(**changes: Any) -> ConnectDraft:
    """A budget of 10,000 euros; traffic and gaps count alike."""
    content = {"id": new_id(), "budget": 10_000, "currency": "EUR"}
    return parse(ConnectDraft, content | changes)


def adopt_draft(**changes: Any) -> AdoptDraft:
    """Links that work day and night, promised for the month after."""
    return parse(AdoptDraft, {"promised": (BEGUN + timedelta(days=40)).date()} | changes)


def nomination_draft(scene: Running, course: Course, name: str = "boubacar", **changes: Any) -> Any:
    """One of the cast is to teach a course."""
    content = {"id": new_id(), "account_id": scene[name].account_id, "course_id": course.id}
    return parse(trainers.NominationDraft, content | changes)


def trainer_step(ident: Any, to: str) -> Any:
    """A step of a trainer as a verb: what follows from something else is written down by Muster."""

    def step(session: Any, by: Any) -> Trainer:
        if to in ("active", "inactive", "expired"):
            TRAINER.go(session, session.get_one(Trainer, ident), TrainerState(to), by)
            return session.get_one(Trainer, ident)
        return trainers.take(session, ident, TrainerState(to), by, "So it is.")

    return step


def trainer_of(scene: Running, course: Course, *states: str, name: str = "boubacar", at: datetime = BEGUN) -> Trainer:
    """A certified trainer, or as far as the states say: Ana assesses, Olga certifies."""
    made = does(scene, "chaima", trainers.nominate, nomination_draft(scene, course, name), at=at)
    for state in states or ("attending", "assessed", "certified"):
        who = "chaima" if state == "dropped" else "olga" if state in ("certified", "renewed") else "ana"
        made = does(scene, who, trainer_step(made.id, state), at=at)
    return made


def cascade_draft(trainer: Trainer, at: datetime = BEGUN, **changes: Any) -> cascades.AnnounceDraft:
    """Two days in Agadez, tomorrow."""
    days = {"starts": (at + timedelta(days=1)).date(), "ends": (at + timedelta(days=2)).date()}
    return parse(cascades.AnnounceDraft, {"id": new_id(), "trainer_id": trainer.id, "place": "Agadez"} | days | changes)


def attendance_draft(scene: Running, *names: str, others: int = 0) -> cascades.AttendanceDraft:
    """Some of the cast were there, and so many others."""
    return parse(cascades.AttendanceDraft, {"people": [scene[name].account_id for name in names], "others": others})


def cascade_step(scene: Running, ident: Any, to: str) -> Any:
    """A step of a cascade run as a verb: held with Bruno, Binta and four others."""

    def step(session: Any, by: Any) -> CascadeRun:
        if to == "held":
            return cascades.hold(session, ident, attendance_draft(scene, "bruno", "binta", others=4), by)
        return cascades.take(session, ident, CascadeState(to), by, "So it is.")

    return step


def cascade_of(scene: Running, trainer: Trainer, *states: str, at: datetime = BEGUN) -> CascadeRun:
    """A cascade run, step by step, held and confirmed three days after it was announced."""
    made = does(scene, "boubacar", cascades.announce, cascade_draft(trainer, at), at=at)
    for state in states:
        who = "chaima" if state == "confirmed" else "boubacar"
        made = does(scene, who, cascade_step(scene, made.id, state), at=at + timedelta(days=3))
    return made


def shared_with(scene: Running, course: Course, academy: str = "Niamey", at: datetime = BEGUN) -> curricula.Curriculum:
    """A course is shared with an academy of Niger."""
    draft = parse(curricula.CurriculumShareDraft, {"id": new_id(), "country": "NER", "academy": academy})
    return does(scene, "ana", lambda session, by: curricula.offer(session, course.id, draft, by), at=at)


def curriculum_step(ident: Any, to: str) -> Any:
    """A step of a curriculum as a verb."""
    return lambda session, by: curricula.take(session, ident, curricula.CurriculumState(to), by, "So it is.")
