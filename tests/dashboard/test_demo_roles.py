"""The roles of the demo as buttons of the sign-in page: on its own machine alone, and of no use anywhere else."""

import re

import pytest
from starlette.requests import Request

from dashboard.frame import sign_in
from dashboard.server.demo_accounts import WHO
from dashboard.settings import Settings
from scenarios.accounts import demo_password
from tests.dashboard.conftest import Site

DEMO = Settings(demo=True)


def asking(client: str = "127.0.0.1", host: str = "127.0.0.1:8060", **headers: str) -> Request:
    sent = {"host": host, **headers}
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in sent.items()]
    return Request(
        {
            "type": "http",
            "method": "GET",
            "path": "/sign-in",
            "query_string": b"",
            "headers": raw,
            "client": (client, 1),
        }
    )


def test_the_demo_offers_each_role_as_one_press() -> None:
    page = sign_in.sign_in_page(asking(), "en", DEMO)
    offered = re.findall(r'name="username" value="([^"]+)"><input type="hidden" name="password" value="([^"]+)"', page)
    assert offered == [(name, demo_password(name)) for name, _words in WHO]
    assert "officer in Mexico: writes reports" in page
    assert "agent au Mexique" in sign_in.sign_in_page(asking(), "fr", DEMO)


@pytest.mark.parametrize(
    ("settings", "request_"),
    [
        pytest.param(Settings(demo=False), asking(), id="no demo"),
        pytest.param(Settings(demo=True, host="0.0.0.0"), asking(), id="listens to others"),  # noqa: S104
        pytest.param(Settings(demo=True, host="192.0.2.7"), asking(), id="another address"),
        pytest.param(DEMO, asking(client="192.0.2.8"), id="asked from elsewhere"),
        pytest.param(DEMO, asking(host="muster.example"), id="under another name"),
        pytest.param(DEMO, asking(host=""), id="under no name"),
        pytest.param(DEMO, asking(x_forwarded_for="192.0.2.8"), id="through a proxy"),
        pytest.param(DEMO, asking(forwarded="for=192.0.2.8"), id="forwarded"),
    ],
)
@pytest.mark.requirement("ASVS 15.2.3")
def test_nowhere_else_is_a_role_or_its_password_offered(settings: Settings, request_: Request) -> None:
    page = sign_in.sign_in_page(request_, "en", settings)
    assert 'class="roles"' not in page
    assert demo_password("leader") not in page


def test_what_a_button_sends_opens_nothing_where_no_demo_was_played(site: Site) -> None:
    assert 'class="roles"' not in site.visitor().get("/sign-in").text
    for name, _words in WHO[:2]:
        answer = site.visitor().post("/sign-in", data={"username": name, "password": demo_password(name)})
        assert (answer.status_code, answer.headers.get("set-cookie")) == (401, None)
