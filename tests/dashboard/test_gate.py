"""Nothing answers without a session but what must; nothing is changed from elsewhere; answers carry their headers."""

import asyncio
import re

import pytest
from fastapi import FastAPI
from icalendar import Calendar
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from dashboard.app import create_app
from dashboard.frame.sign_in import PUBLIC
from dashboard.server.gate import Gate
from dashboard.server.rate_limits import open_doors
from dashboard.settings import Settings
from operations.core import sign_in
from operations.core.people import System
from operations.exchange import calendars
from operations.policing.operation import membership

UNKNOWN = "699e1a57-151b-48bf-8288-62ded3164d55"
ORIGIN = "http://127.0.0.1:8060"


def every_route(app) -> list[tuple[str, str]]:
    """(method, path) of every route: FastAPI's, those of routers, and Dash's own."""
    found = []

    def walk(routes):
        for route in routes:
            if isinstance(route, Route):
                found.extend((method, route.path) for method in sorted(route.methods or ()))
            elif not isinstance(route, Mount | WebSocketRoute) and hasattr(route, "original_router"):
                walk(route.original_router.routes)

    walk(app.inside.fastapi.routes)
    for rule in app.inside.dash.server.url_map.iter_rules():
        found.extend((method, rule.rule) for method in sorted(rule.methods))
    return [(method, re.sub(r"[{<][^}>]*[}>]", UNKNOWN, path)) for method, path in found if method != "OPTIONS"]


@pytest.mark.requirement("ASVS 13.4.5", "R1")
def test_no_route_answers_a_stranger(site):
    routes = every_route(site.app)
    paths = {path for _method, path in routes}
    assert {"/sign-out", "/pulse/now", "/_dash-update-component", "/_dash-layout", "/_dash-dependencies"} <= paths
    assert any(path.startswith("/data/") for path in paths), "the map's data are among them"
    open_routes = {
        (method, path)
        for method, path in routes
        if path not in PUBLIC and site.visitor().request(method, path).status_code not in (401, 303)
    }
    assert not open_routes


@pytest.mark.parametrize(
    "path", ["/assets/vendor/later/plotly.js", "/assets/vendor/05_fonts.css", "/docs", "/openapi.json", "/sign-in/x"]
)
@pytest.mark.requirement("R1")
def test_files_and_unknown_paths_are_behind_the_gate_too(site, path):
    assert site.visitor().get(path).status_code == 401


@pytest.mark.parametrize(
    "path", ["/SIGN-IN", "/sign-in/", "/health/x", "/sign-in/../account", "/%2e%2e/sign-in", "//sign-in"]
)
def test_what_looks_like_a_public_path_is_not_public(site, path):
    assert site.visitor().get(path).status_code in (401, 303, 404)
    assert "Skip to the content" not in site.visitor().get(path).text


def test_the_sign_in_page_tells_which_look_the_system_asks_for(site):
    """So that the first page after it is dark where the system is: the server draws it, and knows by a cookie only."""
    found = re.search(r'<script src="(/sign-in/scheme\.js\?v=\w+)"></script>', site.visitor().get("/sign-in").text)
    answer = site.visitor().get(found.group(1))
    assert answer.status_code == 200
    assert "muster-scheme" in answer.text


FEED = "/calendar/" + "x" * 43 + ".ics"


def test_a_calendar_answers_without_a_session_to_whoever_has_its_key(site):
    """The one address besides the public ones that needs no session. What it does not know is not there."""
    assert site.visitor().get(FEED).status_code == 404
    owner = site.account(role="operation_coordinator")
    with site.store.reading(System()) as session:
        by = membership.actor(session, owner)
    with site.store.unit_of_work(by) as session:
        made = calendars.open_feed(session, None, by)
    answer = site.visitor().get(f"/calendar/{made.token}.ics", headers={"sec-fetch-site": "none"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.headers["cache-control"] == "no-store"
    assert Calendar.from_ical(answer.content)["X-WR-CALNAME"] == "Muster"
    with site.store.unit_of_work(by) as session:
        calendars.revoke(session, made.feed.id, by)
    assert site.visitor().get(f"/calendar/{made.token}.ics").status_code == 404


@pytest.mark.parametrize("path", [f"{FEED}/x", "/calendar/short.ics", FEED[:-4], f"/x{FEED}", FEED.replace("x.", "/.")])
def test_what_looks_like_the_address_of_a_calendar_is_behind_the_gate(site, path):
    assert site.visitor().get(path).status_code == 401


@pytest.mark.parametrize("method", ["OPTIONS", "POST", "PUT", "DELETE"])
def test_a_calendar_is_read_only(site, method):
    assert site.visitor().request(method, FEED).status_code == 401


def test_the_conflicts_of_a_move_are_asked_with_a_session_only(site):
    assert site.visitor().get("/data/timeline/check", params={"id": UNKNOWN, "ends": "x"}).status_code == 401
    client = site.signed_in()
    refused = client.get("/data/timeline/check", params={"id": UNKNOWN, "ends": "2026-01-01T00:00:00"})
    assert (refused.status_code, refused.json()["error"]) == (422, "This time has no time zone: add one.")
    assert client.get("/data/timeline/check", params={"id": UNKNOWN, "ends": "2026-01-01T00:00Z"}).status_code == 404


def test_a_stranger_who_navigates_is_led_to_the_sign_in_page_and_back(site):
    answer = site.visitor().get("/account?x=1", headers={"accept": "text/html", "sec-fetch-mode": "navigate"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/account%3Fx%3D1"


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics", "/sign-in", "/", "/nowhere", "/account", FEED])
def test_a_head_is_answered_as_its_get(site, path):
    for browser in (site.visitor(), site.signed_in()):
        assert browser.head(path).status_code == browser.get(path).status_code


def test_health_says_that_it_lives_and_nothing_else(site):
    assert site.visitor().get("/health").text == "ok"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:8060.elsewhere.example"},
        {"origin": ORIGIN, "sec-fetch-site": "cross-site"},
        {"origin": ORIGIN, "sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.requirement("ASVS 3.4.2", "ASVS 3.5.1", "R39")
def test_a_forged_origin_changes_nothing(site, headers):
    client = site.signed_in()
    assert client.post("/sign-out", headers=headers).status_code == 403
    assert client.get("/pulse/now").status_code == 200, "the session lives on"
    assert site.visitor().post("/sign-in", data={"username": "a", "password": "b"}, headers=headers).status_code == 403


@pytest.mark.requirement("ASVS 3.5.1", "R39")
def test_a_post_that_does_not_say_where_it_comes_from_is_refused(site):
    client = site.signed_in()
    del client.headers["origin"]
    assert client.post("/sign-out").status_code == 403


@pytest.mark.requirement("ASVS 3.2.1")
def test_other_sites_may_link_here_but_not_embed_or_fetch(site):
    client = site.signed_in()
    elsewhere = {"sec-fetch-site": "cross-site"}
    linked = {**elsewhere, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert client.get("/account", headers=linked).status_code == 200
    framed = {**elsewhere, "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}
    assert client.get("/account", headers=framed).status_code == 403
    assert client.get("/_dash-layout", headers=elsewhere).status_code == 403


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
@pytest.mark.requirement("ASVS 4.4.2", "ASVS 4.4.3")
def test_a_socket_needs_a_session_and_our_origin(site, origin):
    known = site.signed_in()
    with site.socket(known) as socket:
        assert socket.receive_json()["operations"] == []
    for client, sent in ((site.visitor(), ORIGIN), (known, origin)):
        with pytest.raises(WebSocketDisconnect), site.socket(client, origin=sent):
            pass


def test_a_socket_to_anything_else_is_closed(site):
    with pytest.raises(WebSocketDisconnect) as closed, site.socket(site.signed_in(), "/_dash-layout"):
        pass
    assert closed.value.code == 4403


@pytest.mark.requirement("ASVS 5.2.1", "R29")
def test_more_than_a_mebibyte_is_refused_whatever_the_header_says(site):
    client, large = site.signed_in(), b"x" * (1024 * 1024 + 1)
    assert client.post("/_dash-update-component", content=large).status_code == 413
    assert (
        client.post(
            "/_dash-update-component", content=(large[i : i + 65536] for i in range(0, len(large), 65536))
        ).status_code
        == 413
    )
    assert client.post("/sign-in", content=large).status_code == 413


async def _asked(site, client, method, path, receive):
    """The status with which the gate answers; `receive` gives the body."""
    status = []

    async def send(message):
        if message["type"] == "http.response.start":
            status.append(message["status"])

    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    named = {"host": "127.0.0.1:8060", "origin": ORIGIN, "cookie": cookie, "content-type": "application/json"}
    headers = [(name.encode(), value.encode()) for name, value in named.items()]
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8060),
        "scheme": "http",
        "http_version": "1.1",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "root_path": "",
    }
    await site.app(scope, receive, send)
    return status[0]


def _body(*parts, until=None):
    """A body of these parts; the last comes when `until` is set."""
    left = list(parts)

    async def receive():
        if len(left) == 1 and until is not None:
            await until.wait()
        if left:
            return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}
        return await asyncio.Event().wait()

    return receive


def _known(site, **about):
    """A browser whose session this process has seen."""
    client = site.signed_in(**about)
    assert client.get("/pulse/now").status_code == 200
    return client


@pytest.mark.parametrize("path", ["/_dash-update-component", "/preferences"])
def test_sixteen_slow_bodies_of_four_people_take_no_turn_from_anybody(site, path):
    slow, quick = [_known(site) for _ in range(4)], _known(site)

    async def play():
        never = asyncio.Event()
        bodies = [
            asyncio.create_task(_asked(site, client, "POST", path, _body(b"{", b"}", until=never)))
            for client in slow
            for _ in range(4)
        ]
        await asyncio.sleep(0.7)  # until they are slow
        answer = await asyncio.wait_for(_asked(site, quick, "POST", path, _body(b"{}")), 5)
        for body in bodies:
            body.cancel()
        await asyncio.gather(*bodies, return_exceptions=True)
        return answer

    assert asyncio.run(play()) < 500
    assert (site.app.bodies.in_memory, site.app.bodies.in_files) == (0, 0)


def test_slow_bodies_of_strangers_take_no_turn_from_their_network(site):
    async def play():
        never = asyncio.Event()
        bodies = [
            asyncio.create_task(_asked(site, site.visitor(), "POST", "/wall", _body(b"code=", b"x", until=never)))
            for _ in range(60)
        ]
        await asyncio.sleep(0.7)  # until they are slow
        answer = await asyncio.wait_for(_asked(site, site.visitor(), "POST", "/wall", _body(b"{}")), 5)
        for body in bodies:
            body.cancel()
        await asyncio.gather(*bodies, return_exceptions=True)
        return answer

    assert asyncio.run(play()) < 500


def test_who_asks_is_who_it_is_when_the_body_has_come(site):
    """A request held open while its session ends acts no more."""
    client = _known(site)

    async def play():
        whole = asyncio.Event()
        held = asyncio.create_task(_asked(site, client, "POST", "/preferences", _body(b"theme=", b"dark", until=whole)))
        await asyncio.sleep(0.05)
        await asyncio.to_thread(_sign_out, site, client)
        whole.set()
        return await asyncio.wait_for(held, 10)

    assert asyncio.run(play()) == 401


def _sign_out(site, client):
    with site.store.unit_of_work(System()) as session:
        sign_in.sign_out(session, client.cookies["muster"])


def test_what_reads_waits_for_no_body(site):
    client = _known(site)

    async def play():
        receive = _body(b"{", b"}", until=asyncio.Event())
        return await asyncio.wait_for(_asked(site, client, "GET", "/pulse/now", receive), 5)

    assert asyncio.run(play()) == 200


def test_a_body_that_stops_is_told_so(site, monkeypatch):
    monkeypatch.setattr("dashboard.server.request_bodies.GRACE", 0.1)
    client = _known(site)

    async def play():
        receive = _body(b"{", b"}", until=asyncio.Event())
        return await asyncio.wait_for(_asked(site, client, "POST", "/_dash-update-component", receive), 5)

    assert asyncio.run(play()) == 408


@pytest.mark.parametrize(
    "path", ["/sign-in", "/health", "/account", "/_dash-layout", "/nowhere", "/assets/vendor/later/plotly.js"]
)
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.requirement(
    "ASVS 14.2.2", "ASVS 14.3.2", "ASVS 3.4.3", "ASVS 3.4.4", "ASVS 3.4.5", "ASVS 3.4.6", "ASVS 3.7.1", "R38"
)
def test_every_answer_carries_its_headers(site, path, known):
    headers = (site.signed_in() if known else site.visitor()).get(path).headers
    policy = headers["content-security-policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in scripts
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "object-src 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


@pytest.mark.requirement("ASVS 3.4.1")
def test_behind_tls_browsers_are_told_to_use_it_for_a_year(site):
    settings = Settings(public_origin="https://muster.example", database_url=str(site.store.url))
    gate = Gate(FastAPI(), site.store, settings, PUBLIC, str, open_doors(settings))
    answer = TestClient(gate, base_url="https://muster.example").get("/account")
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert "strict-transport-security" not in site.visitor().get("/account").headers


@pytest.mark.requirement("ASVS 13.4.4")
def test_trace_is_answered_by_nobody(site):
    for client in (site.visitor(), site.signed_in()):
        for path in ("/account", "/sign-in", "/health", "/api/v1"):
            answer = client.request("TRACE", path, headers={"origin": ORIGIN, "x-secret": "shown-back"})
            assert answer.status_code in (401, 403, 405)
            assert "shown-back" not in answer.text


@pytest.mark.requirement("ASVS 1.2.3", "ASVS 3.4.3", "R38")
def test_every_inline_script_of_the_page_has_its_hash(site):
    import base64
    import hashlib

    answer = site.signed_in().get("/account")
    inline = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>(.*?)</script>", answer.text, re.DOTALL)
    assert inline, "Dash starts its renderer from an inline script"
    for script in inline:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in answer.headers["content-security-policy"]


def test_files_with_a_fingerprint_are_kept_by_the_browser_and_no_one_else(site):
    client = site.signed_in()
    suites = re.findall(r'src="(/_dash-component-suites/[^"]+)"', client.get("/account").text)
    assert suites
    assert client.get(suites[0]).headers["cache-control"] == "private, max-age=31536000, immutable"


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fr", "ltr"), ("es", "ltr"), ("ar", "rtl")])
def test_the_page_says_its_language_and_direction(site, language, direction):
    page = site.signed_in(language=language).get("/account").text
    assert f'<html lang="{language}" dir="{direction}"' in page


def test_a_choice_of_language_stays_with_the_account_and_one_of_look_with_the_browser(site):
    account = site.account()
    client = site.signed_in(account)
    back = client.post("/preferences", data={"language": "ar"}, headers={"referer": f"{ORIGIN}/account"})
    assert (back.status_code, back.headers["location"]) == (303, "/account")
    assert 'lang="ar" dir="rtl"' in client.get("/account").text
    client.post("/preferences", data={"theme": "dark"})
    assert 'data-mantine-color-scheme="dark"' in client.get("/account").text
    assert 'lang="ar" dir="rtl"' in site.signed_in(account).get("/").text
    assert client.post("/preferences", data={"language": "xx"}).status_code == 422


def test_unknown_pages_and_addresses_answer_as_pages_do(site):
    assert site.signed_in().get(f"/operations/{UNKNOWN}/situation").status_code == 200


@pytest.mark.parametrize("variable", ["DASH_MCP_ENABLED", "DASH_DEBUG"])
@pytest.mark.requirement("ASVS 13.4.2", "R85")
def test_muster_refuses_to_start_with_a_way_around_the_gate(monkeypatch, variable):
    monkeypatch.setenv(variable, "true")
    with pytest.raises(RuntimeError, match=variable):
        create_app(Settings(database_url="sqlite://"))
