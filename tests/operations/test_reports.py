"""Reports: sent once however often, refused with a sentence, corrected as versions, withdrawn, kept unfinished."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlmodel import select

from operations.catalogue.kpis import Kpi
from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, RuleBroken, Stale
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.store import Store
from operations.core.vocabulary import Level, OperationState, ReportState
from operations.exchange import webhooks  # noqa: F401 - asked at each submission, as in a process of Muster
from operations.policing import lifecycle
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.policing.reports import reports, verification
from operations.totals.activity import SiteActivity
from tests.makers import START, Running, arrest, form, hit, operation_draft, phase_draft, send, site_draft, tally
from tests.operations.steps import climb, correction, counted, now_stored
from tests.people import actor

pytestmark = pytest.mark.both_storages

S = ReportState


def written(scene: Running) -> tuple[int, ...]:
    """How much is stored: entries, versions, lines."""
    with scene.store.reading(System()) as session:
        every = session.exec(select(reports.Report)).all()
        lines = session.exec(select(reports.Line)).all()
        return journal.count(session), len(every), len(lines)


# ----------------------------------------------------------------------------------------------------- sending


def test_a_report_counts_from_its_sending_on(scene: Running) -> None:
    made = send(scene, form(scene, lines=[tally(4800), hit(START), arrest(2)]))
    assert (made.state, made.level, made.counted, made.version) == (S.SUBMITTED, Level.V1, True, 1)
    assert (made.country, made.official_day) == ("NER", date(2026, 3, 2))
    assert [counted(scene, kpi) for kpi in (Kpi.DATABASE_CHECKS, Kpi.RAW_HITS, Kpi.ARRESTS)] == [4800, 1, 2]
    assert counted(scene, level=Level.V2) == 0


@pytest.mark.requirement("R49")
def test_the_same_form_again_is_answered_as_before(scene: Running) -> None:
    content = form(scene)
    first, stored = send(scene, content), written(scene)
    again = send(scene, content | {"confirmed": False, "recorded_at": START.isoformat()}, at=START + timedelta(days=2))
    assert again.model_dump() == first.model_dump()
    assert written(scene) == stored
    assert counted(scene) == 100


def test_the_same_form_is_answered_even_when_reporting_has_closed(scene: Running) -> None:
    content = form(scene)
    first = send(scene, content)
    with scene.store.unit_of_work(scene["lena"]) as session:
        lifecycle.move(session, scene.operation, OperationState.CANCELLED, scene["lena"], "No funds.")
    assert send(scene, content).id == first.id


@pytest.mark.parametrize(
    ("by", "change"),
    [
        ("bruno", {"remarks": "Late."}),
        ("bruno", {"lines": [tally(7)]}),
        ("binta", {}),
        ("bruno", {"report_id": str(new_id())}),
    ],
)
@pytest.mark.requirement("R49")
def test_the_same_id_with_other_content_changes_nothing(scene: Running, by: str, change: dict[str, Any]) -> None:
    content = form(scene)
    send(scene, content)
    stored = written(scene)
    with pytest.raises(Conflict):
        send(scene, content | change, by=by)
    assert written(scene) == stored
    assert counted(scene) == 100


def test_an_id_of_another_country_is_a_conflict_that_tells_nothing(scene: Running) -> None:
    foreign = send(scene, form(scene, "Bamako"), by="mateo")
    for name in ("id", "report_id"):
        with pytest.raises(Conflict) as refusal:
            send(scene, form(scene) | {name: str(getattr(foreign, name))})
        assert "Bamako" not in str(refusal.value)


def test_a_report_with_a_report_id_that_is_known_must_be_a_correction(scene: Running) -> None:
    made = send(scene, form(scene))
    with pytest.raises(Conflict, match="correct it instead"):
        send(scene, form(scene, report_id=str(made.report_id)))


@pytest.mark.parametrize("name", ["chaima", "mateo", "moussa", "dov", "ana", "lena", "otto", "ada"])
def test_nobody_but_officers_of_the_country_reports_for_its_site(scene: Running, name: str) -> None:
    stored = written(scene)
    with pytest.raises(NotFound):
        send(scene, form(scene), by=name)
    assert written(scene) == stored


def test_a_posted_officer_reports_for_the_posting_only(scene: Running) -> None:
    scene.members["bruno"] = actor("bruno", scene.operation, sites=frozenset({scene.sites["Agadez"]}))
    assert send(scene, form(scene, "Agadez")).site_id == scene.sites["Agadez"]
    with pytest.raises(NotFound):
        send(scene, form(scene, "Niamey"))


# --------------------------------------------------------------------------------------------------- bad input

LATE = START + timedelta(days=30)
BAD = {
    "a negative count": ({"lines": [tally(-1)]}, "lines.0.count", "must be 0 or more"),
    "an impossible count": ({"lines": [tally(10**9)]}, "lines.0.count", "or less"),
    "half a check": ({"lines": [tally(), tally() | {"count": 1.5}]}, "lines.1.count", "whole number"),
    "a count as text": ({"lines": [tally() | {"count": "12"}]}, "lines.0.count", "whole number"),
    "no person arrested": ({"lines": [arrest(0)]}, "lines.0.persons", "must be 1 or more"),
    "an unknown code": (
        {"lines": [tally(database="facebook")]},
        "lines.0.database",
        "facebook is not one of the choices",
    ),
    "an unknown offence": ({"lines": [arrest(offence="poverty")]}, "lines.0.offence", "is not one of the choices"),
    "an unknown kind of line": ({"lines": [{"kind": "rumour", "id": str(new_id())}]}, "lines.0", "does not exist"),
    "a line with a field too much": ({"lines": [tally(name="X")]}, "lines.0.name", "not part of the form"),
    "a query of no database": ({"lines": [tally(database=None)]}, "lines.0.database", "needs the database"),
    "an inspection of a database": (
        {"lines": [tally(check_kind="police_check")]},
        "lines.0.database",
        "Only a database query",
    ),
    "a time without a zone": ({"period_from": "2026-03-02T06:00:00"}, "period_from", "no time zone"),
    "a hit without a zone": (
        {"lines": [hit(START) | {"raw_at": "2026-03-02T06:00:00"}]},
        "lines.0.raw_at",
        "no time zone",
    ),
    "a zone that is none": ({"zone": "Niamey"}, "zone", "not a time zone"),
    "an end before the start": ({"period_to": START.isoformat()}, "", "must end after it begins"),
    "a date after the phase": (
        {"period_from": LATE.isoformat(), "period_to": (LATE + timedelta(hours=1)).isoformat()},
        "period_from",
        "outside the phase Operational",
    ),
    "a date before the phase": (
        {"period_from": (START - timedelta(days=1)).isoformat()},
        "period_from",
        "outside the phase Operational",
    ),
    "an end after the phase": ({"period_to": LATE.isoformat()}, "period_to", "after the end of the phase Operational"),
    "a hit outside the period": (
        {"lines": [hit(START - timedelta(hours=1))]},
        "lines.0.raw_at",
        "outside the period of the report",
    ),
    "an answer from nobody": (
        {"lines": [hit(START, confirmation="confirmed")]},
        "lines.0.confirming_country",
        "needs the country that answered",
    ),
    "an answer to a pending hit": (
        {"lines": [hit(START, confirming_country="ITA", confirmed_at=START.isoformat())]},
        "lines.0.confirmation",
        "has no answer yet",
    ),
    "an answer before the hit": (
        {
            "lines": [
                hit(START + timedelta(hours=1), confirmation="refuted", confirming_country="ITA")
                | {"confirmed_at": START.isoformat()}
            ]
        },
        "lines.0.confirmed_at",
        "cannot be earlier than the hit",
    ),
    "more minors than detections": (
        {
            "lines": [
                {"kind": "migrant_detection", "id": str(new_id()), "detections": 2, "uam": 3, "detection_kind": "entry"}
            ]
        },
        "lines.0",
        None,
    ),
    "a nil report with lines": ({"kind": "nil"}, "", "nil report has no lines"),
    "a report of nothing": ({"lines": []}, "", "send a nil report"),
    "one line twice": ({"lines": [tally(id="00000000-0000-4000-8000-000000000001")] * 2}, "", "the same identifier"),
    "a correction without its reason": ({"supersedes_id": str(new_id())}, "", "needs its reason"),
    "a person in the remarks": ({"remarks": "Born on 3 May 1990."}, "remarks", "a birth date"),
    "a damaged identifier": ({"site_id": "1 OR 1=1"}, "site_id", "identifier is damaged"),
    "a country of the own choice": ({"country": "MLI"}, "country", "not part of the form"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_refused_beside_its_field_and_nothing_is_written(scene: Running, what: str) -> None:
    change, field, sentence = BAD[what]
    stored = written(scene)
    at = LATE + timedelta(days=1) if "after" in what else scene.start + timedelta(days=1)
    with pytest.raises(RuleBroken) as refusal:
        send(scene, form(scene) | change, at=at)
    said = {flaw.field: str(flaw) for flaw in refusal.value.flaws}
    if sentence is None:
        assert field in {name.rpartition(".")[0] for name in said} | said.keys()
    else:
        assert sentence in said[field], said
    assert written(scene) == stored
    assert counted(scene) == 0


def test_the_future_is_not_reported(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="begins in the future"):
        send(scene, form(scene, day=1), at=scene.start)
    with pytest.raises(RuleBroken, match="is in the future"):
        send(scene, form(scene, lines=[hit(START + timedelta(hours=2))]), at=START + timedelta(hours=1))


@pytest.mark.parametrize("name", ["site_id", "phase_id", "operation_id"])
@pytest.mark.requirement("R16")
def test_a_forged_id_is_nothing_there(scene: Running, name: str) -> None:
    with pytest.raises(NotFound):
        send(scene, form(scene) | {name: str(new_id())})


@pytest.mark.requirement("R17")
def test_a_forged_site_of_another_country_looks_like_one_that_is_not_there(scene: Running) -> None:
    said = []
    for site in (scene.sites["Bamako"], new_id()):
        with pytest.raises(NotFound) as refusal:
            send(scene, form(scene, site_id=str(site)))
        said.append(str(refusal.value))
    assert said[0] == said[1]


def test_a_phase_of_another_operation_is_not_there(scene: Running) -> None:
    ana = actor("ana")
    with scene.store.unit_of_work(ana) as session:
        other = plan.create(session, operation_draft(), ana)
    member = actor("ana", other.id)
    with scene.store.unit_of_work(member) as session:
        foreign = plan.schedule(session, other.id, phase_draft("operational", START, START + timedelta(days=5)), member)
    with pytest.raises(NotFound):
        send(scene, form(scene, phase_id=str(foreign.id)))
    with pytest.raises(NotFound):
        send(scene, form(scene, lines=[tally(phase_id=str(foreign.id))]))


def test_reports_need_an_operation_that_runs_a_site_that_is_open_and_a_country_that_takes_part(scene: Running) -> None:
    with scene.store.unit_of_work(scene["chaima"]) as session:
        places.close_site(session, scene.sites["Niamey"], scene["chaima"])
        plan.withdraw(session, scene.operation, plan.Leaving(figures="shown"), scene["chaima"])
    with scene.store.unit_of_work(scene["lena"]) as session:
        lifecycle.move(session, scene.operation, OperationState.SUSPENDED, scene["lena"], "Unrest at the border.")
    with pytest.raises(RuleBroken) as refusal:
        send(scene, form(scene))
    said = " ".join(str(flaw) for flaw in refusal.value.flaws)
    for words in ("operation is suspended", "has not confirmed", "taken out of the plan"):
        assert words in said


def test_unlikely_figures_are_asked_about_once(scene: Running) -> None:
    doubtful = form(scene, lines=[tally(100), hit(START)]) | {"confirmed": False}
    with pytest.raises(
        RuleBroken, match="Hits in database queries: 1 of 100, which is more than 5 in 1,000"
    ) as refusal:
        send(scene, doubtful)
    assert refusal.value.flaws[0].field == "confirmed"
    assert send(scene, doubtful | {"confirmed": True}).counted
    with pytest.raises(RuleBroken, match="no hit: is that right"):
        send(scene, form(scene, lines=[tally(50_001)]) | {"confirmed": False})
    assert send(scene, form(scene, lines=[tally(1000), hit(START)]) | {"confirmed": False}).counted


def test_a_partners_database_is_no_measure_of_interpols_hits_nor_the_other_way_round(scene: Running) -> None:
    partner, hits = tally(947, database="europol"), [hit(START, database="europol") for _each in range(34)]
    assert send(scene, form(scene, lines=[partner, *hits]) | {"confirmed": False}).counted
    assert send(scene, form(scene, lines=[partner, hit(START), tally(1000)]) | {"confirmed": False}).counted
    with pytest.raises(RuleBroken, match="Hits in database queries: 2 of 100"):
        send(scene, form(scene, lines=[partner, hit(START), hit(START), tally(100)]) | {"confirmed": False})


# ------------------------------------------------------------------------------------------- phases, days, nil


def test_queries_of_the_training_do_not_count_as_checks(scene: Running) -> None:
    day_before = {
        "period_from": (START - timedelta(hours=20)).isoformat(),
        "period_to": (START - timedelta(hours=12)).isoformat(),
    }
    send(
        scene,
        form(scene, phase_id=str(scene.training), lines=[tally(500), hit(START - timedelta(hours=20))]) | day_before,
    )
    assert (counted(scene), counted(scene, Kpi.RAW_HITS)) == (0, 0)
    send(scene, form(scene, lines=[tally(70), tally(30, phase_id=str(scene.training))]))
    assert counted(scene) == 70


def test_a_nil_report_is_heard_and_counts_nothing(scene: Running) -> None:
    made = send(scene, form(scene, lines=[], kind="nil"))
    assert made.counted
    assert counted(scene) == 0
    with scene.store.reading(System()) as session:
        heard = session.get(SiteActivity, scene.sites["Niamey"])
        assert heard is not None
        assert heard.last_report_at == made.received_at


@pytest.mark.parametrize(("zone", "day"), [("UTC", 1), ("Asia/Vientiane", 2)])
def test_an_event_after_midnight_in_vientiane_belongs_to_the_day_of_the_reporting_zone(
    cast: Store, zone: str, day: int
) -> None:
    """Domain 6.4: 00:30 on 11 November in Vientiane is 17:30 UTC on the 10th."""
    begins = datetime(2024, 11, 10, tzinfo=UTC) - timedelta(hours=7 if zone != "UTC" else 0)
    laos = {"chaima": "LAO", "bruno": "LAO"}
    ana = actor("ana")
    with clock.at(begins), cast.unit_of_work(ana) as session:
        made = plan.create(session, operation_draft(zone=zone), ana)
    ana = actor("ana", made.id)
    people = {name: Actor(**vars(actor(name, made.id)) | {"country": country}) for name, country in laos.items()}
    with clock.at(begins), cast.unit_of_work(ana) as session:
        phase = plan.schedule(session, made.id, phase_draft("operational", begins, begins + timedelta(days=5)), ana)
        plan.invite(session, made.id, parse(plan.CountryInvitation, {"country": "LAO"}), ana)
        site = places.place_site(session, made.id, site_draft("LAO", "Wattay", zone="Asia/Vientiane"), ana)
    with cast.unit_of_work(people["chaima"]) as session:
        plan.answer(session, made.id, people["chaima"], accept=True)
    with cast.unit_of_work(System()) as session:
        found = session.get(plan.Operation, made.id)
        assert found is not None
        found.state = OperationState.ACTIVE.value
        session.add(found)
    scene = Running(cast, made.id, phase.id, phase.id, {"Wattay": site.id}, begins, people)
    sent = send(
        scene,
        form(scene, "Wattay", kind="single_event", zone="Asia/Vientiane", lines=[tally(10)])
        | {"period_from": "2024-11-11T00:30:00+07:00", "period_to": "2024-11-11T01:00:00+07:00"},
    )
    first = clock.official_day(begins, zone)
    assert (sent.official_day - first).days + 1 == day
    assert sent.period_from == datetime(2024, 11, 10, 17, 30, tzinfo=UTC)
    assert counted(scene) == 10


# ------------------------------------------------------------------------------------------------- corrections


@pytest.mark.requirement("R52")
def test_a_correction_replaces_what_stands_at_its_level(scene: Running) -> None:
    first = send(scene, form(scene, lines=[tally(100)]))
    second = send(scene, correction(first, scene, lines=[tally(70)]))
    assert (second.version, second.supersedes_id, second.counted) == (2, first.id, True)
    assert now_stored(scene, first.id).state == S.SUPERSEDED
    assert counted(scene) == 70


def test_a_correction_counts_only_when_it_has_climbed_as_high_as_what_it_replaces(scene: Running) -> None:
    first = send(scene, form(scene, lines=[tally(100)]))
    climb(scene, first.id, "boubacar", "chaima")
    second = send(scene, correction(first, scene, lines=[tally(70)]), by="boubacar")
    assert not second.counted
    assert counted(scene) == counted(scene, level=Level.V3) == 100
    with pytest.raises(NotFound):
        climb(scene, second.id, "bruno")
    marie = Actor(**vars(scene["marie"]) | {"country": "NER"})
    scene.members["marie"] = marie
    climb(scene, second.id, "marie")
    assert counted(scene) == counted(scene, level=Level.V3) == 100
    assert climb(scene, second.id, "chaima").counted
    assert counted(scene) == counted(scene, level=Level.V3) == 70
    assert now_stored(scene, first.id).state == S.SUPERSEDED


def test_an_officer_alone_does_not_correct_what_the_country_validated(scene: Running) -> None:
    first = send(scene, form(scene))
    climb(scene, first.id, "boubacar", "chaima")
    with pytest.raises(RuleBroken, match="The country has validated"):
        send(scene, correction(first, scene))
    assert send(scene, correction(first, scene), by="chaima").author_id == scene["chaima"].account_id


def test_a_national_coordinator_corrects_and_does_not_validate_the_own_correction(scene: Running) -> None:
    first = send(scene, form(scene))
    climb(scene, first.id, "boubacar", "chaima")
    second = send(scene, correction(first, scene), by="chaima")
    climb(scene, second.id, "boubacar")
    with pytest.raises(RuleBroken, match="somebody else must"):
        climb(scene, second.id, "chaima")
    with pytest.raises(NotFound):
        send(scene, form(scene), by="chaima")


@pytest.mark.requirement("R52")
def test_only_the_newest_version_is_corrected(scene: Running) -> None:
    first = send(scene, form(scene))
    send(scene, correction(first, scene))
    with pytest.raises(Conflict, match="Somebody corrected"):
        send(scene, correction(first, scene))


@pytest.mark.parametrize("change", [{"report_id": str(new_id())}, {"site": "Agadez"}, {"supersedes_id": str(new_id())}])
def test_a_correction_of_something_else_is_not_there(scene: Running, change: dict[str, str]) -> None:
    first = send(scene, form(scene))
    if "site" in change:
        change = {"site_id": str(scene.sites["Agadez"])}
    with pytest.raises(NotFound):
        send(scene, correction(first, scene, **change))


def test_an_unknown_reason_is_refused(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="is not one of the choices") as refusal:
        send(scene, correction(send(scene, form(scene)), scene, correction_reason="whim"))
    assert refusal.value.flaws[0].field == "correction_reason"


def test_when_what_stood_is_returned_the_waiting_correction_counts(scene: Running) -> None:
    first = send(scene, form(scene, lines=[tally(100)]))
    climb(scene, first.id, "boubacar")
    second = send(scene, correction(first, scene, lines=[tally(70)]))
    assert counted(scene) == 100
    with scene.store.unit_of_work(scene["chaima"]) as session:
        verification.give_back(session, first.id, parse(verification.Return, {"reason": "incomplete"}), scene["chaima"])
    assert now_stored(scene, second.id).counted
    assert counted(scene) == 70


def test_a_rejected_version_stays_rejected_when_it_is_corrected(scene: Running) -> None:
    first = send(scene, form(scene, lines=[tally(100)]))
    climb(scene, first.id, "boubacar", "chaima")
    second = send(scene, correction(first, scene), by="boubacar")
    with scene.store.unit_of_work(scene["chaima"]) as session:
        verification.reject(session, second.id, parse(verification.Return, {"reason": "incomplete"}), scene["chaima"])
    third = send(scene, correction(second, scene), by="boubacar")
    assert now_stored(scene, second.id).state == S.REJECTED
    assert (third.version, third.counted) == (3, False)
    assert counted(scene) == 100


# -------------------------------------------------------------------------------------------------- withdrawing


def withdraw(scene: Running, version: UUID, by: str, reason: str = "Sent by mistake.") -> reports.Report:
    with scene.store.unit_of_work(scene[by]) as session:
        return reports.withdraw(session, version, reason, scene[by])


@pytest.mark.parametrize("by", ["bruno", "chaima"])
def test_its_author_and_the_coordinator_take_a_report_back(scene: Running, by: str) -> None:
    made = send(scene, form(scene))
    assert withdraw(scene, made.id, by).state == S.WITHDRAWN
    assert counted(scene) == 0
    with pytest.raises(Conflict):
        withdraw(scene, made.id, by)
    with pytest.raises(Conflict, match="Send a new one"):
        send(scene, correction(made, scene))


def test_a_colleague_does_not_take_it_back(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="Only the author"):
        withdraw(scene, send(scene, form(scene)).id, "binta")


@pytest.mark.parametrize("by", ["mateo", "moussa", "dov", "ana", "lena", "otto", "ada"])
def test_nobody_else_takes_it_back(scene: Running, by: str) -> None:
    with pytest.raises(NotFound):
        withdraw(scene, send(scene, form(scene)).id, by)


@pytest.mark.parametrize(("reason", "sentence"), [("  ", "Give the reason"), ("a@example.org", "an e-mail address")])
def test_the_reason_is_given_and_tells_of_no_person(scene: Running, reason: str, sentence: str) -> None:
    made = send(scene, form(scene))
    with pytest.raises(RuleBroken, match=sentence):
        withdraw(scene, made.id, "bruno", reason)
    assert counted(scene) == 100


def test_a_withdrawn_report_makes_room_for_its_correction(scene: Running) -> None:
    first = send(scene, form(scene, lines=[tally(100)]))
    climb(scene, first.id, "boubacar")
    send(scene, correction(first, scene, lines=[tally(70)]))
    withdraw(scene, first.id, "chaima")
    assert counted(scene) == 70


# ------------------------------------------------------------------------------------------------- saved forms


def save(scene: Running, by: str, form_id: UUID, **content: Any) -> datetime:
    with scene.store.unit_of_work(scene[by]) as session:
        return reports.save_form(session, form_id, scene.operation, scene.sites["Niamey"], content, scene[by])


def test_an_unfinished_form_is_kept_for_its_author_alone(scene: Running) -> None:
    form_id = new_id()
    save(scene, "bruno", form_id, count="-", remarks="Half a sen")
    save(scene, "bruno", form_id, count="1", remarks="Half a sentence")
    for name, kept in (("bruno", 1), ("binta", 0), ("chaima", 0), ("mateo", 0), ("ana", 0), ("otto", 0)):
        with scene.store.reading(scene[name]) as session:
            found = reports.saved_forms(session, scene.operation)
            assert len(found) == kept, name
    with scene.store.reading(scene["bruno"]) as session:
        assert reports.saved_forms(session, scene.operation)[0].content == {"count": "1", "remarks": "Half a sentence"}
    assert counted(scene) == 0


def test_two_windows_of_one_person_save_nothing_over_each_other(scene: Running) -> None:
    form_id = new_id()
    first = save(scene, "bruno", form_id, window="one", remarks="begun")
    save(scene, "bruno", form_id, window="one", remarks="its answer was lost, and it asks again")

    def second(known: datetime | None) -> datetime:
        with scene.store.unit_of_work(scene["bruno"]) as session:
            site, content = scene.sites["Niamey"], {"window": "two", "remarks": "from the other window"}
            return reports.save_form(session, form_id, scene.operation, site, content, scene["bruno"], known)

    for known in (None, first):
        with pytest.raises(Stale, match="changed in another window meanwhile"):
            second(known)
    with scene.store.reading(scene["bruno"]) as session:
        [kept] = reports.saved_forms(session, scene.operation)
        assert kept.content["remarks"].startswith("its answer was lost")
    second(kept.saved_at)
    with pytest.raises(Stale):
        save(scene, "bruno", form_id, window="one", remarks="too late")


def test_the_form_of_another_is_neither_overwritten_nor_thrown_away(scene: Running) -> None:
    form_id = new_id()
    save(scene, "bruno", form_id, remarks="mine")
    with pytest.raises(NotFound):
        save(scene, "binta", form_id, remarks="hers")
    with scene.store.unit_of_work(scene["binta"]) as session:
        reports.discard_form(session, form_id)
    with scene.store.reading(scene["bruno"]) as session:
        assert reports.saved_forms(session, scene.operation)[0].content == {"remarks": "mine"}


def test_sending_a_form_clears_what_was_kept(scene: Running) -> None:
    content = form(scene)
    save(scene, "bruno", UUID(content["id"]), remarks="mine")
    send(scene, content)
    with scene.store.reading(scene["bruno"]) as session:
        assert reports.saved_forms(session, scene.operation) == []


def test_a_form_is_thrown_away_by_its_author(scene: Running) -> None:
    form_id = new_id()
    save(scene, "bruno", form_id)
    with scene.store.unit_of_work(scene["bruno"]) as session:
        reports.discard_form(session, form_id)
        reports.discard_form(session, form_id)
        assert reports.saved_forms(session, scene.operation) == []


@pytest.mark.requirement("R69")
def test_personal_data_are_not_even_kept(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="telephone number") as refusal:
        save(scene, "bruno", new_id(), lines=[{"note": "+227 90 12 34 56"}])
    assert refusal.value.flaws[0].field == "lines.0.note"


@pytest.mark.parametrize("name", ["ana", "dov", "lena", "otto", "ada"])
def test_who_does_not_report_keeps_no_forms(scene: Running, name: str) -> None:
    with pytest.raises(NotFound):
        save(scene, name, new_id())


def test_a_form_of_somebody_else_is_neither_found_nor_changed(scene: Running) -> None:
    form_id = new_id()
    with scene.store.unit_of_work(scene["bruno"]) as session:
        reports.save_form(session, form_id, scene.operation, None, {"remarks": "mine"}, scene["bruno"])
    with pytest.raises(NotFound), scene.store.unit_of_work(scene["binta"]) as session:
        reports.save_form(session, form_id, scene.operation, None, {"remarks": "theirs"}, scene["binta"])
    with scene.store.reading(scene["bruno"]) as session:
        assert [each.content for each in reports.saved_forms(session, scene.operation)] == [{"remarks": "mine"}]


def test_a_submission_asks_and_writes_no_more_than_it_must(scene: Running) -> None:
    asked = list[str]()

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    send(scene, form(scene))
    event.listen(scene.store.engine, "before_cursor_execute", note)
    made = send(scene, form(scene))
    event.remove(scene.store.engine, "before_cursor_execute", note)
    own = 1 if scene.store.engine.dialect.name == "sqlite" else 3  # BEGIN; who asks, and twice to be alone
    assert len(asked) == own + 14, "\n".join(asked)  # the last asks for webhooks of the country
    with scene.store.reading(scene["bruno"]) as session:
        assert reports.report(session, made.id).model_dump() == made.model_dump()
