"""Repeat hits: a hit on a document that hit before (domain 6.6).

The officer names the earlier hit, since no document number is stored.

Both are raw hits and count. The repeated hit must be an earlier one of the same country, operation and database.
"""

from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.store import unscoped
from operations.core.vocabulary import LineKind
from operations.lines.kinds import AnyLine, from_json
from operations.lines.kinds.hit import Hit
from operations.policing.reports.versions import Line, Report

Find = Callable[[UUID], Hit | None]


def flaws(session: Session, operation_id: UUID, country: str, lines: Sequence[AnyLine]) -> Iterator[Flaw]:
    """Yield the flaws of hits in a draft that repeat others, by field.

    Unscoped: the author need not see the other site.
    """
    own = {line.id: line for line in lines if isinstance(line, Hit)}

    def find(ident: UUID) -> Hit | None:
        return own.get(ident) or _newest(session, operation_id, country, ident)

    for index, line in enumerate(lines):
        if isinstance(line, Hit) and line.repeats is not None and (said := _wrong(line, find(line.repeats), find)):
            yield Flaw(f"lines.{index}.{Hit.REPEATS}", said)


def _wrong(line: Hit, before: Hit | None, find: Find) -> str:
    if before is None:
        return N_("This is no hit of your country in this operation: choose it from the list again.")
    if before.database != line.database:
        return N_("The earlier hit was in another database: that is another record.")
    if before.raw_at >= line.raw_at or _comes_back(line, before, find):
        return N_("The hit that this one repeats must be an earlier one, and must not itself repeat this one.")
    return ""


def _comes_back(line: Hit, before: Hit | None, find: Find) -> bool:
    passed: set[UUID] = set()
    while before is not None and before.id not in passed:
        if before.id == line.id:
            return True
        passed.add(before.id)
        before = None if before.repeats is None else find(before.repeats)
    return False


def _newest(session: Session, operation_id: UUID, country: str, ident: UUID) -> Hit | None:
    """Return a hit of the country in its newest version."""
    query = (
        select(Line.attributes)
        .join(Report, col(Report.id) == col(Line.version_id))
        .where(
            Line.operation_id == operation_id,
            Line.country == country,
            Line.kind == LineKind.HIT.value,
            Line.id == ident,
        )
        .order_by(col(Report.version).desc())
        .limit(1)
    )
    found = session.exec(unscoped(query)).first()
    return None if found is None else from_json(found)
