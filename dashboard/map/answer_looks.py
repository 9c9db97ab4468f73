"""How the features of an answer look on the map, in a name that the drawing knows, and what they say at the pointer."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.wording import _, number, percent, place_words

Feature = dict[str, Any]
STRENGTHS = 3
"""So many shades tell how strong a hot cell is: a third of the cells in each."""


def looks(features: Sequence[Mapping[str, Any]], trends: Mapping[str, str]) -> list[Feature]:
    """Each feature with its `look`, words, the number written on it, and the plans or routes (`of`) it belongs to."""
    limits = strengths(features)
    found = []
    for each in features:
        about = each["properties"]
        looked = _LOOKS[about["kind"]](about, limits, trends)
        if looked is not None:
            found.append({"g": each["geometry"], **looked, **({"of": about["of"]} if "of" in about else {})})
    return found


def strengths(features: Sequence[Mapping[str, Any]]) -> list[float]:
    """From which z on a hot cell is drawn in the next stronger shade; [] without hot cells."""
    z = sorted(each["properties"]["z"] for each in features if each["properties"]["kind"] == "hot")
    return [z[len(z) * step // STRENGTHS] for step in range(STRENGTHS)] if z else []


def _cell(about: Mapping[str, Any], limits: Sequence[float], trends: Mapping[str, str]) -> Feature | None:
    trend = about["trend"] if about["trend"] in trends else ""
    if about["kind"] == "hot":
        look = f"hot-{max(1, sum(about['z'] >= limit for limit in limits))}"
    elif about["kind"] == "cold":
        look = "cold"
    elif trend:
        look = "was-hot"
    else:
        return None
    words = [_("{count} events", count=number(about["count"])), _("strength {z}", z=number(about["z"], 2))]
    return {
        "look": look,
        "edge": trend,
        "name": about["place"],
        "note": " · ".join([*words, *([trends[trend]] if trend else [])]),
    }


def _ranked(about: Mapping[str, Any], *_same: Any) -> Feature:
    note = _("Rank {rank}", rank=number(about["rank"]))
    return {"look": "rank", "name": place_words(about["place"]), "note": note, "number": number(about["rank"])}


def _checkpoint(about: Mapping[str, Any], *_same: Any) -> Feature:
    return {"look": "checkpoint", "name": place_words(about["place"]), "note": _("Checkpoint of this plan")}


def _in_force(about: Mapping[str, Any], *_same: Any) -> Feature:
    return {"look": "in-force", "name": place_words(about["place"]), "note": _("In the plan in force, not in this one")}


def _way(about: Mapping[str, Any], *_same: Any) -> Feature:
    note = _("Chance to pass unseen: {chance}", chance=percent(about["unseen"], 0))
    return {"look": "way", "name": _("The safest way past this plan"), "note": note}


def _number_of(about: Mapping[str, Any]) -> str:
    return _("{hours} h, {km} km", hours=number(about["hours"], 1), km=number(about["km"]))


def _route(about: Mapping[str, Any], *_same: Any) -> Feature:
    look = "route-1" if about["number"] == 1 else "route-other"
    name = _("Route {number}", number=number(about["number"]))
    return {"look": look, "name": name, "note": _number_of(about), "number": number(about["number"])}


def _free(about: Mapping[str, Any], *_same: Any) -> Feature:
    return {"look": "free", "name": _("The best way if nothing were closed"), "note": _number_of(about)}


def _crossed(about: Mapping[str, Any], *_same: Any) -> Feature:
    name = place_words(about["place"]) or _("No known crossing")
    return {"look": "crossed", "name": name, "note": _("Border {pair}", pair=about["pair"])}


def _corridor(about: Mapping[str, Any], *_same: Any) -> Feature:
    return {"look": "corridor", "name": _("Corridor"), "note": _("{km} km to either side", km=number(about["km"]))}


def _end(about: Mapping[str, Any], *_same: Any) -> Feature:
    name = _("From") if about["first"] else _("To")
    return {"look": "end", "name": name, "note": about["place"]}


def _closed(about: Mapping[str, Any], *_same: Any) -> Feature:
    return {"look": "closed", "name": place_words(about["place"]), "note": _("Closed")}


def _closed_area(_about: Mapping[str, Any], *_same: Any) -> Feature:
    return {"look": "closed-area", "name": _("Closed area"), "note": ""}


def _reach(about: Mapping[str, Any], *_same: Any) -> Feature:
    hours = _("Within {hours} h", hours=f"{about['hours']:g}")
    return {"look": f"reach-{min(about['number'], STRENGTHS)}", "name": hours, "note": ""}


def _team(about: Mapping[str, Any], *_same: Any) -> Feature:
    return {"look": "team", "name": about["place"], "note": _("Team")}


def _target(about: Mapping[str, Any], *_same: Any) -> Feature:
    hours = about["hours"]
    note = _("No team comes here by road") if hours is None else _("First team after {hours} h", hours=number(hours, 1))
    return {"look": "target-out" if hours is None else "target", "name": about["place"], "note": note}


def _within(about: Mapping[str, Any], *_same: Any) -> Feature:
    return {"look": "within", "name": place_words(about["place"]), "note": _measured(about)}


def _measured(about: Mapping[str, Any]) -> str:
    """How reach was measured; answers that were made before it was kept do not say."""
    if "minutes" in about:
        return _("Within {minutes} minutes by road", minutes=number(about["minutes"]))
    if "km" in about:
        return _("Within {km} km in a straight line", km=number(about["km"]))
    return _("Within reach of this site")


def _staffed(about: Mapping[str, Any], *_same: Any) -> Feature:
    return {"look": "staffed", "name": place_words(about["place"]), "note": _("Watched by others")}


def _odds(about: Mapping[str, Any], *_same: Any) -> Feature:
    note = _("Staffed on {share} of the days", share=percent(about["odds"], 0))
    return {"look": "odds", "name": place_words(about["place"]), "note": note, "number": f"{100 * about['odds']:.0f}"}


def _treated(_about: Mapping[str, Any], *_same: Any) -> Feature:
    return {"look": "treated", "name": _("Where the operation worked"), "note": ""}


def _buffer(about: Mapping[str, Any], *_same: Any) -> Feature:
    return {"look": "buffer", "name": _("Beside it"), "note": _("up to {km} km", km=number(about["km"]))}


_LOOKS: dict[str, Callable[..., Feature | None]] = {
    "hot": _cell,
    "cold": _cell,
    "": _cell,
    "forecast": _ranked,
    "checkpoint": _checkpoint,
    "in_force": _in_force,
    "way": _way,
    "route": _route,
    "free": _free,
    "crossed": _crossed,
    "corridor": _corridor,
    "end": _end,
    "closed": _closed,
    "closed_area": _closed_area,
    "reach": _reach,
    "team": _team,
    "target": _target,
    "within": _within,
    "staffed": _staffed,
    "odds": _odds,
    "treated": _treated,
    "buffer": _buffer,
}


# --------------------------------------------------------------------------------------------------- legend


def legend(features: Sequence[Mapping[str, Any]], trends: Mapping[str, str]) -> list[Component]:
    """What the marks mean, as far as they are there: a sign and a word for each."""
    limits, drawn = strengths(features), looks(features, trends)
    there, edges = {each["look"] for each in drawn}, {each.get("edge", "") for each in drawn}
    ranges = [*(number(limit, 1) for limit in limits), ""]
    words = {
        "hot-3": _("Hot, strongest third (z from {z})", z=ranges[2] if limits else ""),
        "hot-2": _("Hot, middle third (z from {z})", z=ranges[1] if limits else ""),
        "hot-1": _("Hot (z from {z})", z=ranges[0] if limits else ""),
        "cold": _("Less than chance gives"),
        "was-hot": _("Not hot as a whole, but with a trend"),
        "rank": _("Place to watch, with its rank"),
        "checkpoint": _("Checkpoint of this plan"),
        "in-force": _("Only in the plan in force"),
        "way": _("Safest ways past this plan"),
        "odds": _("Crossing, with the share of days in %"),
        "route-1": _("The best route"),
        "route-other": _("Other routes"),
        "free": _("The best way if nothing were closed"),
        "crossed": _("Border crossed"),
        "corridor": _("Corridor of the best route"),
        "end": _("From, to"),
        "closed": _("Closed"),
        "closed-area": _("Closed area"),
        **_hours(features),
        "team": _("Team"),
        "target": _("Place to be at"),
        "target-out": _("No team comes here by road"),
        "within": next(
            (_measured(each["properties"]) for each in features if each["properties"]["kind"] == "within"), ""
        ),
        "staffed": _("Watched by others"),
        "treated": _("Where the operation worked"),
        "buffer": _("Beside it"),
    }
    rows = [_row(f"is-{look}", meaning) for look, meaning in words.items() if look in there]
    rows += [_row(f"is-edge is-{trend}", meaning) for trend, meaning in trends.items() if trend in edges]
    return rows


def _hours(features: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The areas of travel time by their looks: "Within 1 hour"; the last shade holds all longer times."""
    times = sorted(each["properties"]["hours"] for each in features if each["properties"]["kind"] == "reach")
    named = {f"reach-{k}": times[k - 1 : k if k < STRENGTHS else None] for k in range(1, STRENGTHS + 1)}
    return {
        look: _("Within {hours} h", hours=", ".join(f"{each:g}" for each in held))
        for look, held in named.items()
        if held
    }


def _row(key: str, words: str) -> Component:
    return html.Li([html.Span(className=f"answer-key {key}", **{"aria-hidden": "true"}), words])
