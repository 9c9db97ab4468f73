"""Makes `operations/core/names`: the names of persons that the PII screen finds in free texts.

    python tools/names.py FOLDER

FOLDER holds the wheels of nomquamgender 0.1.4 (MIT: given names of the world with how often they were met) and mimesis
22.2.0 (MIT: given and family names by language). Names of places come from the bundled gazetteer, ordinary words from
Muster's own catalogues. Run it again after a change of `operations/core/pii_screen.py`: which places look like persons
is asked of that module.
"""

import json
import re
import sys
import zipfile
from pathlib import Path

from babel.messages.pofile import read_po

from geodata.ground import reference
from operations.core import pii_screen, vocabulary

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "operations/core/names"
SOURCES, COUNTED = 12, 1000  # of nomquamgender: in that many lists, met that often
# What neither has: names of West, Central and East Africa, and code names of published operations, which are no names.
AFRICAN_GIVEN = """
    hadiza zeinabou rabi harouna salifou issoufou mahamadou oumarou souleymane boureima haoua mariama ramatou
    saadatou fati aichatou hamidou laouali maman abdourahamane ousseini adamou tidjani nafissa khady ndeye modou
    pape serigne samba demba bintou kadiatou djeneba sekou bakary alieu ebrima lamin fanta oumou rokia kwame
    kofi kwabena akua abena yaw chinedu emeka ngozi nkechi ifeoma oluwaseun tunde folake yetunde tewodros haile
    meron abebe bekele tesfaye dawit yohannes hirut almaz mulugeta abdi warsame hodan faduma mohamud abdirahman
    ayaan juma mwajuma otieno wanjiku kamau achieng mamoudou alassane bassirou cheikhou mbaye astou penda
    seynabou issaka moumouni rasmane salamata safiatou
"""
AFRICAN_FAMILY = """
    diallo traore keita coulibaly toure camara diop ndiaye sow sarr gueye faye cisse thiam diouf kane dieng seck
    niang sane mane badji jallow ceesay touray sanneh barry conde kone ouattara sidibe dembele maiga sangare
    konate doumbia sissoko garba abdou hassane boubacar djibo tchiani yacouba souley ouedraogo sawadogo kabore
    zongo compaore okafor okonkwo adeyemi balogun nwosu musa bello abubakar danjuma mensah owusu boateng asante
    appiah osei gebre gebremariam tadesse hersi mwangi odhiambo benali bouzidi tazi lahlou bennani chraibi
    benjelloun idrissi alaoui mansouri haddad trabelsi gharbi jebali khelifi
"""
CODE_NAMES = (
    "storm makers turquesa liberterra weka neptune infra andes hydra danube libertad spartacus maharlika guardian"
)
LATIN = ("de", "en", "es", "es-mx", "fr", "it", "nl", "pt", "pt-br", "tr")
LARGE = 100_000  # people of a town whose name alone is taken for a place


def _mimesis(wheel: Path, language: str) -> tuple[set[str], set[str]]:
    with zipfile.ZipFile(wheel) as archive:
        found = json.loads(archive.read(f"mimesis/datasets/{language}/person.json"))

    def every(value: object) -> set[str]:
        parts = value.values() if isinstance(value, dict) else [value]
        return {name for part in parts for name in (part if isinstance(part, list) else [])}

    return every(found.get("names", {})), every(found.get("surnames", []))


def _ordinary() -> set[str]:
    """Words that Muster itself writes, and that are therefore no names: those of its catalogues and code lists."""
    words: set[str] = set()
    texts = [
        text
        for path in sorted((ROOT / "dashboard/locale").rglob("*.po"))
        for message in read_po(path.open("rb"))
        for text in (str(message.id), str(message.string))
    ]
    texts += [
        label
        for name in vocabulary.list_names()
        for labels in vocabulary.code_list(name).labels.values()
        for label in labels.values()
    ]
    for text in texts:
        words |= {pii_screen._folded(word) for word in re.findall(r"[^\W\d_]+", text)}
    for locale in ("en", "fr", "es"):
        for name in reference.country_names(locale).values():
            words |= {pii_screen._folded(word) for word in re.findall(r"[^\W\d_]{3,}", name)}
    return words


def _write(name: str, words: set[str]) -> None:
    kept = sorted(word for word in words if word)
    (FOLDER / f"{name}.txt").write_text("\n".join(kept) + "\n", encoding="utf-8")
    pii_screen._names.cache_clear()
    print(f"{name}: {len(kept)}")


def main(wheels: Path) -> None:
    """Write the five lists."""
    FOLDER.mkdir(exist_ok=True)
    with zipfile.ZipFile(next(wheels.glob("nomquamgender-*.whl"))) as archive:
        met = json.loads(archive.read("nomquamgender/name_data.json"))
    given = {
        name for name, (lists, times, *_) in met.items() if lists >= SOURCES and times >= COUNTED and name.isalpha()
    }
    family: set[str] = set()
    mimesis = next(wheels.glob("mimesis-*.whl"))
    for language in LATIN:
        first, last = _mimesis(mimesis, language)
        given |= {pii_screen._folded(name) for name in first}
        family |= {pii_screen._folded(name) for name in last}
    arabic: set[str] = set()
    for language in ("ar", "ar-dz", "ar-eg", "ar-ma", "ar-sa", "ar-sy", "ar-tn", "ar-ye"):
        for names in _mimesis(mimesis, language):
            arabic |= {pii_screen._folded(name) for name in names if " " not in name and len(name) > 2}
    towns = reference.towns()
    large = {pii_screen._folded(name) for name in towns[towns["population"] >= LARGE]["name"]}
    given |= set(AFRICAN_GIVEN.split())
    family |= set(AFRICAN_FAMILY.split())
    ordinary = _ordinary() | set(CODE_NAMES.split())
    _write("given", {name for name in given if len(name) > 2 and " " not in name})
    _write("family", {name for name in family if len(name) > 2 and " " not in name} - ordinary)
    _write("arabic", arabic)
    _write("ordinary", ordinary)
    _write("towns", {name for name in large if " " not in name})
    frames = (towns, reference.airports(), reference.ports(), reference.border_crossings())
    _write("places", {span for frame in frames for name in frame["name"] if name for span in pii_screen._spans(name)})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
