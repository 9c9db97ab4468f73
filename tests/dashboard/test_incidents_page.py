"""Serious incidents on the screen, as functions: who is shown what, and that a press does what it says."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from dashboard.screens.incidents import addition, file, page, report_form
from dashboard.screens.incidents.ids import FORM, GRANT, VERSION, Ids
from dashboard.server import access
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Account, Assignment, System
from operations.incidents import incidents
from operations.incidents.rows import SeriousIncident
from operations.policing.operation import membership, plan
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.incidents import AT, SECRET, brought, fred, grant, opens, reported, version
from tests.makers import Running, crowd
from tests.people import account
from tests.programme import does, reads


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def shown(scene: Running, name: str, made: SeriousIncident | None = None, language: str = "en") -> Any:
    with at_desk(scene, name, AT, language):
        return page.layout(show=str(made.id)) if made else page.layout()


def ids(component: Any) -> set[str]:
    return {str(each.id) for each in component._traverse() if getattr(each, "id", None)}


def opened(why: str, shown: str) -> Any:
    """Open the file for a reason, as its reader chooses one; the content, and the log."""
    return press(file.open_file, file.Ids.WHY.value, value=why, why=why, shown=shown)["shown"]


def test_a_reporter_sends_and_sees_how_far_it_is_and_nothing_else(scene: Running) -> None:
    typed = {
        "operation_id": str(scene.operation),
        "channel": "exceptional",
        "category": "staff",
        "concerns": "NER",
        "concerned": [],
        "occurred_at": "2026-03-04",
        "occurred_at_time": "01:00",
        "detected_at": "2026-03-04",
        "detected_at_time": "02:00",
        "place": "Off the coast",
        "lat": 13.25,
        "lon": 2.75,
        "in_area": True,
        "force": False,
        "dead": 0,
        "injured": 0,
        "missing": 0,
        "facts": SECRET,
        "allegations": "",
        "measures": "",
        "resources": "",
    }
    with at_desk(scene, "bruno", AT):
        press(page.send, Ids.SEND, typed=typed, client_id="6d757374-6572-4000-8000-00000000abcd")
    [made] = reads(scene, "frida", incidents.handled_incidents, scene["frida"])
    words = texts(shown(scene, "bruno"))
    assert made.reference in words
    assert "Report received" in words
    assert SECRET not in words
    with pytest.raises(NotFound):
        shown(scene, "bruno", made)


@pytest.mark.parametrize("name", ["boubacar", "chaima", "moussa", "marie", "binta", "ana", "dov"])
def test_whoever_commands_or_stands_beside_is_shown_the_page_as_if_nothing_were_there(
    scene: Running, name: str
) -> None:
    before = str(shown(scene, name))
    made = brought(scene, reported(scene), "threshold_check")
    after = str(shown(scene, name))
    client = [each for each in before.split("'") if each not in after]
    assert len(client) <= 1, "only the identifier that a form is sent under is new each time"
    assert Ids.LIST not in ids(shown(scene, name))
    with pytest.raises(NotFound):
        shown(scene, name, made)
    with at_desk(scene, name, AT), pytest.raises(NotFound):
        opened("handle", str(made.id))


def test_the_handler_opens_it_for_a_reason_and_the_auditor_reads_the_log(scene: Running) -> None:
    made = reported(scene)
    assert Ids.WRITE not in ids(shown(scene, "frida", made))
    with at_desk(scene, "frida", AT):
        press(file.take, {"type": "incident-step", "of": str(made.id), "to": "threshold_check"})
    closed = shown(scene, "frida", made)
    assert {Ids.WRITE, Ids.ALLOW} <= ids(closed)
    assert SECRET not in texts(closed)
    typed = {"about": "position", "words": "Seen in the log.", "lat": 13.1, "lon": 2.9}
    with at_desk(scene, "frida", AT):
        press(file.write, Ids.WRITE, typed=typed, shown=str(made.id), client_id="6d757374-6572-4000-8000-00000000abce")
        content, log = opened("handle", str(made.id))
    for words in (SECRET, "13.2500", "13.1000", "Bruno Issoufou", "Frida Amadi"):
        assert words in texts(content), words
    assert "Reason: I handle this file." in texts(log)
    audited = shown(scene, "otto", made)
    assert "Reason: I handle this file." in texts(audited)
    assert SECRET not in texts(audited)
    assert Ids.WRITE not in ids(audited)
    with at_desk(scene, "otto", AT), pytest.raises(RuleBroken, match="You can read the subject and the log"):
        opened("audit", str(made.id))
    does(scene, "frida", incidents.grant, made.id, grant(), at=AT)
    with at_desk(scene, "otto", AT):
        assert SECRET in texts(opened("audit", str(made.id))[0])


def test_leadership_finds_it_when_it_is_final(scene: Running) -> None:
    made = brought(scene, reported(scene), "threshold_check", "initial", "fact_finding", "formal")
    assert found_in(shown(scene, "lena"), "AgGrid")[0].rowData == []
    brought(scene, made, "final")
    assert [row["id"] for row in found_in(shown(scene, "lena"), "AgGrid")[0].rowData] == [str(made.id)]


def test_a_country_restricts_and_lifts_without_being_told_of_anything(scene: Running) -> None:
    made = reported(scene)
    with at_desk(scene, "chaima", AT):
        typed = {"operation": str(scene.operation), "reason": "Under seal."}
        press(page.restrict, Ids.HIDE, typed=typed)
        assert "Under seal." in texts(page.layout())
        assert made.reference not in texts(page.layout())
    with at_desk(scene, "frida", AT):
        assert "The country restricts the content." in texts(opened("handle", str(made.id))[0])
    with at_desk(scene, "chaima", AT):
        press(page.lift, {"type": "incident-lift", "operation": str(scene.operation)})
        assert "Under seal." not in texts(page.layout())


def test_in_arabic_too(scene: Running) -> None:
    made = brought(scene, reported(scene), "threshold_check")
    does(scene, "frida", incidents.write, made.id, version(), at=AT)
    opens(scene, "frida", made)
    for name, of in (("bruno", None), ("frida", None), ("frida", made), ("otto", made)):
        words = texts(shown(scene, name, of, "ar"))
        assert "Serious incident" not in words
        assert FORM.prefix
    assert GRANT.prefix
    assert VERSION.prefix


def test_a_reporter_adds_on_the_page_and_a_second_officer_takes_it_over(scene: Running) -> None:
    made = brought(scene, reported(scene), "threshold_check")
    typed = {"of": str(made.id), "about": "position", "words": "Nearer to the coast.", "lat": 13.2, "lon": None}
    new = "6d757374-6572-4000-8000-00000000abce"
    with at_desk(scene, "bruno", AT):
        with pytest.raises(RuleBroken) as refused:
            press(addition.add, Ids.ADD, typed=typed, client_id=new)
        with pytest.raises(RuleBroken, match="Choose the report"):
            press(addition.add, Ids.ADD, typed=typed | {"of": None}, client_id=new)
        press(addition.add, Ids.ADD, typed=typed | {"lon": 2.8}, client_id=new)
    assert {flaw.field for flaw in refused.value.flaws} == {"lon"}
    words = texts(shown(scene, "bruno"))
    assert "Nearer to the coast." in words
    assert "13.2" in words
    assert SECRET not in words
    for name in ("boubacar", "chaima", "ana"):
        assert "Nearer to the coast." not in texts(shown(scene, name))
        assert Ids.ADD not in ids(shown(scene, name))
    fred(scene)
    assert Ids.TAKE_OVER in ids(shown(scene, "fred", made))
    assert not {Ids.TAKE_OVER, Ids.HANDLER} & ids(shown(scene, "frida", made))
    assert Ids.TAKE_OVER not in ids(shown(scene, "otto", made))
    given = {"shown": str(made.id), "handler": str(made.handler_id)}
    with at_desk(scene, "fred", AT):
        with pytest.raises(RuleBroken):
            press(file.take_over, Ids.TAKE_OVER, typed={"reason": " "}, **given)
        press(file.take_over, Ids.TAKE_OVER, typed={"reason": "Frida is on leave."}, **given)
    assert Ids.WRITE in ids(shown(scene, "fred", made))
    assert Ids.WRITE not in ids(shown(scene, "frida", made))


def test_the_choices_of_a_report_are_read_in_as_many_statements_however_many_operations_there_are(
    scene: Running,
) -> None:
    def more(number: int) -> None:
        with scene.store.unit_of_work(System()) as session:
            ana = session.exec(select(Account).where(Account.username == "ana")).one()
            owner = session.get_one(plan.Operation, scene.operation).model_dump()
            for _each in range(number):
                made = new_id()
                session.add(plan.Operation(**owner | {"id": made, "code_name": f"Twin {made.hex}"}))
                session.flush()
                session.add(plan.Participation(operation_id=made, country="NER", invited_at=AT))
                session.add(Assignment(account_id=ana.id, operation_id=made, made_by=ana.id))
            session.flush()
            asks = membership.actor(session, ana)
            assert asks is not None
            scene.members["ana"] = asks

    def choices() -> tuple[int, Any]:
        found: list[str] = []
        with at_desk(scene, "ana", AT), access.reading() as session:
            by = access.actor()
            note = lambda _c, _cur, statement, *_more: found.append(statement)  # noqa: E731
            event.listen(scene.store.engine, "before_cursor_execute", note)
            try:
                made = report_form.report_choices(session, by)
            finally:
                event.remove(scene.store.engine, "before_cursor_execute", note)
        return len(found), made

    _mine, alone = choices()[1]
    more(5)
    few, (mine, people) = choices()
    assert len(mine) == 6
    assert people == alone
    more(45)
    many, (mine, _people) = choices()
    assert len(mine) == 51
    assert many == few


def test_whom_it_is_about_is_searched_however_many_there_are(scene: Running) -> None:
    def found(typed: str | None, *keep: str) -> tuple[list[str], str]:
        with at_desk(scene, "bruno", AT), access.reading() as session:
            _mine, people, said = report_form.offered(session, access.actor(), typed, [*keep])
        return [each["label"].split(" · ")[0] for each in people], said

    hint = "They will never handle or read it, in any role."
    few, said = found(None)
    assert "Bruno Issoufou" not in few
    assert said == hint
    crowd(scene, 0, 60)
    before = str(shown(scene, "bruno"))
    crowd(scene, 60, 300)
    assert len(str(shown(scene, "bruno"))) == len(before)
    assert f"{hint} There are more than 50: type a part of the name." in before
    assert len(found(None)[0]) == 50
    assert found("crowd 27") == ([f"Crowd 27{n}" for n in range(10)], hint)
    assert found("issoufou") == found("moussa") == ([], hint)
    with at_desk(scene, "bruno", AT), access.reading() as session:
        [ident] = [each["value"] for each in report_form.offered(session, access.actor(), "crowd 299", None)[1]]
    assert found("crowd 271", ident) == (["Crowd 299", "Crowd 271"], hint)
    assert found("Crowd 299", ident) == (["Crowd 299"], hint)  # there may be another of this name
    assert found("crowd 271", str(account("moussa").id)) == (["Crowd 271"], hint)
