"""Makes a year of a programme for measurements: operations, people, and reports through the verbs (`scenarios.year`).

MUSTER_KEY=... .venv/bin/python tools/sizing.py sqlite:////tmp/year.sqlite --times 10

A hundred reports take about a second. A thousand times is a world-wide programme: some hours.
"""

import time
from typing import Annotated

import typer

from operations.core.schema import upgrade
from operations.core.store import open_store
from scenarios import year


def main(
    database: Annotated[str, typer.Argument(help="The address of an empty database.")],
    times: Annotated[int, typer.Option(min=1, max=1_000, help="The size, as times the demo.")] = 1,
    seed: Annotated[int, typer.Option(help="Another number makes another year.")] = 1,
) -> None:
    """Make a year of a programme in an empty database."""
    size, store = year.YearSize.times(times), open_store(database, behind=True)
    upgrade(store)
    print(size)
    begun = time.monotonic()

    def heard(sent: int) -> None:
        print(f"\r{sent:,} of {size.reports:,} reports, {time.monotonic() - begun:,.0f} s", end="", flush=True)

    for scene in year.make(store, size, seed, heard=heard):
        print(f"\n{scene.operation}: {len(scene.sites)} sites, {scene.days} days", end="")
    print()
    store.dispose()


if __name__ == "__main__":
    from dashboard.settings import Settings

    Settings().use_keys()
    typer.run(main)
