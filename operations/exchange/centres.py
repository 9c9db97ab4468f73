"""Figures for a centre: a country connects an operation of its own Muster with that of a centre, and shares its sums.

Nothing leaves by itself. The country's coordinator looks at what would leave for some days, proves who they are, and
sends exactly that: `send` refuses where a figure changed since it was shown. What is sent waits in order until the
centre answers (`centre_delivery`). A day that changed after it was sent leaves as a correction with its reason; one of
which nothing is left is withdrawn.

A country owns its figures. Where somebody corrected a report at the centre, nothing replaces it unseen: the country's
coordinator decides which version stands (`centre_conflicts`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import Field as Rule
from sqlmodel import Session, col, func, select

from operations.core import installation_key, proof, rows
from operations.core.clock import now, official_day
from operations.core.drafts import Draft, NeededWords
from operations.core.errors import Conflict, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.ids import fingerprint, new_id
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, require
from operations.core.vocabulary import InList
from operations.exchange import centre_figures
from operations.exchange.centre_figures import Cell, SummedReport
from operations.exchange.centre_rows import (
    KIND,
    CentreConnection,
    CentrePlan,
    CentreReport,
    Settlement,
    record,
    tells_of_the_centre,
)
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan

PURPOSE = "centre"
LONGEST = timedelta(days=92)
"""The longest period that is sent at once."""
_OPERATION = re.compile(r"/operations/([0-9a-fA-F-]{36})(/.*)?")
_KEY = r"^muster_[A-Za-z0-9_-]{43}$"
Token = Annotated[
    str,
    Rule(pattern=_KEY, repr=False),
    Label(N_("Token"), N_("Your country makes it at the centre. Nobody is shown it again."), draws="text"),
]

# ---------------------------------------------------------------------------------------------------- drafts


class ConnectionDraft(Draft):
    """Draft of a connection with a centre."""

    id: UUID
    operation_id: Annotated[UUID, Label(N_("Operation here"), draws="one")]
    address: Annotated[
        NeededWords,
        Rule(max_length=300),
        Label(
            N_("Address of the operation at the centre"),
            N_("As a browser shows it there. It begins with https:// and holds /operations/."),
            draws="text",
        ),
    ]
    token: Token


class TokenRenewal(Draft):
    """A new token of a connection."""

    token: Token


class PeriodDraft(Draft):
    """The days of which the sums are shown."""

    first: Annotated[date, Label(N_("First day"))]
    last: Annotated[date, Label(N_("Last day"))]


class SharingDraft(Draft):
    """Draft of what is sent: the days, and the fingerprint `seen` of what was shown of them."""

    first: date
    last: date
    seen: Annotated[str, Rule(max_length=64)]
    correction_reason: Annotated[
        Annotated[str, InList("CL-CORRECTION")] | None,
        Label(N_("Reason of the corrections")),
    ] = None
    confirmed: Annotated[
        bool,
        Label(N_("Unlikely figures are right"), N_("Only where the centre asked about them and you checked them.")),
    ] = False


# ------------------------------------------------------------------------------------------------------ connections

CONNECTION = Noun(
    CentreConnection,
    KIND,
    record,
    N_("This connection was already made with other content. Reload the page to see it."),
)


def connections(session: Session) -> Sequence[CentreConnection]:
    """Return the living connections of the asker's country, the newest first."""
    query = select(CentreConnection).where(col(CentreConnection.ended_at).is_(None))
    return session.exec(query.order_by(col(CentreConnection.made_at).desc(), col(CentreConnection.id))).all()


def connect(session: Session, draft: ConnectionDraft, by: Actor) -> CentreConnection:
    """Connect an operation with that of a centre. Idempotent. Raises RuleBroken for an address that is none."""
    owner = plan.operation(session, draft.operation_id, by)
    require(by, Act.CENTRE, plan.subject(owner, by.country))
    place, path = urlsplit(draft.address), _OPERATION.fullmatch(urlsplit(draft.address).path)
    if place.scheme != "https" or not place.hostname or place.username or place.password or path is None:
        raise RuleBroken("address", "Give the address of the operation at the centre: https://…/operations/… .")
    try:
        there = UUID(path[1])
    except ValueError:
        raise RuleBroken("address", "This address names no operation: copy it again from the browser.") from None
    said = {
        "id": draft.id,
        "operation_id": owner.id,
        "country": by.country,
        "address": f"https://{place.netloc}",
        "centre_operation": there,
    }
    if known := CONNECTION.known(session, said):
        return known
    if any(each.operation_id == owner.id for each in connections(session)):
        raise RuleBroken("operation_id", "This operation is connected already. End that connection first.")
    more = {"token_seal": _sealed(draft.id, draft.token), "due_at": now(), "sites": _sites_before(session, said)}
    return CONNECTION.write(session, by, "centre.connect", said | more)


def renew(session: Session, connection_id: UUID, draft: TokenRenewal, by: Actor) -> CentreConnection:
    """Replace the token of a connection: what waits leaves with it, from now on."""
    found = held(session, connection_id, by)
    found.token_seal, found.due_at, found.asked_at, found.attempt = _sealed(found.id, draft.token), now(), None, 0
    session.add(found)
    CONNECTION.entry(session, by, "centre.renew", found)
    return found


def end(session: Session, connection_id: UUID, by: Actor) -> CentreConnection:
    """End a connection. What waits does not leave any more. Idempotent."""
    found = rows.hold(session, CentreConnection, connection_id)
    require(by, Act.CENTRE, Subject(country=found.country))
    if found.ended_at is None:
        found.ended_at, found.token_seal = now(), ""
        session.add(found)
        CONNECTION.entry(session, by, "centre.end", found)
    return found


def _sites_before(session: Session, said: dict[str, Any]) -> dict[str, str]:
    """Return what was chosen for the sites in the newest connection of the same operations; {} where there was none."""
    same = [getattr(CentreConnection, name) == said[name] for name in ("country", "operation_id", "centre_operation")]
    newest = col(CentreConnection.made_at).desc()
    before = session.exec(select(CentreConnection).where(*same).order_by(newest).limit(1)).first()
    return dict(before.sites) if before else {}


def _sealed(connection_id: UUID, token: str) -> str:
    return installation_key.sealed(PURPOSE, token, str(connection_id))


def held(session: Session, connection_id: UUID, by: Actor) -> CentreConnection:
    """Return a living connection, locked. Raises NotFound, Conflict."""
    found = rows.hold(session, CentreConnection, connection_id)
    require(by, Act.CENTRE, Subject(country=found.country))
    if found.ended_at is not None:
        raise Conflict("This connection has ended. Reload the page.")
    return found


# ---------------------------------------------------------------------------------------------- what would leave


class Change(StrEnum):
    """What becomes of a day of a site at the centre."""

    NEW = "new"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    SAME = "same"
    CONFLICT = "conflict"
    WAITS = "waits"
    STAYS = "stays"


LEAVES = (Change.NEW, Change.CORRECTED, Change.WITHDRAWN)


@dataclass(frozen=True)
class PreviewRow:
    """A day of a site: its sum, what becomes of it at the centre, and the version there that it follows."""

    sum: SummedReport
    change: Change
    before: CentreReport | None


@dataclass(frozen=True)
class Preview:
    """What would leave for the days from `first` to `last`. `seen` is its fingerprint."""

    first: date
    last: date
    rows: Sequence[PreviewRow]

    @property
    def leaving(self) -> list[PreviewRow]:
        """The rows that leave when it is sent."""
        return [each for each in self.rows if each.change in LEAVES]

    @property
    def seen(self) -> str:
        """The fingerprint of what would leave."""
        return fingerprint(
            [
                [str(each.sum.cell.site), each.sum.cell.day.isoformat(), each.change.value, each.sum.content_hash]
                for each in self.leaving
            ]
        )


def plan_of(connection: CentreConnection) -> CentrePlan | None:
    """Return what the centre answered last about its operation; None before it did."""
    return CentrePlan.model_validate(connection.plan) if connection.plan else None


def usual_period(connection: CentreConnection) -> tuple[date, date]:
    """Return the days that are offered: from the first phase at the centre to yesterday, the longest period at most."""
    there = plan_of(connection)
    yesterday = now().date() - timedelta(days=1)
    if there is None or not there.phases:
        return yesterday, yesterday
    calendar = there.zone, there.day_cut
    last = official_day(now(), *calendar) - timedelta(days=1)
    last = min(last, official_day(max(each.ends for each in there.phases) - timedelta(microseconds=1), *calendar))
    first = official_day(min(each.starts for each in there.phases), *calendar)
    return max(min(first, last), last - LONGEST + timedelta(days=1)), last


def preview(session: Session, connection_id: UUID, period: PeriodDraft, by: Actor) -> Preview:
    """Return what would leave for some days, exactly as it would. Raises RuleBroken."""
    found = rows.one(session, CentreConnection, connection_id)
    require(by, Act.CENTRE, Subject(country=found.country))
    return shown(session, found, period)


def shown(session: Session, connection: CentreConnection, period: PeriodDraft) -> Preview:
    """Return what would leave by a connection for some days. Raises RuleBroken."""
    there = plan_of(connection)
    if there is None:
        raise RuleBroken("", "The centre has not answered yet. Muster asks it again by itself.")
    if period.last < period.first:
        raise RuleBroken("last", "The last day is before the first.")
    if period.last - period.first >= LONGEST:
        raise RuleBroken("last", "Choose {days} days at most.", days=LONGEST.days)
    sums = centre_figures.summed(session, connection, there, period.first, period.last)
    sent = _newest(session, connection.id, period)
    made = [_row(each, sent.pop(each.cell, ())) for each in sums]
    names = dict(session.exec(select(Site.id, Site.name).where(Site.operation_id == connection.operation_id)).all())
    for cell, before in sent.items():
        gone = SummedReport(cell, names.get(cell.site, ""), 0, 0, {"lines": []})
        made.append(_row(gone, before, gone=True))
    found = [each for each in made if each is not None]
    return Preview(
        period.first, period.last, sorted(found, key=lambda each: (each.sum.cell.day, each.sum.site_name, each.change))
    )


def _newest(session: Session, connection_id: UUID, period: PeriodDraft) -> dict[Cell, Sequence[CentreReport]]:
    """Return what was sent of each cell in the period, in order, without refusals that left the report there."""
    query = select(CentreReport).where(
        CentreReport.connection_id == connection_id,
        col(CentreReport.day).between(period.first, period.last),
        tells_of_the_centre(),
    )
    found: dict[Cell, list[CentreReport]] = {}
    for each in session.exec(query.order_by(col(CentreReport.number))):
        found.setdefault(Cell(each.site_id, each.day, each.phase_id), []).append(each)
    return dict(found)


def _row(now_is: SummedReport, sent: Sequence[CentreReport], *, gone: bool = False) -> PreviewRow | None:
    """Return the row of a cell; None for one that was taken back, and of which nothing is left."""
    last = sent[-1] if sent else None
    if last is not None and last.answered_at is None:
        return PreviewRow(now_is, Change.WAITS, last)
    if last is not None and last.conflict and not last.settlement:
        return PreviewRow(now_is, Change.CONFLICT, last)
    there = last if last is not None and (last.conflict or not (last.withdraws or last.gone)) else None
    if gone and there is None:
        return None
    if not gone and (not now_is.reports or now_is.obstacle is not None):
        return PreviewRow(now_is, Change.STAYS, there)
    if there is None:
        return PreviewRow(now_is, Change.NEW, None)
    if there.settlement != Settlement.OURS and there.content_hash == now_is.content_hash:
        return PreviewRow(now_is, Change.SAME, there)
    moved = there.body.get("site_id", now_is.content.get("site_id")) != now_is.content.get("site_id")
    return PreviewRow(now_is, Change.WITHDRAWN if gone or moved else Change.CORRECTED, there)


# ------------------------------------------------------------------------------------------------------- sending


@proof.needed
def send(session: Session, connection_id: UUID, draft: SharingDraft, by: Actor) -> int:
    """Send what was shown of some days; return how many reports leave. Raises RuleBroken where it changed since.

    Sent again it sends nothing: what waits or was accepted is not sent twice.
    """
    found = held(session, connection_id, by)
    leaves = shown(session, found, PeriodDraft(first=draft.first, last=draft.last))
    if leaves.seen != draft.seen:
        raise RuleBroken("", "The figures changed since they were shown. Look at them again, and send them then.")
    if any(each.change is Change.CORRECTED for each in leaves.leaving) and draft.correction_reason is None:
        raise RuleBroken("correction_reason", "A correction needs its reason.")
    last = select(func.coalesce(func.max(CentreReport.number), 0)).where(CentreReport.connection_id == found.id)
    number = session.exec(last).one()
    for at, each in enumerate(leaves.leaving, start=number + 1):
        session.add(_report(found, each, draft, at, by))
    if leaves.leaving:
        found.due_at = min(found.due_at, now()) if found.failure else now()
        session.add(found)
        session.flush()
        CONNECTION.entry(session, by, "centre.send", found, reports=len(leaves.leaving))
    return len(leaves.leaving)


_WITHDRAWN = "The country that sent this report has withdrawn all of its figures."
_MOVED = "The country that sent this report sends these figures for another site."


def _report(connection: CentreConnection, row: PreviewRow, draft: SharingDraft, number: int, by: Actor) -> CentreReport:
    cell, version = row.sum.cell, new_id()
    if cell.phase is None:
        raise TypeError("A day without a phase at the centre has an obstacle.")
    report_id = row.before.report_id if row.before else new_id()
    before = row.before.newest_there if row.before else None
    if row.change is Change.WITHDRAWN:
        body: dict[str, Any] = {"reason": _MOVED if row.sum.reports else _WITHDRAWN}
    else:
        body = centre_figures.addressed(row.sum.content, report_id)
        body |= {"id": str(version), "report_id": str(report_id), "confirmed": draft.confirmed}
        if before:
            body |= {"supersedes_id": str(before), "correction_reason": draft.correction_reason}
    return CentreReport(
        id=version,
        connection_id=connection.id,
        number=number,
        operation_id=connection.operation_id,
        country=connection.country,
        site_id=cell.site,
        day=cell.day,
        phase_id=cell.phase,
        report_id=report_id,
        supersedes_id=before,
        withdraws=row.change is Change.WITHDRAWN,
        body=body,
        content_hash=row.sum.content_hash,
        **rows.author(by),
    )


# ------------------------------------------------------------------------------------------------------ what was sent


def reports(session: Session, connection_id: UUID, limit: int = 200) -> Sequence[CentreReport]:
    """Return what was sent by a connection, the newest first."""
    query = select(CentreReport).where(CentreReport.connection_id == connection_id)
    return session.exec(query.order_by(col(CentreReport.number).desc()).limit(limit)).all()


def site_names(session: Session, found: Iterable[CentreReport]) -> dict[UUID, str]:
    """Return the names of the sites of some reports."""
    query = select(Site.id, Site.name).where(col(Site.id).in_({each.site_id for each in found}))
    return dict(session.exec(query).all())
