"""Reports by the interface for programs are those of the form; a token opens what its maker may, and no more."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.core import account_admin, clock, journal, sign_in
from operations.core.errors import Conflict, NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Account, System
from operations.core.permissions import Act
from operations.core.sign_in import SignIn
from operations.core.vocabulary import ApiScope, Level
from operations.disclosure.suppression import BoardFrame
from operations.exchange import api_tokens
from operations.figures.board import read_board
from operations.policing.operation import plan
from operations.policing.reports import reports, verification
from tests.interface import Interface, interface, token
from tests.makers import START, Running, detection, form, hit, let_out, send, still_there, tally

NOW = START + timedelta(days=2)


@pytest.fixture(autouse=True)
def _held() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def door(scene: Running) -> Interface:
    return interface(scene)


def frame(scene: Running, country: str | None = None, level: Level = Level.V1) -> BoardFrame:
    with scene.store.reading(System()) as session:
        found = session.get_one(plan.Operation, scene.operation)
        return BoardFrame(found.id, found.zone, found.classification, found.day_cut, level, country)


# --------------------------------------------------------------------------------------------------- the journey


def test_what_enters_by_the_interface_is_on_the_board_in_the_form_and_in_the_journal(door: Interface) -> None:
    scene, system = door.scene, door.of("bruno")
    site = next(
        each for each in system.get(f"/operations/{scene.operation}").json()["sites"] if each["name"] == "Niamey"
    )
    content = form(scene, lines=[tally(140), hit(START + timedelta(hours=2))], site_id=site["id"])
    sent = system.post("/reports", json=content)
    assert sent.status_code == 201, sent.text
    answer = sent.json()
    assert (answer["state"], answer["level"], answer["counted"]) == ("submitted", "V1", True)
    with scene.store.reading(scene["bruno"]) as session:
        board = read_board(session, frame(scene, "NER"), scene["bruno"])
        assert (board.figures[Kpi.DATABASE_CHECKS].value, board.figures[Kpi.RAW_HITS].value) == (140, 1)
        [kept] = reports.newest(session, scene.operation)
        assert [line.quantity for line in reports.lines_of(session, kept.id)] == [140, 1]
        entry = journal.latest(session, scene.operation, limit=1)[0]
    assert (entry.act, entry.actor_name) == ("report.submit", "Bruno Issoufou · Border entry")
    told = system.get(f"/operations/{scene.operation}/key-figures?level=V1").json()
    values = {each["figure"]: each["value"] for each in told["figures"]}
    assert (values[Kpi.DATABASE_CHECKS], values[Kpi.RAW_HITS]) == (140, 1)

    correction = content | {
        "id": str(new_id()),
        "supersedes_id": content["id"],
        "correction_reason": "typing",
        "lines": [tally(150) | {"id": content["lines"][0]["id"]}],
    }
    corrected = system.post("/reports", json=correction)
    assert corrected.status_code == 201, corrected.text
    assert [each["version"] for each in system.get(f"/reports/{content['report_id']}").json()["items"]] == [2, 1]
    then = system.get(f"/operations/{scene.operation}/key-figures?level=V1&entry={told['entry']}").json()
    assert {each["figure"]: each["value"] for each in then["figures"]} == values, "as of the entry told before"
    gone = system.post(f"/reports/{correction['id']}/withdrawal", json={"reason": "Sent for another site."})
    assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn")


def test_a_report_of_the_interface_is_verified_by_somebody_else_than_the_maker_of_the_token(door: Interface) -> None:

    scene = door.scene
    sent = door.of("boubacar").post("/reports", json=form(scene)).json()
    with pytest.raises(RuleBroken, match=r"author|wrote|own"), scene.store.unit_of_work(scene["boubacar"]) as session:
        verification.verify(session, UUID(sent["id"]), scene["boubacar"])


# ------------------------------------------------------------------------------------------------------- retries


@pytest.mark.requirement("R49")
def test_the_same_report_again_gets_the_same_answer_and_another_under_its_id_is_refused(door: Interface) -> None:
    system, content = door.of("bruno"), form(door.scene)
    first, again = (system.post("/reports", json=content) for _time in range(2))
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    other = system.post("/reports", json=content | {"lines": [tally(999)]})
    assert other.status_code == 409
    assert other.headers["content-type"] == "application/problem+json"
    assert len(system.get(f"/reports?operation={door.scene.operation}").json()["items"]) == 1


def test_pages_follow_a_cursor_until_nothing_is_left(door: Interface) -> None:
    scene = door.scene
    for day in range(3):
        send(scene, form(scene, day=day - 0 if day < 2 else 1, site="Agadez" if day == 2 else "Niamey"))
    system, seen, cursor = door.of("bruno"), [], ""
    for _page in range(5):
        page = system.get(f"/reports?operation={scene.operation}&limit=1&after={cursor}").json()
        seen += [each["id"] for each in page["items"]]
        cursor = page["next"]
        if not page["more"]:
            break
    assert len(seen) == len(set(seen)) == 3
    later = form(scene, day=1, kind="nil", lines=[])
    with clock.at(NOW + timedelta(minutes=1)):
        system.post("/reports", json=later)
        after = system.get(f"/reports?operation={scene.operation}&after={cursor}").json()["items"]
    assert later["id"] in [each["id"] for each in after]
    assert system.get(f"/reports?operation={scene.operation}&after=nonsense").status_code == 404


# ------------------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"remarks": "Call +227 96 12 34 56 and ask for Xanthippe Quux"}, "remarks"),
        ({"zone": "Xanthippe/Quux"}, "zone"),
        ({"kind": "Xanthippe"}, "kind"),
        ({"Xanthippe Quux": 1}, ""),
        ({"lines": [tally() | {"database": "Xanthippe"}]}, "lines.0.database"),
        ({"lines": [tally() | {"count": "Xanthippe"}]}, "lines.0.count"),
        ({"lines": [tally() | {"Quux": 1}]}, "lines.0"),
        ({"period_from": "Xanthippe"}, "period_from"),
        ({"site_id": "Xanthippe"}, "site_id"),
    ],
)
@pytest.mark.requirement("ASVS 15.3.3")
def test_a_refusal_names_the_field_in_four_languages_and_never_says_what_was_sent(
    door: Interface, change: dict[str, Any], field: str
) -> None:
    said = set()
    for language in ("en", "fr", "es", "ar"):
        answer = door.of("bruno", language=language).post("/reports", json=form(door.scene, **change))
        assert (answer.status_code, answer.headers["content-language"]) == (422, language)
        problem = answer.json()
        assert field in [each["field"] for each in problem["flaws"]]
        assert "anthippe" not in answer.text.lower()
        assert "quux" not in answer.text.lower()
        assert "96 12" not in answer.text
        said.add(problem["detail"])
    assert len(said) == 4


@pytest.mark.parametrize(
    "body", [b"{", b'{"id": NaN}', b'{"id": 1, "id": 2}', b"[" * 100_000, b"\xff\xfe{}", b'"text"', b"[]", b"null", b""]
)
@pytest.mark.requirement("ASVS 2.2.2")
def test_a_body_that_is_no_report_is_a_problem(door: Interface, body: bytes) -> None:
    answer = door.of("bruno").post("/reports", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_doubt_is_asked_once_and_taken_when_confirmed(door: Interface) -> None:
    system, content = door.of("bruno"), form(door.scene, lines=[tally(60_000)], confirmed=False)
    asked = system.post("/reports", json=content)
    assert (asked.status_code, [each["field"] for each in asked.json()["flaws"]]) == (422, ["confirmed"])
    assert system.post("/reports", json=content | {"confirmed": True}).status_code == 201


@pytest.mark.requirement("ASVS 2.4.1")
def test_whoever_asks_too_often_is_told_when_to_ask_again(scene: Running) -> None:
    system = interface(scene, api="3 per minute").of("bruno")
    answers = [system.get("/key-figures") for _time in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert answers[-1].headers["content-type"] == "application/problem+json"


# -------------------------------------------------------------------------------------------------------- tokens


def test_no_address_answers_without_a_token(door: Interface) -> None:
    for key in ("", "muster_" + "x" * 43, "x"):
        for path in ("/openapi.json", "/reports", "/operations", "/nothing"):
            answer = door.program(key).get(path)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert door.program(key).post("/reports", json=form(door.scene)).status_code == 401


def test_a_token_opens_no_other_address(door: Interface) -> None:
    system = door.of("bruno")
    for path in ("http://127.0.0.1:8060/", "http://127.0.0.1:8060/account", "http://127.0.0.1:8060/api/v2/reports"):
        assert system.get(path).status_code == 401
    key = system.headers["authorization"].removeprefix("Bearer ")
    as_cookie = door.program()
    as_cookie.cookies.set("muster", key)
    assert as_cookie.get("/reports").status_code == 401


def test_each_address_is_for_its_scope(door: Interface) -> None:
    scene = door.scene
    asked = {
        "reports_read": f"/reports?operation={scene.operation}",
        "figures_read": f"/operations/{scene.operation}/key-figures",
        "plan_read": f"/operations/{scene.operation}/plan",
    }
    for scope in asked:
        system = door.of("bruno", scope)
        assert [name for name, path in asked.items() if system.get(path).status_code == 200] == [scope]
        assert system.post("/reports", json=form(scene)).status_code == 404
    assert door.of("bruno", "reports_write").post("/reports", json=form(scene)).status_code == 201


@pytest.mark.requirement("R23")
def test_a_token_is_of_its_country_and_of_its_makers_role(door: Interface) -> None:
    scene = door.scene
    mine = door.of("bruno").post("/reports", json=form(scene)).json()
    other = door.of("mateo")
    assert other.get(f"/reports/{mine['report_id']}").status_code == 404
    assert other.get(f"/reports?operation={scene.operation}").json()["items"] == []
    assert other.post("/reports", json=form(scene)).status_code == 404, "a site of Niger"
    assert other.post(f"/reports/{mine['id']}/withdrawal", json={"reason": "Not ours."}).status_code == 404
    assert door.of("chaima").post("/reports", json=form(scene)).status_code == 404, "a coordinator writes none"
    for name in ("ana", "lena", "ada"):
        with pytest.raises(NotPermitted):
            token(scene, name)


@pytest.mark.requirement("ASVS 15.3.1")
def test_figures_of_the_whole_are_those_of_the_audience_of_other_countries(door: Interface) -> None:
    scene = door.scene
    send(scene, form(scene, lines=[detection(3)]))
    send(scene, form(scene, "Bamako", lines=[detection(4)]), "mateo")
    let_out(scene)
    told = door.of("bruno").get(f"/operations/{scene.operation}/key-figures?reach=operation&level=V1").json()
    assert told["level"] == "V3", "a country reads the whole from V3 up"
    with scene.store.reading(scene["bruno"]) as session:
        board = read_board(session, frame(scene, level=Level.V3), scene["bruno"])
    shown = {each["figure"]: (each["value"], each["hidden"]) for each in told["figures"]}
    assert shown == {kpi.value: (board.figures[kpi].value, board.figures[kpi].hidden) for kpi in CATALOGUE}
    assert door.of("bruno").get(f"/operations/{scene.operation}/key-figures?level=V1").json()["country"] == "NER"


@pytest.mark.requirement("ASVS 13.2.1")
def test_a_token_ends_with_its_last_day_its_maker_and_whoever_ends_it(door: Interface) -> None:
    scene = door.scene
    made = token(scene, "bruno")
    system = door.program(made.key)
    assert system.get("/operations").status_code == 200
    still_there(scene, NOW + timedelta(days=40))
    with clock.at(NOW + timedelta(days=32)):
        assert system.get("/operations").status_code == 401
    with scene.store.unit_of_work(scene["chaima"]) as session:
        api_tokens.end(session, made.token.id, scene["chaima"])
    assert system.get("/operations").status_code == 401
    second = door.of("bruno")
    with scene.store.unit_of_work(System()) as session:
        session.get_one(Account, scene["bruno"].account_id).disabled_at = NOW
    assert second.get("/operations").status_code == 401


def test_a_token_that_ends_while_a_report_is_on_its_way_writes_nothing(door: Interface) -> None:
    scene = door.scene
    made = token(scene, "bruno")
    with scene.store.reading(System()) as session:
        found = api_tokens.bearer(session, made.key)
    assert found is not None
    with scene.store.unit_of_work(scene["bruno"]) as session:
        api_tokens.end(session, made.token.id, scene["bruno"])
    with pytest.raises(NotPermitted), scene.store.unit_of_work(found.actor) as session:
        session.exec(select(Account)).all()


def test_ending_all_sessions_ends_tokens_and_reading_tells_no_key(door: Interface) -> None:
    scene = door.scene
    made = token(scene, "bruno")
    with scene.store.unit_of_work(scene["bruno"]) as session:
        [(listed, entry)] = api_tokens.tokens(session)
        assert made.key not in f"{listed!r} {entry!r}"
        sign_in.sign_out_everywhere(session, scene["bruno"].account_id, scene["bruno"])
        assert api_tokens.tokens(session) == []
    assert door.program(made.key).get("/operations").status_code == 401


def test_a_country_sees_its_tokens_and_an_administrator_all(scene: Running) -> None:
    for name in ("bruno", "boubacar", "mateo"):
        token(scene, name)
    seen = {"bruno": 1, "chaima": 2, "moussa": 1, "ada": 3, "otto": 0, "lena": 0}
    for name, many in seen.items():
        with scene.store.reading(scene[name]) as session:
            assert len(api_tokens.tokens(session)) == many, name
    with scene.store.reading(scene["mateo"]) as session:
        [(foreign, _entry)] = api_tokens.tokens(session)
    for name in ("bruno", "chaima", "otto"):
        with pytest.raises(NotPermitted.__mro__[1]), scene.store.unit_of_work(scene[name]) as session:
            api_tokens.end(session, foreign.id, scene[name])


def test_a_token_lasts_a_year_at_most_and_is_made_once(scene: Running) -> None:
    for days in (-1, 367):
        with pytest.raises(RuleBroken, match="within a year"):
            token(scene, "bruno", expires_on=NOW.date() + timedelta(days=days))
    ident = new_id()
    first, again = (token(scene, "bruno", id=ident) for _time in range(2))
    assert first.key
    assert (again.key, again.token.id) == ("", first.token.id)
    with pytest.raises(Exception, match="other content"):
        token(scene, "bruno", id=ident, system="Another")


@pytest.mark.requirement("ASVS 2.3.2")
def test_a_token_is_made_once_a_few_at_a_time_and_for_what_its_maker_may(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = token(scene, "bruno", ApiScope.REPORTS_WRITE).token
    with pytest.raises(Conflict, match="This token was already made with other content"):
        token(scene, "bruno", ApiScope.REPORTS_WRITE, id=made.id, system="Another system")
    monkeypatch.setitem(api_tokens.SCOPES, ApiScope.FIGURES_READ, Act.OPERATION_APPROVE)
    with pytest.raises(RuleBroken, match="Your role does not allow all of this"):
        token(scene, "bruno", ApiScope.FIGURES_READ)
    monkeypatch.setattr(api_tokens, "MOST", 1)
    with pytest.raises(RuleBroken, match=r"tokens\. End one that is not used any more"):
        token(scene, "bruno", ApiScope.REPORTS_WRITE)


def test_an_account_whose_program_asks_is_in_use(door: Interface) -> None:
    scene = door.scene
    door.of("bruno").get("/operations")
    with scene.store.reading(System()) as session:
        used = account_admin.last_used(session)
        entry = session.exec(select(SignIn).where(col(SignIn.only) == sign_in.API)).one()
    assert used[scene["bruno"].account_id] == entry.last_seen_at


# --------------------------------------------------------------------------------------------------- description


@pytest.mark.requirement("ASVS 2.1.1")
def test_the_description_names_every_kind_of_line_its_codes_and_units(door: Interface) -> None:
    found = door.of("bruno").get("/openapi.json").json()
    assert found["openapi"].startswith("3.1")
    lines = found["components"]["schemas"]["ReportDraft"]["properties"]["lines"]["items"]
    assert len(lines["discriminator"]["mapping"]) == 15
    count = found["components"]["schemas"]["CheckTally"]["properties"]["database"]["anyOf"][0]
    assert count["x-code-list"] == "CL-DB"
    assert "sltd" in count["enum"]
    assert "http" not in json.dumps(found).replace('"scheme": "bearer", "type": "http"', "").replace(
        '"type": "http"', ""
    )
