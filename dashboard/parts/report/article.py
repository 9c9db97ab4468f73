"""A report put together for reading: asked for as the person who reads, compared with the version before or another.

Drawing writes nothing. What opens a version writes that down first, and has something to draw by it (`OpenedVersion`).
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
from operations.core.journal import Entry as Step
from operations.core.vocabulary import LineKind
from operations.lines.kinds.hit import Hit
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.policing.reports import consultations, desk_queries, reports
from operations.policing.reports.reports import Line, Report


def before(found: Report, chain: Sequence[Report]) -> Report | None:
    """The version that `found` replaced, of the versions of its report; None for a first one."""
    return next((each for each in chain if each.id == found.supersedes_id), None)


def mark(chain: Sequence[Report]) -> str:
    """What of a report can change under the eyes of a reader: its versions and where each stands."""
    return " ".join(f"{each.version}:{each.state}:{each.level}" for each in chain)


class OpenedVersion(NamedTuple):
    """A version that its reader has opened: the access trail knows of it, where its lines are about persons."""

    version: Report


def consult(found: Report, why: str = consultations.READ) -> OpenedVersion:
    """Open a version. `why` goes into the access trail, where its lines are about persons."""
    with unit_of_work() as session:
        consultations.consult(session, found.id, why, actor())
    return OpenedVersion(found)


def still_open(session: Session, found: Report, why: str = consultations.READ) -> OpenedVersion:
    """A version that a screen draws anew, as somebody else did something with it: it was opened before."""
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
    """A version in the middle of a page: state, reason of a return, envelope, lines, and `acts` at its end.

    `between` stands after the head; `marked` is a line to which the reader is led.
    """
    found = shown.version
    rows = desk_queries.lines_by_version(session, [found.id, *([compared_with.id] if compared_with else [])])
    compared = difference(compared_with, rows[compared_with.id] if compared_with else [], found, rows[found.id])
    site = places.site(session, found.site_id)
    phases = {phase.id: phase.name for phase in plan.phases(session, found.operation_id)}
    title = f"{wording.coded('CL-REPORTKIND', found.kind)} · {site.name}"
    parts = [
        html.Header([html.H2(title, tabIndex=-1), report_view.state(found)], className="reports-view-head"),
        report_view.set_aside(found, steps),
        between,
        report_view.envelope(found, site.name, phases, compared),
        report_view.lines(compared, found.zone, found.kind, marked, _repeated(session, found, rows)),
        acts,
    ]
    return html.Article(
        [part for part in parts if part is not None], className="reports-view", **{"data-version": str(found.id)}
    )


def _repeated(session: Session, found: Report, rows: Mapping[UUID, Sequence[Line]]) -> dict[str, str]:
    """When the hits were that lines of these versions repeat."""
    lines = [line for of in rows.values() for line in of if line.kind == LineKind.HIT]
    named = {UUID(each) for line in lines if (each := line.attributes.get(Hit.REPEATS)) is not None}
    if not named:
        return {}
    hits = [desk_queries.WaitingHit(found, line) for line in lines] + desk_queries.hits_named(
        session, found.operation_id, named
    )
    return {str(each.line.id): time_words(each) for each in hits}


def chain_and_steps(session: Session, report_id: UUID) -> tuple[list[Report], Sequence[Step]]:
    """All versions of a report that this person may read, newest first, and what was done with them."""
    chain = reports.versions(session, report_id)
    return chain, desk_queries.steps_of(session, chain)
