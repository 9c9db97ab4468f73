"""Data of timeline charts: bars in groups, dependencies, official days, and clock changes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dashboard.parts.phase_timeline import phase_label
from dashboard.parts.timeline.zones import ZoneName, changes
from dashboard.wording import _, coded, sentence
from operations.core import clock
from operations.core.vocabulary import PhaseKind, Role
from operations.policing.calendar.task_rows import Task
from operations.policing.calendar.timeline import Rows
from operations.policing.operation.plan import Operation, Phase

DAY = timedelta(days=1)
MOST_DAYS = 400
LONG = timedelta(days=120)
NEAR = timedelta(days=16)


def owner_words(task: Task, people: Mapping[UUID, str]) -> str:
    """Return the assignee of a task: a person whose name the reader may know, else a role or a country."""
    if task.account_id is not None and task.account_id in people:
        return people[task.account_id]
    role = coded("CL-ROLE", task.role) if task.role else None
    if task.country is None:
        return role or ""
    country = coded("CL-COUNTRY", task.country)
    return country if role is None or task.role == Role.NATIONAL_COORDINATOR else f"{country} · {role}"


def words() -> dict[str, str]:
    """Return the texts that the browser needs."""
    return {
        "hint": _("Choose a bar to see when it is, in UTC and where the countries are."),
        "free": _("Nothing stands in the way."),
        "escape": _("Escape takes it back."),
        "back": _("Back where it was."),
        "first": _("Choose a bar first: arrow up and down."),
        "fixed": _("This bar cannot be moved by you."),
        "moment": _("This task is a moment: it has no length."),
        "reversed": _("It would end before it begins."),
    }


def chart_of(
    operation: Operation, found: Rows, places: Sequence[ZoneName], people: Mapping[UUID, str], *, movable: bool
) -> dict[str, Any]:
    """Return the timeline of one operation: its phases in one row, its tasks by assignee."""
    clashing = {clash.bar: sentence(clash.flaw) for clash in reversed(found.lines().clashes())}
    owners: dict[str, str] = {}
    bars = [_phase(each, "phases", phase_label(each), movable, clashing) for each in found.phases]
    for task in found.tasks:
        owner = owner_words(task, people)
        group = owners.setdefault(owner, f"owner{len(owners)}")
        bars.append(_task(task, group, owner, movable, clashing))
    groups = [{"id": "phases", "name": _("Phases"), "order": 0}]
    groups += [{"id": group, "name": owner, "order": 1 + at} for at, (owner, group) in enumerate(owners.items())]
    here = ZoneName(_("Operation"), operation.zone)
    start, end = _reach(found.phases, found.tasks)
    return {
        **_frame(start, end),
        "groups": groups,
        "bars": bars,
        "links": _links(found),
        "zones": [vars(each) for each in (here, *places)],
        "days": _days(operation, found.phases),
        "changes": _marks(changes((here, *places), start - LONG, end + LONG)),
        "words": words(),
    }


def chart_of_all(found: Iterable[tuple[Operation, Rows, bool]]) -> dict[str, Any]:
    """Return the timeline of several operations: one row of phases and tasks for each."""
    bars: list[dict[str, Any]] = []
    groups, links, zones = [], [], {}
    for at, (operation, rows, movable) in enumerate(found):
        clashing = {clash.bar: sentence(clash.flaw) for clash in reversed(rows.lines().clashes())}
        group = str(operation.id)
        own = [{"label": operation.title, "zone": operation.zone}]
        groups.append({"id": group, "name": operation.title, "order": at, "zones": own})
        zones[operation.zone] = ZoneName(operation.zone, operation.zone)
        bars += (_phase(each, group, phase_label(each), movable, clashing) for each in rows.phases)
        bars += (_task(each, group, owner_words(each, {}), movable, clashing) for each in rows.tasks)
        links += _links(rows)
    now = clock.now()
    return {
        **_frame(now - NEAR, now + NEAR),
        "groups": groups,
        "bars": bars,
        "links": links,
        "zones": [],
        "days": [],
        "changes": _marks(changes(zones.values(), now - 3 * LONG, now + 3 * LONG)),
        "words": words(),
    }


def _frame(start: datetime, end: datetime) -> dict[str, int]:
    return {"from": _ms(start - DAY), "to": _ms(end + DAY)}


def _reach(phases: Sequence[Phase], tasks: Sequence[Task]) -> tuple[datetime, datetime]:
    """Return the period shown first: everything, or up to 16 days around now if now is within it."""
    moments = [end for phase in phases for end in (phase.starts, phase.ends)]
    moments += [end for task in tasks for end in (task.starts or task.due, task.due)]
    now = clock.now()
    if not moments:
        return now - 7 * DAY, now + 21 * DAY
    start, end = min(moments), max(moments)
    return (max(start, now - NEAR), min(end, now + NEAR)) if start < now < end else (start, end)


def _bar(
    each: Phase | Task, group: str, name: str, starts: datetime, ends: datetime, clashing: Mapping[UUID, str]
) -> dict[str, Any]:
    made = {
        "id": str(each.id),
        "group": group,
        "starts": _ms(starts),
        "ends": _ms(ends),
        "name": name,
        "version": each.version,
    }
    return made | ({"clash": clashing[each.id]} if each.id in clashing else {})


def _phase(phase: Phase, group: str, name: str, movable: bool, clashing: Mapping[UUID, str]) -> dict[str, Any]:
    made = _bar(phase, group, name, phase.starts, phase.ends, clashing)
    return made | {"look": f"phase phase-{phase.kind}", "point": False, "movable": movable}


def _task(task: Task, group: str, owner: str, movable: bool, clashing: Mapping[UUID, str]) -> dict[str, Any]:
    state = coded("CL-TASKSTATE", task.state)
    late = not task.ended and task.due < clock.now()
    said = " · ".join(filter(None, (task.title, owner, state, _("Late") if late else "")))
    made = _bar(task, group, task.title, task.starts or task.due, task.due, clashing)
    point = task.starts is None
    look = f"task task-{task.state}" + (" task-late" if late else "")
    return made | {"said": said, "look": look, "point": point, "movable": movable and not task.ended}


def _links(found: Rows) -> list[list[str]]:
    return [[str(each.before), str(each.after)] for each in found.dependencies]


def _days(operation: Operation, phases: Sequence[Phase]) -> list[list[Any]]:
    """Return the starts of the official days of operational phases, numbered."""
    starts: list[list[Any]] = []
    for phase in phases:
        if phase.kind != PhaseKind.OPERATIONAL:
            continue
        day, number = clock.official_day(phase.starts, operation.zone, operation.day_cut), 1
        while len(starts) < MOST_DAYS:
            begins, _next = clock.day_bounds(day, operation.zone, operation.day_cut)
            if begins >= phase.ends:
                break
            starts.append([_ms(max(begins, phase.starts)), _("Day {number}", number=number)])
            day, number = day + DAY, number + 1
    return starts


def _marks(found: Iterable[tuple[datetime, str]]) -> list[list[Any]]:
    return [[_ms(at), said] for at, said in found]


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
