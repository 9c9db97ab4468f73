"""What stands on the disk, for tests of what must not stand there any more."""

from pathlib import Path

from tests.makers import Running


def bytes_of(scene: Running) -> bytes:
    """SQLite's file, and the log beside it."""
    file = Path(str(scene.store.url.database))
    log = file.with_name(file.name + "-wal")
    return file.read_bytes() + (log.read_bytes() if log.exists() else b"")
