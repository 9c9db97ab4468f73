"""Line equivalents: published figures as a kind of line and its codes, or the reason why no report counts them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from operations.catalogue.definition import PeakFigure, UnitFigure
from operations.catalogue.kpis import CATALOGUE, figures
from operations.core.field_labels import N_
from operations.core.vocabulary import InList, code_list
from operations.lines.kinds import KINDS
from operations.totals.totals import Facet, facet_of

MONEY = "currency"
"""The code that names the currency of an amount."""
_TAKING_PART = N_("Who takes part stands in the operation, not in reports.")
_PLACED = N_("Places and units stand in the plan, not in reports.")
_CASES = N_("Counted of the cases of fugitives, not of reports.")
_NOTICED = N_("Persons noticed in checks are hits here, each with its database, which the source does not say.")
_ESTIMATED = N_("An estimate, or what people told: nobody counts it, so no report has it.")


@dataclass(frozen=True)
class NoLineReason:
    """The reason why no line of a report counts a figure, its unit, and the key figure that covers it all the same."""

    why: str
    unit: str = "count"
    kpi: str = ""


UNREPORTED_FIGURES: Mapping[str, NoLineReason] = {
    "countries": NoLineReason(_TAKING_PART),
    "wanting_countries": NoLineReason(_TAKING_PART),
    "places": NoLineReason(_PLACED),
    "coordination_units": NoLineReason(_PLACED),
    "other_units": NoLineReason(_PLACED),
    "nationalities": NoLineReason(N_("Counted of all lines that name a nationality, not told by one."), kpi="K16"),
    "core_arrests": NoLineReason(
        N_("The sum of the arrest lines of both core offences, not one line."), "person", "K13"
    ),
    "targets": NoLineReason(_CASES, "person", "K40"),
    "arrested_or_located": NoLineReason(_CASES, "person", "K43"),
    "outstanding": NoLineReason(_CASES, "person", "K40"),
    "new_information": NoLineReason(_CASES, "person", "K42"),
    "appeal_cases": NoLineReason(_CASES, "person", "K47"),
    "appeal_tips": NoLineReason(_CASES, "person", "K47"),
    "leads": NoLineReason(N_("Counted of the leads, not of reports."), kpi="K30"),
    "suspects_detected": NoLineReason(_NOTICED, "person"),
    "missing_found": NoLineReason(_NOTICED, "person"),
    "smuggled_estimate": NoLineReason(_ESTIMATED, "person"),
    "fee": NoLineReason(_ESTIMATED, "money"),
    "turnover": NoLineReason(_ESTIMATED, "money"),
    "profit": NoLineReason(_ESTIMATED, "money"),
}
_UNTOLD = ("unknown", "unspecified")


@cache
def _lists(of: str) -> dict[str, str]:
    """Return the fields of a kind of lines that hold a code, each with its list."""
    return {
        name: mark.name
        for name, about in KINDS[of].model_fields.items()
        for mark in (*about.metadata, *_inside(about.annotation))
        if isinstance(mark, InList)
    }


def _inside(annotation: Any) -> list[Any]:
    """Return the metadata of the parts of an optional field."""
    return [mark for part in getattr(annotation, "__args__", ()) for mark in getattr(part, "__metadata__", ())]


def codes_of(of: str, codes: Mapping[str, str]) -> dict[str, str]:
    """Return the codes of a figure; required codes that were not published are "not stated". Raises ValueError."""
    if of in UNREPORTED_FIGURES:
        wrong = set(codes) - {MONEY} or (MONEY in codes) != (UNREPORTED_FIGURES[of].unit == "money")
        if wrong or (MONEY in codes and codes[MONEY] not in code_list("CL-CURRENCY")):
            raise ValueError(f"{of} is not told by {codes}")
        return dict(codes)
    if of not in KINDS:
        raise ValueError(f"{of} is neither a kind of lines nor a code of CL-PUBLISHED")
    lists = _lists(of)
    for name, code in codes.items():
        if name not in lists or code not in code_list(lists[name]):
            raise ValueError(f"{of} has no {name} {code}")
    needed = {name for name in lists if KINDS[of].model_fields[name].is_required()} - set(codes)
    untold = {name: next((code for code in _UNTOLD if code in code_list(lists[name])), "") for name in needed}
    if missing := [name for name, code in untold.items() if not code]:
        raise ValueError(f"{of} needs {missing}")
    return {**codes, **untold}


def listed_codes(of: str, codes: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the published codes, each with its list, in the order of the line's fields."""
    return [(name, codes[field]) for field, name in _lists(of).items() if field in codes] if of in KINDS else []


def _line(of: str, codes: Mapping[str, str]) -> Any:
    told: dict[str, Any] = {**codes_of(of, codes)}
    return KINDS[of].model_construct(None, **told)


def unit_of(of: str, codes: Mapping[str, str]) -> str:
    """Return the unit: a code of CL-UNIT, or a currency; masses as they were published."""
    if of in UNREPORTED_FIGURES:
        return codes.get(MONEY, UNREPORTED_FIGURES[of].unit)
    return codes.get(MONEY) or codes.get("measure") or str(_line(of, codes).unit)


@cache
def _kpis(facet: Facet) -> tuple[str, ...]:
    apart = [
        kpi
        for kpi, definition in CATALOGUE.items()
        if isinstance(definition.measure, UnitFigure | PeakFigure) and definition.measure.lines.hold(facet)
    ]
    return (*(kpi for kpi, _counting in figures(facet)), *apart)


def kpis_of(of: str, codes: Mapping[str, str]) -> tuple[str, ...]:
    """Return the key figures that would count it, by their numbers in the catalogue."""
    if of in UNREPORTED_FIGURES:
        known = UNREPORTED_FIGURES[of].kpi
        return (known,) if known else ()
    return _kpis(facet_of(_line(of, codes), "operational"))
