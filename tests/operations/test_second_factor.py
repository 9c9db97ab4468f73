"""The second factor: a password alone opens nothing, a code opens once, wrong ones wait, and its secret is sealed."""

import importlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from sqlmodel import select

from operations.core import account_admin, clock, installation_key, journal, proof, second_factor, sign_in
from operations.core.accounts import AccountDraft, add_account
from operations.core.drafts import parse
from operations.core.errors import Conflict, RuleBroken
from operations.core.ids import new_id
from operations.core.journal import AccessEntry, Entry
from operations.core.people import Account, System
from operations.core.second_factor import RecoveryCode, SecondFactor
from operations.core.sign_in_throttle import Hasty
from operations.core.store import Store
from operations.core.vocabulary import Role
from operations.notices import new_device
from operations.policing.operation import membership
from tests.makers import Running
from tests.people import actor

pytestmark = pytest.mark.both_storages
PASSWORD = "quiet harbour, slow tide 4"
STEP = timedelta(seconds=second_factor.PERIOD)
EVERYBODY = frozenset(Role)


@pytest.fixture
def account(store: Store) -> Account:
    draft = {"id": new_id(), "username": "nina", "name": "Nina Holt", "role": "auditor", "password": PASSWORD}
    with store.unit_of_work(System()) as session:
        return add_account(session, parse(AccountDraft, draft), System())


def code_of(store: Store, account: Account, moment: Any = None) -> str:
    with store.reading(System()) as session:
        kept = session.get_one(SecondFactor, account.id)
    secret = installation_key.opened("second factor", kept.sealed, str(account.id))
    return str(pyotp.TOTP(secret).at(moment or clock.now()))


def entered(store: Store, **more: Any) -> str:
    return sign_in.sign_in(store, "nina", PASSWORD, "192.0.2.7", "Browser", **more)


def opens(store: Store, token: str) -> bool:
    with store.reading(System()) as session:
        return sign_in.visit(session, token) is not None


def enrolled(store: Store, account: Account) -> list[str]:
    token = entered(store, demands=EVERYBODY)
    assert sign_in.pending(store, token) is not None
    return sign_in.complete(store, token, code_of(store, account)).codes


@pytest.mark.requirement("ASVS 6.3.3", "R2")
def test_where_the_role_needs_one_the_password_alone_opens_nothing_until_one_is_set_up(
    store: Store, account: Account
) -> None:
    token = entered(store, demands=frozenset({Role.AUDITOR}))
    assert not opens(store, token)
    waits = sign_in.pending(store, token)
    assert waits is not None
    assert (waits.enrolled, len(waits.secret)) == (False, 32)
    done = sign_in.complete(store, token, code_of(store, account))
    assert len({*done.codes}) == second_factor.RECOVERY_CODES
    assert opens(store, done.token)
    assert not opens(store, token), "the token of before is nobody's"
    assert opens(store, entered(store, demands=frozenset({Role.ADMINISTRATOR}))) is False, "who has one is asked for it"


@pytest.mark.requirement("ASVS 6.5.1", "ASVS 6.5.5", "R2")
def test_a_code_is_taken_once_and_within_a_step_of_now(store: Store, account: Account) -> None:
    enrolled(store, account)
    used = code_of(store, account)
    for moment, right in ((0, False), (3, False), (-3, False), (1, True), (1, False), (2, True)):
        token = entered(store)
        code = used if moment == 0 else code_of(store, account, clock.now() + moment * STEP)
        with clock.at(clock.now() + (STEP if moment == 2 else timedelta())):
            try:
                assert opens(store, sign_in.complete(store, token, code).token) is right
            except RuleBroken:
                assert not right, moment


@pytest.mark.requirement("ASVS 6.5.1", "ASVS 6.5.4")
def test_a_recovery_code_lets_in_once_however_it_is_typed(store: Store, account: Account) -> None:
    [first, second, *_rest] = enrolled(store, account)
    assert opens(store, sign_in.complete(store, entered(store), f" {first.lower()} ").token)
    with pytest.raises(RuleBroken, match="This code is not right"):
        sign_in.complete(store, entered(store), first)
    assert opens(store, sign_in.complete(store, entered(store), second.replace("-", "")).token)
    with store.reading(System()) as session:
        assert second_factor.codes_left(session, account.id) == second_factor.RECOVERY_CODES - 2
        digests = {each.digest for each in session.exec(select(RecoveryCode))}
    assert not digests & {first, second}


def test_wrong_codes_wait_as_wrong_passwords_do_and_a_right_password_forgives_none(
    store: Store, account: Account
) -> None:
    enrolled(store, account)
    for _try in range(5):
        with pytest.raises(RuleBroken, match="This code is not right"):
            sign_in.complete(store, entered(store), "000000")
    with pytest.raises(Hasty):
        entered(store)


def test_a_session_that_waits_is_over_after_ten_minutes(store: Store, account: Account) -> None:
    enrolled(store, account)
    token = entered(store)
    with clock.at(clock.now() + sign_in.CODE_WITHIN + timedelta(seconds=1)):
        assert sign_in.pending(store, token) is None
        with pytest.raises(RuleBroken, match="This took too long"):
            sign_in.complete(store, token, code_of(store, account))


@pytest.mark.requirement("ASVS 11.3.1", "ASVS 11.3.2", "ASVS 11.3.3", "ASVS 6.5.2")
def test_the_secret_is_sealed_under_a_key_outside_the_database_and_for_its_account_alone(
    store: Store, account: Account
) -> None:
    token = entered(store, demands=EVERYBODY)
    waits = sign_in.pending(store, token)
    assert waits is not None
    with store.reading(System()) as session:
        sealed = session.get_one(SecondFactor, account.id).sealed
    assert waits.secret not in sealed
    with pytest.raises(RuleBroken, match="another key"):
        installation_key.opened("second factor", sealed, str(new_id()))
    installation_key.use(lambda: b"x" * 32)
    with pytest.raises(RuleBroken, match="another key"):
        sign_in.complete(store, token, "123456")
    installation_key.use(lambda: b"short")
    with pytest.raises(RuleBroken, match="This server has no key"):
        sign_in.complete(store, token, "123456")


@pytest.mark.requirement("ASVS 16.3.1")
def test_every_way_in_is_in_the_access_trail_and_a_right_password_alone_is_not(store: Store, account: Account) -> None:
    enrolled(store, account)
    token = entered(store)
    with pytest.raises(RuleBroken):
        sign_in.complete(store, token, "000000")
    with store.reading(System()) as session:
        told = [(each.act, each.outcome) for each in session.exec(select(AccessEntry).order_by(AccessEntry.seq))]
    assert told == [
        ("account.sign_in", "done"),
        ("account.factor_set", "done"),
        ("account.sign_in", "failed"),
    ]


# --------------------------------------------------------------------------------------------------------- proof


def signed_in(store: Store, token: str) -> Any:
    with store.reading(System()) as session:
        visit = sign_in.visit(session, token)
        assert visit is not None
        by = membership.signed_in(session, visit)
    assert by is not None
    return by


def test_a_proof_holds_for_a_quarter_of_an_hour_and_is_given_again_by_password_and_code(
    store: Store, account: Account
) -> None:
    enrolled(store, account)
    token = sign_in.complete(store, entered(store), code_of(store, account, clock.now() + STEP)).token
    assert proof.fresh(signed_in(store, token))
    with clock.at(clock.now() + proof.FRESH + timedelta(minutes=1)):
        by = signed_in(store, token)
        assert not proof.fresh(by)
        with pytest.raises(proof.ProofNeeded):
            sign_in.remove_factor(store, by)
        with pytest.raises(RuleBroken, match="not your present password"):
            sign_in.prove(store, by, "wrong harbour, slow tide 4", code_of(store, account))
        with pytest.raises(RuleBroken, match="This code is not right"):
            sign_in.prove(store, by, PASSWORD, "000000")
        sign_in.prove(store, by, PASSWORD, code_of(store, account))
        by = signed_in(store, token)
        assert proof.fresh(by)
        sign_in.remove_factor(store, by)
        assert not sign_in.has_factor(store, by)


NEED_PROOF = {
    "results.snapshots.take",
    "data_protection.requests.decide",
    "exchange.centres.send",
    "exchange.dispatches.send",
    "exchange.products.share",
    "policing.leads.leads.share",
    "core.account_admin.close",
    "core.account_admin.reopen",
    "core.account_admin.change",
    "core.account_admin.confirm",
    "core.account_admin.reset_factor",
    "core.account_admin.bind_identity",
    "core.account_admin.unbind_identity",
    "core.account_admin.end_country",
    "core.invitations.invite",
    "core.invitations.renew",
    "core.bulk_invitations.invite_rows",
    "core.sign_in.remove_factor",
    "core.sign_in.add_passkey",
    "core.sign_in.rename_passkey",
    "data_protection.holds.take",
}


@pytest.mark.requirement("ASVS 7.5.1", "R12")
def test_what_needs_a_proof_is_what_leaves_shares_erases_signs_and_keeps_accounts(scene: Running) -> None:
    for name in NEED_PROOF:
        importlib.import_module(f"operations.{name.rpartition('.')[0]}")
    assert {name.removeprefix("operations.") for name in proof.VERBS} == NEED_PROOF
    assert proof.fresh(scene["ana"]), "no browser, no session"


@pytest.mark.requirement("R12")
def test_a_verb_and_a_file_are_refused_to_who_proved_nothing_for_long(scene: Running) -> None:
    """The account of somebody who left a browser open: nothing leaves, and nobody is let in."""
    by = replace(scene["ada"], sign_in_id=new_id(), proven_at=clock.now() - proof.FRESH - timedelta(seconds=1))
    with pytest.raises(proof.ProofNeeded), scene.store.unit_of_work(System()) as session:
        account_admin.end_country(session, "NER", by, "They left the operation.")
    with pytest.raises(proof.ProofNeeded), scene.store.unit_of_work(System()) as session:
        journal.record_download(session, by, "report.export", None, "csv")


# ------------------------------------------------------------------------------------------------- lost, and told


@pytest.mark.requirement("ASVS 6.4.4")
def test_who_resets_a_factor_counts_as_the_account_until_somebody_else_vouches(store: Store, account: Account) -> None:
    enrolled(store, account)
    token = sign_in.complete(store, entered(store), code_of(store, account, clock.now() + STEP)).token
    ada = actor("ada")
    with store.unit_of_work(ada) as session:
        account_admin.reset_factor(session, account.id, ada)
    assert not opens(store, token)
    with store.reading(System()) as session:
        kept = session.get_one(Account, account.id)
        assert kept.in_other_hands
        assert kept.handed_by == ada.account_id
        assert session.exec(select(Entry.act).where(Entry.act == "account.factor_reset")).all() == [
            "account.factor_reset"
        ]
    with pytest.raises(Conflict), store.unit_of_work(ada) as session:
        account_admin.reset_factor(session, account.id, ada)


def test_nobody_resets_their_own(store: Store, account: Account) -> None:
    enrolled(store, account)
    own = actor("ada")
    with store.unit_of_work(System()) as session:
        mine = session.get_one(Account, account.id)
        mine.role = "administrator"
        session.add(mine)
    own = membership_of(store, account)
    with pytest.raises(RuleBroken), store.unit_of_work(own) as session:
        account_admin.reset_factor(session, account.id, own)


def membership_of(store: Store, account: Account) -> Any:
    with store.reading(System()) as session:
        by = membership.actor(session, session.get_one(Account, account.id))
    assert by is not None
    return by


@pytest.mark.requirement("R48")
def test_a_sign_in_from_elsewhere_is_told_once_a_day_and_the_first_is_not(store: Store, account: Account) -> None:
    def come(source: str, agent: str) -> bool:
        sign_in.sign_in(store, "nina", PASSWORD, source, agent)
        return new_device.tell_of_newest(store, "nina")

    start = clock.now()
    told = []
    for minutes, source, agent in (
        (0, "192.0.2.7", "A"),
        (1, "192.0.2.7", "A"),
        (2, "198.51.100.9", "A"),
        (3, "198.51.100.9", "B"),
        (4, "192.0.2.7", "B"),
        (60 * 24 * 32, "192.0.2.7", "A"),
    ):
        with clock.at(start + timedelta(minutes=minutes)):
            told.append(come(source, agent))
    assert told == [False, False, True, True, False, True]
