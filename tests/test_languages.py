"""A language is data: one row and files. What they lack is English."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from operations.core.languages import LANGUAGES, LOCALES, TRANSLATED
from tests.contributing import ROOT, contents, copied

GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("### A language\n")[1].split("\n## ")[0]

_WORDS = {
    "operations/core/lists/labels/pt.csv": "list,code,label\nCL-OPTYPE,border_stop,\nCL-OPTYPE,fugitive,Procura\n",
    "operations/templates/shipped/pt.csv": "en,translation\nBorder STOP,STOP nas fronteiras\n",
    "operations/templates/outlines/pt/common.toml": 'finance = "Cada país paga os seus agentes: [montante]."\n',
    "geodata/data/country_names/pt.csv": "iso3,name\nDEU,Alemanha\n",
    "dashboard/locale/pt/LC_MESSAGES/muster.po": 'msgid ""\nmsgstr ""\n"Language: pt\\n"\n\n'
    'msgid "Templates"\nmsgstr "Modelos"\n\nmsgid "Versions"\nmsgstr ""\n',
}
"""Some words of a fifth language, in its files."""

_ASKED = """
import json, pathlib, sys
from dashboard.screens.templates import page
from dashboard.wording import LANGUAGES, date, preferred, right_to_left
from geodata.ground import map_layers, reference
from operations.core.vocabulary import OperationType, label
from operations.templates.outlines import outline
from dashboard.settings import Settings
from tests.dashboard.desks import EVENING, at_desk, open_scene, texts
Settings().use_keys()
scene = open_scene(pathlib.Path(sys.argv[1]))
with at_desk(scene, "ana", language="pt"):
    shown, day = texts(page.layout()), date(EVENING.date())
plan = outline(OperationType.BORDER_STOP, "pt")
print(json.dumps({
    "shown": shown, "day": day, "name": LANGUAGES["pt"], "preferred": preferred("pt-BR,fr;q=0.8"),
    "rtl": right_to_left("pt"), "euro": label("CL-CURRENCY", "EUR", "pt"),
    "countries": [reference.country_names("pt")[code] for code in ("DEU", "NER")],
    "map": b"Alemanha" in map_layers.layer("countries", "pt").body,
    "plan": [plan["finance"], plan["logistics"][:15]],
}))
"""


def _add_portuguese(copy: Path) -> None:
    with (copy / "operations/core/languages.csv").open("a", encoding="utf-8") as lines:
        lines.write('pt,ltr,",",;,1,0 6\n')
    for path, text in _WORDS.items():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a copy of Muster says in a fifth language, whose words are files of that copy; its code is that of ours."""
    folder = tmp_path_factory.mktemp("fifth")
    copy = copied(folder / "muster")
    before = contents(copy)
    _add_portuguese(copy)
    after = contents(copy)
    added = {path for path in after if before.get(path) != after[path]}
    assert added == {"operations/core/languages.csv", *_WORDS}
    env = os.environ | {"PYTHONPATH": str(copy)}
    command = [sys.executable, "-c", _ASKED, str(folder)]
    done = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_a_fifth_language_is_one_row_and_files(answers: dict[str, object]) -> None:
    assert "Modelos" in str(answers["shown"])  # the catalogue
    assert "STOP nas fronteiras" in str(answers["shown"])  # a shipped template
    assert "Procura" in str(answers["shown"])  # a label of a code
    assert answers["countries"] == ["Alemanha", "Niger"]
    assert answers["map"] is True
    assert answers["plan"] == ["Cada país paga os seus agentes: [montante].", "Travel and stay"]
    assert (answers["name"], answers["preferred"], answers["rtl"]) == ("Português", "pt", False)
    assert (answers["euro"], answers["day"]) == ("Euro (EUR)", "2 mar. 2026")


def test_a_word_that_a_language_lacks_is_english(answers: dict[str, object]) -> None:
    for english in ("Border STOP", "Change the template", "Make a new template", "Intelligence-driven"):
        assert english in str(answers["shown"])


def test_the_guide_names_each_file_of_a_language() -> None:
    named = set(re.findall(r"`([\w/.<>*-]+)`", GUIDE))
    for path in ("operations/core/languages.csv", *_WORDS):
        generic = re.sub(r"/common\.toml$", "/*.toml", path.replace("pt.csv", "<code>.csv").replace("/pt/", "/<code>/"))
        assert generic in named, generic


@pytest.mark.parametrize("language", TRANSLATED)
def test_each_language_has_all_its_files(language: str) -> None:
    for path in _WORDS:
        file = ROOT / path.replace("pt.csv", f"{language}.csv").replace("/pt/", f"/{language}/")
        assert file.exists() or "outlines" in path, file


def test_the_list_of_languages_begins_with_english() -> None:
    with (ROOT / "operations/core/languages.csv").open(encoding="utf-8", newline="") as lines:
        assert [row["code"] for row in csv.DictReader(lines)] == list(LOCALES) == ["en", *TRANSLATED]
    assert {language.direction for language in LANGUAGES.values()} == {"ltr", "rtl"}
