"""Who reads which accesses, below every screen: auditors all, a country what is its own, everybody the own acts."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import select

from operations.core import access_trail, clock, journal
from operations.core.access_trail import AccessKind, TrailFilter
from operations.core.errors import NotFound, NotPermitted
from operations.core.journal import AccessEntry, Chain
from operations.core.people import Account, Actor, System
from operations.core.vocabulary import Classification
from tests.makers import START, Running
from tests.people import CAST

pytestmark = pytest.mark.both_storages

ALL = ("signed in", "consulted", "own list", "central plan", "mali list", "mali consulted", "elsewhere")


def enter(
    scene: Running,
    by: Actor | System,
    act: str,
    kind: str,
    country: str | None = None,
    about: UUID | None = None,
    **more: object,
) -> None:
    more = {"operation": scene.operation, **more}
    with scene.store.unit_of_work(by) as session:
        journal.record(session, by, act, kind, about, country=country, chain=Chain.ACCESS, **more)


@pytest.fixture
def read(scene: Running) -> Running:
    """An hour in which people of Niger, of Mali and of the centre signed in, looked and took along."""
    with clock.at(START):
        enter(
            scene,
            System(),
            "account.sign_in",
            "account",
            "NER",
            scene["bruno"].account_id,
            operation=None,
            source="192.0.2.7",
            label="signed in",
        )
        enter(scene, scene["dov"], "case.consult", "fugitive_case", "NER", reason="work", label="consulted")
        enter(scene, scene["chaima"], "report.export", "export", "NER", rows=12, label="own list")
    with clock.at(START + timedelta(days=1)):
        enter(scene, scene["dov"], "plan.export", "export", objects=40, label="central plan")
        enter(scene, scene["moussa"], "report.export", "export", "MLI", rows=7, label="mali list")
        enter(scene, scene["chaima"], "case.consult", "fugitive_case", "MLI", reason="work", label="mali consulted")
        enter(scene, scene["dov"], "plan.export", "export", operation=UUID(int=5), objects=1, label="elsewhere")
    return scene


def labels(scene: Running, name: str | Actor, wanted: TrailFilter | None = None, **more: int) -> list[str]:
    by = scene[name] if isinstance(name, str) else name
    with scene.store.reading(by) as session:
        return [
            each.entry.detail["label"]
            for each in reversed(access_trail.read(session, by, wanted or TrailFilter(), **more))
        ]


KNOWN = {
    "otto": ALL,
    "chaima": ("signed in", "consulted", "own list", "central plan", "mali consulted"),
    "moussa": ("central plan", "mali list", "mali consulted"),
    "dov": ("consulted", "central plan", "elsewhere"),
    "bruno": ("signed in",),
}


def test_everybody_reads_what_is_theirs_and_nothing_else(read: Running) -> None:
    for name in CAST:
        assert labels(read, name) == list(KNOWN.get(name, ()))
        with read.store.reading(read[name]) as session:
            assert len(session.exec(select(AccessEntry)).all()) == len(KNOWN.get(name, ()))


def test_what_the_centre_takes_along_is_told_to_the_countries_of_the_operation_alone(read: Running) -> None:
    stranger = Actor(**vars(read["chaima"]) | {"operations": frozenset()})
    assert "central plan" not in labels(read, stranger)
    low = Actor(**vars(read["chaima"]) | {"clearance": Classification.FOR_OFFICIAL_USE})
    with read.store.unit_of_work(System()) as session:
        session.execute(text("UPDATE operation SET classification = 'confidential'"))
    assert "central plan" not in labels(read, low)
    assert "central plan" in labels(read, "chaima")


def test_an_analyst_whom_a_country_seconded_works_for_the_coordination(read: Running) -> None:
    dov = read["dov"].account_id
    with read.store.unit_of_work(System()) as session:
        session.get_one(Account, dov).country = "NER"
    enter(read, System(), "account.sign_in", "account", "NER", dov, operation=None, label="seconded")
    assert "seconded" not in labels(read, "chaima")
    assert "seconded" in labels(read, "dov")
    assert vars(seen(read, "chaima")["consulted"].who) == {
        "name": None,
        "role": "ocu_analyst",
        "country": None,
        "unit": "",
    }


def seen(scene: Running, name: str) -> dict[str, access_trail.Access]:
    with scene.store.reading(scene[name]) as session:
        return {each.entry.detail["label"]: each for each in access_trail.read(session, scene[name])}


@pytest.mark.requirement("R46")
def test_auditors_read_names_and_countries_those_of_their_officers(read: Running) -> None:
    assert {each.who.name for each in seen(read, "otto").values()} == {
        "Bruno Issoufou",
        "Dov Lindqvist",
        "Chaima Abdou",
        "Moussa Traore",
    }
    own = seen(read, "chaima")
    assert own["signed in"].who.name == "Bruno Issoufou"
    assert own["signed in"].source == "192.0.2.7"
    assert (own["consulted"].who.name, own["consulted"].who.role) == (None, "ocu_analyst")
    partner = seen(read, "moussa")["mali consulted"].who
    assert (partner.name, partner.role, partner.country) == (None, "national_coordinator", "NER")
    assert seen(read, "bruno")["signed in"].who.name == "Bruno Issoufou"


def test_how_much_the_centre_took_along_is_no_figure_of_a_country(read: Running) -> None:
    assert seen(read, "otto")["central plan"].things == 40
    own = seen(read, "chaima")
    assert (own["central plan"].things, own["own list"].things) == (None, 12)
    assert seen(read, "dov")["central plan"].things == 40


def test_filtered_by_person_kind_and_days(read: Running) -> None:
    chaima, bruno = read["chaima"].account_id, read["bruno"].account_id
    assert labels(read, "otto", TrailFilter(person=chaima)) == ["own list", "mali consulted"]
    assert labels(read, "otto", TrailFilter(person=bruno)) == ["signed in"]
    assert labels(read, "otto", TrailFilter(kind=AccessKind.CONSULTATION)) == ["consulted", "mali consulted"]
    day = START.date()
    assert labels(read, "otto", TrailFilter(last=day)) == list(ALL[:3])
    assert labels(read, "otto", TrailFilter(first=day + timedelta(days=1), last=day + timedelta(days=1))) == list(
        ALL[3:]
    )
    assert labels(read, "otto", TrailFilter(chaima, AccessKind.DISCLOSURE, day, day)) == ["own list"]


@pytest.mark.parametrize(("name", "whose"), [("chaima", "dov"), ("chaima", "moussa"), ("bruno", "binta")])
def test_nobody_asks_for_a_person_whose_name_they_are_not_told(read: Running, name: str, whose: str) -> None:
    with pytest.raises(NotFound):
        labels(read, name, TrailFilter(person=read[whose].account_id))


def test_who_can_be_asked_for(read: Running) -> None:
    def offered(name: str) -> set[str]:
        with read.store.reading(read[name]) as session:
            return {each.username for each in access_trail.people(session, read[name])}

    assert offered("otto") == set(CAST)
    assert offered("chaima") == {"bruno", "binta", "boubacar", "chaima"}
    assert offered("dov") == offered("ada") == offered("lena") == set()


def test_a_page_at_a_time_and_never_more_than_a_page_is_read(read: Running) -> None:
    assert labels(read, "otto", limit=2) == list(ALL[-2:])
    assert labels(read, "otto", limit=2, skip=2) == list(ALL[-4:-2])
    for _each in range(12):
        enter(read, read["dov"], "plan.export", "export", label="more")
    asked = []
    with pytest.MonkeyPatch.context() as few, read.store.reading(read["otto"]) as session:
        few.setattr(access_trail, "MOST", 10)
        asked = access_trail.read(session, read["otto"], limit=1_000_000)
    assert len(asked) == 10


def test_the_chain_is_checked_by_auditors_alone(read: Running) -> None:
    with read.store.reading(read["otto"]) as session:
        assert access_trail.check(session, read["otto"]).broken_at is None
        assert access_trail.check(session, read["otto"]).entries == len(ALL)
    for name in ("chaima", "dov", "lena", "ada", "bruno"):
        with read.store.reading(read[name]) as session, pytest.raises(NotPermitted):
            access_trail.check(session, read[name])
