"""`muster check`: what is wrong with an installation, each with what to do. It changes nothing."""

import ipaddress
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlmodel import col, select

from dashboard.server import span_export
from dashboard.server.demo_accounts import WHO
from dashboard.settings import PREFIX, Settings, loopback
from operations.core import backups, clock, installation_key, journal, page_changes, postgres_archive, schema, traces
from operations.core.errors import MusterError
from operations.core.journal import Entry
from operations.core.openid_provider import OpenIdProvider, ProviderAway
from operations.core.people import Account, System
from operations.core.store import Store
from operations.policing.operation.plan import Operation

ROOM = 1024**3
"""Bytes that have to be free where the database and its copies lie, and three times the database."""
DRIFT = timedelta(seconds=5)
AHEAD = timedelta(minutes=1)
TOKENS_ALLOW = timedelta(seconds=30)
"""Difference of clocks of which half of what tokens allow is left."""
OVERDUE = 4
OLD_BASE, OLD_CHANGES = timedelta(days=2), timedelta(minutes=10)
"""After so many periods without a copy the copies are too old."""
_POSTGRES_ROLE = sa.text(
    "SELECT rolsuper, rolbypassrls, rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
)
_UNPROTECTED = sa.text(
    "SELECT DISTINCT tablename FROM pg_policies WHERE schemaname = 'public'"
    " AND NOT row_security_active(quote_ident(schemaname) || '.' || quote_ident(tablename)) ORDER BY 1"
)
_OWNED = sa.text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")


class Verdict(StrEnum):
    """How a check ends. Only what is wrong makes the command fail."""

    FINE = "fine"
    WARNING = "warning"
    WRONG = "WRONG"

    @property
    def rank(self) -> int:
        """How bad it is: 0, 1 or 2."""
        return list(Verdict).index(self)


@dataclass(frozen=True)
class Finding:
    """What a check found: its subject, how it ends, and in sentences what is wrong and what to do."""

    subject: str
    verdict: Verdict
    words: str

    def __str__(self) -> str:
        return f"{self.verdict:8} {self.subject}: {self.words}"


Check = Callable[[Settings, Store], Iterator[tuple[Verdict, str]]]


def run(settings: Settings, store: Store) -> list[Finding]:
    """Run every check. What a check cannot ask is a finding too."""
    found = []
    for subject, check in CHECKS.items():
        try:
            told = list(check(settings, store))
        except (MusterError, OSError, sa.exc.SQLAlchemyError) as error:
            told = [(Verdict.WRONG, f"It cannot be checked: {error}")]
        found += [Finding(subject, verdict, words) for verdict, words in told or [(Verdict.FINE, "nothing to do.")]]
    return found


def settings_together(settings: Settings, _store: Store) -> Iterator[tuple[Verdict, str]]:
    """Settings that do not fit each other, or that leave something out."""
    if settings.refusal:
        yield Verdict.WRONG, settings.refusal
    if not loopback(settings.host) and settings.public_origin.startswith("http://"):
        yield Verdict.WRONG, "Passwords travel in the open: serve it by TLS, and set MUSTER_PUBLIC_ORIGIN to https://."
    if settings.public_origin.startswith("https://") and settings.secure_cookies is False:
        yield Verdict.WRONG, "Cookies are sent in the open: take MUSTER_SECURE_COOKIES=false away."
    if not settings.smtp_host:
        yield Verdict.WARNING, "No mail is sent: set MUSTER_SMTP_HOST."
    elif settings.smtp_security == "none" and not loopback(settings.smtp_host):
        yield Verdict.WRONG, "Mail travels in the open: set MUSTER_SMTP_SECURITY to starttls or tls."
    if settings.otlp_endpoint and not traces.installed():
        yield Verdict.WRONG, f"{span_export.MISSING}."
    if settings.otlp_endpoint.startswith("http://") and not loopback(urlsplit(settings.otlp_endpoint).hostname or ""):
        yield Verdict.WRONG, "Spans travel in the open: set MUSTER_OTLP_ENDPOINT to https://."
    known = {f"{PREFIX}{name.upper()}{end}" for name in Settings.model_fields for end in ("", "_FILE")}
    for name in sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known):
        yield Verdict.WARNING, f"{name} is no setting of Muster: correct its name, or take it away."


def proxy(settings: Settings, _store: Store) -> Iterator[tuple[Verdict, str]]:
    """Whose words about the address of a person are believed."""
    for name in filter(None, map(str.strip, settings.trusted_proxies.split(","))):
        if name == "none":
            if settings.public_origin.startswith("https://"):
                yield Verdict.WRONG, "Muster speaks no TLS itself: name the proxy in MUSTER_TRUSTED_PROXIES."
            continue
        try:
            everybody = name == "*" or ipaddress.ip_network(name, strict=False).prefixlen == 0
        except ValueError:
            yield Verdict.WRONG, f"{name} in MUSTER_TRUSTED_PROXIES is no address: name addresses or networks."
            continue
        if everybody:
            yield Verdict.WRONG, f"{name} believes everybody's X-Forwarded-For: name the address of the proxy."


def schema_newest(_settings: Settings, store: Store) -> Iterator[tuple[Verdict, str]]:
    """Whether the database has the schema of this version."""
    at, steps = schema.missing(store)
    if not at:
        yield Verdict.WRONG, "The database is empty: run muster init."
    elif steps:
        yield Verdict.WRONG, f"It is at {at}, and this Muster needs {steps[-1].number}: run muster upgrade."


def time_of_day(_settings: Settings, store: Store) -> Iterator[tuple[Verdict, str]]:
    """Whether this machine's clock goes with that of the database, and not behind the journal."""
    with store.reading(System()) as session:
        here = clock.now()
        if store.engine.dialect.name == "postgresql":
            there = session.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
            if abs(there - here) > DRIFT:
                yield Verdict.WRONG, f"It differs from the database's by {abs(there - here)}: let both follow NTP."
        last = session.execute(sa.select(sa.func.max(Entry.at))).scalar()
    if last is not None and last > here + AHEAD:
        yield (
            Verdict.WRONG,
            f"The newest entry of the journal is of {last:%Y-%m-%d %H:%M} UTC: let the clock follow NTP.",
        )


def database_role(settings: Settings, store: Store) -> Iterator[tuple[Verdict, str]]:
    """Whether PostgreSQL holds Muster's own role to row-level security."""
    if store.engine.dialect.name != "postgresql":
        return
    with store.reading(System()) as session:
        superuser, bypasses, makes = session.execute(_POSTGRES_ROLE).one()
        open_tables = session.execute(_UNPROTECTED).scalars().all()
        owned = session.execute(_OWNED).scalar_one()
    if superuser or bypasses:
        yield Verdict.WRONG, "It is above row-level security: ALTER ROLE ... NOSUPERUSER NOBYPASSRLS."
    if makes:
        yield Verdict.WARNING, "It may make roles or databases: ALTER ROLE ... NOCREATEROLE NOCREATEDB."
    if open_tables and not (superuser or bypasses):
        yield Verdict.WRONG, f"Row-level security does not hold for {', '.join(open_tables)}: FORCE it."
    if owned:
        yield (
            Verdict.WRONG if settings.owner_url else Verdict.WARNING,
            "It owns the tables, and could switch row-level security off: set MUSTER_OWNER_URL to the role that owns "
            "them for init, upgrade and restore, and MUSTER_DATABASE_URL to another for the rest.",
        )


def database_link(_settings: Settings, store: Store) -> Iterator[tuple[Verdict, str]]:
    """Whether what is stored travels to a PostgreSQL of another machine encrypted, and to the right one."""
    host = str(store.url.query.get("host", "")) or store.url.host or ""
    if store.engine.dialect.name != "postgresql" or not host or host.startswith("/") or loopback(host):
        return
    asked = str(store.url.query.get("sslmode", "")) or os.environ.get("PGSSLMODE", "")
    if asked in ("require", "verify-ca"):
        yield Verdict.WARNING, f"Nobody asks whether it is {host} that answers: set sslmode=verify-full."
    elif asked != "verify-full":
        yield (
            Verdict.WARNING,
            f"What is stored may travel in the open to {host}: add ?sslmode=verify-full to MUSTER_DATABASE_URL.",
        )


def free_disk(settings: Settings, store: Store) -> Iterator[tuple[Verdict, str]]:
    """Whether the database and its copies have room to grow."""
    file = Path(store.url.database or "") if store.engine.dialect.name == "sqlite" else None
    needed = max(ROOM, 3 * file.stat().st_size) if file is not None and file.exists() else ROOM
    for folder in dict.fromkeys(filter(None, (file and file.parent, settings.data_dir, settings.backups))):
        there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        free = shutil.disk_usage(there).free
        if free < needed:
            yield Verdict.WRONG, f"{folder} has {free:,} bytes free of {needed:,} that are needed: make room."


def copies(settings: Settings, store: Store) -> Iterator[tuple[Verdict, str]]:
    """Whether there is a copy that is young enough, on another disk."""
    found = backups.copies(settings.backups) if settings.backups.exists() else []
    oldest = timedelta(minutes=settings.backup_minutes) * OVERDUE
    if not found:
        yield Verdict.WRONG, f"There is none in {settings.backups}: run muster timetable, or muster backup."
    elif (age := clock.now() - backups.moment_of(found[0])) > oldest:
        yield Verdict.WRONG, f"The newest is {age} old: see whether muster timetable runs."
    beside = Path(store.url.database or "") if store.engine.dialect.name == "sqlite" else settings.data_dir
    if found and beside.exists() and settings.backups.stat().st_dev == beside.stat().st_dev:
        yield Verdict.WARNING, f"They lie on the disk of {beside}: set MUSTER_BACKUP_DIR to another."
    if not settings.backup_keys and not loopback(settings.host):
        yield (
            Verdict.WARNING,
            "They are not encrypted: run muster backup-key on another machine, and set MUSTER_BACKUP_RECIPIENTS.",
        )
    elif len(settings.backup_keys) == 1 and not loopback(settings.host):
        yield Verdict.WARNING, "One person alone opens and restores them: set MUSTER_BACKUP_SECOND_RECIPIENTS."
    yield from _moments(settings, store)


def _moments(settings: Settings, store: Store) -> Iterator[tuple[Verdict, str]]:
    """Whether a restore can come to a moment between two copies."""
    if store.engine.dialect.name == "sqlite":
        made = [each.moment for each in page_changes.change_files(settings.archive)]
    else:
        log = postgres_archive.segments(settings.archive).values()
        made = [datetime.fromtimestamp(file.stat().st_mtime, UTC) for file in log]
        bases = postgres_archive.bases(settings.archive)
        if bases and clock.now() - bases[-1].moment > OLD_BASE:
            yield Verdict.WRONG, f"The newest base copy is of {bases[-1].moment:%Y-%m-%d}: run muster archive-base."
        elif not bases:
            yield (
                Verdict.WARNING,
                f"There is no base copy in {settings.archive}: a restore loses what came after the newest copy.",
            )
    if made and clock.now() - max(made) > OLD_CHANGES:
        yield Verdict.WRONG, f"What changed is kept until {max(made):%Y-%m-%d %H:%M} UTC alone in {settings.archive}."


def key(settings: Settings, store: Store) -> Iterator[tuple[Verdict, str]]:
    """Whether there is a key, the one that seals the journal, and not where a copy of the database has it too."""
    given, file = settings.key.get_secret_value().encode(), settings.key_file
    if not given and not file.exists():
        yield (
            Verdict.WRONG,
            f"There is none: nobody can sign in, and nothing is entered. Set MUSTER_KEY_FILE, or let muster init make "
            f"{file}.",
        )
        return
    try:
        secret = given or file.read_bytes()
    except OSError as error:
        yield (
            Verdict.WRONG,
            f"It cannot be read ({type(error).__name__}): set MUSTER_KEY_FILE to one for all processes.",
        )
        return
    if any(len(found) < installation_key.LENGTH for found in (secret, *settings.older_keys())):
        yield Verdict.WRONG, "It is too short: openssl rand -hex 32"
        return
    if not given and not loopback(settings.host):
        yield (
            Verdict.WARNING,
            f"It lies in {settings.data_dir}: set MUSTER_KEY_FILE to a file that is kept elsewhere too.",
        )
    with store.reading(System()) as session:
        if journal.sealed_by(session) not in (None, installation_key.name_of(secret)):
            yield (
                Verdict.WRONG,
                "Another key seals the journal, and nothing is entered. Set MUSTER_KEY_FILE to that one; if you "
                "changed it, set MUSTER_OLD_KEYS_FILE too and run muster change-key.",
            )


def demo_data(settings: Settings, store: Store) -> Iterator[tuple[Verdict, str]]:
    """Whether what was invented for a demo stands where people work."""
    if loopback(settings.host) and not settings.public_origin:
        return
    if settings.demo:
        yield Verdict.WRONG, "MUSTER_DEMO is set: everybody may sign in as anybody. Take it away."
    with store.reading(System()) as session:
        names = session.exec(select(Account.username).where(col(Account.username).in_([name for name, _ in WHO]))).all()
        invented = session.exec(select(Operation).where(Operation.invented != "")).all()
    if len(names) > len(WHO) // 2:
        yield (
            Verdict.WRONG,
            f"The people of the demo have accounts ({', '.join(sorted(names))}): begin with an empty one.",
        )
    if invented:
        titles = ", ".join(operation.title for operation in invented[:3])
        yield Verdict.WRONG, f"{len(invented)} operations are invented ({titles}): begin with an empty database."


def open_files(settings: Settings, store: Store) -> Iterator[tuple[Verdict, str]]:
    """Files and folders that others on this machine can read."""
    asked = [settings.data_dir, settings.backups, *settings.backups.glob("*")]
    if store.engine.dialect.name == "sqlite" and store.url.database:
        file = Path(store.url.database)
        asked += [file.with_name(file.name + end) for end in ("", "-wal", "-shm")]
    asked += [Path(path) for name, path in os.environ.items() if name.startswith(PREFIX) and name.endswith("_FILE")]
    for path in dict.fromkeys(asked):
        if path.exists() and others_read(path):
            yield Verdict.WRONG, f"{path} has mode {stat.S_IMODE(path.stat().st_mode):o}: chmod go= {path}"


def others_read(path: Path) -> bool:
    """Whether others than Muster read or write a file; its group may read what belongs to root (0640)."""
    found = path.stat()
    lent = found.st_uid != os.geteuid() and found.st_gid == os.getegid()
    return bool(stat.S_IMODE(found.st_mode) & (0o037 if lent else 0o077))


def identity_provider(settings: Settings, _store: Store) -> Iterator[tuple[Verdict, str]]:
    """Whether the identity provider answers as the one that is named, by a clock like ours."""
    if not settings.openid_issuer:
        return
    try:
        drift = abs(OpenIdProvider(settings.openid).drift())
    except ProviderAway:
        yield (
            Verdict.WRONG,
            f"{settings.openid_issuer} does not answer as an issuer of that name: see its address to the letter, its "
            "certificate (MUSTER_OPENID_CA), and whether this machine reaches it.",
        )
        return
    if drift > TOKENS_ALLOW:
        yield Verdict.WRONG, f"Its clock differs from ours by {drift}: let both follow NTP."
    if not settings.openid_secret.get_secret_value():
        yield Verdict.WARNING, "Muster proves itself to it by no secret: set MUSTER_OPENID_SECRET_FILE."


CHECKS: dict[str, Check] = {
    "settings": settings_together,
    "proxy": proxy,
    "schema": schema_newest,
    "clock": time_of_day,
    "database role": database_role,
    "database link": database_link,
    "disk": free_disk,
    "copies": copies,
    "key": key,
    "identity provider": identity_provider,
    "demo data": demo_data,
    "files": open_files,
}
