"""Serious incidents: story 6.10 line by line, who may do what at every door, conflicts of interest, both storages."""

from datetime import timedelta
from typing import Any
from uuid import uuid5

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from operations.core import access_trail, clock, journal, pulse
from operations.core.errors import Conflict, MusterError, NotFound, RuleBroken
from operations.core.journal import AccessEntry, Chain, Entry
from operations.core.people import Account, System
from operations.core.store import unscoped
from operations.core.vocabulary import MessageKind, Role
from operations.incidents import consultations, drafts, incidents
from operations.incidents.rows import (
    LIFE,
    IncidentApart,
    IncidentGrant,
    IncidentState,
    IncidentVersion,
    SeriousIncident,
)
from operations.notices import inbox
from operations.policing.operation import plan
from operations.timetable import access_alerts, worklist_messages
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from operations.totals.activity import DepartureChoice
from operations.worklist_entries import waiting
from tests import incidents as made_by
from tests.incidents import AT, SECRET, WAY, brought, draft, fred, grant, hired, opens, reported, step, version
from tests.makers import Running
from tests.people import CAST, HOUSE
from tests.programme import does, reads

BLIND = ("boubacar", "chaima", "moussa", "marie", "mateo", "binta", "ana", "dov", "ada")
"""Team leaders, coordinators, colleagues, the centre, the administrator: nobody of them knows anything."""


def everything(session: Any) -> list[Any]:
    """All that a session shows of incidents."""
    tables = (SeriousIncident, IncidentVersion, IncidentApart, IncidentGrant)
    rows = [row for table in tables for row in session.exec(select(table))]
    entries = session.exec(select(Entry).where(Entry.object_kind == "serious_incident")).all()
    return [*rows, *entries, *session.exec(select(AccessEntry).where(AccessEntry.object_kind == "serious_incident"))]


def numbers(scene: Running, name: str) -> int:
    return reads(scene, name, lambda session: pulse.number(pulse.counts_of(session, scene[name])))


def leave(scene: Running, kept: DepartureChoice, by: str = "chaima") -> None:
    does(scene, by, plan.withdraw, scene.operation, plan.Leaving(figures=kept), at=AT)


def told(scene: Running, name: str) -> list[Any]:
    return [each.message for each in reads(scene, name, inbox.messages, scene[name])]


def waits_of(scene: Running, name: str, at: Any = AT) -> list[Any]:
    with clock.at(at):
        found = reads(scene, name, waiting, scene[name], at, at=at)
    return [each for each in found if each.noun == "serious incident"]


def ticks(scene: Running, at: Any, jobs: Any) -> None:
    keeper = Timetable(scene.store, LeaseCandidate("test"))
    with clock.at(at):
        keeper.beat()
        keeper.tick(jobs)


def test_story_6_10(scene: Running) -> None:
    hired(scene, "fred")
    before = {name: numbers(scene, name) for name in BLIND}
    made = reported(scene)

    # NO sees status only.
    assert reads(scene, "bruno", incidents.own_reports, scene["bruno"])[0].state == "received"
    assert reads(scene, "bruno", incidents.handled_incidents, scene["bruno"]) == []
    with pytest.raises(NotFound):
        opens(scene, "bruno", made)
    assert [type(each) for each in reads(scene, "bruno", everything)] == [SeriousIncident]

    # The first position is immutable, later ones stand beside it with their author.
    brought(scene, made, "threshold_check")
    does(scene, "frida", incidents.write, made.id, version("position"), at=AT)
    does(scene, "bruno", incidents.write, made.id, version("position", lat=13.2), at=AT)
    file = opens(scene, "frida", made)
    assert [(each.about, each.content.get("lat"), each.author_name) for each in file.versions] == [
        ("report", 13.25, "Bruno Issoufou"),
        ("position", 13.1, "Frida Amadi"),
        ("position", 13.2, "Bruno Issoufou"),
    ]

    # TL and NC concerned see nothing: no row, entry, access, number or wait.
    for name in BLIND:
        assert reads(scene, name, everything) == [], name
        assert numbers(scene, name) == before[name], name
        assert waits_of(scene, name) == [], name
        with pytest.raises(NotFound):
            opens(scene, name, made)

    # AU lists four consultations with reasons, and one alert.
    does(scene, "frida", incidents.grant, made.id, grant(), at=AT)
    opens(scene, "frida", made)
    opens(scene, "otto", made, "audit")
    scene.members["fred"] = scene["frida"].__class__(
        **{**vars(scene["frida"]), "account_id": uuid5(HOUSE, "fred"), "name": "Fred"}
    )
    opens(scene, "fred", made, "advise")
    log = reads(scene, "otto", consultations.log, made.id, scene["otto"])
    assert [each.detail["reason"] for each in log.accesses] == ["advise", "audit", "handle", "handle"]
    listed = reads(
        scene,
        "otto",
        access_trail.read,
        scene["otto"],
        access_trail.TrailFilter(kind=access_trail.AccessKind.CONSULTATION),
    )
    assert [each.who.name for each in listed] == ["Fred", "Otto Brandt", "Frida Amadi", "Frida Amadi"]
    ticks(scene, AT + timedelta(hours=1), access_alerts.JOBS)
    [alert] = [each for each in told(scene, "otto") if "access" in each.kind]
    assert (alert.kind, alert.number) == (MessageKind.ACCESS_OUTSIDE, 1)

    # The country leaves and has its data erased: the log proves it, and holds no content.
    leave(scene, DepartureChoice.ERASED)
    file = opens(scene, "frida", made)
    assert (file.versions, file.hidden) == ([], consultations.ERASED)
    entries = reads(scene, "otto", consultations.log, made.id, scene["otto"]).entries
    assert (entries[0].act, entries[0].actor_name, entries[0].detail) == (
        "incident.erase",
        "Chaima Abdou",
        {"versions": 3},
    )
    assert held(scene) == []
    for chain in Chain:
        assert reads(scene, "system", journal.verify, chain).broken_at is None
    for name in set(BLIND) - {"chaima"}:
        assert reads(scene, name, everything) == [], name


def held(scene: Running) -> list[str]:
    """Every table in which a word of the report, its position or a reason stands."""

    def look(session: Any) -> list[str]:
        found, connection = [], session.connection()
        tables = sa.inspect(connection).get_table_names()
        for name in tables:
            rows = str(connection.execute(sa.text(f"SELECT * FROM {name}")).all())  # noqa: S608 - names of tables
            if SECRET in rows or "13.25" in rows or "Yearly audit" in rows or "log of the boat" in rows:
                found.append(name)
        return found

    return reads(scene, "system", look)


def test_the_content_stands_in_the_versions_alone(scene: Running) -> None:
    """Else the erasure would prove nothing."""
    reported(scene)
    assert held(scene) == ["incident_version"]


@pytest.mark.parametrize("kept", [DepartureChoice.SHOWN, DepartureChoice.TOTALS])
def test_a_country_that_leaves_keeps_it_or_hides_the_content_and_stays_in_the_count(
    scene: Running, kept: DepartureChoice
) -> None:
    made = reported(scene)
    brought(scene, made, "threshold_check")
    leave(scene, kept)
    file = opens(scene, "frida", made)
    assert (len(file.versions), file.hidden) == (
        (1, "") if kept is DepartureChoice.SHOWN else (0, consultations.RESTRICTED)
    )
    assert consultations.sums([file.incident], AT).number == 1


def test_a_restriction_hides_content_and_never_existence(scene: Running) -> None:
    empty = reads(scene, "chaima", everything)
    does(scene, "chaima", consultations.restrict, scene.operation, "Under judicial seal.", at=AT)
    made = reported(scene)
    brought(scene, made, "threshold_check")
    assert opens(scene, "frida", made).hidden == consultations.RESTRICTED
    does(scene, "frida", incidents.grant, made.id, grant(), at=AT)
    assert opens(scene, "otto", made, "audit")[1:] == ([], consultations.RESTRICTED)
    assert reads(scene, "otto", incidents.handled_incidents, scene["otto"])
    assert reads(scene, "chaima", everything) == empty
    for name in ("moussa", "ana", "bruno", "frida", "otto"):
        with pytest.raises(NotFound):
            does(scene, name, consultations.lift, scene.operation, at=AT)
    does(scene, "chaima", consultations.lift, scene.operation, at=AT)
    assert len(opens(scene, "frida", made).versions) == 1


def test_through_its_life_with_what_each_step_needs(scene: Running) -> None:
    made = reported(scene)
    brought(scene, made, "threshold_check", "initial", "fact_finding")
    with pytest.raises(RuleBroken, match="assessment"):
        does(scene, "frida", step(made.id, "formal"), at=AT)
    brought(scene, made, "formal")
    with pytest.raises(RuleBroken, match="outcome"):
        does(scene, "frida", step(made.id, "final"), at=AT)
    assert reads(scene, "lena", everything) == []
    brought(scene, made, "final")
    assert [each.about for each in opens(scene, "lena", made, "decide").versions] == ["assessment", "outcome"]
    assert brought(scene, made, "closed").state == "closed"
    assert waits_of(scene, "frida") == []


def test_not_launching_has_its_reason(scene: Running) -> None:
    made = reported(scene)
    brought(scene, made, "threshold_check")
    with pytest.raises(RuleBroken, match="Give the reason"):
        does(scene, "frida", step(made.id, "not_launched", " "), at=AT)
    does(scene, "frida", step(made.id, "not_launched", "Below the threshold."), at=AT)
    last = opens(scene, "frida", made).versions[-1]
    assert last.content == {"words": "Below the threshold.", "state": "not_launched"}


def test_nobody_but_the_handler_moves_it_at_any_door(scene: Running) -> None:
    made = reported(scene)
    others = sorted(set(CAST) - {"frida"})
    for state in ("received", *WAY[:-1]):
        if state != "received":
            brought(scene, made, state)
        for name in others:
            for to in IncidentState:
                with pytest.raises(MusterError if name in ("otto", "lena") else NotFound):
                    does(scene, name, step(made.id, to.value, "So it is."), at=AT)
                assert reads(scene, "frida", incidents.known, made.id, scene["frida"]).state == state, name
    someone = uuid5(HOUSE, "otto")
    for verb, given in (
        (incidents.write, version("outcome")),
        (incidents.grant, grant()),
        (incidents.hand_over, drafts.HandOverDraft(handler=someone, reason="So it is.")),
    ):
        for name in others:
            with pytest.raises(NotFound):
                does(scene, name, verb, made.id, given, at=AT)


@pytest.mark.parametrize("name", ["lena", "otto", "frida", "ada"])
def test_only_who_works_for_an_operation_reports(scene: Running, name: str) -> None:
    with pytest.raises(NotFound):
        reported(scene, name)


@pytest.mark.parametrize("name", ["bruno", "boubacar", "chaima", "dov", "ana", "mateo"])
def test_whoever_works_for_it_does(scene: Running, name: str) -> None:
    assert reported(scene, name).author_id == scene[name].account_id


def test_a_person_with_a_part_in_it_never_handles_or_reads_it_whatever_the_role(scene: Running) -> None:
    """Complained about, commanding, verifying there, reporting: the account may become one of those who read."""
    made = reported(scene, concerned=[uuid5(HOUSE, "binta")])
    hired(scene, "fred")
    for name in ("binta", "boubacar", "chaima", "ana", "dov"):
        for role in (Role.RIGHTS_OFFICER, Role.AUDITOR, Role.LEADERSHIP):
            changed = vars(scene[name]) | {"role": role, "country": None, "operations": frozenset()}
            scene.members[name] = scene[name].__class__(**changed)
            assert reads(scene, name, everything) == [], (name, role)
            with pytest.raises(NotFound):
                opens(scene, name, made)
    made = brought(scene, made, "threshold_check")
    with scene.store.unit_of_work(System()) as session:  # as if they had been given the role since
        for name in ("binta", "ana", "bruno"):
            session.get_one(Account, uuid5(HOUSE, name)).role = Role.RIGHTS_OFFICER.value
    assert [each.username for each in reads(scene, "frida", incidents.handlers, made)] == ["fred"]
    for name in ("binta", "ana", "bruno", "boubacar", "otto"):
        to = drafts.HandOverDraft(handler=uuid5(HOUSE, name), reason="On leave.")
        with pytest.raises(RuleBroken, match="is involved in"):
            does(scene, "frida", incidents.hand_over, made.id, to, at=AT)
    to = drafts.HandOverDraft(handler=uuid5(HOUSE, "fred"), reason="On leave.")
    assert does(scene, "frida", incidents.hand_over, made.id, to, at=AT).handler_name == "Fred"


def test_an_auditor_with_a_part_in_it_does_not_see_who_opened_it(scene: Running) -> None:
    made = reported(scene, concerned=[uuid5(HOUSE, "binta")])
    opens(scene, "frida", made)
    changed = vars(scene["binta"]) | {"role": Role.AUDITOR, "country": None}
    scene.members["binta"] = scene["binta"].__class__(**changed)
    assert [each.entry.act for each in reads(scene, "binta", access_trail.read, scene["binta"])] == []
    assert len(reads(scene, "otto", access_trail.read, scene["otto"])) == 1


def test_the_normal_channel_keeps_the_coordination_free_to_be_asked_the_exceptional_one_does_not(
    scene: Running,
) -> None:
    normal, other = reported(scene, channel="normal"), reported(scene)
    for made, told in ((normal, True), (other, False)):
        brought(scene, made, "threshold_check")
        names = [each.username for each in reads(scene, "frida", incidents.readers, made)]
        assert ("ana" in names) is told
        assert "chaima" not in names
        assert {"moussa", "otto"} <= set(names)
    to = grant(account_id=uuid5(HOUSE, "ana"))
    does(scene, "frida", incidents.grant, normal.id, to, at=AT)
    assert opens(scene, "ana", normal, "advise").versions
    with pytest.raises(RuleBroken, match="is involved in"):
        does(scene, "frida", incidents.grant, other.id, grant(account_id=uuid5(HOUSE, "ana")), at=AT)


def test_content_is_read_on_a_grant_and_no_longer(scene: Running) -> None:
    made = reported(scene)
    brought(scene, made, "threshold_check")
    with pytest.raises(RuleBroken, match="You can read the subject and the log"):
        opens(scene, "otto", made, "audit")
    does(scene, "frida", incidents.grant, made.id, grant(days=2), at=AT)
    assert opens(scene, "otto", made, "audit", at=AT + timedelta(hours=47)).versions
    with pytest.raises(RuleBroken, match="You can read the subject and the log"):
        opens(scene, "otto", made, "audit", at=AT + timedelta(hours=48))
    with pytest.raises(RuleBroken, match="Say why"):
        opens(scene, "frida", made, "curiosity")


def test_bad_input_is_a_sentence_and_the_same_again_the_same(scene: Running) -> None:
    for changes, words in (
        ({"facts": "The boy Musa Ba, born 12.03.2011, said so."}, "personal data"),
        ({"lon": None}, "both latitude and longitude"),
        ({"detected_at": AT - timedelta(hours=7)}, "before it happened"),
        ({"category": "gossip"}, "gossip is not one of the choices"),
    ):
        with pytest.raises(RuleBroken, match=words):
            draft(scene, **changes)
    with pytest.raises(RuleBroken, match="in the future"):
        reported(scene, detected_at=AT + timedelta(minutes=1))
    for stranger in ("mateo", "bruno"):
        with pytest.raises(RuleBroken, match="Choose officers of the list"):
            reported(scene, concerned=[uuid5(HOUSE, stranger)])
    said = draft(scene)
    first = does(scene, "bruno", incidents.report, said, at=AT)
    assert does(scene, "bruno", incidents.report, said, at=AT).id == first.id
    with pytest.raises(Conflict):
        does(scene, "bruno", incidents.report, said.model_copy(update={"place": "Elsewhere"}), at=AT)
    with pytest.raises(MusterError):
        does(scene, "mateo", incidents.report, said.model_copy(update={"place": "Elsewhere"}), at=AT)
    later = version()
    for _again in range(2):
        does(scene, "bruno", incidents.write, first.id, later, at=AT)
    assert len(opens(scene, "frida", first).versions) == 2
    with pytest.raises(RuleBroken, match="Give the correct position"):
        version("position", lat=None, lon=None)


def test_it_waits_for_its_handler_alone_and_is_told_again_when_late(scene: Running) -> None:
    hired(scene, "fred")
    made = reported(scene)
    [waits] = waits_of(scene, "frida")
    assert waits.until == AT + timedelta(hours=24)
    assert made.reference in str(waits.sentence)
    brought(scene, made, "threshold_check")
    assert len(waits_of(scene, "frida")) == 1
    scene.members["fred"] = scene["frida"].__class__(**{**vars(scene["frida"]), "account_id": uuid5(HOUSE, "fred")})
    assert waits_of(scene, "fred") == []
    ticks(scene, AT + timedelta(days=4), worklist_messages.JOBS)
    for name in CAST:
        assert (MessageKind.WAITS_LATE in [each.kind for each in told(scene, name)]) is (name == "frida"), name


def takes_over(scene: Running, name: str, made: SeriousIncident, handler: Any) -> SeriousIncident:
    said = drafts.TakeOverDraft(reason="The handler is away.")
    found: SeriousIncident = does(scene, name, incidents.take_over, made.id, said, handler, at=AT)
    return found


def test_another_rights_officer_takes_it_over_with_a_reason_and_the_one_before_lets_go(scene: Running) -> None:
    fred(scene)
    made = reported(scene)
    with pytest.raises(NotFound):  # nobody handles it yet: it is simply taken
        takes_over(scene, "fred", made, None)
    made = brought(scene, made, "threshold_check")
    frida = made.handler_id
    with pytest.raises(NotFound):
        takes_over(scene, "frida", made, frida)
    made = takes_over(scene, "fred", made, frida)
    assert (made.handler_name, made.state) == ("Fred", "threshold_check")
    with pytest.raises(Conflict, match="Somebody else is now the handler"):
        takes_over(scene, "frida", made, frida)
    with pytest.raises(NotFound):
        does(scene, "frida", incidents.write, made.id, version("assessment"), at=AT)
    with pytest.raises(NotFound):
        does(scene, "frida", step(made.id, "initial"), at=AT)
    assert {each.key for each in waits_of(scene, "frida")} == set()
    assert len(waits_of(scene, "fred")) == 1
    last = opens(scene, "fred", made).versions[-1]
    assert (last.content["words"], last.author_name) == ("The handler is away.", "Fred")
    assert reads(scene, "otto", consultations.log, made.id, scene["otto"]).entries[0].act == "incident.take_over"
    does(scene, "fred", step(made.id, "not_launched", "Below."), at=AT)
    with pytest.raises(NotFound):
        takes_over(scene, "frida", made, made.handler_id)


def test_nobody_with_a_part_in_it_takes_it_over_whatever_the_role(scene: Running) -> None:
    made = brought(scene, reported(scene, concerned=[uuid5(HOUSE, "binta")]), "threshold_check")
    for name in CAST:
        if name != "frida":
            with pytest.raises((NotFound, RuleBroken)):
                takes_over(scene, name, made, made.handler_id)
    with scene.store.unit_of_work(System()) as session:  # as if they had been given the role since
        for name in ("binta", "ana", "bruno", "boubacar"):
            session.get_one(Account, uuid5(HOUSE, name)).role = Role.RIGHTS_OFFICER.value
    for name in ("binta", "ana", "bruno", "boubacar"):
        changed = vars(scene[name]) | {"role": Role.RIGHTS_OFFICER, "country": None, "operations": frozenset()}
        scene.members[name] = scene[name].__class__(**changed)
        with pytest.raises(NotFound):
            takes_over(scene, name, made, made.handler_id)
    assert opens(scene, "frida", made).incident.handler_name == "Frida Amadi"


def test_its_reporter_adds_facts_sees_what_was_added_and_nothing_else_of_the_file(scene: Running) -> None:
    made = brought(scene, reported(scene), "threshold_check")
    does(scene, "frida", incidents.write, made.id, version("facts", words="The log says otherwise."), at=AT)
    later = AT + timedelta(hours=2)
    added = drafts.AdditionDraft(id=made.id, words="A second boat was there.")
    for _again in range(2):
        does(scene, "bruno", incidents.write, made.id, added, at=later)
    [own] = reads(scene, "bruno", consultations.additions, scene["bruno"])
    assert [(each.content["words"], each.made_at, each.author_name) for each in own.versions] == [
        ("A second boat was there.", later, "Bruno Issoufou")
    ]
    first, *_rest = opens(scene, "frida", made).versions
    assert (first.about, first.content["facts"], first.content["lat"]) == ("report", SECRET, 13.25)
    assert [type(each) for each in reads(scene, "bruno", everything)] == [SeriousIncident]
    for about in ("assessment", "outcome"):
        with pytest.raises(NotFound):
            does(scene, "bruno", incidents.write, made.id, version(about), at=AT)
    for name in (*BLIND, "otto", "lena"):
        with pytest.raises(NotFound):
            does(scene, name, incidents.write, made.id, version(), at=AT)
        assert reads(scene, name, consultations.additions, scene[name]) == []
    does(scene, "chaima", consultations.restrict, scene.operation, "Under seal.", at=AT)
    [hidden] = reads(scene, "bruno", consultations.additions, scene["bruno"])
    assert hidden.hidden == consultations.RESTRICTED
    does(scene, "chaima", consultations.lift, scene.operation, at=AT)
    does(scene, "frida", step(made.id, "not_launched", "Below."), at=AT)
    with pytest.raises(NotFound):
        does(scene, "bruno", incidents.write, made.id, version(), at=AT)


def test_the_database_itself_changes_nothing_that_was_written(scene: Running) -> None:
    made = reported(scene)
    for statement in (
        "UPDATE incident_version SET content = '{\"lat\": 1}'",
        "UPDATE incident_version SET author_name = 'x'",
        "DELETE FROM incident_version",
        "UPDATE serious_incident SET concerns = 'MLI'",
        "DELETE FROM incident_apart",
        "UPDATE serious_incident SET state = 'forgotten'",
        "UPDATE serious_incident SET state = 'closed'",
    ):
        with pytest.raises(DBAPIError), scene.store.unit_of_work(System()) as session:
            session.connection().execute(sa.text(statement))
    assert opens(scene, "frida", made).versions[0].content["lat"] == 13.25


def test_row_security_shows_it_to_nobody_whom_the_store_forgets(scene: Running) -> None:
    made = reported(scene)
    brought(scene, made, "threshold_check")

    def bare(session: Any) -> int:
        return len(session.exec(unscoped(select(SeriousIncident.id))).all()) + len(
            session.exec(unscoped(select(IncidentVersion.id))).all()
        )

    if scene.store.engine.dialect.name == "postgresql":
        for name in BLIND:
            assert reads(scene, name, bare) == 0, name
    assert reads(scene, "frida", bare) == 2


def test_every_state_is_reached_by_the_handler(scene: Running) -> None:
    assert {each.act for each in LIFE.steps} == {incidents.Act.INCIDENT_HANDLE}
    assert tuple(state.value for state in IncidentState)[1:7] == made_by.WAY
