"""Journal entries in sentences, with the labels of codes, in the reader's language.

An entry holds codes and counts. A sentence names countries, sites and kinds; never a person. Every act has one row in
the table of its domain; a test finds the acts in the source code of the verbs.
"""

from collections import ChainMap

from dashboard.telling import (
    accounts,
    cases,
    data_protection,
    evaluation,
    ground,
    incidents,
    operation,
    planning,
    programme,
    reports,
    results,
    support,
    timeline,
    timetable,
)
from dashboard.telling.names import Names
from dashboard.telling.sentence_rows import SentenceRow
from dashboard.wording import _
from operations.core.journal import Entry

TABLES: tuple[dict[str, SentenceRow], ...] = (
    operation.OPERATION,
    ground.SITES,
    ground.PLAN,
    ground.LAYERS,
    ground.ANALYSES,
    reports.REPORTS,
    timeline.TASKS,
    timeline.DEPENDENCIES,
    timetable.TIMETABLE,
    timetable.SERVER,
    accounts.ACCOUNTS,
    cases.LEADS,
    cases.FUGITIVES,
    support.TEAMS,
    support.REQUESTS,
    support.DEPLOYMENTS,
    planning.OPLAN,
    planning.UNITS,
    planning.TARGETS,
    planning.COSTS,
    planning.TEMPLATES,
    planning.INTELLIGENCE,
    planning.RESULTS,
    evaluation.RECOMMENDATIONS,
    evaluation.EVALUATIONS,
    incidents.INCIDENTS,
    data_protection.DATA,
    programme.POSTS,
    programme.NEEDS,
    results.CLAIMS,
    results.SNAPSHOTS,
    programme.EQUIPMENT,
    programme.MODERNISING,
    programme.CONNECTING,
    programme.USAGE,
    programme.SHEETS,
    programme.TRAINING,
    programme.DECONFLICTION,
    programme.DISPATCHES,
    programme.CENTRES,
    programme.DIRECTORY,
    programme.PARTNERS,
    programme.PRODUCTS,
)
ROWS = ChainMap(*TABLES)


def entry_sentence(entry: Entry, names: Names) -> str:
    """Return an entry as a sentence."""
    if (row := ROWS.get(entry.act)) is None:
        return _("Something was recorded: {act}.", act=entry.act)
    words = row.told(entry, names)
    # In the timetable's entries, `late` is a number of minutes.
    return _("{told} This is a change after the debriefing.", told=words) if entry.detail.get("late") is True else words


def icon_of(entry: Entry) -> str:
    """Return the icon of an entry's act."""
    return ROWS[entry.act].icon if entry.act in ROWS else "point"
