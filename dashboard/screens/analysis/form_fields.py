"""Fields that several questions have: layers, cells, periods, sites, countries, and what the plan gives."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.parts.answer_basis import Suggested, layer_options, site_options, usual_layers
from dashboard.parts.form import Form, multi_select_field, number_field, select_field, text_area
from dashboard.parts.icon import icon
from dashboard.screens.analysis.question import NO_TREND
from dashboard.wording import N_, _, language
from operations.core import vocabulary

Parts = tuple[list[Component], list[Component]]
"""What must be chosen first, and every other parameter."""


def basis(symbol: str, words: str, *more: Component) -> Component:
    """A sentence that says what a question is asked of."""
    return html.P([icon(symbol, size=16), html.Span(words), *more], className="analysis-basis")


def link(words: str, href: str) -> Component:
    """The way to the page where something is missing."""
    return html.A(words, href=href, className="m-link")


def layers_field(form: Form, given: Suggested, href: str) -> Component:
    """The layers to ask about; the operation's own results are there from its first report on."""
    field = multi_select_field(
        form, "layers", _("Layers"), layer_options(given.layers, own=True), value=usual_layers(given.layers)
    )
    if given.layers:
        return field
    none = basis("stack-2", _("No layer of events was brought in yet."), link(_("Bring one in"), href))
    return html.Div([field, none])


def resolution_field(form: Form) -> Component:
    """The size of cells."""
    return number_field(
        form,
        "resolution",
        _("Size of the cells"),
        placeholder=_("Chosen by the data"),
        description=_("H3 resolution, 2 (about 87,000 km²) to 8 (about 0.7 km²)."),
    )


def length_field(form: Form, usual: str | None, *, trends: bool) -> Component:
    """The length of a period."""
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


def sites_field(form: Form, field: str, label: str, meaning: str, chosen: Sequence[str] = ()) -> Component:
    """Known crossings; those of the countries come when the question is chosen."""
    return multi_select_field(
        form, field, label, site_options((), chosen), value=list(chosen), description=meaning, limit=50
    )


def countries_field(form: Form, field: str, label: str, meaning: str, chosen: Sequence[str] = ()) -> Component:
    """Any countries of the world."""
    known = vocabulary.options("CL-COUNTRY", language())
    return multi_select_field(form, field, label, known, value=list(chosen), description=meaning, limit=60)


def places_field(form: Form, field: str, label: str, text: str, meaning: str) -> Component:
    """Places, one on a line."""
    return text_area(form, field, label, value=text, minRows=2, maxRows=8, className="m-num", description=meaning)


def share_field(form: Form, field: str, label: str, value: float, meaning: str, step: float = 0.05) -> Component:
    """A number with decimals."""
    return number_field(form, field, label, value=value, allowDecimal=True, step=step, description=meaning)
