"""Assignment chart: deployments over time, the proposal beside the plan in force, one line for each team.

It is drawn with boxes, so that it follows the direction of reading; the table of needs is its accessible equivalent.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.screens.assignment.view import NeedRow, days
from dashboard.wording import _, date


def chart(rows: Sequence[NeedRow], labels: Mapping[str, str], zone: str, now: datetime) -> Component:
    """Return one line for each team, solid in force and dashed proposed, and the unmet needs at the top."""
    first = min(row.slot.starts for row in rows)
    first = max(first, now - timedelta(days=2)) if first < now else first
    last = max(row.slot.ends for row in rows)
    whole = max(last - first, timedelta(hours=1))

    def box(row: NeedRow, kind: str) -> Component:
        begin = max(0.0, (row.slot.starts - first) / whole * 100)
        end = min(100.0, (row.slot.ends - first) / whole * 100)
        return html.Span(
            html.Span(row.slot.title, className="assign-bar-name"),
            className=f"assign-bar assign-bar--{kind}",
            style={"insetInlineStart": f"{begin:.2f}%", "inlineSize": f"{max(end - begin, 1.2):.2f}%"},
            title=f"{labels.get(row.slot.key, row.slot.title)} · {days(row.slot, zone)}",
        )

    lines: dict[str, list[Component]] = {}
    for row in rows:
        if not row.proposed:
            lines.setdefault("", []).append(box(row, "unmet"))
        elif row.proposed == row.in_force:
            lines.setdefault(row.proposed, []).append(box(row, "kept"))
        else:
            lines.setdefault(row.proposed, []).append(box(row, "new"))
            if row.in_force:
                lines.setdefault(row.in_force, []).append(box(row, "gone"))
    order = sorted(lines, key=lambda team: (bool(team), labels.get(team, team)))
    ticks = _ticks(first, last, zone)
    drawn = [
        tags.Li(
            html.Span(labels.get(team, team) if team else _("Not met"), className="assign-line-name"),
            tags.Span(
                *(html.Span(className="assign-tick", style={"insetInlineStart": f"{at:.2f}%"}) for at, _w in ticks),
                *lines[team],
                className="assign-track",
            ),
            className="assign-line" + ("" if team else " assign-line--unmet"),
        )
        for team in order
    ]
    scale = tags.Li(
        html.Span(className="assign-line-name"),
        html.Span(
            [html.Span(words, className="assign-day", style={"insetInlineStart": f"{at:.2f}%"}) for at, words in ticks],
            className="assign-scale",
        ),
        className="assign-line",
    )
    legend = html.Div(
        [
            html.Span([html.Span(className=f"assign-key assign-bar--{kind}"), words])
            for kind, words in (
                ("kept", _("In force")),
                ("new", _("Proposed")),
                ("gone", _("In force, given up in the proposal")),
                ("unmet", _("Not met")),
            )
        ],
        className="assign-legend",
    )
    return html.Div(
        [html.Ol([scale, *drawn], className="assign-chart"), legend],
        role="img",
        **{"aria-label": _("Teams over time; the same stands in the list of needs below.")},
    )


def _ticks(first: datetime, last: datetime, zone: str) -> list[tuple[float, str]]:
    """Return at most eight midnights of the zone, each as (percent of the whole span, date)."""
    local = first.astimezone(ZoneInfo(zone))
    days = max(1, (last - first) // timedelta(days=1))
    step = max(1, -(-days // 7))
    whole = max(last - first, timedelta(hours=1))
    day = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    while day < last:
        found.append(((day - first) / whole * 100, date(day.date())))
        day += timedelta(days=step)
    return [(at, words) for at, words in found if at < 92]
