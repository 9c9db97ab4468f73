"""Whose rows a session sees is decided below every screen: in the store, and in PostgreSQL again."""

import gc
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import aliased, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter
from sqlmodel import SQLModel, col, func, select

from operations import tables
from operations.catalogue.kpis import COUNTED, Kpi
from operations.core import clock, journal, scope
from operations.core.drafts import parse
from operations.core.errors import NotFound
from operations.core.history import RowStep
from operations.core.ids import new_id
from operations.core.journal import AccessEntry, Chain, Entry
from operations.core.people import NATIONAL_ROLES, Account, Actor, Assignment, Posting, System
from operations.core.pulse import EVERYBODY
from operations.core.session_cache import once
from operations.core.store import ScopedSession, asked_for, unfenced, unscoped
from operations.core.vocabulary import Classification, Role
from operations.disclosure.suppression import BoardFrame
from operations.exchange.calendars import CalendarFeed
from operations.figures import board
from operations.policing.calendar.task_rows import Task
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.policing.reports import reports, verification
from operations.policing.reports.reports import Line, Report, SavedForm
from operations.templates.library import Template
from operations.totals.activity import CountryActivity, SiteActivity
from operations.totals.totals import Total
from tests.makers import START, Running, Shape, add_task, arrest, form, hit, link, post, send, tally
from tests.operations.steps import climb, correction
from tests.people import CAST

pytestmark = pytest.mark.both_storages

END = START + timedelta(days=1)

# Without a filter, and why: links between ids that say nothing of a country, sign-in, which knows no person yet, and
# the timetable's lease and signs of life, which are no secret.
OPEN = {"posting", "assignment", "journal_head", "sign_in", "attempt", "timetable_lease", "timetable_sign"}

# Of the asker's own or of no operation, whatever the operation.
OWN = (Account, AccessEntry, SavedForm, CalendarFeed, Template)


def filled(scene: Running) -> Running:
    """Rows of Niger and of Mali in every table."""
    for site, officer, leader, coordinator in (
        ("Niamey", "bruno", "boubacar", "chaima"),
        ("Bamako", "mateo", "marie", "moussa"),
    ):
        made = send(scene, form(scene, site, lines=[tally(100), hit(START), arrest(20)], remarks="Quiet."), by=officer)
        climb(scene, made.id, leader, coordinator)
        send(scene, form(scene, site, lines=[arrest(3)]), by=officer)
        shape = Shape({"type": "Point", "coordinates": [0.0, 0.0]}, countries=("NER", "MLI"))
        draft = {"id": new_id(), "object_id": new_id(), "kind": "checkpoint", "name": site, "audience": "coordination"}
        with scene.store.unit_of_work(scene[coordinator]) as session:
            places.draw(session, scene.operation, parse(places.MapObjectDraft, draft), shape, scene[coordinator])
            journal.record(
                session,
                scene[coordinator],
                "report.read",
                "report",
                made.id,
                operation=scene.operation,
                country=scene[coordinator].country,
                chain=Chain.ACCESS,
            )
        with scene.store.unit_of_work(scene[officer]) as session:
            reports.save_form(session, new_id(), scene.operation, scene.sites[site], {"count": "1"}, scene[officer])
        task = add_task(scene, country=scene[officer].country, site_id=scene.sites[site], steps=["Print"], due=END)
        link(scene, scene.training, task.id)
    return scene


@pytest.mark.requirement("ASVS 14.2.4", "R15")
def test_every_table_has_a_filter_or_a_reason_for_none() -> None:
    assert tables.__all__
    known = {str(model.__tablename__) for model in scope._scopes}
    assert known | OPEN == set(SQLModel.metadata.tables)
    assert known & OPEN == set()


NATIONAL = (Report, Task, Line, plan.Participation, SiteActivity, CountryActivity, Account)


@pytest.mark.parametrize("name", ["mateo", "marie", "moussa"])
@pytest.mark.parametrize("model", NATIONAL)
@pytest.mark.requirement("ASVS 8.2.2", "R15")
def test_a_raw_select_by_another_country_returns_nothing_of_it(scene: Running, model: Any, name: str) -> None:
    filled(scene)
    with scene.store.reading(scene[name]) as session:
        seen = {row.country for row in session.exec(select(model))}
    assert seen <= {"MLI"}
    with scene.store.reading(System()) as session:
        assert {"NER", "MLI"} <= {row.country for row in session.exec(select(model))}


@pytest.mark.parametrize("name", ["mateo", "marie", "moussa"])
@pytest.mark.requirement("ASVS 8.3.1")
def test_nothing_else_tells_of_another_country(scene: Running, name: str) -> None:
    filled(scene)
    with scene.store.reading(scene[name]) as session:
        assert {row.country for row in session.exec(select(Total))} == {"", "MLI"}
        assert {row.country for row in session.exec(select(Entry))} == {None, "MLI"}
        assert {row.country for row in session.exec(select(AccessEntry))} <= {"MLI"}
        assert {row.author_id for row in session.exec(select(SavedForm))} <= {scene[name].account_id}
        assert {row.kind for row in session.exec(select(RowStep))} == {"phase", "site"}
        hidden = {row.name for row in session.exec(select(places.MapObject))}
    assert "Niamey" not in hidden
    assert "Bamako" in hidden


def test_outside_the_operation_nothing_of_it_is_seen(scene: Running) -> None:
    filled(scene)
    for name in CAST:
        stranger = Actor(**vars(scene[name]) | {"operations": frozenset()})
        everything = stranger.role in ("leadership", "auditor")
        with scene.store.reading(stranger) as session:
            for model in scope._scopes:
                if model in OWN or everything:
                    continue
                assert session.exec(select(model)).all() == [], model


def test_above_the_clearance_nothing_is_seen(scene: Running) -> None:
    filled(scene)
    with scene.store.unit_of_work(System()) as session:
        operation = session.get(plan.Operation, scene.operation)
        assert operation is not None
        operation.classification = Classification.CONFIDENTIAL.value
        session.add(operation)
    for name in [each for each in CAST if each != "ada"]:
        low = Actor(**vars(scene[name]) | {"clearance": Classification.RESTRICTED})
        with scene.store.reading(low) as session:
            for model in scope._scopes:
                if model not in OWN:
                    assert [
                        row for row in session.exec(select(model)) if model is not Entry or row.operation_id
                    ] == [], model


@pytest.mark.requirement("R22")
def test_leadership_auditors_and_administrators_see_no_reports_and_no_lines(scene: Running) -> None:
    filled(scene)
    for name in ("lena", "otto", "ada"):
        with scene.store.reading(scene[name]) as session:
            for model in (Report, Line, SavedForm):
                assert session.exec(select(model)).all() == []


@pytest.mark.requirement("ASVS 8.2.3", "R19")
def test_a_coordinator_sees_no_lines_about_persons(scene: Running) -> None:
    filled(scene)
    kinds = {}
    for name in ("ana", "dov", "chaima"):
        with scene.store.reading(scene[name]) as session:
            kinds[name] = {row.kind for row in session.exec(select(Line))}
    assert kinds == {
        "ana": {"check_tally", "hit"},
        "dov": {"check_tally", "hit", "arrest"},
        "chaima": {"check_tally", "hit", "arrest"},
    }


def test_a_posted_officer_sees_the_postings_only(scene: Running) -> None:
    filled(scene)
    send(scene, form(scene, "Agadez"))
    posted = Actor(**vars(scene["bruno"]) | {"sites": frozenset({scene.sites["Agadez"]})})
    with scene.store.reading(posted) as session:
        for model in (Report, Line):
            assert {row.site_id for row in session.exec(select(model))} == {scene.sites["Agadez"]}


other = aliased(Report)
WAYS: dict[str, Callable[[], Any]] = {
    "rows": lambda: select(Report.country),
    "a count": lambda: select(Report.country, func.count()).group_by(Report.country),
    "a sum of lines": lambda: select(Line.country, func.sum(Line.quantity)).group_by(Line.country),
    "an alias": lambda: select(other.country),
    "a join": lambda: select(Report.country).join(Line, col(Line.version_id) == col(Report.id)),
    "a subquery": lambda: select(sub := select(Report.country).subquery()).select_from(sub),
    "a common table expression": lambda: select(select(Report.country).cte().c.country),
    "a union": lambda: sa.union(select(Report.country), select(Line.country)),
    "a condition": lambda: select(places.Site.country).where(
        col(places.Site.id).in_(select(Report.site_id)), col(places.Site.name) != "Agadez"
    ),
    "a scalar": lambda: select(select(func.max(Report.country)).scalar_subquery()),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_filter_reaches_every_form_of_a_query(scene: Running, way: str) -> None:
    filled(scene)
    with scene.store.reading(scene["mateo"]) as session:
        assert {row[0] for row in session.execute(WAYS[way]())} == {"MLI"}
        assert {row[0] for row in asked_for(session, WAYS[way](), {})} == {"MLI"}


@pytest.mark.parametrize("way", WAYS)
def test_a_query_compiled_for_one_person_is_filtered_for_the_next(scene: Running, way: str) -> None:
    filled(scene)
    posted = Actor(**vars(scene["bruno"]) | {"sites": frozenset({scene.sites["Agadez"]})})
    abroad = Actor(**vars(scene["mateo"]) | {"operations": frozenset()})
    of_module, seen, prepared = WAYS[way](), [], []
    for asker in (scene["bruno"], scene["mateo"], posted, abroad, scene["mateo"], scene["bruno"]):
        with scene.store.reading(asker) as session:
            seen.append({row[0] for row in session.execute(WAYS[way]())} - {None})
            prepared.append({row[0] for row in asked_for(session, of_module, {})} - {None})
    assert seen == prepared == [{"NER"}, {"MLI"}, set(), set(), {"MLI"}, {"NER"}]


def test_an_object_by_its_key_is_filtered_too(scene: Running) -> None:
    made = send(scene, form(scene))
    with scene.store.reading(scene["mateo"]) as session:
        assert session.get(Report, made.id) is None
        with pytest.raises(NotFound):
            reports.report(session, made.id)
        with pytest.raises(NotFound):
            verification.verify(session, made.id, scene["mateo"])


def test_updates_and_deletes_reach_the_own_rows_only(scene: Running) -> None:
    filled(scene)
    with scene.store.unit_of_work(scene["mateo"]) as session:
        session.execute(sa.delete(SavedForm))
        session.execute(sa.update(Account).values(language="fr"))
    with scene.store.reading(System()) as session:
        assert {row.author_id for row in session.exec(select(SavedForm))} == {scene["bruno"].account_id}
        assert {row.country for row in session.exec(select(Account)) if row.language == "fr"} == {"MLI"}


@pytest.mark.parametrize(
    "statement",
    [
        sa.text("SELECT country FROM report"),
        sa.select(Report.__table__.c.country),
        sa.select(sa.literal_column("country")).select_from(sa.table("line")),
    ],
)
@pytest.mark.requirement("ASVS 1.2.4")
def test_a_person_asks_through_the_models_or_not_at_all(scene: Running, statement: Any) -> None:
    filled(scene)
    for ask in (ScopedSession.execute, asked_for):
        with scene.store.reading(scene["mateo"]) as session, pytest.raises(RuntimeError, match="through the models"):
            ask(session, statement, {})
        with scene.store.reading(System()) as session:
            assert {row[0] for row in ask(session, statement, {})} == {"NER", "MLI"}


@pytest.mark.requirement("R15")
def test_a_session_without_an_actor_answers_nothing(scene: Running) -> None:
    for session_info in ({}, {"actor": None}):
        with (
            ScopedSession(scene.store.engine, info=session_info) as session,
            pytest.raises(RuntimeError, match="without an actor"),
        ):
            session.exec(select(Posting)).all()


def test_what_rules_need_to_see_is_asked_for_by_its_name(scene: Running) -> None:
    filled(scene)
    with scene.store.reading(scene["mateo"]) as session:
        assert {row.country for row in session.exec(unscoped(select(CountryActivity)))} == {"NER", "MLI"}
        assert {row.country for row in session.exec(select(CountryActivity))} == {"MLI"}
        assert session.exec(select(Assignment)).all() != []


# ------------------------------------------------------------------------------------------------ row-level security


@pytest.mark.parametrize("shelf", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.parametrize("table", ["report", "line"])
@pytest.mark.requirement("ASVS 8.4.1", "R15")
def test_postgresql_itself_shows_a_country_its_own_rows_only(scene: Running, table: str) -> None:
    filled(scene)
    query = sa.text(f"SELECT DISTINCT country FROM {table}")  # noqa: S608
    seen = {}
    for name in ("mateo", "chaima", "ana", "dov", "lena", "otto", "ada"):
        with scene.store.reading(scene[name]) as session:
            seen[name] = {country for (country,) in session.connection().execute(query)}
    both: set[str] = {"NER", "MLI"}
    nothing: set[str] = set()
    assert seen == {
        "mateo": {"MLI"},
        "chaima": {"NER"},
        "ana": both,
        "dov": both,
        "lena": nothing,
        "otto": nothing,
        "ada": nothing,
    }
    with scene.store.engine.connect() as connection:
        assert connection.execute(query).all() == []


@pytest.mark.parametrize("shelf", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.requirement("ASVS 8.4.1")
def test_postgresql_itself_lets_nobody_write_for_another_country(scene: Running) -> None:
    made = send(scene, form(scene))
    copied = sa.text("INSERT INTO line SELECT * FROM line")
    moved = sa.text("UPDATE report SET state = 'withdrawn', level = 0, counted = false WHERE id = :id")
    with scene.store.unit_of_work(scene["mateo"]) as session:
        assert session.connection().execute(copied).rowcount == 0
        assert session.connection().execute(moved, {"id": made.id}).rowcount == 0
    forged = Report(**made.model_dump() | {"id": new_id(), "report_id": new_id()})
    with (
        pytest.raises(sa.exc.ProgrammingError, match="row-level security"),
        scene.store.unit_of_work(scene["mateo"]) as session,
    ):
        session.add(forged)


@pytest.mark.parametrize("shelf", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_who_asked_last_is_forgotten_with_the_transaction(scene: Running) -> None:
    filled(scene)
    with scene.store.reading(scene["ana"]) as session:
        assert session.connection().execute(sa.text("SELECT count(*) FROM report")).scalar_one() > 0
    with scene.store.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM report")).scalar_one() == 0


# -------------------------------------------------------------------------------------------------- non-interference


def plain(value: Any) -> Any:
    """An answer as text would carry it."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, (list, tuple, set)):
        return [plain(each) for each in value]
    return str(value)


ALLS = (Entry, Total)  # with the pulse in it, and with sums of all


def alls(row: Any) -> bool:
    """Whether it counts what everybody is told, or keeps what was counted: that is the pulse, which is all's."""
    return getattr(row, "audience", None) in EVERYBODY


def everything_read(scene: Running, by: Actor) -> dict[str, Any]:
    """Every answer of the operation to one reader, but for the pulse and how many sites reported, which are all's."""
    own = BoardFrame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, country=by.country)
    whole = BoardFrame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE)
    with clock.at(START + timedelta(days=1)), scene.store.reading(by) as session:
        found: dict[str, Any] = {
            "operations": plan.operations(session, by),
            "phases": plan.phases(session, scene.operation),
            "participations": plan.participations(session, scene.operation),
            "sites": places.sites(session, scene.operation),
            "objects": places.objects(session, scene.operation),
            "reports": reports.newest(session, scene.operation),
            "forms": reports.saved_forms(session, scene.operation),
            "worklist": verification.worklist(session, scene.operation, by),
            "journal": [
                entry.model_dump(mode="json", exclude={"seq", "prev_hash", "hash", "seal"})
                for entry in journal.latest(session, scene.operation, limit=1000)
            ],
            "own board": [board.read_board(session, own, by).figures],
            "whole board": {**board.read_board(session, whole, by).figures, Kpi.COVERAGE: None},
            "own activity": board.site_activity(session, own, by),
            "own hits": board.site_hits(session, own, by),
            "own days": [board.by_day(session, own, kpi, by) for kpi in COUNTED],
            "whole days": [board.by_day(session, whole, kpi, by) for kpi in COUNTED],
            "countries": [board.by_country(session, frame, kpi, by) for kpi in COUNTED for frame in (own, whole)],
            "raw": [
                sorted(repr(row) for row in session.exec(select(each)) if not alls(row))
                for each in scope._scopes
                if each not in ALLS
            ],
        }
        for report in reports.newest(session, scene.operation):
            found[f"versions {report.id}"] = reports.versions(session, report.report_id)
            found[f"lines {report.id}"] = reports.lines_of(session, report.id)
    return {name: plain(answer) for name, answer in found.items()}


def disturb(scene: Running) -> None:
    """Mali works: everything that is its own affair, short of validated figures, which are the operation's."""
    first = send(scene, form(scene, "Bamako", lines=[tally(999), hit(START), arrest(7)]), by="mateo")
    climb(scene, first.id, "marie")
    send(scene, correction(first, scene, site_id=str(scene.sites["Bamako"]), lines=[arrest(70)]), by="mateo")
    with scene.store.unit_of_work(scene["mateo"]) as session:
        reports.save_form(session, new_id(), scene.operation, scene.sites["Bamako"], {"count": "9"}, scene["mateo"])
        reports.withdraw(session, first.id, "Sent by mistake.", scene["mateo"])
    shape = Shape({"type": "Point", "coordinates": [-8.0, 12.6]}, countries=("MLI",))
    draft = {"id": new_id(), "object_id": new_id(), "kind": "hotspot", "name": "X", "audience": "coordination"}
    with scene.store.unit_of_work(scene["moussa"]) as session:
        places.draw(session, scene.operation, parse(places.MapObjectDraft, draft), shape, scene["moussa"])
    post(scene, "moussa", "mateo", "Bamako")


@pytest.mark.parametrize("name", ["bruno", "boubacar", "chaima"])
def test_what_another_country_does_changes_no_byte_of_what_this_one_reads(
    scene: Running, twin: Running, name: str
) -> None:
    same = form(scene, lines=[tally(100), hit(START), arrest(20)])
    for each in (scene, twin):
        made = send(each, same)
        climb(each, made.id, "boubacar", "chaima")
    disturb(twin)
    undisturbed, disturbed = (everything_read(each, each[name]) for each in (scene, twin))
    assert undisturbed == disturbed
    with twin.store.reading(System()) as session:
        assert session.exec(select(func.count()).select_from(Report).where(Report.country == "MLI")).one() == 2


def test_the_comparison_would_find_a_difference(scene: Running, twin: Running) -> None:
    disturb(twin)
    for name in ("moussa", "ana", "dov"):
        assert everything_read(scene, scene[name]) != everything_read(twin, twin[name])


class _Met:
    """A part of a shape that waits, the first time it is looked up, until another shape is looked up as well."""

    def __init__(self, both: threading.Barrier) -> None:
        self.both: threading.Barrier | None = both

    def __hash__(self) -> int:
        both, self.both = self.both, None
        if both is not None:
            both.wait(30)
        return 1


def test_no_two_shapes_of_conditions_share_a_number_whoever_asks_at_once() -> None:
    """A statement is compiled once for a number: who had that of another would see what the other may see."""
    both = threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _person: scope._shape((_Met(both),)), range(2))
    assert one != other


def test_what_is_kept_compiled_asks_with_the_own_values_of_whoever_asks(scene: Running) -> None:
    """The conditions of all tables hand over each value once: one that was forgotten would stay that of another."""
    asked: list[tuple[str, Any]] = []
    sa.event.listen(scene.store.engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))

    def query(statement: Any, asker: Actor) -> tuple[str, Any]:
        with scene.store.reading(asker) as session:
            session.execute(statement).all()
        return asked[-1]

    def direct(model: Any, asker: Actor) -> Any:
        """The same question with the conditions as they are declared, each made for the asker."""
        conditions = [with_loader_criteria(each, of(asker), include_aliases=True) for each, of in scope._scopes.items()]
        return unscoped(select(model)).options(*conditions)

    operations = frozenset({scene.operation, new_id()})
    askers = [*map(scene.__getitem__, ("bruno", "mateo", "moussa"))]
    askers += [Actor(**vars(each) | {"account_id": new_id(), "operations": operations}) for each in askers]
    models = [model for model in scope._scopes if model.__table__.c]  # type: ignore[attr-defined]
    assert len(models) > 100
    for model in models[:: len(models) // 12]:
        for asker in askers:
            (kept, values), (declared, expected) = query(select(model), asker), query(direct(model, asker), asker)
            assert (kept, in_order(values)) == (declared, in_order(expected)), (model, asker)
    shapes = [scope._scope(each)._shape for each in askers]
    assert shapes[0] == shapes[1]  # so that the second was asked with what was compiled for the first


def in_order(values: Any) -> list[str]:
    """The values of a statement; those of a set come in no order."""
    return sorted(map(str, values.values() if isinstance(values, dict) else values))


@pytest.mark.parametrize("examples", [2, pytest.param(30, marks=pytest.mark.rest)])
@pytest.mark.parametrize("role", Role)
def test_the_conditions_of_a_sample_are_those_of_everybody_alike(role: Role, examples: int) -> None:
    """Conditions are built for a sample: for each asker they must come to what they are when they are built for it."""
    ids = st.frozensets(st.sampled_from([UUID(int=number) for number in range(1, 5)]), max_size=3)
    some = frozenset({(UUID(int=1), "NER"), (UUID(int=2), "GHA")})

    @given(
        country=st.sampled_from(["NER", "MLI"]),
        clearance=st.sampled_from(Classification),
        posted=st.booleans(),
        only=st.sampled_from([None, UUID(int=1), UUID(int=9)]),
        serves=st.sampled_from([frozenset(), some]),
        sets=st.fixed_dictionaries(dict.fromkeys(scope._SETS, ids)),
    )
    @settings(max_examples=examples)
    def alike(country: str, sets: dict[str, Any], **named: Any) -> None:
        of = country if role in NATIONAL_ROLES else None
        asker = Actor(new_id(), "somebody", role, of, **named, **sets)
        sample = scope._sample(asker, number=1)
        for model, criterion in scope._scopes.items():
            built, shared = (with_loader_criteria(model, criterion(by))._generate_cache_key() for by in (asker, sample))
            assert built is not None
            assert shared is not None
            assert built.key == shared.key, model
            for one, other in zip(built.bindparams, shared.bindparams, strict=True):
                assert plain_value(one.value) == plain_value(scope._own(other.value, sample, asker)), model

    alike()


def plain_value(value: Any) -> Any:
    return sorted(map(str, set(value))) if isinstance(value, list | tuple) else value


def test_a_statement_that_is_not_kept_compiled_shows_nothing(scene: Running) -> None:
    """It would be asked with the values of the sample, who is nobody."""
    with scene.store.reading(scene["moussa"]) as session:
        session.connection(execution_options={"compiled_cache": None})
        with pytest.raises(StatementError, match="cannot be asked by a person"):
            session.execute(select(Report)).all()


def test_a_condition_that_makes_something_new_of_an_id_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    somebody = Actor(new_id(), "somebody", Role.NATIONAL_COORDINATOR, "NER", Classification.RESTRICTED)
    for criterion, words in (
        (lambda actor: col(Report.id) == UUID(int=actor.account_id.int ^ 1), "makes something new"),
        (lambda actor: sa.or_(*(col(Report.operation_id) == each for each in actor.operations)), "another form"),
    ):
        monkeypatch.setitem(scope._scopes, Report, criterion)
        scope._conditions.cache_clear()
        with pytest.raises(RuntimeError, match=words):
            scope._Scope(replace(somebody, operations=frozenset({new_id()})))
    monkeypatch.undo()
    scope._conditions.cache_clear()


@pytest.mark.parametrize("shelf", ["sqlite"], indirect=True)  # names that SQLAlchemy gives, on both storages the same
def test_no_value_of_a_condition_is_named_by_an_address_that_another_can_get(scene: Running) -> None:
    """SQLAlchemy names a value by the address of what it was first: who frees that lets two values have one name."""
    ana = scene["ana"]
    asker = Actor(**vars(ana) | {"account_id": new_id(), "operations": frozenset({scene.operation, new_id()})})
    kept = scope._Scope(asker)
    gc.unfreeze()  # what was there before the first test is looked at as well
    gc.collect()
    alive = {id(each) for each in gc.get_objects() if isinstance(each, BindParameter)}
    gc.freeze()
    values = [
        value
        for criteria in kept._by_mapper.values()
        for each in criteria
        for value in visitors.iterate(each.where_criteria)
        if isinstance(value, BindParameter) and value.unique
    ]
    assert len(values) > 50
    assert {str(each.key) for each in values if int(str(each._anon_map_key).split()[0]) not in alive} == set()


def test_what_was_read_behind_the_fence_is_not_what_is_known_before_it(scene: Running) -> None:
    """A session that reads of one moment asks once: of a fence that is open and of one that is not, once each."""
    send(scene, form(scene, "Niamey", lines=[tally(5)]))
    reports_there = unscoped(select(func.count(Report.id)))  # type: ignore[arg-type]

    def known(session: ScopedSession) -> int:
        return once(session, (Report,), lambda: session.exec(reports_there).one())

    with scene.store.reading(scene["moussa"]) as session:
        before = known(session)
        with unfenced(session):
            assert known(session) == 1
        assert known(session) == before
    with scene.store.reading(scene["moussa"]) as session:
        with unfenced(session):
            assert known(session) == 1
        assert known(session) == before
