"""A column of a list is one declaration: its heading, and what stands in it of each thing."""

from datetime import date
from types import SimpleNamespace

from dashboard.parts.list_page import list_view
from dashboard.parts.listing import HREF, Listing
from dashboard.wording import UNDEFINED
from tests.dashboard.desks import at_desk, found_in, open_scene

POSTS = [
    SimpleNamespace(key=1, name="Assamaka", of=SimpleNamespace(country="NER"), opened=date(2026, 3, 2), officers=12),
    SimpleNamespace(key=2, name="Labbezanga", of=SimpleNamespace(country="MLI"), opened=None, officers=None),
]


def test_rows_and_columns_come_of_the_same_declarations(tmp_path) -> None:
    with at_desk(open_scene(tmp_path), "bruno"):
        made = Listing(POSTS, lambda post: f"/posts?show={post.key}", ident="key")
        made.text("name", "Post", minWidth=200)
        made.text("short", "In short", lambda post: post.name[:3])
        made.code("country", "Country", "CL-COUNTRY", "of.country")
        made.day("opened", "Opened on", width=130)
        made.mark("small", "Small", lambda post: post.officers is None)
        made.number("officers", "Officers")
        rows = made.rows
        [grid] = found_in(list_view("posts", made, "No post."), "AgGrid")
    assert len(made) == 2
    assert rows[0] == {
        "id": "1",
        HREF: "/posts?show=1",
        "name": "Assamaka",
        "short": "Ass",
        "country": "Niger",
        "opened": "2026-03-02",
        "small": "",
        "officers": 12,
    }
    assert rows[1] | {"opened": UNDEFINED, "small": "Small", "officers": None} == rows[1]
    assert grid.rowData == rows
    assert [each["field"] for each in grid.columnDefs] == list(rows[0])[2:]
    assert [each["headerName"] for each in grid.columnDefs][:2] == ["Post", "In short"]
