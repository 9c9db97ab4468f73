"""A figure says that it cannot be relied on where a field that it rests on is missing, and gives nobody away by it."""

from datetime import timedelta
from typing import Any

import pytest

from operations.catalogue.definition import MOST_MISSING
from operations.catalogue.kpis import OFFENCES, OUTCOMES, SMUGGLED, Kpi
from operations.core import clock
from operations.core.errors import NotPermitted
from operations.core.people import System
from operations.core.vocabulary import Level
from operations.figures import board, completeness
from operations.figures.board import FigureBoard
from operations.figures.values import Gap
from operations.policing.operation import plan
from operations.policing.reports import reports
from operations.results import disclosed_figures, snapshot_rows
from operations.results.snapshot_rows import CENTRE, OUTSIDE, SnapshotState
from tests.evaluations import evaluated
from tests.makers import START, Running, arrest, form, hit, let_out, send
from tests.operations.steps import answer, climb, told
from tests.operations.test_board import LATER, frame, read, share
from tests.operations.test_lines import line_of
from tests.snapshot_stories import frozen


def hits(scene: Running, many: int, answered: int) -> reports.Report:
    """Niger reports hits of one morning, and Italy answers some: the version that stands then."""
    made = send(scene, form(scene, lines=[hit(START + timedelta(minutes=each)) for each in range(many)]))
    climb(scene, made.id, "boubacar")
    for _each in range(answered):
        with scene.store.reading(scene["bruno"]) as session:
            line = next(line.id for line in reports.lines_of(session, made.id) if line.status == "pending")
        made = answer(scene, made.id, line, told("confirmed"))
    return made


def sites(scene: Running, name: str, country: str | None = None, level: Level = Level.V1) -> list[tuple[Any, ...]]:
    by = scene[name]
    names = {ident: site for site, ident in scene.sites.items()}
    with clock.at(LATER), scene.store.reading(by) as session:
        found = completeness.by_site(session, frame(scene, level, country), by)
    return [
        (names[each.site], each.country, {rests.by: (gap.missing, gap.of) for rests, gap in each.gaps.items()})
        for each in found
    ]


@pytest.mark.parametrize(("answered", "reliable"), [(0, False), (2, False), (3, True), (4, True)])
def test_hits_without_an_outcome_make_confirmed_hits_unreliable(scene: Running, answered: int, reliable: bool) -> None:
    hits(scene, 4, answered)
    found = read(scene, "ana", Level.V1)
    gap = Gap(OUTCOMES, 4 - answered, 4)
    assert found.gaps[OUTCOMES] == gap
    assert gap.wide == (not reliable) == (gap.share > MOST_MISSING)
    assert found.figures[Kpi.CONFIRMED_HITS].gaps == (() if reliable else (gap,))
    assert found.figures[Kpi.RAW_HITS].gaps == ()  # it rests on no outcome


def test_what_has_no_value_is_not_called_unreliable(scene: Running) -> None:
    hits(scene, 2, 0)
    assert read(scene, "ana", Level.V1).figures[Kpi.CONFIRMATION_RATE].gaps == ()
    assert OFFENCES not in read(scene, "ana", Level.V1).gaps


def test_smuggled_is_told_with_the_share_that_nobody_stated(scene: Running) -> None:
    lines = [
        line_of("migrant_detection", detections=many, smuggled=code)
        for many, code in ((30, "yes"), (30, "no"), (40, "unknown"))
    ]
    send(scene, form(scene, lines=lines))
    figure = read(scene, "ana", Level.V1).figures[Kpi.SMUGGLED_SHARE]
    assert (figure.value, figure.part, figure.of) == (30, 30, 100)
    assert figure.gaps == (Gap(SMUGGLED, 40, 100),)


def offences(scene: Running, named: int, unnamed: int) -> FigureBoard:
    """The board of leadership, after both countries validated as much."""
    for site, officer, chain in (("Niamey", "bruno", ("boubacar", "chaima")), ("Bamako", "mateo", ("marie", "moussa"))):
        lines = [arrest(named), arrest(30, offence="drugs")]
        lines += [arrest(unnamed, offence="unspecified")] if unnamed else []
        climb(scene, send(scene, form(scene, site, lines=lines), by=officer).id, *chain)
    return read(scene, "lena")


def test_leadership_reads_a_gap_of_suspects_exactly(scene: Running) -> None:
    found = offences(scene, 30, 3)
    assert found.gaps[OFFENCES] == Gap(OFFENCES, 6, 126)
    assert read(scene, "chaima", country="NER").gaps[OFFENCES] == Gap(OFFENCES, 3, 63)


def test_nobody_reads_a_gap_of_what_moves_in_releases(scene: Running) -> None:
    """It would move sooner than the figure: of suspects for other countries, of persons in need for leadership too."""
    offences(scene, 30, 40)
    lines = [line_of("migrant_detection", detections=50, smuggled=code) for code in ("yes", "unknown")]
    climb(scene, send(scene, form(scene, "Agadez", lines=lines), by="binta").id, "boubacar", "chaima")
    assert {OFFENCES, SMUGGLED} <= read(scene, "ana").gaps.keys()
    assert not {OFFENCES, SMUGGLED} & read(scene, "moussa").gaps.keys()
    assert {OFFENCES, SMUGGLED} & read(scene, "lena").gaps.keys() == {OFFENCES}


def test_of_a_share_that_moves_in_releases_the_gap_is_told_that_was_released_with_it(scene: Running) -> None:
    lines = [
        line_of("migrant_detection", detections=many, smuggled=code) for many, code in ((20, "no"), (80, "unknown"))
    ]
    for site, officer, chain in (("Niamey", "bruno", ("boubacar", "chaima")), ("Bamako", "mateo", ("marie", "moussa"))):
        climb(scene, send(scene, form(scene, site, lines=lines), by=officer).id, *chain, "dov")
    for name in ("chaima", "moussa"):
        share(scene, name)
    let_out(scene)
    figure = read(scene, "lena").figures[Kpi.SMUGGLED_SHARE]
    assert (figure.value, figure.gaps) == (0, (Gap(SMUGGLED, 160, 200),))
    assert figure.released is not None
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).line_kinds = ["migrant_detection"]
    snapshot = frozen(evaluated(scene), SnapshotState.PUBLISHED)
    with scene.store.reading(scene["ana"]) as session:
        outside = disclosed_figures.figures(snapshot_rows.figures_of(session, snapshot.id, OUTSIDE))[Kpi.SMUGGLED_SHARE]
    assert (outside.value, outside.gaps) == (0, (Gap(SMUGGLED, 160, 200),)), "the public is told no share without it"


def test_completeness_is_told_by_site_to_the_centre_and_to_a_country_its_own(scene: Running) -> None:
    hits(scene, 4, 1)
    send(scene, form(scene, "Bamako", lines=[hit(START), arrest(5), arrest(5, offence="unspecified")]), by="mateo")
    niamey = ("Niamey", "NER", {"confirmation": (3, 4)})
    bamako = ("Bamako", "MLI", {"confirmation": (1, 1), "offence": (5, 10)})
    assert sites(scene, "ana") == [bamako, niamey]  # where most is missing first
    assert sites(scene, "ana", level=Level.V2) == [niamey]
    assert sites(scene, "chaima", "NER") == [niamey]
    assert sites(scene, "moussa", "MLI") == [bamako]
    for name, country in (("chaima", "MLI"), ("chaima", None), ("lena", None), ("lena", "NER")):
        with pytest.raises(NotPermitted):
            sites(scene, name, country)


def test_a_country_that_took_its_figures_along_gives_no_site_away(scene: Running) -> None:
    hits(scene, 4, 1)
    send(scene, form(scene, "Bamako", lines=[hit(START)]), by="mateo")
    with scene.store.unit_of_work(System()) as session:
        session.get_one(board.CountryActivity, (scene.operation, "MLI")).kept = "totals"
    assert sites(scene, "ana") == [("Niamey", "NER", {"confirmation": (3, 4)})]


def test_a_snapshot_keeps_what_was_missing(scene: Running) -> None:
    climb(scene, hits(scene, 3, 1).id, "chaima", "dov")
    snapshot = frozen(evaluated(scene), SnapshotState.PUBLISHED)
    with scene.store.reading(scene["ana"]) as session:
        figures = disclosed_figures.figures(snapshot_rows.figures_of(session, snapshot.id, CENTRE))
    assert figures[Kpi.CONFIRMED_HITS].gaps == (Gap(OUTCOMES, 2, 3),)
