"""Tables of answers about events: hotspots, forecasts, coverage, displacement."""

from typing import Any

from dashboard.parts.answer_tables import Row, Shown, as_it_is, decimals, percents, worded
from dashboard.parts.grid import number_column, text_column
from dashboard.screens.analysis.words import TRENDS
from dashboard.wording import N_, UNDEFINED, _


def _hotspot_row(row: Row) -> Row:
    return as_it_is(row) | {"trend": worded(TRENDS, row["trend"]) if row["trend"] in TRENDS else UNDEFINED}


def _backtest_row(row: Row) -> Row:
    rule = _("The choice itself, made anew in each period") if row["rule"] == "chosen" else worded({}, row["rule"])
    return percents(row, "hit_rate", "pei") | {"rule": rule, "chosen": _("shown") if row["chosen"] else ""}


_ZONES = {
    "the treated zone": N_("Where it worked"),
    "the buffer": N_("Beside it"),
    "the control": N_("Beyond: the control"),
}
_WINDOWS = {"during": N_("During"), "after": N_("After")}
_ANSWERS = {
    "displaced": N_("went elsewhere"),
    "benefit spread": N_("the benefit spread"),
    "no sign": N_("no sign"),
    "cannot tell": N_("cannot tell"),
}


def _zone_row(row: Row) -> Row:
    return row | {"zone": worded(_ZONES, row["zone"])}


def _test_row(row: Row) -> Row:
    return row | {"window": worded(_WINDOWS, row["window"]), "answer": worded(_ANSWERS, row["answer"])}


def _gap_row(row: Row) -> Row:
    return percents(row, "gap")


def _hotspot_columns() -> list[dict[str, Any]]:
    return [
        text_column("place", _("Place"), minWidth=160),
        number_column("count", _("Events")),
        text_column("trend", _("Trend"), width=140, flex=0),
        number_column("z", _("Strength (z)"), headerTooltip=_("Gi*: how far above what chance gives")),
        number_column("q", _("Doubt (q)"), **decimals(5), headerTooltip=_("After the correction for many tests")),
    ]


def _forecast_columns() -> list[dict[str, Any]]:
    return [
        number_column("rank", _("Rank"), width=90),
        text_column("place", _("Place"), minWidth=160),
        number_column(
            "expected",
            _("Score"),
            **decimals(2),
            headerTooltip=_("Of 100 over all cells; for the ranking, no number of events"),
        ),
    ]


def _backtest_columns() -> list[dict[str, Any]]:
    return [
        text_column("rule", _("Rule"), minWidth=180),
        number_column("hit_rate", _("Events held, %"), width=140, **decimals(1)),
        number_column("pai", _("PAI"), **decimals(2), headerTooltip=_("Events held per share of the area")),
        number_column("pei", _("PEI*, %"), **decimals(1), headerTooltip=_("Of the most that as many cells could hold")),
        text_column("chosen", _("Shown here"), width=120, flex=0),
    ]


def _covered_columns() -> list[dict[str, Any]]:
    return [
        text_column("place", _("Site"), minWidth=170),
        number_column("events", _("Within reach"), width=150),
        number_column("alone", _("What you lose without it"), width=220),
    ]


def _more_columns() -> list[dict[str, Any]]:
    return [
        number_column("teams", _("Teams")),
        number_column("covered", _("Covered, %"), width=140, **decimals(2)),
        number_column("gap", _("Gap, %"), width=140, **decimals(2), headerTooltip=_("0 is proven: no plan is better")),
    ]


def _zone_columns() -> list[dict[str, Any]]:
    return [
        text_column("zone", _("Where"), minWidth=170),
        number_column("before", _("Before")),
        number_column("during", _("During")),
        number_column("after", _("After")),
    ]


def _test_columns() -> list[dict[str, Any]]:
    return [
        text_column("window", _("Compared with before"), width=180, flex=0),
        text_column("answer", _("Answer"), minWidth=150),
        number_column("fall", _("Fell where it worked, p"), width=190, **decimals(4)),
        number_column("rise", _("Rose beside it, p"), width=160, **decimals(4)),
        number_column("gain", _("Fell beside it, p"), width=160, **decimals(4)),
        number_column(
            "wdq",
            _("Quotient (WDQ)"),
            width=150,
            **decimals(2),
            headerTooltip=_("Below 0: went beside it, below -1: more than was gained. Above 0: the benefit spread."),
        ),
    ]


EVENT_TABLES: dict[str, Shown] = {
    "hotspots": Shown(
        N_("Hotspots"),
        N_("The strongest first. Every place on the map that is hot stands here."),
        _hotspot_columns,
        _hotspot_row,
    ),
    "forecast": Shown(
        N_("Places to watch"),
        N_("The first in the list is the likeliest to see most."),
        _forecast_columns,
    ),
    "backtest": Shown(
        N_("How far it held"),
        N_("Each rule replayed on periods it had not seen. The best is the one on the map."),
        _backtest_columns,
        _backtest_row,
    ),
    "covered": Shown(
        N_("Sites"),
        N_("Events within reach of each site in a straight line, and those that no other site of the plan reaches."),
        _covered_columns,
    ),
    "covered_by_road": Shown(
        N_("Sites"),
        N_(
            "Events that a team at each site reaches by road in time, and those that no other site of the plan reaches."
        ),
        _covered_columns,
    ),
    "more_teams": Shown(
        N_("More or fewer teams"),
        N_("What the best choice of so many sites has within reach in a straight line."),
        _more_columns,
        _gap_row,
    ),
    "more_teams_by_road": Shown(
        N_("More or fewer teams"),
        N_("What the best choice of so many sites has within reach by road."),
        _more_columns,
        _gap_row,
    ),
    "zones": Shown(
        N_("Counts"),
        N_("Events in each window, whole blocks only."),
        _zone_columns,
        _zone_row,
    ),
    "tests": Shown(
        N_("Test"),
        N_("How often chance alone gives as large a change (p), against the control."),
        _test_columns,
        _test_row,
    ),
}
