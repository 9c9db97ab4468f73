"""Duties of an officer away from the network: the steps of the own teams, and the tasks of the day.

The device has the steps of a deployment and knows by itself what comes after each. What it reports later comes through
the same verbs as from the pages, at the time at which it was done.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from dashboard.server.access import known_id
from dashboard.wording import _, coded
from operations.core.clock import day_bounds, now, official_day
from operations.core.drafts import parse
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.calendar import task_rows, tasks
from operations.policing.map_plan import places
from operations.policing.operation.plan import Operation
from operations.support import deployment_acts, deployments
from operations.support.deployments import LIFE, Deployment, DutyDraft

STEPS = ("deployment.mobilising", "deployment.on_site", "deployment.check_in", "deployment.withdrawn")
"""What a team leader reports from the way and from the place; notes and the debriefing are for the desk."""
MOST_TASKS = 30


def steps() -> dict[str, list[dict[str, str]]]:
    """Return the steps that a team leader reports, by the state of the deployment before."""
    found: dict[str, list[dict[str, str]]] = {}
    for step in LIFE.steps:
        if step.verb in STEPS:
            made = {"verb": step.verb, "label": _(step.words), "after": step.after.value}
            found.setdefault(step.before.value, []).append(made)
    return found


def stages() -> dict[str, str]:
    """Return the words for the states of a deployment."""
    return {state.value: coded("CL-DEPLOYSTATE", state.value) for state in LIFE.states}


def teams(session: Session, by: Actor) -> list[dict[str, Any]]:
    """Return the deployments for which `by` reports, those under way first."""
    if not may(by, Act.DEPLOYMENT_REPORT):
        return []
    return [_team(found) for found in deployments.led_by(session, by)]


def _team(found: Deployment) -> dict[str, Any]:
    return {
        "id": str(found.id),
        "name": found.call_sign,
        "place": found.place,
        "starts": found.starts.isoformat(),
        "ends": found.ends.isoformat(),
        "tasks": found.tasks,
        "state": found.state,
        "due": found.due_at.isoformat() if found.due_at else None,
        "hours": found.check_in_hours,
    }


def tasks_of_day(session: Session, operation: Operation, by: Actor) -> list[dict[str, Any]]:
    """Return the tasks on which `by` works now: begun by the end of today, and not done."""
    today = official_day(now(), operation.zone, operation.day_cut)
    _start, end = day_bounds(today, operation.zone, operation.day_cut)
    lines = tasks.steps(session, operation.id)
    sites = {site.id: site.name for site in places.sites(session, operation.id)}
    found = [
        {
            "id": str(task.id),
            "title": task.title,
            "note": task.note,
            "due": task.due.isoformat(),
            "site": str(task.site_id or ""),
            "name": sites.get(task.site_id, "") if task.site_id else "",
            "lines": [
                {"id": str(line.id), "text": line.text, "done": line.done_at is not None}
                for line in lines.get(task.id, [])
            ],
        }
        for task in tasks.tasks(session, operation.id)
        if not task.ended
        and (task_rows.mine(task, by) or task.site_id in by.sites)
        and task.since < end
        and not tasks.overtaken(task, operation)
        and any(offer.step.verb == "task.finish" for offer in tasks.offers(session, task, lines.get(task.id, []), by))
    ]
    return found[:MOST_TASKS]


def take(session: Session, said: Mapping[str, Any], offset: int | None, by: Actor) -> None:
    """Do what a device reports: a step of a team, a line of a checklist, or a task that is done.

    `offset` is by how many seconds the clock of the device is behind. Raises NotFound for any other verb.
    """
    verb, of = str(said.get("verb")), known_id(str(said.get("of")))
    if verb in STEPS:
        about = {"id": said.get("id"), "at": _moment(said.get("at"), offset), "words": said.get("words") or ""}
        deployment_acts.REPORTS[verb](session, of, parse(DutyDraft, about), by)
    elif verb == "task.tick":
        tasks.tick(session, of, by)
    elif verb == "task.finish":
        tasks.finish(session, of, by)
    else:
        raise NotFound


def _moment(shown: Any, offset: int | None) -> datetime | None:
    """Return when it was done by the clock of the server, not later than now; None where the device has no time."""
    try:
        at = datetime.fromisoformat(str(shown)) + timedelta(seconds=offset or 0)
        return min(at, now()) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None
