"""Programme figures across the pillars, and the current state of each post for the map."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from statistics import fmean, stdev
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core import rows
from operations.core.clock import now
from operations.core.field_labels import N_
from operations.core.people import Actor
from operations.core.store import unscoped
from operations.core.vocabulary import Level
from operations.figures import arrested_persons
from operations.infrastructure import figures as infrastructure
from operations.infrastructure import usage
from operations.needs import assessments
from operations.needs import figures as needs
from operations.needs.rows import VALIDATED_STATES, Assessment
from operations.posts import register
from operations.posts.figures import ProgrammeFigure, Value, share
from operations.posts.register import Post
from operations.programme.area import EVERYWHERE, Area
from operations.support.availability import Absence
from operations.support.deployments import Deployment
from operations.support.teams import Team
from operations.training import figures as training
from operations.training import trained_officers

SURE = 2.201
"""Student's t of 95 % with the 11 degrees of freedom of a year of months."""
LATEST = 3
"""The number of latest counted months that give a post's current queries."""
DEPLOYABLE = ProgrammeFigure(
    "K32 b",
    N_("Teams that can leave now"),
    "%",
    N_("Teams that are in service, at home and not away, divided by all teams on the rosters."),
    N_("It says that they can leave, not how fast they come."),
    N_("Muster's own"),
)
PERSONS = ProgrammeFigure(
    "K12 b",
    N_("Persons arrested, over operations"),
    N_("persons"),
    N_("Arrests of all operations at V3, those of one person counted once."),
    N_("One person in two operations is known by claims only; each operation keeps its own figure."),
    "I",
    Level.V3,
)
GROWN = ProgrammeFigure(
    "K63 b",
    N_("Posts that ask more than at first"),
    "%",
    N_(
        "Posts that in the last three counted months surely made more queries a month than their first validated "
        "assessment found, divided by the posts of which both are known. Surely: the interval of 95 % of those months, "
        "by how the last year's months differ, lies above it."
    ),
    N_("More is not yet because of the programme: look at before and after of the post."),
    "S00",
)


class QueryUse(NamedTuple):
    """Queries a month before and after: those of the first validated assessment, and the mean of the latest months.

    `wide` is half of the 95 % interval of that mean.
    """

    first: float
    latest: float
    wide: float

    @property
    def ratio(self) -> float:
        """How many times as many queries."""
        return self.latest / self.first

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the ratio."""
        return max(0.0, self.latest - self.wide) / self.first, (self.latest + self.wide) / self.first


def together(uses: Iterable[QueryUse]) -> QueryUse | None:
    """Return the queries of several posts together, as they differ independently; None of none.

    >>> together([QueryUse(100, 150, 30), QueryUse(100, 250, 40)])
    QueryUse(first=200, latest=400, wide=50.0)
    """
    known = list(uses)
    if not known:
        return None
    wide = sqrt(sum(each.wide**2 for each in known))
    return QueryUse(sum(each.first for each in known), sum(each.latest for each in known), wide)


@dataclass(frozen=True)
class PostStanding:
    """The current state of a post. Unknown values are None.

    `connected`: whether it asked in the last 30 days, of a post for which equipment or a link is meant. `certified`:
    how many work there with a valid certificate, of a post that anybody was trained for. `use`: its queries before and
    after.
    """

    post: Post
    readiness: float | None = None
    connected: bool | None = None
    certified: int | None = None
    use: "QueryUse | None" = None

    @property
    def grown(self) -> float | None:
        """The queries of a month divided by those at first."""
        return self.use and self.use.ratio


def figures(session: Session, by: Actor, at: datetime) -> list[Value]:
    """Return all current figures of the programme, in the order of the pillars, as far as the asker may know them."""
    stood = post_standings(session, at)
    return [
        deployable(session, by),
        *needs.figures(session),
        *infrastructure.figures(session, at),
        *training.figures(session, by),
        arrested(session, by),
        grown(stood),
    ]


def grown(stood: Iterable[PostStanding]) -> Value:
    """Return the share of posts that surely make more queries than at first."""
    both = [each.use.interval[0] > 1 for each in stood if each.use is not None]
    return share(GROWN, sum(both), len(both))


def of_steps(session: Session, by: Actor, at: datetime, area: Area, stood: Sequence[PostStanding]) -> dict[str, Value]:
    """Return the figures of three steps of the loop in an area, by step; the others are counts of plans."""
    return {
        "Connect": connected(session, at, area),
        "Train": training.certified(session, by, area.has),
        "Look again": grown(stood),
    }


def connected(session: Session, at: datetime, area: Area) -> Value:
    """Return the share of connected posts in an area."""
    found = infrastructure.recent_use(session, at)
    posts = area.of(rows.by_id(session, Post, found).values())
    return share(infrastructure.CONNECTED, sum(found[each.id] for each in posts), len(posts))


def arrested(session: Session, by: Actor) -> Value:
    """Return the persons arrested in all operations whose totals the asker may read, each person counted once."""
    found = arrested_persons.over_operations(session, by)
    why = "" if found.number is not None else N_("The arrests of operations are not shown to you, nor is their sum.")
    return Value(PERSONS, found.number, review=found.review, why=why)


def deployable(session: Session, by: Actor) -> Value:
    """Return deployable teams of all rosters, or of the asker's country: sums only, as a roster is its country's."""
    open_ = select(Team).where(col(Team.closed_at).is_(None))
    if by.national:
        open_ = open_.where(Team.country == by.country)
    teams = session.exec(unscoped(open_)).all()
    gone = select(Absence.team_id).where(
        col(Absence.cancelled_at).is_(None), Absence.starts <= now(), Absence.ends > now()
    )
    away = set(session.exec(unscoped(gone)))
    away |= {each.team_id for each in session.exec(unscoped(select(Deployment))) if each.bound}
    able = [each for each in teams if not each.out_of_service and each.id not in away]
    return share(DEPLOYABLE, len(able), len(teams))


def post_standings(session: Session, at: datetime, area: Area = EVERYWHERE) -> list[PostStanding]:
    """Return every open post in an area that the asker may see, in the order of the register."""
    posts = area.of(register.posts(session))
    ready = needs.ready(session, assessments.latest_validated(session))
    meant = infrastructure.recent_use(session, at)
    certified: dict[UUID, int] = {}
    for trained in trained_officers.trained(session, posts):
        certified[trained.post.id] = certified.get(trained.post.id, 0) + trained.here
    first = _first_baseline(session)
    months = _months(session)
    return [
        PostStanding(
            post,
            ready[post.id].score if post.id in ready else None,
            meant.get(post.id),
            certified.get(post.id),
            _use(first.get(post.id), months.get(post.id, []), at),
        )
        for post in posts
    ]


def _first_baseline(session: Session) -> Mapping[UUID, int]:
    """Return the baseline of the first validated assessment, by post."""
    query = select(Assessment).where(col(Assessment.state).in_([each.value for each in VALIDATED_STATES]))
    found = session.exec(query.order_by(col(Assessment.validated_at).desc()))
    return {each.post_id: each.baseline_queries for each in found if each.baseline_queries is not None}


def _months(session: Session) -> Mapping[UUID, list[usage.UsageMonth]]:
    found: dict[UUID, list[usage.UsageMonth]] = {}
    for each in usage.months(session):
        found.setdefault(each.post_id, []).append(each)
    return found


def _use(first: int | None, found: Iterable[usage.UsageMonth], at: datetime) -> QueryUse | None:
    """Return the queries before and after; None where the last months that were counted are a year old or older."""
    year = [each.queries for each in usage.series(found) if each.month >= (at - timedelta(days=366)).date()]
    latest = year[-LATEST:]
    if not first or len(latest) < LATEST:
        return None
    return QueryUse(first, fmean(latest), SURE * stdev(year) / sqrt(LATEST))
