"""Writes docs/lives.md: every state machine as a diagram with its steps, from the tables of steps.

.venv/bin/python tools/lives.py
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from operations import tables
from operations.core import state_machine as lives
from operations.core.permissions import GRANTS
from operations.core.state_machine import Life, Step, Whole
from operations.core.vocabulary import Role

PATH = Path(__file__).resolve().parent.parent / "docs" / "lives.md"
_HEAD = """# Lives

What the things of Muster go through: their states, the steps between them, and who takes each. Made from the tables of
steps by `tools/lives.py`; a test keeps it current.
"""


def text() -> str:
    """The whole page."""
    assert tables.__all__  # noqa: S101 - imported for the lives that their modules declare
    parts = [*map(_section, lives.every()), *map(_of_parts, lives.wholes())]
    return "\n".join([_HEAD, *(line for part in parts for line in part)])


def _section(life: Life[Any]) -> Iterator[str]:
    yield f"## {life.noun[0].upper()}{life.noun[1:]}\n"
    yield f"```mermaid\n{life.diagram()}\n```\n"
    yield "| Step | From | To | Who | Reason | First |\n|---|---|---|---|---|---|"
    rows: dict[tuple[str, ...], list[str]] = {}
    for step in life.steps:
        rows.setdefault(_row(step), []).append(step.before.value)
    for (verb, after, *rest), before in rows.items():
        yield f"| {verb} | {', '.join(before)} | {after} | {' | '.join(rest)} |"
    yield ""


def _of_parts(whole: Whole[Any]) -> Iterator[str]:
    yield f"## {whole.noun[0].upper()}{whole.noun[1:]}\n"
    order = ", ".join(state.value for state in whole.order)
    yield f"Its state is the first in which one {whole.part.noun} is, of {order}; else {whole.empty.value}.\n"


def _row(step: Step[Any]) -> tuple[str, ...]:
    roles = GRANTS[step.act] if not step.elsewhere else ()
    who = ", ".join(role.value.replace("_", " ") for role in Role if role in roles)
    guard = (step.guard.__doc__ or "").strip() if step.guard else step.elsewhere
    return step.verb, step.after.value, who, "yes" if step.why else "", guard


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
