"""Register of posts: border posts, bureaus and hubs, each once, however many operations have it as a site.

A post's place never changes; its condition (traffic, network, power, people) is a new version each time, so that the
state of any year can be read. A country's people know their own posts; other countries see nothing of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import Field as Rule
from sqlalchemy import CheckConstraint, UniqueConstraint, false, true
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import history, journal, pulse, rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft, Name, Plain, Words, Zone
from operations.core.errors import RuleBroken, Stale
from operations.core.field_labels import N_, Label
from operations.core.name_search import NameSearch, SearchResult, search
from operations.core.noun import Noun
from operations.core.people import Actor, System
from operations.core.permissions import Act, Subject, may, require
from operations.core.session_cache import once
from operations.core.store import scoped
from operations.core.vocabulary import BorderKind, Country, InList, Role, SiteType
from operations.policing.map_plan import places
from operations.policing.operation import plan

T = TypeVar("T", bound=SQLModel)

# ---------------------------------------------------------------------------------------------------- tables


class Post(SQLModel, table=True):
    """A post. `ref` names the bundled crossing, airport or port that it is; only `closed_at` ever changes."""

    __table_args__ = (
        UniqueConstraint("country", "name"),
        CheckConstraint("lat BETWEEN -90 AND 90", name="lat"),
        CheckConstraint("lon BETWEEN -180 AND 180", name="lon"),
    )
    id: UUID = Field(primary_key=True)
    country: str = Field(max_length=3, index=True)
    name: str = Field(max_length=120)
    site_type: str = Field(max_length=24)
    border_kind: str | None = Field(default=None, max_length=8)
    lat: float
    lon: float
    zone: str = Field(max_length=64)
    ref: str = Field(default="", max_length=80)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PostCondition(SQLModel, table=True):
    """A version of a post's condition. Immutable; the newest version is the current one."""

    __tablename__ = "post_condition"
    __table_args__ = (UniqueConstraint("post_id", "version"),)
    id: UUID = Field(primary_key=True)
    post_id: UUID = Field(foreign_key="post.id", index=True)
    country: str = Field(max_length=3, index=True)
    version: int
    passages: int | None = None
    officers: int | None = None
    connectivity: str = Field(max_length=24)
    online_hours: int | None = None
    power: str = Field(max_length=24)
    power_hours: int | None = None
    access: str = Field(max_length=24)
    offline: bool = False
    note: str = Field(default="", max_length=2000)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


@history.versioned("post_id", screened=True)
class PostSite(SQLModel, table=True):
    """Link between a site of an operation and the post that it is."""

    __tablename__ = "post_site"
    site_id: UUID = Field(primary_key=True, foreign_key="site.id")
    post_id: UUID = Field(foreign_key="post.id", index=True)
    country: str = Field(max_length=3, index=True)


places.ties(col(PostSite.site_id), ("country",), N_("This site is a post of its country: take it off that post first."))


def own_rows(model: Any, act: Act) -> None:
    """Declare row scopes: a country's people see their country's rows of `model`, staff of all countries see all."""

    def seen(actor: Actor) -> Any:
        if not may(actor, act) or actor.only is not None:
            return false()
        return col(model.country) == actor.country if actor.national else true()

    scoped(model)(seen)


own_rows(Post, Act.POST_READ)
own_rows(PostCondition, Act.POST_READ)
own_rows(PostSite, Act.POST_READ)

CENTRE = (Role.OCU_ANALYST, Role.OPERATION_COORDINATOR, Role.LEADERSHIP, Role.AUDITOR)
"""Roles that work for all countries, and are the audience of programme entries."""


def own_entries(kind: str, act: Act) -> None:
    """Declare the audience of journal entries without an operation: the country's people, and the centre."""

    def seen(actor: Actor) -> Any:
        if not may(actor, act) or actor.only is not None:
            return false()
        return col(journal.Entry.country) == actor.country if actor.national else true()

    journal.need_to_know(
        kind,
        seen=seen,
        countries=lambda _session, _id, country: frozenset({country} if country else ()),
        roles=frozenset(CENTRE),
    )


own_entries("post", Act.POST_READ)


def record(session: Session, by: Actor | System, act: str, kind: str, of: Any, /, **detail: Any) -> None:
    """Journal a change of the programme; its audience is the country's people, and the centre."""
    heard = pulse.centre(*CENTRE) | pulse.countries(of.country)
    journal.record(session, by, act, kind, of.id, country=of.country, audience=heard, **detail)


POST = Noun(Post, "post", record, N_("This post was already registered with other content. Reload the page to see it."))
CONDITION = Noun(
    PostCondition,
    "post",
    record,
    N_("This was already written down with other content. Reload the page to see it."),
    owner=(POST, "post_id"),
)

# ---------------------------------------------------------------------------------------------------- drafts

_HOURS = Rule(ge=0, le=24)


class PostDraft(Draft):
    """A post for the register: one of the bundled places (`ref`), or placed by hand.

    `near` are the countries that it lies in or just outside of, as the caller has measured; none at sea.
    """

    id: UUID
    country: Annotated[Country, Label(N_("Country"))]
    name: Annotated[Name, Label(N_("Name"))]
    site_type: Annotated[SiteType, Label(N_("Kind of post"), listed="CL-SITETYPE")]
    border_kind: Annotated[BorderKind | None, Label(N_("Border"), listed="CL-BORDERKIND")] = None
    lat: Annotated[float, Rule(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Rule(ge=-180, le=180, allow_inf_nan=False)]
    zone: Zone
    near: frozenset[Country]
    ref: Annotated[Plain, Rule(max_length=80)] = ""


class ConditionDraft(Draft):
    """Draft of a post's condition. Unknown values are left empty."""

    id: UUID
    passages: Annotated[
        int | None, Rule(ge=0, le=1_000_000), Label(N_("Persons who pass a day"), N_("An ordinary day, both ways."))
    ] = None
    officers: Annotated[int | None, Rule(ge=0, le=10_000), Label(N_("Officers who work there"))] = None
    connectivity: Annotated[str, InList("CL-CONNECTIVITY"), Label(N_("Network"))] = "unknown"
    online_hours: Annotated[int | None, _HOURS, Label(N_("Hours a day with network"))] = None
    power: Annotated[str, InList("CL-POWER"), Label(N_("Power"))] = "unknown"
    power_hours: Annotated[int | None, _HOURS, Label(N_("Hours a day with power"))] = None
    access: Annotated[str, InList("CL-I247"), Label(N_("Access to I-24/7"))] = "unknown"
    offline: Annotated[bool, Label(N_("Checks can be made without a network"))] = False
    note: Annotated[Words, Label(N_("Note"))] = ""


# ------------------------------------------------------------------------------------------------- questions


_OPEN = select(Post).where(col(Post.closed_at).is_(None))


def posts(session: Session) -> list[Post]:
    """Return the open posts that the asker may see, by country and name."""
    query = _OPEN.order_by(Post.country, Post.name)
    return list(once(session, (posts,), lambda: session.exec(query).all(), lasting=False))


def search_posts(session: Session, asked: NameSearch) -> SearchResult[Post]:
    """Search the open posts that the asker may see."""
    return search(session, _OPEN, Post, asked)


def post(session: Session, post_id: UUID) -> Post:
    """Return the post. Raises NotFound."""
    return rows.one(session, Post, post_id)


def hold(session: Session, post_id: UUID, by: Actor, act: Act) -> Post:
    """Return the post, locked for update, for those who may do `act` there. Raises RuleBroken where it is closed."""
    found = rows.hold(session, Post, post_id)
    require(by, act, subject(found))
    if found.closed_at is not None:
        raise RuleBroken("", "This post is closed. You can no longer plan anything for it.")
    return found


def subject(of: Any) -> Subject:
    """Return the permission subject of a post, or of what belongs to one."""
    return Subject(country=of.country)


def conditions(session: Session, post_id: UUID) -> list[PostCondition]:
    """Return all conditions of a post, newest first."""
    query = select(PostCondition).where(PostCondition.post_id == post_id)
    return list(session.exec(query.order_by(col(PostCondition.version).desc())))


def conditions_now(session: Session) -> dict[UUID, PostCondition]:
    """Return the current condition of each post that has one."""
    found = session.exec(select(PostCondition).order_by(col(PostCondition.version)))
    return {each.post_id: each for each in found}


def sites_of(session: Session, post_id: UUID) -> list[tuple[places.Site, plan.Operation]]:
    """Return the sites that are this post, with their operations, as far as the asker works for those."""
    query = (
        select(places.Site, plan.Operation)
        .join(PostSite, col(PostSite.site_id) == col(places.Site.id))
        .join(plan.Operation, col(plan.Operation.id) == col(places.Site.operation_id))
        .where(PostSite.post_id == post_id)
    )
    return [(site, operation) for site, operation in session.exec(query)]


def candidates(session: Session, found: Post) -> list[tuple[places.Site, plan.Operation]]:
    """Return sites of the post's country that have no post yet: those of the same bundled place first."""
    query = (
        select(places.Site, plan.Operation)
        .join(plan.Operation, col(plan.Operation.id) == col(places.Site.operation_id))
        .where(places.Site.country == found.country, col(places.Site.id).not_in(select(PostSite.site_id)))
    )
    known = [(site, operation) for site, operation in session.exec(query)]
    return sorted(known, key=lambda pair: (pair[0].ref != found.ref or not found.ref, pair[0].name))


def with_post(model: type[T]) -> Callable[[Session, Iterable[str]], list[tuple[T, dict[str, str]]]]:
    """Return the query for rows of a post in the given states, each with its post's name (`Noun.waits`)."""
    row: Any = model
    query = select(model, Post.name).join(Post, col(Post.id) == row.post_id)

    def rows_in(session: Session, states: Iterable[str]) -> list[tuple[T, dict[str, str]]]:
        return [(found, {"post": name}) for found, name in session.exec(query.where(col(row.state).in_(states)))]

    return rows_in


def names(session: Session, ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return the names of posts, as far as the asker may see them."""
    query = select(Post.id, Post.name).where(col(Post.id).in_(set(ids)))
    return dict(session.exec(query).all())


# ----------------------------------------------------------------------------------------------------- verbs


def register(session: Session, draft: PostDraft, by: Actor) -> Post:
    """Add a post to the register. Idempotent for the same draft; other content under its id is a Conflict.

    Raises RuleBroken for a place that lies in other countries, and where the country has a post of this name or of
    this bundled place already.
    """
    require(by, Act.POST_KEEP, Subject(country=draft.country))
    said = draft.model_dump(mode="json", exclude={"id", "near"}) | {"id": draft.id}
    if known := POST.known(session, said):
        return known
    if draft.near and draft.country not in draft.near:
        raise RuleBroken("position", "This position is not in the country of the post. Check the coordinates.")
    _refuse_twin(session.exec(select(Post).where(Post.country == draft.country)).all(), draft)
    return POST.write(session, by, "post.register", said, site_type=said["site_type"])


def _refuse_twin(known: Sequence[Post], draft: PostDraft) -> None:
    if any(each.name == draft.name for each in known):
        raise RuleBroken("name", "The country has a post of this name already: choose another name.")
    if twin := next((each for each in known if draft.ref and each.ref == draft.ref), None):
        raise RuleBroken("name", "This place is in the register already, as {name}.", name=twin.name)


def describe(session: Session, post_id: UUID, draft: ConditionDraft, seen: int, by: Actor) -> PostCondition:
    """Add a version of a post's condition, based on the version `seen` (0: none). Earlier ones stay unchanged.

    Raises Conflict on a concurrent edit.
    """
    owner = hold(session, post_id, by, Act.POST_KEEP)
    said = draft.model_dump() | {"post_id": post_id}
    if known := CONDITION.known(session, said):
        return known
    before = conditions(session, post_id)
    if (before[0].version if before else 0) != seen:
        raise Stale
    said |= {"country": owner.country, "version": seen + 1}
    return CONDITION.write(session, by, "post.describe", said, version=seen + 1)


def link(session: Session, post_id: UUID, site_id: UUID, by: Actor) -> PostSite:
    """Record that a site of an operation is this post. Idempotent. Raises RuleBroken for another post's site."""
    found = hold(session, post_id, by, Act.POST_KEEP)
    site = places.site(session, site_id)
    if site.country != found.country:
        raise RuleBroken("site", "This site is of another country than the post.")
    if known := rows.find(session, PostSite, site_id):
        if known.post_id == post_id:
            return known
        raise RuleBroken("site", "This site is already joined to another post.")
    made = PostSite(site_id=site_id, post_id=post_id, country=found.country)
    session.add(made)
    record(session, by, "post.link", "post", found, site=str(site_id))
    return made


def close(session: Session, post_id: UUID, by: Actor) -> Post:
    """Close a post. Its records stay."""
    found = rows.hold(session, Post, post_id)
    require(by, Act.POST_KEEP, subject(found))
    if found.closed_at is None:
        found.closed_at = now()
        session.add(found)
        record(session, by, "post.close", "post", found)
    return found
