"""Tables of answers about ways: placement of teams, routes, reach."""

from typing import Any

from dashboard.parts.answer_tables import Row, Shown, decimals, percents, worded
from dashboard.parts.grid import number_column, text_column
from dashboard.screens.analysis.words import plan_words
from dashboard.wording import N_, UNDEFINED, _, language, place_words
from operations.core import vocabulary

_MODES = {"road": N_("Road"), "sea": N_("Sea")}
_BORDERS = {"land": N_("Land border"), "sea": N_("Landing from the sea")}


def _plan_row(row: Row) -> Row:
    return row | {"plan": plan_words(row["plan"])}


def _frontier_row(row: Row) -> Row:
    return percents(row, "gap")


def _odds_row(row: Row) -> Row:
    row.pop("id", None)
    return percents(row, "odds") | {"place": place_words(row["place"])}


def _draw_row(row: Row) -> Row:
    return row | {"places": "; ".join(place_words(each) for each in row["places"].split("; "))}


def _country(iso3: str) -> str:
    return vocabulary.label("CL-COUNTRY", iso3, language()) if iso3 in vocabulary.codes("CL-COUNTRY") else iso3


def _route_row(row: Row) -> Row:
    return percents(row, "shared") | {
        "route": plan_words(row["route"]),
        "modes": ", ".join(worded(_MODES, each) for each in row["modes"].split()),
        "countries": " → ".join(_country(each) for each in row["countries"].split()),
    }


def _border_row(row: Row) -> Row:
    return row | {
        "route": plan_words(row["route"]),
        "from": _country(row["from"]),
        "to": _country(row["to"]),
        "kind": worded(_BORDERS, row["kind"]),
        "crossing": place_words(row["crossing"]) or UNDEFINED,
        "where": f"{row['lat']:.4f}, {row['lon']:.4f}",
    }


def _leg_row(row: Row) -> Row:
    ports = {name: row[name] or UNDEFINED for name in ("start", "end")}
    return row | ports | {"route": plan_words(row["route"]), "mode": worded(_MODES, row["mode"])}


def _reached_row(row: Row) -> Row:
    return row | {name: row[name] or UNDEFINED for name in ("team", "second")}


def _site_columns() -> list[dict[str, Any]]:
    return [
        text_column("place", _("Checkpoint"), minWidth=170),
        number_column("loss", _("What you lose without it"), width=230, **decimals(2)),
        text_column("next_best", _("Next best"), minWidth=150),
        number_column("loss_with_next_best", _("Lost with the next best"), width=210, **decimals(2)),
    ]


def _plan_columns() -> list[dict[str, Any]]:
    return [
        text_column("plan", _("Plan"), minWidth=220),
        number_column("detected", _("Detected, %"), width=130, **decimals(2)),
        number_column("moved", _("Crosses elsewhere, %"), width=180, **decimals(1)),
        number_column("sites", _("Checkpoints"), width=130),
    ]


def _frontier_columns() -> list[dict[str, Any]]:
    return [
        number_column("teams", _("Teams")),
        number_column("detected", _("Detected, %"), width=140, **decimals(2)),
        number_column("gap", _("Gap, %"), width=140, **decimals(2), headerTooltip=_("0 is proven: no plan is better")),
    ]


def _shift_columns() -> list[dict[str, Any]]:
    return [
        text_column("place", _("Crossing"), minWidth=180),
        number_column("before", _("Of all movement before, %"), width=210, **decimals(2)),
        number_column("after", _("After, %"), width=140, **decimals(2)),
    ]


def _odds_columns() -> list[dict[str, Any]]:
    return [
        text_column("place", _("Checkpoint"), minWidth=170),
        number_column("odds", _("Staffed, % of days"), width=170, **decimals(1)),
    ]


def _draw_columns() -> list[dict[str, Any]]:
    return [number_column("day", _("Day"), width=90), text_column("places", _("Checkpoints"), minWidth=300)]


def _route_columns() -> list[dict[str, Any]]:
    return [
        text_column("route", _("Route"), width=110, flex=0),
        number_column("hours", _("Hours"), **decimals(1)),
        number_column("km", _("km")),
        number_column("times", _("Times the best"), width=140, **decimals(2)),
        number_column("shared", _("In common, %"), width=140, headerTooltip=_("With a route before it in the list")),
        text_column("modes", _("How"), width=110, flex=0),
        text_column("countries", _("Countries in order"), minWidth=240),
    ]


def _border_columns() -> list[dict[str, Any]]:
    return [
        text_column("route", _("Route"), width=110, flex=0),
        number_column("order", _("Order"), width=90),
        text_column("from", _("From"), minWidth=120),
        text_column("to", _("To"), minWidth=120),
        text_column("crossing", _("Known crossing"), minWidth=180),
        text_column("kind", _("Kind"), width=140, flex=0),
        text_column("where", _("Where"), width=160, flex=0, cellClass="m-num"),
    ]


def _leg_columns() -> list[dict[str, Any]]:
    return [
        text_column("route", _("Route"), width=110, flex=0),
        number_column("order", _("Order"), width=90),
        text_column("mode", _("How"), width=110, flex=0),
        number_column("km", _("km")),
        number_column("hours", _("Hours"), **decimals(1)),
        text_column("start", _("From port"), minWidth=150),
        text_column("end", _("To port"), minWidth=150),
    ]


def _reached_columns() -> list[dict[str, Any]]:
    return [
        text_column("place", _("Place"), minWidth=160),
        text_column("team", _("First there"), minWidth=150),
        number_column("hours", _("Hours"), **decimals(1)),
        text_column("second", _("Next"), minWidth=150),
        number_column("second_hours", _("Hours"), **decimals(1)),
    ]


def _area_columns() -> list[dict[str, Any]]:
    return [
        number_column("hours", _("Hours"), **decimals(1)),
        number_column("area_km2", _("Area, km²"), width=150),
        number_column("reached", _("Places reached"), width=160),
    ]


WAY_TABLES: dict[str, Shown] = {
    "sites": Shown(
        N_("Checkpoints"),
        N_("Points are hundredths of all that moves. A loss of 0 says that a team stands idle there."),
        _site_columns,
    ),
    "plans": Shown(
        N_("Plans compared"),
        N_("What each plan detects if all take the way that is safest for them under it."),
        _plan_columns,
        _plan_row,
    ),
    "frontier": Shown(
        N_("More or fewer teams"),
        N_("What the best plan detects with so many teams."),
        _frontier_columns,
        _frontier_row,
    ),
    "shift": Shown(
        N_("Where movement goes"),
        N_("Crossings that gain or lose, compared with the plan in force."),
        _shift_columns,
    ),
    "odds": Shown(
        N_("How often to stand where"),
        N_("The share of days on which each crossing is to be staffed by teams that move."),
        _odds_columns,
        _odds_row,
    ),
    "draw": Shown(
        N_("Days drawn"),
        N_("Where the teams stand on each day. Who watches them must not see this list."),
        _draw_columns,
        _draw_row,
    ),
    "routes": Shown(
        N_("Routes"),
        N_("The best first. Choose one above the map to see it alone."),
        _route_columns,
        _route_row,
    ),
    "borders": Shown(
        N_("Borders"),
        N_("Where each route crosses a border, in the order of travel."),
        _border_columns,
        _border_row,
    ),
    "legs": Shown(
        N_("Stretches"),
        N_("Each stretch by road or by sea, with the ports between them."),
        _leg_columns,
        _leg_row,
    ),
    "reached": Shown(
        N_("Who is where first"),
        N_("Those that take longest come first; a place that no team reaches stands on top."),
        _reached_columns,
        _reached_row,
    ),
    "areas": Shown(
        N_("Areas"),
        N_("What all teams together reach within so many hours."),
        _area_columns,
    ),
}
