"""What a country's reports say of themselves: counted by hand, beside the month before, and told to nobody else."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from operations.catalogue.intervals import Share
from operations.catalogue.kpis import OFFENCES, OUTCOMES
from operations.core import clock
from operations.core.errors import NotPermitted, RuleBroken
from operations.figures.report_quality import ClaimOutcomes, Lag, ReportQuality, report_quality
from operations.policing.operation import plan
from tests.makers import START, Running, arrest, form, hit, lead_of, phase_draft, send, tally
from tests.operations.steps import climb, correction

NOW = START + timedelta(days=45)


def long_phase(scene: Running) -> None:
    draft = phase_draft("operational", START, START + timedelta(days=60), id=scene.phase)
    with clock.at(START), scene.store.unit_of_work(scene["ana"]) as session:
        plan.schedule(session, scene.operation, draft, scene["ana"])


def read(
    scene: Running, who: str = "ana", country: str = "NER", at: datetime = NOW
) -> tuple[ReportQuality, ReportQuality] | None:
    with clock.at(at), scene.store.reading(scene[who]) as session:
        found = report_quality(session, plan.operation(session, scene.operation, scene[who]), country, scene[who])
    return None if found is None else (found[0], found[1])


def event(scene: Running, day: int, told: float, sent: float = 0, lines: list[dict[str, Any]] | None = None) -> Any:
    ends = START + timedelta(days=day)
    period = {"period_from": (ends - timedelta(hours=1)).isoformat(), "period_to": ends.isoformat()}
    recorded = ends + timedelta(hours=told)
    content = form(scene, kind="single_event", lines=lines or [tally(1)]) | period
    content["recorded_at"] = recorded.isoformat()
    return send(scene, content, at=recorded + timedelta(hours=sent))


def test_a_country_without_reports_is_silent_and_nothing_else_is_known(scene: Running) -> None:
    found = read(scene, at=START + timedelta(days=3))
    assert found is not None
    now_, before = found
    assert now_.silent == Share(8, 8)  # two sites on the day of training and three days after it
    assert (now_.timely, now_.validated, now_.graded, now_.corrections_per_hundred) == (Share(0, 0),) * 3 + (None,)
    assert (now_.told, dict(now_.complete), before.silent) == (Lag(None, None), {}, Share(0, 0))


def test_two_months_are_counted_apart(scene: Running) -> None:
    long_phase(scene)
    event(scene, 2, 1)
    event(scene, 3, 30, 5, [hit(START + timedelta(days=3) - timedelta(minutes=9))])
    late = event(scene, 20, 2)
    event(scene, 21, 4, 1, [arrest(3, offence="unspecified"), arrest(1)])
    event(scene, 44, 3)  # its day is not over: it counts as neither
    send(
        scene,
        correction(late, scene, kind="single_event", correction_reason="typing", lines=[tally(2)])
        | {
            "period_from": (START + timedelta(days=20, hours=-1)).isoformat(),
            "period_to": (START + timedelta(days=20)).isoformat(),
        },
        at=START + timedelta(days=22),
    )
    found = read(scene, at=START + timedelta(days=44, hours=12))
    assert found is not None
    now_, before = found
    assert (now_.timely, before.timely) == (Share(2, 2), Share(1, 2))
    assert (now_.told, now_.arrived, before.told) == (Lag(2.0, 4.0), Lag(0.0, 1.0), Lag(1.0, 30.0))
    assert (now_.received, dict(now_.corrections), now_.corrections_per_hundred) == (
        3,
        {"typing": 1},
        pytest.approx(100 / 3),
    )
    assert (before.received, dict(before.corrections)) == (2, {})
    assert now_.complete[OFFENCES] == Share(1, 4)
    assert (before.complete[OUTCOMES], OUTCOMES in now_.complete) == (Share(0, 1), False)
    assert (now_.validated, now_.claims) == (Share(0, 3), ClaimOutcomes(0, 0, 0))


def test_days_with_a_nil_report_are_not_silent_and_sites_are_told_apart(scene: Running) -> None:
    for day in range(4):
        send(
            scene,
            form(scene, day=day, lines=[], kind="nil" if day else "daily") | ({} if day else {"lines": [tally(1)]}),
        )
    found = read(scene, at=START + timedelta(days=4, hours=1))
    assert found is not None
    silent = {each.name: each.silent for each in found[0].sites}
    assert found[0].sites[0].name == "Agadez"
    assert silent["Agadez"].part == silent["Agadez"].whole > silent["Niamey"].part
    assert found[0].silent == Share(sum(each.part for each in silent.values()), 2 * silent["Agadez"].whole)


def test_sites_are_told_apart_by_the_fields_of_their_lines_and_their_corrections(scene: Running) -> None:
    first = send(scene, form(scene, lines=[arrest(3, offence="unspecified"), arrest(1)]))
    send(scene, form(scene, "Agadez", lines=[arrest(2)]))
    again = correction(first, scene, correction_reason="typing", lines=[arrest(3, offence="unspecified"), arrest(2)])
    send(scene, again, at=START + timedelta(days=1))
    found = read(scene, at=START + timedelta(days=2))
    assert found is not None
    sites = {site.name: (site.complete, site.corrections) for site in found[0].sites}
    assert sites == {"Niamey": (Share(2, 5), 1), "Agadez": (Share(2, 2), 0)}
    assert found[0].complete[OFFENCES] == Share(4, 7)


def test_a_claim_is_settled_once_it_is_known_whether_it_was_one_event() -> None:
    assert ClaimOutcomes(2, 1, 3).settled == Share(3, 6)


def test_what_the_country_validated_and_judged_is_how_sure_it_is(scene: Running) -> None:
    first = send(scene, form(scene, lines=[tally(5)]))
    climb(scene, first.id, "boubacar", "chaima")
    send(scene, form(scene, "Agadez", lines=[tally(5)]))
    send(scene, form(scene, "Bamako", lines=[tally(5)]), by="mateo")
    lead_of(scene, source="b", information="2")
    lead_of(scene, source="x", information="2")
    found = read(scene, at=START + timedelta(days=2))
    assert found is not None
    assert (found[0].validated, found[0].graded) == (Share(1, 2), Share(1, 2))


def test_a_country_reads_its_own_and_the_coordinator_each(scene: Running) -> None:
    for who, country in (("chaima", "NER"), ("moussa", "MLI"), ("ana", "NER"), ("ana", "MLI"), ("dov", "MLI")):
        assert read(scene, who, country) is not None, (who, country)
    for who, country in (("chaima", "MLI"), ("moussa", "NER"), ("lena", "NER")):
        with pytest.raises(NotPermitted):
            read(scene, who, country)


def test_it_gives_no_country_away_that_keeps_its_figures_back(scene: Running) -> None:
    send(scene, form(scene, "Bamako", lines=[tally(5)]), by="mateo")
    with clock.at(START + timedelta(days=1)), scene.store.unit_of_work(scene["moussa"]) as session:
        plan.withdraw(session, scene.operation, plan.Leaving(figures="totals"), scene["moussa"])
    assert read(scene) is None
    assert read(scene, "chaima") is not None
    with pytest.raises(NotPermitted):
        read(scene, country="MLI")


def test_a_country_rates_the_impact_of_its_single_events_and_changes_a_level_by_a_correction(scene: Running) -> None:
    """Article 17 of Regulation (EU) 2021/581: a level with each report, changed by whoever owns the picture."""
    first = send(scene, form(scene, kind="single_event", lines=[tally(1)], impact="low"))
    send(scene, form(scene, "Agadez", kind="single_event", lines=[tally(1)], impact="unknown"))
    send(scene, form(scene, "Agadez", kind="single_event", lines=[tally(1)]))
    send(scene, form(scene, lines=[tally(1)]))
    send(scene, form(scene, "Bamako", kind="single_event", lines=[tally(1)], impact="very_high"), by="mateo")
    found = read(scene, at=START + timedelta(days=2))
    assert found is not None
    assert (dict(found[0].impacts), found[0].rated, found[0].rerated) == (
        {"low": 1, "unknown": 1, None: 1},
        Share(1, 3),
        0,
    )
    again = correction(first, scene, kind="single_event", correction_reason="impact_changed", lines=[tally(1)])
    send(scene, again | {"impact": "high"}, at=START + timedelta(days=1))
    found = read(scene, at=START + timedelta(days=2))
    assert found is not None
    assert (dict(found[0].impacts), found[0].rerated) == ({"high": 1, "unknown": 1, None: 1}, 1)
    with pytest.raises(RuleBroken, match="Only a single event has an impact") as refused:
        send(scene, form(scene, lines=[tally(1)], impact="high"))
    assert [flaw.field for flaw in refused.value.flaws] == ["impact"]
