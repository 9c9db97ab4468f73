"""Connected systems: a token is made on a page, shown once, and ended; what the interface takes is described there."""

from datetime import timedelta
from pathlib import Path

import pytest

from dashboard.api.application import description
from dashboard.screens.interface import page, reference, webhook_list
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.exchange import api_tokens
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, press, texts
from tests.interface import interface
from tests.makers import Running, form, send


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def typed(**changes: object) -> dict[str, object]:
    last = (EVENING + timedelta(days=30)).date().isoformat()
    return {"system": "Border entry", "scopes": ["reports_read"], "expires_on": last} | changes


def test_a_token_is_made_shown_once_and_ended(scene: Running) -> None:
    with at_desk(scene, "bruno"):
        made = press(page.make, page.FORM.send, None, typed(), new_id())
        fresh, listed = made["shown"]
        [key] = [each.children for each in found_in(fresh, "Code")]
        assert "Border entry" in texts(listed)
        assert key not in texts(listed)
        assert key not in texts(page.layout())
        system = interface(scene).program(key)
        assert system.get(f"/reports?operation={scene.operation}").status_code == 200
    with at_desk(scene, "chaima"):
        assert "Bruno Issoufou" in texts(page.layout())
        [button] = [
            each.id for each in found_in(page.layout(), "Button") if isinstance(getattr(each, "id", None), dict)
        ]
        press(page.end, button)
        assert "No token lives" in texts(page.layout())
        assert system.get(f"/reports?operation={scene.operation}").status_code == 401


def test_what_a_token_lacks_is_said_on_its_field(scene: Running) -> None:
    with at_desk(scene, "bruno"), pytest.raises(RuleBroken) as refused:
        press(page.make, page.FORM.send, None, typed(system=" ", scopes=[], expires_on=None), new_id())
    assert {flaw.field for flaw in refused.value.flaws} == {"system", "scopes", "expires_on"}


def test_only_people_of_a_country_are_offered_a_token(scene: Running) -> None:
    for name, offered in {"bruno": True, "boubacar": True, "chaima": True, "ana": False, "ada": False}.items():
        with at_desk(scene, name):
            assert ("New token" in texts(page.layout())) is offered, name


def test_nobody_else_ends_a_token(scene: Running) -> None:
    with at_desk(scene, "mateo"):
        press(page.make, page.FORM.send, None, typed(), new_id())
        with scene.store.reading(scene["mateo"]) as session:
            [(foreign, _entry)] = api_tokens.tokens(session)
    for name in ("bruno", "chaima", "ana"):
        with at_desk(scene, name), pytest.raises(NotFound):
            press(page.end, {"type": page.Ids.END.value, "of": str(foreign.id)})


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Submit a report"), ("fr", "Envoyer un rapport"), ("ar", "إرسال")]
)
@pytest.mark.requirement("ASVS 2.1.2")
def test_the_description_tells_every_route_field_and_refusal(scene: Running, language: str, word: str) -> None:
    with at_desk(scene, "bruno", language=language):
        shown = texts(reference.layout())
    assert word in shown
    found = description()
    assert [path for path in found["paths"] if path not in shown] == []
    fields = {name for each in found["components"]["schemas"].values() for name in each.get("properties", ())}
    assert [name for name in sorted(fields) if name not in shown] == []


def test_a_webhook_is_made_its_secret_shown_once_what_left_is_listed_and_it_is_ended(scene: Running) -> None:
    content = {"system": "Border entry", "address": "https://border.example/muster"}
    with at_desk(scene, "chaima"):
        assert "No webhook" in texts(page.layout())
        made = press(webhook_list.make, webhook_list.FORM.send, None, content, new_id())
        fresh, listed = made["shown"]
        [secret] = [each.children for each in found_in(fresh, "Code")]
        assert secret.startswith("whsec_")
        assert secret not in texts(listed) + texts(page.layout())
        assert "1 event waits" in texts(listed)
    send(scene, form(scene))
    with at_desk(scene, "chaima"):
        shown = texts(page.layout())
        assert "2 events wait" in shown
        assert "report.submit" in shown
        [button] = [
            each.id
            for each in found_in(page.layout(), "Button")
            if getattr(each, "id", None) and "webhook-end" in str(each.id)
        ]
        press(webhook_list.end, button)
        assert "No webhook" in texts(page.layout())
    with at_desk(scene, "bruno"):
        assert "ebhook" not in texts(page.layout())
    with at_desk(scene, "ada"):
        assert "New webhook" not in texts(page.layout())
        assert "No webhook" in texts(page.layout())
