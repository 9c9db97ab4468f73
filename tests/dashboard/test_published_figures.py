"""The published figures of a told operation: with what their source says of them, and where they stand."""

from dashboard.parts.published_figures import published_figures
from operations.core.vocabulary import OperationType
from scenarios import titles
from scenarios.script_language import StoryFigure, StorySource, Title
from tests.dashboard.desks import found_in, texts

FIRST, SECOND = (
    StorySource("The first release", "https://example.org/1"),
    StorySource("The second", "https://example.org/2"),
)
TITLE = Title(
    name="told",
    title="Told",
    kind=OperationType.REGIONAL,
    summary="",
    sources=(FIRST, SECOND),
    published=(StoryFigure("Checks", 850_000, "queries", SECOND, ">"), StoryFigure("Arrested", 257, "arrests", FIRST)),
    invented="",
)


def test_each_figure_keeps_its_qualifier_and_names_its_source() -> None:
    said = texts(published_figures(TITLE))
    assert "850,000" in said
    assert "more than" in said
    assert "257" in said
    assert said.index("The first release") < said.index("The second")


def test_a_source_opens_only_when_it_is_chosen_and_tells_nobody_where_from() -> None:
    links = found_in(published_figures(TITLE), "A")
    assert [link.href for link in links] == [FIRST.url, SECOND.url]
    assert {link.rel for link in links} == {"noopener noreferrer"}


def test_each_figure_of_a_past_operation_has_its_status_and_date_and_what_the_scenario_alone_knows_follows() -> None:
    [title] = [each for each in titles() if each.name == "turquesa_v"]
    rows = [texts(row) for row in found_in(published_figures(title), "Tr")[1:]]
    said = {name: row for row in rows for name in [row.split("  ")[0]]}
    assert "257" in said["Arrests"]
    assert "Preliminary, 11 Dec 2023" in said["Arrests"]
    assert [row.split("  ")[0] for row in rows[-4:]] == [
        "Detections in Panama",
        "Arrests in Panama",
        "Persons checked in Panama",
        "Flights monitored in Panama",
    ]
    assert [link.href for link in found_in(published_figures(title), "Link")] == ["/history?show=21"]
