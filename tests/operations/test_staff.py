"""Who works for an operation and where, from which day to which: put there, changed and ended by who may."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from operations.core import clock
from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.core.journal import Entry
from operations.core.people import Account, Actor, Assignment, Posting, System
from operations.core.permissions import Act, Subject, may
from operations.core.store import unscoped
from operations.core.vocabulary import MessageKind, OperationState
from operations.notices import inbox
from operations.policing import lifecycle
from operations.policing.map_plan import places, postings
from operations.policing.operation import membership, plan, staff
from operations.policing.operation.working_days import days_of
from tests.makers import START, Running, assignment_draft, form, post, posting_draft, send, tally
from tests.people import account, actor

DAY = timedelta(days=1)
TODAY = START.date()
CUT = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)  # 3 March begins in Niamey, an hour ahead of UTC


def hired(scene: Running, username: str, like: str = "ana", **changes: Any) -> UUID:
    """Another account, like that of one of the cast."""
    made = Account(
        **account(like).model_dump() | {"id": new_id(), "username": username, "name": username.title()} | changes
    )
    with scene.store.unit_of_work(System()) as session:
        session.add(made)
    return made.id


def asking(scene: Running, account_id: UUID) -> Actor:
    with scene.store.reading(System()) as session:
        found = membership.actor(session, session.exec(select(Account).where(Account.id == account_id)).one())
    assert found is not None
    return found


def done(
    scene: Running, by: Actor | str, verb: Callable[..., Any], *given: Any, at: datetime = START, **more: Any
) -> Any:
    who = scene[by] if isinstance(by, str) else by
    with clock.at(at), scene.store.unit_of_work(who) as session:
        return verb(session, *given, who, **more)


def assigned(
    scene: Running, *people: UUID, by: Actor | str = "ana", at: datetime = START, **changes: Any
) -> list[Assignment]:
    return done(scene, by, staff.assign, scene.operation, assignment_draft(people=people, **changes), at=at)


def members(scene: Running, by: str = "ana", at: datetime = START) -> list[str]:
    with clock.at(at), scene.store.reading(scene[by]) as session:
        return [each.account.name for each in staff.coordination(session, scene.operation, scene[by])]


def assignment_of(scene: Running, name: str) -> Assignment:
    with scene.store.reading(System()) as session:
        return session.exec(select(Assignment).where(Assignment.account_id == actor(name).account_id)).one()


def told(scene: Running, account_id: UUID, at: datetime = START) -> list[tuple[MessageKind, str, int]]:
    who = asking(scene, account_id)
    with clock.at(at), scene.store.reading(who) as session:
        found = [each.message for each in inbox.messages(session, who)]
    return [(MessageKind(each.kind), each.link, each.number) for each in found]


def journalled(scene: Running, act: str) -> list[Entry]:
    with scene.store.reading(System()) as session:
        return list(session.exec(select(Entry).where(Entry.act == act).order_by(Entry.seq)))


# ------------------------------------------------------------------------------------------------- the centre


def test_a_coordinator_puts_several_people_on_the_operation_and_they_are_told(scene: Running) -> None:
    bea, carl = hired(scene, "bea"), hired(scene, "carl", "dov")
    assigned(scene, bea, carl)
    with clock.at(START):
        assert asking(scene, bea).operations == asking(scene, carl).operations == {scene.operation}
    assert members(scene) == ["Ana Ferreira", "Bea", "Carl", "Dov Lindqvist"]
    assert told(scene, bea) == [(MessageKind.POSTED, "/account/where-you-work", 1)]
    entry = journalled(scene, "operation.assign")[0]
    assert (entry.actor_name, entry.object_id, entry.operation_id) == ("Ana Ferreira", bea, scene.operation)


def test_the_same_draft_again_is_answered_as_before_and_another_under_its_id_is_refused(scene: Running) -> None:
    bea = hired(scene, "bea")
    draft = assignment_draft(people=[bea])
    first, again = (done(scene, "ana", staff.assign, scene.operation, draft) for _ in range(2))
    assert [each.id for each in first] == [each.id for each in again]
    other = draft.model_copy(update={"deputy": True})
    with pytest.raises(Conflict):
        done(scene, "ana", staff.assign, scene.operation, other)
    assert len(journalled(scene, "operation.assign")) == 1


def test_an_assignment_begins_and_ends_by_itself_at_the_border_of_the_operations_day(scene: Running) -> None:
    bea = hired(scene, "bea")
    assigned(scene, bea, first_day=TODAY + DAY, last_day=TODAY + DAY, deputy=True)
    for moment, works in (
        (CUT - timedelta(seconds=1), False),
        (CUT, True),
        (CUT + DAY - timedelta(seconds=1), True),
        (CUT + DAY, False),
    ):
        with clock.at(moment):
            assert (scene.operation in asking(scene, bea).operations) is works


def test_a_posting_begins_and_ends_by_itself_and_then_the_whole_country_does_not_open(scene: Running) -> None:
    bruno = actor("bruno").account_id
    with clock.at(START):
        post(scene, "chaima", "bruno", "Agadez", first_day=TODAY + DAY, last_day=TODAY + DAY)
    site = scene.sites["Agadez"]
    for moment, sites, bound in (
        (CUT - timedelta(seconds=1), set(), False),
        (CUT, {site}, True),
        (CUT + DAY - timedelta(seconds=1), {site}, True),
        (CUT + DAY, set(), True),
    ):
        with clock.at(moment):
            found = asking(scene, bruno)
            assert (found.sites, found.bound) == (sites, bound)


def test_the_day_begins_at_the_cut_that_the_operation_has(scene: Running) -> None:
    with scene.store.unit_of_work(System()) as session:
        owner = session.exec(select(plan.Operation).where(plan.Operation.id == scene.operation)).one()
        owner.day_cut = owner.day_cut.replace(hour=6)
    bea = hired(scene, "bea")
    assigned(scene, bea, first_day=TODAY + DAY)
    for moment, works in ((CUT + timedelta(hours=5), False), (CUT + timedelta(hours=6), True)):
        with clock.at(moment):
            assert (scene.operation in asking(scene, bea).operations) is works


@pytest.mark.parametrize("by", ["dov", "chaima", "lena", "bruno", "otto"])
def test_nobody_else_puts_people_on_an_operation(scene: Running, by: str) -> None:
    with pytest.raises(NotFound):
        assigned(scene, hired(scene, "bea"), by=by)


def test_a_coordinator_of_another_operation_does_not(scene: Running) -> None:
    bea = hired(scene, "bea")
    with pytest.raises(NotFound):
        assigned(scene, bea, by=asking(scene, bea))


def test_an_administrator_gives_an_operation_a_coordinator_and_sees_nothing_else_of_it(scene: Running) -> None:
    bea = hired(scene, "bea")
    assigned(scene, bea, by="ada")
    with scene.store.reading(scene["ada"]) as session:
        assert session.exec(select(plan.Operation)).all() == []
        assert [(each.id, n) for each, n in staff.staffed(session, scene["ada"])] == [(scene.operation, 2)]
    assert "Bea" in members(scene)


def test_only_coordinators_and_analysts_are_assigned(scene: Running) -> None:
    for name in ("bruno", "lena", "otto"):
        with pytest.raises(NotFound):
            assigned(scene, actor(name).account_id)
    with pytest.raises(NotFound):
        assigned(scene, UUID(int=0))


def test_whoever_is_closed_not_cleared_or_there_already_is_not_assigned_and_then_nobody_is(scene: Running) -> None:
    bea = hired(scene, "bea")
    closed = hired(scene, "carl", disabled_at=START)
    expired = hired(scene, "dora", expires_at=START + DAY)
    low = hired(scene, "emil", clearance="for_official_use")
    with scene.store.unit_of_work(System()) as session:
        session.exec(select(plan.Operation)).one().classification = "restricted"
    for people, words, more in (
        ([bea, closed], "Carl is closed", {}),
        ([bea, expired], "Dora is closed or ends before then", {"first_day": TODAY + 3 * DAY}),
        ([bea, low], "Emil is not cleared", {}),
        ([bea, actor("dov").account_id], "Dov Lindqvist works for this operation", {}),
    ):
        with pytest.raises(RuleBroken, match=words) as refused:
            assigned(scene, *people, **more)
        assert refused.value.flaws[0].field == "people"
    assert members(scene) == ["Ana Ferreira", "Dov Lindqvist"]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"first_day": TODAY + DAY, "last_day": TODAY}, "last_day", "must not lie before the first"),
        ({"deputy": True}, "deputy", "A deputy needs a first and a last"),
        ({"deputy": True, "last_day": TODAY}, "deputy", "A deputy needs a first and a last"),
        ({"people": []}, "people", "At least 1"),
    ],
)
def test_a_draft_with_days_that_cannot_be_is_refused_beside_its_field(
    changes: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(RuleBroken, match=words) as refused:
        assignment_draft(**{"people": [new_id()]} | changes)
    assert refused.value.flaws[0].field == field


def test_a_last_day_that_is_over_is_refused(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="This day is in the past"):
        assigned(scene, hired(scene, "bea"), last_day=TODAY - DAY)


def test_an_analyst_serves_countries_of_the_operation_but_never_the_own(scene: Running) -> None:
    carl = hired(scene, "carl", "dov", country="NER")
    for countries, words in ((["NER"], "seconded by NER"), (["FRA"], "FRA does not take part")):
        with pytest.raises(RuleBroken, match=words):
            assigned(scene, carl, countries=countries)
    with pytest.raises(RuleBroken, match="Only analysts"):
        assigned(scene, hired(scene, "bea"), countries=["MLI"])
    assigned(scene, carl)
    assert members(scene, "chaima") == ["Ana Ferreira", "Dov Lindqvist"]
    assert members(scene, "moussa") == ["Ana Ferreira", "Carl", "Dov Lindqvist"]


def test_an_analyst_returns_and_rejects_reports_of_the_countries_served_only(scene: Running) -> None:
    seconded = hired(scene, "carl", "dov", country="NER")
    serving = hired(scene, "dora", "dov")
    assigned(scene, seconded)
    assigned(scene, serving, countries=["NER"])
    niger, mali = (Subject(country, scene.operation) for country in ("NER", "MLI"))
    with clock.at(START):
        for account_id, judged in ((seconded, mali), (serving, niger), (actor("dov").account_id, mali)):
            for act in (Act.REPORT_RETURN, Act.REPORT_REJECT):
                assert may(asking(scene, account_id), act, judged)
        for account_id, other in ((seconded, niger), (serving, mali)):
            for act in (Act.REPORT_RETURN, Act.REPORT_REJECT):
                assert not may(asking(scene, account_id), act, other)
            assert may(asking(scene, account_id), Act.REPORT_READ, other)


def test_the_last_coordinator_leaves_when_a_successor_is_there(scene: Running) -> None:
    ana = assignment_of(scene, "ana")
    words = "Ana Ferreira is the only coordinator"
    with pytest.raises(RuleBroken, match=words):
        done(scene, "ana", staff.relieve, ana.id, version=1)
    with pytest.raises(RuleBroken, match=words):
        done(scene, "ana", staff.change, ana.id, staff.AssignmentChange(last_day=TODAY + DAY), version=1)
    bea = hired(scene, "bea")
    (stands_in,) = assigned(scene, bea, first_day=TODAY, last_day=TODAY + DAY, deputy=True)
    with pytest.raises(RuleBroken, match=words):  # who stands in is no successor
        done(scene, "ana", staff.relieve, ana.id, version=1)
    done(scene, "ana", staff.relieve, stands_in.id, version=1)
    assigned(scene, bea, first_day=TODAY + 2 * DAY)
    with pytest.raises(RuleBroken, match=words):  # a day would be missing
        done(scene, "ana", staff.change, ana.id, staff.AssignmentChange(last_day=TODAY), version=1)
    done(scene, "ana", staff.change, ana.id, staff.AssignmentChange(last_day=TODAY + DAY), version=1)
    after = CUT + 2 * DAY
    with clock.at(after):
        assert asking(scene, actor("ana").account_id).operations == frozenset()
        assert asking(scene, bea).operations == {scene.operation}


def test_successors_follow_each_other_and_the_last_stays(scene: Running) -> None:
    ana, bea, cleo = assignment_of(scene, "ana"), hired(scene, "bea"), hired(scene, "cleo")
    assigned(scene, bea, last_day=TODAY + DAY)
    with pytest.raises(RuleBroken, match="Assign a successor without a last day first"):
        done(scene, "ana", staff.relieve, ana.id, version=1)
    (cleos,) = assigned(scene, cleo, first_day=TODAY + 2 * DAY)
    done(scene, "ana", staff.relieve, ana.id, version=1)
    with clock.at(START):
        assert asking(scene, actor("ana").account_id).operations == frozenset()
        beas = asking(scene, bea)
    with pytest.raises(RuleBroken, match="Assign a successor without a last day first"):
        done(scene, beas, staff.relieve, cleos.id, version=1)


def test_a_successor_whose_account_was_closed_is_none(scene: Running) -> None:
    assigned(scene, hired(scene, "bea"))
    with scene.store.unit_of_work(System()) as session:
        session.exec(select(Account).where(Account.username == "bea")).one().disabled_at = START
    with pytest.raises(RuleBroken, match="Assign a successor without a last day first"):
        done(scene, "ana", staff.relieve, assignment_of(scene, "ana").id, version=1)


def test_of_two_who_change_the_same_membership_the_second_is_told(scene: Running) -> None:
    dov = assignment_of(scene, "dov")
    serves = staff.AssignmentChange(countries=("MLI",))
    done(scene, "ana", staff.change, dov.id, serves, version=1)
    with pytest.raises(Conflict, match="Somebody else has changed this assignment"):
        done(scene, "ana", staff.relieve, dov.id, version=1)
    kept = assignment_of(scene, "dov")
    assert (kept.countries, kept.ends, kept.version) == (["MLI"], None, 2)
    done(scene, "ana", staff.relieve, dov.id, version=2)
    with pytest.raises(Conflict):
        done(scene, "ana", staff.relieve, dov.id, version=3)
    heard = {kind for kind, *_ in told(scene, actor("dov").account_id)}
    assert heard == {MessageKind.POSTING_CHANGED, MessageKind.RELIEVED}


def test_what_is_ended_before_it_begins_never_holds_and_binds_nobody(scene: Running) -> None:
    with clock.at(START):
        (posting,) = post(scene, "chaima", "bruno", "Agadez", first_day=TODAY + DAY)
    done(scene, "chaima", postings.relieve, posting.id, version=1)
    with clock.at(CUT + DAY):
        found = asking(scene, actor("bruno").account_id)
        assert (found.sites, found.bound) == (frozenset(), False)


def test_somebody_comes_back_after_a_time_elsewhere(scene: Running) -> None:
    done(scene, "ana", staff.relieve, assignment_of(scene, "dov").id, version=1)
    assert members(scene) == ["Ana Ferreira"]
    assigned(scene, actor("dov").account_id, at=START + DAY)
    with clock.at(START + DAY):
        assert asking(scene, actor("dov").account_id).operations == {scene.operation}


def test_an_operation_that_is_over_takes_nobody(scene: Running) -> None:
    done(scene, "lena", lifecycle.move, scene.operation, OperationState.CANCELLED, reason="It ended.")
    with pytest.raises(RuleBroken, match="You can no longer assign people"):
        assigned(scene, hired(scene, "bea"))
    with pytest.raises(RuleBroken, match="no longer post people"):
        post(scene, "chaima", "bruno", "Agadez")


# ---------------------------------------------------------------------------------------------------- the sites


def test_a_national_coordinator_posts_several_officers_to_a_site_at_once_and_they_are_told(scene: Running) -> None:
    draft = posting_draft(["bruno", "binta", "boubacar"], [scene.sites["Agadez"], scene.sites["Niamey"]])
    made, again = (done(scene, "chaima", postings.post, scene.operation, draft) for _ in range(2))
    assert {each.id for each in made} == {each.id for each in again}
    assert len(made) == len(journalled(scene, "site.post")) == 6
    for name in ("bruno", "binta", "boubacar"):
        assert told(scene, actor(name).account_id) == [(MessageKind.POSTED, "/account/where-you-work", 2)]


@pytest.mark.parametrize("by", ["ana", "bruno", "dov", "lena", "ada", "boubacar"])
def test_nobody_else_posts_the_officers_of_a_country(scene: Running, by: str) -> None:
    with pytest.raises(NotFound):
        post(scene, by, "bruno", "Niamey")


def test_a_country_posts_to_its_own_sites(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="Bamako is a site of another country") as refused:
        post(scene, "chaima", "bruno", "Bamako")
    assert refused.value.flaws[0].field == "sites"


def test_a_site_that_was_closed_takes_nobody(scene: Running) -> None:
    done(scene, "ana", places.close_site, scene.sites["Agadez"])
    with pytest.raises(RuleBroken, match="taken out of the plan"):
        post(scene, "chaima", "bruno", "Agadez")


@pytest.mark.parametrize(
    ("first", "last", "field", "words"),
    [
        (-2, 0, "first_day", "begins on 2026-03-01"),
        (0, 6, "last_day", "The operation ends on 2026-03-07: choose that day or an earlier one"),
        (7, None, "first_day", "ends on 2026-03-07"),
    ],
)
def test_days_outside_the_operation_are_refused(
    scene: Running, first: int, last: int | None, field: str, words: str
) -> None:
    days = {"first_day": TODAY + first * DAY, "last_day": None if last is None else TODAY + last * DAY}
    with clock.at(START), pytest.raises(RuleBroken, match=words) as refused:
        post(scene, "chaima", "bruno", "Agadez", **days)
    assert refused.value.flaws[0].field == field


def test_a_posting_twice_on_the_same_days_and_a_closed_account_are_refused_with_the_name(scene: Running) -> None:
    with clock.at(START):
        post(scene, "chaima", "bruno", "Agadez", last_day=TODAY + DAY)
        with pytest.raises(RuleBroken, match="Bruno Issoufou is posted to Agadez"):
            post(scene, "chaima", "bruno", "Agadez", first_day=TODAY + DAY)
        post(scene, "chaima", "bruno", "Agadez", first_day=TODAY + 2 * DAY)
        with scene.store.unit_of_work(System()) as session:
            session.exec(select(Account).where(Account.username == "binta")).one().disabled_at = START
        with pytest.raises(RuleBroken, match="Binta Oumarou is closed"):
            post(scene, "chaima", "binta", "Agadez")


def test_an_ended_posting_takes_the_reports_of_the_site_away_at_the_next_request(scene: Running) -> None:
    sent = send(scene, form(scene, "Agadez", lines=[tally()]))
    with clock.at(START):
        (posting,) = post(scene, "chaima", "bruno", "Agadez")
    bruno = actor("bruno").account_id

    def reads() -> list[UUID]:
        who = asking(scene, bruno)
        with scene.store.reading(who) as session:
            return [each.id for each in session.exec(select(type(sent)))]

    with clock.at(START + DAY):
        assert reads() == [sent.id]
    done(scene, "chaima", postings.relieve, posting.id, version=1, at=START + DAY)
    with clock.at(START + DAY):
        assert reads() == []
    assert {kind for kind, *_ in told(scene, bruno)} == {MessageKind.POSTED, MessageKind.RELIEVED}


def test_the_days_of_a_posting_are_changed_and_the_second_to_change_them_is_told(scene: Running) -> None:
    with clock.at(START):
        (posting,) = post(scene, "chaima", "bruno", "Agadez", last_day=TODAY)
    done(scene, "chaima", postings.change, posting.id, TODAY + DAY, version=1)
    with pytest.raises(Conflict, match="Somebody else has changed"):
        done(scene, "chaima", postings.change, posting.id, None, version=1)
    with pytest.raises(RuleBroken, match="ends on 2026-03-07"):
        done(scene, "chaima", postings.change, posting.id, TODAY + 9 * DAY, version=2)
    with scene.store.reading(scene["chaima"]) as session:
        owner = plan.operation(session, scene.operation, scene["chaima"])
        kept = session.exec(select(Posting)).one()
        assert days_of(owner, kept) == (TODAY, TODAY + DAY)


def test_another_countrys_coordinator_ends_and_changes_nothing(scene: Running) -> None:
    with clock.at(START):
        (posting,) = post(scene, "chaima", "bruno", "Agadez")
    with pytest.raises(NotFound):
        done(scene, "moussa", postings.relieve, posting.id, version=1)
    with pytest.raises(NotFound):
        done(scene, "ana", postings.change, posting.id, TODAY, version=1)


# ------------------------------------------------------------------------------------------- who is told of whom


def staffed(scene: Running, by: str, at: datetime = START) -> list[postings.SiteStaffing]:
    with clock.at(at), scene.store.reading(scene[by]) as session:
        owner = plan.operation(session, scene.operation, scene[by])
        return postings.staffing(session, owner, ["NER", "MLI"], scene[by])


def test_a_site_without_anybody_is_a_gap_on_the_days_that_it_has_nobody(scene: Running) -> None:
    with clock.at(START):
        post(scene, "chaima", "bruno", "Agadez", first_day=TODAY, last_day=TODAY)
        post(scene, "chaima", "binta", "Agadez", first_day=TODAY + 2 * DAY)
    (own,) = staffed(scene, "chaima")
    assert own.days == [TODAY + n * DAY for n in range(6)]
    assert own.at[scene.sites["Agadez"]] == [1, 0, 1, 1, 1, 1]
    assert own.gaps(scene.sites["Agadez"]) == [TODAY + DAY]
    assert own.gaps(scene.sites["Niamey"]) == own.days
    assert [site.name for site in own.left_alone] == ["Agadez", "Niamey"]
    assert (own.people, own.everywhere) == (3, 2)  # Binta's posting begins later, and Boubacar was never posted
    later = staffed(scene, "chaima", at=CUT + 2 * DAY)[0]
    assert later.everywhere == 1


def test_the_coordination_counts_the_people_of_countries_and_names_their_coordinators(scene: Running) -> None:
    with clock.at(START):
        post(scene, "chaima", "bruno", "Agadez")
    mali, niger = staffed(scene, "ana")
    assert (niger.country, niger.coordinators, niger.people, niger.everywhere) == ("NER", ["Chaima Abdou"], 3, 2)
    assert (mali.country, mali.coordinators, mali.people) == ("MLI", ["Moussa Traore"], 2)
    with pytest.raises(NotPermitted), scene.store.reading(scene["ana"]) as session:
        postings.workers(session, plan.operation(session, scene.operation, scene["ana"]), scene["ana"])


def test_a_country_is_shown_its_own_people_only(scene: Running) -> None:
    with clock.at(START):
        post(scene, "chaima", "bruno", "Agadez")
        post(scene, "moussa", "mateo", "Bamako")
    for by, own, names in (
        ("chaima", "NER", ["Binta Oumarou", "Boubacar Idi", "Bruno Issoufou", "Chaima Abdou"]),
        ("moussa", "MLI", ["Marie Coulibaly", "Mateo Keita", "Moussa Traore"]),
    ):
        assert [each.country for each in staffed(scene, by)] == [own]
        with clock.at(START), scene.store.reading(scene[by]) as session:
            owner = plan.operation(session, scene.operation, scene[by])
            found = postings.workers(session, owner, scene[by])
        assert [each.account.name for each in found] == names
        assert [site.name for each in found for _posting, site in each.postings] == (
            ["Agadez"] if own == "NER" else ["Bamako"]
        )


def test_everybody_reads_where_one_works_and_until_when(scene: Running) -> None:
    with clock.at(START):
        post(scene, "chaima", "bruno", "Agadez", first_day=TODAY + DAY, last_day=TODAY + 2 * DAY)
        with scene.store.reading(scene["bruno"]) as session:
            ((owner, site, posting),) = postings.own(session, scene["bruno"])
            assert (owner.id, site.name) == (scene.operation, "Agadez")
            assert days_of(owner, posting) == (TODAY + DAY, TODAY + 2 * DAY)
        bea = hired(scene, "bea")
        assigned(scene, bea, first_day=TODAY + DAY)
        who = asking(scene, bea)
        assert who.operations == frozenset()
        with scene.store.reading(who) as session:
            ((owner, assignment),) = staff.own(session, who)
            assert (owner.id, days_of(owner, assignment)) == (scene.operation, (TODAY + DAY, None))


def test_of_two_coordinators_who_relieve_each_other_one_stays(scene: Running) -> None:
    bea = hired(scene, "bea")
    (beas,) = assigned(scene, bea)
    anas = assignment_of(scene, "ana")
    done(scene, "ana", staff.relieve, beas.id, version=1)
    with clock.at(START):
        who = asking(scene, bea)  # Bea's next request
    with pytest.raises(NotFound):
        done(scene, who, staff.relieve, anas.id, version=1)


def test_whoever_was_there_before_days_were_kept_works_as_before(scene: Running) -> None:
    """What was there before days were kept has none, and holds."""
    with scene.store.reading(System()) as session:
        assert all((each.starts, each.ends) == (None, None) for each in session.exec(unscoped(select(Assignment))))
    assert asking(scene, actor("dov").account_id).operations == {scene.operation}
