"""Reports by voice: a tally or a nil report as digits, said on the telephone or sent as a text message.

An officer has a card for each posting (`card_number`). What is said is the number of the card, the day of the month,
the number of a row of the card (`ROWS`), the count, and a check digit. The coordination keys it; the report is the
officer's, and the country verifies it as any other.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from typing import Any
from uuid import UUID, uuid5

from sqlmodel import Session, col, select

from operations.core.clock import day_bounds, now, official_day
from operations.core.drafts import parse
from operations.core.errors import Conflict, Flaw, RuleBroken
from operations.core.people import Account, Actor, Posting
from operations.core.permissions import Act, require
from operations.core.vocabulary import CheckKind, LineKind, PhaseKind, ReportKind
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation, Phase
from operations.policing.reports import reports
from operations.policing.reports.draft import ReportDraft, questions
from operations.policing.reports.outliers import outlier_questions
from operations.policing.reports.reports import Officer, Report

NIL = 0
_QUERY = CheckKind.DATABASE_QUERY.value
ROWS: dict[int, tuple[str, str | None]] = {
    11: (_QUERY, "sltd"),
    12: (_QUERY, "nominal"),
    13: (_QUERY, "notices"),
    14: (_QUERY, "tdawn"),
    15: (_QUERY, "smv"),
    16: (_QUERY, "stolen_vessels"),
    17: (_QUERY, "iarms"),
    18: (_QUERY, "edison"),
    19: (_QUERY, "dial_doc"),
    20: (_QUERY, "fields"),
    21: (_QUERY, "fingerprints"),
    22: (_QUERY, "dna"),
    23: (_QUERY, "ibin"),
    24: (_QUERY, "wapis"),
    25: (_QUERY, "sis"),
    26: (_QUERY, "europol"),
    27: (_QUERY, "partner"),
    28: (_QUERY, "national"),
    29: (_QUERY, "several"),
    30: (_QUERY, "other"),
    31: (_QUERY, "unknown"),
    51: ("border_inspection", None),
    52: ("police_check", None),
    53: ("flight_monitored", None),
    54: ("vehicle_inspected", None),
    55: ("vessel_inspected", None),
    56: ("radiation_check", None),
    57: ("unknown", None),
}
"""The check and the database of each row. A number keeps its meaning for ever: cards are on paper."""

CARD_DIGITS = 8
LONGEST = 60
"""Characters of a message: no code is longer, whatever stands between its digits."""

_FEWEST, _MOST = 5, 12
DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
"""Damm's table: the check digit finds every single wrong digit and every two neighbours that changed places."""

_ORDER = (PhaseKind.OPERATIONAL, PhaseKind.TRAINING, PhaseKind.CONSOLIDATION)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class SpokenReport:
    """What a code says: whose card it is, and the report."""

    site: Site
    officer: Officer
    day: date
    row: int
    count: int
    draft: ReportDraft
    doubts: tuple[Flaw, ...]


def check_digit(digits: str, begun: int = 0) -> int:
    """Return the check digit of a text of digits, from the check digit `begun` of what stands before it.

    >>> check_digit("572"), check_digit("2", check_digit("57"))
    (4, 4)
    """
    return reduce(lambda interim, digit: DAMM[interim][int(digit)], digits, begun)


def card_number(posting_id: UUID) -> str:
    """Return the number of the card of a posting: seven digits made of its id, and their check digit."""
    digits = f"{int.from_bytes(hashlib.sha256(posting_id.bytes).digest()[:8]) % 10_000_000:07d}"
    return f"{digits}{check_digit(digits)}"


def code_of(posting_id: UUID, day: date, row: int, count: int) -> str:
    """Return the whole code: what an officer says."""
    card = card_number(posting_id)
    message = f"{day.day:02d}{row:02d}" + ("" if row == NIL else str(count))
    return f"{card}{message}{check_digit(message, int(card[-1]))}"


def cards(session: Session, operation_id: UUID) -> Iterable[tuple[Posting, Site, Account]]:
    """Return the postings of an operation that the asker may see, each with its site and officer."""
    query = (
        select(Posting, Site, Account)
        .join(Site, col(Site.id) == col(Posting.site_id))
        .join(Account, col(Account.id) == col(Posting.account_id))
        .where(Site.operation_id == operation_id)
    )
    return session.exec(query).all()


def said(session: Session, operation_id: UUID, text: str, by: Actor) -> SpokenReport:
    """Return what a code says. Raises RuleBroken on `code` with the sentence that the caller is told."""
    owner = plan.operation(session, operation_id, by)
    require(by, Act.REPORT_KEY, plan.subject(owner))
    digits = _digits(text)
    card, message, last = digits[:CARD_DIGITS], digits[CARD_DIGITS:-1], int(digits[-1])
    if check_digit(card[:-1]) != int(card[-1]):
        raise RuleBroken("code", "The number of the card has a wrong digit. Ask for it again, digit by digit.")
    if check_digit(message, int(card[-1])) != last:
        raise RuleBroken("code", "The message after the card has a wrong digit. Ask for it again, digit by digit.")
    posting, site, account = _card(session, operation_id, card)
    row, count = int(message[2:4]), int(message[4:] or 0)
    if row != NIL and row not in ROWS:
        raise RuleBroken("code", "The card has no row {row}. Ask which row is meant.", row=f"{row:02d}")
    if (row == NIL) is not (count == 0):
        raise RuleBroken("code", "Row 00 says that nothing happened and has no count. Every other row has one above 0.")
    day = _day(owner, int(message[:2]))
    starts, ends = day_bounds(day, owner.zone, owner.day_cut)
    if (posting.starts is not None and posting.starts >= ends) or (posting.ends is not None and posting.ends <= starts):
        raise RuleBroken(
            "code",
            "{name} was not posted to {site} on {day}. Ask for the day, or whether the card is an old one.",
            name=account.name,
            site=site.name,
            day=day,
        )
    draft = _draft(owner, _phase(session, owner, day), posting, site, day, row, count)
    doubts = [*questions(draft), *outlier_questions(session, operation_id, site.country, site.id, draft.lines)]
    return SpokenReport(site, Officer(account.id, account.name), day, row, count, draft, tuple(doubts))


def key(session: Session, operation_id: UUID, text: str, by: Actor, *, read_back: bool) -> Report:
    """Submit the report of a code for its officer (V1), marked as keyed by the coordination.

    Raises RuleBroken on `code` for a code that cannot be right or contradicts what was said before, on `read_back`
    where nobody read it back, and Conflict for a code that was keyed already.
    """
    meant = said(session, operation_id, text, by)
    _refuse_twice(session, operation_id, meant)
    if not read_back:
        raise RuleBroken("read_back", "Read the report back first. The officer has to say that it is right.")
    return reports.submit(session, meant.draft.model_copy(update={"confirmed": True}), by, meant.officer)


def keyed(session: Session, operation_id: UUID, most: int = 50) -> list[Report]:
    """Return the newest reports of an operation that the coordination keyed, latest first."""
    query = select(Report).where(Report.operation_id == operation_id, col(Report.keyed_by).is_not(None))
    return list(session.exec(query.order_by(col(Report.received_at).desc()).limit(most)))


# -------------------------------------------------------------------------------------------------- internal


def _digits(text: str) -> str:
    """The digits of a message, in whichever script; spaces and signs between them say nothing."""
    if len(text) > LONGEST or any(mark.isalpha() for mark in text):
        raise RuleBroken("code", "A code has digits alone. Key what the officer says, digit by digit.")
    digits = "".join(str(int(mark)) for mark in text if mark.isdecimal())
    if not CARD_DIGITS + _FEWEST <= len(digits) <= CARD_DIGITS + _MOST:
        raise RuleBroken(
            "code",
            "This is no whole code: the card has 8 digits, then come the day, the row, the count and a check digit.",
        )
    return digits


def _card(session: Session, operation_id: UUID, number: str) -> tuple[Posting, Site, Account]:
    found = [card for card in cards(session, operation_id) if card_number(card[0].id) == number]
    if not found:
        raise RuleBroken("code", "No post of this operation has this card. Ask for the number of the card again.")
    if len(found) > 1:
        raise RuleBroken(
            "code", "Two cards bear this number. Ask for the report in words, and let the country write it."
        )
    return found[0]


def _day(owner: Operation, number: int) -> date:
    """The last official day with this number in its month, not after today."""
    today = official_day(now(), owner.zone, owner.day_cut)
    found = next((day for back in range(31) if (day := today - timedelta(days=back)).day == number), None)
    if found is None:
        raise RuleBroken(
            "code", "The last 31 days have no day {number}. Ask for the day again.", number=f"{number:02d}"
        )
    return found


def _phase(session: Session, owner: Operation, day: date) -> Phase:
    calendar = owner.zone, owner.day_cut
    on_day = [
        phase
        for phase in plan.phases(session, owner.id)
        if official_day(phase.starts, *calendar) <= day <= official_day(phase.ends - _INSTANT, *calendar)
    ]
    if not on_day:
        raise RuleBroken("code", "No phase of the operation lies on {day}. Ask for the day again.", day=day)
    return min(on_day, key=lambda phase: _ORDER.index(phase.kind) if phase.kind in _ORDER else len(_ORDER))


def _draft(
    owner: Operation, phase: Phase, posting: Posting, site: Site, day: date, row: int, count: int
) -> ReportDraft:
    report_id = uuid5(posting.id, f"voice {day} {row}")
    starts, ends = day_bounds(day, owner.zone, owner.day_cut)
    lines: list[dict[str, Any]] = []
    if row != NIL:
        check, database = ROWS[row]
        tally = {"kind": LineKind.CHECK_TALLY, "check_kind": check, "database": database, "count": count}
        lines = [{"id": uuid5(report_id, "line"), "entity_type": "unknown", "channel": "unknown", **tally}]
    return parse(
        ReportDraft,
        {
            "id": report_id,
            "report_id": report_id,
            "operation_id": owner.id,
            "site_id": site.id,
            "phase_id": phase.id,
            "kind": ReportKind.NIL if row == NIL else ReportKind.DAILY,
            "period_from": max(starts, phase.starts),
            "period_to": min(ends, phase.ends),
            "zone": site.zone,
            "lines": lines,
        },
    )


def _refuse_twice(session: Session, operation_id: UUID, meant: SpokenReport) -> None:
    before = next(iter(reports.versions(session, meant.draft.report_id)), None)
    if before is not None:
        counted = sum(line.quantity for line in reports.lines_of(session, before.id))
        if meant.row == NIL or counted == meant.count:
            raise Conflict("This code was keyed already. Nothing was stored again.")
        raise RuleBroken(
            "code",
            "This card has said {count} for this day and row already. Its country corrects that under Reports.",
            count=counted,
        )
    others = reports.of_site_day(session, operation_id, meant.site.id, meant.day)
    if meant.row == NIL and others:
        raise RuleBroken(
            "code",
            "There is a report of {site} for {day} already, which a nil report would contradict.",
            site=meant.site.name,
            day=meant.day,
        )
