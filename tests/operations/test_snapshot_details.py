"""A signed snapshot says what is published: money, goods, breakdowns, times, and the public release beside them."""

from typing import Any

import pytest

from operations.core import clock, journal
from operations.core.errors import RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.vocabulary import Level
from operations.figures.releases import breakdown_releases
from operations.figures.releases.breakdown_releases import SnapshotContent, decide
from operations.figures.releases.judge import ReportHolding
from operations.policing.operation import plan
from operations.results import snapshot_rows
from operations.results.disclosed_figures import APART, TOTAL
from operations.results.past_operations.publications import past_operations
from operations.results.snapshot_details import COMPUTED, HIDDEN, PUBLISHED, SIDE, published_figure, taken
from operations.results.snapshot_rows import CENTRE, LEADERSHIP, OUTSIDE, Snapshot, SnapshotFigure, SnapshotState
from tests.evaluations import ENDED, evaluated
from tests.makers import Running, form, let_out, send
from tests.operations.steps import climb
from tests.operations.test_board import share
from tests.operations.test_lines import line_of
from tests.snapshot_stories import frozen, prepare

S = SnapshotState
KINDS = ["check_tally", "hit", "arrest", "migrant_detection", "potential_victim", "seizure"]


def victims(persons: int, nationality: str, sex: str = "female", minors: int = 0) -> dict[str, Any]:
    return line_of("potential_victim", persons=persons, nationality=nationality, sex=sex, minors=minors)


@pytest.fixture
def seized(scene: Running) -> Running:
    """Two countries that share report victims, detections, money, drugs and vehicles; all of it is consolidated."""
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).line_kinds = KINDS
    for name in ("chaima", "moussa"):
        share(scene, name)
    things = [
        line_of("seizure", commodity="cash", measure="money", currency="EUR", amount=500),
        line_of("seizure", commodity="cash", measure="money", currency="USD", amount=70),
        line_of("seizure", commodity="cannabis", measure="kg", amount=2),
        line_of("seizure", commodity="firearm", measure="piece", amount=5),
        line_of("seizure", commodity="vehicle", amount=4),
    ]
    consolidated(scene, "Niamey", [victims(90, "NGA", minors=30), victims(25, "GHA", "male"), *things])
    consolidated(scene, "Bamako", [victims(70, "NGA", minors=20), victims(20, "BEN", "male"), victims(3, "TGO")])
    return evaluated(scene)


def consolidated(scene: Running, site: str, lines: list[dict[str, Any]], day: int = 0) -> None:
    names = ("bruno", "boubacar", "chaima") if site == "Niamey" else ("mateo", "marie", "moussa")
    made = send(scene, form(scene, site, lines=lines, day=day), by=names[0])
    climb(scene, made.id, *names[1:], "dov")


def rows(scene: Running, made: Snapshot, audience: str, dimension: str, kpi: str) -> dict[str, float | None]:
    with scene.store.reading(System()) as session:
        found = session.exec(
            snapshot_rows.select(snapshot_rows.SnapshotFigure).where(
                snapshot_rows.SnapshotFigure.snapshot_id == made.id,
                snapshot_rows.SnapshotFigure.audience == audience,
                snapshot_rows.SnapshotFigure.dimension == dimension,
                snapshot_rows.SnapshotFigure.kpi == kpi,
            )
        ).all()
        return {row.code: row.value for row in found}


def test_money_goods_and_vehicles_are_told_each_in_its_unit(seized: Running) -> None:
    let_out(seized)
    made = frozen(seized)
    for audience in (CENTRE, LEADERSHIP, OUTSIDE, "NER"):
        assert rows(seized, made, audience, APART, "K25") == {"seized EUR": 500, "seized USD": 70}
        assert rows(seized, made, audience, APART, "K26") == {"cannabis g": 2000, "firearm piece": 5}
        assert rows(seized, made, audience, TOTAL, "K24") == {"": 4}


def test_nationality_sex_and_minors_of_guarded_figures_are_told_from_eleven_up(seized: Running) -> None:
    let_out(seized)
    made = frozen(seized)
    told = rows(seized, made, LEADERSHIP, SIDE, "K17")
    assert told["sex female"] == 163
    assert told["sex male"] == 45
    assert told["minor yes"] == 50
    assert told["nationality NGA"] == 160
    assert "nationality TGO" not in told
    assert told[f"nationality {HIDDEN}"] is None
    assert rows(seized, made, LEADERSHIP, COMPUTED, "K19")[""] == pytest.approx(50 / 208 * 100)
    of_all = rows(seized, made, CENTRE, SIDE, "K17")
    assert of_all["nationality TGO"] == 3


def test_outside_is_told_no_code_that_leadership_is_not_told(seized: Running) -> None:
    let_out(seized)
    made = frozen(seized)
    inside, outside = (rows(seized, made, audience, SIDE, "K17") for audience in (LEADERSHIP, OUTSIDE))
    assert {code for code, value in outside.items() if value is not None} <= {
        code for code, value in inside.items() if value is not None
    }
    assert rows(seized, made, "NER", SIDE, "K17") == outside, "countries read what is told outside"


IN, ALL = Level.V3, frozenset({"NGA", "GHA", "BEN", "TGO"})


def holding(country: str, code: str, amount: int, since: int = 1) -> ReportHolding:
    return ReportHolding(country, code, "", amount, ((since, int(IN)),))


def content(entry: int, codes: frozenset[str] = frozenset(), **changes: Any) -> SnapshotContent:
    told = {"total": True, "countries": {"NER": True, "MLI": True}, "parts": frozenset()} | changes
    return SnapshotContent(entry, IN, codes={"nationality": codes}, **told)


HELD = [holding("NER", "NGA", 40), holding("MLI", "GHA", 50), holding("NER", "BEN", 30)]


def test_a_code_that_moved_by_fewer_than_eleven_since_a_snapshot_is_held_back() -> None:
    now = [*HELD, holding("NER", "NGA", 3, 5), holding("NER", "BEN", 40, 5), holding("MLI", "GHA", 60, 5)]
    first = decide("nationality", HELD, content(4), [])
    assert first == {"NGA": 40, "GHA": 50, "BEN": 30}
    told = decide("nationality", now, content(9), [content(4, frozenset(first))])
    assert told == {"NGA": None, "GHA": 110, "BEN": None}, "43, and 40 before: three persons; 70 would tell it"
    assert decide("nationality", now, content(9), []) == {"NGA": 43, "GHA": 110, "BEN": 70}


def test_a_country_that_knows_its_own_part_works_no_other_out() -> None:
    held = [*HELD, holding("MLI", "NGA", 4), holding("NER", "GHA", 20), holding("MLI", "BEN", 25)]
    assert decide("nationality", held, content(4), []) == {"NGA": 44, "GHA": 70, "BEN": 55}
    told = decide("nationality", held, content(4), [], homes=("NER", "MLI"))
    assert told == {"NGA": None, "GHA": 70, "BEN": None}, "Niger knows 40 of the 44"


def test_where_the_total_is_hidden_no_breakdown_is_told() -> None:
    assert decide("nationality", HELD, content(4, total=False), []) is None


def test_where_the_judge_finds_no_answer_in_time_nothing_is_told() -> None:
    assert decide("nationality", [*HELD, holding("NER", "TGO", 3)], content(4), [], most=1) is None


def test_every_side_that_is_told_is_one_of_the_figures_lines() -> None:
    assert {side for kpi in breakdown_releases.GUARDED for side in breakdown_releases.sides(kpi)} == {
        *breakdown_releases.TOLD
    }


def test_the_public_release_stands_beside_what_was_counted(seized: Running) -> None:
    made = prepare(seized, publication=21)
    told = rows(seized, made, OUTSIDE, PUBLISHED, "K11")
    assert list(told.values()) == [257]
    with pytest.raises(RuleBroken, match="This is no past operation") as refused:
        prepare(seized, publication=900)
    assert [flaw.field for flaw in refused.value.flaws] == ["publication"]


def test_each_of_the_past_operations_can_be_signed_with_all_its_published_numbers(scene: Running) -> None:
    by = scene["ana"]
    with scene.store.reading(by) as session:
        operation = plan.operation(session, scene.operation, by)
        for past in past_operations():
            rows = taken(session, operation, Level.V3, journal.pulse(session), [], past)
            for audience in (CENTRE, LEADERSHIP, OUTSIDE):
                found = [row for row in rows if row["audience"] == audience and row["dimension"] == PUBLISHED]
                held = [
                    SnapshotFigure.model_validate({**row, "snapshot_id": new_id(), "operation_id": scene.operation})
                    for row in found
                ]
                assert tuple(map(published_figure, held)) == past.leading, (past.number, audience)


def test_the_number_of_nationalities_and_the_times_are_told(seized: Running) -> None:
    made = prepare(seized)
    assert "" in rows(seized, made, CENTRE, COMPUTED, "K35")
    with clock.at(ENDED):
        assert rows(seized, made, CENTRE, COMPUTED, "K22") == {}, "leaders know no incident that concerns them"
