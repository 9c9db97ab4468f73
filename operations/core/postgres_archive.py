"""The archive of a PostgreSQL server: base copies and the log of all writes, by which it is recovered to a moment.

PostgreSQL hands over each segment of its log (`archive_command`), and `pg_basebackup` makes the base copies. Both are
encrypted as copies are. To a moment they are brought by a server that is started apart, on a socket of its own: what it
then holds is copied, and put back as every copy is. The live server is not touched before that.
"""

import gzip
import hashlib
import os
import pwd
import re
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL

from operations.core import clock, encrypted_copies, file_permissions
from operations.core.errors import RuleBroken

STAMP = "%Y%m%dT%H%M%SZ"
_PATIENCE = 3600
_FILTER: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # not in the first of 3.11
_FATAL = re.compile(r"FATAL: +(.+)")
_ENDED_EARLY = "recovery ended before configured recovery target was reached"


@dataclass(frozen=True, order=True)
class BaseCopy:
    """A base copy of a server: whole from its moment (UTC) on, with the log from `segment` on."""

    moment: datetime
    segment: str = field(compare=False)
    file: Path = field(compare=False)


def bases(folder: Path) -> list[BaseCopy]:
    """Return the base copies in an archive, oldest first."""
    found = []
    for file in filter(_finished, folder.glob("base-*Z-*.tar.gz*")):
        _base, stamp, segment = file.name.partition(".")[0].split("-")
        found.append(BaseCopy(datetime.strptime(stamp, STAMP).replace(tzinfo=UTC), segment, file))
    return sorted(found)


def segments(folder: Path) -> dict[str, Path]:
    """Return the archived parts of the log by their names at PostgreSQL, in their order."""
    return {file.name.partition("-")[0]: file for file in sorted(folder.glob("0*-*.gz*")) if _finished(file)}


def keep_segment(file: Path, folder: Path, layers: encrypted_copies.Layers) -> Path:
    """Add a part of the log to the archive, and return where it is once it is on the disk.

    PostgreSQL may hand over the same twice; another under the same name is refused (RuleBroken): two servers never
    share an archive.
    """
    content = file.read_bytes()
    named = f"{file.name}-{hashlib.sha256(content).hexdigest()[:16]}.gz"
    if (there := segments(folder).get(file.name)) is not None:
        if there.name.startswith(named):
            return there
        words = {"file": file.name, "folder": str(folder)}
        raise RuleBroken("", "{file} is in {folder} already and differs: another server archives there.", **words)
    file_permissions.folder(folder)
    name = named + encrypted_copies.ending(layers)
    unfinished = file_permissions.file(folder / f"{name}.part")
    unfinished.write_bytes(encrypted_copies.encrypted(gzip.compress(content, 1), layers))
    return _lasting(unfinished, folder / name)


def keep_base(folder: Path, layers: encrypted_copies.Layers, days: int) -> Path:
    """Add a base copy of the server that the PG* variables of the environment name, and delete what is too old.

    Raises RuleBroken where `pg_basebackup` fails, and for a server with tablespaces.
    """
    with tempfile.TemporaryDirectory() as place:
        said = subprocess.run(  # noqa: S603 - PostgreSQL's own program, with arguments of ours
            [
                _program("pg_basebackup"),
                *(f"--pgdata={place}", "--format=tar", "--gzip", "--wal-method=none", "--checkpoint=fast"),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
        if said.returncode:
            why = " ".join(said.stderr.split())[:300]
            raise RuleBroken("", "{name} did not finish: {why}", name="pg_basebackup", why=why)
        if others := [file.name for file in Path(place).glob("*.tar.gz") if file.name != "base.tar.gz"]:
            raise RuleBroken(
                "", "The server has tablespaces ({files}): they are not archived.", files=", ".join(others)
            )
        made = Path(place, "base.tar.gz")
        moment = clock.next_second()
        name = f"base-{moment:{STAMP}}-{_first_segment(made)}.tar.gz{encrypted_copies.ending(layers)}"
        file_permissions.folder(folder)
        unfinished = file_permissions.file(folder / f"{name}.part")
        if layers:
            encrypted_copies.encrypt(made, unfinished, layers)
        else:
            shutil.copyfile(made, unfinished)
        kept = _lasting(unfinished, folder / name)
    thin_out(folder, moment - timedelta(days=days))
    return kept


def thin_out(folder: Path, before: datetime) -> list[Path]:
    """Delete base copies that no moment since `before` needs, and the log that none is brought forward by."""
    there = bases(folder)
    needed = [base for base in there if base.moment > before]
    needed = [*[base for base in there if base.moment <= before][-1:], *needed]
    if not needed:
        return []
    first = needed[0].segment[8:]  # beyond the number of the timeline, which other parts of the log may have
    gone = [base.file for base in there if base not in needed]
    gone += [
        file for name, file in segments(folder).items() if re.fullmatch("[0-9A-F]{24}.*", name) and name[8:24] < first
    ]
    for file in gone:
        file.unlink()
    return gone


@contextmanager
def recovered(folder: Path, moment: datetime, url: URL, ring: encrypted_copies.KeyRing) -> Iterator[URL]:
    """Start a server apart that holds what the archived one held at `moment`; yield where its database is.

    `url` names the database and the role that reads it. Raises RuleBroken where the archive does not lead there.
    """
    known = [base for base in bases(folder) if base.moment <= moment]
    if not known:
        first = next((f"{base.moment:%Y-%m-%d %H:%M:%S} UTC" for base in bases(folder)), "none")
        raise RuleBroken(
            "", "No base copy in {folder} is older than that; the first is {first}.", folder=str(folder), first=first
        )
    base = known[-1]
    with tempfile.TemporaryDirectory(prefix="muster-recovery-") as made:
        place = Path(made)
        data, log = file_permissions.folder(place / "data"), file_permissions.folder(place / "log")
        with ring.opened(base.file, place) as plain, tarfile.open(plain) as packed:
            packed.extractall(data, **_FILTER)  # noqa: S202 - written by pg_basebackup
        data.chmod(0o700)
        for name, file in segments(folder).items():
            if name.endswith(".history") or name[8:24] >= base.segment[8:]:
                with ring.opened(file, place) as plain:
                    shutil.copyfile(plain, log / f"{name}.gz")
        _configured(data, place, moment)
        version = (data / "PG_VERSION").read_text().strip()
        process = _started(version, place, _server_user(folder, place))
        try:
            yield _recovered(process, place, apart(url, place))
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(_PATIENCE)


def apart(url: URL, place: Path) -> URL:
    """Return the address of the same database at a server that listens on a socket in `place` alone.

    `URL.set` leaves what is None as it was: the host of before would lead to the live server.
    """
    return URL.create(url.drivername, url.username, database=url.database, query={"host": str(place)})


# ------------------------------------------------------------------------------------------------------- inside


def _finished(file: Path) -> bool:
    return file.suffix != ".part"


def _lasting(unfinished: Path, target: Path) -> Path:
    """Give a file its name once it is on the disk; its group reads it where that of its folder does."""
    unfinished.chmod(0o600 | (target.parent.stat().st_mode & 0o040))
    for path, flags in ((unfinished, os.O_RDONLY), (target.parent, os.O_RDONLY | os.O_DIRECTORY)):
        if flags & os.O_DIRECTORY:
            unfinished.replace(target)
        number = os.open(path, flags)
        try:
            os.fsync(number)
        finally:
            os.close(number)
    return target


def _first_segment(base: Path) -> str:
    """Return the first part of the log that a base copy needs, as its label says."""
    with tarfile.open(base) as packed:
        label = packed.extractfile("backup_label")
        found = re.search(rb"\(file ([0-9A-F]{24})\)", label.read() if label is not None else b"")
    if found is None:
        raise RuleBroken("", "{file} is not a whole copy of Muster: {why}", file=base.name, why="it has no label")
    return found[1].decode()


def _configured(data: Path, place: Path, moment: datetime) -> None:
    """Write the settings of the server apart: it listens on its own socket alone, and stops at the moment."""
    settings = {
        "restore_command": f'test -f "{place}/log/%f.gz" && gzip --decompress --stdout "{place}/log/%f.gz" > "%p"',
        "recovery_target_time": f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00",
        "recovery_target_action": "promote",
        "hot_standby": "off",
        "listen_addresses": "",
        "unix_socket_directories": str(place),
        "archive_mode": "off",
        "fsync": "off",
        "lc_messages": "C",
    }
    (data / "postgresql.conf").write_text("".join(f"{name} = '{value}'\n" for name, value in settings.items()))
    (data / "postgresql.auto.conf").unlink(missing_ok=True)
    (data / "pg_hba.conf").write_text("local all all trust\n")  # the folder of the socket is closed to others
    (data / "pg_ident.conf").write_text("")
    (data / "recovery.signal").touch()


def _server_user(folder: Path, place: Path) -> dict[str, Any]:
    """Return as whom the server runs: PostgreSQL refuses root, so it is the owner of the archive then."""
    if os.geteuid() != 0:
        return {}
    owner = pwd.getpwuid(folder.stat().st_uid)
    if owner.pw_uid == 0:
        raise RuleBroken("", "PostgreSQL refuses to run as root: restore as the user of {folder}.", folder=str(folder))
    for path in (place, *place.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _started(version: str, place: Path, user: dict[str, Any]) -> "subprocess.Popen[bytes]":
    with file_permissions.file(place / "said").open("ab") as said:
        return subprocess.Popen(  # noqa: S603 - PostgreSQL's own program, with arguments of ours
            [_program("postgres", version), "-D", str(place / "data")],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd=place,
            **user,
        )


def _recovered(process: "subprocess.Popen[bytes]", place: Path, url: URL) -> URL:
    """Return the address of the database once the server has come to its moment."""
    asked = sa.create_engine(url, poolclass=sa.NullPool)
    until = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            with asked.connect() as connection:
                if not connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar_one():
                    return url
        except sa.exc.OperationalError as error:
            if "does not exist" in str(error):
                raise RuleBroken("", "The archive is of another server: {why}", why=str(error.orig)) from None
        time.sleep(0.1)
    told = _FATAL.findall((place / "said").read_text(errors="replace"))
    if _ENDED_EARLY in told:  # after it may stand that it takes no connection
        raise RuleBroken("", "The archive does not reach that moment yet: name an earlier one, or wait a minute.")
    why = told[-1] if told else "PostgreSQL said nothing"
    raise RuleBroken("", "{name} did not finish: {why}", name="postgres", why=why)


def _program(name: str, version: str = "") -> str:
    folders: Sequence[str] = (f"/usr/lib/postgresql/{version}/bin", f"/usr/pgsql-{version}/bin") if version else ()
    found = next((path for folder in folders if (path := shutil.which(name, path=folder))), shutil.which(name))
    if found is None:
        raise RuleBroken("", "{name} {version} is not installed here: install PostgreSQL.", name=name, version=version)
    return found
