"""What lines say besides is counted with them, and told as carefully as their figures."""

from typing import Any

import pytest
import sqlalchemy as sa

from operations.catalogue.kpis import Kpi
from operations.core import journal
from operations.core.people import System
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.figures.breakdowns import Breakdown, breakdowns
from operations.policing.reports import verification
from operations.totals import checkpoints, margins
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


def test_the_breakdown_of_an_earlier_entry_is_what_was_told_with_it(scene: Running) -> None:
    """Also where a correction moves a margin and no total, and over checkpoints; nothing before anything was said."""

    def told(at: int | None = None) -> list[Breakdown]:
        frame = BoardFrame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=Level.V1, at=at)
        with scene.store.reading(scene["ana"]) as session:
            return breakdowns(session, frame, Kpi.ARRESTS, scene["ana"])

    def entry() -> int:
        with scene.store.reading(System()) as session:
            return journal.pulse(session)

    before = entry()
    made = send(scene, form(scene, lines=[arrest(5, sex="female", nationality="NGA")]))
    shown = {entry(): told()}
    made = send(scene, correction(made, scene, lines=[arrest(5, sex="male", nationality="NGA")]))
    shown[entry()] = told()
    with scene.store.unit_of_work(System()) as session:
        checkpoints.checkpoint(session, scene.operation)
    send(scene, form(scene, "Bamako", lines=[arrest(2, sex="female")]), by="mateo")
    shown[entry()] = told()
    climb(scene, made.id, "boubacar", "chaima")
    assert [dict(each.parts) for found in shown.values() for each in found if each.side == "sex"] == [
        {"female": 5},
        {"male": 5},
        {"male": 5, "female": 2},
    ]
    assert {at: told(at) for at in shown} == shown
    assert told(before) == []
    with scene.store.reading(System()) as session:
        assert verification.differences(session, scene.operation) == []


def test_margins_that_steps_do_not_come_to_are_found(scene: Running) -> None:
    send(scene, form(scene, lines=[arrest(5, sex="female")]))
    with scene.store.unit_of_work(System()) as session:
        margin = margins.TotalMargin.__table__
        session.connection().execute(sa.update(margin).where(margin.c.code == "female").values(quantity=6))
    with scene.store.reading(System()) as session:
        [(key, kept_, other)] = verification.differences(session, scene.operation)
    assert (key[-2:], kept_, other) == (("sex", "female"), (1, 6), (1, 5))


@pytest.mark.parametrize("changed", [{}, {"nationality": "XXX"}, {"sex": "unknown", "age_group": "unknown"}])
def test_what_is_not_known_leaves_no_row(scene: Running, changed: dict[str, Any]) -> None:
    send(scene, form(scene, lines=[line_of("potential_victim", **changed)]))
    dimensions = {key[1] for key in kept(scene, "potential_victim")}
    assert dimensions == ({"nationality"} if "nationality" in changed else set())
