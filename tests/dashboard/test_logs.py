"""Logs are lines of JSON, each with its request, down to its entries; nothing that somebody typed is in them."""

import io
import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from dashboard import refusals
from dashboard.server import logs
from dashboard.server.observation import HEADER
from dashboard.settings import LogFormat
from operations.core import account_admin, jobs, measures
from operations.core.errors import NotFound, NotPermitted, RuleBroken
from operations.core.people import Account
from operations.policing.analyses import Analysis
from tests.dashboard.conftest import PASSWORD, Site
from tests.dashboard.test_gate import ORIGIN
from tests.makers import START, Running, freeze

NAME = "Oumarou Quarterstaff"
SECRETS = (NAME, "Oumarou", "Quarterstaff", PASSWORD, "AB1234567")


@contextmanager
def written(monkeypatch: pytest.MonkeyPatch, form: LogFormat = LogFormat.JSON) -> Iterator[list[str]]:
    """The lines that are logged inside the block, as a process that serves writes them."""
    root, stream, lines = logging.getLogger(), io.StringIO(), list[str]()
    before = root.handlers[:], root.level
    monkeypatch.setattr(sys, "stderr", stream)
    logs.configure(form)
    try:
        yield lines
    finally:
        root.handlers[:], level = before
        root.setLevel(level)
        logging.captureWarnings(capture=False)
        lines += stream.getvalue().splitlines()


def read(lines: list[str], logger: str) -> list[dict[str, Any]]:
    return [event for event in map(json.loads, lines) if event["logger"] == logger]


@pytest.mark.requirement("ASVS 14.2.4", "ASVS 16.2.5", "R77")
def test_names_that_are_fed_everywhere_are_found_in_no_line(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client = site.signed_in()
    with written(monkeypatch) as lines:
        client.get(f"/people?person={NAME}", headers={"user-agent": NAME, "referer": f"{ORIGIN}/{NAME}"})
        client.get(f"/{NAME}")
        client.post("/sign-in", data={"username": NAME, "password": PASSWORD, "next": f"/{NAME}"})
        client.post("/preferences", data={"language": NAME})
        client.post("/_dash-update-component", json={"output": NAME, "inputs": [{"id": NAME, "value": "AB1234567"}]})
        client.cookies.set("muster-theme", NAME.replace(" ", ""))
        client.get("/access")
        try:
            try:
                {}[NAME]
            except KeyError as error:
                raise ValueError(f"invalid literal: {NAME}") from error
        except ValueError as error:
            refusals.reference_for(error)
        logging.getLogger("muster.timetable").error("%s: %s", "daily.ask", RuleBroken("", "{name} is gone.", name=NAME))
        logging.getLogger("muster.timetable").error("failed: %s", OSError(NAME))
        logging.getLogger("some.library").warning(
            "cannot parse %r of %s", NAME, {"of": NAME}, exc_info=ValueError(NAME)
        )
    assert len(lines) > 8
    assert [line for line in lines if any(word in line for word in SECRETS)] == []
    [fault, first, second] = [*read(lines, "muster.dashboard"), *read(lines, "muster.timetable")]
    assert [cause["type"] for cause in fault["exception"]] == ["ValueError", "KeyError"]
    assert "test_logs.py" in fault["exception"][0]["at"][0]
    assert (first["event"], second["event"]) == ("daily.ask: {name} is gone.", "failed: OSError")


@pytest.mark.requirement("ASVS 16.2.1", "ASVS 16.2.4", "R42")
def test_a_request_is_followed_from_its_answer_to_its_entries(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    account = site.account()
    with written(monkeypatch) as lines:
        answer = site.visitor().post("/sign-in", data={"username": account.username, "password": PASSWORD})
    [answered] = read(lines, "muster.requests")
    assert answered["request"] == answer.headers[HEADER]
    assert (answered["method"], answered["route"], answered["status"]) == ("POST", "/sign-in", 303)
    entered = [event for event in read(lines, "muster.entries") if event["request"] == answer.headers[HEADER]]
    assert [re.sub(r"\d+", "N", event["event"]) for event in entered] == ["Entered access:N: account.sign_in"]


@pytest.mark.requirement("ASVS 16.3.2")
def test_an_act_that_is_not_granted_is_a_line_and_a_metric_without_content(
    site: Site, scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a route, in a verb, and by a rule beside the matrix; what is only looked at is none."""
    account = site.account()
    counted = measures.REFUSALS.labels("report.write", account.role)._value.get()
    with written(monkeypatch) as lines:
        page = site.signed_in(account).get("/field/work")
        with pytest.raises(NotPermitted):
            freeze(scene, by="bruno")
        with scene.store.reading(scene["ana"]) as session:
            assert not account_admin.may_keep(scene["ana"], session.get_one(Account, scene["bruno"].account_id))
        with pytest.raises(NotPermitted), scene.store.reading(scene["ana"]) as session:
            jobs.claim(session, Analysis, "me", START)
    told = [(each["act"], each["role"], each.get("request")) for each in read(lines, "muster.refusals")]
    assert told == [
        ("report.write", account.role, page.headers[HEADER]),
        ("plan.freeze", "national_officer", None),
        ("other", "operation_coordinator", None),
    ]
    assert measures.REFUSALS.labels("report.write", account.role)._value.get() == counted + 1
    [line] = [line for line in lines if '"request"' in line and "muster.refusals" in line]
    assert {*json.loads(line)} == {"act", "event", "level", "logger", "request", "role", "time"}


@pytest.mark.requirement("ASVS 16.2.4")
def test_each_request_has_a_number_of_its_own_which_nobody_else_chooses(site: Site) -> None:
    numbers = [site.visitor().get("/health", headers={HEADER: NAME}).headers[HEADER] for _time in range(3)]
    assert len({*numbers}) == 3
    assert all(len(number) == 16 and int(number, 16) >= 0 for number in numbers)


def test_what_machines_ask_all_the_time_is_not_logged(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with written(monkeypatch) as lines:
        for path in ("/health", "/ready", "/metrics"):
            site.visitor().get(path)
    assert read(lines, "muster.requests") == []


@pytest.mark.requirement("ASVS 16.3.4")
def test_a_terminal_is_told_the_whole_of_an_error_and_no_traffic(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with written(monkeypatch, LogFormat.TEXT) as lines:
        site.visitor().get("/sign-in")
        logging.getLogger("muster.dashboard").error("Fault", exc_info=NotFound())
    assert "There is nothing here that you can see." in "\n".join(lines)
    assert not [line for line in lines if "muster.requests" in line]
