"""Worklist entries: the work items of a person over all their operations (DESIGN, rule 11).

Most are declared on the steps of lives (`core.worklist`). The others have no life of their own: an amendment of the
operational plan, daily reports, hits without an answer, needs without a team, sites without people, sweeps without a
nomination, notices not looked up today, a debrief without a word, figures that a centre corrected or refused. Every
item can be done at once by its reader; those who may not know of it or may not do it get none. An item done by one
person is gone for all.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from operations.claims import claim_pointers
from operations.core import account_admin, state_machine
from operations.core.clock import day_bounds, official_day
from operations.core.field_labels import N_
from operations.core.ids import fingerprint
from operations.core.people import Actor, Posting, ahead
from operations.core.permissions import Act, Subject, may
from operations.core.vocabulary import (
    Confirmation,
    Level,
    LineKind,
    NoticeStatus,
    OperationState,
    OperationType,
    ParticipationState,
    ReportState,
    Role,
    SectionState,
)
from operations.core.worklist import (
    DAYS,
    TO_COORDINATOR,
    TO_LEADERSHIP,
    CandidateRow,
    Late,
    Waits,
    Whom,
    WorkItem,
    entry,
)
from operations.costs import rows as costs
from operations.evaluation import debrief, evaluations, recommendations
from operations.exchange import centre_conflicts
from operations.infrastructure import rows as equipment
from operations.modernisation import project_rows, review_rows
from operations.needs import rows as needs
from operations.policing import lifecycle, readiness
from operations.policing.calendar import tasks
from operations.policing.fugitives import case_leads, notice_checks
from operations.policing.fugitives.case_rows import ENDS, FugitiveCase, subject
from operations.policing.leads import leads
from operations.policing.map_plan import places
from operations.policing.map_plan import versions as plan_versions
from operations.policing.operation import oplan, oplan_rows, plan
from operations.policing.reports import daily_reports, desk_queries
from operations.policing.reports import states as report_states
from operations.policing.reports.states import Deed
from operations.policing.reports.versions import GONE, Line, Report
from operations.results import snapshot_rows, snapshots
from operations.results.snapshot_rows import Snapshot, SnapshotWord
from operations.support import deployments, offers, requests
from operations.support.requests import Need, SupportRequest
from operations.support.states import AssistanceState
from operations.support.teams import Team
from operations.training import curricula, trainer_rows
from operations.training import enrolment_rows as training

MODULES = (
    *(lifecycle, plan_versions, case_leads, desk_queries, tasks, requests, offers, deployments),
    *(recommendations, evaluations, snapshots, needs, equipment, training, trainer_rows, curricula),
    *(review_rows, project_rows, costs, claim_pointers),
)
"""The modules whose lives declare work items, imported here so that they are registered."""
ADDRESS = "/today"
"""The address of the page with the work items and the messages."""
Owners = Mapping[UUID, plan.Operation]
_PREPARED = (OperationState.APPROVED, OperationState.PRE_OPERATIONAL)
_COMING = (OperationState.DRAFT, OperationState.PROPOSED, *_PREPARED)
_REPORTING = (*_COMING, OperationState.ACTIVE, OperationState.CONSOLIDATION)
OVER = (OperationState.CANCELLED, OperationState.ARCHIVED)
"""The states of an operation without work items, apart from recommendations of an archived one."""
_AMENDED = Waits(
    N_("The operational plan was amended: approve it."),
    "/operations/{operation}/oplan",
    "file-text",
    "since",
    within=DAYS,
    late=TO_COORDINATOR,
    button=N_("Approve"),
)
_HITS = Waits(
    N_("Hits of {site} without an answer of the issuing country: {hits}."),
    "/operations/{operation}/verify",
    "help-circle",
    "since",
    within=DAYS,
    late=TO_COORDINATOR,
    above="/operations/{operation}/situation",
    button=N_("Record the answers"),
)
_CONSOLIDATE = Waits(
    N_("Reports of {country} to consolidate: {reports}."),
    "/operations/{operation}/verify",
    "shield-check",
    "since",
    within=3 * DAYS,
    late=TO_COORDINATOR,
    above="/operations/{operation}/situation",
    button=N_("Consolidate"),
)
_AGREE = Waits(
    N_("Snapshot {number} is prepared: say whether your country agrees."),
    "/operations/{operation}/snapshots?show={id}",
    "message",
    "taken_at",
    within=5 * DAYS,
    late=TO_COORDINATOR,
    button=N_("Answer"),
)
_FREEZE = Waits(
    N_("The debrief is closed: prepare the final snapshot of the figures."),
    "/operations/{operation}/snapshots",
    "camera",
    "since",
    within=14 * DAYS,
    late=TO_COORDINATOR,
    button=N_("Prepare it"),
)
_POST = Waits(
    N_("Nobody is posted to sites of your country: {sites}."),
    "/operations/{operation}/people?site={site}",
    "user-plus",
    button=N_("Post people"),
)
_NEED = Waits(
    N_("A team is needed at {place}: offer one."),
    "/operations/{operation}/teams?need={need}",
    "user-plus",
    "asked_at",
    "until_at",
    late=(Late(Whom.COORDINATOR, -2 * DAYS),),
    button=N_("Offer a team"),
)
_RECOMMEND = Waits(
    N_("The debrief is closed: recommend what should change, or say why nothing needs to."),
    "/operations/{operation}/debrief",
    "bulb",
    "since",
    within=14 * DAYS,
    late=TO_LEADERSHIP,
    button=N_("Recommend"),
)
_SECOND = Waits(
    N_("Your country has {has} of {count} coordinators: invite another one, who records the answers to your hits."),
    "/people?role=national_coordinator",
    "user-plus",
    "since",
    within=7 * DAYS,
    late=TO_COORDINATOR,
    above="/operations/{operation}/countries",
    button=N_("Invite"),
)
_LEADER = Waits(
    N_("Your country has no team leader: invite one, who verifies its reports first."),
    "/people?role=team_leader",
    "user-plus",
    "since",
    within=7 * DAYS,
    late=TO_COORDINATOR,
    above="/operations/{operation}/countries",
    button=N_("Invite"),
)
_DEBRIEF = Waits(
    N_("The operation is consolidated: write the debrief."),
    "/operations/{operation}/debrief",
    "clipboard-check",
    "since",
    within=14 * DAYS,
    late=TO_COORDINATOR,
    button=N_("Write it"),
)
_ACCOUNTS = Waits(
    N_("Accounts that wait until a second person confirms them: {people}."),
    "/people",
    "user-check",
    "since",
    within=3 * DAYS,
    late=(Late(Whom.OWNERS),),
    button=N_("Look at them"),
)
_NOTICES = Waits(
    N_("Notices to look up today: {cases}."),
    "/operations/{operation}/fugitives",
    "search",
    "since",
    "until",
    button=N_("Look them up"),
)
_ASKED = 7 * DAYS
_NOMINATE = Waits(
    N_("Your country has nominated no case yet: nominate the persons it looks for."),
    "/operations/{operation}/fugitives",
    "user-search",
    "since",
    within=_ASKED,
    button=N_("Nominate"),
)
_UNCLEAR = Waits(
    N_("The notice of case {case} is unclear: clear it up, and look it up again."),
    "/operations/{operation}/fugitives?case={id}",
    "question-mark",
    "since",
    within=DAYS,
    late=TO_COORDINATOR,
    button=N_("Clear it up"),
)
_ENDED = Waits(
    N_("Case {case} has ended, and a country still has its lead: take it back."),
    "/operations/{operation}/fugitives?case={id}",
    "arrow-back-up",
    "since",
    within=DAYS,
    late=TO_COORDINATOR,
    button=N_("Take it back"),
)


def waiting(session: Session, by: Actor, at: datetime) -> list[WorkItem]:
    """Everything that waits for `by`, what is due first first, then what has waited longest."""
    owners = {each.id: each for each in plan.operations(session, by) if each.state not in OVER}
    items = [item for lived in state_machine.every() for item in lived.waiting(session, by, owners, at)]
    for act, more in _BESIDE:
        if may(by, act):
            items += more(session, by, owners, at)
    return sorted(items, key=lambda item: (item.until or _LATER, item.since or _LATER, item.key))


_LATER = datetime.max.replace(tzinfo=UTC)


def _amendments(session: Session, by: Actor, owners: Owners, _at: datetime) -> Iterator[WorkItem]:
    """Yield complete amendments since the approval, for those who approve and wrote none of them."""
    section, item, version = oplan_rows.OplanSection, oplan_rows.OplanItem, oplan_rows.OplanVersion
    running = [operation.id for operation in owners.values() if operation.state not in plan.ENDED]
    in_force = session.exec(
        select(version).where(col(version.operation_id).in_(running), col(version.state) == oplan_rows.LIFE.first.value)
    ).all()
    frozen = select(item.section_id).where(col(item.version_id).in_([approved.id for approved in in_force]))
    current = (
        col(section.current).is_(True),
        col(section.operation_id).in_([approved.operation_id for approved in in_force]),
    )
    amended = set(session.exec(select(section.operation_id).where(*current, col(section.id).not_in(frozen)).distinct()))
    if not amended:
        return
    written: dict[UUID, list[oplan_rows.OplanSection]] = {}
    for part in session.exec(select(section).where(*current, col(section.operation_id).in_(amended))):
        written.setdefault(part.operation_id, []).append(part)
    for approved in in_force:
        parts = written.get(approved.operation_id, [])
        done = {part.section for part in parts if part.state != SectionState.OPEN}
        own = any(part.author_id == by.account_id for part in parts)
        if own or done != set(oplan.SECTIONS) or oplan.content_hash(parts) == approved.content_hash:
            continue
        newest = max(parts, key=attrgetter("made_at"))
        yield entry(
            "operational plan", _AMENDED, CandidateRow(newest, None, approved.operation_id, {"since": newest.made_at})
        )


def _hits(session: Session, by: Actor, owners: Owners, _at: datetime) -> Iterator[WorkItem]:
    """Yield counting hits without an answer, by site, for those who have not worked on the report."""
    newer = aliased(Report)
    gone = [*GONE, ReportState.SUPERSEDED.value]
    corrected = sa.exists().where(
        col(newer.report_id) == col(Report.report_id),
        col(newer.version) > col(Report.version),
        col(newer.state).not_in(gone),
    )
    answerable = [
        operation.id for operation in owners.values() if report_states.obstacle(operation.state, Deed.ANSWER) is None
    ]
    query = (
        sa.select(
            col(Report.operation_id),
            col(places.Site.id),
            col(places.Site.name),
            func.count(),
            func.min(col(Report.received_at)),
        )
        .join(Line, col(Line.version_id) == col(Report.id))
        .join(places.Site, col(places.Site.id) == col(Report.site_id))
        .where(
            col(Report.operation_id).in_(answerable),
            col(Report.country) == by.country,
            col(Report.counted).is_(True),
            col(Report.level) >= int(Level.V1),
            col(Line.kind) == LineKind.HIT.value,
            col(Line.status) == Confirmation.PENDING.value,
            *(
                sa.or_(column.is_(None), column != by.account_id)
                for column in (col(getattr(Report, name)) for name in report_states.EYES.values())
            ),
            ~corrected,
        )
        .group_by(col(Report.operation_id), col(places.Site.id), col(places.Site.name))
    )
    for operation, site, name, count, since in session.execute(query):
        yield entry(
            "hit", _HITS, CandidateRow(None, None, operation, {"id": site, "site": name, "hits": count, "since": since})
        )


def _validated(session: Session, by: Actor, owners: Owners, _at: datetime) -> Iterator[WorkItem]:
    """Yield reports validated by their countries, by country, for analysts of others to consolidate."""
    climbing = [
        operation.id
        for operation in owners.values()
        if report_states.obstacle(operation.state, Deed.CONSOLIDATE) is None
    ]
    late = [operation.id for operation in owners.values() if operation.state in report_states.AFTERWARDS]
    me = [by.account_id, *by.alike]
    eyes = (col(getattr(Report, name)) for name in report_states.EYES.values())
    query = (
        sa.select(col(Report.operation_id), col(Report.country), func.count(), func.min(col(Report.received_at)))
        .where(
            col(Report.state) == ReportState.NATIONALLY_VALIDATED.value,
            col(Report.operation_id).in_(climbing) | (col(Report.operation_id).in_(late) & col(Report.late).is_(True)),
            *(sa.or_(column.is_(None), column.not_in(me)) for column in eyes),
            col(Report.id).not_in(select(Line.version_id).where(col(Line.answered_by).in_(me))),
        )
        .group_by(col(Report.operation_id), col(Report.country))
    )
    for operation, country, count, since in session.execute(query):
        if may(by, Act.REPORT_CONSOLIDATE, plan.subject(owners[operation], country)):
            shown = {"id": f"{operation}:{country}", "country": country, "reports": count, "since": since}
            yield entry("consolidation", _CONSOLIDATE, CandidateRow(None, None, operation, shown))


def _agreements(session: Session, by: Actor, owners: Owners, _at: datetime) -> Iterator[WorkItem]:
    """Yield unsigned snapshots to which the country has not answered."""
    said = select(SnapshotWord.snapshot_id).where(SnapshotWord.country == by.country)
    query = select(Snapshot).where(
        col(Snapshot.operation_id).in_(owners.keys()),
        col(Snapshot.state).in_([state.value for state in snapshot_rows.OPEN]),
        col(Snapshot.id).not_in(said),
    )
    for snapshot in session.exec(query):
        if snapshot.by_country(by.country):
            yield entry(
                "snapshot word",
                _AGREE,
                CandidateRow(snapshot, None, snapshot.operation_id, {"number": snapshot.number}),
            )


def _unfrozen(session: Session, by: Actor, owners: Owners, _at: datetime) -> Iterator[WorkItem]:
    """Yield debriefed operations without a final snapshot under way, for those who prepare it."""
    open_ = [
        operation.id
        for operation in owners.values()
        if operation.state == OperationState.DEBRIEFED and snapshots.may_prepare(operation, by)
    ]
    frozen = select(Snapshot.operation_id).where(
        col(Snapshot.operation_id).in_(open_),
        col(Snapshot.status).in_(snapshots.FINAL),
        Snapshot.state != snapshot_rows.SnapshotState.DROPPED.value,
    )
    has = set(session.exec(frozen)) if open_ else set()
    since = lifecycle.last_moves(session, open_)
    for operation in open_:
        if operation not in has:
            yield entry("final snapshot", _FREEZE, CandidateRow(None, None, operation, {"since": since.get(operation)}))


def _left_alone(session: Session, by: Actor, owners: Owners, at: datetime) -> Iterator[WorkItem]:
    """Yield sites of the country to which nobody is posted, while an approved operation is being prepared."""
    soon = [operation.id for operation in owners.values() if operation.state in _PREPARED]
    posted = select(Posting.site_id).where(ahead(Posting, at))
    query = select(places.Site).where(
        col(places.Site.operation_id).in_(soon),
        places.Site.country == by.country,
        col(places.Site.closed_at).is_(None),
        plan.taking_part(col(places.Site.operation_id), col(places.Site.country)),
        col(places.Site.id).not_in(posted),
    )
    alone: dict[UUID, list[places.Site]] = {}
    for site in session.exec(query.order_by(places.Site.name)) if soon else ():
        alone.setdefault(site.operation_id, []).append(site)
    for operation, sites in alone.items():
        names, these = [site.name for site in sites], fingerprint([str(site.id) for site in sites])
        shown = {"id": f"{operation}:{these}", "site": sites[0].id, "sites": ", ".join(names)}
        yield entry("posting", _POST, CandidateRow(None, None, operation, shown))


def _needs(session: Session, by: Actor, owners: Owners, at: datetime) -> Iterator[WorkItem]:
    """Needs that are asked, open and not over, for a country that takes part and can offer a team for it.

    A country that has no team on its roster yet can: it is told what kind is looked for.
    """
    roster = session.exec(select(Team).where(Team.country == by.country, col(Team.closed_at).is_(None))).all()
    mine = [each for each in roster if each.out_of_service == ""]
    over = {*plan.ENDED, OperationState.CONSOLIDATION}
    running = [each.id for each in owners.values() if each.state not in over]
    query = (
        select(Need, SupportRequest)
        .join(SupportRequest, col(SupportRequest.id) == col(Need.request_id))
        .where(
            col(Need.operation_id).in_(running),
            SupportRequest.state == AssistanceState.ASKED.value,
            plan.taking_part(col(Need.operation_id), by.country),
            Need.accepted < Need.teams,
            Need.ends > at,
        )
    )
    wanted = session.exec(query).all() if mine or not roster else []
    tried = {
        (need, team)
        for need, team in session.exec(
            select(offers.Offer.need_id, offers.Offer.team_id).where(
                col(offers.Offer.need_id).in_([need.id for need, _asked in wanted])
            )
        )
    }
    for need, asked in wanted:
        fitting = [each for each in mine if need.specialism in each.specialisms and need.team_kind in (None, each.kind)]
        if any((need.id, each.id) in tried for each in mine) or (roster and not fitting):
            continue
        owner = owners[need.operation_id]
        first = official_day(need.starts, owner.zone, owner.day_cut)
        shown = {
            "id": f"{need.id}:{by.country}",
            "need": need.id,
            "place": asked.place,
            "asked_at": asked.asked_at,
            "until_at": day_bounds(first, owner.zone, owner.day_cut)[1],
        }
        yield entry("need", _NEED, CandidateRow(need, None, need.operation_id, shown))


def _second_coordinators(session: Session, by: Actor, owners: Owners, _at: datetime) -> Iterator[WorkItem]:
    """Operations that are prepared and for which the own country has too few coordinators, once for all of them."""
    coming = [each for each in owners.values() if each.state in _COMING]
    short = [each for each in coming if readiness.few(session, each)]
    if short and by.national:
        has = readiness.coordinators(session, [str(by.country)])[str(by.country)]
        [said] = [each.answered_at for each in plan.participations(session, short[0].id)]
        shown = {"id": f"{by.country}:{has}", "has": has, "count": readiness.COORDINATORS, "since": said}
        yield entry("second coordinator", _SECOND, CandidateRow(None, None, short[0].id, shown))


def _without_leader(session: Session, by: Actor, owners: Owners, _at: datetime) -> Iterator[WorkItem]:
    """Operations that wait for reports while the own country has nobody to verify them, once for all of them."""
    coming = [each for each in owners.values() if each.state in _REPORTING]
    country = str(by.country)
    if not by.national or not coming or readiness.holders(session, Role.TEAM_LEADER, [country])[country]:
        return
    short = next((each for each in coming if country in readiness.reporting(session, each)), None)
    if short is not None:
        [said] = [each.answered_at for each in plan.participations(session, short.id)]
        yield entry("team leader", _LEADER, CandidateRow(None, None, short.id, {"id": country, "since": said}))


def _unrecommended(session: Session, by: Actor, owners: Owners, _at: datetime) -> Iterator[WorkItem]:
    """Operations that are debriefed, and of which nobody has recommended anything or said that nothing needs to be."""
    open_ = [
        each.id
        for each in owners.values()
        if each.state in (OperationState.DEBRIEFED, OperationState.FINAL) and debrief.may_recommend(each, by)
    ]
    if not open_:
        return
    recommended, said = recommendations.Recommendation, debrief.Debrief
    proposed: Any = select(recommended.operation_id).where(col(recommended.operation_id).in_(open_))
    none: Any = select(said.operation_id).where(col(said.operation_id).in_(open_), said.none_needed != "")
    has = {*session.exec(proposed), *session.exec(none)}
    since = lifecycle.last_moves(session, open_)
    for each in open_:
        if each not in has:
            yield entry(
                "recommendation to propose", _RECOMMEND, CandidateRow(None, None, each, {"since": since.get(each)})
            )


def _notices(session: Session, by: Actor, owners: Owners, at: datetime) -> Iterator[WorkItem]:
    """Yield the number of notices that were not looked up on this official day."""
    due: Counter[UUID] = Counter()
    for due_check in notice_checks.notices_due_for_check(session, at):
        if may(by, Act.FUGITIVE_CHECK, Subject(country=due_check.country, operation=due_check.operation)):
            due[due_check.operation] += due_check.cases
    for operation, cases in due.items():
        if operation in owners:
            zone, cut = owners[operation].zone, owners[operation].day_cut
            since, until = day_bounds(official_day(at, zone, cut), zone, cut)
            shown = {"cases": cases, "since": since, "until": until}
            yield entry("notice", _NOTICES, CandidateRow(None, None, operation, shown))


def _nominations(session: Session, by: Actor, owners: Owners, at: datetime) -> Iterator[WorkItem]:
    """Yield sweeps for which the own country, which takes part, has nominated no case.

    It is asked for a week after each step of the sweep, up to its active state: a country may have none to nominate.
    """
    sweeps = [
        each
        for each in owners.values()
        if each.type == OperationType.FUGITIVE and each.state in (*_PREPARED, OperationState.ACTIVE)
    ]
    cases = select(FugitiveCase.operation_id).where(
        col(FugitiveCase.operation_id).in_([each.id for each in sweeps]), FugitiveCase.requesting_country == by.country
    )
    nominated = set(session.exec(cases)) if sweeps else set()
    moved = lifecycle.last_moves(session, [each.id for each in sweeps])
    for sweep in sweeps:
        since = moved.get(sweep.id)
        may_nominate = sweep.id not in nominated and may(by, Act.FUGITIVE_NOMINATE, plan.subject(sweep, by.country))
        if not may_nominate or since is None or at - since > _ASKED:
            continue
        own = [each for each in plan.participations(session, sweep.id) if each.country == by.country]
        if any(each.state in (ParticipationState.CONFIRMED, ParticipationState.ACTIVE) for each in own):
            shown = {"id": f"{sweep.id}:{by.country}", "since": since}
            yield entry("nomination", _NOMINATE, CandidateRow(None, None, sweep.id, shown))


def _debriefs(session: Session, by: Actor, owners: Owners, _at: datetime) -> Iterator[WorkItem]:
    """Yield debriefs without a word yet, for those who write them."""
    open_ = [operation for operation in owners.values() if debrief.may_write(operation, by)]
    if not open_:
        return
    written = {
        row.operation_id
        for row in session.exec(
            select(debrief.Debrief).where(col(debrief.Debrief.operation_id).in_([operation.id for operation in open_]))
        )
        if row.version
    }
    since = lifecycle.last_moves(session, [operation.id for operation in open_])
    for operation in open_:
        if operation.id not in written:
            yield entry("debrief", _DEBRIEF, CandidateRow(None, None, operation.id, {"since": since.get(operation.id)}))


def _unclear(session: Session, by: Actor, owners: Owners, _at: datetime) -> Iterator[WorkItem]:
    """Yield notices whose status is unclear, for the country that asks for the person."""
    query = select(
        FugitiveCase,
        sa.select(func.max(notice_checks.NoticeCheck.made_at))
        .where(col(notice_checks.NoticeCheck.case_id) == FugitiveCase.id)
        .scalar_subquery(),
    ).where(
        col(FugitiveCase.operation_id).in_(
            [operation.id for operation in owners.values() if operation.state not in plan.ENDED]
        ),
        FugitiveCase.notice_status == NoticeStatus.UNCLEAR.value,
        col(FugitiveCase.state).not_in(ENDS),
        FugitiveCase.requesting_country == by.country,
    )
    for case, since in session.execute(query):
        shown = {"case": case.case_no, "since": since, "country": case.requesting_country}
        yield entry("notice unclear", _UNCLEAR, CandidateRow(case, None, case.operation_id, shown))


def _leads_of_the_ended(session: Session, by: Actor, owners: Owners, _at: datetime) -> Iterator[WorkItem]:
    """Yield cases that have ended, as by a withdrawn notice, while a country is still asked about them."""
    part = leads.LeadCountry
    still = sa.exists().where(
        col(part.subject_id) == FugitiveCase.id, col(part.state).in_(leads.OPEN), col(part.revoked_at).is_(None)
    )
    query = select(FugitiveCase).where(
        col(FugitiveCase.operation_id).in_(owners.keys()),
        col(FugitiveCase.state).in_(ENDS),
        still,
        col(FugitiveCase.erased_at).is_(None),
    )
    for case in session.exec(query):
        if may(by, Act.FUGITIVE_TRACE, subject(case)):
            yield entry("case ended", _ENDED, CandidateRow(case, None, case.operation_id, {"case": case.case_no}))


def _accounts(session: Session, by: Actor, _owners: Owners, _at: datetime) -> Iterator[WorkItem]:
    """Yield one item for all accounts that this person may confirm, as they are confirmed together."""
    if found := account_admin.confirmable(session, by):
        shown = {"id": by.account_id, "people": len(found), "since": max(each.created_at for each in found)}
        yield entry("account", _ACCOUNTS, CandidateRow(None, None, None, shown))


_BESIDE = (
    (Act.OPERATION_ASSIGN, claim_pointers.waiting),
    (Act.COST_KEEP, costs.waiting),
    (Act.CENTRE, centre_conflicts.waiting),
    (Act.ACCOUNT_MANAGE, _accounts),
    (Act.ACCOUNT_MANAGE, _second_coordinators),
    (Act.ACCOUNT_MANAGE, _without_leader),
    (Act.OPLAN_APPROVE, _amendments),
    (Act.HIT_CONFIRM, _hits),
    (Act.REPORT_CONSOLIDATE, _validated),
    (Act.SNAPSHOT_AGREE, _agreements),
    (Act.SNAPSHOT_PREPARE, _unfrozen),
    (Act.SITE_POST, _left_alone),
    (Act.SUPPORT_OFFER, _needs),
    (Act.FUGITIVE_CHECK, _notices),
    (Act.FUGITIVE_NOMINATE, _nominations),
    (Act.REPORT_WRITE, daily_reports.waiting),
    (Act.RECOMMENDATION_PROPOSE, _debriefs),
    (Act.RECOMMENDATION_PROPOSE, _unrecommended),
    (Act.FUGITIVE_CONFIRM, _unclear),
    (Act.FUGITIVE_TRACE, _leads_of_the_ended),
)
