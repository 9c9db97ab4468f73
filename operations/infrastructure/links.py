"""Links of posts to their National Central Bureau (pillar 3): agreed, built, tested, live by a query; and outages."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field as Rule
from sqlmodel import Session, col, select

from operations.core.clock import now, official_day
from operations.core.drafts import Draft, Line, Moment, NeededLine
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.session_cache import once
from operations.core.vocabulary import InList
from operations.infrastructure.rows import LINK, LINKS, OUTAGE, Link, LinkState, Outage
from operations.posts import register

_L = LinkState


class NetworkLinkDraft(Draft):
    """Draft of a link that can be built."""

    id: UUID
    post_id: Annotated[UUID, Label(N_("Post"))]
    technology: Annotated[str, InList("CL-CONNECTIVITY"), Label(N_("Technology"))]
    provider: Annotated[Line, Rule(max_length=120), Label(N_("Provider"))] = ""
    hours: Annotated[int, Rule(ge=1, le=24), Label(N_("Hours a day it is to work"), start=24)]
    promised: Annotated[date, Label(N_("Promised for"))]


class OutageDraft(Draft):
    """Draft of an outage that has begun; its end is reported later."""

    id: UUID
    starts: Annotated[Moment, Label(N_("Begin"), parts=(N_("Begin: day"), N_("Begin: time")))]
    planned: Annotated[bool, Label(N_("It was announced"), N_("A cut of power, for instance."))] = False
    cause: Annotated[NeededLine, Label(N_("Cause"))]


def links(session: Session, post_id: UUID | None = None) -> list[Link]:
    """Return the links that the asker may see, of one post or of all, by promised day."""
    query = select(Link).order_by(col(Link.promised), col(Link.id))
    query = query if post_id is None else query.where(Link.post_id == post_id)
    return list(once(session, (Link, post_id), lambda: session.exec(query).all()))


def outages(session: Session, link_id: UUID | None = None) -> Sequence[Outage]:
    """Return the outages of a link or of all, newest first."""
    query = select(Outage).order_by(col(Outage.starts).desc())
    found: Sequence[Outage] = session.exec(query if link_id is None else query.where(Outage.link_id == link_id)).all()
    return found


def twins(session: Session, found: Link) -> list[Link]:
    """Other links of the same technology at the same post that are not closed."""
    same = (Link.post_id == found.post_id, Link.technology == found.technology, Link.id != found.id)
    return list(session.exec(select(Link).where(*same, Link.state != _L.CLOSED.value)))


def may_report(found: Link, by: Actor) -> bool:
    """Return whether `by` may report a query over it, or an outage and its end."""
    return found.state in (_L.TESTED, _L.LIVE, _L.DOWN) and may(by, Act.EQUIPMENT_STATUS, register.subject(found))


def propose(session: Session, draft: NetworkLinkDraft, by: Actor) -> Link:
    """Propose a link that can be built. Idempotent for the same draft."""
    post = register.hold(session, draft.post_id, by, Act.EQUIPMENT_PLAN)
    if known := LINK.known(session, said := draft.model_dump()):
        return known
    if draft.technology in ("none", "unknown"):
        raise RuleBroken("technology", "Say by which technology the link is built.")
    return LINK.write(session, by, "link.propose", said | {"country": post.country}, due=draft.promised.isoformat())


def take(session: Session, link_id: UUID, to: LinkState, by: Actor, words: str = "") -> Link:
    """Take a link a step further by hand. Raises RuleBroken with the obstacles, and NotPermitted."""
    found = LINK.hold(session, link_id)
    today = official_day(now(), register.post(session, found.post_id).zone)
    if to is _L.CLOSED:
        LINKS.allow(found, None, to, by, words)
        _end_outage(session, found, now())
    day = {_L.BUILT: "built_on", _L.CLOSED: "closed_on"}.get(to)
    return LINK.take(session, found, to, by, words, **({day: today} if day else {}))


def report_query(session: Session, link_id: UUID, day: date, by: Actor) -> Link:
    """Report the day of the first query over a tested link, which makes it live."""
    found = LINK.hold(session, link_id)
    require(by, Act.EQUIPMENT_STATUS, register.subject(found))
    if found.live_on is not None:
        raise RuleBroken("day", "The first query over this link is known already.")
    if day > official_day(now(), register.post(session, found.post_id).zone):
        raise RuleBroken("day", "This day is in the future.")
    if found.built_on is not None and day < found.built_on:
        raise RuleBroken("day", "The link was not built on this day. Check the day.")
    return LINK.go(session, found, _L.LIVE, by, live_on=day)


def report_outage(session: Session, link_id: UUID, draft: OutageDraft, by: Actor) -> Outage:
    """Report that a live link is down. Idempotent for the same draft.

    Raises RuleBroken where it is down already, and for a start in the future or before the end of the last outage.
    """
    link = LINK.hold(session, link_id)
    require(by, Act.EQUIPMENT_STATUS, register.subject(link))
    said = draft.model_dump() | {"link_id": link_id}
    if known := OUTAGE.known(session, said):
        return known
    if draft.starts > now():
        raise RuleBroken("starts", "This time is in the future.")
    if any(each.ends is not None and each.ends > draft.starts for each in outages(session, link_id)):
        raise RuleBroken("starts", "This time lies within another outage of the link. Choose a time after its end.")
    LINK.go(session, link, _L.DOWN, by, draft.cause)
    made = Outage(**said, country=link.country, author_name=by.name, made_at=now())
    session.add(made)
    return made


def report_end(session: Session, link_id: UUID, at: datetime, by: Actor) -> Link:
    """Report the moment since which a link works again. Raises RuleBroken before the outage began, or in the future."""
    found = LINK.hold(session, link_id)
    require(by, Act.EQUIPMENT_STATUS, register.subject(found))
    LINKS.way(found, _L.LIVE)
    if at > now():
        raise RuleBroken("ends", "This time is in the future.")
    _end_outage(session, found, at)
    return LINK.go(session, found, _L.LIVE, by)


def _end_outage(session: Session, found: Link, at: datetime) -> None:
    running = next((each for each in outages(session, found.id) if each.ends is None), None)
    if running is None:
        return
    if at <= running.starts:
        raise RuleBroken("ends", "The outage must end after it began.")
    running.ends = at
    session.add(running)


def hours_down(found: Sequence[Outage], since: datetime, until: datetime) -> tuple[timedelta, timedelta]:
    """Return the duration of outages between two moments: (announced, unannounced)."""
    announced, other = timedelta(0), timedelta(0)
    for outage in found:
        lasted = max(min(outage.ends or until, until) - max(outage.starts, since), timedelta(0))
        if outage.planned:
            announced += lasted
        else:
            other += lasted
    return announced, other
