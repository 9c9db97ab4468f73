"""The two storages that Muster runs on, for tests: a new SQLite file, and databases of a private PostgreSQL server.

The server is a real one, started for one run of the tests in a temporary folder and stopped with it. It listens on a
Unix socket in that folder only, asks for passwords, and keeps ``fsync`` on until it is told to make haste: what a
commit promises is for the tests that are marked ``durable``.
"""

import contextlib
import os
import pwd
import secrets
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

ROOT = Path(__file__).parents[1]
OWNER = "muster_app"
KEY = "k" * 32
"""The key of every installation in the tests, and of the databases of released versions."""
SERVER_USER = "postgres"  # who runs the server when the tests run as root, which PostgreSQL refuses
WAITS_FOR_DISK = ("synchronous_commit", "full_page_writes", "fsync")
PATIENCE = 30  # seconds for the server to start or to stop
NO_SERVER = (
    "These tests need the PostgreSQL server's programs (initdb, postgres) and found none. "
    "Debian, Ubuntu: apt-get install postgresql. Fedora: dnf install postgresql-server. "
    "macOS: brew install postgresql@17. Elsewhere: set MUSTER_TEST_POSTGRES to the folder of initdb. "
    "To test on SQLite alone: MUSTER_TEST_STORAGES=sqlite."
)


class ServerMissing(Exception):
    """No PostgreSQL server can be started here; the message says what to install."""


def wanted() -> frozenset[str]:
    """The storages to test on: both, unless MUSTER_TEST_STORAGES names them, separated by commas.

    Raises ValueError for a name that is neither ``sqlite`` nor ``postgres``.
    """
    names = frozenset(name.strip() for name in os.environ.get("MUSTER_TEST_STORAGES", "sqlite,postgres").split(","))
    if unknown := names - {"sqlite", "postgres"}:
        raise ValueError(f"MUSTER_TEST_STORAGES knows sqlite and postgres, not {', '.join(sorted(unknown))}.")
    return names


def named() -> bool:
    """Whether MUSTER_TEST_STORAGES names what everything is tested on."""
    return "MUSTER_TEST_STORAGES" in os.environ


def find_server_programs() -> Path:
    """The folder that holds ``initdb`` and ``postgres``, the newest version where there are several."""
    named = os.environ.get("MUSTER_TEST_POSTGRES")
    folders = [Path(named)] if named else _usual_folders()
    for folder in folders:
        if all(os.access(folder / program, os.X_OK) for program in ("initdb", "postgres")):
            return folder
    raise ServerMissing(NO_SERVER)


def _usual_folders() -> list[Path]:
    installed = [
        *Path("/usr/lib/postgresql").glob("*/bin"),
        *Path("/usr").glob("pgsql-*/bin"),
        *Path("/opt/homebrew/opt").glob("postgresql@*/bin"),
        *Path("/usr/local/opt").glob("postgresql@*/bin"),
    ]
    newest_first = sorted(installed, key=_version, reverse=True)
    on_path = shutil.which("initdb")
    return [*newest_first, *([Path(on_path).resolve().parent] if on_path else [])]


def _version(folder: Path) -> int:
    digits = "".join(character for character in folder.parent.name if character.isdigit())
    return int(digits or 0)


@dataclass
class PostgresServer:
    """A running server. ``new_database()`` gives each test a database of its own."""

    folder: Path
    process: subprocess.Popen[bytes]
    superuser_password: str
    owner_password: str
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _rewinding: dict[str, psycopg.Connection] = field(default_factory=dict)
    _hasty: bool = False
    _archives: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    """What a server that is started again finds in its environment besides."""

    def new_database(self, like: str | None = None) -> str:
        """Makes a database owned by ``muster_app``, who is no superuser, and returns its SQLAlchemy URL.

        It is empty, or a copy of the one at the URL ``like``, to which nobody may be connected.
        """
        name = f"muster_{next(self._numbers)}"
        template = _name(like) if like else "template1"
        with self._superuser() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
                )
            )
        return self._url(name).render_as_string(hide_password=False)

    def keep(self, url: str) -> None:
        """Remembers what the database at ``url`` holds now, for ``rewind``."""
        steps = []
        with self._superuser(_name(url)) as connection:
            connection.execute("CREATE SCHEMA kept")
            for table in _tables(connection):
                connection.execute(sql.SQL("CREATE TABLE kept.{0} AS TABLE public.{0}").format(table))
                steps.append(sql.SQL("DELETE FROM public.{};").format(table))
                if connection.execute(sql.SQL("SELECT 1 FROM kept.{} LIMIT 1").format(table)).fetchone():
                    steps.append(sql.SQL("INSERT INTO public.{0} TABLE kept.{0};").format(table))
            connection.execute(
                sql.SQL(
                    "CREATE FUNCTION kept.rewind() RETURNS void LANGUAGE plpgsql"
                    " SET session_replication_role = replica AS $$BEGIN {} END$$"
                ).format(sql.SQL("\n").join(steps))
            )

    def rewind(self, url: str) -> None:
        """Puts back what ``keep`` remembered, past all triggers: much faster than another database.

        The connection stays, and with it the plans of its statements: they take longer than the statements.
        """
        connection = self._rewinding.get(url)
        if connection is None or connection.closed:
            connection = self._rewinding[url] = self._superuser(_name(url))
            connection.execute("SET synchronous_commit = off")
        connection.execute("SELECT kept.rewind()")

    def make_haste(self, haste: bool = True) -> None:
        """Stop to wait for the disk at each commit, or wait again. A server that is killed loses nothing by it."""
        if haste == self._hasty:
            return
        self._hasty, said = haste, "off" if haste else "on"
        with self._superuser() as connection:
            for name in WAITS_FOR_DISK:
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(said)))
            connection.execute("SELECT pg_reload_conf()")
        while True:  # a server reads its settings when it comes to it
            with self._superuser() as connection:
                if connection.execute(f"SHOW {WAITS_FOR_DISK[-1]}").fetchone() == (said,):
                    return
            time.sleep(0.01)

    def _url(self, database: str) -> URL:
        return URL.create(
            "postgresql+psycopg",
            username=OWNER,
            password=self.owner_password,
            database=database,
            query={"host": str(self.folder)},
        )

    def _superuser(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.folder),
            user=SERVER_USER,
            password=self.superuser_password,
            dbname=database,
            autocommit=True,
        )

    def make_owner(self) -> None:
        """Makes the role that the application signs in as: it owns its databases and may nothing else."""
        with self._superuser() as connection:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
                    sql.Identifier(OWNER), sql.Literal(self.owner_password)
                )
            )

    def wait_until_it_answers(self) -> None:
        """Returns when the server takes connections; raises RuntimeError with its log when it does not."""
        give_up_at = time.monotonic() + PATIENCE
        while time.monotonic() < give_up_at and self.process.poll() is None:
            try:
                self._superuser().close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text(errors='replace')}")

    def superuser_variables(self) -> dict[str, str]:
        """What the programs of PostgreSQL read from the environment to connect as the superuser."""
        return {"PGHOST": str(self.folder), "PGUSER": SERVER_USER, "PGPASSWORD": self.superuser_password}

    def archive(self, command: str) -> Path:
        """Starts the server again so that it archives its log by `command`, which gets a file; returns the folder.

        Where the server runs as another user who may not run the command here, the file is laid aside and the
        command run by this process, in `archived`.
        """
        folder = self.folder / "archive"
        folder.mkdir(mode=0o700)
        user = server_user()
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        self._archives = f"env PYTHONPATH={ROOT} {command.format(folder=folder)}"
        tried = subprocess.run([*shlex.split(self._archives), "--help"], capture_output=True, check=False, **_as(user))
        if tried.returncode:
            (self.folder / "aside").mkdir(mode=0o700)
            os.chown(self.folder / "aside", *((user.pw_uid, user.pw_gid) if user else (-1, -1)))
            said = f"cp %p {self.folder}/aside/%f"
        else:
            said, self._archives = f"{self._archives} %p", ""
        with self._superuser() as connection:
            for name, value in (("archive_mode", "on"), ("archive_command", said), ("wal_level", "replica")):
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value)))
        self.stop()
        self.start()
        return folder

    def archived(self) -> None:
        """Returns when all that was written until now is in the archive."""
        with self._superuser() as connection:
            connection.execute("SELECT pg_switch_wal()")
            (last,) = connection.execute("SELECT pg_walfile_name(pg_current_wal_lsn() - 1)").fetchone() or ("",)
            while True:
                self.lay_aside()
                row = connection.execute("SELECT last_archived_wal, failed_count FROM pg_stat_archiver").fetchone()
                assert row is not None
                if row[0] is not None and row[0] >= last:
                    self.lay_aside()
                    return
                if row[1] > 3:
                    raise RuntimeError((self.folder / "log").read_text(errors="replace")[-3000:])
                time.sleep(0.1)

    def with_a_tablespace(self) -> None:
        """Gives the server a folder beside its own for tables."""
        place, user = self.folder / "beside", server_user()
        place.mkdir(mode=0o700)
        if user is not None:
            os.chown(place, user.pw_uid, user.pw_gid)
        with self._superuser() as connection:
            connection.execute(sql.SQL("CREATE TABLESPACE beside LOCATION {}").format(sql.Literal(str(place))))

    def lay_aside(self) -> None:
        """Runs the command of the archive for what lies aside."""
        for file in sorted((self.folder / "aside").glob("0*")) if self._archives else ():
            subprocess.run([*shlex.split(self._archives), str(file)], check=True, capture_output=True)
            file.unlink()

    def start(self) -> None:
        """Starts a server again that was stopped, with all that it holds."""
        self.process = _started(find_server_programs(), self.folder, server_user(), self.environment)
        self.wait_until_it_answers()

    def stop(self) -> None:
        """Stops this server, by its own process, and no other."""
        self.process.send_signal(signal.SIGINT)  # fast shutdown: ends sessions, writes a checkpoint
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)  # immediate shutdown
            self.process.wait(PATIENCE)

    def children(self) -> list[int]:
        """The processes that the server has started."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(each) for each in listed.read_text().split()] if listed.exists() else []

    def kill(self) -> None:
        """Ends all its processes at once, as a power cut would."""
        self.process.send_signal(signal.SIGSTOP)  # it starts no other meanwhile
        children = self.children()
        for process in (self.process.pid, *children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.process.wait(PATIENCE)
        until = time.monotonic() + PATIENCE
        while any(map(_runs, children)) and time.monotonic() < until:  # they hold its memory to their end
            time.sleep(0.01)

    def end(self) -> None:
        """Stops it for good. Nobody asks again for what it holds: nothing is written to the disk any more."""
        for connection in self._rewinding.values():
            connection.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)  # immediate shutdown
            self.process.wait(PATIENCE)


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in ("Z", "X")


def _name(url: str) -> str:
    return make_url(url).database or ""


def _tables(connection: psycopg.Connection) -> list[sql.Identifier]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [sql.Identifier(name) for (name,) in found]


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Starts a private server and stops it at the end.

    Raises ServerMissing when its programs are not installed, RuntimeError when it does not start.
    """
    programs = find_server_programs()
    user = server_user()
    superuser_password = secrets.token_urlsafe(16)
    folder = Path(tempfile.mkdtemp(prefix="muster-pg-"))
    try:
        (folder / "password").write_text(superuser_password)
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
            os.chown(folder / "password", user.pw_uid, user.pw_gid)
        _make_cluster(programs, folder, user)
        process = _started(programs, folder, user)
        server = PostgresServer(folder, process, superuser_password, secrets.token_urlsafe(16))
        try:
            server.wait_until_it_answers()
            server.make_owner()
            yield server
        finally:
            server.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _started(
    programs: Path, folder: Path, user: pwd.struct_passwd | None, more: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [
                programs / "postgres",
                *("-D", folder / "data"),
                *("-k", folder),  # the socket; no network address at all
                *("-c", "listen_addresses="),
                *("-c", "max_connections=200"),
                *("-c", "jit=off"),  # no statement of a test is worth what compiling it takes
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            env={**os.environ, **(more or {})},
            **_as(user),
        )


def _make_cluster(programs: Path, folder: Path, user: pwd.struct_passwd | None) -> None:
    made = subprocess.run(
        [
            programs / "initdb",
            *("--pgdata", folder / "data"),
            *("--username", SERVER_USER),
            *("--pwfile", folder / "password"),
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-locale",
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
        **_as(user),
    )
    if made.returncode:
        raise RuntimeError(f"initdb could not make a cluster in {folder}:\n{made.stderr}{made.stdout}")


def server_user() -> pwd.struct_passwd | None:
    """Root's stand-in for the server, which refuses to run as root; None when we are not root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        raise ServerMissing(
            f"PostgreSQL refuses to run as root, and there is no user {SERVER_USER} to run it as: "
            f"useradd --system {SERVER_USER}, or run the tests as somebody else."
        ) from None


def _as(user: pwd.struct_passwd | None) -> dict[str, object]:
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
