"""The databases of released versions: small, on both storages, with what their boards said.

    .venv/bin/python -m tests.releases      after tools/schema.py freeze: keeps one of the version in pyproject.toml

Each is a running operation with its cast, reports at every level, and a serious incident, as its own version wrote it.
`tests/operations/test_releases_upgrade.py` upgrades them to the newest.
"""

import lzma
import sys
import tempfile
import tomllib
from datetime import timedelta
from pathlib import Path

from operations.core import backups, clock, installation_key
from operations.core.people import System
from operations.core.rows import every
from operations.core.schema import upgrade
from operations.core.store import Store, open_store
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import read_board
from operations.policing.operation.plan import Operation
from tests import incidents, storages
from tests.makers import START, arrest, detection, form, hit, put_cast, running, send, tally
from tests.operations.steps import climb
from tests.people import actor

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "tests" / "released"
BOARDS = "boards.txt"
COPIES = {"sqlite": "muster.sqlite.xz", "postgresql": "muster.dump.xz"}
LATER = START + timedelta(days=3)
READERS = ("ana", "lena", "chaima", "moussa", "bruno")


def told(store: Store) -> str:
    """Every figure of every reader's board at every level, three days after it began."""
    lines = []
    with clock.at(LATER):
        with store.reading(System()) as session:
            [operation] = every(session, Operation)
            zone, day_cut, ident = operation.zone, operation.day_cut, operation.id
        for name in READERS:
            by = actor(name, ident)
            for level in Level:
                if level is not Level.V0:
                    frame = BoardFrame(ident, zone, Classification.RESTRICTED, day_cut, level, by.country)
                    with store.reading(by) as session:
                        board = read_board(session, frame, by)
                    lines += [
                        f"{name} {level.name} {kpi.value} {figure.value}" for kpi, figure in board.figures.items()
                    ]
                    lines.append(f"{name} {level.name} sites {board.sites_reporting} of {board.sites_planned}")
    return "\n".join(lines) + "\n"


def restored(folder: Path, storage: str, store: Store, place: Path) -> Store:
    """The store, with the database of a released version in it; `place` is for its copy."""
    copy = place / f"released-{COPIES[storage].removesuffix('.xz')}"
    copy.write_bytes(lzma.decompress((folder / COPIES[storage]).read_bytes()))
    backups.restore(store, copy)
    url = store.url
    store.dispose()
    return open_store(url)


def _story(store: Store) -> None:
    upgrade(store)
    put_cast(store)
    scene = running(store, START)
    for day in range(2):
        lines = [tally(400 + day), arrest(12 + day), detection(25), hit(START + timedelta(days=day, hours=2))]
        climb(scene, send(scene, form(scene, day=day, lines=lines)).id, "boubacar", "chaima")
        climb(scene, send(scene, form(scene, "Agadez", day=day, lines=[tally(31)])).id, "boubacar")
        send(scene, form(scene, "Bamako", day=day, lines=[tally(77), arrest(1)]), by="mateo")
    incidents.brought(scene, incidents.reported(scene), "threshold_check")


def _keep(version: str) -> None:
    installation_key.use(storages.KEY.encode)
    folder = KEPT / version
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, storages.postgres_server() as server:
        said = set()
        for url in (f"sqlite:///{place}/muster.sqlite", server.new_database()):
            store = open_store(url)
            _story(store)
            copy = backups.copy(store, Path(place), START)
            kept = folder / COPIES[store.engine.dialect.name]
            kept.write_bytes(lzma.compress(copy.read_bytes(), preset=9))
            said.add(told(store))
            store.dispose()
        [board] = said
        (folder / BOARDS).write_text(board, encoding="utf-8")


if __name__ == "__main__":
    own = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    if own not in (ROOT / "operations/core/migrations/released.txt").read_text(encoding="utf-8"):
        sys.exit(f"{own} is not frozen: run tools/schema.py freeze {own} first.")
    _keep(own)
