"""What waits for a person, over all operations they work for: who must act next finds it here (DESIGN, rule 11).

Most of it is declared on the steps of lives (`core.waits`). Beside them stands what has no life of its own: an
amendment of the operational plan, hits without an answer, needs without a team, notices not looked up today. Whatever
stands here can be done at once by whoever reads it; who may not know of it, or may not do it, finds nothing. What is
done by one is gone for all.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from operator import attrgetter
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from operations.core import account_keeping, life
from operations.core.clock import day_bounds, official_day
from operations.core.people import NATIONAL_ROLES, Actor
from operations.core.permissions import Act, Subject, may
from operations.core.said import N_
from operations.core.vocabulary import Confirmation, Level, LineKind, OperationState, ReportState, Role, SectionState
from operations.core.waits import Found, Waiting, Waits, entry
from operations.evaluation import recommendations
from operations.infrastructure import rows as equipment
from operations.needs import rows as needs
from operations.policing import lifecycle
from operations.policing.fugitives import checks, tracing
from operations.policing.map_plan import places
from operations.policing.map_plan import versions as plan_versions
from operations.policing.operation import oplan, oplan_rows, plan
from operations.policing.reports import desk
from operations.policing.reports import states as report_states
from operations.policing.reports.states import Deed
from operations.policing.reports.versions import GONE, Line, Report
from operations.support import deployments, offers, requests
from operations.support.requests import Need, SupportRequest
from operations.support.states import RequestState
from operations.support.teams import Team

MODULES = (lifecycle, plan_versions, tracing, desk, requests, offers, deployments, recommendations, needs, equipment)
"""Whose lives say what waits: named here so that they are imported, whoever asks first."""
ADDRESS = "/waiting"
"""Where a person finds it."""
BEGIN_HERE = frozenset(NATIONAL_ROLES) | {Role.OCU_ANALYST, Role.OPERATION_COORDINATOR}
"""The roles that act: for them the day begins with what waits."""
Owners = Mapping[UUID, plan.Operation]
_OVER = (OperationState.CANCELLED, OperationState.ARCHIVED)
_AMENDED = Waits(
    N_("The operational plan was amended: approve it."),
    "/operations/{operation}/oplan",
    "file-text",
    "since",
)
_HITS = Waits(
    N_("Hits of {site} without an answer of the issuing country: {hits}."), "/operations/{operation}/verify",
    "help-circle", "since",
)  # fmt: skip
_NEED = Waits(
    N_("A team is needed at {place}: offer one."), "/operations/{operation}/teams", "user-plus", "asked_at", "starts"
)
_ACCOUNTS = Waits(
    N_("Accounts that wait until a second person confirms them: {people}."), "/people", "user-check", "since"
)
_NOTICES = Waits(
    N_("Notices to look up today: {cases}."), "/operations/{operation}/fugitives", "search", "since", "until"
)


def waiting(session: Session, by: Actor, at: datetime) -> list[Waiting]:
    """Everything that waits for `by`, what is due first first, then what has waited longest."""
    owners = {each.id: each for each in plan.operations(session, by) if each.state not in _OVER}
    found = [each for lived in life.every() for each in lived.waiting(session, by, owners, at)]
    for act, more in _BESIDE.items():
        if may(by, act):
            found += more(session, by, owners, at)
    return sorted(found, key=lambda each: (each.until or _LATER, each.since or _LATER, each.key))


_LATER = datetime.max.replace(tzinfo=UTC)


def _amendments(session: Session, by: Actor, owners: Owners, _at: datetime) -> Iterator[Waiting]:
    """What was written since the approval and is whole, for whoever approves and wrote none of it."""
    section, item, version = oplan_rows.OplanSection, oplan_rows.OplanItem, oplan_rows.OplanVersion
    running = [each.id for each in owners.values() if each.state not in plan.ENDED]
    in_force = session.exec(
        select(version).where(col(version.operation_id).in_(running), col(version.state) == oplan_rows.LIFE.first.value)
    ).all()
    frozen = select(item.section_id).where(col(item.version_id).in_([each.id for each in in_force]))
    current = (col(section.current).is_(True), col(section.operation_id).in_([each.operation_id for each in in_force]))
    amended = set(session.exec(select(section.operation_id).where(*current, col(section.id).not_in(frozen)).distinct()))
    if not amended:
        return
    written: dict[UUID, list[oplan_rows.OplanSection]] = {}
    for each in session.exec(select(section).where(*current, col(section.operation_id).in_(amended))):
        written.setdefault(each.operation_id, []).append(each)
    for approved in in_force:
        parts = written.get(approved.operation_id, [])
        done = {each.section for each in parts if each.state != SectionState.OPEN}
        own = any(each.author_id == by.account_id for each in parts)
        if own or done != set(oplan.SECTIONS) or oplan.content_hash(parts) == approved.content_hash:
            continue
        newest = max(parts, key=attrgetter("made_at"))
        yield entry("operational plan", _AMENDED, Found(newest, None, approved.operation_id, {"since": newest.made_at}))


def _hits(session: Session, by: Actor, owners: Owners, _at: datetime) -> Iterator[Waiting]:
    """Hits that count and were not answered, by site, for those who have not been at work on the report."""
    newer = aliased(Report)
    gone = [*GONE, ReportState.SUPERSEDED.value]
    corrected = sa.exists().where(
        col(newer.report_id) == col(Report.report_id),
        col(newer.version) > col(Report.version),
        col(newer.state).not_in(gone),
    )
    answerable = [each.id for each in owners.values() if report_states.obstacle(each.state, Deed.ANSWER) is None]
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
                for column in (col(Report.author_id), col(Report.verified_by), col(Report.validated_by))
            ),
            ~corrected,
        )
        .group_by(col(Report.operation_id), col(places.Site.id), col(places.Site.name))
    )
    for operation, site, name, count, since in session.execute(query):
        yield entry(
            "hit", _HITS, Found(None, None, operation, {"id": site, "site": name, "hits": count, "since": since})
        )


def _needs(session: Session, by: Actor, owners: Owners, at: datetime) -> Iterator[Waiting]:
    """Needs that are asked, open and not over, for a country with a team of that kind which it has not offered yet."""
    mine = session.exec(
        select(Team).where(Team.country == by.country, col(Team.closed_at).is_(None), Team.out_of_service == "")
    ).all()
    query = (
        select(Need, SupportRequest)
        .join(SupportRequest, col(SupportRequest.id) == col(Need.request_id))
        .where(
            col(Need.operation_id).in_(owners.keys()),
            SupportRequest.state == RequestState.ASKED.value,
            Need.accepted < Need.teams,
            Need.ends > at,
        )
    )
    wanted = session.exec(query).all() if mine else []
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
        if any((need.id, each.id) in tried for each in mine) or not fitting:
            continue
        shown = {"place": asked.place, "asked_at": asked.asked_at}
        yield entry("need", _NEED, Found(need, None, need.operation_id, shown))


def _notices(session: Session, by: Actor, owners: Owners, at: datetime) -> Iterator[Waiting]:
    """How many notices were not looked up on this official day."""
    due: Counter[UUID] = Counter()
    for each in checks.notices_due_for_check(session, at):
        if may(by, Act.FUGITIVE_CHECK, Subject(country=each.country, operation=each.operation)):
            due[each.operation] += each.cases
    for operation, cases in due.items():
        if operation in owners:
            zone, cut = owners[operation].zone, owners[operation].day_cut
            since, until = day_bounds(official_day(at, zone, cut), zone, cut)
            shown = {"cases": cases, "since": since, "until": until}
            yield entry("notice", _NOTICES, Found(None, None, operation, shown))


def _accounts(session: Session, by: Actor, _owners: Owners, _at: datetime) -> Iterator[Waiting]:
    """The accounts that this person may confirm, together: they are confirmed together."""
    if found := account_keeping.confirmable(session, by):
        shown = {"id": by.account_id, "people": len(found), "since": max(each.created_at for each in found)}
        yield entry("account", _ACCOUNTS, Found(None, None, None, shown))


_BESIDE = {
    Act.ACCOUNT_MANAGE: _accounts,
    Act.OPLAN_APPROVE: _amendments,
    Act.HIT_CONFIRM: _hits,
    Act.SUPPORT_OFFER: _needs,
    Act.FUGITIVE_CHECK: _notices,
}
