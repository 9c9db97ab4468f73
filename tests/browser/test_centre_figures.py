"""Figures go from a national Muster to that of a centre: two servers, a browser at each, and TLS between them."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from dashboard.server import webhook_post
from dashboard.settings import Settings
from operations.core import evidence
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

pytestmark = pytest.mark.browser


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
    scene.sites[name] = does(scene, "ana", places.place_site, scene.operation, site_draft("NER", name), at=now()).id


def now() -> datetime:
    return datetime.now(UTC)


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


def newest(scene: Running) -> reports.Report:
    found: list[reports.Report] = reads(scene, "chaima", reports.newest, scene.operation, at=now())
    return next(each for each in found if each.site_id == scene.sites["Téra nord"])


def test_figures_are_matched_previewed_proven_sent_seen_corrected_and_withdrawn(
    server: Server, browser_page: Open, centre: Centre
) -> None:
    here, there = server.scene, centre.scene
    site(here, "Tera")
    site(there, "Téra nord")
    first = validated(here, 140)
    deliver = webhook_post.sender(Settings(webhook_networks="127.0.0.0/8", webhook_ca=centre.signed))

    def delivered() -> None:
        with here.store.unit_of_work(System()) as session:
            for each in session.exec(select(CentreConnection)).all():
                each.due_at = now() - timedelta(seconds=1)
                session.add(each)
        deliver(here.store)

    desk = browser_page("chaima", "/centre")
    key = evidence.public_key()
    expect(desk.get_by_text(key)).to_be_visible()
    made = token(there, "boubacar", sender_key=key)

    # connect, and say which site it is
    if not desk.get_by_label("Token").is_visible():
        desk.get_by_text("Connect an operation").click()
    desk.get_by_role("textbox", name="Operation here").click()
    desk.get_by_role("option").first.click()
    desk.get_by_label("Address of the operation at the centre").fill(
        f"{centre.secure}/operations/{there.operation}/overview"
    )
    desk.get_by_label("Token", exact=False).first.fill(made.key)
    desk.get_by_role("button", name="Connect", exact=True).click()
    desk.wait_for_url("**/centre?show=*")
    delivered()
    desk.reload()
    expect(desk.get_by_text("1 site has no counterpart at the centre.")).to_be_visible()
    desk.get_by_role("textbox", name="Site at the centre").click()
    desk.get_by_role("option", name="Téra nord").click()
    desk.get_by_role("button", name="Remember the site").click()
    expect(desk.get_by_text("has no counterpart")).to_have_count(0)

    # what is shown leaves, once its sender has proven who they are
    def send_shown(reason: str = "") -> None:
        desk.get_by_role("button", name="Show what would leave").click()
        if reason:
            desk.get_by_role("textbox", name="Reason of the corrections").click()
            desk.get_by_role("option", name=reason).click()
        desk.get_by_role("button", name="Sign and send 1 report").click()

    with here.store.unit_of_work(System()) as session:
        for entry in session.exec(select(SignIn)).all():
            entry.proven_at = now() - timedelta(hours=1)
            session.add(entry)
    send_shown()
    with desk.context.expect_page() as opened:
        desk.get_by_role("link", name="Give your password in a new tab").click()
    opened.value.fill('[name="password"]', PASSWORD)
    opened.value.press('[name="password"]', "Enter")
    opened.value.wait_for_url(lambda url: "/prove" not in url)
    opened.value.close()
    desk.get_by_role("button", name="Sign and send 1 report").click()
    expect(desk.get_by_text("Waits", exact=True)).to_be_visible()
    delivered()
    desk.reload()
    expect(desk.get_by_text("Accepted", exact=True)).to_be_visible()
    centre.page.goto(f"{centre.address}/operations/{there.operation}/reports?report={newest(there).id}")
    expect(centre.page.get_by_text("Another Muster, signed by its key")).to_be_visible()
    expect(centre.page.get_by_text("140")).not_to_have_count(0)

    # somebody corrects it at the centre: both sides see it, and the country decides
    sent = newest(there)
    with there.store.reading(System()) as session:
        line = str(reports.lines_of(session, sent.id)[0].id)
    by_hand = form(there, "Téra nord", lines=[tally(95) | {"id": line}], supersedes_id=str(sent.id))
    by_hand |= {"report_id": str(sent.report_id), "correction_reason": "count_revised"}
    corrected = send(there, by_hand, by="boubacar", at=now())
    centre.page.goto(f"{centre.address}/operations/{there.operation}/reports?report={corrected.id}")
    expect(centre.page.get_by_text("this version was written here")).to_be_visible()
    second = validated(here, 150, first)
    desk.reload()
    send_shown("Count revised")
    expect(desk.get_by_text("Waits", exact=True)).to_be_visible()
    delivered()
    desk.reload()
    asked = desk.get_by_role("table", name="Corrected at the centre")
    expect(asked).to_contain_text("150")
    expect(asked).to_contain_text("95")
    desk.get_by_role("button", name="Ours replace it").click()
    expect(asked).to_have_count(0)
    send_shown("Count revised")
    expect(desk.get_by_text("Waits", exact=True)).to_be_visible()
    delivered()
    assert (newest(there).version, newest(there).signed_key) == (3, key)

    # nothing is left of it here: it is withdrawn there
    does(here, "chaima", reports.withdraw, second.id, "Counted twice.", at=now())
    desk.reload()
    send_shown()
    expect(desk.get_by_text("Waits", exact=True)).to_be_visible()
    delivered()
    centre.page.goto(f"{centre.address}/operations/{there.operation}/reports?report={newest(there).id}")
    expect(centre.page.get_by_text("Withdrawn").first).to_be_visible()
