"""The lines of a claim side by side: a country sees of the others what they were matched by, and nothing else."""

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
"""All that a country learns of another's line beside its kind, place, time and count."""
_BESIDE = (event_masters.COUNT, event_masters.PLACE, event_masters.TIME)


class DisputedLine(NamedTuple):
    """A line in dispute as somebody sees it: what it was matched by, and nothing else of its report.

    Who reads the line itself sees by what else figures tell it apart. `said` are fields by name, `day` is the official
    day. Of what does not stand any more nothing is told. `operation` (its title), `report` and `site` are told of the
    reader's own operations alone: of another one learns no more.
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
    """The lines in dispute, side by side: a consultation of the access trail, told to all their countries.

    Who belongs to a country sees the own line and of the others what they were matched by. Raises NotFound.
    """
    claim = rows.one(session, Claim, claim_id)
    lines = lines_of(session, [claim.id])[claim.id]
    mine = {each.id: each for each in plan.operations(session, by)}
    of = {each.operation_id for each in lines}
    if not any(may(by, Act.CLAIM_COMPARE, plan.subject(mine[each])) for each in of & mine.keys()):
        raise NotPermitted
    for operation, country in sorted({(each.operation_id, each.country) for each in lines}, key=str):
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
    """As `compare`, for a verb that leaves its own entry: of lines that `by` may compare."""
    mine = {each.id: each.title for each in plan.operations(session, by)}
    stands = standing_lines(session, [each.report_id for each in lines])
    sites = {line.site_id for line, _report in stands.values()}
    names = dict(session.exec(unscoped(select(Site.id, Site.name).where(col(Site.id).in_(sites)))).all())
    matched = person_suggestions.MATCHED if claim.across else MATCHED
    versions = {line.version_id for line, _report in stands.values()}
    read = set(session.exec(select(Line.version_id, Line.id).where(col(Line.version_id).in_(versions))).all())
    found = []
    for each in lines:
        known: dict[str, Any] = {"operation": mine.get(each.operation_id, "")}
        line, report = stands.get((each.report_id, each.line_id), (None, None))
        if line is not None and report is not None:
            more = event_masters.fields(line.kind) if (line.version_id, line.id) in read and not claim.across else ()
            shown = dict.fromkeys([*matched, *(name for name in more if name not in _BESIDE)])
            said = {name: str(line.attributes[name]) for name in shown if line.attributes.get(name)}
            known |= {"day": line.official_day, "quantity": line.quantity, "qualifier": line.qualifier}
            known |= {"unit": line.unit, "said": said}
            if each.operation_id in mine:
                known |= {"report": report, "site": names[line.site_id]}
        found.append(DisputedLine(each, claim.line_kind, line is not None, **known))
    return found
