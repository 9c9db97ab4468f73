"""One of two twins of an operation that was let out: they differ in nothing but in hidden cells.

    python -m tests.dashboard.twin_cells URL OUT.json plain|other

Of ten and more persons in each house Niger and Chad met other parts, none of them told: who reads guarded figures reads
the same in both, at every door, now and of every entry before, on boards, in lists, files, signed figures and packages.
"""

from tests.dashboard import twin  # first: it takes the ids of both houses from one seed  # isort: skip

import itertools
import json
import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import select
from starlette.testclient import TestClient

from dashboard.app import create_app
from dashboard.settings import Settings
from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.core import clock, journal, passwords
from operations.core.drafts import parse
from operations.core.people import Account, Actor, System
from operations.core.schema import upgrade
from operations.core.store import Store, open_store
from operations.figures.releases.guarded_counts import GUARDED
from operations.policing.map_plan import places
from operations.policing.operation import boards, plan
from operations.policing.reports.reports import Report
from operations.results import restatements, snapshots
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from operations.results.snapshot_rows import SnapshotState
from tests.dashboard.printed import streams
from tests.makers import START, arrest, detection, form, hit, let_out, put_cast, running, send, site_draft
from tests.operations.test_board import CHAINS
from tests.partners import admitted
from tests.people import actor
from tests.snapshot_stories import frozen

WATCHERS = ("lena", "otto", "moussa")
KINDS = ("migrant_detection", "potential_victim", "protection_referral", "casualty", "arrest")
NIGHT = START + timedelta(hours=60)
FILES = ("figures.xlsx", "operation.zip", *(f"{name}.csv" for name in ("figures", "by_country", "by_day", "journal")))


class House:
    """A house. `other` swaps what Niger and Chad met; the sum of both, and of every day, is the same."""

    def __init__(self, store: Store, *, other: bool) -> None:
        self.store, self.other = store, other
        put_cast(store)
        hashed = passwords.hashed(twin.PASSWORD)
        with store.unit_of_work(System()) as session:
            for account in session.exec(select(Account)):
                account.password_hash = hashed
                session.add(account)
        self.scene = running(store)
        with store.unit_of_work(System()) as session:
            owner = session.get_one(plan.Operation, self.scene.operation)
            owner.line_kinds = [*owner.line_kinds, *KINDS]
            session.add(owner)
        with store.unit_of_work(self.scene["ana"]) as session:
            for kpi in Kpi:
                boards.show(session, self.scene.operation, kpi, shown=True, by=self.scene["ana"])
        self._third()
        for name in ("chaima", "moussa", "nc"):
            with store.unit_of_work(self.scene[name]) as session:
                plan.answer(session, self.scene.operation, self.scene[name], accept=True, shares_totals=True)

    def _third(self) -> None:
        """Chad takes part too; its people are thought of."""
        scene = self.scene
        for name, cast in zip(("no", "tl", "nc", "nc2"), (*CHAINS["NER"], "cheikh"), strict=True):
            known = actor(cast, scene.operation)
            scene.members[name] = Actor(**vars(known) | {"country": "TCD"})
        with scene.store.unit_of_work(scene["ana"]) as session:
            plan.invite(session, scene.operation, parse(plan.CountryInvitation, {"country": "TCD"}), scene["ana"])
            scene.sites["TCD"] = places.place_site(session, scene.operation, site_draft("TCD", "TCD"), scene["ana"]).id

    def met(self, niger: int, chad: int, shift: int = 1) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Lines of every guarded kind, of Niger and of Chad: in the other house `shift` persons of Chad are Niger's."""
        with twin.stream("secret"):
            moved = shift if self.other else 0
            return self._lines(niger + moved, self.other), self._lines(chad - moved, not self.other)

    def _lines(self, many: int, one: bool) -> list[dict[str, Any]]:
        """What a country met, all of `one` part of each share or all of another."""
        about = {"sex": "female", "minors": 2} if one else {"sex": "male", "minors": 1}
        parts = (many - 2, 2) if one else (many,)
        found = []
        for n in parts:
            of = about if n == max(parts) else {}
            said = {"id": str(twin.uuid.uuid4()), "persons": n, **of}
            smuggled = "yes" if one else "no"
            found += [
                detection(n, smuggled=smuggled, nationality="NGA" if one else "SDN", **of),
                {"kind": "potential_victim", **said, "status": "identified" if one else "potential"},
                {
                    "kind": "protection_referral",
                    **said,
                    "id": str(twin.uuid.uuid4()),
                    "need_of": "victim",
                    "service": "social_services",
                    "answer": "accepted" if one else "waiting",
                },
                {"kind": "casualty", **said, "id": str(twin.uuid.uuid4()), "fate": "dead" if one else "injured"},
            ]
        return found

    def report(self, site: str, by: str, lines: list[dict[str, Any]], *climb: str, **of: Any) -> Report:
        """A report of a country, which climbs."""
        day, at = of.pop("day", 0), of.pop("at", None)
        made = send(self.scene, form(self.scene, site, day=day, lines=lines, **of), by=by, at=at)
        with clock.at(at or START + timedelta(hours=13)):
            twin.climb(self.scene, made, *climb)
        return made

    def play(self) -> None:
        """Days of reports: what was let out, was taken along, was corrected and let out again, was signed and told."""
        ner, tcd, mli = (*CHAINS["NER"], "cheikh"), ("no", "tl", "nc", "nc2"), CHAINS["MLI"]
        seen = [hit(START), arrest(12), *detections(50)]
        niger, chad = self.met(5, 9)
        first = self.report("Niamey", ner[0], [*niger, hit(START)], *ner[1:3])
        second = self.report("TCD", tcd[0], [*chad, hit(START)], *tcd[1:3])
        self.report("Bamako", mli[0], seen, *mli[1:])
        with clock.at(START + timedelta(hours=14)):
            let_out(self.scene)
        with clock.at(START + timedelta(hours=15)):
            for name in WATCHERS[::2]:
                with self.store.unit_of_work(self.scene[name]) as session:
                    owner = session.get_one(plan.Operation, self.scene.operation)
                    if name == "lena":
                        restatements.take_along(
                            session, owner, self.scene[name], level="V3", entry=journal.pulse(session), format="xlsx"
                        )
        evening = START + timedelta(hours=16)
        niger, chad = self.met(6, 9)
        for of, site, chain, lines in ((first, "Niamey", ner, niger), (second, "TCD", tcd, chad)):
            again = {"report_id": str(of.report_id), "supersedes_id": str(of.id), "correction_reason": "count_revised"}
            self.report(site, chain[2], [*lines, hit(START)], chain[1], chain[3], at=evening, **again)
        with clock.at(START + timedelta(hours=30)):
            let_out(self.scene)
        late = START + timedelta(hours=37)
        niger, chad = self.met(3, 6)
        self.report("Agadez", ner[0], niger, at=late, day=1)
        self.report("TCD", tcd[0], chad, at=late, day=1)
        self.report("Bamako", mli[0], detections(30), *mli[1:], at=late, day=1)
        with clock.at(START + timedelta(hours=54)):
            let_out(self.scene)
        frozen(self.scene, SnapshotState.PUBLISHED, at=START + timedelta(hours=55), level="V3")


def detections(many: int) -> list[dict[str, Any]]:
    """Lines of Mali, which tells much."""
    with twin.stream("secret"):
        said = {"persons": many}
        return [
            detection(many, smuggled="unknown"),
            {"kind": "potential_victim", "id": str(twin.uuid.uuid4()), **said, "status": "potential"},
            {
                "kind": "protection_referral",
                "id": str(twin.uuid.uuid4()),
                **said,
                "need_of": "victim",
                "service": "social_services",
                "answer": "waiting",
            },
            {"kind": "casualty", "id": str(twin.uuid.uuid4()), **said, "fate": "injured"},
        ]


_readable = twin._readable


def _drawn(content: bytes) -> str:
    """An answer as text; of a paper what is drawn on it, as it holds the second in which it was made."""
    return "\n".join(streams(content)) if content.startswith(b"%PDF") else _readable(content)


_WRITTEN = re.compile(
    r'[0-9a-f]{64}(?=  \S*\.xlsx)|(?<=\.xlsx": ")[0-9a-f]{64}|(?<=SHA256SUMS": ")[0-9a-f]{64}|(?<="signature": ")[^"]+'
)
"""Fingerprints of workbooks, in which a library notes when it wrote them, and what is made of these fingerprints. The
workbooks themselves are compared by what is in them."""


class Visitor(twin.Reader):
    """A reader who goes to pages with their questions, and takes files along."""

    def _note(self, question: str, answer: Any) -> Any:
        asked = f"{self.name} {question}"
        super()._note(question, answer)
        self.heard[asked] = _WRITTEN.sub("", self.heard[asked])
        return answer

    def ask(self, pathname: str, search: str = "", *, press: bool = False) -> None:
        """Open a page with what follows its name."""
        self.search = search
        self.page(pathname, press=press)

    def _play(self, where: str, key: str, body: dict[str, Any], pool: dict[str, dict[str, Any]]) -> None:
        for each in itertools.chain(body["inputs"], body["state"]):
            if isinstance(each, dict) and (each["id"], each["property"]) == ("_pages_location", "search"):
                each["value"] = self.search
        super()._play(f"{where}{self.search}", key, body, pool)


def questions(operation: str, reader: Actor) -> list[tuple[str, str]]:
    """Pages of an operation with the levels, figures and moments that can be asked for."""
    base = f"/operations/{operation}"
    moments = [START + timedelta(hours=hours) for hours in (13.5, 14.5, 17, 31, 38, 56)]
    levels = ("V3", "V4") if reader.national else ("V1", "V2", "V3", "V4")
    whole = "&scope=whole" if reader.national else ""
    asked = [
        (f"{base}/situation", f"?level={level}&figure={kpi.value}{whole}") for level in levels[:3:2] for kpi in GUARDED
    ]
    asked += [
        (f"{base}/situation", f"?level={levels[0]}&figure={kpi.value}{whole}&at={at:%Y-%m-%dT%H:%M:%SZ}")
        for at in moments
        for kpi in (Kpi.DETECTIONS, Kpi.RAW_HITS)
    ]
    persons = [kpi.value for kpi in Kpi if CATALOGUE[kpi].persons]
    asked += [(f"{base}/figures", f"?figure={kpi}") for kpi in (*persons, *COMPUTED_FIGURES)]
    asked += [(f"{base}/figures", f"?level={level}&at={at:%Y-%m-%dT%H:%M:%SZ}") for level in levels for at in moments]
    asked += [(f"{base}/snapshots", f"?show={number}") for number in (1,)]
    return asked


def main(url: str, out: str, which: str) -> None:
    """Play a history and write down every answer."""
    clock._held = held = twin.HeldClock()  # type: ignore[assignment]
    twin._readable = _drawn
    # A fingerprint stands over all numbers, and differs: that it proves no guess is shown in test_quiet_catalogue.
    snapshots.digest = lambda *_of: "0" * 64  # type: ignore[assignment]
    Settings().use_keys()
    store = open_store(url)
    upgrade(store)
    house = House(store, other=which == "other")
    house.play()
    scene = house.scene
    held.moment = NIGHT
    with clock.at(NIGHT):
        partner = admitted(scene)
    much = dict.fromkeys(("writes", "exports", "analyses", "files"), "100000 per 10 seconds")
    app = create_app(Settings(database_url=url, warm=False, **much), store)
    said: dict[str, Any] = {}
    operation = str(scene.operation)
    with TestClient(app, base_url=twin.ORIGIN, headers={"origin": twin.ORIGIN}) as client:
        for name in WATCHERS:
            reader = Visitor(app, name, client)
            reader.routes([operation, *map(str, scene.sites.values())], "x" * 43)
            for path in twin._pages([operation]):
                reader.ask(path)
            for path, search in questions(operation, actor(name)):
                reader.ask(path, search)
            for file in FILES:
                for level in ("V1", "V3"):
                    reader._get(f"/export/operations/{operation}/hand-over/{file}?level={level}")
            for ending in ("pdf", "xlsx"):
                reader._get(f"/export/operations/{operation}/snapshots/1.{ending}")
                reader._get(f"/export/partners/{partner.id}.{ending}")
            for part in ("situation", "figures", "journal", "history", "snapshots"):
                reader.ask(f"/operations/{operation}/{part}", press=part != "snapshots")
            said.update(reader.heard)
    Path(out).write_text(json.dumps(said, indent=0, sort_keys=True))
    store.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
