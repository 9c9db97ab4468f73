"""What makes faults in processes: a library that is loaded before all others, and a server that is forked.

`faults.c` says what it does. It needs a C compiler (`cc`) and Linux.
"""

import shutil
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest

PRODUCT_FORKED = "tests.prove.fault_library:application"
SOURCE = Path(__file__).with_name("faults.c")


def application() -> Any:
    """The application as `dashboard.app:from_environment` makes it, in a process that has imported it already."""
    from dashboard.app import from_environment

    return from_environment()


def compiled(folder: Path) -> str:
    """The library, compiled into a folder."""
    if shutil.which("cc") is None:
        pytest.fail("These tests need a C compiler: apt-get install gcc libc6-dev.", pytrace=False)
    made = folder / "faults.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", made, SOURCE], check=True)
    made.chmod(0o755)
    return str(made)


class WrongClock:
    """The time of day of processes that have `environment`: wrong by as many seconds as it is set to."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.set(0)
        self.environment = {"LD_PRELOAD": compiled(folder), "MUSTER_FAULT_CLOCK": str(self._file)}

    def set(self, seconds: int) -> None:
        """Let it jump. The file stays the same one: processes have it in their memory."""
        with self._file.open("r+b" if self._file.exists() else "wb") as opened:
            opened.write(struct.pack("=q", seconds))


class Disk:
    """A folder of which a power cut leaves what was synced, for processes that have `environment`.

    Begin it when all in the folder is written and nobody uses it.
    """

    def __init__(self, folder: Path, library: str) -> None:
        self.folder, self.shadow = folder, folder.with_name(f"{folder.name}-synced")
        self.environment = {
            "LD_PRELOAD": library,
            "MUSTER_FAULT_DISK": str(self.folder),
            "MUSTER_FAULT_SHADOW": str(self.shadow),
        }
        self._begin()

    def _begin(self) -> None:
        shutil.rmtree(self.shadow, ignore_errors=True)
        subprocess.run(["cp", "--archive", self.folder, self.shadow], check=True)

    def cut(self) -> None:
        """The power is gone, and everybody with it, who must have been killed: what was not synced is lost."""
        shutil.rmtree(self.folder)
        subprocess.run(["cp", "--archive", self.shadow, self.folder], check=True)
        for unfinished in self.folder.rglob("*.part"):
            unfinished.unlink()
