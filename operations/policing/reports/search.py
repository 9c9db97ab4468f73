"""Search of reports over all operations: by the number of a report, or the newest."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from operations.policing.map_plan.places import Site
from operations.policing.reports.versions import Report


def found(session: Session, number: str = "", limit: int = 300) -> Sequence[tuple[Report, str]]:
    """Return the newest version of reports that the asker may see, each with the name of its site, the newest first.

    `number`: hexadecimal digits that stand in the id of the report; "" for any.
    """
    replaced = select(Report.supersedes_id).where(col(Report.supersedes_id).is_not(None))
    query = (
        select(Report, Site.name)
        .join(Site, col(Site.id) == col(Report.site_id))
        .where(col(Report.id).not_in(replaced))
        .order_by(col(Report.received_at).desc())
    )
    if number:
        query = query.where(sa.func.replace(sa.cast(Report.report_id, sa.String), "-", "").like(f"%{number}%"))
    return session.exec(query.limit(limit)).all()
