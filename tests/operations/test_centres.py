"""Figures for a centre: what is shown leaves and nothing else, signed, in order and once, into a second Muster."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, get_args
from uuid import UUID

import pytest
from pydantic import ValidationError
from sqlmodel import select

from operations import worklist_entries
from operations.core import clock, evidence, installation_key, journal
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken, Taken
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.proof import ProofNeeded
from operations.core.vocabulary import InList, Level, MessageKind
from operations.exchange import centre_conflicts, centre_delivery, centre_figures, centre_sites, centres
from operations.exchange.centre_rows import CentreConnection, CentrePlan, CentreReport
from operations.exchange.centres import Change
from operations.lines.kinds import KINDS
from operations.lines.line import parts_of
from operations.notices import inbox
from operations.policing.reports import reports, verification
from operations.totals import totals
from tests.centres import CENTRE, NOW, SITE, Pair, connection_draft, day, pair, validated
from tests.interface import token
from tests.makers import START, Running, arrest, detection, form, hit, send, tally
from tests.programme import does, reads

OTHER = "o" * 32


@pytest.fixture(autouse=True)
def _held() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def two(scene: Running, twin: Running) -> Pair:
    made = pair(replace(scene, sites={**scene.sites}), replace(twin, sites={**twin.sites}))
    made.deliver()
    made.came.clear()
    return made


def at_centre(two: Pair) -> list[reports.Report]:
    found: list[reports.Report] = reads(two.there, "chaima", reports.newest, two.there.operation, at=NOW)
    return [each for each in found if each.site_id == two.there.sites[SITE]]


def sums(scene: Running, site: str = SITE, level: int = 3) -> Counter[tuple[str, ...]]:
    """The totals of a site, by facet; no figure but that of hits counts lines, and a hit stands alone."""
    with scene.store.reading(System()) as session:
        rows = totals.read(session, scene.operation, totals.Grain.SITE)
        found = [row for row in rows if UUID(row.site) == scene.sites[site] and row.level >= level]
        amounts: Counter[tuple[str, ...]] = Counter()
        for row in found:
            amounts[tuple(map(str, row.facet))] += row.quantity
        return +amounts


def put(scene: Running, row: Any) -> None:
    """Store a row past the verbs, as only the database can refuse it."""
    with scene.store.unit_of_work(System()) as session:
        session.add(row)


def refused(two: Pair, words: str) -> None:
    two.deliver()
    assert words in two.sent()[-1].refusal


# ------------------------------------------------------------------------------------------------ what would leave


def test_what_leaves_of_a_line_are_codes_and_counts(scene: Running) -> None:
    """A new field of a line is a code or a count, or it is declared as left out or told to the hour."""
    for kind, model in KINDS.items():
        for name, about in model.model_fields.items():
            listed = any(isinstance(each, InList) for each in _metadata(about))
            known = {"id", "kind", "phase_id", model.COUNTS, *parts_of(model)}
            known |= centre_figures.LEFT_OUT | centre_figures.TIMES
            assert listed or name in known, f"{kind}.{name} would leave"


def _metadata(about: Any) -> list[Any]:
    """What the annotations of a field say, those of its parts as well."""
    found, parts = list(about.metadata), [about.annotation]
    while parts:
        part = parts.pop()
        found += getattr(part, "__metadata__", ())
        parts += get_args(part)
    return found


@pytest.mark.both_storages
def test_what_is_shown_is_what_leaves_and_what_comes_in(two: Pair) -> None:
    """Three reports of a day become one, with the same sums; references and texts stay."""
    lines = [
        tally(100),
        arrest(2, legal_basis="red_notice_diffusion", notice_ref="A-1234/1-2026", minors=1),
        hit(START + timedelta(minutes=90)),
    ]
    validated(two.here, lines=lines, remarks="The lorry was blue.")
    validated(two.here, lines=[tally(40), arrest(3, legal_basis="red_notice_diffusion"), detection(7)])
    validated(two.here, kind="nil", lines=[], day=1)
    validated(two.here, level=2, day=1)
    assert (at_centre(two), two.came) == ([], []), "nothing leaves by itself"

    shown = two.preview()
    assert [(each.change, each.sum.reports, each.sum.unready) for each in shown.rows] == [
        (Change.NEW, 2, 0),
        (Change.NEW, 1, 1),
    ]
    checks = [line for line in shown.rows[0].sum.lines if line["kind"] == "check_tally"]
    assert [line["count"] for line in checks] == [140]
    arrests = [line for line in shown.rows[0].sum.lines if line["kind"] == "arrest"]
    assert sorted((line["persons"], line["minors"]) for line in arrests) == [(2, 1), (3, 0)]
    assert two.share(shown, confirmed=True) == 2
    assert two.deliver() == 2
    assert [each.refusal for each in two.sent()] == ["", ""]

    posted = [json.loads(body) for _method, _address, body in two.came]
    for row, body in zip(shown.rows, posted, strict=True):
        assert body["lines"] == centre_figures.addressed(row.sum.content, UUID(body["report_id"]))["lines"]
        assert {name: body[name] for name in row.sum.content if name != "lines"} == {
            name: value for name, value in row.sum.content.items() if name != "lines"
        }
    said = json.dumps(posted)
    assert not any(word in said for word in ("A-1234", "lorry", "Bruno", "remarks", str(two.here.sites[SITE])))
    assert "T07:00:00" in said
    assert "T07:30:00" not in said, "a hit is told to the hour"
    first, last = sorted(at_centre(two), key=lambda each: each.official_day)
    assert (first.official_day, last.kind, first.level) == (day(0), "nil", Level.V1)
    assert first.signed_key == evidence.public_key()
    assert sums(two.there, level=1) == sums(two.here)
    assert [each.accepted for each in two.sent()] == [True, True]
    assert [each.change for each in two.preview().rows] == [Change.SAME] * 2


def test_the_country_verifies_at_the_centre_as_always(two: Pair) -> None:
    validated(two.here)
    two.share()
    two.deliver()
    [found] = at_centre(two)
    assert found.author_name == "Boubacar Idi · Border entry"
    with pytest.raises(RuleBroken, match=r"author|wrote|own"):
        does(two.there, "boubacar", verification.verify, found.id, at=NOW)


def test_figures_that_changed_since_they_were_shown_do_not_leave(two: Pair) -> None:
    validated(two.here)
    shown = two.preview()
    validated(two.here, lines=[tally(5)])
    with pytest.raises(RuleBroken, match="The figures changed since they were shown"):
        two.share(shown)
    assert two.sent() == []


@pytest.mark.both_storages
def test_the_same_period_sent_twice_leaves_once(two: Pair) -> None:
    validated(two.here)
    shown = two.preview()
    assert two.share(shown) == 1
    assert [each.change for each in two.preview().rows] == [Change.WAITS]
    with pytest.raises(RuleBroken, match="The figures changed"):
        two.share(shown)
    assert two.share() == 0
    with pytest.raises(Taken):
        put(two.here, CentreReport(**{**two.sent()[0].model_dump(), "id": new_id(), "number": 2}))
    two.deliver()
    assert two.share() == 0
    assert len(at_centre(two)) == 1


@pytest.mark.parametrize(
    ("sites", "words"),
    [([], "The centre has no site of the name Tera"), ([{"id": str(new_id()), "name": " tera "}], "")],
)
def test_a_site_is_found_at_the_centre_by_its_name(two: Pair, sites: list[dict[str, str]], words: str) -> None:
    validated(two.here)
    with two.here.store.unit_of_work(System()) as session:
        found = session.get_one(type(two.state()), two.connection)
        found.plan = {**(found.plan or {}), "sites": sites}
        session.add(found)
    [row] = two.preview().rows
    assert row.change is (Change.STAYS if words else Change.NEW)
    assert words in str(row.sum.obstacle or "")
    assert two.share() == (0 if words else 1)


@pytest.mark.both_storages
def test_a_site_of_another_name_is_matched_once_and_remembered(two: Pair) -> None:
    """The country chooses which site of the centre it is; the next connection of the same operations knows it."""
    validated(two.here, "Agadez", lines=[tally(140)])
    other = {"id": str(two.there.sites["Agadez"]), "name": "Agadès Nord"}
    plan = two.state().plan or {}
    _replan(two, [other, *(each for each in plan["sites"] if each["name"] != "Agadez")])
    [row] = two.preview().rows
    assert (row.change, "choose which of its sites it is" in str(row.sum.obstacle)) == (Change.STAYS, True)
    first, *_matched = reads(two.here, "chaima", centre_sites.matches, two.state())
    assert (first.site.name, first.there, first.nearest.name) == ("Agadez", None, "Agadès Nord")

    _match(two, "Agadez", UUID(other["id"]))
    _match(two, "Agadez", UUID(other["id"]))
    assert [each.change for each in two.preview().rows] == [Change.NEW]
    two.share()
    two.deliver()
    assert sums(two.there, "Agadez", level=1) == sums(two.here, "Agadez")
    for site, there, words in (
        (two.here.sites[SITE], new_id(), "The centre has no such site now"),
        (two.here.sites["Bamako"], None, "a site of your country"),
    ):
        with pytest.raises(RuleBroken, match=words):
            _match(two, site, there)
    does(two.here, "chaima", centres.end, two.connection, at=NOW)
    draft = connection_draft(two.here, token=token(two.there, "boubacar", sender_key=evidence.public_key()).key)
    again = does(two.here, "chaima", centres.connect, draft, at=NOW)
    assert again.sites == {str(two.here.sites["Agadez"]): other["id"]}
    with two.here.store.reading(System()) as session:
        acts = [each.act for each in session.exec(select(journal.Entry)).all()]
    assert acts.count("centre.match") == 1, "the same again changes nothing"


def _replan(two: Pair, sites: list[dict[str, str]]) -> None:
    with two.here.store.unit_of_work(System()) as session:
        found = session.get_one(type(two.state()), two.connection)
        found.plan = {**(found.plan or {}), "sites": sites}
        session.add(found)


def _match(two: Pair, site: UUID | str, there: UUID | None) -> None:
    known = two.here.sites[site] if isinstance(site, str) else site
    draft = centre_sites.SiteMatchDraft(site_id=known, centre_site=there)
    does(two.here, "chaima", centre_sites.match_site, two.connection, draft, at=NOW)


def test_figures_of_a_site_that_is_matched_anew_are_withdrawn_there_and_sent_for_the_other(two: Pair) -> None:
    validated(two.here)
    two.share()
    two.deliver()
    _match(two, SITE, two.there.sites["Agadez"])
    assert [each.change for each in two.preview().rows] == [Change.WITHDRAWN]
    two.share()
    two.deliver()
    assert [each.change for each in two.preview().rows] == [Change.NEW]
    two.share()
    two.deliver()
    assert [each.accepted for each in two.sent()] == [True] * 3
    assert (sums(two.there, level=1), sums(two.there, "Agadez", level=1)) == ({}, sums(two.here))
    _match(two, SITE, None)
    assert [each.change for each in two.preview().rows] == [Change.WITHDRAWN], "its own name again"


def test_a_day_is_that_of_the_centre_and_lies_in_one_of_its_phases(two: Pair) -> None:
    report = validated(two.here)
    plan = two.state().plan or {}

    def found(**changes: Any) -> tuple[str, str]:
        there = CentrePlan.model_validate(plan | changes)
        with two.here.store.reading(two.here["chaima"]) as session:
            [one] = centre_figures.summed(session, two.state(), there, day(-2), day(2))
        return one.cell.day.isoformat(), str(one.obstacle or "")

    assert found() == (report.official_day.isoformat(), "")
    assert found(day_cut="12:00:00")[0] == day(-1).isoformat()
    assert "has no phase on this day" in found(phases=[])[1]
    of_training = [each | {"kind": "training"} for each in plan["phases"]]
    assert found(phases=of_training)[1] == "", "any phase of the day, where none is of the same kind"


def test_a_result_of_another_phase_finds_it_at_the_centre_by_its_kind_and_too_many_results_stay(
    two: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    validated(two.here, lines=[tally(3), tally(4, phase_id=str(two.here.training))])
    [row] = two.preview().rows
    assert [line.get("phase_id") for line in row.sum.lines].count(str(two.there.training)) == 1
    plan = two.state().plan or {}
    there = CentrePlan.model_validate(
        plan | {"phases": [each for each in plan["phases"] if each["kind"] != "training"]}
    )
    with two.here.store.reading(two.here["chaima"]) as session:
        [one] = centre_figures.summed(session, two.state(), there, day(0), day(2))
    assert "the centre's operation has no such phase" in str(one.obstacle)
    monkeypatch.setattr(centre_figures, "MOST_LINES", 1)
    [row] = two.preview().rows
    assert "This day has more than 1 different results" in str(row.sum.obstacle)


# -------------------------------------------------------------------------------------------------- corrections


@pytest.mark.both_storages
def test_a_figure_corrected_after_sending_leaves_as_a_correction_with_its_reason(two: Pair) -> None:
    first = validated(two.here, lines=[tally(1000), hit(START + timedelta(hours=1))])
    two.share()
    two.deliver()
    lines = [tally(900) | {"id": str(_lines(two.here, first)[0])}, _hit(two.here, first)]
    again = form(two.here, SITE, lines=lines, supersedes_id=str(first.id), correction_reason="count_revised")
    made = send(two.here, again | {"report_id": str(first.report_id)}, by="chaima", at=NOW)
    assert [each.change for each in two.preview().rows] == [Change.SAME], "until it is validated anew"
    for name in ("boubacar", "cheikh"):
        does(two.here, name, verification.verify, made.id, at=NOW)
    [row] = two.preview().rows
    assert row.change is Change.CORRECTED
    with pytest.raises(RuleBroken, match="A correction needs its reason") as refusal:
        two.share()
    assert refusal.value.flaws[0].field == "correction_reason"
    assert two.share(correction_reason="count_revised") == 1
    two.deliver()
    newest, *_older = sorted(at_centre(two), key=lambda each: -each.version)
    assert (newest.version, newest.correction_reason) == (2, "count_revised")
    assert [each.accepted for each in two.sent()] == [True, True]
    assert sums(two.there, level=1) == sums(two.here)


def _lines(scene: Running, report: reports.Report) -> list[UUID]:
    with scene.store.reading(System()) as session:
        return [line.id for line in reports.lines_of(session, report.id)]


def _hit(scene: Running, report: reports.Report) -> dict[str, Any]:
    with scene.store.reading(System()) as session:
        return dict(next(line.attributes for line in reports.lines_of(session, report.id) if line.kind == "hit"))


def test_a_day_of_which_nothing_is_left_is_withdrawn_and_comes_in_anew_later(two: Pair) -> None:
    report = validated(two.here)
    two.share()
    two.deliver()
    does(two.here, "chaima", reports.withdraw, report.id, "It was counted twice.", at=NOW)
    [row] = two.preview().rows
    assert (row.change, row.sum.site_name) == (Change.WITHDRAWN, SITE)
    two.share()
    two.loses = True
    two.deliver()
    two.loses = False
    assert two.deliver(NOW + timedelta(minutes=1)) == 1, "it was withdrawn already: the answer was lost"
    assert [each.accepted for each in two.sent()] == [True, True]
    assert [each.state for each in at_centre(two)] == ["withdrawn"]
    assert two.preview().rows == []
    validated(two.here, lines=[tally(3)])
    assert [each.change for each in two.preview().rows] == [Change.NEW]
    two.share()
    two.deliver()
    assert sums(two.there, level=1) == sums(two.here)


def test_what_was_withdrawn_at_the_centre_is_not_corrected_but_sent_anew(two: Pair) -> None:
    validated(two.here)
    two.share()
    two.deliver()
    does(two.there, "chaima", reports.withdraw, at_centre(two)[0].id, "Not ours.", at=NOW)
    validated(two.here, lines=[tally(7)])
    two.share(correction_reason="count_revised")
    refused(two, "This report is no longer valid. Send a new one.")
    assert [each.change for each in two.preview().rows] == [Change.NEW]
    two.share()
    two.deliver()
    assert sums(two.there, level=1) == sums(two.here)


# ------------------------------------------------------------------------------------ corrected at the centre


def corrected_there(two: Pair, count: int = 950) -> reports.Report:
    """What the country sent, and somebody of it corrected at the centre by hand."""
    if not two.sent():
        validated(two.here, lines=[tally(1000)])
        two.share()
        two.deliver()
    newest = max(at_centre(two), key=lambda each: each.version)
    lines = [tally(count) | {"id": str(_lines(two.there, newest)[0])}]
    again = form(two.there, SITE, lines=lines, supersedes_id=str(newest.id), correction_reason="count_revised")
    return send(two.there, again | {"report_id": str(newest.report_id)}, by="chaima", at=NOW)


def newest_there(two: Pair) -> tuple[int, int]:
    """The version that stands at the centre, and its count."""
    found = max(at_centre(two), key=lambda each: each.version)
    with two.there.store.reading(System()) as session:
        return found.version, reports.lines_of(session, found.id)[0].attributes["count"]


@pytest.mark.both_storages
def test_a_correction_by_hand_at_the_centre_is_a_conflict_that_the_country_decides(two: Pair) -> None:
    """The refusal says which version stands there; the own figures replace it when the country says so, not before."""
    made = corrected_there(two)
    validated(two.here, lines=[tally(7, entity_type="person")])
    two.share(correction_reason="count_revised")
    refused(two, "Somebody corrected this report while you were writing")
    [found] = reads(two.here, "chaima", centre_conflicts.conflicts, two.connection)
    assert found.there
    assert (found.there.id, found.there.version, found.there.correction_reason) == (made.id, 2, "count_revised")
    assert [line["count"] for line in found.there.lines or []] == [950]
    [row] = two.preview().rows
    assert (row.change, two.share(correction_reason="count_revised")) == (Change.CONFLICT, 0), (
        "nothing replaces it unseen"
    )
    for name in ("bruno", "moussa", "ana"):
        with pytest.raises((NotFound, NotPermitted)):
            does(two.here, name, centre_conflicts.replace_there, found.id)

    two.settle(centre_conflicts.replace_there)
    assert does(two.here, "chaima", centre_conflicts.replace_there, found.id, at=NOW).settlement == "ours"
    with pytest.raises(Conflict, match="This was decided already"):
        does(two.here, "chaima", centre_conflicts.leave_there, found.id, at=NOW)
    assert [each.change for each in two.preview().rows] == [Change.CORRECTED]
    two.share(correction_reason="count_revised")
    two.deliver()
    assert two.sent()[-1].accepted
    assert sums(two.there, level=1) == sums(two.here)
    assert [each.change for each in two.preview().rows] == [Change.SAME]


def test_what_was_corrected_at_the_centre_may_stand_until_the_own_figures_change(two: Pair) -> None:
    corrected_there(two)
    two.deliver(NOW + timedelta(hours=1))  # it is told within the hour, though nothing was sent since
    assert [each.change for each in two.preview().rows] == [Change.CONFLICT]
    with two.here.store.reading(two.here["chaima"]) as session:
        told = [each.message.about for each in inbox.messages(session, two.here["chaima"])]
    assert [about["template"] for about in told if about and "decide which stand" in about["template"]] != []
    two.settle(centre_conflicts.leave_there)
    assert [each.change for each in two.preview().rows] == [Change.SAME]
    two.deliver(NOW + timedelta(hours=2))
    assert [each.change for each in two.preview().rows] == [Change.SAME], "it is asked about once"
    assert newest_there(two) == (2, 950)
    validated(two.here, lines=[tally(7, entity_type="person")])
    assert [each.change for each in two.preview().rows] == [Change.CORRECTED]
    two.share(correction_reason="count_revised")
    two.deliver(NOW + timedelta(hours=2))
    assert sums(two.there, level=1) == sums(two.here)
    corrected_there(two, 8)
    two.deliver(NOW + timedelta(hours=4))
    assert [each.change for each in two.preview().rows] == [Change.CONFLICT], "of another correction anew"


def test_a_conflict_about_figures_that_are_withdrawn_here(two: Pair) -> None:
    """What stands there may stay; or the country's coordinator withdraws it there, as the refusal says."""
    corrected_there(two)
    [report] = [each for each in reads(two.here, "chaima", reports.newest, two.here.operation, at=NOW) if each.counted]
    does(two.here, "chaima", reports.withdraw, report.id, "Counted twice.", at=NOW)
    two.share()
    refused(two, "This report is no longer valid")
    two.settle(centre_conflicts.replace_there)
    assert [each.change for each in two.preview().rows] == [Change.WITHDRAWN]
    two.share()
    refused(two, "Only the author of a report or the national coordinator can withdraw it")
    does(
        two.there,
        "chaima",
        reports.withdraw,
        max(at_centre(two), key=lambda each: each.version).id,
        "So it is.",
        at=NOW,
    )
    two.share()
    two.deliver()
    assert (two.sent()[-1].accepted, two.preview().rows) == (True, [])


# ------------------------------------------------------------------------------------------------------ work items


def waits_for(two: Pair, name: str = "chaima", at: datetime = NOW) -> list[str]:
    """What a person's list of work says of figures for a centre."""
    with two.here.store.reading(two.here[name]) as session:
        found = worklist_entries.waiting(session, two.here[name], at)
    these = [each for each in found if each.noun == "figures for a centre"]
    assert {(each.operation, each.address) for each in these} <= {
        (two.here.operation, f"/centre?show={two.connection}")
    }
    return [f"{each.button}: {each.sentence}" for each in these]


@pytest.mark.both_storages
def test_what_was_corrected_at_the_centre_waits_until_the_country_decided(two: Pair) -> None:
    corrected_there(two)
    assert waits_for(two) == []
    two.deliver(NOW + timedelta(hours=1))
    said = "Decide: Reports of Tera that somebody corrected at centre.example: 1. Decide which stand."
    assert waits_for(two) == [said]
    assert [waits_for(two, name) for name in ("bruno", "moussa", "ana")] == [[], [], []]
    two.settle(centre_conflicts.leave_there)
    assert waits_for(two) == []


@pytest.mark.both_storages
def test_what_the_centre_refused_waits_until_it_is_sent_again_or_is_gone(two: Pair) -> None:
    validated(two.here, lines=[tally(10), hit(START + timedelta(hours=1))])
    validated(two.here, day=1)
    two.share()
    assert waits_for(two) == []
    two.deliver()
    said = "See why: Reports of Tera that centre.example refused: 1. See why, and send them again."
    assert waits_for(two) == [said]
    two.share(confirmed=True)
    assert waits_for(two) == [], "it is on its way"
    two.deliver()
    assert waits_for(two) == []

    first = validated(two.here, "Agadez", lines=[tally(10), hit(START + timedelta(hours=1))])
    two.share()
    two.deliver()
    assert waits_for(two) == [said.replace("Tera", "Agadez")]
    does(two.here, "chaima", reports.withdraw, first.id, "Counted twice.", at=NOW)
    assert waits_for(two) == [], "nothing is left of it here"


# ---------------------------------------------------------------------------------------------------- signatures


def test_what_is_not_signed_or_signed_by_another_key_is_refused_with_a_sentence(two: Pair) -> None:
    validated(two.here)
    for value, words in (
        ("", "This token takes only what another Muster has signed"),
        ("AAAA", "The signature does not fit the key"),
        ("no base64!", "The signature does not fit the key"),
        (evidence.signature_of(b"other"), "The signature does not fit the key"),
    ):
        two.changed = {evidence.SIGNATURE: value}
        two.share()
        refused(two, words)
    assert at_centre(two) == []
    two.changed = {}
    two.share()
    two.deliver()
    assert len(at_centre(two)) == 1


def test_a_token_of_another_key_takes_nothing_from_this_muster(scene: Running, twin: Running) -> None:
    """The key is that of the installation: another one signs otherwise."""
    here = evidence.public_key()
    installation_key.use(lambda: OTHER.encode())
    try:
        other = evidence.public_key()
    finally:
        installation_key.use(lambda: b"k" * 32)
    assert evidence.public_key() == here != other
    two = pair(replace(scene, sites={**scene.sites}), replace(twin, sites={**twin.sites}), key=other)
    two.deliver()
    validated(two.here)
    two.share()
    refused(two, evidence.key_fingerprint(other))


def test_what_is_signed_for_one_address_is_not_taken_at_another(two: Pair) -> None:
    body = b"{}"
    key = evidence.public_key()
    signature = evidence.signature_of(evidence.message("POST", "/api/v1/reports", body))
    evidence.refuse_unsigned(evidence.message("POST", "/api/v1/reports", body), signature, key)
    for method, path in (("PUT", "/api/v1/reports"), ("POST", "/api/v1/teams")):
        with pytest.raises(RuleBroken, match="The signature does not fit the key"):
            evidence.refuse_unsigned(evidence.message(method, path, body), signature, key)


def test_a_token_with_a_key_is_made_by_who_sends_reports(scene: Running) -> None:
    key = evidence.public_key()
    for name in ("bruno", "boubacar"):
        assert token(scene, name, sender_key=key).token.sender_key == key
    with pytest.raises(RuleBroken, match="An officer or a team leader makes this token"):
        token(scene, "chaima", sender_key=key)
    with pytest.raises(RuleBroken):
        token(scene, "bruno", sender_key="not a key")


# ------------------------------------------------------------------------------------------------------- the way


def test_without_an_answer_everything_waits_in_order_and_comes_in_once(two: Pair) -> None:
    for number in range(3):
        validated(two.here, day=number if number < 2 else 0, site=SITE if number < 2 else "Agadez")
    with clock.at(NOW):
        assert two.share() == 3
    two.fails = "ConnectionRefusedError"
    assert two.deliver() == 0
    assert two.deliver() == 0, "not before it is due"
    assert (two.state().failure, two.state().attempt) == ("ConnectionRefusedError", 1)
    two.fails, two.loses = "", True
    assert two.deliver(NOW + timedelta(minutes=1)) == 0
    two.loses = False
    assert two.deliver(NOW + timedelta(minutes=2)) == 3
    ids = [json.loads(body)["id"] for method, _address, body in two.came if method == "POST"]
    assert ids == [ids[0], *(str(each.id) for each in two.sent())], "in order, the first again under its id"
    with two.there.store.reading(System()) as session:
        assert len(session.exec(select(reports.Report)).all()) == 3
    assert (two.state().failure, two.state().attempt) == ("", 0)


def test_a_refusal_is_the_sentence_of_the_centre_and_holds_up_nothing(two: Pair) -> None:
    """An unlikely figure is asked about, and leaves again once it was checked."""
    validated(two.here, lines=[tally(10), hit(START + timedelta(hours=1))])
    validated(two.here, day=1)
    two.share()
    assert two.deliver() == 2
    first, second = two.sent()
    assert "Are both figures right?" in first.refusal
    assert second.accepted
    with two.here.store.reading(two.here["chaima"]) as session:
        [told] = [
            each.message
            for each in inbox.messages(session, two.here["chaima"])
            if each.message.kind == MessageKind.CENTRE_UNREACHED
        ]
    assert told.link == f"/centre?show={two.connection}"
    assert two.share(confirmed=True) == 1
    two.deliver()
    assert [each.accepted for each in two.sent()] == [False, True, True]


def test_a_code_that_the_centre_does_not_know_is_refused_in_its_words(two: Pair) -> None:
    validated(two.here)
    two.share()
    with two.here.store.unit_of_work(System()) as session:
        [waits] = session.exec(select(CentreReport)).all()
        key = waits.id
    seen = {}

    def call(method: str, address: str, headers: Any, body: bytes = b"") -> centre_delivery.CentreAnswer:
        content = json.loads(body)
        content["lines"][0]["database"] = "of_tomorrow"
        changed = json.dumps(content).encode()
        signed = evidence.message(method, address.removeprefix(CENTRE), changed)
        seen["id"] = content["id"]
        return two.call(method, address, {**headers, evidence.SIGNATURE: evidence.signature_of(signed)}, changed)

    centre_delivery.deliver(two.here.store, two.connection, call, NOW)
    assert seen["id"] == str(key)
    assert "This is not one of the choices" in two.sent()[0].refusal


def test_an_ended_token_holds_everything_back_until_there_is_a_new_one(two: Pair) -> None:
    validated(two.here)
    two.share()
    two.changed = {"Authorization": "Bearer muster_" + "z" * 43}
    for minutes in (0, 1, 70, 80):
        two.deliver(NOW + timedelta(minutes=minutes))
    assert (two.state().failure, two.sent()[0].answered_at) == (centre_delivery.ENDED_TOKEN, None)
    with two.here.store.reading(two.here["chaima"]) as session:
        told = [each.message.about for each in inbox.messages(session, two.here["chaima"])]
    assert [about["template"] for about in told if about and "token has ended" in about["template"]] == [
        centre_delivery._SILENT
    ], "once"
    two.changed = {}
    known = token(two.there, "boubacar", sender_key=evidence.public_key()).key
    does(two.here, "chaima", centres.renew, two.connection, parse(centres.TokenRenewal, {"token": known}), at=NOW)
    assert two.deliver(NOW + timedelta(minutes=90)) == 1
    assert two.sent()[0].accepted


def test_what_answers_and_is_no_muster_is_no_answer(two: Pair) -> None:
    validated(two.here)
    two.share()
    for status, kind, content in (
        (200, "text/html", b"<p>"),
        (404, "text/html", b"Not here"),
        (302, "", b""),
        (200, "application/json", b'{"id": 1}'),
    ):
        answer = centre_delivery.CentreAnswer(status, kind, content)
        later = NOW + timedelta(hours=3)
        centre_delivery.deliver(two.here.store, two.connection, lambda *_asked, answer=answer: answer, later)
        assert (two.state().failure != "", two.sent()[0].answered_at) == (True, None), status
    assert two.preview().rows[0].change is Change.WAITS


# ------------------------------------------------------------------------------------------------- who, and where


@pytest.mark.parametrize(
    "address",
    [
        "http://centre.example/operations/{of}",
        "https://centre.example/",
        "https://me:word@centre.example/operations/{of}/overview",
        "https:///operations/{of}",
        "https://centre.example/operations/{nowhere}",
    ],
)
def test_an_address_is_that_of_an_operation_at_a_centre(scene: Running, address: str) -> None:
    said = address.format(of=scene.operation, nowhere="-" * 36)
    with pytest.raises(
        RuleBroken, match=r"Give the address of the operation|This address names no operation|looks like"
    ) as no:
        does(scene, "chaima", centres.connect, connection_draft(scene, address=said))
    assert no.value.flaws[0].field == "address"


def test_a_token_that_is_none_is_refused_and_a_token_is_nowhere_to_be_read(scene: Running) -> None:
    with pytest.raises(RuleBroken):
        connection_draft(scene, token="whsec_of_a_webhook")
    draft = connection_draft(scene)
    made = does(scene, "chaima", centres.connect, draft)
    assert draft.token not in repr(draft) + repr(made)
    with scene.store.reading(System()) as session:
        kept = [str(each.detail) for each in session.exec(select(journal.Entry)).all()]
    assert draft.token not in "".join(kept)


@pytest.mark.both_storages
def test_an_operation_is_connected_once_by_its_coordinator_and_again_after_the_end(scene: Running) -> None:
    draft = connection_draft(scene)
    for name in ("bruno", "ana", "otto", "ada"):
        with pytest.raises((NotFound, NotPermitted)):
            does(scene, name, centres.connect, draft)
    made = does(scene, "chaima", centres.connect, draft)
    assert does(scene, "chaima", centres.connect, draft).id == made.id
    other = draft.model_copy(update={"address": f"https://other.example/operations/{scene.operation}"})
    with pytest.raises(Conflict, match="This connection was already made with other content"):
        does(scene, "chaima", centres.connect, other)
    with pytest.raises(RuleBroken, match="This operation is connected already"):
        does(scene, "chaima", centres.connect, connection_draft(scene))
    with pytest.raises(Taken):
        put(scene, CentreConnection(**{**made.model_dump(), "id": new_id()}))
    for name in ("moussa", "bruno", "ana"):
        assert reads(scene, name, centres.connections) == []
        with pytest.raises((NotFound, NotPermitted)):
            does(scene, name, centres.end, made.id)
    ended = does(scene, "chaima", centres.end, made.id)
    assert (ended.ended_at is not None, ended.token_seal) == (True, "")
    assert does(scene, "chaima", centres.end, made.id).ended_at == ended.ended_at
    with pytest.raises(Conflict, match="This connection has ended"):
        does(scene, "chaima", centres.renew, made.id, centres.TokenRenewal(token=draft.token))
    assert centre_delivery.due(scene.store, NOW) == []
    assert does(scene, "chaima", centres.connect, connection_draft(scene)).id != made.id


def test_a_period_is_in_order_and_short_and_the_centre_was_heard(scene: Running) -> None:
    made = does(scene, "chaima", centres.connect, connection_draft(scene))

    def shown(first: int, last: int) -> Any:
        days = centres.PeriodDraft(first=day(first), last=day(last))
        return reads(scene, "chaima", centres.preview, made.id, days, scene["chaima"])

    with pytest.raises(RuleBroken, match="The centre has not answered yet"):
        shown(0, 1)
    with scene.store.unit_of_work(System()) as session:
        found = session.get_one(type(made), made.id)
        phase = {"id": str(new_id()), "kind": "operational", "name": "One", "starts": START, "ends": NOW}
        there = CentrePlan(
            id=scene.operation,
            title="There",
            zone="UTC",
            day_cut="00:00",
            phases=[phase],
            sites=[],  # type: ignore[arg-type, list-item]
        )
        found.plan = there.model_dump(mode="json")
        session.add(found)
        assert centres.usual_period(found) == (day(0), day(2))
    with pytest.raises(RuleBroken, match="The last day is before the first"):
        shown(1, 0)
    with pytest.raises(RuleBroken, match="Choose 92 days at most"):
        shown(0, 92)
    assert shown(0, 91).rows == []


def test_who_sends_has_proven_who_they_are(two: Pair) -> None:
    validated(two.here)
    shown = two.preview()
    stale = replace(two.here["chaima"], sign_in_id=new_id(), proven_at=NOW - timedelta(hours=1))
    draft = centres.SharingDraft(first=shown.first, last=shown.last, seen=shown.seen)
    with pytest.raises(ProofNeeded), two.here.store.unit_of_work(two.here["chaima"]) as session:
        centres.send(session, two.connection, draft, stale)


def test_a_plan_of_a_centre_is_small(two: Pair) -> None:
    plan = two.state().plan or {}
    with pytest.raises(ValidationError):
        CentrePlan.model_validate(plan | {"title": "x" * 201})
