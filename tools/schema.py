"""Writes the SQL of the schema from the models, for each storage, and freezes it when a version is released.

    .venv/bin/python tools/schema.py                    write what the next version adds (`make schema`)
    .venv/bin/python tools/schema.py freeze 1.0.0       from here on these files can no longer change
    .venv/bin/python tools/schema.py freeze 1.0.0 --again   the same once more, before anybody has that version

Until something was released, the first file is written anew; after that, the files that were released stay as they are
and the next one holds the difference. `released.txt` lists what is frozen with its hash.
"""

import argparse
import hashlib
import sys
import tomllib
from pathlib import Path

from operations.core import schema
from operations.ddl import complete
from operations.ddl.difference import SchemaError, difference

ROOT = Path(__file__).resolve().parent.parent
NOTHING = f"-- Nothing to do on this storage{schema.END}"


def _joined(statements: list[str]) -> str:
    return "".join(f"{statement}{schema.END}" for statement in statements)


class Files:
    """The SQL files of a folder of migrations."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.list = folder, folder / "released.txt"

    def released(self) -> list[tuple[str, str, str]]:
        """Return version, file and hash of everything frozen."""
        lines = self.list.read_text(encoding="utf-8").splitlines() if self.list.exists() else []
        return [(version, file, digest) for version, file, digest in (line.split() for line in lines)]

    def last(self) -> int:
        """Return the number of the last schema that was released, 0 where none was."""
        return max(
            (int(file.split(".")[0]) for _version, file, _digest in self.released() if file[0].isdigit()), default=0
        )

    def next(self, storage: str) -> list[str]:
        """Return the statements that the next version of the schema adds, none where the models are what was released.

        Raises SchemaError where that would lose something.
        """
        last, today = self.last(), complete.statements(storage)
        return difference(storage, self._before(storage), today) if last else today

    def write(self) -> list[str]:
        """Write the next version of each storage. Return the names of the files that changed.

        Where only one storage has something to add, the other gets a file with a remark: both count alike.
        """
        number, changed = self.last() + 1, []
        texts = {storage: _joined(self.next(storage)) for storage in complete.DIALECTS}
        for storage, text in texts.items():
            file, said = self.folder / f"{number:04}.{storage}.sql", text or (NOTHING if any(texts.values()) else "")
            if said != (file.read_text(encoding="utf-8") if file.exists() else ""):
                changed.append(file.name)
            if said:
                file.write_text(said, encoding="utf-8")
            else:
                file.unlink(missing_ok=True)
        return changed

    def freeze(self, version: str, *, again: bool) -> None:
        """Take into `released.txt` what is not there yet. Raises SchemaError where that was done, or nothing is new."""
        kept = self.released()
        if again:
            kept = [line for line in kept if line[0] != version]
            self._list(kept)
        elif any(line[0] == version for line in kept):
            raise SchemaError(f"{version} is frozen. Before anybody has it, --again freezes it once more.")
        self.write()
        number = self.last() + 1
        for storage in complete.DIALECTS if number > 1 and (self.folder / f"{number:04}.sqlite.sql").exists() else ():
            file = self._complete(number, storage)
            file.parent.mkdir(exist_ok=True)
            file.write_text(_joined(complete.statements(storage)), encoding="utf-8")
        new = sorted(self.folder.glob(f"{number:04}.*.sql")) or sorted(self.folder.glob(f"{self.last():04}.*.sql"))
        self._list([*kept, *((version, file.name, _hash(file)) for file in new)])

    def _complete(self, number: int, storage: str) -> Path:
        """Return the file with the complete schema of a version: of the first, it is the migration itself."""
        file = self.folder / f"{number:04}.{storage}.sql"
        return file if number == 1 else self.folder / "complete" / file.name

    def changed(self) -> list[str]:
        """Return the files that are not what was released."""
        return [
            file
            for _version, file, digest in self.released()
            if not (self.folder / file).exists() or _hash(self.folder / file) != digest
        ]

    def _before(self, storage: str) -> list[str]:
        """Return the complete schema of the last release."""
        text = self._complete(self.last(), storage).read_text(encoding="utf-8")
        return [statement for statement in text.split(schema.END) if statement]

    def _list(self, lines: list[tuple[str, str, str]]) -> None:
        self.list.write_text("".join(f"{' '.join(line)}\n" for line in lines), encoding="utf-8")


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def main() -> None:
    """Write, or freeze."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("act", nargs="?", choices=("write", "freeze"), default="write")
    parser.add_argument("version", nargs="?", help="the version that is released, as pyproject.toml has it")
    parser.add_argument("--again", action="store_true", help="freeze a version once more that nobody has yet")
    said, files = parser.parse_args(), Files(schema.FOLDER)
    try:
        if said.act == "write":
            print("\n".join(files.write()) or "The files say what the models say.")
            return
        own = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
        if said.version != own:
            raise SchemaError(f"pyproject.toml says version {own}: name that, or change it there first.")
        files.freeze(said.version, again=said.again)
        print(f"{said.version} is frozen. Now keep a database of it: .venv/bin/python -m tests.releases")
    except SchemaError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
