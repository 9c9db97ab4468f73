"""Printed sheets: true to scale in the PDF itself, marked on every page, a legend of what is there, shaped Arabic."""

import math
import re
from contextlib import closing
from pathlib import Path

import pypdfium2
import pytest
import shapely
from shapely.geometry import shape

from dashboard import theme
from dashboard.papers import atlas, labels, symbols
from dashboard.papers.canvas import Ink
from dashboard.papers.sheet import things_on
from dashboard.papers.sheet_order import SITE, CannotPrint, PaperSize
from geodata.ground import formats
from geodata.ground.crs import GEOD
from tests.dashboard.printed import MARKING, NIGER, area, line, order, overheard, point, streams, thing
from tests.pdf_text import tags

CSS = Path(theme.__file__).parent / "map" / "map.css"


def test_a_hundred_kilometres_are_as_long_in_the_pdf_as_the_scale_says():
    ends = [GEOD.fwd(8.0, 17.0, turn, 50_000)[:2] for turn in (70, 250)]
    pdf = atlas.pdf(order(thing("route", "Measured", line(*ends), "active")))
    overview = atlas.atlas(order(thing("route", "Measured", line(*ends), "active"))).sheets[0]
    red, green, blue = (int(symbols.ANALYSIS[k : k + 2], 16) / 255 for k in (1, 3, 5))
    stroke = f"{red:.3f} {green:.3f} {blue:.3f} RG"
    drawn = [
        [tuple(map(float, corner)) for corner in re.findall(r"(-?[\d.]+) (-?[\d.]+) [ml]\n", block + "\n")]
        for block in streams(pdf)[0].split("\nQ")
        if stroke in block
    ]
    longest = max(math.dist(corners[0], corners[-1]) for corners in drawn if len(corners) > 1)
    assert longest * 25.4 / 72 * overview.plane.scale / 1e6 == pytest.approx(100, rel=2e-4)


@pytest.mark.parametrize("paper", list(PaperSize))
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_has_the_marking_at_both_ends_and_its_number(paper, language):
    with overheard() as pages:
        pdf = atlas.pdf(order(paper=paper, language=language))
    assert len(pages) == pdf.count(b"/Type /Page\n") == 4
    for said in pages.values():
        assert said.count(MARKING) == 2
        assert "Test" in said
    if language == "en":
        assert [
            next(words for words in said if words.startswith("Sheet ") and " of " in words) for said in pages.values()
        ] == [f"Sheet {n} of 4" for n in range(1, 5)]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_is_tagged_in_its_language_and_each_map_has_words(language):
    pdf = atlas.pdf(order(language=language))
    found = tags(pdf)
    with pypdfium2.PdfDocument(pdf) as document:
        assert pypdfium2.raw.FPDFCatalog_IsTagged(document)
        assert document.get_metadata_value("Title") == "Test"
    assert [kind for kind, _words in found].count("Figure") == 3
    assert [kind for kind, _words in found].count("P") == 1
    assert all(words.startswith("Test: ") for kind, words in found if kind == "Figure")
    assert re.search(rb"/Lang ?\(" + language.encode() + rb"\)", pdf)
    assert b"/DisplayDocTitle true" in pdf


def test_a_page_states_its_scale_its_sources_and_its_state():
    with overheard() as pages:
        atlas.pdf(order())
    for number in (1, 2, 3):
        said = " ".join(pages[number])
        assert re.search(r"1:\d{1,3}(\u00a0\d{3})+", said)
        assert "Made with Natural Earth." in said
        assert "do not imply any opinion" in said
        assert "Printed today. Version 1." in said
        assert "N" in pages[number]
        assert "true north" in said


def test_the_legend_holds_exactly_what_the_page_shows():
    with overheard() as pages:
        atlas.pdf(order())
    legends = {
        number: {words for words in said if "·" in words or words in ("airport", "Boundary", "Participating country")}
        for number, said in pages.items()
    }
    assert legends[1] == {
        "area · planned",
        "area · active",
        "checkpoint · active",
        "observation_post · planned",
        "route · closed",
        "airport",
        "Boundary",
        "Participating country",
    }
    assert legends[2] == {"area · active", "Boundary", "Participating country"}
    assert legends[3] == {
        "area · planned",
        "checkpoint · active",
        "route · closed",
        "Boundary",
        "Participating country",
    }


def test_the_index_holds_every_object_with_three_writings_and_its_sheets():
    with overheard() as pages:
        atlas.pdf(order())
    said = pages[4]
    for each in NIGER:
        assert each.name in said
    for style in ("decimal", "dms", "mgrs"):
        assert formats.write(formats.Position(16.6, 7.9), style) in said
    assert "1, 3" in said, "the toll post is on the overview and on the sheet of the north"


def test_a_long_index_goes_on_over_pages():
    many = [thing("checkpoint", f"Post {k}", point(2 + k / 50, 15)) for k in range(90)]
    with overheard() as pages:
        atlas.pdf(order(*many))
    listed = [words for number in sorted(pages)[1:] for words in pages[number] if words.startswith("Post ")]
    assert sorted(listed) == sorted(each.name for each in many)


def test_every_object_is_named_on_its_sheet_at_least_by_its_number():
    crowd = [
        thing("checkpoint", f"A post with a rather long name {k}", point(7 + k % 5 / 100, 16 + k // 5 / 100))
        for k in range(25)
    ]
    with overheard() as pages:
        atlas.pdf(order(*crowd, thing("checkpoint", "Far away", point(9.5, 18.5))))
    said = {words.split(" ")[0] for words in pages[1]}
    assert {str(k + 1) for k in range(26)} <= said


def test_an_empty_plan_is_a_sentence():
    with pytest.raises(CannotPrint, match="There is nothing to print"):
        atlas.pdf(order(things=()))


def test_a_sector_that_is_too_large_for_its_scale_is_tiled_with_a_key():
    with overheard() as pages:
        made = atlas.atlas(order(NIGER[1], scale=1_000_000))
        atlas.pdf(order(NIGER[1], scale=1_000_000))
    tiled = made.sheets[1:]
    assert len(tiled) > 1
    assert all(sheet.plane.scale == 1_000_000 and sheet.key is not None for sheet in tiled)
    sector = shape(NIGER[1].geometry)
    for lon, lat in shapely.get_coordinates(sector):
        assert any(sheet.plane.holds(lon, lat) for sheet in tiled)
    assert "Sheets" in pages[2]


def test_a_shape_that_180_degrees_cuts_is_drawn_in_one_piece():
    west, east = (
        [[[176, -20], [180, -20], [180, -15], [176, -15], [176, -20]]],
        [[[-180, -20], [-177, -20], [-177, -15], [-180, -15], [-180, -20]]],
    )
    waters = thing("area", "Waters", {"type": "MultiPolygon", "coordinates": [west, east]})
    made = atlas.atlas(order(waters))
    plane = made.sheets[1].plane
    shapes, rows = things_on(plane, made.of, (0.0, 0.0))
    assert rows.tolist() == [0]
    assert shapes[0].geom_type == "Polygon"


def test_arabic_is_shaped_and_joined():
    with closing(Ink(rtl=True)) as ink:
        ink.add_page(format=(100, 100))
        ink.words(90, 20, "نقطة تفتيش", 12, "#000000", anchor="right")
        font = ink.fonts["muster"]
        used = {glyph.glyph_id for glyph, _place in font.subset.items() if glyph}
        alone = font.ttfont.getBestCmap()
        isolated = {font.ttfont.getGlyphID(alone[ord(letter)]) for letter in "نقطتفيش"}
        joined = [font.ttfont.getGlyphName(glyph) for glyph in used]
    assert used
    assert not used & isolated, "no letter stands in its isolated form"
    assert any(".init" in name for name in joined)
    assert any(".medi" in name for name in joined)


@pytest.mark.parametrize("said", ["INTERPOL", "نقطة تفتيش", "1 000\u202fkm"])
def test_words_are_as_long_as_they_are_drawn_however_often_they_are_measured(said):
    with closing(Ink(rtl=False)) as ink:
        ink.add_page(format=(100, 100))
        long = ink.width_of(said, 10, bold=True)
        for size in (8, 10, 14):
            ink.words(50, 50, said, size, "#000000", bold=True, halo="#ffffff")
            assert ink.width_of(said, size, bold=True) == pytest.approx(long * size / 10)
            ink.set_font("muster", "B", size)
            assert ink.get_string_width(said.replace("\u202f", "\u00a0")) == pytest.approx(long * size / 10, rel=0.02)


def test_arabic_pages_are_mirrored():
    with overheard() as pages:
        atlas.pdf(order(language="ar"))
    assert any("\u0600" <= letter <= "\u06ff" for letter in " ".join(pages[1]))


def test_colours_are_those_of_the_screen():
    sheet = CSS.read_text(encoding="utf-8")
    light = sheet[: sheet.index("}")]
    for name, colour in (("plan", symbols.PLAN), ("analysis", symbols.ANALYSIS), ("closed", symbols.CLOSED)):
        assert f"--m-map-{name}: {colour}" in light


def test_planned_is_dashed_active_solid_closed_thin():
    planned, active, closed = (symbols.stroke_of("area", state) for state in ("planned", "active", "closed"))
    assert planned.dash
    assert not active.dash
    assert not closed.dash
    assert closed.width < active.width


def test_no_name_stands_on_another():
    board = labels.LabelBoard((0, 0, 100, 100))
    names = [labels.Name(f"Name {k}", 20 + k * 3, 50, 8, rank=k, gap=2) for k in range(12)]
    placed = labels.place(names, board, lambda words, size, bold: len(words) * size * 0.18)
    again = labels.place(
        reversed(names), labels.LabelBoard((0, 0, 100, 100)), lambda words, size, bold: len(words) * size * 0.18
    )
    assert placed == again
    assert 2 <= len(placed) < 12
    boxes = [
        shapely.box(at.left, at.baseline - 2.2, at.left + len(at.words) * 8 * 0.18, at.baseline + 0.6) for at in placed
    ]
    assert not any(one.intersects(other) for k, one in enumerate(boxes) for other in boxes[k + 1 :])
    assert placed[0].name.text == "Name 11"


def test_a_far_flung_plan_is_still_one_overview():
    made = atlas.atlas(
        order(
            thing(SITE, "Auckland", point(174.8, -36.9), "active"),
            thing(SITE, "Lisbon", point(-9.1, 38.7), "active"),
            thing("area", "Here", area((0, 0), (1, 0), (1, 1))),
        )
    )
    assert made.sheets[0].plane.scale <= 125_000_000
