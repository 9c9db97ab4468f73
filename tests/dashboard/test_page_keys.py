"""The keys that "?" lists are those that the scripts bind."""

import re
from pathlib import Path

import pytest

import dashboard
from dashboard.parts.page_keys import PageKey, declared_keys
from dashboard.parts.timeline import frame
from dashboard.screens.plan import keys as plan_keys
from dashboard.screens.reports import matrix_keys
from dashboard.screens.verify import keys as verify_keys

HOUSE = Path(dashboard.__file__).parent
SCRIPTS = {
    "screens/verify/keys.js": verify_keys.KEYS,
    "screens/plan/plan.js": plan_keys.KEYS,
    "screens/timeline/timeline.js": (*frame.KEYS, *frame.MOVING),
    "screens/reports/desk.js": matrix_keys.KEYS,
}
"""The scripts that give keys of a page a meaning of their own, and what is declared of each."""
ELSEWHERE = {
    "frame/shell.js",  # whether somebody is there
    "frame/choosing.js",  # whether somebody typed
    "frame/refused.js",  # the key of a button, which carries it
    "frame/typed.js",  # whether somebody chose
    "parts/grid.js",  # the print of the browser
    "frame/palette.js",  # Ctrl+K, of its button
    "frame/page_keys.js",  # "?"
    "parts/abbreviation.js",  # Escape hides the words of a code
    "map/search.js",  # a list box
    "screens/situation/situation.js",  # Escape closes a definition
    "screens/reports/form.js",  # explained by the panel of the form
}
_COMPARED = re.compile(r"""event\.key(?:\.toLowerCase\(\))? === ["'](.+?)["']""")
_NAME = re.compile(r"""(?:^|[,{\s])(?:"(.)"|\[?(?:forward|backward)\]?|([A-Za-z]+)): (?:\(\) =>|take|at\()""")


def bound(script: str) -> set[str]:
    """The keys that a script names where it is asked what a key does."""
    source = (HOUSE / script).read_text(encoding="utf-8")
    found = set(_COMPARED.findall(source))
    for table in re.findall(r"= \{(.*?)\}\s*\[event\.key", source, re.DOTALL):
        found |= {quoted or plain for quoted, plain in _NAME.findall(table) if quoted or plain}
    found |= {"Escape"} if "Escape: takeBack" in source else set()
    return found


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_is_declared_is_what_the_script_binds(script: str) -> None:
    declared = [name for key in SCRIPTS[script] for name in key.binds]
    assert len(declared) == len(set(declared))
    assert set(declared) == bound(script)


def test_every_script_that_listens_to_keys_is_known() -> None:
    listening = {
        path.relative_to(HOUSE).as_posix()
        for path in HOUSE.rglob("*.js")
        if "vendor" not in path.parts and re.search(r'addEventListener\(["\']keydown', path.read_text(encoding="utf-8"))
    }
    assert listening - set(SCRIPTS) - ELSEWHERE == set(), "declare its keys beside it"


def test_a_key_of_a_button_is_listed_by_its_button_alone() -> None:
    assert declared_keys([PageKey("V", "verify", ("v",)), PageKey("", "", ("x",))]) == {
        "data-keys": '[["V", "verify"]]'
    }
