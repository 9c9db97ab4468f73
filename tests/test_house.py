"""The shape of the code: one meaning a class name, page files of a readable size, a budget of lines per button."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.syntax_trees import syntax_tree

ROOT = Path(__file__).parents[1]
PACKAGES = ("operations", "geodata", "scenarios", "dashboard")
SHARED_NAMES = frozenset({"Ids"})
"""Class names that mean the same wherever they stand: the ids of the elements of a page."""
VAGUE_NAMES = frozenset(
    {"alike", "answered", "apart", "around", "asked", "asking", "behind", "beside", "drawn", "elsewhere", "found"}
    | {"given", "heavy", "held", "kept", "lasting", "later", "lived", "looking", "made", "moved", "quiet", "said"}
    | {"seen", "stood", "told", "waiting", "waits", "written"}
)
"""Words that say nothing about a module to who searches for it."""
PAGE_LINES = 200
LONG_PAGES = {
    # page files that were longer than PAGE_LINES when the limit was made, and how long each may be: only ever less
    "dashboard/screens/access/page.py": 256,
    "dashboard/screens/account/page.py": 213,
    "dashboard/screens/analysis/page.py": 294,
    "dashboard/screens/approval/page.py": 270,
    "dashboard/screens/assignment/page.py": 268,
    "dashboard/screens/claims/page.py": 287,
    "dashboard/screens/countries/page.py": 268,
    "dashboard/screens/courses/runs.py": 243,
    "dashboard/screens/debrief/page.py": 257,
    "dashboard/screens/equipment/page.py": 225,
    "dashboard/screens/equipment/projects.py": 216,
    "dashboard/screens/equipment/reviews.py": 214,
    "dashboard/screens/figures/page.py": 321,
    "dashboard/screens/fugitives/page.py": 255,
    "dashboard/screens/incidents/page.py": 252,
    "dashboard/screens/intelligence/page.py": 233,
    "dashboard/screens/journal/page.py": 222,
    "dashboard/screens/lead_results/page.py": 208,
    "dashboard/screens/my_team/page.py": 221,
    "dashboard/screens/needs/page.py": 222,
    "dashboard/screens/oplan/page.py": 323,
    "dashboard/screens/overview/page.py": 366,
    "dashboard/screens/people_here/page.py": 249,
    "dashboard/screens/posts/page.py": 271,
    "dashboard/screens/posts/usage.py": 242,
    "dashboard/screens/snapshots/page.py": 294,
    "dashboard/screens/templates/instantiation.py": 213,
    "dashboard/screens/training/page.py": 221,
    "dashboard/screens/verify/page.py": 261,
}
LINES_PER_ACT = 260.7
"""Lines of `dashboard` (Python, scripts and styles) for each button that a person can press: only ever less.

It was 246.0 before the map drew roads, rivers and towns itself, and before `muster check`; 254.8 before Ctrl+K, the
glossary, the list of keys, what leads the situation and the overview, and reports on a telephone: they press no button
of their own. 260.2 before the situation report, whose buttons ask for a file; 261.4 before seven buttons that open or
check something were declared by `does` as all others are, and 254.5 before the help, legal holds, passkeys, map files
and pages that are kept; 261.6 before sheets of a country's own, sign-on at a provider and the board of shifts; 262.3
before extracts of the journal and logout by a provider, which no button of a page presses; 259.0 before a press waited
for what is typed on a busy machine, and a page gave its turn back while it waits for another process; 259.5 before a
long list fetched its other rows when they are needed, and Today its other operations; 260.3 before the server searched
posts, as it does people; 260.4 before it searched who does a task, and a board drew its other cards when asked."""


@cache
def modules() -> dict[Path, ast.Module]:
    """Every module of the product by its path."""
    return {
        path.relative_to(ROOT): syntax_tree(path)
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    }


def public_classes() -> Iterator[tuple[str, Path]]:
    """The public classes of every module, by name."""
    for path, module in modules().items():
        for node in module.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield node.name, path


def test_a_class_name_means_one_thing() -> None:
    places = defaultdict(list)
    for name, path in public_classes():
        places[name].append(str(path))
    assert {name: paths for name, paths in places.items() if len(paths) > 1 and name not in SHARED_NAMES} == {}


def test_a_module_is_named_by_a_noun() -> None:
    assert [str(path) for path in modules() if path.stem in VAGUE_NAMES] == []


def test_the_formatter_is_left_out_for_tables_of_data_alone() -> None:
    for path, module in modules().items():
        lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
        skipped = {number for number, line in enumerate(lines, 1) if re.search(r"# fmt: (skip|off)", line)}
        tables = {node.end_lineno for node in module.body if isinstance(node, ast.Assign | ast.AnnAssign)}
        assert skipped <= tables, f"{path}: {sorted(skipped - tables)} are no tables of data"


def page_files() -> dict[str, int]:
    """The files that are pages (they declare `NAV`), with their number of lines."""
    return {
        path.as_posix(): len((ROOT / path).read_text(encoding="utf-8").splitlines())
        for path, module in modules().items()
        if path.parts[:2] == ("dashboard", "screens")
        and any(isinstance(node, ast.Assign) and _targets(node) & {"NAV"} for node in module.body)
    }


def _targets(node: ast.Assign) -> set[str]:
    return {target.id for target in node.targets if isinstance(target, ast.Name)}


def test_a_page_file_stays_readable() -> None:
    too_long = {path: lines for path, lines in page_files().items() if lines > LONG_PAGES.get(path, PAGE_LINES)}
    assert too_long == {}, "split the page, or take the table of a thing into a file of its own"


def test_the_list_of_long_pages_only_shrinks() -> None:
    pages = page_files()
    assert {path: pages.get(path) for path in LONG_PAGES if pages.get(path, 0) <= PAGE_LINES} == {}


def acts() -> int:
    """How many acts are declared on screens: buttons (`does`, `saves`, `calls`, `takes`) and sheets of workbooks."""
    return sum(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and (node.func.id if isinstance(node.func, ast.Name) else node.func.attr)
        in {"does", "saves", "calls", "takes", "DraftSheet"}
        for path, module in modules().items()
        if path.parts[0] == "dashboard"
        for node in ast.walk(module)
    )


def test_the_dashboard_grows_no_faster_than_what_people_can_do() -> None:
    lines = sum(
        len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / "dashboard").rglob("*")
        if path.suffix in {".py", ".js", ".css"}
        and "vendor" not in path.parts
        and not {"api", "field"} & {*path.parts}  # doors of programs and of devices: they have routes, and no buttons
    )
    assert lines / acts() <= LINES_PER_ACT
