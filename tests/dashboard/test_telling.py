"""The journal's tables: every act that the sources journal is told, has an icon that is there, and is played."""

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from dashboard.telling.names import Names, names_for
from dashboard.telling.sentences import ROWS, TABLES, entry_sentence, icon_of
from dashboard.wording import in_language
from operations.core.journal import Entry
from operations.core.languages import LOCALES
from operations.timetable.erasure import ERASED
from tests.dashboard import again
from tests.dashboard.journalled import ROOT, acts
from tests.prepared_databases import once

ELSEWHERE = {
    "store.restore": ("tests/dashboard/test_commands.py", '"store.restore"'),
    "journal.key": ("tests/operations/test_journal.py", "change_key("),
    "generator.fill": ("tests/scenarios/test_generator.py", " fill("),
}
"""Acts of commands that need a whole database for themselves: where they are played, and what it says there."""


@pytest.fixture(scope="module")
def played(of_run: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Sequence[Entry], dict[UUID, str]]:
    """Every entry of the play in which everything is done, and the names of its sites."""
    told = once(of_run, "again", partial(again.played, tmp_path_factory.mktemp("again")))
    return told.entries, told.sites


@pytest.mark.requirement("R40")
def test_every_act_that_is_journalled_has_one_row_and_every_row_an_act() -> None:
    written = acts()
    assert len(written) > 100
    assert not {act: where for act, where in written.items() if act not in ROWS}
    assert not ROWS.keys() - written.keys()
    assert sum(map(len, TABLES)) == len(ROWS)


def test_every_act_has_an_icon_that_is_there() -> None:
    there = set((ROOT / "tools" / "icons.txt").read_text(encoding="utf-8").split())
    assert not {act: row.icon for act, row in ROWS.items() if row.icon not in there}


def test_every_act_is_played(played) -> None:
    entries, _sites = played
    assert acts().keys() - {entry.act for entry in entries} == ELSEWHERE.keys()
    for where, words in ELSEWHERE.values():
        assert words in (ROOT / where).read_text(encoding="utf-8"), where


@pytest.mark.parametrize("language", LOCALES)
def test_every_entry_is_told_wholly_in_every_language(played, language: str) -> None:
    entries, sites = played
    english, names = (names_for(entries, each, "Africa/Niamey", sites) for each in ("en", language))
    for entry in entries:
        with in_language(language):
            said = entry_sentence(entry, names)
        assert not re.search(r"[{}]|\bNone\b|Something was recorded", said), (entry.act, said)
        assert language == "en" or said != entry_sentence(entry, english), (entry.act, said)
        assert icon_of(entry) == ROWS[entry.act].icon


@pytest.mark.requirement("R42")
def test_what_a_person_typed_is_declared_and_nothing_typed_is_kept_of_what_is_erased(played) -> None:
    """Codes, ids, days and numbers of letters have no room between words; what has is somebody's own words."""
    entries, _sites = played
    for entry in entries:
        typed = set(ROWS[entry.act].typed())
        assert not (typed and entry.object_kind in ERASED), entry.act
        said = {key for key, value in entry.detail.items() if isinstance(value, str) and " " in value.strip()}
        assert said <= typed, (entry.act, said)
    assert {entry.object_kind for entry in entries} >= ERASED


def test_what_the_timetable_made_up_for_is_no_change_after_the_debriefing() -> None:
    names = Names("en", "UTC")
    begun = Entry(act="phase.begin", detail={"phase": "operational", "late": 5, "waits": []})
    assert entry_sentence(begun, names) == "A phase began: Operational. Done 5 minutes late."
    withdrawn = Entry(act="report.withdraw", country="NER", detail={"reason": "Sent twice.", "late": True})
    assert entry_sentence(withdrawn, names) == (
        "Niger: a report of a site was withdrawn. Reason: Sent twice. This is a change after the debriefing."
    )
