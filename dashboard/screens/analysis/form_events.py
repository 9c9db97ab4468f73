"""The forms of questions about events: hotspots, forecast, coverage, displacement."""

from datetime import date

from dash import html
from dash.development.base_component import Component

from dashboard.parts.answer_basis import Suggested
from dashboard.parts.form import Form, date_field, number_field, select_field, switch_field
from dashboard.screens.analysis.form_fields import (
    Parts,
    basis,
    countries_field,
    layers_field,
    length_field,
    link,
    places_field,
    resolution_field,
    share_field,
    sites_field,
)
from dashboard.screens.analysis.question import AT_SITES, ROAD, ROADS_ID, STRAIGHT, measured_id
from dashboard.screens.analysis.typed import places_text
from dashboard.wording import _
from operations.analyses.questions import CoverageQuestion, DisplacementQuestion, ForecastQuestion, HotspotQuestion


def hotspots(form: Form, given: Suggested, href: str) -> Parts:
    """Where do they cross?"""
    usual = HotspotQuestion()
    return [layers_field(form, given, href)], [
        resolution_field(form),
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
        length_field(form, usual.length, trends=True),
        switch_field(
            form,
            "weighted",
            _("Count persons instead of events"),
            checked=usual.weighted,
            description=_("Each event counts for the quantity that its row names."),
        ),
    ]


def forecast(form: Form, given: Suggested, href: str) -> Parts:
    """Where next?"""
    usual = ForecastQuestion()
    first = [
        layers_field(form, given, href),
        number_field(
            form,
            "watched",
            _("Places that can be watched"),
            value=usual.watched,
            description=_("So many cells the list names."),
        ),
    ]
    return first, [resolution_field(form), length_field(form, usual.length, trends=False)]


def coverage(form: Form, given: Suggested, href: str) -> Parts:
    """Where do teams reach the most?"""
    usual = {name: each.default for name, each in CoverageQuestion.model_fields.items()}
    first = [
        layers_field(form, given, href),
        number_field(form, "teams", _("Teams"), value=usual["teams"], min=1, max=200),
        select_field(
            form,
            "measure",
            _("Reach is measured"),
            [
                {"value": ROAD, "label": _("By road, in minutes")},
                {"value": STRAIGHT, "label": _("In a straight line, in km")},
            ],
            value=ROAD,
            clearable=False,
            searchable=False,
        ),
        html.Div(
            number_field(
                form,
                "minutes",
                _("Minutes by road"),
                value=usual["minutes"],
                description=_("So soon a team that stands at its site is at an event, up to 2,880."),
            ),
            id=measured_id(ROAD),
        ),
        html.Div(
            number_field(
                form,
                "reach_km",
                _("Reach, in km"),
                value=50,
                description=_("So far around its site a team reaches, in a straight line."),
            ),
            id=measured_id(STRAIGHT),
            hidden=True,
        ),
    ]
    roads = html.Div(
        [
            switch_field(
                form,
                "stay",
                _("Teams stay in their country"),
                checked=usual["stay"],
                description=_("No team crosses a border. At a crossing, teams come from the countries above."),
            ),
            countries_field(form, "closed_countries", _("Closed countries"), _("Nobody passes through these.")),
            number_field(
                form,
                "road_kmh",
                _("Speed on roads, in km/h"),
                value=usual["road_kmh"],
                description=_("Above 0, up to 300."),
            ),
        ],
        id=ROADS_ID,
        className="analysis-more",
    )
    return first, [
        countries_field(
            form,
            "countries",
            _("Countries"),
            _("Teams may stand at the known crossings of these."),
            given.countries,
        ),
        switch_field(form, "all_sites", _("Airports and ports as well"), checked=usual["all_sites"]),
        roads,
        places_field(
            form,
            "places",
            _("Further places"),
            places_text(given.own_places),
            _("Where a team may stand besides, one on a line: name; latitude, longitude, or the name of a place."),
        ),
        sites_field(
            form, "in_force", _("Plan in force"), _("The crossings that the answer is compared with."), given.in_force
        ),
        sites_field(form, "fixed", _("Must be staffed"), _("A team stands here in any case.")),
        sites_field(form, "forbidden", _("Never staffed"), _("No team may stand here.")),
        sites_field(
            form, "staffed", _("Watched by others"), _("Somebody else stands here and takes none of the teams.")
        ),
        number_field(
            form,
            "capacity",
            _("Events that a team can serve"),
            placeholder=_("Any number"),
            description=_("More than that at one site counts for nothing."),
        ),
        switch_field(
            form,
            "weighted",
            _("Count persons instead of events"),
            checked=usual["weighted"],
            description=_("Each event counts for the quantity that its row names."),
        ),
        number_field(
            form,
            "seconds",
            _("Time, in seconds"),
            value=usual["seconds"],
            description=_("How long to look for the best plan and for the proof that none is better, 2 to 3,600."),
        ),
    ]


def displacement(form: Form, given: Suggested, hrefs: dict[str, str]) -> Parts:
    """Did they go elsewhere?"""
    usual = {name: each.default for name, each in DisplacementQuestion.model_fields.items()}
    windows = given.windows
    where = [
        {"value": AT_SITES, "label": _("Around the sites of the operation")},
        *({"value": value, "label": name} for value, name in given.areas.items()),
    ]
    first = [
        layers_field(form, given, hrefs["layers"]),
        select_field(
            form,
            "where",
            _("Where the operation worked"),
            where,
            value=next(iter(given.areas), AT_SITES),
            clearable=False,
        ),
        _window(form, "during", _("During: first day"), _("Last day"), None if windows is None else windows.during),
    ]
    if windows is None:
        first.append(
            basis(
                "calendar",
                _("The operation has no operational phase yet: type the days, or put one on the calendar."),
                link(_("Open the operation"), hrefs["operation"]),
            )
        )
    return first, [
        _window(form, "before", _("Before: first day"), _("Last day"), None if windows is None else windows.before),
        _window(form, "after", _("After: first day"), _("Last day"), None if windows is None else windows.after),
        number_field(
            form,
            "around_km",
            _("Around each site, in km"),
            value=25,
            description=_("So far the operation worked around a site, up to 500. Areas of the plan need none."),
        ),
        number_field(
            form,
            "buffer_km",
            _("Beside it, in km"),
            value=usual["buffer_km"],
            description=_("So far beside the area movement may have gone. Beyond it is the control."),
        ),
        number_field(
            form,
            "block_days",
            _("Days in a block"),
            value=usual["block_days"] if windows is None else windows.block_days,
            description=_("Whole blocks are exchanged by chance; each window needs at least four."),
        ),
        share_field(
            form,
            "level",
            _("Chance to be wrong"),
            usual["level"],
            _("What is rarer than this is no chance, up to 0.2."),
            0.01,
        ),
        number_field(
            form,
            "permutations",
            _("Arrangements tried"),
            value=usual["permutations"],
            description=_("So often the blocks are dealt anew, 99 to 99,999."),
        ),
        number_field(
            form,
            "seed",
            _("Seed"),
            value=usual["seed"],
            description=_("The same seed deals the same way again."),
        ),
    ]


def _window(form: Form, window: str, first: str, last: str, days: tuple[date, date] | None) -> Component:
    """The first and the last day of a window, beside each other."""
    shown = ("", "") if days is None else tuple(day.isoformat() for day in days)
    return html.Div(
        [
            date_field(form, f"{window}_first", first, value=shown[0] or None),
            date_field(form, f"{window}_last", last, value=shown[1] or None),
        ],
        className="analysis-pair",
    )
