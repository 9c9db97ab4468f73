"""Postings to sites: which officers and team leaders of a country work at which of its sites, on which days.

A person who was ever posted works only for the sites of the postings in force; a person who never was works for all
sites of the country. A country sees its own people by name; all others see only counts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID, uuid5

from pydantic import Field as Rule
from sqlmodel import Session, col, func, or_, select

from operations.core import journal, rows
from operations.core.clock import day_bounds, now, official_day
from operations.core.errors import Conflict, Flaw, NotFound, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Account, Actor, Posting, ahead, begun
from operations.core.permissions import Act, require
from operations.core.store import unscoped
from operations.core.vocabulary import Classification, MessageKind, Role
from operations.notices.messages import To, tell
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.policing.operation.staff import CHANGED, OWN_PLACE, People, person
from operations.policing.operation.working_days import (
    WorkingDays,
    WorkingPeriod,
    early_end,
    end_of,
    journal_days,
)

POSTED = (Role.NATIONAL_OFFICER, Role.TEAM_LEADER)
"""Roles that work at sites."""

LOOK_AHEAD = 7
"""The number of coming days for which staffing is shown."""

MOST_NAMED = 2
"""The most national coordinators of a country that its staffing names."""

_NATIONAL = (*POSTED, Role.NATIONAL_COORDINATOR)


class PostingDraft(WorkingDays):
    """Draft of postings: people of a country, each posted to all of these sites. `id` is the draft's."""

    id: UUID
    people: Annotated[People, Label(N_("Who"), draws="several", needed=N_("Choose at least one person."))]
    sites: Annotated[
        tuple[UUID, ...],
        Rule(min_length=1, max_length=50),
        Label(N_("Where"), draws="several", needed=N_("Choose at least one site.")),
    ]


# ------------------------------------------------------------------------------------------------- questions


@dataclass(frozen=True)
class Worker:
    """A person of a country. `bound`: was posted before, so works only for the sites of postings."""

    account: Account
    postings: list[tuple[Posting, Site]] = field(default_factory=list)
    bound: bool = False

    @property
    def works_at_sites(self) -> bool:
        """Whether this person can be posted."""
        return self.account.role in POSTED


@dataclass(frozen=True)
class SiteStaffing:
    """The staffing of a country's sites. `days` are the coming official days of the operation.

    `at` counts the people posted to a site on each of them; `everywhere` those who work for all sites. `coordinators`
    names the first national coordinators, and `unnamed` counts the others.
    """

    country: str
    people: int
    everywhere: int
    coordinators: list[str]
    unnamed: int
    sites: list[Site]
    days: list[date]
    at: dict[UUID, list[int]]

    def gaps(self, site: UUID) -> list[date]:
        """Return the days on which nobody is posted to a site."""
        return [day for day, count in zip(self.days, self.at[site], strict=True) if not count]

    @property
    def left_alone(self) -> list[Site]:
        """The sites that have nobody on at least one of the days."""
        return [site for site in self.sites if self.gaps(site.id)]


def workers(session: Session, operation: plan.Operation, by: Actor) -> list[Worker]:
    """Return the people of the asker's country with an open account, and their current and future postings in an
    operation.

    Raises NotPermitted.
    """
    require(by, Act.SITE_POST, plan.subject(operation, by.country))
    accounts = session.exec(_open_accounts([str(by.country)]).order_by(Account.name)).all()
    ids = [each.id for each in accounts]
    here: dict[UUID, list[tuple[Posting, Site]]] = defaultdict(list)
    for posting, site in _postings(session, operation.id, ids):
        here[posting.account_id].append((posting, site))
    known = select(Posting.account_id).where(col(Posting.account_id).in_(ids), begun(Posting, now()))
    bound = set(session.exec(known))
    return [Worker(each, here[each.id], each.id in bound) for each in accounts]


def staffing(
    session: Session, operation: plan.Operation, countries: Collection[str], by: Actor, named: str = ""
) -> list[SiteStaffing]:
    """Return the staffing of each country's sites that the asker may know, by country.

    Officers and team leaders are counted; only national coordinators are named: the first `MOST_NAMED` of each
    country, and all of the country `named`. Raises NotPermitted.
    """
    require(by, Act.MEMBERSHIP_READ, plan.subject(operation))
    if by.national:
        countries = {str(by.country)} & set(countries)
    days = coming_days(session, operation)
    people = _open_accounts(countries).subquery()
    posted = people.c.role.in_([role.value for role in POSTED])
    begun_before = people.c.id.in_(select(Posting.account_id).where(begun(Posting, now())))
    officers, everywhere = _by_country(session, people, posted), _by_country(session, people, posted & ~begun_before)
    coordinators = _by_country(session, people, people.c.role == Role.NATIONAL_COORDINATOR.value)
    sites: dict[str, list[Site]] = defaultdict(list)
    placed = select(Site).where(Site.operation_id == operation.id, col(Site.closed_at).is_(None)).order_by(Site.name)
    for site in session.exec(placed):
        sites[site.country].append(site)
    names = _coordinators(session, countries, named)
    at = _counted(operation, days, _postings(session, operation.id, select(people.c.id)))
    return [
        SiteStaffing(
            country,
            officers.get(country, 0),
            everywhere.get(country, 0),
            names[country],
            coordinators.get(country, 0) - len(names[country]),
            sites[country],
            days,
            {site.id: at.get(site.id, [0] * len(days)) for site in sites[country]},
        )
        for country in sorted(countries)
    ]


def _by_country(session: Session, people: Any, which: Any) -> dict[str, int]:
    counted = select(people.c.country, func.count()).where(which).group_by(people.c.country)
    return dict(session.exec(unscoped(counted)).all())


def _coordinators(session: Session, countries: Collection[str], named: str) -> dict[str, list[str]]:
    """Return the names of national coordinators: the first `MOST_NAMED` of each country, and all of `named`."""
    place = func.row_number().over(partition_by=col(Account.country), order_by=(col(Account.name), col(Account.id)))
    asked = _open_accounts(countries).where(Account.role == Role.NATIONAL_COORDINATOR.value)
    ranked = asked.with_only_columns(Account.country, Account.name, place.label("place")).subquery()
    wanted = or_(ranked.c.place <= MOST_NAMED, ranked.c.country == named)
    names: dict[str, list[str]] = defaultdict(list)
    for country, name in session.exec(
        unscoped(select(ranked.c.country, ranked.c.name).where(wanted).order_by(ranked.c.place))
    ):
        names[country].append(name)
    return names


def coming_days(session: Session, operation: plan.Operation) -> list[date]:
    """Return the next official days of an operation, from today or its first day on, at most LOOK_AHEAD."""
    span = _span(session, operation)
    today = official_day(now(), operation.zone, operation.day_cut)
    first = today if span is None else max(today, span[0])
    days = [first + timedelta(days=ahead_by) for ahead_by in range(LOOK_AHEAD)]
    return [day for day in days if span is None or day <= span[1]]


def last_day(session: Session, operation: plan.Operation) -> date | None:
    """Return the last official day of an operation's phases; None while none is scheduled."""
    span = _span(session, operation)
    return None if span is None else span[1]


def own(session: Session, by: Actor) -> list[tuple[plan.Operation, Site, Posting]]:
    """Return the current and future postings of `by`, each with its operation and site.

    Unscoped: the person was told of them.
    """
    query = (
        select(plan.Operation, Site, Posting)
        .join(Site, col(Site.operation_id) == col(plan.Operation.id))
        .join(Posting, col(Posting.site_id) == col(Site.id))
        .where(Posting.account_id == by.account_id, ahead(Posting, now()))
        .order_by(plan.Operation.code_name, Site.name, col(Posting.starts))
    )
    return [tuple(row) for row in session.exec(unscoped(query))]


# ----------------------------------------------------------------------------------------------------- verbs


def post(session: Session, operation_id: UUID, draft: PostingDraft, by: Actor) -> list[Posting]:
    """Post people of the own country to its sites. Idempotent.

    Raises RuleBroken with every flaw, and then nobody is posted.
    """
    operation = _open(session, operation_id, by)
    sites = [_own_site(session, operation, each, by) for each in draft.sites]
    ids = {uuid5(draft.id, f"{each}:{site.id}"): (each, site) for each in draft.people for site in sites}
    if (again := _said_before(session, ids)) is not None:
        return again
    _check_days(session, operation, draft)
    period = WorkingPeriod.of(operation, draft)
    people = {each: person(session, each, POSTED, operation, period) for each in draft.people}
    for each, site in ids.values():
        _refuse_twice(session, people[each], site, period)
    made = [
        Posting(id=posting_id, account_id=account_id, site_id=site.id, made_by=by.account_id, **period._asdict())
        for posting_id, (account_id, site) in ids.items()
    ]
    session.add_all(made)
    session.flush()
    for each in people:
        _tell(session, each, MessageKind.POSTED, f"{draft.id}:{each}", operation, by, [site.name for site in sites])
    for posting in made:
        _record(session, by, "site.post", posting, operation)
    return made


def change(session: Session, posting_id: UUID, until: date | None, by: Actor, *, version: int) -> Posting:
    """Change the last day of a posting; None: until somebody ends it.

    `version` is the one that was on the screen. Raises Conflict where somebody changed it meanwhile.
    """
    found, operation = _held(session, posting_id, by, version)
    ends = end_of(operation, until)
    if ends is not None and found.starts is not None and ends <= found.starts:
        raise RuleBroken("last_day", "The last day must not lie before the first.")
    if ends == found.ends:
        return found
    _check_days(session, operation, WorkingDays(last_day=until))
    account = session.exec(select(Account).where(Account.id == found.account_id)).one()
    site = rows.one(session, Site, found.site_id)
    _refuse_twice(session, account, site, WorkingPeriod(found.starts, ends), found.id)
    found.ends = ends
    return _kept(session, found, operation, by, MessageKind.POSTING_CHANGED, "site.post", changed=True)


def relieve(session: Session, posting_id: UUID, by: Actor, *, version: int) -> Posting:
    """End a posting now, or cancel it before it begins: from the next request on the person cannot reach the site.

    Raises Conflict where somebody changed it meanwhile.
    """
    found, operation = _held(session, posting_id, by, version)
    found.ends = early_end(found)
    return _kept(session, found, operation, by, MessageKind.RELIEVED, "site.relieve")


# --------------------------------------------------------------------------------------------------- internal


def _open_accounts(countries: Iterable[str]) -> Any:
    return select(Account).where(
        col(Account.country).in_(list(countries)),
        col(Account.role).in_([role.value for role in _NATIONAL]),
        col(Account.disabled_at).is_(None),
        or_(col(Account.expires_at).is_(None), col(Account.expires_at) > now()),
    )


def _postings(session: Session, operation_id: UUID, accounts: Any) -> list[tuple[Posting, Site]]:
    """Return current and future postings of these people to open sites of an operation, by site and day."""
    query = (
        select(Posting, Site)
        .join(Site, col(Site.id) == col(Posting.site_id))
        .where(
            Site.operation_id == operation_id,
            col(Site.closed_at).is_(None),
            col(Posting.account_id).in_(accounts),
            ahead(Posting, now()),
        )
        .order_by(Site.name, col(Posting.starts))
    )
    return [(posting, site) for posting, site in session.exec(query)]


def _counted(
    operation: plan.Operation, days: list[date], found: Iterable[tuple[Posting, Site]]
) -> dict[UUID, list[int]]:
    """Return how many people are posted to each site on each day, counting only the part of a day still to come."""
    at: dict[UUID, list[int]] = {}
    for posting, site in found:
        counts = at.setdefault(site.id, [0] * len(days))
        for place, day in enumerate(days):
            begins, ends = day_bounds(day, operation.zone, operation.day_cut)
            counts[place] += WorkingPeriod(max(begins, now()), ends).overlaps(posting)
    return at


def _span(session: Session, operation: plan.Operation) -> tuple[date, date] | None:
    """Return the first and the last official day of an operation's phases; None while none is scheduled."""
    phases = plan.phases(session, operation.id)
    if not phases:
        return None
    calendar = operation.zone, operation.day_cut
    last = max(each.ends for each in phases) - timedelta(microseconds=1)
    return official_day(phases[0].starts, *calendar), official_day(last, *calendar)


def _check_days(session: Session, operation: plan.Operation, days: WorkingDays) -> None:
    """Raise RuleBroken for a day outside the operation's phases."""
    span = _span(session, operation)
    if span is None:
        return
    if days.first_day is not None and days.first_day < span[0]:
        raise RuleBroken("first_day", "The operation begins on {day}: choose that day or a later one.", day=span[0])
    for name in ("first_day", "last_day"):
        day = getattr(days, name)
        if day is not None and day > span[1]:
            raise RuleBroken(name, "The operation ends on {day}: choose that day or an earlier one.", day=span[1])


def _open(session: Session, operation_id: UUID, by: Actor) -> plan.Operation:
    """Return the operation, locked for update, so that posting is serialised within it."""
    operation = plan.hold(session, operation_id, by)
    require(by, Act.SITE_POST, plan.subject(operation, by.country))
    if operation.state in plan.ENDED:
        raise RuleBroken("", "The operation has ended. You can no longer post people to its sites.")
    return operation


def _own_site(session: Session, operation: plan.Operation, site_id: UUID, by: Actor) -> Site:
    found = rows.one(session, Site, site_id)
    if found.operation_id != operation.id:
        raise NotFound
    if found.country != by.country:
        raise RuleBroken("sites", "{site} is a site of another country, which posts its own people.", site=found.name)
    if found.closed_at is not None:
        raise RuleBroken("sites", "{site} was taken out of the plan: choose another site.", site=found.name)
    return found


def _said_before(session: Session, ids: Collection[UUID]) -> list[Posting] | None:
    """Return the postings that the same draft made before; None where it is new.

    Raises Conflict where it named other people then.
    """
    known = list(session.exec(select(Posting).where(col(Posting.id).in_(ids))))
    if known and len(known) != len(ids):
        raise Conflict("This was already saved with other content. Reload the page to see it.")
    return known or None


def _refuse_twice(
    session: Session, account: Account, site: Site, period: WorkingPeriod, but: UUID | None = None
) -> None:
    query = select(Posting).where(Posting.account_id == account.id, Posting.site_id == site.id)
    if any(each.id != but and period.overlaps(each) for each in session.exec(query)):
        raise RuleBroken(
            "people",
            "{name} is posted to {site} on some of these days already: change or end that first.",
            name=account.name,
            site=site.name,
        )


def _held(session: Session, posting_id: UUID, by: Actor, version: int) -> tuple[Posting, plan.Operation]:
    site = rows.one(session, Site, rows.one(session, Posting, posting_id).site_id)
    operation = plan.hold(session, site.operation_id, by)
    require(by, Act.SITE_POST, plan.subject(operation, site.country, site.id))
    found = rows.hold(session, Posting, posting_id)
    if found.version != version or (found.ends is not None and found.ends <= now()):
        raise Conflict(CHANGED)
    return found, operation


def _kept(
    session: Session, found: Posting, operation: plan.Operation, by: Actor, kind: MessageKind, act: str, **more: bool
) -> Posting:
    found.version += 1
    session.add(found)
    session.flush()
    _tell(
        session,
        found.account_id,
        kind,
        f"{found.id}:{found.version}",
        operation,
        by,
        [session.get_one(Site, found.site_id).name],
    )
    _record(session, by, act, found, operation, **more)
    return found


TOLD = {
    MessageKind.POSTED: N_("You work at: {places}."),
    MessageKind.POSTING_CHANGED: N_("The days of your work were changed: {places}."),
    MessageKind.RELIEVED: N_("Your work here has ended: {places}."),
}


def _tell(
    session: Session,
    account_id: UUID,
    kind: MessageKind,
    occasion: str,
    operation: plan.Operation,
    by: Actor,
    sites: list[str],
) -> None:
    marking = Classification(operation.classification)
    key, to = f"{kind.value}:{occasion}", To.those(account_id)
    tell(
        session,
        to,
        kind,
        OWN_PLACE,
        len(sites),
        key=key,
        by=by,
        operation=operation.id,
        classification=marking,
        about=Flaw("", TOLD[kind], {"places": sites}),
    )


def _record(session: Session, by: Actor, act: str, what: Posting, operation: plan.Operation, **more: bool) -> None:
    detail: dict[str, Any] = {"site": str(what.site_id), **journal_days(operation, what), **more}
    journal.record(session, by, act, "account", what.account_id, operation=operation.id, country=by.country, **detail)
