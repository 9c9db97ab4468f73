"""Submit, resend, verify, return, correct, withdraw, claim, settle, leave, debrief, correct late, freeze in any order.

An event counts once. Totals are steps and recount at every moment, what was shown at an entry is shown again, snapshots
stay byte for byte what they were, and new minus old is what is called restated.
"""

from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlmodel import select

from operations.catalogue.kpis import Kpi
from operations.claims import claim_figures, claim_masters, claim_rows, claim_sides, claims
from operations.claims.claim_rows import Claim
from operations.claims.claim_states import ANSWER_WITHIN, ONE_EVENT, SETTLED, ClaimState
from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.people import Actor, System
from operations.core.vocabulary import Level, OperationState
from operations.disclosure.suppression import BoardFrame
from operations.evaluation import debrief
from operations.figures import derived_figures
from operations.figures.board import read_board
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.figures.values import Figure
from operations.policing import lifecycle
from operations.policing.operation import participations, plan
from operations.policing.reports import reports, verification
from operations.policing.reports.shared_events import EventLine
from operations.results import restatements
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from operations.results.snapshot_rows import Snapshot
from operations.totals.totals import Grain, read
from tests.claim_stories import ON_NOTICE
from tests.makers import Running, arrest, form
from tests.operations.freezing import PICK, Freezing
from tests.people import CAST
from tests.prepared_databases import Shelf

pytestmark = pytest.mark.both_storages

S = ClaimState
TEAMS = {"NER": ("bruno", "boubacar", "chaima", "Niamey"), "MLI": ("mateo", "marie", "moussa", "Bamako")}
BACK = parse(verification.Return, {"reason": "incomplete"})
NOTICES = st.sampled_from(["A-1/1-2025", "A-2/1-2025"])
Known = tuple[UUID, UUID]


class Told(NamedTuple):
    """The arrests of a snapshot: at which level, with which entry, how many, and of which reports."""

    level: Level
    entry: int
    arrests: int | None
    of: set[UUID]


class Claiming(Freezing):
    """Two countries report a few wanted persons, again and again; the coordination sorts out who is who."""

    shelf: Shelf

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        store = self._open.enter_context(self.shelf.take(self.shelf.scene))
        self.scene: Running = replace(self.shelf.running, store=store, members={})
        self.scene.members["binta"] = Actor(**vars(self.scene["binta"]) | {"role": CAST["boubacar"][1]})
        self.shown: dict[int, tuple[Figure, MeasuredValue]] = {}
        self.sent: list[tuple[dict[str, Any], str]] = []
        self.told: dict[UUID, Told] = {}
        self.left = False

    def teardown(self) -> None:
        self.look_back()
        self._open.close()

    def look_back(self) -> None:
        """What was shown at an entry is shown again, what was under review then included."""
        for seq, figure in self.shown.items():
            assert self.board(seq) == figure, seq
        self.shown = {}

    def board(self, at: int | None) -> tuple[Figure, MeasuredValue]:
        """The arrests, and how many persons they were of."""
        frame = BoardFrame(
            self.scene.operation, "Africa/Niamey", plan.Classification.FOR_OFFICIAL_USE, level=Level.V1, at=at
        )
        with clock.at(self.at), self.scene.store.reading(self.scene["ana"]) as session:
            shown = read_board(session, frame, self.scene["ana"])
            persons = derived_figures.disclosed_value(
                COMPUTED_FIGURES["K12"], FigureRequest(session, frame, self.scene["ana"], shown)
            )
            return shown.figures[Kpi.ARRESTS], persons

    def every(self, model: Any) -> list[Any]:
        with self.scene.store.reading(System()) as session:
            return list(session.exec(select(model).order_by(*model.__table__.primary_key.columns)))

    def report(self, pick: int) -> reports.Report:
        found = sorted(self.every(reports.Report), key=lambda each: (each.received_at, each.version))
        return found[pick % len(found)]

    def claim(self, pick: int, *states: S) -> Claim | None:
        found = [each for each in self.every(Claim) if each.state in states]
        return sorted(found, key=lambda each: each.number)[pick % len(found)] if found else None

    @initialize(counts=st.integers(0, 2), leads=st.booleans(), settled=st.sampled_from(["", "yes", "yes", "decided"]))
    def begin(self, counts: int, leads: bool, settled: str) -> None:
        """Chance seldom tells it: both countries report one man, and it is asked whether he is."""
        for country, persons in (("NER", 1), ("MLI", 1), ("NER", 2)):
            self.submit(country, persons, "A-1/1-2025")
        self.look_and_open(counts)
        assert self.claim(0, S.OPEN)
        if leads:
            self.lead(0, [0], "dov")
        if settled == "yes":
            self.answer(0, settled, ("chaima", "moussa"))
        elif settled:
            self.settle(0, S.DECIDED)
        assert bool(self.claim(0, *ONE_EVENT)) is bool(settled)
        for found in self.every(reports.Report):
            self.climbs(found, 2)
        self.freeze("V3", "dov")
        assert self.frozen

    @rule(country=st.sampled_from(sorted(TEAMS)), persons=st.integers(1, 3), notice=NOTICES)
    def submit(self, country: str, persons: int, notice: str) -> None:
        officer, _leader, _coordinator, site = TEAMS[country]
        self.send(form(self.scene, site, lines=[arrest(persons, **ON_NOTICE | {"notice_ref": notice})]), officer)

    def send(self, content: dict[str, Any], name: str) -> reports.Report | None:
        draft = parse(reports.ReportDraft, content)
        made: reports.Report | None = self.act(name, lambda session, by: reports.submit(session, draft, by))
        if made is not None:
            self.sent.append((content, name))
        return made

    @precondition(lambda self: self.sent)
    @rule(pick=PICK)
    def send_again(self, pick: int) -> None:
        content, name = self.sent[pick % len(self.sent)]
        before = len(self.every(reports.Report))
        self.act(name, lambda session, by: reports.submit(session, parse(reports.ReportDraft, content), by))
        assert len(self.every(reports.Report)) == before

    @precondition(lambda self: self.every(reports.Report))
    @rule(pick=PICK, persons=st.integers(1, 3), keeps=st.booleans(), steps=st.integers(0, 3))
    def correct(self, pick: int, persons: int, keeps: bool, steps: int) -> None:
        found = self.report(pick)
        officer, leader, _coordinator, site = TEAMS[found.country]
        again = {"report_id": str(found.report_id), "supersedes_id": str(found.id), "correction_reason": "typing"}
        with self.scene.store.reading(System()) as session:
            lines = reports.lines_of(session, found.id)
        same = {"id": str(lines[0].id)} if keeps and lines else {}
        content = form(self.scene, site, lines=[arrest(persons, **ON_NOTICE | same)]) | again
        if made := self.send(content, leader if found.level >= Level.V3 else officer):
            self.climbs(made, steps)

    @precondition(lambda self: self.every(reports.Report))
    @rule(pick=PICK, steps=st.integers(1, 3))
    def verify(self, pick: int, steps: int) -> None:
        self.climbs(self.report(pick), steps)

    def climbs(self, found: reports.Report, steps: int) -> None:
        """A late correction is the leader's, and another one verifies it."""
        _officer, leader, coordinator, _site = TEAMS[found.country]
        for names in ((leader, "binta"), (coordinator,), ("dov",))[:steps]:
            for name in names:
                self.act(name, lambda session, by: verification.verify(session, found.id, by))

    @precondition(lambda self: self.every(reports.Report))
    @rule(pick=PICK, back=st.booleans())
    def take_back(self, pick: int, back: bool) -> None:
        found = self.report(pick)
        _officer, leader, coordinator, _site = TEAMS[found.country]
        if back:
            self.act(leader, lambda session, by: verification.give_back(session, found.id, BACK, by))
        else:
            self.act(coordinator, lambda session, by: reports.withdraw(session, found.id, "By mistake.", by))

    @precondition(lambda self: len(self.every(reports.Report)) > 1)
    @rule(counts=st.integers(0, 2))
    def look_and_open(self, counts: int) -> None:
        for made in self.act("dov", lambda session, by: claims.suspect(session, self.scene.operation, by)) or ():
            with self.scene.store.reading(System()) as session:
                lines = claim_rows.lines_of(session, [made.id])[made.id]
            draft = parse(claims.OpenDraft, {"counts": claims.key_of(lines[counts % len(lines)]), "role": "requesting"})
            self.act("dov", lambda session, by, it=made.id, draft=draft: claims.open_claim(session, it, draft, by))

    @precondition(lambda self: self.claim(0, S.OPEN))
    @rule(
        pick=PICK,
        same=st.sampled_from(["yes", "yes", "no"]),
        names=st.sampled_from([("chaima", "moussa"), ("moussa",)]),
    )
    def answer(self, pick: int, same: str, names: tuple[str, ...]) -> None:
        found = self.claim(pick, S.OPEN)
        draft = parse(claims.ClaimAnswerDraft, {"same": same, "words": "As we know."})
        for name in names:
            self.act(name, lambda session, by: claims.answer(session, found.id, draft, by))

    @precondition(lambda self: self.claim(0, S.OPEN))
    @rule(pick=PICK, which=st.lists(st.integers(0, 5), max_size=3), by=st.sampled_from(["dov", "ana"]))
    def lead(self, pick: int, which: list[int], by: str) -> None:
        """Another line leads for some fields, and the line that counts for all others."""
        found = self.claim(pick, S.OPEN)
        with self.scene.store.reading(self.scene[by]) as session:
            lines = claim_rows.lines_of(session, [found.id])[found.id]
            there = claim_masters.choices(claim_sides.sides(session, found, lines, self.scene[by]))
        codes = {there[each % len(there)].code for each in which if there}
        draft = parse(claim_masters.MasterDraft, {"leads": sorted(codes)})
        self.act(by, lambda session, by: claim_masters.choose(session, found.id, draft, by))

    @precondition(lambda self: self.claim(0, S.OPEN))
    @rule(pick=PICK, to=st.sampled_from([S.DECIDED, S.DECIDED, S.SEPARATED, S.LAPSED]))
    def settle(self, pick: int, to: S) -> None:
        found = self.claim(pick, S.OPEN)
        self.at += ANSWER_WITHIN
        self.act("dov" if to is S.LAPSED else "ana", lambda session, by: claims.take(session, found.id, to, by, "So."))

    @precondition(lambda self: self.claim(0, *SETTLED))
    @rule(pick=PICK)
    def open_again(self, pick: int) -> None:
        found = self.claim(pick, *SETTLED)
        self.act("ana", lambda session, by: claims.take(session, found.id, S.OPEN, by, "The prints differ."))

    @rule(to=st.sampled_from([OperationState.CONSOLIDATION, OperationState.SUSPENDED]))
    def move_on(self, to: OperationState) -> None:
        for state in (to, OperationState.ACTIVE):
            self.answer(0, "yes", ("chaima",)) if self.claim(0, S.OPEN) else None
            self.moves(state)

    @precondition(lambda self: self.every(plan.Operation)[0].state != OperationState.SUSPENDED)
    @rule()
    def debrief(self) -> None:
        """Everything has climbed, no claim is open, and the countries said their final word."""
        for found in self.every(reports.Report):
            self.climbs(found, 2)
        while open_one := self.claim(0, S.OPEN):
            self.settle(0, S.DECIDED)
            assert self.claim(0, S.OPEN) != open_one
        self.moves(OperationState.CONSOLIDATION)
        for name, country in (("chaima", "NER"), ("moussa", "MLI")):
            self.act(name, partial(self.final_word, country))
        said = debrief.DebriefDraft(worked="Officers searched as a matter of routine.", failed="Hits waited overnight.")
        self.act("dov", lambda session, by: debrief.write(session, self.scene.operation, said, 0, by))
        self.moves(OperationState.DEBRIEFED)

    def final_word(self, country: str, session: Any, by: Any) -> Any:
        final = participations.ParticipationState.REPORTED_FINAL
        return participations.final_word(session, self.scene.operation, country, final, by)

    def moves(self, to: OperationState) -> None:
        self.act("ana", lambda session, by: lifecycle.move(session, self.scene.operation, to, by, "So."))

    @precondition(lambda self: self.claim(0, *ONE_EVENT))
    @rule(figures=st.sampled_from(["shown", "totals", "erased"]))
    def leave(self, figures: str) -> None:
        self.look_back()  # what a country hides when it leaves is hidden in the past too
        leaving = plan.Leaving(figures=figures)
        left = self.act("moussa", lambda session, by: plan.withdraw(session, self.scene.operation, leaving, by))
        self.left = self.left or left is not None

    @invariant()
    def what_is_shown_now_is_kept(self) -> None:
        with self.scene.store.reading(System()) as session:
            seq = journal.pulse(session)
        if not self.left:
            self.shown[seq] = self.board(None)

    @invariant()
    def what_is_under_review_is_what_agreeing_changes(self) -> None:
        """Each open claim is agreed, looked at, and taken back: the sum of what that changes is what boards say."""
        going = [each.id for each in self.every(Claim) if each.state == S.OPEN]
        if self.left or not going:
            return
        frames = [
            BoardFrame(
                self.scene.operation, "Africa/Niamey", plan.Classification.FOR_OFFICIAL_USE, level=level, country=of
            )
            for level in (Level.V1, Level.V2, Level.V3)
            for of in (None, "NER", "MLI")
        ]
        before = [self.arrested(each) for each in frames]
        less = [0] * len(frames)
        for claim in going:
            after = self.agreed(claim, frames)
            less = [n + was[0] - now[0] for n, was, now in zip(less, before, after, strict=True)]
        assert [review for _value, review in before] == [abs(n) for n in less]

    def arrested(self, frame: BoardFrame, within: Any = None) -> tuple[int, int]:
        """How many, and how much of them is under review."""
        with ExitStack() as open_:
            open_.enter_context(clock.at(self.at))
            session = within or open_.enter_context(self.scene.store.reading(self.scene["ana"]))
            found = read_board(session, frame, self.scene["ana"]).figures[Kpi.ARRESTS]
        return int(found.value or 0), found.review or 0

    def agreed(self, claim: UUID, frames: list[BoardFrame]) -> list[tuple[int, int]]:
        """The arrests once a claim is agreed as it stands: nothing of it stays."""

        class Back(Exception):
            pass

        found: list[tuple[int, int]] = []
        with suppress(Back), clock.at(self.at), self.scene.store.unit_of_work(self.scene["ana"]) as session:
            it = session.get_one(Claim, claim)
            it.state, it.ended_at = S.AGREED.value, self.at
            session.add(it)
            session.flush()
            claim_figures.settled(session, it)
            found = [self.arrested(each, session) for each in frames]
            raise Back
        return found

    @invariant()
    def an_event_counts_once(self) -> None:
        """Counted here from the lines that stand and the claims that were settled, by nothing that totals use."""
        standing = {
            (report.report_id, line.id)
            for report in self.every(reports.Report)
            if report.counted
            for line in self.every(reports.Line)
            if line.version_id == report.id
        }
        events: list[set[Known]] = [{each} for each in standing]
        one = {each.id for each in self.every(Claim) if each.state in ONE_EVENT}
        of: dict[UUID, set[Known]] = {}
        for each in self.every(claim_rows.ClaimLine):
            if each.claim_id in one:
                of.setdefault(each.claim_id, set()).add((each.report_id, each.line_id))
        for joined in of.values():
            touching = [each for each in events if each & joined]
            events = [each for each in events if not each & joined] + [set().union(joined, *touching)]
        with self.scene.store.reading(System()) as session:
            counted = sum(row.records for row in read(session, self.scene.operation, Grain.OPERATION))
        assert counted == sum(bool(each & standing) for each in events)

    @invariant()
    def of_an_event_so_many_count_as_the_line_says_that_leads(self) -> None:
        """Counted here from the lines that stand; an event is of the country in which it counts, as high as it does."""
        level = {each.report_id: (each.level, each.id) for each in self.every(reports.Report) if each.counted}
        many = {(each.version_id, each.id): each.quantity for each in self.every(reports.Line)}
        events: dict[UUID, list[tuple[EventLine, int, int]]] = {}
        told = set()
        for each in sorted(self.every(EventLine), key=lambda each: each.place):
            told.add((each.report_id, each.line_id))
            at, version = level.get(each.report_id, (0, None))
            if (version, each.line_id) in many:
                events.setdefault(each.event_id, []).append((each, at, many[version, each.line_id]))
        alone = {version: report for report, (_level, version) in level.items()}
        count = sum(n for (version, line), n in many.items() if version in alone and (alone[version], line) not in told)
        for lines in events.values():
            high = max(at for _each, at, _n in lines)
            [first, *rest] = [(each, n) for each, at, n in lines if at == high]
            leads = [n for each, n in (first, *rest) if "count_of" in each.leads and each.country == first[0].country]
            count += leads[0] if leads else first[1]
        with self.scene.store.reading(System()) as session:
            assert count == sum(row.quantity for row in read(session, self.scene.operation, Grain.OPERATION))

    @invariant()
    def new_minus_old_is_what_is_called_restated(self) -> None:
        """For each snapshot until something comes in, or climbs, that did not stand in it."""
        for found in self.every(Snapshot):
            level = Level(found.level)
            of = {each.report_id for each in self.every(reports.Report) if each.counted and each.level >= level}
            told = self.told.setdefault(found.id, Told(level, found.entry, self.arrests(level)[0], of))
            if not of <= told.of:
                self.told[found.id] = told._replace(of=set(), arrests=None)
            elif told.arrests is not None:
                now, marked = self.arrests(level, told.entry)
                if now is None or marked is None:
                    assert self.left, "hidden with a country whose figures stay in totals alone"
                else:
                    assert marked == now - told.arrests

    def arrests(self, level: Level, since: int = 0) -> tuple[int | None, int | None]:
        """How many at a level, and by how much that is called restated since an entry; None where it is hidden."""
        by = self.scene["ana"]
        frame = BoardFrame(self.scene.operation, "Africa/Niamey", plan.Classification.FOR_OFFICIAL_USE, level=level)
        with clock.at(self.at), self.scene.store.reading(by) as session:
            marked = restatements.restated(session, frame, since, by).get(Kpi.ARRESTS) if since else None
            return read_board(session, frame, by).figures[Kpi.ARRESTS].value, marked.by if marked else 0


@pytest.mark.parametrize("examples", [1, pytest.param(12, marks=pytest.mark.rest)])
@pytest.mark.requirement("R54")
def test_claims_hold_whatever_people_do(shelf: Shelf, examples: int) -> None:
    machine = type("Claiming", (Claiming,), {"shelf": shelf})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
