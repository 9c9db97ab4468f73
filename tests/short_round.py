"""The short round: which tests `make test` runs. Collection marks all others `rest`, and `make test-all` runs those.

It has every test function outside the browser. Of a test that needs a database, an application or files of its own, it
has one case on each storage, or as many as the mark `sample` says, chosen by a hash of their names. Cases that need
none of these cost next to nothing, and all of them are in it. In a browser it has the tests marked `journey`.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

SAMPLE = 1
DEAR = frozenset({"shelf", "database_url", "site", "tmp_path"})
STORAGES = ("shelf", "database_url")
BROWSER = Path(__file__).with_name("browser")

marked = pytest.StashKey[dict[str, bool]]()
"""Each collected test outside the browser, and whether it is in the short round."""


def function(node_id: str) -> str:
    """Return the name of a test without that of its case."""
    return node_id.partition("[")[0]


def chosen(names: Iterable[str], number: int) -> set[str]:
    """Return so many of the names, the same in whatever order they come."""
    return set(sorted(names, key=lambda name: zlib.crc32(name.encode()))[:number])


def mark(items: Iterable[pytest.Item]) -> dict[str, bool]:
    """Mark what is not in the round. Return each test outside the browser, and whether it is in the round."""
    cases: dict[tuple[str, str], list[pytest.Item]] = defaultdict(list)
    outside = []
    for item in items:
        if item.path.is_relative_to(BROWSER):
            item.add_marker("browser")
            if not item.get_closest_marker("journey"):
                item.add_marker("rest")
            continue
        outside.append(item)
        if _number(item) and not item.get_closest_marker("rest"):
            cases[function(item.nodeid), _storage(item)].append(item)
    for same in cases.values():
        names = chosen([item.nodeid for item in same], _number(same[0]))
        for item in same:
            if item.nodeid not in names:
                item.add_marker("rest")
    return {item.nodeid: item.get_closest_marker("rest") is None for item in outside}


def _number(item: pytest.Item) -> int:
    """Return how many cases of a test are in the round, 0 for all of them."""
    if (said := item.get_closest_marker("sample")) is not None:
        return int(said.args[0])
    return SAMPLE if DEAR.intersection(getattr(item, "fixturenames", ())) else 0


def _storage(item: pytest.Item) -> str:
    params = item.callspec.params if hasattr(item, "callspec") else {}
    return str(next((params[name] for name in STORAGES if name in params), ""))
