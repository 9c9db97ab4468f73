"""Closed, given another role, another clearance or a last day, or waiting for a second person: what holds from then on
at every door, the open socket included.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from fastapi.routing import APIRoute
from sqlmodel import select
from starlette.websockets import WebSocketDisconnect

from dashboard.server import change_listener
from dashboard.server.gate import TOKENISED
from operations.core import account_admin, clock, invitations, scope
from operations.core.account_admin import ChangeDraft, last_day_of
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import Account, Assignment, System
from operations.exchange import calendars
from operations.policing.operation import membership, plan, staff
from operations.totals.activity import DepartureChoice
from tests.dashboard.conftest import ORIGIN, PASSWORD
from tests.makers import phase_draft

DOORS = {
    "page": "/account",
    "layout": "/_dash-layout",
    "callbacks": "/_dash-dependencies",
    "pulse": "/pulse/now",
    "map": "/data/map/{operation}/events?bbox=0,0,1,1&zoom=3",
    "search": "/data/map/search?q=nia",
    "plan": "/export/operations/{operation}/plan.geojson",
    "reports": "/export/operations/{operation}/reports.csv",
}
Act = Callable[..., object]


class Desk:
    """A national coordinator in an operation, whose browser has every door open."""

    def __init__(self, site) -> None:
        self.site = site
        self.owner = site.account()
        self.operation = self.create()
        self.account = site.account(role="national_coordinator", country="NER")
        self.as_owner(plan.invite, self.operation, parse(plan.CountryInvitation, {"country": "NER"}))
        self.client = site.signed_in(self.account)
        with site.store.reading(System()) as session:
            mine = membership.actor(session, self.account)
        with site.store.unit_of_work(mine) as session:
            self.feed = calendars.open_feed(session, None, mine).token

    def as_owner(self, verb: Act, *given: object, **more: object) -> object:
        """The coordinator of the operations of this desk does something."""
        with self.site.store.reading(System()) as session:
            by = membership.actor(session, self.owner)
        with self.site.store.unit_of_work(by) as session:
            return verb(session, *given, by, **more)

    def create(self) -> UUID:
        """An operation of that coordinator."""
        content = {
            "id": new_id(),
            "code_name": f"Op {new_id().hex[:6]}",
            "type": "border_stop",
            "crime_scope": ["migrant_smuggling"],
            "zone": "Africa/Niamey",
        }
        self.as_owner(plan.create, parse(plan.OperationDraft, content))
        return content["id"]

    def answers(self, client=None) -> dict[str, int]:
        """What every door answers."""
        asked = client or self.client
        found = {
            name: asked.request(
                "POST" if path.startswith("/export/") else "GET",
                path.format(operation=self.operation),
                headers={"accept": "*/*"},
            ).status_code
            for name, path in DOORS.items()
        }
        return {**found, "calendar": self.site.visitor().get(f"/calendar/{self.feed}.ics").status_code}

    def does(self, verb: Act, *given: object) -> None:
        """Whoever keeps the account does something to it."""
        keeper = self.site.account(role="administrator")
        with self.site.store.reading(System()) as session:
            by = membership.actor(session, keeper)
        with self.site.store.unit_of_work(by) as session:
            if verb is account_admin.change:
                now = session.get_one(Account, self.account.id)
                content = {name: getattr(now, name) for name in ("role", "country", "unit", "clearance")}
                draft = parse(ChangeDraft, {**content, "last_day": last_day_of(now), **given[0]})
                verb(session, self.account.id, draft, by, now.version)
            else:
                verb(session, self.account.id, by, *given)


def _ways(answers: dict[str, int]) -> set[int]:
    return set(answers.values())


def _closing(socket) -> int:
    """The code with which a socket closes, whatever is said before."""
    try:
        while True:
            socket.receive_json()
    except WebSocketDisconnect as closed:
        return closed.code


ENDS = {
    "closed": (account_admin.close, "Left the service."),
    "another role": (account_admin.change, {"role": "national_officer", "reason": "Moved to Dosso."}),
    "another country": (account_admin.change, {"country": "MLI", "reason": "Seconded to Mali."}),
    "a privileged role": (account_admin.change, {"role": "leadership", "country": None, "reason": "Promoted."}),
    "signed out": (account_admin.end_sessions,),
}


@pytest.mark.parametrize("how", ENDS)
@pytest.mark.requirement("ASVS 7.4.1", "R8")
def test_the_session_is_over_at_every_door_with_the_next_request_and_the_socket_closes_at_once(
    site, monkeypatch, how
) -> None:
    monkeypatch.setattr(change_listener, "RECHECK_EVERY", 600)  # it is told, and does not find out by itself
    desk = Desk(site)
    assert _ways(desk.answers()) == {200}
    with site.socket(desk.client) as socket:
        socket.receive_json()
        desk.does(*ENDS[how])
        assert _closing(socket) == 4401
    found = desk.answers()
    calendar = found.pop("calendar")
    assert _ways(found) == {401}
    assert calendar == (200 if how == "signed out" else 404)
    with pytest.raises(WebSocketDisconnect), site.socket(desk.client):
        pass


def test_after_another_role_the_doors_of_the_old_one_stay_shut(site) -> None:
    desk = Desk(site)
    desk.does(*ENDS["another role"])
    again = desk.answers(site.signed_in(desk.account))
    assert (again["reports"], again["page"], again["map"]) == (404, 200, 200)
    assert "/people" not in site.signed_in(desk.account).get("/_dash-layout").text


def test_a_lower_clearance_shuts_a_classified_operation_and_the_session_goes_on(site) -> None:
    desk = Desk(site)
    with site.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, desk.operation).classification = "restricted"
        session.get_one(Account, desk.account.id).clearance = "restricted"
    assert _ways(desk.answers()) == {200}
    desk.does(account_admin.change, {"clearance": "for_official_use", "reason": "No need to know."})
    found = desk.answers()
    assert (found["plan"], found["reports"], found["map"], found["page"]) == (404, 404, 404, 200)


def test_the_day_after_the_last_day_every_door_is_shut(site) -> None:
    desk = Desk(site)
    today = datetime.now(UTC).date()
    desk.does(account_admin.change, {"last_day": today.isoformat()})
    assert _ways(desk.answers()) == {200}
    with site.store.unit_of_work(System()) as session:  # the day passes
        session.get_one(Account, desk.account.id).expires_at = clock.now() - timedelta(seconds=1)
    found = desk.answers()
    assert (found.pop("calendar"), _ways(found)) == (404, {401})


def test_a_new_link_that_is_used_ends_what_was_open(site) -> None:
    desk = Desk(site)
    with site.store.unit_of_work(System()) as session:
        link = invitations.renew(session, desk.account.id, System())
    assert _ways(desk.answers()) == {200}
    invitations.accept(site.store, link.secret, "another harbour, quick tide 5", "en")
    found = desk.answers()
    assert (found.pop("calendar"), _ways(found)) == (404, {401})
    assert (
        site.visitor().post("/sign-in", data={"username": desk.account.username, "password": PASSWORD}).status_code
        == 401
    )


# --------------------------------------------------------------------------------- every door that there is, found


def _routes(of) -> Iterator[tuple[str, str]]:
    """Method and path of every address that the application answers, FastAPI's and Dash's."""
    outside = list(of.fastapi.routes)
    while outside:
        each = outside.pop()
        nested = getattr(each, "routes", None) or getattr(getattr(each, "original_router", None), "routes", None)
        if isinstance(nested, list):
            outside += nested
        elif isinstance(each, APIRoute):
            yield from ((method, each.path) for method in each.methods)
    for rule in of.dash.server.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)


def _doors(site) -> list[tuple[str, str]]:
    """The doors that need a session, with something that is nobody's in place of what addresses name."""
    found = {(method, re.sub(r"{[^}]+}", str(uuid4()), path)) for method, path in _routes(site.app.inside)}
    asked = {
        (method, path)
        for method, path in found
        if path not in site.app.public and not TOKENISED.fullmatch(path) and not path.startswith("/assets/")
    }
    return sorted(asked, key=lambda door: (door[1] == "/sign-out", door))  # after it nothing is open


def _asked(client, method: str, path: str) -> int:
    headers = {"accept": "*/*", "origin": ORIGIN, "content-type": "application/json"}
    content = None if method == "GET" else b"{}"
    return int(client.request(method, path, content=content, headers=headers).status_code)


@pytest.mark.parametrize("how", ENDS)
def test_no_door_that_the_application_has_is_open_to_whom_it_was_shut(site, how) -> None:
    """Found from its routes, so that none is forgotten: files, exports, messages, maps, callbacks and pages."""
    desk, doors = Desk(site), _doors(site)
    named = {path.split("/")[1] for _method, path in doors}
    assert named >= {"data", "export", "message", "pulse", "_dash-update-component", "_dash-layout"}
    assert len(doors) > 20
    before, later = (site.signed_in(desk.account) for _each in range(2))
    assert [door for door in doors if _asked(before, *door) == 401] == []
    desk.does(*ENDS[how])
    assert {door: status for door in doors if (status := _asked(later, *door)) != 401} == {}


def _put_on(person: Account) -> staff.AssignmentDraft:
    return parse(staff.AssignmentDraft, {"id": new_id(), "people": [person.id]})


@pytest.mark.parametrize("role", ["national_coordinator", "ocu_analyst"])
def test_who_is_moved_away_finds_the_operation_shut_and_hears_nothing_more_of_it(site, role) -> None:
    """A country leaves, an analyst is relieved: the person stays, the operation is out of reach at every door."""
    desk = Desk(site)
    person = desk.account if role == "national_coordinator" else site.account(role=role)
    if person is not desk.account:
        desk.as_owner(staff.assign, desk.operation, _put_on(person))
    client, doors = site.signed_in(person), ("map", "plan", "page")
    assert [desk.answers(client)[each] for each in doors] == [200, 200, 200]
    with site.socket(client) as socket:
        socket.receive_json()
        if person is desk.account:
            with site.store.reading(System()) as session:
                mine = membership.actor(session, person)
            with site.store.unit_of_work(mine) as session:
                plan.withdraw(session, desk.operation, plan.Leaving(figures=DepartureChoice.SHOWN), mine)
        else:
            with site.store.reading(System()) as session:
                held = session.exec(select(Assignment).where(Assignment.account_id == person.id)).one()
            desk.as_owner(staff.relieve, held.id, version=held.version)
        assert [desk.answers(client)[each] for each in doors] == [404, 404, 200]
        for days in (1, 2):
            starts = clock.now() + timedelta(days=days)
            desk.as_owner(
                plan.schedule, desk.operation, phase_draft("operational", starts, starts + timedelta(hours=9))
            )
        elsewhere = desk.create()
        if person is desk.account:
            desk.as_owner(plan.invite, elsewhere, parse(plan.CountryInvitation, {"country": "NER"}))
        else:
            desk.as_owner(staff.assign, elsewhere, _put_on(person))
        starts, heard = clock.now() + timedelta(days=1), list[str]()
        desk.as_owner(plan.schedule, elsewhere, phase_draft("operational", starts, starts + timedelta(hours=9)))
        while str(elsewhere) not in heard:
            heard += socket.receive_json()["operations"]
        left = [each for each in heard if each == str(desk.operation)]
        assert len(left) <= 1  # that it was left is the last that is heard of it


def test_a_page_on_its_way_when_its_session_ends_is_answered_like_the_next_request(site, monkeypatch) -> None:
    """The gate let it in; when it reads, nobody stands behind it any more."""
    client = site.signed_in()
    monkeypatch.setattr(scope, "_identify", [lambda _connection, _asker: None])
    answer = client.get("/_dash-layout", headers={"accept": "*/*"})
    assert answer.status_code == 401
    assert "changed while this was on its way" in answer.json()["error"]
