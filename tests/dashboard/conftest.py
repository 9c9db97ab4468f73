"""The site: one application for the whole run (Dash allows one in a process), on an SQLite file of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest
from starlette.testclient import TestClient, WebSocketTestSession

from dashboard.app import Muster, create_app
from dashboard.settings import Settings
from operations.core import accounts
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import Account, System
from operations.core.store import Store
from tests.prepared_databases import empty_store

PASSWORD = "quiet harbour, slow tide 4"
ORIGIN = "http://127.0.0.1:8060"
_numbers = count(1)
collect_ignore = ["twin.py", "twin_cells.py"]  # programs: they seed every id of the process that imports them


@dataclass(frozen=True)
class Site:
    """The application, its store, and clients for it."""

    app: Muster
    store: Store
    client: TestClient

    def visitor(self) -> TestClient:
        """A browser that nobody has signed in with."""
        return TestClient(self.app, base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False)

    def account(self, role: str = "operation_coordinator", country: str | None = None, language: str = "en") -> Account:
        """A new account; its password is PASSWORD."""
        content = {
            "id": new_id(),
            "username": f"person{next(_numbers)}",
            "name": "Ana Lima",
            "role": role,
            "country": country,
            "password": PASSWORD,
            "language": language,
        }
        with self.store.unit_of_work(System()) as session:
            return accounts.add_account(session, parse(accounts.AccountDraft, content), System())

    def socket(self, client: TestClient, path: str = "/pulse", origin: str = ORIGIN) -> WebSocketTestSession:
        """A socket of that browser, in the event loop in which the application runs."""
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        address = ORIGIN.replace("http", "ws", 1) + path
        return self.client.websocket_connect(address, headers={"origin": origin, "cookie": cookie})

    def signed_in(self, account: Account | None = None, **about: str) -> TestClient:
        """A browser with a live session, of a new account unless one is given."""
        client = self.visitor()
        username = (account or self.account(**about)).username
        answer = client.post("/sign-in", data={"username": username, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    store = empty_store(tmp_path_factory.mktemp("site"))
    url = store.url.render_as_string(hide_password=False)
    app = create_app(Settings(database_url=url, warm=False), store)  # what a test needs it builds itself
    with TestClient(app, base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False) as client:
        yield Site(app, store, client)
    store.dispose()
