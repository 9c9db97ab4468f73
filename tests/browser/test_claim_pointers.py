"""One man arrested in two operations that share no analyst: each lets its country be asked, sees its own side, and he
is one.
"""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from operations.core import passwords
from operations.core.people import Account, System
from operations.policing.operation import plan
from tests.browser.conftest import Open, Server, sure
from tests.browser.test_everywhere import Look, _judged, _speak, _too_small, _too_wide
from tests.claim_stories import NOTICE, apart, found_by_muster
from tests.servers import PASSWORD

pytestmark = pytest.mark.slow
DESK, PHONE = Look(), Look(390, 844)
LET = "Let its countries be asked"


@pytest.fixture(scope="module", autouse=True)
def sides(server: Server) -> dict[str, dict[str, str]]:
    """The side of Dov, who works for the scene, and that of Ivo, who works for the other: title, site and address."""
    other, _first, _second = apart(server.scene)
    found_by_muster(server.scene, datetime.now(UTC))
    found = {}
    with server.scene.store.unit_of_work(System()) as session:
        session.exec(select(Account).where(Account.username == "ivo")).one().password_hash = passwords.hashed(PASSWORD)
        for name, of, site in (("dov", server.scene, "Niamey"), ("ivo", other, "Bamako")):
            title = session.get_one(plan.Operation, of.operation).title
            found[name] = {"title": title, "site": site, "at": f"/operations/{of.operation}/claims"}
    return found


def faults_of(page: Page, look: Look) -> list[object]:
    return [*_judged(page), *_too_wide(page, look), *_too_small(page)]


def knows_its_own_alone(page: Page, own: dict[str, str], other: dict[str, str], *hidden: str) -> None:
    """The page shows a word of its own side, and none of the other."""
    main = page.locator("#main")
    expect(main.get_by_text(own["site"]).first).to_be_visible()
    for word in (other["title"], other["site"], *hidden):
        expect(main).not_to_contain_text(word)


def test_two_operations_that_share_no_analyst_let_their_countries_be_asked_and_he_is_one(
    server: Server, browser_page: Open, sides: dict[str, dict[str, str]]
) -> None:
    mine, theirs = sides["dov"], sides["ivo"]
    faults = []

    desk = browser_page("dov", "/today")
    desk.get_by_role("link").filter(has_text="Claim P1: who was arrested here").click()
    desk.wait_for_url(f"**{mine['at']}")
    expect(desk.get_by_role("button", name=LET)).to_be_visible()
    knows_its_own_alone(desk, mine, theirs, "Mali")
    faults += faults_of(desk, DESK)
    desk.get_by_role("button", name=LET).click()
    sure(desk)
    expect(desk.locator("#claim-pointers")).to_contain_text("another operation has still to say so")
    expect(desk.get_by_role("button", name=LET)).to_have_count(0)

    phone = browser_page("ivo", theirs["at"], width=390, height=844, scheme="dark")
    expect(phone.get_by_role("button", name=LET)).to_be_visible()
    knows_its_own_alone(phone, theirs, mine, "Niger")
    faults += faults_of(phone, PHONE)
    _speak(phone, server, "ar")
    phone.reload()
    expect(phone.get_by_role("button", name="السماح بسؤال بلدانها")).to_be_visible()
    faults += faults_of(phone, PHONE)
    _speak(phone, server, "en")
    phone.reload()
    phone.get_by_role("button", name=LET).click()
    sure(phone)
    expect(phone.locator("#claim-pointers")).to_be_empty()

    opened = []
    for page, own, other in ((desk, mine, theirs), (phone, theirs, mine)):
        row = page.locator(".ag-row").filter(has_text="With the countries")
        row.get_by_text("P1", exact=True).click()
        page.wait_for_url(re.compile(r"show="))
        page.get_by_role("button", name="Look at the lines side by side").click()
        expect(page.locator("#claim-sides")).to_contain_text(NOTICE)
        expect(page.locator("#claim-sides")).to_contain_text("another operation")
        knows_its_own_alone(page, own, other)
        opened.append(page.url.removeprefix(server.address))
    faults += [*faults_of(desk, DESK), *faults_of(phone, PHONE)]

    countries = [browser_page(name, there) for name, there in zip(("chaima", "moussa"), opened, strict=True)]
    for page in countries:
        page.get_by_role("button", name="Look at the lines side by side").click()
        expect(page.locator("#claim-sides")).to_contain_text(NOTICE)
        faults += faults_of(page, DESK)
        page.locator("#claim-answer-same").click()
        page.get_by_role("option", name="They are one").click()
        page.get_by_role("button", name="Say it").click()
        if page is countries[0]:  # the other page is drawn anew now: it is pressed when that is over
            expect(countries[1].get_by_text("They are one: Niger")).to_be_visible()
    for page in (desk, phone, *countries):
        expect(page.get_by_text("One person, agreed").first).to_be_visible()
    assert faults == []
