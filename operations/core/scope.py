"""Scopes: who sees which rows. Every query of a person's session on a scoped table gets its condition here.

The condition comes from the session's actor, never from a screen; on PostgreSQL row-level security repeats it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from itertools import count
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, CursorResult
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, with_loader_criteria
from sqlalchemy.orm.evaluator import UnevaluatableError
from sqlalchemy.orm.interfaces import CriteriaOption
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.visitors import iterate
from sqlmodel import Session, SQLModel, col

from operations.core import change_tracking
from operations.core.errors import Changed
from operations.core.people import Account, Actor, System
from operations.core.storage_errors import Unavailable
from operations.core.vocabulary import Role

__all__ = [
    "ScopedSession",
    "alone",
    "asked_for",
    "locked",
    "personal_tables",
    "reused",
    "scoped",
    "unfenced",
    "unscoped",
]
_UNSCOPED, _UNFENCED, _REUSED = "muster_unscoped", "muster_unfenced", "muster_reused"
_BARE = "A person's session is asked through the models: SQL text and bare tables have no filter."

Criterion = Callable[[Actor], Any]
Identify = Callable[[Connection, Actor], Actor | None]
_scopes: dict[type[SQLModel], Criterion] = {}
_numbers = count()
_identify: list[Identify] = []
_SETS = ("operations", "sites", "alike", "left")  # of an actor: ids, as many as there are
_SAMPLES = UUID("7d8be0a1-8d5f-4f29-9c35-0d6f3a4f6f7e")  # what the ids of samples are made from


def identifies(function: Identify) -> Identify:
    """Declare who reads anew, from the database, the person of an actor; None where nobody may act there any more."""
    _identify[:] = [function]
    return function


def scoped(model: type[SQLModel]) -> Callable[[Criterion], Criterion]:
    """Declare who sees which rows of `model`: the decorated function turns an actor into an SQL condition."""

    def declare(criterion: Criterion) -> Criterion:
        _scopes[model] = criterion
        _conditions.cache_clear()
        _scope.cache_clear()
        _seen.cache_clear()
        _personal_tables.cache_clear()
        return criterion

    return declare


@lru_cache(maxsize=1024)
def _shape(_keys: tuple[Any, ...]) -> int:
    """Return a number for the cache keys of all tables' conditions; keys that differ only in values share it.

    No number is given twice, even to concurrent callers: two shapes with one number would show one asker what the other
    may see.
    """
    return next(_numbers)


class _Conditions:
    """The conditions of all scoped tables for everybody who is alike but for ids and country, built for one of them.

    Of equal values one is passed, as if the others were its clones, and words that are not the asker's own belong to
    the shape. The real originals of such clones are kept alive: a value is named by the address of its original, and
    if that were freed, the next value of a statement could get the same name.
    """

    def __init__(self, asker: Actor) -> None:
        criteria = [
            with_loader_criteria(model, criterion(asker), include_aliases=True, propagate_to_loaders=True)
            for model, criterion in _scopes.items()
        ]
        self.values: list[BindParameter[Any]] = []
        self.by_mapper: dict[Any, list[Any]] = {}
        self._bound: list[BindParameter[Any]] = []
        self._originals: list[Any] = []
        own = {asker.country or "", str(asker.account_id), *(country for _operation, country in asker.serves)} - {""}
        places: dict[tuple[Any, ...], int] = {}
        shape: list[Any] = []
        for criterion in criteria:
            criterion.get_global_criteria(self.by_mapper)
            key = criterion._generate_cache_key()
            if key is None:
                raise RuntimeError("A condition of a scoped table is none that SQLAlchemy can keep compiled.")
            shape.append(key.key)
            shape += [self._place(bound, own, places) for bound in key.bindparams]
        self.shape = _shape(tuple(shape))

    def _place(self, bound: BindParameter[Any], own: set[str], places: dict[tuple[Any, ...], int]) -> Any:
        """Return a value's part in the shape: the value itself if it is a word of the rule, else its index."""
        value = tuple(bound.value) if isinstance(bound.value, list | tuple | set | frozenset) else bound.value
        words = value if isinstance(value, tuple) else (value,)
        of_rule = all(isinstance(word, str) and not any(map(word.__contains__, own)) for word in words)
        if of_rule and bound.callable is None:
            return type(bound.value), value
        self._bound.append(bound)
        alike = (bound.type._static_cache_key, bound.expanding, type(bound.value), value)
        of_its_own = bound.callable is not None or not bound.unique
        first = bound if of_its_own or alike not in places else self.values[places[alike]]
        if first is not bound and bound not in first._cloned_set:
            self._originals.append(bound._is_clone_of)
            bound._is_clone_of = first
            bound.__dict__.pop("_cloned_set", None)
            if first not in bound._cloned_set:
                raise RuntimeError("SQLAlchemy takes clones for something else than it did.")
            return places[alike]
        place = places.setdefault((id(bound),) if of_its_own or first is not bound else alike, len(self.values))
        if place == len(self.values):
            self.values.append(bound)
        return place

    def close(self) -> None:
        """Refuse to be asked with the values of nobody: without those of an asker a statement fails."""
        for bound in self._bound:
            bound.callable = _nobody


def _nobody() -> Any:
    """Raise what has SQLAlchemy ask the database which rows are changed, where it would look at them itself."""
    raise UnevaluatableError("A statement that SQLAlchemy does not keep compiled cannot be asked by a person.")


def _sample(asker: Actor, *, number: int) -> Actor:
    """Return somebody like `asker` with another country and other ids, `number` where there are several."""

    def others(name: str) -> frozenset[UUID]:
        return frozenset(_id(f"{name} {each}") for each in range(number)) if getattr(asker, name) else frozenset()

    def _id(of: str) -> UUID:
        return uuid5(_SAMPLES, f"{number} {of}")

    return replace(
        asker,
        account_id=_id("account"),
        name="",
        language="en",
        country=asker.country and f"\x01{number}",
        only=asker.only and _id("only"),
        operations=others("operations"),
        sites=others("sites"),
        alike=others("alike"),
        left=others("left"),
    )


def _own(value: Any, sample: Actor, asker: Actor) -> Any:
    """Return a value of a condition of `sample` as it is for `asker`."""
    if isinstance(value, list | tuple | set | frozenset):
        sets = [name for name in _SETS if (of := getattr(sample, name)) and of <= set(value)]
        of_sets = frozenset().union(*(getattr(sample, name) for name in sets))
        single = [_own(each, sample, asker) for each in value if each not in of_sets]
        return [*single, *frozenset().union(*(getattr(asker, name) for name in sets)).difference(single)]
    if isinstance(value, UUID):
        return {sample.account_id: asker.account_id, sample.only: asker.only}.get(value, value)
    if isinstance(value, str) and sample.country is not None:
        value = value.replace(sample.country, str(asker.country))
    return value.replace(str(sample.account_id), str(asker.account_id)) if isinstance(value, str) else value


@lru_cache(maxsize=256)
def _conditions(sample: Actor, other: Actor) -> _Conditions:
    """Return the conditions of a sample, proven on another one: nothing but values may depend on ids and country.

    Cached, because building them takes longer than most queries, and they hold more than a megabyte.
    """
    built, beside = _Conditions(sample), _Conditions(other)
    if (built.shape, len(built.values)) != (beside.shape, len(beside.values)):
        raise RuntimeError("A condition of a scoped table has another form for other ids or another country.")
    for value, expected in zip(built.values, beside.values, strict=True):
        one, another = _own(value.value, sample, other), expected.value
        if (set(one) != set(another or ())) if isinstance(one, list) else (one != another):
            raise RuntimeError(f"A condition of a scoped table makes something new of an id or a country: {expected}.")
    built.close()
    return built


class _Scope(CriteriaOption):
    """The conditions of all scoped tables for one asker, as one option of a statement.

    It does what one `with_loader_criteria` for each table would do, faster. Its part of the statement's cache key is
    computed once and replaced by a number, since comparing the keys of all tables takes longer than most queries. The
    conditions are shared by all who are alike but for ids and country; the asker's own are the values, which SQLAlchemy
    takes for those of the conditions because they have the same hash.
    """

    propagate_to_loaders = True

    def __init__(self, asker: Actor) -> None:
        sample = _sample(asker, number=1)
        conditions = _conditions(sample, _sample(asker, number=2))
        self._by_mapper, self._shape = conditions.by_mapper, conditions.shape
        self._values = [_with_value(bound, _own(bound.value, sample, asker)) for bound in conditions.values]

    def _gen_cache_key(self, _anon_map: Any, bindparams: list[Any]) -> tuple[Any, ...]:
        bindparams.extend(self._values)
        return _Scope, self._shape

    def process_compile_state(self, compile_state: Any) -> None:
        self.get_global_criteria(compile_state.global_attributes)

    def process_compile_state_replaced_entities(self, compile_state: Any, mapper_entities: Any) -> None:
        self.get_global_criteria(compile_state.global_attributes)

    def get_global_criteria(self, attributes: dict[Any, Any]) -> None:
        for place, criteria in self._by_mapper.items():
            attributes.setdefault(place, []).extend(criteria)


def _with_value(bound: BindParameter[Any], value: Any) -> Any:
    """Return a parameter that has the hash of `bound`, and its own value."""
    own: Any = bound._annotate({})
    own.value, own.callable = value, None
    return own


def personal_tables(asker: Actor) -> frozenset[str]:
    """Return the tables of which people with one role, country and reach may see different rows."""
    return _personal_tables(replace(_sample(asker, number=1), alike=frozenset({_SAMPLES})))


@lru_cache(maxsize=256)
def _personal_tables(sample: Actor) -> frozenset[str]:
    def is_own(value: Any) -> bool:
        if isinstance(value, list | tuple | set | frozenset):
            return any(map(is_own, value))
        return value == sample.account_id or value in sample.alike or str(sample.account_id) in str(value)

    return frozenset(
        str(model.__tablename__)
        for model, criterion in _scopes.items()
        if any(isinstance(part, BindParameter) and is_own(part.value) for part in iterate(criterion(sample)))
    )


@lru_cache(maxsize=1024)
def _scope(asker: Actor) -> _Scope:
    """Return the conditions of `asker`, once for each session that asks the same."""
    return _Scope(asker)


@lru_cache(maxsize=1024)
def _seen(statement: Any, asker: Actor) -> Any:
    """Return a statement with the conditions of `asker`: one cached object each, which computes its cache key once."""
    if statement._propagate_attrs.get("compile_state_plugin") != "orm":
        raise RuntimeError(_BARE)
    return statement.options(_scope(asker))


class ScopedSession(Session):
    """A session with an asker: `info["actor"]` is an Actor, or System for Muster's own work."""

    @property
    def asker(self) -> Actor | System:
        """The actor of the session."""
        asker: Actor | System = self.info["actor"]
        return asker


@scoped(Account)
def _accounts_seen(actor: Actor) -> object:
    """National users see the accounts of their country; users who serve all countries see all."""
    return (col(Account.country) == actor.country) if actor.national else sa.true()


def unscoped(statement: Any) -> Any:
    """Return the statement without the country filter. For sums, and for rules that must see what the asker may not."""
    return statement.execution_options(**{_UNSCOPED: True})


def reused(statement: Any) -> Any:
    """Return the statement as one that is built once and asked often: each asker's conditions are added to it once."""
    return statement.execution_options(**{_REUSED: True})


def locked(statement: Any) -> Any:
    """Return the statement with its rows read as of now and locked until the transaction ends."""
    return statement.with_for_update(key_share=True).execution_options(populate_existing=True)


_ALONE = sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("key", type_=sa.BigInteger)))


def alone(session: sa.orm.Session, key: UUID) -> None:
    """Take an exclusive lock on `key` until the end of the transaction.

    For things that are not a row yet, or are many rows. On SQLite a writer is alone anyway.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_ALONE, {"key": key.int % 2**63})


def _asker_of(session: sa.orm.Session) -> Actor | System:
    asker: Actor | System | None = session.info.get("actor")
    if asker is None:
        raise RuntimeError("A session without an actor cannot be asked anything.")
    return asker


@event.listens_for(ScopedSession, "do_orm_execute")
def _filter_by_country(state: ORMExecuteState) -> None:
    """Add each scoped table's condition; refuse statements that cannot take one, and sessions without an actor."""
    asker = _asker_of(state.session)
    if isinstance(asker, System) or state.execution_options.get(_UNSCOPED) or state.is_insert:
        return
    if not state.is_orm_statement:
        raise RuntimeError(_BARE)
    known = state.execution_options.get(_REUSED)
    state.statement = _seen(state.statement, asker) if known else state.statement.options(_scope(asker))


def asked_for(session: Session, statement: Any, values: Mapping[str, Any]) -> CursorResult[*tuple[Any, ...]]:
    """Return the rows of a module's statement, as `session.execute` does, in less than half the time.

    For queries made with every report. Statements built for one question, or of objects, go to the session.
    """
    asker = _asker_of(session)
    session.flush()
    return session.connection().execute(statement if isinstance(asker, System) else _seen(statement, asker), values)


SCHEMA_LOCK = 0x6D757374_6572_0001  # every session holds this advisory lock in shared mode, `schema.upgrade` alone
_TELL = sa.text(
    f"SELECT pg_advisory_xact_lock_shared({SCHEMA_LOCK}), "
    "set_config('muster.reach', :reach, true), set_config('muster.country', :country, true), "
    "set_config('muster.role', :role, true), set_config('muster.person', :person, true)"
)
_MUSTER = {"reach": "all", "country": "", "role": "", "person": ""}


@event.listens_for(ScopedSession, "after_begin")
def _tell_postgres_who_asks(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    """Lock the schema, and set the variables that row-level security policies read, until the transaction ends."""
    asker = _asker_of(session)
    if connection.dialect.name == "postgresql":
        _tell(connection, asker)
    if isinstance(asker, Actor) and asker.sign_in_id is not None:
        _require_standing(connection, asker)


def _require_standing(connection: Connection, asker: Actor) -> None:
    """Raise Changed where the person behind a session may not do any more all that `asker` may.

    A request waits for its body, for a thread, for other writers: what counts is the moment at which it reads or acts.
    """
    [identify] = _identify
    with change_tracking.untracked():
        fresh = identify(connection, asker)
    if fresh is None or not asker.within(fresh):
        raise Changed


def _tell(connection: Connection, asker: Actor | System) -> None:
    if isinstance(asker, System) or asker.role in (Role.OCU_ANALYST, Role.OPERATION_COORDINATOR):
        reach = "all"
    else:
        reach = "nation" if asker.national else "none"
    country = getattr(asker, "country", None) or ""
    who = {} if isinstance(asker, System) else {"role": asker.role.value, "person": str(asker.account_id)}
    connection.execute(_TELL, {**_MUSTER, "reach": reach, "country": country, **who})


def is_unfenced(session: Session) -> bool:
    """Whether row-level security is lifted for this session now."""
    return bool(session.info.get(_UNFENCED))


@contextmanager
def as_muster(session: Session) -> Iterator[None]:
    """Read as Muster itself inside the block, whoever asks: for shared answers, of which code tells each reader theirs.

    Only for statements that are `unscoped`, in a session that reads.
    """
    asker = _asker_of(session)
    with unfenced(session):
        session.info["actor"] = System()
        try:
            yield
        finally:
            session.info["actor"] = asker


@contextmanager
def unfenced(session: Session) -> Iterator[None]:
    """Lift row-level security inside the block, whoever asks: for sums, together with `unscoped`.

    A nested block ends with the outer one.
    """
    connection = session.connection()
    if connection.dialect.name != "postgresql" or is_unfenced(session):
        yield
        return
    session.info[_UNFENCED] = True
    connection.execute(_TELL, _MUSTER)
    try:
        yield
    finally:
        del session.info[_UNFENCED]
        with suppress(DBAPIError, Unavailable):  # a transaction that has failed needs no variables any more
            _tell(connection, _asker_of(session))
