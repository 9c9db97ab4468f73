"""The reference of a transnational case is typed on a phone, and refused at the field that is wrong (K27)."""

import re

import pytest
from playwright.sync_api import expect

from operations.core.people import System
from operations.policing.operation import plan
from tests.browser.conftest import Open, Server
from tests.browser.test_everywhere import Look, _judged, _too_wide
from tests.browser.test_report import cell, reports_page, walks_to

pytestmark = pytest.mark.slow


def test_the_reference_of_a_case_is_asked_for_where_it_is_transnational(server: Server, browser_page: Open) -> None:
    with server.scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, server.scene.operation).line_kinds = ["investigation"]
    phone = browser_page("bruno", reports_page(server), width=390, height=844)
    cell(server, phone, "Niamey").click()
    phone.locator(".reports-way").wait_for()
    row = phone.locator(".reports-row-investigation")
    if not row.count():
        phone.get_by_role("button", name="Add investigations").click()
    reference, count = row.get_by_label("Reference of the case"), row.locator(".reports-signed input")
    expect(reference).to_have_count(0)
    count.fill("2")
    row.get_by_label("Reach").select_option("transnational")
    row.get_by_label("Offence").select_option("migrant_smuggling")
    reference.fill("ej-2026/0123")
    walks_to(phone, phone.get_by_role("button", name="Send report"))
    phone.get_by_role("button", name="Send report").click()
    expect(row).to_contain_text("A line with a case reference stands for")
    expect(count).to_be_focused()
    expect(count).to_have_attribute("aria-invalid", "true")
    expect(count).to_have_attribute("aria-describedby", re.compile("count$"))
    assert [*_judged(phone), *_too_wide(phone, Look(390, 844))] == []
    count.fill("1")
    walks_to(phone, phone.get_by_role("button", name="Send report"))
    phone.get_by_role("button", name="Send report").click()
    expect(phone.locator(".reports-view")).to_contain_text("EJ-2026/0123")
