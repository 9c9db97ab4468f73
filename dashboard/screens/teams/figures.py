"""Key figures of support: readiness, officers engaged, requests met, and overdue teams."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.figure_text import share_range
from dashboard.parts.panel import stat
from dashboard.parts.table import table, table_row
from dashboard.wording import UNDEFINED, _, clock, coded, ngettext, number, percent
from operations.catalogue.intervals import share_interval
from operations.support.figures import Figures, TeamReadiness


def strip(found: Figures, late: Sequence[Any], country: str | None, at: datetime, zone: str) -> list[Component]:
    """Return the figures side by side as of `at`; of assistance to the reader's own country, where there is one."""
    ready, there, served = found.readiness, found.engaged, found.served
    tiles = [
        stat(
            _("Requests served"),
            _("{arrived} of {asked}", arrived=number(served.arrived), asked=number(served.asked)),
            _joined(
                _("teams on site of teams asked for: {share}", share=percent(served.share, 0)),
                share_interval(served.arrived, served.asked),
            ),
        ),
        stat(_("On site within 24 h"), percent(ready.share, 0), _readiness_note(ready)),
        stat(
            _("Officers engaged"),
            number(there.persons),
            _("{there} now · {days} person-days", there=number(there.there), days=number(there.person_days, 1)),
        ),
        stat(
            _("Check-ins overdue"),
            number(len(late)),
            ngettext("{n} team is late", "{n} teams are late", len(late)) if late else _("all teams were heard of"),
        ),
    ]
    said = [html.P(_("Assistance to your country, and your teams."), className="m-small m-dim")] if country else []
    moment = _("as of {moment} · by what was entered of each team", moment=clock(at, zone))
    return [html.Div(tiles, className="teams-figures"), *said, html.P(moment, className="m-small m-dim m-num")]


def _readiness_note(ready: TeamReadiness) -> str:
    hours = UNDEFINED if ready.median_hours is None else number(ready.median_hours, 1)
    said = _(
        "{n} of {due} · median {hours} h from the request", n=number(ready.in_time), due=number(ready.due), hours=hours
    )
    return _joined(said, share_interval(ready.in_time, ready.due))


def _joined(said: str, interval: tuple[float, float] | None) -> str:
    return " · ".join((said, *share_range(interval)))


def tables(found: Figures) -> Component:
    """Return readiness by kind of team and officers by country: the part of teams that leadership sees."""
    kinds = [
        table_row(coded("CL-TEAM", kind), html.Td(percent(each.share, 0), className="m-num"), _readiness_note(each))
        for kind, each in found.by_kind.items()
    ]
    countries = [
        table_row(
            coded("CL-COUNTRY", code),
            html.Td(number(engaged.persons), className="m-num"),
            html.Td(number(engaged.there), className="m-num"),
            html.Td(number(engaged.person_days, 1), className="m-num"),
        )
        for code, engaged in found.by_country.items()
    ]
    return tags.Div(
        _table(_("Readiness by kind of team"), [_("Kind of team"), _("On site within 24 h"), _("How many")], kinds),
        _table(_("Officers by country"), [_("Country"), _("Engaged"), _("Now"), _("Person-days")], countries),
        className="teams-tables",
    )


def _table(title: str, head: Sequence[str], rows: Sequence[Component]) -> Component:
    body = table(head, rows, label=title) if rows else html.P(_("No team has arrived yet."), className="m-dim")
    return html.Section([html.H2(title), body], className="teams-view")
