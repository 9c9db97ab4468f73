"""Sign-on by OpenID Connect, against a provider on loopback: who is bound gets in, and nobody else by any answer."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlmodel import col, select
from starlette.testclient import TestClient

from dashboard.frame import second_factor, sign_in, sign_on
from dashboard.frame.sign_in import CODE, LEFT, PUBLIC, SIGN_ON, SIGN_ON_BACK
from dashboard.server import installation_checks
from dashboard.server.gate import SIGN_ON_ENDED, Gate
from dashboard.server.installation_checks import Verdict
from dashboard.server.rate_limits import Door, open_doors
from dashboard.settings import Settings
from dashboard.telling.access import told_access
from dashboard.telling.names import Names
from operations.core import account_admin, clock, failed_sign_ins
from operations.core.journal import AccessEntry
from operations.core.openid_provider import WITHIN, OpenIdClient, OpenIdProvider
from operations.core.people import Account, System
from operations.core.sign_in import SignIn
from tests import openid_provider
from tests.dashboard.conftest import ORIGIN, PASSWORD, Site
from tests.openid_provider import Provider

REFUSED = "Police ID gave an answer that Muster does not accept."
FROM_ELSEWHERE = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
"""What a browser says of the way back from a provider of another site."""
LATE = "This sign-on took too long, or began in another browser. Begin again."


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with openid_provider.serving(f"{ORIGIN}{SIGN_ON_BACK}") as served:
        yield served


class Entrance:
    """Muster's own doors, with a provider in the settings: the routes of signing in, behind the gate."""

    def __init__(self, site: Site, issuer: str, client: str, secret: str, **more: str) -> None:
        url = site.store.url.render_as_string(hide_password=False)
        told = {"openid_issuer": issuer, "openid_client": client, "openid_secret": secret, "openid_name": "Police ID"}
        self.site, self.settings = site, Settings(database_url=url, **told, **more)
        self.doors, outer = open_doors(self.settings), FastAPI()
        for frame in (sign_in, sign_on, second_factor):
            outer.include_router(frame.router(site.store, self.settings, self.doors))
        self.app = Gate(outer, site.store, self.settings, PUBLIC, str, self.doors)

    def browser(self) -> TestClient:
        return TestClient(self.app, base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False)


@pytest.fixture(scope="module")
def door(site: Site, provider: Provider) -> Entrance:
    return Entrance(site, provider.issuer, provider.client, provider.secret)


@pytest.fixture(autouse=True)
def honest(provider: Provider) -> None:
    provider.lie()


def bound(site: Site, provider: Provider, subject: str, **about: str) -> Account:
    account = site.account(**about)
    with site.store.unit_of_work(System()) as session:
        account_admin.bind_identity(session, account.id, provider.issuer, subject, System())
    return account


def begun(client: TestClient, target: str = "/today") -> str:
    answer = client.get(f"{SIGN_ON}?next={target}")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def sessions(site: Site, account: Account) -> int:
    with site.store.reading(System()) as session:
        return len(session.exec(select(SignIn.id).where(SignIn.account_id == account.id)).all())


def trail(site: Site, account: Account) -> list[str]:
    query = select(AccessEntry).where(AccessEntry.object_id == account.id, AccessEntry.act == "account.sign_in")
    with site.store.reading(System()) as session:
        return [told_access(entry, Names("en", "UTC")) for entry in session.exec(query)]


def test_who_is_bound_signs_on_and_goes_where_they_wanted(site: Site, door: Entrance, provider: Provider) -> None:
    account, client = bound(site, provider, "nina@id"), door.browser()
    assert f'href="{SIGN_ON}?next=/today">Sign in with Police ID</a>' in client.get("/sign-in?next=/today").text
    address = begun(client)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert (asked["scope"], asked["response_type"], asked["code_challenge_method"]) == ("openid", "code", "S256")
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) == 43
    done = client.get(provider.person(address, "nina@id"), headers=FROM_ELSEWHERE)
    assert (done.status_code, done.headers["location"]) == (303, "/today")
    visitor = site.visitor()
    visitor.cookies.set("muster", client.cookies["muster"])
    assert visitor.get("/today", headers=FROM_ELSEWHERE).status_code == 200  # a browser says so of all that follows too
    assert trail(site, account) == ["Signed in at the identity provider."]


@pytest.mark.requirement("ASVS 6.8.4")
def test_what_asks_for_the_password_again_asks_whoever_signed_on_at_once(
    site: Site, door: Entrance, provider: Provider
) -> None:
    bound(site, provider, "proof@id")
    client = door.browser()
    client.get(provider.person(begun(client), "proof@id"))
    assert client.get(second_factor.SET_UP).headers["location"] == f"{second_factor.PROVE}?next={second_factor.SET_UP}"
    client.post(second_factor.PROVE, data={"password": PASSWORD, "next": second_factor.SET_UP})
    assert client.get(second_factor.SET_UP).status_code == 200


@pytest.mark.requirement("ASVS 6.3.4", "ASVS 6.8.4")
def test_the_second_factor_of_a_role_is_asked_for_all_the_same(site: Site, provider: Provider) -> None:
    bound(site, provider, "admin@id", role="administrator")
    given = (provider.issuer, provider.client, provider.secret)
    client = Entrance(site, *given, second_factor="administrator").browser()
    done = client.get(provider.person(begun(client, "/people"), "admin@id"))
    assert done.headers["location"] == f"{CODE}?next=/people"
    assert "Set up a second factor" in client.get(done.headers["location"]).text
    visitor = site.visitor()
    visitor.cookies.set("muster", client.cookies["muster"])
    assert visitor.get("/people").status_code in (303, 401), "the provider alone opens nothing"


def test_nobody_gets_an_account_of_themselves_and_they_read_which_identifier_to_give(
    site: Site, door: Entrance, provider: Provider
) -> None:
    client = door.browser()
    with site.store.reading(System()) as session:
        before = len(session.exec(select(Account.id)).all())
    answer = client.get(provider.person(begun(client), "stranger@id"))
    assert answer.status_code == 401
    assert "No account of Muster is bound to you. Give this identifier to whoever keeps your account: stranger@id" in (
        answer.text
    )
    assert "muster" not in client.cookies
    with site.store.reading(System()) as session:
        assert len(session.exec(select(Account.id)).all()) == before
    failed_sign_ins.enter(site.store, due=False)


@pytest.mark.sample(3)
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"disabled_at": clock.now}, "This account is closed."),
        ({"expires_at": clock.now}, "The mandate of this account is over."),
        ({"proposed_by": None}, "Your account waits until a second person confirms it."),
    ],
)
def test_an_account_that_may_not_enter_does_not_by_the_provider_either(
    site: Site, door: Entrance, provider: Provider, changes: dict, words: str
) -> None:
    account, client, other = bound(site, provider, words), door.browser(), site.account().id
    with site.store.unit_of_work(System()) as session:
        kept = session.get_one(Account, account.id)
        for name, value in changes.items():
            setattr(kept, name, value() if value else other)
    answer = client.get(provider.person(begun(client), words))
    assert (answer.status_code, words in answer.text, sessions(site, account)) == (401, True, 0)
    assert trail(site, account) == ["Came from the identity provider to an account that may not enter."]


@pytest.mark.requirement("ASVS 10.1.2", "ASVS 10.2.1")
def test_an_answer_opens_the_browser_that_began_and_that_once(site: Site, door: Entrance, provider: Provider) -> None:
    account = bound(site, provider, "once@id")
    mine, theirs = door.browser(), door.browser()
    back = provider.person(begun(mine), "once@id")
    begun(theirs)
    for other in (theirs, door.browser()):
        assert LATE in other.get(back).text, "a link of somebody else signs nobody in"
    assert LATE in mine.get(f"{SIGN_ON_BACK}?code=x").text, "an answer without a state"
    again = provider.person(begun(mine), "once@id")
    kept = dict(mine.cookies)
    assert mine.get(again).status_code == 303
    for name, value in kept.items():
        mine.cookies.set(name, value)
    assert REFUSED in mine.get(again).text, "the provider gives nothing for a code twice"
    assert sessions(site, account) == 1


def test_a_sign_on_of_before_is_too_late(door: Entrance, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    client = door.browser()
    back = provider.person(begun(client), "late@id")
    import operations.core.openid_provider as module

    later = module.time.time() + WITHIN + 1
    monkeypatch.setattr(module.time, "time", lambda: later)
    assert LATE in client.get(back).text


def test_what_the_provider_refuses_is_said_in_a_sentence(door: Entrance, provider: Provider) -> None:
    client = door.browser()
    back = provider.person(begun(client), action="deny")
    state = parse_qs(urlsplit(begun(client)).query)["state"][0]
    assert (
        "The sign-on at Police ID was cancelled."
        in client.get(f"{SIGN_ON_BACK}?error=access_denied&state={state}").text
    )
    assert "error=access_denied" in back
    for error, reason in (("server_error", "server_error"), ("<b>", "?")):
        state = parse_qs(urlsplit(begun(client)).query)["state"][0]
        said = client.get(f"{SIGN_ON_BACK}?error={error}&state={state}").text
        assert f"Police ID did not sign you on ({reason}). Ask whoever keeps your account there." in said
    state = parse_qs(urlsplit(begun(client)).query)["state"][0]
    assert REFUSED in client.get(f"{SIGN_ON_BACK}?code=x&state={state}&iss=https://other.example").text


LIES = {
    "another nonce": {"nonce": "x" * 43},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://other.example"},
    "for another client": {"aud": "other"},
    "for several, and another of them": {"aud": ["other", "{client}"], "azp": "other"},
    "over": {"exp": 1_000_000_000},
    "no end": {"exp": None},
    "of nobody": {"sub": ""},
    "subject that is a number": {"sub": 7},
    "unsigned": {"alg": "none"},
    "signed with the public key": {"alg": "HS256"},
    "another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.sample(12)
@pytest.mark.parametrize("lie", LIES)
@pytest.mark.requirement(
    "ASVS 10.5.1", "ASVS 10.5.4", "ASVS 6.8.2", "ASVS 9.1.1", "ASVS 9.1.2", "ASVS 9.2.1", "ASVS 9.2.2", "ASVS 9.2.3"
)
def test_a_token_that_is_not_the_answer_signs_nobody_in(
    site: Site, door: Entrance, provider: Provider, lie: str
) -> None:
    subject = f"{lie}@id"
    account, client = bound(site, provider, subject), door.browser()
    assert client.get(provider.person(begun(client), subject)).status_code == 303
    said = {
        name: [provider.client if part == "{client}" else part for part in value] if isinstance(value, list) else value
        for name, value in LIES[lie].items()
    }
    provider.lie(**said)
    other = door.browser()
    answer = other.get(provider.person(begun(other), subject))
    assert (answer.status_code, REFUSED in answer.text) == (401, True)
    assert sessions(site, account) == 1


def test_nothing_that_the_provider_says_of_a_person_changes_what_they_may_do(
    site: Site, door: Entrance, provider: Provider
) -> None:
    account, client = bound(site, provider, "claims@id", role="auditor"), door.browser()
    provider.lie(role="administrator", groups=["administrators"], name="Somebody else", email="a@b.example")
    assert client.get(provider.person(begun(client), "claims@id")).status_code == 303
    with site.store.reading(System()) as session:
        kept = session.get_one(Account, account.id)
    assert (kept.role, kept.name) == (account.role, account.name)


@pytest.mark.requirement("ASVS 16.5.2")
def test_without_the_provider_the_password_still_opens(site: Site, door: Entrance) -> None:
    away = Entrance(site, "http://127.0.0.1:9", "muster", "secret").browser()
    answer = away.get(SIGN_ON)
    assert answer.status_code == 503
    assert "Police ID cannot be reached just now." in answer.text
    given = {"username": site.account().username, "password": PASSWORD}
    assert away.post("/sign-in", data=given).status_code == 303


@pytest.mark.requirement("ASVS 10.5.3", "ASVS 9.1.3")
def test_metadata_of_another_issuer_are_refused(site: Site, provider: Provider) -> None:
    other = provider.issuer.replace("127.0.0.1", "localhost")
    asked = OpenIdProvider(OpenIdClient(f"{other}/", "muster", "", "Police ID"))
    with pytest.raises(sign_on.ProviderAway, match="Police ID cannot be reached just now"):
        asked.begin(f"{ORIGIN}{SIGN_ON_BACK}", "/")


@pytest.mark.requirement("ASVS 7.6.1")
def test_signing_out_of_muster_offers_to_sign_out_there(site: Site, door: Entrance, provider: Provider) -> None:
    bound(site, provider, "leaves@id")
    client = door.browser()
    client.get(provider.person(begun(client), "leaves@id"))
    left = client.post("/sign-out")
    page = client.get(left.headers["location"]).text
    assert "You have signed out of Muster. At Police ID you may still be signed in." in page
    assert f'href="{LEFT}"' in page
    there = urlsplit(client.get(LEFT).headers["location"])
    assert f"{there.scheme}://{there.netloc}" == provider.issuer
    assert parse_qs(there.query) == {
        "client_id": [provider.client],
        "post_logout_redirect_uri": [f"{ORIGIN}/sign-in"],
    }


@pytest.mark.requirement("ASVS 7.6.2")
def test_nobody_begins_from_elsewhere_and_a_flood_waits_at_the_door_of_tries(
    site: Site, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Entrance(site, provider.issuer, provider.client, provider.secret)
    client = own.browser()
    moved = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert client.get(SIGN_ON, headers=moved).headers["location"] == "/sign-in"
    monkeypatch.setitem(own.doors.rows, "tries", Door(each=0, together=0, waiting=0))
    for path in (SIGN_ON, SIGN_ON_BACK):
        assert client.get(path).status_code == 429
    assert client.get("/sign-in").status_code == 200, "the page of the form has another door"


def test_without_a_provider_in_the_settings_there_is_no_way_and_no_button(site: Site) -> None:
    visitor = site.visitor()
    assert SIGN_ON not in visitor.get("/sign-in?left").text
    for path in (SIGN_ON, SIGN_ON_BACK, LEFT):
        assert visitor.get(path).headers["location"] == "/sign-in"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"openid_issuer": "http://id.example", "openid_client": "m"}, "MUSTER_OPENID_ISSUER is an address"),
        ({"openid_issuer": "https://id.example"}, "MUSTER_OPENID_CLIENT is what the provider calls Muster"),
    ],
)
def test_settings_that_would_not_be_safe_are_refused(given: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Settings(**given)


def test_the_identity_ends_with_the_binding(site: Site, door: Entrance, provider: Provider) -> None:
    account, client = bound(site, provider, "ended@id"), door.browser()
    client.get(provider.person(begun(client), "ended@id"))
    with site.store.unit_of_work(System()) as session:
        account_admin.unbind_identity(session, account.id, System())
        live = select(SignIn.id).where(SignIn.account_id == account.id, col(SignIn.ended_at).is_(None))
        assert session.exec(live).all() == []
    with clock.at(clock.now() + timedelta(seconds=1)):
        assert "ended@id" in client.get(provider.person(begun(client), "ended@id")).text


# -------------------------------------------------------------------------------------- logout by the provider


def told(provider: Provider, subject: str, header: dict[str, Any] | None = None, **lies: Any) -> str:
    """A logout token as the provider makes it, but for `lies`."""
    claims = {
        "iss": provider.issuer,
        "aud": provider.client,
        "iat": int(clock.now().timestamp()),
        "exp": int(clock.now().timestamp()) + 120,
        "jti": str(uuid4()),
        "sub": subject,
        "sid": "1",
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    }
    kept = {name: value for name, value in {**claims, **lies}.items() if value is not None}
    return provider.logout_token({"typ": "logout+jwt", **(header or {})}, **kept)


def ended(door: Entrance, token: str) -> int:
    """The status that the provider's server is answered, which sends no origin."""
    server = TestClient(door.app, base_url=ORIGIN, follow_redirects=False)
    return server.post(SIGN_ON_ENDED, data={"logout_token": token}).status_code


def signed_on(site: Site, door: Entrance, provider: Provider, subject: str) -> TestClient:
    """A browser of the application whose person signed on."""
    client, visitor = door.browser(), site.visitor()
    client.get(provider.person(begun(client), subject))
    visitor.cookies.set("muster", client.cookies["muster"])
    assert visitor.get("/today").status_code == 200
    return visitor


@pytest.mark.requirement("ASVS 7.6.1")
def test_the_provider_ends_the_sessions_of_its_person_and_of_nobody_else(
    site: Site, door: Entrance, provider: Provider
) -> None:
    account, _other = bound(site, provider, "left@id"), bound(site, provider, "stays@id")
    mine, others = (signed_on(site, door, provider, subject) for subject in ("left@id", "stays@id"))
    at_home = site.signed_in(account)
    token = told(provider, "left@id")
    assert ended(door, token) == 200
    assert [each.get("/pulse/now").status_code for each in (mine, at_home, others)] == [401, 401, 200]
    with site.store.reading(System()) as session:
        query = select(AccessEntry).where(AccessEntry.object_id == account.id).order_by(col(AccessEntry.seq).desc())
        last = session.exec(query).first()
    assert last is not None
    assert (last.act, last.actor_id, last.detail["sessions"]) == ("account.sign_out_everywhere", None, 2)
    with clock.at(clock.now() + timedelta(seconds=5)):
        again = signed_on(site, door, provider, "left@id")
    assert ended(door, token) == 200
    assert again.get("/pulse/now").status_code == 200, "a token that is sent again ends nothing that began since"
    assert ended(door, told(provider, "nobody@id")) == 200


NO_LOGOUT: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://other.example"},
    "for another client": {"aud": "other"},
    "over": {"exp": 1_000_000_000},
    "of long ago": {"iat": 1_000_000_000, "exp": None},
    "without a time": {"iat": None},
    "without a number": {"jti": None},
    "of a session alone": {"sub": None},
    "with a nonce": {"nonce": "x"},
    "no event": {"events": {}},
    "events that are none": {"events": "logout"},
    "another event": {"events": {"http://schemas.openid.net/event/other": {}}},
    "an ID token": {"header": {"typ": "JWT"}},
    "without a type": {"header": {"typ": None}},
    "unsigned": {"header": {"alg": "none"}},
}


@pytest.mark.requirement("ASVS 10.5.5", "ASVS 9.1.2", "ASVS 9.2.2")
def test_a_token_that_is_no_logout_ends_nothing(site: Site, door: Entrance, provider: Provider) -> None:
    bound(site, provider, "here@id")
    client = signed_on(site, door, provider, "here@id")
    for lie, changed in NO_LOGOUT.items():
        assert ended(door, told(provider, "here@id", **changed)) == 400, lie
    for text in ("", "x", "a.b.c", "\0", "." * 7_000, "x" * 9_000):
        assert ended(door, text) in (400, 422), text[:9]
    assert client.get("/pulse/now").status_code == 200
    away = Entrance(site, "http://127.0.0.1:9", "muster", "secret")
    assert ended(away, told(provider, "here@id")) == 503
    assert client.get(SIGN_ON_ENDED).status_code == 303


def test_the_check_of_an_installation_asks_the_provider(site: Site, provider: Provider) -> None:
    def said(**given: str) -> list[tuple[Verdict, str]]:
        known = {"openid_issuer": provider.issuer, "openid_client": provider.client, "openid_secret": "x", **given}
        return list(installation_checks.identity_provider(Settings(**known), site.store))

    assert said() == []
    assert [verdict for verdict, _words in said(openid_secret="")] == [Verdict.WARNING]
    [(verdict, words)] = said(openid_issuer=f"{provider.issuer}/")
    assert (verdict, "does not answer as an issuer of that name" in words) == (Verdict.WRONG, True)
    with clock.at(clock.now() + timedelta(minutes=3)):
        [(verdict, words)] = said()
    assert (verdict, words.startswith("Its clock differs from ours by 0:0")) == (Verdict.WRONG, True)
    assert list(installation_checks.identity_provider(Settings(), site.store)) == []
