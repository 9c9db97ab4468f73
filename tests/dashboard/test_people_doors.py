"""Closed, given another role, another clearance or a last day, or waiting for a second person: what holds from then on
at every door, the open socket included.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from starlette.websockets import WebSocketDisconnect

from dashboard.server import live
from operations.core import account_keeping, clock, invitations
from operations.core.account_keeping import ChangeDraft, last_day_of
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import Account, System
from operations.exchange import calendars
from operations.policing.operation import membership, plan
from tests.dashboard.conftest import PASSWORD

pytestmark = pytest.mark.one_storage("the doors stand in the server; the verbs are tested on both")
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
        owner = site.account()
        with site.store.reading(System()) as session:
            by = membership.actor(session, owner)
        content = {
            "id": new_id(), "code_name": f"Op {new_id().hex[:6]}", "type": "border_stop",
            "crime_scope": ["migrant_smuggling"], "zone": "Africa/Niamey",
        }  # fmt: skip
        with site.store.unit_of_work(by) as session:
            self.operation = plan.create(session, parse(plan.OperationDraft, content), by=by).id
        self.account = site.account(role="national_coordinator", country="NER")
        with site.store.reading(System()) as session:
            by = membership.actor(session, owner)
        with site.store.unit_of_work(by) as session:
            plan.invite(session, self.operation, parse(plan.Invitation, {"country": "NER"}), by)
        self.client = site.signed_in(self.account)
        with site.store.reading(System()) as session:
            mine = membership.actor(session, self.account)
        with site.store.unit_of_work(mine) as session:
            self.feed = calendars.open_feed(session, None, mine).token

    def answers(self, client=None) -> dict[str, int]:
        """What every door answers."""
        asked = client or self.client
        found = {
            name: asked.get(path.format(operation=self.operation), headers={"accept": "*/*"}).status_code
            for name, path in DOORS.items()
        }
        return {**found, "calendar": self.site.visitor().get(f"/calendar/{self.feed}.ics").status_code}

    def does(self, verb: Act, *given: object) -> None:
        """Whoever keeps the account does something to it."""
        keeper = self.site.account(role="administrator")
        with self.site.store.reading(System()) as session:
            by = membership.actor(session, keeper)
        with self.site.store.unit_of_work(by) as session:
            if verb is account_keeping.change:
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
    "closed": (account_keeping.close, "Left the service."),
    "another role": (account_keeping.change, {"role": "national_officer", "reason": "Moved to Dosso."}),
    "another country": (account_keeping.change, {"country": "MLI", "reason": "Seconded to Mali."}),
    "a privileged role": (account_keeping.change, {"role": "leadership", "country": None, "reason": "Promoted."}),
    "signed out": (account_keeping.end_sessions,),
}


@pytest.mark.parametrize("how", ENDS)
def test_the_session_is_over_at_every_door_with_the_next_request_and_the_socket_closes_at_once(
    site, monkeypatch, how
) -> None:
    monkeypatch.setattr(live, "RECHECK_EVERY", 600)  # it is told, and does not find out by itself
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
    desk.does(account_keeping.change, {"clearance": "for_official_use", "reason": "No need to know."})
    found = desk.answers()
    assert (found["plan"], found["reports"], found["map"], found["page"]) == (404, 404, 404, 200)


def test_the_day_after_the_last_day_every_door_is_shut(site) -> None:
    desk = Desk(site)
    today = datetime.now(UTC).date()
    desk.does(account_keeping.change, {"last_day": today.isoformat()})
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
    assert site.visitor().post(
        "/sign-in", data={"username": desk.account.username, "password": PASSWORD}
    ).status_code == 401  # fmt: skip
