"""Reports that wait below V3 before the debriefing, and those that were left out of the figures, with the reasons."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.form import Form, button, select_field, text_field
from dashboard.wording import _, coded, language, moment_utc, ngettext
from operations.core import vocabulary
from operations.policing.reports.exclusions import ReportExclusion

LEAVE_OUT = Form("operation-leave-out")


def left_out_list(found: Sequence[ReportExclusion], *, final: bool) -> list[Component]:
    """Return the excluded reports by country, with reason and person; `final` from the debriefing on."""
    if not found:
        return []
    title = _("Left out of the figures") if final else _("Named as left out, should they still wait at the debriefing")
    items = [
        tags.Li(
            html.Strong(coded("CL-COUNTRY", excluded.country)),
            html.Span(" · "),
            html.Span(ngettext("{n} report", "{n} reports", excluded.reports)),
            html.P(html.Bdi(excluded.reason)),
            html.Small(f"{excluded.named_by_name} · {moment_utc(excluded.named_at)}", className="m-dim"),
        )
        for excluded in sorted(found, key=lambda each: each.country)
    ]
    return [html.H3(title), html.Ul(items, className="left-out")]


def waiting_list(unnamed: Mapping[str, int]) -> list[Component]:
    """Return the number of reports by country that wait below V3 and are not excluded."""
    if not unnamed:
        return []
    items = [
        tags.Li(
            html.Strong(coded("CL-COUNTRY", country)),
            html.Span(" · "),
            html.Span(ngettext("{n} report", "{n} reports", count)),
        )
        for country, count in sorted(unnamed.items())
    ]
    return [html.H3(_("Waiting below V3")), html.Ul(items, className="left-out")]


def leaving_out(countries: Sequence[str], send: str, without: str) -> Component:
    """Return the coordinator's form to exclude a country's waiting reports, or to go on `without` its final word."""
    options = vocabulary.options("CL-COUNTRY", language(), countries)
    return tags.Div(
        select_field(LEAVE_OUT, "country", _("Country whose reports are left out"), options),
        text_field(
            LEAVE_OUT,
            "reason",
            _("Reason"),
            maxLength=500,
            description=_("Everybody who reads the figures reads it too. No names of persons."),
        ),
        tags.Div(
            button(
                _("Leave them out"),
                id=send,
                kind="danger",
                icon_name="ban",
                **confirmation_attributes("reports.leave_out"),
            ),
            button(_("Go on without its final word"), id=without, icon_name="arrow-forward-up"),
            className="m-row",
        ),
        className="overview-invite",
    )
