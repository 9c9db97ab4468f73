"""Departure of a country: the reports it takes out of the totals, and its later access to its own figures.

Its people read the country's own reports and nothing else of the operation, and nothing of it can be changed any more.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, func, select

from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import unscoped
from operations.core.vocabulary import Level, ReportState
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.policing.reports.counting import refresh_activity, settle
from operations.policing.reports.states import LIFE, Deed, require_open
from operations.policing.reports.versions import Line, Report, newest
from operations.totals.activity import DepartureChoice

PLACE = "/account/own-figures"
"""The address of the page on which a departed country reads its figures."""
_TAKEN = [step.before.value for step in LIFE.steps if step.after is ReportState.WITHDRAWN]


class CountryTotals(NamedTuple):
    """A country's share of the totals: validated reports (V3), reports waiting below, and the lines of both."""

    reports: int
    lines: int
    waiting: int
    waiting_lines: int


class LeftOperation(NamedTuple):
    """An operation that a country left, with the choice about its figures.

    `sites` and `phases` are names by id.
    """

    operation: plan.Operation
    kept: DepartureChoice
    sites: dict[UUID, str]
    phases: dict[UUID, str]


# ------------------------------------------------------------------------------------------------- questions


def standing(session: Session, operation_id: UUID, country: str) -> CountryTotals:
    """Return the country's share of the totals, of which a departure would keep or remove a part."""
    behind = (col(Report.level) >= int(Level.V3)).label("behind")
    query = select(behind, func.count(func.distinct(Report.id)), func.count(col(Line.id))).group_by(behind)
    query = query.outerjoin(Line, col(Line.version_id) == col(Report.id)).where(
        Report.operation_id == operation_id, Report.country == country, col(Report.counted).is_(True)
    )
    found = {bool(stands): (reports, lines) for stands, reports, lines in session.exec(query)}
    return CountryTotals(*found.get(True, (0, 0)), *found.get(False, (0, 0)))


def left_operations(session: Session, by: Actor) -> list[plan.Operation]:
    """Return the operations that the asker's country has left, by title."""
    if not by.left:
        return []
    query = select(plan.Operation).where(plan.former_reach(plan.Operation.id, replace(by, operations=frozenset())))
    return sorted(session.exec(unscoped(query)), key=lambda each: each.title)


def left_operation(session: Session, operation_id: UUID, by: Actor) -> LeftOperation:
    """Return an operation that the asker's country has left. Raises NotFound."""
    found = next((each for each in left_operations(session, by) if each.id == operation_id), None)
    if found is None or by.country is None:
        raise NotFound
    require(former_actor(by), Act.REPORT_READ, plan.subject(found, by.country, next(iter(by.sites), None)))
    kept = session.exec(
        unscoped(select(plan.Participation.kept)).where(
            plan.Participation.operation_id == operation_id, plan.Participation.country == by.country
        )
    ).one()
    sites = select(Site.id, Site.name).where(Site.operation_id == operation_id, Site.country == by.country)
    phases = select(plan.Phase.id, plan.Phase.name).where(plan.Phase.operation_id == operation_id)
    return LeftOperation(found, DepartureChoice(kept), dict(_all(session, sites)), dict(_all(session, phases)))


def former_actor(by: Actor) -> Actor:
    """Return the asker as if the country had not left: for the country's own rows only."""
    return replace(by, operations=by.operations | by.left)


def own_reports(session: Session, found: LeftOperation) -> list[Report]:
    """Return the newest versions of the country's reports that the asker may see."""
    return newest(session, found.operation.id)


def _all(session: Session, query: Any) -> Sequence[Any]:
    found: Sequence[Any] = session.exec(unscoped(query)).all()
    return found


# ----------------------------------------------------------------------------------------------------- verbs


@plan.register_removal
def take_out(session: Session, owner: plan.Operation, country: str, kept: DepartureChoice) -> dict[str, int]:
    """Withdraw the reports that shall not stay in the totals.

    Raises RuleBroken where the operation's state forbids it.
    """
    if kept is DepartureChoice.SHOWN:
        return {}
    going = select(Report).where(
        Report.operation_id == owner.id, Report.country == country, col(Report.state).in_(_TAKEN)
    )
    if kept is DepartureChoice.TOTALS:
        going = going.where(Report.level < int(Level.V3))
    withdrawn = session.exec(going.execution_options(populate_existing=True)).all()
    if not withdrawn:
        return {}
    late = require_open(owner.state, Deed.WITHDRAW)
    of_them = select(func.count()).select_from(Line).where(col(Line.version_id).in_([each.id for each in withdrawn]))
    lines = session.exec(of_them).one()
    for each in withdrawn:
        each.late = each.late or late
        settle(session, each, ReportState.WITHDRAWN, Level.V0)
    for last in {each.site_id: each for each in withdrawn}.values():
        refresh_activity(session, last)
    return {"reports": len(withdrawn), "lines": lines}
