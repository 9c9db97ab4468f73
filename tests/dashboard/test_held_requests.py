"""A request that is held after the gate has found out who asks acts, and discloses, as who the person is by then."""

import threading
from typing import Any

import pytest
from sqlmodel import select

from operations.core import account_admin as keeping
from operations.core.people import Account, System
from operations.policing.layers.uploads import LayerUpload
from tests.dashboard.test_layers_page import browser_of, cast_on, last, question, scattered


def _closed(store: Any, of: Any) -> None:
    with store.unit_of_work(System()) as session:
        keeping.close(session, of, System())


def _signed_out(store: Any, of: Any) -> None:
    with store.unit_of_work(System()) as session:
        keeping.end_sessions(session, of, System())


def _another_role(store: Any, of: Any) -> None:
    with store.unit_of_work(System()) as session:
        session.get_one(Account, of).role = "auditor"


@pytest.mark.parametrize("changes", [_closed, _signed_out, _another_role])
@pytest.mark.parametrize("door", ["upload", "callback", "export"])
def test_what_was_on_its_way_is_refused_where_its_person_changed(
    site: Any, monkeypatch: pytest.MonkeyPatch, door: str, changes: Any
) -> None:
    scene, inside = cast_on(site.store), site.app.app
    who = browser_of(site, scene, "dov")
    token = last(who.post(f"/data/files/{scene.operation}?name=a.csv", content=scattered(5)))["read"]
    change: list[Any] = []

    async def held(scope: Any, receive: Any, send: Any) -> None:
        """Behind the gate, which knows who asks; meanwhile the account changes."""
        while change:
            other = threading.Thread(target=change.pop(), args=(site.store, scene["dov"].account_id))
            other.start()
            other.join()
        await inside(scope, receive, send)

    def asks() -> str:
        if door == "upload":
            return str(who.post(f"/data/files/{scene.operation}?name=b.csv", content=scattered(5)).text)
        if door == "callback":
            return str(who.post("/_dash-update-component", json=question(token, scene)).text)
        return str(who.post(f"/export/operations/{scene.operation}/plan.pdf").status_code)

    def stored() -> int:
        with site.store.reading(System()) as session:
            return len(session.exec(select(LayerUpload)).all())

    monkeypatch.setattr(site.app, "app", held)
    try:
        taken = asks()
        before = stored()
        change.append(changes)
        refused = asks()
    finally:
        with site.store.unit_of_work(System()) as session:
            account = session.get_one(Account, scene["dov"].account_id)
            account.disabled_at, account.role = None, "ocu_analyst"
    assert not change
    assert stored() == before
    said = "changed while this was on its way"
    assert said not in taken
    assert (refused == "404" and taken == "200") if door == "export" else said in refused
