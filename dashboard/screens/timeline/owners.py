"""Owners of tasks: roles, countries and people as the options of one field. People are searched as one types."""

from typing import Any

from sqlmodel import Session

from dashboard.frame.interactions import follows
from dashboard.parts.choices import answered, asked_people, search_inputs, search_one, search_places
from dashboard.screens.timeline.forms import OWNER, TASK
from dashboard.screens.timeline.ids import Ids
from dashboard.screens.timeline.scene import countries_of
from dashboard.wording import coded
from operations.core.name_search import SearchResult
from operations.core.people import Account, Actor
from operations.core.permissions import Act
from operations.core.vocabulary import Role
from operations.policing.operation import membership
from operations.policing.operation.plan import Operation


def owner_choice(
    session: Session, operation: Operation, by: Actor, typed: str | None = None, chosen: str | None = None
) -> dict[str, Any]:
    """Return the possible owners of a task for its field: countries and their roles, people, roles of the centre."""
    countries = countries_of(session, operation, by)
    listed = _roles(countries, coordination=not by.national)
    person = chosen.removeprefix("person:") if isinstance(chosen, str) and chosen.startswith("person:") else None

    def options(people: list[Account]) -> list[dict[str, str]]:
        return [*listed, *({"value": f"person:{each.id}", "label": each.name} for each in people)]

    def search(words: str | None) -> SearchResult[Account]:
        return membership.operation_accounts(session, operation.id, countries, asked_people(words, person))

    found = search_one(search, options, typed, chosen)
    return answered(TASK, "owner", found, options)


def _roles(countries: list[str], *, coordination: bool) -> list[dict[str, str]]:
    central = (Role.OPERATION_COORDINATOR, Role.OCU_ANALYST) if coordination else ()
    found = [{"value": f"role:{each.value}", "label": coded("CL-ROLE", each.value)} for each in central]
    for country in countries:
        name = coded("CL-COUNTRY", country)
        found.append({"value": f"country:{country}", "label": name})
        found += (
            {"value": f"country:{country}:{each.value}", "label": f"{name} · {coded('CL-ROLE', each.value)}"}
            for each in (Role.TEAM_LEADER, Role.NATIONAL_OFFICER)
        )
    return found


def _searched(session: Session, operation: Operation, by: Actor, **asked: Any) -> tuple[Any, ...]:
    return tuple(owner_choice(session, operation, by, **asked).values())


refresh_owners = follows(
    _searched,
    *search_places(TASK, "owner"),
    act=Act.TASK_ASSIGN,
    operation=Ids.OPERATION,
    of=OWNER,
    **search_inputs(TASK, "owner"),
)
