"""Partner organisations: who admits one, and that it sees exactly what its list says and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from operations import worklist_entries
from operations.core import rows, vocabulary
from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken
from operations.core.journal import AccessEntry
from operations.core.people import System
from operations.exchange import packages, partners, products
from operations.exchange.organisations import ORGANISATIONS
from operations.exchange.partner_rows import ADMISSION, Admission, AdmissionState, PartnerStep, Sees
from operations.exchange.product_drafts import ProductShareDraft
from operations.policing.operation import plan, withholding
from operations.results import disclosed_figures
from operations.results.snapshot_rows import SnapshotState
from tests.evaluations import ENDED
from tests.makers import Running
from tests.partners import TEXT, accepted, admission_draft, admitted, proposed, written
from tests.people import CAST
from tests.programme import BEGUN, does, reads
from tests.snapshot_stories import frozen

DAY = timedelta(days=1)
S = AdmissionState


def package(scene: Running, made: Admission, by: str = "ana", at: Any = BEGUN) -> packages.Package:
    return reads(scene, by, packages.package, made.id, scene[by], at=at)


def take(scene: Running, made: Admission, to: S, by: str, words: str = "") -> Admission:
    return does(scene, by, partners.take, made.id, to, words=words)


def test_every_organisation_has_a_name_a_kind_and_a_region() -> None:
    assert tuple(ORGANISATIONS) == vocabulary.codes("CL-PARTNER")
    assert {each.kind for each in ORGANISATIONS.values()} == set(vocabulary.codes("CL-PARTNERKIND"))
    assert {each.region for each in ORGANISATIONS.values()} <= set(vocabulary.codes("CL-REGION"))
    assert tuple(Sees) == vocabulary.codes("CL-PARTNERSEES") == tuple(packages.CONTENT)


def test_the_coordinator_proposes_leadership_admits_and_either_ends(scene: Running) -> None:
    for name in set(CAST) - {"ana"}:
        with pytest.raises(NotFound):
            does(scene, name, partners.propose, admission_draft(scene))
    made = proposed(scene)
    [waits] = [
        each
        for each in reads(scene, "lena", worklist_entries.waiting, scene["lena"], BEGUN)
        if each.noun == "partner of an operation"
    ]
    assert (waits.params["partner"], waits.address) == ("europol", f"/partners?show={made.id}")
    readers = {name for name in CAST if reads(scene, name, partners.admissions)}
    assert readers == {"ana", "chaima", "moussa", "dov", "lena", "otto"}
    for name in readers - {"lena"}:
        with pytest.raises(NotPermitted):
            take(scene, made, S.ADMITTED, name)
    with pytest.raises(RuleBroken, match="reason"):
        take(scene, made, S.DECLINED, "lena")
    found = take(scene, made, S.ADMITTED, "lena")
    assert (found.state, found.admitted_name, found.stands(BEGUN.date())) == ("admitted", "Lena Okafor", True)
    assert [found.stands((BEGUN + days * DAY).date()) for days in (-1, 10, 11)] == [False, True, False]
    with pytest.raises(RuleBroken, match="This partner is proposed or admitted already"):
        proposed(scene)
    take(scene, made, S.ENDED, "ana", "The comparison is done.")
    assert {each.state for each in reads(scene, "chaima", ADMISSION.past, made.id)} == {"ended", "admitted", "proposed"}
    again = proposed(scene)
    assert take(scene, again, S.DECLINED, "lena", "Nothing to compare any more.").reason
    for state in S:
        if state not in (S.PROPOSED,):
            with pytest.raises(RuleBroken):
                take(scene, again, state, "lena", "So it is.")


@pytest.mark.parametrize(
    ("state", "words"),
    [("draft", "not approved yet"), ("proposed", "not approved yet"), ("suspended", "is suspended")],
)
def test_a_partner_is_proposed_in_the_plan_and_admitted_from_the_approval_on(
    scene: Running, state: str, words: str
) -> None:
    """Domain: partners belong to the plan. A draft does nothing outward, and an admission lets others read."""
    made = proposed(scene)
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).state = state
    with pytest.raises(RuleBroken, match=words):
        take(scene, made, S.ADMITTED, "lena")
    assert take(scene, made, S.DECLINED, "lena", "Not needed.").state == S.DECLINED


def test_whoever_may_end_it_is_told_when_its_last_day_is_over(scene: Running) -> None:
    made = admitted(scene)

    def told(name: str, days: int) -> list[str]:
        at = BEGUN + days * DAY
        found = reads(scene, name, worklist_entries.waiting, scene[name], at, at=at)
        return [each.words for each in found if each.noun == "partner of an operation"]

    assert (told("ana", 10), told("chaima", 12)) == ([], [])
    assert ["last day" in each for each in told("ana", 12)] == [True]
    does(scene, "ana", partners.take, made.id, S.ENDED, words="Its days are over.", at=BEGUN + 12 * DAY)
    assert told("ana", 12) == []


def test_a_list_that_cannot_be_is_refused(scene: Running) -> None:
    draft = admission_draft(scene)
    made = does(scene, "ana", partners.propose, draft)
    assert does(scene, "ana", partners.propose, draft).id == made.id
    with pytest.raises(Conflict):
        does(scene, "ana", partners.propose, draft.model_copy(update={"sees": ["operation"], "sections": ()}))
    for words, changes in (
        ("Choose the sections of the plan", {"sections": []}),
        ("Add the plan to the list", {"sees": ["operation"]}),
        ("last day is before", {"until": (BEGUN - DAY).date()}),
        ("At least 1", {"sees": []}),
        ("day is in the past", {"starts": (BEGUN - 3 * DAY).date(), "until": (BEGUN - 2 * DAY).date()}),
    ):
        with pytest.raises(RuleBroken, match=words):
            proposed(scene, partner="iom", **changes)


def test_the_proposer_never_admits_whatever_role_comes_later(scene: Running) -> None:
    made = proposed(scene)
    admits = "state = 'admitted', admitted_by = author_id, admitted_at = made_at"
    with pytest.raises(DBAPIError), scene.store.unit_of_work(System()) as session:
        session.execute(sa.text(f"UPDATE partner_admission SET {admits}"))  # noqa: S608 - a constant
    assert reads(scene, "ana", partners.admission, made.id).state == "proposed"


def test_it_sees_what_is_on_its_list_and_nothing_else(scene: Running) -> None:
    made = admitted(scene, sees=["operation"], sections=[])
    seen = package(scene, made)
    assert (seen.countries, seen.first is not None) == (["MLI", "NER"], True)
    assert (seen.sections, seen.snapshot, list(seen.figures), seen.products) == ([], None, [], [])
    with pytest.raises(RuleBroken, match="not admitted to see products"):
        written(scene, partners=["europol"])
    with pytest.raises(RuleBroken, match="not admitted to see products"):
        written(scene, partners=["frontex"])
    take(scene, made, S.ENDED, "lena", "Another list.")
    ended = package(scene, made)
    assert (ended.stands, ended.countries, ended.first) == (False, [], None)
    whole = admitted(scene)
    seen = package(scene, whole)
    assert [each.section for each in seen.sections] == ["aim_objectives"]
    for days, there in ((-1, False), (0, True), (10, True), (11, False)):
        assert bool(package(scene, whole, at=BEGUN + days * DAY).sections) is there, days


def test_figures_are_the_published_ones_as_they_are_told_outside(scene: Running) -> None:
    made = admitted(scene, until=(ENDED + 30 * DAY).date())
    frozen(scene, SnapshotState.SIGNED)
    assert package(scene, made, at=ENDED).snapshot is None
    frozen(scene, SnapshotState.PUBLISHED, embargo=ENDED + 2 * DAY)
    assert package(scene, made, at=ENDED).snapshot is None
    seen = package(scene, made, at=ENDED + 3 * DAY)
    assert seen.snapshot is not None
    assert {each.audience for each in seen.figures} == {"outside"}
    whole = {each.dimension for each in seen.figures}
    assert whole <= {disclosed_figures.TOTAL, disclosed_figures.BY_COUNTRY}
    does(scene, "chaima", partners.object_to, made.id)
    without = package(scene, made, at=ENDED + 3 * DAY)
    assert {each.dimension for each in without.figures} == {disclosed_figures.TOTAL}
    country = package(scene, made, "chaima", ENDED + 3 * DAY)
    assert (country.snapshot is not None, list(country.figures)) == (True, [])


def test_a_country_objects_and_its_content_is_out_of_the_partners_sight_at_once(scene: Running) -> None:
    made = admitted(scene)
    product = written(scene, originators=["MLI"], partners=["europol"])
    assert [each.id for each in package(scene, made).products] == [product.id]
    for name in set(CAST) - {"chaima", "moussa"}:
        with pytest.raises(NotFound):
            does(scene, name, partners.object_to, made.id)
    does(scene, "moussa", partners.object_to, made.id)
    seen = package(scene, made)
    assert (seen.withheld, seen.countries, seen.products) == ({"MLI"}, ["NER"], [])
    assert [each.partner for each in reads(scene, "moussa", withholding.withholdings, scene.operation)] == ["europol"]
    assert reads(scene, "chaima", withholding.withholdings, scene.operation) == []
    does(scene, "moussa", partners.lift, made.id)
    assert [each.id for each in package(scene, made).products] == [product.id]
    take(scene, made, S.ENDED, "ana", "Done.")
    with pytest.raises(RuleBroken, match="no longer sees anything"):
        does(scene, "moussa", partners.object_to, made.id)


def test_a_country_sees_of_the_package_what_it_may_know_itself(scene: Running) -> None:
    made = admitted(scene)
    product = written(scene, accepted(scene, "moussa"), originators=["MLI"], partners=["europol"])
    assert [each.id for each in package(scene, made, "moussa").products] == [product.id]
    assert package(scene, made, "chaima").products == []
    assert [each.section for each in package(scene, made, "chaima").sections] == ["aim_objectives"]
    for name in ("bruno", "boubacar", "marie", "ada", "frida"):
        with pytest.raises(NotFound):
            package(scene, made, name)


@pytest.mark.parametrize("code", ["h2", "h3"])
def test_what_is_not_to_be_disseminated_never_goes_to_a_partner(scene: Running, code: str) -> None:
    made, request = admitted(scene), accepted(scene)
    with pytest.raises(RuleBroken, match=f"marked {code.upper()}"):
        written(scene, request, handling=code, partners=["europol"])
    product = written(scene, request, handling=code)
    with pytest.raises(RuleBroken, match=f"marked {code.upper()}"):
        does(scene, "dov", products.share, product.id, ProductShareDraft(partners=("europol",), purpose="To compare."))
    assert package(scene, made).products == []


def test_what_is_marked_higher_is_not_for_it(scene: Running) -> None:
    made, request = admitted(scene), accepted(scene)
    with pytest.raises(RuleBroken, match="up to the marking"):
        written(scene, request, classification="restricted", partners=["europol"])
    product = written(scene, request, partners=["europol"])
    assert package(scene, made).marking == "for_official_use"
    with scene.store.unit_of_work(System()) as session:
        session.execute(sa.text("UPDATE operation SET classification = 'restricted'"))
    seen = package(scene, made)
    assert (seen.countries, seen.sections, [each.id for each in seen.products]) == ([], [], [product.id])
    with pytest.raises(RuleBroken, match="has a higher marking"):
        proposed(scene, partner="iom")
    assert proposed(scene, partner="iom", clearance="restricted").id


def test_what_it_is_given_is_a_disclosure_in_the_access_trail(scene: Running) -> None:
    made = proposed(scene)
    with pytest.raises(RuleBroken, match="not admitted today"):
        does(scene, "ana", lambda session, by: packages.hand_over(session, made.id, by, "pdf"))
    take(scene, made, S.ADMITTED, "lena")
    product = written(scene, partners=["europol"])
    for name in ("chaima", "dov", "otto", "bruno"):
        with pytest.raises(NotFound):
            does(scene, name, lambda session, by: packages.hand_over(session, made.id, by, "pdf"))
    assert [each for each in reads(scene, "system", rows.every, AccessEntry) if each.act == "partner.package"] == []
    does(scene, "ana", lambda session, by: packages.hand_over(session, made.id, by, "pdf"))
    [entry] = [each for each in reads(scene, "system", rows.every, AccessEntry) if each.act == "partner.package"]
    assert entry.detail["partner"] == "europol"
    assert entry.detail["products"] == [str(product.id)]
    assert TEXT not in str(entry.detail)


def test_what_was_listed_is_never_rewritten(scene: Running) -> None:
    admitted(scene)
    for change in ("sees = '[\"operation\"]'", "purpose = 'x'", "until = '2099-01-01'", "partner = 'iom'"):
        with pytest.raises(DBAPIError), scene.store.unit_of_work(System()) as session:
            session.execute(sa.text(f"UPDATE partner_admission SET {change}"))  # noqa: S608 - constants above
    with pytest.raises(DBAPIError), scene.store.unit_of_work(System()) as session:
        session.execute(sa.text("DELETE FROM partner_step"))
    assert reads(scene, "ana", rows.every, PartnerStep)
