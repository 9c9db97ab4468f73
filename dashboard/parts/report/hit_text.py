"""Hits in a few words by which people recognise them, without numbers of documents."""

from collections.abc import Mapping
from uuid import UUID

from dashboard import wording
from operations.policing.reports.desk_queries import WaitingHit, hit_at
from operations.policing.reports.reports import Line


def kind_words(line: Line) -> str:
    """Return the database and the kind of hit."""
    kind = wording.coded("CL-HITKIND", str(line.attributes.get("hit_kind", "unknown")))
    return f"{wording.coded('CL-DB', line.database)} · {kind}"


def time_words(hit: WaitingHit) -> str:
    """Return the time of a hit, in the zone of its report."""
    return wording.moment(hit_at(hit.line), hit.report.zone)


def answer_words(line: Line) -> str:
    """Return the answer to a hit."""
    return wording.coded("CL-CONFIRM", str(line.status))


def hit_words(hit: WaitingHit, sites: Mapping[UUID, str]) -> str:
    """Return database, kind and time of a hit, its site if it is one of `sites`, and its answer."""
    where = sites.get(hit.line.site_id, "")
    country = hit.line.attributes.get("confirming_country") if hit.line.answered_by is not None else None
    answer = " ".join([answer_words(hit.line), *([wording.coded("CL-COUNTRY", country)] if country else [])])
    return " · ".join([kind_words(hit.line), time_words(hit), *([where] if where else []), answer])
