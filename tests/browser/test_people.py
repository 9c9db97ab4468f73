"""An administrator brings people in: each opens the link in an own browser, sets a password and signs in; and is out
with the next request when the account is closed. The page is judged by axe in four looks.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from operations.core import invitations
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import System
from tests.browser.conftest import PATIENCE, Open, Server, Watched, sure
from tests.browser.test_everywhere import _QUIET, _judged, _too_small
from tests.servers import PASSWORD

pytestmark = pytest.mark.slow
OWN = "lantern, crossing a slow harbour 9"


@pytest.fixture(scope="module", autouse=True)
def adil(server: Server) -> None:
    """A second administrator, whom whoever keeps the server made."""
    content = {"id": new_id(), "name": "Adil Benali", "username": "adil", "role": "administrator"}
    with server.scene.store.unit_of_work(System()) as session:
        made = invitations.invite(session, parse(invitations.InvitationDraft, content), System())
    invitations.accept(server.scene.store, made.secret, PASSWORD, "en")


Stranger = Callable[..., Page]


@pytest.fixture
def stranger(browser: Browser, watched: Watched) -> Iterator[Stranger]:
    """A browser of somebody who has no account yet, at an address."""
    contexts: list[BrowserContext] = []

    def open_(address: str, **more: object) -> Page:
        contexts.append(context := browser.new_context(**more))  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        watched.look(page)
        page.goto(address)
        return page

    yield open_
    for context in contexts:
        context.close()


def _choose(page: Page, field: str, words: str) -> None:
    page.fill(f"#{field}", words)
    page.get_by_role("option", name=words, exact=True).click()


def _invited(page: Page, name: str, role: str, country: str = "") -> str:
    """Invite somebody with the form; the link that is shown."""
    page.fill("#people-invite-name", name)
    _choose(page, "people-invite-role", role)
    if page.locator("#people-invite-country").input_value():
        page.locator(".mantine-InputWrapper-root:has(#people-invite-country) button").click()
    if country:
        _choose(page, "people-invite-country", country)
    page.click("#people-invite-send")
    expect(page.locator(".people-link")).to_contain_text(name)
    return page.locator(".people-address").inner_text()


def _open(page: Page, name: str) -> None:
    page.locator("#people-grid .ag-row", has_text=name).first.locator('[col-id="name"]').click()
    expect(page.locator("#people-panel h3").first).to_have_text(name)


def _set_password(page: Page, name: str) -> None:
    expect(page.locator(".card .lead")).to_contain_text(name)
    assert "#" not in page.url, "the secret is taken out of the address"
    page.fill('[name="password"]', OWN)
    page.fill('[name="again"]', OWN)
    page.get_by_role("button", name="Set the password").click()


def _sign_in(page: Page) -> None:
    page.fill('[name="password"]', OWN)
    page.get_by_role("button", name="Sign in").click()


def _shot(page: Page, name: str) -> None:
    if folder := os.environ.get("MUSTER_TEST_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.journey
def test_people_are_invited_confirmed_and_closed_in_their_own_browsers(
    server: Server, browser_page: Open, stranger: Stranger, watched: Watched
) -> None:
    watched.expected += ["401 (Unauthorized)", "410 (Gone)", "4401", "WebSocket"]
    ada = browser_page("ada", "/people")
    ada.get_by_text("Invite a person").click()
    links = {
        "Omar Idi": _invited(ada, "Omar Idi", "National officer", "Niger"),
        "Rosa Winter": _invited(ada, "Rosa Winter", "Operation coordinator"),
    }
    _shot(ada, "invited")
    omar, rosa = (stranger(link) for link in links.values())
    _set_password(omar, "Omar Idi")
    expect(omar.get_by_role("status")).to_contain_text("Your password is set")
    _sign_in(omar)
    expect(omar.locator("#main h1")).to_be_visible()
    # A privileged role waits for another administrator.
    _set_password(rosa, "Rosa Winter")
    _sign_in(rosa)
    expect(rosa.get_by_role("alert")).to_contain_text("until a second person confirms it")
    _open(ada, "Rosa Winter")
    expect(ada.locator("#people-panel")).to_contain_text("until another administrator confirms it")
    expect(ada.locator("#people-panel").get_by_role("button", name="Confirm")).to_have_count(0)
    adil = browser_page("adil", "/people")
    _open(adil, "Rosa Winter")
    _shot(adil, "waiting")
    adil.locator("#people-panel").get_by_role("button", name="Confirm").click()
    sure(adil)
    expect(adil.locator("#people-panel .m-state").first).to_have_text("Active")
    _sign_in(rosa)
    expect(rosa.locator("#main h1")).to_be_visible()
    # A link that was used says what to do.
    again = stranger(links["Omar Idi"])
    expect(again.get_by_role("alert")).to_contain_text("was used already")
    # Who is closed is out with the next request.
    _open(ada, "Omar Idi")
    ada.get_by_text("Close the account").click()
    ada.locator("#people-panel .people-close input").fill("Left the service.")
    ada.locator("#people-panel").get_by_role("button", name="Close", exact=True).click()
    expect(ada.locator("#people-panel .m-state").first).to_have_text("Closed")
    expect(ada.locator("#people-panel")).to_contain_text("Left the service.")
    omar.goto(f"{server.address}/account")
    expect(omar.locator('[name="username"]')).to_be_visible()


def test_many_are_invited_from_pasted_rows_all_or_none(browser_page: Open) -> None:
    ada = browser_page("ada", "/people")
    ada.get_by_text("Invite many").click()
    rows = "Aisha Seydou;Team leader;Niger\nMusa Ba;national_officer;Atlantis\nAisha Seydou;national_officer;NER"
    ada.fill("#people-many-rows", rows)
    ada.click("#people-many-read")
    found = ada.locator("#people-many-found")
    expect(found).to_contain_text("3 of 3 rows have a flaw")
    expect(found.locator(".people-wrong")).to_have_count(3)
    expect(ada.locator("#people-many-send")).to_be_disabled()
    _shot(ada, "rows")
    ada.fill("#people-many-rows", rows.replace("Atlantis", "Mali").replace("\nAisha Seydou", "\nAisha Seydou II"))
    ada.click("#people-many-read")
    expect(found).to_contain_text("3 rows are right")
    with ada.expect_download() as coming:
        ada.click("#people-many-send")
    text = Path(coming.value.path()).read_text(encoding="utf-8-sig")
    assert text.count("/invitation#") == 3
    expect(ada.locator("#people-grid")).to_contain_text("Musa Ba")


def test_of_two_who_change_an_account_the_second_is_told_and_keeps_what_was_typed(browser_page: Open) -> None:
    ada, adil = browser_page("ada", "/people"), browser_page("adil", "/people")
    for page, unit in ((ada, "Gao"), (adil, "Dosso")):
        _open(page, "Binta Oumarou")
        page.fill("#people-change-unit", unit)
    ada.click("#people-save")
    expect(ada.locator("#people-panel .m-facts")).to_contain_text("Gao")
    adil.click("#people-save")
    expect(adil.get_by_text("Somebody changed this while you were writing")).to_be_visible()
    expect(adil.locator("#people-change-unit")).to_have_value("Dosso")
    adil.locator(".m-notice").get_by_role("button", name="Close").click()
    adil.get_by_role("button", name="Take the other").click()
    expect(adil.locator("#people-change-unit")).to_have_value("Gao")


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(1440, "light", "en"), (390, "light", "en"), (1440, "dark", "en"), (1440, "light", "ar")],
)
def test_the_page_in_four_looks(
    server: Server, browser_page: Open, stranger: Stranger, width: int, scheme: str, language: str
) -> None:
    page = browser_page("ada", width=width, scheme=scheme)
    speaks = {"language": language}
    assert page.request.post(f"{server.address}/preferences", form=speaks, headers={"origin": server.address}).ok
    page.goto(f"{server.address}/people")
    page.wait_for_function(_QUIET, polling=50)
    for fold in page.locator(".people-fold > summary").all():
        fold.click()
    page.fill("#people-many-rows", "Aisha Seydou;keeper;NER\nOmar Ba;auditor")
    page.click("#people-many-read")
    page.wait_for_selector("#people-many-found table")
    row = page.locator("#people-grid .ag-row", has_text="Bruno Issoufou").first
    row.locator('[col-id="name"]').click()
    page.wait_for_selector("#people-panel .m-facts")
    page.wait_for_selector("#people-changing:not([hidden])")
    _shot(page, f"people-{language}-{scheme}-{width}")
    faults = [_judged(page), _too_small(page)]
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.request.post(f"{server.address}/preferences", form={"language": "en"}, headers={"origin": server.address})
    assert (faults, wide <= width) == ([[], []], True)
    content = {
        "id": new_id(),
        "name": "Irene Koné",
        "username": f"i{new_id().hex[:6]}",
        "role": "auditor",
        "language": language,
    }
    with server.scene.store.unit_of_work(System()) as session:
        made = invitations.invite(session, parse(invitations.InvitationDraft, content), System())
    opened = stranger(
        f"{server.address}/invitation#{made.secret}", color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    expect(opened.locator('[name="again"]')).to_be_visible()
    _shot(opened, f"invitation-{language}-{scheme}-{width}")
    assert [_judged(opened), _too_small(opened)] == [[], []]
