"""Five years on one page: planned, done and overdue; what countries are on the routes; teams that can leave."""

from datetime import timedelta
from typing import Any

import pytest

from operations.core.errors import NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.infrastructure import equipment
from operations.infrastructure.rows import EquipmentState
from operations.programme import figures, five_years, roles
from operations.programme.five_years import Pillar, PillarYear
from operations.support import availability, teams
from tests.makers import Running
from tests.programme import BEGUN, brought, does, planned, post_of, reads, requested, role_draft

pytestmark = pytest.mark.both_storages

VALIDATED = ("desk_review", "visit", "scored", "validated")
LATER = BEGUN + timedelta(days=400)


def page_of(scene: Running, name: str, at: Any = BEGUN, until: int | None = None) -> five_years.Years:
    by = scene[name]
    assert isinstance(by, Actor)
    found: five_years.Years = reads(scene, name, five_years.years, by, until, at=at)
    return found


def test_an_empty_programme_has_years_and_nothing_in_them(scene: Running) -> None:
    found = page_of(scene, "lena")
    assert found.years == tuple(range(BEGUN.year - 4, BEGUN.year + 1))
    assert found.cell(Pillar.NEEDS) == PillarYear()
    assert found.countries == ["MLI", "NER"]  # they take part in the operation that runs
    assert found.cell(Pillar.OPERATIONS) == PillarYear(planned=2)


def test_what_is_done_is_done_of_its_plan_and_what_is_not_is_overdue_when_its_day_is_over(scene: Running) -> None:
    made = requested(scene, post_of(scene))
    year = made.planned_for.year
    assert page_of(scene, "lena").cell(Pillar.NEEDS, year, "NER") == PillarYear(1, 0, 0)
    assert page_of(scene, "lena", LATER, year).cell(Pillar.NEEDS, year) == PillarYear(1, 0, 1)
    validated = brought(scene, requested(scene, post_of(scene, name="Gaya", ref="")), *VALIDATED)
    assert page_of(scene, "lena").cell(Pillar.NEEDS, validated.planned_for.year) == PillarYear(2, 1, 0)
    assert page_of(scene, "lena", until=year - 1).left_out == 2 + 2


def test_a_country_reads_its_own_and_no_other(scene: Running) -> None:
    brought(scene, requested(scene, post_of(scene)), *VALIDATED)
    assert page_of(scene, "ana").cell(Pillar.NEEDS) == PillarYear(1, 1, 0)
    assert page_of(scene, "moussa").cell(Pillar.NEEDS) == PillarYear()
    assert page_of(scene, "moussa").countries == ["MLI"]


def test_money_is_what_validated_measures_cost_in_each_currency(scene: Running) -> None:
    made = brought(scene, requested(scene, post_of(scene)), *VALIDATED)
    money = page_of(scene, "lena").money[made.planned_for.year]
    assert set(money["asked"]) == {"EUR"}
    assert money["asked"]["EUR"] > 0
    assert money["done"] == {}


def test_equipment_that_is_dropped_is_no_plan_any_more(scene: Running) -> None:
    made = planned(scene, post_of(scene))
    year = made.promised.year
    assert page_of(scene, "lena", until=year).cell(Pillar.INFRASTRUCTURE) == PillarYear(1, 0, 0)
    does(scene, "lena", lambda s, by: equipment.take(s, made.id, EquipmentState.DROPPED, by, "Too dear."))
    assert page_of(scene, "lena", until=year).cell(Pillar.INFRASTRUCTURE) == PillarYear()


def test_what_a_country_is_on_the_routes_is_said_anew_and_the_newest_stands(scene: Running) -> None:
    first = role_draft()
    made = does(scene, "ana", roles.set_roles, first)
    assert does(scene, "ana", roles.set_roles, first).id == made.id
    does(scene, "chaima", roles.set_roles, role_draft(source=True, basis="Analysis of this year."))
    assert reads(scene, "lena", roles.current_roles)["NER"].roles == ["source", "transit"]
    assert [each.version for each in reads(scene, "ana", roles.said_of, "NER")] == [2, 1]
    assert reads(scene, "moussa", roles.current_roles) == {}


def test_a_country_is_something_and_only_who_keeps_posts_says_what(scene: Running) -> None:
    with pytest.raises(RuleBroken) as refused:
        role_draft(transit=False)
    assert {flaw.field for flaw in refused.value.flaws} == {"source"}
    for name in ("moussa", "lena", "boubacar"):  # another country's, leadership, an officer
        with pytest.raises(NotPermitted):
            does(scene, name, roles.set_roles, role_draft())


def test_teams_that_are_out_of_service_or_away_cannot_leave(scene: Running) -> None:
    def share(name: str) -> tuple[int | None, int | None]:
        by = scene[name]
        assert isinstance(by, Actor)
        found = reads(scene, name, figures.deployable, by)
        return found.part, found.whole

    assert share("lena") == (0, 0)
    made = [does(scene, "chaima", teams.keep, _team(sign)) for sign in ("ALPHA", "BRAVO", "CHARLIE")]
    assert share("lena") == (3, 3)
    does(scene, "chaima", lambda s, by: teams.take_out(s, made[0].id, "Vehicle broken.", by))
    away = availability.AbsenceDraft(
        id=new_id(), kind="leave", starts=BEGUN - timedelta(hours=1), ends=BEGUN + timedelta(days=2)
    )
    does(scene, "chaima", lambda s, by: availability.add_absence(s, made[1].id, away, by))
    assert share("lena") == share("chaima") == (1, 3)
    assert share("moussa") == (0, 0)


def _team(sign: str) -> teams.TeamDraft:
    return teams.TeamDraft(
        id=new_id(),
        call_sign=sign,
        kind="frontline",
        persons=4,
        specialisms=["document_examiner"],
        languages=["fr"],
        base="Niamey",
        lat=13.5,
        lon=2.1,
        zone="Africa/Niamey",
    )
