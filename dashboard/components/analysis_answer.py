"""An answer as it is shown: sentences, tables, sources, and how it was made."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date as Date  # noqa: N812 - as in wording
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.components.grid import grid, number_column, text_column
from dashboard.components.icon import icon
from dashboard.wording import N_, UNDEFINED, _, date, day_span, language, moment, number, sentence
from operations.core import vocabulary
from operations.core.errors import Flaw
from operations.core.vocabulary import AnalysisKind
from operations.policing.analyses import Analysis, AnalysisResult

Rows = Sequence[Sequence[Any]]

TRENDS = {
    "emerging": N_("Emerging"),
    "intensifying": N_("Intensifying"),
    "persistent": N_("Persistent"),
    "diminishing": N_("Diminishing"),
    "sporadic": N_("Sporadic"),
}
"""How a hotspot changes, in a word; what is not here has no trend."""

_PLANS = {
    "proposed plan": N_("This plan"),
    "plan in force": N_("Plan in force"),
    "greedy": N_("Greedy: the best site, then the next best"),
    "lazy greedy": N_("Greedy without a second look"),
    "flow": N_("Where most pass today"),
    "rerouted flow": N_("Where most pass, looked at again after each team"),
}
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
}
_VALUES = {"week": N_("Week"), "month": N_("Month"), "quarter": N_("Quarter")}


def trend_words() -> dict[str, str]:
    """`TRENDS` in the reader's language."""
    return {trend: _(words) for trend, words in TRENDS.items()}


def said(kept: Mapping[str, Any] | None) -> str:
    """A kept sentence in the reader's language, days as people write them; "" for none."""
    if not kept:
        return ""
    params = {name: _read(name, value) for name, value in kept.get("params", {}).items()}
    return sentence(Flaw("", kept["template"], params))


def _read(name: str, value: Any) -> Any:
    """A parameter as people read it: days, codes of lists, and sentences within the sentence."""
    if isinstance(value, list):
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
    return [html.P([html.Strong(html.Bdi(each["name"])), ": ", _source(each)]) for each in found]


def _source(each: Mapping[str, str]) -> str:
    parts = [each["source"], each["licence"]]
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
        f"{_(_PARAMETERS[name])}: {_value(name, value)}"
        for name, value in asked.question.items()
        if name in _PARAMETERS
    ]
    if found is not None and not found.complete:
        parts.append(_("stopped before its end"))
    return html.P([html.Strong(_("How this was made")), " ", " · ".join([*parts, *listed])], className="analysis-made")


def _value(name: str, value: Any) -> str:
    if name == "journeys":
        return number(len(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value)) or UNDEFINED
    if value is None:
        return _("chosen by the data") if name == "resolution" else UNDEFINED
    if isinstance(value, int | float):
        return number(value, 0 if float(value).is_integer() else 2)
    return _(_VALUES[value]) if value in _VALUES else str(value)


# ------------------------------------------------------------------------------------------------------ tables


def tables(kind: AnalysisKind, result: Mapping[str, Any]) -> list[Component]:
    """The tables of an answer, one behind the other; a table without rows is left out."""
    found = [each for each in result["tables"] if each["rows"] and each["name"] in _TABLES]
    if not found:
        return []
    names = [each["name"] for each in found]
    tabs = [dmc.TabsTab(_(_TABLES[name][0]), value=name) for name in names]
    panels = [
        dmc.TabsPanel(
            [
                html.P(_(_TABLES[each["name"]][1]), className="m-small m-dim analysis-table-note"),
                html.Div(_table(each), className="analysis-table"),
            ],
            value=each["name"],
        )
        for each in found
    ]
    label = vocabulary.label("CL-ANALYSIS", kind.value, language())
    return [
        dmc.Tabs(
            [dmc.TabsList(tabs, **{"aria-label": label}), *panels],
            value=names[0],
            keepMounted=False,
            className="analysis-tabs",
        )
    ]


def _table(table: Mapping[str, Any]) -> Component:
    name = table["name"]
    columns, row = _TABLES[name][2], _TABLES[name][3]
    rows = [
        {"id": str(at), **row(dict(zip(table["columns"], cells, strict=True)))}
        for at, cells in enumerate(table["rows"])
    ]
    return grid(f"analysis-table-{name}", columns(), rows, search=len(rows) > 10, export=f"analysis-{name}")


def _as_it_is(row: dict[str, Any]) -> dict[str, Any]:
    row.pop("id", None)
    return row


def _hotspot_row(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"trend": _(TRENDS[row["trend"]]) if row["trend"] in TRENDS else UNDEFINED}


def _backtest_row(row: dict[str, Any]) -> dict[str, Any]:
    rule = _("The choice itself, made anew in each period") if row["rule"] == "chosen" else row["rule"]
    shares = {name: 100 * row[name] for name in ("hit_rate", "pei")}
    return row | shares | {"rule": rule, "chosen": _("shown") if row["chosen"] else ""}


def plan_words(name: str) -> str:
    """What a plan that is compared is called."""
    if name.startswith("alternative "):
        return _("Alternative {number}", number=name.removeprefix("alternative "))
    return _(_PLANS[name]) if name in _PLANS else name


def _plan_row(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"plan": plan_words(row["plan"])}


def _frontier_row(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"gap": 100 * row["gap"]}


def _decimals(digits: int) -> dict[str, Any]:
    return {"valueFormatter": {"function": f"muster.number(params.value, {digits})"}}


def _hotspot_columns() -> list[dict[str, Any]]:
    return [
        text_column("place", _("Place"), minWidth=160),
        number_column("count", _("Events")),
        text_column("trend", _("Trend"), width=140, flex=0),
        number_column("z", _("Strength (z)"), headerTooltip=_("Gi*: how far above what chance gives")),
        number_column("q", _("Doubt (q)"), **_decimals(5), headerTooltip=_("After the correction for many tests")),
    ]


def _forecast_columns() -> list[dict[str, Any]]:
    return [
        number_column("rank", _("Rank"), width=90),
        text_column("place", _("Place"), minWidth=160),
        number_column("expected", _("Score"), **_decimals(2), headerTooltip=_("For the ranking: no number of events")),
    ]


def _backtest_columns() -> list[dict[str, Any]]:
    return [
        text_column("rule", _("Rule"), minWidth=180),
        number_column("hit_rate", _("Events held, %"), width=140, **_decimals(1)),
        number_column("pai", _("PAI"), **_decimals(2), headerTooltip=_("Events held per share of the area")),
        number_column(
            "pei", _("PEI*, %"), **_decimals(1), headerTooltip=_("Of the most that as many cells could hold")
        ),
        text_column("chosen", _("Shown here"), width=120, flex=0),
    ]


def _site_columns() -> list[dict[str, Any]]:
    return [
        text_column("place", _("Checkpoint"), minWidth=170),
        number_column("loss", _("What you lose without it"), width=230, **_decimals(2)),
        text_column("next_best", _("Next best"), minWidth=150),
        number_column("loss_with_next_best", _("Lost with the next best"), width=210, **_decimals(2)),
    ]


def _plan_columns() -> list[dict[str, Any]]:
    return [
        text_column("plan", _("Plan"), minWidth=220),
        number_column("detected", _("Detected, %"), width=130, **_decimals(2)),
        number_column("moved", _("Crosses elsewhere, %"), width=180, **_decimals(1)),
        number_column("sites", _("Checkpoints"), width=130),
    ]


def _frontier_columns() -> list[dict[str, Any]]:
    return [
        number_column("teams", _("Teams")),
        number_column("detected", _("Detected, %"), width=140, **_decimals(2)),
        number_column("gap", _("Gap, %"), width=140, **_decimals(2), headerTooltip=_("0 is proven: no plan is better")),
    ]


def _shift_columns() -> list[dict[str, Any]]:
    return [
        text_column("place", _("Crossing"), minWidth=180),
        number_column("before", _("Of all movement before, %"), width=210, **_decimals(2)),
        number_column("after", _("After, %"), width=140, **_decimals(2)),
    ]


_Table = tuple[str, str, Callable[[], list[dict[str, Any]]], Callable[[dict[str, Any]], dict[str, Any]]]
_TABLES: dict[str, _Table] = {
    "hotspots": (
        N_("Hotspots"),
        N_("The strongest first. Every place on the map that is hot stands here."),
        _hotspot_columns,
        _hotspot_row,
    ),
    "forecast": (
        N_("Places to watch"),
        N_("The first in the list is the likeliest to see most."),
        _forecast_columns,
        _as_it_is,
    ),
    "backtest": (
        N_("How far it held"),
        N_("Each rule replayed on periods it had not seen. The best is the one on the map."),
        _backtest_columns,
        _backtest_row,
    ),
    "sites": (
        N_("Checkpoints"),
        N_("Points are hundredths of all that moves. A loss of 0 says that a team stands idle there."),
        _site_columns,
        _as_it_is,
    ),
    "plans": (
        N_("Plans compared"),
        N_("What each plan detects if all take the way that is safest for them under it."),
        _plan_columns,
        _plan_row,
    ),
    "frontier": (
        N_("More or fewer teams"),
        N_("What the best plan detects with so many teams."),
        _frontier_columns,
        _frontier_row,
    ),
    "shift": (
        N_("Where movement goes"),
        N_("Crossings that gain or lose, compared with the plan in force."),
        _shift_columns,
        _as_it_is,
    ),
}
"""Of each table: its name, what it says, its columns, and how a row is written."""
