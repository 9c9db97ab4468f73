"""Signing in and out through the browser's eyes: cookies, replays, limits, and where one is led afterwards."""

from datetime import timedelta

import pytest
from sqlmodel import select

from dashboard.frame.sign_in import local_path
from dashboard.server.request_context import session_cookie
from dashboard.settings import Settings
from operations.core import account_admin, accounts, clock, deferred_writes, journal, sign_in
from operations.core.journal import AccessEntry, Chain
from operations.core.people import System
from operations.policing.operation import membership
from tests.dashboard.conftest import PASSWORD


def _lives(client) -> bool:
    return client.get("/pulse/now").status_code == 200


@pytest.mark.requirement("ASVS 3.3.2", "ASVS 3.3.4", "R9")
def test_the_cookie_is_for_the_server_only(site):
    answer = site.visitor().post("/sign-in", data={"username": site.account().username, "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("muster=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


@pytest.mark.requirement("ASVS 12.2.1", "ASVS 3.3.1", "ASVS 3.3.3", "R9")
def test_off_loopback_the_cookie_is_bound_to_tls_and_to_the_host():
    for settings in (Settings(host="0.0.0.0"), Settings(public_origin="https://muster.example")):  # noqa: S104
        assert settings.secure
        assert session_cookie(settings) == "__Host-muster"
    assert not Settings(host="127.0.0.1").secure


@pytest.mark.requirement("ASVS 14.3.1", "ASVS 7.4.1", "R8")
def test_a_cookie_copied_before_signing_out_is_worth_nothing_after(site):
    client = site.signed_in()
    copied = site.visitor()
    copied.cookies.update(client.cookies)
    assert _lives(copied)
    answer = client.post("/sign-out")
    assert answer.headers["location"] == "/sign-in"
    assert "cache" in answer.headers["clear-site-data"]
    assert not _lives(copied)


@pytest.mark.requirement("ASVS 7.2.4")
def test_signing_in_makes_a_new_session_and_ends_the_one_before(site):
    account = site.account()
    client = site.signed_in(account)
    before = client.cookies["muster"]
    client.post("/sign-in", data={"username": account.username, "password": PASSWORD})
    assert client.cookies["muster"] != before
    old = site.visitor()
    old.cookies.set("muster", before)
    assert not _lives(old)


@pytest.mark.requirement("ASVS 7.2.4", "R7")
def test_a_session_chosen_by_somebody_else_is_not_taken_over(site):
    client = site.visitor()
    client.cookies.set("muster", "chosen-by-an-attacker")
    answer = client.post("/sign-in", data={"username": site.account().username, "password": PASSWORD})
    assert "chosen-by-an-attacker" not in answer.headers["set-cookie"]


@pytest.mark.requirement("R5")
def test_who_does_not_know_the_password_cannot_tell_unknown_known_and_closed_accounts_apart(site):
    known, closed = site.account(), site.account()
    with site.store.unit_of_work(System()) as session:
        account_admin.close(session, closed.id, System())
    texts = set()
    for username in (known.username, "nobody-here", closed.username):
        answer = site.visitor().post("/sign-in", data={"username": username, "password": "wrong"})
        assert answer.status_code == 401
        texts.add(answer.text.replace(username, "…"))
    assert len(texts) == 1
    assert "do not belong together" in texts.pop()
    told = site.visitor().post("/sign-in", data={"username": closed.username, "password": PASSWORD})
    assert told.status_code == 401
    assert "closed" in told.text  # who knows it is its owner, and learns why


@pytest.mark.requirement("ASVS 1.1.2", "ASVS 1.2.1", "ASVS 3.2.2")
def test_what_is_typed_is_shown_as_text_and_the_password_never(site):
    answer = site.visitor().post("/sign-in", data={"username": "<script>alert(1)</script>", "password": "secret-words"})
    assert "<script>" not in answer.text
    assert "secret-words" not in answer.text


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "x",
        "",
        "/a\nb",
    ],
)
@pytest.mark.requirement("ASVS 1.2.2", "ASVS 3.7.2")
def test_nobody_is_sent_to_another_host(target):
    assert local_path(target) == "/"


def test_after_signing_in_one_is_where_one_wanted_to_be(site):
    answer = site.visitor().post(
        "/sign-in", data={"username": site.account().username, "password": PASSWORD, "next": "/account?x=1"}
    )
    assert answer.headers["location"] == "/account?x=1"


def test_the_sign_in_page_speaks_four_languages(site):
    page = site.visitor().get("/sign-in", headers={"accept-language": "de,ar;q=0.8,en;q=0.5"}).text
    assert '<html lang="ar" dir="rtl"' in page
    assert 'lang="fr" dir="ltr"' in site.visitor().get("/sign-in?language=fr").text


@pytest.mark.requirement("ASVS 7.4.2")
def test_disabling_an_account_ends_its_sessions_at_once(site):
    account = site.account()
    client = site.signed_in(account)
    with site.store.unit_of_work(System()) as session:
        account_admin.close(session, account.id, System())
    assert not _lives(client)


def test_a_pulse_does_not_keep_an_unattended_session_alive(site):
    """The store is asked with the clock moved on: requests run in other threads, where a held clock does not reach."""
    account = site.account()
    client = site.signed_in(account)
    token = client.cookies["muster"]
    with site.store.unit_of_work(System()) as session:
        entry = session.exec(select(sign_in.SignIn).where(sign_in.SignIn.account_id == account.id)).one()
        entry.last_seen_at = seen = clock.now() - timedelta(minutes=20)
        session.add(entry)
    for path, headers in (("/pulse/now", {}), ("/_dash-layout", {"muster-present": "0"})):
        assert client.get(path, headers=headers).status_code == 200
    assert deferred_writes.of(site.store).done(30)
    with site.store.reading(System()) as session:
        assert sign_in.visit(session, token).sign_in.last_seen_at == seen
    client.get("/_dash-layout")
    assert deferred_writes.of(site.store).done(30)
    with site.store.reading(System()) as session:
        assert sign_in.visit(session, token).sign_in.last_seen_at > seen


@pytest.mark.requirement("ASVS 16.3.1", "R40")
def test_every_sign_in_stands_in_the_access_trail_and_not_in_the_journal(site):
    account = site.account()
    with site.store.reading(System()) as session:
        before = journal.pulse(session)
    client = site.signed_in(account)
    site.visitor().post("/sign-in", data={"username": account.username, "password": "wrong"})
    client.post("/sign-out")
    with site.store.reading(System()) as session:
        said = session.exec(
            select(AccessEntry.act, AccessEntry.outcome).where(AccessEntry.object_id == account.id)
        ).all()
        assert journal.pulse(session) == before
        assert journal.verify(session, Chain.ACCESS).broken_at is None
    assert said == [("account.sign_in", "done"), ("account.sign_in", "failed"), ("account.sign_out", "done")]


@pytest.mark.requirement("ASVS 7.4.3", "R10")
def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(site):
    account = site.account()
    here, there = site.signed_in(account), site.signed_in(account)
    with site.store.reading(System()) as session:
        mine = sign_in.visit(session, here.cookies["muster"]).sign_in.id
        who = membership.actor(session, account)
    assert accounts.change_password(site.store, who, PASSWORD, "another harbour, quick tide 5", keep=mine) == 1
    assert _lives(here)
    assert not _lives(there)
