"""The pages of the second factor: set up, asked for, removed; and the password asked for again before what needs it."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
from starlette.testclient import TestClient

from dashboard import refusals
from dashboard.frame.second_factor import PROVE, SET_UP
from dashboard.frame.sign_in import CODE
from dashboard.settings import Settings
from operations.core import clock, installation_key, proof
from operations.core.people import Account, System
from operations.core.permissions import PRIVILEGED_ROLES
from operations.core.second_factor import SecondFactor
from operations.core.vocabulary import Role
from tests.dashboard.conftest import PASSWORD, Site

BEGIN = {"begin": "yes"}


@pytest.fixture(autouse=True)
def key() -> None:
    installation_key.use(lambda: b"k" * 32)


@pytest.fixture
def demanding(site: Site) -> Iterator[None]:
    """An installation that demands a second factor of administrators."""
    settings = site.app.settings
    object.__setattr__(settings, "second_factor", "administrator")
    yield
    object.__setattr__(settings, "second_factor", "chosen")


def password_given(site: Site, account: Account, target: str = "/") -> TestClient:
    client = site.visitor()
    given = {"username": account.username, "password": PASSWORD, "next": target}
    client.answered = client.post("/sign-in", data=given)  # type: ignore[attr-defined]
    return client


def secret_in(text: str) -> str:
    return re.search(r'<code dir="ltr">([A-Z2-7]{32})</code>', text)[1]  # type: ignore[index]


def code(secret: str, steps: int = 0) -> str:
    return str(pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30 * steps)))


def test_a_role_that_needs_one_sets_it_up_before_anything_opens(site: Site, demanding: None) -> None:
    client = password_given(site, site.account(role="administrator"), "/people")
    assert client.answered.headers["location"] == f"{CODE}?next=/people"  # type: ignore[attr-defined]
    assert client.get("/people").status_code in (303, 401), "the password alone opens nothing"
    shown = client.get(f"{CODE}?next=/people").text
    assert "<svg" in shown
    assert client.post(CODE, data={"code": "000000", "next": "/people"}).status_code == 422
    done = client.post(CODE, data={"code": code(secret_in(shown)), "next": "/people"})
    assert len(re.findall(r"<li><code>[2-9A-Z]{5}-[2-9A-Z]{5}</code>", done.text)) == 10
    assert 'href="/people"' in done.text
    assert client.get("/people").status_code == 200
    assert client.post(SET_UP, data={"remove": "yes"}).status_code == 422, "the role needs it"


def test_who_chose_one_is_asked_for_its_code_and_goes_where_they_wanted(site: Site) -> None:
    account = site.account()
    client = site.signed_in(account)
    secret = secret_in(client.post(SET_UP, data=BEGIN).text)
    assert "Your recovery codes" in client.post(SET_UP, data={"code": code(secret)}).text
    again = password_given(site, account, "/today")
    asked = again.get(again.answered.headers["location"]).text  # type: ignore[attr-defined]
    assert "Your one-time code" in asked
    assert secret not in asked
    done = again.post(CODE, data={"code": code(secret, 1), "next": "/today"})
    assert (done.status_code, done.headers["location"]) == (303, "/today")
    assert again.get("/today").status_code == 200
    assert again.post(CODE, data={"code": "1", "next": "//evil.example"}).headers["location"] == "/sign-in?next=/"


def test_to_look_stores_no_secret_and_an_app_that_is_set_up_is_not_set_up_again(site: Site) -> None:
    account = site.account()
    client = site.signed_in(account)
    assert "Set up a second factor" in client.get(SET_UP).text
    with site.store.reading(System()) as session:
        assert session.get(SecondFactor, account.id) is None
    secret = secret_in(client.post(SET_UP, data=BEGIN).text)
    assert secret_in(client.post(SET_UP, data={"code": "000000"}).text) == secret, "a wrong code, the same secret"
    client.post(SET_UP, data={"code": code(secret)})
    again = client.post(SET_UP, data=BEGIN)
    assert again.status_code == 422
    assert "Remove it before you set up another." in again.text
    assert secret not in again.text


def test_it_is_removed_by_who_has_just_signed_in(site: Site) -> None:
    account = site.account()
    client = site.signed_in(account)
    client.post(SET_UP, data={"code": code(secret_in(client.post(SET_UP, data=BEGIN).text))})
    assert "Recovery codes left: 10." in client.get(SET_UP).text
    assert client.post(SET_UP, data={"remove": "yes"}).headers["location"] == "/account"
    assert site.signed_in(account).get("/today").status_code == 200


def test_after_a_quarter_of_an_hour_the_password_is_asked_for_and_the_way_goes_on(site: Site) -> None:
    client = site.signed_in()
    with clock.at(clock.now() + proof.FRESH + timedelta(minutes=1)):
        asked = client.get(SET_UP)
        assert (asked.status_code, asked.headers["location"]) == (303, f"{PROVE}?next={SET_UP}")
        assert "Show that it is you" in client.get(asked.headers["location"]).text
        assert client.post(PROVE, data={"password": "wrong", "next": SET_UP}).status_code == 422
        done = client.post(PROVE, data={"password": PASSWORD, "next": SET_UP})
        assert (done.status_code, done.headers["location"]) == (303, SET_UP)
        assert client.get(SET_UP).status_code == 200


def test_a_file_that_is_asked_for_late_leads_to_the_password_and_back(site: Site) -> None:
    client = site.signed_in(role="auditor")
    headers = {"sec-fetch-mode": "navigate", "referer": "http://127.0.0.1:8060/programme?year=2026"}
    with clock.at(clock.now() + proof.FRESH + timedelta(minutes=1)):
        answer = client.post("/export/programme/2026.pdf?length=page&lang=en", headers=headers)
    assert (answer.status_code, answer.headers.get("location")) == (303, f"{PROVE}?next=/programme%3Fyear%3D2026")


def test_a_button_that_needs_a_proof_leads_to_it_in_a_new_tab(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[object] = []
    monkeypatch.setattr(refusals, "set_props", lambda _where, props: said.append(props))
    refusals.explain(proof.ProofNeeded())
    [notice] = said[0]["sendNotifications"]  # type: ignore[index]
    assert notice["message"][2].href == "/prove?next=/signed-in"
    assert notice["message"][2].target == "_blank"


@pytest.mark.parametrize(
    ("given", "roles"),
    [
        ("chosen", frozenset()),
        ("privileged", PRIVILEGED_ROLES),
        ("everybody", frozenset(Role)),
        ("administrator, auditor", frozenset({Role.ADMINISTRATOR, Role.AUDITOR})),
    ],
)
def test_the_policy_names_roles(given: str, roles: frozenset[Role]) -> None:
    assert Settings(second_factor=given).demands == roles


def test_a_policy_that_names_no_role_is_refused() -> None:
    with pytest.raises(ValueError, match="MUSTER_SECOND_FACTOR is chosen"):
        Settings(second_factor="administrators")


def test_a_key_is_made_once_where_none_is_given_and_read_by_nobody_else(tmp_path) -> None:
    first = Settings(data_dir=tmp_path).installation_key()
    assert Settings(data_dir=tmp_path).installation_key() == first
    assert len(first) == 64
    assert (tmp_path / "installation.key").stat().st_mode & 0o077 == 0
    assert Settings(data_dir=tmp_path, key="given " * 8).installation_key() == b"given " * 8
    assert Settings(data_dir=tmp_path / "none").installation_key() == b"", "what needs it says that there is none"
