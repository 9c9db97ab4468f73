"""A column of a list is one declaration: its heading, and what stands in it of each thing."""

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from dash import html

from dashboard.frame import shell
from dashboard.parts.list_page import list_view
from dashboard.parts.listing import HREF, Listing
from dashboard.parts.table import table, table_row
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


def test_a_day_is_sorted_as_iso_and_read_as_the_reader_writes_it(tmp_path) -> None:
    with at_desk(open_scene(tmp_path), "bruno"):
        made = Listing(POSTS, ident="key")
        made.day("opened", "Opened on")
    [column] = made.columns
    assert column["valueFormatter"] == {"function": "muster.day(params.value)"}
    assert column["cellDataType"] == "text"


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node, which the browser's libraries are installed with")
def test_the_browser_writes_days_and_numbers_in_the_locale_of_the_reader() -> None:
    asked = """
      globalThis.addEventListener = () => {}; globalThis.window = globalThis;
      globalThis.document = {documentElement: {lang: "es", dataset: {}}};
      %s
      const {day, number} = window.dashAgGridFunctions.muster, said = [];
      for (const locale of ["en", "es-MX", "es-ES", "fr", "ar"]) {
        document.documentElement.dataset.locale = locale;
        said.push([day("2027-02-17"), day("2027-02-17 03:00"), number(66685)]);
      }
      console.log(JSON.stringify([...said, [day("—"), day(null), day("")]]));
    """
    script = Path(shell.__file__).with_suffix(".js").read_text(encoding="utf-8")
    answer = subprocess.run([shutil.which("node"), "-e", asked % script], capture_output=True, check=True, text=True)
    english, mexican, spanish, french, arabic, none = json.loads(answer.stdout)
    assert english == ["17 Feb 2027", "17 Feb 2027, 03:00", "66,685"]
    assert mexican == ["17 feb 2027", "17 feb 2027, 03:00", "66,685"]
    assert spanish[2] == "66.685"
    assert french == ["17 févr. 2027", "17 févr. 2027, 03:00", "66\u202f685"]
    assert arabic[0] == "17 فبراير 2027"
    assert none == ["—", None, ""]


def test_a_row_that_is_a_card_on_a_phone_keeps_the_heading_of_each_cell() -> None:
    made = table(
        ["Post", "Country"], [table_row("Assamaka", "Niger"), table_row("Tillia", html.Td("Niger"))], cards=True
    )
    cells = found_in(made, "Td")
    assert [cell.to_plotly_json()["props"]["data-heading"] for cell in cells] == ["Country", "Country"]
    assert made.className.split() == ["m-table", "m-table-cards"]
    [plain] = found_in(table(["Post", "Country"], [table_row("Assamaka", "Niger")]), "Td")
    assert "data-heading" not in plain.to_plotly_json()["props"]
