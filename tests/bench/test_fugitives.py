"""Opening a sweep of 2,000 cases: what the server does before anything is drawn (the goal: 500 ms or less)."""

from datetime import timedelta

from dash import Dash
from plotly.io.json import to_json_plotly

from dashboard.server.access import acting_as
from operations.core import clock
from operations.core.people import System
from operations.core.schema import upgrade
from operations.core.store import open_store
from operations.policing.fugitives.case_rows import FugitiveCase
from operations.policing.fugitives.cases import uuid5
from tests.bench.conftest import Ledger
from tests.makers import START, put_cast, running
from tests.operations.sweeps import Sweep, sweep_in

CASES = 2000
_STATES = ("target",) * 5 + ("lead_out",) * 8 + ("located",) * 4 + ("arrested",) * 3


def test_opening_a_sweep_of_2000_cases(database_url: str, ledger: Ledger) -> None:
    Dash(__name__, use_pages=True, pages_folder="", suppress_callback_exceptions=True)
    from dashboard.screens.fugitives import page

    store = open_store(database_url)
    upgrade(store)
    put_cast(store)
    scene = sweep_in(running(store))
    at = START + timedelta(days=1)
    with store.unit_of_work(System()) as session:
        for number in range(1, CASES + 1):
            state = _STATES[number % len(_STATES)]
            located = at if state in ("located", "arrested") else None
            session.add(
                FugitiveCase(
                    id=uuid5(scene.operation, str(number)),
                    operation_id=scene.operation,
                    requesting_country=("NER", "MLI")[number % 2],
                    number=number,
                    notice_ref=f"A-{number}/9-2025",
                    offence="migrant_smuggling",
                    wanted_for="prosecution",
                    priority="normal",
                    warrant="holds",
                    extradition="holds",
                    art3="passed",
                    retain_until=at.date(),
                    state=state,
                    since=START + timedelta(seconds=number),
                    nominated_at=START,
                    counts_as=state if located else "outstanding",
                    accepted_at=START,
                    located_at=located,
                    arrested_at=at if state == "arrested" else None,
                )
            )
    with clock.at(at):
        Sweep(scene).out()
    size = f"{store.url.get_backend_name()}, {CASES:,} cases"
    for name in ("dov", "chaima", "lena"):

        def open_page(name: str = name) -> object:
            with acting_as(scene[name], store), clock.at(at):
                return to_json_plotly(page.layout(operation_id=str(scene.operation)))

        ledger.median_ms(f"opening a sweep as {name}", size, open_page)
    store.dispose()
