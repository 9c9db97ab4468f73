"""Copies the browser code of other projects to where Dash serves it: ``dashboard/assets/vendor/``, ignored by git.

The fonts of printed sheets are made here too, the same outlines as on the screen, every script in one file; and the
Arabic of papers.

npm has fetched the packages that ``package-lock.json`` names and has checked their hashes. This tool takes from
``node_modules`` exactly the files that a page needs, under names that say in which order they load, and writes
``LICENCES.txt`` beside them. Run it again at any time: the folder is made anew and swapped in at the end.

    .venv/bin/python tools/link_browser_code.py
"""

import json
import shutil
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel import Locale
from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from operations.core.languages import TRANSLATED

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "dashboard" / "assets" / "vendor"
ICON_NAMES = ROOT / "tools" / "icons.txt"

FILES = {
    "00_dayjs.js": "dayjs/dayjs.min.js",
    **{
        f"01_dayjs_{language}.js": f"dayjs/locale/{language}.js"
        for language in TRANSLATED
        if (PACKAGES / f"dayjs/locale/{language}.js").exists()  # it speaks English where it lacks a language
    },
    "30_html_to_image.js": "html-to-image/dist/html-to-image.js",
    # These are in no bundle: one comes before Dash's scripts, one is of the field form, the others come with the first
    # chart, map or timeline.
    "later/idb.js": "idb/build/index.js",
    "later/regenerator.js": "regenerator-runtime/runtime.js",
    "later/leaflet.js": "leaflet/dist/leaflet.js",
    "later/leaflet.css": "leaflet/dist/leaflet.css",
    "later/geoman.js": "@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.min.js",
    "later/geoman.css": "@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.css",
    "later/plotly.js": "plotly.js-cartesian-dist-min/plotly-cartesian.min.js",
    "later/timeline.js": "vis-timeline/standalone/umd/vis-timeline-graph2d.min.js",
    "later/timeline.css": "vis-timeline/styles/vis-timeline-graph2d.min.css",
}
ICONS = "@tabler/icons/icons/outline"
RULE = "=" * 100
SERVED = (
    "@fontsource-variable/noto-sans",
    "@fontsource-variable/noto-sans-arabic",
    "@fontsource/amiri",
    "@geoman-io/leaflet-geoman-free",
    "@tabler/icons",
    "dayjs",
    "html-to-image",
    "idb",
    "leaflet",
    "plotly.js-cartesian-dist-min",
    "plotly.js-locales",
    "regenerator-runtime",
    # One file, with what it is made of: its build for pages that have none of these.
    "vis-timeline",
    "vis-data",
    "vis-util",
    "@egjs/hammerjs",
    "component-emitter",
    "cssfilter",
    "keycharm",
    "moment",
    "propagating-hammerjs",
    "uuid",
    "xss",
)


@dataclass(frozen=True)
class Face:
    """One file of a font: its family in the style sheets, and the script that it draws."""

    family: str
    package: str
    script: str

    @property
    def source(self) -> Path:
        """The file in the package: upright, every weight in one file."""
        return PACKAGES / self.package / "files" / f"{self.package.rpartition('/')[2]}-{self.script}-wght-normal.woff2"

    @property
    def name(self) -> str:
        """The name under which we serve it."""
        return f"{self.family.lower().replace(' ', '-')}-{self.script}.woff2"

    def rule(self) -> str:
        """The ``@font-face`` that loads this file only when a page shows one of its characters."""
        ranges = json.loads((PACKAGES / self.package / "unicode.json").read_text(encoding="utf-8"))
        return (
            "@font-face {\n"
            f"  font-family: '{self.family}';\n"
            "  font-style: normal;\n"
            "  font-weight: 100 900;\n"
            "  font-display: swap;\n"
            f"  src: url('fonts/{self.name}') format('woff2');\n"
            f"  unicode-range: {ranges[self.script]};\n"
            "}\n"
        )


FACES = (
    Face("Muster Sans", "@fontsource-variable/noto-sans", "latin"),
    Face("Muster Sans", "@fontsource-variable/noto-sans", "latin-ext"),
    Face("Muster Sans Arabic", "@fontsource-variable/noto-sans-arabic", "arabic"),
)


PRINT_FACES = (
    *FACES,
    Face("Muster Sans", "@fontsource-variable/noto-sans", "cyrillic"),
    Face("Muster Sans", "@fontsource-variable/noto-sans", "greek"),
)
"""Names of places and people come in more scripts than the pages speak."""
PRINT_WEIGHTS = {"regular": 400, "bold": 600}
PAPER_ARABIC = "@fontsource/amiri/files/amiri-arabic-{weight}-normal.woff2"
"""Arabic of papers: its glyphs are letters, so that a paper can be searched. Noto draws the dots by themselves."""
PAPER_WEIGHTS = {"regular": 400, "bold": 700}


def print_font(weight: int) -> TTFont:
    """One weight of all faces in one font: a PDF draws and shapes a line of Latin and Arabic from one file."""
    parts = []
    for face in PRINT_FACES:
        part = instancer.instantiateVariableFont(TTFont(face.source), {"wght": weight}, inplace=True)
        part.flavor = None  # fontTools unpacks woff2 with the brotli that dash[compress] brings
        plain = BytesIO()
        part.save(plain)
        plain.seek(0)
        parts.append(plain)
    return Merger().merge(parts)


def plotly_locale(language: str) -> str:
    """A script that teaches plotly a language.

    plotly's own words are kept, and are English where it lacks the language. Days, months and marks of numbers come
    from CLDR, as they do on the rest of the page: plotly's Arabic calls May by the name of March and abbreviates months
    to digits.
    """
    cldr = Locale.parse(language)
    days, months = cldr.days["stand-alone"], cldr.months["stand-alone"]
    sunday_first = (6, 0, 1, 2, 3, 4, 5)
    words = {
        "days": [days["wide"][day] for day in sunday_first],
        "shortDays": [days["abbreviated"][day] for day in sunday_first],
        "months": [months["wide"][month] for month in range(1, 13)],
        "shortMonths": [months["abbreviated"][month] for month in range(1, 13)],
        "decimal": cldr.number_symbols["latn"]["decimal"],
        "thousands": cldr.number_symbols["latn"]["group"],
    }
    path = PACKAGES / "plotly.js-locales" / f"{language}.js"
    own = f"module.exports = {{moduleType: 'locale', name: '{language}', dictionary: {{}}, format: {{}}}};"
    module = path.read_text(encoding="utf-8") if path.exists() else own
    return (
        "(function () {\n"
        "var module = {exports: {}};\n"
        f"{module}\n"
        "var locale = module.exports;\n"
        f"Object.assign(locale.format, {json.dumps(words, ensure_ascii=False)});\n"
        "if (window.Plotly) { window.Plotly.register(locale); }\n"
        "else { (window.PlotlyLocales = window.PlotlyLocales || []).push(locale); }\n"
        "})();\n"
    )


def icon_names() -> list[str]:
    """The icons that pages may use, from ``tools/icons.txt``: one name a line, ``#`` begins a remark."""
    lines = (line.partition("#")[0].strip() for line in ICON_NAMES.read_text(encoding="utf-8").splitlines())
    return sorted({line for line in lines if line})


def licences() -> str:
    """Name, version and licence of every package that is served, then the text of each licence."""
    table, texts = [], []
    for package in SERVED:
        folder = PACKAGES / package
        about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        line = f"{package} {about['version']}: {about['license']}"
        table.append(line)
        texts += [f"{RULE}\n{line}\n{RULE}\n{text.read_text(encoding='utf-8')}" for text in _licences_in(folder)]
    return "\n".join([*table, "", *texts])


def _licences_in(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.name.upper().startswith(("LICENSE", "LICENCE")))


def link(vendor: Path) -> None:
    """Fills ``vendor`` from ``node_modules``.

    Raises FileNotFoundError when a package lacks a file that is named here, before anything that is served changes.
    """
    fresh = vendor.with_name(f"{vendor.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "fonts").mkdir(parents=True)
    (fresh / "icons").mkdir()
    (fresh / "later").mkdir()
    for name, source in FILES.items():
        shutil.copyfile(PACKAGES / source, fresh / name)
    for face in FACES:
        shutil.copyfile(face.source, fresh / "fonts" / face.name)
    for name, weight in PRINT_WEIGHTS.items():
        print_font(weight).save(fresh / "fonts" / f"muster-sans-{name}.ttf")
    for name, weight in PAPER_WEIGHTS.items():
        face = TTFont(PACKAGES / PAPER_ARABIC.format(weight=weight))
        face.flavor = None
        face.save(fresh / "fonts" / f"amiri-{name}.ttf")
    for icon in icon_names():
        shutil.copyfile(PACKAGES / ICONS / f"{icon}.svg", fresh / "icons" / f"{icon}.svg")
    (fresh / "05_fonts.css").write_text("\n".join(face.rule() for face in FACES), encoding="utf-8")
    for language in TRANSLATED:
        (fresh / f"20_plotly_locale_{language}.js").write_text(plotly_locale(language), encoding="utf-8")
    (fresh / "LICENCES.txt").write_text(licences(), encoding="utf-8")
    shutil.rmtree(vendor, ignore_errors=True)
    fresh.rename(vendor)


if __name__ == "__main__":
    try:
        link(VENDOR)
    except FileNotFoundError as missing:
        sys.exit(f"{missing.filename} is missing. If it is an icon, its name in tools/icons.txt is wrong; else: npm ci")
