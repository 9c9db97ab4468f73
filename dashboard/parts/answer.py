"""An answer as it is read: sentences, sources, notes, and how it was made."""

import re
from collections.abc import Mapping, Sequence
from datetime import date as Date  # noqa: N812 - as in wording
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts.answer_basis import PASSAGES, closable_options, site_options
from dashboard.parts.answer_tables import worded
from dashboard.parts.icon import icon
from dashboard.wording import N_, UNDEFINED, _, date, day_span, language, moment, number, place_words, sentence
from operations.core import vocabulary
from operations.core.errors import Flaw
from operations.core.vocabulary import AnalysisKind
from operations.policing.analyses import Analysis, AnalysisResult

_PARAMETERS = {
    "resolution": N_("Size of the cells"),
    "level": N_("False discoveries"),
    "least": N_("Least events"),
    "weighted": N_("Count persons instead of events"),
    "length": N_("Length of a period"),
    "watched": N_("Places that can be watched"),
    "teams": N_("Teams"),
    "journeys": N_("Journeys"),
    "detection": N_("Detection at a checkpoint"),
    "on_the_way": N_("Detection on the way"),
    "in_force": N_("Plan in force"),
    "fixed": N_("Must be staffed"),
    "forbidden": N_("Never staffed"),
    "staffed": N_("Watched by others"),
    "seconds": N_("Time, in seconds"),
    "margin_km": N_("Detours, in km"),
    "own": N_("Own results"),
    "skills": N_("Skills of the teams"),
    "required": N_("What sites ask for"),
    "cost": N_("What a site costs"),
    "budget": N_("Budget"),
    "days": N_("Days to draw"),
    "doubt": N_("Doubt about the journeys"),
    "origin": N_("From"),
    "destination": N_("To"),
    "modes": N_("How they travel"),
    "ways": N_("Ways to find"),
    "closed_countries": N_("Closed countries"),
    "closed_sites": N_("Closed crossings and ports"),
    "closed_passages": N_("Closed straits and canals"),
    "closed_around": N_("Closed areas"),
    "corridor_km": N_("Corridor, in km"),
    "most_shared": N_("Most in common"),
    "most_cost": N_("Longest way"),
    "road_kmh": N_("Speed on roads, in km/h"),
    "sea_kmh": N_("Speed at sea, in km/h"),
    "hours": N_("Hours"),
    "targets": N_("Places to be at"),
    "stay": N_("Teams stay in their country"),
    "minutes": N_("Minutes by road"),
    "reach_km": N_("Reach, in km"),
    "countries": N_("Countries"),
    "all_sites": N_("Airports and ports as well"),
    "places": N_("Further places"),
    "capacity": N_("Events that a team can serve"),
    "around": N_("Around the sites of the operation"),
    "buffer_km": N_("Beside it, in km"),
    "before": N_("Before"),
    "during": N_("During"),
    "after": N_("After"),
    "block_days": N_("Days in a block"),
    "permutations": N_("Arrangements tried"),
    "seed": N_("Seed"),
}
"""What each parameter is called where an answer says how it was made."""
_VALUES = {
    "week": N_("Week"),
    "month": N_("Month"),
    "quarter": N_("Quarter"),
    "road": N_("Road"),
    "sea": N_("Sea"),
    "hit": N_("raw hits"),
    "migrant_detection": N_("persons detected"),
    "arrest": N_("persons arrested"),
}
_SITES = frozenset({"in_force", "fixed", "forbidden", "staffed"})
_DRIVEN = {"minutes", "stay", "closed_countries", "road_kmh"}
"""Parameters of reach by road."""
_LATER = _DRIVEN | {"reach_km", "own", "skills", "required", "budget", "days", "doubt", "seed", "cost"}
"""Parameters that are told only where somebody used them."""


def said(kept: Mapping[str, Any] | None) -> str:
    """A kept sentence in the reader's language, days as people write them; "" for none."""
    if not kept:
        return ""
    params = {name: _read(name, value) for name, value in kept.get("params", {}).items()}
    return sentence(Flaw("", kept["template"], params))


def _read(name: str, value: Any) -> Any:
    """A parameter as people read it: days, codes of lists, and sentences within the sentence."""
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        return " ".join(said(each) for each in value)
    if isinstance(value, str) and name in _CODES:
        return ", ".join(coded(name, code) for code in value.split(", "))
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        return date(Date.fromisoformat(value))
    return value


def coded(name: str, code: str) -> str:
    """A specialism, language or certificate in the reader's language; a kind of team stands among specialisms."""
    kind = code.removeprefix("kind:")
    return vocabulary.label(_CODES[name] if kind == code else "CL-TEAM", kind, language())


_CODES = {"specialisms": "CL-SPEC", "languages": "CL-LANGUAGE", "certificates": "CL-CERT"}
"""Parameters that are codes, and their lists."""


_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


# --------------------------------------------------------------------------------------------------- sentences


def headline(kind: AnalysisKind, result: Mapping[str, Any]) -> list[Component]:
    """The sentence to read when there is time for one only, then the others, with method and parameters."""
    first, *others = [*_plainly(kind, result), *(said(each) for each in result["sentences"])]
    return [html.P(first, className="analysis-headline"), *(html.P(each, className="m-dim") for each in others)]


def _plainly(kind: AnalysisKind, result: Mapping[str, Any]) -> list[str]:
    """An answer of cells in plain words: the first places of its table. Nothing where its own sentence is plain."""
    if kind not in (AnalysisKind.HOTSPOTS, AnalysisKind.FORECAST):
        return []
    cells = next((each for each in result["tables"] if each["name"] == kind.value), {"columns": ["place"], "rows": []})
    at = cells["columns"].index("place")
    named = list(dict.fromkeys(row[at] for row in cells["rows"]))
    first = "; ".join(f"\u2068{each}\u2069" for each in named[:3])
    if not named:
        return [_("Nowhere does more happen than chance explains.")]
    if kind is AnalysisKind.FORECAST:
        return [_("Watch first: {places}.", places=first)]
    return [_("More happens than chance explains near {places}.", places=first)]


def notes(result: Mapping[str, Any]) -> list[Component]:
    """What was left out or must be known to read the answer."""
    told = [said(each) for each in result["notes"]]
    if not told:
        return []
    rows = [html.Li([icon("info-circle", 16), html.Span(each)]) for each in told]
    return [html.Ul(rows, className="analysis-notes", **{"aria-label": _("Notes")})]


def sources(found: Sequence[Mapping[str, str]]) -> list[Component]:
    """Where what is on the map comes from: name, source, licence, period, accuracy. Stands below every map."""
    return [html.P([html.Strong(html.Bdi(worded({}, each["name"]))), ": ", _source(each)]) for each in found]


def _source(each: Mapping[str, str]) -> str:
    parts = [part for part in (each["source"], worded({}, each["licence"])) if part]
    if each.get("first") and each.get("last"):
        parts.append(day_span(Date.fromisoformat(each["first"]), Date.fromisoformat(each["last"])))
    if each.get("accuracy"):
        parts.append(_("accuracy: {accuracy}", accuracy=each["accuracy"]))
    return " · ".join(parts)


def made(asked: Analysis, found: AnalysisResult | None, zone: str) -> Component:
    """Who asked what and when, with every parameter, so that it can be made again."""
    parts = [
        vocabulary.label("CL-ANALYSIS", asked.kind, language()),
        _("asked by {name}, {moment}", name=asked.author_name, moment=moment(asked.asked_at, zone)),
    ]
    if found is not None and asked.started_at is not None:
        took = (found.made_at - asked.started_at).total_seconds()
        parts.append(_("answered {moment} in {seconds} s", moment=moment(found.made_at, zone), seconds=number(took, 1)))
    listed = [
        f"{_parameter(asked, name)}: {_value(name, value)}"
        for name, value in asked.question.items()
        if name in _PARAMETERS and (name not in _LATER or _used(asked, name, value))
    ]
    if found is not None and not found.complete:
        parts.append(_("stopped before its end"))
    return html.P([html.Strong(_("How this was made")), " ", " · ".join([*parts, *listed])], className="analysis-made")


def _parameter(asked: Analysis, name: str) -> str:
    """What a parameter is called in the form of its question."""
    if name == "level" and asked.kind == AnalysisKind.DISPLACEMENT:
        return _("Chance to be wrong")
    return worded(_PARAMETERS, name)


def _used(asked: Analysis, name: str, value: Any) -> bool:
    """Whether somebody used a parameter that most questions leave alone."""
    if name == "seed":
        return asked.kind != AnalysisKind.PLACEMENT or bool(asked.question["days"])
    if name in _DRIVEN:
        return asked.question.get("reach_km") is None
    if name == "cost":
        return asked.question["budget"] is not None
    return value not in (None, [], 0) and not (name == "doubt" and value == 1)


def _value(name: str, value: Any) -> str:
    if value is None:
        return _("chosen by the data") if name == "resolution" else UNDEFINED
    if name == "seed":
        return str(value)  # to be typed again as it is
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _listed(name, value)
    if isinstance(value, dict):
        return _whole(value)
    if isinstance(value, int | float):
        return number(value, 0 if float(value).is_integer() else 2)
    return _(_VALUES[value]) if value in _VALUES else str(value)


def _listed(name: str, value: list[Any]) -> str:
    if name.endswith("countries"):
        return ", ".join(vocabulary.label("CL-COUNTRY", each, language()) for each in value) or UNDEFINED
    if name == "closed_passages":
        return ", ".join(worded(PASSAGES, each) for each in value) or UNDEFINED
    if name in _SITES or name == "closed_sites":
        named = closable_options((), value) if name == "closed_sites" else site_options((), value)
        return ", ".join(place_words(each["label"]) for each in named) or UNDEFINED
    if any(isinstance(each, dict | list) for each in value):
        return number(len(value))
    return ", ".join(_value(name, each) for each in value) or UNDEFINED


def _whole(value: Mapping[str, Any]) -> str:
    """A window of days, or a place."""
    if {"first", "last"} <= value.keys():
        return day_span(Date.fromisoformat(value["first"]), Date.fromisoformat(value["last"]))
    where = f"{value['lat']:.4f}, {value['lon']:.4f}" if {"lat", "lon"} <= value.keys() else UNDEFINED
    return value.get("name") or where
