"""Child processes that end with their parent, even if it is killed."""

import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.process import BaseProcess


def start(task: Callable[[str], None], database_url: str) -> BaseProcess:
    """Start a process that runs `task` with the address of the database."""
    name = f"muster-{task.__name__}"
    process = multiprocessing.get_context("spawn").Process(target=task, args=(database_url,), name=name)
    process.start()
    return process


def stop(process: BaseProcess) -> None:
    """Terminate a process and wait for it; kill it after 10 seconds."""
    process.terminate()
    process.join(10)
    if process.is_alive():
        process.kill()
        process.join()


def end_with_parent(stop: threading.Event) -> None:
    """Set `stop` when the parent process is gone, even if it was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait, args=(parent, stop), name="muster-parent", daemon=True).start()


def _wait(parent: BaseProcess, stop: threading.Event) -> None:
    parent.join()
    stop.set()
