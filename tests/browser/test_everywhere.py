"""Every page that the rail offers, for four roles and in four looks: it is there, with nothing wrong in the console,
nothing asked of another host, nothing wider than a phone or too small for a finger, nothing left in English, and no
fault that axe finds by WCAG 2.0 to 2.2 A, AA.

A browser goes from page to page through the rail, as people do: one document is loaded for each role and language. On
each page its window is made narrow and dark in turn, as one turns a phone or switches the lamp off: the page is not
asked again.
"""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from dashboard import places
from dashboard.frame import shell
from dashboard.navigation import rail
from dashboard.wording import _, in_language
from operations.core.people import System
from operations.policing.operation import plan
from tests.browser.conftest import Open, Server
from tests.makers import arrest, form, hit, send, tally
from tests.servers import ROOT

pytestmark = pytest.mark.slow

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
_JUDGE = """async ([tags, decided]) => {
  const found = await axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations', 'incomplete']});
  const open = found.incomplete
    .map((rule) => ({...rule, nodes: rule.nodes.filter((node) => !new RegExp(decided[rule.id] ?? '^$').test(node.html))}))
    .filter((rule) => rule.nodes.length);
  return [...found.violations, ...open].map((rule) => [rule.id, rule.nodes.slice(0, 4).map((node) => `${node.target} ${node.html.slice(0, 160)} | `
    + [...node.any, ...node.all].map((check) => check.message).join(' ').slice(0, 220))]);
}"""
_DECIDED = {
    "color-contrast": "",  # over pictures and gradients: test_contrast.py measures the colours of the theme
    "aria-required-children": "class=.ag-",  # AG Grid keeps its groups of rows where they are empty
    "label-content-name-mismatch": "leaflet-control-zoom|reports-cell|>[×+−–-]<",  # what is seen is a sign
}
"""What axe leaves to a person, and was decided: by its rule, what is right, as a regular expression of its HTML."""
_QUIET = """() => !document.querySelector('[data-dash-is-loading="true"], .m-opening, .atlas:not([data-ready="true"])')
  && document.querySelector('#main h1') && document.querySelector('#shell-live').dataset.state === 'live'
  && document.fonts.status === 'loaded' && !document.getAnimations().some((each) => each.effect.getComputedTiming().iterations !== Infinity)"""


_STILL = "() => !document.getAnimations().some((each) => each.effect.getComputedTiming().iterations !== Infinity)"
_LISTED = """() => ![...document.querySelectorAll('.m-grid-body')]
  .some((list) => list.checkVisibility() && !list.querySelector('.ag-header-cell'))"""
"""Every list has drawn its headings: axe would find one that is half made."""

_SMALL = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [role=tab]')]
  .filter((each) => each.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && !each.closest('.ag-root, .leaflet-map-pane, .vis-timeline, .m-skip') && getComputedStyle(each).display !== 'inline')
  .map((each) => [each, (each.closest('label, .mantine-Checkbox-root, .mantine-Radio-root, .mantine-Switch-root, .mantine-MultiSelect-input')
    || each).getBoundingClientRect()])
  .filter(([each, box]) => box.width > 2 && box.height > 2 && (box.width < 23.5 || box.height < 23.5))
  .map(([each, box]) => `${each.tagName} ${each.className} ${each.innerText}: ${box.width.toFixed()} x ${box.height.toFixed()}`)"""
"""What a finger misses: controls of less than 24 px (WCAG 2.5.8). Links within a sentence are as high as its lines."""

_WIDE_CARDS = """() => [...document.querySelectorAll('.m-scroll:has(> .m-table-cards)')]
  .filter((each) => each.scrollWidth > each.clientWidth).map((each) => `${each.ariaLabel} scrolls sideways`)"""
"""Tables whose rows are cards on a phone, and that scroll all the same."""


@dataclass(frozen=True)
class Look:
    """How a browser stands before a page."""

    width: int = 1440
    height: int = 900
    scheme: str = "light"
    language: str = "en"

    def __str__(self) -> str:
        return f"{self.language}-{self.scheme}-{self.width}"


LOOKS = (Look(), Look(390, 844), Look(scheme="dark"), Look(language="ar"))
OWN = frozenset({"assignment", "shifts", "reports", "data-protection"})
"""Pages of the coordinator's that leadership has not: seen in every look too."""
SEEN = {
    "leadership": ("lena", None, LOOKS[:3]),
    "leadership-ar": ("lena", None, LOOKS[3:]),
    "coordinator": ("ana", None, LOOKS[:1]),
    "officer-ar": ("bruno", None, (Look(390, 844, language="ar"),)),
    "coordinator-own": ("ana", OWN, LOOKS[1:3]),
    "coordinator-own-ar": ("ana", OWN, LOOKS[3:]),
    "officer": ("bruno", None, LOOKS[1:2]),
    "country": ("chaima", None, LOOKS[2:3]),
}
"""Who walks through which pages (all, or those named) in which looks."""


@pytest.fixture(scope="module", autouse=True)
def results(server: Server) -> None:
    """Something to see on every page: reports of both countries, a hit, few persons, one report verified."""
    begins = server.scene.start + timedelta(hours=1)
    span = {"period_from": begins.isoformat(), "period_to": (begins + timedelta(hours=8)).isoformat()}
    for site, by, lines in (
        ("Niamey", "bruno", [tally(4800), hit(begins + timedelta(hours=1))]),
        ("Agadez", "binta", [tally(350), tally(20, database="nominal", entity_type="person")]),
        ("Bamako", "mateo", [tally(1200), arrest(3)]),
    ):
        send(server.scene, form(server.scene, site, lines=lines, **span), by=by)


@pytest.mark.parametrize(
    ("name", "only", "looks"),
    [
        pytest.param(*seen, id=key, marks=[pytest.mark.journey] if key == "officer-ar" else [])
        for key, seen in SEEN.items()
    ],
)
@pytest.mark.requirement("ASVS 14.2.3", "R38", "R87")
def test_every_page(
    server: Server, browser_page: Open, name: str, only: frozenset[str] | None, looks: tuple[Look, ...]
) -> None:
    first = looks[0]
    page = browser_page(name, width=first.width, height=first.height, scheme=first.scheme)
    if first.language != "en":
        _speak(page, server, first.language)
    page.goto(f"{server.address}/operations/{server.scene.operation}/overview")
    try:
        _walk(page, server, _ways(page, server, name, only), looks)
    finally:
        if first.language != "en":
            _speak(page, server, "en")


def _ways(page: Page, server: Server, name: str, only: frozenset[str] | None) -> list[str]:
    """The addresses that a person's rail, tabs and menu offer: of pages in `only`, where it is given."""
    base, by = f"/operations/{server.scene.operation}/", server.scene[name]
    with server.scene.store.reading(by) as session:
        view = shell.operation_view(session, base, by)
    inside = [place.tabs(by, view) for place in rail(places.OPERATION, by, view, f"{base}overview")]
    page.wait_for_selector(".m-place")
    shown = page.eval_on_selector_all(".m-place", "links => links.map((each) => each.getAttribute('href'))")
    assert shown == [tabs[0].href(server.scene.operation) for tabs in inside]
    ways = [tab.href(server.scene.operation) for tabs in inside[1:] for tab in tabs]
    ways += [tab.href() for place in places.OUTSIDE for tab in place.tabs(by)]
    if only is not None:
        return [way for way in ways if way.removeprefix(base).lstrip("/") in only]
    others = ["/start", "/needs/connect", "/courses/cascades"] if name == "ana" else []
    if name in ("lena", "ana"):
        others += ["/history?show=15", "/history?editions=Turquesa", f"{base}snapshots", f"{base}costs"]
    return [*ways, *others]


def _walk(page: Page, server: Server, ways: list[str], looks: tuple[Look, ...]) -> None:
    faults: dict[str, Any] = {}
    for way in ways:
        for look in looks:
            if len(looks) > 1:
                page.emulate_media(color_scheme=look.scheme)  # type: ignore[arg-type]
                page.set_viewport_size({"width": look.width, "height": look.height})
            if look is looks[0]:
                _go(page, server, way)
            page.wait_for_function(_QUIET, polling=50)
            if found := [
                *_nothing(page, look),
                *_judged(page),
                *_too_wide(page, look),
                *_too_small(page),
                *_left_in_english(page, server, look),
            ]:
                faults[f"{way.rsplit('/', 1)[-1] or 'home'} {look}"] = found
    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)


def _speak(page: Page, server: Server, language: str) -> None:
    answer = page.request.post(
        f"{server.address}/preferences", form={"language": language}, headers={"origin": server.address}
    )
    assert answer.ok


def _go(page: Page, server: Server, way: str) -> None:
    """Through the rail; by its address to what has no place there."""
    place = page.locator(f'.m-place[href="{way}"]')
    if place.count() == 0:
        page.goto(f"{server.address}{way}")
    elif page.url != f"{server.address}{way}":
        before = page.locator("#main h1").inner_text()
        place.click()
        page.wait_for_url(f"{server.address}{way}")
        page.wait_for_function(
            "before => ![before, undefined].includes(document.querySelector('#main h1')?.innerText)", arg=before
        )


def _judged(page: Page) -> list[Any]:
    """What axe finds. The policy of the page forbids a script tag; the debugger's way in stands beside it.

    Nothing moves meanwhile: what fades in or out has no contrast of its own.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    page.wait_for_function(_LISTED, polling=50)
    page.emulate_media(reduced_motion="reduce")
    page.wait_for_function(_STILL, polling=50)
    found: list[Any] = page.evaluate(_JUDGE, [_TAGS, _DECIDED])
    page.emulate_media(reduced_motion="no-preference")
    return found


def _nothing(page: Page, look: Look) -> list[str]:
    """Whether a place that is offered leads to the page that says that nothing is here."""
    with in_language(look.language):
        return ["nothing is here"] if page.locator("#main h1").inner_text() == _("Nothing here") else []


def _too_wide(page: Page, look: Look) -> list[str]:
    width = page.evaluate("document.documentElement.scrollWidth")
    cards = page.evaluate(_WIDE_CARDS) if look.width < 560 else []
    return [*cards, *([f"{width} px wide"] if width > look.width else [])]


def _too_small(page: Page) -> list[str]:
    found: list[str] = page.evaluate(_SMALL)
    return found


def _left_in_english(page: Page, server: Server, look: Look) -> list[str]:
    """Latin letters in the rail, the title and the page's name, but for the name of the operation."""
    if look.language != "ar":
        return []
    with server.scene.store.reading(System()) as session:
        title = session.get_one(plan.Operation, server.scene.operation).title
    words = page.locator(".m-rail, #main h1").all_inner_texts()
    faults = [text for text in words if re.search("[A-Za-z]", text.replace(title, ""))]
    told = page.evaluate(
        "[document.documentElement.dir, document.documentElement.lang, getComputedStyle(document.querySelector('#main')).direction]"
    )
    return faults + ([] if told == ["rtl", "ar", "rtl"] else [f"direction and language are {told}"])
