"""The page of an invitation: a link works once and in time, tells what to do otherwise, and is in no log."""

import logging
from datetime import timedelta

import pytest

from dashboard.frame.sign_in import FILES
from operations.core import account_admin, clock, invitations
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import System
from operations.policing.operation import membership
from tests.dashboard.conftest import PASSWORD

MUSTER = System()


def _link(site, by=MUSTER, name="Aisha Seydou", role="national_officer", country="NER", **more):
    content = {"id": new_id(), "name": name, "role": role, "country": country, "username": f"p{new_id().hex[:8]}"}
    with site.store.unit_of_work(by) as session:
        return invitations.invite(session, parse(invitations.InvitationDraft, content | more), by)


def _send(site, secret, **more):
    return site.visitor().post("/invitation", data={"code": secret, **more})


def test_who_holds_a_link_sets_a_password_and_signs_in_with_it(site, caplog):
    caplog.set_level(logging.DEBUG)
    link = _link(site)
    opened = site.visitor().get("/invitation")
    assert (opened.status_code, "/sign-in/invitation.js" in opened.text) == (200, True)
    asked = _send(site, link.secret)
    assert (asked.status_code, "Aisha Seydou" in asked.text, "National officer" in asked.text) == (200, True, True)
    again = _send(site, link.secret, password=PASSWORD, again=PASSWORD + "x")
    assert (again.status_code, "The two passwords are different." in again.text) == (422, True)
    easy = _send(site, link.secret, password="password1234567", again="password1234567")
    assert (easy.status_code, "This password is too common" in easy.text or "tried first" in easy.text) == (422, True)
    done = _send(site, link.secret, password=PASSWORD, again=PASSWORD)
    assert done.status_code == 200
    assert "Your password is set: sign in with it." in done.text
    assert f'value="{link.account.username}"' in done.text
    assert (
        site.visitor().post("/sign-in", data={"username": link.account.username, "password": PASSWORD}).status_code
        == 303
    )
    used = _send(site, link.secret)
    assert (used.status_code, "was used already" in used.text) == (410, True)
    assert link.secret not in caplog.text


def test_a_link_that_ended_says_what_to_do_and_asks_for_another(site):
    with clock.at(clock.now() - timedelta(hours=73)):
        late = _link(site)
    closed, older = _link(site), _link(site)
    with site.store.unit_of_work(System()) as session:
        account_admin.close(session, closed.account.id, System())
        invitations.renew(session, older.account.id, System())
    for secret, words in (
        (late.secret, "72 hours, which are over"),
        (closed.secret, "This account is closed"),
        (older.secret, "use the newest"),
        ("no such link", "This link does not work"),
    ):
        answer = _send(site, secret, password=PASSWORD, again=PASSWORD)
        assert (answer.status_code, words in answer.text) == (410, True), words
        assert 'id="code"' in answer.text


def test_one_of_a_privileged_role_is_told_to_wait(site):
    keeper = site.account(role="administrator")
    with site.store.reading(System()) as session:
        by = membership.actor(session, keeper)
    link = _link(site, by, "Rosa Winter", "operation_coordinator", None)
    told = _send(site, link.secret, password=PASSWORD, again=PASSWORD).text
    assert "as soon as a second person has confirmed your account" in told
    refused = site.visitor().post("/sign-in", data={"username": link.account.username, "password": PASSWORD})
    assert (refused.status_code, "until a second person confirms it" in refused.text) == (401, True)


@pytest.mark.parametrize(("language", "direction"), [("fr", "ltr"), ("es", "ltr"), ("ar", "rtl")])
def test_the_page_speaks_the_person_s_language_or_the_one_that_is_chosen_and_keeps_it(site, language, direction):
    link = _link(site, language=language)
    assert f'<html lang="{language}" dir="{direction}"' in _send(site, link.secret).text
    assert '<html lang="en"' in _send(site, link.secret, language="en").text
    _send(site, link.secret, language="en", password=PASSWORD, again=PASSWORD)
    with site.store.reading(System()) as session:
        assert session.get_one(type(link.account), link.account.id).language == "en"


def test_choosing_a_language_without_a_link_is_no_failed_attempt(site):
    answer = _send(site, "", language="fr")
    assert (answer.status_code, '<html lang="fr"' in answer.text) == (200, True)


def test_a_link_is_taken_from_our_own_pages_only(site):
    link = _link(site)
    forged = site.visitor().post("/invitation", data={"code": link.secret}, headers={"origin": "https://e.example"})
    assert forged.status_code == 403


@pytest.mark.requirement("ASVS 14.2.1")
def test_the_script_takes_the_secret_out_of_the_address():
    text = FILES["/sign-in/invitation.js"][0].read_text()
    assert "replaceState" in text
    assert "location.hash" in text
