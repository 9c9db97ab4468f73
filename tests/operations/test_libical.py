"""Calendars from the tests of libical (MPL-2.0, commit d31d57c4 of 2026-05-30): read whole, or refused in a sentence.

Here are its 55 files of up to 64 kB, damaged ones that its fuzzing found among them.
"""

import zipfile
from pathlib import Path

from operations.core.errors import RuleBroken
from operations.exchange import ical

FILES = Path(__file__).parent / "libical" / "files.zip"
READ = {
    # how many dates each file has, and how many of them are told to be unfit
    "0.ics": (1, 1),
    "2.ics": (1, 0),
    "2445.ics": (8, 0),
    "3.ics": (1, 0),
    "6.ics": (1, 0),
    "7.ics": (1, 0),
    "8.ics": (1, 0),
    "calendar.ics": (3, 1),
    "classify.ics": (2, 0),
    "incoming.ics": (14, 7),
    "overlaps.ics": (5, 0),
    "process-calendar.ics": (3, 2),
    "process-incoming.ics": (3, 2),
    "recur-errors.ics": (4, 0),
    "restriction.ics": (3, 2),
    "smallcluster.ics": (1, 0),
    "spanlist.ics": (5, 0),
    "timefuzz71741": (1, 1),
}
SENTENCES = {
    "This is not an iCalendar file: export it again as .ics.",
    "This file holds no event: export the calendar again as .ics.",
}


def test_every_calendar_is_read_whole_or_refused_in_a_sentence() -> None:
    """Each event of a file is a date or a sentence that says what is wrong with it."""
    read, said = {}, set()
    with zipfile.ZipFile(FILES) as archive:
        assert len(archive.namelist()) == 55
        for name in archive.namelist():
            try:
                found = ical.read(archive.read(name), "Africa/Niamey", zone_for_floating=True)
            except RuleBroken as refused:
                said.add(str(refused))
            else:
                read[name] = len(found), sum(each.flaw is not None for each in found)
                assert all(each.flaw is not None or each.ends is not None for each in found), name
    assert said == SENTENCES
    endless, unfit = read.pop("2446.ics")  # the examples of RFC 2446, some of which repeat for ever: from today on
    assert (endless > 100, unfit > 0) == (True, True)
    assert read == READ
