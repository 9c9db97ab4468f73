"""Serious incidents (K22) of an earlier entry: what leadership was told with it, and looking back tells nobody more."""

from datetime import timedelta
from typing import Any

from sqlmodel import select

from operations.core import clock, history, journal, pulse
from operations.core.people import System
from operations.core.store import unscoped
from operations.core.vocabulary import Classification, Role
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import read_board
from operations.figures.domain_figures import DOMAIN_FIGURES, disclosed_value
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.incidents import drafts, incidents
from operations.policing.operation import plan
from operations.timetable.maintenance import verify_all
from operations.totals.activity import DepartureChoice
from tests.incidents import AT, WAY, brought, fred, reported, step
from tests.makers import Running
from tests.programme import does

READERS = ("lena", "ana", "dov")


def stands(
    scene: Running, name: str, at: int | None = None, by: Any = None, frames: Any = (None, "NER", "MLI")
) -> list[MeasuredValue]:
    by = by or scene[name]
    with clock.at(AT + timedelta(days=9)), scene.store.reading(by) as session:
        found = []
        for country in frames:
            marked = Classification.FOR_OFFICIAL_USE
            frame = BoardFrame(scene.operation, "Africa/Niamey", marked, country=country, at=at)
            board = read_board(session, frame, by, numbered=False)
            found.append(disclosed_value(DOMAIN_FIGURES["K22"], FigureRequest(session, frame, by, board)))
        return found


class Live:
    """What each reader is told live, by entry."""

    def __init__(self, scene: Running) -> None:
        self.scene = scene
        self.told: dict[tuple[int, str], list[MeasuredValue]] = {}
        self.last: dict[str, tuple[int, list[MeasuredValue]]] = {}

    def keep(self) -> None:
        """Keep what each is told; whoever is told something else has a new number of the operation, and nobody else."""
        with self.scene.store.reading(System()) as session:
            entry = journal.pulse(session)
        for name in READERS:
            with self.scene.store.reading(self.scene[name]) as session:
                number = pulse.number(pulse.counts_of(session, self.scene[name], self.scene.operation))
            told = stands(self.scene, name)
            before, then = self.last.get(name, (number, told))
            assert number > before or told == then, name
            assert number == before or name == "lena", name
            self.told[entry, name], self.last[name] = told, (number, told)


def test_incidents_of_any_entry_are_what_leadership_was_told_with_it(scene: Running) -> None:
    live = Live(scene)
    fred(scene)
    live.keep()
    early, long_ago = AT - timedelta(hours=30), AT - timedelta(days=2)
    first, late, other, below = (
        reported(scene, **changes)
        for changes in (
            {},
            {"detected_at": early, "occurred_at": long_ago},
            {"concerns": "MLI"},
            {},
        )
    )
    live.keep()
    for made in (first, late, other):
        for state in WAY[:-1]:
            brought(scene, made, state)
            live.keep()
    brought(scene, below, "threshold_check")
    does(scene, "frida", step(below.id, "not_launched", "Below the threshold."), at=AT)
    live.keep()
    handler = drafts.HandOverDraft(handler=scene["fred"].account_id, reason="On leave.")
    does(scene, "frida", incidents.hand_over, other.id, handler, at=AT)
    live.keep()
    brought(scene, first, "closed")
    live.keep()
    for (entry, name), then in live.told.items():
        assert stands(scene, name, entry) == then, (entry, name)
    does(scene, "chaima", plan.withdraw, scene.operation, plan.Leaving(figures=DepartureChoice.ERASED), at=AT)
    assert stands(scene, "lena", frames=(None,)) == stands(scene, "lena", frames=("MLI",))
    for (entry, name), then in live.told.items():  # as its figures: in the past they stand in what all add up to
        assert stands(scene, name, entry, frames=(None,)) == then[:1], (entry, name)

    told_lena = [[each.value for each in found] for (_entry, name), found in live.told.items() if name == "lena"]
    assert told_lena[:2] == [[0, 0, 0], [0, 0, 0]]
    assert [2, 2, 0] in told_lena
    assert told_lena[-1] == [3, 2, 1]
    assert {each.hidden for (_entry, name), found in live.told.items() for each in found if name != "lena"} == {True}
    assert verify_all(scene.store, None).sound


def test_looking_back_tells_nobody_of_an_incident_that_is_open_or_their_own(scene: Running) -> None:
    made = brought(scene, reported(scene), *WAY[:-1])
    with scene.store.reading(System()) as session:
        entry = journal.pulse(session)
        kept = session.exec(unscoped(select(history.RowStep).where(history.RowStep.kind == "serious_incident"))).all()
    assert {name for each in kept for name in each.content or {}} == {"state", "counted"}
    assert stands(scene, "lena", entry)[0].value == 1
    for name in ("boubacar", "bruno"):  # who commands there, and who reported it
        leads = scene[name].__class__(**vars(scene[name]) | {"role": Role.LEADERSHIP, "country": None})
        assert stands(scene, name, entry, leads)[0].value == stands(scene, name, None, leads)[0].value == 0
    brought(scene, reported(scene), *WAY[:2])
    with scene.store.reading(System()) as session:
        newest = journal.pulse(session)
    brought(scene, made, "closed")
    assert stands(scene, "lena", newest)[0].value == 1
    for name in (*READERS, "chaima", "boubacar", "ada"):
        with scene.store.reading(scene[name]) as session:
            assert (
                session.exec(select(history.RowStep).where(history.RowStep.kind == "serious_incident")).all() == []
            ), name
