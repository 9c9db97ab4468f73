"""The page of costs: what each reader is shown, and what its buttons do, called as functions."""

from datetime import timedelta
from typing import Any

import pytest

from dashboard.parts import costs as words
from dashboard.screens.costs import page
from dashboard.screens.figures import page as figures
from dashboard.screens.hand_over import content
from operations.catalogue.kpis import Kpi
from operations.core.errors import NotFound, NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.core.vocabulary import Level, OperationState
from operations.costs import costs
from operations.costs.rows import BookState, CostState
from operations.policing import lifecycle
from operations.policing.operation import plan, targets
from tests.cost_stories import booked, cost_draft, spent
from tests.dashboard.desks import at_desk, press, texts
from tests.makers import START, Running, arrest, form, let_out, send, tally
from tests.operations.steps import climb
from tests.operations.test_board import share
from tests.people import CAST
from tests.programme import BEGUN, does, reads

LATER = BEGUN + timedelta(days=1)


def shown(scene: Running, name: str, at: Any = LATER) -> str:
    with at_desk(scene, name, at):
        return texts(page.layout(operation_id=str(scene.operation)))


def whole(scene: Running) -> None:
    """Costs of both kinds, an objective that is reached, and all is in."""
    spent(scene, amount=900)
    spent(scene, amount=60, country="NER", kind="interpreters")
    spent(scene, stage="planned", amount=2000)
    does(scene, "ana", targets.aim, scene.operation, targets.TargetDraft(kpi=Kpi.DATABASE_CHECKS, value=100))
    send(scene, form(scene, lines=[tally(100)]))
    booked(scene)


def test_an_empty_page_says_what_to_do(scene: Running) -> None:
    assert "No cost is written down yet" in shown(scene, "lena")
    assert "Write a cost down" in shown(scene, "ana")


def test_who_sees_the_page_and_what_of_it(scene: Running) -> None:
    whole(scene)
    seen = {}
    for name in CAST:
        try:
            seen[name] = shown(scene, name)
        except (NotFound, NotPermitted):
            continue
    assert set(seen) == {"ana", "lena", "otto", "chaima", "moussa"}
    for name in ("ana", "lena", "otto"):
        assert "960 EUR" in seen[name]
        assert "2,000 EUR" in seen[name]
    assert ("60 EUR" in seen["chaima"], "900 EUR" in seen["chaima"]) == (True, False)
    assert "EUR" not in seen["moussa"]
    assert "Cost per objective" in seen["otto"]
    assert all("Write a cost down" not in each for each in seen.values())  # all costs are in


def test_an_auditor_reads_what_it_came_to_by_what_is_told_outside(scene: Running) -> None:
    """The arrests are a guarded figure: outside hears of them with a release, and so does the auditor of the sum."""
    for name in ("chaima", "moussa"):
        share(scene, name)
    spent(scene, amount=900)
    does(scene, "ana", targets.aim, scene.operation, targets.TargetDraft(kpi=Kpi.DATABASE_CHECKS, value=100))
    does(scene, "ana", targets.aim, scene.operation, targets.TargetDraft(kpi=Kpi.ARRESTS, value=40))
    made = send(scene, form(scene, lines=[tally(100), arrest(40)]))
    climb(scene, made.id, "boubacar", "chaima")
    assert "the costs have not been declared complete" in shown(scene, "otto")
    booked(scene)
    assert "450 EUR (objectives reached: 2 of 2)" in shown(scene, "ana")
    said = shown(scene, "otto")
    assert "900 EUR (site-days: 1)" in said.replace(".00", "")
    assert "450 EUR" not in said
    let_out(scene)
    assert "450 EUR (objectives reached: 2 of 2)" in shown(scene, "otto")


def test_costs_of_which_none_will_be_known_are_said_so_on_the_page(scene: Running) -> None:
    after = START + timedelta(days=6)
    assert "No costs will be known" not in shown(scene, "ana")
    does(
        scene,
        "ana",
        lambda session, by: lifecycle.move(session, scene.operation, OperationState.CONSOLIDATION, by),
        at=after,
    )
    said = shown(scene, "ana", after)
    assert "No costs will be known…" in said
    assert "Why none will be known" in said
    assert "No costs will be known" not in shown(scene, "lena", after)
    with at_desk(scene, "ana", after):
        with pytest.raises(RuleBroken, match="Give the reason"):
            step(page.take_book, page.OF_BOOK, scene.operation, "unknown")
        step(page.take_book, page.OF_BOOK, scene.operation, "unknown", "The ministry does not tell.")
    for name in ("ana", "lena", "otto"):
        said = shown(scene, name, after)
        for words_ in ("No costs will be known", "The ministry does not tell."):
            assert words_ in said, (name, words_)
        assert "No cost is written down yet" not in said
    said = shown(scene, "ana", after)
    assert ("Open it again…" in said, "Write a cost down" in said) == (True, False)


@pytest.mark.parametrize("level", ["V1", "V3"])
def test_the_catalogue_tells_it_with_its_currency_or_why_it_cannot(scene: Running, level: str) -> None:
    whole(scene)
    with at_desk(scene, "ana", LATER):
        told = texts(figures.layout(operation_id=str(scene.operation), figure="K39", level=level))
    assert ("960 EUR" in told, "no objective is reached" in told) == (level == "V1", level == "V3")
    assert "Never by arrests, hits or persons." in told


def test_words_of_costs_are_the_same_everywhere(scene: Running) -> None:
    whole(scene)
    with at_desk(scene, "ana", LATER), scene.store.reading(scene["ana"]) as session:
        operation = plan.operation(session, scene.operation, scene["ana"])
        pairs = dict(words.cost_facts(session, operation, scene["ana"]))
        sheet = content.tables(content.desk(session, operation, Level.V3, scene["ana"]))["costs"]
    assert pairs["Spent"] == "960 EUR"
    assert pairs["Cost per objective"] == "Not comparable: no objective is reached."
    assert sorted(str(row[2:5]) for row in sheet.rows[-3:]) == [
        "['Planned', 2000, 'EUR']",
        "['Spent', 60, 'EUR']",
        "['Spent', 900, 'EUR']",
    ]
    with at_desk(scene, "bruno", LATER), scene.store.reading(scene["bruno"]) as session:
        operation = plan.operation(session, scene.operation, scene["bruno"])
        assert words.cost_facts(session, operation, scene["bruno"]) == []


def test_what_was_corrected_and_taken_back_stays_to_be_read(scene: Running) -> None:
    made = spent(scene)
    right = does(scene, "ana", costs.correct, made.id, cost_draft(amount=1300))
    does(scene, "ana", costs.take, right.id, CostState.TAKEN_BACK, words="Of another operation.")
    told = shown(scene, "ana")
    for said in ("1,200 EUR", "Corrected", "1,300 EUR", "Taken back", "Of another operation."):
        assert said in told
    booked(scene)
    booked(scene, BookState.OPEN)
    assert "A bill came late." in shown(scene, "lena")
    assert reads(scene, "ana", costs.costs, scene.operation)


def step(act: Any, ids: Any, of: Any, to: str, words: str = "") -> None:
    beside = {"type": ids.beside["type"], "to": to, "of": {str(of): words}}
    press(act, {"type": ids.buttons["type"], "of": str(of), "to": to}, beside=beside)


def test_a_cost_is_typed_corrected_taken_back_and_the_book_closed(scene: Running) -> None:
    def typed(**changes: Any) -> dict[str, Any]:
        return cost_draft(**changes).model_dump(mode="json", exclude={"id"})

    def written() -> Any:
        return reads(scene, "ana", costs.costs, scene.operation)

    with at_desk(scene, "ana", LATER):
        wrong = typed() | {"kind": None, "amount": None}
        with pytest.raises(RuleBroken) as refused:
            press(page.save, page.Ids.SAVE, scene.operation, wrong, new_id(), corrects=None)
        assert {flaw.field for flaw in refused.value.flaws} == {"kind", "amount"}
        press(page.save, page.Ids.SAVE, scene.operation, typed(), new_id(), corrects=None)
        [made] = written()
        corrects, says, client, *values = press(page.fill, {"type": page.Ids.CORRECT, "of": str(made.id)})["shown"]
        assert (corrects, values) == (
            str(made.id),
            ["spent", "travel", "", 1200, "EUR", made.day.isoformat(), None, made.note],
        )
        assert "stands in its place" in says
        done = press(page.save, page.Ids.SAVE, scene.operation, typed(amount=1300), client, corrects=corrects)
        assert done["shown"] == [None, []]
        right = next(each for each in written() if each.state == "stands")
        assert (right.amount, right.corrects_id) == (1300, made.id)
        step(page.take, page.STEP, right.id, "taken_back", "Of another operation.")
        step(page.take_book, page.OF_BOOK, scene.operation, "complete")
        with pytest.raises(RuleBroken, match="The costs were declared complete"):
            press(page.save, page.Ids.SAVE, scene.operation, typed(), new_id(), corrects=None)
    assert {each.state for each in written()} == {"corrected", "taken_back"}
