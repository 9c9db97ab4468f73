"""What is asked for by GET writes nothing: no entry, no disclosure, no baseline. A file is asked for by POST."""

import itertools
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, select

from operations.core import failed_sign_ins
from operations.core.journal import AccessEntry, Entry
from operations.core.people import System
from tests.dashboard.conftest import ORIGIN
from tests.dashboard.test_layers_page import browser_of, cast_on
from tests.dashboard.test_people_doors import _routes
from tests.makers import Running, add_layer, form, hit, send
from tests.messages import sent

READERS = ("ana", "chaima", "lena", "otto")
CONSULTED = frozenset({"message.read"})
"""What opening an address may write: that somebody looked."""
NAMED = {
    "name": ("figures.xlsx", "operation.zip", "kpis.csv", "1.pdf"),
    "form": ("pdf", "kml"),
    "layer": ("coast",),
    "year": ("2026",),
    "number": ("1",),
    "z": ("0",),
    "x": ("0",),
    "y": ("0",),
}


@pytest.fixture
def scene(site: Any) -> Running:
    """An operation with a report, a layer and a message."""
    made = cast_on(site.store)
    send(made, form(made, lines=[hit(made.start)]))
    add_layer(made)
    sent(made)
    return made


def ids_of(store: Any) -> list[str]:
    """One id of everything that is stored, the newest."""
    found = []
    with store.reading(System()) as session:
        for table in SQLModel.metadata.sorted_tables:
            if "id" in table.columns and isinstance(table.columns["id"].type, sa.Uuid):
                newest = session.connection().execute(sa.select(sa.func.max(table.c.id))).scalar()
                found += [str(UUID(str(newest)))] if newest else []
    return found


def addresses(of: Any, operation: str, ids: list[str]) -> Iterator[str]:
    """Every address that any route has, whatever it is asked by, with things that there are."""
    for path in sorted({path for _method, path in _routes(of) if path not in ("/sign-out",)}):
        names = re.findall(r"{(\w+)(?::\w+)?}", path)
        given = (NAMED.get(name, (operation,) if name == "operation_id" else ids) for name in names)
        for chosen in itertools.product(*given):
            filled = iter(chosen)
            yield re.sub(r"{[^}]+}", lambda _named: next(filled), path)  # noqa: B023


def written(store: Any) -> list[str]:
    """The acts of both chains."""
    with store.reading(System()) as session:
        return [
            act
            for table in (Entry, AccessEntry)
            for act in session.exec(select(table.act).order_by(table.seq))
            if act not in CONSULTED
        ]


@pytest.mark.parametrize("every", [len(READERS), pytest.param(1, marks=pytest.mark.rest)])
@pytest.mark.requirement("ASVS 3.5.3")
def test_no_address_that_is_asked_for_by_get_writes(site: Any, scene: Running, monkeypatch: Any, every: int) -> None:
    """Routes are found in the application and asked as a browser follows a link of another site.

    Each is asked by one of the readers, in the rest by each of them.
    """
    monkeypatch.setattr(type(site.app.doors), "spend", lambda *_given: None)
    asked = list(addresses(site.app.inside, str(scene.operation), ids_of(site.store)))
    assert sum(each.startswith("/export/") for each in asked) > 100
    linked = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    browsers = {name: browser_of(site, scene, name) for name in READERS}
    failed_sign_ins.enter(site.store, due=False)  # of others who have this site: each minute, whenever that is
    before = written(site.store)
    for place, (name, client) in enumerate(browsers.items()):
        for address in asked[place % every :: every]:
            client.get(address, headers=linked)
            assert written(site.store) == before, (name, address)


def test_a_link_to_a_file_shows_the_button_that_asks_for_it(site: Any, scene: Running) -> None:
    address = f"/export/operations/{scene.operation}/hand-over/operation.zip?level=V1"
    page = browser_of(site, scene, "ana").get(address)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert f'<form method="post" action="{address}">' in page.text
    forged = f"/export/%22%3E%3Cscript%3Ealert(1)%3C/script%3E?x={chr(34)}"
    assert "<script>alert" not in browser_of(site, scene, "ana").get(forged).text


def test_another_site_cannot_ask_for_a_file(site: Any, scene: Running) -> None:
    address = f"/export/operations/{scene.operation}/hand-over/figures.xlsx?level=V1"
    client = browser_of(site, scene, "ana")
    before = written(site.store)
    for headers in ({"origin": "https://elsewhere.example"}, {"origin": ORIGIN, "sec-fetch-site": "cross-site"}):
        assert client.post(address, headers=headers).status_code == 403
    assert written(site.store) == before
    assert client.post(address).status_code == 200
    assert written(site.store)[-1] == "operation.export"
