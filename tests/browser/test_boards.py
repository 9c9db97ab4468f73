"""A coordinator edits the board from the catalogue: the situation of everybody has the tile no more."""

from playwright.sync_api import expect

from tests.browser.conftest import Open, Server


def test_a_figure_is_taken_off_the_board_and_put_on_it_again(server: Server, browser_page: Open) -> None:
    of = f"/operations/{server.scene.operation}"
    situation = browser_page("lena", f"{of}/situation")
    situation.get_by_text("All key figures").click()
    tile = situation.locator("#situation-tile-K04")
    expect(tile).to_be_visible()
    catalogue = browser_page("ana", f"{of}/figures")
    catalogue.get_by_role("button", name="Take off the board: Raw hits").click()
    back = catalogue.get_by_role("button", name="Put on the board: Raw hits")
    expect(back).to_be_visible()
    expect(tile).to_be_hidden()
    back.click()
    expect(tile).to_be_visible()
