"""The way to a centre: what it says of its operation is asked for, and what waits is sent in order, until it answers.

A report is sent again under its own id until the centre answers it, so that it comes in once. An answer is an
acceptance or a refusal in the words of the centre's rules; then the next one follows. Where there is no answer (nobody
there, a token that has ended, a centre that stores nothing now), everything waits and nothing is lost; the country is
told within the hour. So it is of what somebody corrected there, which `centres` lets it decide.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlencode
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import Session, col, or_, select

from operations.core import evidence, installation_key
from operations.core.clock import zone
from operations.core.errors import Flaw, RuleBroken
from operations.core.field_labels import N_
from operations.core.people import System
from operations.core.sign_in import API
from operations.core.store import Store, locked
from operations.core.vocabulary import MessageKind, ReportState, Role
from operations.exchange.centre_figures import MOST_LINES, reduced
from operations.exchange.centre_rows import KIND, CentreConnection, CentrePlan, CentreReport, CentreVersion, record
from operations.exchange.centres import PURPOSE
from operations.exchange.webhooks import QUIET, Undelivered
from operations.notices.messages import To, tell
from operations.policing.reports.versions import GONE

LOT = 50
"""Reports that are sent to one centre before the next one's turn."""
FRESH = timedelta(hours=1)
"""How long what a centre said of its operation is taken for granted."""
PAGE = "/centre"
ENDED_TOKEN = "401"  # noqa: S105 - a status
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)
_TRIES = 3
"""Tries that failed before a country is told: one alone may be the network."""
_PAGE, _PAGES = 500, 20
"""Versions that a centre is asked for at once, and how often: the rest comes an hour later."""
_REFUSED = frozenset({400, 404, 409, 422})
_ENDED = frozenset({*GONE, ReportState.SUPERSEDED.value})
"""The states of the versions of a report that has ended."""


class CentreVerdict(NamedTuple):
    """What a centre says of a report: the sentence that refuses it, "" where it took it, whether it ended there, and
    the version of another hand that stands there instead."""

    refusal: str = ""
    gone: bool = False
    conflict: CentreVersion | None = None


@dataclass(frozen=True)
class CentreNews:
    """What a centre says of its operation, of reports that were corrected there, and how far it was read."""

    plan: CentrePlan
    corrected: Mapping[UUID, CentreVersion]
    cursor: str


@dataclass(frozen=True)
class CentreAnswer:
    """The answer of a centre: its status, its media type and its content."""

    status: int
    media_type: str
    content: bytes

    @property
    def told(self) -> Any:
        """The content as JSON; None where it is none."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            return None

    @property
    def refusal(self) -> str:
        """The sentence with which the centre refuses a report by its rules; "" for any other answer."""
        if self.status not in _REFUSED or self.media_type != "application/problem+json":
            return ""
        told = self.told
        said = told.get("detail") if isinstance(told, Mapping) else None
        return (str(said or "") or str(self.status))[:1000]


class CentreCall(Protocol):
    """A function that asks a centre. It raises Undelivered where there is no answer."""

    def __call__(self, method: str, address: str, headers: Mapping[str, str], body: bytes) -> CentreAnswer:
        """Ask it."""


def due(store: Store, moment: datetime) -> list[UUID]:
    """Return the connections whose centre is to be asked now: where something waits, or its plan is not fresh."""
    waits = select(CentreReport.connection_id).where(col(CentreReport.answered_at).is_(None))
    old = or_(col(CentreConnection.asked_at).is_(None), col(CentreConnection.asked_at) <= moment - FRESH)
    query = select(CentreConnection.id).where(
        col(CentreConnection.ended_at).is_(None),
        col(CentreConnection.due_at) <= moment,
        or_(col(CentreConnection.id).in_(waits), old),
    )
    with store.reading(System()) as session:
        return list(session.exec(query.order_by(col(CentreConnection.due_at))))


def deliver(store: Store, connection_id: UUID, call: CentreCall, moment: datetime) -> int:
    """Ask a centre for its plan where that is not fresh, and send what waits in order. Return how many were answered.

    The report that finds no answer, and all after it, wait.
    """
    with store.reading(System()) as session:
        connection = session.get_one(CentreConnection, connection_id)
        if connection.ended_at is not None:
            return 0
        query = select(CentreReport).where(
            CentreReport.connection_id == connection.id, col(CentreReport.answered_at).is_(None)
        )
        waiting = session.exec(query.order_by(col(CentreReport.number)).limit(LOT)).all()
    answers: dict[UUID, CentreVerdict] = {}
    there: CentreNews | None = None
    why = ""
    try:
        token = installation_key.opened(PURPOSE, connection.token_seal, str(connection.id))
        if connection.asked_at is None or connection.asked_at <= moment - FRESH:
            there = _news(store, call, connection, token)
        for each in waiting:
            answers[each.id] = _sent(call, connection, token, each)
    except Undelivered as undelivered:
        why = str(undelivered)[:80]
    except RuleBroken:
        why = "key"
    _note(store, connection_id, moment, answers, there, why)
    return len(answers)


def _sent(call: CentreCall, connection: CentreConnection, token: str, report: CentreReport) -> CentreVerdict:
    """Send a report, and return what the centre says of it. Raises Undelivered.

    A withdrawal of what is withdrawn there already is accepted: it was sent before, and the answer was lost.
    """
    path = f"/reports/{report.supersedes_id}/withdrawal" if report.withdraws else "/reports"
    answer = _ask(call, connection, token, "POST", path, json.dumps(report.body, sort_keys=True).encode())
    if 200 <= answer.status < 300:
        return CentreVerdict()
    if not (refusal := answer.refusal):
        raise Undelivered(str(answer.status))
    if report.supersedes_id is None or (answer.status != 409 and not report.withdraws):
        return CentreVerdict(refusal)
    versions = _items(_ask(call, connection, token, "GET", f"/reports/{report.report_id}"))
    if bool(versions) and all(str(each.get("state")) in _ENDED for each in versions):
        return CentreVerdict() if report.withdraws else CentreVerdict(refusal, gone=True)
    newest = _version(versions, connection)
    return CentreVerdict(refusal, conflict=newest if newest and newest.id != report.supersedes_id else None)


def _items(answer: CentreAnswer) -> list[Mapping[str, Any]]:
    told = answer.told
    items = told.get("items") if answer.status == 200 and isinstance(told, Mapping) else None
    return [each for each in items if isinstance(each, Mapping)] if isinstance(items, list) else []


def _version(versions: Sequence[Mapping[str, Any]], connection: CentreConnection) -> CentreVersion | None:
    """Return the newest of the versions of a report, without references; None where it cannot be read."""
    for said in versions[:1]:
        with suppress(ValidationError):
            found = CentreVersion.model_validate({**said, "lines": None})
            with suppress(ValueError, LookupError, TypeError):  # a code or a kind of line that only the centre knows
                starts, plan = datetime.fromisoformat(said["period_from"]), CentrePlan.model_validate(connection.plan)
                found.lines = [reduced(line, plan, starts) for line in said["lines"]][:MOST_LINES]
            return found
    return None


def _news(store: Store, call: CentreCall, connection: CentreConnection, token: str) -> CentreNews:
    """Ask for the operation of a centre, and for the country's reports there that came since. Raises Undelivered."""
    there = _plan(_ask(call, connection, token, "GET", f"/operations/{connection.centre_operation}"))
    with store.reading(System()) as session:
        query = select(CentreReport.report_id, CentreReport.id).where(CentreReport.connection_id == connection.id)
        sent: defaultdict[UUID, set[UUID]] = defaultdict(set)
        for report_id, version in session.exec(query):
            sent[report_id].add(version)
    strange, cursor = set[UUID](), connection.cursor
    for _page in range(_PAGES if sent else 0):
        asked = {"operation": str(connection.centre_operation), "after": cursor, "limit": _PAGE}
        answer = _ask(call, connection, token, "GET", "/reports", query=asked)
        found = _items(answer)
        for each in found:
            with suppress(ValueError):
                report_id = UUID(str(each.get("report_id")))
                if report_id in sent and UUID(str(each.get("id"))) not in sent[report_id]:
                    strange.add(report_id)
        cursor = str(answer.told["next"])[:200] if found and "next" in answer.told else cursor
        if len(found) < _PAGE:
            break
    corrected = dict[UUID, CentreVersion]()
    for report_id in strange:
        versions = _items(_ask(call, connection, token, "GET", f"/reports/{report_id}"))
        newest = _version(versions, connection)
        if newest and newest.id not in sent[report_id] and str(versions[0].get("state")) not in GONE:
            corrected[report_id] = newest
    return CentreNews(there, corrected, cursor)


def _ask(
    call: CentreCall,
    connection: CentreConnection,
    token: str,
    method: str,
    path: str,
    body: bytes = b"",
    query: Mapping[str, Any] | None = None,
) -> CentreAnswer:
    signed = evidence.message(method, f"{API}{path}", body)
    path += f"?{urlencode(query)}" if query else ""
    headers = {"Authorization": f"Bearer {token}", evidence.SIGNATURE: evidence.signature_of(signed)}
    if body:
        headers["Content-Type"] = "application/json"
    return call(method, f"{connection.address}{API}{path}", headers, body)


def _plan(answer: CentreAnswer) -> CentrePlan:
    """Return what the centre says of its operation. Raises Undelivered for anything else."""
    if answer.status != 200:
        raise Undelivered(str(answer.status))
    try:
        found = CentrePlan.model_validate(answer.told)
        zone(found.zone)
    except (ValidationError, RuleBroken):
        raise Undelivered("ValueError") from None
    return found


def _note(
    store: Store,
    connection_id: UUID,
    moment: datetime,
    answers: Mapping[UUID, CentreVerdict],
    there: CentreNews | None,
    why: str,
) -> None:
    """Store what a centre answered, and tell the country of what was refused or finds no answer."""
    with store.unit_of_work(System()) as session:
        found = session.exec(locked(select(CentreConnection).where(CentreConnection.id == connection_id))).one()
        news = bool(answers) or why != found.failure or (there is not None and found.plan is None)
        found.failure, found.attempt = why, found.attempt + 1 if why else 0
        found.due_at = moment + min(_FIRST_WAIT * 2 ** min(found.attempt - 1, 10), _LONGEST_WAIT) if why else moment
        if there is not None:
            found.plan, found.asked_at, found.cursor = there.plan.model_dump(mode="json"), moment, there.cursor
            news = _corrected(session, found, there.corrected, moment) or news
        session.add(found)
        for each in session.exec(select(CentreReport).where(col(CentreReport.id).in_(answers))):
            verdict = answers[each.id]
            each.answered_at, each.refusal, each.gone = moment, verdict.refusal, verdict.gone
            each.conflict = verdict.conflict.model_dump(mode="json") if verdict.conflict else None
            session.add(each)
        refused = sum(bool(each.refusal) for each in answers.values())
        if refused:
            _tell(session, found, f"refused:{moment.isoformat()}", _REFUSES, number=refused)
        if why and found.attempt >= _TRIES:
            _tell_of_silence(session, found, moment)
        if news:
            record(session, System(), "centre.answer", KIND, found, accepted=len(answers) - refused, refused=refused)


def _corrected(
    session: Session, found: CentreConnection, corrected: Mapping[UUID, CentreVersion], moment: datetime
) -> bool:
    """Note at the newest report of each that a version of another hand stands at the centre; whether any is new."""
    query = select(CentreReport).where(
        CentreReport.connection_id == found.id, col(CentreReport.report_id).in_(corrected)
    )
    newest = {each.report_id: each for each in session.exec(query.order_by(col(CentreReport.number)))}
    new = 0
    for report_id, version in corrected.items():
        known = newest[report_id]
        if known.answered_at is None or (known.there and known.there.id == version.id):
            continue
        known.conflict, known.settlement, new = version.model_dump(mode="json"), "", new + 1
        session.add(known)
    if new:
        _tell(session, found, f"corrected:{moment.isoformat()}", _CORRECTED, number=new)
    return bool(new)


_CORRECTED = N_("At {host} somebody corrected figures of your country: decide which stand.")
_REFUSES = N_("{host} refused figures of your country: its reason stands beside each of them.")
_SILENT = N_("{host} has accepted nothing since {since}: see whether its token has ended.")


def _tell_of_silence(session: Session, found: CentreConnection, moment: datetime) -> None:
    waits = select(CentreReport).where(CentreReport.connection_id == found.id, col(CentreReport.answered_at).is_(None))
    oldest = session.exec(waits.order_by(col(CentreReport.number)).limit(1)).first()
    if oldest is not None and moment - oldest.made_at >= QUIET:
        _tell(session, found, f"silent:{oldest.id}", _SILENT, since=oldest.made_at.date())


def _tell(session: Session, found: CentreConnection, key: str, words: str, number: int = 1, **more: Any) -> None:
    said = Flaw("", words, {"host": found.address.removeprefix("https://"), **more})
    to = To(roles=frozenset({Role.NATIONAL_COORDINATOR}), country=found.country)
    key = f"centre:{found.id}:{key}"
    tell(session, to, MessageKind.CENTRE_UNREACHED, f"{PAGE}?show={found.id}", number, key=key, by=System(), about=said)
