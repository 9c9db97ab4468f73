"""Key figures of infrastructure: K53 to K56, of equipment, links and outages."""

from datetime import date, datetime, timedelta
from statistics import median
from uuid import UUID

from sqlmodel import Session

from operations.core.field_labels import N_
from operations.infrastructure import equipment, links, usage
from operations.infrastructure.rows import HANDED_OVER_STATES, Equipment, EquipmentState, LinkState
from operations.infrastructure.signs_of_life import sign_of
from operations.posts.figures import ProgrammeFigure, Value, share

DAYS, WATCHED = 30, 90
"""Days that count as recent use, and days over which availability is measured."""
CONNECTED = ProgrammeFigure(
    "K53",
    N_("Connected posts"),
    "%",
    N_("Posts with a query in the last 30 days, divided by the posts for which equipment or a link is meant."),
    N_("A query counts whatever it was made with. Commissioned is not connected."),
    "S00, S01",
)
IN_USE = ProgrammeFigure(
    "K54",
    N_("Equipment in use"),
    "%",
    N_("Equipment with a sign of life in the last 30 days, divided by what was handed over 30 days ago or more."),
    N_("A sign is what the kind does: query, power, picture, examination. Shared sign-ins hide dormant equipment."),
    "S150",
)
DELIVERY = ProgrammeFigure(
    "K55",
    N_("From approval to the first query"),
    N_("days"),
    N_("Median of the days from the approval to the first query, of equipment that asks databases and did."),
    N_("Customs is the long step: look at the handover beside it."),
    N_("Muster's own"),
)
AVAILABLE = ProgrammeFigure(
    "K56",
    N_("Availability of links"),
    "%",
    N_("Hours of the last 90 days in which live links worked, divided by the hours in which they were to work."),
    N_("Announced outages are left out of both."),
    N_("Muster's own"),
)


def figures(session: Session, at: datetime) -> list[Value]:
    """The figures at a moment, of what the asker may see."""
    found, today = equipment.equipment(session), at.date()
    there = [each for each in found if each.state in HANDED_OVER_STATES]
    asking = [each for each in found if sign_of(each.kind).queries]
    connected = recent_use(session, at)
    ripe = [each for each in there if each.handed_on is not None and (today - each.handed_on).days >= DAYS]
    took = [
        (each.first_query - each.approved_on).days
        for each in asking
        if each.first_query is not None and each.approved_on is not None
    ]
    return [
        share(CONNECTED, sum(connected.values()), len(connected)),
        share(IN_USE, sum(_lately(each, today) for each in ripe), len(ripe)),
        Value(
            DELIVERY,
            float(median(took)) if took else None,
            len(took),
            sum(each.handed_on is not None for each in asking),
        ),
        _available(session, at),
    ]


def recent_use(session: Session, at: datetime) -> dict[UUID, bool]:
    """Return the posts with planned or existing equipment or links, and whether each made a query in the last month.

    The last month is the last 30 days. The query was made with equipment, or counted for a month that ended then.
    """
    found = equipment.equipment(session)
    posts = {each.post_id for each in found if each.state not in _ENDED}
    open_links = [each for each in links.links(session) if each.state != LinkState.CLOSED]
    posts |= {each.post_id for each in open_links}
    asked = {
        each.post_id
        for each in found
        if each.state in HANDED_OVER_STATES and sign_of(each.kind).queries and _lately(each, at.date())
    }
    since = (at - timedelta(days=DAYS)).date()
    asked |= {each.post_id for each in open_links if each.live_on is not None and since <= each.live_on <= at.date()}
    asked |= {
        each.post_id
        for each in usage.months(session)
        if each.counted == usage.MonthCount.QUERIES and each.count and since < _end(each.month) <= at.date()
    }
    return {each: each in asked for each in posts}


def _end(month: date) -> date:
    """Return the first day after a month that is named by its first day."""
    return (month + timedelta(days=31)).replace(day=1)


_ENDED = (EquipmentState.RETIRED, EquipmentState.LOST, EquipmentState.DROPPED)


def _lately(each: Equipment, today: date) -> bool:
    return each.last_query is not None and (today - each.last_query).days <= DAYS


def _available(session: Session, at: datetime) -> Value:
    """Return the availability of links; one that works part of the day counts, with its outages, by that part."""
    expected, down, counted = timedelta(0), timedelta(0), 0
    outages = links.outages(session)
    for link in links.links(session):
        if link.state not in (LinkState.LIVE, LinkState.DOWN) or link.live_on is None:
            continue
        begun = datetime.combine(link.live_on, datetime.min.time(), at.tzinfo)
        since = max(at - timedelta(days=WATCHED), begun)
        announced, other = links.hours_down([one for one in outages if one.link_id == link.id], since, at)
        part, counted = link.hours / 24, counted + 1
        expected += (at - since - announced) * part
        down += other * part
    number = 100 * (1 - down / expected) if expected else None
    return Value(AVAILABLE, number, None, counted)
