"""A report climbs V1, V2, V3, V4 by four pairs of eyes, and goes back with a reason."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from operations.catalogue.kpis import Kpi
from operations.core import journal
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.vocabulary import Classification, Level, ReportState
from operations.disclosure.suppression import BoardFrame
from operations.figures import board
from operations.policing.reports import reports, verification
from operations.totals.activity import CountryActivity
from tests.makers import START, Running, form, hit, send, tally
from tests.operations.steps import answer, climb, correction, counted, now_stored, told
from tests.people import CAST

pytestmark = pytest.mark.both_storages

S = ReportState
LATER = START + timedelta(hours=13)


@pytest.mark.requirement("ASVS 2.3.1")
def test_a_report_climbs_one_level_at_a_time(scene: Running) -> None:
    made = send(scene, form(scene))
    local = climb(scene, made.id, "boubacar")
    assert (local.state, local.level, local.verified_by) == (S.LOCALLY_VERIFIED, Level.V2, scene["boubacar"].account_id)
    assert (counted(scene, level=Level.V2), counted(scene, level=Level.V3)) == (100, 0)
    national = climb(scene, made.id, "chaima")
    assert (national.state, national.level) == (S.NATIONALLY_VALIDATED, Level.V3)
    assert national.validated_by == scene["chaima"].account_id
    assert counted(scene, level=Level.V3) == 100
    consolidated = climb(scene, made.id, "dov")
    assert (consolidated.state, consolidated.level) == (S.CONSOLIDATED, Level.V4)
    assert consolidated.consolidated_by == scene["dov"].account_id
    assert (counted(scene, level=Level.V4), counted(scene, level=Level.V3)) == (100, 100)
    with scene.store.reading(System()) as session:
        country = session.get(CountryActivity, (scene.operation, "NER"))
        assert country is not None
        assert country.last_validated_at == LATER
        steps = [
            entry.detail["level"]
            for entry in journal.latest(session)
            if entry.object_id == made.id and "level" in entry.detail
        ]
    assert steps == ["V4", "V3", "V2"]


@pytest.mark.parametrize("state", [S.SUBMITTED, S.LOCALLY_VERIFIED, S.NATIONALLY_VALIDATED])
def test_each_step_is_made_by_the_right_role_of_the_country_alone(scene: Running, state: ReportState) -> None:
    made = send(scene, form(scene))
    right = {S.SUBMITTED: "boubacar", S.LOCALLY_VERIFIED: "chaima", S.NATIONALLY_VALIDATED: "dov"}
    below = list(right).index(state)
    if below:
        climb(scene, made.id, *list(right.values())[:below])
    for name in set(CAST) - {right[state]}:
        # who verifies other steps learns that it is not the moment; everybody else that nothing is there
        with pytest.raises(Conflict if name in right.values() else NotFound):
            climb(scene, made.id, name)
        assert now_stored(scene, made.id).state == state, name
    assert climb(scene, made.id, right[state]).level == made.level + below + 1


def test_a_second_click_changes_nothing(scene: Running) -> None:
    made = send(scene, form(scene))
    climb(scene, made.id, "boubacar")
    with pytest.raises(Conflict):
        climb(scene, made.id, "boubacar")
    assert counted(scene, level=Level.V2) == 100


@pytest.mark.requirement("R21")
def test_nobody_verifies_what_they_wrote(scene: Running) -> None:
    made = send(scene, form(scene), by="boubacar")
    with pytest.raises(RuleBroken, match="somebody else must"):
        climb(scene, made.id, "boubacar")
    assert verification.next_step(made, scene["boubacar"]) is None


def promoted(scene: Running, name: str, to: str) -> None:
    """One of the cast gets the role of another: careers happen between two steps."""
    scene.members[name] = Actor(**vars(scene[name]) | {"role": CAST[to][1]})


@pytest.mark.parametrize("who", ["bruno", "boubacar", "chaima"])
def test_nobody_consolidates_what_they_answered_for_before(scene: Running, who: str) -> None:
    made = send(scene, form(scene))
    climb(scene, made.id, "boubacar", "chaima")
    scene.members[who] = Actor(**vars(scene[who]) | {"role": CAST["dov"][1], "country": None})
    with pytest.raises(RuleBroken, match="somebody else must"):
        climb(scene, made.id, who)
    assert now_stored(scene, made.id).level == Level.V3


def test_no_analyst_consolidates_what_the_country_sent_that_seconded_them(scene: Running) -> None:
    made = send(scene, form(scene))
    climb(scene, made.id, "boubacar", "chaima")
    other = send(scene, form(scene, "Bamako"), by="mateo")
    climb(scene, other.id, "marie", "moussa")
    scene.members["dov"] = Actor(**vars(scene["dov"]) | {"country": "NER"})
    with pytest.raises(NotFound):
        climb(scene, made.id, "dov")
    with scene.store.reading(scene["dov"]) as session:
        assert [each.id for each in verification.worklist(session, scene.operation, scene["dov"])] == [other.id]
    assert climb(scene, other.id, "dov").level == Level.V4


@pytest.mark.requirement("R52")
def test_a_correction_of_what_is_consolidated_counts_when_it_is_consolidated_too(scene: Running) -> None:
    first = send(scene, form(scene, lines=[tally(100)]))
    climb(scene, first.id, "boubacar", "chaima", "dov")
    second = send(scene, correction(first, scene, lines=[tally(90)]), by="boubacar")
    scene.members["binta"] = Actor(**vars(scene["binta"]) | {"role": CAST["boubacar"][1]})
    climb(scene, second.id, "binta", "chaima")
    assert counted(scene, level=Level.V3) == 100
    climb(scene, second.id, "dov")
    assert counted(scene, level=Level.V4) == 90


@pytest.mark.parametrize("who", ["bruno", "boubacar"])
@pytest.mark.requirement("R21")
def test_three_steps_are_three_persons_whatever_their_role_has_become(scene: Running, who: str) -> None:
    made = send(scene, form(scene))
    climb(scene, made.id, "boubacar")
    promoted(scene, who, "chaima")
    with pytest.raises(RuleBroken, match="somebody else must"):
        climb(scene, made.id, who)


def overwrite(scene: Running, made: reports.Report, **values: Any) -> None:
    """Write into a stored version, past every verb."""
    with scene.store.unit_of_work(System()) as session:
        found = reports.report(session, made.id)
        for name, value in values.items():
            setattr(found, name, value)
        session.add(found)


@pytest.mark.parametrize(
    "change",
    [
        {"verified_by": "bruno", "level": 2},
        {"verified_by": "boubacar", "validated_by": "bruno", "level": 3},
        {"verified_by": "boubacar", "validated_by": "boubacar", "level": 3},
        {"level": 2},
        {"level": 3, "verified_by": "boubacar"},
        {"level": 3, "validated_by": "chaima"},
        {"level": 4, "verified_by": "boubacar", "validated_by": "chaima"},
        {"verified_by": "boubacar", "validated_by": "chaima", "consolidated_by": "bruno", "level": 4},
        {"verified_by": "boubacar", "validated_by": "chaima", "consolidated_by": "chaima", "level": 4},
        {"level": 6},
        {"level": 0},
    ],
)
@pytest.mark.requirement("R21", "R24")
def test_the_database_itself_refuses_two_eyes_and_skipped_levels(scene: Running, change: dict[str, Any]) -> None:
    made = send(scene, form(scene))
    values = {name: scene[value].account_id if isinstance(value, str) else value for name, value in change.items()}
    with pytest.raises(IntegrityError):
        overwrite(scene, made, **values)


def test_the_database_itself_lets_one_version_count(scene: Running) -> None:
    first = send(scene, form(scene))
    send(scene, correction(first, scene))
    with pytest.raises(Conflict):
        overwrite(scene, first, counted=True)


@pytest.mark.parametrize("field", ["remarks", "country", "author_id", "official_day", "content_hash"])
def test_the_database_itself_keeps_what_was_written(scene: Running, field: str) -> None:
    made = send(scene, form(scene))
    new = {"author_id": scene["binta"].account_id, "official_day": made.official_day + timedelta(days=1)}
    with pytest.raises(DBAPIError, match="never changed"):
        overwrite(scene, made, **{field: new.get(field, "MLI")})


def test_the_worklist_holds_what_waits_for_this_person(scene: Running) -> None:
    first = send(scene, form(scene))
    second = send(scene, form(scene, "Agadez"), by="boubacar")
    third = send(scene, form(scene, "Bamako"), by="mateo")
    climb(scene, send(scene, form(scene, "Agadez")).id, "boubacar")

    def waiting(name: str) -> list[UUID]:
        with scene.store.reading(scene[name]) as session:
            return [each.id for each in verification.worklist(session, scene.operation, scene[name])]

    assert waiting("boubacar") == [first.id]
    assert len(waiting("chaima")) == 1
    assert waiting("marie") == [third.id]
    assert second.id not in waiting("boubacar")
    for name in ("bruno", "moussa", "dov", "ana", "lena", "otto", "ada"):
        assert waiting(name) == []


# ------------------------------------------------------------------------------------------------------- going back


def aside(scene: Running, version: UUID, by: str, verb: str = "give_back", **changes: str) -> reports.Report:
    answer = parse(verification.Return, {"reason": "incomplete", "note": "Which database?"} | changes)
    with scene.store.unit_of_work(scene[by]) as session:
        found: reports.Report = getattr(verification, verb)(session, version, answer, scene[by])
        return found


# state, verb, who may
WAYS_BACK = {
    ("submitted", "give_back"): {"boubacar", "chaima"},
    ("submitted", "reject"): {"chaima"},
    ("locally_verified", "give_back"): {"chaima"},
    ("locally_verified", "reject"): {"chaima"},
    ("nationally_validated", "give_back"): {"dov"},
    ("nationally_validated", "reject"): {"dov"},
    ("consolidated", "give_back"): {"dov"},
    ("consolidated", "reject"): {"dov"},
}
CLIMBERS = {
    "submitted": (),
    "locally_verified": ("boubacar",),
    "nationally_validated": ("boubacar", "chaima"),
    "consolidated": ("boubacar", "chaima", "dov"),
}


@pytest.mark.parametrize(("state", "verb"), WAYS_BACK)
def test_each_way_back_is_open_to_the_right_people_only(scene: Running, state: str, verb: str) -> None:
    made = send(scene, form(scene))
    climb(scene, made.id, *CLIMBERS[state]) if CLIMBERS[state] else None
    right = WAYS_BACK[state, verb]
    for name in sorted(set(CAST) - right):
        with pytest.raises((NotFound, Conflict)):
            aside(scene, made.id, name, verb)
        assert now_stored(scene, made.id).state == state
    gone = aside(scene, made.id, min(right), verb)
    assert gone.state == (S.RETURNED if verb == "give_back" else S.REJECTED)
    assert (gone.level, gone.counted, gone.returned_reason) == (Level.V0, False, "incomplete")
    assert counted(scene) == 0


def test_a_returned_report_is_corrected_and_climbs_again(scene: Running) -> None:
    first = send(scene, form(scene, lines=[tally(100)]))
    aside(scene, first.id, "boubacar")
    second = send(scene, correction(first, scene, lines=[tally(90)]))
    assert counted(scene) == 90
    climb(scene, second.id, "boubacar", "chaima")
    assert counted(scene, level=Level.V3) == 90
    assert now_stored(scene, first.id).state == S.SUPERSEDED


def test_a_rejected_report_is_not_corrected(scene: Running) -> None:
    first = send(scene, form(scene))
    aside(scene, first.id, "chaima", "reject")
    with pytest.raises(Conflict, match="Send a new one"):
        send(scene, correction(first, scene))


@pytest.mark.parametrize(("changes", "field"), [({"reason": "mood"}, "reason"), ({"note": "a@example.org"}, "note")])
def test_a_return_has_a_reason_of_the_list_and_impersonal_words(
    scene: Running, changes: dict[str, str], field: str
) -> None:
    made = send(scene, form(scene))
    with pytest.raises(RuleBroken) as refusal:
        aside(scene, made.id, "boubacar", **changes)
    assert refusal.value.flaws[0].field == field


# ------------------------------------------------------------------------------------------------------------ hits


def five_hits(scene: Running) -> tuple[reports.Report, list[UUID]]:
    hits = [hit(START + timedelta(hours=hour)) for hour in range(5)]
    made = send(scene, form(scene, lines=[tally(4800), *hits]))
    return climb(scene, made.id, "boubacar", "chaima"), [UUID(each["id"]) for each in hits]


def test_five_raw_hits_three_confirmed_one_refuted_one_pending(scene: Running) -> None:
    """Domain 6.6: K04 = 5, K05 = 3, pending 1."""
    made, hits = five_hits(scene)
    for line, said in zip(hits, ["confirmed", "confirmed", "confirmed", "refuted"], strict=False):
        made = answer(scene, made.id, line, told(said))
    assert (made.version, made.level, made.counted) == (5, Level.V3, True)
    frame = BoardFrame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE)
    with scene.store.reading(scene["lena"]) as session:
        figures = board.read_board(session, frame, scene["lena"]).figures
    assert figures[Kpi.RAW_HITS].value == 5
    assert (figures[Kpi.CONFIRMED_HITS].value, figures[Kpi.CONFIRMED_HITS].pending) == (3, 1)
    assert counted(scene) == 4800


def test_an_answer_keeps_the_level_and_the_eyes_of_the_report(scene: Running) -> None:
    made, hits = five_hits(scene)
    new = answer(scene, made.id, hits[0], told("confirmed"))
    assert (new.author_id, new.verified_by, new.validated_by) == (made.author_id, made.verified_by, made.validated_by)
    assert (new.supersedes_id, new.correction_reason) == (made.id, "outcome_changed")
    with scene.store.reading(scene["chaima"]) as session:
        line = next(each for each in reports.lines_of(session, new.id) if each.id == hits[0])
        before = next(each for each in reports.lines_of(session, made.id) if each.id == hits[0])
    assert (line.status, line.attributes["confirming_country"]) == ("confirmed", "ITA")
    assert before.status == "pending"


def test_only_a_national_coordinator_writes_answers_down(scene: Running) -> None:
    made, hits = five_hits(scene)
    for name in [each for each in CAST if each != "chaima"]:
        with pytest.raises(NotFound):
            answer(scene, made.id, hits[0], told("confirmed"), by=name)


@pytest.mark.parametrize(
    ("what", "changes", "field", "sentence"),
    [
        ("pending", {}, "confirmation", "not one of the choices"),
        ("perhaps", {}, "confirmation", "not one of the choices"),
        ("confirmed", {"confirming_country": None}, "", "Name the country"),
        ("refuted", {"confirmed_at": None}, "", "Name the country"),
        ("unresolved", {}, "", "has no answer"),
        ("confirmed", {"confirming_country": "ZZZ"}, "confirming_country", "ZZZ is not one of the choices"),
        ("confirmed", {"confirmed_at": "2026-03-02T09:00:00"}, "confirmed_at", "no time zone"),
        (
            "confirmed",
            {"confirmed_at": (START - timedelta(days=1)).isoformat()},
            "confirmed_at",
            "earlier than the hit",
        ),
        (
            "confirmed",
            {"confirmed_at": (LATER + timedelta(days=1)).isoformat()},
            "confirmed_at",
            "The answer is in the future",
        ),
    ],
)
def test_an_answer_is_whole_and_possible(
    scene: Running, what: str, changes: dict[str, Any], field: str, sentence: str
) -> None:
    made, hits = five_hits(scene)
    with pytest.raises(RuleBroken) as refusal:
        answer(scene, made.id, hits[0], told(what, **changes))
    [flaw] = refusal.value.flaws
    assert flaw.field == field
    assert sentence in str(flaw)
    assert now_stored(scene, made.id).counted


def test_a_hit_that_nobody_answers_is_unresolved(scene: Running) -> None:
    made, hits = five_hits(scene)
    none = {"confirming_country": None, "confirmed_at": None}
    answer(scene, made.id, hits[0], told("unresolved", **none))
    assert counted(scene, Kpi.RAW_HITS) == 5


def test_an_answer_is_written_once(scene: Running) -> None:
    made, hits = five_hits(scene)
    answer(scene, made.id, hits[0], told("confirmed"))
    with pytest.raises(Conflict, match="no longer valid"):
        answer(scene, made.id, hits[0], told("confirmed"))
    assert counted(scene, Kpi.CONFIRMED_HITS) == 1


def test_only_hits_are_answered(scene: Running) -> None:
    lines = [tally()]
    made = send(scene, form(scene, lines=lines))
    with pytest.raises(NotFound):
        answer(scene, made.id, UUID(lines[0]["id"]), told("confirmed"))


def test_while_a_correction_waits_the_hit_is_answered_there(scene: Running) -> None:
    made, hits = five_hits(scene)
    waiting = send(scene, correction(made, scene, lines=[tally(4800), hit(START, id=str(hits[0]))]), by="boubacar")
    with pytest.raises(Conflict, match="A correction of this report is waiting"):
        answer(scene, made.id, hits[0], told("confirmed"))
    aside(scene, waiting.id, "chaima", "reject")
    new = answer(scene, made.id, hits[0], told("confirmed"))
    assert (new.version, new.supersedes_id) == (3, waiting.id)
    assert counted(scene, Kpi.CONFIRMED_HITS) == 1


def test_an_officers_own_word_does_not_confirm_a_hit(scene: Running) -> None:
    said = {"confirmation": "confirmed", "confirming_country": "ITA", "confirmed_at": START.isoformat()}
    mine = hit(START, **said)
    made = climb(scene, send(scene, form(scene, lines=[mine])).id, "boubacar", "chaima")
    assert (counted(scene, Kpi.RAW_HITS), counted(scene, Kpi.CONFIRMED_HITS)) == (1, 0)
    answer(scene, made.id, UUID(mine["id"]), told("confirmed"))
    assert counted(scene, Kpi.CONFIRMED_HITS) == 1


@pytest.mark.parametrize("who", ["bruno", "boubacar", "chaima"])
def test_nobody_answers_a_hit_of_what_they_wrote_verified_or_validated(scene: Running, who: str) -> None:
    made, hits = five_hits(scene)
    promoted(scene, who, "chaima")
    with pytest.raises(RuleBroken, match="You wrote, verified or validated this report"):
        answer(scene, made.id, hits[0], told("confirmed"), by=who)
    assert counted(scene, Kpi.CONFIRMED_HITS) == 0


def test_nobody_lifts_a_report_of_which_they_answered_a_hit(scene: Running) -> None:
    lines = [hit(START), hit(START)]
    made = climb(scene, send(scene, form(scene, lines=lines)).id, "boubacar")
    made = answer(scene, made.id, UUID(lines[0]["id"]), told("confirmed"))
    made = answer(scene, made.id, UUID(lines[1]["id"]), told("confirmed"), by="chaima")
    for name in ("cheikh", "chaima"):
        with scene.store.reading(scene[name]) as session:
            assert verification.worklist(session, scene.operation, scene[name]) == []
        with pytest.raises(RuleBroken, match="You answered a hit"):
            climb(scene, made.id, name)


def test_another_answer_needs_its_reason(scene: Running) -> None:
    made, hits = five_hits(scene)
    made = answer(scene, made.id, hits[0], told("confirmed"))
    with pytest.raises(RuleBroken, match="recorded already"):
        answer(scene, made.id, hits[0], told("confirmed"))
    with pytest.raises(RuleBroken) as refusal:
        answer(scene, made.id, hits[0], told("refuted"))
    assert [flaw.field for flaw in refusal.value.flaws] == ["reason"]
    assert counted(scene, Kpi.CONFIRMED_HITS) == 1
    answer(scene, made.id, hits[0], told("refuted", reason="Italy found another document."))
    assert counted(scene, Kpi.CONFIRMED_HITS) == 0
    with scene.store.reading(System()) as session:
        assert journal.latest(session)[0].detail["reason"] == "Italy found another document."


def test_a_correction_keeps_the_answers_to_the_same_hits_and_no_others(scene: Running) -> None:
    made, hits = five_hits(scene)
    for line in hits[:3]:
        made = answer(scene, made.id, line, told("confirmed"))
    same = hit(START, id=str(hits[0]))
    other = hit(START + timedelta(hours=1), id=str(hits[1]), database="nominal")
    again = send(scene, correction(made, scene, lines=[same, other]), by="boubacar")
    with scene.store.reading(System()) as session:
        kept = {line.id: (line.status, line.answered_by) for line in reports.lines_of(session, again.id)}
    assert kept == {hits[0]: ("confirmed", scene["cheikh"].account_id), hits[1]: ("pending", None)}


def test_who_answered_a_hit_and_corrects_the_report_does_not_vouch_for_the_answer(scene: Running) -> None:
    made, hits = five_hits(scene)
    made = answer(scene, made.id, hits[0], told("confirmed"))
    again = send(scene, correction(made, scene, lines=[hit(START, id=str(hits[0]))]), by="cheikh")
    with scene.store.reading(System()) as session:
        assert [line.status for line in reports.lines_of(session, again.id)] == ["pending"]


@pytest.mark.parametrize("who", ["nobody", "bruno", "boubacar", "chaima"])
def test_the_database_itself_refuses_an_answer_without_other_eyes(scene: Running, who: str) -> None:
    made, hits = five_hits(scene)
    with scene.store.reading(System()) as session:
        row = next(line for line in reports.lines_of(session, made.id) if line.id == hits[0])
    by = None if who == "nobody" else scene[who].account_id
    twin = reports.Line(**row.model_dump() | {"id": new_id(), "status": "confirmed", "answered_by": by})
    with pytest.raises(DBAPIError, match="needs other eyes"), scene.store.unit_of_work(System()) as session:
        session.add(twin)


def test_the_database_itself_refuses_who_answered_as_a_verifier(scene: Running) -> None:
    line = hit(START)
    made = send(scene, form(scene, lines=[line]))
    made = answer(scene, made.id, UUID(line["id"]), told("confirmed"))
    with pytest.raises(DBAPIError, match="needs other eyes"):
        overwrite(scene, made, verified_by=scene["cheikh"].account_id, level=2)
