"""A national Muster and that of a centre for tests: two stores, and the interface of the second behind its gate."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from starlette.testclient import TestClient

from operations.core import evidence
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.exchange import centre_conflicts, centre_delivery, centres
from operations.exchange.centre_delivery import CentreAnswer
from operations.exchange.centre_rows import CentreConnection, CentreReport
from operations.exchange.webhooks import Undelivered
from operations.policing.map_plan import places
from operations.policing.reports import verification
from operations.policing.reports.reports import Report
from tests.interface import ORIGIN, Interface, interface, token
from tests.makers import START, Running, form, send, site_draft
from tests.programme import does, reads

CENTRE = "https://centre.example"
SITE = "Tera"
NOW = START + timedelta(days=3)


@dataclass
class Pair:
    """The two: `here` is the nation, `there` the centre. `fails` is why there is no answer; `came` is what came."""

    here: Running
    there: Running
    door: Interface
    fails: str = ""
    loses: bool = False
    came: list[tuple[str, str, bytes]] = field(default_factory=list)
    changed: dict[str, str] = field(default_factory=dict)
    connection: UUID = field(default_factory=new_id)

    def call(self, method: str, address: str, headers: Mapping[str, str], body: bytes = b"") -> CentreAnswer:
        """Ask the centre, as `webhook_post.caller` does; `loses`: it hears, and its answer is lost."""
        if self.fails:
            raise Undelivered(self.fails)
        self.came.append((method, address, body))
        client = TestClient(self.door.gate, base_url=ORIGIN)
        found = client.request(
            method, address.removeprefix(CENTRE), headers={**headers, **self.changed}, content=body or None
        )
        if self.loses and method == "POST":
            raise Undelivered("TimeoutError")
        kind = found.headers.get("content-type", "").partition(";")[0]
        return CentreAnswer(found.status_code, kind, found.content)

    def deliver(self, at: datetime = NOW) -> int:
        """Ask and send what is due then."""
        store = self.here.store
        return sum(centre_delivery.deliver(store, each, self.call, at) for each in centre_delivery.due(store, at))

    def preview(self, first: int = 0, last: int = 2, at: datetime = NOW) -> centres.Preview:
        """What would leave for some days of the operation."""
        days = centres.PeriodDraft(first=day(first), last=day(last))
        shown: centres.Preview = reads(
            self.here, "chaima", centres.preview, self.connection, days, self.here["chaima"], at=at
        )
        return shown

    def share(self, shown: centres.Preview | None = None, at: datetime = NOW, **changes: Any) -> int:
        """The country's coordinator sends what was shown."""
        found = shown or self.preview(at=at)
        content = {"first": found.first, "last": found.last, "seen": found.seen} | changes
        draft = parse(centres.SharingDraft, content)
        count: int = does(self.here, "chaima", centres.send, self.connection, draft, at=at)
        return count

    def settle(self, decide: Callable[..., CentreReport], at: datetime = NOW) -> CentreReport:
        """The country's coordinator decides about the one conflict."""
        [found] = reads(self.here, "chaima", centre_conflicts.conflicts, self.connection)
        settled: CentreReport = does(self.here, "chaima", decide, found.id, at=at)
        return settled

    def sent(self) -> list[CentreReport]:
        """What was sent, in order."""
        return list(reversed(reads(self.here, "chaima", centres.reports, self.connection)))

    def state(self) -> CentreConnection:
        """The connection now."""
        [found] = reads(self.here, "chaima", centres.connections)
        return found  # type: ignore[no-any-return]


def day(number: int) -> date:
    """A day of the operation."""
    return (START + timedelta(days=number)).date()


def connection_draft(scene: Running, **changes: Any) -> centres.ConnectionDraft:
    """A connection of the scene's operation with the same one at the centre."""
    content = {
        "id": new_id(),
        "operation_id": scene.operation,
        "address": f"{CENTRE}/operations/{scene.operation}/overview",
        "token": "muster_" + "x" * 43,
    }
    return parse(centres.ConnectionDraft, content | changes)


@dataclass
class AnsweringCentre:
    """A centre with the same sites, which says what its operation is and takes every report.

    Once `corrects` is true, somebody there has corrected each of them since.
    """

    scene: Running
    at: datetime
    corrects: bool = False
    posted: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __call__(self, method: str, address: str, _headers: Mapping[str, str], body: bytes = b"") -> CentreAnswer:
        """Answer."""
        path, _mark, query = address.partition("/api/v1")[2].partition("?")
        told: Any = self._plan()
        if method == "POST":
            told = json.loads(body)
            self.posted[told.get("report_id", path)] = told
        elif query:
            found = [(report, str(new_id())) for report in self.posted if self.corrects]
            told = {
                "items": [{"report_id": report, "id": version} for report, version in found],
                "next": "",
                "more": False,
            }
        elif path.startswith("/reports/"):
            version = {"id": str(new_id()), "version": 2, "state": "submitted", "correction_reason": "count_revised"}
            told = {"items": [{**self.posted[path.rpartition("/")[2]], **version, "received_at": str(self.at)}]}
        status = 200 if method == "GET" else 201
        return CentreAnswer(status, "application/json", json.dumps(told).encode())

    def _plan(self) -> dict[str, Any]:
        phase = {"kind": "operational", "name": "One", "starts": str(START), "ends": str(self.at)}
        sites = [{"id": str(known), "name": name} for name, known in self.scene.sites.items()]
        head = {"id": str(self.scene.operation), "title": "There", "zone": "Africa/Niamey", "day_cut": "00:00"}
        return {**head, "phases": [{**phase, "id": str(self.scene.phase)}], "sites": sites}


def pair(here: Running, there: Running, key: str | None = None, by: str = "boubacar") -> Pair:
    """Connect the two, whose site has the same name and another id. `key`: what the token names as the nation's key."""
    for scene in (here, there):
        scene.sites[SITE] = does(scene, "ana", places.place_site, scene.operation, site_draft("NER", SITE), at=START).id
    assert here.sites[SITE] != there.sites[SITE]
    made = Pair(here, there, interface(there))
    known = token(there, by, sender_key=evidence.public_key() if key is None else key).key
    draft = connection_draft(here, id=made.connection, token=known)
    does(here, "chaima", centres.connect, draft, at=NOW)
    return made


def validated(scene: Running, site: str = SITE, level: int = 3, by: str = "bruno", **more: Any) -> Report:
    """A report that the country has validated."""
    made = send(scene, form(scene, site, **more), by=by)
    for name in ("boubacar", "chaima")[: level - 1]:
        does(scene, name, verification.verify, made.id, at=NOW)
    return made
