"""Every route answers as its description says, whatever is sent by whichever role: judged by Schemathesis."""

from typing import Any
from uuid import UUID

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dashboard.api.application import description
from operations.core import clock
from operations.policing.leads import leads
from tests.interface import interface
from tests.makers import START, Running, form, lead_of, send

ROLES = ("bruno", "boubacar", "chaima")
"""An officer, a team leader and a coordinator: no other role has a token."""
CHECKED = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SCHEMA = schemathesis.openapi.from_dict(description())
ROUTES = {f"{found.ok().method} {found.ok().path}": found.ok() for found in SCHEMA.get_all_operations()}


@pytest.mark.sample(4)
@pytest.mark.parametrize("route", sorted(ROUTES))
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.requirement("ASVS 4.1.1")
def test_a_route_answers_as_it_is_described(
    request: pytest.FixtureRequest, scene: Running, role: str, route: str
) -> None:
    sent = send(scene, form(scene))
    door = interface(scene, api="100000 per minute", writes="100000 per minute")
    door.gate.doors.hold_back = _at_once  # type: ignore[method-assign]
    known = {
        "operation_id": str(scene.operation),
        "operation": str(scene.operation),
        "report_id": str(sent.report_id),
        "version_id": str(sent.id),
        "name": "CL-DB",
        "collection": "site",
        "item": str(scene.sites["Niamey"]),
        "lead_id": str(_asked(scene)),
        "after": "",
    }
    with clock.at(START.replace(day=START.day + 1)):
        system = door.of(role)

        @settings(
            max_examples=15,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=ROUTES[route].as_strategy(), real=st.booleans())
        def answers(case: Any, real: bool) -> None:
            if real:
                for held in (case.path_parameters, case.query):
                    held.update({name: value for name, value in known.items() if name in (held or {})})
            body = {"json": case.body} if ROUTES[route].body else {}
            answer = system.request(case.method, case.formatted_path, params=case.query or {}, **body)
            case.validate_response(answer, checks=CHECKED)

        answers()


def _asked(scene: Running) -> UUID:
    """A lead of Mali that Niger has."""
    lead = lead_of(scene, "moussa", origin_country="MLI", to_countries=["NER"])
    with clock.at(START), scene.store.unit_of_work(scene["moussa"]) as session:
        leads.share(session, lead.id, scene["moussa"])
    return lead.id


async def _at_once(_network: str, _times: int = 1) -> None:
    """A refusal is said without a pause."""
