"""Passkeys: a second factor that holds for its account, its site and its session, and once."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from operations.core import account_admin, clock, passkeys, proof, second_factor, sign_in
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.journal import AccessEntry
from operations.core.passkeys import Passkey, PasskeySite
from operations.core.people import Account, Actor, System
from operations.core.sign_in import PasskeyAnswer
from operations.core.sign_in_throttle import Hasty
from operations.core.store import Store
from operations.core.vocabulary import Role
from tests.authenticator import SecurityKey
from tests.operations.test_second_factor import EVERYBODY, account, entered, opens  # noqa: F401 - a fixture
from tests.people import actor

pytestmark = pytest.mark.both_storages
HERE = PasskeySite("https://muster.example", "muster.example")
ELSEWHERE = PasskeySite("https://muster.exarnple", "muster.exarnple")


@pytest.fixture(autouse=True)
def at() -> Iterator[None]:
    with clock.at(clock.now()):
        yield


def key() -> SecurityKey:
    return SecurityKey(HERE.origin, HERE.name)


def registered(store: Store, token: str, made: SecurityKey, name: str = "Blue key") -> sign_in.Completed:
    """A first sign-in, at which the person makes a passkey."""
    waits = sign_in.pending(store, token, HERE)
    assert waits is not None
    return sign_in.complete(store, token, "", PasskeyAnswer(HERE, made.makes(waits.passkey), name))


def asked(store: Store, token: str) -> str:
    waits = sign_in.pending(store, token, HERE)
    assert waits is not None
    return waits.passkey


def by_key(store: Store, token: str, said: str, at_site: PasskeySite = HERE) -> sign_in.Completed:
    return sign_in.complete(store, token, "", PasskeyAnswer(at_site, said))


def later(seconds: int = 1) -> object:
    return clock.at(clock.now() + timedelta(seconds=seconds))


def person(store: Store, account: Account, token: str) -> Actor:  # noqa: F811
    with store.reading(System()) as session:
        live = sign_in.visit(session, token)
        assert live is not None
    whose = replace(actor("otto"), account_id=account.id, name=account.name)
    return replace(whose, sign_in_id=live.sign_in.id, proven_at=clock.now())


@pytest.fixture
def held(store: Store, account: Account) -> tuple[SecurityKey, sign_in.Completed]:  # noqa: F811
    made = key()
    return made, registered(store, entered(store, demands=EVERYBODY), made)


@pytest.mark.requirement("ASVS 6.3.4")
def test_a_role_that_needs_a_second_factor_has_one_with_a_passkey(
    store: Store,
    account: Account,  # noqa: F811
    held: tuple[SecurityKey, sign_in.Completed],
) -> None:
    made, done = held
    assert len(done.codes) == second_factor.RECOVERY_CODES
    assert opens(store, done.token)
    token = entered(store, demands=frozenset({Role.AUDITOR}))
    waits = sign_in.pending(store, token, HERE)
    assert waits is not None
    assert (waits.enrolled, waits.secret, waits.app) == (True, "", False), "no app is asked for"
    assert not opens(store, token)
    with later():
        again = by_key(store, token, made.answers(asked(store, token)))
        assert opens(store, again.token)
        assert again.codes == []
    token = entered(store)
    assert opens(store, sign_in.complete(store, token, done.codes[0]).token), "a recovery code lets in who lost the key"


def test_an_answer_holds_once_for_its_session_its_site_and_for_minutes(
    store: Store,
    account: Account,  # noqa: F811
    held: tuple[SecurityKey, sign_in.Completed],
) -> None:
    made, _done = held
    token, other = entered(store), entered(store)
    with later():
        options = asked(store, token)
        for_another = asked(store, other)
        stranger = SecurityKey(HERE.origin, HERE.name, ident=made.ident)
        phished = replace(made, origin=ELSEWHERE.origin, site=ELSEWHERE.name)
        wrong = {
            "of another session": made.answers(for_another),
            "of another site": phished.answers(options),
            "of the same name by another key": stranger.answers(options),
            "no answer": "{}",
            "no JSON": "?",
            "a new passkey": made.makes(options),
        }
        for why, said in wrong.items():
            with pytest.raises(RuleBroken, match="This passkey was not accepted"):
                by_key(store, token, said)
            with store.unit_of_work(System()) as session:
                second_factor.passkeys.of(session, account.id)
                sign_in.sign_in_throttle.forget_failures(session, account.username, "192.0.2.7")
            assert not opens(store, token), why
        right = made.answers(options)
        with later(301), pytest.raises(RuleBroken, match="This passkey was not accepted"):
            by_key(store, token, right)
        assert opens(store, by_key(store, token, right).token)
        with store.unit_of_work(System()) as session:
            row = session.exec(select(sign_in.SignIn).where(sign_in.SignIn.token_hash == sign_in.sha256(other))).one()
            session_id = row.id
        with store.unit_of_work(System()) as session:
            assert not passkeys.right(session, account.id, HERE, session_id, right), "nor once more, elsewhere"


@pytest.mark.requirement("R2")
def test_the_same_answer_is_taken_once(
    store: Store,
    account: Account,  # noqa: F811
    held: tuple[SecurityKey, sign_in.Completed],
) -> None:
    made, done = held
    by = person(store, account, done.token)
    with later(), store.unit_of_work(System()) as session:
        said = made.answers(passkeys.request(session, account.id, HERE, by.sign_in_id))
        assert passkeys.right(session, account.id, HERE, by.sign_in_id, said)
        assert not passkeys.right(session, account.id, HERE, by.sign_in_id, said)


def test_wrong_answers_are_counted_with_wrong_codes(
    store: Store,
    account: Account,  # noqa: F811
    held: tuple[SecurityKey, sign_in.Completed],
) -> None:
    token = entered(store)
    for _try in range(5):
        with pytest.raises(RuleBroken, match="was not accepted"):
            by_key(store, token, "{}")
    with pytest.raises(Hasty):
        by_key(store, token, "{}")
    with store.reading(System()) as session:
        outcomes = session.exec(select(AccessEntry.outcome).where(AccessEntry.act == "account.sign_in")).all()
    assert "failed" in outcomes


def test_a_passkey_that_asked_for_a_pin_proves_the_person_without_the_password(
    store: Store,
    account: Account,  # noqa: F811
    held: tuple[SecurityKey, sign_in.Completed],
) -> None:
    made, done = held
    by = person(store, account, done.token)

    def proves(with_key: SecurityKey) -> None:
        with store.reading(System()) as session:
            options = passkeys.request(session, account.id, HERE, by.sign_in_id)
        sign_in.prove(store, by, "", passkey=PasskeyAnswer(HERE, with_key.answers(options)))

    with later():
        with pytest.raises(RuleBroken, match="was not accepted"):
            proves(replace(made, verifies=False))
        proves(replace(made, uses=1))
        with store.reading(System()) as session:
            assert session.get_one(sign_in.SignIn, by.sign_in_id).proven_at == clock.now()


def test_passkeys_are_named_removed_and_the_last_one_stays_where_the_role_needs_it(
    store: Store,
    account: Account,  # noqa: F811
    held: tuple[SecurityKey, sign_in.Completed],
) -> None:
    made, done = held
    by = person(store, account, done.token)

    def own() -> list[Passkey]:
        with store.reading(System()) as session:
            return list(passkeys.of(session, account.id))

    def adds(other: SecurityKey, name: str) -> list[str]:
        with store.reading(System()) as session:
            options = passkeys.creation(session, session.get_one(Account, account.id), HERE, by.sign_in_id)
        return sign_in.add_passkey(store, by, PasskeyAnswer(HERE, other.makes(options), name))

    with later():
        with pytest.raises(RuleBroken, match="Give the passkey a name"):
            adds(key(), "  ")
        with pytest.raises(RuleBroken, match="is registered already"):
            adds(made, "The same")
        with pytest.raises(RuleBroken, match=r"was not accepted\. Try again\."):
            adds(SecurityKey(ELSEWHERE.origin, ELSEWHERE.name), "Elsewhere")
        assert adds(key(), "Office  laptop") == [], "the codes of before hold"
        [first, second] = own()
        assert second.name == "Office laptop"
        sign_in.rename_passkey(store, by, second.id, "Home")
        assert own()[1].name == "Home"
        sign_in.remove_factor(store, by, first.id, needed=True)
        with pytest.raises(RuleBroken, match="You cannot remove the last one"):
            sign_in.remove_factor(store, by, second.id, needed=True)
        with pytest.raises(NotFound):
            sign_in.remove_factor(store, by, new_id())
        stale = replace(by, proven_at=clock.now() - proof.FRESH - timedelta(seconds=1))
        for act in (
            lambda: sign_in.remove_factor(store, stale, second.id),
            lambda: sign_in.rename_passkey(store, stale, second.id, "Mine"),
            lambda: sign_in.add_passkey(store, stale, PasskeyAnswer(HERE, "{}", "x")),
        ):
            with pytest.raises(proof.ProofNeeded):
                act()
        sign_in.remove_factor(store, by, second.id)
        with store.reading(System()) as session:
            assert not second_factor.confirmed(session, account.id)
            assert second_factor.codes_left(session, account.id) == 0
            acts = session.exec(select(AccessEntry.act).where(AccessEntry.act.startswith("account.factor"))).all()  # type: ignore[attr-defined]
        assert acts == [
            "account.factor_set",
            "account.factor_set",
            "account.factor_named",
            "account.factor_removed",
            "account.factor_removed",
        ]


def test_nobody_has_more_than_ten(
    store: Store,
    account: Account,  # noqa: F811
    held: tuple[SecurityKey, sign_in.Completed],
) -> None:
    bound = new_id()
    with store.unit_of_work(System()) as session:
        for number in range(passkeys.MOST):
            options = passkeys.creation(session, account, HERE, bound)
            if number < passkeys.MOST - 1:
                passkeys.register(session, account.id, HERE, bound, key().makes(options), f"Key {number}")
        with pytest.raises(RuleBroken, match="Remove one before you add another"):
            passkeys.register(session, account.id, HERE, bound, key().makes(options), "One more")


def test_an_administrator_helps_who_lost_everything_and_sees_who_has_a_factor(
    store: Store,
    account: Account,  # noqa: F811
    held: tuple[SecurityKey, sign_in.Completed],
) -> None:
    with store.reading(System()) as session:
        assert second_factor.holders(session) == {account.id}
    with store.unit_of_work(System()) as session:
        account_admin.reset_factor(session, account.id, System())
        assert passkeys.of(session, account.id) == []


def test_passkeys_hold_for_a_name_with_tls_and_for_this_machine_alone() -> None:
    assert passkeys.site("https://muster.example/") == HERE
    assert passkeys.site("http://localhost:8060") == PasskeySite("http://localhost:8060", "localhost")
    for address in ("http://muster.example", "https://192.0.2.1", "http://127.0.0.1:8060", "https://[::1]", ""):
        assert passkeys.site(address) is None, address


@pytest.mark.requirement("ASVS 15.3.1")
def test_options_say_no_more_than_the_browser_needs(store: Store, account: Account) -> None:  # noqa: F811
    with store.reading(System()) as session:
        options = json.loads(passkeys.creation(session, account, HERE, new_id()))
        assert passkeys.request(session, account.id, HERE, new_id()) == ""
    assert options["rp"] == {"id": "muster.example", "name": "Muster"}
    assert options["attestation"] == "none"
