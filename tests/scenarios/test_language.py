"""Scenarios as data: complete, neutral in their words, and adding up."""

import re
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.core.ids import new_id
from operations.results.past_operations.publications import past_operation
from scenarios import NAMES, catalogue, rebased, title_of, titles
from scenarios.invention import groups, seeded, split
from scenarios.script_language import Scenario

NOT_SAID = re.compile(
    r"\b(illegal\w*|rescue\w*|caught|bust\w*|raid\w*|alien\w*|smuggler\w*|trafficker\w*|final results)\b", re.IGNORECASE
)


@pytest.fixture(params=NAMES)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return catalogue()[request.param]


def test_the_catalogue_holds_one_scenario_of_each_kind() -> None:
    assert {scenario.kind.value for scenario in catalogue().values()} == {
        "border_stop",
        "fugitive",
        "intelligence_driven",
        "regional",
    }
    assert {name: scenario.name for name, scenario in catalogue().items()} == {name: name for name in NAMES}


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match="sahel_airports"):
        catalogue()["atlantis"]


def test_every_published_figure_has_a_source_that_is_named(scenario: Scenario) -> None:
    assert all(each.source in scenario.sources for each in scenario.published)
    assert all(source.url.startswith("http") and source.title for source in scenario.sources)


def test_what_it_ends_in_is_what_stands_among_past_operations(scenario: Scenario) -> None:
    title = next(each for each in titles() if each.name == scenario.name)
    told = past_operation(title.past or 0)
    assert told is not None
    known = {(row.value, row.qualifier) for row in told.figures}
    beside = [each for each in scenario.published if (each.value, each.qualifier) not in known]
    assert {each.source.title for each in beside} <= {"La Prensa (Panama), December 2023"}  # of one country alone


def test_an_operation_finds_the_title_of_its_scenario_on_any_date(scenario: Scenario) -> None:
    moved = rebased(scenario, scenario.first_day + timedelta(days=400))
    for told in (scenario, moved):
        found = title_of(told.operation, [told.first_day - timedelta(days=1), told.first_day])
        assert found is not None
        assert found.name == scenario.name
        assert found.published == scenario.published


def test_an_operation_that_no_scenario_tells_has_no_title() -> None:
    assert title_of(new_id(), [date(2015, 10, 26)]) is None


def test_it_says_what_is_invented(scenario: Scenario) -> None:
    assert scenario.invented.startswith("Invented: ")
    assert "Published: " in scenario.invented


def test_its_words_are_those_of_the_field(scenario: Scenario) -> None:
    said = [scenario.title, scenario.summary, scenario.invented]
    said += (
        [each.name for each in scenario.published]
        + [step.what for step in scenario.steps]
        + [member.name for member in scenario.cast]
    )
    assert [words for words in said if NOT_SAID.search(words)] == []


def test_a_person_does_one_thing_at_a_moment_and_time_goes_on(scenario: Scenario) -> None:
    moments = [(step.by, step.at) for step in scenario.steps]
    assert len(set(moments)) == len(moments)
    assert [step.at for step in scenario.steps] == sorted(step.at for step in scenario.steps)
    assert {step.by for step in scenario.steps} - {"muster"} <= {member.username for member in scenario.cast}


@given(
    total=st.integers(0, 10**6),
    weights=st.lists(st.floats(0.01, 1000), min_size=1, max_size=60),
    seed=st.integers(0, 99),
)
def test_parts_add_up(total: int, weights: list[float], seed: int) -> None:
    parts = split(total, weights, Random(seed))
    assert sum(parts) == total
    assert len(parts) == len(weights)
    assert min(parts) >= 0


@given(total=st.integers(0, 5_000), largest=st.integers(1, 80), seed=st.integers(0, 99))
def test_groups_add_up(total: int, largest: int, seed: int) -> None:
    found = groups(total, largest, Random(seed))
    assert sum(found) == total
    assert all(1 <= size <= largest for size in found)


def test_nothing_is_spread_over_nothing() -> None:
    with pytest.raises(ValueError, match="positive weights"):
        split(5, [], Random(1))


def test_chance_is_the_same_for_the_same_parts() -> None:
    assert seeded("a", 1).random() == seeded("a", 1).random() != seeded("a", 2).random()
