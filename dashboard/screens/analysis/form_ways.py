"""The forms of questions about ways: routes, reach of teams, placement of teams."""

from dash.development.base_component import Component

from dashboard.parts.answer_basis import PASSAGES, Suggested
from dashboard.parts.form import (
    Form,
    multi_select_field,
    number_field,
    select_field,
    switch_field,
    text_area,
    text_field,
)
from dashboard.screens.analysis.form_fields import (
    Parts,
    basis,
    countries_field,
    link,
    places_field,
    share_field,
    sites_field,
)
from dashboard.screens.analysis.typed import journeys_text, places_text
from dashboard.wording import _, ngettext
from operations.analyses.questions import PlacementQuestion, ReachQuestion, RoutesQuestion


def routes(form: Form, given: Suggested, href: str) -> Parts:
    """Which way do they go?"""
    usual = {name: each.default for name, each in RoutesQuestion.model_fields.items()}
    drawn = [{"value": journeys_text([each]), "label": each.name} for each in given.journeys]
    values = list(dict.fromkeys(each["value"] for each in drawn))
    known = [next(each for each in drawn if each["value"] == value) for value in values]
    where = _("Town, crossing, port or coordinate")
    first: list[Component] = [
        select_field(
            form,
            "along",
            _("Between the ends of"),
            known,
            value=values[0] if values else None,
            disabled=not values,
            placeholder=_("A route of the plan") if values else _("No route is drawn on the plan"),
        ),
        text_field(form, "origin", _("From"), placeholder=where, description=_("What is typed here goes first.")),
        text_field(form, "destination", _("To"), placeholder=where),
        sites_field(
            form, "closed_sites", _("Closed crossings and ports"), _("The ways that are left avoid what is closed.")
        ),
        countries_field(form, "closed_countries", _("Closed countries"), _("Nobody passes through these.")),
    ]
    if not values:
        first.insert(1, basis("route", _("Routes are drawn on the plan."), link(_("Open the plan"), href)))
    both = [
        {"value": "road,sea", "label": _("Road and sea")},
        {"value": "road", "label": _("Road only")},
        {"value": "sea", "label": _("Sea only")},
    ]
    least = [{"value": "hours", "label": _("The quickest")}, {"value": "km", "label": _("The shortest")}]
    straits = [{"value": value, "label": _(words)} for value, words in PASSAGES.items()]
    return first, [
        select_field(form, "modes", _("How they travel"), both, value="road,sea", clearable=False),
        select_field(form, "least", _("Best is"), least, value=usual["least"], clearable=False),
        number_field(
            form, "ways", _("Ways to find"), value=usual["ways"], description=_("1 to 5, the best among them.")
        ),
        multi_select_field(form, "closed_passages", _("Closed straits and canals"), straits, value=[]),
        places_field(
            form,
            "closed_around",
            _("Closed areas"),
            "",
            _("One on a line: latitude, longitude, or the name of a place; km around it that are closed."),
        ),
        number_field(
            form,
            "corridor_km",
            _("Corridor, in km"),
            value=usual["corridor_km"],
            description=_("So far to either side of the best way the corridor reaches, up to 500. 0: none."),
        ),
        share_field(
            form,
            "most_shared",
            _("Most in common"),
            usual["most_shared"],
            _("Of two ways, as a share between 0 and 1."),
        ),
        share_field(
            form, "most_cost", _("Longest way"), usual["most_cost"], _("As a multiple of the best way, 1 to 5."), 0.1
        ),
        _speed(form, "road_kmh", _("Speed on roads, in km/h"), usual["road_kmh"]),
        _speed(form, "sea_kmh", _("Speed at sea, in km/h"), usual["sea_kmh"]),
    ]


def reach(form: Form, given: Suggested, href: str) -> Parts:
    """How far do my teams come?"""
    usual = {name: each.default for name, each in ReachQuestion.model_fields.items()}
    standing = (
        basis(
            "users-group",
            ngettext("{n} team, where the plan puts it.", "{n} teams, where the plan puts them.", len(given.teams)),
        )
        if given.teams
        else basis(
            "users-group",
            _("Nothing on the plan says where teams stand. Draw it there, or type places under “More”."),
            link(_("Open the plan"), href),
        )
    )
    first = [
        text_field(
            form,
            "hours",
            _("Hours"),
            value=" ".join(f"{each:g}" for each in usual["hours"]),
            className="m-num",
            description=_("Up to six times, each up to 48 hours."),
        ),
        standing,
    ]
    one = _("One on a line: name; latitude, longitude, or the name of a place.")
    return first, [
        places_field(form, "teams", _("Teams"), places_text(given.teams[:60]), one),
        places_field(form, "targets", _("Places to be at"), places_text(given.targets[:300]), one),
        switch_field(
            form,
            "stay",
            _("Teams stay in their country"),
            checked=usual["stay"],
            description=_("No team crosses a border."),
        ),
        countries_field(form, "closed_countries", _("Closed countries"), _("Nobody passes through these.")),
        _speed(form, "road_kmh", _("Speed on roads, in km/h"), usual["road_kmh"]),
    ]


def _speed(form: Form, field: str, label: str, value: float) -> Component:
    return number_field(form, field, label, value=value, description=_("Above 0, up to 300."))


def placement(form: Form, given: Suggested, href: str) -> Parts:
    """Where do I put my teams?"""
    journeys, in_force = given.journeys, given.in_force
    usual = {name: each.default for name, each in PlacementQuestion.model_fields.items()}
    drawn = (
        basis("route", _("{count} journeys from the routes on the plan, equally likely.", count=len(journeys)))
        if journeys
        else basis(
            "route",
            _("No route is drawn on the plan. Draw the routes there, or type journeys under “More”."),
            link(_("Open the plan"), href),
        )
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
        sites_field(
            form, "in_force", _("Plan in force"), _("The crossings that the answer is compared with."), in_force
        ),
        sites_field(form, "fixed", _("Must be staffed"), _("A team stands here in any case.")),
        sites_field(form, "forbidden", _("Never staffed"), _("No team may stand here.")),
        sites_field(
            form, "staffed", _("Watched by others"), _("Somebody else detects here and takes none of the teams.")
        ),
        text_area(
            form,
            "skills",
            _("Skills of the teams"),
            minRows=2,
            maxRows=8,
            description=_("One team on a line, its skills with commas between them. Teams without a line have none."),
        ),
        text_area(
            form,
            "required",
            _("What sites ask for"),
            minRows=2,
            maxRows=8,
            description=_("One crossing on a line: crossing; the skill it asks for; what staffing it costs."),
        ),
        number_field(
            form,
            "cost",
            _("What a site costs"),
            value=usual["cost"],
            allowDecimal=True,
            description=_("Hours, officers or money, for sites that are not named above."),
        ),
        number_field(
            form,
            "budget",
            _("Budget"),
            placeholder=_("No limit"),
            allowDecimal=True,
            description=_("All sites together cost no more than that."),
        ),
        number_field(
            form,
            "days",
            _("Days to draw"),
            value=usual["days"],
            description=_("Teams that move: where they stand on each day is drawn by lot. 0: they stay."),
        ),
        number_field(
            form,
            "seed",
            _("Seed"),
            placeholder=_("Drawn by lot"),
            description=_("The same seed draws the same days again. Keep it from those who watch the teams."),
        ),
        number_field(
            form,
            "doubt",
            _("Doubt about the journeys"),
            value=usual["doubt"],
            allowDecimal=True,
            step=0.5,
            description=_("The share of any journey may be so many times as large, up to 10. 1: no doubt."),
        ),
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
