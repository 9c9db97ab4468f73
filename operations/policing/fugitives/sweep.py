"""Figures of a sweep: targets, arrested, located and outstanding, never merged (domain 0.7, 2.5, 6.8).

Everything is counted from the cases that the asker knows: for a country these are its own and those it was asked about,
so that no number tells of a case it may not know. Leadership has the sums of all cases and no case; in these sums an
arrested or located fugitive is a person like any other: numbers from 1 to 10 are suppressed as everywhere in Muster,
together with the numbers that would disclose them. The published 26, 31 and 123 are above the limit.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, func, select

from operations.catalogue.fugitive_kpis import FugitiveKpi, median_wait, share
from operations.core import history
from operations.core.clock import now
from operations.core.errors import NotPermitted
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may, require
from operations.core.vocabulary import Classification
from operations.policing.fugitives import case_history
from operations.policing.fugitives.appeals import AppealItem, AppealList, AppealTips
from operations.policing.fugitives.case_rows import FugitiveBelieved, FugitiveCase
from operations.policing.fugitives.sightings import FugitiveLocation
from operations.policing.leads import leads
from operations.policing.operation import plan

_PARTS = ("arrested", "located", "outstanding")


@dataclass(frozen=True)
class SweepNumbers:
    """The four figures of a sweep and the counts shown with them. Leadership sees targets and suspects exactly.

    `left` counts the cases that left the sweep, by their final state: they are in none of the figures. `states` counts
    all cases by state; it is empty for readers of sums.
    """

    targets: int
    arrested: int
    located: int
    outstanding: int
    surrendered: int
    left: Mapping[str, int] = field(default_factory=dict)
    states: Mapping[str, int] = field(default_factory=dict)


class CaseRow(NamedTuple):
    """A row of the board and the table of cases."""

    id: UUID
    requesting_country: str
    number: int
    notice_ref: str
    offence: str
    wanted_for: str
    priority: str
    state: str
    since: datetime
    nominated_at: datetime
    counts_as: str
    checked_on: Any
    notice_status: str
    appeal_agreed_at: datetime | None
    erased_at: datetime | None


_ROW = tuple(getattr(FugitiveCase, name) for name in CaseRow._fields)


def numbers(session: Session, operation: plan.Operation, by: Actor, country: str | None = None) -> SweepNumbers:
    """Return the figures of a sweep for this reader, or of the cases that one country requests.

    Raises NotPermitted for a reader of neither cases nor sums, and with `country` for a reader of sums alone.
    """
    require(by, Act.FUGITIVE_SUMS, _subject(operation, by))
    sums = not may(by, Act.FUGITIVE_READ)
    if sums and country is not None:
        raise NotPermitted
    counts: Counter[str] = Counter()
    states: Counter[str] = Counter()
    left: Counter[str] = Counter()
    surrendered = 0
    for row in case_history.cases(session, operation.id, by, sums=sums, country=country):
        counts[row["counts_as"]] += 1
        states[row["state"]] += 1
        surrendered += row["counts_as"] == "arrested" and row["surrendered_at"] is not None
        if row["counts_as"] == "left":
            left[row["state"]] += 1
    arrested, located, outstanding = (counts[name] for name in _PARTS)
    return SweepNumbers(
        arrested + located + outstanding, arrested, located, outstanding, surrendered, left, {} if sums else states
    )


def rows(session: Session, operation: plan.Operation, by: Actor) -> Sequence[CaseRow]:
    """Return the cases of a sweep known to the asker, longest in their state first. None for readers of sums."""
    require(by, Act.FUGITIVE_READ, _subject(operation, by))
    query = select(*_ROW).where(FugitiveCase.operation_id == operation.id)
    return [
        CaseRow(*row)
        for row in session.execute(query.order_by(col(FugitiveCase.since), col(FugitiveCase.number))).all()
    ]


def rates(found: SweepNumbers) -> dict[FugitiveKpi, tuple[float | None, ...]]:
    """Return the shares that follow from the four figures alone; the resolution has two separate parts."""
    return _shares(_rated(found))


def _rated(found: SweepNumbers) -> dict[FugitiveKpi, tuple[tuple[int, int], ...]]:
    return {
        FugitiveKpi.RESOLUTION: ((found.arrested, found.targets), (found.located, found.targets)),
        FugitiveKpi.ARREST_RATE: ((found.arrested, found.targets),),
        FugitiveKpi.SURRENDER_RATE: ((found.surrendered, found.arrested),),
    }


def _shares(parts: Mapping[FugitiveKpi, tuple[tuple[int, int], ...]]) -> dict[FugitiveKpi, tuple[float | None, ...]]:
    return {kpi: tuple(share(part, whole) for part, whole in of) for kpi, of in parts.items()}


def parts(
    session: Session, operation: plan.Operation, by: Actor, country: str | None = None
) -> dict[FugitiveKpi, tuple[tuple[int, int], ...]]:
    """Return part and whole of each share of the sweep, over the cases known to the asker or of one country."""
    require(by, Act.FUGITIVE_READ, _subject(operation, by))
    targets = _moments(session, operation, by, "reviewed_at", "news_at", country=country)
    reviewed, news = (sum(of[place] is not None for of in targets) for place in (0, 1))
    return {
        FugitiveKpi.REVIEW_COVERAGE: ((reviewed, len(targets)),),
        FugitiveKpi.NEW_INFORMATION: ((news, len(targets)),),
        **_rated(numbers(session, operation, by, country)),
    }


def figures(
    session: Session, operation: plan.Operation, by: Actor, country: str | None = None
) -> dict[FugitiveKpi, tuple[float | None, ...]]:
    """Return every key figure of the sweep (K40 to K47), over the cases known to the asker or requested by one
    country.
    """
    require(by, Act.FUGITIVE_READ, _subject(operation, by))
    return {
        FugitiveKpi.TARGETS: (numbers(session, operation, by, country).targets,),
        FugitiveKpi.TIME_TO_FIND: tuple(
            median_wait(waiting_times(session, operation, by, name, country)) for name in ("located_at", "arrested_at")
        ),
        FugitiveKpi.APPEAL_YIELD: _yield(session, operation.id, by, country),
        **_shares(parts(session, operation, by, country)),
    }


def waiting_times(
    session: Session, operation: plan.Operation, by: Actor, name: str, country: str | None = None
) -> list[tuple[float, bool]]:
    """Return for each target the days from its acceptance to the moment in column `name`, and whether that has come."""
    require(by, Act.FUGITIVE_READ, _subject(operation, by))
    return [
        (((over or now()) - accepted).total_seconds() / 86400, over is not None)
        for accepted, over in _moments(session, operation, by, "accepted_at", name, country=country)
    ]


def _moments(
    session: Session, operation: plan.Operation, by: Actor, *names: str, country: str | None
) -> list[tuple[Any, ...]]:
    """Return these columns of the targets known to the asker."""
    found = case_history.cases(session, operation.id, by, country=country)
    return [tuple(each[name] for name in names) for each in found if each["counts_as"] in _PARTS]


def by_country(session: Session, operation: plan.Operation, by: Actor) -> dict[str, dict[str, int]]:
    """Return counts of cases by country for the map, which shows nothing finer: wanted by, and found in.

    Counted over the cases known to the asker; a country that was asked sees where a person was found only if it was
    there.
    """
    require(by, Act.FUGITIVE_READ, _subject(operation, by))
    here: dict[str, dict[str, int]] = {}
    wanted = (
        select(FugitiveCase.requesting_country, func.count())
        .where(FugitiveCase.operation_id == operation.id, col(FugitiveCase.counts_as).in_(_PARTS))
        .group_by(col(FugitiveCase.requesting_country))
    )
    believed = (
        select(FugitiveBelieved.country, func.count())
        .join(FugitiveCase, col(FugitiveCase.id) == col(FugitiveBelieved.case_id))
        .where(FugitiveCase.operation_id == operation.id, FugitiveCase.counts_as == "outstanding")
        .group_by(col(FugitiveBelieved.country))
    )
    arrived = (
        select(FugitiveLocation.country, FugitiveCase.counts_as, func.count())
        .join(FugitiveCase, col(FugitiveCase.id) == col(FugitiveLocation.case_id))
        .where(
            FugitiveCase.operation_id == operation.id,
            col(FugitiveCase.counts_as).in_(("arrested", "located")),
            col(FugitiveLocation.state).in_(("confirmed", "arrest_reported", "arrest_confirmed")),
        )
        .group_by(col(FugitiveLocation.country), col(FugitiveCase.counts_as))
    )
    for country, count in session.exec(wanted):
        here.setdefault(country, {})["wanted"] = count
    for country, count in session.exec(believed):
        here.setdefault(country, {})["believed"] = count
    for country, what, count in session.exec(arrived):
        here.setdefault(country, {})[what] = count
    return here


def _yield(session: Session, operation_id: UUID, by: Actor, country: str | None) -> tuple[float | None, ...]:
    """Return tips, leads and locations of the cases of published appeals, the last two after the first publication."""
    named = (
        select(AppealList.id, AppealList.published_at, AppealItem.case_id)
        .join(AppealItem, col(AppealItem.list_id) == col(AppealList.id))
        .where(AppealList.operation_id == operation_id, AppealItem.dropped == "")
    )
    if country is not None:
        named = named.where(AppealItem.requesting_country == country)
    published: dict[UUID, datetime] = {}
    for each in history.query_as_of(session, AppealList, named, operation_id):
        if (at := each["published_at"]) is not None:
            published[each["case_id"]] = min(at, published.get(each["case_id"], at))
    if not published:
        return None, None, None
    counted = select(AppealTips.id, AppealTips.received).where(col(AppealTips.case_id).in_(published))
    part, lead = leads.LeadCountry, leads.Lead
    sent = (
        select(part.lead_id, part.country, part.shared_at, part.revoked_at, part.subject_id, lead.made_at)  # type: ignore[call-overload]
        .join(lead, col(lead.id) == col(part.lead_id))
        .where(col(part.subject_id).in_(published))
    )
    asked = {
        share["lead_id"]: share["made_at"] >= published[share["subject_id"]]
        for share in history.query_as_of(session, part, sent, operation_id)
        if share["shared_at"] is not None and share["revoked_at"] is None
    }
    located = case_history.cases(session, operation_id, by, country=country)
    return (
        sum(each["received"] for each in history.query_as_of(session, AppealTips, counted)),
        sum(asked.values()),
        sum(
            located_case["located_at"] is not None and located_case["located_at"] >= published[located_case["id"]]
            for located_case in located
            if located_case["id"] in published
        ),
    )


def _subject(operation: plan.Operation, by: Actor) -> Subject:
    return Subject(country=by.country, operation=operation.id, classification=Classification(operation.classification))
