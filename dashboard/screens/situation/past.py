"""Situation as of an earlier journal entry: a bar that says so, and navigation through the operation's history.

There are two time axes: when something happened is an official day; when it was known is a journal entry. The address
of a moment is its time, so that it is the same for everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Input, Output, State, clientside_callback, ctx, dcc, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate
from sqlmodel import Session

from dashboard.frame.address import in_address
from dashboard.frame.policy import screen
from dashboard.parts.badges import state_badge
from dashboard.parts.datetimes import address_of, moment_of
from dashboard.parts.form import button
from dashboard.parts.icon import icon
from dashboard.parts.journal_list import site_names
from dashboard.parts.kpi_board import BoardChoice, BoardReading, frame_of
from dashboard.screens.situation.ids import Ids
from dashboard.screens.situation.results import long_day
from dashboard.server.access import actor, current_request, known_id, reading
from dashboard.telling.names import names_for
from dashboard.telling.sentences import entry_sentence
from dashboard.wording import _, date, hour, joined, language, number
from dashboard.wording import moment as said_moment
from operations.catalogue.kpis import CATALOGUE
from operations.core.clock import now, official_day
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.pulse import ReaderCount
from operations.figures import figure_history
from operations.figures.figure_history import Mover
from operations.policing.operation import plan


@dataclass(frozen=True)
class PastMoment:
    """A moment of the past on the screen: its entry, the newest entry, and the entries that moved the figure."""

    told: ReaderCount
    last: ReaderCount
    movers: Sequence[tuple[Mover, str]]
    """The entries that moved the figure, each with its sentence."""


def look(
    session: Session, owner: plan.Operation, choice: BoardChoice, by: Actor, address: str | None
) -> PastMoment | None:
    """Return the moment of an address; None for the live screen. Raises RuleBroken where nothing was known then."""
    if not address:
        return None
    seen = figure_history.at(session, owner, by, moment_of(address))
    found = figure_history.movers(session, frame_of(owner, choice, by), choice.figure, by)
    names = names_for([each.entry for each in found], language(), owner.zone, site_names(session, owner.id))
    last = figure_history.last(session, owner.id, by) or seen
    return PastMoment(seen, last, [(each, entry_sentence(each.entry, names)) for each in found])


# ------------------------------------------------------------------------------------------------------- parts


def looks_back() -> list[Component]:
    """Return the button that leaves the live screen; a wall has none."""
    if current_request().only is not None:
        return []
    return [button(_("Look back"), Ids.LOOK_BACK, "quiet", "history", size="compact-sm")]


def bar(read: BoardReading, moment: PastMoment | None) -> list[Component]:
    """Return the bar: when it was known and happened, and links to other moments; [] on a live screen."""
    if moment is None:
        return []
    zone = read.operation.zone
    known = _(
        "Known: {moment} · entry {entry} of {last}",
        moment=said_moment(moment.told.at, zone),
        entry=number(moment.told.number),
        last=number(moment.last.number),
    )
    return [
        html.Div(
            [
                state_badge(_("The past"), "warn"),
                html.Span([icon("eye", size=14), known], className="m-num"),
                html.Span([icon("calendar", size=14), _happened(read)], className="m-num"),
                button(_("Back to live"), Ids.LIVE, "plain", "activity", size="compact-sm"),
            ],
            className="situation-past-said",
            role="status",
        ),
        html.Div(
            [
                *_steps(moment),
                dmc.Slider(
                    id=Ids.ENTRY,
                    min=1,
                    max=max(moment.last.number, 2),
                    value=moment.told.number,
                    size="sm",
                    label=None,
                    className="situation-past-slider",
                    thumbLabel=_("Entry"),
                ),
                _calendar(read, moment, zone),
                _movers(read, moment),
            ],
            className="situation-past-ways",
        ),
    ]


def _happened(read: BoardReading) -> str:
    """Return the official days on which the figure of the charts had results."""
    figure = _(CATALOGUE[read.choice.figure].name)
    days = [day for day, done, _waiting in read.days if done != 0]
    if not days and _untold(read):
        return _("Happened: the official days of {figure} are not told", figure=figure)
    if not days:
        return _("Happened: no official day with {figure} at this level", figure=figure)
    if min(days) == max(days):
        return _("Happened: {figure} of {day}", figure=figure, day=long_day(days[0]))
    return _(
        "Happened: {figure} of {first} to {last}", figure=figure, first=long_day(min(days)), last=long_day(max(days))
    )


def _untold(read: BoardReading) -> bool:
    """Return whether the charts' figure is hidden from this reader or moves in releases: a gap is no zero then."""
    found = read.board.figures[read.choice.figure]
    return found.hidden or found.released is not None


def _steps(moment: PastMoment) -> list[Component]:
    """Return links to the previous and the next entry that moved the figure."""
    before = [each for each, _said in moment.movers if each.entry.seq < moment.told.seq]
    after = [each for each, _said in moment.movers if each.entry.seq > moment.told.seq]
    return [
        _step(max(before, key=lambda each: each.entry.seq, default=None), "chevron-left", _("Change before"), "before"),
        _step(min(after, key=lambda each: each.entry.seq, default=None), "chevron-right", _("Change after"), "after"),
    ]


def _step(to: Mover | None, sign: str, label: str, way: str) -> Component:
    return html.Button(
        icon(sign, 18, label),
        id=_moment_id(way, address_of(to.entry.at) if to else ""),
        className="situation-past-step",
        type="button",
        disabled=to is None,
        n_clicks=0,
        title=label,
    )


def _moment_id(place: str, at: str) -> dict[str, str]:
    return {"type": "situation-moment", "place": place, "at": at}


def _calendar(read: BoardReading, moment: PastMoment, zone: str) -> Component:
    first = official_day(read.operation.created_at, zone, read.operation.day_cut)
    return dmc.DatePickerInput(
        id=Ids.DAY,
        value=official_day(moment.told.at, zone, read.operation.day_cut).isoformat(),
        minDate=first.isoformat(),
        maxDate=official_day(moment.last.at, zone, read.operation.day_cut).isoformat(),
        valueFormat="D MMM YYYY",
        size="xs",
        className="situation-past-day",
        ariaLabels={"previousMonth": _("Previous month"), "nextMonth": _("Next month")},
        **{"aria-label": _("What was known at the end of")},
    )


def _movers(read: BoardReading, moment: PastMoment) -> Component:
    """Return the entries that moved the figure of the charts, newest first."""
    figure = _(CATALOGUE[read.choice.figure].name)
    if not moment.movers and _untold(read):
        return html.Span(_("Which entries moved {figure} is not told.", figure=figure), className="m-small m-dim")
    if not moment.movers:
        return html.Span(_("No entry moved {figure}.", figure=figure), className="m-small m-dim")
    rows = [
        html.Li(
            html.Button(
                [
                    html.Time(
                        _short(mover.entry.at, read.operation.zone),
                        className="m-num",
                        dateTime=address_of(mover.entry.at),
                    ),
                    html.Span(said),
                    html.Span(joined(long_day(day) for day in mover.days), className="m-dim m-num"),
                    html.Span(signed(mover.by), className="situation-past-by m-num"),
                ],
                id=_moment_id(str(place), address_of(mover.entry.at)),
                type="button",
                n_clicks=0,
                **({"aria-current": "true"} if mover.entry.seq == moment.told.seq else {}),
            )
        )
        for place, (mover, said) in enumerate(moment.movers)
    ]
    summary = _("What moved {figure}: {count}", figure=figure, count=number(len(rows)))
    return html.Details(
        [html.Summary(summary), html.Ol(rows)], className="situation-past-movers", id="situation-movers"
    )


def _short(when: datetime, zone: str) -> str:
    """Return day and time in the operation's zone."""
    local = when.astimezone(ZoneInfo(zone))
    return joined((date(local.date()), hour(local)))


def signed(by: int | None) -> str:
    """Return a change with its sign; "" where it is not disclosed."""
    return "" if by is None else f"\u2066{'+' if by > 0 else '−'}{number(abs(by))}\u2069"


# --------------------------------------------------------------------------------------------------- callbacks


def store(address: str) -> Component:
    """Return the store of the moment that the screen shows; None is live."""
    return dcc.Store(id=Ids.AT, data=address or None)


in_address(Ids.LEVEL, "level", "value")
in_address(Ids.SCOPE, "scope", "value")
in_address(Ids.FIGURE, "figure", "value")
in_address(Ids.OPENED, "opened")
clientside_callback(ClientsideFunction("muster_situation", "opened"), Input(Ids.OPENED, "data"))
clientside_callback(
    ClientsideFunction("muster_situation", "address"),
    Input(Ids.AT, "data"),
    State(Ids.LEVEL, "value"),
    State(Ids.SCOPE, "value"),
    State(Ids.FIGURE, "value"),
    prevent_initial_call=True,
)


@screen(
    Output(Ids.AT, "data"),
    Input(Ids.LOOK_BACK, "n_clicks", allow_optional=True),
    Input(Ids.LIVE, "n_clicks", allow_optional=True),
    Input(Ids.ENTRY, "value", allow_optional=True),
    Input(Ids.DAY, "value", allow_optional=True),
    Input(_moment_id(ALL, ALL), "n_clicks"),
    State(Ids.AT, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.TOTALS_READ,
    prevent_initial_call=True,
)
def travel(
    _back: int | None,
    _live: int | None,
    entry: int | None,
    day: str | None,
    _moments: list[int | None],
    at: str | None,
    operation_id: str,
) -> str | None:
    """Return another moment, chosen by button, slider, calendar, or an entry that moved the figure."""
    pressed = next((each for each in ctx.triggered if each["value"] is not None), None)
    source = ctx.triggered_id
    if pressed is None or not pressed["value"]:
        raise PreventUpdate
    if source == Ids.LIVE:
        return None
    if isinstance(source, dict):
        return str(source["at"])
    by = actor()
    with reading() as session:
        owner = plan.operation(session, known_id(operation_id), by)
        if source == Ids.ENTRY and at is not None and entry is not None:
            to = figure_history.numbered(session, owner, by, entry)
            stands = figure_history.at(session, owner, by, moment_of(at)).number == entry
        elif source == Ids.DAY and at is not None and day is not None:
            wanted = datetime.fromisoformat(day).date()
            to = figure_history.end_of(session, owner, by, wanted)
            stands = official_day(moment_of(at), owner.zone, owner.day_cut) == wanted
        elif source == Ids.LOOK_BACK:
            to, stands = figure_history.at(session, owner, by, now()), False
        else:
            raise PreventUpdate
    if stands:
        raise PreventUpdate
    return address_of(to.at)
