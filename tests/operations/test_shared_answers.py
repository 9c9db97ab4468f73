"""Answers that all readers share: each reader is told exactly what they would be told by a reading of their own."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from sqlmodel import Session, select

from dashboard.server.pulse_socket import changed_since
from operations.catalogue.kpis import Kpi
from operations.core import clock, journal
from operations.core.errors import MusterError
from operations.core.people import Actor
from operations.core.session_cache import Memory, once, once_for_all, shared_answers
from operations.core.store import open_store, unscoped
from operations.core.vocabulary import Level
from operations.figures import board
from operations.figures.release_ages import release_ages
from operations.policing.operation import plan, withholding
from operations.policing.reports.reports import Report
from operations.totals import totals
from operations.totals.totals import Grain
from tests.makers import START, Running, arrest, detection, hit, let_out
from tests.operations.test_board import LATER, frame, report, third_country
from tests.people import CAST

pytestmark = pytest.mark.both_storages
FRAMES = [(Level.V1, None), (Level.V3, None), (Level.V1, "NER")]


def told(scene: Running, session: Session, by: Actor) -> list[Any]:
    """All that a situation tells a reader, and what it refuses."""

    def either(read: Callable[..., Any], *given: Any) -> Any:
        try:
            return read(session, *given)
        except MusterError as refused:
            return type(refused)

    found: list[Any] = []
    for level, country in FRAMES:
        of = frame(scene, level, country)
        found += [either(board.read_board, of, by), either(release_ages, of, by), either(board.site_hits, of, by)]
        for kpi in (Kpi.ARRESTS, Kpi.DETECTIONS):
            found += [either(board.by_country, of, kpi, by), either(board.by_day, of, kpi, by)]
    return found


class History:
    """Acts in an order by chance: reports that climb, countries that share, withhold and leave, and releases."""

    def __init__(self, scene: Running, seed: int) -> None:
        self.scene, self.chance = scene, Random(seed)
        self.days = dict.fromkeys(("NER", "MLI"), 0)

    def act(self) -> str:
        known = [self.reports, self.reports, self.reports, self.releases, self.shares, self.withholds]
        chosen: Callable[[], None] = self.chance.choice(known)
        chosen()
        return chosen.__name__

    def reports(self) -> None:
        country = self.chance.choice([*self.days])
        persons = self.chance.choice((1, 3, 12, 40))
        lines = [arrest(persons), detection(self.chance.choice((2, 30)))]
        report(self.scene, lines, country, self.chance.choice((Level.V1, Level.V2, Level.V3)), self.days[country])
        self.days[country] += 1

    def releases(self) -> None:
        let_out(self.scene)

    def shares(self) -> None:
        by, shares = self.scene[self.chance.choice(("chaima", "moussa"))], self.chance.random() < 0.5
        with self.scene.store.unit_of_work(by) as session:
            plan.answer(session, self.scene.operation, by, accept=True, shares_totals=shares)

    def withholds(self) -> None:
        by, lifts = self.scene["moussa"], self.chance.random() < 0.4
        with self.scene.store.unit_of_work(by) as session:
            if lifts:
                withholding.lift(session, self.scene.operation, "NER", by)
            else:
                withholding.withhold(session, self.scene.operation, withholding.WithholdingDraft(partner="NER"), by)


@pytest.mark.parametrize(
    ("seed", "elsewhere"), [(1, True), *(pytest.param(seed, False, marks=pytest.mark.rest) for seed in (1, 2))]
)
def test_each_reader_is_told_what_an_own_reading_tells(scene: Running, seed: int, elsewhere: bool) -> None:
    """Also where another process acts, whose entries are noted as the server notes them; there the answers are kept."""
    writer = open_store(scene.store.url) if elsewhere else scene.store
    history, common, shown = History(replace(scene, store=writer), seed), Memory(journal.pulse), set[str]()
    third_country(scene, "TCD", 50, shares=True)
    readers = {name: scene[name] for name in CAST}
    memories = {name: Memory(journal.pulse, common) for name in readers}
    recalled = 0
    for _number in range(6):
        done = history.act()
        changed_since(scene.store, 0)
        with clock.at(LATER):
            for name, by in readers.items():
                with scene.store.reading(by) as session:
                    expected = told(scene, session, by)
                known = list(common.found.values())
                with shared_answers(memories[name]), scene.store.reading(by) as session:
                    assert told(scene, session, by) == expected, (name, done)
                values = {id(answer.value) for answer in common.found.values()}
                recalled += sum(id(answer.value) in values for answer in known)
                shown.add(repr(expected))
    if elsewhere:
        writer.dispose()
    assert recalled
    assert len(shown) > len(readers), "they are told different things, and different ones after acts"


def test_it_is_read_once_for_all_and_as_muster(scene: Running) -> None:
    """What a country may not read of another is in an answer that is shared, and not in one of its own."""
    report(scene, [hit(START)], "MLI")
    common, asked = Memory(journal.pulse), list[str]()

    def countries(session: Session) -> list[str]:
        asked.append(session.info["actor"].name)
        return sorted(session.exec(select(Report.country)))

    def own(session: Session) -> list[str]:
        return once(session, (own,), lambda: countries(session))

    def of_all(session: Session) -> list[str]:
        return once_for_all(session, (of_all,), lambda: own(session))

    for name in ("chaima", "moussa"):
        by = scene[name]
        with shared_answers(Memory(journal.pulse, common)), scene.store.reading(by) as session:
            assert of_all(session) == ["MLI"]
            assert own(session) == (["MLI"] if name == "moussa" else []), "Muster's answer is not the reader's"
    assert asked.count("Muster") == 1


def test_what_a_later_moment_reads_is_not_told_at_an_earlier_one(scene: Running) -> None:
    """One reader's drawing begins before a report is validated, and another's after it."""
    common = Memory(journal.pulse)

    def arrests(session: Session) -> int:
        return sum(row.records for row in totals.read(session, scene.operation, Grain.OPERATION))

    ana, lena = scene["ana"], scene["lena"]
    with shared_answers(Memory(journal.pulse, common)), scene.store.reading(ana) as early:
        early.exec(unscoped(select(Report.id))).all()  # from here on it reads this moment
        report(scene, [arrest(20)])
        with shared_answers(Memory(journal.pulse, common)), scene.store.reading(lena) as late:
            assert arrests(late) == 1
        assert arrests(early) == 0
    with shared_answers(Memory(journal.pulse, common)), scene.store.reading(lena) as session:
        assert arrests(session) == 1
