"""Files and folders that nobody but their owner reads, whatever the umask of the process is."""

import contextlib
import os
from pathlib import Path


def folder(path: Path) -> Path:
    """Make a folder for its owner alone, and those above it that are missing. One that is there stays as it is."""
    if not path.is_dir():
        folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
    return path


def file(path: Path) -> Path:
    """Make a file for its owner alone, empty where there is none; one that is there keeps its content."""
    if not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
    return closed(path)


def closed(path: Path) -> Path:
    """Take from everybody else what the owner of a file has left open, where there is one and it is ours to close."""
    with contextlib.suppress(OSError):
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    return path
