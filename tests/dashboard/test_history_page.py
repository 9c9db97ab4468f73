"""Past operations on their screens: every published number is found, its sources and parts by it, like by like."""

import pytest

from dashboard.parts import published_text as words
from dashboard.screens import pages
from dashboard.screens.history import file, page, running_comparison
from operations.core.errors import NotFound
from operations.results.past_operations.publications import past_operation, past_operations
from tests.dashboard.desks import at_desk, found_in, open_scene, texts
from tests.makers import Running, arrest, form, let_out, send, tally
from tests.operations.steps import climb
from tests.operations.test_lines import line_of


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Running:
    return open_scene(tmp_path_factory.mktemp("history"))


def _plain(component: object) -> str:
    return texts(component).replace("\u2068", "").replace("\u2069", "")


def test_the_pages_are_found() -> None:
    assert {page, running_comparison} <= set(pages())


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_every_published_number_stands_on_a_screen_with_its_qualifier(desk: Running, language: str) -> None:
    shown = 0
    with at_desk(desk, "bruno", language=language):
        for operation in past_operations():
            rows = found_in(file.figure_table(operation), "Tr")[1:]
            cells = {}
            for row in rows:
                name, value, unit, status, as_of, source, counted = row.children
                assert all(texts(each) for each in (name, value, status, as_of, source, counted))
                assert texts(unit)
                cells.setdefault(texts(value), []).append(texts(source))
            for figure in operation.figures:
                assert any(figure.source.title in text for text in cells[words.much(figure)])
            assert len(rows) == len(operation.figures)
            shown += len(rows)
    assert shown == 323


def test_a_number_keeps_its_qualifier_in_words(desk: Running) -> None:
    with at_desk(desk, "bruno"):
        said = {
            words.figure_name(figure): (
                words.much(figure).replace("\u2068", "").replace("\u2069", ""),
                words.unit_words(figure),
            )
            for number in (10, 18, 21, 35)
            for figure in past_operation(number).figures  # type: ignore[union-attr]
        }
    assert said["Seizures and recoveries · Cocaine"] == ("1.6", "Tonnes")
    assert said["Notices · Blue Notice"][0] == "367"
    assert said["Fee for the journey"] == ("more than 20,000", "USD")
    assert said["Criminal groups · Dismantled"][0] == "at least 7"


def test_sources_that_differ_are_both_shown_and_the_primary_first(desk: Running) -> None:
    with at_desk(desk, "bruno"):
        found = _plain(page.layout(show="24"))
        swapped = _plain(page.layout(show="15"))
    assert found.index("4,414") < found.index("4,419")
    assert "Radio Nicaragua (4,419) says 4,419, INTERPOL 2026, Liberterra III says 4,414: a difference of 5." in found
    assert "gives other dates: 10 Nov 2025 – 25 Nov 2025." in found
    assert "Arrests (by legal basis; Portugal News, Neptune VI (figures swapped)):  16 + 54 = 70, and" in swapped
    assert "70, and the whole is 66: the parts are 4 too many." in swapped
    assert "the sum speaks for TASS, Neptune VI." in swapped


def test_the_lists_are_narrowed_by_kind_region_and_year(desk: Running) -> None:
    with at_desk(desk, "bruno"):
        operations, figures = found_in(page.layout(), "AgGrid")
        fugitives, of_fugitives = page.choose("fugitive", "americas", None)
        of_year, _figures = page.choose(None, None, "2025")
    assert (len(operations.rowData), len(figures.rowData)) == (48, 323)
    assert len({row["id"] for row in figures.rowData}) == 323
    assert [row["name"] for row in fugitives] == ["EL PAcCTO fugitives", "Infra-SA"]
    assert [(row["name"], row["odd"]) for row in of_year] == [("Liberterra III", "sources differ · dates differ")]
    assert [(row["figure"], row["qualifier"], row["value"]) for row in of_fugitives][-3:] == [
        ("Countries", "exactly", 34),
        ("Targets", "exactly", 207),
        ("Arrested or located", "exactly", 34),
    ]


def test_editions_stand_side_by_side_and_checks_of_other_kinds_are_not_compared(desk: Running) -> None:
    with at_desk(desk, "bruno"):
        rows = {texts(row.children[0]): row for row in found_in(page.layout(editions="Turquesa"), "Tr")[1:]}
    arrests = _plain(rows["Arrests"])
    assert [number in arrests for number in ("53", "more than 200", "216", "268", "257")] == [True] * 5
    assert "0.66 per country and day" in arrests
    assert "1.6 per country and day" in arrests
    assert "The countries differ or are unknown" in arrests
    checks = _plain(rows["Checks"])
    assert "Not comparable: the kind of checks was not published." in checks
    assert "per country and day" not in checks


@pytest.mark.parametrize("asked", [{"show": "0"}, {"show": "x"}, {"show": "9" * 5000}, {"editions": "Nothing"}])
def test_what_is_not_there_is_said(desk: Running, asked: dict[str, str]) -> None:
    with at_desk(desk, "bruno"), pytest.raises(NotFound):
        page.layout(**asked)


def _beside(scene: Running, who: str, **asked: str) -> dict[str, str]:
    """The rows of the board's figures beside others, as one of the cast reads them."""
    with at_desk(scene, who):
        [table] = found_in(running_comparison.layout(operation_id=str(scene.operation), **asked), "Table")[:1]
    return {texts(row.children[0]): _plain(row) for row in found_in(table, "Tr")}


def _validated(scene: Running, detections: int) -> None:
    lines = [arrest(36), line_of("migrant_detection", detections=detections), tally(1000)]
    climb(scene, send(scene, form(scene, lines=lines)).id, "boubacar", "chaima")


def test_a_running_operation_stands_beside_those_of_its_kind(scene: Running) -> None:
    _validated(scene, 40)
    rows = _beside(scene, "ana")
    assert "Here, until now V3, as of" in rows["Figure"]
    assert "2 countries, 1 day Adwenpa IV Border STOP, 2019" in rows["Figure"]
    assert rows["Arrests"].startswith("Arrests 36 18 per country and day — ")
    assert "45 0.11 per country and day" in rows["Arrests"]
    assert rows["Irregular migrants detected"].startswith("Irregular migrants detected 40 20 per country and day ")
    assert "Not comparable" in rows["Database checks"]
    assert "Documents seized" not in rows


def test_those_of_another_kind_are_shown_and_not_compared(scene: Running) -> None:
    _validated(scene, 40)
    rows = _beside(scene, "ana", region="americas", kind="?")
    assert "Turquesa V Regional, 2023" in rows["Figure"]
    assert "257" in rows["Arrests"]
    assert "per country and day" not in rows["Arrests"]
    assert "Not comparable: operations of another kind." in rows["Arrests"]
    with at_desk(scene, "ana"):
        nothing = _plain(
            running_comparison.layout(operation_id=str(scene.operation), region="europe", kind="intelligence_driven")
        )
        assert "Cuban network" in nothing
        nothing = _plain(
            running_comparison.layout(operation_id=str(scene.operation), region="asia_pacific", kind="fugitive")
        )
        assert "No past operation is of this region and kind" in nothing


def test_the_ways_to_choose_follow_the_operation(scene: Running) -> None:
    with at_desk(scene, "ana"):
        [drawn] = [
            each
            for each in found_in(running_comparison.layout(operation_id=str(scene.operation)), "Div")
            if _followed(each)
        ]
    [ways] = found_in(drawn, "Nav")
    assert texts(ways).startswith("Border STOP Africa Americas")


def _followed(component: object) -> bool:
    return getattr(component, "id", None) == running_comparison.CONTENT


def test_what_is_hidden_on_the_board_is_hidden_beside_others(scene: Running) -> None:
    _validated(scene, 4)
    let_out(scene)
    row = _beside(scene, "lena")["Irregular migrants detected"]
    assert "hidden" in row or "<11" in row
    assert "2.0 per country and day" not in row
