"""Papers: tagged, in their language, with letters that can be found, and with no text that a template would run."""

import copy
import re
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from babel.messages.pofile import read_po

from dashboard.papers import signed_paper, typesetter
from dashboard.papers.paper import (
    Bullets,
    Drawing,
    Facts,
    Heading,
    KeyFigure,
    Paper,
    PaperTable,
    Paragraph,
    Signatures,
    Tiles,
)
from dashboard.papers.record import qr_code
from dashboard.wording import in_language
from operations.core import clock
from operations.core.languages import LOCALES
from tests.pdf_text import letters, pages, tags, words
from tests.test_words import LOCALE

HOSTILE = '#eval("1+1") [x] $y$ @ref // c /* d */ `raw` *b* _i_ <lbl> \\ = h #include "/etc/passwd" #sys.inputs #{2+3}'


def paper(language: str = "en", title: str = "Evaluation", text: str = "Words.") -> Paper:
    """A paper with every kind of block."""
    with in_language(language):
        blocks = (
            Heading("One"),
            Facts([("Name", text)]),
            Paragraph(text),
            Paragraph(text, "warning"),
            Heading("Two", 2),
            Bullets([text]),
            PaperTable(
                ["Country", "Chart", "Number"], [["Niger", (0.5, 0.25), "1"], ["Mali", (0.0, 1.0), "2"]], [2, 2, 1], [2]
            ),
            Tiles([KeyFigure("Arrests", "12", "persons", "V3", "as of today", ["a note"], ["a warning"])]),
            Drawing('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>', "A map"),
            qr_code("https://muster.example/certificate/1"),
            Signatures(["For the donor", "For the country"]),
        )
        return Paper(title, "Agadez", "RESTRICTED", blocks, number="N-1")


@pytest.mark.parametrize("damage", ["#let x = {", '#import "nowhere.typ": *', None])
def test_a_template_that_somebody_broke_is_told_in_a_sentence(
    damage: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if damage:
        (tmp_path / "paper.typ").write_text(damage)
    monkeypatch.setitem(typesetter.pdf.__globals__, "_TEMPLATES", tmp_path)
    typesetter._compiler.cache_clear()
    try:
        with pytest.raises(typesetter.PaperError, match="An administrator finds the reason in the log") as caught:
            typesetter.pdf(paper())
    finally:
        typesetter._compiler.cache_clear()
    assert str(copy.copy(caught.value)) == str(caught.value), "it comes out of the process of papers"


def sentences(language: str) -> list[str]:
    """The sentences of the screens in a language, those without gaps."""
    own = "fr" if language == "en" else language
    with (LOCALE / own / "LC_MESSAGES" / "muster.po").open(encoding="utf-8") as file:
        messages = list(read_po(file, locale=own))
    texts = [message.id if language == "en" else message.string for message in messages if message.id]
    known = [text for text in texts if isinstance(text, str)]
    return [text for text in known if text and "{" not in text]


def plain(content: bytes) -> bytes:
    """The objects of a document, whether they were packed or not."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    opened = []
    for stream in packed:
        try:
            opened.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join([content, *opened])


def check_accessible(content: bytes, language: str) -> None:
    """Fail where a paper lacks what PDF/UA-1 asks of every document."""
    with pypdfium2.PdfDocument(content) as document:
        assert pdfium.FPDFCatalog_IsTagged(document), "MarkInfo"
        assert document.get_metadata_value("Title"), "a reader of screens says the title first"
    objects = plain(content)
    for needed in (rb"/StructTreeRoot", rb"/DisplayDocTitle true", rb"/Lang ?\(" + language.encode() + rb"\)"):
        assert re.search(needed, objects), needed
    assert re.search(rb"pdfuaid:part>1<|pdfuaid:part=\"1\"", content), "PDF/UA-1"
    assert re.search(rb"pdfaid:part>2<|pdfaid:part=\"2\"", content), "PDF/A-2"
    found = tags(content)
    assert all(alt for kind, alt in found if kind == "Figure"), "each drawing in words"
    assert {"H1"} <= {kind for kind, _alt in found}


@pytest.mark.parametrize("language", LOCALES)
def test_every_paper_is_tagged_titled_and_in_its_language(language: str) -> None:
    check_accessible(typesetter.pdf(paper(language)), language)


def test_every_pdf_is_made_by_the_two_engines_that_tag_it_and_a_signature_keeps_the_tags() -> None:
    """Map sheets are judged by test_papers_sheet.py; typst itself refuses what breaks PDF/UA-1 or PDF/A-2."""
    asks = re.compile(r"^(?:from|import) (fpdf|typst|pyhanko|pikepdf|pypdf|reportlab|weasyprint)\b", re.MULTILINE)
    root = Path(__file__).parents[2]
    made = {path: set(asks.findall(path.read_text(encoding="utf-8"))) for path in (root / "dashboard").rglob("*.py")}
    assert {path.name: found for path, found in made.items() if found} == {
        "typesetter.py": {"typst"},
        "atlas.py": {"fpdf"},
        "canvas.py": {"fpdf"},
        "signed_paper.py": {"pyhanko"},
    }
    assert typesetter.STANDARDS == ["ua-1", "a-2a"]
    check_accessible(signed_paper.signed(typesetter.pdf(paper("ar")), "Signed."), "ar")


def test_tables_have_heads_and_drawings_words() -> None:
    found = tags(typesetter.pdf(paper()))
    kinds = [kind for kind, _alt in found]
    assert kinds.count("TH") == 3
    assert {"Table", "L", "LI", "H1", "H2", "P"} <= set(kinds)
    assert [alt for kind, alt in found if kind == "Figure" and alt] == [
        "A map",
        "QR code of the address https://muster.example/certificate/1",
    ]


def read_again(language: str, texts: list[str]) -> str:
    """What a reader of PDF finds in a paper of these texts."""
    content = typesetter.pdf(Paper("T", "", "", [Paragraph(text) for text in texts], language=language))
    return re.sub(r"\s+", " ", " ".join(re.sub(r"\n\d+ / \d+$", "", page) for page in pages(content)))


@pytest.mark.parametrize("language", [each for each in LOCALES if each != "ar"])
def test_each_sentence_can_be_found_letter_by_letter(language: str) -> None:
    said = sentences(language)
    read = letters(read_again(language, said))
    assert len(said) > 3000
    assert [text for text in said if letters(text) not in read] == []


def test_arabic_can_be_found_letter_by_letter_and_with_its_spaces() -> None:
    """Each run of Arabic by itself: a line of both directions is put together anew by each reader.

    Vowel marks are left out of papers: they are optional, and PDFium tears a word apart at them. Of some 6,000 runs it
    still reads about ten in another order, such as a letter that is joined to nothing but a line.
    """
    said = [typesetter.printable(text) for text in sentences("ar")]
    read = read_again("ar", said)
    assert not re.search("[\ufb50-\ufdff\ufe70-\ufefc]", read), "forms instead of letters"
    runs = {run.strip() for text in said for run in re.findall("[\u0621-\u064a ]+", text)} - {""}
    torn = [run for run in runs if run not in read]
    assert len(runs) > 5000
    assert len(torn) < 0.005 * len(runs), torn


@pytest.mark.requirement("ASVS 1.1.2", "ASVS 1.3.5", "ASVS 1.3.7")
def test_what_a_person_wrote_is_printed_and_never_run() -> None:
    said = words(typesetter.pdf(paper(title=HOSTILE, text=HOSTILE)))
    assert said.replace(" ", "").count(HOSTILE.replace(" ", "")) >= 4
    assert "root:" not in said


def test_a_character_without_a_glyph_is_marked_and_refuses_nothing() -> None:
    content = typesetter.pdf(paper(text="a\x00\x07 中文 😀 \ue000 \ud800 \u2068b\u2069 \u200d \ufeff c"))
    assert "a" in words(content)
    assert "\N{REPLACEMENT CHARACTER}" in words(content)


def test_lines_and_long_words_stay_on_the_page() -> None:
    fingerprint = "0123456789abcdef" * 4
    content = typesetter.pdf(Paper("T", "", "", [Facts([("Fingerprint", fingerprint), ("Lines", "first\nsecond")])]))
    assert fingerprint in words(content).replace(" ", "")
    assert "first second" in words(content)
    with pypdfium2.PdfDocument(content) as document:
        page = document[0]
        text = page.get_textpage()
        rights = [text.get_charbox(at)[2] for at in range(text.count_chars())]
        assert max(rights) <= page.get_width() - 20 / 25.4 * 72
        text.close()
        page.close()


def test_the_same_paper_is_the_same_bytes() -> None:
    with clock.at(datetime(2026, 5, 1, tzinfo=UTC)):
        first, second = typesetter.pdf(paper()), typesetter.pdf(paper())
    assert first == second, "a paper holds no instant but the one at which it was made, in whole seconds"


def test_the_marking_stands_at_the_top_and_the_foot_of_every_page() -> None:
    long = Paper("T", "", "RESTRICTED", [Paragraph("word " * 4000)])
    said = pages(typesetter.pdf(long))
    assert len(said) > 2
    assert all(page.count("RESTRICTED") == 2 for page in said)
    assert f"{len(said)} / {len(said)}" in said[-1]
