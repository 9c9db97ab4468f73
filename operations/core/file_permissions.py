"""File permissions: files and folders that only their owner reads, whatever the umask of the process."""

import contextlib
import os
from pathlib import Path


def folder(path: Path) -> Path:
    """Make a folder for its owner alone, with its missing parents. An existing one stays as it is."""
    if not path.is_dir():
        folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
    return path


def file(path: Path) -> Path:
    """Make a file for its owner alone, empty if new; an existing one keeps its content."""
    if not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
    return closed(path)


def closed(path: Path) -> Path:
    """Remove the permissions of everybody but the owner, if the file exists and is ours to change."""
    with contextlib.suppress(OSError):
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    return path
