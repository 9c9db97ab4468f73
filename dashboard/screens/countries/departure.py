"""Leaving an operation: the three choices for the country's figures, each with its effect in numbers and its button."""

from dash import html
from dash.development.base_component import Component

from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.form import button
from dashboard.wording import _, ngettext
from operations.core.field_labels import labels_of
from operations.policing.operation import plan
from operations.policing.reports.departure import CountryTotals
from operations.totals.activity import DepartureChoice


def leave_form(standing: CountryTotals, kind: str) -> Component:
    """Return the three choices, folded; `kind` is the type of the buttons, which name what happens to the figures."""
    ways = labels_of(plan.Leaving)["figures"].choices
    items = [_way(kind, kept, _(ways[kept.value]), _meaning(kept, standing)) for kept in DepartureChoice]
    lead = _("Choose what becomes of the figures that your country has reported. Only a new invitation leads back.")
    return html.Details(
        [html.Summary(_("Leave the operation")), html.P(lead), html.Ul(items, className="leave-ways")],
        className="overview-editor overview-leave",
    )


def _way(kind: str, kept: DepartureChoice, words: str, meaning: str) -> Component:
    leave = button(
        _("Leave"),
        id={"type": kind, "of": kept.value},
        kind="danger",
        icon_name="logout",
        size="compact-sm",
        **{
            **confirmation_attributes("participation.leave", f"{words}. {meaning}"),
            "aria-label": f"{_('Leave')}: {words}",
        },
    )
    return html.Li([html.Div([html.Strong(words), html.P(meaning, className="m-dim m-small")]), leave])


def _meaning(kept: DepartureChoice, standing: CountryTotals) -> str:
    """Return the effect on the figures, in numbers."""
    stays = _reports(standing.reports, standing.lines)
    waits = _reports(standing.waiting, standing.waiting_lines)
    if kept is DepartureChoice.SHOWN:
        return _("Validated: {stays}. Waiting: {waits}. All stay where they are seen now.", stays=stays, waits=waits)
    if kept is DepartureChoice.TOTALS:
        return _(
            "Validated, in the totals without your country's name: {stays}. Waiting, and withdrawn: {waits}. "
            "Nobody but your people reads your reports any more.",
            stays=stays,
            waits=waits,
        )
    gone = _reports(standing.reports + standing.waiting, standing.lines + standing.waiting_lines)
    return _("Withdrawn: {gone}. This cannot be undone. Nobody but your people reads them any more.", gone=gone)


def _reports(reports: int, lines: int) -> str:
    return _(
        "{reports} with {lines}",
        reports=ngettext("{n} report", "{n} reports", reports),
        lines=ngettext("{n} line", "{n} lines", lines),
    )
