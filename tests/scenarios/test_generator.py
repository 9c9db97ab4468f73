"""What the generator puts into the tables is what the verbs would have put there."""

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from operations.core import journal
from operations.core.errors import Conflict
from operations.core.people import System
from operations.core.store import Store
from operations.core.vocabulary import Level
from operations.lines.kinds import from_json
from operations.policing.reports import verification
from operations.policing.reports.reports import Line, Report
from operations.totals.activity import CountryActivity, SiteActivity
from operations.totals.totals import FACETS, facet_of
from scenarios.generator import GeneratedOperation, an_operation, fill


@pytest.fixture
def scene(store: Store) -> GeneratedOperation:
    return an_operation(store, ("NER", "MLI"), sites_per_country=3, days=4)


def test_totals_equal_a_recomputation_after_every_filling(store: Store, scene: GeneratedOperation) -> None:
    for seed, count in enumerate((1, 777, 300)):
        fill(store, scene, count, seed=seed)
        with store.reading(System()) as session:
            assert verification.differences(session, scene.operation) == []
            assert journal.verify(session).broken_at is None
    with store.reading(System()) as session:
        assert len(session.exec(select(Line.id)).all()) == 1_078


def test_every_line_is_one_that_a_draft_accepts(store: Store, scene: GeneratedOperation) -> None:
    fill(store, scene, 600)
    with store.reading(System()) as session:
        found = session.exec(select(Line, Report).join(Report, Line.version_id == Report.id)).all()
    assert {line.kind for line, _ in found} == {"check_tally", "hit", "arrest", "migrant_detection", "potential_victim"}
    for row, report in found:
        line = from_json(row.attributes)
        facet = facet_of(line, "operational")
        assert (line.id, line.quantity, line.unit) == (row.id, row.quantity, row.unit)
        assert [getattr(facet, name) for name in FACETS] == [getattr(row, name) for name in FACETS]
        if row.kind == "hit":
            assert report.period_from <= line.raw_at <= report.period_to


def test_reports_stand_at_three_levels_and_their_eyes_differ(store: Store, scene: GeneratedOperation) -> None:
    made = fill(store, scene, 2_000)
    with store.reading(System()) as session:
        reports = session.exec(select(Report)).all()
        sites = session.exec(select(SiteActivity)).all()
        countries = session.exec(select(CountryActivity)).all()
    assert len(reports) == made == 100
    assert {each.level for each in reports} == {Level.V1, Level.V2, Level.V3}
    assert all(each.verified_by is not None for each in reports if each.level >= Level.V2)
    assert {site.last_report_at for site in sites} == {
        max(each.received_at for each in reports if each.site_id == site.site_id) for site in sites
    }
    assert all(country.last_validated_at and country.last_report_at for country in countries)


def test_the_same_seed_again_changes_nothing(store: Store, scene: GeneratedOperation) -> None:
    fill(store, scene, 100)
    with store.reading(System()) as session:
        before = journal.pulse(session)
    with pytest.raises((IntegrityError, Conflict)):
        fill(store, scene, 100)
    with store.reading(System()) as session:
        assert journal.pulse(session) == before
        assert verification.differences(session, scene.operation) == []


def test_a_country_without_so_many_places_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="fewer than 5000"):
        an_operation(store, ("NER",), sites_per_country=5000, days=1)
