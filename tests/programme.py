"""Posts of Niger and Mali, and what is done there, through the real verbs."""

from datetime import datetime, timedelta
from typing import Any

from operations.core import clock
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import System
from operations.posts import register
from operations.posts.register import ConditionDraft, Post, PostDraft
from tests.makers import START, Running

BEGUN = START + timedelta(days=2)


def does(scene: Running, name: str, verb: Any, *given: Any, at: datetime = BEGUN, **named: Any) -> Any:
    """One of the cast, or Muster itself, calls a verb in a unit of work of its own."""
    by = System() if name == "system" else scene[name]
    with clock.at(at), scene.store.unit_of_work(by) as session:
        return verb(session, *given, by, **named)


def reads(scene: Running, name: str, question: Any, *given: Any, at: datetime = BEGUN, **named: Any) -> Any:
    """What one of the cast reads."""
    by = System() if name == "system" else scene[name]
    with clock.at(at), scene.store.reading(by) as session:
        return question(session, *given, **named)


def post_draft(**changes: Any) -> PostDraft:
    """The airport of Niamey."""
    content = {
        "id": new_id(), "country": "NER", "name": "Niamey airport", "site_type": "airport", "border_kind": "air",
        "lat": 13.48, "lon": 2.18, "zone": "Africa/Niamey", "ref": "airport:DRRN",
    }  # fmt: skip
    return parse(PostDraft, content | changes)


def post_of(scene: Running, by: str = "chaima", **changes: Any) -> Post:
    """It is in the register."""
    return does(scene, by, register.register, post_draft(**changes))


def condition_draft(**changes: Any) -> ConditionDraft:
    """What a post has that is off the network half of the day."""
    content = {
        "id": new_id(), "passages": 1200, "officers": 18, "connectivity": "mobile_data", "online_hours": 12,
        "power": "grid", "power_hours": 16, "access": "via_ncb",
    }  # fmt: skip
    return parse(ConditionDraft, content | changes)
