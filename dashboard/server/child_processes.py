"""Processes that run beside another one, and end when it ends, however that comes about."""

import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.process import BaseProcess


def start(task: Callable[[str], None], database_url: str) -> BaseProcess:
    """Start a process that does `task` on the database."""
    name = f"muster-{task.__name__}"
    process = multiprocessing.get_context("spawn").Process(target=task, args=(database_url,), name=name)
    process.start()
    return process


def stop(process: BaseProcess) -> None:
    """Ask a process to end, and wait for it."""
    process.terminate()
    process.join(10)
    if process.is_alive():
        process.kill()
        process.join()


def end_with_parent(stop: threading.Event) -> None:
    """Set `stop` when the process that started this one is gone, also where it had no time to say so."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait, args=(parent, stop), name="muster-parent", daemon=True).start()


def _wait(parent: BaseProcess, stop: threading.Event) -> None:
    parent.join()
    stop.set()
