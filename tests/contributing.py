"""The examples of CONTRIBUTING.md as what they say: which files, what changes in them, and which tests judge it.

An example is a section `### To add ...`. Each file stands as a line with its path alone, in code, before a block: a
`diff` is a change, anything else is the whole of a new file. `Judged by` names the tests. What an example says to
people is translated in `docs/contributing-translations.md`: a section of the same title, a table of the four languages.
"""

import importlib.util
import json
import re
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

from operations.core.languages import LOCALES, TRANSLATED

ROOT = Path(__file__).parents[1]
DATA = ROOT / "geodata" / "data"
TITLE = re.compile(r"^#{2,3} (To .+)$", re.MULTILINE)
_BLOCK = re.compile(r"^`([\w./-]+)`[^\n]*\n\n```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_JUDGED = re.compile(r"^Judged by `([^`]+)`", re.MULTILINE)
_WRITTEN = re.compile(r"writes `([\w./-]+)`")
_TABLE = re.compile("^" + re.escape(f"| {' | '.join(LOCALES)} |") + r"\n\|[-|]+\|\n((?:\|.*\|\n)+)", re.MULTILINE)
LABELS = frozenset(f"operations/core/lists/labels/{language}.csv" for language in TRANSLATED)
CATALOGUES = frozenset(f"dashboard/locale/{language}/LC_MESSAGES/muster.po" for language in TRANSLATED)
_LINKED = (
    "dashboard/assets",
    "node_modules",
    *(path.relative_to(ROOT).as_posix() for path in DATA.iterdir() if path.is_file()),
)
_LEFT = shutil.ignore_patterns(".*", "node_modules", "assets", "data", "requirements", "*.egg-info")


@dataclass(frozen=True)
class Example:
    """One example: `changes` are path, kind of block and text, in their order; `written` is made by a tool."""

    title: str
    changes: tuple[tuple[str, str, str], ...]
    words: tuple[tuple[str, ...], ...] = ()
    judged: tuple[str, ...] = ()
    written: frozenset[str] = field(default_factory=frozenset)

    @property
    def files(self) -> frozenset[str]:
        """Every file that it says is touched, without what tools write."""
        return frozenset(path for path, _kind, _text in self.changes)

    @property
    def translated(self) -> frozenset[str]:
        """The files that its translations go into."""
        codes = "".join(text for path, _kind, text in self.changes if path.startswith("operations/core/lists/"))
        sentences = [english for english, *_others in self.words if f",{english}," not in codes]
        return (CATALOGUES if sentences else frozenset()) | (LABELS if codes else frozenset())

    @property
    def product(self) -> frozenset[str]:
        """Those that are no tests."""
        return frozenset(path for path in self.files if not path.startswith("tests/"))


def examples() -> list[Example]:
    """All of them."""
    translated = _sections("docs/contributing-translations.md")
    shown = _sections("CONTRIBUTING.md")
    assert translated.keys() <= shown.keys(), f"no example has the title {translated.keys() - shown.keys()}"
    return [_example(title, body, translated.get(title, "")) for title, body in shown.items()]


def _sections(path: str) -> dict[str, str]:
    parts = TITLE.split((ROOT / path).read_text(encoding="utf-8"))[1:]
    return {title: body.split("\n## ")[0] for title, body in zip(parts[::2], parts[1::2], strict=True)}


def _example(title: str, body: str, translated: str) -> Example:
    table = _TABLE.search(translated)
    rows = [] if table is None else table[1].strip().splitlines()
    judged = _JUDGED.search(body)
    return Example(
        title,
        tuple((path, kind, text) for path, kind, text in _BLOCK.findall(body)),
        tuple(tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows),
        tuple(judged[1].split()) if judged else (),
        frozenset(_WRITTEN.findall(body)),
    )


def copied(to: Path) -> Path:
    """The project in another folder, with its bytecode; what is large and never changed is linked."""
    shutil.copytree(ROOT, to, ignore=_LEFT)
    names = DATA / "country_names"
    shutil.copytree(names, to / names.relative_to(ROOT))
    for each in _LINKED:
        (to / each).symlink_to(ROOT / each)
    return to


def add(example: Example, to: Path) -> None:
    """Do to a copy what an example says. Fails where a change does not fit the file as it is."""
    for path, kind, text in example.changes:
        place = to / path
        if kind == "diff":
            place.write_text(changed(place.read_text(encoding="utf-8"), text, path), encoding="utf-8")
        else:
            assert not place.exists(), f"{path} is there already: its example has to be a diff"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")


def changed(before: str, diff: str, path: str) -> str:
    """A text after a diff: lines with " " stand around it, "-" goes, "+" comes; "@@" parts one place from the next."""
    for part in re.split(r"^@@.*\n", diff, flags=re.MULTILINE):
        lines = part.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if not line.startswith("+"))
        new = "".join(line[1:] for line in lines if not line.startswith("-"))
        assert before.count(old) == 1, f"{path} holds this {before.count(old)} times:\n{old}"
        before = before.replace(old, new)
    return before


def translate() -> None:
    """In a copy: bring the files of languages up to date as tools/words.py does, with the translations of stdin.

    Fails where a sentence has none, and where one is translated that nobody says.
    """
    spec = importlib.util.spec_from_file_location("words", ROOT / "tools" / "words.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    source, rows = tool.template(), json.load(sys.stdin)
    for place, language in enumerate(TRANSLATED, 1):
        catalogue, tables = tool.updated(language, source), tool.tables(language)
        for row in rows:
            lacking = [(table, key) for table in tables for key, word in table.words.items() if not word]
            keys = [(table, key) for table, key in lacking if table.english[key] == row[0]]
            assert keys or catalogue.get(row[0]) is not None, f"{row[0]!r} is said nowhere"
            for table, key in keys:
                table.words[key] = row[place]
            if catalogue.get(row[0]) is not None:
                catalogue[row[0]].string = row[place]
        lacking = [*tool.untranslated(catalogue), *(each for table in tables for each in table.untranslated)]
        assert not lacking, lacking
        for table in tables:
            table.write(ROOT)
        tool.write(tool.LOCALE / language / "LC_MESSAGES" / "muster.po", catalogue)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a copy that is its own, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not _linked(path, folder)
    }


def _linked(path: Path, folder: Path) -> bool:
    return path.is_symlink() or any(folder / linked in path.parents for linked in _LINKED)
