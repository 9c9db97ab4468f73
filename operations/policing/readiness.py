"""Readiness: what an operation needs for its first day of action, named while there is time to put it right.

A guard blocks a step that could not be taken back to; what it only warns of, the first day shows by itself.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, or_, select

from operations.core.acts import Act
from operations.core.clock import now
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.people import Account, Posting, ahead
from operations.core.store import unscoped
from operations.core.vocabulary import OperationType, Role
from operations.policing.map_plan import coordination_units, places
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation

COORDINATORS = 2
"""So many a country needs: whoever validates a report does not record the answer to its hits."""
_REPORTS = "participant"
"""The contribution of a country that has sites of its own. A host has them too where it places any."""


@dataclass(frozen=True)
class Guard:
    """What must be true before a step: whether it is, and the sentence for when it is not.

    One that `warns` lets the step pass.
    """

    flaw: Flaw
    holds: bool
    warns: bool = False

    @property
    def field(self) -> str:
        """What it concerns: a field of the operation, or one of its parts."""
        return self.flaw.field

    @property
    def blocks(self) -> bool:
        """Whether the step cannot be taken because of it."""
        return not self.holds and not self.warns


def unit(session: Session, operation: Operation) -> Guard:
    """Somebody works in a coordination unit: without one the operation is not started."""
    manned = coordination_units.manned(session, operation.id)
    drawn = manned or bool(coordination_units.mapped_units(session, operation.id))
    said = N_("No operational coordination unit is manned: put one on the map and say who works there.")
    place = "/operations/{operation}/units" if drawn else "/operations/{operation}/plan?tool=coordination_unit"
    return Guard(Flaw("coordination_unit", said, act=Act.UNIT_MAN, place=place), manned)


def first_day(session: Session, operation: Operation) -> Iterator[Guard]:
    """What the first day needs beside a unit: sites, people at them, and other eyes. A country is told of its own."""
    found = [each for each in plan.participations(session, operation.id) if each.state in plan.TAKING_PART]
    sites = places.sites(session, operation.id)
    reports = [each.country for each in found if _reports(operation, each, {site.country for site in sites})]
    if not reports and (not found or operation.type == OperationType.FUGITIVE):
        return  # nobody has said yet, which has its own guard; or a sweep, whose countries need no sites
    own = [site for site in sites if site.country in reports]
    yield _warns(_sites(reports, {site.country for site in own}), Act.SITE_PLACE, "plan?tool=site", "sites")
    if not reports:
        return
    yield _warns(_posted(session, own), Act.SITE_POST, "people", "postings")
    short = [country for country, count in coordinators(session, reports).items() if count < COORDINATORS]
    said = (FEW, {"count": COORDINATORS, "countries": short}) if short else None
    yield _warns(said, Act.ACCOUNT_MANAGE, "", "coordinators")
    led = holders(session, Role.TEAM_LEADER, reports)
    without = [country for country in reports if not led[country]]
    said = (NO_LEADER, {"countries": without}) if without else None
    yield _warns(said, Act.ACCOUNT_MANAGE, "", "leaders")


FEW = N_(
    "Fewer than {count} coordinators: {countries}. Who validates a report does not record the answer to its hits, so "
    "invite another one."
)
NO_LEADER = N_(
    "No team leader: {countries}. A team leader verifies each report first, so without one no report rises above V1."
)
_Said = tuple[str, dict[str, Any]] | None


def _reports(operation: Operation, found: plan.Participation, with_sites: set[str]) -> bool:
    asked = found.contribution == _REPORTS and operation.type != OperationType.FUGITIVE
    return asked or found.country in with_sites


def _sites(reporting: list[str], having: set[str]) -> _Said:
    if not reporting:
        return N_("No country takes part yet that has sites of its own."), {}
    without = [country for country in reporting if country not in having]
    return (
        (N_("No site yet: {countries}. Put at least one of each country on the plan."), {"countries": without})
        if (without)
        else None
    )


def _posted(session: Session, sites: list[places.Site]) -> _Said:
    if not sites:
        return N_("No site is on the plan yet, so nobody is posted."), {}
    posted = select(Posting.site_id).where(col(Posting.site_id).in_([each.id for each in sites]), ahead(Posting, now()))
    there = set(session.exec(posted))
    alone = [each for each in sites if each.id not in there]
    if not alone:
        return None
    said = N_("Sites to which nobody is posted: {count}, of {countries}. Their coordinators post officers.")
    return said, {"count": len(alone), "countries": sorted({each.country for each in alone})}


def _warns(said: _Said, act: Act, page: str, field: str) -> Guard:
    place = f"/operations/{{operation}}/{page}" if page else "/people"
    template, params = said or ("", {})
    return Guard(Flaw(field, template, params, act=act, place=place), said is None, warns=True)


def coordinators(session: Session, countries: list[str]) -> dict[str, int]:
    """How many national coordinators of each country may enter, whoever asks."""
    return holders(session, Role.NATIONAL_COORDINATOR, countries)


def holders(session: Session, role: Role, countries: list[str]) -> dict[str, int]:
    """How many people of each country have a role and may enter, whoever asks."""
    query = (
        select(Account.country, func.count())
        .where(
            col(Account.country).in_(countries),
            Account.role == role.value,
            col(Account.disabled_at).is_(None),
            col(Account.proposed_by).is_(None),
            or_(col(Account.expires_at).is_(None), col(Account.expires_at) > now()),
        )
        .group_by(col(Account.country))
    )
    found = Counter({str(country): count for country, count in session.exec(unscoped(query))})
    return {country: found[country] for country in countries}


def few(session: Session, operation: Operation) -> list[Flaw]:
    """The countries that take part with fewer coordinators than they need, one sentence each, as the asker may know."""
    put_right = Act.ACCOUNT_MANAGE, "/people"
    return [
        Flaw("coordinators", ONE_OF, {"country": country, "has": has, "count": COORDINATORS}, *put_right)
        for country, has in coordinators(session, reporting(session, operation)).items()
        if has < COORDINATORS
    ]


def reporting(session: Session, operation: Operation) -> list[str]:
    """The countries that take part and report, as the asker may know."""
    with_sites = {site.country for site in places.sites(session, operation.id)}
    found = [each for each in plan.participations(session, operation.id) if each.state in plan.TAKING_PART]
    return [each.country for each in found if _reports(operation, each, with_sites)]


ONE_OF = N_(
    "{country} has {has} of {count} coordinators. A coordinator who validates a "
    "report cannot answer its hits, so a second one is needed."
)
