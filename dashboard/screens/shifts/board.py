"""Board of a shift schedule: which team stands at which post on which day, and which shifts have no team."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from dashboard.parts.panel import panel, stat
from dashboard.parts.table import table, table_row
from dashboard.wording import UNDEFINED, _, date, hour, joined, ngettext, number, percent
from operations.analyses.questions import ShiftsQuestion


class PostShift(NamedTuple):
    """A shift in local time: its post and its team, or how many posts have none (`lacks`)."""

    start: datetime
    end: datetime
    post: str = ""
    team: str = ""
    lacks: int = 0


class Schedule(NamedTuple):
    """The shifts in their order, and of each post its name, how often it should be manned, and how often it is."""

    shifts: list[PostShift]
    posts: list[Sequence[Any]]

    @property
    def manned(self) -> list[PostShift]:
        """The shifts that have a team."""
        return [shift for shift in self.shifts if shift.team]

    @property
    def uncovered(self) -> list[PostShift]:
        """The shifts in which posts have no team."""
        return [shift for shift in self.shifts if shift.lacks]


def schedule_of(question: ShiftsQuestion, manned: Sequence[Any], posts: Sequence[Any], zone: str) -> Schedule:
    """Return the schedule that answers a question: its rows in `manned`, and what they leave open."""
    frame = ZoneInfo(zone)
    shifts = [PostShift(_local(start, frame), _local(end, frame), post, team) for start, end, post, team in manned]
    there = Counter(shift.start.timestamp() for shift in shifts)
    for day in range(question.days):
        for begin, hours in question.times():
            start = datetime.combine(question.first + timedelta(days=day), begin, frame)
            lacks = min(question.at_once, len(posts)) - there[start.timestamp()]
            shifts += [PostShift(start, start + timedelta(hours=hours), lacks=lacks)] if lacks > 0 else []
    return Schedule(sorted(shifts, key=lambda shift: (shift.start, shift.post)), sorted(posts))


def _local(moment: str, frame: ZoneInfo) -> datetime:
    return datetime.fromisoformat(moment).astimezone(frame)


def tiles(schedule: Schedule, at: datetime) -> Component:
    """Return how many shifts have a team, how many have none, and who stands at a post now."""
    many, none = len(schedule.manned), sum(shift.lacks for shift in schedule.uncovered)
    running = [shift for shift in schedule.manned if shift.start <= at < shift.end]
    now = " · ".join(f"{shift.team}, {shift.post}" for shift in running) or _following(schedule.manned, at)
    shown = [
        stat(_("Shifts with a team"), _("{met} of {wanted}", met=number(many), wanted=number(many + none))),
        stat(_("Shifts without a team"), number(none), _following(schedule.uncovered, at)),
        stat(_("Teams at a post now"), number(len(running)), now),
    ]
    return html.Div(shown, className="assign-tiles")


def _following(shifts: Sequence[PostShift], at: datetime) -> str:
    """Return when the next of these shifts begins; "" where none does."""
    start = next((shift.start for shift in shifts if shift.start > at), None)
    return _("next: {when}", when=joined((date(start.date()), hour(start)))) if start else ""


def board(schedule: Schedule, at: datetime) -> Component:
    """Return the schedule as a table of posts by days, and, for a narrow screen, as a list by days."""
    days = [(day, list(shifts)) for day, shifts in groupby(schedule.shifts, lambda shift: shift.start.date())]
    today = at.astimezone(schedule.shifts[0].start.tzinfo).date()
    looks = {day: {"aria-current": "date"} if day == today else {} for day, _shifts in days}

    def row(name: Any, post: str, **look: Any) -> Component:
        cells = [[_slot(shift, at) for shift in shifts if shift.post == post] for _day, shifts in days]
        return table_row(name, *(cell or html.Span(UNDEFINED, className="m-dim") for cell in cells), **look)

    rows = [row(_post(*post), post[0]) for post in schedule.posts]
    if schedule.uncovered:
        rows.insert(0, row(_("Without a team"), "", className="shifts-open"))
    head = [_("Post"), *(html.Th(date(day), scope="col", **looks[day]) for day, _shifts in days)]
    listed = [
        html.Li([html.H3(date(day), **looks[day]), *(_slot(shift, at, named=True) for shift in shifts)])
        for day, shifts in days
    ]
    days_list = html.Ul(listed, className="shifts-days")
    return panel(_("By post and day"), table(head, rows, "shifts-board", _("The schedule")), days_list, flush=True)


def _post(name: str, odds: float, share: float) -> list[Component]:
    """Return a post with how often it is manned, and how often it should be."""
    often = _("{share} of shifts, {odds} intended", share=percent(share, 0), odds=percent(odds, 0))
    return [html.Bdi(name), *([html.Small(often)] if odds else [])]


def _slot(shift: PostShift, at: datetime, *, named: bool = False) -> Component:
    """Return a shift with its hours and its team; `named`: with its post."""
    who = html.Strong(html.Bdi(shift.team) if shift.team else ngettext("{n} post", "{n} posts", shift.lacks))
    where = [html.Span(html.Bdi(shift.post) if shift.post else _("Without a team"))] if named else []
    time = html.Span(f"{hour(shift.start)}–{hour(shift.end)}", className="m-num", dir="ltr")
    state = " is-open" if shift.lacks else "" if shift.start > at else " is-now" if shift.end > at else " is-over"
    return html.Div([time, who, *where], className=f"shifts-slot{state}")
