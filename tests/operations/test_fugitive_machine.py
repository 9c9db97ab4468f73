"""Three countries, an analyst and a coordinator do whatever they like to a few cases: the road and the sums hold."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlmodel import select

from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import NotFound, RuleBroken
from operations.core.people import Actor, System
from operations.core.schema import upgrade
from operations.core.store import open_store
from operations.core.vocabulary import FugitiveState
from operations.policing.fugitives import case_lifecycle, case_rows, sightings, sweep
from operations.policing.operation import plan
from tests.makers import START, Running, put_cast, running
from tests.operations.sweeps import AT, Sweep, sweep_in
from tests.people import actor

COUNTRIES = {"chaima": "NER", "moussa": "MLI", "safia": "DZA"}
EVERYBODY = (*COUNTRIES, "dov", "ana")
_folder = TemporaryDirectory()
_made: list[Running] = []


class Sweeping(RuleBasedStateMachine):
    """A model beside the store: which state each case is in, and which countries were asked about it."""

    @initialize()
    def open(self) -> None:
        self.folder = TemporaryDirectory()
        path = Path(self.folder.name) / "muster.sqlite"
        self.scene = _scene(path)
        self.sweep = Sweep(self.scene)
        self.states: dict[UUID, str] = {}
        self.asked: dict[UUID, set[str]] = {}
        self.clock = clock.at(AT)
        self.clock.__enter__()

    def teardown(self) -> None:
        if hasattr(self, "clock"):
            self.clock.__exit__(None, None, None)
            self.scene.store.dispose()
            self.folder.cleanup()

    def _one(self, data: st.DataObject) -> UUID | None:
        return data.draw(st.sampled_from(sorted(self.states))) if self.states else None

    def _country(self, case: UUID) -> str:
        return self.sweep.now(case).requesting_country

    def _knows(self, name: str, case: UUID) -> bool:
        country = COUNTRIES.get(name)
        return country is None or country == self._country(case) or country in self.asked[case]

    def _try(self, name: str, case: UUID, act: Any) -> None:
        """Whatever a person tries: it works, or a sentence says why not; who may not know meets NotFound only."""
        before = self.sweep.now(case)
        try:
            act()
        except NotFound:
            assert self.sweep.now(case) == before
        except RuleBroken:
            assert self._knows(name, case)
            assert self.sweep.now(case) == before
        else:
            assert self._knows(name, case)
        after = self.sweep.now(case).state
        if after != before.state:
            assert case_lifecycle.LIFE.step(before.state, FugitiveState(after)) is not None
            self.states[case] = after

    @rule(name=st.sampled_from(sorted(COUNTRIES)))
    def nominate(self, name: str) -> None:
        if len(self.states) < 3:
            case = self.sweep.nominate(name, believed_in=[])
            self.sweep.check(case.id)
            self.states[case.id], self.asked[case.id] = case.state, set()

    @rule(data=st.data(), name=st.sampled_from(EVERYBODY), to=st.sampled_from(list(FugitiveState)))
    def move(self, data: st.DataObject, name: str, to: FugitiveState) -> None:
        if case := self._one(data):
            self._try(name, case, lambda: self.sweep.move(case, to, name, "It is so."))

    @rule(data=st.data())
    def advance(self, data: st.DataObject) -> None:
        """Bring a case on, so that the far end of the road is walked too."""
        if case := self._one(data):
            state = self.states[case]
            for before, name, to in (("nominated", "ana", "target"), ("target", "dov", "under_review")):
                if state == before:
                    self._try(name, case, lambda name=name, to=to: self.sweep.move(case, to, name))  # type: ignore[misc]

    @rule(data=st.data(), to=st.sampled_from(sorted(COUNTRIES.values())), name=st.sampled_from(EVERYBODY))
    def lead(self, data: st.DataObject, to: str, name: str) -> None:
        case = self._one(data)
        if case and to != self._country(case):  # nobody is asked what comes from there, whoever asks: the draft says so
            now = self.sweep.now(case)
            sent = []
            self._try(name, case, lambda: sent.append(self.sweep.lead(now, to, by=name)))
            if sent:
                assert name == "dov"
                self.asked[case].add(to)

    @rule(data=st.data(), name=st.sampled_from(EVERYBODY))
    def locate(self, data: st.DataObject, name: str) -> None:
        if case := self._one(data):
            self._try(name, case, lambda: self.sweep.locate(case, by=name))

    @rule(data=st.data(), name=st.sampled_from(EVERYBODY), yes=st.booleans(), what=st.sampled_from("aai"))
    def answer(self, data: st.DataObject, name: str, yes: bool, what: str) -> None:
        if case := self._one(data):
            with self.scene.store.reading(System()) as session:
                known = sightings.locations(session, case)
            if known:
                one = data.draw(st.sampled_from(sorted(each.id for each in known)))
                act = self.sweep.answer if what == "a" else self.sweep.identify
                self._try(name, case, lambda: act(one, yes, by=name))

    @rule(data=st.data(), name=st.sampled_from(EVERYBODY))
    def arrest(self, data: st.DataObject, name: str) -> None:
        if case := self._one(data):
            with self.scene.store.reading(System()) as session:
                known = sightings.locations(session, case)
            if known:
                one = data.draw(st.sampled_from(sorted(each.id for each in known)))
                self._try(name, case, lambda: self.sweep.arrest(one, by=name))

    @invariant()
    def the_sums_hold(self) -> None:
        if not hasattr(self, "states"):
            return
        with self.scene.store.reading(self.scene["ana"]) as session:
            operation = plan.operation(session, self.scene.operation, self.scene["ana"])
            numbers = sweep.numbers(session, operation, self.scene["ana"])
            rows = session.exec(select(case_rows.FugitiveCase)).all()
        assert {row.id: row.state for row in rows} == self.states
        counted = Counter(row.counts_as for row in rows)
        parts = (numbers.arrested or 0, numbers.located or 0, numbers.outstanding or 0)
        assert numbers.targets == sum(parts)
        assert parts == tuple(counted[name] for name in ("arrested", "located", "outstanding"))
        assert sum(count or 0 for count in numbers.left.values()) == counted["left"]

    @invariant()
    def each_country_knows_its_own_cases_and_those_it_was_asked_about(self) -> None:
        if not hasattr(self, "states"):
            return
        for name, country in COUNTRIES.items():
            with self.scene.store.reading(self.scene[name]) as session:
                seen = {row.id: row.requesting_country for row in session.exec(select(case_rows.FugitiveCase))}
            expected = {case for case in self.states if self._country(case) == country or country in self.asked[case]}
            assert set(seen) == expected


def _scene(path: Path) -> Running:
    """A sweep of three countries, made once and copied for every run."""
    if not _made:
        _made.append(_make(Path(_folder.name) / "first.sqlite"))
    first = _made[0]
    with closing(sqlite3.connect(str(first.store.url.database))) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    return replace(first, store=open_store(f"sqlite:///{path}"))


def _make(path: Path) -> Running:
    store = open_store(f"sqlite:///{path}")
    upgrade(store)
    put_cast(store)
    scene = sweep_in(running(store))
    about = {"account_id": UUID(int=99), "name": "Safia Benali", "country": "DZA"}
    safia = Actor(**vars(actor("moussa", scene.operation)) | about)
    ana = scene["ana"]
    with clock.at(START), store.unit_of_work(ana) as session:
        plan.invite(session, scene.operation, parse(plan.CountryInvitation, {"country": "DZA"}), ana)
    with clock.at(START), store.unit_of_work(safia) as session:
        plan.answer(session, scene.operation, safia, accept=True)
    scene.members["safia"] = safia
    return scene


Sweeping.TestCase.settings = settings(
    max_examples=8, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestSweeping = Sweeping.TestCase
