"""Processes that do nothing, for tests of those who keep processes running: they load no module of Muster."""

import os
import signal
from pathlib import Path


def stay(folder: str) -> None:
    """Say who this is, and wait to be ended."""
    Path(folder, str(os.getpid())).touch()
    signal.pause()


def leave(folder: str) -> None:
    """Say who this is, and end well."""
    Path(folder, str(os.getpid())).touch()
