"""The demo as its visitors find it, loaded through the verbs once a day and kept in build/."""

import hashlib
import shutil
from pathlib import Path
from uuid import UUID

from dashboard.server import demo
from operations.core import clock, schema
from operations.core.store import Store, open_store
from scenarios import PROGRAMME, accounts
from tests.bench.ten_times import FOLDER


def load(store: Store) -> UUID:
    """Load the demo, whose people are those of the programme as well; return the operation that it plays."""
    schema.upgrade(store)
    for name in (demo.PLAYING, PROGRAMME):
        accounts.prepare(store, demo.today_s(name))
    demo.load(store)
    return demo.today_s(demo.PLAYING).operation


def made() -> tuple[Path, UUID]:
    """The database of today and its operation; made first where there is none."""
    told = b"".join(each.file.read_bytes() for each in schema.migrations("sqlite"))
    target = FOLDER / f"demo-{clock.now().date()}-{hashlib.sha256(told).hexdigest()[:12]}.sqlite"
    if not target.exists():
        FOLDER.mkdir(exist_ok=True)
        growing = target.with_suffix(".growing")
        growing.unlink(missing_ok=True)
        store = open_store(f"sqlite:///{growing}", behind=True)
        load(store)
        with store.engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        store.dispose()
        shutil.move(growing, target)
    return target, demo.today_s(demo.PLAYING).operation
