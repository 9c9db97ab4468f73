"""Task board with one column for each state, and the list of phases and tasks: the same tasks and actions in both."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.parts import board_page
from dashboard.parts.action_buttons import offer_buttons, offers_with_reason
from dashboard.parts.board_page import Card
from dashboard.parts.form import button
from dashboard.parts.grid import day_column, text_column
from dashboard.parts.phase_timeline import phase_label
from dashboard.parts.timeline.bars import owner_words
from dashboard.parts.timeline.zones import ZoneName
from dashboard.wording import UNDEFINED, _, coded, moment
from operations.core import clock, state_machine
from operations.core.state_machine import StepOffer
from operations.core.vocabulary import TaskState
from operations.policing.calendar.task_rows import LIFE, ChecklistStep, Task
from operations.policing.operation.plan import Phase

CARDS = 30
"""Cards that a column has at first, and with each press for more."""
ACT, TICK, WHY, OPEN = "task-act", "task-tick", "task-why", "task-open"


def board(
    tasks: Sequence[Task],
    steps: Mapping[UUID, Sequence[ChecklistStep]],
    people: Mapping[UUID, str],
    zone: str,
    now: datetime,
    offered: Callable[[Task], Sequence[StepOffer[TaskState]]],
    more: int = 0,
) -> Component:
    """Return the board. `offered` gives the steps that a reader who works on a task may take: its card's buttons.

    `more`: how often more cards were asked for.
    """

    def card(task: Task) -> Card:
        return _card(task, steps.get(task.id, ()), people, zone, now, offered(task))

    latest = sorted(tasks, key=lambda task: task.done_at or task.due, reverse=True)
    ordered = [*(task for task in tasks if not task.ended), *(task for task in latest if task.ended)]
    states = {"words": lambda state: coded("CL-TASKSTATE", state.value), "first": CARDS * (1 + max(0, more))}
    return board_page.board(LIFE, ordered, card, _("Board of tasks"), **states)


def _card(
    task: Task,
    steps: Sequence[ChecklistStep],
    people: Mapping[UUID, str],
    zone: str,
    now: datetime,
    offered: Sequence[StepOffer[TaskState]],
) -> Card:
    late, folded = not task.ended and task.due < now, task.ended and bool(steps)
    when = _("Done {moment}", moment=_unbroken(task.done_at, zone)) if task.done_at else ""
    facts = [
        owner_words(task, people),
        html.Span(when or _("Due {moment}", moment=_unbroken(task.due, zone)), className="m-num"),
        html.Bdi(task.reason) if task.reason else "",
        _("Checklist {ticked}", ticked=_ticked(steps)) if folded else "",
    ]
    ticks = [
        dmc.Checkbox(
            label=step.text,
            checked=step.done_at is not None,
            size="sm",
            **({"id": {"type": TICK, "step": str(step.id)}} if offered and not task.ended else {"disabled": True}),
        )
        for step in ([] if folded else steps)
    ]
    acts = [
        *offer_buttons(offered, lambda step: _press(task, step), size="compact-sm"),
        button(_("Open"), {"type": OPEN, "task": str(task.id)}, "quiet", size="compact-sm"),
    ]
    reasons = offers_with_reason(
        offered, lambda step: _press(task, step), lambda step: _why(task, step), size="compact-sm"
    )
    below = [*ticks, html.Div(acts, className="board-acts"), *reasons]
    return Card(task.title, facts=facts, late=_("Late") if late else "", acts=below)


def _unbroken(when: datetime | None, zone: str) -> str:
    """Return a time whose offset does not wrap to the next line."""
    return moment(when, zone).replace("UTC-", "UTC\N{NON-BREAKING HYPHEN}")


def _press(task: Task, step: state_machine.Step[TaskState]) -> dict[str, str]:
    return {"type": ACT, "task": str(task.id), "act": step.verb}


def _why(task: Task, step: state_machine.Step[TaskState]) -> Component:
    return dmc.TextInput(
        id={**_press(task, step), "type": WHY},
        label=_(step.why),
        autoComplete="off",
        attributes={"input": {"maxLength": 2000}},
    )


def columns(places: Sequence[ZoneName]) -> list[dict[str, Any]]:
    """Return the columns of the list: phases and tasks with times in UTC, in the reader's and in the countries' zones.

    Times are written year first, so that a column sorts by time. The browser writes the hours in the countries: each of
    hundreds of rows would hold one for each of a hundred zones.
    """
    there = {"function": "muster.hours(params.data.at, params.colDef.context)"}
    return [
        text_column("kind", _("Kind"), flex=0, width=96, minWidth=90),
        text_column("name", _("Name"), flex=3, minWidth=240, tooltipField="name"),
        text_column("owner", _("Who"), flex=2, minWidth=150, tooltipField="owner"),
        text_column("state", _("State"), flex=0, width=116),
        text_column("ticked", _("Checklist"), flex=0, width=112),
        day_column("begins", _("Begins (UTC)"), width=160),
        day_column("ends", _("Ends or due (UTC)"), width=172),
        day_column("here", _("End, here"), width=160),
        text_column(
            "there",
            _("End, in the countries"),
            minWidth=120,
            valueGetter=there,
            tooltipValueGetter=there,
            context=[vars(place) for place in places],
        ),
    ]


def rows(
    phases: Sequence[Phase],
    tasks: Sequence[Task],
    steps: Mapping[UUID, Sequence[ChecklistStep]],
    people: Mapping[UUID, str],
    zone: str,
) -> list[dict[str, Any]]:
    """Return the rows of the list, sorted by end."""
    table_lines = [
        {
            "id": str(phase.id),
            "kind": _("Phase"),
            "name": phase_label(phase),
            "owner": "",
            "state": "",
            "ticked": "",
            "begins": _sortable(phase.starts),
            **_ends(phase.ends, zone),
            "at": phase.ends.isoformat(),
        }
        for phase in phases
    ]
    table_lines += [
        {
            "id": str(task.id),
            "kind": _("Task"),
            "name": task.title,
            "owner": owner_words(task, people),
            "state": coded("CL-TASKSTATE", task.state),
            "ticked": _ticked(steps.get(task.id, ())),
            "begins": _sortable(task.starts),
            **_ends(task.due, zone),
            "at": task.due.isoformat(),
        }
        for task in tasks
    ]
    return sorted(table_lines, key=lambda row: row["at"])


def _ticked(steps: Sequence[ChecklistStep]) -> str:
    return f"{sum(step.done_at is not None for step in steps)} / {len(steps)}" if steps else ""


def _ends(ends: datetime, zone: str) -> dict[str, str]:
    return {"ends": _sortable(ends), "here": _sortable(ends, zone)}


def _sortable(when: datetime | None, zone: str = "UTC") -> str:
    return f"{when.astimezone(clock.zone(zone)):%Y-%m-%d %H:%M}" if when else UNDEFINED
