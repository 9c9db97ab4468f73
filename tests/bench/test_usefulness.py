"""How much of what needs no hiding leadership is told, against how much is guarded: the same histories each time.

Told is a total, or a country's number, of eleven and more from a level up of which leadership reads a number of eleven
and more, at whatever age: by the newest release, or by an earlier one where that hides it. The guarantee is the number
of values that each small number keeps for whoever watches; first none of it (each moment is protected alone), then
fewer and more values than the five that hold.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session

from operations.catalogue.kpis import Kpi
from operations.core import clock
from operations.core.people import Actor, System
from operations.core.schema import upgrade
from operations.core.store import open_store
from operations.core.vocabulary import Classification, Level
from operations.disclosure import small_numbers
from operations.disclosure.releases import EarlierNumber
from operations.disclosure.suppression import BoardFrame, FigureGuard, at_least
from operations.figures import board
from operations.figures.releases import decision, guarded_counts
from operations.figures.releases.judge import AudienceState, Cell
from operations.figures.releases.linear_system import TooMuchWork
from operations.figures.values import Figure
from operations.policing.operation import plan
from tests.bench.conftest import Ledger
from tests.makers import let_out, put_cast
from tests.operations.watching import OF, TOP, Player, as_released

WHY = (
    "one to ten wait at V1",
    "one to ten wait at a level above, none at V1",
    "a small number beside it would follow",
    "it would move by fewer than eleven",
    "who watches would work a small number out",
    "no answer in time",
    "nothing was released since",
)
"""Why a number of eleven and more is not told, the first that applies."""

HISTORIES, SEED = 30, 2031
LENGTHS = (8, 15, 30)
GUARANTEES = ((11, 0), (11, 2), (11, 3), (11, 5), (11, 8), (5, 4), (3, 2))
"""The smallest number that is told, and the values that a small one keeps at least; 0: nobody is thought to watch."""
NEWEST, BEFORE = "by the newest release", "by an earlier one, with its time"
MANY = 11
"""What is measured is told or not, whatever is guarded: numbers of so many and more."""


@pytest.mark.timeout(1_800)
@pytest.mark.parametrize(("smallest", "values"), GUARANTEES)
def test_what_needs_no_hiding_is_told(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, smallest: int, values: int
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    upgrade(store)
    put_cast(store)
    monkeypatch.setattr(guarded_counts, "GUARDED", tuple(OF))
    monkeypatch.setattr(small_numbers, "K", smallest)
    if values:
        monkeypatch.setattr(small_numbers, "FEWEST_POSSIBILITIES", values)
    else:
        monkeypatch.setattr(decision.Judge, "given_away", lambda _judge, *_states, **_how: [])
    dice, told, ages = random.Random(SEED), Counter[tuple[str, str]](), defaultdict[str, list[float]](list)
    for _history in range(HISTORIES):
        player = Player(store, dice)
        for _step in range(dice.choice(LENGTHS)):
            player.step()
            if dice.random() < 0.5:
                with clock.at(player.at + timedelta(minutes=1)):
                    let_out(player.played.scene)
            with clock.at(player.at):
                told += looked(player)
                for of, hours in aged(player).items():
                    ages[of] += hours
    store.dispose()
    how = f"{values} values kept" if values else "each moment alone"
    kept = f"from {smallest} on, {how}, {HISTORIES} histories"
    for of, hours in ages.items():
        for part in (50, 90):
            age = sorted(hours)[len(hours) * part // 100]
            ledger.note(f"releases: age of {of} from V1, {part}th percentile", kept, age, "h", len(hours))
    for of in sorted({of for of, _how in told}):
        every = sum(many for (what, _how), many in told.items() if what == of)
        for how, yes in ((NEWEST, told[of, NEWEST]), ("at whatever age", every - told[of, ""])):
            ledger.note(f"releases: {of} of eleven and more told {how}", kept, 100 * yes / every, "%", every)


@pytest.mark.timeout(1_800)
def test_why_it_is_not_told(tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    upgrade(store)
    put_cast(store)
    monkeypatch.setattr(guarded_counts, "GUARDED", tuple(OF))
    dice, why = random.Random(SEED), Counter[tuple[str, str]]()
    for _history in range(HISTORIES):
        player = Player(store, dice)
        for _step in range(dice.choice(LENGTHS)):
            player.step()
            if dice.random() < 0.5:
                with clock.at(player.at + timedelta(minutes=1)):
                    let_out(player.played.scene)
            with clock.at(player.at):
                why += reasons(player)
    store.dispose()
    for of in ("totals", "countries"):
        all_of_them = sum(many for (kind, _reason), many in why.items() if kind == of)
        for reason in WHY:
            part = 100 * why[of, reason] / all_of_them
            ledger.note(f"releases: {of} of eleven and more not told at V1", reason, part, "%", all_of_them)


def reasons(player: Player) -> Counter[tuple[str, str]]:
    """Why leadership is not told at V1 what is eleven and more."""
    played, found = player.played, Counter[tuple[str, str]]()
    by, operation = played.scene["lena"], played.scene.operation
    of = BoardFrame(operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=Level.V1)
    decided: dict[Kpi, str] | None = None
    with played.scene.store.reading(by) as session:
        figures = board.read_board(session, of, by).figures
        guard = FigureGuard(session, of, board.reader_of(session, of, by), by)
        for kpi in OF:
            shown, live = numbers(session, of, by, kpi, figures), guard.fresh(kpi)
            for country in ("", *played.countries):
                levels = [amount_at(player, kpi, country, level) for level in range(1, TOP + 1)]
                if sum(levels) < MANY or _how(*shown.get(country, (None, None))):
                    continue
                kind, up = "countries" if country else "totals", at_least(Level.V1)
                if (live.country(country, up) if country else live.total(up)) is None:
                    few = [small_numbers.small(amount) for amount in levels]
                    reason = WHY[0] if few[0] else WHY[1] if any(few) else WHY[2]
                else:
                    decided = decided if decided is not None else refused(player)
                    reason = decided.get(kpi, WHY[6])
                found[kind, reason] += 1
    return found


def amount_at(player: Player, kpi: Kpi, country: str, level: int) -> int:
    """What is at exactly one level, of a country or of all."""
    played = player.played
    cell = played.cells(kpi, player.entry, lambda place: country in ("", place[0]) and place[2] == level)
    return played.amount(kpi, cell)


def refused(player: Player) -> dict[Kpi, str]:
    """Why the judge would let less out of a figure now; nothing of figures that it would let out whole."""
    said: list[tuple[Kpi, str]] = []
    judged = decision.Judge.given_away

    def heard(judge: decision.Judge, *states: AudienceState, most: float) -> list[Cell]:
        moved = bool(judge.attack.question(*states).moved)
        try:
            away = judged(judge, *states, most=most)
        except TooMuchWork:
            said.append((of[id(judge)], WHY[5]))
            raise
        if away:
            said.append((of[id(judge)], WHY[3 if moved else 4]))
        return away

    of: dict[int, Kpi] = {}
    made = decision._judge

    @contextmanager
    def named(key: tuple[UUID, str, Kpi], *given: Any) -> Iterator[decision.Judge]:
        with made(key, *given) as judge:
            of[id(judge)] = key[2]
            yield judge

    with pytest.MonkeyPatch.context() as patch, player.played.scene.store.reading(System()) as session:
        patch.setattr(decision.Judge, "given_away", heard)
        patch.setattr(decision, "_judge", named)
        patch.setattr(decision, "audiences", lambda owner, every=decision.audiences: every(owner)[:1])
        decision.decide(session, session.get_one(plan.Operation, player.played.scene.operation))
    return dict(reversed(said))


def numbers(
    session: Session, of: BoardFrame, by: Actor, kpi: Kpi, figures: Mapping[Kpi, Figure]
) -> dict[str, tuple[float | None, EarlierNumber | None]]:
    """What is read of the total and of each country: the number, and what was told last where it is hidden."""
    whole = figures[kpi].value, figures[kpi].earlier
    rows = board.by_country(session, of, kpi, by)
    return {"": whole} | {row.country: (row.verified, row.earlier) for row in rows}


def _how(number: float | None, earlier: EarlierNumber | None) -> str:
    return NEWEST if (number or 0) >= MANY else BEFORE if earlier and earlier.amount >= MANY else ""


def looked(player: Player) -> Counter[tuple[str, str]]:
    """How leadership is told what is eleven and more from V1, V2 and V3 up."""
    played, told = player.played, Counter[tuple[str, str]]()
    by, operation = played.scene["lena"], played.scene.operation
    for level in (Level.V1, Level.V2, Level.V3):
        of = BoardFrame(operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=level)
        with played.scene.store.reading(by) as session:
            figures = board.read_board(session, of, by).figures
            for kpi in OF:
                shown = numbers(session, of, by, kpi, figures)
                for country in ("", *played.countries):
                    if sum(amount_at(player, kpi, country, each) for each in range(level, TOP + 1)) >= MANY:
                        how = _how(*shown.get(country, (None, None)))
                        told[f"{level.name} {'countries' if country else 'totals'}", how] += 1
    return told


def aged(player: Player) -> dict[str, list[float]]:
    """For how many hours each number of one person and more that leadership reads from V1 up has not been so."""
    played, ages = player.played, defaultdict[str, list[float]](list)
    by = played.scene["lena"]
    of = BoardFrame(played.scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=Level.V1)
    with played.scene.store.reading(by) as session:
        figures = board.read_board(session, of, by).figures
        for kpi in OF:
            stood = as_released(played, session, by, kpi)
            for country, (number, earlier) in numbers(session, of, by, kpi, figures).items():
                if stood is not None and (number or earlier):
                    newest = stood.columns[country] if country else stood.sums
                    ages["countries" if country else "totals"].append(player.age(earlier.state if earlier else newest))
    return ages
