"""Nobody else learns that a case exists; leadership has sums, all of them exactly."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from operations.core import clock, scope
from operations.core.errors import NotFound, NotPermitted
from operations.core.people import System
from operations.core.vocabulary import FugitiveState
from operations.policing.fugitives import case_rows, cases, notice_checks, sweep
from operations.policing.leads import leads
from operations.policing.operation import plan
from tests.makers import Running
from tests.operations.sweeps import AT, Sweep, sweep_in
from tests.operations.test_scope import ALLS, everything_read, plain


@pytest.fixture(autouse=True)
def _at_work() -> Iterator[None]:
    with clock.at(AT):
        yield


def read_of_the_sweep(scene: Running, name: str) -> dict[str, Any]:
    """Every answer about the sweep to one reader, with everything else that they read."""
    by = scene[name]
    answers = everything_read(scene, by)
    with scene.store.reading(by) as session:
        operation = plan.operation(session, scene.operation, by)
        for what, ask in (
            ("numbers", sweep.numbers),
            ("rows", sweep.rows),
            ("figures", sweep.figures),
            ("map", sweep.by_country),
        ):
            try:
                answers[what] = plain(ask(session, operation, by))
            except NotPermitted as refused:
                answers[what] = str(refused)
        answers["due"] = plain(notice_checks.notices_due_for_check(session, AT))
        answers["leads"] = plain(leads.leads(session, scene.operation))
        answers["tables"] = plain(
            [sorted(map(repr, session.exec(select(each)))) for each in scope._scopes if each not in ALLS]
        )
    return answers


def test_a_whole_case_changes_no_byte_of_what_anybody_reads_who_may_not_know_it(scene: Running, twin: Running) -> None:
    """Moussa's Mali is not asked; Lena and Otto are not here: leadership has sums, auditors the journal."""
    for each in (scene, twin):
        sweep_in(each)
    cast = Sweep(twin)
    case = cast.target()
    cast.move(case.id, "under_review", "dov")
    other = cast.nominate()
    cast.check(other.id, status="withdrawn")
    for name in ("moussa", "mateo", "marie", "bruno", "boubacar"):
        assert read_of_the_sweep(scene, name) == read_of_the_sweep(twin, name), name
    for name in ("chaima", "dov", "ana"):
        assert read_of_the_sweep(scene, name) != read_of_the_sweep(twin, name), name
    cast.lead(case, "MLI")
    assert read_of_the_sweep(scene, "moussa") != read_of_the_sweep(twin, "moussa")
    assert read_of_the_sweep(scene, "mateo") == read_of_the_sweep(twin, "mateo")


def test_a_lead_taken_back_takes_the_case_with_it(scene: Running) -> None:
    cast = Sweep(sweep_in(scene))
    case = cast.out()
    with scene.store.reading(scene["moussa"]) as session:
        assert cases.case(session, case.id).state == FugitiveState.LEAD_OUT
    with scene.store.reading(scene["dov"]) as session:
        [lead] = leads.leads(session, scene.operation, case.id)
    with cast.as_("dov") as session:
        leads.revoke(session, lead.id, "MLI", "Sent to the wrong country.", scene["dov"])
    with scene.store.reading(scene["moussa"]) as session, pytest.raises(NotFound):
        cases.case(session, case.id)


def test_leadership_has_the_sums_exactly_and_no_case(scene: Running) -> None:
    cast = Sweep(sweep_in(scene))
    cast.arrested()
    lena = scene["lena"]
    with scene.store.reading(lena) as session:
        operation = plan.operation(session, scene.operation, lena)
        few = sweep.numbers(session, operation, lena)
        assert (few.targets, few.arrested, few.located, few.outstanding) == (1, 1, 0, 0)
        assert session.exec(select(case_rows.FugitiveCase)).all() == []
        for ask in (sweep.rows, sweep.figures, sweep.by_country):
            with pytest.raises(NotPermitted):
                ask(session, operation, lena)
    with scene.store.unit_of_work(System()) as session:
        _multiply(session, scene, {"arrested": 3, "located": 2, "outstanding": 6})
    with scene.store.reading(lena) as session:
        twelve = sweep.numbers(session, operation, lena)
    assert (twelve.targets, twelve.arrested, twelve.located, twelve.outstanding) == (12, 4, 2, 6)
    with scene.store.unit_of_work(System()) as session:
        _multiply(session, scene, {"arrested": 22, "located": 29, "outstanding": 117}, first=200)
    with scene.store.reading(lena) as session:
        many = sweep.numbers(session, operation, lena)
    assert (many.targets, many.arrested, many.located, many.outstanding) == (180, 26, 31, 123)
    shares = sweep.rates(many)
    assert [round(each or 0, 1) for each in shares[sweep.FugitiveKpi.RESOLUTION]] == [14.4, 17.2]


def _multiply(session: Any, scene: Running, wanted: dict[str, int], first: int = 100) -> None:
    """Cases as they would stand, written past the verbs: only their counting is looked at here."""
    number = first
    for counts_as, count in wanted.items():
        for _ in range(count):
            number += 1
            reached = {"arrested": ["located_at", "arrested_at"], "located": ["located_at"]}.get(counts_as, [])
            session.add(
                case_rows.FugitiveCase(
                    id=cases.uuid5(scene.operation, str(number)),
                    operation_id=scene.operation,
                    requesting_country="NER",
                    number=number,
                    notice_ref=f"A-{number}/9-2025",
                    offence="other",
                    wanted_for="sentence",
                    priority="normal",
                    warrant="holds",
                    extradition="holds",
                    art3="passed",
                    retain_until=AT.date(),
                    state="target" if counts_as == "outstanding" else counts_as,
                    since=AT,
                    nominated_at=AT,
                    counts_as=counts_as,
                    accepted_at=AT,
                    **dict.fromkeys(reached, AT),
                )
            )


@pytest.mark.parametrize("shelf", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_postgresql_itself_shows_a_case_to_those_who_know_it(scene: Running) -> None:
    cast = Sweep(sweep_in(scene))
    case = cast.target()
    cast.move(case.id, "under_review", "dov")
    tables = ("fugitive_case", "fugitive_version", "fugitive_step", "fugitive_location", "notice_check")
    query = sa.text(" UNION ALL ".join(f"SELECT count(*) FROM {table}" for table in tables))  # noqa: S608

    def counts(name: str) -> list[int]:
        with scene.store.reading(scene[name]) as session:
            return [row[0] for row in session.connection().execute(query)]

    assert counts("moussa") == [0, 0, 0, 0, 0]
    assert counts("chaima") == counts("dov") == [1, 1, 2, 0, 1]
    cast.lead(case, "MLI")
    cast.locate(case.id)
    assert counts("moussa") == [1, 0, 0, 1, 0]
    assert counts("chaima") == [1, 1, 3, 1, 1]
