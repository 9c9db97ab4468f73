"""Sentences for tasks and dependencies, without titles, since a reader of the journal may not see every task."""

from dashboard.telling.names import coded, moment_of
from dashboard.telling.sentence_rows import row
from dashboard.wording import N_
from operations.core.journal import Entry


def _assigned(entry: Entry) -> str:
    if entry.detail.get("role") is None:
        return N_("{country}: a task was handed to the country.")
    return N_("{country}: a task was handed on ({role}).")


def _ticked(entry: Entry) -> str:
    if entry.detail.get("done"):
        return N_("{country}: a line of a checklist was ticked.")
    return N_("{country}: a tick was taken from a checklist.")


TASKS = {
    "task.add": row("checklist", N_("{country}: a task was added, due {due}."), due=moment_of("due")),
    "task.move": row("checklist", N_("{country}: a task was moved, now due {due}."), due=moment_of("due")),
    "task.edit": row("checklist", N_("{country}: a task was described anew.")),
    "task.assign": row("checklist", _assigned, role=coded("CL-ROLE", "role")),
    "task.start": row("checklist", N_("{country}: a task was begun.")),
    "task.finish": row("check", N_("{country}: a task is done.")),
    "task.block": row("hand-stop", N_("{country}: a task is blocked. Reason: {reason}")),
    "task.reopen": row("checklist", N_("{country}: a task was reopened.")),
    "task.cancel": row("checklist", N_("{country}: a task was cancelled. Reason: {reason}")),
    "task.tick": row("checklist", _ticked),
}
DEPENDENCIES = {
    "dependency.link": row("link", N_("On the timeline: one thing now waits for another.")),
    "dependency.unlink": row("link", N_("On the timeline: a dependency was taken away.")),
}
