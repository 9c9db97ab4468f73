"""A passkey in a browser, by Chromium's own authenticator: it is made, named, used to sign in and to prove, and removed."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE, Server, Watched
from tests.servers import PASSWORD


@pytest.mark.journey
def test_a_passkey_signs_in_as_second_factor_and_proves_the_person(browser: Browser, server: Server) -> None:
    here = server.address.replace("127.0.0.1", "localhost")  # a number has no passkeys
    watched = Watched(here)
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    watched.look(page)
    with_key(page)
    signs_in(page, here)
    page.wait_for_url(lambda url: "/sign-in" not in url)

    page.goto(f"{here}/second-factor")
    page.fill(".passkey [name=name]", "Blue key")
    page.click(".passkey button")
    expect(page.locator("h1")).to_have_text("Your recovery codes")
    page.click("a.go")
    expect(page.locator(".held input")).to_have_value("Blue key")
    page.fill(".held input", "Office key")
    page.click(".held button[name=rename]")
    expect(page.locator(".held input")).to_have_value("Office key")

    context.clear_cookies()
    signs_in(page, here)
    expect(page.locator("h1")).to_have_text("Your one-time code")
    page.click(".passkey button")
    page.wait_for_url(lambda url: "/sign-in" not in url)

    page.goto(f"{here}/prove?next=/second-factor")
    page.click(".passkey button")
    page.wait_for_url(f"{here}/second-factor")
    page.click(".held button[name=remove]")
    expect(page.locator(".held")).to_have_count(0)
    context.clear_cookies()
    signs_in(page, here)
    page.wait_for_url(lambda url: "/sign-in" not in url)
    watched.check()
    context.close()


def signs_in(page: Page, here: str) -> None:
    page.goto(f"{here}/sign-in")
    page.fill('[name="username"]', "bruno")
    page.fill('[name="password"]', PASSWORD)
    page.press('[name="password"]', "Enter")


def with_key(page: Page) -> None:
    """From now on the browser has a security key that asks for a PIN, which is always given."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    options |= {"automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
