"""Static markup as one component: the same elements, and little to send for many rows."""

import json
from typing import Any

import pytest
from dash import dcc, html
from plotly.io.json import to_json_plotly

from dashboard.parts.form import button
from dashboard.parts.markup import Markup
from dashboard.parts.table import table, table_row


def rows(number: int) -> list[Any]:
    return [
        table_row(
            dcc.Link(f"Place {at}", href="/operations/1/reports"),
            "Niger",
            html.Td(f"{at}", className="m-num", **{"data-kpi": "2.1", "data-level": "V3", "data-of": f"{at // 2}"}),
            html.Td([html.Bdi("a"), " · ", html.Button("Go", title=f"Go to {at}", **{"data-choose": f"site|{at}"})]),
        )
        for at in range(number)
    ]


def test_elements_come_back_as_they_were() -> None:
    given = rows(3)
    came_back, as_they_were = table([], Markup(given).elements()), table([], [_listed(each) for each in given])
    # Parsed: Dash writes the `data-` attributes of an element in the order of a set, which differs from run to run.
    assert json.loads(to_json_plotly(came_back)) == json.loads(to_json_plotly(as_they_were))


def _listed(each: Any) -> Any:
    """The same with its children as a list, as `elements` writes them."""
    if not hasattr(each, "children"):
        return each
    parts = each.children if isinstance(each.children, list) else [each.children]
    each.children = [_listed(part) for part in parts]
    return each


def test_a_row_costs_what_stands_in_it() -> None:
    def size(number: int) -> int:
        return len(to_json_plotly(Markup(rows(number))))

    each = (size(400) - size(200)) / 200
    plain = (len(to_json_plotly(rows(400))) - len(to_json_plotly(rows(200)))) / 200
    assert each < plain / 5
    assert len(json.loads(to_json_plotly(Markup(rows(400))))["props"]["kinds"]) < 12


@pytest.mark.parametrize("part", [button("Do", {"type": "do", "of": "1"}), html.Div(id={"type": "do", "of": "1"})])
def test_what_a_callback_reaches_is_refused(part: Any) -> None:
    with pytest.raises(TypeError, match="static markup"):
        Markup([html.Div(part)])
