"""Forms of the analysis questions: required fields first, one button, and every other parameter under "More"."""

from collections.abc import Mapping
from typing import Any

from dash import Output, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Part, followed
from dashboard.parts.draft_fields import longest
from dashboard.parts.draft_form import DraftForm, Drawer
from dashboard.parts.form import button, client_id, multi_select_field, select_field
from dashboard.parts.form_fields import drawn
from dashboard.parts.icon import icon
from dashboard.parts.question_defaults import (
    Suggested,
    layer_options,
    operation_defaults,
    site_options,
    usual_layers,
)
from dashboard.screens.analysis.input_parsing import journeys_text, places_text
from dashboard.screens.analysis.question import FORMS, find_out_id
from dashboard.wording import _, ngettext
from operations.analyses.question import QuestionType
from operations.core.people import Actor
from operations.policing.operation import plan

_MOST_LISTED = 50
QUESTION = "analysis-question"
"""The forms are drawn only for those who may ask."""


def fields_of(asking: QuestionType, given: Suggested, operation_href: str) -> list[Component]:
    """Return the form of one question, prefilled with what the operation at this address suggests."""
    form, drawers = FORMS[asking.kind], _drawers(given)
    first: list[Component] = []
    more: list[Component] = []
    for name, said in form.said.items():
        known = _given(given, said.given)
        field = drawn(form, name, _shown(form, name, known), drawers)
        (first if name in asking.first else more).append(field)
        if said.basis is not None:
            first.append(followed(_basis_id(form, name), _basis(form, name, given, operation_href), className=_BASIS))
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
    """Return the operation's suggestion under a path of names, or None."""
    held: Any = given if path else None
    for name in path.split("."):
        held = getattr(held, name, None)
    return held


def _shown(form: DraftForm, name: str, known: Any) -> Any:
    """Return the initial value of a field as it is typed: the operation's suggestion, else the default."""
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


def _basis(form: DraftForm, name: str, given: Suggested, operation_href: str) -> list[Component]:
    """Return a sentence that says which data a question uses, or where to enter it."""
    said, basis = form.said[name], form.said[name].basis
    known = _given(given, {"layers": "layers", "routes": "journeys"}.get(said.draws, said.given))
    if basis is None or (known and not basis.there):
        return []
    if not known:
        link = html.A(_(basis.link), href=f"{operation_href}/{basis.page}", className="m-link")
        return [html.P([icon(basis.icon, size=16), html.Span(_(basis.none)), link], className="analysis-basis")]
    count, there = len(known), basis.there
    words = _(there, count=count) if isinstance(there, str) else ngettext(*there, count)
    return [html.P([icon(basis.icon, size=16), html.Span(words)], className="analysis-basis")]


# ------------------------------------------------------------------------------------- what there is to choose from


_BASIS = "analysis-taken"
_PROPS = {"layers": ("data",), "routes": ("data", "disabled", "placeholder"), "areas": ("data",)}
"""The props of a field that the operation fills, by the function that draws the field."""


def _basis_id(form: DraftForm, name: str) -> str:
    return f"{form.id(name)}-basis"


def _parts(form: DraftForm, name: str) -> list[Part]:
    said = form.said[name]
    parts: list[Part] = [Output(form.id(name), prop) for prop in _PROPS.get(said.draws, ())]
    return parts if said.basis is None else [*parts, _basis_id(form, name)]


CHOICES = tuple(part for form in FORMS.values() for name in form.said for part in _parts(form, name))
"""The props that are refreshed when the plan or the layers of the operation change; values that were chosen stay."""


def choices(session: Session, operation: plan.Operation, _by: Actor) -> list[Any]:
    """Return the current value of everything in CHOICES."""
    given = operation_defaults(session, operation, plan.countries(session, operation.id))
    found: list[Any] = []
    for form in FORMS.values():
        for name, said in form.said.items():
            found += _offered(form, name, given).values()
            if said.basis is not None:
                found.append(_basis(form, name, given, f"/operations/{operation.id}"))
    return found


def _offered(form: DraftForm, name: str, given: Suggested) -> dict[str, Any]:
    """Return the options of a field, by the names of `_PROPS`."""
    said = form.said[name]
    match said.draws:
        case "layers":
            return {"data": layer_options(given.layers, own=True)}
        case "routes":
            drawn_there: dict[str, str] = {}
            for each in given.journeys:
                drawn_there.setdefault(journeys_text([each]), each.name)
            inside = _("A route of the plan") if drawn_there else _("No route is drawn on the plan")
            return {"data": _options(drawn_there), "disabled": not drawn_there, "placeholder": inside}
        case "areas":
            return {"data": _options({value: _(label) for value, label in said.choices.items()} | dict(given.areas))}
    return {}


def _options(named: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in named.items()]


def _drawers(given: Suggested) -> Mapping[str, Drawer]:
    """Return the functions that draw fields whose options are objects of the operation."""

    def layers(form: DraftForm, name: str, _value: Any, words: dict[str, Any]) -> Component:
        options = _offered(form, name, given)["data"]
        return multi_select_field(form, name, options=options, value=usual_layers(given.layers), **words)

    def crossings(form: DraftForm, name: str, value: Any, words: dict[str, Any]) -> Component:
        """Draw the chosen crossings only: the options of the countries are loaded when the question is chosen."""
        chosen = list(value or ())
        return multi_select_field(
            form, name, options=site_options((), chosen), value=chosen, limit=_MOST_LISTED, **words
        )

    def routes(form: DraftForm, name: str, _value: Any, words: dict[str, Any]) -> Component:
        offered = _offered(form, name, given)
        first = next((each["value"] for each in offered["data"]), None)
        return select_field(form, name, options=offered.pop("data"), value=first, **offered, **words)

    def areas(form: DraftForm, name: str, _value: Any, words: dict[str, Any]) -> Component:
        options, chosen = _offered(form, name, given)["data"], next(iter({**given.areas, **form.said[name].choices}))
        return select_field(form, name, options=options, value=chosen, clearable=False, **words)

    return {"layers": layers, "crossings": crossings, "closable": crossings, "routes": routes, "areas": areas}
