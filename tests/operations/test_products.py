"""Intelligence products: asked, accepted, written, given by leave of whose information they hold, and used or not."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from operations import worklist_entries
from operations.core import clock, journal, pulse, rows
from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken
from operations.core.people import System
from operations.core.vocabulary import Classification
from operations.exchange import product_rows, products, service_figures
from operations.exchange.product_drafts import ProductShareDraft, UseDraft
from operations.exchange.product_rows import REQUESTED, Product, ProductRequest, ProductShare, ProductState, ProductStep
from operations.policing.operation import withholding
from operations.timetable import jobs
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from tests import teams
from tests.makers import Running
from tests.partners import (
    QUESTION,
    TEXT,
    accepted,
    ask_draft,
    asked,
    decided,
    product_draft,
    shares_of,
    written,
)
from tests.people import CAST
from tests.programme import BEGUN, does, reads, state_of

DAY = timedelta(days=1)
S = ProductState


def waits(scene: Running, name: str) -> list[str]:
    found = reads(scene, name, worklist_entries.waiting, scene[name], BEGUN)
    nouns = ("intelligence product", "sharing of a product")
    return [each.words for each in found if each.noun in nouns]


def state(scene: Running, of: ProductRequest) -> str:
    return state_of(scene, ProductRequest, of.id)


def take(scene: Running, of: ProductRequest, to: S, by: str, words: str = "") -> ProductRequest:
    return does(scene, by, products.take, of.id, to, words=words)


def has(scene: Running, name: str) -> list[str]:
    return [each.title for each in reads(scene, name, products.products)]


def test_a_product_is_asked_for_accepted_written_read_and_used(scene: Running) -> None:
    made = asked(scene, "boubacar")
    assert (waits(scene, "dov"), waits(scene, "boubacar")) == (
        ["An intelligence product is asked for: accept it, or say why not ({words})."],
        [],
    )
    take(scene, made, S.ACCEPTED, "dov")
    assert waits(scene, "dov") == ["An intelligence product was promised: write it ({words})."]
    product = written(scene, made)
    assert (state(scene, made), waits(scene, "dov")) == ("delivered", [])
    for name in ("chaima", "boubacar"):
        assert has(scene, name) == ["Lorries after dark"]
        assert len(waits(scene, name)) == 1
    assert (has(scene, "moussa"), has(scene, "bruno"), has(scene, "otto"), has(scene, "ada")) == ([], [], [], [])
    assert (has(scene, "ana"), has(scene, "lena")) == (["Lorries after dark"], ["Lorries after dark"])
    take(scene, made, S.RECEIVED, "chaima")
    assert waits(scene, "chaima") == ["Say what an intelligence product led to, or that it was not used ({words})."]
    found = does(scene, "chaima", products.use, made.id, UseDraft(led_to="check", outcome="Two lorries weighed."))
    assert (found.state, found.led_to, found.outcome) == ("used", "check", "Two lorries weighed.")
    assert waits(scene, "chaima") == []
    told = {each.state for each in reads(scene, "dov", REQUESTED.past, made.id)}
    assert told == {"asked", "accepted", "delivered", "received", "used"}
    assert shares_of(scene, product) == {("NER", ""): "consented"}


def test_it_is_refused_withdrawn_or_not_used_with_a_reason(scene: Running) -> None:
    refused, withdrawn, unused = asked(scene), asked(scene), accepted(scene)
    for to, of, by in ((S.REFUSED, refused, "dov"), (S.WITHDRAWN, withdrawn, "chaima")):
        with pytest.raises(RuleBroken, match="reason"):
            take(scene, of, to, by)
        assert take(scene, of, to, by, "We know it already.").reason == "We know it already."
    written(scene, unused)
    assert take(scene, unused, S.NOT_USED, "chaima", "It came too late.").state == "not_used"
    for of in (refused, withdrawn, unused):
        for to in S:
            with pytest.raises(RuleBroken):
                take(scene, of, to, "dov" if to in (S.ACCEPTED, S.REFUSED) else "chaima", "So it is.")


def test_nobody_takes_a_step_that_is_anothers(scene: Running) -> None:
    for name in ("bruno", "dov", "lena", "otto", "ada", "frida"):
        with pytest.raises(NotFound):
            asked(scene, name)
    made = asked(scene)
    for name in set(CAST) - {"dov"}:
        for to in (S.ACCEPTED, S.REFUSED):
            with pytest.raises(NotFound):
                take(scene, made, to, name, "So it is.")
        with pytest.raises(NotFound):
            does(scene, name, products.write, made.id, product_draft())
    take(scene, made, S.ACCEPTED, "dov")
    product = written(scene, made)
    for name in set(CAST) - {"chaima", "boubacar"}:
        for to in (S.RECEIVED, S.NOT_USED):
            with pytest.raises(NotFound):
                take(scene, made, to, name, "So it is.")
        with pytest.raises(NotFound):
            does(scene, name, products.use, made.id, UseDraft(led_to="lead"))
        if name != "dov":
            with pytest.raises(NotFound):
                does(scene, name, products.share, product.id, ProductShareDraft(countries=("MLI",), purpose="So."))
    assert state(scene, made) == "delivered"


def test_what_the_coordinator_asks_is_delivered_to_the_coordination_alone(scene: Running) -> None:
    made = accepted(scene, "ana")
    product = written(scene, made, handling="h2", originators=["MLI"])
    assert (state(scene, made), shares_of(scene, product)) == ("delivered", {})
    assert (has(scene, "ana"), has(scene, "chaima"), has(scene, "moussa")) == (["Lorries after dark"], [], [])
    with pytest.raises(NotFound):
        take(scene, made, S.RECEIVED, "chaima")
    assert take(scene, made, S.RECEIVED, "ana").state == "received"
    other = written(scene, accepted(scene))
    assert state_of(scene, ProductRequest, other.request_id) == "delivered"
    with pytest.raises(NotPermitted):
        does(scene, "ana", products.take, other.request_id, S.RECEIVED)


def test_an_originator_consents_before_anybody_has_what_is_h2(scene: Running) -> None:
    made = accepted(scene)
    product = written(scene, made, handling="h2", originators=["MLI"])
    assert (state(scene, made), has(scene, "chaima")) == ("accepted", [])
    assert shares_of(scene, product) == {("NER", "MLI"): "asked"}
    assert waits(scene, "dov") == []
    assert [each.format(partner="NER") for each in waits(scene, "moussa")] == [
        "An intelligence product holds information of your country: consent that NER has it, or refuse."
    ]
    assert has(scene, "moussa") == []  # it reads who is to have what, not what others put into it
    [share] = reads(scene, "moussa", products.shares, product.id)
    assert (share.title, share.purpose) == ("Lorries after dark", "To post the patrols.")
    kept = written(scene, accepted(scene, handling="h2"), handling="h2", originators=["MLI"])
    assert [each.purpose for each in reads(scene, "moussa", products.shares, kept.id)] == [""]
    for name in set(CAST) - {"moussa"}:
        with pytest.raises(NotFound):
            does(scene, name, products.decide, share.id, product_rows.ShareState.CONSENTED)
    with pytest.raises(RuleBroken, match="already written"):
        take(scene, made, S.WITHDRAWN, "chaima", "Too late.")
    with pytest.raises(RuleBroken, match="The product is already written"):
        written(scene, made, handling="h2", originators=["MLI"])
    decided(scene, product, "NER")
    assert (state(scene, made), has(scene, "chaima")) == ("delivered", ["Lorries after dark"])
    [step] = [each for each in reads(scene, "chaima", REQUESTED.past, made.id) if each.state == "delivered"]
    assert step.author_name == "Muster"
    with pytest.raises(RuleBroken, match="decided already"):
        decided(scene, product, "NER", "refused")


def test_what_an_originator_refuses_is_not_given(scene: Running) -> None:
    made = accepted(scene)
    product = written(scene, made, handling="h3", originators=["MLI"])
    with pytest.raises(RuleBroken, match="reason"):
        does(
            scene,
            "moussa",
            products.decide,
            reads(scene, "moussa", products.shares)[0].id,
            product_rows.ShareState.REFUSED,
        )
    assert decided(scene, product, "NER", "refused").reason == "Our case is open."
    assert (state(scene, made), has(scene, "chaima")) == ("accepted", [])
    with pytest.raises(RuleBroken, match="already, or it was decided"):
        does(scene, "dov", products.share, product.id, ProductShareDraft(countries=("NER",), purpose="Once more."))


def test_who_is_withheld_from_is_asked_for_and_loses_sight_at_once(scene: Running) -> None:
    draft = withholding.WithholdingDraft(partner="NER")
    first = written(scene, originators=["MLI"])
    assert has(scene, "chaima") == ["Lorries after dark"]
    does(scene, "moussa", lambda session, by: withholding.withhold(session, scene.operation, draft, by))
    assert has(scene, "chaima") == []
    second = written(scene, originators=["MLI"])
    assert shares_of(scene, second) == {("NER", "MLI"): "asked"}
    with pytest.raises(RuleBroken, match="withholds data from"):
        decided(scene, second, "NER")
    does(scene, "moussa", lambda session, by: withholding.lift(session, scene.operation, "NER", by))
    decided(scene, second, "NER")
    assert len(has(scene, "chaima")) == 2
    assert shares_of(scene, first) == {("NER", "MLI"): "consented"}


def test_others_are_given_it_by_name_and_never_twice(scene: Running) -> None:
    product = written(scene)
    before = reads(scene, "moussa", lambda s: pulse.number(pulse.counts_of(s, scene["moussa"])))
    waiting_for = does(
        scene, "dov", products.share, product.id, ProductShareDraft(countries=("MLI",), purpose="They cross next.")
    )
    assert (waiting_for, has(scene, "moussa"), has(scene, "marie")) == (
        0,
        ["Lorries after dark"],
        ["Lorries after dark"],
    )
    assert reads(scene, "moussa", lambda s: pulse.number(pulse.counts_of(s, scene["moussa"]))) > before
    assert [each.question for each in reads(scene, "moussa", products.requests)] == []
    request, found, _shares = reads(scene, "moussa", products.shown, product.id)
    assert (request, found.body) == (None, TEXT)
    with pytest.raises(NotFound):
        reads(scene, "moussa", products.shown, product.request_id)
    for countries, words in ((("MLI",), "already"), (("TCD",), "does not take part"), ((), "Choose a country")):
        with pytest.raises(RuleBroken, match=words):
            does(scene, "dov", products.share, product.id, ProductShareDraft(countries=countries, purpose="So."))


def test_clearance_bounds_who_reads_it(scene: Running) -> None:
    made = accepted(scene)
    written(scene, made, classification="confidential")
    assert has(scene, "chaima") == ["Lorries after dark"]
    scene.members["chaima"] = replace(scene["chaima"], clearance=Classification.RESTRICTED)
    assert has(scene, "chaima") == []
    scene.members["dov"] = replace(scene["dov"], clearance=Classification.RESTRICTED)
    with pytest.raises(NotFound):
        written(scene, accepted(scene, "moussa"), classification="confidential")


def test_the_same_again_is_the_same_and_what_cannot_be_is_said(scene: Running) -> None:
    draft = ask_draft(scene)
    made = does(scene, "chaima", products.ask, draft)
    assert does(scene, "chaima", products.ask, draft).id == made.id
    with pytest.raises(Conflict):
        does(scene, "chaima", products.ask, draft.model_copy(update={"purpose": "Another."}))
    with pytest.raises(RuleBroken, match="day is in the past"):
        asked(scene, due=(BEGUN - DAY).date())
    with pytest.raises(RuleBroken, match="personal data"):
        asked(scene, question="Where is Mr Amadou Diallo, born 3 March 1985?")
    with pytest.raises(RuleBroken, match="not possible now"):
        does(scene, "dov", products.write, made.id, product_draft())
    take(scene, made, S.ACCEPTED, "dov")
    text = product_draft()
    one = does(scene, "dov", products.write, made.id, text)
    assert does(scene, "dov", products.write, made.id, text).id == one.id
    with pytest.raises(Conflict):
        does(scene, "dov", products.write, made.id, text.model_copy(update={"body": "Another."}))
    with pytest.raises(RuleBroken, match=r"not possible now|already"):
        does(scene, "dov", products.write, made.id, product_draft())
    with pytest.raises(RuleBroken, match="does not take part"):
        written(scene, accepted(scene), originators=["TCD"])


def test_the_journal_tells_codes_and_no_words(scene: Running) -> None:
    written(scene, accepted(scene), originators=["MLI"], handling="h2")
    entries = [each for each in reads(scene, "otto", rows.every, journal.Entry) if each.object_kind == "product"]
    assert {each.act for each in entries} == {
        "product.ask",
        "product.accept",
        "product.write",
        "product.consult",
        "product.pass_on",
    }
    for each in entries:
        assert QUESTION not in str(each.detail)
        assert TEXT not in str(each.detail)
    own = {each.act for each in reads(scene, "moussa", rows.every, journal.Entry) if each.object_kind == "product"}
    assert own == {"product.consult"}


def test_it_is_emptied_after_five_years_and_never_rewritten(scene: Running) -> None:
    made = accepted(scene)
    product = written(scene, made)
    take(scene, made, S.NOT_USED, "chaima", "It came too late.")
    for change in (
        "product SET body = 'x'",
        "product SET originators = 'MLI'",
        "product_request SET question = 'x'",
        "product_share SET recipient = 'MLI'",
        "product_step SET words = 'x'",
    ):
        with pytest.raises(DBAPIError), scene.store.unit_of_work(System()) as session:
            session.execute(sa.text(f"UPDATE {change}"))
    with pytest.raises(DBAPIError), scene.store.unit_of_work(System()) as session:
        session.execute(sa.text("DELETE FROM product"))
    keeper = Timetable(scene.store, LeaseCandidate("old"))
    for days, gone in ((1824, False), (1826, True)):
        with clock.at(BEGUN + days * DAY):
            keeper.beat()
            keeper.tick(jobs.SHORT)
        assert {each.body == "" for each in reads(scene, "system", rows.every, Product)} == {gone}
    emptied = reads(scene, "system", rows.one, Product, product.id)
    request = reads(scene, "system", rows.one, ProductRequest, made.id)
    assert (emptied.title, emptied.body, request.question, request.purpose, request.reason) == ("", "", "", "", "")
    assert {each.words for each in reads(scene, "system", rows.every, ProductStep)} == {""}
    assert {each.title for each in reads(scene, "system", rows.every, ProductShare)} == {""}
    assert (emptied.handling, request.state) == ("h0", "not_used")
    with pytest.raises(RuleBroken, match="The retention of this product has ended"):
        does(scene, "dov", products.share, product.id, ProductShareDraft(countries=("MLI",), purpose="So."))


def test_the_database_itself_keeps_countries_apart(scene: Running) -> None:
    written(scene)
    held = written(scene, handling="h2", originators=["MLI"])
    assert shares_of(scene, held) == {("NER", "MLI"): "asked"}
    if scene.store.engine.dialect.name == "postgresql":
        numbers = {"chaima": (2, 1, 2), "moussa": (0, 0, 1), "dov": (2, 2, 2), "lena": (2, 2, 2)}
        for name, expected in numbers.items():
            with scene.store.reading(scene[name]) as session:
                found = tuple(
                    session.connection().execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608 - constants
                    for table in ("product_request", "product", "product_share")
                )
            assert found == expected, name


def test_products_that_were_served_are_told_to_who_hears_of_them(scene: Running) -> None:
    def figures(name: str) -> dict[str, tuple[int | None, int | None]]:
        found = reads(scene, name, service_figures.figures, scene[name])
        return {each.figure.name: (each.part, each.whole) for each in found}

    support, delivered = service_figures.TEAMS.name, service_figures.PRODUCTS.name
    assert figures("lena") == {support: (0, 0), delivered: (0, 0)}
    written(scene)
    take(scene, asked(scene), S.WITHDRAWN, "chaima", "We know it already.")
    asked(scene, "moussa")
    written(scene, accepted(scene), handling="h2", originators=["MLI"])  # written, and nobody has it yet
    assert figures("lena")[delivered] == (1, 3)
    assert (figures("chaima")[delivered], figures("moussa")[delivered]) == ((1, 2), (0, 1))
    assert (figures("otto"), list(figures("bruno"))) == ({}, [support])


def test_support_is_served_once_a_team_is_on_site(scene: Running) -> None:
    def served_to(name: str) -> tuple[int | None, int | None]:
        found = reads(scene, name, service_figures.figures, scene[name], at=BEGUN + 9 * DAY)
        return next((each.part, each.whole) for each in found if each.figure is service_figures.TEAMS)

    teams.raise_request(scene)
    assert (served_to("lena"), served_to("ana")) == ((0, 1), (0, 1))
    teams.on_site(scene)
    assert (served_to("lena"), served_to("ana")) == ((1, 2), (1, 2))
