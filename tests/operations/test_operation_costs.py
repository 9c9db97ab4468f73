"""What an operation costs: who writes and reads it, what is refused, and its cost per objective and per site-day."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from operations import worklist_entries
from operations.catalogue.kpis import Kpi
from operations.core import clock, history, journal
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken
from operations.core.people import System
from operations.core.vocabulary import Classification, Level, OperationState
from operations.costs import costs
from operations.costs.rows import BOOK, LIFE, BookState, CostState
from operations.disclosure.suppression import BoardFrame
from operations.figures import cost_figures
from operations.figures.board import read_board
from operations.figures.derived_figures import disclosed_value
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.policing import lifecycle
from operations.policing.operation import plan, targets
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from tests.cost_stories import booked, cost_draft, spent
from tests.makers import START, Running, arrest, form, hit, send, tally
from tests.people import CAST
from tests.programme import BEGUN, does, reads

DAY = timedelta(days=1)


def take(scene: Running, made: Any, to: CostState, by: str = "ana", words: str = "It was another operation's.") -> Any:
    return does(scene, by, costs.take, made.id, to, words=words)


def told(scene: Running, by: str, at: int | None = None) -> costs.Sums:
    with scene.store.reading(scene[by]) as session, history.as_of(session, at):
        return costs.sums(costs.valid_costs(session, scene.operation, scene[by]))


def entries(scene: Running) -> int:
    with scene.store.reading(System()) as session:
        return journal.pulse(session)


# ----------------------------------------------------------------------------------------------------- verbs


def test_a_cost_is_written_corrected_and_taken_back_and_nothing_is_lost(scene: Running) -> None:
    draft = cost_draft()
    made = does(scene, "ana", costs.write, scene.operation, draft)
    assert does(scene, "ana", costs.write, scene.operation, draft).id == made.id
    with pytest.raises(Conflict):
        does(scene, "ana", costs.write, scene.operation, draft.model_copy(update={"amount": 1}))
    spent(scene, currency="XOF", amount=300_000, kind="premises")
    spent(scene, stage="planned", amount=5000, day=(BEGUN + 30 * DAY).date())
    assert told(scene, "ana") == {"planned": {"EUR": 5000}, "spent": {"EUR": 1200, "XOF": 300_000}}
    right = cost_draft(amount=1300)
    again = does(scene, "ana", costs.correct, made.id, right)
    assert does(scene, "ana", costs.correct, made.id, right).id == again.id
    assert told(scene, "ana")["spent"] == {"EUR": 1300, "XOF": 300_000}
    with pytest.raises(RuleBroken, match="was corrected or withdrawn"):
        does(scene, "ana", costs.correct, made.id, cost_draft(amount=7))
    with pytest.raises(RuleBroken, match="Enter the correct cost"):
        take(scene, again, CostState.CORRECTED)
    with pytest.raises(RuleBroken, match="reason"):
        take(scene, again, CostState.TAKEN_BACK, words="")
    take(scene, again, CostState.TAKEN_BACK)
    assert told(scene, "ana")["spent"] == {"XOF": 300_000}
    with pytest.raises(RuleBroken, match="was corrected or withdrawn"):
        take(scene, again, CostState.TAKEN_BACK)
    rows = sorted(reads(scene, "ana", costs.costs, scene.operation), key=lambda each: each.amount)
    assert [(each.amount, each.state, each.corrects_id) for each in rows if each.kind == "travel"] == [
        (1200, "corrected", None),
        (1300, "taken_back", made.id),
        (5000, "stands", None),
    ]


def test_the_journal_keeps_what_a_correction_changed(scene: Running) -> None:
    made = spent(scene)
    does(scene, "ana", costs.correct, made.id, cost_draft(amount=90, currency="USD"))
    with scene.store.reading(scene["otto"]) as session:
        entry = journal.latest(session, scene.operation, None, limit=1)[0]
    assert entry.act == "cost.correct"
    said = {name: entry.detail[name] for name in ("amount", "currency", "amount_before", "currency_before")}
    assert said == {"amount": 90, "currency": "USD", "amount_before": 1200, "currency_before": "EUR"}
    assert "Invoice" not in str(entry.detail)


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        ("legal tender nowhere", {"currency": "LTL"}),  # given up in 2015
        ("EURO is not one of the choices", {"currency": "EURO"}),
        ("in the future", {"day": (BEGUN + 2 * DAY).date()}),
        ("in words", {"kind": "other"}),
        ("bribes is not one of the choices", {"kind": "bribes"}),
        ("does not take part", {"country": "FRA"}),
        ("1 or more", {"amount": 0}),
        ("personal data", {"note": "Paid to passport AB1234567."}),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(scene: Running, words: str, changes: dict[str, Any]) -> None:
    before = entries(scene)
    with pytest.raises(RuleBroken, match=words):
        spent(scene, **changes)
    assert entries(scene) == before


def test_other_is_said_in_words(scene: Running) -> None:
    assert spent(scene, kind="other", what="Insurance of the hired boat.").what


def test_nothing_changes_once_all_costs_are_in_until_the_book_is_opened_again(scene: Running) -> None:
    made = spent(scene)
    booked(scene)
    for refused in (
        lambda: spent(scene),
        lambda: does(scene, "ana", costs.correct, made.id, cost_draft()),
        lambda: take(scene, made, CostState.TAKEN_BACK),
    ):
        with pytest.raises(RuleBroken, match="The costs were declared complete"):
            refused()
    with pytest.raises(RuleBroken, match="This is already recorded"):
        booked(scene)
    booked(scene, BookState.OPEN)
    spent(scene, amount=1)
    assert told(scene, "ana")["spent"] == {"EUR": 1201}
    said = {(each.state, each.words) for each in reads(scene, "ana", costs.past, scene.operation)}
    assert said == {("open", ""), ("complete", ""), ("open", "A bill came late.")}


def test_whoever_coordinates_is_asked_for_the_last_costs_when_the_operation_is_over(scene: Running) -> None:
    def asks(name: str, at: Any) -> list[str]:
        found = reads(scene, name, worklist_entries.waiting, scene[name], at, at=at)
        return [each.address for each in found if each.noun == "book of costs"]

    spent(scene)
    assert asks("ana", BEGUN) == []
    after = START + 6 * DAY
    does(
        scene,
        "ana",
        lambda session, by: lifecycle.move(session, scene.operation, OperationState.CONSOLIDATION, by),
        at=after,
    )
    assert (asks("ana", after), asks("lena", after)) == ([f"/operations/{scene.operation}/costs"], [])
    booked(scene, at=after)
    assert asks("ana", after) == []


def test_an_operation_without_any_cost_is_asked_for_them_until_it_is_said_that_none_will_be_known(
    scene: Running,
) -> None:
    def asks(name: str, at: Any) -> list[tuple[str, str]]:
        found = reads(scene, name, worklist_entries.waiting, scene[name], at, at=at)
        return [(str(each.sentence), each.address) for each in found if each.noun in ("costs", "book of costs")]

    def says(to: BookState, words: str = "", who: str = "ana") -> Any:
        return does(scene, who, costs.take_book, scene.operation, to, words=words, at=after)

    after = START + 6 * DAY
    with pytest.raises(RuleBroken, match="The operation has not ended"):
        says(BookState.UNKNOWN, "Nobody tells.")
    assert asks("ana", BEGUN) == []
    does(
        scene,
        "ana",
        lambda session, by: lifecycle.move(session, scene.operation, OperationState.CONSOLIDATION, by),
        at=after,
    )
    owner = reads(scene, "ana", plan.operation, scene.operation, scene["ana"])
    place = f"/operations/{scene.operation}/costs"
    words = f"{owner.title}: write its costs down, or say that none will be known."
    assert [asks(name, after) for name in ("ana", "lena", "otto", "chaima")] == [[(words, place)], [], [], []]
    assert [each.step.after for each in reads(scene, "ana", costs.book_offers, owner, scene["ana"])] == ["unknown"]
    with pytest.raises(NotFound):
        says(BookState.COMPLETE)
    with pytest.raises(NotPermitted):
        says(BookState.UNKNOWN, "Nobody tells.", "lena")
    before = entries(scene)
    with pytest.raises(RuleBroken, match="Give the reason"):
        says(BookState.UNKNOWN)
    assert (entries(scene), reads(scene, "ana", costs.book, scene.operation)) == (before, None)
    says(BookState.UNKNOWN, "Nobody tells.")
    assert (asks("ana", after), read(scene, "K39").notes) == ([], (cost_figures.NONE_KNOWN,))
    with pytest.raises(RuleBroken, match="declared unknown"):
        spent(scene)
    says(BookState.OPEN, "An invoice came.")
    assert [address for _words, address in asks("ana", after)] == [place]  # now for the last of them
    spent(scene)
    with pytest.raises(RuleBroken, match="Some costs are recorded as spent"):
        says(BookState.UNKNOWN, "Nobody tells.")
    booked(scene, at=after)
    assert asks("ana", after) == []


def test_a_budget_alone_does_not_stand_in_the_way_of_not_knowing(scene: Running) -> None:
    spent(scene, stage="planned")
    after = START + 6 * DAY
    does(
        scene,
        "ana",
        lambda session, by: lifecycle.move(session, scene.operation, OperationState.CONSOLIDATION, by),
        at=after,
    )
    does(scene, "ana", costs.take_book, scene.operation, BookState.UNKNOWN, words="Nobody tells.", at=after)
    assert reads(scene, "ana", costs.book, scene.operation).reason == "Nobody tells."


# -------------------------------------------------------------------------------------------------- who may what


def test_only_the_coordinator_writes(scene: Running) -> None:
    made = spent(scene, country="NER")
    book = reads(scene, "ana", costs.book, scene.operation)
    owner = reads(scene, "ana", plan.operation, scene.operation, scene["ana"])
    for name in set(CAST) - {"ana"}:
        for verb in (
            lambda who=name: does(scene, who, costs.write, scene.operation, cost_draft()),
            lambda who=name: does(scene, who, costs.correct, made.id, cost_draft()),
            lambda who=name: take(scene, made, CostState.TAKEN_BACK, who),
            lambda who=name: does(scene, who, costs.take_book, scene.operation, BookState.COMPLETE),
        ):
            with pytest.raises((NotFound, NotPermitted)):
                verb()
        assert LIFE.offers(made, (owner, book), scene[name]) == BOOK.offers(book, (owner, None), scene[name]) == []


def test_a_country_reads_what_it_paid_and_the_centre_all(scene: Running) -> None:
    spent(scene, country="NER", amount=1)
    spent(scene, country="MLI", amount=20)
    spent(scene, amount=300)
    seen = {}
    for name in CAST:
        with scene.store.reading(scene[name]) as session:
            rows = {each.amount for each in costs.costs(session, scene.operation)}
            acts = [
                each.act
                for each in journal.latest(session, scene.operation, scene[name].country, limit=50)
                if each.object_kind == "cost"
            ]
        if rows or acts:
            seen[name] = rows, len(acts)
    everything = ({1, 20, 300}, 3)
    assert seen == {"ana": everything, "lena": everything, "otto": everything, "chaima": ({1}, 1), "moussa": ({20}, 1)}
    assert told(scene, "chaima")["spent"] == {"EUR": 1}
    with pytest.raises(NotPermitted):
        told(scene, "bruno")
    with pytest.raises(NotPermitted):
        told(scene, "dov")


def test_a_correction_that_names_another_payer_is_told_to_the_one_before(scene: Running) -> None:
    made = spent(scene, country="NER")
    does(scene, "ana", costs.correct, made.id, cost_draft(country="MLI"))
    assert (told(scene, "chaima")["spent"], told(scene, "moussa")["spent"]) == ({}, {"EUR": 1200})
    with scene.store.reading(scene["chaima"]) as session:
        acts = [each.act for each in journal.latest(session, scene.operation, "NER", limit=5)]
    assert acts[0] == "cost.correct"


def test_the_database_keeps_what_was_written(scene: Running) -> None:
    spent(scene)
    for statement in (
        "UPDATE operation_cost SET amount = 1",
        "UPDATE operation_cost SET state = 'taken_back'",  # without a reason
        "UPDATE operation_cost SET corrects_id = id",
        "DELETE FROM operation_cost",
        "DELETE FROM cost_step",
        "DELETE FROM cost_book",
    ):
        with pytest.raises(DBAPIError), scene.store.unit_of_work(System()) as session:
            session.execute(sa.text(statement))


# ----------------------------------------------------------------------------------------------------- as of


def test_what_was_known_at_an_entry_is_told_again(scene: Running) -> None:
    made = spent(scene, country="NER")
    first = entries(scene)
    spent(scene, amount=50, currency="USD")
    second = entries(scene)
    does(scene, "ana", costs.correct, made.id, cost_draft(amount=1000, country="NER"))
    booked(scene)
    assert told(scene, "ana", first)["spent"] == {"EUR": 1200}
    assert told(scene, "ana", second)["spent"] == {"EUR": 1200, "USD": 50}
    assert told(scene, "chaima", second)["spent"] == {"EUR": 1200}
    assert told(scene, "moussa", second)["spent"] == {}
    assert told(scene, "ana")["spent"] == {"EUR": 1000, "USD": 50}
    with scene.store.reading(scene["ana"]) as session:
        with history.as_of(session, second):
            assert not costs.complete(session, scene.operation)
        assert costs.complete(session, scene.operation)


# ---------------------------------------------------------------------------------------------------- the figure


def read(
    scene: Running,
    kpi: str,
    who: str = "ana",
    country: str | None = None,
    at: int | None = None,
    level: Level = Level.V1,
) -> MeasuredValue:
    frame = BoardFrame(
        scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=level, country=country, at=at
    )
    with clock.at(BEGUN + DAY), scene.store.reading(scene[who]) as session:
        return disclosed_value(
            COMPUTED_FIGURES[kpi], FigureRequest(session, frame, scene[who], read_board(session, frame, scene[who]))
        )


def aim(scene: Running, kpi: Kpi, value: int) -> None:
    does(scene, "ana", targets.aim, scene.operation, parse(targets.TargetDraft, {"kpi": kpi, "value": value}))


def test_cost_per_objective_says_why_it_cannot_be_told(scene: Running) -> None:
    assert read(scene, "K39").notes == (cost_figures.NOTHING_SPENT,)
    spent(scene, stage="planned")
    assert read(scene, "K39").notes == (cost_figures.NOTHING_SPENT,)
    spent(scene, amount=900)
    spent(scene, amount=70, currency="XOF")
    assert read(scene, "K39").notes == (cost_figures.NOT_ALL_IN,)
    booked(scene)
    assert read(scene, "K39").notes == (cost_figures.NO_OBJECTIVE,)
    aim(scene, Kpi.DATABASE_CHECKS, 100)
    aim(scene, Kpi.ARRESTS, 50)
    assert read(scene, "K39").notes == (cost_figures.NONE_REACHED,)
    send(scene, form(scene, lines=[tally(100)]))
    told_ = read(scene, "K39")
    assert (told_.value, told_.sums) == (None, {"EUR": 900.0, "XOF": 70.0})
    assert [str(each) for each in told_.notes] == ["objectives reached: 1 of 2"]
    aim(scene, Kpi.ARRESTS, 1)
    send(scene, form(scene, "Agadez", lines=[arrest(1)]))
    assert read(scene, "K39").sums == {"EUR": 450.0, "XOF": 35.0}
    assert read(scene, "K39", "lena").sums == {"EUR": 450.0, "XOF": 35.0}
    assert read(scene, "K39", level=Level.V3).notes == (cost_figures.NONE_REACHED,)
    for name, country in (("chaima", None), ("bruno", "NER"), ("dov", None)):
        assert read(scene, "K39", name, country, level=Level.V3).hidden
    assert read(scene, "K39", "ana", "NER").notes == (cost_figures.NOTHING_SPENT,)


def test_cost_per_site_day_counts_each_day_of_each_site_and_a_country_what_it_paid(scene: Running) -> None:
    spent(scene, amount=900)
    spent(scene, amount=60, country="NER")
    booked(scene)
    assert read(scene, "K39 b").notes == (cost_figures.NO_SITE_DAY,)
    for site, day in (("Niamey", 0), ("Niamey", 1), ("Agadez", 1)):
        send(scene, form(scene, site, day=day, lines=[tally(1)]))
    send(scene, form(scene, "Bamako", kind="nil", lines=[]), by="mateo")
    told_ = read(scene, "K39 b")
    assert ([str(each) for each in told_.notes], told_.sums) == (["site-days: 4"], {"EUR": 240.0})
    assert read(scene, "K39 b", "lena").sums == {"EUR": 240.0}  # who reads no report is told what comes of them
    assert read(scene, "K39 b", "chaima", "NER").sums == {"EUR": 20.0}
    assert read(scene, "K39", "chaima", "NER").notes == (cost_figures.OF_THE_WHOLE,)
    assert read(scene, "K39 b", "moussa", "MLI").notes == (cost_figures.NOTHING_SPENT,)


def test_costs_of_an_earlier_entry_are_what_they_were(scene: Running) -> None:
    aim(scene, Kpi.DATABASE_CHECKS, 100)
    send(scene, form(scene, lines=[tally(100)]))
    spent(scene, amount=900)
    booked(scene)
    entry, then, by_day = entries(scene), read(scene, "K39"), read(scene, "K39 b")
    booked(scene, BookState.OPEN)
    spent(scene, amount=100)
    booked(scene)
    send(scene, form(scene, day=1, lines=[tally(100)]))
    assert read(scene, "K39").sums == {"EUR": 1000.0}
    assert read(scene, "K39 b").sums == {"EUR": 500.0}
    assert read(scene, "K39", at=entry) == then
    assert read(scene, "K39 b", at=entry) == by_day
    assert by_day.sums == {"EUR": 900.0}


def test_no_figure_divides_a_cost_by_arrests_hits_or_persons(scene: Running) -> None:
    """Ten times the arrests and hits change no cost: nothing that was told of persons is ever a divisor."""
    aim(scene, Kpi.ARRESTS, 1)
    send(scene, form(scene, lines=[tally(10), arrest(1), hit(START)]))
    spent(scene, amount=900)
    booked(scene)
    before = {each.kpi: read(scene, each.kpi).sums for each in cost_figures.COSTS}
    send(scene, form(scene, lines=[arrest(500), *(hit(START) for _each in range(10))]))
    assert {each.kpi: read(scene, each.kpi).sums for each in cost_figures.COSTS} == before
    assert all(sums == {"EUR": 900.0} for sums in before.values())
    assert {kpi for kpi, each in COMPUTED_FIGURES.items() if "cost" in f"{each.name} {each.formula}".lower()} == {
        "K39",
        "K39 b",
    }
