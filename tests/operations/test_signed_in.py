"""Who acts is who it is at that moment: each transaction of a browser's session reads the person anew."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from operations.core import account_admin as keeping
from operations.core import clock, invitations, sign_in
from operations.core.drafts import parse
from operations.core.errors import Changed, RuleBroken
from operations.core.ids import new_id
from operations.core.people import NATIONAL_ROLES, Account, Actor, Assignment, Posting, System
from operations.core.store import Store
from operations.policing.operation import membership, plan
from operations.policing.operation.plan import Participation
from operations.policing.reports import reports, verification
from operations.worklist_cache import WorklistCache
from tests.makers import Running, form, post, send
from tests.people import CAST, actor

PASSWORD = "quiet harbour, slow tide 4"
WHY = "Left the service."


def account(store: Store, name: str) -> Account:
    with store.reading(System()) as session:
        return session.exec(select(Account).where(Account.username == name)).one()


def identified(store: Store, of: Account) -> Actor:
    """Who asks, as the gate knows it when a request begins."""
    with store.unit_of_work(System()) as session:
        entry = sign_in.SignIn(
            id=new_id(), token_hash=str(new_id()), account_id=of.id, created_at=clock.now(), last_seen_at=clock.now()
        )
        session.add(entry)
        session.flush()
        by = membership.signed_in(session, sign_in.Visit(entry, session.get_one(Account, of.id)))
    assert by is not None
    return by


def invited(store: Store, by: Actor, name: str, role: str) -> Account:
    """An account that `by` makes, and whose link `by` takes up."""
    draft = parse(invitations.InvitationDraft, {"id": new_id(), "name": name, "role": role, "country": "NER"})
    with store.unit_of_work(by) as session:
        link = invitations.invite(session, draft, by)
    return invitations.accept(store, link.secret, PASSWORD, "en")


# ------------------------------------------------------------------------------------------------- what changes


def _closed(scene: Running, of: Account) -> None:
    with scene.store.unit_of_work(scene["ada"]) as session:
        keeping.close(session, of.id, scene["ada"], WHY)


def _signed_out(scene: Running, of: Account) -> None:
    with scene.store.unit_of_work(scene["ada"]) as session:
        keeping.end_sessions(session, of.id, scene["ada"])


def _another_role(scene: Running, of: Account) -> None:
    role = "auditor" if of.country is None else "team_leader"
    with scene.store.unit_of_work(System()) as session:  # nobody is signed out: the role alone decides
        session.get_one(Account, of.id).role = role


def _over(scene: Running, of: Account) -> None:
    with scene.store.unit_of_work(System()) as session:
        session.get_one(Account, of.id).expires_at = clock.now()


def _unconfirmed(scene: Running, of: Account) -> None:
    with scene.store.unit_of_work(System()) as session:
        session.get_one(Account, of.id).proposed_by = new_id()


def _posting_ended(scene: Running, of: Account) -> None:
    with scene.store.unit_of_work(System()) as session:
        for each in session.exec(select(Posting).where(Posting.account_id == of.id)):
            each.ends = clock.now()
            session.add(each)


def _assignment_ended(scene: Running, of: Account) -> None:
    with scene.store.unit_of_work(System()) as session:
        for each in session.exec(select(Assignment).where(Assignment.account_id == of.id)):
            each.ends = clock.now()
            session.add(each)


def _country_left(scene: Running, of: Account) -> None:
    with scene.store.unit_of_work(System()) as session:
        for each in session.exec(select(Participation).where(Participation.country == of.country)):
            session.delete(each)


def _linked(scene: Running, of: Account) -> None:
    """Somebody takes up a link that this person had in hand."""
    with scene.store.unit_of_work(System()) as session:
        other = session.get_one(Account, actor("binta").account_id)
        other.handed_by, other.vouched_by = of.id, None
        session.add(other)


CHANGES: dict[str, tuple[Callable[[Running, Account], None], tuple[str, ...]]] = {
    "closed": (_closed, ("bruno", "chaima", "ana")),
    "signed out everywhere": (_signed_out, ("bruno", "ana")),
    "another role": (_another_role, ("bruno", "ana")),
    "mandate over": (_over, ("bruno",)),
    "waits for a second person": (_unconfirmed, ("ana",)),
    "posting ended": (_posting_ended, ("bruno",)),
    "assignment ended": (_assignment_ended, ("ana", "dov")),
    "country left": (_country_left, ("bruno", "chaima")),
    "accounts linked": (_linked, ("chaima",)),
}


def _unit_of_work(store: Store, by: Actor, work: Callable[[Any], None]) -> None:
    with store.unit_of_work(by) as session:
        work(session)


def _reading(store: Store, by: Actor, _work: Callable[[Any], None]) -> None:
    with store.reading(by) as session:
        session.exec(select(Participation)).all()


DOORS = {
    "unit of work": _unit_of_work,
    "again where the storage was away": lambda store, by, work: store.repeated(by, work),
    "reading": _reading,
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("what", "name"), [(what, name) for what, (_, names) in CHANGES.items() for name in names])
def test_a_request_that_was_held_acts_and_reads_no_more_where_its_person_changed(
    scene: Running, what: str, name: str, door: str
) -> None:
    of, at = account(scene.store, name), scene.start + timedelta(hours=3)
    if what == "posting ended":
        with clock.at(scene.start):
            post(scene, "chaima", "bruno", "Niamey")
    written: list[UUID] = []

    def work(session: Any) -> None:
        kept = session.get(Account, of.id)
        kept.unit = "Was here"
        session.add(kept)
        session.flush()
        written.append(kept.id)

    with clock.at(at):
        by = identified(scene.store, of)
        DOORS[door](scene.store, by, work)
        before = [*written]
        assert bool(before) is (door != "reading"), "the same request is taken while nothing has changed"
        with scene.store.unit_of_work(System()) as session:
            session.get_one(Account, of.id).unit = ""
        CHANGES[what][0](scene, of)
        with pytest.raises(Changed, match="changed while this was on its way"):
            DOORS[door](scene.store, by, work)
    assert written == before
    assert account(scene.store, name).unit == ""


@pytest.mark.both_storages
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("limit", ["idle", "absolute"])
def test_a_request_that_was_held_beyond_a_limit_of_its_session_acts_and_reads_no_more(
    scene: Running, limit: str, door: str
) -> None:
    limits, at = sign_in.SessionLimits(), scene.start + timedelta(hours=3)
    with clock.at(at):
        by = identified(scene.store, account(scene.store, "bruno"))
    if limit == "absolute":  # whoever is busy all day never runs into the idle limit
        with scene.store.unit_of_work(System()) as session:
            session.get_one(sign_in.SignIn, by.sign_in_id).last_seen_at = at + limits.absolute
    ends = at + getattr(limits, limit)
    with clock.at(ends - timedelta(seconds=1)):
        DOORS[door](scene.store, by, lambda session: session.exec(select(Participation)).all())
    with clock.at(ends), pytest.raises(Changed, match="changed while this was on its way"):
        DOORS[door](scene.store, by, lambda session: session.exec(select(Participation)).all())


def test_a_request_that_is_not_stored_yet_keeps_its_session_alive(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, idle = scene.start + timedelta(hours=3), sign_in.SessionLimits().idle
    with clock.at(at):
        by = identified(scene.store, account(scene.store, "bruno"))
    monkeypatch.setitem(sign_in._unstored, by.sign_in_id, at + timedelta(minutes=5))
    with clock.at(at + idle), scene.store.unit_of_work(by) as session:
        assert session.get(Account, by.account_id) is not None
    with clock.at(at + idle + timedelta(minutes=5)), pytest.raises(Changed), scene.store.unit_of_work(by) as session:
        session.get(Account, by.account_id)


def test_who_may_more_than_when_the_request_began_goes_on(scene: Running) -> None:
    """A second operation, a vouching, another language: nothing of what the person began with is gone."""
    ana, chaima = (identified(scene.store, account(scene.store, name)) for name in ("ana", "chaima"))
    with scene.store.unit_of_work(System()) as session:
        session.get_one(Account, ana.account_id).language = "fr"
    for by in (ana, chaima):
        with scene.store.unit_of_work(by) as session:
            assert session.get(Account, by.account_id) is not None


def test_several_are_invited_by_one_request_although_each_is_of_the_same_hands(scene: Running) -> None:
    chaima = identified(scene.store, account(scene.store, "chaima"))
    for name in ("Aisha Seydou", "Omar Idi"):
        draft = parse(
            invitations.InvitationDraft, {"id": new_id(), "name": name, "role": "national_officer", "country": "NER"}
        )
        with scene.store.unit_of_work(chaima) as session:
            invitations.invite(session, draft, chaima)


@pytest.mark.parametrize("name", CAST)
def test_one_question_finds_the_same_person_as_the_many_of_the_timetable(scene: Running, name: str) -> None:
    """The actor of a session and that of an account are made of other questions: they never differ."""
    of = account(scene.store, name)
    with clock.at(scene.start + timedelta(hours=3)):
        if of.role in NATIONAL_ROLES and of.role != "national_coordinator":
            coordinator, site = ("chaima", "Niamey") if of.country == "NER" else ("moussa", "Bamako")
            post(scene, coordinator, name, site)
        by = identified(scene.store, of)
        with scene.store.reading(System()) as session:
            assert by == membership.actor(session, of) == next(iter(membership.actors(session, [of])))
    assert by.sign_in_id is not None


@pytest.mark.parametrize("figures", ["shown", "totals", "erased"])
def test_so_does_it_for_who_belongs_to_a_country_that_left(scene: Running, figures: str) -> None:
    of = account(scene.store, "moussa")
    with clock.at(scene.start + timedelta(hours=3)):
        with scene.store.unit_of_work(scene["moussa"]) as session:
            plan.withdraw(session, scene.operation, plan.Leaving(figures=figures), scene["moussa"])
        by = identified(scene.store, of)
        with scene.store.reading(System()) as session:
            assert by == membership.actor(session, of)
    assert (by.operations, by.left) == (frozenset(), {scene.operation})


def test_counts_of_all_are_told_though_one_of_them_is_no_longer_who_it_was(scene: Running) -> None:
    store, at = scene.store, scene.start + timedelta(hours=3)
    with clock.at(at):
        gone, stays = (identified(store, account(store, name)) for name in ("boubacar", "moussa"))
        _closed(scene, account(store, "boubacar"))
        found = dict(WorklistCache(timedelta(minutes=1)).of_many(store, (gone, stays), at))
    assert list(found) == [stays]


# ----------------------------------------------------------------------------------------------------- four eyes


def _lifts(store: Store, by: Actor, version: UUID) -> bool:
    try:
        with store.unit_of_work(by) as session:
            verification.verify(session, version, by)
    except Changed:
        return False
    return True


def test_one_coordinator_lifts_no_own_report_by_requests_that_were_opened_before_the_accounts_were_made(
    scene: Running,
) -> None:
    """Validate is opened first, then verify by a leader of the own making; only then an officer is made who writes."""
    store = scene.store
    with clock.at(scene.start + timedelta(hours=13)):
        validates = identified(store, account(store, "chaima"))
        fresh = identified(store, account(store, "chaima"))
        verifies = identified(store, invited(store, fresh, "Puppet leader", "team_leader"))
        fresh = identified(store, account(store, "chaima"))
        scene.members["author"] = identified(store, invited(store, fresh, "Puppet officer", "national_officer"))
        version = send(scene, form(scene), "author").id
        assert not _lifts(store, verifies, version)
        assert not _lifts(store, validates, version)
        assert _lifts(store, identified(store, account(store, "boubacar")), version), "others still do"
        assert not _lifts(store, validates, version)
        for by in (validates, identified(store, account(store, "chaima"))):
            with pytest.raises((Changed, RuleBroken)), store.unit_of_work(by) as session:
                verification.verify(session, version, by)
    with store.reading(System()) as session:
        assert session.get_one(reports.Report, version).state == "locally_verified"
