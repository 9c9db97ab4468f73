"""Comparison of a running operation with published figures of earlier ones: like for like, or why not."""

from typing import Any

from dash import State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import followed, follows
from dashboard.frame.live_parts import same_for_role
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.frame.shell import page
from dashboard.parts import published_text as words
from dashboard.parts.kpi_board import tiles_of
from dashboard.parts.kpi_tile import stated_tile
from dashboard.parts.panel import empty_state, panel
from dashboard.places import EARLIER
from dashboard.screens.history.comparison_table import basis_words, side_table
from dashboard.screens.history.file import href_of
from dashboard.wording import _, coded, moment, ngettext
from operations.core import vocabulary
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.policing.operation import plan
from operations.policing.operation.boards import board_of
from operations.results.past_operations.comparability import (
    ComparisonRow,
    compare_running,
    per_day,
    side_by_side,
)
from operations.results.past_operations.running_comparison import (
    PastComparison,
    chosen_beside,
    here,
    of_series,
)
from operations.results.restatements import restated_since_export

NAV = EARLIER
AUDIENCE = same_for_role
CHOSEN, CONTENT = "earlier-chosen", "earlier-content"


@operation_page(NAV)
def layout(session: Session, operation: plan.Operation, by: Actor, region: str = "", kind: str = "") -> Parts:
    """Return the operation beside its series, or beside those of a kind or region."""
    chosen = {
        "region": region if region in vocabulary.codes("CL-REGION") else "",
        "kind": kind if kind in vocabulary.codes("CL-OPTYPE") else "",
    }
    shown = contents(session, operation, by, chosen)
    return page(
        _("Earlier operations"),
        dcc.Store(id=CHOSEN, data=chosen),
        followed(CONTENT, shown, className="m-stack"),
        lead=_("What was published of others, beside what is counted here. Published figures are preliminary."),
        actions=[dcc.Link(_("All past operations"), href="/history", className="overview-link")],
        wide=True,
    )


def contents(session: Session, operation: plan.Operation, by: Actor, chosen: dict[str, str]) -> list[Component]:
    """Return the selectable operations, the board's figures beside theirs, and their other published figures."""
    comparison, ways = chosen_beside(operation, chosen["region"], chosen["kind"]), _ways(operation, chosen)
    if not comparison.operations:
        hint = _("Choose another region or kind.")
        return [ways, empty_state(_("No past operation is of this region and kind"), hint, "history")]
    now_here, board = here(session, operation, by)
    changed = restated_since_export(session, board.frame, by)
    tiles = {tile.kpi: tile for tile in tiles_of(board, by, plan.phases(session, operation.id), restated=changed)}
    rows = compare_running(now_here, board_of(session, operation), comparison.operations)
    level = _("{level}, as of {moment}", level=board.frame.level.name, moment=moment(board.as_of, operation.zone))
    basis = html.Small(basis_words(now_here.countries, now_here.days), className="m-dim past-mark")
    head = html.Th([_("Here, until now"), html.Small(level, className="m-dim past-mark"), basis], scope="col")

    def own(row: ComparisonRow) -> Component:
        tile = tiles[row.kpi] if row.kpi else None
        rate = per_day(row.here, now_here.countries, now_here.days) if row.comparable and row.here is not None else None
        said = [html.Small(words.per_day_words(rate), className="past-rate")] if rate else []
        said += [html.Small(each, className="kpi-restated past-mark") for each in (tile.caveats if tile else ())]
        return html.Td([html.Div(stated_tile(tile, "") if tile else ""), *said], className="m-num past-here")

    table = side_table(rows, comparison.operations, href_of, (head, own))
    return [
        ways,
        panel(_("Figures of this operation's board"), table, note=_left_out(comparison), flush=True),
        *_others(comparison, rows),
    ]


def _left_out(found: PastComparison) -> str | None:
    """Return the sentence that says how many earlier operations are not shown, or None."""
    return (
        ngettext("{n} earlier one is in the list", "{n} earlier ones are in the list", found.more)
        if found.more
        else None
    )


def _others(found: PastComparison, rows: list[ComparisonRow]) -> list[Component]:
    """Return the published figures that match no figure of this board."""
    shown = {id(each) for row in rows for cell in row.cells for each in cell}
    rest = [
        row
        for row in side_by_side(found.operations)
        if not all(id(each) in shown for cell in row.cells for each in cell)
    ]
    if not rest:
        return []
    return [panel(_("Published, and on no board here"), side_table(rest, found.operations, href_of), flush=True)]


def _ways(operation: plan.Operation, chosen: dict[str, str]) -> Component:
    """Return a link for the series, for the kind and for each region; the current one is marked."""
    own, series = NAV.href(operation.id), of_series(operation)
    ways = [(series, own, not any(chosen.values()))] if series else []
    ways += [
        (
            coded("CL-OPTYPE", operation.type),
            f"{own}?kind={operation.type}",
            bool(chosen["kind"]) or not (series or any(chosen.values())),
        )
    ]
    ways += [
        (coded("CL-REGION", code), f"{own}?region={code}", chosen["region"] == code)
        for code in vocabulary.codes("CL-REGION")
    ]
    items = [
        html.Li(
            dcc.Link(name, href=href, className="parts-tab parts-tab--here" if marked else "parts-tab"),
            **({"aria-current": "page"} if marked else {}),
        )
        for name, href, marked in ways
    ]
    return html.Nav(html.Ul(items), className="parts", **{"aria-label": _("Which earlier operations")})


show: Any = follows(contents, CONTENT, act=Act.TOTALS_READ, operation=OPERATION, chosen=State(CHOSEN, "data"))
