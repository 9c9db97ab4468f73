"""Sentences for requests of data subjects: days, kinds and states, never the search terms."""

from dashboard.telling.names import Names, day_of
from dashboard.telling.sentence_rows import row, steps
from dashboard.wording import N_, _
from operations.core.journal import Entry
from operations.data_protection.register import KINDS
from operations.data_protection.rows import COPIES, REQUESTS
from operations.policing.operation.legal_holds import HOLDS


def _kind(entry: Entry, _names: Names) -> str:
    kind = str(entry.detail["kind"])
    return _(KINDS[kind])


DATA = {
    "data.receive": row(
        "user-search", N_("A request about data was received. It is answered until {day}."), day=day_of("until")
    ),
    "data.extend": row("clock", N_("A request about data takes longer: until {day}."), day=day_of("until")),
    "data.find": row("search", N_("Copies of data were found for the request of a person.")),
    "hold.set": row("lock", N_("A legal hold was set: what a court asks for is not erased.")),
    **steps(HOLDS, N_("A legal hold went from {before} to {after}.")),
    **steps(REQUESTS, N_("A request about data went from {before} to {after}.")),
    **steps(COPIES, N_("A copy of data about a person ({kind}) went from {before} to {after}."), kind=_kind),
}
