"""The journal's tables: every act that the sources journal is told, once, with an icon that is there."""

from dashboard.telling.names import Names
from dashboard.telling.sentences import ROWS, TABLES, told
from operations.core.journal import Entry
from tests.dashboard.journalled import ROOT, acts


def test_every_act_that_is_journalled_has_one_row_and_every_row_an_act() -> None:
    written = acts()
    assert len(written) > 100
    assert not {act: where for act, where in written.items() if act not in ROWS}
    assert not ROWS.keys() - written.keys()
    assert sum(map(len, TABLES)) == len(ROWS)


def test_every_act_has_an_icon_that_is_there() -> None:
    there = set((ROOT / "tools" / "icons.txt").read_text(encoding="utf-8").split())
    assert not {act: row.icon for act, row in ROWS.items() if row.icon not in there}


def test_what_the_timetable_made_up_for_is_no_change_after_the_debriefing() -> None:
    names = Names("en", "UTC")
    begun = Entry(act="phase.begin", detail={"phase": "operational", "late": 5, "waits": []})
    assert told(begun, names) == "A phase began: Operational. Done 5 minutes late."
    withdrawn = Entry(act="report.withdraw", country="NER", detail={"reason": "Sent twice.", "late": True})
    assert told(withdrawn, names) == (
        "Niger: a report of a site was withdrawn. Reason: Sent twice. This is a change after the debriefing."
    )
