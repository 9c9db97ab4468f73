"""Writers who send reports through every fault, and the judgement of what they were told.

Every writer repeats what was not acknowledged with the same ids, as the entry form does, until it is: so at the end all
that was ever sent is stored, once.
"""

import contextlib
import math
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import httpx2 as httpx
from dash import Input, Output
from dash._utils import create_callback_id
from sqlmodel import select

from operations.core import journal
from operations.core.ids import new_id
from operations.core.people import System
from operations.policing.reports import verification
from operations.policing.reports.reports import Line, Report
from tests.makers import Running
from tests.servers import PASSWORD, Serving

WRITERS = 6
PATIENCE = 120
RECOVERY = 10.0
"""Seconds after the end of a fault within which something more is stored."""


def faults(many: int) -> int:
    """How often a fault is tried: MUSTER_PROVE_FAULTS, or else so many times."""
    return int(os.environ.get("MUSTER_PROVE_FAULTS") or many)


def submission(scene: Running) -> dict[str, Any]:
    """A daily report as the entry form holds it: everything typed is text."""
    begins = scene.start + timedelta(hours=2)
    return {
        "id": str(new_id()),
        "report_id": str(new_id()),
        "supersedes_id": "",
        "correction_reason": "",
        "operation_id": str(scene.operation),
        "site_id": str(scene.sites["Niamey"]),
        "phase_id": str(scene.phase),
        "kind": "single_event",
        "period_from": f"{begins:%Y-%m-%dT%H:%M}",
        "period_to": f"{begins + timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "zone": "Africa/Niamey",
        "remarks": "",
        "recorded_at": "",
        "confirmed": True,
        "lines": [
            {
                "id": str(new_id()),
                "kind": "check_tally",
                "count": "25",
                "check_kind": "database_query",
                "database": "sltd",
                "entity_type": "document",
                "channel": "fixed_workstation",
            }
        ],
    }


def submission_call(content: dict[str, Any]) -> dict[str, Any]:
    """The callback `send` of the reports page, as the browser calls it."""
    shown = Output("reports-view", "children", allow_duplicate=True)
    outputs, inputs = [Output("reports-answer", "data"), shown], [Input("reports-send", "data")]
    named = create_callback_id(outputs, inputs)
    return {
        "output": named,
        "outputs": [
            dict(zip(("id", "property"), each.rsplit(".", 1), strict=True)) for each in named.strip(".").split("...")
        ],
        "inputs": [{"id": "reports-send", "property": "data", "value": {"content": content}}],
        "changedPropIds": ["reports-send.data"],
        "parsedChangedPropsIds": ["reports-send"],
    }


class Load:
    """Writers who send one report after another, and what they were told; `server` may be another after a fault."""

    def __init__(self, server: Serving, scene: Running, writers: int = WRITERS) -> None:
        self.server, self.scene = server, scene
        self.stop, self.ends = threading.Event(), math.inf
        """Whether no further report is begun, and when writers give up what is not acknowledged yet."""
        self.sent: set[str] = set()
        self.acknowledged: set[str] = set()
        self.answers: Counter[str] = Counter()
        self.wrong: list[BaseException] = []
        self._client, self._signing = httpx.Client(timeout=60), threading.Lock()
        self._sign_in()
        self._work: list[Callable[[], None]] = [*[self._write] * writers, self._read]

    def _ask(self, how: str, path: str, **more: Any) -> httpx.Response | None:
        """The answer; None where there is no server, or none any more."""
        address = self.server.address
        try:
            return self._client.request(how, f"{address}{path}", headers={"Origin": address}, **more)
        except httpx.HTTPError:
            return None

    def _sign_in(self) -> None:
        with self._signing:
            answer = self._ask("POST", "/sign-in", data={"username": "bruno", "password": PASSWORD, "next": "/"})
            self.answers[f"sign-in {answer.status_code if answer else 'gone'}"] += 1

    def _lasting(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # what is wrong in a thread is said at the end
            self.wrong.append(error)
            raise

    def _write(self) -> None:
        while not self.stop.is_set():
            content = submission(self.scene)
            self.sent.add(content["id"])
            while not self._send(content) and time.monotonic() < self.ends:
                time.sleep(0.2)

    def _send(self, content: dict[str, Any]) -> bool:
        answer = self._ask("POST", "/_dash-update-component", json=submission_call(content))
        self.answers[f"send {answer.status_code if answer else 'gone'}"] += 1
        if answer is None:
            return False
        if answer.status_code == 401:
            self._sign_in()
            return False
        if answer.status_code != 200:
            assert answer.status_code in (429, 503), (
                answer.text
            )  # six writers of one account also ask too often for one
            assert answer.status_code == 429 or answer.headers["retry-after"] == "5"
            return False
        data = answer.json()["response"]["reports-answer"]["data"]
        assert data["id"] == content["id"]
        if data.get("sent") != content["id"]:
            return False
        self.acknowledged.add(content["id"])
        return True

    def _read(self) -> None:
        while not self.stop.is_set():
            answer = self._ask("GET", "/_dash-layout")
            self.answers[f"read {answer.status_code if answer else 'gone'}"] += 1
            time.sleep(0.1)

    @contextlib.contextmanager
    def going(self) -> Iterator[None]:
        working = [threading.Thread(target=self._lasting, args=(work,)) for work in self._work]
        for each in working:
            each.start()
        try:
            yield
        finally:
            self.ends = time.monotonic() + PATIENCE
            self.stop.set()
            for each in working:
                each.join(PATIENCE * 2)
            self._client.close()

    def more(self) -> float:
        """Wait until something more is acknowledged; return the seconds."""
        before, since = len(self.acknowledged), time.monotonic()
        while len(self.acknowledged) == before:
            assert time.monotonic() - since < PATIENCE, self.server.log.read_text()[-3000:]
            time.sleep(0.01)
        return time.monotonic() - since


def endure(
    load: Load,
    begin: Callable[[], None],
    end: Callable[[], None],
    many: int,
    lasts: Sequence[float] = (0,),
    recovery: float = RECOVERY,
) -> None:
    """So many faults under load, of which each lasts as long as the next of `lasts` says, and the judgement."""
    chance = random.Random(11)
    recovered, began = [], time.monotonic()
    with load.going():
        for number in range(many):
            load.more()
            time.sleep(chance.uniform(0, 0.3))
            begin()
            time.sleep(lasts[number % len(lasts)])
            end()
            recovered.append(load.more())
        each = (time.monotonic() - began) / many
    judge(load)
    told = ", ".join(f"{name}: {count}" for name, count in sorted(load.answers.items()))
    print(  # noqa: T201 - what was proved
        f"\n{many} faults, {each:.1f} s each, {len(load.acknowledged):,} acknowledged, 0 lost, 0 doubled; stored again "
        f"after {max(recovered):.1f} s at most, {sorted(recovered)[len(recovered) // 2]:.1f} s in the middle; {told}"
    )
    assert max(recovered) <= recovery


def judge(load: Load) -> None:
    """Nothing acknowledged is lost, nothing is there twice or half; totals and chain are whole."""
    with load.scene.store.reading(System()) as session:
        stored = [str(each) for each in session.exec(select(Report.id)).all()]
        with_lines = {str(each) for each in session.exec(select(Line.version_id)).all()}
        assert load.acknowledged <= set(stored), "an acknowledged report is gone"
        assert sorted(stored) == sorted(load.sent), "one is lost, or one is there twice"
        assert set(stored) == with_lines, "a report is half-written"
        assert verification.differences(session, load.scene.operation) == []
        for chain in journal.Chain:
            assert journal.verify(session, chain).broken_at is None
    assert load.acknowledged == load.sent
    assert not load.wrong
    assert not [answer for answer in load.answers if answer.endswith("500")], load.answers
