"""Every message and every line of the work list says what it is about, and until when."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import NamedTuple

import pytest

from operations import worklist_entries
from operations.claims import claim_pointers
from operations.core import state_machine
from operations.core.vocabulary import MessageKind
from operations.core.worklist import Waits
from operations.costs import rows as cost_rows
from operations.policing.reports import daily_reports

OF_ITS_OPERATION = {"operation", "participation"}
"""Nouns that are the operation itself: its title stands with the line."""
ITSELF = {
    "The operational plan was amended: approve it.": "an operation has one operational plan",
    "The debrief is closed: prepare the final snapshot of the figures.": "an operation has one final snapshot",
    "The debrief is closed: recommend what should change, or say why nothing needs to.": "an operation has one debrief",
    "The operation is consolidated: write the debrief.": "an operation has one debrief",
    "Your country has no team leader: invite one, who verifies its reports first.": "it is of a whole country",
    "Your country has nominated no case yet: nominate the persons it looks for.": "it asks for the first of all",
    "Something may have been told twice, and no analyst who could look at it works here: put one on the operation.": (
        "who is told may not know of the claim itself"
    ),
}
NO_DEADLINE = {
    "The operational phase has begun: start the operation.": "it began by the calendar: every hour is late",
    "The operational phase has ended: end the operation.": "it ended by the calendar: every hour is late",
    "Nobody is posted to sites of your country: {sites}.": "who is posted is the country's own choice",
}
WITH_DEADLINE = {"MANDATE_ENDING", "ACCOUNT_UNUSED", "ERASURE_DUE", "DEPLOYMENT_ENDING", "CERTIFICATE_ENDING"}
"""Kinds of messages about something that ends."""


def declared() -> Iterator[tuple[str, Waits]]:
    """Each declared line of the work list, with its noun."""
    for life in state_machine.every():
        yield from ((life.noun, step.waits) for step in life.steps if step.waits)
    for module in (worklist_entries, claim_pointers, cost_rows, daily_reports):
        yield from (("", each) for each in vars(module).values() if isinstance(each, Waits))


LINES = {waits.words: (noun, waits) for noun, waits in declared()}


@pytest.mark.parametrize("words", sorted(LINES))
def test_a_line_of_the_work_list_names_its_subject_and_its_deadline(words: str) -> None:
    noun, waits = LINES[words]
    named = {name for _text, name, _form, _conversion in Formatter().parse(words) if name}
    assert named or noun in OF_ITS_OPERATION or words in ITSELF
    assert waits.until or waits.within or words in NO_DEADLINE


def test_the_exceptions_are_lines_that_exist() -> None:
    assert ITSELF.keys() | NO_DEADLINE.keys() <= LINES.keys()


class Telling(NamedTuple):
    """A call of `messages.tell`: where it stands, its words, and whether it says until when."""

    place: str
    source: str
    said: list[str]
    until: bool
    about: bool


def tellings() -> Iterator[Telling]:
    """Each call of `messages.tell` in the house, with the sentences that its module can say of it."""
    for path in sorted(Path(worklist_entries.__file__).parent.rglob("*.py")):
        text = path.read_text()
        if "notices.messages import" not in text:
            continue
        tree = ast.parse(text)
        names = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                if getattr(call.func, "id", "") != "tell":
                    continue
                given = {each.arg: each.value for each in call.keywords}
                used = [
                    *ast.walk(function),
                    *(part for name in _names(function) & names.keys() for part in ast.walk(names[name])),
                ]
                said = [
                    str(node.args[0].value)
                    for node in used
                    if isinstance(node, ast.Call)
                    and getattr(node.func, "id", "") == "N_"
                    and isinstance(node.args[0], ast.Constant)
                ]
                place = f"{path.name}:{call.lineno}"
                yield Telling(place, ast.unparse(function), said, "until" in given, "about" in given)


def _names(function: ast.FunctionDef) -> set[str]:
    return {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}


TELLINGS = {telling.place: telling for telling in tellings()}


@pytest.mark.parametrize("place", sorted(TELLINGS))
def test_a_message_names_its_subject(place: str) -> None:
    telling = TELLINGS[place]
    assert telling.about, "it has no subject"
    assert [each for each in telling.said if "{" not in each] == []


def test_what_ends_says_when() -> None:
    for kind in WITH_DEADLINE:
        found = [telling for telling in TELLINGS.values() if f"MessageKind.{kind}" in telling.source]
        assert found, kind
        assert all(telling.until for telling in found), kind


def test_every_kind_of_message_is_told_somewhere() -> None:
    text = "".join(path.read_text() for path in Path(worklist_entries.__file__).parent.rglob("*.py"))
    assert [kind for kind in MessageKind if text.count(f"MessageKind.{kind.name}") < 1] == []
