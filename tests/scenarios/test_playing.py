"""Every scenario, played through the real verbs, ends exactly in what was published of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select

from dashboard.parts.published_text import figure_name, much_of
from dashboard.screens.snapshots import files
from geodata.ground import sites as bundled
from operations.catalogue.fugitive_kpis import FugitiveKpi
from operations.catalogue.kpis import Kpi
from operations.claims import claim_rows
from operations.core import clock, journal
from operations.core.journal import AccessEntry
from operations.core.people import Account, Actor, System
from operations.core.store import Store, open_store
from operations.core.vocabulary import (
    Classification,
    Level,
    MapObjectKind,
    OperationState,
    ParticipationState,
    TaskState,
)
from operations.disclosure import suppression
from operations.figures import board
from operations.figures.domain_figures import DOMAIN_FIGURES
from operations.figures.durations import FigureRequest
from operations.policing.calendar import dependencies, tasks, timeline
from operations.policing.fugitives import sweep
from operations.policing.fugitives.case_rows import FugitiveStep
from operations.policing.map_plan import places
from operations.policing.operation import membership, plan
from operations.policing.reports import desk_queries, verification
from operations.policing.reports.reports import Line, Report
from operations.programme import figures as programme_figures
from operations.results import disclosed_figures, restatements, snapshots
from operations.results.past_operations.publications import past_operation
from operations.results.snapshot_rows import CENTRE, LEADERSHIP, OUTSIDE, figures_of, newest_published
from scenarios import NAMES, catalogue
from scenarios.player import Played, play
from scenarios.script_language import Scenario
from tests.makers import Running
from tests.operations.case_recount import fugitives, incidents, teams
from tests.operations.rate_recount import RawTables, by_kind, of_lines
from tests.operations.recount import check, raw_lines
from tests.overdue_items import overdue
from tests.pdf_text import letters, words
from tests.prepared_databases import Shelf, copied
from tests.scenarios.conftest import play_all

SHORTEST = "sahel_airports"


@dataclass
class Stage:
    """A played scenario in a store of its own."""

    store: Store
    scenario: Scenario
    played: Played

    def member(self, username: str) -> Actor:
        with self.store.reading(System()) as session:
            account = session.exec(select(Account).where(Account.username == username)).one()
            actor = membership.actor(session, account)
        assert actor is not None
        return actor

    def board(self, username: str) -> board.FigureBoard:
        actor = self.member(username)
        with clock.at(self.scenario.ends), self.store.reading(actor) as session:
            operation = plan.operation(session, self.scenario.operation, actor)
            frame = suppression.BoardFrame(
                operation.id, operation.zone, Classification(operation.classification), operation.day_cut
            )
            return board.read_board(session, frame, actor)

    def counted(self, kind: str) -> list[Line]:
        """The lines that count at V3, training included."""
        with self.store.reading(System()) as session:
            query = (
                select(Line)
                .join(Report, Line.version_id == Report.id)
                .where(
                    Report.operation_id == self.scenario.operation,
                    Report.counted,
                    Report.level >= int(Level.V3),
                    Line.kind == kind,
                )
            )
            return list(session.exec(query).all())

    def published(self, name: str) -> int:
        return next(each.value for each in self.scenario.published if each.name == name)


@pytest.fixture(scope="module")
def stages(
    played: tuple[Path, dict[str, Played]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Stage]]:
    """All scenarios played into one store, as the demo does."""
    file, said = played
    copy = tmp_path_factory.mktemp("stage") / "muster.sqlite"
    copied(file, copy)
    store = open_store(f"sqlite:///{copy}")
    yield {name: Stage(store, catalogue()[name], said[name]) for name in NAMES}
    store.dispose()


@pytest.fixture(params=NAMES)
def stage(stages: dict[str, Stage], request: pytest.FixtureRequest) -> Stage:
    return stages[request.param]


def test_nobody_is_refused(stage: Stage) -> None:
    assert [f"{refused.step.by}: {refused.step.what}: {refused.sentence}" for refused in stage.played.refused] == []
    assert stage.played.finished
    assert stage.played.done == len(stage.scenario.steps)


@pytest.mark.parametrize("username", ["leader", "coordinator", "analyst"])
def test_the_board_ends_in_the_published_totals(stage: Stage, username: str) -> None:
    published = {each.kpi: each.value for each in stage.scenario.published if each.kpi is not None}
    assert published
    shown = stage.board(username)
    assert {kpi: shown.figures[kpi].value for kpi in published} == published
    assert all(shown.figures[kpi].unverified == 0 for kpi in published)


@pytest.mark.parametrize("audience", [CENTRE, LEADERSHIP, OUTSIDE])
def test_a_snapshot_signed_by_two_tells_the_published_totals(stage: Stage, audience: str) -> None:
    published = {each.kpi: each.value for each in stage.scenario.published if each.kpi is not None}
    leader, at = stage.member("leader" if audience != CENTRE else "coordinator"), stage.scenario.ends
    with clock.at(at), stage.store.reading(leader) as session:
        official = newest_published(session, stage.scenario.operation)
        assert official is not None
        told = disclosed_figures.figures(figures_of(session, official.id, audience))
    assert (official.level, official.approved_by) == (int(Level.V4), stage.member("leader").account_id)
    assert official.signed_by == stage.member("coordinator").account_id
    shown = {kpi: told[kpi].value for kpi in published}
    assert (
        shown == published
        if audience != OUTSIDE
        else all(value in (published[kpi], None) for kpi, value in shown.items())
    )


@pytest.mark.parametrize("name", ["cuban_network", "infra_hydra", "sahel_airports", "turquesa_v"])
def test_a_signed_paper_holds_every_number_of_the_public_release(stages: dict[str, Stage], name: str) -> None:
    stage = stages[name]
    leader = stage.member("leader")
    with clock.at(stage.scenario.ends), stage.store.reading(leader) as session:
        official = newest_published(session, stage.scenario.operation)
        assert official is not None
        operation = plan.operation(session, stage.scenario.operation, leader)
        sheets = {sheet.name: sheet.rows for sheet in files.tables(session, official, operation, "")}
    past = past_operation(official.publication or 0)
    assert past is not None
    said = [(figure_name(figure), much_of(figure), figure.source.title) for figure in past.leading]
    released = sheets["Public release"]
    assert [(row[0], row[1], row[3]) for row in released] == said
    with clock.at(stage.scenario.ends):
        paper, _name = files.pack(stage.store, stage.scenario.operation, official.number, files.PDF, "", leader)
    printed = letters(words(paper))
    assert [(name, much) for name, much, _source in said if letters(f"{name}{much}") not in printed] == []


def test_every_report_that_counts_is_consolidated(stage: Stage) -> None:
    with stage.store.reading(System()) as session:
        counted = session.exec(select(Report).where(Report.operation_id == stage.scenario.operation, Report.counted))
        assert {each.level for each in counted} == {int(Level.V4)}
        assert snapshots.broken(session, stage.scenario.operation) == []


def test_every_country_stands_behind_its_figures(stage: Stage) -> None:
    shown = stage.board("coordinator")
    assert shown.countries_validated == shown.countries_taking_part
    with stage.store.reading(System()) as session:
        states = {each.state for each in plan.participations(session, stage.scenario.operation)}
    assert states == {ParticipationState.REPORTED_FINAL}


def test_nothing_waits_for_anybody_years_later(stages: dict[str, Stage]) -> None:
    assert (
        overdue(stages[SHORTEST].store, max(each.scenario.ends for each in stages.values()) + timedelta(days=365)) == {}
    )


def test_totals_equal_a_recomputation_and_the_journal_holds(stage: Stage) -> None:
    with stage.store.reading(System()) as session:
        assert verification.differences(session, stage.scenario.operation) == []
        assert all(journal.verify(session, chain).broken_at is None for chain in journal.Chain)


def test_every_figure_is_that_of_the_raw_lines(stage: Stage) -> None:
    """At each level, with its breakdowns, of the whole operation and of the countries that reported most."""
    scene = told_by(stage)
    countries = raw_lines(scene)["country"].value_counts().index[:3]
    check(scene, stage.scenario.ends, countries)


def test_every_figure_of_cases_and_teams_is_that_of_the_raw_rows(stage: Stage) -> None:
    """For all who are wanted, and for those whom each country asks for; incidents as leadership reads them."""
    operation, ends, raw = (
        stage.scenario.operation,
        stage.scenario.ends,
        RawTables(stage.store, stage.scenario.operation),
    )
    for who, country in (("coordinator", None), ("leader", None), *(("coordinator", each) for each in asking(raw)[:3])):
        by = stage.member(who)
        frame = suppression.BoardFrame(operation, "UTC", Classification.FOR_OFFICIAL_USE, country=country)
        with clock.at(ends), stage.store.reading(by) as session:
            asked = FigureRequest(session, frame, by, board.read_board(session, frame, by))
            told = {code: figure.read(asked) for code, figure in DOMAIN_FIGURES.items()}
        expected = {"K22": incidents(raw)} | teams(raw, ends) | fugitives(raw, ends, country)
        assert told.keys() == expected.keys()
        shown = {code: value.value for code, value in told.items() if not value.hidden}
        assert shown == pytest.approx({code: expected[code] for code in shown}), (who, country)
        assert ("K22" in shown) is (who == "leader")


def test_persons_arrested_over_operations_are_those_of_the_raw_lines(stages: dict[str, Stage]) -> None:
    """Persons of each operation, added up, less those whom a claim over operations found to be one."""
    some = next(iter(stages.values()))
    by, ends = some.member("coordinator"), max(each.scenario.ends for each in stages.values())
    with clock.at(ends), some.store.reading(by) as session:
        told = programme_figures.arrested(session, by)
        here = [each.id for each in plan.operations(session, by)]
    raw, persons = RawTables(some.store), 0
    for operation in here:
        lines = raw_lines(Running(some.store, operation, operation, operation, {}))
        persons += int(of_lines(by_kind(lines[lines["level"] >= Level.V3]))["K12"] or 0)
    claims = raw["claim"]
    joined = claims["id"][claims["operation_id"].isna() & claims["state"].isin(["agreed", "decided"])]
    of = raw["claim_line"]["claim_id"]
    assert told.number == persons - (of.isin(joined).sum() - len(joined))
    assert persons > 0


def told_by(stage: Stage) -> Running:
    """A scenario as the coordinator reads it."""
    operation = stage.scenario.operation
    return Running(stage.store, operation, operation, operation, {}, members={"ana": stage.member("coordinator")})


def asking(raw: RawTables) -> list[str]:
    """The countries that ask for somebody."""
    return sorted(set(raw["fugitive_case"]["requesting_country"]))


def test_playing_again_changes_nothing(stage: Stage) -> None:
    with stage.store.reading(System()) as session:
        before = journal.pulse(session)
    again = play(stage.store, stage.scenario)
    with stage.store.reading(System()) as session:
        assert journal.pulse(session) == before
    assert (again.done, again.known, again.refused) == (0, len(stage.scenario.steps), ())


def test_every_site_is_a_real_place_of_its_country(stage: Stage) -> None:
    with stage.store.reading(System()) as session:
        placed = places.sites(session, stage.scenario.operation)
    assert placed
    for site in placed:
        found = bundled.site(site.ref)
        assert found is not None
        seen = found.seen_from(site.country)
        assert (site.name, site.lat, site.lon, site.zone) == (seen.name, seen.lat, seen.lon, seen.timezone)


def test_the_plan_is_drawn(stage: Stage) -> None:
    with stage.store.reading(System()) as session:
        drawn = Counter(each.kind for each in places.objects(session, stage.scenario.operation))
    wanted = {
        MapObjectKind.COORDINATION_UNIT,
        MapObjectKind.AREA,
        MapObjectKind.ROUTE,
        MapObjectKind.HOTSPOT,
        MapObjectKind.CHECKPOINT,
    }
    assert {kind.value for kind in wanted} <= set(drawn)


def test_every_operation_had_tasks_of_several_owners_some_of_them_late_and_none_is_left(stage: Stage) -> None:
    with stage.store.reading(System()) as session:
        found = tasks.tasks(session, stage.scenario.operation)
        waiting = dependencies.dependencies(session, stage.scenario.operation)
        clashes = timeline.lines(session, stage.scenario.operation).clashes()
    assert len(found) >= 9
    assert len(waiting) >= 4
    assert {each.state for each in found} == {TaskState.DONE, TaskState.CANCELLED}
    assert [each.title for each in found if each.done_at and each.done_at > each.due] != []
    assert len({(each.role, each.country) for each in found}) >= 3
    assert [clash.flaw.template for clash in clashes] == []
    assert "tasks" in stage.scenario.invented


def test_the_operation_says_what_is_invented_and_has_come_to_its_end(stage: Stage) -> None:
    with stage.store.reading(System()) as session:
        operation = session.exec(select(plan.Operation).where(plan.Operation.id == stage.scenario.operation)).one()
    assert operation.invented == stage.scenario.invented
    assert operation.code_name == stage.scenario.title
    assert operation.state == OperationState.ARCHIVED


@pytest.mark.postgres
@pytest.mark.parametrize("shelf", ["postgres"], indirect=True)
def test_the_shortest_ends_alike_on_the_other_storage(shelf: Shelf) -> None:
    """All of the above, of one play: what the verbs do there is tested one by one beside them."""
    store = shelf.new()
    stage = Stage(store, catalogue()[SHORTEST], play_all(store, [SHORTEST])[SHORTEST])
    for username in ("leader", "coordinator", "analyst"):
        test_the_board_ends_in_the_published_totals(stage, username)
    for audience in (CENTRE, LEADERSHIP, OUTSIDE):
        test_a_snapshot_signed_by_two_tells_the_published_totals(stage, audience)
    functions = [each for name, each in globals().items() if name.startswith("test_")]
    whole = [each for each in functions if [*each.__annotations__] == ["stage", "return"]]
    assert len(whole) > 10
    for holds in whole:
        holds(stage)
    store.dispose()


# --------------------------------------------------------------------------- what no key figure shows, one by one


def test_training_searches_do_not_count_in_sahel_airports(stages: dict[str, Stage]) -> None:
    stage = stages["sahel_airports"]
    searches: Counter[str] = Counter()
    for line in stage.counted("check_tally"):
        searches[line.phase_kind] += line.quantity
    assert searches["training"] > 0
    assert searches["operational"] == 4_800 == stage.board("leader").figures[Kpi.DATABASE_CHECKS].value


def test_one_passenger_was_denied_boarding_and_france_confirmed_it(stages: dict[str, Stage]) -> None:
    stage = stages["sahel_airports"]
    denied = [line for line in stage.counted("hit") if line.attributes["action_taken"] == "denied_boarding"]
    assert len(denied) == stage.published("Passengers denied boarding")
    assert [(line.country, line.status, line.attributes["confirming_country"]) for line in denied] == [
        ("MAR", "confirmed", "FRA")
    ]
    assert {line.status for line in stage.counted("hit")} == {"confirmed", "refuted", "pending"}


def test_in_turquesa_one_document_hit_twice_and_both_wait_for_the_answer(stages: dict[str, Stage]) -> None:
    stage = stages["turquesa_v"]
    hits = {line.id: line for line in stage.counted("hit")}
    [again] = [line for line in hits.values() if line.attributes["repeats"] is not None]
    first = hits[UUID(again.attributes["repeats"])]
    assert (first.country, first.status, again.country, again.status) == ("BRA", "pending", "BRA", "pending")
    assert len(hits) == stage.board("leader").figures[Kpi.RAW_HITS].value == 4
    with clock.at(stage.scenario.ends), stage.store.reading(stage.member("coordinator2.bra")) as session:
        waiting = desk_queries.waiting_hits(session, stage.scenario.operation)
        assert {each.line.id for each in waiting} == {first.id, again.id}
        assert [len(each) for each in desk_queries.document_hits(session, stage.scenario.operation).values()] == [
            2,
            2,
        ]


def test_infra_hydra_keeps_arrested_and_located_apart(stages: dict[str, Stage]) -> None:
    stage = stages["infra_hydra"]
    assert all(line.attributes["requesting_country"] not in (None, line.country) for line in stage.counted("arrest"))
    assert sum(line.quantity for line in stage.counted("positive_location")) == 31
    assert not list(stage.counted("hit"))  # a located person is no hit
    assert stage.published("Targets") - 26 - 31 == stage.published("Outstanding")
    assert stage.board("leader").countries_taking_part == stage.published("Countries that take part")


@pytest.mark.parametrize("username", ["leader", "coordinator", "analyst"])
def test_the_sweep_of_infra_hydra_ends_in_26_arrested_31_located_and_123_outstanding(
    stages: dict[str, Stage], username: str
) -> None:
    stage = stages["infra_hydra"]
    by = stage.member(username)
    with clock.at(stage.scenario.ends), stage.store.reading(by) as session:
        found = sweep.numbers(session, plan.operation(session, stage.scenario.operation, by), by)
    assert (found.targets, found.arrested, found.located, found.outstanding, dict(found.left)) == (180, 26, 31, 123, {})
    assert [round(part or 0, 1) for part in sweep.rates(found)[FugitiveKpi.RESOLUTION]] == [14.4, 17.2]


def test_cases_are_moved_by_the_officers_of_many_countries_and_31_of_them_want_somebody(
    stages: dict[str, Stage],
) -> None:
    stage = stages["infra_hydra"]
    with stage.store.reading(System()) as session:
        moved = select(FugitiveStep.requesting_country, FugitiveStep.country, FugitiveStep.after)
        steps = session.exec(moved).all()
    assert len({requesting for requesting, _by, _after in steps}) == stage.published("Countries that want the targets")
    assert len({by for _requesting, by, after in steps if after in ("located", "arrested")}) >= 3
    assert all(by == requesting for requesting, by, after in steps if after in ("located", "arrested"))


def test_a_quarter_hundred_of_the_cuban_networks_arrested_are_cuban(stages: dict[str, Stage]) -> None:
    stage = stages["cuban_network"]
    cuban = sum(line.quantity for line in stage.counted("arrest") if line.attributes["nationality"] == "CUB")
    assert cuban == stage.published("Cuban nationals among the arrested")
    assert stage.counted("migrant_detection") == []  # the estimate of persons smuggled is no detection


def test_turquesa_detects_69_nationalities_led_by_the_published_three(stages: dict[str, Stage]) -> None:
    stage = stages["turquesa_v"]
    met: Counter[str] = Counter()
    inside = 0
    for line in stage.counted("migrant_detection"):
        met[line.attributes["nationality"]] += line.quantity
        inside += line.quantity if line.country == "PAN" else 0
    assert len(met) == stage.published("Nationalities among the detections")
    assert [nationality for nationality, _ in met.most_common(3)] == ["VEN", "ECU", "CHN"]
    assert inside == stage.published("Detections in Panama")


def test_panama_reports_what_was_published_of_it(stages: dict[str, Stage]) -> None:
    stage = stages["turquesa_v"]
    sums: Counter[str] = Counter()
    for line in [*stage.counted("check_tally"), *stage.counted("arrest"), *stage.counted("potential_victim")]:
        if line.country == "PAN":
            sums[line.check_kind or line.kind] += line.quantity
    assert sums == {"database_query": 38_717, "flight_monitored": 370, "arrest": 10, "potential_victim": 5}


def test_turquesa_meets_everything_that_reporting_can_meet(stages: dict[str, Stage]) -> None:
    stage = stages["turquesa_v"]
    with stage.store.reading(System()) as session:
        reports = session.exec(select(Report).where(Report.operation_id == stage.scenario.operation)).all()
        activity = session.exec(
            select(board.SiteActivity).where(board.SiteActivity.operation_id == stage.scenario.operation)
        ).all()
    reasons = Counter(each.correction_reason for each in reports if each.correction_reason)
    assert reasons == {"typing": 3, "count_revised": 1, "outcome_changed": 2}
    assert sum(each.returned_reason is not None for each in reports) == 3
    assert sum(each.kind == "nil" for each in reports) == 6
    assert sum(each.last_report_at is None for each in activity) == 1
    assert len({each.zone for each in reports}) > 15
    assert len({each.official_day for each in reports}) == 5


def test_what_two_countries_may_have_told_twice_was_looked_into(stages: dict[str, Stage]) -> None:
    stage = stages["turquesa_v"]
    with stage.store.reading(stage.member("coordinator.pan")) as session:
        seen = claim_rows.claims(session, stage.scenario.operation)
    assert [(each.countries, each.state, each.line_kind) for each in seen] == [
        ("CRI PAN", to, "migrant_detection") for to in ("different", "different", "agreed")
    ]


def test_what_the_coordination_took_along_is_restated_by_a_claim_and_a_correction(stages: dict[str, Stage]) -> None:
    stage = stages["turquesa_v"]
    by = stage.member("coordinator")
    with stage.store.reading(by) as session:
        operation = plan.operation(session, stage.scenario.operation, by)
        [entry] = session.exec(select(AccessEntry.detail).where(AccessEntry.act == "operation.export"))
        frame = disclosed_figures.frame_of(operation, Level.V3)
        changed = restatements.restated(session, frame, entry["entry"], by)[Kpi.DETECTIONS]
    assert {"claimed", "count_revised"} <= set(changed.reasons)
    assert changed.by == -37
