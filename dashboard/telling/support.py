"""Sentences for teams, kit, requests, offers and deployments."""

from dashboard.telling.names import coded, raw_value
from dashboard.telling.sentence_rows import row
from dashboard.wording import N_

_TEAM = coded("CL-TEAM", "kind")
_CERTIFICATE = coded("CL-CERT", "certificate")
_ABSENCE = coded("CL-ABSENCE", "absence")

TEAMS = {
    "team.keep": row("users-group", N_("{country}: a team was put on the roster or changed ({team})."), team=_TEAM),
    "team.service": row("users-group", N_("{country}: a team went out of service or came back ({team})."), team=_TEAM),
    "team.close": row("users-group", N_("{country}: a team was taken off the roster ({team})."), team=_TEAM),
    "team.join": row("users-group", N_("{country}: somebody joined a team ({team})."), team=_TEAM),
    "team.leave": row("users-group", N_("{country}: somebody left a team ({team})."), team=_TEAM),
    "team.certify": row(
        "users-group", N_("{country}: a certificate of a team was written down ({certificate})."),
        certificate=_CERTIFICATE,
    ),
    "team.revoke": row(
        "users-group", N_("{country}: a certificate of a team was revoked ({certificate})."), certificate=_CERTIFICATE
    ),
    "team.absence": row(
        "users-group", N_("{country}: an absence of a team was written down ({absence})."), absence=_ABSENCE
    ),
    "team.back": row("users-group", N_("{country}: an absence of a team was cancelled ({absence})."), absence=_ABSENCE),
    "kit.keep": row("tool", N_("{country}: kit was written down ({kit})."), kit=coded("CL-ASSET", "kind")),
}  # fmt: skip
REQUESTS = {
    "support.request": row("lifebuoy", N_("{country} asked for assistance. Teams asked for: {teams}.")),
    "support.ask": row("lifebuoy", N_("A request of {country} was asked of all countries.")),
    "support.close": row("lifebuoy", N_("{country}: a request for assistance was closed.")),
    "support.offer": row("lifebuoy", N_("{country} offered a team.")),
    "support.accept": row("lifebuoy", N_("A team of {country} was accepted for {host}.")),
    "support.decline": row("lifebuoy", N_("A team of {country} was declined. Reason: {reason}")),
    "support.take_back": row("lifebuoy", N_("{country} took an offer back.")),
}
_PLANE = "plane-departure"
DEPLOYMENTS = {
    "deployment.order": row(_PLANE, N_("A team of {country} was ordered to go to {host}.")),
    "deployment.mobilising": row(_PLANE, N_("A team of {country} left its base for {host}.")),
    "deployment.on_site": row(_PLANE, N_("A team of {country} is on site in {host}.")),
    "deployment.check_in": row("check", N_("A team of {country} in {host} checked in.")),
    "deployment.hand_over": row("notebook", N_("A team of {country} in {host} wrote a handover note.")),
    "deployment.lose_contact": row("alert-hexagon", N_("A team of {country} in {host} is out of contact.")),
    "deployment.withdrawn": row(_PLANE, N_("A team of {country} left its place in {host}.")),
    "deployment.debriefed": row(_PLANE, N_("The debriefing of a team of {country} was written.")),
    "deployment.release": row(_PLANE, N_("A team of {country} was released from {host}. Reason: {reason}")),
    "deployment.stand_down": row(_PLANE, N_("A team of {country} was stood down. Reason: {reason}")),
    "deployment.accredit": row(
        "file-certificate", N_("A letter of accreditation was issued for a team of {country}: {number}."),
        number=raw_value("number"),
    ),
}  # fmt: skip
