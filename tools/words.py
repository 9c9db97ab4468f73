"""Finds every sentence that a person may read and brings the four catalogues up to date; says what is untranslated.

    .venv/bin/python tools/words.py            extract and update
    .venv/bin/python tools/words.py --check    change nothing; fail where a sentence has no translation

A sentence that is gone leaves the catalogue too. English is its own translation: its catalogue holds plurals only.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "dashboard" / "locale"
LANGUAGES = ("en", "fr", "es", "ar")
KEYWORDS = {
    "_": None,
    "N_": None,
    "ngettext": (1, 2),
    "RuleBroken": (2,),
    "Flaw": (2,),
    "Conflict": (1,),
    "rule": (2,),
    "need": (3,),
    "CoordinateError": (1,),
    "_Refused": (1,),
}


def template() -> Catalog:
    """Every message of the source, with where it stands (files, not lines: lines would change every day)."""
    found = Catalog(project="Muster", domain="muster", fuzzy=False, charset="utf-8", creation_date=None)
    with (ROOT / "babel.cfg").open(encoding="utf-8") as lines:
        methods, options = parse_mapping_cfg(lines)
    for folder in ("dashboard", "operations", "geodata", "scenarios"):
        rules = [(pattern.removeprefix(f"{folder}/"), how) for pattern, how in methods if pattern.startswith(folder)]
        inside = {pattern.removeprefix(f"{folder}/"): option for pattern, option in options.items()}
        for file, _line, message, comments, context in extract_from_dir(ROOT / folder, rules, inside, KEYWORDS):
            found.add(message, locations=[(f"{folder}/{file}", None)], auto_comments=comments, context=context)
    for message, where in _said_by_name():
        found.add(message, locations=[(where, None)])
    return found


def _said_by_name() -> list[tuple[str, str]]:
    """Sentences that stand in tables and in named constants, which no keyword marks."""
    sys.path.insert(0, str(ROOT))
    from geodata import basemap, crs, reference, shapes
    from operations import tables  # noqa: F401 - registers the sentences of every draft
    from operations.core import accounts, drafts, errors, signin
    from operations.measures.kpis import CATALOGUE
    from scenarios import titles

    said = [*drafts._SENTENCES.values(), *drafts._CUSTOM.values()]
    return [
        *((sentence, "operations/core/drafts.py") for sentence in (*said, *drafts._TELLTALES)),
        (errors.HIDDEN, "operations/core/errors.py"),
        *((sentence, "operations/core/signin.py") for sentence in (signin._WRONG, signin._WAIT)),
        (accounts._LANGUAGE, "operations/core/accounts.py"),
        *(
            (words, "operations/measures/kpis.py")
            for each in CATALOGUE.values()
            for words in (each.name, each.unit, each.formula, each.caution)
        ),
        *((reason, "geodata/shapes.py") for reason in shapes._REASONS.values()),
        *((layer.title, "geodata/basemap.py") for layer in basemap.LAYERS.values()),
        *((words, "geodata/reference.py") for words in (reference.ATTRIBUTION, reference.DISCLAIMER)),
        (crs.CrsMismatch("", "").template, "geodata/crs.py"),
        *(
            (words, f"scenarios/{title.name}.py")
            for title in titles()
            for figure in title.published
            for words in (figure.name, figure.unit)
        ),
    ]


def updated(language: str, source: Catalog) -> Catalog:
    """The catalogue of one language with the messages of `source`, its translations kept, nothing guessed."""
    path = LOCALE / language / "LC_MESSAGES" / "muster.po"
    if path.exists():
        with path.open("rb") as lines:
            made = read_po(lines, locale=language, domain="muster")
    else:
        made = Catalog(locale=language, domain="muster", project="Muster", charset="utf-8", fuzzy=False)
    made.update(source, no_fuzzy_matching=True, update_creation_date=False)
    made.obsolete.clear()
    return made


def untranslated(catalogue: Catalog) -> list[str]:
    """The message ids that have no translation, or not in every plural form."""
    found = []
    for message in catalogue:
        said = message.string if isinstance(message.string, list | tuple) else (message.string,)
        if message.id and not all(said):
            found.append(message.id[0] if isinstance(message.id, list | tuple) else message.id)
    return found


def write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue, sorted by message id."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = BytesIO()
    write_po(lines, catalogue, sort_output=True, include_lineno=False, omit_header=False, width=110)
    path.write_bytes(lines.getvalue())


def main(check: bool) -> int:
    """Update or check; returns how many sentences wait for a translation."""
    source, missing = template(), 0
    if not check:
        write(LOCALE / "muster.pot", source)
    for language in LANGUAGES:
        made = updated(language, source)
        if not check:
            write(LOCALE / language / "LC_MESSAGES" / "muster.po", made)
        waiting = [] if language == "en" else untranslated(made)
        missing += len(waiting)
        print(f"{language}: {len(source)} sentences, {len(waiting)} to translate")
        for sentence in waiting[:10] if check else []:
            print(f"    {sentence}")
    return missing


if __name__ == "__main__":
    only_check = "--check" in sys.argv[1:]
    sys.exit(1 if main(only_check) and only_check else 0)
