"""People are invited, confirmed, changed and closed; one person's accounts are one pair of eyes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from operations import worklist_entries
from operations.core import account_admin as keeping
from operations.core import accounts, bulk_invitations, clock, invitations, passwords, sign_in, vocabulary
from operations.core.account_admin import AccountState
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.core.invitations import Invitation, InvitationDraft
from operations.core.journal import Entry
from operations.core.people import Account, Actor, System
from operations.core.permissions import GRANTS, PRIVILEGED_ROLES, Act, Scope
from operations.core.store import Store
from operations.core.vocabulary import Role
from operations.notices.messages import Delivery, Message
from operations.policing.operation import membership, staff
from operations.policing.reports import reports, verification
from operations.timetable import mandates
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from tests import turns
from tests.makers import Running, form, send
from tests.people import actor

pytestmark = pytest.mark.both_storages

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PASSWORD = "quiet harbour, slow tide 4"


def draft(name: str = "Aisha Seydou", role: str = "national_officer", country: str | None = "NER", **more: Any) -> Any:
    return parse(InvitationDraft, {"id": new_id(), "name": name, "role": role, "country": country} | more)


def invite(store: Store, by: Actor | System, *given: Any, **more: Any) -> invitations.InvitationLink:
    with store.unit_of_work(by) as session:
        return invitations.invite(session, draft(*given, **more), by)


def take_up(store: Store, link: invitations.InvitationLink, password: str = PASSWORD) -> Account:
    return invitations.accept(store, link.secret, password, "en")


def who(store: Store, account: Account) -> Actor | None:
    with store.reading(System()) as session:
        return membership.actor(session, session.get_one(Account, account.id))


def joined(store: Store, by: Actor | System, *given: Any, **more: Any) -> Account:
    """Somebody who was invited and set the password."""
    return take_up(store, invite(store, by, *given, **more))


def does(store: Store, by: Actor | System, verb: Any, account: Account, *given: Any) -> Any:
    with store.unit_of_work(by) as session:
        return verb(session, account.id, *((given[0], by, *given[1:]) if verb is keeping.change else (by, *given)))


def state(store: Store, account: Account) -> AccountState:
    with store.reading(System()) as session:
        return keeping.state_of(session.get_one(Account, account.id))


def changed(account: Account, **to: Any) -> keeping.ChangeDraft:
    now = {name: getattr(account, name) for name in ("role", "country", "unit", "clearance")}
    return parse(keeping.ChangeDraft, {**now, "last_day": keeping.last_day_of(account), **to})


def acts(store: Store, account: Account) -> list[str]:
    with store.reading(System()) as session:
        return list(session.exec(select(Entry.act).where(Entry.object_id == account.id).order_by(Entry.seq)))


def second(store: Store) -> Actor:
    """A second administrator, whom whoever keeps the server invited."""
    found = who(store, joined(store, System(), "Adil Benali", "administrator", None))
    assert found is not None
    return found


# ---------------------------------------------------------------------------------------------------- invitations


@pytest.mark.requirement("ASVS 6.4.1")
def test_a_link_lets_its_person_set_the_password_once_and_nothing_stored_or_told_holds_the_secret(cast: Store) -> None:
    link = invite(cast, actor("ada"))
    assert link.account.username == "aisha.seydou"
    assert state(cast, link.account) is AccountState.INVITED
    assert link.secret not in repr(link)
    with pytest.raises(RuleBroken, match="belong together"):
        sign_in.sign_in(cast, "aisha.seydou", "")
    take_up(cast, link)
    assert sign_in.sign_in(cast, "aisha.seydou", PASSWORD)
    assert state(cast, link.account) is AccountState.ACTIVE
    with pytest.raises(RuleBroken, match="used already: sign in with the password that was set"):
        take_up(cast, link, "another harbour, quick tide 5")
    with cast.reading(System()) as session:
        kept = session.exec(select(Invitation)).one()
        entries = session.exec(select(Entry).where(Entry.object_id == link.account.id)).all()
    assert link.secret not in str(kept.model_dump()) + str([each.model_dump() for each in entries])
    assert acts(cast, link.account) == ["account.invite", "account.accept"]


@pytest.mark.requirement("ASVS 6.4.1")
def test_a_link_is_too_old_after_72_hours_and_ends_where_a_newer_one_is_made(cast: Store) -> None:
    with clock.at(NOON):
        first = invite(cast, actor("ada"))
    with clock.at(NOON + timedelta(hours=72)), pytest.raises(RuleBroken, match="72 hours, which are over"):
        take_up(cast, first)
    with clock.at(NOON + timedelta(hours=71, minutes=59)):
        newer = does(cast, actor("ada"), invitations.renew, first.account)
        with pytest.raises(RuleBroken, match="use the newest"):
            take_up(cast, first)
    with clock.at(NOON + timedelta(hours=100)):
        take_up(cast, newer)


def test_an_unknown_link_and_one_of_a_closed_account_say_what_to_do(cast: Store) -> None:
    link = invite(cast, actor("ada"))
    for secret in ("", "x" * 43, link.secret[:-1]):
        with cast.reading(System()) as session, pytest.raises(RuleBroken, match="This link does not work"):
            invitations.invited(session, secret)
    does(cast, actor("ada"), keeping.close, link.account, "Left the service.")
    with pytest.raises(RuleBroken, match="account is closed"):
        take_up(cast, link)


@pytest.mark.requirement("ASVS 6.2.11")
def test_a_password_by_a_link_is_judged_as_any_and_the_link_stays_for_the_next_try(cast: Store) -> None:
    link = invite(cast, actor("ada"))
    for easy in ("short", "password1234567", "aisha walks on water 7"):
        with pytest.raises(RuleBroken) as refused:
            take_up(cast, link, easy)
        assert refused.value.flaws[0].field == "password"
    take_up(cast, link)


@pytest.mark.requirement("ASVS 6.4.3")
def test_a_new_link_for_who_has_a_password_changes_nothing_until_it_is_used_and_then_ends_every_session(
    cast: Store,
) -> None:
    made = joined(cast, actor("ada"))
    token = sign_in.sign_in(cast, made.username, PASSWORD)
    link = does(cast, actor("ada"), invitations.renew, made)
    with cast.reading(System()) as session:
        assert sign_in.account_of(session, token) is not None
    take_up(cast, link, "another harbour, quick tide 5")
    with cast.reading(System()) as session:
        assert sign_in.account_of(session, token) is None
    assert sign_in.sign_in(cast, made.username, "another harbour, quick tide 5")
    with pytest.raises(RuleBroken):
        sign_in.sign_in(cast, made.username, PASSWORD)


def test_the_same_form_sent_twice_makes_one_account_and_one_link_that_works(cast: Store) -> None:
    said, ada = draft(), actor("ada")
    links = []
    for _press in range(2):
        with cast.unit_of_work(ada) as session:
            links.append(invitations.invite(session, said, ada))
    assert links[0].account.id == links[1].account.id
    take_up(cast, links[1])
    with cast.unit_of_work(ada) as session, pytest.raises(Conflict):
        invitations.invite(session, said, ada)


def test_names_become_user_names_that_nobody_has(cast: Store) -> None:
    ada = actor("ada")
    names = [invite(cast, ada, "Zoë Ång Lima").account.username for _ in range(3)]
    assert names == ["zoe.lima", "zoe.lima.ner", "zoe.lima2"]
    with pytest.raises(RuleBroken, match="Muster cannot make a user name from this"):
        invite(cast, ada, "عائشة")
    assert invite(cast, ada, "عائشة", username="Aicha").account.username == "aicha"
    with pytest.raises(RuleBroken, match="is taken"):
        invite(cast, ada, username="chaima")


def test_a_coordinator_of_a_country_invites_and_keeps_officers_of_that_country_only(cast: Store) -> None:
    chaima = actor("chaima")
    made = invite(cast, chaima).account
    for given in (("A B", "national_officer", "MLI"), ("A B", "administrator", None), ("A B", "ocu_analyst", "NER")):
        with pytest.raises(NotPermitted):
            invite(cast, chaima, *given, username="abcd")
    low = Actor(**{**vars(chaima), "clearance": accounts.Classification.FOR_OFFICIAL_USE})
    with pytest.raises(NotPermitted):
        invite(cast, low, clearance="confidential")
    for stranger in ("mateo", "ana", "otto"):
        with cast.unit_of_work(chaima) as session, pytest.raises(NotFound):
            keeping.close(session, actor(stranger).account_id, chaima, "Not mine.")
    with cast.reading(chaima) as session:
        seen = keeping.people(session, chaima)
        assert {each.account.country for each in seen} == {"NER"}
        assert made.id in {each.account.id for each in seen}
        with pytest.raises(NotFound):
            keeping.person(session, actor("mateo").account_id, chaima)
    for name in ("bruno", "boubacar", "ana", "dov", "lena", "otto"):
        with pytest.raises(NotPermitted):
            invite(cast, actor(name))
        with cast.reading(actor(name)) as session, pytest.raises(NotPermitted):
            keeping.people(session, actor(name))


def test_a_link_for_a_higher_cleared_person_is_not_a_coordinator_s_to_make(cast: Store) -> None:
    low = Actor(**{**vars(actor("chaima")), "clearance": accounts.Classification.FOR_OFFICIAL_USE})
    with cast.unit_of_work(low) as session, pytest.raises(NotPermitted):
        invitations.renew(session, actor("bruno").account_id, low)
    with cast.unit_of_work(low) as session, pytest.raises(NotPermitted):
        keeping.change(session, actor("bruno").account_id, changed(actor_account(cast, "bruno"), unit="x"), low, 1)


def actor_account(store: Store, name: str) -> Account:
    with store.reading(System()) as session:
        return session.get_one(Account, actor(name).account_id)


def test_a_mandate_that_ends_before_it_begins_is_refused_and_its_last_day_counts_whole(cast: Store) -> None:
    with clock.at(NOON):
        with pytest.raises(RuleBroken) as refused:
            draft(last_day="2026-11-23")
        assert (refused.value.flaws[0].field, str(refused.value)) == (
            "last_day",
            "A mandate ends after it begins: choose today or a later day.",
        )
        made = joined(cast, actor("ada"), last_day="2026-11-24")
        assert made.expires_at == datetime(2026, 11, 25, tzinfo=UTC)
        assert keeping.last_day_of(made) == date(2026, 11, 24)
        with pytest.raises(RuleBroken) as again:
            does(cast, actor("ada"), keeping.change, made, changed(made, last_day="2026-11-20"), made.version)
        assert again.value.flaws[0].field == "last_day"
        assert who(cast, made) is not None
    with clock.at(datetime(2026, 11, 25, tzinfo=UTC)):
        assert (who(cast, made), state(cast, made)) == (None, AccountState.EXPIRED)


@pytest.mark.requirement("R11")
def test_an_emergency_account_needs_a_reason_ends_after_72_hours_and_is_not_made_longer(cast: Store) -> None:
    with pytest.raises(RuleBroken, match="is urgent"):
        draft(emergency=True)
    with clock.at(NOON):
        made = joined(cast, actor("ada"), emergency=True, reason="The team leader was taken ill.")
        later = changed(made, last_day="2026-12-24")
        with pytest.raises(RuleBroken, match="ends after 72 hours"):
            does(cast, actor("ada"), keeping.change, made, later, made.version)
        does(cast, actor("ada"), keeping.change, made, changed(made, unit="Gao"), made.version)
    with clock.at(NOON + timedelta(hours=72)):
        assert who(cast, made) is None
        with pytest.raises(RuleBroken, match="mandate of this account has ended"):
            does(cast, actor("ada"), invitations.renew, made)
        does(cast, actor("ada"), keeping.close, made, "The leader is back.")
        with pytest.raises(RuleBroken, match="You cannot reopen an emergency account"):
            does(cast, actor("ada"), keeping.reopen, made)


# ------------------------------------------------------------------------------------------------------ two persons


@pytest.mark.parametrize("role", sorted(PRIVILEGED_ROLES))
def test_a_privileged_role_waits_for_another_administrator(cast: Store, role: str) -> None:
    ada = actor("ada")
    link = invite(cast, ada, "Rosa Winter", role, None)
    other = second(cast)
    with pytest.raises(RuleBroken, match="not set a password yet"):
        does(cast, other, keeping.confirm, link.account)
    take_up(cast, link)
    assert state(cast, link.account) is AccountState.WAITING
    with pytest.raises(RuleBroken, match="waits until a second person confirms it"):
        sign_in.sign_in(cast, link.account.username, PASSWORD)
    with pytest.raises(RuleBroken, match="belong together"):
        sign_in.sign_in(cast, link.account.username, "something else altogether 9")
    assert who(cast, link.account) is None
    with pytest.raises(RuleBroken, match="Ask a second person"):
        does(cast, ada, keeping.confirm, link.account)
    does(cast, other, keeping.confirm, link.account)
    assert sign_in.sign_in(cast, link.account.username, PASSWORD)
    with pytest.raises(Conflict, match="nothing left to confirm"):
        does(cast, other, keeping.confirm, link.account)


def test_an_administrator_confirms_nobody_by_an_account_made_for_it(cast: Store) -> None:
    """A coordinator of the own making is not another person; nor is one that this one made."""
    ada, other = actor("ada"), second(cast)
    puppet = joined(cast, ada, "Nadia Idi", "national_coordinator", "NER")
    as_puppet = who(cast, puppet)
    assert as_puppet is not None
    officer = joined(cast, as_puppet, "Omar Idi")
    for who_asks in (who(cast, actor_account(cast, "ada")), as_puppet):
        assert who_asks is not None
        with pytest.raises(RuleBroken, match="Ask a second person"):
            does(cast, who_asks, keeping.confirm, officer)
    does(cast, other, keeping.confirm, puppet)
    as_puppet = who(cast, puppet)
    assert as_puppet is not None
    with pytest.raises(RuleBroken, match="Ask a second person"):
        does(cast, as_puppet, keeping.confirm, officer)
    does(cast, ada, keeping.confirm, officer)


def test_another_role_of_privilege_ends_the_sessions_and_waits_and_so_does_a_link_to_who_has_one(cast: Store) -> None:
    ada, other = actor("ada"), second(cast)
    made = does(cast, other, keeping.confirm, joined(cast, ada, "Rosa Winter", "ocu_analyst", None))
    token = sign_in.sign_in(cast, made.username, PASSWORD)
    with pytest.raises(RuleBroken, match="Give the reason"):
        does(cast, ada, keeping.change, made, changed(made, role="operation_coordinator"), made.version)
    to = changed(made, role="operation_coordinator", reason="Takes over from Ana.")
    made = does(cast, ada, keeping.change, made, to, made.version)
    with cast.reading(System()) as session:
        assert sign_in.account_of(session, token) is None
    assert state(cast, made) is AccountState.WAITING
    does(cast, other, keeping.confirm, made)
    assert state(cast, made) is AccountState.ACTIVE
    take_up(cast, does(cast, other, invitations.renew, made), "another harbour, quick tide 5")
    assert state(cast, made) is AccountState.WAITING, "who had the link may be who signs in"
    with pytest.raises(RuleBroken, match="Ask a second person"):
        does(cast, other, keeping.confirm, made)
    does(cast, ada, keeping.confirm, made)
    does(cast, ada, keeping.close, made, "On leave.")
    does(cast, ada, keeping.reopen, made)
    assert state(cast, made) is AccountState.WAITING


def test_whoever_reads_reports_of_several_countries_takes_two() -> None:
    reading = {
        role
        for act in (Act.REPORT_READ, Act.PERSON_LINES_READ, Act.LEAD_READ, Act.OPERATION_EXPORT, Act.ACCOUNT_MANAGE)
        for role, scope in GRANTS[act].items()
        if scope not in (Scope.UNIT, Scope.NATION)
    }
    assert Role.OCU_ANALYST in reading
    assert reading <= PRIVILEGED_ROLES


def test_one_administrator_alone_reads_nothing_by_an_analyst_of_the_own_making(scene: Running) -> None:
    """It is invited, taken up and put on the operation; nobody enters with it until another person confirms it."""
    store, ada = scene.store, scene["ada"]
    ana = joined(store, ada, "Ana Puppet", "ocu_analyst", None)
    with store.unit_of_work(ada) as session:
        staff.assign(session, scene.operation, parse(staff.AssignmentDraft, {"id": new_id(), "people": [ana.id]}), ada)
    assert who(store, ana) is None
    with pytest.raises(RuleBroken, match="waits until a second person confirms it"):
        sign_in.sign_in(store, ana.username, PASSWORD)
    puppet = joined(store, ada, "Nadia Puppet", "administrator", None)
    for by in (who(store, actor_account(store, "ada")), who(store, puppet)):
        if by is not None:
            with pytest.raises(RuleBroken, match="Ask a second person"):
                does(store, by, keeping.confirm, ana)
    other = second(store)
    with store.reading(other) as session:
        asked = [each for each in worklist_entries.waiting(session, other, clock.now()) if each.address == "/people"]
        assert ana.id in {each.id for each in keeping.confirmable(session, other)}
    assert len(asked) == 1
    does(store, other, keeping.confirm, ana)
    found = who(store, ana)
    assert found is not None
    assert scene.operation in found.operations


def test_one_person_s_accounts_of_several_countries_wait_for_another_person(cast: Store) -> None:
    """An administrator could read all countries one by one, by a coordinator of the own making in each."""
    ada = actor("ada")
    niger = joined(cast, ada, "Nadia Idi", "national_coordinator", "NER")
    assert state(cast, niger) is AccountState.ACTIVE
    does(cast, ada, keeping.close, niger, "Read enough.")
    mali = joined(cast, ada, "Moussa Idi", "national_coordinator", "MLI")
    assert state(cast, mali) is AccountState.WAITING
    assert who(cast, mali) is None
    with pytest.raises(RuleBroken, match="Ask a second person"):
        does(cast, ada, keeping.confirm, mali)
    to = changed(mali, role="national_officer", reason="Once more.")
    mali = does(cast, ada, keeping.change, mali, to, mali.version)
    assert state(cast, mali) is AccountState.WAITING, "another role sets nobody free"
    mali = does(cast, actor("moussa"), keeping.confirm, mali)
    assert state(cast, mali) is AccountState.ACTIVE
    to = changed(mali, country="NER", reason="Moves.")
    assert state(cast, does(cast, ada, keeping.change, mali, to, mali.version)) is AccountState.WAITING
    chad = joined(cast, second(cast), "Idriss Idi", "national_coordinator", "TCD")
    assert state(cast, chad) is AccountState.ACTIVE, "of other hands"


def test_nobody_makes_a_link_for_the_own_account(cast: Store) -> None:
    """A session that somebody else has got hold of would become a password."""
    for name in ("ada", "chaima"):
        with pytest.raises(RuleBroken, match="Change your own password on your account page"):
            does(cast, actor(name), invitations.renew, actor_account(cast, name))
    with cast.reading(System()) as session:
        assert session.exec(select(Invitation)).all() == []


def test_who_vouched_vouches_no_more_once_a_password_was_set_by_another_link(cast: Store) -> None:
    chaima, other = actor("chaima"), second(cast)
    officer = joined(cast, chaima, "Omar Idi")
    officer = does(cast, other, keeping.confirm, officer)
    assert officer.vouched_by == other.account_id
    found = who(cast, officer)
    assert found is not None
    assert not found.is_one_of(chaima.account_id)
    officer = take_up(cast, does(cast, chaima, invitations.renew, officer), "another harbour, quick tide 5")
    assert officer.vouched_by is None
    found = who(cast, officer)
    assert found is not None
    assert found.is_one_of(chaima.account_id), "who had the link may be who signs in"
    with cast.reading(other) as session:
        assert [each.id for each in keeping.confirmable(session, other)] == [officer.id]


def test_the_last_administrator_neither_closes_nor_changes_the_own_account(cast: Store) -> None:
    with cast.unit_of_work(System()) as session:
        session.get_one(Account, actor("ada").account_id).password_hash = passwords.hashed(PASSWORD)
    ada, account = actor("ada"), actor_account(cast, "ada")
    for verb in (
        lambda: does(cast, ada, keeping.close, account, "Leaving."),
        lambda: does(cast, ada, keeping.change, account, changed(account, role="auditor", reason="x"), 1),
        lambda: does(cast, ada, keeping.change, account, changed(account, last_day="2099-01-01"), 1),
        lambda: does(cast, System(), keeping.close, account),
    ):
        with pytest.raises(RuleBroken, match="last administrator"):
            verb()
    waits = joined(cast, ada, "Adil Benali", "administrator", None)
    with pytest.raises(RuleBroken, match="last administrator"):
        does(cast, ada, keeping.close, account, "Leaving.")
    does(cast, System(), keeping.confirm, waits)
    with pytest.raises(RuleBroken, match="You cannot change your own account"):
        does(cast, ada, keeping.change, account, changed(account, role="auditor", reason="x"), 1)
    does(cast, ada, keeping.close, account, "Leaving.")
    assert state(cast, account) is AccountState.CLOSED


# --------------------------------------------------------------------------------------------------------- keeping


def test_of_two_who_change_the_same_account_the_second_is_told(cast: Store) -> None:
    bruno, ada = actor_account(cast, "bruno"), actor("ada")
    does(cast, ada, keeping.change, bruno, changed(bruno, unit="Niamey"), bruno.version)
    with pytest.raises(Conflict, match="Somebody changed this while you were writing"):
        does(cast, actor("chaima"), keeping.change, bruno, changed(bruno, unit="Dosso"), bruno.version)
    assert actor_account(cast, "bruno").unit == "Niamey"


def test_every_act_is_journalled_with_its_reason_and_read_by_who_keeps_the_account(cast: Store) -> None:
    ada, bruno = actor("ada"), actor_account(cast, "bruno")
    does(cast, ada, keeping.change, bruno, changed(bruno, clearance="restricted", reason="New post."), 1)
    does(cast, ada, keeping.end_sessions, bruno)
    with pytest.raises(RuleBroken, match="Give the reason"):
        does(cast, ada, keeping.close, bruno, " ")
    does(cast, ada, keeping.close, bruno, "Left the service.")
    does(cast, ada, keeping.reopen, bruno)
    assert acts(cast, bruno) == ["account.change", "account.end_sessions", "account.disable", "account.reopen"]
    with cast.reading(actor("chaima")) as session:
        found = keeping.history(session, bruno.id, actor("chaima"))
    assert [each.detail.get("reason") for each in found] == [None, "Left the service.", None, "New post."]
    with cast.reading(actor("moussa")) as session, pytest.raises(NotFound):
        keeping.history(session, bruno.id, actor("moussa"))


@pytest.mark.requirement("ASVS 7.4.5", "R10")
def test_all_of_a_country_are_signed_out_or_closed_in_one_act_but_who_does_it(cast: Store) -> None:
    ada, chaima = actor("ada"), actor("chaima")
    made = joined(cast, ada)
    token = sign_in.sign_in(cast, made.username, PASSWORD)
    with cast.unit_of_work(chaima) as session, pytest.raises(NotPermitted):
        keeping.end_country(session, "MLI", chaima, "Not ours.")
    with cast.unit_of_work(chaima) as session:
        assert keeping.end_country(session, "NER", chaima, "A laptop was stolen.") == 4
    with cast.reading(System()) as session:
        assert sign_in.account_of(session, token) is None
    with cast.unit_of_work(chaima) as session:
        assert keeping.end_country(session, "NER", chaima, "The operation is over.", close_all=True) == 4
    states = {name: state(cast, actor_account(cast, name)) for name in ("bruno", "boubacar", "chaima", "mateo")}
    assert [name for name, each in states.items() if each is AccountState.CLOSED] == ["bruno", "boubacar"]


# ------------------------------------------------------------------------------------------- one person is one person


def _submitted(scene: Running, author: Actor) -> Any:
    scene.members["author"] = author
    return send(scene, form(scene), "author")


def _climbs(scene: Running, version: Any, by: Actor) -> bool:
    try:
        with scene.store.unit_of_work(by) as session:
            verification.verify(session, version, by)
    except RuleBroken as refused:
        if "somebody else must do this step" not in str(refused):
            raise
        return False
    return True


@pytest.mark.parametrize("maker", ["chaima", "ada"])
def test_nobody_lifts_a_report_alone_with_every_account_that_one_can_make(scene: Running, maker: str) -> None:
    """The maker's officer writes; every account of the maker's and of theirs, and the maker too, try to lift it."""
    store, by = scene.store, scene[maker]
    made = {
        role: joined(store, by, f"Puppet {role}", role)
        for role in ("national_officer", "team_leader", "national_coordinator")
    }
    chief = who(store, made["national_coordinator"])
    assert chief is not None
    made |= {
        f"{role} of theirs": joined(store, chief, f"Second {role}", role)
        for role in ("team_leader", "national_coordinator")
    }
    puppets = {name: who(store, account) for name, account in made.items()}
    author = puppets["national_officer"]
    assert author is not None
    version = _submitted(scene, author)
    hands = [*(each for each in puppets.values() if each is not None), who(store, actor_account(store, maker))]
    trying = [each for each in hands if each is not None and verification.may(each, verification.CLIMBS[0].act)]
    assert len(trying) == 2
    assert not any(_climbs(scene, version.id, each) for each in trying)
    # What somebody else has verified is not theirs to validate either.
    with scene.store.unit_of_work(scene["boubacar"]) as session:
        verification.verify(session, version.id, scene["boubacar"])
    trying = [each for each in hands if each is not None and verification.may(each, verification.CLIMBS[1].act)]
    assert len(trying) == (3 if maker == "chaima" else 2)
    assert not any(_climbs(scene, version.id, each) for each in trying)
    for each in trying:
        with store.reading(each) as session:
            found = session.get_one(reports.Report, version.id)
            assert not verification.may_answer(found, each)
            assert verification.worklist(session, scene.operation, each) == []
    # Somebody else knows that the team leader is there: from now on those are other eyes.
    other = second(store) if maker == "chaima" else scene["chaima"]
    does(store, other, keeping.confirm, made["national_officer"])
    chief = who(store, made["national_coordinator"])
    assert chief is not None
    assert _climbs(scene, version.id, chief)


def test_an_officer_whose_password_a_coordinator_set_anew_is_no_other_person_until_confirmed(scene: Running) -> None:
    store, chaima = scene.store, scene["chaima"]
    take_up(store, does(store, chaima, invitations.renew, actor_account(store, "boubacar")))
    boubacar, version = who(store, actor_account(store, "boubacar")), _submitted(scene, scene["bruno"])
    assert boubacar is not None
    assert _climbs(scene, version.id, boubacar), "another has written it"
    chaima = who(store, actor_account(store, "chaima")) or chaima
    assert not _climbs(scene, version.id, chaima), "who may have verified it"
    does(store, scene["ada"], keeping.confirm, actor_account(store, "boubacar"))
    chaima = who(store, actor_account(store, "chaima")) or chaima
    assert _climbs(scene, version.id, chaima)


# -------------------------------------------------------------------------------------------------------------- many

ROWS = """name\trole\tcountry
Aisha Seydou\tNational officer\tNiger
Omar Idi\tChef d'équipe\tNER\tNiamey\tRestricted\tfr\t2099-12-31
Musa Ba\tnational_coordinator\tMali
Rosa Winter;leadership
"""


def read(store: Store, by: Actor, text: str, batch: Any = None) -> list[bulk_invitations.InvitationRow]:
    with store.reading(by) as session:
        return bulk_invitations.read(session, text, batch or new_id(), by)


def test_rows_become_people_all_or_none_and_the_same_rows_sent_again_nobody_new(cast: Store) -> None:
    ada, batch = actor("ada"), new_id()
    rows = read(cast, ada, ROWS, batch)
    assert [row.flaws for row in rows] == [()] * 4
    assert [row.draft.username for row in rows if row.draft] == ["aisha.seydou", "omar.idi", "musa.ba", "rosa.winter"]
    for _press in range(2):
        with cast.unit_of_work(ada) as session:
            links = bulk_invitations.invite_rows(session, bulk_invitations.read(session, ROWS, batch, ada), ada)
        assert [link.account.role for link in links] == [
            "national_officer",
            "team_leader",
            "national_coordinator",
            "leadership",
        ]
    assert (links[1].account.unit, links[1].account.language, links[1].account.country) == ("Niamey", "fr", "NER")
    take_up(cast, links[0])
    with cast.reading(System()) as session:
        assert len(session.exec(select(Account).where(Account.name == "Omar Idi")).all()) == 1


@pytest.mark.parametrize("word", ["fr", "FR", "French", "français", "francés", "الفرنسية"])
def test_the_language_of_a_pasted_person_is_its_code_or_its_name(cast: Store, word: str) -> None:
    [row] = read(cast, actor("ada"), f"Aisha Seydou\tNational officer\tNiger\t\t\t{word}")
    assert row.draft is not None
    assert row.draft.language == "fr"


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        ("Aisha Seydou\tnational_officer\tAtlantis", "country", "Atlantis is not one of the choices"),
        ("Aisha Seydou\tkeeper\tNER", "role", "not one of the choices"),
        ("Aisha Seydou\tnational_officer", "", "An officer of a country needs that country"),
        ("Aisha Seydou\tauditor\tNER", "", "belongs to no country"),
        ("\tnational_officer\tNER", "name", "is needed"),
        ("Aisha Seydou\tnational_officer\tNER\t\t\txx", "language", "one of these: English, French, Spanish, Arabic"),
        ("Aisha Seydou\tnational_officer\tNER\t\t\t\t1999-01-01", "last_day", "ends after it begins"),
        ("Aisha Seydou\tnational_officer\tNER\t\t\t\tsoon", "last_day", "not a date"),
        ("Bruno Issoufou\tnational_officer\tNER", "name", "already has the account bruno"),
        ("Omar Idi\tnational_officer\tNER", "name", "stands in row 2 as well"),
        ("Another\tnational_officer\tNER\t\t\t\t\tchaima", "username", "is taken"),
        ("عائشة\tnational_officer\tNER", "username", "Muster cannot make a user name from this"),
        ("A\tb\tc\td\te\tf\tg\th\ti\tj", "", "10 cells"),
    ],
)
def test_a_row_says_what_is_wrong_with_it_and_nobody_is_invited(cast: Store, line: str, field: str, words: str) -> None:
    ada = actor("ada")
    rows = read(cast, ada, f"{line}\nOmar Idi\tnational_officer\tNER")
    [flaw] = rows[0].flaws
    assert flaw.field == field
    assert words in str(flaw)
    with cast.unit_of_work(ada) as session, pytest.raises(RuleBroken, match="Row 1 has an error"):
        bulk_invitations.invite_rows(session, rows, ada)


@pytest.mark.parametrize(
    "heading", ["country;unit;name;role", "Pays;Unité;Nom;Rôle", "país;unidad;nombre;rol", "البلد;الوحدة;الاسم;الدور"]
)
def test_columns_are_read_by_the_heading_in_any_language(cast: Store, heading: str) -> None:
    [row] = read(cast, actor("ada"), f"{heading}\nNiger;Niamey;Aisha Seydou;team_leader;;fr")
    assert row.draft is not None
    said = row.draft
    assert (said.name, said.role, said.country, said.unit) == ("Aisha Seydou", "team_leader", "NER", "Niamey")
    assert said.language == "fr", "cells after the heading are the columns that it does not name"


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("name;rank;country", "The column rank is not known"),
        ("name;;country", "The column 2 is not known"),
        ("name;role;Role", "The column role stands in the heading twice"),
    ],
)
def test_a_heading_that_is_wrong_names_its_column(cast: Store, heading: str, words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        read(cast, actor("ada"), f"{heading}\nAisha Seydou;team_leader;NER")


def test_two_of_one_name_with_user_names_of_their_own_are_two_people(cast: Store) -> None:
    rows = read(cast, actor("ada"), "Omar Idi;national_officer;NER;;;;;omar1\nOmar Idi;national_officer;NER;;;;;omar2")
    assert [row.draft.username for row in rows if row.draft] == ["omar1", "omar2"]
    rows = read(cast, actor("ada"), "Omar Idi;national_officer;NER;;;;;omar1\nOmar Ba;national_officer;NER;;;;;omar1")
    assert [str(row.flaws[0]) for row in rows] == [
        f"Row {n} has this user name as well: each needs one of its own." for n in (2, 1)
    ]


def test_a_coordinator_s_rows_are_of_the_own_country(cast: Store) -> None:
    rows = read(cast, actor("chaima"), "Aisha Seydou\nMusa Ba;national_officer;Mali\nRosa Winter;leadership")
    assert rows[0].draft is not None
    assert (rows[0].draft.role, rows[0].draft.country) == ("national_officer", "NER")
    assert [str(row.flaws[0])[:40] for row in rows[1:]] == [
        "You cannot invite people with this role,",
        "This role belongs to no country.",
    ]


def test_99_people_of_33_countries_are_read_and_invited_in_one_go(cast: Store) -> None:
    countries = vocabulary.codes("CL-COUNTRY")[:33]
    text = "\n".join(f"Person {c} {n};national_officer;{c}" for c in countries for n in ("One", "Two", "Three"))
    ada = actor("ada")
    rows = read(cast, ada, text)
    with turns.statements(cast) as executed, cast.unit_of_work(ada) as session:
        links = bulk_invitations.invite_rows(session, rows, ada)
    beside = [each for each in executed if "entry" not in each and "journal_head" not in each]
    assert len(beside) <= 12, "others wait meanwhile: beside their entries all are written together"
    assert len({link.secret for link in links}) == len({link.account.username for link in links}) == 99
    assert {link.account.country for link in links} == set(countries)
    with pytest.raises(RuleBroken, match="500 rows"):
        read(cast, ada, "x\n" * 501)


# ----------------------------------------------------------------------------------------------------------- unused


def _ticks(store: Store, at: datetime) -> None:
    keeper = Timetable(store, LeaseCandidate("people"))
    with clock.at(at):
        keeper.beat()
        keeper.tick(mandates.JOBS)
        keeper.leave()


@pytest.mark.requirement("R11")
def test_who_was_not_there_for_90_days_is_told_a_week_before_and_closed_unless_there_since(cast: Store) -> None:
    begins = clock.now() + timedelta(days=1)
    with clock.at(begins):
        made, other = joined(cast, actor("ada")), joined(cast, actor("ada"), "Omar Idi")
        for each in (made, other):
            sign_in.sign_in(cast, each.username, PASSWORD)
        ada = second(cast)
    _ticks(cast, begins + timedelta(days=82))
    with cast.reading(System()) as session:
        assert not [each for each in session.exec(select(Delivery)) if each.account_id == made.id]
    _ticks(cast, begins + timedelta(days=83, minutes=1))
    with cast.reading(System()) as session:
        told = session.exec(select(Message).where(Message.kind == "account_unused")).all()
        assert {each.link for each in told} >= {"/account", "/people"}
        assert any(session.get(Delivery, (each.id, made.id, "inbox")) for each in told)
    with clock.at(begins + timedelta(days=84)):
        sign_in.sign_in(cast, other.username, PASSWORD)
    _ticks(cast, begins + timedelta(days=90))
    assert state(cast, made) is AccountState.ACTIVE, "a whole week after the word"
    _ticks(cast, begins + timedelta(days=90, minutes=1))
    states = {each.username: state(cast, each) for each in (made, other)}
    assert states == {made.username: AccountState.CLOSED, other.username: AccountState.ACTIVE}
    assert acts(cast, made)[-1] == "account.disable"
    with cast.reading(System()) as session:
        assert keeping.state_of(session.get_one(Account, ada.account_id)) is AccountState.ACTIVE, (
            "one administrator stays"
        )
    with clock.at(begins + timedelta(days=91)):
        does(cast, ada, keeping.reopen, made)
    _ticks(cast, begins + timedelta(days=92))
    assert state(cast, made) is AccountState.ACTIVE, "opened again it has 90 days more"


@pytest.mark.requirement("R11")
def test_whoever_works_with_an_account_is_told_when_another_makes_a_link_for_it(cast: Store) -> None:
    _ticks(cast, NOON)
    with clock.at(NOON + timedelta(minutes=5)):
        does(cast, actor("chaima"), invitations.renew, actor_account(cast, "boubacar"))
        waits = invite(cast, actor("chaima"))
        does(cast, actor("chaima"), invitations.renew, waits.account)
    for minutes in (6, 7):
        _ticks(cast, NOON + timedelta(minutes=minutes))
    with cast.reading(System()) as session:
        [told] = session.exec(select(Message).where(Message.kind == "account_linked")).all()
        to = session.exec(select(Delivery.account_id).where(Delivery.message_id == told.id)).all()
    assert told.urgent
    assert set(to) == {actor("boubacar").account_id}, "not who has no password yet, and nobody else"


def test_nobody_is_closed_without_the_word_however_late_the_timetable_begins(cast: Store) -> None:
    begins = clock.now()
    _ticks(cast, begins + timedelta(days=200))
    assert state(cast, actor_account(cast, "bruno")) is AccountState.ACTIVE
    _ticks(cast, begins + timedelta(days=208))
    assert state(cast, actor_account(cast, "bruno")) is AccountState.CLOSED


def test_who_keeps_an_account_reads_when_the_person_was_last_there(cast: Store) -> None:
    with clock.at(NOON):
        made = joined(cast, actor("ada"))
        sign_in.sign_in(cast, made.username, PASSWORD)
    with cast.reading(actor("ada")) as session:
        assert keeping.person(session, made.id, actor("ada")).used_at == NOON
        assert keeping.person(session, actor("bruno").account_id, actor("ada")).used_at is None
