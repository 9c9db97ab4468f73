"""Styles of analysis results on the map: the drawing style, label and tooltip of each feature, and the legend.

Each question declares the styles of its features (`operations.analyses.question.FeatureStyle`); this module adds the
texts.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.wording import _, joined, number, percent, place_words
from operations.analyses.question import FeatureStyle, Fills

Feature = dict[str, Any]
Kept = Mapping[str, Any]
STRENGTHS = 3
"""Number of shades for the strength of a feature: a third of the features in each."""
_PLACES = re.compile(r"\{(\w+)\}")


def looks(features: Sequence[Kept], known: Sequence[FeatureStyle]) -> list[Feature]:
    """Return drawable features with `look`, texts, the number written on them, and their plans or routes (`of`)."""
    seen = _seen(features, known)
    return [{"g": each["geometry"], **_said(look, drawing, each["properties"])} for each, look, drawing in seen]


def _seen(features: Sequence[Kept], known: Sequence[FeatureStyle]) -> list[tuple[Kept, FeatureStyle, str]]:
    """Return the features that are drawn, with their style and the name of the drawing."""
    limits = {look.kind: _thirds(features, look) for look in known if look.by_thirds}
    seen = []
    for feature in features:
        about = feature["properties"]
        look = next((style for style in known if style.kind == about["kind"] and style.when(about)), None)
        if look is not None:
            seen.append((feature, look, _drawing(look, about, limits.get(look.kind, ()))))
    return seen


def _drawing(look: FeatureStyle, about: Kept, limits: Sequence[float]) -> str:
    if look.by_thirds:
        return f"{look.draws}-{max(1, sum(about[look.by_thirds] >= limit for limit in limits))}"
    return f"{look.draws}-{min(about[look.by_number], STRENGTHS)}" if look.by_number else look.draws


def _thirds(features: Sequence[Kept], look: FeatureStyle) -> list[float]:
    """Return the limits between the shades: from each value on, features have the next stronger shade."""
    values = sorted(each["properties"][look.by_thirds] for each in features if each["properties"]["kind"] == look.kind)
    return [values[len(values) * step // STRENGTHS] for step in range(STRENGTHS)] if values else []


def _said(look: FeatureStyle, drawing: str, about: Kept) -> Feature:
    """Return the texts of a feature."""
    place = about.get("place") or ""
    trend = about.get("trend", "")
    edge = {"edge": trend if trend in look.edges else ""} if look.edges else {}
    notes = [_filled(each, look.fills, [about]) for each in look.note]
    return {
        "look": drawing,
        **edge,
        "name": _filled(look.name, look.fills, [about]) if look.name else place if look.near else place_words(place),
        "note": " · ".join([*notes, *([_(look.edges[trend])] if trend in look.edges else [])]),
        **({"number": _mark(look, about)} if look.mark else {}),
        **({"of": about["of"]} if "of" in about else {}),
    }


def _mark(look: FeatureStyle, about: Kept) -> str:
    name, digits = look.fills.get(look.mark, (look.mark, 0))
    return f"{100 * about[name]:.0f}" if digits == "percent" else _written(about[name], digits)


def _filled(message: str, fills: Fills, features: Sequence[Kept], *, least: bool = False) -> str:
    """Return a message filled with values of the features: each distinct value in order, or the least only."""
    params = {}
    for place in _PLACES.findall(message):
        name, digits = fills.get(place, (place, 0))
        values = sorted({each[name] for each in features})
        params[place] = joined(_written(each, digits) for each in (values[:1] if least else values))
    return _(message, **params)


def _written(value: Any, digits: Any) -> str:
    if isinstance(value, str):
        return value
    if digits == "percent":
        return percent(value, 0)
    return f"{value:g}" if digits == "g" else number(value, digits)


# --------------------------------------------------------------------------------------------------- legend


def legend(features: Sequence[Kept], known: Sequence[FeatureStyle]) -> list[Component]:
    """Return the legend of the marks that are present: a sign and a text for each."""
    there: dict[tuple[int, str], list[Kept]] = {}
    edges: set[str] = set()
    words: dict[str, str] = {}
    for feature, look, drawing in _seen(features, known):
        there.setdefault((id(look), drawing), []).append(feature["properties"])
        edges |= {feature["properties"]["trend"]} if look.edges else set()
    rows: dict[str, str] = {}
    for look in known:
        shades = {f"{look.draws}-{shade}": meaning for shade, meaning in look.shades.items()}
        for drawing, meaning in (shades or {look.draws: look.legend}).items():
            if (id(look), drawing) in there and drawing not in rows:
                fills = look.legend_fills or look.fills
                rows[drawing] = _filled(meaning, fills, there[id(look), drawing], least=look.least)
        words |= look.edges
    signs = [_row(f"is-{drawing}", meaning) for drawing, meaning in rows.items()]
    return signs + [_row(f"is-edge is-{trend}", _(meaning)) for trend, meaning in words.items() if trend in edges]


def _row(key: str, words: str) -> Component:
    return html.Li([html.Span(className=f"answer-key {key}", **{"aria-hidden": "true"}), words])
