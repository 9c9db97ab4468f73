"""A report for reading: loaded with the reader's permissions, and compared with another version.

Drawing writes nothing. To open a version is to write it into the access trail; the result is needed to draw it
(`OpenedVersion`).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard import wording
from dashboard.parts.report import view as report_view
from dashboard.parts.report.changes import difference
from dashboard.parts.report.hit_text import time_words
from dashboard.server.access import actor, unit_of_work
from dashboard.wording import _
from operations.core.journal import Entry as Step
from operations.core.vocabulary import LineKind
from operations.lines.kinds.hit import Hit
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.policing.reports import consultations, desk_queries, reports
from operations.policing.reports.reports import Line, Report


def replaced_version(found: Report, chain: Sequence[Report]) -> Report | None:
    """Return the version that `found` replaced, from the versions of its report; None for the first."""
    return next((each for each in chain if each.id == found.supersedes_id), None)


def mark(chain: Sequence[Report]) -> str:
    """Return a mark that changes when a report does: its versions with their states and levels."""
    return " ".join(f"{each.version}:{each.state}:{each.level}" for each in chain)


class OpenedVersion(NamedTuple):
    """A version that its reader has opened; if its lines are about persons, that is in the access trail."""

    version: Report


def consult(found: Report, why: str = consultations.READ) -> OpenedVersion:
    """Open a version. `why` goes into the access trail where its lines are about persons."""
    with unit_of_work() as session:
        consultations.consult(session, found.id, why, actor())
    return OpenedVersion(found)


def still_open(session: Session, found: Report, why: str = consultations.READ) -> OpenedVersion:
    """Return an open version that is drawn again after a change by somebody else; open it if it was not."""
    return OpenedVersion(found) if consultations.consulted(session, found.id, actor()) else consult(found, why)


def article(
    session: Session,
    shown: OpenedVersion,
    compared_with: Report | None,
    steps: Sequence[Step],
    *,
    between: Component | None = None,
    acts: Component | None = None,
    marked: UUID | None = None,
) -> Component:
    """Return a version as an article: state, reason of a return, envelope, lines, and `acts` at its end.

    `between` stands below the head; `marked` is the line that is highlighted.
    """
    version = shown.version
    rows = desk_queries.lines_by_version(session, [version.id, *([compared_with.id] if compared_with else [])])
    compared = difference(compared_with, rows[compared_with.id] if compared_with else [], version, rows[version.id])
    site = places.site(session, version.site_id)
    phases = {phase.id: phase.name for phase in plan.phases(session, version.operation_id)}
    title = f"{wording.coded('CL-REPORTKIND', version.kind)} · {site.name}"
    parts = [
        html.Header([html.H2(title, tabIndex=-1), report_view.state(version)], className="reports-view-head"),
        report_view.set_aside(version, steps),
        between,
        _corrected_here(session, version),
        report_view.envelope(version, site.name, phases, compared),
        report_view.lines(compared, version.zone, version.kind, marked, _repeated(session, version, rows)),
        acts,
    ]
    return html.Article(
        [part for part in parts if part is not None], className="reports-view", **{"data-version": str(version.id)}
    )


def _corrected_here(session: Session, version: Report) -> Component | None:
    """Return that another Muster sent what this version corrects by hand: its country decides which stands there."""
    if version.supersedes_id is None or version.signed_key is not None:
        return None
    if not any(each.signed_key for each in reports.versions(session, version.report_id)):
        return None
    words = _(
        "Another Muster sent this report, and this version was written here. Its country decides there which stands."
    )
    return html.P(words, className="reports-set-aside", role="status")


def _repeated(session: Session, found: Report, rows: Mapping[UUID, Sequence[Line]]) -> dict[str, str]:
    """Return the times of the hits that lines of these versions repeat, by hit id."""
    lines = [line for of in rows.values() for line in of if line.kind == LineKind.HIT]
    named = {UUID(each) for line in lines if (each := line.attributes.get(Hit.REPEATS)) is not None}
    if not named:
        return {}
    hits = [desk_queries.WaitingHit(found, line) for line in lines] + desk_queries.hits_named(
        session, found.operation_id, named
    )
    return {str(each.line.id): time_words(each) for each in hits}


def chain_and_steps(session: Session, report_id: UUID) -> tuple[list[Report], Sequence[Step]]:
    """Return the versions of a report that this person may read, newest first, and the steps of each."""
    chain = reports.versions(session, report_id)
    return chain, desk_queries.steps_of(session, chain)
