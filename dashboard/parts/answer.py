"""The text of an analysis result: sentences, sources, notes, and how it was made."""

import re
from collections.abc import Mapping, Sequence
from datetime import date as Date  # noqa: N812 - as in wording
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts.icon import icon
from dashboard.parts.question_defaults import closable_options, site_options
from dashboard.wording import UNDEFINED, _, date, day_span, joined, language, moment, number, place_words, sentence
from operations.analyses.questions import ASKED
from operations.core import vocabulary
from operations.core.errors import Flaw
from operations.core.field_labels import Label, labels_of
from operations.core.stored_sentences import plain
from operations.policing.analyses import Analysis, AnalysisResult


def stored_sentence(kept: Mapping[str, Any] | None) -> str:
    """Return a stored sentence in the reader's language, with days in words; "" for None."""
    if not kept:
        return ""
    params = {name: _read(name, value) for name, value in kept.get("params", {}).items()}
    return sentence(Flaw("", kept["template"], params))


def _read(name: str, value: Any) -> Any:
    """Return a parameter in words: a day, codes of a list, or sentences within the sentence."""
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        return " ".join(stored_sentence(each) for each in value)
    if isinstance(value, str) and name in _CODES:
        return joined(coded(name, code) for code in value.split(", "))
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        return date(Date.fromisoformat(value))
    return value


def coded(name: str, code: str) -> str:
    """Return the label of a specialism, language or certificate; a team kind ("kind:...") counts as a specialism."""
    kind = code.removeprefix("kind:")
    return vocabulary.label(_CODES[name] if kind == code else "CL-TEAM", kind, language())


_CODES = {"specialisms": "CL-SPEC", "languages": "CL-LANGUAGE", "certificates": "CL-CERT"}
"""Parameters that are codes, and their code lists."""


_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


# --------------------------------------------------------------------------------------------------- sentences


def headline(kind: str, result: Mapping[str, Any]) -> list[Component]:
    """Return the result's first sentence as a headline, and the others under it."""
    first, *others = [*_plainly(kind, result), *(stored_sentence(each) for each in result["sentences"])]
    return [html.P(first, className="analysis-headline"), *(html.P(each, className="m-dim") for each in others)]


def _plainly(kind: str, result: Mapping[str, Any]) -> list[str]:
    """Return the first places of a result's table as a sentence; empty where the result's own sentence is plain."""
    near, nowhere = ASKED[kind].plainly
    if not near:
        return []
    cells = next((each for each in result["tables"] if each["name"] == kind), {"columns": ["place"], "rows": []})
    at = cells["columns"].index("place")
    named = list(dict.fromkeys(row[at] for row in cells["rows"]))
    return [_(near, places="; ".join(f"\u2068{each}\u2069" for each in named[:3])) if named else _(nowhere)]


def notes(result: Mapping[str, Any]) -> list[Component]:
    """Return the notes: what was left out of the result, or must be known to read it."""
    told = [stored_sentence(each) for each in result["notes"]]
    if not told:
        return []
    rows = [html.Li([icon("info-circle", 16), html.Span(each)]) for each in told]
    return [html.Ul(rows, className="analysis-notes", **{"aria-label": _("Notes")})]


def sources(found: Sequence[Mapping[str, str]]) -> list[Component]:
    """Return the sources of a map's layers: name, source, licence, period, accuracy. They stand below every map."""
    named = [(each["name"], _source(each)) for each in found]
    return [html.P([html.Strong(html.Bdi(_(name))), ": ", source]) for name, source in named]


def _source(each: Mapping[str, str]) -> str:
    licence = each["licence"]
    parts = [part for part in (each["source"], licence and _(licence)) if part]
    if each.get("first") and each.get("last"):
        parts.append(day_span(Date.fromisoformat(each["first"]), Date.fromisoformat(each["last"])))
    if each.get("accuracy"):
        parts.append(_("accuracy: {accuracy}", accuracy=each["accuracy"]))
    return " · ".join(parts)


def provenance(asked: Analysis, found: AnalysisResult | None, zone: str) -> Component:
    """Return who asked what and when, with every parameter, so that the analysis can be repeated."""
    parts = [
        _(ASKED[asked.kind].name),
        _("asked by {name}, {moment}", name=asked.author_name, moment=moment(asked.asked_at, zone)),
    ]
    if found is not None and asked.started_at is not None:
        took = (found.made_at - asked.started_at).total_seconds()
        parts.append(_("answered {moment} in {seconds} s", moment=moment(found.made_at, zone), seconds=number(took, 1)))
    model = ASKED[asked.kind].model
    named = labels_of(model)
    listed = [
        f"{_(named[name].label)}: {_value(named[name], value)}"
        for name, value in asked.question.items()
        if name in named and _told(named[name], model.model_fields[name].default, value, asked.question)
    ]
    if found is not None and not found.complete:
        parts.append(_("stopped before its end"))
    return html.P([html.Strong(_("How this was made")), " ", " · ".join([*parts, *listed])], className="analysis-made")


def _told(said: Label, usual: Any, value: Any, asked: Mapping[str, Any]) -> bool:
    """Return whether a parameter is named: some are only where they differ from the default."""
    if said.told is False:
        return bool(value != plain(usual))
    return said.told is True or said.told(asked)


def _value(said: Label, value: Any) -> str:
    words = {**said.choices, **said.codes}
    if value is None:
        return _(said.unset) if said.unset else UNDEFINED
    if said.draws == "seed":
        return str(value)  # unformatted, so that it can be typed again
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return joined(_listed(said, value)) or UNDEFINED
    if isinstance(value, dict):
        return _whole(value)
    if isinstance(value, int | float):
        return number(value, 0 if float(value).is_integer() else 2)
    return _(words[value]) if value in words else str(value)


def _listed(said: Label, value: list[Any]) -> list[str]:
    match said.draws:
        case "countries":
            return [vocabulary.label("CL-COUNTRY", each, language()) for each in value]
        case "closable" | "crossings":
            named = closable_options((), value) if said.draws == "closable" else site_options((), value)
            return [place_words(each["label"]) for each in named]
    if any(isinstance(each, dict | list) for each in value):
        return [number(len(value))]
    return [_value(said, each) for each in value]


def _whole(value: Mapping[str, Any]) -> str:
    """Return a window of days, or a place, in words."""
    if {"first", "last"} <= value.keys():
        return day_span(Date.fromisoformat(value["first"]), Date.fromisoformat(value["last"]))
    where = f"{value['lat']:.4f}, {value['lon']:.4f}" if {"lat", "lon"} <= value.keys() else UNDEFINED
    return value.get("name") or where
