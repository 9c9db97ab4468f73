"""The forms of the questions: what must be chosen first, one button, and every parameter under "More"."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from dashboard.parts.answer_basis import Suggested
from dashboard.parts.form import button, client_id
from dashboard.parts.icon import icon
from dashboard.screens.analysis import form_events as events
from dashboard.screens.analysis import form_ways as ways
from dashboard.screens.analysis.question import FORMS, find_out_id
from dashboard.wording import _
from operations.core.vocabulary import AnalysisKind


def fields_of(kind: AnalysisKind, given: Suggested, hrefs: Mapping[str, str]) -> list[Component]:
    """The form of one question. `hrefs` are the addresses of the pages `layers`, `plan` and `operation`."""
    form = FORMS[kind]
    press = button(_("Find out"), id=find_out_id(kind), kind="primary", icon_name="search", n_clicks=0, fullWidth=True)
    inside = {
        AnalysisKind.HOTSPOTS: lambda: events.hotspots(form, given, hrefs["layers"]),
        AnalysisKind.FORECAST: lambda: events.forecast(form, given, hrefs["layers"]),
        AnalysisKind.ROUTES: lambda: ways.routes(form, given, hrefs["plan"]),
        AnalysisKind.PLACEMENT: lambda: ways.placement(form, given, hrefs["plan"]),
        AnalysisKind.COVERAGE: lambda: events.coverage(form, given, hrefs["layers"]),
        AnalysisKind.REACH: lambda: ways.reach(form, given, hrefs["plan"]),
        AnalysisKind.DISPLACEMENT: lambda: events.displacement(form, given, dict(hrefs)),
    }
    first, more = inside[kind]()
    summary = html.Summary([icon("adjustments", size=16), html.Span(_("More: every parameter"))])
    return [
        client_id(form),
        *first,
        press,
        html.Details([summary, html.Div(more, className="analysis-more")], className="analysis-details"),
    ]
