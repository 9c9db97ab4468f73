"""A coordinator moves a phase with the mouse and another with keys, is told of conflicts while dragging, gets a refused
bar back, ticks a task on the board, and hands the address of the calendar to a client library."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx2 as httpx
import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from operations.core.people import System
from operations.core.vocabulary import TaskState
from operations.policing.calendar import tasks
from operations.policing.operation import plan
from tests.browser.conftest import Open, Server
from tests.makers import add_task, link, phase_draft

DAY = timedelta(days=1)


def phase_at(server: Server, kind: str) -> datetime:
    with server.scene.store.reading(System()) as session:
        return next(each.starts for each in plan.phases(session, server.scene.operation) if each.kind == kind)


def middle(page: Page, kind: str) -> tuple[float, float]:
    box = page.locator(f".vis-item.phase-{kind}").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, kind: str, pixels: float, steps: int = 12) -> None:
    """Take a bar and pull it, without letting go."""
    page.locator(f".vis-item.phase-{kind}").hover()  # waits until it lies still
    x, y = middle(page, kind)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, steps + 1):
        page.mouse.move(x + pixels * step / steps, y)


def test_a_coordinator_moves_phases_and_works_on_tasks(server: Server, browser_page: Open) -> None:
    scene = server.scene
    start = scene.start
    with scene.store.unit_of_work(scene["ana"]) as session:
        for kind, begins in (("consolidation", 6), ("debrief", 12)):
            draft = phase_draft(kind, start + begins * DAY, start + (begins + 3) * DAY)
            plan.schedule(session, scene.operation, draft, scene["ana"])
    with scene.store.reading(System()) as session:
        phases = {each.kind: each.id for each in plan.phases(session, scene.operation)}
    link(scene, phases["consolidation"], phases["debrief"])
    task = add_task(
        scene,
        title="Brief the teams",
        due=start + 2 * DAY,
        country=None,
        role="operation_coordinator",
        steps=["Print the sheets"],
    )
    page = browser_page("ana", f"/operations/{scene.operation}/timeline")
    status = page.locator("#timeline-status")
    expect(page.locator(".vis-item.phase-debrief")).to_be_visible()

    # A title stands in the part of its bar that is in sight, whatever lies outside of the window.
    shows = "([from, to]) => window.musterTimeline.state.chart.setWindow(from, to, {animation: false})"
    whole = page.evaluate("() => Object.values(window.musterTimeline.state.chart.getWindow()).map(Number)")
    page.evaluate(shows, [(phase_at(server, "operational") + DAY / 2).timestamp() * 1000, whole[1]])
    page.wait_for_function(
        """() => {
          const box = (of) => document.querySelector(of).getBoundingClientRect(), operational = ".vis-item.phase-operational";
          const [bar, seen, title] = [operational, ".vis-panel.vis-center", `${operational} .vis-item-content`].map(box);
          return bar.left < seen.left && title.left >= seen.left - 1 && title.right <= bar.right + 1;
        }"""
    )

    # A title of two directions is cut in the order of reading: its second part keeps its beginning.
    page.evaluate(
        """name => {
          const { chart, items } = window.musterTimeline.state;
          const id = document.querySelector(".vis-item.phase-operational").dataset.id, { start, end } = items.get(id);
          items.update({ id, content: name });
          chart.setWindow(start - 4 * (end - start), +end + 4 * (end - start), { animation: false });
        }""",
        "العمليات: Checks at transit points",
    )
    expect(page.locator(".vis-item.phase-operational [dir=auto]")).to_have_text(re.compile("^العمليات: C.*…\u200e$"))
    page.reload()
    expect(page.locator(".vis-item.phase-debrief")).to_be_visible()
    page.evaluate(shows, whole)

    # Over another phase: both are hatched while the bar is in the hand, and it goes back when it is let go.
    page.locator(".vis-item.phase-debrief").hover()
    before = middle(page, "debrief")
    drag(page, "debrief", middle(page, "consolidation")[0] - before[0])
    expect(status).to_contain_text("This overlaps with the phase Consolidation")
    expect(page.locator(".vis-item.is-clashing")).to_have_count(2)
    page.mouse.up()
    expect(page.locator(".vis-item.is-clashing")).to_have_count(0)
    assert middle(page, "debrief") == pytest.approx(before, abs=2)
    assert phase_at(server, "debrief") == start + 12 * DAY

    # Where it is free, it stays.
    drag(page, "debrief", 60)
    expect(status).to_have_text("Nothing stands in the way.")
    page.mouse.up()
    expect(status).to_have_text("Moved. Escape takes it back.")
    assert phase_at(server, "debrief") > start + 12 * DAY

    # By keyboard: the third bar, a day later and an hour more; then taken back.
    page.locator("#timeline-chart").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(status).to_contain_text("Consolidation:")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+ArrowRight")
    expect(status).to_have_text("Moved. Escape takes it back.")
    assert phase_at(server, "consolidation") == start + 7 * DAY + DAY / 24
    page.keyboard.press("Escape")
    expect(status).to_have_text("Taken back.")
    assert phase_at(server, "consolidation") == start + 6 * DAY
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Consolidation")).to_be_visible()
    expect(page.get_by_role("button", name="Save the phase")).to_be_visible()

    page.get_by_role("tab", name="Board").click()
    card = page.locator(".board-card", has_text="Brief the teams")
    card.get_by_text("Print the sheets").click()
    page.get_by_role("tab", name="List").click()
    expect(page.locator(".ag-cell", has_text="1 / 1")).to_be_visible()
    due = (start + 2 * DAY).astimezone(ZoneInfo("Africa/Niamey"))
    hours = f"Mali {due:%H:%M} · Niger {due:%H:%M}"
    expect(page.locator(".ag-row", has_text="1 / 1").locator('[col-id="there"]')).to_have_text(hours)
    page.get_by_role("tab", name="Board").click()
    card.get_by_role("button", name="Done").click()
    expect(page.get_by_label("Done", exact=True).locator(".board-card")).to_have_count(1)
    with scene.store.reading(System()) as session:
        assert tasks.task(session, task.id).state == TaskState.DONE

    page.get_by_role("tab", name="Calendar").click()
    page.get_by_role("button", name="Make an address").nth(1).click()
    address = page.locator("#calendar-address-operation").inner_text()
    answer = httpx.get(address)
    events = Calendar.from_ical(answer.content).events
    assert {str(event["UID"]).removesuffix("@muster") for event in events} == {
        *map(str, phases.values()),
        str(task.id),
    }
    assert "Brief the teams" in answer.text  # an operation of the lowest marking says what it is about
