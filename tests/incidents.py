"""Serious incidents for tests: reported at Niger, handled by Frida."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from operations.core import clock
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import Account, System
from operations.core.vocabulary import Classification, Role
from operations.incidents import consultations, drafts, incidents
from operations.incidents.rows import IncidentState, SeriousIncident
from tests.makers import Running
from tests.people import HOUSE
from tests.programme import BEGUN, does

S = IncidentState
WAY = ("threshold_check", "initial", "fact_finding", "formal", "final", "closed")
AT = BEGUN
SECRET = "The centre asked us to report another position of the boat."


def draft(scene: Running, **changes: Any) -> drafts.IncidentDraft:
    """The position of a boat was to be changed."""
    content = {
        "id": new_id(),
        "operation_id": scene.operation,
        "channel": "exceptional",
        "category": "staff",
        "concerns": "NER",
        "occurred_at": AT - timedelta(hours=6),
        "detected_at": AT - timedelta(hours=5),
        "place": "Off the coast",
        "lat": 13.25,
        "lon": 2.75,
        "facts": SECRET,
    }
    return parse(drafts.IncidentDraft, content | changes)


def reported(scene: Running, by: str = "bruno", **changes: Any) -> SeriousIncident:
    """It is reported."""
    return does(scene, by, incidents.report, draft(scene, **changes), at=AT)


def version(about: str = "facts", **changes: Any) -> drafts.VersionDraft:
    """Something that is written later."""
    content = {"id": new_id(), "about": about, "words": "Seen in the log of the boat."}
    placed = {"lat": 13.1, "lon": 2.9} if about == "position" else {}
    return parse(drafts.VersionDraft, content | placed | changes)


def step(ident: Any, to: str, words: str = "") -> Any:
    """A step as a verb."""
    return lambda session, by: incidents.take(session, ident, S(to), by, words)


def brought(scene: Running, made: SeriousIncident, *states: str, by: str = "frida") -> SeriousIncident:
    """Step by step, with what each needs written first."""
    for state in states:
        needed = {"formal": "assessment", "final": "outcome"}.get(state)
        if needed:
            does(scene, by, incidents.write, made.id, version(needed), at=AT)
        made = does(scene, by, step(made.id, state), at=AT)
    return made


def opens(
    scene: Running, name: str, made: SeriousIncident, why: str = "handle", at: Any = AT
) -> consultations.IncidentFile:
    """Somebody opens the file."""
    return does(scene, name, consultations.open_file, made.id, why, at=at)


def grant(**changes: Any) -> drafts.GrantDraft:
    """A reading of three days for the auditor."""
    content = {"id": new_id(), "account_id": uuid5(HOUSE, "otto"), "days": 3, "reason": "Yearly audit of files."}
    return parse(drafts.GrantDraft, content | changes)


def hired(scene: Running, username: str, role: Role = Role.RIGHTS_OFFICER) -> UUID:
    """One more account, as whom `scene[username]` asks."""
    account = Account(
        id=uuid5(HOUSE, username),
        username=username,
        name=username.title(),
        role=role.value,
        clearance=Classification.CONFIDENTIAL.value,
        password_hash="!",
        created_at=clock.now(),
    )
    with scene.store.unit_of_work(System()) as session:
        session.add(account)
    return account.id


def fred(scene: Running) -> Any:
    """A second fundamental rights officer."""
    hired(scene, "fred")
    changed = vars(scene["frida"]) | {"account_id": uuid5(HOUSE, "fred"), "name": "Fred"}
    scene.members["fred"] = scene["frida"].__class__(**changed)
    return scene["fred"]
