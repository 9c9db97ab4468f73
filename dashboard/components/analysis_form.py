"""The forms of the three questions: what must be chosen first, one button, and every parameter under "More"."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from analyses.questions import ForecastQuestion, HotspotQuestion, Journey, PlacementQuestion
from dashboard.components.analysis_question import (
    FORMS,
    NO_TREND,
    find_out_id,
    journeys_text,
    layer_words,
    site_options,
    usual_layers,
)
from dashboard.components.form import (
    Form,
    button,
    client_id,
    multi_select_field,
    number_field,
    select_field,
    switch_field,
    text_area,
)
from dashboard.components.icon import icon
from dashboard.wording import N_, _
from operations.core.vocabulary import AnalysisKind
from operations.policing.layers import EventLayer


def fields_of(
    kind: AnalysisKind,
    known: Sequence[EventLayer],
    journeys: Sequence[Journey],
    in_force: Sequence[str],
    hrefs: Mapping[str, str],
) -> list[Component]:
    """The form of one question. `hrefs` are the addresses of the pages `layers` and `plan`."""
    form, asked = FORMS[kind], find_out_id(kind)
    press = button(_("Find out"), id=asked, kind="primary", icon_name="search", n_clicks=0, fullWidth=True)
    inside = {
        AnalysisKind.HOTSPOTS: lambda: _hotspots(form, known, hrefs["layers"]),
        AnalysisKind.FORECAST: lambda: _forecast(form, known, hrefs["layers"]),
        AnalysisKind.PLACEMENT: lambda: _placement(form, journeys, in_force, hrefs["plan"]),
    }
    first, more = inside[kind]()
    summary = html.Summary([icon("adjustments", size=16), html.Span(_("More: every parameter"))])
    return [
        client_id(form),
        *first,
        press,
        html.Details([summary, html.Div(more, className="analysis-more")], className="analysis-details"),
    ]


def _hotspots(form: Form, known: Sequence[EventLayer], href: str) -> tuple[list[Component], list[Component]]:
    usual = HotspotQuestion()
    return [_layers(form, known, href)], [
        _resolution(form),
        number_field(
            form,
            "level",
            _("False discoveries"),
            value=usual.level,
            allowDecimal=True,
            step=0.01,
            description=_("Share of the places marked that may be marked by chance, up to 0.2."),
        ),
        number_field(
            form,
            "least",
            _("Least events"),
            value=usual.least,
            description=_("So many events a hot cell and its neighbours hold together at least."),
        ),
        _length(form, usual.length, trends=True),
        switch_field(
            form,
            "weighted",
            _("Count persons instead of events"),
            checked=usual.weighted,
            description=_("Each event counts for the quantity that its row names."),
        ),
    ]


def _forecast(form: Form, known: Sequence[EventLayer], href: str) -> tuple[list[Component], list[Component]]:
    usual = ForecastQuestion()
    first = [
        _layers(form, known, href),
        number_field(
            form,
            "watched",
            _("Places that can be watched"),
            value=usual.watched,
            description=_("So many cells the list names."),
        ),
    ]
    return first, [_resolution(form), _length(form, usual.length, trends=False)]


def _placement(
    form: Form, journeys: Sequence[Journey], in_force: Sequence[str], href: str
) -> tuple[list[Component], list[Component]]:
    usual = {name: each.default for name, each in PlacementQuestion.model_fields.items()}
    drawn = html.P(
        [
            icon("route", size=16),
            html.Span(
                _("{count} journeys from the routes on the plan, equally likely.", count=len(journeys))
                if journeys
                else _("No route is drawn on the plan. Draw the routes there, or type journeys under “More”.")
            ),
            *([] if journeys else [html.A(_("Open the plan"), href=href, className="m-link")]),
        ],
        className="analysis-basis",
    )
    first = [
        number_field(form, "teams", _("Teams"), value=usual["teams"], min=1, max=200),
        drawn,
    ]
    return first, [
        text_area(
            form,
            "journeys",
            _("Journeys"),
            value=journeys_text(journeys),
            minRows=3,
            maxRows=8,
            className="m-num",
            description=_(
                "One on a line: name; latitude, longitude of the beginning; of the end; share of all movement."
            ),
        ),
        number_field(
            form,
            "detection",
            _("Detection at a checkpoint"),
            value=usual["detection"],
            allowDecimal=True,
            step=0.05,
            description=_("The chance that a checkpoint detects who passes it, between 0 and 1."),
        ),
        number_field(
            form,
            "on_the_way",
            _("Detection on the way"),
            value=usual["on_the_way"],
            allowDecimal=True,
            step=0.01,
            description=_("The chance to be detected on 1,000 km of road without a checkpoint, between 0 and 1."),
        ),
        _sites(form, "in_force", _("Plan in force"), _("The crossings that the answer is compared with."), in_force),
        _sites(form, "fixed", _("Must be staffed"), _("A team stands here in any case.")),
        _sites(form, "forbidden", _("Never staffed"), _("No team may stand here.")),
        _sites(form, "staffed", _("Watched by others"), _("Somebody else detects here and takes none of the teams.")),
        number_field(
            form,
            "seconds",
            _("Time, in seconds"),
            value=usual["seconds"],
            description=_("How long to look for the best plan and for the proof that none is better, 5 to 3,600."),
        ),
        number_field(
            form,
            "margin_km",
            _("Detours, in km"),
            value=usual["margin_km"],
            description=_("So far around the journeys roads are looked at, 50 to 2,000."),
        ),
    ]


def _layers(form: Form, known: Sequence[EventLayer], href: str) -> Component:
    named = [{"value": str(each.id), "label": layer_words(each)} for each in known]
    field = multi_select_field(
        form, "layers", _("Layers"), named, value=[str(each.id) for each in usual_layers(known)], disabled=not known
    )
    if known:
        return field
    import_ = html.P(
        [
            icon("stack-2", size=16),
            html.Span(_("No layer of events was brought in yet.")),
            html.A(_("Bring one in"), href=href, className="m-link"),
        ],
        className="analysis-basis",
    )
    return html.Div([field, import_])


def _resolution(form: Form) -> Component:
    return number_field(
        form,
        "resolution",
        _("Size of the cells"),
        placeholder=_("Chosen by the data"),
        description=_("H3 resolution, 2 (about 87,000 km²) to 8 (about 0.7 km²)."),
    )


def _length(form: Form, usual: str | None, *, trends: bool) -> Component:
    choices = [(N_("Week"), "week"), (N_("Month"), "month"), (N_("Quarter"), "quarter")]
    named = [{"value": value, "label": _(words)} for words, value in choices]
    if trends:
        named.append({"value": NO_TREND, "label": _("No trends")})
    return select_field(
        form,
        "length",
        _("Length of a period"),
        named,
        value=usual,
        clearable=False,
        description=_("Trends are told over periods of this length.") if trends else _("The period that is foreseen."),
    )


def _sites(form: Form, field: str, label: str, meaning: str, chosen: Sequence[str] = ()) -> Component:
    return multi_select_field(
        form, field, label, site_options((), chosen), value=list(chosen), description=meaning, limit=50
    )
