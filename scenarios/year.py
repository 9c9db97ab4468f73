"""A year of a programme at any size, for load tests: operations, people, and reports with their verification.

Every report goes through the verbs that people use: it is sent, verified and validated, each at its moment. For speed
many such acts share a transaction. What they leave is the same to the byte as if each had its own, hashes of the
journal included; a test holds it to that. `tools/sizing.py make` is its command.
"""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count, islice
from random import Random
from typing import NamedTuple

from sqlmodel import Session, select

from geodata.ground import sites as bundled
from operations.core import clock
from operations.core.drafts import parse
from operations.core.people import Account, Actor, System
from operations.core.store import Store
from operations.core.vocabulary import ReportKind, Role, label
from operations.policing.operation import membership
from operations.policing.reports import reports, verification
from scenarios import accounts, generator
from scenarios.generator import GeneratedOperation
from scenarios.invention import seeded
from scenarios.planning import StorySite
from scenarios.script_language import CastMember, identifier

FIRST_DAY = date(2025, 1, 6)
TOGETHER = 100
"""Acts in one transaction."""
_HALVES = 2
"""The most reports of a site and day: one for each half of it."""
_COUNTRIES = 30
"""The most countries of an operation."""
_VALIDATED = 0.8
"""The share of reports that are verified and validated; the others wait."""
_LINES = (2, 6)


@dataclass(frozen=True)
class YearSize:
    """The size of a year of a programme. `people` counts accounts of countries; central ones come on top.

    Raises ValueError where the sites cannot send so many reports in these days.
    """

    countries: int
    sites: int
    people: int
    reports: int
    days: int

    def __post_init__(self) -> None:
        if self.reports > self.sites * self.days * _HALVES:
            raise ValueError(f"A site sends at most {_HALVES} reports a day: ask for fewer, or for more sites or days.")

    @classmethod
    def times(cls, many: int) -> "YearSize":
        """Return so many times the demo, up to a world-wide programme at 1,000 times.

        >>> YearSize.times(10)
        YearSize(countries=90, sites=450, people=1000, reports=10000, days=300)
        >>> YearSize.times(1_000)
        YearSize(countries=190, sites=2000, people=10000, reports=1000000, days=365)
        """
        return cls(
            min(190, 9 * many), min(2_000, 45 * many), min(10_000, 100 * many), 1_000 * many, min(365, 30 * many)
        )


class ReportAct(NamedTuple):
    """An act on a report: its moment, the username of the person, and the verb, as `verb(session, actor)`."""

    at: datetime
    by: str
    verb: Callable[[Session, Actor], object]


def make(
    store: Store,
    size: YearSize,
    seed: int = 1,
    together: int = TOGETHER,
    heard: Callable[[int], object] = lambda _reports: None,
) -> list[GeneratedOperation]:
    """Create the people, operations and reports of a year in a store with tables; return its operations.

    `together`: acts in one transaction; 1 gives each person a transaction of their own, as a browser does. `heard` is
    told how many reports were sent.
    """
    made, officers = prepare(store, size)
    places, sent, before = sum(len(scene.sites) for scene in made), 0, 0
    for scene in made:
        places_before, before = before, before + len(scene.sites)
        share = size.reports * before // places - size.reports * places_before // places
        sent += write_reports(store, scene, share, officers, seed, together, partial(_hear, heard, sent))
    return made


def _hear(heard: Callable[[int], object], before: int, many: int) -> None:
    heard(before + many)


def prepare(store: Store, size: YearSize) -> tuple[list[GeneratedOperation], dict[str, int]]:
    """Create the people and operations of a year; return these and the number of officers of each country."""
    dealt = sites_of_countries(size)
    codes = sorted(dealt)
    operations = -(-len(codes) // _COUNTRIES)
    officers = officers_of_countries(size, codes)
    made = []
    for number in range(operations):
        own = codes[number::operations]
        made.append(generator.an_operation(store, own, {code: dealt[code] for code in own}, size.days, FIRST_DAY))
    accounts.add_missing(store, [member for code in codes for member in _people(code, officers[code])])
    return made, officers


def sites_of_countries(size: YearSize) -> dict[str, int]:
    """Return the number of sites of each country: those with most bundled places, dealt in turn."""
    known = bundled.sites().groupby("iso3").size()
    room = {str(code): int(many) for code, many in known.sort_values(ascending=False).head(size.countries).items()}
    dealt = dict.fromkeys(sorted(room), 0)
    while (left := size.sites - sum(dealt.values())) > 0:
        free = [code for code in dealt if dealt[code] < room[code]][:left]
        if not free:
            raise ValueError(
                f"There are {sum(dealt.values())} bundled places in {len(dealt)} countries: ask for fewer."
            )
        for code in free:
            dealt[code] += 1
    return {code: many for code, many in dealt.items() if many}


def officers_of_countries(size: YearSize, codes: Sequence[str]) -> dict[str, int]:
    """Return the number of officers of each country: all of its people but team leaders and coordinators."""
    others = sum(member.role is not Role.NATIONAL_OFFICER for member in accounts.national(codes[0]))
    each, rest = divmod(size.people, len(codes))
    return {code: max(1, each + (number < rest) - others) for number, code in enumerate(codes)}


def write_reports(
    store: Store,
    scene: GeneratedOperation,
    many: int,
    officers: Mapping[str, int],
    seed: int = 1,
    together: int = TOGETHER,
    heard: Callable[[int], object] = lambda _reports: None,
) -> int:
    """Send so many reports of an operation, day by day, and verify and validate most of them; return their number."""
    acts = _in_order(scene, many, officers, seeded("year", scene.operation, seed))
    actors = _Actors(store)
    sent = 0
    while block := list(islice(acts, together)):
        if together == 1:
            [act] = block
            with clock.at(act.at), store.unit_of_work(actors[act.by]) as session:
                act.verb(session, actors[act.by])
        else:
            people = [actors[act.by] for act in block]
            with store.unit_of_work(System()) as session:
                for act, by in zip(block, people, strict=True):
                    with clock.at(act.at):
                        act.verb(session, by)
        sent += sum(act.by.startswith("officer") for act in block)
        heard(sent)
    return sent


# ----------------------------------------------------------------------------------------------------- inside


class _Actors(dict[str, Actor]):
    """The actors of accounts by username, read when they are first asked for."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store

    def __missing__(self, username: str) -> Actor:
        with self.store.reading(System()) as session:
            found = membership.actor(session, session.exec(select(Account).where(Account.username == username)).one())
        if found is None:
            raise ValueError(f"The account {username} is closed.")
        self[username] = found
        return found


def _officer(country: str, number: int) -> str:
    return f"officer{number if number > 1 else ''}.{country.lower()}"


def _people(country: str, officers: int) -> Iterator[CastMember]:
    where = label("CL-COUNTRY", country)
    for member in accounts.national(country):
        if member.role is not Role.NATIONAL_OFFICER:
            yield member
    for number in range(1, officers + 1):
        yield CastMember(_officer(country, number), f"Officer {number}, {where}", Role.NATIONAL_OFFICER, country)


def _in_order(scene: GeneratedOperation, many: int, officers: Mapping[str, int], chance: Random) -> Iterator[ReportAct]:
    """Yield all acts in order of time; no two have the same moment."""
    waiting: list[tuple[datetime, int, ReportAct]] = []
    number, order, last = 0, count(), datetime.min.replace(tzinfo=UTC)
    for day in range(scene.days + 1):
        begins = datetime.combine(scene.first_day + timedelta(days=day), time(0), UTC)
        while waiting and (day == scene.days or waiting[0][0] < begins):
            act = heapq.heappop(waiting)[2]
            last = max(act.at, last + timedelta(microseconds=1))
            yield act._replace(at=last)
        if day == scene.days:
            return
        quota = many * (day + 1) // scene.days - many * day // scene.days
        for drawn in sorted(chance.sample(range(len(scene.sites) * _HALVES), quota)):
            site, half = divmod(drawn, _HALVES)
            starts = begins + timedelta(hours=12 * half)
            for act in _acts(scene, scene.sites[site], starts, officers, chance, number):
                heapq.heappush(waiting, (act.at, next(order), act))
            number += 1


def _acts(
    scene: GeneratedOperation,
    where: StorySite,
    starts: datetime,
    officers: Mapping[str, int],
    chance: Random,
    number: int,
) -> Iterator[ReportAct]:
    """Yield the acts of one report: it is sent within an hour, verified within three, validated within seven."""
    country, ends = where.country, starts + timedelta(hours=10)
    lines = [generator.a_line(chance, starts, ends) for _ in range(chance.randint(*_LINES))]
    named = partial(identifier, "year", str(scene.operation), str(number))
    sent = ends + timedelta(seconds=chance.randint(240, 3_300))
    draft = parse(
        reports.ReportDraft,
        {
            "id": named("version"),
            "report_id": named("report"),
            "operation_id": scene.operation,
            "site_id": where.id,
            "phase_id": scene.phase,
            "kind": ReportKind.DAILY,
            "period_from": starts,
            "period_to": ends,
            "zone": where.zone,
            "lines": [{**line, "id": named("line", str(place))} for place, line in enumerate(lines)],
            "recorded_at": sent,
            "confirmed": True,
        },
    )
    yield ReportAct(
        sent,
        _officer(country, chance.randint(1, officers[country])),
        lambda session, by: reports.submit(session, draft, by),
    )
    if chance.random() < _VALIDATED:
        verified = sent + timedelta(seconds=chance.randint(360, 7_200))
        validated = verified + timedelta(seconds=chance.randint(600, 14_400))
        for at, short in ((verified, "lead"), (validated, "coordinator")):
            yield ReportAct(
                at, f"{short}.{country.lower()}", lambda session, by: verification.verify(session, draft.id, by)
            )
