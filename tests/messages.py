"""Messages between countries for tests: Niger writes, Mali and Chad get them."""

from typing import Any

from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.exchange import dispatches
from operations.exchange.dispatch_rows import Dispatch, DispatchPassing
from tests.makers import Running
from tests.programme import does

WORDS = "Lorries leave the yard after dark. Please check the weigh station."


def dispatch_draft(**changes: Any) -> dispatches.DispatchDraft:
    """A question to Mali."""
    content = {
        "id": new_id(),
        "countries": ["MLI"],
        "title": "Lorries at the yard",
        "body": WORDS,
        "source": "b",
        "information": "2",
        "handling": "h0",
    }
    return parse(dispatches.DispatchDraft, content | changes)


def answer_draft(**changes: Any) -> dispatches.MessageAnswerDraft:
    """What Mali answers."""
    return parse(dispatches.MessageAnswerDraft, {"id": new_id(), "body": "Two were weighed.", **changes})


def passing_draft(*countries: str, **changes: Any) -> dispatches.PassingDraft:
    """It is to go on."""
    content = {"id": new_id(), "countries": list(countries), "purpose": "They cross there next."}
    return parse(dispatches.PassingDraft, content | changes)


def sent(scene: Running, by: str = "chaima", **changes: Any) -> Dispatch:
    """It is sent."""
    made: Dispatch = does(scene, by, dispatches.send, dispatch_draft(**changes))
    return made


def answered(scene: Running, of: Dispatch, by: str = "moussa", **changes: Any) -> Dispatch:
    """It is answered."""
    made: Dispatch = does(scene, by, dispatches.answer, of.id, answer_draft(**changes))
    return made


def passed(scene: Running, of: Dispatch, by: str, *countries: str, **changes: Any) -> DispatchPassing:
    """It is passed on, or asked to be."""
    made: DispatchPassing = does(scene, by, dispatches.pass_on, of.id, passing_draft(*countries, **changes))
    return made
