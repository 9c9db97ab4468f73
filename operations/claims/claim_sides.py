"""Claim sides: the lines of a claim side by side; of other countries' lines only what they were matched by."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from operations.claims import person_suggestions, suggestions
from operations.claims.claim_rows import Claim, ClaimLine, lines_of
from operations.core import journal, rows
from operations.core.errors import NotPermitted
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.store import unscoped
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.policing.reports import event_masters
from operations.policing.reports.counting import standing_lines
from operations.policing.reports.versions import Line, Report

MATCHED = (suggestions.NOTICE, suggestions.CASE, *suggestions.FIELDS)
"""All that a country learns of another's line besides its kind, place, time and count."""
_BESIDE = (event_masters.COUNT, event_masters.PLACE, event_masters.TIME)


class DisputedLine(NamedTuple):
    """A disputed line as a reader sees it: the fields that it was matched by, and nothing else of its report.

    Readers of the line itself see the other fields that figures distinguish too. `said` are fields by name, `day` is
    the official day. Lines that are no longer valid show nothing. `operation` (its title), `report` and `site` are set
    only in the reader's own operations.
    """

    line: ClaimLine
    kind: str
    stands: bool
    operation: str = ""
    report: Report | None = None
    day: date | None = None
    site: str = ""
    quantity: int = 0
    qualifier: str = ""
    unit: str = ""
    said: Mapping[str, str] = MappingProxyType({})


def compare(session: Session, claim_id: UUID, by: Actor) -> list[DisputedLine]:
    """Return the disputed lines side by side: a consultation for the access trail, announced to all their countries.

    National users see their own line in full, and of the others only what they were matched by. Raises NotFound and
    NotPermitted.
    """
    claim = rows.one(session, Claim, claim_id)
    lines = lines_of(session, [claim.id])[claim.id]
    mine = {operation.id: operation for operation in plan.operations(session, by)}
    of = {line.operation_id for line in lines}
    if not any(may(by, Act.CLAIM_COMPARE, plan.subject(mine[each])) for each in of & mine.keys()):
        raise NotPermitted
    for operation, country in sorted({(line.operation_id, line.country) for line in lines}, key=str):
        journal.record(
            session,
            by,
            "claim.compare",
            "claim",
            claim.id,
            operation=operation,
            country=country,
            chain=journal.Chain.ACCESS,
            number=claim.named,
        )
    return sides(session, claim, lines, by)


def sides(session: Session, claim: Claim, lines: Sequence[ClaimLine], by: Actor) -> list[DisputedLine]:
    """Return the lines as `compare` does, for a verb with its own journal entry: of lines that `by` may compare."""
    mine = {operation.id: operation.title for operation in plan.operations(session, by)}
    stands = standing_lines(session, [each.report_id for each in lines])
    sites = {line.site_id for line, _report in stands.values()}
    names = dict(session.exec(unscoped(select(Site.id, Site.name).where(col(Site.id).in_(sites)))).all())
    matched = person_suggestions.MATCHED if claim.across else MATCHED
    versions = {line.version_id for line, _report in stands.values()}
    read = set(session.exec(select(Line.version_id, Line.id).where(col(Line.version_id).in_(versions))).all())
    disputed = []
    for claim_line in lines:
        known: dict[str, Any] = {"operation": mine.get(claim_line.operation_id, "")}
        line, report = stands.get((claim_line.report_id, claim_line.line_id), (None, None))
        if line is not None and report is not None:
            more = event_masters.fields(line.kind) if (line.version_id, line.id) in read and not claim.across else ()
            shown = dict.fromkeys([*matched, *(name for name in more if name not in _BESIDE)])
            said = {name: str(line.attributes[name]) for name in shown if line.attributes.get(name)}
            known |= {"day": line.official_day, "quantity": line.quantity, "qualifier": line.qualifier}
            known |= {"unit": line.unit, "said": said}
            if claim_line.operation_id in mine:
                known |= {"report": report, "site": names[line.site_id]}
        disputed.append(DisputedLine(claim_line, claim.line_kind, line is not None, **known))
    return disputed
