"""Queries for the pages of officers and verifiers: usual tallies of a site, reports and hits that wait.

Read-only. Every query is scoped, so nobody learns of another country's reports from it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import case
from sqlmodel import Session, col, func, select

from operations.core.journal import Entry
from operations.core.people import Actor
from operations.core.permissions import Subject, may
from operations.core.vocabulary import Confirmation, Level, LineKind, ReportState, Role
from operations.core.worklist import CandidateRow
from operations.lines.kinds import KINDS, PERSON_KINDS, from_json
from operations.lines.kinds.hit import DOCUMENTS, Hit
from operations.policing.map_plan import places
from operations.policing.reports.reports import Line, Report, newest
from operations.policing.reports.states import CLIMBS, LIFE, ReportFacts
from operations.policing.reports.verification import answered_by, next_step

TallyKey = tuple[str, str, str, str]


class WaitingHit(NamedTuple):
    """A hit, answered or not: its report version and its line."""

    report: Report
    line: Line


@LIFE.rows
def _in_states(session: Session, by: Actor, states: Iterable[str], owners: Mapping[UUID, Any]) -> list[CandidateRow]:
    query = (
        select(Report, places.Site)
        .join(places.Site, col(places.Site.id) == col(Report.site_id))
        .where(col(Report.state).in_(states), col(Report.operation_id).in_(owners.keys()))
    )
    rows = session.exec(query.order_by(col(Report.received_at))).all()
    mine = select(Line.version_id).where(col(Line.answered_by).in_([by.account_id, *by.alike]))
    answered = frozenset(session.exec(mine))
    beyond = _beyond(session, [each.report_id for each, _site in rows if each.state == ReportState.RETURNED], by)
    return [
        CandidateRow(
            version,
            ReportFacts(
                owners[version.operation_id].state,
                by,
                answered,
                site.closed_at is None and version.report_id not in beyond,
            ),
            version.operation_id,
            {"site": site.name, "day": version.official_day},
        )
        for version, site in rows
    ]


def _beyond(session: Session, reports: Sequence[UUID], by: Actor) -> frozenset[UUID]:
    """Return those of some reports that the country has validated: an officer cannot correct them."""
    if by.role is not Role.NATIONAL_OFFICER or not reports:
        return frozenset()
    query = select(Report.report_id).where(
        col(Report.report_id).in_(reports), col(Report.counted).is_(True), Report.level >= int(Level.V3)
    )
    return frozenset(session.exec(query))


def lines_by_version(session: Session, version_ids: Iterable[UUID]) -> dict[UUID, list[Line]]:
    """Return the lines of several versions that the asker may see, in the order in which they were written."""
    wanted = list(version_ids)
    found: dict[UUID, list[Line]] = {version: [] for version in wanted}
    for row in session.exec(select(Line).where(col(Line.version_id).in_(wanted)).order_by(col(Line.position))):
        found[row.version_id].append(row)
    return found


def standing(
    session: Session, operation_id: UUID, country: str | None, level: Level
) -> tuple[list[Report], dict[UUID, list[Line]]]:
    """Return the counted reports of a country at `level` or higher, by day, and the lines of each in their order."""
    of_country = select(Report).where(Report.operation_id == operation_id, Report.country == country)
    counted = of_country.where(Report.level >= int(level), col(Report.counted).is_(True))
    reports = list(session.exec(counted.order_by(col(Report.official_day), col(Report.received_at))))
    found: dict[UUID, list[Line]] = {each.id: [] for each in reports}
    lines = select(Line).where(Line.operation_id == operation_id, Line.country == country)
    for line in session.exec(lines.order_by(col(Line.position))):
        if line.version_id in found:
            found[line.version_id].append(line)
    return reports, found


def tally_key(line: Line) -> TallyKey:
    """Return the key of a check tally: kind of check, database, entity, channel."""
    return line.check_kind, line.database, line.entity, str(line.attributes.get("channel", ""))


def recent_tallies(session: Session, operation_id: UUID, site_id: UUID, limit: int = 12) -> dict[TallyKey, list[int]]:
    """Return the last counts of each kind of check at a site, newest first, from counting versions; at most `limit`
    each.
    """
    query = (
        select(Line)
        .join(Report, col(Line.version_id) == col(Report.id))
        .where(
            Line.operation_id == operation_id,
            Line.site_id == site_id,
            Line.kind == LineKind.CHECK_TALLY.value,
            col(Report.counted).is_(True),
        )
        .order_by(col(Line.official_day).desc(), col(Line.position))
        .limit(limit * 24)
    )
    found: dict[TallyKey, list[int]] = {}
    for row in session.exec(query):
        counts = found.setdefault(tally_key(row), [])
        if len(counts) < limit:
            counts.append(row.quantity)
    return found


def unremarkable(session: Session, reports: Sequence[Report]) -> frozenset[UUID]:
    """Return those of some versions that need no single look: without hit, remark or correction, and in time."""
    plain = [each.id for each in reports if each.version == 1 and not each.remarks and not each.late]
    hits = select(Line.version_id).where(col(Line.version_id).in_(plain), Line.kind == LineKind.HIT.value)
    marked = frozenset(session.exec(hits))
    return frozenset(plain) - marked


def sums_by_kind(session: Session, version_ids: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    """Return the sum of the lines of each kind in several versions.

    Of kinds that count persons, and of those whose lines do not add up, such as money and drugs, there is none.
    """
    told = [kind for kind, model in KINDS.items() if model.ADDS and kind not in PERSON_KINDS]
    query = (
        select(Line.version_id, Line.kind, func.sum(Line.quantity))
        .where(col(Line.version_id).in_(list(version_ids)), col(Line.kind).in_(told))
        .group_by(col(Line.version_id), col(Line.kind))
    )
    found: dict[UUID, dict[str, int]] = {}
    for version, kind, sum_ in session.exec(query):
        found.setdefault(version, {})[kind] = int(sum_)
    return found


def waiting_for_others(session: Session, operation_id: UUID, actor: Actor) -> list[Report]:
    """Return reports that wait for the actor's role but not for the actor, who wrote or verified them (four eyes)."""
    held = []
    answered = answered_by(session, operation_id, actor)
    for rung in CLIMBS:
        if may(actor, rung.act):
            for waiting in newest(session, operation_id, [rung.before]):
                place = Subject(country=waiting.country, operation=waiting.operation_id, site=waiting.site_id)
                if may(actor, rung.act, place) and next_step(waiting, actor, answered) is None:
                    held.append(waiting)
    return held


def waiting_hits(session: Session, operation_id: UUID, limit: int = 200) -> list[WaitingHit]:
    """Return unanswered raw hits of reports that count, oldest first."""
    waits = Line.status == Confirmation.PENDING.value
    return _hits(session, operation_id, waits, col(Report.official_day), col(Report.received_at), limit=limit)


def answered_hits(session: Session, operation_id: UUID, limit: int = 40) -> list[WaitingHit]:
    """Return answered hits of reports that count, latest first: an answer can be changed."""
    answered = col(Line.answered_by).is_not(None)
    latest = (col(Report.official_day).desc(), col(Report.received_at).desc())
    return _hits(session, operation_id, answered, *latest, limit=limit)


class Offered(NamedTuple):
    """An earlier answer for the same document: its hit, and the fields that can be copied."""

    of: WaitingHit
    answer: dict[str, Any]


_REPEATS, _HIT_KIND = (col(Line.attributes)[name].as_string() for name in (Hit.REPEATS, "hit_kind"))
_MOST = 1000


def document_hits(session: Session, operation_id: UUID) -> dict[UUID, list[WaitingHit]]:
    """Return for each hit marked as a repeat, and its first hit, all hits of the same document, first one first.

    Keyed by line id; only of reports that count.
    """
    hits = {each.line.id: each for each in _hits(session, operation_id, _REPEATS.is_not(None), limit=_MOST)}
    first = {_repeated(each.line) for each in hits.values()} - hits.keys()
    hits |= {each.line.id: each for each in hits_named(session, operation_id, first)}
    groups: dict[UUID, list[WaitingHit]] = {}
    for ident, hit in hits.items():
        passed = {ident}
        while ident in hits and (before := _repeated(hits[ident].line)) is not None and before not in passed:
            passed.add(ident := before)
        groups.setdefault(ident, []).append(hit)
    for group in groups.values():
        group.sort(key=lambda each: (hit_at(each.line), each.line.position))
    return {each.line.id: group for group in groups.values() for each in group}


def _repeated(line: Line) -> UUID | None:
    before = line.attributes.get(Hit.REPEATS)
    return None if before is None else UUID(before)


def hit_at(line: Line) -> datetime:
    """Return the time of the hit."""
    return datetime.fromisoformat(str(line.attributes["raw_at"]))


def side_by_side(hits: Sequence[WaitingHit], same: Mapping[UUID, Sequence[WaitingHit]]) -> list[WaitingHit]:
    """Return these hits in their order, but with those of one document next to each other, the first one first."""
    place = {each.line.id: index for index, each in enumerate(hits)}

    def of(each: WaitingHit) -> tuple[int, datetime]:
        group = same.get(each.line.id, [each])
        return min(place.get(other.line.id, len(hits)) for other in group), hit_at(each.line)

    return sorted(hits, key=of)


def proposed_answer(hit: Line, same: Sequence[WaitingHit]) -> Offered | None:
    """Return the latest answer to another hit of the same document as a proposal, where this hit has none.

    The time is blanked where the answer was given before this hit.
    """
    answered = [each for each in same if each.line.id != hit.id and each.line.status in _BY_A_COUNTRY]
    if hit.answered_by is not None or not answered:
        return None
    latest = max(answered, key=lambda each: from_json(each.line.attributes).confirmed_at)
    told = from_json(latest.line.attributes)
    answer = {name: getattr(told, name) for name in Hit.ANSWER}
    return Offered(latest, answer | ({"confirmed_at": None} if told.confirmed_at < hit_at(hit) else {}))


_BY_A_COUNTRY = (Confirmation.CONFIRMED, Confirmation.REFUTED)


def recent_documents(
    session: Session, operation_id: UUID, site_id: UUID, named: Iterable[UUID] = (), limit: int = 20
) -> list[WaitingHit]:
    """Return the latest hits on documents that the asker may see, those of the site first, and those `named`."""
    here = case((col(Line.site_id) == site_id, 0), else_=1)
    order = (here, col(Report.official_day).desc(), col(Report.received_at).desc(), col(Line.position).desc())
    found = _hits(session, operation_id, _HIT_KIND.in_(DOCUMENTS), *order, limit=limit)
    found.sort(key=lambda each: (each.line.site_id == site_id, hit_at(each.line)), reverse=True)
    return found + hits_named(session, operation_id, {*named} - {each.line.id for each in found})


def hits_named(session: Session, operation_id: UUID, idents: Iterable[UUID | None]) -> list[WaitingHit]:
    """Return hits by the id of their lines, of reports that count."""
    wanted = [each for each in idents if each is not None]
    return _hits(session, operation_id, col(Line.id).in_(wanted), limit=_MOST) if wanted else []


def _hits(session: Session, operation_id: UUID, which: Any, *order: Any, limit: int) -> list[WaitingHit]:
    query = (
        select(Report, Line)
        .join(Line, col(Line.version_id) == col(Report.id))
        .where(
            Report.operation_id == operation_id,
            col(Report.counted).is_(True),
            Report.level >= int(Level.V1),
            Line.kind == LineKind.HIT.value,
            which,
        )
        .order_by(*order, col(Line.position))
        .limit(limit)
    )
    return [WaitingHit(found, line) for found, line in session.exec(query)]


def steps_of(session: Session, versions: Sequence[Report]) -> list[Entry]:
    """Return the journal entries about these versions, oldest first.

    Only entries that the asker may see.
    """
    ids = [found.id for found in versions]
    query = select(Entry).where(col(Entry.object_id).in_(ids), Entry.object_kind == "report").order_by(col(Entry.seq))
    return list(session.exec(query))
