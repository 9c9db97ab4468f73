"""What became of snapshots, in sentences: their numbers and states, never a figure."""

from dashboard.telling.names import Names, coded, kept
from dashboard.telling.rows import Row, row, whole
from dashboard.wording import N_, _
from operations.core.journal import Entry


def _spoken(entry: Entry, names: Names) -> str:
    country, number = names.country(entry.country), entry.detail["number"]
    if entry.detail["agrees"]:
        return _("{country} agrees to snapshot {number}.", country=country, number=number)
    return _("{country} does not agree to snapshot {number}.", country=country, number=number)


_NUMBER = {"number": kept("number")}
SNAPSHOTS: dict[str, Row] = {
    "snapshot.prepare": row(
        "camera", N_("Snapshot {number} of the figures was prepared ({status}, {level})."),
        status=coded("CL-STATUS", "status"), level=kept("level"), **_NUMBER,
    ),
    "snapshot.speak": whole("message", _spoken),
    "snapshot.sign": row("rubber-stamp", N_("Snapshot {number} was signed for the coordination."), **_NUMBER),
    "snapshot.approve": row("rubber-stamp", N_("Snapshot {number} was signed for the leadership."), **_NUMBER),
    "snapshot.publish": row("send", N_("Snapshot {number} was published: its figures are the official ones."),
                            **_NUMBER),
    "snapshot.supersede": row("history", N_("Snapshot {number} gave way to snapshot {newer}."), newer=kept("newer"),
                              **_NUMBER),
    "snapshot.drop": row("ban", N_("Snapshot {number} was dropped."), **_NUMBER),
}  # fmt: skip
