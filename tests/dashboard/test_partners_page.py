"""Partner organisations and intelligence products on the screen, as functions: typed, decided, shown, handed over."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dashboard.screens.directory import page as directory_page
from dashboard.screens.partners import page as partners_page
from dashboard.screens.partners import paper
from dashboard.screens.products import file as product_file
from dashboard.screens.products import page as products_page
from operations.core.errors import NotFound, RuleBroken
from operations.exchange import packages, partners, products
from operations.exchange.partner_rows import AdmissionState
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.makers import Running
from tests.partners import (
    QUESTION,
    TEXT,
    accepted,
    admission_draft,
    admitted,
    ask_draft,
    asked,
    product_draft,
    written,
)
from tests.programme import BEGUN, does, reads

PARTNER, PRODUCT = partners_page.PAGE, products_page.PAGE


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def shown(scene: Running, page: Any, name: str, of: Any, language: str = "en") -> str:
    with at_desk(scene, name, BEGUN, language):
        return texts(page.layout(show=str(of.id)))


def listed(scene: Running, page: Any, name: str, *columns: str) -> list[tuple[str, ...]]:
    with at_desk(scene, name, BEGUN):
        [grid, *_rest] = found_in(page.layout(), "AgGrid")
    return [tuple(row[each] for each in columns) for row in grid.rowData]


def step(screen: Any, ids: Any, of: Any, to: str, words: str = "") -> Any:
    beside = {"type": ids.beside["type"], "to": to, "of": {str(of): words}}
    return press(screen, {"type": ids.buttons["type"], "of": str(of), "to": to}, beside=beside)


def typed_of(draft: Any) -> dict[str, Any]:
    return draft.model_dump(mode="json", exclude={"id"})


def test_a_third_country_does_not_learn_from_the_page_that_another_withholds(scene: Running) -> None:
    """The same page in both worlds: with what Niger withholds from the partner, and without."""
    made = admitted(scene)
    written(scene, accepted(scene, "moussa"), originators=["MLI"], partners=["europol"])
    open_to_all = {name: shown(scene, partners_page, name, made) for name in ("moussa", "ana", "chaima")}
    does(scene, "chaima", partners.object_to, made.id)
    withheld = {name: shown(scene, partners_page, name, made) for name in open_to_all}
    assert withheld["moussa"] == open_to_all["moussa"]
    assert withheld["ana"] != open_to_all["ana"]
    assert withheld["chaima"] != open_to_all["chaima"]


def test_a_partner_is_proposed_admitted_and_seen_by_all_who_have_a_say(scene: Running) -> None:
    with at_desk(scene, "ana", BEGUN):
        assert "Propose a partner" in texts(partners_page.layout())
        typed = typed_of(admission_draft(scene))
        press(partners_page.propose, partners_page.FORM.send, None, typed, uuid4())
        with pytest.raises(RuleBroken) as refused:
            press(partners_page.propose, partners_page.FORM.send, None, typed | {"sees": [], "purpose": ""}, uuid4())
    assert {flaw.field for flaw in refused.value.flaws} == {"sees", "purpose"}
    [made] = reads(scene, "lena", partners.admissions)
    assert "What it would see" in shown(scene, partners_page, "lena", made)
    with at_desk(scene, "lena", BEGUN):
        step(partners_page.take, PARTNER.steps, made.id, AdmissionState.ADMITTED)
    [(name, state, *_)] = listed(scene, partners_page, "chaima", "partner", "state")
    assert (name, state) == ("Europol (police of the European Union)", "Admitted")
    told = shown(scene, partners_page, "ana", made)
    for words in ("What it sees today", "Aim and objectives", "As agreed: aim_objectives.", "Mali, Niger", "as PDF"):
        assert words in told, words
    country = shown(scene, partners_page, "chaima", made)
    assert "as PDF" not in country
    assert "Withhold from this partner" in country
    for one in ("bruno", "marie", "ada", "frida"):
        with at_desk(scene, one, BEGUN), pytest.raises(NotFound):
            partners_page.layout(show=str(made.id))


def test_a_country_withholds_on_the_page_and_the_paper_has_no_word_of_it(scene: Running) -> None:
    made = admitted(scene, sees=["operation", "products"], sections=[])
    written(scene, originators=["NER"], partners=["europol"])
    pairs = lambda: str(paper.written(does(scene, "ana", _handed(made))).sections)  # noqa: E731
    assert TEXT in pairs()
    assert "As agreed" not in pairs()  # the plan is not on its list
    with at_desk(scene, "chaima", BEGUN):
        press(partners_page.withhold, {"type": partners_page.WITHHOLD, "of": str(made.id)})
    assert TEXT not in pairs()
    assert "Niger" not in pairs()
    assert "Withheld from it by: Niger" in shown(scene, partners_page, "ana", made)
    assert "Withheld" not in shown(scene, partners_page, "moussa", made)
    with at_desk(scene, "chaima", BEGUN):
        press(partners_page.lift, {"type": partners_page.LIFT, "of": str(made.id)})
    assert TEXT in pairs()


def _handed(made: Any) -> Any:
    return lambda session, by: packages.hand_over(session, made.id, by, "pdf")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_package_is_a_pdf_for_who_hands_it_over(scene: Running, language: str) -> None:
    made = admitted(scene)
    content, name = _paper(scene, made, language)
    assert (content[:4], name.startswith("muster-partner-europol-")) == (b"%PDF", True)
    for one in ("chaima", "dov", "otto"):
        with pytest.raises(NotFound):
            _paper(scene, made, language, one)


def _paper(scene: Running, made: Any, language: str, name: str = "ana") -> tuple[bytes, str]:
    with at_desk(scene, name, BEGUN):
        return paper.paper(scene.store, made.id, language, scene[name])


def test_a_question_is_typed_answered_and_told_what_it_led_to(scene: Running) -> None:
    with at_desk(scene, "boubacar", BEGUN):
        assert "Ask for a product" in texts(products_page.layout())
        press(products_page.ask, products_page.FORM.send, None, typed_of(ask_draft(scene)), uuid4())
    [made] = reads(scene, "dov", products.requests)
    with at_desk(scene, "dov", BEGUN):
        step(products_page.take, PRODUCT.steps, made.id, "accepted")
        assert "Write the product" in texts(products_page.layout(show=str(made.id)))
        press(product_file.write, product_file.WRITE.send, None, typed_of(product_draft()), uuid4(), shown=str(made.id))
    assert listed(scene, products_page, "chaima", "about", "state", "marks") == [
        ("Lorries after dark", "Delivered", "B2")
    ]
    told = shown(scene, products_page, "chaima", made)
    assert all(words in told for words in (QUESTION, TEXT, "H0 – police use", "Confirm that it was read"))
    with at_desk(scene, "chaima", BEGUN):
        typed = {"led_to": "check", "outcome": "Two lorries were weighed."}
        press(product_file.use, product_file.USE.send, None, typed, shown=str(made.id))
    assert "Led to a check" in shown(scene, products_page, "ana", made)
    assert "1 of 1" in _strip(scene)


def _strip(scene: Running) -> str:
    with at_desk(scene, "lena", BEGUN):
        assert "Support requests served" in texts(directory_page.layout())
        return texts(products_page.layout())


def test_an_originator_decides_on_the_page_and_sees_no_word_of_the_product(scene: Running) -> None:
    request = accepted(scene)
    product = written(scene, request, handling="h2", originators=["MLI"])
    told = shown(scene, products_page, "chaima", request)
    assert "awaits the consent" in told
    assert TEXT not in told
    assert "Mali" not in told
    [(about, state)] = listed(scene, products_page, "moussa", "about", "state")
    assert (about, state) == (product.title, "Waits for your country's consent")
    [share] = reads(scene, "moussa", products.shares, product.id)
    told = shown(scene, products_page, "moussa", share)
    assert "Consent" in told
    assert TEXT not in told
    with at_desk(scene, "moussa", BEGUN):
        with pytest.raises(RuleBroken):
            step(product_file.decide, product_file.DECIDES, share.id, "refused", " ")
        step(product_file.decide, product_file.DECIDES, share.id, "consented")
    assert TEXT in shown(scene, products_page, "chaima", request)


def test_others_are_given_a_product_on_the_page(scene: Running) -> None:
    admitted(scene)
    made = written(scene)
    with at_desk(scene, "dov", BEGUN):
        typed = {"countries": ["MLI"], "partners": ["europol"], "purpose": "They cross there next."}
        press(product_file.give, product_file.GIVE.send, None, typed, shown=str(made.request_id))
        assert "Europol" in texts(products_page.layout(show=str(made.request_id)))
    assert listed(scene, products_page, "moussa", "about", "state") == [("Lorries after dark", "Given")]
    told = shown(scene, products_page, "moussa", made)
    assert TEXT in told
    assert QUESTION not in told
    assert "Europol" not in told


def test_no_file_is_made_of_the_list_of_products(scene: Running) -> None:
    written(scene, handling="h2")
    with at_desk(scene, "chaima", BEGUN):
        assert "CSV" not in texts(products_page.layout())
        assert "CSV" in texts(partners_page.layout())


def test_nobody_else_opens_what_is_not_theirs(scene: Running) -> None:
    made, other = asked(scene), written(scene)
    for name in ("moussa", "mateo", "otto", "ada"):
        for each in (made, other):
            with at_desk(scene, name, BEGUN), pytest.raises(NotFound):
                products_page.layout(show=str(each.id))


def test_the_package_answers_behind_the_gate_alone(site: Any) -> None:
    path = paper.paper.address(uuid4())
    assert site.visitor().post(path).status_code == 401
    others = (path.replace(".pdf", ".zip"), "/export/partners/x.pdf")
    for about in ({}, {"role": "leadership"}, {"role": "national_coordinator", "country": "NER"}):
        inside = site.signed_in(**about)
        assert [inside.post(each).status_code for each in (path, *others)] == [404, 405, 404], about
