"""The pages of the second factor: set up, asked for, removed; and the password asked for again before what needs it."""

import html
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
from operations.core import clock, proof
from operations.core.people import Account, System
from operations.core.permissions import PRIVILEGED_ROLES
from operations.core.second_factor import SecondFactor
from operations.core.vocabulary import Role
from tests.authenticator import SecurityKey
from tests.dashboard.conftest import PASSWORD, Site

BEGIN = {"begin": "app"}


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
    assert client.post(SET_UP, data={"remove": "app"}).status_code == 422, "the role needs it"


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
    assert "Set up an app" in client.get(SET_UP).text
    with site.store.reading(System()) as session:
        assert session.get(SecondFactor, account.id) is None
    secret = secret_in(client.post(SET_UP, data=BEGIN).text)
    assert secret_in(client.post(SET_UP, data={"code": "000000"}).text) == secret, "a wrong code, the same secret"
    client.post(SET_UP, data={"code": code(secret)})
    again = client.post(SET_UP, data=BEGIN)
    assert again.status_code == 422
    assert "Remove it before you set up another." in again.text
    assert secret not in again.text


@pytest.mark.requirement("ASVS 7.5.1")
def test_it_is_removed_by_who_has_just_signed_in(site: Site) -> None:
    account = site.account()
    client = site.signed_in(account)
    client.post(SET_UP, data={"code": code(secret_in(client.post(SET_UP, data=BEGIN).text))})
    assert "Recovery codes left: 10." in client.get(SET_UP).text
    assert client.post(SET_UP, data={"remove": "app"}).headers["location"] == SET_UP
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
    assert "hideNotifications" not in said[0]  # type: ignore[operator]
    refusals.say("Done.")
    assert said[1]["hideNotifications"] == [notice["id"]], "it goes once something is done"  # type: ignore[index]


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


def test_a_key_is_made_once_where_none_is_given_and_read_by_nobody_else(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("MUSTER_KEY")
    first = Settings(data_dir=tmp_path).installation_key()
    assert Settings(data_dir=tmp_path).installation_key() == first
    assert len(first) == 64
    assert (tmp_path / "installation.key").stat().st_mode & 0o077 == 0
    assert Settings(data_dir=tmp_path, key="given " * 8).installation_key() == b"given " * 8
    assert Settings(data_dir=tmp_path / "none").installation_key() == b"", "what needs it says that there is none"


# ------------------------------------------------------------------------------------------------------- passkeys


def test_where_muster_has_no_name_the_page_says_who_can_help(site: Site) -> None:
    assert "Passkeys work where Muster has a name and TLS." in site.signed_in().get(SET_UP).text


def test_the_hold_of_the_last_factor_is_told_on_the_page(site: Site, demanding: None) -> None:
    client = password_given(site, site.account(role="administrator"))
    client.post(CODE, data={"code": code(secret_in(client.get(CODE).text))})
    shown = client.get(SET_UP).text
    assert "Your role needs it." in shown
    assert "Remove the app" not in shown
    assert "You cannot remove the last one" in client.post(SET_UP, data={"remove": "app"}).text


NAMED = "http://localhost:8060"


def options_in(text: str) -> str:
    return html.unescape(re.search(r'data-passkey="([^"]+)"', text)[1])  # type: ignore[index]


def at_name(site: Site, account: Account) -> TestClient:
    """A browser at the name of this machine, after the password: a number has no passkeys."""
    client = TestClient(site.app, base_url=NAMED, headers={"origin": NAMED}, follow_redirects=False)
    client.answered = client.post("/sign-in", data={"username": account.username, "password": PASSWORD})  # type: ignore[attr-defined]
    return client


def test_a_passkey_is_added_asked_for_taken_renamed_and_removed(site: Site) -> None:
    account, key = site.account(), SecurityKey(NAMED, "localhost")
    client = at_name(site, account)
    made = client.post(SET_UP, data={"passkey": key.makes(options_in(client.get(SET_UP).text)), "name": "Blue <key>"})
    assert "Your recovery codes" in made.text
    shown = client.get(SET_UP).text
    assert 'value="Blue &lt;key&gt;"' in shown
    ident = re.search(r'name="rename" value="([0-9a-f-]{36})"', shown)[1]  # type: ignore[index]
    again = at_name(site, account)
    assert again.answered.headers["location"].startswith(CODE)  # type: ignore[attr-defined]
    asked = again.get(CODE).text
    assert "Use your passkey, or type one of your recovery codes." in asked
    assert "passkey.js" in asked
    refused = again.post(CODE, data={"passkey": "{}"})
    assert (refused.status_code, "This passkey was not accepted" in refused.text) == (422, True)
    done = again.post(CODE, data={"passkey": key.answers(options_in(asked)), "next": "/today"})
    assert (done.status_code, done.headers["location"]) == (303, "/today")
    proof_asked = again.get(f"{PROVE}?next={SET_UP}").text
    proven = again.post(PROVE, data={"passkey": key.answers(options_in(proof_asked)), "next": SET_UP})
    assert (proven.status_code, proven.headers["location"]) == (303, SET_UP)
    assert again.post(SET_UP, data={"rename": ident, "name": "Office"}).status_code == 303
    assert 'value="Office"' in again.get(SET_UP).text
    assert again.post(SET_UP, data={"remove": ident}).status_code == 303
    assert 'name="rename"' not in again.get(SET_UP).text
    assert again.post(SET_UP, data={"remove": ident}).status_code == 422, "it is gone"
