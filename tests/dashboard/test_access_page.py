"""The access trail as a page: sentences for every act, the filter, paging, and who is told what."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dash.exceptions import PreventUpdate

from dashboard.screens.access import page
from dashboard.server.access import actor, reading
from dashboard.telling.access import ACCESSES, told_access
from dashboard.telling.names import Names
from dashboard.wording import in_language
from operations.core import access_trail, clock, journal
from operations.core.errors import NotFound, NotPermitted
from operations.core.journal import AccessEntry, Chain
from operations.core.languages import LOCALES
from operations.core.people import System
from operations.policing.operation.plan import Operation
from tests.dashboard.desks import EVENING, at_desk, open_scene, press, texts
from tests.dashboard.journalled import ROOT, acts
from tests.makers import Running
from tests.people import CAST
from tests.people import actor as person

NAMES = Names("en", "UTC")
TRIES = {"outcome": "denied", "tries": 3, "since": "2026-03-02T06:00:00+00:00"}
DETAILS: dict[str, list[dict[str, Any]]] = {
    "account.sign_in": [{}, {"outcome": "failed"}, TRIES],
    "account.sign_out_everywhere": [{"sessions": 1}, {"sessions": 4}],
    "account.change_password": [{}, {"outcome": "failed"}, {"outcome": "denied"}],
    "case.consult": [{"reason": "work"}],
    "figure.consult": [{"reason": "check", "figure": "K11", "reports": 2}],
    "figure.saw": [{"reason": "check", "figure": "K11"}],
    "report.consult": [{"reason": "verify"}],
    "incident.consult": [{"reason": "audit", "about": "SI-0C3582A9"}],
    "data.look": [{"number": 3}],
    "data.paper": [{"number": "DR-0C3582A9"}],
    "erasure.paper": [{"number": 2}],
    "deployment.letter": [{"number": "NER-001"}],
    "certificate.print": [{"number": "C-1"}],
    "equipment.certificate": [{"number": "C-1"}],
    "evaluation.paper": [{"format": "docx"}],
    "needs.paper": [{"format": "pdf"}],
    "dispatch.paper": [{"format": "pdf", "handling": "h1"}],
    "partner.package": [{"format": "pdf", "partner": "europol"}],
    "programme.report": [{"format": "pdf", "number": 2026}],
    "journal.extract": [{"format": "zip", "of": "journal", "rows": 7}],
    "operation.export": [{"level": "V1", "format": "xlsx"}, {"level": "V3", "format": "zip"}],
    "plan.export": [{"format": "cot"}, {"format": "pdf"}],
    "report.export": [{"level": "V1", "format": "csv"}],
}  # fmt: skip


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def every_access(act: str) -> list[AccessEntry]:
    return [
        AccessEntry(act=act, country="NER", outcome=said.get("outcome", "done"), detail=said)
        for said in DETAILS.get(act, [{}])
    ]


@pytest.mark.requirement("R40")
def test_every_act_of_the_trail_has_a_sentence_an_icon_and_a_kind() -> None:
    written = {str(act) for act in acts(access=True)}
    assert len(written) >= 12
    assert written == set(ACCESSES)
    assert sorted(written) == sorted(act for of in access_trail.ACTS.values() for act in of)
    there = set((ROOT / "tools" / "icons.txt").read_text(encoding="utf-8").split())
    assert {row.icon for row in ACCESSES.values()} <= there
    assert set(page.KINDS) == set(access_trail.AccessKind)


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("act", sorted(ACCESSES))
def test_every_access_is_told_in_every_language(act: str, language: str) -> None:
    for entry in every_access(act):
        english = told_access(entry, NAMES)
        with in_language(language):
            said = told_access(entry, Names(language, "UTC"))
        assert "{" not in said
        assert "None" not in said
        assert language == "en" or said != english, said


def test_it_says_what_was_done_and_not_only_that_something_was() -> None:
    said = {act: [told_access(entry, NAMES) for entry in every_access(act)] for act in ACCESSES}
    assert said["case.consult"] == ["Opened a fugitive case of Niger. Reason: I work on this case."]
    assert said["plan.export"] == ["Took along the plan (Cursor on Target).", "Took along the plan (PDF)."]
    assert said["operation.export"][1] == "Took along the whole operation as an archive."
    assert said["account.sign_in"][1:] == [
        "Somebody tried to sign in with a wrong password.",
        "3 attempts to sign in from this address were refused since 2 Mar 2026, \u206806:00 UTC\u2069.",
    ]


def entered(scene: Running, many: int = 1, name: str = "dov") -> None:
    """So many consultations of a case of Niger."""
    with clock.at(EVENING), scene.store.unit_of_work(scene[name]) as session:
        for _each in range(many):
            journal.record(
                session,
                scene[name],
                "case.consult",
                "fugitive_case",
                operation=scene.operation,
                country="NER",
                chain=Chain.ACCESS,
                reason="work",
            )


def opened(scene: Running, name: str, **asked: Any) -> tuple[list[dict[str, Any]], bool]:
    with at_desk(scene, name), reading() as session:
        return page.contents(session, actor(), **asked)


@pytest.mark.requirement("R46")
def test_a_country_reads_who_opened_its_cases_by_role_and_the_auditor_by_name(scene: Running) -> None:
    entered(scene)
    with scene.store.reading(System()) as session:
        title = session.get_one(Operation, scene.operation).title
    for name, who in (("chaima", "OCU analyst"), ("otto", "Dov Lindqvist"), ("dov", "Dov Lindqvist")):
        [row], all_shown = opened(scene, name)
        assert (row["who"], all_shown, row["operation"]) == (who, True, title)
    assert opened(scene, "moussa") == ([], True)
    with at_desk(scene, "chaima"):
        words = texts(page.layout())
        drawn = str(page.layout())
    assert "Of other people you read the role" in words
    assert "Dov" not in drawn


def test_older_entries_come_by_pages_and_nothing_comes_twice(scene: Running) -> None:
    entered(scene, access_trail.PAGE + 30)
    rows, all_shown = opened(scene, "otto")
    assert (len(rows), all_shown) == (access_trail.PAGE, False)
    entered(scene, 5)
    with at_desk(scene, "otto"):
        nothing = dict.fromkeys(page.FIELDS)
        shown, all_shown = press(page.load_older, page.Ids.OLDER, shown=rows, asked=nothing)["shown"]
        with pytest.raises(PreventUpdate):
            press(page.load_older, page.Ids.OLDER, value=None, shown=rows, asked=nothing)
    assert (len(shown), all_shown) == (access_trail.PAGE + 30, True)
    assert len({row["id"] for row in shown}) == len(shown)
    assert len(opened(scene, "otto", shown=shown)[0]) == access_trail.PAGE + 30


def test_the_filter_of_the_address_and_of_the_screen(scene: Running) -> None:
    entered(scene)
    dov = str(scene["dov"].account_id)
    day = EVENING.date().isoformat()
    later = (EVENING + timedelta(days=1)).date().isoformat()
    for asked, found in (
        ({"person": dov}, 1),
        ({"person": str(scene["lena"].account_id)}, 0),
        ({"kind": "consultation"}, 1),
        ({"kind": "disclosure"}, 0),
        ({"first": day, "last": day}, 1),
        ({"first": later}, 0),
    ):
        assert len(opened(scene, "otto", **asked)[0]) == found, asked
        with at_desk(scene, "otto"):
            assert ("I work on this case" in str(page.layout(**asked))) is bool(found)
    assert opened(scene, "chaima")[0]
    with pytest.raises(NotFound):
        opened(scene, "chaima", person=dov)


@pytest.mark.parametrize("asked", [{"person": "x"}, {"kind": "all"}, {"first": "soon"}, {"last": ["2026"]}])
def test_what_no_page_asks_for_is_not_found(scene: Running, asked: dict[str, Any]) -> None:
    with pytest.raises(NotFound):
        opened(scene, "otto", **asked)


def test_it_is_drawn_anew_when_something_came_or_another_thing_is_asked(scene: Running) -> None:
    asked = dict.fromkeys(page.FIELDS)
    with at_desk(scene, "chaima"), reading() as session:
        before = page.newest(session, scene["chaima"], **asked)
    entered(scene)
    with at_desk(scene, "chaima"), reading() as session:
        after = page.newest(session, scene["chaima"], **asked)
        assert after != before
        assert page.newest(session, scene["chaima"], **asked, again=1) != after
        assert page.newest(session, scene["chaima"], **asked | {"kind": "disclosure"}) != after
        assert page.newest(session, scene["chaima"], **asked) == after


def test_numbers_of_the_chain_reach_no_browser(scene: Running) -> None:
    """They would tell how much is read everywhere."""
    entered(scene, 3, "moussa")
    entered(scene, 1)
    [mine] = [row for row in opened(scene, "chaima")[0] if row["who"] == "OCU analyst"]
    with scene.store.reading(System()) as session:
        numbers = {str(entry.seq) for entry in journal.between(session, Chain.ACCESS, None, None, None)}
    assert not numbers & {str(value) for value in mine.values()}


def test_the_chain_is_checked_for_the_auditor_alone(scene: Running) -> None:
    entered(scene, 4)
    with at_desk(scene, "otto"):
        assert "Chain verified up to entry 4" in texts(press(page.check, page.Ids.CHECK)["shown"])
        with pytest.raises(PreventUpdate):
            press(page.check, page.Ids.CHECK, value=None)
        assert "Check the chain" in texts(page.layout())
    for name in ("chaima", "dov", "ada"):
        with at_desk(scene, name):
            assert "Check the chain" not in texts(page.layout())
            with pytest.raises(NotPermitted):
                press(page.check, page.Ids.CHECK)


def test_the_page_has_a_tab_for_those_who_read_more_than_their_own() -> None:
    assert {name for name in CAST if page.NAV.has_tab(person(name), None)} == {"otto", "chaima", "moussa"}


@pytest.mark.parametrize("name", ["bruno", "lena", "ada"])
def test_everybody_reads_the_own_accesses(scene: Running, name: str) -> None:
    entered(scene, 1, name)
    entered(scene, 2)
    [row] = opened(scene, name)[0]
    assert row["who"] == scene[name].name
    with at_desk(scene, name):
        assert "What you opened and took along" in texts(page.layout())
