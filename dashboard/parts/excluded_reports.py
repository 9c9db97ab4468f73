"""What waits below V3 when an operation is to be debriefed, and what was left out of its figures, with the reasons."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.confirmation import asks
from dashboard.parts.form import Form, button, select_field, text_field
from dashboard.wording import _, coded, language, moment_utc, ngettext
from operations.core import vocabulary
from operations.policing.reports.exclusions import LeftOut

LEAVE_OUT = Form("operation-leave-out")


def left_out_list(found: Sequence[LeftOut], *, final: bool) -> list[Component]:
    """The reports that were named, by country, why and by whom; `final` from the debriefing on."""
    if not found:
        return []
    title = _("Left out of the figures") if final else _("Named as left out, should they still wait at the debriefing")
    items = [
        tags.Li(
            html.Strong(coded("CL-COUNTRY", each.country)),
            html.Span(" · "),
            html.Span(ngettext("{n} report", "{n} reports", each.reports)),
            html.P(html.Bdi(each.reason)),
            html.Small(f"{each.named_by_name} · {moment_utc(each.named_at)}", className="m-dim"),
        )
        for each in sorted(found, key=lambda each: each.country)
    ]
    return [html.H3(title), html.Ul(items, className="left-out")]


def waiting_list(unnamed: Mapping[str, int]) -> list[Component]:
    """How many reports wait below V3 and are not named as left out, by country."""
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
    """The form by which the coordinator names what a country has waiting as left out, or goes on `without` its word."""
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
            button(_("Leave them out"), id=send, kind="danger", icon_name="ban", **asks("reports.leave_out")),
            button(_("Go on without its final word"), id=without, icon_name="arrow-forward-up"),
            className="m-row",
        ),
        className="overview-invite",
    )
