"""A page change: one answer with the page and what differs in the frame; bodies are kept for all who see the same."""

import json
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event, Lock, Semaphore, Thread
from types import ModuleType
from typing import Any, ClassVar

import dash
import pytest
from sqlmodel import select

from dashboard import screens
from dashboard.frame import page_change
from dashboard.frame.page_change import AT_ONCE, PageBodies
from dashboard.papers import paper_process
from dashboard.server import access
from dashboard.server.access import RequestContext, request_scope
from dashboard.server.live_boards import json_of
from dashboard.server.rate_limits import PATIENCE, Door
from operations.core import clock, ids, journal, pulse
from operations.core.change_tracking import ReadMark
from operations.core.ids import new_id
from operations.core.people import Account, Actor, Assignment, Posting, System
from operations.core.scope import personal_tables
from operations.policing.operation import plan
from operations.policing.reports import verification
from tests.dashboard.conftest import Site
from tests.dashboard.desks import EVENING, open_scene
from tests.makers import START, Running, add_task, form, hit, send, tally
from tests.people import actor

KEPT = [module for module in screens.pages() if hasattr(module, "AUDIENCE")]
READERS = ("lena", "ana", "dov", "chaima", "moussa", "bruno", "otto")
PERSONAL = ("account_id", "name", "alike", "sign_in_id", "proven_at", "session_ends")
OF_THE_STORE = ("operations/core/scope.py", "operations/core/pulse.py", "operations/core/people.py", "dataclasses.py")
"""Who reads of a person what they see of rows: scopes, and numbers, which are kept for nobody who was told alone."""


@pytest.fixture
def scene(tmp_path: Path, site: Site) -> Running:
    """A running operation; the application has registered its pages."""
    return open_scene(tmp_path)


def twin_of(scene: Running, name: str) -> Actor:
    """Somebody with another account who has the same role, country and reach."""
    with scene.store.unit_of_work(System()) as session:
        own = session.get_one(Account, scene[name].account_id)
        other = Account(**own.model_dump() | {"id": new_id(), "username": f"{name}2", "name": "Somebody Else"})
        session.add(other)
        session.flush()
        for table in (Posting, Assignment):
            for row in session.exec(select(table).where(table.account_id == own.id)).all():
                session.add(table(**row.model_dump() | {"id": new_id(), "account_id": other.id}))
    return replace(scene[name], account_id=other.id, name=other.name)


def values_of(module: ModuleType, scene: Running) -> dict[str, str]:
    return {"operation_id": str(scene.operation)} if module.NAV.of_operation else {}


def drawn(module: ModuleType, scene: Running) -> str:
    """The body of a page as it is drawn anew."""
    return json_of(dash.page_registry[module.__name__]["layout"](**values_of(module, scene)))


class Asking:
    """People who change pages of one process; `drawings` counts the bodies that were drawn."""

    def __init__(self, scene: Running, alone: Any = lambda _actor, _operation: False) -> None:
        self.scene, self.bodies, self.drawings = scene, PageBodies(alone), 0

    def asks(self, module: ModuleType, by: Actor, search: str = "", **about: Any) -> str:
        """The body that `by` is given."""

        def draw() -> str:
            self.drawings += 1
            return drawn(module, self.scene)

        asking = RequestContext(by, self.scene.store, theme="light", **about)
        with clock.at(EVENING), request_scope(asking):
            place = self.scene.store.written.place
            with access.reading() as session:
                read = ReadMark(frozenset(), place, journal.pulse(session))
            path = module.NAV.href(str(self.scene.operation))
            if module.AUDIENCE(by):
                return draw()
            return self.bodies.body((path, search), read, draw)


@contextmanager
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The identifiers that are made inside the block."""
    found: set[str] = set()
    real = ids.uuid4

    def noted() -> Any:
        one = real()
        found.add(str(one))
        return one

    with monkeypatch.context() as patch:
        patch.setattr(ids, "uuid4", noted)
        yield found


def without(text: str, of: set[str]) -> str:
    for one in of:
        text = text.replace(one, "an id")
    return text


# --------------------------------------------------------------------------------------------- what is answered


def call_of(client: Any, path: str, shown: dict[str, Any]) -> dict[str, Any]:
    """What a browser asks that goes to `path`, where the frame shows `shown`."""
    callbacks = client.get("/_dash-dependencies").json()
    [known] = [each for each in callbacks if "_pages_content.children" in each["output"]]
    outputs = [each.rsplit(".", 1) for each in known["output"].strip(".").split("...")]
    values = {"pathname": path, "search": ""}
    return {
        "output": known["output"],
        "outputs": [{"id": name, "property": prop} for name, prop in outputs],
        "inputs": [
            {"id": each["id"], "property": each["property"], "value": values[each["property"]]}
            for each in known["inputs"]
        ],
        "state": [
            {"id": each["id"], "property": "data", "value": shown.get(f"{each['id']}.data")} for each in known["state"]
        ],
        "changedPropIds": ["_pages_location.pathname"],
    }


def change(client: Any, path: str, shown: dict[str, Any]) -> dict[str, Any]:
    """What a browser is answered that goes to `path`, where the frame shows `shown`; `shown` is changed with it."""
    body = call_of(client, path, shown)
    answer = client.post("/_dash-update-component", json=body)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    if "sideUpdate" in said:
        frame = said.pop("sideUpdate")["shell-page-frame"]["data"]
        assert frame["of"] == path
        said["frame"] = frame["parts"]
        for element, props in frame["parts"].items():
            shown |= {f"{element}.{prop}": value for prop, value in props.items()}
    return said


def test_one_answer_brings_the_page_and_what_differs_in_the_frame(site: Site) -> None:
    client, shown = site.signed_in(role="leadership"), {"shell-unread.data": 0}
    first = change(client, "/", shown)
    assert "m-page" in json.dumps(first["response"]["_pages_content"]["children"])
    assert first["response"]["_pages_store"]["data"]["title"].endswith("Muster")
    assert {"shell-rail", "shell-tabs", "shell-drawn", "shell-known"} <= first["frame"].keys()
    again = change(client, "/", shown)
    assert again["response"] == first["response"]
    assert "frame" not in again
    other = change(client, "/history", shown)["frame"]
    assert "shell-operation" not in other
    assert '"aria-current": "page"' in json.dumps(other["shell-tabs"])  # of the same place: its rail stays
    assert "shell-rail" not in other


def test_a_page_change_asks_for_the_frame_no_other_way(site: Site) -> None:
    callbacks = site.signed_in().get("/_dash-dependencies")
    moved = [
        each["output"]
        for each in callbacks.json()
        if not each["clientside_function"]
        and any((given["id"], given["property"]) == ("_pages_location", "pathname") for given in each["inputs"])
    ]
    assert moved == [".._pages_content.children..._pages_store.data.."]


# ------------------------------------------------------------------------------------------------ what is kept


def test_beyond_what_a_process_carries_a_page_change_is_refused_with_the_time(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands before it is the work of others: 24 requests, of which one comes to its end in half a second."""
    client = site.signed_in(language="fr")
    call, door = call_of(client, "/operations", {}), Door(each=4, together=1, waiting=60, patience=PATIENCE)
    monkeypatch.setitem(site.app.doors.rows, "callbacks", door)
    monkeypatch.setattr("dashboard.server.rate_limits.HELD_BACK", 0.0)
    door._behind, door._pace = 24, 0.5
    refused = client.post("/_dash-update-component", json=call, headers={"accept-language": "es"})
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "12")
    assert "Réessayez dans 12" in refused.json()["error"], "the language of the account, not of the browser"
    door._behind = 9  # they are served in 4.5 seconds: that is waited for
    assert client.post("/_dash-update-component", json=call).status_code == 200


def test_a_process_draws_few_pages_at_once() -> None:
    """More threads that draw take longer for each page, since one of them runs at a time."""
    drawing, most, asked = Semaphore(0), [0], Barrier(AT_ONCE + 4)
    under_way, lock = [0], Lock()

    def draw(*_given: Any, **_options: Any) -> str:
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
            drawing.release()
        asked_all.wait(10)
        with lock:
            under_way[0] -= 1
        return "{}"

    asked_all = Event()
    turns = page_change.in_turn(draw)

    def ask() -> None:
        asked.wait(10)
        turns()

    threads = [Thread(target=ask) for _ in range(AT_ONCE + 4)]
    for thread in threads:
        thread.start()
    for _ in range(AT_ONCE):
        assert drawing.acquire(timeout=10)
    assert not drawing.acquire(timeout=0.05)
    asked_all.set()
    for thread in threads:
        thread.join(10)
    assert most == [AT_ONCE]


def test_a_page_that_waits_for_another_process_lets_others_be_drawn_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted, waiting = Event(), Semaphore(0)

    class Pool:
        def submit(self, *_given: Any) -> Any:
            waiting.release()
            return self

        def result(self) -> str:
            assert fitted.wait(10)
            return "fitted"

    monkeypatch.setattr(paper_process, "_opened", Pool)
    drawn = page_change.in_turn(lambda slow: paper_process.run_in_process(str, 1) if slow else "drawn")
    fits: list[str] = []
    threads = [Thread(target=lambda: fits.append(drawn(True))) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert waiting.acquire(timeout=10)
    quick = Thread(target=lambda: fits.append(drawn(False)))
    quick.start()
    quick.join(10)
    assert fits == ["drawn"]
    fitted.set()
    for thread in threads:
        thread.join(10)
    assert fits == ["drawn", *["fitted"] * AT_ONCE]


def test_a_body_is_drawn_once_for_an_audience_and_again_after_a_write_to_what_it_was_drawn_from(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    [module] = [each for each in KEPT if each.__name__.endswith("situation.page")]
    asking, twin = Asking(scene), twin_of(scene, "lena")
    first = asking.asks(module, scene["lena"])
    assert asking.asks(module, twin) == first
    assert asking.drawings == 1
    for about in ({"dark": True}, {"search": "?level=V1"}):
        asking.asks(module, twin, **about)
    for by in (replace(twin, language="fr"), scene["ana"], scene["chaima"]):
        asking.asks(module, by)
    assert asking.drawings == 6
    send(scene, form(scene, lines=[tally(500)]))
    again = asking.asks(module, twin)
    assert (asking.drawings, again != first) == (7, True)
    monkeypatch.setattr(page_change, "KEPT", 0.0)
    asking.asks(module, twin)
    assert asking.drawings == 8


@pytest.mark.requirement("ASVS 14.2.2")
def test_nothing_is_kept_of_a_failure_nor_for_who_was_told_something_alone(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    [module] = [each for each in KEPT if each.__name__.endswith("journal.page")]
    asking = Asking(scene)
    with monkeypatch.context() as patch:
        patch.setattr(module, "layout", lambda **_values: 1 / 0)
        assert "Something went wrong" in asking.asks(module, scene["lena"])
    assert "Something went wrong" not in asking.asks(module, scene["lena"])
    assert asking.drawings == 2
    with scene.store.unit_of_work(scene["ana"]) as session:
        to = pulse.people(scene["lena"].account_id)
        journal.record(
            session, scene["ana"], "plan.change", "operation", scene.operation, operation=scene.operation, audience=to
        )
    twin = twin_of(scene, "lena")
    for by in (scene["lena"], twin, twin):
        asking.asks(module, by)
    assert asking.drawings == 4  # once for her, and once for the other, who may have it kept
    alone = Asking(scene, lambda by, _operation: by == scene["lena"])
    for by in (twin, scene["lena"], scene["lena"]):
        alone.asks(module, by)
    assert alone.drawings == 3


def test_what_is_made_for_what_is_typed_next_is_another_in_each_answer(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    [module] = [each for each in KEPT if each.__name__.endswith("phases.page")]
    asking = Asking(scene)
    with made(monkeypatch) as found:
        texts = [asking.asks(module, scene["ana"]) for _time in range(3)]
    assert asking.drawings == 1
    shown = [{one for one in found if one in text} for text in texts]
    assert [len(each) for each in shown] == [len(shown[0])] * 3
    assert len(shown[0]) > 0
    assert not shown[0] & shown[1] | shown[1] & shown[2]


ACTS = {
    "a report": lambda scene, at: send(scene, form(scene, lines=[tally(at + 1), hit(START + timedelta(hours=1))])),
    "a task": lambda scene, _at: add_task(scene),
    "a verification": lambda scene, at: _verified(scene, at),
    "a country": lambda scene, at: _invited(scene, at),
}


def _verified(scene: Running, at: int) -> None:
    report = send(scene, form(scene, "Bamako", lines=[tally(10 + at)]), by="mateo")
    with scene.store.unit_of_work(scene["marie"]) as session:
        verification.verify(session, report.id, scene["marie"])


def _invited(scene: Running, at: int) -> None:
    invited = plan.CountryInvitation(country=("TCD", "NGA", "BFA", "BEN", "TGO", "CIV", "SEN", "GIN", "GHA")[at % 9])
    with scene.store.unit_of_work(scene["ana"]) as session:
        plan.invite(session, scene.operation, invited, scene["ana"])


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_is_what_would_be_drawn_for_random_people_after_random_changes(
    scene: Running, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, asking = random.Random(seed), Asking(scene)
    people = [scene[name] for name in READERS] + [twin_of(scene, name) for name in READERS]
    acts = sorted(ACTS)
    asked = 0
    for at in range(120):
        if chance.random() < 0.1:
            with clock.at(START + timedelta(hours=10)):
                ACTS[acts[at % len(acts)]](scene, at)
        by, module = chance.choice(people), chance.choice(KEPT[: 1 + at % len(KEPT)])
        with made(monkeypatch) as fresh:
            given = asking.asks(module, by)
            with clock.at(EVENING), request_scope(RequestContext(by, scene.store, theme="light")):
                anew = drawn(module, scene)
        assert without(given, fresh) == without(anew, fresh), (module.__name__, by.role, by.country)
        asked += 1
    assert asking.drawings < asked * 0.9  # some were kept


class Watched(Actor):
    """A reader of whom is noted which code reads who they are, rather than what they may see."""

    found: ClassVar[set[str]] = set()

    def __hash__(self) -> int:
        return hash((self.__dict__["account_id"], self.role, self.country, self.only))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Actor) and self.__dict__ == other.__dict__

    @classmethod
    def of(cls, by: Actor) -> "Watched":
        """The same person, watched."""
        made_of = object.__new__(cls)
        made_of.__dict__.update(by.__dict__)
        return made_of


def _noted(name: str) -> property:
    def read(self: Watched) -> Any:
        code = sys._getframe(1).f_code
        if not code.co_filename.endswith(OF_THE_STORE):
            Watched.found.add(f"{name}: {code.co_filename} {code.co_name}")
        return self.__dict__[name]

    return property(read, lambda self, value: self.__dict__.__setitem__(name, value))


for each in PERSONAL:
    setattr(Watched, each, _noted(each))


@pytest.mark.parametrize("module", KEPT, ids=lambda module: module.__name__.removeprefix("dashboard.screens."))
def test_a_page_that_is_kept_for_an_audience_is_the_same_for_each_of_them_and_asks_nobody_who_they_are(
    scene: Running, module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of which only some see are no matter here: where they are asked for nothing is kept."""
    send(scene, form(scene, lines=[tally(500), hit(START + timedelta(hours=1))]))
    _verified(scene, 1)
    with clock.at(START):
        add_task(scene)
    Watched.found.clear()
    for name in READERS:
        twin = twin_of(scene, name)
        texts = []
        with made(monkeypatch) as fresh:
            for by in (twin, Watched.of(scene[name])):  # what is worked out once for all of them is by the first
                with clock.at(EVENING), request_scope(RequestContext(by, scene.store, theme="light")):
                    place = scene.store.written.place
                    texts.append(drawn(module, scene))
                    assert scene.store.written.place == place, "a page that is kept writes nothing"
        assert without(texts[0], fresh) == without(texts[1], fresh), name
    assert Watched.found == set()


def test_tables_of_which_each_person_sees_their_own_rows_are_known() -> None:
    for name in READERS:
        assert {"message", "second_factor", "heard"} <= personal_tables(actor(name))
    assert "saved_form" in personal_tables(actor("bruno"))
    assert "saved_form" not in personal_tables(actor("lena"))
    assert not {"report", "operation", "site", "total"} & personal_tables(actor("bruno"))
