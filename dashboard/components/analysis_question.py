"""What can be asked on the analysis page: three questions in plain words, their defaults, every parameter under "More".

The defaults come from the operation and from the models of the questions, so that one button gives a good answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dash import html
from dash.development.base_component import Component
from pydantic import ValidationError
from sqlmodel import Session

from analyses.questions import MODELS, ForecastQuestion, HotspotQuestion, Journey, PlacementQuestion, Question, Stop
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
from dashboard.later import later
from dashboard.wording import N_, _, language
from geodata import formats
from operations.core import vocabulary
from operations.core.drafts import flaws_of
from operations.core.errors import Flaw, RuleBroken
from operations.core.vocabulary import AnalysisKind, LayerKind, MapObjectKind
from operations.policing import layers, places
from operations.policing.layers import EventLayer

if TYPE_CHECKING:
    from geodata import sites
else:
    sites = later("geodata.sites")

FORMS = {
    AnalysisKind.HOTSPOTS: Form("analysis-hotspots"),
    AnalysisKind.FORECAST: Form("analysis-forecast"),
    AnalysisKind.PLACEMENT: Form("analysis-placement"),
}
PLAIN_WORDS = {
    AnalysisKind.HOTSPOTS: (
        N_("Where do they cross?"),
        N_("Places where more happens than chance explains, and whether it grows."),
        "flame",
    ),
    AnalysisKind.FORECAST: (
        N_("Where next?"),
        N_("The places that will see most in the next period, and how far such lists held before."),
        "trending-up",
    ),
    AnalysisKind.PLACEMENT: (
        N_("Where do I put my teams?"),
        N_("The crossings where teams detect most of those who take the way that is safest for them."),
        "target-arrow",
    ),
}
"""Each question as a person asks it, what it answers, and its icon."""

FIELDS = {
    AnalysisKind.HOTSPOTS: ("layers", "resolution", "level", "least", "length", "weighted"),
    AnalysisKind.FORECAST: ("layers", "watched", "resolution", "length"),
    AnalysisKind.PLACEMENT: (
        "teams",
        "journeys",
        "detection",
        "on_the_way",
        "in_force",
        "fixed",
        "forbidden",
        "staffed",
        "seconds",
        "margin_km",
    ),
}
"""The fields of each form. `layers` says of what is asked; the others are those of the question's model."""

SITES = ("in_force", "fixed", "forbidden", "staffed")
_CROSSING = "crossing:"
_NO_TREND = "none"


def find_out_id(kind: AnalysisKind) -> str:
    """The id of the button that asks a question."""
    return f"analysis-find-out-{kind.value}"


# ------------------------------------------------------------------------------------------------- the forms


def fields_of(
    kind: AnalysisKind, known: Sequence[EventLayer], journeys: Sequence[Journey], in_force: Sequence[str], hrefs: Any
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


def layer_words(layer: EventLayer) -> str:
    """A layer by its name and what its rows are."""
    return f"{layer.name} · {vocabulary.label('CL-LAYERKIND', layer.kind, language())}"


def usual_layers(known: Sequence[EventLayer]) -> list[EventLayer]:
    """Those to ask about unless somebody chooses: all of events, or of the next kind where there are none."""
    for kind in (LayerKind.EVENTS, LayerKind.PLACES_OF_DANGER, LayerKind.OWN_RESULTS, LayerKind.INDICATORS):
        if found := [each for each in known if each.kind == kind.value]:
            return found
    return []


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
        named.append({"value": _NO_TREND, "label": _("No trends")})
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


# --------------------------------------------------------------------------------- what the operation suggests


def journeys_of(session: Session, operation_id: UUID) -> list[Journey]:
    """A journey along each route on the plan: from its first point to its last, all equally likely."""
    found = []
    for each in places.objects(session, operation_id):
        if each.kind == MapObjectKind.ROUTE.value:
            lines = each.geometry["coordinates"]
            first, last = (
                (lines[0], lines[-1]) if each.geometry["type"] == "LineString" else (lines[0][0], lines[-1][-1])
            )
            ends = (Stop(lon=lon, lat=lat) for lon, lat in (first[:2], last[:2]))
            found.append(Journey(name=each.name, origin=next(ends), destination=next(ends)))
    return found


def in_force_of(session: Session, operation_id: UUID) -> list[str]:
    """The ids of the bundled crossings at which the operation has sites."""
    refs = (each.ref for each in places.sites(session, operation_id))
    return sorted({ref.removeprefix(_CROSSING) for ref in refs if ref.startswith(_CROSSING)})


def site_options(countries: Iterable[str], chosen: Iterable[str] = ()) -> list[dict[str, str]]:
    """The crossings of some countries and those `chosen`, as choices: {"value": id, "label": name and countries}."""
    wanted, named = list(countries), {}
    if wanted:
        known = sites.sites("crossing", wanted)
        for ref, name, one, other in zip(known["ref"], known["name"], known["iso3"], known["iso3_other"], strict=True):
            named[ref.removeprefix(_CROSSING)] = f"{name} ({one}–{other})"
    for each in chosen:
        if each not in named:
            found = sites.site(_CROSSING + each)
            named[each] = each if found is None else found.name
    return [{"value": value, "label": label} for value, label in named.items()]


# ------------------------------------------------------------------------------------------- what was typed


def journeys_text(journeys: Iterable[Journey]) -> str:
    """Journeys as they are typed: name; from; to; share."""
    return "\n".join(
        f"{each.name.replace(';', ',')}; {_place(each.origin)}; {_place(each.destination)}; {each.share:g}"
        for each in journeys
    )


def _place(stop: Stop) -> str:
    return formats.write(formats.Position(lat=stop.lat, lon=stop.lon))


def journeys_typed(text: str) -> list[dict[str, Any]]:
    """The journeys that lines of text name. Raises RuleBroken on `journeys`, with the line that cannot be read.

    >>> [(each["name"], each["destination"], each["share"]) for each in journeys_typed("A; 17, 8; 27, 14.4; 2")]
    [('A', {'lon': 14.4, 'lat': 27.0}, 2.0)]
    """
    found, flaws = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        name, *rest = (part.strip() for part in line.split(";"))
        try:
            origin, destination, *share = rest
            found.append(
                {
                    "name": name,
                    "origin": _stop(origin),
                    "destination": _stop(destination),
                    "share": float(share[0]) if share and share[0] else 1.0,
                }
            )
        except formats.CoordinateError as error:
            flaws.append(Flaw("journeys", error.template, error.params))
        except ValueError:
            flaws.append(Flaw("journeys", "Line {line} cannot be read: write name; from; to; share.", {"line": number}))
    if flaws:
        raise RuleBroken.all(flaws)
    return found


def _stop(text: str) -> dict[str, float]:
    found = formats.parse(text)
    return {"lon": found.lon, "lat": found.lat}


def typed(kind: AnalysisKind, values: Mapping[str, Any]) -> Question:
    """The question that a form asks; raises RuleBroken with every flaw, each on its field."""
    content = {name: None if value == "" else value for name, value in values.items() if name != "layers"}
    if "length" in content and content["length"] == _NO_TREND:
        content["length"] = None
    if kind is AnalysisKind.PLACEMENT:
        content["journeys"] = journeys_typed(str(values.get("journeys") or ""))
        if not content["journeys"]:
            raise RuleBroken(
                "journeys", "Say who travels from where to where: draw routes on the plan, or type journeys here."
            )
        content |= {name: tuple(content.get(name) or ()) for name in SITES}
    try:
        return MODELS[kind].model_validate(content)
    except ValidationError as error:
        raise RuleBroken.all(flaws_of(error)) from None


def chosen_layers(session: Session, operation_id: UUID, values: Mapping[str, Any]) -> tuple[UUID, ...]:
    """The versions of layers that a form asks about. Raises RuleBroken on `layers`."""
    known = {str(each.id): each for each in layers.layers(session, operation_id)}
    chosen = [known[each] for each in values.get("layers") or () if each in known]
    if not chosen:
        raise RuleBroken("layers", "Choose at least one layer: without events there is nothing to compute.")
    if len({each.kind for each in chosen}) > 1:
        raise RuleBroken(
            "layers", "Choose layers of one kind: places of danger, totals and offences are never counted together."
        )
    return tuple(each.id for each in chosen)
