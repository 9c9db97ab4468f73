"""Who binds an account to an identity, of whom, and that it is a second pair of eyes no more."""

from uuid import UUID

import pytest
from sqlmodel import select

from operations.core import account_admin, federated_identities, sign_in
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.journal import Entry
from operations.core.people import Account, System
from operations.core.store import Store
from tests.makers import Running
from tests.people import actor

pytestmark = pytest.mark.both_storages
ISSUER = "https://id.example"


def bind(store: Store, name: str, subject: str, by: str = "ada", issuer: str = ISSUER) -> Account:
    who = actor(by)
    with store.unit_of_work(who) as session:
        return account_admin.bind_identity(session, actor(name).account_id, issuer, subject, who)


def entered(store: Store, subject: str, issuer: str = ISSUER) -> UUID:
    return sign_in.sign_in_by_identity(store, issuer, subject).account.id


def test_a_bound_account_counts_as_its_binders_until_somebody_vouches_for_its_person(scene: Running) -> None:
    account = bind(scene.store, "ana", " ana@id ")
    assert (account.handed_by, account.vouched_by) == (actor("ada").account_id, None)
    assert entered(scene.store, "ana@id") == account.id
    with scene.store.reading(actor("ada")) as session:
        assert account_admin.person(session, account.id, actor("ada")).subject == "ana@id"
        acts = session.exec(select(Entry.act).where(Entry.object_id == account.id)).all()
    assert "account.identity_bound" in acts


@pytest.mark.requirement("ASVS 10.5.2", "ASVS 6.8.1")
def test_a_subject_opens_one_account_of_one_issuer(scene: Running) -> None:
    bind(scene.store, "ana", "one@id")
    with pytest.raises(RuleBroken, match="This identity is bound to another account"):
        bind(scene.store, "dov", "one@id")
    with pytest.raises(RuleBroken, match="No account of Muster is bound to you"):
        entered(scene.store, "one@id", "https://other.example")
    bind(scene.store, "ana", "two@id")
    with pytest.raises(RuleBroken, match="No account of Muster is bound to you"):
        entered(scene.store, "one@id")
    for empty in ("", "  ", "x" * (federated_identities.LONGEST_SUBJECT + 1)):
        with pytest.raises(RuleBroken, match="Enter the identifier that the identity provider shows: 1 to 255"):
            bind(scene.store, "ana", empty)


def test_nobody_binds_their_own_account_or_one_that_they_do_not_keep(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="You cannot change your own account"):
        bind(scene.store, "ada", "ada@id")
    for by in ("dov", "chaima"):
        with pytest.raises(NotFound):
            bind(scene.store, "ana", "ana@id", by)


def test_the_password_stays_and_is_there_first(scene: Running) -> None:
    with scene.store.unit_of_work(System()) as session:
        session.get_one(Account, actor("ana").account_id).password_hash = ""
    with pytest.raises(RuleBroken, match="The person has not set a password yet"):
        bind(scene.store, "ana", "ana@id")


def test_what_is_taken_away_opens_nothing(scene: Running) -> None:
    account = bind(scene.store, "ana", "ana@id")
    with scene.store.unit_of_work(actor("ada")) as session:
        account_admin.unbind_identity(session, account.id, actor("ada"))
    with pytest.raises(RuleBroken, match="No account of Muster is bound to you"):
        entered(scene.store, "ana@id")
    ada = actor("ada")
    with (
        scene.store.unit_of_work(ada) as session,
        pytest.raises(Conflict, match="This account is bound to no identity"),
    ):
        account_admin.unbind_identity(session, account.id, ada)
