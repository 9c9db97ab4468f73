"""Figures go from a national Muster to that of a centre: two servers, a browser at each, and TLS between them."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from dashboard.server import webhook_post
from dashboard.settings import Settings
from operations.core import evidence
from operations.core.clock import now
from operations.core.people import System
from operations.core.sign_in import SignIn
from operations.exchange.centre_rows import CentreConnection
from operations.policing.map_plan import places
from operations.policing.reports import reports, verification
from tests.browser.conftest import Open, Server, Watched, let_in
from tests.dashboard.test_webhook_post import certificate
from tests.interface import token
from tests.makers import Running, form, send, site_draft, tally
from tests.programme import does, reads
from tests.servers import CHEAP_HASHES, PASSWORD, make_scene, serve

pytestmark = [pytest.mark.browser, pytest.mark.rest]


@contextmanager
def behind_tls(address: str, folder: Path) -> Iterator[tuple[str, str]]:
    """A server behind TLS, as behind a proxy of its house: its address, and who signed its certificate."""
    signed, key = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(signed, key)
    port = int(address.rpartition(":")[2])

    def pass_on(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while part := source.recv(65536):
                sink.sendall(part)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def take(plain: socket.socket) -> None:
        far = socket.create_connection(("127.0.0.1", port))
        with suppress(OSError), far, context.wrap_socket(plain, server_side=True) as near:
            threading.Thread(target=pass_on, args=(far, near), daemon=True).start()
            pass_on(near, far)

    def listen(door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=take, args=(door.accept()[0],), daemon=True).start()

    with closing(socket.create_server(("127.0.0.1", 0))) as door:
        threading.Thread(target=listen, args=(door,), daemon=True).start()
        yield f"https://127.0.0.1:{door.getsockname()[1]}", signed


@dataclass
class Centre:
    """The other Muster: where it answers, over TLS too, its scene, and a page of it."""

    address: str
    secure: str
    signed: str
    scene: Running
    page: Page


@pytest.fixture
def centre(browser: Browser, tmp_path: Path) -> Iterator[Centre]:
    url = f"sqlite:///{tmp_path / 'centre.sqlite'}"
    scene = make_scene(url)
    running = serve(url, tmp_path, CHEAP_HASHES)
    context, watched = browser.new_context(), Watched(running.address)
    with behind_tls(running.address, tmp_path) as (secure, signed):
        page = context.new_page()
        watched.look(page)
        let_in(context, running.address, "boubacar")
        yield Centre(running.address, secure, signed, scene, page)
    context.close()
    running.stop()
    scene.store.dispose()
    watched.check()


def site(scene: Running, name: str) -> None:
    """A site of Niger, of the same post under another name at each."""
    scene.sites[name] = does(scene, "ana", places.place_site, scene.operation, site_draft("NER", name), at=now()).id


def validated(scene: Running, count: int, before: reports.Report | None = None) -> reports.Report:
    """A report of Niger, or a correction of one, that two persons of it have verified."""
    more = {}
    if before is not None:
        with scene.store.reading(System()) as session:
            line = str(reports.lines_of(session, before.id)[0].id)
        more = {
            "supersedes_id": str(before.id),
            "report_id": str(before.report_id),
            "correction_reason": "count_revised",
        }
    lines = [tally(count) | ({"id": line} if before is not None else {})]
    made = send(scene, form(scene, "Tera", lines=lines, **more), by="chaima" if before else "bruno", at=now())
    for name in ("boubacar", "cheikh" if before else "chaima"):
        does(scene, name, verification.verify, made.id, at=now())
    return made


def newest_there(scene: Running) -> reports.Report:
    """The newest version of the report of the centre's site."""
    found: list[reports.Report] = reads(scene, "chaima", reports.newest, scene.operation, at=now())
    return next(each for each in found if each.site_id == scene.sites["Téra nord"])


def corrected_there(scene: Running, count: int) -> None:
    """Somebody of the country corrects at the centre, by hand, what came from its Muster."""
    before = newest_there(scene)
    with scene.store.reading(System()) as session:
        line = str(reports.lines_of(session, before.id)[0].id)
    again = form(scene, "Téra nord", lines=[tally(count) | {"id": line}], supersedes_id=str(before.id))
    again |= {"report_id": str(before.report_id), "correction_reason": "count_revised"}
    send(scene, again, by="boubacar", at=now())


def test_figures_are_matched_previewed_proven_sent_seen_corrected_and_withdrawn(
    server: Server, browser_page: Open, centre: Centre
) -> None:
    here, there = server.scene, centre.scene
    site(here, "Tera")
    site(there, "Téra nord")
    first = validated(here, 140)
    desk, key = browser_page("chaima", "/centre"), evidence.public_key()
    expect(desk.get_by_text(key)).to_be_visible()
    made = token(there, "boubacar", sender_key=key)
    deliver = webhook_post.sender(Settings(webhook_networks="127.0.0.0/8", webhook_ca=centre.signed))
    sent = desk.get_by_role("region", name="What was sent")
    leaving = desk.get_by_role("region", name="What would leave")

    def delivered() -> None:
        """What the timetable does within seconds."""
        with here.store.unit_of_work(System()) as session:
            for each in session.exec(select(CentreConnection)).all():
                each.due_at = now() - timedelta(seconds=1)
                session.add(each)
        deliver(here.store)

    def show(reason: str = "") -> None:
        desk.get_by_role("button", name="Show what would leave").click()
        expect(leaving).to_be_visible()
        if reason:
            desk.get_by_role("textbox", name="Reason of the corrections").click()
            desk.get_by_role("option", name=reason).click()

    def send_shown(number: int, answer: str = "Accepted") -> None:
        """What is shown is sent, and its answer comes to the open page."""
        desk.get_by_role("button", name="Sign and send 1 report").click()
        newest = sent.get_by_role("row").nth(1)
        expect(newest).to_contain_text("Waits")
        expect(newest.get_by_role("rowheader")).to_have_text(str(number))
        delivered()
        expect(newest).to_contain_text(answer)

    def at_centre(version: int, *words: str) -> None:
        found = newest_there(there)
        assert found.version == version
        centre.page.goto(f"{centre.address}/operations/{there.operation}/reports?report={found.id}")
        for each in words:
            expect(centre.page.locator(".reports-view")).to_contain_text(each)

    # connect, and say which site it is
    desk.get_by_role("textbox", name="Operation here").click()
    desk.get_by_role("option").first.click()
    desk.get_by_label("Address of the operation at the centre").fill(
        f"{centre.secure}/operations/{there.operation}/overview"
    )
    desk.get_by_label("Token", exact=False).first.fill(made.key)
    desk.get_by_role("button", name="Connect", exact=True).click()
    desk.wait_for_url("**/centre?show=*")
    delivered()
    expect(desk.get_by_text("1 site has no counterpart at the centre.")).to_be_visible()
    there_is = desk.get_by_role("textbox", name="Site at the centre")
    expect(there_is).to_have_value("Téra nord")
    there_is.click()
    desk.get_by_role("option", name="Téra nord").click()  # it was chosen already, and stays so
    desk.get_by_role("button", name="Remember the site").click()
    expect(desk.get_by_text("has no counterpart")).to_have_count(0)

    # every number that would leave, and who sends them proves who they are
    show()
    leaving.locator("summary").click()
    expect(leaving.get_by_role("listitem")).to_contain_text("Count: 140")
    expect(desk.get_by_text("Reason of the corrections")).to_be_hidden()  # nothing is corrected
    with here.store.unit_of_work(System()) as session:
        for entry in session.exec(select(SignIn)).all():
            entry.proven_at = now() - timedelta(hours=1)
            session.add(entry)
    desk.get_by_role("button", name="Sign and send 1 report").click()
    with desk.context.expect_page() as opened:
        desk.get_by_role("link", name="Give your password in a new tab").click()
    opened.value.fill('[name="password"]', PASSWORD)
    opened.value.press('[name="password"]', "Enter")
    opened.value.wait_for_url(lambda url: "/prove" not in url)
    opened.value.close()
    send_shown(1)
    expect(desk.get_by_text("Give your password in a new tab")).to_have_count(0)
    at_centre(1, "Another Muster, signed by its key", "140")

    # it is corrected at home
    second = validated(here, 150, first)
    show("Count revised")
    send_shown(2)
    at_centre(2, "Count revised", "150")

    # somebody corrects it at the centre: both sides see it, and the country decides
    corrected_there(there, 95)
    at_centre(3, "this version was written here", "95")
    third = validated(here, 160, second)
    show("Count revised")
    send_shown(3, "Refused")
    both = desk.get_by_role("region", name="Corrected at the centre")
    expect(both).to_contain_text("Checks 160")
    expect(both).to_contain_text("Checks 95")
    desk.get_by_role("button", name="Ours replace it").click()
    expect(both).to_have_count(0)
    show("Count revised")
    send_shown(4)
    at_centre(4, "Another Muster, signed by its key", "160")

    # nothing is left of it here: it is withdrawn there
    does(here, "chaima", reports.withdraw, third.id, "Counted twice.", at=now())
    show()
    send_shown(5)
    at_centre(4, "Withdrawn")
