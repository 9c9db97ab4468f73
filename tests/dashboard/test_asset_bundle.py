"""What a page loads: few files, packed once, named by their content, kept by browsers for as long as that holds."""

import gzip
import json
import re
import subprocess
import sys
from html import unescape

import brotli
import pytest

from dashboard.server import asset_bundle
from operations.lazy_import import lazy_module, load


@pytest.fixture(scope="module")
def page(site):
    client = site.signed_in()
    return client, client.get("/", headers={"accept": "text/html"}).text


@pytest.mark.parametrize("path", ["dash/..%2f", "dash/%2e%2e/x.js", "nothing/x.js", "dash/", "dash/nothing.js"])
def test_a_file_of_dash_that_is_not_there_writes_nothing_into_the_log(page, path, caplog, capfd):
    client, _html = page
    assert client.get(f"/_dash-component-suites/{path}").status_code == 404
    assert not caplog.records
    assert "Traceback" not in "".join(capfd.readouterr())


def _named(html: str) -> list[str]:
    return re.findall(r'<(?:script|link)[^>]*? (?:src|href)="([^"]+)"', html)


@pytest.mark.requirement("R87")
def test_everything_that_the_page_names_is_there(page):
    client, html = page
    named = _named(html)
    assert len(named) < 22
    assert {path: client.get(path).status_code for path in named} == dict.fromkeys(named, 200)


def test_named_files_are_kept_but_for_what_is_asked_anew(page):
    client, html = page
    asked_anew = {"/_dash-layout", "/_dash-dependencies"}
    for path in set(_named(html)) - asked_anew:
        assert client.get(path).headers["cache-control"] == "private, max-age=31536000, immutable", path
    assert {client.get(path).headers["cache-control"] for path in asked_anew} == {"no-store"}


def test_all_our_scripts_are_in_one_and_come_after_those_of_dash_and_before_it_starts(page):
    _client, html = page
    scripts = [path for path in _named(html) if ".js" in path]
    assert scripts[0].startswith("/assets/vendor/later/regenerator.js")
    assert scripts[-1].startswith(asset_bundle.SCRIPT)
    assert html.index("new DashRenderer") > html.index(scripts[-1])
    text = asset_bundle.script().content.decode()
    for file in [*asset_bundle.ASSETS.glob("*.js"), *(asset_bundle.ASSETS / "vendor").glob("*.js")]:
        assert file.read_text(encoding="utf-8") in text
    assert "plotly.js-cartesian" not in text


def test_the_style_of_the_sign_in_page_is_not_in_that_of_the_application():
    """It speaks of the whole `body` and `main`."""
    style = asset_bundle.style().content.decode()
    assert all(rule in style for rule in (".situation-strip", ".parts-tab {", ".atlas"))
    assert "23.5rem" not in style


def test_names_beside_a_style_sheet_are_found_from_the_joined_one(page):
    client, _html = page
    addresses = re.findall(r"url\(['\"]?(/[^'\")]+)", asset_bundle.style().content.decode())
    assert "/assets/vendor/fonts/muster-sans-latin.woff2" in addresses
    assert {client.get(each).status_code for each in addresses} == {200}
    assert not re.search(r"url\(['\"]?(?!data:|/|#|%23)[\w%.]", asset_bundle.style().content.decode())


@pytest.mark.parametrize(
    ("taken", "name", "unpack"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
    ],
)
def test_a_file_comes_in_the_packing_that_the_browser_takes(taken, name, unpack):
    from starlette.requests import Request

    scope = {"type": "http", "method": "GET", "path": "/x", "headers": [(b"accept-encoding", taken.encode())]}
    answer = asset_bundle.script().answer(Request(scope))
    assert answer.headers.get("content-encoding") == name
    assert unpack(answer.body) == asset_bundle.script().content
    assert answer.headers["content-type"].startswith("text/javascript")


def test_what_has_no_mark_in_its_address_is_asked_again_and_not_sent_again(page):
    client, _html = page
    path = "/_dash-component-suites/dash/dcc/async-graph.js"
    first = client.get(path)
    assert first.headers["cache-control"] == "private, no-cache"
    again = client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/_dash-component-suites/dash/nothing.js",
        "/_dash-component-suites/os/path.py",
        f"{asset_bundle.LATE}/LICENCES.txt",
    ],
)
@pytest.mark.requirement("ASVS 13.4.3")
def test_what_is_not_there_is_not_found(page, path):
    client, _html = page
    assert client.get(path).status_code == 404


def _lazy(html: str) -> dict[str, str]:
    (addresses,) = re.findall(r'data-lazy="([^"]+)"', html)
    return json.loads(unescape(addresses))


LAZY = {
    "leaflet.js": "Leaflet 1.9",
    "leaflet.css": ".leaflet-pane",
    "geoman.js": "geoman",
    "geoman.css": ".leaflet-pm",
    "plotly.js": "plotly.js (cartesian",
    "timeline.js": "vis-timeline",
    "timeline.css": ".vis-",
    "dash_ag_grid.js": "AgGrid",
}


def test_the_largest_scripts_come_with_what_needs_them_from_addresses_that_the_page_knows(page):
    client, html = page
    lazy = _lazy(html)
    assert lazy.keys() == LAZY.keys()
    assert not set(lazy.values()) & set(_named(html))
    for name, words in LAZY.items():
        answer = client.get(lazy[name])
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "private, max-age=31536000, immutable", name
        assert words in answer.text, name
        assert answer.text not in asset_bundle.script().content.decode(), name


def test_what_a_browser_fetches_before_the_first_page_is_small(page):
    client, html = page
    scripts = [path for path in _named(html) if ".js" in path]
    fetched = [client.get(path, headers={"accept-encoding": "br"}).headers["content-length"] for path in scripts]
    assert sum(map(int, fetched)) < 640_000


def test_plotly_in_the_browser_is_the_version_that_python_writes_for(page):
    from plotly.offline import get_plotlyjs_version

    client, html = page
    assert f"v{get_plotlyjs_version()}\n" in client.get(_lazy(html)["plotly.js"]).text[:200]


def test_a_module_that_is_put_off_is_imported_when_it_is_used():
    colours = lazy_module("colorsys")
    assert colours.rgb_to_hls(1, 1, 1)[1] == 1
    assert lazy_module("colorsys") is colours
    load()


def test_the_server_starts_without_what_the_first_answer_does_not_need():
    heavy = {"geopandas", "pandas", "scipy", "openpyxl", "pyarrow", "highspy", "hdbscan", "matplotlib", "fpdf"}
    found = subprocess.run(
        [sys.executable, "-c", "import sys, dashboard.app; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not heavy & set(found.stdout.split())


def test_every_script_and_style_of_a_room_is_in_the_joined_one():
    joined = {".js": asset_bundle.script().content.decode(), ".css": asset_bundle.style().content.decode()}
    for suffix, text in joined.items():
        files = [path for room in asset_bundle.ROOMS for path in (asset_bundle.HOUSE / room).rglob(f"*{suffix}")]
        assert len(files) > 15
        for path in files:
            own = path.read_text(encoding="utf-8").strip().splitlines()[-1]
            assert (own in text) == (path.parent != asset_bundle.HOUSE / "frame" / "templates"), path
