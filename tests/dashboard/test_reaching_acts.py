"""Every act that reaches another country is declared: as outward, with the states in which it is done, or here with the
reason why it is done in any.
"""

from functools import partial
from pathlib import Path

import pytest

from operations.policing.operation.outward_acts import OUTWARD
from tests.dashboard.again import played
from tests.dashboard.journalled import acts
from tests.prepared_databases import once

PLANNING = {
    "An approval rests on who takes part, where and when, and on what was agreed with them.": (
        "participation.invite participation.answer operation.create operation.edit operation.run operation.approve "
        "operation.suspend operation.cancel oplan.answer oplan.approve phase.schedule phase.drop phase.part "
        "phase.train plan.draw plan.delete plan.undo plan.approve site.place site.correct site.close unit.man "
        "target.set board.edit reminders.set dependency.link dependency.unlink task.add task.assign task.edit "
        "task.move task.cancel"
    ),
    "Teams are asked for, offered and accepted in the plan; what sends one is the order.": (
        "support.request support.ask support.accept support.decline support.close"
    ),
    "A country hears of its own: a lead that is written in its name, the look at its notices, what it paid.": (
        "lead.write fugitive.check cost.write cost.correct"
    ),
    "Countries compare what they have before anything is planned, and only they.": (
        "deconfliction.match deconfliction.open deconfliction.speak deconfliction.nothing deconfliction.close"
    ),
    "The centre answers a country that asks it for a product: that it is taken on, or not.": (
        "product.accept product.refuse product.consult"
    ),
}
BACK = {
    "It stops, takes back or erases what was sent.": (
        "lead.revoke lead.expire lead.erase deployment.stand_down deployment.release deployment.lose_contact "
        "fugitive.erase product.erase "
        "participation.withhold participation.lift"
    ),
    "Muster does it by its calendar, in running operations alone.": (
        "phase.begin phase.end report.ask report.remind figures.release claim.lapse"
    ),
    "It rests on reports, which are sent in running operations alone.": (
        "report.submit report.key report.validate report.consolidate report.withdraw operation.leave_out "
        "claim.answer claim.agree claim.choose claim.decide claim.differ claim.open claim.reopen claim.separate"
    ),
    "It comes after the end, in states of its own.": (
        "participation.close participation.without participation.unanswered "
        "snapshot.prepare snapshot.sign snapshot.approve snapshot.drop "
        "snapshot.supersede recommendation.propose recommendation.accept recommendation.partly recommendation.reject "
        "recommendation.return recommendation.close recommendation.drop"
    ),
}


def declared() -> dict[str, str]:
    """Each act that reaches others and is no outward one, with the reason."""
    return {act: why for table in (PLANNING, BACK) for why, named in table.items() for act in named.split()}


def test_what_reaches_another_country_is_declared(of_run: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """In the play of every act, by the audience that each of its entries had."""
    reached = once(of_run, "again", partial(played, tmp_path_factory.mktemp("again"))).reached
    assert len(reached) > 80
    assert not sorted(reached.keys() - OUTWARD.keys() - declared().keys()), (
        "declare it in operations.policing.operation.outward_acts"
    )
    assert not sorted(declared().keys() - reached.keys()), "it reaches nobody: take it off"


def test_what_is_declared_is_done_and_declared_once() -> None:
    written = acts().keys()
    assert declared().keys() <= written
    assert not declared().keys() & OUTWARD.keys()
