"""One of two twins: a house whose history is played by seed, and a reader who asks at every door of it.

    python -m tests.dashboard.twin URL OUT.json plain|secret|open|withheld

The secret history holds besides what its readers may not know. Of `open` and `withheld` one holds that Niger withholds
from Chad, and Mali asks at the doors where that could be seen. Ids, tokens and the clock are the same in both, so that
whatever differs in an answer comes from a secret. The doors are found in the application: its routes, its pages, and
the callbacks whose inputs a page has on it.
"""

import contextlib
import hashlib
import io
import itertools
import json
import random
import re
import secrets
import sqlite3
import sys
import time
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

STREAMS = {name: random.Random(name) for name in ("common", "secret")}
_stream = ["common"]


def _bits(count: int) -> int:
    return STREAMS[_stream[0]].getrandbits(count)


# Before anything of Muster is imported: most of it takes these by name.
uuid.uuid4 = lambda: uuid.UUID(int=_bits(128), version=4)  # type: ignore[assignment]
secrets.token_urlsafe = lambda size=32: f"{_bits(size * 8):0{size * 2}x}"[: -(-size * 4 // 3)]  # type: ignore[assignment]
secrets.token_hex = lambda size=32: f"{_bits(size * 8):0{size * 2}x}"  # type: ignore[assignment]
secrets.randbelow = lambda below: _bits(64) % below  # type: ignore[assignment]

import dash  # noqa: E402
from sqlmodel import select  # noqa: E402
from starlette.routing import Route  # noqa: E402
from starlette.testclient import TestClient  # noqa: E402

from dashboard.app import Muster, create_app  # noqa: E402
from dashboard.server import observation  # noqa: E402
from dashboard.settings import Settings  # noqa: E402
from operations.core import (  # noqa: E402
    account_admin,
    accounts,
    clock,
    passwords,
    second_factor,
    sign_in,
)
from operations.core.drafts import parse  # noqa: E402
from operations.core.ids import new_id  # noqa: E402
from operations.core.people import Account, System  # noqa: E402
from operations.core.schema import upgrade  # noqa: E402
from operations.core.store import Store, open_store  # noqa: E402
from operations.exchange import calendars, dispatches  # noqa: E402
from operations.exchange.dispatch_rows import PassingState  # noqa: E402
from operations.policing.leads import leads  # noqa: E402
from operations.policing.map_plan import places  # noqa: E402
from operations.policing.operation import plan, withholding  # noqa: E402
from operations.policing.reports import reports, verification  # noqa: E402
from operations.support import intelligence  # noqa: E402
from tests.deconfliction_rooms import third  # noqa: E402
from tests.makers import (  # noqa: E402
    START,
    Running,
    Shape,
    add_layer,
    add_task,
    detection,
    form,
    hit,
    lead_draft,
    let_out,
    operation_draft,
    put_cast,
    running,
    send,
    tally,
)
from tests.messages import passed, sent  # noqa: E402
from tests.operations.sweeps import Sweep, sweep_in  # noqa: E402
from tests.operations.test_board import CHAINS  # noqa: E402
from tests.programme import does  # noqa: E402

# The number of a request: how many requests there are, and of which threads, shifts nothing that is drawn after it.
observation.secrets = SimpleNamespace(token_hex=lambda size: "0" * 2 * size)  # type: ignore[assignment]
second_factor.pyotp.random_base32 = lambda: "A" * 32  # the secret of an app, drawn from the system

ORIGIN = "http://127.0.0.1:8060"
PASSWORD = "quiet harbour, slow tide 4"
NIGHT = START + timedelta(hours=30)
READERS = ("mateo", "moussa")
"""An officer and the coordinator of Mali. Niger and the analyst have their secrets from both."""
WATCHERS = ("lena", "otto", "moussa")
"""Leadership, an auditor and another country: guarded figures are told to them in releases."""


class HeldClock:
    """The clock's own variable, standing at `moment` where nobody holds it: in every thread."""

    def __init__(self) -> None:
        self.moment, self._held = START, ContextVar[datetime | None]("twin_clock", default=None)
        self.set, self.reset = self._held.set, self._held.reset

    def get(self) -> datetime:
        """The moment held here, or where it stands."""
        return self._held.get() or self.moment


@contextmanager
def stream(name: str) -> Iterator[None]:
    """Take ids from another stream, so that the others stay the same."""
    _stream[0] = name
    try:
        yield
    finally:
        _stream[0] = "common"


# ---------------------------------------------------------------------------------------------------- history


def common(store: Store) -> tuple[Running, Running, Running]:
    """What both have: a border operation with reports of both countries, a sweep with a case of each, and an operation
    in which persons in need of protection were met, of which as much was released as may be.
    """
    put_cast(store)
    hashed = passwords.hashed(PASSWORD)
    with store.unit_of_work(System()) as session:
        for account in session.exec(select(Account)):
            account.password_hash = hashed
            session.add(account)
    scene, sweep = running(store), sweep_in(running(store))
    first = send(scene, form(scene, lines=[hit(START)]))
    for name, verb in (("boubacar", verification.verify), ("chaima", verification.verify)):
        with store.unit_of_work(scene[name]) as session:
            verb(session, first.id, scene[name])
    send(scene, form(scene, "Bamako", lines=[hit(START)]), by="mateo")
    with clock.at(START):
        add_layer(scene)
        add_task(scene)
        Sweep(sweep).nominate("chaima")
        Sweep(sweep).nominate("moussa")
        with store.unit_of_work(scene["dov"]) as session:
            intelligence.describe(session, scene.operation, _part_of_a_network(), scene["dov"])
        third(scene, member=True)
        does(scene, "ana", plan.invite, scene.operation, parse(plan.CountryInvitation, {"country": "TCD"}))
        does(scene, "tariq", plan.answer, scene.operation, accept=True)
    return scene, sweep, guarded(store)


def written(scene: Running) -> list[dispatches.Dispatch]:
    """Two messages of Niger to Mali: one that goes on freely, one with consent."""
    return [sent(scene, operation_id=scene.operation, handling=code) for code in ("h0", "h2")]


def withhold(scene: Running) -> None:
    """Niger withholds from Chad."""
    draft = withholding.WithholdingDraft(partner="TCD")
    does(scene, "chaima", withholding.withhold, scene.operation, draft, at=START)


def passed_on(scene: Running, free: dispatches.Dispatch, held: dispatches.Dispatch) -> None:
    """Mali passes both on to Chad, from which Niger may withhold; Niger consents."""
    passed(scene, free, "moussa", "TCD")
    asked = passed(scene, held, "moussa", "TCD")
    does(scene, "chaima", dispatches.decide, asked.id, PassingState.CONSENTED, words="")


def guarded(store: Store) -> Running:
    """An operation with guarded figures that were released, and of which lines of both countries are shared."""
    scene = running(store)
    with store.unit_of_work(System()) as session:
        owner = session.get_one(plan.Operation, scene.operation)
        owner.line_kinds = [*owner.line_kinds, "migrant_detection", "potential_victim"]
        session.add(owner)
    for name in ("chaima", "moussa"):
        with store.unit_of_work(scene[name]) as session:
            plan.answer(session, scene.operation, scene[name], accept=True, shares_totals=True)
    for site, by, count in (("Niamey", CHAINS["NER"], 40), ("Bamako", CHAINS["MLI"], 50)):
        lines = [detection(count), *(hit(START) for _ in range(12))]
        climb(scene, send(scene, form(scene, site, lines=lines), by=by[0]), *by[1:])
    with clock.at(START + timedelta(hours=14)):
        let_out(scene)
    return scene


def watched(scene: Running, *, persons: bool) -> None:
    """What is not released yet: reports that climb, are corrected and withdrawn, with persons in them or none."""

    def lines(*counts: int) -> list[dict[str, Any]]:
        with stream("secret"):
            met = [detection(count) for count in counts] + [victims(count) for count in counts[1:]]
        return [tally(), *(met if persons else ())]

    first, second, third = (
        send(scene, form(scene, site, day=1, lines=lines(*counts)), at=NIGHT)
        for site, counts in (("Niamey", (4,)), ("Agadez", (9, 2)), ("Agadez", (7,)))
    )
    with clock.at(NIGHT):
        climb(scene, first, *CHAINS["NER"][1:])
        of = {"report_id": str(second.report_id), "supersedes_id": str(second.id), "correction_reason": "count_revised"}
        send(scene, form(scene, "Agadez", day=1, lines=lines(3, 1), **of), at=NIGHT)
        with scene.store.unit_of_work(scene["bruno"]) as session:
            reports.withdraw(session, third.id, "It was sent for another day.", scene["bruno"])


def climb(scene: Running, made: reports.Report, *names: str) -> None:
    """Let a report climb."""
    for name in names:
        with scene.store.unit_of_work(scene[name]) as session:
            verification.verify(session, made.id, scene[name])


def victims(persons: int) -> dict[str, Any]:
    """Potential victims as a form sends them."""
    return {"kind": "potential_victim", "id": str(new_id()), "persons": persons, "minors": 1, "status": "potential"}


def secret(scene: Running, sweep: Running) -> list[str]:
    """What Mali may not know; returns the ids of it."""
    store, made = scene.store, []
    withhold(scene)
    report = send(scene, form(scene, lines=[hit(START)]))  # the site reported before, so coverage stays
    with store.unit_of_work(scene["boubacar"]) as session:
        verification.verify(session, report.id, scene["boubacar"])
    with store.unit_of_work(scene["dov"]) as session:
        draft = lead_draft(origin="coordination_unit", origin_country=None, to_countries=["NER"])
        asked = leads.write(session, scene.operation, draft, scene["dov"])
    with store.unit_of_work(scene["dov"]) as session:
        leads.share(session, asked.id, scene["dov"])
    with store.unit_of_work(scene["dov"]) as session:
        item = intelligence.describe(session, scene.operation, _part_of_a_network(), scene["dov"])
    case = Sweep(sweep).nominate("chaima")
    with store.unit_of_work(scene["ana"]) as session:
        hidden = plan.create(session, operation_draft(code_name="Hidden"), scene["ana"])
    ana = scene.members["ana"] = _actor(scene, "ana", hidden.id)
    with store.unit_of_work(ana) as session:
        plan.invite(session, hidden.id, parse(plan.CountryInvitation, {"country": "NER"}), ana)
    _draw(scene, "Unseen", "coordination")
    with store.unit_of_work(System()) as session:
        added = accounts.add_account(session, _account("newcomer"), System())
    with store.unit_of_work(System()) as session:
        account_admin.close(session, added.id, System())
    sign_in.sign_in(store, "chaima", PASSWORD, source="10.0.0.7")
    made += [report.id, asked.id, item.id, case.id, hidden.id, added.id]
    return [str(each) for each in made]


def afterwards(scene: Running) -> str:
    """What both do then, so that whatever counts is seen to count on; returns the key of a calendar of Mali's."""
    send(scene, form(scene, "Bamako", day=1), by="mateo", at=NIGHT)
    _draw(scene, "Seen", "participants")
    with scene.store.unit_of_work(scene["moussa"]) as session:
        return calendars.open_feed(session, None, scene["moussa"]).token


def _draw(scene: Running, name: str, audience: str) -> None:
    content = {"id": new_id(), "object_id": new_id(), "kind": "hotspot", "name": name, "audience": audience}
    with scene.store.unit_of_work(scene["ana"]) as session:
        shape = Shape({"type": "Point", "coordinates": [2.0, 13.0]})
        places.draw(session, scene.operation, parse(places.MapObjectDraft, content), shape, scene["ana"])


def _part_of_a_network() -> intelligence.EntityDraft:
    content = {"id": new_id(), "entity_id": new_id(), "kind": "group", "description": "Drives at night."}
    return parse(intelligence.EntityDraft, content)


def _account(username: str) -> accounts.AccountDraft:
    content = {
        "id": new_id(),
        "username": username,
        "name": "New Comer",
        "role": "national_officer",
        "country": "NER",
        "password": PASSWORD,
        "language": "en",
    }
    return parse(accounts.AccountDraft, content)


def _actor(scene: Running, name: str, *more: uuid.UUID) -> Any:
    from tests.people import actor

    return actor(name, scene.operation, *more)


# ------------------------------------------------------------------------------------------------------ doors


class Reader:
    """A person at the doors. `heard` has every answer by its question."""

    def __init__(self, app: Muster, name: str, served: TestClient) -> None:
        self.app, self.name, self.heard = app, name, dict[str, str]()
        headers = {"origin": ORIGIN, "accept-encoding": "identity"}  # as long as it is, and not as it can be packed
        self.client = TestClient(app, base_url=ORIGIN, headers=headers, follow_redirects=False)
        self.client.portal = served.portal  # one event loop for all
        answer = self.client.post("/sign-in", data={"username": name, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        asked = self._get("/_dash-dependencies").json()
        self.callbacks = [each for each in asked if not each["clientside_function"] and not each["no_output"]]

    def _note(self, question: str, answer: Any) -> Any:
        said = _readable(answer.content)
        packed = said != answer.content.decode(errors="replace")
        headers = sorted(
            (name, value) for name, value in answer.headers.items() if not (packed and name == "content-length")
        )
        self.heard[f"{self.name} {question}"] = f"{answer.status_code} {headers} {said}"
        return answer

    def _get(self, path: str) -> Any:
        method = "POST" if path.startswith("/export/") else "GET"  # a file is asked for
        return self._note(f"{method} {path}", self.client.request(method, path))

    def routes(self, ids: list[str], token: str) -> None:
        """Every GET of the application and every file with these ids, and the values that a question needs."""
        values = {
            "token": [token],
            "form": ["gpkg", "geojson", "kml", "csv", "xlsx", "zip"],
            "layer": ["coast"],
            "name": ["x"],
            "package_name": ["dash"],
            "fingerprinted_path": ["x"],
            "path": ["x"],
            "filename": ["x"],
        }
        queries = {"q": "Niamey", "bbox": "-20,-10,40,30", "zoom": "4", "id": ids[0], "ends": NIGHT.isoformat()}
        for path, needed in _routes(self.app):
            names = re.findall(r"[{<](?:\w+:)?(\w+)(?::\w+)?[}>]", path)
            for chosen in itertools.product(*(values.get(each, ids) for each in names)):
                filled = iter(chosen)
                asked = re.sub(r"[{<][^}>]*[}>]", lambda _found: next(filled), path)  # noqa: B023
                query = "&".join(f"{each}={queries[each]}" for each in needed)
                self._get(asked + (f"?{query}" if query else ""))
        for since in ("0", "1", "7", "x"):
            self._get(f"/pulse/now?since={since}")

    def page(self, pathname: str, *, press: bool, search: str = "") -> None:
        """Open a page as a browser does, play its callbacks until no new one can be, and then press what it has."""
        pool: dict[str, dict[str, Any]] = {}
        _collect(self.client.get("/_dash-layout").json(), pool)
        pool["_pages_location"].update(pathname=pathname, search=search, href=ORIGIN + pathname + search)
        played: set[str] = set()
        for _round in range(4):
            new = [each for each in self._ready(pool) if each[0] not in played]
            for key, body in new:
                played.add(key)
                self._play(pathname + search, key, body, pool)
            if not new:
                break
        for component in pool.values() if press else ():
            component["n_clicks"] = 1
        for key, body in self._ready(pool) if press else ():
            if body["changedPropIds"][0].endswith(".n_clicks"):
                self._play(f"{pathname} pressed", key, body, pool)

    def _play(self, where: str, key: str, body: dict[str, Any], pool: dict[str, dict[str, Any]]) -> None:
        answer = self._note(f"{where} {key}", self.client.post("/_dash-update-component", json=body))
        if answer.status_code == 200:
            for target, changes in answer.json().get("response", {}).items():
                pool.setdefault(_canonical(target), {}).update(changes)
                _collect(changes, pool)

    def _ready(self, pool: dict[str, dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
        """The callbacks whose inputs are all on the page, with the body that the browser would send."""
        return [found for each in self.callbacks for found in _bodies(each, pool)]


_OF_PROCESS = re.compile(r'"end_id":"[^"]*"|"seal":"[^"]*"')
"""What Dash draws anew for every page that it sends and signs by a secret of the process, and seals of devices."""
_WRITTEN = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
"""When a library wrote a file, by a clock that is not Muster's."""


def _pages(operations: list[str]) -> list[str]:
    """The addresses of all pages, those of an operation for each of these."""
    found = []
    for page in dash.page_registry.values():
        template = page["path_template"]
        found += [template.replace("<operation_id>", each) for each in operations] if template else [page["path"]]
    return found


def _readable(content: bytes) -> str:
    """An answer as text, of packed files what is inside, without what the hour of writing and the process leave."""
    if content.startswith(b"SQLite format 3"):
        with contextlib.closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(content)
            return _WRITTEN.sub("", "\n".join(connection.iterdump()))
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "\n".join(f"{name} {_WRITTEN.sub('', _readable(packed.read(name)))}" for name in packed.namelist())
    try:
        return _OF_PROCESS.sub("", content.decode())
    except UnicodeDecodeError:
        return hashlib.sha256(content).hexdigest()


def _routes(app: Muster) -> list[tuple[str, list[str]]]:
    """Paths of all GET routes and of all files, each with the questions that it must have."""
    found: dict[str, list[str]] = {}

    def walk(routes: Any) -> None:
        for route in routes:
            exported = route.path.startswith("/export/") if isinstance(route, Route) else False
            if isinstance(route, Route) and (exported or "GET" in (route.methods or ())):
                asked = getattr(getattr(route, "dependant", None), "query_params", ())  # codespell:ignore
                found[route.path] = [each.name for each in asked if each.field_info.is_required()]
            elif hasattr(route, "original_router"):
                walk(route.original_router.routes)

    walk(app.inside.fastapi.routes)
    for rule in app.inside.dash.server.url_map.iter_rules():
        found.setdefault(rule.rule, [])
    quiet = re.compile(r"/(sign-in|assets|static|_dash-component|_reload|_favicon|signed-in)")
    return [(path, needed) for path, needed in found.items() if not quiet.match(path)]


@cache
def parsed(name: str) -> Any:
    """The id that a text stands for; the same at each call, so nobody changes it."""
    return json.loads(name)


def _canonical(identifier: Any) -> str:
    """An id as a key: texts as they are, patterns with their names in order."""
    if isinstance(identifier, str) and identifier.startswith("{"):
        identifier = parsed(identifier)
    return identifier if isinstance(identifier, str) else json.dumps(identifier, sort_keys=True)


def _collect(part: Any, pool: dict[str, dict[str, Any]]) -> None:
    """Put the components of an answer into the pool, by id."""
    if isinstance(part, list):
        for each in part:
            _collect(each, pool)
    elif isinstance(part, dict):
        props = part.get("props")
        if isinstance(props, dict) and "namespace" in part and "id" in props:
            pool[_canonical(props["id"])] = props
        for each in part.values():
            _collect(each, pool)


def _matching(pattern: dict[str, Any], pool: dict[str, dict[str, Any]]) -> list[str]:
    """Keys of the components that an id with ALL or MATCH in it means."""
    found = []
    for key in pool:
        named = parsed(key) if key.startswith("{") else None
        if named and named.keys() == pattern.keys():
            fixed = (name for name, value in pattern.items() if not isinstance(value, list))
            if all(named[name] == pattern[name] for name in fixed):
                found.append(key)
    return found


def _bodies(callback: dict[str, Any], pool: dict[str, dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """What a browser sends for a callback: once, or once for each thing that MATCH means; nothing where one misses."""

    def named(key: str) -> Any:
        return parsed(key) if key.startswith("{") else key

    def meant(name: str, match: dict[str, Any]) -> dict[str, Any]:
        return {at: match.get(at, value) if value == ["MATCH"] else value for at, value in parsed(name).items()}

    def filled(side: list[dict[str, Any]], match: dict[str, Any]) -> list[Any] | None:
        values: list[Any] = []
        for each in side:
            name, prop = each["id"], each["property"]
            if not name.startswith("{"):
                if name not in pool:
                    return None
                values.append({"id": name, "property": prop, "value": pool[name].get(prop)})
                continue
            pattern = meant(name, match)
            keys = _matching(pattern, pool)
            several = any(isinstance(value, list) and value != ["MATCH"] for value in pattern.values())
            if not several and not keys:
                return None
            got = [{"id": named(key), "property": prop, "value": pool[key].get(prop)} for key in keys]
            values.append(got if several else got[0])
        return values

    def outputs(match: dict[str, Any]) -> list[dict[str, Any]]:
        found = callback["output"]
        several = found[2:-2].split("...") if found.startswith("..") else [found]
        made = []
        for each in several:
            name, prop = each.rsplit(".", 1)
            if name.startswith("{"):
                name = meant(name, match)
            made.append({"id": name, "property": prop.split("@")[0]})
        return made

    first = next((parsed(each["id"]) for each in callback["inputs"] if '["MATCH"]' in each["id"]), None)
    matches: list[dict[str, Any]] = [{}]
    if first is not None:
        wanted = [name for name, value in first.items() if value == ["MATCH"]]
        matches = [{name: parsed(key)[name] for name in wanted} for key in _matching(first, pool)]
    made = []
    for match in matches:
        inputs, state = filled(callback["inputs"], match), filled(callback.get("state", []), match)
        changed = next(iter(inputs or ()), None)
        changed = changed[0] if isinstance(changed, list) and changed else changed
        if inputs is None or state is None or not changed:
            continue
        targets = outputs(match)
        several = callback["output"].startswith("..")
        body = {
            "output": callback["output"],
            "outputs": targets if several else targets[0],
            "inputs": inputs,
            "state": state,
            "changedPropIds": [f"{_canonical(changed['id'])}.{changed['property']}"],
        }
        made.append((f"{callback['output']} {match}", body))
    return made


def _socket(app: Muster, client: TestClient, reader: Reader, scene: Running, *, secretly: bool) -> list[Any]:
    """What a socket hears: when it opens, and when something happens for all, before which Mali may miss something."""
    cookie = "; ".join(f"{name}={value}" for name, value in reader.client.cookies.items())
    headers = {"origin": ORIGIN, "cookie": cookie}
    heard = []
    for since in ("", "?since=0", "?since=3"):
        address = f"{ORIGIN.replace('http', 'ws', 1)}/pulse{since}"
        with client.websocket_connect(address, headers=headers) as socket:
            heard.append(socket.receive_json())
            if secretly:
                with stream("secret"):
                    send(scene, form(scene, "Niamey"))
                    _draw(scene, "Unseen", "coordination")
            time.sleep(0.5)  # a message about it would be sent by now
            _draw(scene, f"Seen {since}", "participants")
            heard.append(socket.receive_json())
    return heard


def main(url: str, out: str, which: str) -> None:
    """Play a history and write down every answer."""
    clock._held = held = HeldClock()  # type: ignore[assignment]
    Settings().use_keys()
    store = open_store(url)
    upgrade(store)
    scene, sweep, guards = common(store)
    messages = written(scene)
    foreign = [str(uuid.UUID(int=number, version=4)) for number in range(6)]
    with stream("secret"):
        if which == "secret":
            foreign = secret(scene, sweep)
        if which == "withheld":
            withhold(scene)
    passed_on(scene, *messages)
    token = afterwards(scene)
    watched(guards, persons=which == "secret")
    held.moment = NIGHT
    # How soon one may ask again is no secret, and differs by the second between two processes.
    much = dict.fromkeys(("writes", "exports", "analyses", "files"), "100000 per 10 seconds")
    app = create_app(Settings(database_url=url, warm=False, **much), store)
    said: dict[str, Any] = {}
    narrow = which in ("open", "withheld")
    with TestClient(app, base_url=ORIGIN, headers={"origin": ORIGIN}) as client:
        if narrow:
            reader = Reader(app, READERS[-1], client)
            reader.routes([str(scene.operation)], token)
            shown = [f"/operations/{scene.operation}/{part}" for part in ("countries", "situation", "journal")]
            for path in ("/", "/today", "/messages", *shown):
                reader.page(path, press=False)
            for each in messages:
                reader.page("/messages", press=False, search=f"?show={each.id}")
            said.update(reader.heard)
        for name in () if narrow else READERS:
            reader = Reader(app, name, client)
            known = [str(scene.operation), str(sweep.operation), *map(str, scene.sites.values())]
            reader.routes(known, token)
            coordinates = name == READERS[-1]
            for path in _pages(known[: 1 + coordinates]):
                reader.page(path, press=False)
            hidden = Reader(app, name, client)
            hidden.routes(foreign, "x" * 43)
            strange = sorted(set(_pages([foreign[4]])) - set(_pages([])))
            for path in strange if coordinates else ():
                hidden.page(path, press=False)
            for number, identifier in enumerate(foreign):  # what is secret and what there is not: named alike
                hidden.heard = {
                    asked.replace(identifier, f"foreign-{number}"): answer.replace(identifier, f"foreign-{number}")
                    for asked, answer in hidden.heard.items()
                }
            said.update({f"foreign: {asked}": answer for asked, answer in hidden.heard.items()})
            said[f"{name} socket"] = _socket(app, client, reader, scene, secretly=which == "secret")
            for path in _pages(known[:1]) if coordinates else ():  # last, because it may end what one works for
                reader.page(path, press=True)
            said.update(reader.heard)
        everywhere = re.compile(r"pulse|/_dash-layout")  # these hold one number for all operations
        for name in () if narrow else WATCHERS:
            reader = Reader(app, name, client)
            reader.routes([str(guards.operation), *map(str, guards.sites.values())], "x" * 43)
            for path in sorted(set(_pages([str(guards.operation)])) - set(_pages([]))):
                reader.page(path, press=False)
            said.update(
                {f"watching: {asked}": answer for asked, answer in reader.heard.items() if not everywhere.search(asked)}
            )
    Path(out).write_text(json.dumps(said, indent=0, sort_keys=True))
    store.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
