"""What happened to teams, requests, offers and deployments, in sentences. `journal_told` collects them."""

from collections.abc import Callable
from typing import Any

from dashboard.wording import N_, _, number
from operations.core.journal import Entry

_SENTENCES = {
    "team.keep": N_("{country}: a team was put on the roster or changed ({team})."),
    "team.service": N_("{country}: a team went out of service or came back ({team})."),
    "team.close": N_("{country}: a team was taken off the roster ({team})."),
    "team.join": N_("{country}: somebody joined a team ({team})."),
    "team.leave": N_("{country}: somebody left a team ({team})."),
    "team.certify": N_("{country}: a certificate of a team was written down ({certificate})."),
    "team.revoke": N_("{country}: a certificate of a team was revoked ({certificate})."),
    "team.absence": N_("{country}: an absence of a team was written down ({absence})."),
    "team.back": N_("{country}: an absence of a team was cancelled ({absence})."),
    "kit.keep": N_("{country}: kit was written down ({kit})."),
    "support.request": N_("{country} asked for assistance. Teams asked for: {teams}."),
    "support.ask": N_("A request of {country} was asked of all countries."),
    "support.close": N_("{country}: a request for assistance was closed."),
    "support.offer": N_("{country} offered a team."),
    "support.accept": N_("A team of {country} was accepted for {host}."),
    "support.decline": N_("A team of {country} was declined. Reason: {reason}"),
    "support.take_back": N_("{country} took an offer back."),
    "deployment.order": N_("A team of {country} was ordered to go to {host}."),
    "deployment.mobilising": N_("A team of {country} left its base for {host}."),
    "deployment.on_site": N_("A team of {country} is on site in {host}."),
    "deployment.check_in": N_("A team of {country} in {host} checked in."),
    "deployment.hand_over": N_("A team of {country} in {host} wrote a handover note."),
    "deployment.lose_contact": N_("A team of {country} in {host} is out of contact."),
    "deployment.withdrawn": N_("A team of {country} left its place in {host}."),
    "deployment.debriefed": N_("The debriefing of a team of {country} was written."),
    "deployment.stand_down": N_("A team of {country} was stood down. Reason: {reason}"),
    "deployment.accredit": N_("A letter of accreditation was issued for a team of {country}: {number}."),
}


def _told(entry: Entry, names: Any) -> str:
    said = entry.detail
    return _(
        _SENTENCES[entry.act],
        country=names.country(entry.country),
        host=names.country(said.get("host")),
        team=names.code("CL-TEAM", said.get("kind")),
        kit=names.code("CL-ASSET", said.get("kind")),
        certificate=names.code("CL-CERT", said.get("certificate")),
        absence=names.code("CL-ABSENCE", said.get("absence")),
        teams=number(int(said.get("teams", 0))),
        reason=said.get("reason", ""),
        number=said.get("number", ""),
    )


TELLERS: dict[str, Callable[[Entry, Any], str]] = dict.fromkeys(_SENTENCES, _told)
ICONS = {
    "team": "users-group",
    "kit": "tool",
    "support": "lifebuoy",
    "deployment": "plane-departure",
    "deployment.check_in": "check",
    "deployment.hand_over": "notebook",
    "deployment.lose_contact": "alert-hexagon",
    "deployment.accredit": "file-certificate",
}
