"""Variant selectors: which plan or route is on the first map, and which on the second."""

from collections.abc import Mapping
from typing import Any

from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.form import Form, select_field
from dashboard.screens.analysis.words import plan_words
from dashboard.wording import _, number, percent

FORM = Form("analysis-variant")
SHOWN, BESIDE = FORM.id("shown"), FORM.id("beside")
"""The selectors of the first and of the second map."""


def choices(result: Mapping[str, Any] | None) -> list[dict[str, str]]:
    """Return the plans or routes of an answer as options that say what each achieves; [] where there is only one."""
    found = [] if result is None else result["figures"].get("variants", [])
    return [{"value": each["name"], "label": _words(each)} for each in found] if len(found) > 1 else []


def _words(each: Mapping[str, Any]) -> str:
    name = plan_words(each["name"])
    if "detected" in each:
        return _("{plan}: {share} detected", plan=name, share=percent(each["detected"]))
    if "covered" in each:
        return _("{plan}: {share} within reach", plan=name, share=percent(each["covered"]))
    if "hours" in each:
        return _("{route}: {hours} h, {km} km", route=name, hours=number(each["hours"], 1), km=number(each["km"]))
    return name


def bar(known: list[dict[str, str]]) -> Component:
    """Return both selectors side by side."""
    return tags.Div(
        select_field(
            FORM,
            "shown",
            _("On the map"),
            known,
            value=first(known),
            clearable=False,
            searchable=False,
            size="xs",
        ),
        select_field(
            FORM,
            "beside",
            _("Beside it"),
            known,
            value=None,
            placeholder=_("Nothing: choose to compare"),
            searchable=False,
            size="xs",
        ),
        className="analysis-variants",
    )


def first(known: list[dict[str, str]]) -> str | None:
    """Return the variant that is selected by default."""
    return known[0]["value"] if known else None
