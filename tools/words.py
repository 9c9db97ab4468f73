"""Finds every text that a person may read and brings the files of each language up to date; says what is untranslated.

    .venv/bin/python tools/words.py                  extract and update
    .venv/bin/python tools/words.py --check          change nothing; fail where a sentence has no translation, or says a
                                                     term by another word than operations/core/terms.py has chosen
    .venv/bin/python tools/words.py --into FOLDER    write the files of today there, and leave those of the project

Each language of `operations/core/languages.csv` but English, which is its own translation, has a catalogue of the
sentences in the source, and tables of the words in data: labels of codes, texts of templates, names of countries.
A text that is gone leaves these files too. A catalogue holds each sentence with its translation and nothing else, on a
line each: a changed label is a line here and one in each of them.
"""

import ast
import csv
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import ModuleType

import numpy as np
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from geodata.ground import reference
from operations.core import code_lists, terms
from operations.core.languages import TRANSLATED, translations
from operations.templates.content import SHIPPED

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "dashboard" / "locale"
NAME = Path("LC_MESSAGES", "muster.po")
FOLDERS = ("dashboard", "operations", "geodata", "scenarios")
KEYWORDS = {
    "_": None,
    "N_": None,
    "ngettext": (1, 2),
    "N_plural": (1, 2),
    "RuleBroken": (2,),
    "Flaw": (2,),
    "Conflict": (1,),
    "Stale": (1,),
    "Taken": (1,),
    "TooMany": (1,),
    "rule": (2,),
    "need": (3,),
    "CoordinateError": (1,),
    "_Refused": (1,),
    "RefusedFile": (1,),
    "RefusedStep": (1,),
    "Busy": (1,),
    "or_refuse": (1,),
    "refuse": (3,),
    "note": (1,),
    "Note": (1,),
    "LayerFinding": (2,),
    "ArithmeticFinding": (2,),
    "UnfitEvents": (1,),
    "UnusableRow": (1,),
    "_Left": (3,),
    "NoAnswer": (1,),
    "_rows": (3,),
    "Unplaceable": (1,),
    "Unassignable": (1,),
    "Against": (2,),
    "_whole": (2,),
    "_floats": (2,),
    "_amounts": (3,),
}
"""Who takes a sentence, and at which place; None: wherever gettext does."""


def template() -> Catalog:
    """Every message of the source, with where it stands (files, not lines: lines would change every day)."""
    found = Catalog(project="Muster", domain="muster", fuzzy=False, charset="utf-8", creation_date=None)
    with (ROOT / "babel.cfg").open(encoding="utf-8") as lines:
        methods, options = parse_mapping_cfg(lines)
    for folder in FOLDERS:
        rules = [(pattern.removeprefix(f"{folder}/"), how) for pattern, how in methods if pattern.startswith(folder)]
        inside = {pattern.removeprefix(f"{folder}/"): option for pattern, option in options.items()}
        for file, _line, message, comments, context in extract_from_dir(ROOT / folder, rules, inside, KEYWORDS):
            if isinstance(message, str) and message.startswith(" "):
                continue  # a piece that is added to a sentence: `_assembled` finds the whole
            found.add(message, locations=[(f"{folder}/{file}", None)], auto_comments=comments, context=context)
    for message, where in (*_assembled(), *_said_by_name()):
        found.add(message, locations=[(where, None)])
    return found


def _assembled() -> Iterator[tuple[str, str]]:
    """Sentences that have a name before they are said, or are put together from pieces, as they are looked up."""
    for folder in ("geodata", "operations/analyses"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            module = ast.parse(path.read_text(encoding="utf-8"))
            named = _texts_of(module.body, {})
            for function in ast.walk(module):
                if isinstance(function, ast.FunctionDef):
                    inside = _texts_of(ast.walk(function), named)
                    for template in _templates(function):
                        yield from ((text, str(path.relative_to(ROOT))) for text in _texts(template, inside))


def _templates(function: ast.FunctionDef) -> Iterator[ast.expr]:
    """What is given for a sentence and is no plain text: that one is extracted already."""
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name | ast.Attribute):
            name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr
            place = (KEYWORDS.get(name) or (0,))[0] - 1
            if 0 <= place < len(call.args) and not isinstance(call.args[place], ast.Constant):
                yield call.args[place]


def _texts_of(nodes: Iterable[ast.AST], outer: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The texts that each name may stand for, in the order of the lines; a table gives its keys."""
    found = dict(outer)
    inner: set[str] = set()
    for node in sorted((node for node in nodes if hasattr(node, "lineno")), key=lambda node: node.lineno):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found[name] = [*(found[name] if name in inner else ()), *_texts(value, found)]
                inner.add(name)
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value):
                found[name] = [first + then for first in found.get(name, []) for then in _texts(value, found)]
            case ast.ListComp(
                generators=[
                    ast.comprehension(
                        target=ast.Tuple(elts=[ast.Name(id=name), *_]),
                        iter=ast.Call(func=ast.Attribute(value=ast.Name(id=table), attr="items")),
                    )
                ]
            ):
                found[name] = found.get(table, [])
    return found


def _texts(value: ast.expr, named: Mapping[str, list[str]]) -> list[str]:
    """Every text that an expression may come to, as far as it is made of constants."""
    match value:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [first + then for first in _texts(left, named) for then in _texts(right, named)]
        case ast.IfExp(body=one, orelse=other):
            return [*_texts(one, named), *_texts(other, named)]
        case ast.Dict(keys=keys):
            return [text for key in keys if key is not None for text in _texts(key, named)]
        case ast.Name(id=name):
            return named.get(name, [])
    return []


def _said_by_name() -> list[tuple[str, str]]:
    """Sentences that stand in tables and in named constants, which no keyword marks."""
    sys.path.insert(0, str(ROOT))
    from geodata.events import displacement
    from geodata.ground import crs, map_layers, shapes
    from geodata.intake import findings, mapping, provenance, sniff, values
    from operations import tables  # noqa: F401 - registers the sentences of every draft
    from operations.analyses import routes, worker
    from operations.catalogue import fugitive_kpis
    from operations.catalogue.kpis import CATALOGUE
    from operations.core import accounts, drafts, errors, pii_screen, sign_in, sign_in_throttle, state_machine
    from operations.policing.fugitives import case_lifecycle
    from scenarios import titles

    said = [*drafts._SENTENCES.values(), *drafts._CUSTOM.values()]
    return [
        *((sentence, "operations/core/drafts.py") for sentence in (*said, *pii_screen.SIGNS)),
        (errors.HIDDEN, "operations/core/errors.py"),
        (errors.CHANGED, "operations/core/errors.py"),
        (errors.BOTH_VERSIONS, "operations/core/errors.py"),
        *((sentence, "operations/core/sign_in.py") for sentence in (sign_in._WRONG, sign_in_throttle.WAIT)),
        (accounts._LANGUAGE, "operations/core/accounts.py"),
        *((words, "operations/catalogue/kpis/") for each in CATALOGUE.values() for words in each.words),
        *(
            (words, "operations/catalogue/fugitive_kpis.py")
            for each in fugitive_kpis.CATALOGUE.values()
            for words in (each.name, each.unit, each.formula, each.caution, each.quote, each.misquote)
        ),
        *((sentence, "operations/policing/fugitives/case_lifecycle.py") for sentence in case_lifecycle._WRONG.values()),
        *(
            (step.elsewhere, "operations/core/state_machine.py")
            for each in state_machine.every()
            for step in each.steps
            if step.elsewhere
        ),
        *((reason, "geodata/ground/shapes.py") for reason in shapes._REASONS.values()),
        *((layer.title, "geodata/ground/map_layers.py") for layer in map_layers.LAYERS.values()),
        *(
            (words, "geodata/ground/reference.py")
            for words in (reference.ATTRIBUTION, reference.GROUND_ATTRIBUTION, reference.DISCLAIMER)
        ),
        (crs.CrsMismatch("", "").template, "geodata/ground/crs.py"),
        *((sentence, "geodata/intake/findings.py") for pair in findings.SENTENCES.values() for sentence in pair),
        *(
            (sentence, "geodata/intake/findings.py")
            for sentence in (findings.SWAPPED_BY_COUNTRY, findings.SWAPPED_BY_LAND)
        ),
        *((sentence, "geodata/intake/sniff.py") for _magic, sentence in sniff._FOREIGN),
        *((sentence, "geodata/intake/provenance.py") for sentence in provenance._MISSING.values()),
        (values.AmbiguousDay("").template, "geodata/intake/values.py"),
        *((words, "geodata/intake/mapping.py") for words in _of_known_files(mapping)),
        *((words, "geodata/events/rankings.py") for words in _rules()),
        *((words, "geodata/events/periods.py") for words in ("week", "month", "quarter")),
        *((words, "geodata/placement/problem.py") for words in _WHAT),
        *((words, "operations/analyses/worker.py") for words in worker.WORDS.values()),
        *(
            (words, "operations/analyses/routes.py")
            for each in routes.SOURCES
            for words in (each["name"], each["licence"])
        ),
        *((words, "geodata/events/displacement.py") for words in displacement.ZONES),
        *(
            (words, f"scenarios/{title.name}.py")
            for title in titles()
            for figure in title.published
            for words in (figure.name, figure.unit)
        ),
    ]


_WHAT = ("arcs", "scenarios", "needs", "effort", "origin", "destination")
"""Things in words that fill the place `what` of a sentence about a placement."""


def _of_known_files(mapping: ModuleType) -> list[str]:
    """The names of known files, and what their numbers count."""
    monthly = mapping.ready(("route", "2026-01", "2026-02", "2026-03"))
    units = [str(each.fixed["unit"]) for each in mapping._READY]
    return [*(each.name for each in mapping._READY), monthly.ready, *units, monthly.unit, mapping.Mapping().unit]


def _rules() -> list[str]:
    """The ways to rank cells, as an answer names them."""
    from geodata.events.cells import Hexagons
    from geodata.events.rankings import usual_rules

    grid = Hexagons(3)
    cells = grid.grown(grid.cells(np.zeros(1), np.zeros(1)), 1)
    return [rule.name for rule in usual_rules(grid, cells, 12)]


def updated(language: str, source: Catalog) -> Catalog:
    """The catalogue of one language with the messages of `source`, its translations kept, nothing guessed."""
    path = LOCALE / language / NAME
    if path.exists():
        with path.open("rb") as lines:
            made = read_po(lines, locale=language, domain="muster")
    else:
        made = Catalog(locale=language, domain="muster", project="Muster", charset="utf-8", fuzzy=False)
    made.update(source, no_fuzzy_matching=True, update_creation_date=False)
    made.obsolete.clear()
    return made


def untranslated(catalogue: Catalog) -> list[str]:
    """The messages that have no translation, or not in every plural form, each after the first file that says it."""
    found = []
    for message in catalogue:
        said = message.string if isinstance(message.string, list | tuple) else (message.string,)
        if message.id and not all(said):
            sentence = message.id[0] if isinstance(message.id, list | tuple) else message.id
            found.append(f"{message.locations[0][0]}: {sentence}")
    return found


def misnamed(language: str, catalogue: Catalog) -> list[str]:
    """The messages that say a term by another word than the one that the term base chose."""
    found = []
    for message in catalogue:
        ids, said = (
            " ".join(words) if isinstance(words, list | tuple) else words for words in (message.id, message.string)
        )
        found += [
            f"{choice.english.pattern}: {ids} | {said}"
            for choice in terms.choices(language)
            if ids and said and choice.wrong(ids, said)
        ]
    return found


# ------------------------------------------------------------------------------------------------ tables of words

Words = dict[tuple[str, ...], str]
"""Words by their key in a table; "" where one is missing."""


@dataclass
class Table:
    """A table of words in one language: its file, its headings, and the English word and the word of each key."""

    path: Path
    headings: tuple[str, ...]
    english: Words
    words: Words

    def write(self, into: Path) -> None:
        """Write it below a folder, at its place in the project."""
        path = into / self.path.relative_to(ROOT)
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [self.headings, *((*key, word) for key, word in self.words.items())]
        with path.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines, lineterminator="\n").writerows(rows)

    @property
    def untranslated(self) -> list[str]:
        """The English words that have no translation, each after the file."""
        file = self.path.relative_to(ROOT)
        return [f"{file}: {self.english[key]}" for key, word in self.words.items() if not word]


def tables(language: str) -> list[Table]:
    """The tables of one language with the keys of today, their words kept, nothing guessed."""
    countries: Words = {(iso3,): name for iso3, name in reference.country_names().items()}
    sources = (
        (code_lists.LABELS, ("list", "code", "label"), _codes(language)),
        (SHIPPED, ("en", "translation"), _shipped()),
        (reference.DATA / "country_names", ("iso3", "name"), countries),
        (terms.WORDS, ("key", "part", "words"), terms.english()),
    )
    return [
        Table(
            folder / f"{language}.csv",
            headings,
            english,
            {key: translations(folder, language).get(key, "") for key in english},
        )
        for folder, headings, english in sources
    ]


def _codes(language: str) -> Words:
    """The labels of all lists, and of the currencies that CLDR does not name in a language."""
    found: Words = {}
    for path in sorted(code_lists.FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            found |= {(row["list"], row["code"]): row["en"] for row in csv.DictReader(lines)}
    named, currencies = Locale.parse(language).currencies, code_lists.code_list("CL-CURRENCY")
    return found | {("CL-CURRENCY", code): currencies.notes[code] for code in currencies.codes if code not in named}


def _shipped() -> Words:
    """The texts of the templates, each once."""
    found: Words = {}
    for path in sorted(SHIPPED.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        for told in (content["name"], content["aim"], *(task["title"] for task in content["tasks"])):
            found[told["en"],] = told["en"]
    return found


# ------------------------------------------------------------------------------------------------------ catalogues


def write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue, sorted by message id, without flags, places and folded lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for message in catalogue:
        message.flags.clear()
    lines = BytesIO()
    write_po(lines, catalogue, sort_output=True, no_location=True, width=0)
    path.write_bytes(lines.getvalue())


def main(into: Path | None) -> int:
    """Write the files of each language below a folder, or none; returns how many texts are missing or misnamed."""
    source, missing = template(), 0
    for language in TRANSLATED:
        made, count = updated(language, source), len(source)
        if into is not None:
            write(into / LOCALE.relative_to(ROOT) / language / NAME, made)
        waiting = untranslated(made)
        for table in tables(language):
            if into is not None:
                table.write(into)
            waiting += table.untranslated
            count += len(table.words)
        wrong = misnamed(language, made)
        missing += len(waiting) + len(wrong)
        print(f"{language}: {count} texts, {len(waiting)} to translate, {len(wrong)} that say a term by another word")
        for sentence in [*waiting[:10], *wrong[:10]] if into is None else []:
            print(f"    {sentence}")
    return missing


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--check"]:
            sys.exit(1 if main(None) else 0)
        case ["--into", folder]:
            main(Path(folder))
        case []:
            main(ROOT)
        case _:
            sys.exit(__doc__)
