"""Bulk verification of reports in which nothing needs individual attention, selected on the list."""

from collections.abc import Set
from typing import Any
from uuid import UUID

import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Input, Output, State, clientside_callback, html
from dash.development.base_component import Component

from dashboard.frame.bulk_actions import bulk_action
from dashboard.frame.interactions import Done, Press, does
from dashboard.parts import tags
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.form import button
from dashboard.server.access import known_id, reading
from dashboard.wording import _, date, ngettext
from operations.core.permissions import Act
from operations.policing.map_plan import places
from operations.policing.reports import desk_queries, reports, verification
from operations.policing.reports.reports import Report

PICK = "verify-pick"
ALL_OF_THEM, DO = "verify-pick-all", "verify-pick-do"
_PICKS = {"type": PICK, "report": ALL}


def pick(found: Report, site: str) -> Component:
    """Return the checkbox that selects a report."""
    words = _("Choose {site}, {day}", site=site, day=date(found.official_day))
    named: dict[str, Any] = {"aria-label": words}
    return dmc.Checkbox(id={"type": PICK, "report": str(found.id)}, checked=False, size="xs", **named)


def picking(plain: Set[UUID]) -> list[Component]:
    """Return the buttons above the list: select all, and act on the selected; [] with fewer than two reports."""
    if len(plain) < 2:
        return []
    words = ngettext(
        "{n} report holds no hit, no remark and no correction.",
        "{n} reports hold no hit, no remark and no correction.",
        len(plain),
    )
    key: dict[str, Any] = {"aria-keyshortcuts": "A"}
    return [
        tags.Div(
            html.P(words, className="m-small m-dim"),
            button(_("Choose these"), ALL_OF_THEM, "plain", "checks", n_clicks=0, size="xs", **key),
            button(
                _("Answer for the chosen"),
                DO,
                "primary",
                "check",
                n_clicks=0,
                size="xs",
                **confirmation_attributes("report.verify_many"),
            ),
            className="verify-many",
        )
    ]


clientside_callback(
    ClientsideFunction("muster", "verifyPickAll"),
    Output(_PICKS, "checked"),
    Input(ALL_OF_THEM, "n_clicks"),
    State(_PICKS, "checked"),
    prevent_initial_call=True,
)


@does(DO, act=Act.REPORT_RETURN, given={"picks": State(_PICKS, "checked"), "whose": State(_PICKS, "id")})
def verify_chosen(press: Press, picks: list[bool | None], whose: list[dict[str, str]]) -> Done:
    """Raise each selected report by one level, if nothing in it needs individual attention."""
    wanted = [known_id(each.get("report")) for each, chosen in zip(whose, picks, strict=True) if chosen]
    with reading() as session:
        found = [reports.report(session, each) for each in wanted]
        names = {site.id: site.name for each in found for site in places.sites(session, each.operation_id)}
        plain = desk_queries.unremarkable(session, found)
    return bulk_action(
        [
            (f"{names.get(report.site_id, '')}, {date(report.official_day)}", report.id)
            for report in sorted(found, key=lambda each: each.received_at)
            if report.id in plain
        ],
        lambda session, ident: verification.verify(session, ident, press.by),
        lambda n: ngettext("{n} report has climbed.", "{n} reports have climbed.", n),
    )
