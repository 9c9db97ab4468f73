"""The help: each page leads to what it is for, each role to its day, and no document holds what the house does not."""

import csv
import re
from pathlib import Path

import pytest
from markdown_it.tree import SyntaxTreeNode

from dashboard import places
from dashboard.frame import palette
from dashboard.parts import documents
from dashboard.screens.help import page
from dashboard.screens.help.markdown import components
from dashboard.wording import in_language
from operations.core.vocabulary import Role, label
from tests.dashboard.conftest import Site
from tests.dashboard.desks import at_desk, found_in, open_scene, texts
from tests.makers import Running

PATHS = [path for paths in documents.CONTENTS.values() for path in paths]
PAGES = [nav for place in places.PLACES for nav in (*place.pages, *place.subpages)]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def test_every_place_and_every_role_has_a_section() -> None:
    assert {found.title for found in documents.sections(documents.PLACES)} == {place.name for place in places.PLACES}
    named = {label("CL-ROLE", role.value, "en") for role in Role}
    assert {found.title for found in documents.sections(documents.ROLES)} == named


@pytest.mark.parametrize("path", [documents.ROLES, documents.PLACES])
@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_the_texts_about_work_are_in_the_language_of_the_reader(path: str, language: str) -> None:
    with in_language(language):
        spoken = documents.spoken(path)
    assert spoken != path
    for found, translated in zip(documents.sections(path), documents.sections(spoken), strict=True):
        assert [node.type for node in found.nodes] == [node.type for node in translated.nodes], translated.title
        steps = [[len(node.children) for node in each.nodes] for each in (found, translated)]
        assert steps[0] == steps[1], translated.title


@pytest.mark.parametrize("nav", PAGES, ids=lambda nav: nav.name)
def test_the_question_mark_of_a_page_leads_to_what_its_place_is_for(nav: places.Nav, scene: Running) -> None:
    [place] = [found for found in places.PLACES if found.is_at(nav.href(scene.operation))]
    with at_desk(scene, "chaima"):
        first = texts(found_in(page.layout(of=nav.href(scene.operation)), "Section")[0])
    about = documents.section(documents.PLACES, place.name)
    assert about is not None
    assert first.startswith(place.name)
    assert documents.text(about.nodes[0]).split(".")[0] in first


@pytest.mark.parametrize(
    ("name", "role"), [("bruno", "National officer"), ("lena", "Leadership"), ("ada", "Administrator")]
)
def test_without_a_page_it_tells_the_day_of_the_role_of_the_reader(name: str, role: str, scene: Running) -> None:
    with at_desk(scene, name):
        [day] = found_in(page.layout(), "Section")
    assert role in texts(day)
    assert "1." not in texts(day)  # steps are a list, not text
    assert found_in(day, "Ol")


def test_what_may_be_done_at_a_place_is_linked_for_who_may(scene: Running) -> None:
    def links(name: str) -> list[str]:
        with at_desk(scene, name):
            shown = page.layout(of=places.REPORTS.href(scene.operation))
        return [link.href for link in found_in(found_in(shown, "Section")[0], "Link")]

    assert links("bruno") == [places.REPORTS.href(scene.operation)]
    assert links("otto") == []


@pytest.mark.parametrize("path", PATHS)
def test_a_document_is_shown_whole_and_its_links_lead_somewhere(path: str, scene: Running) -> None:
    with at_desk(scene, "ana"):
        shown = page.layout(document=documents.name_of(path))
    said, written = texts(shown), (documents.FOLDER / path).read_text(encoding="utf-8")
    assert documents.title(path) in said
    sections = tuple((found.title, found.anchor) for found in documents.sections(path))
    assert documents.headings(path)[1:] == sections, "what the search offers is what stands there"
    for found in documents.sections(path):
        assert found.title in said
    ids = {getattr(part, "id", None) for kind in ("H2", "H3", "H4") for part in found_in(shown, kind)}
    for link in found_in(found_in(shown, "Article")[-1], "A"):
        assert link.href.startswith("http") or link.href[1:] in ids, link.href
    for link in found_in(shown, "Link"):
        named = re.fullmatch(r"/help(\?document=([\w/-]+)(#.*)?)?", link.href)
        assert named, link.href
        assert named[2] is None or documents.named(named[2])
    assert not re.search(r"<(script|img|iframe)", written)


def test_a_document_that_there_is_not_shows_the_start(scene: Running) -> None:
    with at_desk(scene, "ana"):
        assert "On this page" not in str(page.layout(document="../../etc/passwd"))
        assert "Your day, by role" in texts(page.layout(document="../../etc/passwd"))


def test_words_of_the_screen_in_the_texts_are_words_of_the_screen() -> None:
    """What stands bold in the texts about roles and places is a sentence, a label or an address of today."""
    known = {place.name for place in places.PLACES} | {nav.name for nav in PAGES}
    with (ROOT / "operations/core/lists/reporting.csv").open(encoding="utf-8", newline="") as lines:
        known |= {cell for row in csv.reader(lines) for cell in row}
    for path in (documents.ROLES, documents.PLACES):
        bold = re.findall(r"\*\*(.+?)\*\*", (documents.FOLDER / path).read_text(encoding="utf-8"))
        assert set(bold) <= known | {"Ctrl+K", "?", "Level"}, path


def test_the_palette_finds_a_section_of_a_document(scene: Running) -> None:
    with scene.store.reading(scene["ana"]) as session, in_language("en"):
        found = dict(palette.groups(session, scene["ana"], "what is never told"))
    [entry] = found["Help"]
    assert entry.href == "/help?document=protection#what-is-never-told"


@pytest.mark.requirement("ASVS 1.2.3", "ASVS 1.3.5", "ASVS 3.2.2", "R39")
def test_no_html_of_a_text_reaches_a_page() -> None:
    parsed = SyntaxTreeNode(documents.PARSER.parse("Take <script>alert(1)</script> <b>this</b>\n\n<div>x</div>\n"))
    shown = components(parsed.children, documents.PLACES)
    assert {type(part).__name__ for part in shown} == {"P"}
    assert "<script>" in texts(shown[0])


def test_the_pictures_of_a_document_are_there_for_who_is_signed_in(site: Site) -> None:
    shown = found_in(page.layout(document="help/roles"), "Img")
    assert len(shown) == len(Role)
    reader = site.signed_in()
    for each in shown:
        answer = reader.get(each.src)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert each.alt
    assert site.visitor().get(shown[0].src).status_code != 200
