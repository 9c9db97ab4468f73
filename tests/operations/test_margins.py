"""What lines say besides is counted with them, and told as carefully as their figures."""

from typing import Any

import pytest

from operations.core.people import System
from operations.core.vocabulary import Level
from operations.measures import margins
from operations.policing.reports import verification
from tests.makers import Running, arrest, form, send
from tests.operations.steps import climb, correction
from tests.operations.test_lines import line_of


def kept(scene: Running, kind: str = "arrest") -> dict[tuple[str, str, str, int], tuple[int, int]]:
    with scene.store.reading(System()) as session:
        rows = margins.read(session, scene.operation, kind)
        assert verification.differences(session, scene.operation) == []
    return {(row.country, row.dimension, row.code, row.level): (row.records, row.quantity) for row in rows}


def test_what_was_said_is_counted_and_what_was_not_is_the_rest(scene: Running) -> None:
    lines = [
        arrest(5, sex="female", age_group="12_15", nationality="NGA"),
        arrest(7, minors=2, after_hit=3, offence_also="drugs"),
        arrest(4, legal_basis="unknown", on_notice=1, age_group="25_59"),
    ]
    send(scene, form(scene, lines=lines))
    found = {key[1:3]: sums for key, sums in kept(scene).items()}
    assert found == {
        ("sex", "female"): (1, 5),
        ("age_group", "12_15"): (1, 5),
        ("age_group", "25_59"): (1, 4),
        ("nationality", "NGA"): (1, 5),
        ("minor", "yes"): (2, 7),
        ("minor", "no"): (1, 4),
        ("after_hit", "yes"): (1, 3),
        ("offence_also", "drugs"): (1, 7),
        ("legal_basis", "flagrant_offence"): (2, 12),
        ("legal_basis", "red_notice_diffusion"): (1, 1),
    }


def test_margins_climb_fall_and_are_corrected_with_their_lines(scene: Running) -> None:
    made = send(scene, form(scene, lines=[arrest(5, sex="female")]))
    assert kept(scene)["NER", "sex", "female", Level.V1] == (1, 5)
    again = send(scene, correction(made, scene, lines=[arrest(3, sex="male")]))
    climb(scene, again.id, "boubacar", "chaima")
    assert {key[1:]: sums[1] for key, sums in kept(scene).items() if key[1] == "sex"} == {("sex", "male", Level.V3): 3}


@pytest.mark.parametrize("changed", [{}, {"nationality": "XXX"}, {"sex": "unknown", "age_group": "unknown"}])
def test_what_is_not_known_leaves_no_row(scene: Running, changed: dict[str, Any]) -> None:
    send(scene, form(scene, lines=[line_of("potential_victim", **changed)]))
    dimensions = {key[1] for key in kept(scene, "potential_victim")}
    assert dimensions == ({"nationality"} if "nationality" in changed else set())
