"""The `muster` command. It imports what it uses when it uses it: `muster --help` needs none of it."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn
from uuid import UUID

import typer
import typer.main
from typer.core import TyperGroup

import scenarios
from operations.lazy_import import bind_type_imports
from scenarios import NAMES, PROGRAMME

if TYPE_CHECKING:
    import pydantic
    from typer._click import Command

    from dashboard import settings as settings_
    from dashboard.server import (
        child_processes,
        demo_accounts,
        header_timeout,
        installation_checks,
        logs,
        main_loop,
        span_export,
        user_commands,
    )
    from dashboard.server import demo as demo_stories
    from dashboard.server import timetable as clockwork
    from dashboard.settings import Settings
    from operations.core import (
        backups,
        clock,
        encrypted_copies,
        errors,
        evidence,
        history,
        installation_key,
        journal,
        measures,
        memory,
        people,
        postgres_archive,
        pulse,
        rows,
        schema,
        vocabulary,
    )
    from operations.core import store as stores
    from operations.core.store import Store
    from operations.policing.operation import plan
    from operations.policing.reports import verification
    from operations.results import snapshots
    from operations.timetable import extracts, heartbeats, signed_heads
    from scenarios import player
bind_type_imports(globals(), ahead=False)


class _Accounts(TyperGroup):
    """`muster user`: its commands are imported when one of them is asked for."""

    @property
    def commands(self) -> MutableMapping[str, Command]:
        """Its commands by name."""
        return typer.main.get_group(user_commands.user).commands

    @commands.setter
    def commands(self, _none: MutableMapping[str, Command]) -> None:
        """Nothing to keep: they are those of `user_commands`."""


cli = typer.Typer(help="Muster: plan and coordinate operations, and see what they achieve.", no_args_is_help=True)
cli.add_typer(typer.Typer(cls=_Accounts, help="Accounts.", no_args_is_help=True), name="user")


def _store(*, behind: bool = False) -> Store:
    return stores.open_store(settings_.Settings().database, behind=behind)


def _at_newest() -> Store:
    """Return the store; the schema of an empty one is made. An older one, and one of another key, are refused."""
    store = _store()
    try:
        schema.require(store)
        with store.reading(people.System()) as session:
            journal.require_key(session)
    except errors.RuleBroken as refusal:
        _refuse(refusal)
    return store


def _let_serve(store: Store, settings: Settings) -> None:
    """Where another role owns the tables, give the role that serves what it needs of them."""
    if settings.owner_url:
        schema.grant(store, settings.database)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Collect no garbage inside the block: nearly all that is imported stays, and a fifth of the time goes there."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@cli.callback()
def _begin() -> None:
    os.umask(0o077)  # files are readable by their owner only
    memory.spare()
    with _uncollected():
        import_module("operations.tables")  # whoever writes needs the tables that foreign keys name
    logs.configure(settings_.LogFormat.TEXT)  # until a command that stays reads its settings
    installation_key.use(lambda: settings_.Settings().installation_key(), lambda: settings_.Settings().older_keys())


@cli.command()
def init(
    administrator: Annotated[
        list[str] | None, typer.Option(help="The name of an administrator to invite; give it twice for two.")
    ] = None,
) -> None:
    """Make the key and an empty database at the newest schema, and invite its first administrators."""
    settings = settings_.Settings()
    store = stores.open_store(settings.owner)
    try:
        installation_key.name()
        schema.require(store)
    except errors.RuleBroken as refusal:
        _refuse(refusal)
    _let_serve(store, settings)
    print(f"The database is at the newest schema: {store.url.render_as_string(hide_password=True)}")
    if not settings.key.get_secret_value():
        print(f"The key of the installation is {settings.key_file}. Keep a copy of it, but not beside the database's.")
    store.dispose()
    for name in administrator or []:
        user_commands.invite(name, vocabulary.Role.ADMINISTRATOR)


@cli.command()
def upgrade(
    look: Annotated[bool, typer.Option("--look", help="Say what would be done, and do nothing.")] = False,
) -> None:
    """Upgrade the database to the newest schema, after a copy of it. Stop Muster before; nothing is half done."""
    settings = settings_.Settings()
    store = stores.open_store(settings.owner)
    named = store.url.render_as_string(hide_password=True)
    try:
        at, steps = schema.missing(store)
        if not steps:
            print(f"Nothing to do. The database is at the newest schema, {at}: {named}")
            return
        print(f"{named}\nThe schema goes from {at} to {steps[-1].number}, all of it or nothing:")
        for step in steps:
            print(f"  {step.file.name}")
        print(
            "  first a copy of the database goes to " + str(settings.backups) if at else "  it is empty: no copy first"
        )
        if look:
            return
        if at:
            print(f"Copied: {backups.copy(store, settings.backups, None, settings.backup_keys)}", flush=True)
        schema.upgrade(store)
        _let_serve(store, settings)
    except errors.RuleBroken as refusal:
        _refuse(refusal)
    print(f"The database is at schema {steps[-1].number}.")


@cli.command()
def serve() -> None:
    """Serve Muster with the MUSTER_* settings of the environment."""
    settings = settings_.Settings()
    if settings.refusal:
        _refuse(settings.refusal)
    logs.configure(settings.log)
    _at_newest().dispose()
    print(f"Muster: {settings.address}")
    run(settings)


def run(settings: Settings) -> None:
    """Serve until interrupted. Worker processes read the environment, so `settings` must be the same as there."""
    if settings.workers > 1:
        measures.share()
    with _uncollected():  # until the application has warmed up
        main_loop.run(
            "dashboard.app:from_environment",
            factory=True,
            host=settings.host,
            port=settings.port,
            workers=settings.workers,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies or "127.0.0.1",
            server_header=False,
            access_log=False,
            log_config=None,
            log_level="warning",
            http=header_timeout.Protocol,
            ws="websockets-sansio",
            ws_max_size=header_timeout.MESSAGE,
            timeout_graceful_shutdown=5,
        )


@cli.command()
def work() -> None:
    """Answer the questions of analyses, one after the other, until interrupted. Any number of workers may run."""
    from operations.analyses import worker  # its solvers take seconds to import, and no server needs them

    settings = settings_.Settings()
    logs.configure(settings.log)
    span_export.begin(settings)
    store, stop = _store(behind=True), threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_signal: stop.set())
    print(f"Answering as {worker.name_of_this_worker()}", flush=True)
    child_processes.lasting(lambda: worker.work(store, stop), stop, store, heartbeats.Watched.ANSWERS)
    store.dispose()


@cli.command()
def timetable(
    workers: Annotated[
        int, typer.Option(min=0, max=32, help="How many processes answer what is asked of operations.")
    ] = 1,
) -> None:
    """Do what is due: phases, reminders, mail, backups, checks, long jobs. Several may run; one of them leads."""
    settings, stop = settings_.Settings(), threading.Event()
    logs.configure(settings.log)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_signal: stop.set())
    _at_newest().dispose()
    if not settings.smtp_host:
        print("No mail is sent: MUSTER_SMTP_HOST is not set.", flush=True)
    clockwork.run(settings, stop, workers)


@cli.command()
def check() -> None:
    """Say what is wrong with this installation, and what to do. It fails where something is, and changes nothing."""
    try:
        settings = settings_.Settings()
    except pydantic.ValidationError as error:
        _refuse(
            "\n".join(f"{settings_.PREFIX}{str(flaw['loc'][-1]).upper()}: {flaw['msg']}" for flaw in error.errors())
        )
    findings = installation_checks.run(settings, stores.open_store(settings.database))
    print("\n".join(map(str, findings)))
    if any(finding.verdict is installation_checks.Verdict.WRONG for finding in findings):
        raise typer.Exit(1)


@cli.command()
def backup() -> None:
    """Copy the database into the backup folder (MUSTER_BACKUP_DIR) and check the copy."""
    settings = settings_.Settings()
    try:
        made = backups.copy(stores.open_store(settings.database), settings.backups, None, settings.backup_keys)
    except errors.RuleBroken as refusal:
        _refuse(refusal)
    with _store().reading(people.System()) as session:
        clockwork.copies(settings).note(session, clock.now())
    print(f"{made} ({made.stat().st_size:,} bytes)")


@cli.command("backup-key")
def backup_key(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="A new file, on another machine.")],
    passphrase: Annotated[bool, typer.Option("--passphrase", help="Ask for a passphrase that opens the file.")] = False,
) -> None:
    """Make a key that opens copies, and print its public key, for which they are encrypted."""
    secret = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True) if passphrase else ""
    try:
        public = encrypted_copies.make_key(file, secret)
    except errors.RuleBroken as refusal:
        _refuse(refusal)
    print(f"MUSTER_BACKUP_RECIPIENTS={public}")
    typer.echo(f"Whoever loses {file} loses every copy: keep it twice, away from the server.", err=True)


@cli.command("archive-log")
def archive_log(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="What PostgreSQL names %p.")],
) -> None:
    """Add a part of PostgreSQL's log to the archive (MUSTER_ARCHIVE_DIR): its archive_command."""
    settings = settings_.Settings()
    try:
        postgres_archive.keep_segment(file, settings.archive, settings.backup_keys)
    except errors.RuleBroken as refusal:
        _refuse(refusal)


@cli.command("archive-base")
def archive_base() -> None:
    """Add a base copy of the PostgreSQL server to the archive, by pg_basebackup, and delete what is too old."""
    settings = settings_.Settings()
    try:
        print(postgres_archive.keep_base(settings.archive, settings.backup_keys, settings.backup_days))
    except errors.RuleBroken as refusal:
        _refuse(refusal)


@cli.command()
def restore(
    file: Annotated[
        Path | None, typer.Argument(exists=True, dir_okay=False, help="A copy made by muster backup; none with --at.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Put it in the place of a database that is there.")] = False,
    key: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="The file of a key that opens copies; twice for two persons."),
    ] = None,
    at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ"], help="A moment in UTC, as 2026-11-30T11:00:00Z."
        ),
    ] = None,
) -> None:
    """Restore the database from a copy, or to a moment. The present one is copied first, and the journal records it."""
    settings = settings_.Settings()
    if (file is None) == (at is None):
        _refuse("Name a copy, or a moment: muster restore FILE, or muster restore --at TIME.")
    store = stores.open_store(settings.owner)
    named = store.url.render_as_string(hide_password=True)
    try:
        ring = encrypted_copies.KeyRing(
            key or [], lambda asked: typer.prompt(f"Passphrase of {asked}", hide_input=True)
        )
        schema_at, _steps = schema.missing(store)
        if schema_at and not yes:
            raise errors.RuleBroken("", "There is a database already: {named}. Say --yes to replace it.", named=named)
        kept = backups.copy(store, settings.backups, None, settings.backup_keys) if schema_at else None
        store.dispose()
        if file is not None:
            backups.restore(store, file, ring, settings.backup_keys)
        elif at is not None:
            moment = at.replace(tzinfo=UTC)
            backups.restore_at(store, moment, settings.backups, settings.archive, ring, settings.backup_keys)
        store = stores.open_store(settings.owner)
        schema.upgrade(store)  # the copy is still there
        _let_serve(store, settings)
        about = {"keys": sorted(ring.used)} if ring.used else {}
        with store.unit_of_work(people.System()) as session:
            before = journal.pulse(session)
            journal.record(session, people.System(), "store.restore", "store", entry=before, **about)
    except errors.RuleBroken as refusal:
        _refuse(refusal)
    with store.reading(people.System()) as session:
        clockwork.copies(settings).note(session, clock.now())
    source = f"{file.name} holds" if file is not None else f"it was at {at:%Y-%m-%d %H:%M:%S} UTC"
    print(f"The database is what {source}, up to entry {before} of the journal.")
    if kept is not None:
        print(f"What was there before is in {kept}.")


def _refuse(refusal: errors.RuleBroken | str) -> NoReturn:
    typer.echo(str(refusal), err=True)
    raise typer.Exit(1) from None


@cli.command()
def verify(
    head: Annotated[str, typer.Option(help="A head of the journal noted earlier, as NUMBER:HASH.")] = "",
) -> None:
    """Verify the data: both hash chains of the journal, totals against their lines and steps, published snapshots, and
    rows against their stored history.
    """
    noted = _noted(head)
    sound = True
    with _store().reading(people.System()) as session:
        for chain in journal.Chain:
            verdict = journal.verify(session, chain, noted if chain is journal.Chain.JOURNAL else None)
            sound &= verdict.broken_at is None
            state = "whole" if verdict.broken_at is None else f"BROKEN at entry {verdict.broken_at}"
            print(f"{chain.value}: {verdict.entries} entries, {state}, head {verdict.entries}:{verdict.head}")
        for operation in rows.every(session, plan.Operation):
            differences = verification.differences(session, operation.id)
            sound &= not differences
            state = f"DIFFER in {len(differences)} places" if differences else "equal their lines and all their steps"
            print(f"{operation.title}: totals {state}")
            changed = snapshots.broken(session, operation.id)
            sound &= not changed
            if changed:
                print(f"{operation.title}: snapshots {', '.join(map(str, changed))} ARE NOT what was frozen")
        named = [
            ("Programme", pulse.PROGRAMME),
            *((each.title, each.id) for each in rows.every(session, plan.Operation)),
        ]
        for title, ident in named:
            stray = history.differences(session, ident)
            sound &= not stray
            if stray:
                print(f"{title}: {len(stray)} rows ARE NOT what was last remembered of them")
    if not sound:
        raise typer.Exit(1)


def _noted(head: str) -> tuple[int, str] | None:
    """Parse a head as `verify` prints it."""
    number, _colon, digest = head.partition(":")
    if not head:
        return None
    if not number.isdigit() or len(digest) != 64:
        raise typer.BadParameter("A head is a number, a colon and 64 characters, as `muster verify` prints it.")
    return int(number), digest


_DAY = ["%Y-%m-%d"]
Key = Annotated[str, typer.Option(help="The public key that was noted elsewhere: see muster evidence-key.")]


@cli.command("evidence-key")
def evidence_key() -> None:
    """Print the public key by which archives and heads of this installation are checked. Keep it elsewhere."""
    try:
        print(evidence.public_key())
    except errors.RuleBroken as refusal:
        _refuse(refusal)


@cli.command("evidence-certificate")
def evidence_certificate() -> None:
    """Print the certificate by which PDF readers check papers that this installation signed. Keep it elsewhere."""
    try:
        print(evidence.certificate(), end="")
    except errors.RuleBroken as refusal:
        _refuse(refusal)


@cli.command("change-key")
def change_key() -> None:
    """Seal the journal under a new key from now on. Stop Muster before, and keep the old key in MUSTER_OLD_KEYS."""
    store = _store()
    try:
        with store.unit_of_work(people.System()) as session:
            changed = journal.change_key(session)
    except errors.RuleBroken as refusal:
        _refuse(refusal)
    print(
        f"The journal is sealed under the key {installation_key.name()}" + (" from now on." if changed else " already.")
    )
    if changed:
        print(f"Archives and heads are signed anew: give the auditor the public key {evidence.public_key()}")


@cli.command("verify-archive")
def verify_archive(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="An archive, or an extract of the journal.")
    ],
    key: Key,
    head: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A signed head that you kept, for an extract.")
    ] = None,
) -> None:
    """Check an archive, or an extract of the journal, against what was signed. It needs no database."""
    try:
        proven = extracts.verify(file, key, head.read_bytes() if head else None)
        found = evidence.verify_archive(file, key)
    except errors.RuleBroken as refusal:
        _refuse(refusal)
    if proven is not None:
        print(
            f"{proven.entries} entries of the chain {proven.chain}, {proven.first} to {proven.last}, are as they were "
            f"at {proven.at.isoformat()}, when its last entry was {proven.head}."
        )
        print(
            "Between them none is missing." if proven.whole else "Others lie between them: this says nothing of those."
        )
        print("The head is the one that you kept." if head else "Whoever kept a signed head gives it: --head HEAD.")
        return
    print(f"{len(found['files'])} files are as they were signed at {found['at']}, with the journal at {found['head']}.")


@cli.command("extract")
def extract_of(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="Where it is written: a .zip.")],
    operation: Annotated[UUID | None, typer.Option(help="Of one operation: the identifier in its address.")] = None,
    thing: Annotated[
        UUID | None, typer.Option("--object", help="Of one thing, such as a report: its identifier.")
    ] = None,
    since: Annotated[datetime | None, typer.Option("--from", formats=_DAY, help="From this day on (UTC).")] = None,
    until: Annotated[datetime | None, typer.Option("--until", formats=_DAY, help="Up to this day (UTC).")] = None,
    access: Annotated[bool, typer.Option(help="Of the access trail, and not of the journal.")] = False,
) -> None:
    """Write an extract of the journal. Whoever has the public key checks it without the database: verify-archive."""
    chain = journal.Chain.ACCESS if access else journal.Chain.JOURNAL
    wanted = extracts.ExtractRequest(chain, operation, thing, since and since.date(), until and until.date())
    try:
        with journal.disclosing(_store(), people.System()) as session:
            content = extracts.extract(session, wanted, people.System(), extracts.PAGE)
    except errors.RuleBroken as refusal:
        _refuse(refusal)
    file.write_bytes(content)
    print(f"{file} is written. Check it elsewhere: muster verify-archive {file.name} --key KEY")


@cli.command("verify-heads")
def verify_heads(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Signed heads that left earlier.")],
    key: Key,
) -> None:
    """Compare both chains with signed heads that left this machine earlier."""
    try:
        with _store().reading(people.System()) as session:
            times = [signed_heads.compare(session, file.read_bytes(), key) for file in files]
    except errors.RuleBroken as refusal:
        _refuse(refusal)
    print(f"{len(times)} heads hold; the newest is of {max(times).isoformat()}. Now run: muster verify")


@cli.command()
def play(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join((*NAMES, PROGRAMME))}.")],
    speed: Annotated[float, typer.Option(min=1, help="600: ten minutes of the scenario in a second.")] = 600,
    live: Annotated[bool, typer.Option(help="Move the scenario to these days and go on until interrupted.")] = False,
) -> None:
    """Play a scenario into the database through the real verbs; a server on the same database shows it at once."""
    if name not in (*NAMES, PROGRAMME):
        raise typer.BadParameter(f"There is no scenario {name}: choose one of {', '.join((*NAMES, PROGRAMME))}.")
    store, stop = _store(behind=True), threading.Event()
    schema.require(store)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_signal: stop.set())
    if live:
        child_processes.lasting(lambda: demo_stories.play_live(store, stop, demo_stories.today_s(name)), stop, store)
        return
    story = scenarios.programme() if name == PROGRAMME else scenarios.catalogue()[name]
    played = player.play(store, story, speed=speed, pause=stop.wait)
    print(f"{name}: {played.done} steps done, {played.known} known from before, {len(played.refused)} refused")


@cli.command()
def demo() -> None:
    """Load the scenarios into a fresh database, serve them on this machine, and play one of them live."""
    folder = settings_.Settings().data_dir
    url = demo_stories.fresh_database(folder)
    os.environ |= {"MUSTER_DATABASE_URL": url, "MUSTER_DEMO": "true", "MUSTER_HOST": "127.0.0.1"}
    os.environ.setdefault("MUSTER_LOG", settings_.LogFormat.TEXT)
    os.environ["MUSTER_BACKUP_DIR"] = str(folder / demo_stories.COPIES)
    settings = settings_.Settings()
    try:
        demo_stories.refuse_taken(settings)
    except errors.RuleBroken as refusal:
        _refuse(refusal)
    signal.signal(signal.SIGTERM, _leave)  # however it is ended: what runs beside is ended too

    def ready() -> None:
        print(f"\nMuster: {settings.address}\n")
        for username, words in demo_accounts.WHO:
            print(f"  {username:18} {words}")
        print(f"\n  password of all: {demo_stories.demo_password('')}")
        print("\nSign in now: the stories are played while you look. Ctrl+C ends it.\n", flush=True)

    print("Making the database and starting the server", flush=True)
    with demo_stories.running(settings, ready):
        store = stores.open_store(url)
        schema.require(store)
        store.dispose()
        run(settings)


def _leave(*_signal: object) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    cli()
