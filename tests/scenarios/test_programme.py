"""The programme is played through the real verbs and ends as it says: every screen of the strategy shows something."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from inspect import getclosurevars
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from sqlmodel import Session, select

from geodata.ground import sites as bundled
from operations.core import clock, journal
from operations.core.people import Account, System
from operations.core.store import Store, open_store
from operations.evaluation import evaluations
from operations.evaluation import figures as evaluation
from operations.exchange import deconfliction, directory, dispatches, service_figures
from operations.exchange.dispatch_rows import Dispatch, DispatchPassing, DispatchReceipt
from operations.infrastructure import figures as infrastructure
from operations.infrastructure import trend, usage
from operations.infrastructure.rows import Equipment, EquipmentState, Link, LinkState, Outage
from operations.needs import figures as needs
from operations.needs import stakeholders
from operations.needs.rows import AREAS, Assessment, AssessmentScore, AssessmentState
from operations.policing.operation import membership, plan
from operations.posts import register
from operations.programme import (
    connections,
    figures,
    five_years,
    practice_change,
    roles,
    stop_loop,
    sustained_use,
    timeline,
)
from operations.programme.five_years import Pillar, PillarYear
from operations.support import lead_funnel
from operations.training import curricula, trained_officers
from operations.training import figures as training
from operations.training.curricula import Curriculum
from operations.training.enrolment_rows import CourseCertificate, Enrolment
from operations.training.rows import Course, CourseRun, RunState
from operations.training.trainer_rows import CascadeRun, Trainer
from scenarios import PROGRAMME, programme, sahel_airports, sahel_and_gulf, title_of, tour_posts
from scenarios.player import Played, play
from scenarios.script_language import identifier
from tests.operations.programme_recount import change, consulted, evaluated, programme_figures, queries
from tests.operations.rate_recount import RawTables
from tests.overdue_items import overdue
from tests.prepared_databases import copied
from tests.scenarios.test_language import NOT_SAID

APART = {"K12 b Persons arrested, over operations", "K68 Consultations with a reason"}
"""Figures that are recounted where there are operations and an auditor: the one in `test_playing`, the other below."""


@dataclass
class Stage:
    """The programme as it is on its last day, read by a coordinator of operations."""

    store: Store
    played: Played
    session: Session
    by: Any

    def states(self, model: Any) -> Counter[str]:
        return Counter(each.state for each in self.session.exec(select(model)))

    def post(self, what: str) -> register.Post:
        return register.post(self.session, tour_posts(self.registered())[what])

    def asks(self, username: str, question: Any) -> Any:
        """What somebody of the cast learns on the last day."""
        with self.store.reading(System()) as session:
            by = membership.actor(session, session.exec(select(Account).where(Account.username == username)).one())
        with self.store.reading(by) as session:
            return question(session, by)

    def registered(self) -> dict[Any, date]:
        return {each.id: each.made_at.date() for each in register.posts(self.session)}


@pytest.fixture(scope="module")
def stage(programme_played: tuple[Path, Played], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    file, said = programme_played
    copy = tmp_path_factory.mktemp("programme") / "muster.sqlite"
    copied(file, copy)
    store = open_store(f"sqlite:///{copy}")
    with store.reading(System()) as session:
        account = session.exec(select(Account).where(Account.username == "coordinator")).one()
        by = membership.actor(session, account)
    assert by is not None
    with clock.at(programme().ends), store.reading(by) as session:
        yield Stage(store, said, session, by)
    store.dispose()


def test_it_is_played_whole_and_once(stage: Stage) -> None:
    story = programme()
    assert (stage.played.done, stage.played.finished) == (len(story.steps), True)
    with stage.store.reading(System()) as session:
        before = journal.pulse(session)
        assert all(journal.verify(session, chain).broken_at is None for chain in journal.Chain)
    again = play(stage.store, story)
    with stage.store.reading(System()) as session:
        assert (again.done, journal.pulse(session)) == (0, before)


def test_nothing_is_overdue_for_anybody_on_the_last_day(stage: Stage) -> None:
    assert overdue(stage.store, programme().ends) == {}


def test_the_same_five_years_are_told_every_time_and_can_begin_on_another_day() -> None:
    story, again = programme(), sahel_and_gulf.compose()
    assert [(each.at, each.by, each.what) for each in again.steps] == [
        (each.at, each.by, each.what) for each in story.steps
    ]
    for day in (date(2021, 12, 1), date(2022, 1, 31)):
        moved = programme(day)
        assert len(moved.steps) == len(story.steps)
        assert 1_800 < (moved.ends.date() - day).days < 1_826  # in the demo all of it lies behind
        moments = [(each.by, each.at) for each in moved.steps]
        assert len(set(moments)) == len(moments)


def test_its_words_are_those_of_the_field_and_it_says_what_is_invented() -> None:
    story = programme()
    said = [story.title, story.summary, story.invented, *(step.what for step in story.steps)]
    assert [words for words in said if NOT_SAID.search(words)] == []
    assert story.invented.startswith("Invented: ")
    assert story.published == ()


def test_every_post_is_a_real_place_but_the_bureau_that_was_placed_by_hand(stage: Stage) -> None:
    posts = register.posts(stage.session)
    assert len(posts) == 24
    assert {each.country for each in posts} == {"NER", "BFA", "MLI", "MRT", "BEN", "TGO", "CIV", "NGA"}
    for each in posts:
        found = bundled.site(each.ref)
        if found is None:
            assert each.site_type == "coordination_unit"
            continue
        seen = found.seen_from(each.country)
        assert (each.name, each.lat, each.lon) == (seen.name, seen.lat, seen.lon)
    assert max(each.version for each in register.conditions_now(stage.session).values()) == 4


def test_there_is_an_assessment_in_every_state(stage: Stage) -> None:
    found = stage.states(Assessment)
    assert set(found) == set(AssessmentState)
    assert found[AssessmentState.REASSESSED] == 3
    scores = stage.session.exec(select(AssessmentScore)).all()
    assert {each.area for each in scores} == set(AREAS)
    assert any(each.score is None for each in scores)


def test_there_is_equipment_and_a_link_in_every_state(stage: Stage) -> None:
    assert set(stage.states(Equipment)) == set(EquipmentState)
    assert set(stage.states(Link)) == set(LinkState)
    running = [each for each in stage.session.exec(select(Outage)) if each.ends is None]
    assert len(running) == 1
    gaya = [each for each in stage.session.exec(select(Equipment)) if each.post_id == stage.post("assessed again").id]
    same = Counter(each.kind for each in gaya)
    assert same["workstation"] == 2 == len({each.donor for each in gaya if each.kind == "workstation"})


def test_it_ends_in_these_figures(stage: Stage) -> None:
    at = programme().ends
    told = [
        *needs.figures(stage.session),
        *infrastructure.figures(stage.session, at),
        *training.figures(stage.session, stage.by),
    ]
    said = {each.figure.name: (each.part, each.whole) for each in told}
    names = ("Assessments validated", "I-24/7 feasible", "Connected posts", "Equipment in use", "Passed")
    numbers = {each.figure.name: each.number for each in told}
    assert [*(said[name] for name in names), numbers["Officers trained"], numbers["Certified today"]] == [
        (15, 19),
        (10, 12),
        (9, 12),
        (7, 10),
        (22, 25),
        19,
        14,
    ]
    talks = stakeholders.engagements(stage.session)
    assert (len(talks), sum(bool(each.outcome) for each in talks)) == (7, 3)


def test_five_years_are_counted_by_pillar(stage: Stage) -> None:
    found = five_years.years(stage.session, stage.by, 2025)
    assert {pillar.value: found.cell(pillar) for pillar in Pillar} == {
        "support": PillarYear(1, 1, 0),
        "needs": PillarYear(13, 13, 0),
        "infrastructure": PillarYear(24, 18, 6),
        "capacity": PillarYear(6, 6, 0),
        "operations": PillarYear(5, 5, 0),
        "evaluation": PillarYear(7, 7, 0),
    }
    assert found.left_out == 17
    assert (found.money[2024]["spent"], found.money[2025]["planned"]) == ({"EUR": 9_800}, {"EUR": 25_000})
    assert all(each["asked"] for year, each in found.money.items() if year != 2022)
    teams = figures.deployable(stage.session, stage.by)
    assert (teams.part, teams.whole) == (4, 6)
    assert {code: each.roles for code, each in roles.current_roles(stage.session).items()}["NER"] == [
        "transit",
        "destination",
    ]


def test_what_is_invented_says_so_where_it_is_read(stage: Stage) -> None:
    assert all("nvented" in each.note for each in register.conditions_now(stage.session).values())
    assert all("Invented" in each.source for each in usage.months(stage.session))
    assert all(each.purpose.startswith("Invented") for each in stage.session.exec(select(Assessment)))


def _change(stage: Stage, what: str, occasion: str) -> trend.TrendAnswer:
    post = stage.post(what)
    series = usage.series(usage.months(stage.session, post.id))
    found = timeline.occasions(stage.session, post.id, programme().ends.date())
    chosen = next(each for each in found if each.words == occasion)
    return trend.before_and_after(series, chosen.begins, chosen.ends)


def test_of_one_post_is_told_that_queries_grew_and_of_another_that_nobody_can_tell(stage: Stage) -> None:
    for what, occasion in (("grew and stayed", "{operation}"), ("assessed again", "Link live")):
        assert all(each.told and each.ratio > 1 for each in _change(stage, what, occasion).changes), what
    moved = _change(stage, "trained and moved", "{operation}")
    assert [each.told for each in moved.changes] == [False, False]
    assert _change(stage, "the link is down", "Link live").why is not None  # too few months


def test_who_is_trained_where_has_a_gap_after_a_transfer_and_one_after_certificates_expired(stage: Stage) -> None:
    rows = trained_officers.trained(stage.session, register.posts(stage.session))
    at_post = {(each.post.id, each.course.topic): each for each in rows}
    gap = at_post[stage.post("trained and moved").id, "databases"]
    assert (gap.ever, gap.here, gap.moved, gap.gap) == (1, 0, 1, True)
    expired = at_post[stage.post("grew and stayed").id, "databases"]
    assert (expired.ever, expired.here, expired.moved, expired.gap) == (2, 0, 0, True)


def test_courses_runs_and_certificates_stand_everywhere_on_their_way(stage: Stage) -> None:
    assert stage.states(Course) == {"accredited": 2, "designed": 1, "retired": 1}
    assert set(stage.states(CourseRun)) == set(RunState)
    assert set(stage.states(Enrolment)) == {"passed", "failed", "absent", "enrolled"}
    held = stage.session.exec(select(CourseCertificate)).all()
    assert Counter(each.state for each in held) == {"issued": 19, "revoked": 1, "proposed": 2}
    day = programme().ends.date()
    lasts = [each.expires_on for each in held if each.state == "issued" and each.expires_on]
    assert any(last < day for last in lasts)
    assert any(day <= last <= day + timedelta(days=90) for last in lasts)


def test_trainers_cascade_runs_and_curricula_stand_on_their_way(stage: Stage) -> None:
    assert stage.states(Trainer) == {
        "active": 3,
        "assessed": 1,
        "nominated": 1,
        "inactive": 1,
        "expired": 1,
        "revoked": 1,
        "dropped": 1,
    }
    assert stage.states(CascadeRun) == {"confirmed": 7, "held": 1, "announced": 1}
    assert stage.states(Curriculum) == {"adopted": 3, "declined": 1, "shared": 1}
    runs = stage.session.exec(select(CascadeRun)).all()
    assert sum(each.attended for each in runs) == 82
    for found in stage.session.exec(select(Trainer)):
        assert found.certified_by is None or found.certified_by != found.assessed_by


def test_links_were_planned_twice_and_those_of_one_plan_wait_for_their_countries(stage: Stage) -> None:
    newest, first = connections.plans(stage.session)
    assert [each.result["status"] for each in (newest, first)] == ["proven", "proven"]
    assert (first.adopted, len(newest.adopted["posts"])) == ({}, 2)
    assert newest.result["cost"] <= newest.question["budget"]
    waits = {str(each.post_id) for each in stage.session.exec(select(Link)) if each.state == "feasible"}
    assert waits == set(newest.adopted["posts"])


def test_countries_keep_a_directory_and_write_to_each_other(stage: Stage) -> None:
    offices = directory.members(stage.session)
    assert Counter(each.state for each in offices) == {"member": 9, "left": 1}
    assert [each.office for each in offices if each.state == "member" and not each.activities] == [
        "Financial desk, Abuja"
    ]
    assert stage.asks("coordinator", lambda session, _by: dispatches.dispatches(session)) == []
    sent, receipts, asked = stage.asks("coordinator.ner", _letters)
    assert len(sent) == 7
    assert Counter(each.state for each in receipts if each.country == "NER") == {
        "read": 3,
        "answered": 1,
        "delivered": 1,
    }
    assert Counter(each.state for each in asked) == {"consented": 1, "asked": 1}


def _letters(session: Session, _by: Any) -> tuple[list[Any], list[Any], list[Any]]:
    models = (Dispatch, DispatchReceipt, DispatchPassing)
    return tuple(list(session.exec(select(each))) for each in models)  # type: ignore[return-value]


def test_two_countries_learn_that_they_should_talk_and_a_third_does_not(stage: Stage) -> None:
    def told(session: Session, by: Any) -> list[tuple[str, str, str]]:
        rooms = deconfliction.rooms(session)
        sides = [each for room in rooms for each in deconfliction.sides(session, room.id, by)]
        return sorted((own.side.kind, theirs.country, own.side.state) for own, theirs in sides)

    assert stage.asks("coordinator.ner", told) == [("group", "BFA", "told"), ("route", "MLI", "spoken")]
    assert stage.asks("coordinator.bfa", told) == [("group", "NER", "told")]
    assert stage.asks("coordinator.civ", told) == [("group", "NGA", "spoken")]
    assert stage.asks("coordinator.mrt", told) == []
    assert stage.asks("coordinator", told) == []


def test_leads_of_the_operation_in_the_middle_end_in_a_result(stage: Stage) -> None:
    found = lead_funnel.funnel(stage.session, programme().operation, programme().ends)
    assert (found.received, found.answered, found.positive, found.results) == (5, 4, 2, 1)


def test_the_operation_in_the_middle_is_that_of_the_airports_and_its_sites_are_posts(stage: Stage) -> None:
    story = programme()
    about = title_of(story.operation, [story.opens.date() + timedelta(days=back) for back in range(8)])
    assert about is sahel_airports.TITLE
    linked = stage.session.exec(select(register.PostSite)).all()
    assert len(linked) == 7
    middle = timeline.timeline(stage.session, stage.post("grew and stayed").id, story.ends.date())
    assert {each.lane for each in middle} == set(timeline.Lane)


def test_the_loop_of_the_operation_in_the_middle_is_a_picture_with_numbers(stage: Stage) -> None:
    def looked(session: Session, by: Any) -> stop_loop.Loop:
        return stop_loop.loop(session, plan.operation(session, programme().operation, by), by)

    found = stage.asks("coordinator", looked)
    assert (found.runs, found.enrolled, found.trained, found.posted) == (1, 4, 3, 3)
    assert (found.equipped, found.practised, found.closed) == (1, 1, 1)
    assert found.queries is not None
    assert found.here is not None
    assert 0 < found.here < found.queries


def test_a_walk_begins_only_where_the_programme_was_played(stage: Stage) -> None:
    assert set(tour_posts(stage.registered())) == set(sahel_and_gulf.WORTH_SEEING)
    registered = stage.asks("coordinator.ner", lambda session, _by: register.posts(session))
    own = tour_posts({each.id: each.made_at.date() for each in registered})
    assert set(own) == {"assessed again", "grew and stayed"}  # a country sees its own posts
    moved = programme(date(2022, 1, 31))
    post = identifier(PROGRAMME, "2022-01-31", "post", "airport:DRRN", "NER")
    assert tour_posts({post: moved.starts.date()}) == {"grew and stayed": post}
    assert tour_posts({identifier("another", "post"): moved.starts.date()}) == {}
    assert tour_posts({}) == {}


@pytest.mark.parametrize("first_day", [date(2021, 12, 1), date(2021, 12, 15)])
def test_every_month_is_counted_once_it_is_over_whatever_day_it_is(first_day: date) -> None:
    counts = [step for step in programme(first_day).steps if step.what.startswith("count queries")]
    latest = [
        max(draft.month for draft in getclosurevars(step.verb).nonlocals["drafts"]) < step.at.date().replace(day=1)
        for step in counts
    ]
    assert len(counts) > 20
    assert all(latest), "a rule refuses them: nothing of the last year could be told"


def test_every_figure_of_the_programme_is_that_of_its_raw_rows(stage: Stage) -> None:
    at, session, by = programme().ends, stage.session, stage.by
    raw = RawTables(stage.store)
    pages = (
        figures.figures(session, by, at),
        training.of_trainers(session, by),
        directory.figures(session),
        service_figures.figures(session, by),
        evaluation.figures(session, by),
        [curricula.adopted(session, directory.countries(session), by), practice_change.behaviour(session)],
    )
    told = {value.figure.code: value.number for page in pages for value in page}
    expected = programme_figures(raw, at)
    assert told.keys() - expected.keys() == APART
    assert {code: told[code] for code in expected} == pytest.approx(expected)
    assert sum(bool(value) for value in expected.values()) > 0.9 * len(expected)


def test_the_figures_of_each_evaluation_are_those_of_its_raw_rows(stage: Stage) -> None:
    at, session, raw = programme().ends, stage.session, RawTables(stage.store)
    found = evaluations.evaluations(session)
    assert found
    for each in found:
        judged, later = evaluations.current_judgements(session, each.id), evaluations.outcomes(session, each.id)
        recommended = evaluations.recommendations_of(session, each.id)
        told = evaluation.evaluation_figures(each, judged, recommended, later.values())
        expected = evaluated(raw, each.id, at.date())
        assert {value.figure.code: value.number for value in told} == pytest.approx(
            {value.figure.code: expected[value.figure.code] for value in told}
        ), each.title


def test_sustained_use_is_that_of_the_raw_months(stage: Stage) -> None:
    known, compared = queries(RawTables(stage.store)), 0
    for each in evaluations.evaluations(stage.session):
        posts = sustained_use.sustained(stage.session, each, trend.before_and_after)
        for value, month in zip(sustained_use.figures(posts), trend.AFTER, strict=True):
            ratios = [
                change(known[one.post.id], one.occasion.begins, one.occasion.ends, month)
                for one in posts
                if month in one.changes and one.occasion is not None
            ]
            assert value.number == pytest.approx(median(ratios) if ratios else None, rel=1e-4), (each.title, month)
            compared += len(ratios)
    assert compared > 3


def test_consultations_with_a_reason_are_those_of_the_raw_trail(stage: Stage) -> None:
    with clock.at(programme().ends):
        told = stage.asks("auditor", lambda session, by: evaluation.figures(session, by)[-1])
    assert told.number == pytest.approx(consulted(RawTables(stage.store), programme().ends.date()))
