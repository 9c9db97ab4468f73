"""The next version of Muster, for tests of its upgrade: the code of today, with one migration more.

    python -m tests.later_version upgrade

MUSTER_TEST_MIGRATIONS is the folder of its migrations. `application` makes its web application.
"""

import os
from pathlib import Path
from typing import Any

from operations.core import schema
from tests import cheap_hashing


def application() -> Any:
    """Return the application of the next version, which hashes cheaply."""
    become_later()
    return cheap_hashing.application()


def become_later() -> None:
    """From here on this process is of the next version."""
    schema.FOLDER = Path(os.environ["MUSTER_TEST_MIGRATIONS"])


if __name__ == "__main__":
    from dashboard.__main__ import cli

    become_later()
    cli()
