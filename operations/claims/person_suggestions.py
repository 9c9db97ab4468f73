"""Person suggestions: arrests in two operations that may be of one person, found by `matching`. Server only.

A person is known by the control number of a notice and by nothing else: no field that describes a person is compared.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from operations.claims.claim_states import ACROSS
from operations.claims.matching import AGREES, CLOSE, ColumnWeight, MatchingBlock, MatchingRules
from operations.claims.suggestions import GROUNDS, NEAREST, NOTICE, Suggestion, suggested
from operations.core.store import unfenced, unscoped
from operations.core.vocabulary import Level, LineKind
from operations.lazy_import import lazy_module
from operations.policing.reports.shared_events import EventLine
from operations.policing.reports.versions import Line, Report

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = lazy_module("pandas")

MATCHED = (NOTICE, "requesting_country", "offence")
"""The fields by which arrests in two operations are matched, besides day and country; none describes a person."""
RULES = MatchingRules(
    blocks=(MatchingBlock((NOTICE,), most=NEAREST),),
    sides=(
        ColumnWeight(NOTICE, "code", (-14.0, 0.0, 16.0)),
        ColumnWeight("starts", "window", (-2.0, 2.0, 3.0), close=72.0, until="ends"),
        ColumnWeight("country", "code", (-0.5, 0.0, 1.0)),
        ColumnWeight("requesting_country", "code", (-11.0, 0.0, 2.0)),
        ColumnWeight("offence", "code", (-1.0, 0.0, 1.0)),
    ),
    against=8.0,
    apart="operation",
)
_NOTICE = col(Line.attributes)[NOTICE].as_string()


def persons(
    session: Session, operation_id: UUID, within: Sequence[UUID] | None, known: Iterable[Iterable[tuple[UUID, UUID]]]
) -> list[Suggestion]:
    """Return persons who may have been arrested in an operation and in others of `within` (None: all), likeliest first.

    Each is an arrest of one person on a notice; arrests that count in another line of their operation are left out.
    """
    own = _arrests(session, col(Line.operation_id) == operation_id)
    notices = {arrest[NOTICE] for arrest in own}
    elsewhere = col(Line.operation_id) != operation_id
    if within is not None:
        elsewhere &= col(Line.operation_id).in_(within)
    others = _arrests(session, elsewhere, _NOTICE.in_(notices)) if notices else []
    if not others:
        return []
    frame = pd.DataFrame([*own, *others]).reset_index(drop=True)
    suggestions = suggested(frame, RULES, known, _grounds, lambda *_group: ACROSS)
    return [suggestion for suggestion in suggestions if operation_id in {line.operation for line in suggestion.lines}]


def _grounds(levels: Any) -> tuple[str, ...]:
    notice, days, country, *fields = (int(level) for level in levels)
    said = {
        "notice": notice == AGREES,
        "days": days >= CLOSE,
        "country": country == AGREES,
        "fields": AGREES in fields and 0 not in fields,
    }
    return tuple(name for name in GROUNDS if said.get(name))


def _arrests(session: Session, *where: Any) -> list[dict[str, Any]]:
    """Return arrests of one person on a notice that count in their operation, with the fields they are matched by."""
    elsewhere = sa.exists().where(
        col(EventLine.report_id) == Report.report_id,
        col(EventLine.line_id) == Line.id,
        col(EventLine.version_id).is_(None),
    )
    query = (
        sa.select(
            col(Line.operation_id),
            col(Report.report_id),
            col(Line.id),
            col(Line.country),
            col(Line.attributes),
            col(Report.period_from),
            col(Report.period_to),
        )
        .join(Report, col(Report.id) == col(Line.version_id))
        .where(
            col(Report.counted).is_(True),
            col(Report.level) >= int(Level.V1),
            col(Line.kind) == LineKind.ARREST.value,
            col(Line.quantity) == 1,
            _NOTICE.is_not(None),
            ~elsewhere,
            *where,
        )
        .order_by(col(Line.version_id), col(Line.position))
    )
    with unfenced(session):
        rows = session.execute(unscoped(query)).all()
    return [
        {
            "kind": LineKind.ARREST.value,
            "operation": operation,
            "report": report,
            "line": line,
            "country": country,
            "asks": said.get("requesting_country"),
            "starts": starts.timestamp() / 3600,
            "ends": ends.timestamp() / 3600,
            **{name: said.get(name) for name in MATCHED},
        }
        for operation, report, line, country, said, starts, ends in rows
    ]
