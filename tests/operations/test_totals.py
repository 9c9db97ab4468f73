"""Whatever people do to reports, in whatever order: totals are what a recount finds, and nothing counts twice."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session, select

from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import MusterError
from operations.core.people import System
from operations.core.vocabulary import Level, ReportState
from operations.policing.reports import reports, verification
from operations.policing.reports.reports import Line, Report
from operations.policing.reports.states import EYES, STANDING
from operations.totals import activity, totals
from operations.totals.totals import Grain
from tests.makers import START, Running, arrest, form, hit, tally
from tests.people import CAST
from tests.prepared_databases import Shelf

pytestmark = pytest.mark.both_storages

LIVE = set(STANDING)
LINES = {
    "queries": lambda: tally(40),
    "inspections": lambda: tally(7, check_kind="police_check", database=None),
    "hit": lambda: hit(START + timedelta(hours=1)),
    "arrest": lambda: arrest(3),
    "drugs": lambda: arrest(2, offence="drugs", sex="female", age_group="12_15", after_hit=1),
}
OFFICERS = st.sampled_from(["bruno", "binta", "boubacar", "mateo", "marie"])
TEAMS = {
    "NER": {
        "officer": "bruno",
        "colleague": "binta",
        "leader": "boubacar",
        "coordinator": "chaima",
        "second": "cheikh",
    },
    "MLI": {"officer": "mateo", "colleague": "mateo", "leader": "marie", "coordinator": "moussa", "second": "moussa"},
}
ASIDE = {ReportState.RETURNED, ReportState.REJECTED, ReportState.WITHDRAWN}
WHICH = st.sampled_from(["newest", "standing", "this"])


def mostly(*parts: str) -> st.SearchStrategy[str]:
    """Who is likely to do it, and now and then anybody else."""
    return st.sampled_from([*parts * 4, "colleague", *CAST])


CONTENT = st.lists(st.sampled_from([*sorted(LINES), "hit"]), max_size=4)


class Reporting(RuleBasedStateMachine):
    """Random people do random things to reports of two countries."""

    shelf: Shelf
    versions = Bundle("versions")

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        store = self._open.enter_context(self.shelf.take(self.shelf.scene))
        self.scene: Running = replace(self.shelf.running, store=store, members={})
        self.forms: dict[UUID, tuple[dict[str, Any], str]] = {}
        self.done = self.entries()
        self.stood: dict[UUID, tuple[UUID, int]] = {}
        self.at = START + timedelta(hours=12)

    def teardown(self) -> None:
        self._open.close()

    def entries(self) -> int:
        with self.scene.store.reading(System()) as session:
            return journal.count(session)

    def act(self, name: str, verb: Callable[[Session], Report]) -> Report | None:
        """Do it, or be refused; either leaves exactly one entry, or none."""
        self.at += timedelta(seconds=1)
        try:
            with clock.at(self.at), self.scene.store.unit_of_work(self.scene[name]) as session:
                made = verb(session)
        except MusterError:
            assert self.entries() == self.done
            return None
        self.done += 1
        assert self.entries() == self.done
        self.what_stands_gives_way_to_nothing_lower()
        return made

    def send(self, content: dict[str, Any], by: str) -> Report | None:
        draft = parse(reports.ReportDraft, content)
        made = self.act(by, lambda session: reports.submit(session, draft, self.scene[by]))
        if made is not None:
            self.forms.setdefault(made.id, (content, by))
        return made

    @precondition(lambda self: len(self.stored()) < 5)
    @rule(target=versions, by=OFFICERS, kinds=CONTENT)
    def submit(self, by: str, kinds: list[str]) -> Any:
        site = "Bamako" if by in ("mateo", "marie") else "Niamey"
        made = self.send(self.content(kinds, site=site), by)
        return multiple() if made is None else made.id

    def content(self, kinds: list[str], site: str) -> dict[str, Any]:
        return form(self.scene, site, lines=[LINES[kind]() for kind in kinds], kind="daily" if kinds else "nil")

    @rule(version=versions, other=st.booleans())
    def send_again(self, version: UUID, other: bool) -> None:
        if version not in self.forms:
            return
        content, by = self.forms[version]
        if other:
            assert self.send(content | {"remarks": "Other."}, by) is None
            return
        draft = parse(reports.ReportDraft, content)
        with clock.at(self.at), self.scene.store.unit_of_work(self.scene[by]) as session:
            assert reports.submit(session, draft, self.scene[by]).id == version
        assert self.entries() == self.done

    @rule(target=versions, version=versions, high=st.booleans(), kinds=CONTENT, taken_back=st.booleans())
    def climb_and_correct(self, version: UUID, high: bool, kinds: list[str], taken_back: bool) -> Any:
        """Chance seldom tells it: a correction waits for its level, and what stands is taken back meanwhile."""
        self.verify(version=version, which="newest", steps=["leader", "coordinator", "dov"] if high else ["leader"])
        made = self.correct(version=version, which="newest", by="coordinator" if high else "officer", kinds=kinds)
        if taken_back:
            self.withdraw(version=version, which="standing", by="coordinator")
        return made

    @rule(
        target=versions,
        version=versions,
        which=WHICH,
        by=mostly("officer", "leader", "coordinator"),
        kinds=CONTENT,
    )
    def correct(self, version: UUID, which: str, by: str, kinds: list[str]) -> Any:
        before, by = self.pick(version, which, by)
        site = "Niamey" if before.country == "NER" else "Bamako"
        names = {"report_id": str(before.report_id), "supersedes_id": str(before.id), "correction_reason": "typing"}
        made = self.send(self.content(kinds, site) | names, by)
        return multiple() if made is None else made.id

    @rule(version=versions, which=WHICH, steps=st.lists(mostly("leader", "coordinator", "dov"), min_size=1, max_size=4))
    def verify(self, version: UUID, which: str, steps: list[str]) -> None:
        for step in steps:
            found, by = self.pick(version, which, step)
            self.act(by, lambda session, found=found, by=by: verification.verify(session, found.id, self.scene[by]))

    @rule(
        version=versions,
        which=WHICH,
        by=mostly("leader", "coordinator", "dov"),
        verb=st.sampled_from([verification.give_back, verification.reject]),
    )
    def set_aside(self, version: UUID, which: str, by: str, verb: Any) -> None:
        answer = parse(verification.Return, {"reason": "incomplete"})
        found, by = self.pick(version, which, by)
        self.act(by, lambda session: verb(session, found.id, answer, self.scene[by]))

    @rule(version=versions, which=WHICH, by=mostly("officer", "coordinator"))
    def withdraw(self, version: UUID, which: str, by: str) -> None:
        found, by = self.pick(version, which, by)
        self.act(by, lambda session: reports.withdraw(session, found.id, "By mistake.", self.scene[by]))

    @rule(
        target=versions,
        version=versions,
        which=WHICH,
        by=mostly("second"),
        said=st.sampled_from(["confirmed", "refuted"]),
    )
    def answer_hit(self, version: UUID, which: str, by: str, said: str) -> Any:
        found, by = self.pick(version, which, by)
        with self.scene.store.reading(System()) as session:
            hits = [line.id for line in reports.lines_of(session, found.id) if line.kind == "hit"]
        if not hits:
            return multiple()
        whole = {"confirming_country": "ITA", "confirmed_at": (START + timedelta(hours=2)).isoformat()}
        answer = parse(verification.HitAnswer, {"confirmation": said, "reason": "Italy wrote again."} | whole)
        made = self.act(by, lambda session: verification.answer_hit(session, found.id, hits[0], answer, self.scene[by]))
        return multiple() if made is None else made.id

    def pick(self, version: UUID, which: str, part: str) -> tuple[Report, str]:
        """This version, the newest of its report or the one that counts; and who plays the part in its country."""
        with self.scene.store.reading(System()) as session:
            found = reports.report(session, version)
            chain = reports.versions(session, found.report_id)
        if which == "newest":
            found = chain[0]
        elif which == "standing":
            found = next((each for each in chain if each.counted), found)
        return found, TEAMS[found.country].get(part, part)

    @invariant()
    def totals_are_what_a_recount_finds(self) -> None:
        with self.scene.store.reading(System()) as session:
            assert verification.differences(session, self.scene.operation) == []

    @invariant()
    def the_journal_holds_and_has_no_gap(self) -> None:
        with self.scene.store.reading(System()) as session:
            verdict = journal.verify(session)
            assert (verdict.broken_at, verdict.entries) == (None, journal.pulse(session))

    @invariant()
    def four_steps_are_four_persons(self) -> None:
        for each in self.stored():
            eyes = [each.author_id, *filter(None, (each.verified_by, each.validated_by, each.consolidated_by))]
            assert len(eyes) == len(set(eyes))
            assert (each.level >= Level.V2) <= (each.verified_by is not None)
            assert (each.level >= Level.V3) <= (each.validated_by is not None)
            assert (each.level >= Level.V4) <= (each.consolidated_by is not None)

    @invariant()
    def a_hit_is_answered_by_other_eyes_or_pending(self) -> None:
        eyes = {each.id: [getattr(each, name) for name in EYES.values()] for each in self.stored()}
        with self.scene.store.reading(System()) as session:
            for line in session.exec(select(Line).where(Line.kind == "hit")):
                assert (line.status == "pending") == (line.answered_by is None)
                assert line.answered_by is None or line.answered_by not in eyes[line.version_id]

    @invariant()
    def who_is_heard_from_and_who_validated_is_what_stands(self) -> None:
        standing = [each for each in self.stored() if each.state in LIVE]
        heard: dict[UUID, datetime] = {}
        for each in standing:
            at = activity.heard_at(each.received_at, each.period_to)
            heard[each.site_id] = max(heard.get(each.site_id, at), at)
        validated = {each.country for each in standing if each.counted and each.level >= Level.V3}
        with self.scene.store.reading(System()) as session:
            for site in session.exec(select(activity.SiteActivity)):
                assert site.last_report_at == heard.get(site.site_id)
            for country in session.exec(select(activity.CountryActivity)):
                assert (country.last_validated_at is not None) == (country.country in validated)

    @invariant()
    def of_each_report_the_highest_living_version_counts_and_no_other(self) -> None:
        living: dict[UUID, list[Report]] = {}
        for each in self.stored():
            living.setdefault(each.report_id, [])
            if each.state in LIVE:
                living[each.report_id].append(each)
            else:
                assert not each.counted
        for versions in living.values():
            expected = max(versions, key=lambda each: (each.level, each.version), default=None)
            assert [each.id for each in versions if each.counted] == ([expected.id] if expected else [])

    def what_stands_gives_way_to_nothing_lower(self) -> None:
        stored = {each.id: each for each in self.stored()}
        stands = {each.report_id: (each.id, each.level) for each in stored.values() if each.counted}
        for report, (before, level) in self.stood.items():
            after = stands.get(report)
            if (after is None or after[0] != before) and stored[before].state not in ASIDE:
                assert stored[before].state == ReportState.SUPERSEDED
                assert after is not None
                assert after[1] >= level
        self.stood = stands

    @invariant()
    def what_stands_at_v3_was_validated(self) -> None:
        """Summed here from the lines of reports with three names under them, by nothing but their kind."""
        validated: Counter[str] = Counter()
        with self.scene.store.reading(System()) as session:
            for line, report in session.exec(select(Line, Report).where(Line.version_id == Report.id)):
                if report.counted and report.state in LIVE and report.validated_by:
                    validated[line.kind] += line.quantity
            kept: Counter[str] = Counter()
            for row in totals.read(session, self.scene.operation, Grain.OPERATION):
                if row.level >= Level.V3:
                    kept[row.facet.kind] += row.quantity
        assert +kept == +validated

    @invariant()
    def every_grain_adds_up_to_the_operation(self) -> None:
        with self.scene.store.reading(System()) as session:
            sums = {
                grain: sum(row.quantity for row in totals.read(session, self.scene.operation, grain)) for grain in Grain
            }
        assert len(set(sums.values())) == 1, sums

    def stored(self) -> list[Report]:
        with self.scene.store.reading(System()) as session:
            return list(session.exec(select(Report)))


@pytest.mark.parametrize("examples", [3, pytest.param(30, marks=pytest.mark.rest)])
@pytest.mark.requirement("R55")
def test_totals_hold_whatever_people_do(shelf: Shelf, examples: int) -> None:
    machine = type("Reporting", (Reporting,), {"shelf": shelf})
    sqlite = shelf.scene.startswith("sqlite")
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples if sqlite else (examples + 3) // 4,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )


# ---------------------------------------------------------------------------------------------------- by hand


def counted(scene: Running, quantity: int, day: str = "2026-03-02") -> totals.CountedLine:
    facet = totals.Facet("check_tally", "operational", "database_query", "sltd", "document")
    return totals.CountedLine(scene.operation, "NER", scene.sites["Niamey"], day, facet, quantity)


def quantities(scene: Running, grain: Grain = Grain.OPERATION) -> dict[int, tuple[int, int]]:
    with scene.store.reading(System()) as session:
        return {row.level: (row.records, row.quantity) for row in totals.read(session, scene.operation, grain)}


@pytest.mark.parametrize("grain", Grain)
def test_a_line_moves_every_grain_by_the_same_amount(scene: Running, grain: Grain) -> None:
    with scene.store.unit_of_work(System()) as session:
        totals.move(session, [counted(scene, 5), counted(scene, 7)], into=Level.V1)
    assert quantities(scene, grain) == {1: (2, 12)}
    with scene.store.unit_of_work(System()) as session:
        totals.move(session, [counted(scene, 5)], out_of=Level.V1, into=Level.V2)
    assert quantities(scene, grain) == {1: (1, 7), 2: (1, 5)}
    with scene.store.unit_of_work(System()) as session:
        totals.move(session, [counted(scene, 5)], out_of=Level.V2)
        totals.move(session, [counted(scene, 7)], out_of=Level.V1, into=Level.V0)
    assert quantities(scene, grain) == {}


def test_moving_to_where_it_is_changes_nothing(scene: Running) -> None:
    with scene.store.unit_of_work(System()) as session:
        totals.move(session, [], into=Level.V1)
        totals.move(session, [counted(scene, 5)], out_of=Level.V1, into=Level.V1)
    assert quantities(scene) == {}


@pytest.mark.requirement("ASVS 1.4.2")
def test_counts_beyond_four_bytes_add_up(scene: Running) -> None:
    many = [counted(scene, 100_000_000) for _ in range(60)]
    with scene.store.unit_of_work(System()) as session:
        totals.move(session, many, into=Level.V3)
    assert quantities(scene) == {3: (60, 6_000_000_000)}


def test_a_recount_finds_a_total_that_was_changed_by_hand(scene: Running) -> None:
    with scene.store.unit_of_work(System()) as session:
        totals.move(session, [counted(scene, 5)], into=Level.V3)
        found = verification.differences(session, scene.operation)
    assert len(found) == len(Grain)
    assert {(kept, recomputed) for _, kept, recomputed in found} == {((1, 5), (0, 0))}


def test_a_country_that_takes_part_is_waited_for_once(scene: Running) -> None:
    with scene.store.unit_of_work(System()) as session:
        activity.expect_country(session, scene.operation, "NER", shares_totals=True)
        found = session.get(activity.CountryActivity, (scene.operation, "NER"))
        assert found is not None
        assert found.shares_totals
