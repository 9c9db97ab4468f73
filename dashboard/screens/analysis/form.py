"""The forms of the questions: what must be chosen first, one button, and every parameter under "More"."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts.answer_basis import Suggested, layer_options, site_options, usual_layers
from dashboard.parts.draft_fields import longest
from dashboard.parts.draft_form import DraftForm, Drawer
from dashboard.parts.drawn import drawn
from dashboard.parts.form import button, client_id, multi_select_field, select_field
from dashboard.parts.icon import icon
from dashboard.screens.analysis.question import FORMS, find_out_id
from dashboard.screens.analysis.typed import journeys_text, places_text
from dashboard.wording import _, ngettext
from operations.analyses.asking import Asking
from operations.core.said import Basis

_MOST_LISTED = 50


def fields_of(asking: Asking, given: Suggested, operation_href: str) -> list[Component]:
    """The form of one question, with what the operation at this address suggests."""
    form, drawers = FORMS[asking.kind], _drawers(given)
    first: list[Component] = []
    more: list[Component] = []
    for name, said in form.said.items():
        known = _given(given, said.given)
        field = drawn(form, name, _shown(form, name, known), drawers)
        (first if name in asking.first else more).append(field)
        if said.basis is not None:
            known = given.layers if name == "layers" else given.journeys if name == "along" else known
            first += _taken_from(said.basis, known, operation_href)
    press = button(
        _("Find out"), id=find_out_id(asking.kind), kind="primary", icon_name="search", n_clicks=0, fullWidth=True
    )
    summary = html.Summary([icon("adjustments", size=16), html.Span(_("More: every parameter"))])
    return [
        client_id(form),
        *first,
        press,
        html.Details([summary, html.Div(more, className="analysis-more")], className="analysis-details"),
    ]


def _given(given: Suggested, path: str) -> Any:
    """What the operation suggests under a path of names; None where it suggests nothing."""
    held: Any = given if path else None
    for name in path.split("."):
        held = getattr(held, name, None)
    return held


def _shown(form: DraftForm, name: str, known: Any) -> Any:
    """What a field begins with, as it is typed: what the operation suggests, or what is usual."""
    value, draws = form.start(name) if known is None else known, form.said[name].draws
    match draws:
        case "places":
            return places_text((value or ())[: longest(form.about(name))])
        case "journeys":
            return journeys_text(value or ())
        case "numbers":
            return " ".join(f"{each:g}" for each in value)
        case "around" | "required" | "skills":
            return ""
    return value


def _taken_from(basis: Basis, known: Any, operation_href: str) -> list[Component]:
    """A sentence that says what a question is asked of, or where it is made."""
    if not known:
        link = html.A(_(basis.link), href=f"{operation_href}/{basis.page}", className="m-link")
        return [html.P([icon(basis.icon, size=16), html.Span(_(basis.none)), link], className="analysis-basis")]
    if not basis.there:
        return []
    count, there = len(known), basis.there
    words = _(there, count=count) if isinstance(there, str) else ngettext(*there, count)
    return [html.P([icon(basis.icon, size=16), html.Span(words)], className="analysis-basis")]


def _drawers(given: Suggested) -> Mapping[str, Drawer]:
    """What is chosen among things of the operation."""

    def layers(form: DraftForm, name: str, _value: Any, words: dict[str, Any]) -> Component:
        options = layer_options(given.layers, own=True)
        return multi_select_field(form, name, options=options, value=usual_layers(given.layers), **words)

    def crossings(form: DraftForm, name: str, value: Any, words: dict[str, Any]) -> Component:
        """Those chosen; those of the countries come when the question is chosen."""
        chosen = list(value or ())
        return multi_select_field(
            form, name, options=site_options((), chosen), value=chosen, limit=_MOST_LISTED, **words
        )

    def routes(form: DraftForm, name: str, _value: Any, words: dict[str, Any]) -> Component:
        drawn_there: dict[str, str] = {}
        for each in given.journeys:
            drawn_there.setdefault(journeys_text([each]), each.name)
        options = [{"value": value, "label": label} for value, label in drawn_there.items()]
        inside = _("A route of the plan") if options else _("No route is drawn on the plan")
        first = next(iter(drawn_there), None)
        return select_field(form, name, options=options, value=first, disabled=not options, placeholder=inside, **words)

    def areas(form: DraftForm, name: str, _value: Any, words: dict[str, Any]) -> Component:
        sites = {value: _(label) for value, label in form.said[name].choices.items()}
        options = [{"value": value, "label": label} for value, label in (sites | dict(given.areas)).items()]
        chosen = next(iter({**given.areas, **sites}))
        return select_field(form, name, options=options, value=chosen, clearable=False, **words)

    return {"layers": layers, "crossings": crossings, "closable": crossings, "routes": routes, "areas": areas}
