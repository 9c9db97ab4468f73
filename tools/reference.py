"""Writes docs/reference: what the code and the marks of tests declare, as pages. A test keeps them current.

.venv/bin/python tools/reference.py
"""

import ast
import csv
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

import typer.main

from dashboard.__main__ import cli
from operations.catalogue.definition import Definition
from operations.catalogue.fugitive_kpis import CATALOGUE as FUGITIVE_KPIS
from operations.catalogue.fugitive_kpis import FugitiveDefinition
from operations.catalogue.kpis import CATALOGUE as KPIS
from operations.core import vocabulary
from operations.core.permissions import GRANTS, Act
from operations.core.vocabulary import Role
from operations.figures.derived_figures import DerivedFigure
from operations.figures.domain_figures import DOMAIN_FIGURES
from operations.posts.figures import ProgrammeFigure
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from scenarios import sizing

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
_MADE = "Made from the code by `tools/reference.py`; a test keeps it current.\n"
EARLIER = Path(__file__).resolve().with_name("earlier_definitions.toml")
PROGRAMME_MODULES = (
    *("operations.exchange.directory", "operations.exchange.service_figures", "operations.needs.figures"),
    *("operations.infrastructure.figures", "operations.training.curricula", "operations.training.figures"),
    *("operations.evaluation.figures", "operations.programme.figures", "operations.programme.practice_change"),
    "operations.programme.sustained_use",
)
"""The modules that declare figures of the programme."""
AnyFigure = Definition | FugitiveDefinition | DerivedFigure | ProgrammeFigure
_LONG_LISTS = frozenset({"CL-COUNTRY", "CL-NATIONALITY", "CL-CURRENCY", "CL-LANGUAGE"})
"""Lists that are those of ISO and CLDR, or have hundreds of codes: named, and not written out."""


def _row(*cells: object) -> str:
    return f"| {' | '.join(str(cell).replace('|', '/').replace(chr(10), ' ') for cell in cells)} |"


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    head = list(head)
    yield _row(*head)
    yield f"|{'---|' * len(head)}"
    for cells in rows:
        yield _row(*cells)
    yield ""


def permissions() -> Iterator[str]:
    """Yield each act with the roles that may do it, and how far each reaches."""
    yield "# Permissions\n"
    yield "Who may do what, and how far: in the own *unit*, the own *nation*, an *operation* where they work, or *all*."
    yield _MADE
    for subject, acts in groupby(GRANTS, key=lambda act: act.value.partition(".")[0]):
        yield f"## {_title(subject)}\n"
        yield from _table(
            ("Act", "Who, and how far"),
            ((f"`{act.value}`", ", ".join(_reach(act))) for act in acts),
        )


def _reach(act: Act) -> Iterator[str]:
    granted = GRANTS[act]
    for role in Role:
        if role in granted:
            yield f"{vocabulary.label('CL-ROLE', role.value, 'en')} ({granted[role].value})"


def _title(code: str) -> str:
    return code.replace("_", " ").capitalize()


def figures() -> Iterator[str]:
    """Yield the definitions of key figures."""
    yield "# Key figures\n"
    yield "What each figure of an operation is, where it comes from, and what one may and may not say with it."
    yield _MADE
    known: list[Definition | FugitiveDefinition] = [*KPIS.values(), *FUGITIVE_KPIS.values()]
    for definition in known:
        yield f"## {definition.kpi} {definition.name}\n"
        yield from _table(
            ("", ""),
            (
                ("Unit", definition.unit),
                ("Formula", definition.formula),
                ("Caution", definition.caution),
                ("One may say", definition.quote),
                ("One may not say", definition.misquote),
                ("Source", definition.source),
            ),
        )


def definitions() -> Iterator[str]:
    """Yield every figure with its formula, its source, and what it was at 687aa84b."""
    yield "# Definitions, before and after\n"
    yield "Every figure that Muster tells: what it is, what it was at 687aa84b where that was something else, and why."
    yield _MADE
    with EARLIER.open("rb") as file:
        earlier = {(row["kpi"], row["name"]): row for row in tomllib.load(file)["figure"]}
    rows = []
    for key, figure in sorted(every_figure().items(), key=lambda found: _order(found[0])):
        was = earlier.pop(key, {"before": "As now.", "why": ""})
        rows.append((*key, figure.unit, was["before"], figure.formula, was["why"], figure.source))
    if earlier:
        raise LookupError(f"no such figures: {sorted(earlier)}")
    yield from _table(("No.", "Name", "Unit", "Before", "Now", "Why", "Source"), rows)


def every_figure() -> dict[tuple[str, str], AnyFigure]:
    """Return all figures by number and name: those of operations, of fugitives and of the programme."""
    programme = (each for name in PROGRAMME_MODULES for each in _declared(vars(import_module(name)).values()))
    known = (*KPIS.values(), *FUGITIVE_KPIS.values(), *COMPUTED_FIGURES.values(), *DOMAIN_FIGURES.values(), *programme)
    return {(str(figure.kpi), figure.name): figure for figure in known}


def _declared(values: Iterable[Any]) -> Iterator[ProgrammeFigure]:
    for value in values:
        if isinstance(value, ProgrammeFigure):
            yield value
        elif isinstance(value, Mapping | tuple | list):
            yield from _declared(value.values() if isinstance(value, Mapping) else value)


def _order(key: tuple[str, str]) -> tuple[str, int, str, str]:
    number, name = key
    return number[0], int(number[1:3]), number, name


def codes() -> Iterator[str]:
    """Yield the code lists, with what each code means."""
    yield "# Code lists\n"
    yield "The codes that reports, files and the interface use. A code is never reused and never removed."
    yield _MADE
    for name in vocabulary.list_names():
        listed = vocabulary.code_list(name)
        yield f"## {name}\n"
        if name in _LONG_LISTS:
            yield f"{len(listed.codes)} codes of a public standard.\n"
            continue
        yield from _table(
            ("Code", "Label", "Meaning"),
            ((f"`{code}`", listed.labels[code]["en"], listed.notes.get(code, "")) for code in listed.codes),
        )


def commands() -> Iterator[str]:
    """Yield the commands of `muster` with their options."""
    yield "# Commands\n"
    yield "What `muster` does on a server. `muster COMMAND --help` says the same."
    yield _MADE
    yield from _commands("muster", typer.main.get_command(cli))


def _commands(name: str, command: Any) -> Iterator[str]:
    if parts := getattr(command, "commands", None):
        for part, found in parts.items():
            yield from _commands(f"{name} {part}", found)
        return
    yield f"## {name}\n"
    yield f"{(command.help or '').strip()}\n"
    if command.params:
        yield from _table(("Parameter", "What it is"), map(_parameter, command.params))


def _parameter(given: Any) -> tuple[str, str]:
    option = given.param_type_name == "option"
    return " ".join(f"`{word}`" for word in (given.opts if option else [given.name.upper()])), given.help or ""


class RequirementState(StrEnum):
    """How a requirement is answered."""

    TESTED = "tested"
    PARTLY = "partly"
    REVIEWED = "reviewed"
    DOCUMENTED = "documented"
    OUTSIDE = "outside"
    NOT_MET = "not met"
    NOT_APPLICABLE = "not applicable"


_STATES = {
    RequirementState.TESTED: "the tests that are named fail where it does not hold",
    RequirementState.PARTLY: "it holds but for what is said",
    RequirementState.REVIEWED: "it was read in the code; no test holds it",
    RequirementState.DOCUMENTED: "it asks for a document, which is named",
    RequirementState.OUTSIDE: "whoever runs Muster answers it",
    RequirementState.NOT_MET: "it does not hold, and why",
    RequirementState.NOT_APPLICABLE: "Muster has nothing that it speaks of",
}


@dataclass(frozen=True)
class Requirement:
    """A row of a list of requirements. `level` is "" where the list has none, `reason` where tests say everything."""

    number: str
    level: str
    words: str
    state: RequirementState
    reason: str
    tests: tuple[str, ...]


def requirements(name: str, prefix: str = "") -> list[Requirement]:
    """Return the rows of docs/reference/<name>.csv, each with the tests whose mark names its number after `prefix`."""
    marked = marks()
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [
            Requirement(
                row["number"],
                row["level"],
                row["requirement"],
                RequirementState(row["state"] or "tested"),
                row["reason"],
                tuple(marked.get(f"{prefix}{row['number']}", ())),
            )
            for row in csv.DictReader(file)
        ]


def marks() -> dict[str, list[str]]:
    """Return the tests that `@pytest.mark.requirement` says a requirement is held by, for each number that is named."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "mark.requirement(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            for mark in getattr(node, "decorator_list", ()):
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.requirement":
                    for number in mark.args:
                        test = f"{path.relative_to(ROOT).as_posix()}::{node.name}"  # type: ignore[attr-defined]
                        found[ast.literal_eval(number)].append(test)
    return found


def _requirements_page(name: str, prefix: str, *lead: str) -> Iterator[str]:
    rows = requirements(name, prefix)
    yield from lead
    yield "Made from the list beside it and the marks of tests by `tools/reference.py`; a test keeps it current.\n"
    levels = sorted({row.level for row in rows})
    counts = Counter((row.state, row.level) for row in rows)
    yield from _table(
        ("State", "What it means", *(f"Level {level}" if level else "Requirements" for level in levels)),
        ((state, means, *(counts[state, level] for level in levels)) for state, means in _STATES.items()),
    )
    for chapter, of in groupby(rows, lambda row: row.number.partition(".")[0] if prefix else ""):
        if prefix:
            yield f"## Chapter {chapter}: {_CHAPTERS[int(chapter)]}\n"
        yield from _table(
            ("Number", *(("Level",) if prefix else ()), "Requirement", "State", "Tests, or why"),
            ((row.number, *((row.level,) if prefix else ()), row.words, row.state, _held(row)) for row in of),
        )


def _held(row: Requirement) -> str:
    return " ".join(filter(None, (row.reason, ", ".join(f"`{test}`" for test in sorted(row.tests)))))


_CHAPTERS = dict(
    enumerate(
        (
            "encoding",
            "input and rules",
            "browsers",
            "services",
            "files",
            "who signs in",
            "sessions",
            "permissions",
            "tokens",
            "OAuth and OpenID Connect",
            "cryptography",
            "connections",
            "configuration",
            "protection of data",
            "code and parts",
            "logs and errors",
            "WebRTC",
        ),
        start=1,
    )
)
PAGES: Mapping[str, Callable[[], Iterator[str]]] = {
    "permissions.md": permissions,
    "key_figures.md": figures,
    "definitions.md": definitions,
    "code_lists.md": codes,
    "commands.md": commands,
    "sizing.md": sizing.page,
    "asvs.md": partial(
        _requirements_page,
        "asvs",
        "ASVS ",
        "# Security requirements (OWASP ASVS 5.0.0)\n",
        "Levels 1 and 2 of the Application Security Verification Standard. The numbers and levels are those of the "
        "standard, the words are ours and shorter: read there what is asked for. The table says of each whether it "
        "holds, by which test, or why not.\n",
        "The list is adapted from the OWASP Application Security Verification Standard 5.0.0 (github.com/OWASP/ASVS), "
        "by the OWASP Foundation and its contributors, under CC BY-SA 4.0; this page and its list are under "
        "that licence.\n",
    ),
    "reliability.md": partial(
        _requirements_page,
        "reliability",
        "",
        "# Requirements of reliability and security\n",
        "What the team asks of Muster (R1 to R88), by which test it holds, or why not.\n",
    ),
}


def text(page: str) -> str:
    """Return a page as it should be."""
    return "\n".join(PAGES[page]()).rstrip() + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for page in PAGES:
        (FOLDER / page).write_text(text(page), encoding="utf-8")
