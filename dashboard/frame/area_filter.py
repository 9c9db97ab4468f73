"""Filter of a page of the strategy by region, country and year; what is chosen stands in the address."""

from collections.abc import Iterable
from datetime import date as Date  # noqa: N812 - `date` is the function of wording
from typing import Any

import dash_mantine_components as dmc
from dash import Input, dcc, html
from dash.development.base_component import Component

from dashboard.frame.address import in_address
from dashboard.parts import tags
from dashboard.wording import _, language
from operations.core import vocabulary
from operations.core.people import Actor
from operations.programme.area import REGIONS, Area

REGION, COUNTRY, YEAR = "area-region", "area-country", "area-year"
CHOICES = {"region": Input(REGION, "value"), "country": Input(COUNTRY, "value")}
"""What parts of the page depend on: the arguments of `area_of`."""

in_address(REGION, "region", "value")
in_address(COUNTRY, "country", "value")
in_address(YEAR, "year", "value")


def area_of(
    by: Actor, region: str | None = None, country: str | None = None, year: str | None = None, day: str = ""
) -> Area:
    """Return the chosen area and year; a senseless area is none, nor have people of one country any."""
    known = {} if by.national else {"region": REGIONS, "country": vocabulary.codes("CL-COUNTRY")}
    chosen = {"region": region, "country": country}
    area = {name: value for name, value in chosen.items() if value and value in known.get(name, ())}
    return Area(**area, year=year or "", day=day)


def area_filter(by: Actor, *more: Component, **chosen: str | None) -> Component:
    """Return the choices, and `more` beside them, without a region and a country where the page has none.

    People of one country, who see that alone, choose none.
    """
    if "region" not in chosen:
        return html.Div(list(more), className="m-row area-filter")
    if by.national:
        fixed = [dcc.Input(id=name, type="hidden", value="") for name in (REGION, COUNTRY)]
        return tags.Div(html.Div(fixed, hidden=True), *more, className="m-row area-filter" if more else "")
    area = area_of(by, chosen["region"], chosen["country"])
    regions = [each for each in vocabulary.options("CL-REGION", language()) if each["value"] in REGIONS]
    countries = vocabulary.options("CL-COUNTRY", language())
    return tags.Div(
        choice(REGION, _("Region"), regions, area.region),
        choice(COUNTRY, _("Country"), countries, area.country),
        *more,
        className="m-row area-filter",
    )


def year_choice(days: Iterable[Date | None], chosen: str | None) -> Component:
    """Return the choice of one of the years in which these days lie, latest first."""
    years = sorted({str(day.year) for day in days if day}, reverse=True)
    return choice(YEAR, _("Year"), years, chosen if chosen in years else "")


def choice(name: str, label: str, options: list[Any], value: str, **more: Any) -> Component:
    """Return a choice of the filter."""
    given = {"placeholder": _("All"), "clearable": True} | more
    return dmc.Select(id=name, label=label, data=options, value=value or None, searchable=True, size="xs", **given)
