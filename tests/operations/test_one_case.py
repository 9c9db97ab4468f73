"""A transnational case that several countries opened is one case and as many national files (K27, domain 1.4)."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from operations.catalogue.kpis import Kpi
from operations.claims import claim_sides
from operations.claims.claim_rows import Claim
from operations.claims.claim_states import ClaimState, said_of
from operations.claims.suggestions import GROUNDS
from operations.core import clock, journal
from operations.core.drafts import flaws_of, parse
from operations.core.errors import RuleBroken
from operations.core.people import Actor, System
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import by_country, read_board
from operations.figures.values import Figure
from operations.lines.kinds import KINDS, from_json
from operations.policing.map_plan import places
from operations.policing.operation import boards, plan
from operations.policing.reports import reports
from operations.results import disclosed_figures
from tests.claim_stories import NOON, answered, lines, opened, suspected, taken
from tests.makers import Running, arrest, form, send, site_draft
from tests.operations.steps import climb, correction, counted
from tests.operations.test_lines import line_of
from tests.people import actor

pytestmark = pytest.mark.both_storages

CASE = "EJ-2026/0123"
CHAINS = {
    "NER": ("bruno", "boubacar", "chaima"),
    "MLI": ("mateo", "marie", "moussa"),
    "TCD": ("idriss", "tom", "nadia"),
}
SITES = {"NER": "Niamey", "MLI": "Bamako", "TCD": "N'Djamena"}


@pytest.fixture
def scene(scene: Running) -> Running:
    """With a third country."""
    people = {
        name: Actor(**vars(actor(as_, scene.operation)) | {"country": "TCD"})
        for name, as_ in zip(CHAINS["TCD"], CHAINS["NER"], strict=True)
    }
    with scene.store.unit_of_work(scene["ana"]) as session:
        plan.invite(session, scene.operation, parse(plan.CountryInvitation, {"country": "TCD"}), scene["ana"])
        site = places.place_site(session, scene.operation, site_draft("TCD", SITES["TCD"]), scene["ana"]).id
    with scene.store.unit_of_work(people["nadia"]) as session:
        plan.answer(session, scene.operation, people["nadia"], accept=True)
    scene.members.update(people)
    scene.sites[SITES["TCD"]] = site
    return scene


def investigation(**changes: Any) -> dict[str, Any]:
    """A file of the case, as a form sends it."""
    return line_of("investigation", count=1, reach="transnational", case_ref=CASE) | changes


def file(scene: Running, country: str = "NER", day: int = 0, **changes: Any) -> reports.Report:
    """A country reports that it opened its file."""
    made = form(scene, SITES[country], day=day, lines=[investigation(**changes)])
    return send(scene, made, CHAINS[country][0])


def agreed(scene: Running, claim: Claim) -> Claim:
    claim = opened(scene, claim, at=LATER)
    for country in claim.parties:
        claim = answered(scene, claim, CHAINS[country][-1], at=LATER)
    assert claim.state == ClaimState.AGREED
    return claim


LATER = NOON + timedelta(days=2)


def figure(
    scene: Running, by: str = "ana", country: str | None = None, level: Level = Level.V1, at: int | None = None
) -> Figure:
    what = Classification.FOR_OFFICIAL_USE
    frame = BoardFrame(scene.operation, "Africa/Niamey", what, level=level, country=country, at=at)
    with clock.at(LATER + timedelta(hours=1)), scene.store.reading(scene[by]) as session:
        return read_board(session, frame, scene[by]).figures[Kpi.INVESTIGATIONS]


def told(scene: Running, **where: Any) -> list[tuple[float | None, int]]:
    """Cases and national files: of the operation, and of each country to itself."""
    whole = [figure(scene, **where)]
    own = [figure(scene, chain[-1], country, **where) for country, chain in CHAINS.items()]
    return [(each.value, each.files) for each in (*whole, *own)]


def test_one_case_that_three_countries_opened_is_one_and_three_files_once_that_is_agreed(scene: Running) -> None:
    file(scene)
    file(scene, "MLI", day=1, case_ref="ej-2026/0123", offence="trafficking_in_persons")
    file(scene, "TCD", day=2)
    apart = [(3, 0), (1, 0), (1, 0), (1, 0)]
    assert told(scene) == apart
    [claim] = suspected(scene, at=LATER)
    assert (claim.kind, claim.line_kind, claim.countries) == ("same_case", "investigation", "MLI NER TCD")
    assert claim.grounds == ["case"]
    assert GROUNDS["case"] == "the same reference of the case"
    assert told(scene) == apart, "nothing is merged by itself"
    opened(scene, claim, at=LATER)
    assert [(each.country, each.role) for each in lines(scene, claim.id)] == [
        ("NER", "leading"),
        ("MLI", "assisting"),
        ("TCD", "assisting"),
    ]
    assert (figure(scene).value, figure(scene).review) == (3, 2)
    with scene.store.reading(System()) as session:
        open_at = journal.pulse(session)
    for name in ("chaima", "moussa", "nadia"):
        claim = answered(scene, claim, name, at=LATER)
    assert said_of(claim, "One event, agreed") == "One case, agreed"
    assert told(scene) == [(1, 3), (1, 0), (0, 1), (0, 1)]
    assert figure(scene, "moussa", "MLI").elsewhere == {"assisting": 1}
    assert figure(scene).parts == {"transnational": 1}
    assert counted(scene, Kpi.INVESTIGATIONS) == 1
    assert told(scene, at=open_at) == apart
    taken(scene, claim, ClaimState.OPEN, "ana", "The prosecutors differ.", at=LATER)
    assert told(scene) == apart


def test_files_that_come_to_a_case_one_by_one_count_once_each(scene: Running) -> None:
    file(scene)
    file(scene, "MLI")
    agreed(scene, *suspected(scene, at=LATER))
    file(scene, "TCD")
    while found := suspected(scene, at=LATER):  # first beside one of the others, then beside the second
        for claim in found:
            agreed(scene, claim)
            assert figure(scene).files == 3
    assert figure(scene).value == 1
    assert sum(figure(scene, chain[-1], country).value or 0 for country, chain in CHAINS.items()) == 1
    assert [sum(figure(scene, chain[-1], country).elsewhere.values()) for country, chain in CHAINS.items()].count(
        1
    ) == 2


def test_a_country_that_says_its_file_again_has_one(scene: Running) -> None:
    for country, day in (("NER", 0), ("NER", 1), ("MLI", 0)):
        file(scene, country, day=day)
    assert figure(scene).value == 3
    [claim] = suspected(scene, at=LATER)
    assert claim.kind == "same_case"
    agreed(scene, claim)
    assert told(scene)[:3] in ([(1, 2), (1, 0), (0, 1)], [(1, 2), (0, 1), (1, 0)])


def test_files_are_told_at_the_level_that_they_reached_and_to_whom_the_figure_is_told(scene: Running) -> None:
    made = {country: file(scene, country) for country in CHAINS}
    agreed(scene, *suspected(scene, at=LATER))
    for country in ("NER", "MLI"):
        climb(scene, made[country].id, *CHAINS[country][1:])
    for name in ("ana", "lena"):
        shown = figure(scene, name, level=Level.V3)
        assert (shown.value, shown.files) == (1, 2)
    kept_back = figure(scene, "nadia", level=Level.V3)
    assert (kept_back.value, kept_back.files) == (None, 0), "others keep their totals back"
    for name in ("chaima", "moussa", "nadia"):
        with scene.store.unit_of_work(scene[name]) as session:
            plan.answer(session, scene.operation, scene[name], accept=True, shares_totals=True)
    shown = figure(scene, "nadia", level=Level.V3)
    assert (shown.value, shown.files, shown.elsewhere, shown.review) == (1, 2, {}, 0)


def test_a_snapshot_keeps_the_files_beside_the_case(scene: Running) -> None:
    for country, (_officer, *others) in CHAINS.items():
        climb(scene, file(scene, country).id, *others)
    agreed(scene, *suspected(scene, at=LATER))
    with scene.store.unit_of_work(scene["ana"]) as session:
        boards.show(session, scene.operation, Kpi.INVESTIGATIONS, True, scene["ana"])
    with clock.at(LATER), scene.store.reading(scene["ana"]) as session:
        operation = plan.operation(session, scene.operation, scene["ana"])
        kept = [
            disclosed_figures.SnapshotFigure(snapshot_id=scene.operation, **row)
            for row in disclosed_figures.taken(session, operation, Level.V3, ["NER"], "=", "=")
            if row["audience"] == disclosed_figures.CENTRE
        ]
    found = disclosed_figures.figures(kept)[Kpi.INVESTIGATIONS]
    assert (found.value, found.files) == (1, 3)


def test_no_other_reference_and_none_at_all_points_to_a_case(scene: Running) -> None:
    file(scene)
    file(scene, "MLI", case_ref="EJ-2026/0124")
    file(scene, "TCD", case_ref=None)
    for name in ("bruno", "binta"):  # as many at one place in the same hours: figures of a day
        send(scene, form(scene, lines=[line_of("investigation", count=12), arrest()]), name)
    assert suspected(scene, at=LATER) == []


def test_a_country_sees_of_the_others_file_what_it_was_matched_by_alone(scene: Running) -> None:
    file(scene)
    file(scene, "MLI", day=1)
    [claim] = suspected(scene, at=LATER)
    opened(scene, claim, at=LATER)
    with clock.at(LATER), scene.store.unit_of_work(scene["moussa"]) as session:
        niger, _own = claim_sides.compare(session, claim.id, scene["moussa"])
    assert (niger.line.country, niger.said) == ("NER", {"case_ref": CASE, "offence": "migrant_smuggling"})


# ------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"count": 2}, "count", "A line with a case reference stands for that case alone. Set its count to 1."),
        ({"qualifier": ">"}, "count", "A line with a case reference stands for that case alone. Set its count to 1."),
        ({"reach": "national"}, "case_ref", "Only a transnational case has a reference that other countries know."),
        ({"reach": "unknown"}, "case_ref", "Only a transnational case has a reference that other countries know."),
        ({"case_ref": "EJ-" + "1" * 38}, "case_ref", "This must have 40 characters at most."),
        ({"case_ref": "a-1234/11-2026"}, "case_ref", "This is the control number of a notice"),
        *(
            ({"case_ref": wrong}, "case_ref", "This is not the number of a case")
            for wrong in (
                "Moussa Traore",
                "MOUSSA-TRAORE",
                "AB1234567",
                "12.03.1988",
                "1988-03-12",
                "EJ 2026/1",
                "ع-1/2",
                "",
            )
        ),
    ],
)
def test_a_reference_is_of_one_transnational_case(changed: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        KINDS["investigation"].model_validate(investigation(**changed))
    [flaw] = flaws_of(refused.value)
    assert flaw.field == field
    assert str(flaw).startswith(said)


def test_a_reference_is_kept_in_one_way_of_writing() -> None:
    for written in ("ej-2026/0123", " EJ-2026/0123 "):
        assert from_json(investigation(case_ref=written)).case_ref == CASE
    assert from_json(line_of("investigation")).case_ref is None


def test_a_report_tells_of_a_case_once(scene: Running) -> None:
    twice = [investigation(), arrest(), investigation(case_ref="ej-2026/0123")]
    with pytest.raises(RuleBroken) as refused:
        send(scene, form(scene, lines=twice))
    [flaw] = refused.value.flaws
    assert (flaw.field, str(flaw)) == (
        "lines.2.case_ref",
        "This case is already in an earlier line. Enter each case once.",
    )
    made = send(scene, form(scene, lines=[investigation(), investigation(case_ref="EJ-2026/0124"), arrest()]))
    assert counted(scene, Kpi.INVESTIGATIONS) == 2
    send(scene, correction(made, scene, lines=[investigation(case_ref=None, count=3)]))
    assert counted(scene, Kpi.INVESTIGATIONS) == 3


def test_countries_add_up_to_the_cases(scene: Running) -> None:
    for country in CHAINS:
        file(scene, country)
    agreed(scene, *suspected(scene, at=LATER))
    frame = BoardFrame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=Level.V1)
    with scene.store.reading(scene["ana"]) as session:
        rows = by_country(session, frame, Kpi.INVESTIGATIONS, scene["ana"])
    assert sum(row.verified or 0 for row in rows) == 1
