"""Five years on one page, as functions: what an empty programme says, what each may read, the map, and the papers."""

import io
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from docx import Document
from sqlalchemy import event
from sqlmodel import select

from dashboard.map.answers import answer_id
from dashboard.screens.programme import five_years, post_map, report, tables
from dashboard.screens.programme.five_years import Ids
from dashboard.wording import _, in_language
from operations.core.access_trail import ACTS, AccessKind
from operations.core.errors import NotFound, RuleBroken
from operations.core.journal import AccessEntry
from operations.core.languages import LOCALES
from operations.core.people import System
from operations.programme import roles
from operations.programme.figures import PostStanding
from operations.programme.five_years import Item, Pillar, Years
from tests import pdf_text
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.dashboard.test_papers import check_accessible
from tests.makers import Running
from tests.programme import BEGUN, brought, certified, counted, does, planned, post_of, reads, requested, role_draft

VALIDATED = ("desk_review", "visit", "scored", "validated")


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def page_of(scene: Running, name: str, until: str = "", **area: str) -> Any:
    with at_desk(scene, name, BEGUN):
        return five_years.layout(until=until, **area)


def features(shown: Any) -> list[dict[str, Any]]:
    [store] = [each for each in found_in(shown, "Store") if each.id == answer_id(post_map.MAP)]
    found: list[dict[str, Any]] = store.data["features"]
    return found


def test_an_empty_programme_says_what_to_do_first(scene: Running) -> None:
    with at_desk(scene, "moussa", BEGUN):
        said = texts(five_years.layout(until="2001"))
    assert "Nothing is planned in these years" in said
    for first in ("Register border posts first", "plan equipment or a link", "design a course", "Count the queries"):
        assert first in said
    assert "0 of 0" not in said


def test_what_several_figures_are_made_of_is_asked_once(scene: Running) -> None:
    """Counts of queries were read six times a page, equipment and links four times."""
    planned(scene, post_of(scene))
    asked: Counter[str] = Counter()
    wanted = ("usage_month", "equipment", "link")

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.update(name for name in wanted if f"FROM {name} " in statement.replace("\n", " "))

    event.listen(scene.store.engine, "before_cursor_execute", note)
    page_of(scene, "lena")
    assert asked == dict.fromkeys(wanted, 1)


def test_the_table_of_posts_has_the_first_of_many_and_says_so(scene: Running) -> None:
    post = post_of(scene)
    with at_desk(scene, "lena", BEGUN):
        few, many = (tables.posts([PostStanding(post)] * count) for count in (50, 1000))
    assert [len(found_in(shown, "Tr")) for shown in (few, many)] == [51, 51]
    assert "others" not in texts(few)
    assert "The first 50 of 1,000 posts. Choose a country to see the others." in texts(many)


def test_leadership_reads_all_countries_and_a_country_its_own(scene: Running) -> None:
    brought(scene, requested(scene, post_of(scene)), *VALIDATED)
    planned(scene, post_of(scene, name="Gaya", ref=""))
    for name, theirs in (("lena", True), ("otto", True), ("chaima", True), ("moussa", False)):
        said = texts(page_of(scene, name))
        assert ("Gaya" in said) is theirs, name
        assert ("1 of 1 assessments planned for these years are validated." in said) is theirs, name


def test_the_years_are_those_of_the_address_and_a_senseless_one_is_this_year(scene: Running) -> None:
    for until, last in (("2020", 2020), ("", BEGUN.year), ("99999", BEGUN.year), ("x", BEGUN.year)):
        shown = page_of(scene, "lena", until)
        [chosen] = [each for each in found_in(shown, "Select") if each.id == Ids.UNTIL]
        assert chosen.value == (str(last) if until == "2020" else None), "what nobody chose goes on with time"
        assert f"Annual report {last}" in texts(shown)


def test_each_layer_shows_what_is_known_of_a_post_and_nothing_where_nothing_is(scene: Running) -> None:
    post = post_of(scene)
    assert features(page_of(scene, "lena")) == []
    brought(scene, requested(scene, post), *VALIDATED)
    planned(scene, post)
    certified(scene, "bruno", post_id=post.id)
    for month in ("2025-12-01", "2026-01-01", "2026-02-01"):
        counted(scene, post, month, 640)
    shown = {each["of"][0]: (each["look"], each["number"]) for each in features(page_of(scene, "lena"))}
    assert shown == {
        "readiness": ("odds", "50"),
        "connected": ("target", ""),
        "certified": ("odds", "1"),
        "grown": ("odds", "2.0"),
    }


def used(scene: Running) -> None:
    """The airport of Niamey makes twice as many queries as its first assessment found, month after month."""
    post = post_of(scene)
    brought(scene, requested(scene, post), *VALIDATED)
    for month, queries in (("2025-12-01", 630), ("2026-01-01", 640), ("2026-02-01", 650)):
        counted(scene, post, month, queries)


def test_before_and_after_stands_on_the_first_page_with_its_interval(scene: Running) -> None:
    assert "No change can be told yet" in texts(page_of(scene, "lena"))
    used(scene)
    said = " ".join(texts(page_of(scene, "lena")).split())
    assert "Queries a month: 320 when first assessed, 640 now. Posts counted: 1." in said
    assert "Niamey airport (Niger) 2.0 times 95 %: \u20682.0–2.0\u2069" in said


def test_the_first_page_says_each_step_of_the_loop_as_a_number_and_folds_all_other_figures(scene: Running) -> None:
    used(scene)
    with at_desk(scene, "lena", BEGUN):
        shown = five_years.layout()
    steps = [" ".join(texts(each).split()) for each in found_in(shown, "Li") if found_in(each, "Strong")]
    assert any(step.startswith("Assess 100 % ") for step in steps)
    [fold] = [each for each in found_in(shown, "Details") if "All key figures" in texts(each)]
    assert len(found_in(fold, "Details")) == 16, "the fold, and one for each figure"


def test_the_first_page_is_narrowed_to_a_region_and_to_a_country(scene: Running) -> None:
    used(scene)
    whole = "1 of 1 assessments planned for these years are validated."
    for area, there in (
        ({"region": "africa"}, True),
        ({"country": "NER"}, True),
        ({"region": "africa", "country": "NER"}, True),
        ({"region": "americas"}, False),
        ({"country": "MLI"}, False),
        ({"region": "europe", "country": "NER"}, False),
        ({"region": "nowhere"}, True),
    ):
        shown = page_of(scene, "lena", **area)
        assert (whole in texts(shown)) is there, area
        assert ("Niamey airport" in texts(shown)) is there, area
        assert bool(features(shown)) is there, area


def test_countries_of_which_nothing_but_operations_is_known_are_one_row(scene: Running) -> None:
    day = BEGUN.date()
    codes = ("ARG", "BRA", "CHL", "COL", "ECU", "PER")
    items = [Item(Pillar.OPERATIONS, code, day, done, False) for code in codes for done in (True, False)]
    items.append(Item(Pillar.NEEDS, "NER", day, False, False))
    with at_desk(scene, "lena", BEGUN):
        few = texts(five_years.tables.by_country(Years((day.year,), tuple(items[:10]), {}, 0), {}))
        many = texts(five_years.tables.by_country(Years((day.year,), tuple(items), {}, 0), {}))
    assert "Argentina" in few
    assert "Argentina" not in many
    assert "Niger" in many
    assert "Other countries, operations alone: 6" in many
    assert "6 of 12" in many


def test_people_of_one_country_choose_the_years_alone(scene: Running) -> None:
    every = {"area-region", "area-country", Ids.UNTIL}
    for name, choices in (("lena", every), ("chaima", {Ids.UNTIL})):
        shown = page_of(scene, name)
        assert {getattr(each, "id", None) for each in found_in(shown, "Select")} & every == choices


def test_what_a_country_is_on_the_routes_is_said_in_the_form_and_stands_in_the_table(scene: Running) -> None:
    typed = role_draft().model_dump(mode="json", exclude={"id"})
    with at_desk(scene, "chaima", BEGUN):
        press(five_years.say, five_years.FORM.send, None, typed, uuid4())
        with pytest.raises(RuleBroken) as refused:
            press(five_years.say, five_years.FORM.send, None, typed | {"transit": False, "basis": ""}, uuid4())
        said = texts(five_years.layout())
    assert {flaw.field for flaw in refused.value.flaws} == {"basis"}
    assert reads(scene, "lena", roles.current_roles)["NER"].roles == ["transit"]
    assert "Niger Transit" in said
    assert "Say what a country is on the routes" in said
    assert "Say what a country is on the routes" not in texts(page_of(scene, "lena"))


@pytest.mark.parametrize("language", LOCALES)
def test_the_annual_report_is_made_on_one_page_and_long_and_written_to_the_trail(scene: Running, language: str) -> None:
    brought(scene, requested(scene, post_of(scene)), *VALIDATED)
    does(scene, "chaima", roles.set_roles, role_draft())
    with at_desk(scene, "lena", BEGUN):
        pages = {
            length: report.paper(scene.store, BEGUN.year, length, language, scene["lena"])
            for length in (report.PAGE, report.LONG)
        }
    sheets = {length: len(pdf_text.pages(content)) for length, (content, _name) in pages.items()}
    assert all(content.startswith(b"%PDF") for content, _name in pages.values())
    assert sheets[report.PAGE] == 1
    assert sheets[report.LONG] > 1
    assert "programme.report" in ACTS[AccessKind.DISCLOSURE]
    with scene.store.reading(System()) as session:
        found = [each for each in session.exec(select(AccessEntry)) if each.act == "programme.report"]
    assert len(found) == 2


def test_a_report_says_what_the_page_says(scene: Running) -> None:
    brought(scene, requested(scene, post_of(scene)), *VALIDATED)
    by = scene["lena"]
    with at_desk(scene, "lena", BEGUN), scene.store.reading(by) as session:
        found = five_years.five_years.years(session, by, BEGUN.year)
        values = five_years.figures.figures(session, by, BEGUN)
        stood = five_years.figures.post_standings(session, BEGUN)
        made = report.written(found, values, stood, {}, report.LONG)
    said = {name: words for section in made.sections for name, words in section.pairs}
    assert said["Needs assessment"] != ""
    assert said["Assessments validated"] == "100 % (1 of 1)"
    assert said["Niamey airport"] == "Readiness: 50"
    assert dict(made.sections[0].pairs)["Needs assessment"] == "1 of 1"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_annual_report_has_charts_in_words_too_and_is_a_word_document(scene: Running, language: str) -> None:
    brought(scene, requested(scene, post_of(scene)), *VALIDATED)
    by = scene["lena"]
    with at_desk(scene, "lena", BEGUN, language):
        content, _name = report.paper(scene.store, BEGUN.year, report.LONG, language, by)
        word, name = report.paper(scene.store, BEGUN.year, report.LONG, language, by, "docx")
    check_accessible(content, language)
    assert name == f"muster-programme-{BEGUN.year}-long.docx"
    heads = [[cell.text for cell in table.rows[0].cells] for table in Document(io.BytesIO(word)).tables]
    with in_language(language):
        charts = [[_("Pillar"), _("Done")], [_("Year"), _("Done")]]  # the bars stay in the PDF
    assert [head for head in heads if head in charts] == charts
    with pytest.raises(NotFound):
        report.paper(scene.store, BEGUN.year, "longer", language, by, "docx")


def test_a_year_that_no_programme_has_and_an_unknown_length_are_not_found(scene: Running) -> None:
    for year, length in ((1, report.PAGE), (2026, "longer")):
        with pytest.raises(NotFound):
            report.paper(scene.store, year, length, "en", scene["lena"])
    with pytest.raises(NotFound):
        report.paper(scene.store, 2026, report.PAGE, "en", scene["ada"])  # administrators know nothing of it
