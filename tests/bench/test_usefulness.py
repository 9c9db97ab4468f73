"""How much of what needs no hiding leadership is told, against how much is guarded: the same histories each time.

Told is a total, or a country's number, of eleven and more at V1 of which leadership reads a number of eleven and more,
at whatever age. The guarantee is the number of values that each small number keeps for whoever watches; first none of
it (each moment is protected alone), then fewer and more values than the five that hold.
"""

import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from operations.core import clock
from operations.core.schema import upgrade
from operations.core.store import open_store
from operations.core.vocabulary import Classification, Level
from operations.disclosure import small_numbers
from operations.disclosure.suppression import BoardFrame
from operations.figures import board
from operations.figures.releases import decision, guarded_counts
from tests.bench.conftest import Ledger
from tests.makers import let_out, put_cast
from tests.operations.watching import OF, Player

HISTORIES, SEED = 30, 2031
LENGTHS = (8, 15, 30)
VALUES = (0, 2, 3, 5, 8)
"""The values that a small number keeps at least; 0: nobody is thought to watch."""


@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("values", VALUES)
def test_what_needs_no_hiding_is_told(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, values: int
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    upgrade(store)
    put_cast(store)
    monkeypatch.setattr(guarded_counts, "GUARDED", tuple(OF))
    if values:
        monkeypatch.setattr(small_numbers, "FEWEST_POSSIBILITIES", values)
    else:
        monkeypatch.setattr(decision.Judge, "given_away", lambda _judge, *_states, **_how: [])
    dice, told = random.Random(SEED), Counter[tuple[str, bool]]()
    for _history in range(HISTORIES):
        player = Player(store, dice)
        for _step in range(dice.choice(LENGTHS)):
            player.step()
            if dice.random() < 0.5:
                with clock.at(player.at + timedelta(minutes=1)):
                    let_out(player.played.scene)
            with clock.at(player.at):
                told += looked(player)
    store.dispose()
    for of in ("totals", "countries"):
        yes, no = told[of, True], told[of, False]
        ledger.note(
            f"releases: {of} of eleven and more told to leadership at V1",
            f"{values} values kept, {HISTORIES} histories" if values else f"each moment alone, {HISTORIES} histories",
            100 * yes / (yes + no),
            "%",
            yes + no,
        )


def looked(player: Player) -> Counter[tuple[str, bool]]:
    """What leadership is told at V1 of what is eleven and more."""
    played, told = player.played, Counter[tuple[str, bool]]()
    by, operation = played.scene["lena"], played.scene.operation
    of = BoardFrame(operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=Level.V1)
    with played.scene.store.reading(by) as session:
        figures = board.read_board(session, of, by).figures
        for kpi in OF:
            shown = {row.country: row.verified for row in board.by_country(session, of, kpi, by)}
            for country in ("", *played.countries):
                cell = played.cells(kpi, player.entry, lambda place, it=country: it in ("", place[0]))
                if played.amount(kpi, cell) >= small_numbers.K:
                    number = shown.get(country) if country else figures[kpi].value
                    told["countries" if country else "totals", (number or 0) >= small_numbers.K] += 1
    return told
