"""The journal finds every edit, deletion, swap and insertion, and with a head kept elsewhere a truncation too."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, create_engine, select

from operations.core import clock, installation_key, journal
from operations.core.errors import RuleBroken
from operations.core.ids import new_id
from operations.core.journal import AccessEntry, Chain, Entry, Head
from operations.core.people import System
from operations.core.pulse import Heard, HeardStep
from operations.core.store import Store
from operations.policing.operation.plan import Operation
from tests import storages
from tests.makers import START, Running, form, send
from tests.people import actor

pytestmark = pytest.mark.both_storages

LENGTH = 40


@pytest.fixture
def bare() -> Any:
    """A session on tables without triggers: an attacker who owns the machine has none either."""
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(
        engine, tables=[each.__table__ for each in (Entry, AccessEntry, Head, Heard, HeardStep, Operation)]
    )
    with Session(engine) as session:
        session.add_all(Head(chain=chain.value) for chain in Chain)
        session.flush()
        for number in range(LENGTH):
            with clock.at(START + timedelta(minutes=number)):
                journal.record(
                    session,
                    actor("bruno"),
                    "report.submit",
                    "report",
                    new_id(),
                    operation=new_id(),
                    country="NER",
                    lines=number,
                    note="ok",
                )
        yield session
    engine.dispose()


def refresh(session: Session) -> journal.ChainVerdict:
    session.flush()
    session.expire_all()
    return journal.verify(session)


def raw(session: Session, statement: str, **values: Any) -> None:
    session.connection().execute(sa.text(statement), values)


FIELDS = (
    "at",
    "actor_id",
    "actor_name",
    "country",
    "act",
    "object_kind",
    "object_id",
    "operation_id",
    "outcome",
    "detail",
)


@pytest.mark.parametrize("seed", range(50))
@pytest.mark.requirement("ASVS 11.4.3", "R42")
def test_every_edit_is_found(bare: Session, seed: int) -> None:
    dice = random.Random(seed)
    seq, field = dice.randint(1, LENGTH), FIELDS[seed % len(FIELDS)]
    link = bare.get(Entry, seq)
    assert link is not None
    changed: dict[str, Any] = {
        "at": START + timedelta(days=1),
        "actor_id": new_id(),
        "object_id": None,
        "operation_id": new_id(),
        "detail": {**link.detail, "lines": -1},
        "country": dice.choice(["MLI", None]),
    }
    setattr(link, field, changed.get(field, "forged"))
    bare.add(link)
    assert refresh(bare).broken_at == seq


@pytest.mark.parametrize("seed", range(50))
def test_an_edit_with_a_matching_hash_breaks_its_seal(bare: Session, seed: int) -> None:
    seq = random.Random(seed).randint(1, LENGTH)
    link = bare.get(Entry, seq)
    assert link is not None
    link.outcome = "forged"
    link.hash = journal.digest_of(vars(link))
    bare.add(link)
    assert refresh(bare).broken_at == seq


def rewritten(bare: Session, seq: int, seal: Callable[[Entry], str], key: str | None = None) -> None:
    """Write the past anew from an entry on, as who owns the database can: every hash again, and the head."""
    previous = bare.get(Entry, seq - 1)
    digest = previous.hash if previous else journal.GENESIS
    for number in range(seq, LENGTH + 1):
        link = bare.get(Entry, number)
        assert link is not None
        link.detail = {**link.detail, "lines": -1}
        link.prev_hash, digest = digest, ""
        link.hash = digest = journal.digest_of(vars(link))
        link.seal = seal(link)
        bare.add(link)
    head = bare.get(Head, Chain.JOURNAL.value)
    assert head is not None
    head.hash, head.key = digest, head.key if key is None else key
    bare.add(head)


@pytest.mark.parametrize("seq", [1, 2, 17, LENGTH])
@pytest.mark.parametrize(
    "seal",
    [lambda _link: "", lambda link: link.seal, lambda link: journal.seal_of(b"guessed" * 5, Chain.JOURNAL, link.hash)],
    ids=["no seal", "the old seal", "a guessed key"],
)
@pytest.mark.requirement("ASVS 16.4.2")
def test_who_has_the_database_but_not_the_key_cannot_rewrite_the_past_unseen(
    bare: Session, seq: int, seal: Callable[[Entry], str]
) -> None:
    rewritten(bare, seq, seal)
    assert refresh(bare).broken_at == seq
    journal.record(bare, System(), "report.submit", "report")
    assert refresh(bare).broken_at == seq, "what is entered afterwards makes it no truth"


def test_a_journal_whose_key_another_took_takes_no_entry(bare: Session) -> None:
    rewritten(bare, 1, lambda _link: "", key="")
    with pytest.raises(RuleBroken, match="another key than the one that seals the journal"):
        journal.record(bare, System(), "report.submit", "report")
    with pytest.raises(RuleBroken, match="another key than the one that seals the journal"):
        journal.require_key(bare)


OLD, NEW = storages.KEY.encode(), b"n" * 32


@pytest.mark.requirement("ASVS 11.2.2", "R86")
def test_a_new_key_goes_on_where_the_old_one_ended(bare: Session) -> None:
    installation_key.use(lambda: NEW)
    with pytest.raises(RuleBroken, match="another key than the one that seals the journal"):
        journal.record(bare, System(), "report.submit", "report")
    with pytest.raises(RuleBroken, match="does not hold under the old keys"):
        journal.change_key(bare)
    installation_key.use(lambda: NEW, lambda: [OLD])
    assert journal.change_key(bare)
    assert not journal.change_key(bare)
    journal.record(bare, System(), "report.submit", "report")
    assert (refresh(bare).entries, refresh(bare).broken_at) == (LENGTH + 2, None)
    installation_key.use(lambda: NEW)
    assert refresh(bare).broken_at == 1, "without the old key nobody can say that its part is whole"


def test_a_key_that_was_replaced_seals_nothing_new(bare: Session) -> None:
    installation_key.use(lambda: NEW, lambda: [OLD])
    old = installation_key.ring("journal")[0]
    assert journal.change_key(bare)
    raw(bare, "DELETE FROM entry WHERE seq > :length", length=LENGTH)
    raw(bare, "UPDATE journal_head SET seq = :length WHERE chain = 'journal'", length=LENGTH)
    bare.expire_all()
    rewritten(bare, 5, lambda link: journal.seal_of(old, Chain.JOURNAL, link.hash))
    assert refresh(bare).broken_at == LENGTH


@pytest.mark.parametrize("seed", range(35))
@pytest.mark.requirement("R43")
def test_every_deletion_is_found(bare: Session, seed: int) -> None:
    seq = random.Random(seed).randint(1, LENGTH)
    raw(bare, "DELETE FROM entry WHERE seq = :seq", seq=seq)
    assert refresh(bare).broken_at == seq


@pytest.mark.parametrize("seed", range(35))
@pytest.mark.requirement("R43")
def test_every_swap_is_found(bare: Session, seed: int) -> None:
    one, other = sorted(random.Random(seed).sample(range(1, LENGTH + 1), 2))
    for before, after in ((one, -1), (other, one), (-1, other)):
        raw(bare, "UPDATE entry SET seq = :after WHERE seq = :before", before=before, after=after)
    assert refresh(bare).broken_at == one


@pytest.mark.parametrize("seed", range(30))
def test_every_insertion_is_found(bare: Session, seed: int) -> None:
    place = random.Random(seed).randint(1, LENGTH + 1)
    raw(bare, "UPDATE entry SET seq = -seq - 1 WHERE seq >= :place", place=place)
    raw(bare, "UPDATE entry SET seq = -seq WHERE seq < 0")
    before = bare.get(Entry, place - 1)
    forged = Entry(
        seq=place,
        at=START,
        actor_name="Nobody",
        act="report.submit",
        object_kind="report",
        prev_hash=before.hash if before else journal.GENESIS,
        hash="",
    )
    forged.hash = journal.digest_of(vars(forged))
    bare.add(forged)
    assert refresh(bare).broken_at == place


@pytest.mark.requirement("ASVS 16.2.1", "R42")
def test_an_honest_chain_holds(bare: Session) -> None:
    verdict = refresh(bare)
    assert (verdict.entries, verdict.broken_at) == (LENGTH, None)
    assert journal.pulse(bare) == LENGTH


@pytest.mark.parametrize("left", [0, 1, 20, LENGTH - 1])
@pytest.mark.requirement("R44")
def test_a_truncation_shows_against_a_head_kept_elsewhere(bare: Session, left: int) -> None:
    noted = (LENGTH, refresh(bare).head)
    raw(bare, "DELETE FROM entry WHERE seq > :left", left=left)
    assert refresh(bare).broken_at == left + 1  # the head in the database still says so
    last = bare.get(Entry, left)
    raw(
        bare,
        "UPDATE journal_head SET seq = :left, hash = :hash WHERE chain = 'journal'",
        left=left,
        hash=last.hash if last else journal.GENESIS,
    )
    assert refresh(bare).broken_at is None  # whoever owns the machine can hide it there
    assert journal.verify(bare, head=noted).broken_at == left + 1


@pytest.mark.requirement("R44")
def test_an_older_copy_that_went_on_shows_as_a_fork(bare: Session) -> None:
    noted = (LENGTH, refresh(bare).head)
    raw(bare, "DELETE FROM entry WHERE seq > 10")
    tenth = bare.get(Entry, 10)
    assert tenth is not None
    raw(bare, "UPDATE journal_head SET seq = 10, hash = :hash WHERE chain = 'journal'", hash=tenth.hash)
    bare.expire_all()
    for _ in range(LENGTH):
        journal.record(bare, System(), "report.submit", "report")
    assert refresh(bare).broken_at is None
    assert journal.verify(bare, head=noted).broken_at == LENGTH
    assert journal.verify(bare, head=(10, tenth.hash)).broken_at is None


# -------------------------------------------------------------------------------------------------- in the store


def test_the_access_trail_does_not_move_the_pulse(store: Store) -> None:
    with store.unit_of_work(actor("bruno")) as session:
        journal.record(session, actor("bruno"), "report.submit", "report")
        before = journal.pulse(session)
        for _ in range(3):
            journal.record(session, actor("bruno"), "report.read", "report", chain=Chain.ACCESS)
        assert journal.pulse(session) == before == 1
        assert journal.pulse(session, Chain.ACCESS) == 3
    with store.reading(System()) as session:
        assert journal.verify(session).entries == 1
        assert journal.verify(session, Chain.ACCESS) == journal.ChainVerdict(
            Chain.ACCESS, 3, session.exec(select(Head.hash).where(Head.chain == Chain.ACCESS)).one()
        )


class PowerCutError(Exception):
    """The transaction ends in the middle."""


@pytest.mark.requirement("ASVS 16.5.3", "ASVS 2.3.3", "R41", "R45")
def test_a_change_and_its_entry_are_there_together_or_not_at_all(scene: Running) -> None:
    with scene.store.reading(System()) as session:
        before = journal.pulse(session)

    def cut() -> None:
        with scene.store.unit_of_work(scene["ana"]) as session:
            assert journal.record(session, scene["ana"], "operation.edit", "operation") == before + 1
            raise PowerCutError

    with pytest.raises(PowerCutError):
        cut()
    with scene.store.reading(System()) as session:
        assert journal.pulse(session) == before
        assert journal.verify(session).broken_at is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET outcome = 'x'",
        "DELETE FROM entry",
        "DELETE FROM report",
        "UPDATE line SET quantity = 1",
        "DELETE FROM line",
    ],
)
@pytest.mark.requirement("ASVS 16.4.2", "R43")
def test_the_database_refuses_to_change_what_happened(scene: Running, statement: str) -> None:
    send(scene, form(scene))
    with pytest.raises(sa.exc.DBAPIError, match="never changed"), scene.store.unit_of_work(System()) as session:
        session.connection().execute(sa.text(statement))


def test_the_feed_goes_back_in_pages(scene: Running) -> None:
    with scene.store.reading(scene["lena"]) as session:
        every = [entry.seq for entry in journal.latest(session, scene.operation, limit=1000)]
        first = [entry.seq for entry in journal.latest(session, scene.operation, limit=5)]
        rest = [entry.seq for entry in journal.latest(session, scene.operation, limit=1000, skip=5)]
        assert journal.known(session, scene.operation) == len(every)
    assert first + rest == every == sorted(every, reverse=True)


def test_the_pulse_says_which_operations_changed(scene: Running) -> None:
    with scene.store.reading(System()) as session:
        before = journal.pulse(session)
    send(scene, form(scene, "Bamako"), by="mateo")
    with scene.store.reading(scene["bruno"]) as session:
        assert journal.operations_since(session, before) == {scene.operation}
        assert journal.operations_since(session, before + 1) == set()
