"""What the journal tells of tasks and dependencies. No titles: who may not see a task learns nothing of it here."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from dashboard.wording import _, moment
from operations.core.journal import Entry

if TYPE_CHECKING:
    from dashboard.telling.sentences import Names


def _owner(entry: Entry, names: "Names") -> str:
    return names.country(entry.country)


def _task_added(entry: Entry, names: "Names") -> str:
    due = moment(datetime.fromisoformat(entry.detail["due"]), names.zone)
    return _("{country}: a task was added, due {due}.", country=_owner(entry, names), due=due)


def _task_moved(entry: Entry, names: "Names") -> str:
    due = moment(datetime.fromisoformat(entry.detail["due"]), names.zone)
    return _("{country}: a task was moved, now due {due}.", country=_owner(entry, names), due=due)


def _task_edited(entry: Entry, names: "Names") -> str:
    return _("{country}: a task was described anew.", country=_owner(entry, names))


def _task_assigned(entry: Entry, names: "Names") -> str:
    role = entry.detail.get("role")
    if role is None:
        return _("{country}: a task was handed to the country.", country=_owner(entry, names))
    said = names.code("CL-ROLE", role)
    return _("{country}: a task was handed on ({role}).", country=_owner(entry, names), role=said)


def _task_started(entry: Entry, names: "Names") -> str:
    return _("{country}: a task was begun.", country=_owner(entry, names))


def _task_finished(entry: Entry, names: "Names") -> str:
    return _("{country}: a task is done.", country=_owner(entry, names))


def _task_blocked(entry: Entry, names: "Names") -> str:
    reason = entry.detail.get("reason", "")
    return _("{country}: a task is blocked. Reason: {reason}", country=_owner(entry, names), reason=reason)


def _task_reopened(entry: Entry, names: "Names") -> str:
    return _("{country}: a task was reopened.", country=_owner(entry, names))


def _task_cancelled(entry: Entry, names: "Names") -> str:
    reason = entry.detail.get("reason", "")
    return _("{country}: a task was cancelled. Reason: {reason}", country=_owner(entry, names), reason=reason)


def _task_ticked(entry: Entry, names: "Names") -> str:
    if entry.detail.get("done"):
        return _("{country}: a line of a checklist was ticked.", country=_owner(entry, names))
    return _("{country}: a tick was taken from a checklist.", country=_owner(entry, names))


def _linked(_entry: Entry, _names: "Names") -> str:
    return _("On the timeline: one thing now waits for another.")


def _unlinked(_entry: Entry, _names: "Names") -> str:
    return _("On the timeline: a dependency was taken away.")


TELLERS: dict[str, Callable[[Entry, "Names"], str]] = {
    "task.add": _task_added,
    "task.move": _task_moved,
    "task.edit": _task_edited,
    "task.assign": _task_assigned,
    "task.start": _task_started,
    "task.finish": _task_finished,
    "task.block": _task_blocked,
    "task.reopen": _task_reopened,
    "task.cancel": _task_cancelled,
    "task.tick": _task_ticked,
    "dependency.link": _linked,
    "dependency.unlink": _unlinked,
}
ICONS = {
    "task": "checklist",
    "task.finish": "check",
    "task.block": "hand-stop",
    "dependency": "link",
}
