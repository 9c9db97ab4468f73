"""A crowd: people with sessions of their own who change pages, at a rate that no answer slows down.

Each goes from page to page of those that their role works with, as the browser asks: by one request that says what the
frame shows. Who is refused (429) is counted, and goes nowhere then.
"""

import asyncio
import contextlib
import os
import random
import secrets
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2 as httpx
from sqlmodel import col, select

from dashboard import screens
from dashboard.server.request_context import session_cookie
from dashboard.settings import Settings
from operations.core import accounts, sign_in
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.journal import Entry
from operations.core.people import Account, Actor, System
from operations.core.permissions import may
from operations.core.store import Store
from operations.core.vocabulary import Role
from operations.policing.operation import membership
from operations.policing.reports import verification
from tests import cheap_hashing
from tests.servers import Serving

_CHANGE = "_pages_content.children"
PATIENCE = 120
_MOST = 4_000
"""Requests that the crowd has open at once, more than a wave makes: none waits for its turn in the crowd itself."""


def sessions(store: Store, many: int, roles: Sequence[Role] = (Role.LEADERSHIP,)) -> list[tuple[str, Actor]]:
    """So many people who signed in, their roles in turn: each the token of a session, and who it is."""
    made: list[tuple[str, UUID]] = []
    cheap_hashing.turn_on()
    try:
        with store.unit_of_work(System()) as session:
            for number in range(many):
                about = {"id": new_id(), "username": f"crowd{number:05}", "name": f"Person {number}"}
                secret = {"role": roles[number % len(roles)], "password": secrets.token_urlsafe(16)}
                account = accounts.add_account(session, parse(accounts.AccountDraft, about | secret), System())
                made.append((sign_in._opened(session, account, "", "", frozenset())[0], account.id))
    finally:
        cheap_hashing.turn_off()
    with store.reading(System()) as session:
        of = {each.id: each for each in session.exec(select(Account))}
        actors = {
            role: membership.actor(session, next(one for one in of.values() if one.role == role)) for role in roles
        }
    known = {role: actor for role, actor in actors.items() if actor is not None}
    return [(token, known[Role(of[ident].role)]) for token, ident in made]


def pages_of(by: Actor, operation: UUID) -> list[str]:
    """The addresses of the pages that this person works with, of an operation where a page is of one."""
    of_role = [each.NAV for each in screens.pages() if by.role in each.NAV.roles and may(by, each.NAV.act)]
    return [path for path in (nav.href(operation) for nav in of_role) if "<" not in path]


@dataclass
class Wave:
    """What became of the page changes of some seconds: milliseconds of those that came, and how others were answered.

    `longest`: of any answer, a refusal too. `cpu`: milliseconds of the server's processes.
    """

    rate: float
    took: list[float] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    untimed: int = 0
    longest: float = 0.0
    cpu: float = 0.0

    @property
    def p95(self) -> float:
        return sorted(self.took)[int(len(self.took) * 0.95)] if self.took else 0.0

    @property
    def each(self) -> float:
        """Milliseconds of CPU for each change that came."""
        return self.cpu / max(len(self.took), 1)

    def __str__(self) -> str:
        middle = statistics.median(self.took) if self.took else 0.0
        refused = ", ".join(f"{many} times {status}" for status, many in self.refused.items()) or "none refused"
        return (
            f"{self.rate:g} a second: {len(self.took)} came, median {middle:.0f} ms, p95 {self.p95:.0f} ms, "
            f"{refused}, longest answer {self.longest:.0f} ms, {self.each:.0f} ms of CPU a change, "
            f"load {os.getloadavg()[0]:.0f}"
        )


class Crowd:
    """The people, and what the frame shows to each."""

    def __init__(self, server: Serving, people: Sequence[tuple[str, Actor]], operation: UUID, seed: int = 1) -> None:
        self.server, self.people, self.chance = server, people, random.Random(seed)
        self._shown: list[dict[str, Any]] = [{} for _person in people]
        self._pages = {by: pages_of(by, operation) for _token, by in people}
        self._cookie = session_cookie(Settings(host="127.0.0.1"))
        headers = {"Cookie": f"{self._cookie}={people[0][0]}"}
        found = httpx.get(f"{server.address}/_dash-dependencies", headers=headers, timeout=60).json()
        [self._declared] = [each for each in found if _CHANGE in each["output"]]

    def wave(self, rate: float, seconds: float) -> Wave:
        """So many page changes a second, by anybody, whether those before were answered or not."""
        made, before = Wave(rate), cpu_of(self.server)
        asyncio.run(self._arrive(made, seconds))
        made.cpu = cpu_of(self.server) - before
        return made

    async def _arrive(self, made: Wave, seconds: float) -> None:
        limits = httpx.Limits(max_connections=_MOST, max_keepalive_connections=0)
        async with httpx.AsyncClient(base_url=self.server.address, timeout=PATIENCE, limits=limits) as client:
            under_way, ends, due = set[asyncio.Task[None]](), time.monotonic() + seconds, time.monotonic()
            while due < ends:
                await asyncio.sleep(max(due - time.monotonic(), 0))
                task = asyncio.create_task(self._change(client, self.chance.randrange(len(self.people)), made))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
                due += self.chance.expovariate(made.rate)
            await asyncio.gather(*under_way)

    async def _change(self, client: httpx.AsyncClient, person: int, made: Wave) -> None:
        token, by = self.people[person]
        headers = {"Cookie": f"{self._cookie}={token}", "Origin": self.server.address}
        begun = time.monotonic()
        call = self._call(self.chance.choice(self._pages[by]), self._shown[person])
        try:
            answer = await client.post("/_dash-update-component", json=call, headers=headers)
        except httpx.TimeoutException:
            made.refused[0] += 1  # no answer within PATIENCE
            return
        took = (time.monotonic() - begun) * 1000
        made.longest = max(made.longest, took)
        if answer.status_code != 200:
            made.refused[answer.status_code] += 1
            made.untimed += answer.status_code == 429 and "retry-after" not in answer.headers
            return
        made.took.append(took)
        frame = answer.json().get("sideUpdate", {}).get("shell-page-frame", {}).get("data", {})
        for element, props in frame.get("parts", {}).items():
            self._shown[person] |= {f"{element}.{prop}": value for prop, value in props.items()}

    def _call(self, path: str, shown: dict[str, Any]) -> dict[str, Any]:
        outputs = [each.rsplit(".", 1) for each in self._declared["output"].strip(".").split("...")]
        values = {"pathname": path, "search": ""}
        states = [(each["id"], each["property"]) for each in self._declared["state"]]
        return {
            "output": self._declared["output"],
            "outputs": [{"id": name, "property": prop} for name, prop in outputs],
            "inputs": [each | {"value": values[each["property"]]} for each in self._declared["inputs"]],
            "state": [{"id": name, "property": prop, "value": shown.get(f"{name}.{prop}")} for name, prop in states],
            "changedPropIds": ["_pages_location.pathname"],
        }


class Verifiers:
    """Those of a role who may take a report a level up, one report after the other."""

    def __init__(self, store: Store, operation: UUID, role: Role = Role.TEAM_LEADER) -> None:
        self.store, self.operation = store, operation
        with store.reading(System()) as session:
            those = session.exec(select(Account).where(col(Account.role) == role))
            found = [each for one in those if (each := membership.actor(session, one))]
        self.people = [each for each in found if operation in each.operations]
        self._next = iter(self._waiting())

    def _waiting(self) -> Iterator[tuple[UUID, Actor]]:
        for by in self.people:
            with self.store.reading(by) as session:
                waiting = [each.id for each in verification.worklist(session, self.operation, by)]
            yield from ((version, by) for version in waiting[:2])

    def verify_one(self) -> float | None:
        """Take one up; return the milliseconds at which it was written, None where none waits any more."""
        version, by = next(self._next, (None, None))
        if version is None or by is None:
            return None
        with self.store.unit_of_work(by) as session:
            verification.verify(session, version, by)
        with self.store.reading(System()) as session:
            at = session.exec(select(Entry.at).order_by(col(Entry.seq).desc()).limit(1)).one()
        return at.timestamp() * 1000


def processes(of: int) -> list[int]:
    """A process and all that it started."""
    found = [of]
    for children in Path(f"/proc/{of}/task").glob("*/children"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it ended just now
            found += [pid for child in children.read_text().split() for pid in processes(int(child))]
    return found


def cpu_of(server: Serving) -> float:
    """Milliseconds of processor that the server's processes have used."""
    told = [Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in processes(server.process.pid)]
    return sum(int(each[11]) + int(each[12]) for each in told) * 1000 / os.sysconf("SC_CLK_TCK")


def memory_of(pid: int) -> float:
    """Megabytes of a process, those that it shares with others in parts (PSS); 0 for one that ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
