"""What became of claims and snapshots, in sentences: their numbers and states, never a figure."""

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


def _answered(entry: Entry, names: Names) -> str:
    country, number = names.country(entry.country), entry.detail["number"]
    if entry.detail["same"]:
        return _("{country} says that the lines of claim {number} are one event.", country=country, number=number)
    return _("{country} says that the lines of claim {number} are several events.", country=country, number=number)


_CLAIM = {"number": kept("number"), "kind": coded("CL-CLAIMKIND", "kind")}
CLAIMS: dict[str, Row] = {
    "claim.suspect": row("copy", N_("Claim {number} is suspected: {kind}."), **_CLAIM),
    "claim.open": row("copy", N_("Claim {number} was opened for its countries: {kind}."), **_CLAIM),
    "claim.answer": whole("message", _answered),
    "claim.agree": row("copy-check", N_("Claim {number}: its countries agree that it is one event, which counts once."),
                       **_CLAIM),
    "claim.differ": row("copy-off", N_("Claim {number}: its countries agree that these are several events."), **_CLAIM),
    "claim.decide": row("scale", N_("Claim {number} was decided: it is one event, which counts once."), **_CLAIM),
    "claim.separate": row("scale", N_("Claim {number} was decided: these are several events."), **_CLAIM),
    "claim.dismiss": row("ban", N_("Claim {number} was dismissed: these are several events."), **_CLAIM),
    "claim.lapse": row("x", N_("Claim {number} was closed: a line does not stand any more."), **_CLAIM),
}  # fmt: skip
