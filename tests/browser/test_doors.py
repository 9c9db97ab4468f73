"""What a person sees who does more than one person may: a sentence, what was typed, and a screen that goes on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, Server, Watched
from tests.servers import make_scene, serve

pytestmark = pytest.mark.slow

SECONDS = 30


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Muster in which one person may write twice in 30 seconds and open one screen."""
    folder = tmp_path_factory.mktemp("server")
    url = f"sqlite:///{folder / 'muster.sqlite'}"
    scene = make_scene(url)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MUSTER_WRITES", f"2 per {SECONDS} seconds")
        environment.setenv("MUSTER_SOCKETS", "1")
        running = serve(url, folder)
    yield Server(running.address, scene)
    running.stop()
    scene.store.dispose()


def test_too_much_is_said_in_a_notice_and_what_was_typed_can_be_sent_later(
    browser_page: Open, watched: Watched
) -> None:
    watched.expected.append("429")
    page = browser_page("bruno", "/account")
    address = page.get_by_label("Mail address")
    save = page.get_by_role("button", name="Save how you are told")
    done, refused = page.locator(".m-notice-done"), page.locator(".m-notice-refused")
    for time in range(9):  # the third is refused, unless three took longer than the limit's seconds
        typed = f"bruno.{time}@example.org"
        address.fill(typed)
        save.click()
        expect(done.or_(refused).last).to_be_visible()
        page.wait_for_timeout(1000)
        if refused.count():
            break
    expect(refused).to_contain_text("Not done")
    expect(refused).to_contain_text("Your input is still here. Try again in")
    expect(address).to_have_value(typed)
    page.wait_for_timeout((SECONDS + 1) * 1000)
    save.click()
    expect(done.last).to_contain_text("From now on you are told as you chose.")
    page.reload()
    expect(page.get_by_label("Mail address")).to_have_value(typed)


def test_one_screen_too_many_asks_instead_of_listening(browser_page: Open, watched: Watched) -> None:
    first, second = browser_page("chaima"), browser_page("chaima")
    expect(first.locator("#shell-live")).to_have_attribute("data-state", "live")
    expect(second.locator("#shell-live")).to_have_attribute("data-state", "polling")
    expect(second.locator("#shell-live-word")).to_have_text("Live, slower")
    second.wait_for_timeout(5000)
    expect(second.locator("#shell-live")).to_have_attribute("data-state", "polling")
    expect(first.locator("#shell-live")).to_have_attribute("data-state", "live")
