"""The same document hits again next morning (domain 6.6): its officer says so, both count, and both are answered."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from operations.catalogue.kpis import Kpi
from operations.core.errors import RuleBroken
from operations.core.people import System
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.figures.breakdowns import breakdowns
from operations.policing.reports import desk_queries, reports, verification
from tests.makers import START, Running, form, hit, send
from tests.operations.steps import answer, climb, correction, counted, told

pytestmark = pytest.mark.both_storages


def again(of: dict[str, Any], hours: int, **changes: Any) -> dict[str, Any]:
    return hit(START + timedelta(hours=hours), repeats=of["id"], **changes)


def sides(scene: Running, kpi: Kpi = Kpi.RAW_HITS, who: str = "ana") -> dict[str, dict[str, int]]:
    frame = BoardFrame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=Level.V1)
    with scene.store.reading(scene[who]) as session:
        return {each.side: dict(each.parts) for each in breakdowns(session, frame, kpi, scene[who])}


def of_one_document(scene: Running, who: str = "cheikh") -> list[list[str]]:
    with scene.store.reading(scene[who]) as session:
        found = desk_queries.document_hits(session, scene.operation)
    return sorted({tuple(str(each.line.id) for each in of) for of in found.values()})


def lines_of(scene: Running, made: reports.Report) -> list[reports.Line]:
    with scene.store.reading(System()) as session:
        return reports.lines_of(session, made.id)


def flaws(scene: Running, *lines: dict[str, Any], **changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(RuleBroken) as refused:
        send(scene, form(scene, lines=list(lines), **changes))
    return [(flaw.field, str(flaw)) for flaw in refused.value.flaws]


def test_both_hits_count_and_the_breakdown_says_how_many_were_again(scene: Running) -> None:
    first, other = hit(START), hit(START + timedelta(hours=1))
    send(scene, form(scene, lines=[first, other]))
    assert "repeats" not in sides(scene)
    second, third = again(first, 25), again(first, 26)
    made = send(scene, form(scene, day=1, lines=[second, third]))
    assert counted(scene, Kpi.RAW_HITS) == 4
    assert sides(scene)["repeats"] == {"yes": 2}
    assert of_one_document(scene) == [(first["id"], second["id"], third["id"])]
    send(
        scene, correction(made, scene, lines=[second]) | {k: v for k, v in form(scene, day=1).items() if "period" in k}
    )
    assert (counted(scene, Kpi.RAW_HITS), sides(scene)["repeats"]) == (3, {"yes": 1})


def test_a_hit_that_repeats_a_repetition_is_of_the_first_document(scene: Running) -> None:
    first = hit(START)
    second = again(first, 3)
    third = again(second, 25)
    send(scene, form(scene, lines=[second, first]))  # in one report, in any order
    send(scene, form(scene, day=1, lines=[third]), by="boubacar")
    assert of_one_document(scene) == [(first["id"], second["id"], third["id"])]


def test_what_repeats_a_hit_that_does_not_stand_any_more_stays_together(scene: Running) -> None:
    first = hit(START)
    made = send(scene, form(scene, lines=[first]))
    second, third = again(first, 25), again(first, 26)
    send(scene, form(scene, day=1, lines=[second, third]))
    with scene.store.unit_of_work(scene["chaima"]) as session:
        reports.withdraw(session, made.id, "Sent twice.", scene["chaima"])
    assert of_one_document(scene) == [(second["id"], third["id"])]
    assert sides(scene)["repeats"] == {"yes": 2}


def test_only_an_earlier_hit_of_the_country_in_the_same_database_is_repeated(scene: Running) -> None:
    first, mali = hit(START), hit(START)
    send(scene, form(scene, lines=[first]))
    send(scene, form(scene, "Bamako", lines=[mali]), by="mateo")
    unknown = "This is no hit of your country in this operation: choose it from the list again."
    for line in (again(mali, 3), hit(START + timedelta(hours=3), repeats=str(uuid4()))):
        assert flaws(scene, line) == [("lines.0.repeats", unknown)]
    assert flaws(scene, again(first, 3, database="tdawn")) == [
        ("lines.0.repeats", "The earlier hit was in another database: that is another record.")
    ]
    late = "The hit that this one repeats must be an earlier one, and must not itself repeat this one."
    assert flaws(scene, again(first, 0)) == [("lines.0.repeats", late)]
    own = hit(START)
    assert flaws(scene, own | {"repeats": own["id"]}) == [("lines.0.repeats", late)]
    assert flaws(scene, again(first, 3, hit_kind="nominal")) == [
        ("lines.0.repeats", "Only a hit on a document can be one of the same document.")
    ]
    send(scene, form(scene, "Agadez", lines=[again(first, 3)]), by="binta")  # at another site of the country


def test_hits_do_not_repeat_each_other_in_a_circle(scene: Running) -> None:
    first = hit(START)
    made = send(scene, form(scene, lines=[first]))
    second = again(first, 3)
    send(scene, form(scene, lines=[second]))
    turned = hit(START + timedelta(hours=5), id=first["id"], repeats=second["id"])
    with pytest.raises(RuleBroken, match="must not itself repeat this one"):
        send(scene, correction(made, scene, lines=[turned]))


def test_the_answer_to_one_is_offered_for_the_other_and_never_written(scene: Running) -> None:
    first, second, third = hit(START), None, None
    second, third = again(first, 3), again(first, 11)
    made = send(scene, form(scene, lines=[first, second, third]))
    made = answer(scene, made.id, UUID(first["id"]), told("refuted"))
    found = {str(row.id): row for row in lines_of(scene, made)}
    assert [row.status for row in found.values()] == ["refuted", "pending", "pending"]
    with scene.store.reading(scene["cheikh"]) as session:
        same = desk_queries.document_hits(session, scene.operation)
    offers = {
        each["id"]: desk_queries.proposed_answer(found[each["id"]], same[UUID(each["id"])])
        for each in (first, second, third)
    }
    assert offers[first["id"]] is None
    given = offers[second["id"]]
    assert given is not None
    assert (given.of.line.id, given.answer["confirmation"]) == (UUID(first["id"]), "refuted")
    assert given.answer["confirmed_at"] == told("refuted").confirmed_at
    late = offers[third["id"]]
    assert late is not None
    assert (late.answer["confirming_country"], late.answer["confirmed_at"]) == ("ITA", None)  # it answered before
    made = answer(scene, made.id, UUID(second["id"]), told("refuted"))
    assert [row.status for row in lines_of(scene, made)] == ["refuted", "refuted", "pending"]


def test_what_waits_for_an_answer_stands_together(scene: Running) -> None:
    first, other = hit(START), hit(START + timedelta(hours=1))
    send(scene, form(scene, lines=[first, other]))
    second = again(first, 25)
    send(scene, form(scene, day=1, lines=[second]))
    with scene.store.reading(scene["cheikh"]) as session:
        waiting = desk_queries.waiting_hits(session, scene.operation)
        found = desk_queries.side_by_side(waiting, desk_queries.document_hits(session, scene.operation))
    assert [str(each.line.id) for each in waiting] == [first["id"], other["id"], second["id"]]
    assert [str(each.line.id) for each in found] == [first["id"], second["id"], other["id"]]


def test_recent_hits_are_those_on_documents_at_the_site_first(scene: Running) -> None:
    first, person = hit(START), hit(START + timedelta(hours=1), database="nominal", hit_kind="nominal")
    second = hit(START + timedelta(hours=2))
    send(scene, form(scene, lines=[first, person, second]))
    elsewhere = hit(START + timedelta(hours=5))
    send(scene, form(scene, "Agadez", lines=[elsewhere]), by="binta")
    send(scene, form(scene, "Bamako", lines=[hit(START)]), by="mateo")
    with scene.store.reading(scene["chaima"]) as session:
        niamey, two, named = (
            [
                str(each.line.id)
                for each in desk_queries.recent_documents(session, scene.operation, scene.sites["Niamey"], *more)
            ]
            for more in ((), ((), 2), ([UUID(elsewhere["id"])], 1))
        )
    assert niamey == [second["id"], first["id"], elsewhere["id"]]
    assert two == niamey[:2]
    assert named == [second["id"], elsewhere["id"]]


def test_an_answer_and_a_climb_keep_what_was_said(scene: Running) -> None:
    first = hit(START)
    send(scene, form(scene, lines=[first]))
    second = again(first, 3)
    made = send(scene, form(scene, lines=[second]))
    made = answer(scene, made.id, UUID(second["id"]), told("confirmed"))
    climb(scene, made.id, "boubacar", "chaima")
    assert sides(scene)["repeats"] == sides(scene, Kpi.CONFIRMED_HITS)["repeats"] == {"yes": 1}
    with scene.store.reading(System()) as session:
        assert verification.differences(session, scene.operation) == []
