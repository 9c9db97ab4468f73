"""The layers of the map, made ahead of the first request for one.

    python -m geodata.ground.prepared en fr es ar

They are made from frames that take 300 MB, in a process of its own, so that nothing of those stays with the server.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterable

from geodata.ground import map_layers

_SECONDS = 300
"""After so long the process is ended: then each is made here when it is first asked for."""


def prepare(locales: Iterable[str]) -> None:
    """Have the layers in these languages made, and keep them.

    Where that fails, each is made here when it is first asked for.
    """
    told = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}  # no secrets of ours
    environment = {**told, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-m", __name__, *locales]
    try:
        made = subprocess.run(command, stdout=subprocess.PIPE, env=environment, timeout=_SECONDS, check=True)  # noqa: S603 - our own module
    except (OSError, subprocess.SubprocessError):
        return
    map_layers.keep(pickle.loads(made.stdout))  # noqa: S301 - our own module wrote it


def _write(locales: list[str]) -> None:
    from geodata.ground import basemap  # in the other process alone

    os.nice(10)  # whoever asks for a page goes first
    layers = {
        (name, locale): basemap.built(name, locale)
        for name, about in map_layers.LAYERS.items()
        for locale in (locales if about.by_locale else ["en"])
    }
    sys.stdout.buffer.write(pickle.dumps(layers))


if __name__ == "__main__":
    _write(sys.argv[1:])
