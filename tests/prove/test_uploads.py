"""45 files of one person at once: the others go on, the server's memory stays, and each file has its end.

Each sender does what the page does: told to come again, it waits as long as it was told and sends the file once more.
"""

import asyncio
import itertools
import json
import time
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.makers import Running
from tests.servers import PASSWORD, Serving, make_scene, serve

FILES = 45
ROWS = 200_000
ASKED = 150
SECONDS = 90
"""For this long a sender comes again; a server that reads one file after the other has read the first by then."""

MOST_SLOWER = 5
MOST_GROWTH = 250 * 2**20
"""One file, what becomes of it, and what is kept open; 45 files alone are 306 MB; before they queued, 1.4 GB."""


def large() -> bytes:
    """6.8 MB: positions in degrees and minutes are worked out row by row."""
    rows = (f"17 {n % 60:02}.{n % 97:02}N,8 {n % 59:02}.{n % 89:02}E,2024-01-{n % 28 + 1:02}" for n in range(ROWS))
    return "\n".join(["latitude,longitude,date", *rows]).encode()


def resident(server: Serving, name: str) -> int:
    """Bytes of memory of the server's own process: VmRSS now, VmHWM at its height."""
    said = Path(f"/proc/{server.process.pid}/status").read_text()
    [line] = [each for each in said.splitlines() if each.startswith(f"{name}:")]
    return int(line.split()[1]) * 1024


async def signed_in(server: Serving, name: str) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=FILES)
    client = httpx.AsyncClient(base_url=server.address, headers={"Origin": server.address}, timeout=300, limits=limits)
    assert (await client.post("/sign-in", data={"username": name, "password": PASSWORD})).status_code == 303
    return client


async def p95(client: httpx.AsyncClient, scene: Running, until: asyncio.Event | None = None) -> float:
    """How long 95 of 100 requests take at most that one person asks one after the other."""
    taken = []
    asked = itertools.cycle(["/pulse/now", f"/operations/{scene.operation}/overview", "/_dash-layout"])
    while len(taken) < ASKED or (until is not None and not until.is_set()):
        begins = time.monotonic()
        answer = await client.get(next(asked))
        assert answer.status_code == 200
        taken.append(time.monotonic() - begins)
        await asyncio.sleep(0.05)
    return sorted(taken)[int(len(taken) * 0.95)]


async def sent(client: httpx.AsyncClient, scene: Running, data: bytes, ends: float) -> tuple[int, dict[str, str], int]:
    """The last status and the last word about a file, and how often it was sent."""
    for times in itertools.count(1):
        answer = await client.post(f"/data/files/{scene.operation}?name=a.csv", content=data)
        if answer.status_code not in (429, 503):
            return answer.status_code, json.loads(answer.text.rstrip().rpartition("data: ")[2]), times
        wait = int(answer.headers["retry-after"])
        if time.monotonic() + wait > ends:
            return answer.status_code, answer.json(), times
        await asyncio.sleep(wait)
    raise AssertionError


async def flood(server: Serving, scene: Running) -> None:
    other, one, data = await signed_in(server, "bruno"), await signed_in(server, "chaima"), large()
    assert (await sent(one, scene, data[:4_000].rpartition(b"\n")[0], 0))[0] == 200  # the reader is loaded
    quiet, before = await p95(other, scene), resident(server, "VmRSS")
    over, ends = asyncio.Event(), time.monotonic() + SECONDS
    measuring = asyncio.create_task(p95(other, scene, over))
    ended = await asyncio.gather(*(sent(one, scene, data, ends) for _ in range(FILES)))
    over.set()
    busy, grown = await measuring, resident(server, "VmHWM") - before
    read = [said for status, said, _times in ended if status == 200]
    assert len(read) >= 2
    assert all(set(each) == {"read"} for each in read), read
    assert all(status == 200 or said["error"].endswith(".") for status, said, _times in ended), ended
    assert busy <= MOST_SLOWER * quiet, (quiet, busy)
    assert grown <= MOST_GROWTH, grown
    await one.aclose()
    await other.aclose()


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.requirement("ASVS 5.2.3")
def test_45_files_of_one_person_hold_up_nobody_else(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'muster.sqlite'}"
    scene = make_scene(url)
    server = serve(url, tmp_path)
    try:
        asyncio.run(flood(server, scene))
        assert "Fault" not in server.log.read_text()
    finally:
        server.kill()
        scene.store.dispose()
