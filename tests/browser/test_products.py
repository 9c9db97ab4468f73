"""A product from the question to what it led to, a partner that is given it, and messages and offices of two
countries.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from operations.core.clock import now
from operations.exchange import directory, dispatches, partners, products
from tests.browser.conftest import Open, Server, sure
from tests.partners import TEXT, admission_draft
from tests.programme import does, reads


def chosen(page: Page, label: str, *names: str) -> None:
    """Choose by name in a field that lists what can be chosen."""
    field = page.get_by_role("textbox", name=label)
    for name in names:
        field.fill(name)
        page.get_by_role("option", name=name).first.click()
    page.keyboard.press("Escape")


def day(page: Page, label: str, ahead: int) -> None:
    until = now() + timedelta(days=ahead)
    page.get_by_label(label).fill(f"{until.day} {until:%b} {until.year}")
    page.get_by_role("heading").first.click()


@pytest.mark.journey
def test_a_product_is_asked_written_given_to_a_partner_and_used(server: Server, browser_page: Open) -> None:
    scene = server.scene
    until = (now() + timedelta(days=9)).date()
    draft = admission_draft(scene, starts=now().date(), until=until, sees=["products"], sections=[])
    admission = does(scene, "ana", partners.propose, draft, at=now())

    leader = browser_page("lena", f"/partners?show={admission.id}")
    leader.get_by_role("button", name="Admit it").click()
    sure(leader)
    expect(leader.get_by_role("heading", name="What it sees today")).to_be_visible()

    country, analyst = browser_page("chaima", "/products"), browser_page("dov", "/products")
    country.locator("summary", has_text="Ask for a product").click()
    country.get_by_role("textbox", name="Operation").click()
    country.get_by_role("option").first.click()
    country.get_by_label("Question").fill("Which weigh stations do the lorries pass?")
    country.get_by_label("What for").fill("To post the patrols.")
    day(country, "Wanted until", 7)
    country.get_by_role("button", name="Ask", exact=True).click()
    expect(analyst.get_by_role("gridcell", name="Which weigh stations do the lorries pass?")).to_be_visible()
    [request] = reads(scene, "dov", products.requests)

    analyst.goto(f"{server.address}/products?show={request.id}")
    analyst.get_by_role("button", name="Accept it").click()
    analyst.get_by_label("Subject").fill("Lorries after dark")
    analyst.get_by_role("textbox", name="Product", exact=True).fill(TEXT)
    chosen(analyst, "Partner organisations", "Europol")
    country.goto(f"{server.address}/products?show={request.id}")
    analyst.get_by_role("button", name="Deliver it").click()
    expect(country.get_by_text(TEXT)).to_be_visible()  # the open page followed
    expect(leader.get_by_text(TEXT)).to_be_visible()

    chosen(country, "What it led to", "Led to a check")
    country.get_by_role("button", name="Say it").click()
    expect(analyst.get_by_text("Led to a check").first).to_be_visible()

    country.goto(f"{server.address}/partners?show={admission.id}")
    country.get_by_role("button", name="Withhold from this partner").click()
    expect(country.get_by_role("button", name="Withhold no more")).to_be_visible()
    with leader.expect_download() as told:
        leader.get_by_role("button", name="What it is given, as PDF").click()
    assert told.value.suggested_filename.startswith("muster-partner-europol-")


def test_an_office_is_entered_and_a_message_is_sent_read_and_answered(server: Server, browser_page: Open) -> None:
    niger, mali = browser_page("chaima", "/directory"), browser_page("moussa", "/directory")
    niger.locator("summary", has_text="Enter an office of your country").click()
    niger.get_by_role("textbox", name="Office").fill("Document laboratory of the border police")
    chosen(niger, "Specialism", "Document examiner")
    chosen(niger, "Kind of agency", "Border guard")
    niger.get_by_role("button", name="Enter it").click()
    expect(mali.get_by_role("gridcell", name="Document laboratory of the border police")).to_be_visible()
    [office] = reads(server.scene, "moussa", directory.members)
    niger.goto(f"{server.address}/directory?show={office.id}")
    niger.locator("summary", has_text="Write down what it did").click()
    chosen(niger, "What it did", "Taught colleagues")
    niger.get_by_role("button", name="Write it down").click()
    expect(niger.locator(".file-past li")).to_have_count(1)

    mali.goto(f"{server.address}/messages")
    niger.goto(f"{server.address}/messages")
    niger.locator("summary", has_text="Write a message").click()
    chosen(niger, "To", "Mali")
    niger.get_by_label("Subject").fill("Lorries at the yard")
    niger.get_by_role("textbox", name="Message", exact=True).fill(
        "They leave after dark. Please check the weigh station."
    )
    niger.get_by_role("button", name="Send", exact=True).click()
    expect(mali.get_by_role("link", name="Lorries at the yard")).to_be_visible()
    [message] = reads(server.scene, "moussa", dispatches.dispatches)
    for page in (niger, mali):
        page.goto(f"{server.address}/messages?show={message.id}")
    mali.get_by_role("button", name="Confirm that it was read").click()
    expect(niger.get_by_role("cell", name="Moussa Traore")).to_be_visible()
    mali.get_by_role("textbox", name="Message", exact=True).fill("Two were weighed.")
    mali.get_by_role("button", name="Send the answer").click()
    expect(niger.get_by_role("heading", name="Answers")).to_be_visible()
