"""What would leave for a centre: the country's validated figures, summed by site, official day and phase of the centre.

Counts of report lines in the codes of the lists, and nothing else: no remarks, no reference of a case, a notice or a
document, no date of a copy. The time of a hit is told to the hour. Only reports that the country has validated (V3)
count. A day is that of the centre: each report lies on the day on which it would lie had it been sent there itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from operations.core.clock import day_bounds, official_day
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.ids import fingerprint
from operations.core.vocabulary import Level, ReportKind
from operations.exchange.centre_rows import CentreConnection, CentrePhase, CentrePlan
from operations.lines.kinds import KINDS, as_json, from_json
from operations.lines.kinds.hit import Hit
from operations.lines.line import parts_of
from operations.policing.map_plan.places import Site
from operations.policing.operation.rows import Phase
from operations.policing.reports.desk_queries import lines_by_version
from operations.policing.reports.versions import Line, Report

LEFT_OUT = frozenset({"case_ref", "notice_ref", "offline_copy_date", "repeats"})
"""Fields of lines that never leave: references, and what is neither a count nor a code."""
TIMES = frozenset({"raw_at", "confirmed_at"})
"""Fields of lines that are told to the hour."""
MOST_LINES = 500
_BEFORE = timedelta(days=2)  # between the official days of two zones


@dataclass(frozen=True)
class Cell:
    """A site on an official day of the centre, within a phase of the centre; None where it has none then."""

    site: UUID
    day: date
    phase: UUID | None


@dataclass(frozen=True)
class SummedReport:
    """The sum of a cell: `reports` validated reports as one, and `unready` ones that stay until they are validated.

    `content` is what the centre's interface takes, without identifiers. `obstacle` is why it cannot leave.
    """

    cell: Cell
    site_name: str
    reports: int
    unready: int
    content: dict[str, Any]
    obstacle: Flaw | None = None

    @property
    def content_hash(self) -> str:
        """The fingerprint of the sum: the same figures, the same fingerprint."""
        return fingerprint(self.content)

    @property
    def lines(self) -> Sequence[Mapping[str, Any]]:
        """The lines of the sum, as they would be sent."""
        found: Sequence[Mapping[str, Any]] = self.content["lines"]
        return found


def summed(
    session: Session, connection: CentreConnection, plan: CentrePlan, first: date, last: date
) -> list[SummedReport]:
    """Return the sums of the days from `first` to `last` at the centre, by day and site, as the asker may see them."""
    query = select(Report).where(
        Report.operation_id == connection.operation_id,
        Report.country == connection.country,
        col(Report.counted).is_(True),
        col(Report.official_day).between(first - _BEFORE, last + _BEFORE),
    )
    phases = {
        each.id: each for each in session.exec(select(Phase).where(Phase.operation_id == connection.operation_id))
    }
    cells: defaultdict[Cell, list[Report]] = defaultdict(list)
    unready: defaultdict[tuple[UUID, date], int] = defaultdict(int)
    for each in session.exec(query.order_by(col(Report.period_from), col(Report.id))):
        day = official_day(each.period_from, plan.zone, plan.day_cut)
        if not first <= day <= last:
            continue
        if each.level < Level.V3:
            unready[each.site_id, day] += 1
            continue
        phase = _phase_of(plan, day, phases[each.phase_id].kind)
        cells[Cell(each.site_id, day, phase.id if phase else None)].append(each)
    for site_id, day in unready.keys() - {(cell.site, cell.day) for cell in cells}:
        cells[Cell(site_id, day, None)] = []
    return _with_lines(session, connection, plan, phases, cells, unready)


def site_matches(plan: CentrePlan, chosen: Mapping[str, str], sites: Iterable[Site]) -> dict[UUID, UUID | None]:
    """Return the site at the centre of each site: the one that was chosen for it, else that of its name, if any."""
    known, by_name = {each.id for each in plan.sites}, {_name(each.name): each.id for each in plan.sites}
    found: dict[UUID, UUID | None] = {}
    for site in sites:
        if said := chosen.get(str(site.id)):
            found[site.id] = UUID(said) if UUID(said) in known else None
        else:
            found[site.id] = by_name.get(_name(site.name))
    return found


def _with_lines(
    session: Session,
    connection: CentreConnection,
    plan: CentrePlan,
    phases: Mapping[UUID, Phase],
    cells: Mapping[Cell, Sequence[Report]],
    unready: Mapping[tuple[UUID, date], int],
) -> list[SummedReport]:
    lines = lines_by_version(session, [each.id for found in cells.values() for each in found])
    sites = {
        each.id: each for each in session.exec(select(Site).where(col(Site.id).in_({cell.site for cell in cells})))
    }
    there = site_matches(plan, connection.sites, sites.values())
    made = []
    for cell, found in cells.items():
        site, waits = sites[cell.site], unready.get((cell.site, cell.day), 0)
        if not found:
            made.append(SummedReport(cell, site.name, 0, waits, {"lines": []}))
            continue
        its = [(line, phases) for each in found for line in lines[each.id]]
        content, flaw = _content(plan, cell, found, site, there[site.id], its)
        made.append(SummedReport(cell, site.name, len(found), waits, content, flaw))
    return sorted(made, key=lambda each: (each.cell.day, each.site_name, str(each.cell.phase)))


def _content(
    plan: CentrePlan,
    cell: Cell,
    found: Sequence[Report],
    site: Site,
    at_centre: UUID | None,
    lines: Iterable[tuple[Line, Mapping[UUID, Phase]]],
) -> tuple[dict[str, Any], Flaw | None]:
    starts, ends = min(each.period_from for each in found), max(each.period_to for each in found)
    flaw = None
    if at_centre is None:
        words = N_("The centre has no site of the name {name}: choose which of its sites it is.")
        flaw = Flaw("", words, {"name": site.name})
    elif cell.phase is None:
        flaw = Flaw("", N_("The centre's operation has no phase on this day."))
    told: dict[str, dict[str, Any]] = {}
    own = {each.phase_id for each in found}
    for line, phases in lines:
        apart = None
        if line.phase_id not in own:
            of = phases[line.phase_id]
            same = [each for each in plan.phases if each.kind == of.kind]
            apart = same[0].id if len(same) == 1 else None
            if apart is None:
                words = N_("A result belongs to the phase {name}: the centre's operation has no such phase.")
                flaw = flaw or Flaw("", words, {"name": of.name})
        _add(told, reduced(line.attributes, plan, starts), line.id, None if apart == cell.phase else apart)
    if len(told) > MOST_LINES:
        flaw = flaw or Flaw("", N_("This day has more than {most} different results."), {"most": MOST_LINES})
    content = {
        "operation_id": str(plan.id),
        "site_id": str(at_centre),
        "phase_id": str(cell.phase),
        "kind": (ReportKind.DAILY if told else ReportKind.NIL).value,
        "period_from": starts.isoformat(),
        "period_to": ends.isoformat(),
        "zone": site.zone,
        "lines": [told[key] for key in sorted(told)],
    }
    return content, flaw


def reduced(attributes: Mapping[str, Any], plan: CentrePlan, starts: datetime) -> dict[str, Any]:
    """Return a line as it leaves: its codes and counts, with times to the hour of the centre, none before `starts`."""
    line = from_json(dict(attributes))
    changes: dict[str, Any] = {name: None for name in LEFT_OUT if name in type(line).model_fields}
    if isinstance(line, Hit):
        hour = max(_hour(line.raw_at, plan), starts)
        answered = line.confirmed_at and max(_hour(line.confirmed_at, plan), hour)
        changes |= {"raw_at": hour, "confirmed_at": answered}
    content = as_json(line.model_copy(update=changes))
    return {name: value for name, value in content.items() if name not in ("id", "phase_id") and value is not None}


def _add(told: dict[str, dict[str, Any]], line: dict[str, Any], of: UUID, phase: UUID | None) -> None:
    """Add a line to those of the same codes. A line that has no count, such as a hit, stands alone, as everywhere.

    Which parts are counted at all belongs to the codes: a part that one line does not count is not that of another.
    """
    kind = KINDS[line["kind"]]
    if phase is not None:
        line = {**line, "phase_id": str(phase)}
    counts = [kind.COUNTS, *parts_of(kind)] if kind.COUNTS else []
    codes = {name: bool(value) if name in counts else value for name, value in line.items()}
    key = f"{line['kind']} {fingerprint(codes) if kind.COUNTS else of}"
    if (known := told.get(key)) is None:
        told[key] = {**line, "id": key}
    else:
        for name in counts:
            known[name] += line[name]


def addressed(content: Mapping[str, Any], report_id: UUID) -> dict[str, Any]:
    """Return the content with identifiers of its lines: the same for the same codes in each version of the report."""
    lines = [{**line, "id": str(uuid5(report_id, line["id"]))} for line in content["lines"]]
    return {**content, "lines": lines}


def _phase_of(plan: CentrePlan, day: date, kind: str) -> CentrePhase | None:
    """Return the phase of the centre on a day: one of the same kind before any other."""
    last = timedelta(microseconds=1)
    calendar = plan.zone, plan.day_cut
    found = [
        each
        for each in plan.phases
        if official_day(each.starts, *calendar) <= day <= official_day(each.ends - last, *calendar)
    ]
    return next((each for each in found if each.kind == kind), found[0] if found else None)


def _hour(moment: datetime, plan: CentrePlan) -> datetime:
    """Return the hour of a moment at the centre, on the same official day."""
    hour = moment.astimezone(ZoneInfo(plan.zone)).replace(minute=0, second=0, microsecond=0)
    begins = day_bounds(official_day(moment, plan.zone, plan.day_cut), plan.zone, plan.day_cut)[0]
    return max(hour.astimezone(begins.tzinfo), begins)


def _name(name: str) -> str:
    return " ".join(name.split()).casefold()
