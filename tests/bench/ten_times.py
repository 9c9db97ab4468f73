"""Ten times the demo, made through the verbs once and kept in build/.

90 countries, 450 sites, 300 days and 10,000 reports; beside them are 300 tasks, 1,000 posts of the programme and 48
small operations. It is made again when this file or the schema changes.
"""

import hashlib
import json
import shutil
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random
from uuid import UUID

from sqlmodel import Session

from geodata.ground import reference
from geodata.ground import sites as bundled
from operations.core import schema
from operations.core.drafts import parse
from operations.core.people import Actor, System
from operations.core.store import Store, open_store
from operations.core.vocabulary import OperationState, OperationType
from operations.policing.calendar import tasks
from operations.posts import register
from operations.totals import checkpoints
from scenarios import generator, player
from scenarios.invention import seeded
from scenarios.planning import StorySite
from scenarios.script_language import Scenario, Title
from scenarios.story import Story

COUNTRIES, SITES, DAYS, REPORTS, TASKS, POSTS, OTHERS = 90, 5, 300, 10_000, 300, 1_000, 48
FIRST_DAY = date(2026, 1, 5)
FOLDER = Path("build")


def countries() -> list[str]:
    """Those with enough bundled places, in the order of the alphabet."""
    many = bundled.sites().groupby("iso3").size()
    return sorted(many[many >= 2 * SITES].index)[:COUNTRIES]


def made() -> tuple[Path, UUID]:
    """The database and its wide operation; made first where there is none."""
    told = Path(__file__).read_bytes() + b"".join(each.file.read_bytes() for each in schema.migrations("sqlite"))
    target = FOLDER / f"ten_times-{hashlib.sha256(told).hexdigest()[:12]}.sqlite"
    about = target.with_suffix(".json")
    if not about.exists():
        FOLDER.mkdir(exist_ok=True)
        growing = target.with_suffix(".growing")
        growing.unlink(missing_ok=True)
        store = open_store(f"sqlite:///{growing}", behind=True)
        schema.upgrade(store)
        operation = _play(store)
        with store.engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        store.dispose()
        shutil.move(growing, target)
        about.write_text(json.dumps(str(operation)))
    return target, UUID(json.loads(about.read_text()))


def _play(store: Store) -> UUID:
    told = _composed(FIRST_DAY)
    played = player.play(store, told)
    assert not played.refused, played.refused[:3]
    _keep_checkpoints(store, told.operation)
    for number, country in enumerate(countries()[:OTHERS]):
        generator.an_operation(store, [country], 1, 3, FIRST_DAY + timedelta(days=number))
    return told.operation


def _composed(day: date) -> Scenario:
    about = Title(
        "ten_times", "Ten times the demo", OperationType.REGIONAL, "An operation for measurements.", (), (), ""
    )
    story = Story(about, "UTC", day, day, _composed)
    chance = seeded("ten_times")
    placed: list[StorySite] = list(generator._plan(story, countries(), dict.fromkeys(countries(), SITES), DAYS))
    story.move(story.at(0, "00:00"), OperationState.ACTIVE)
    seen: set[tuple[UUID, int]] = set()
    while len(seen) < REPORTS:
        where, number = chance.choice(placed), chance.randrange(DAYS)
        if (where.id, number) not in seen:
            seen.add((where.id, number))
            _report(story, where, number, chance)
    _tasks(story)
    _posts(story)
    return story.told()


def _report(story: Story, where: StorySite, number: int, chance: Random) -> None:
    starts = datetime.combine(story.first_day + timedelta(days=number), time(1), UTC)
    ends = starts + timedelta(hours=10)
    lines = [generator.a_line(chance, starts, ends) for _ in range(chance.randint(2, 6))]
    sent = story.later(ends, 4, 55)
    version = story.report(where, starts, ends, lines, sent=sent)
    if chance.random() < 0.8:
        story.climb_soon(version)


def _keep_checkpoints(store: Store, operation: UUID) -> None:
    """What the timetable does in its looks."""
    kept = True
    while kept:
        with store.unit_of_work(System()) as session:
            kept = checkpoints.checkpoint(session, operation) is not None


def _tasks(story: Story) -> None:
    every = countries()
    for number in range(TASKS):
        content = {"id": story.identifier("task", number), "title": f"Task {number}", "starts": None}
        due = story.at(number % DAYS + 1, "12:00")
        draft = parse(tasks.TaskDraft, content | {"due": due, "country": every[number % COUNTRIES]})
        story.does(
            story.at(-5, "09:00"),
            "coordinator",
            f"add task {number}",
            partial(_adds, story.operation, draft),
        )


def _adds(operation: UUID, draft: tasks.TaskDraft, session: Session, by: Actor) -> None:
    tasks.add(session, operation, draft, by)


def _posts(story: Story) -> None:
    airports = reference.airports()
    known = airports[airports["iso3"].isin(countries()) & (airports["timezone"] != "")]
    for row in known.drop_duplicates(["iso3", "name"]).head(POSTS).itertuples():
        content = {
            "id": story.identifier("post", row.ident),
            "country": row.iso3,
            "name": row.name,
            "site_type": "airport",
            "border_kind": "air",
            "lat": row.lat,
            "lon": row.lon,
            "zone": row.timezone,
            "near": [],
            "ref": f"airport:{row.ident}",
        }
        draft = parse(register.PostDraft, content)
        story.does(
            story.at(-4, "09:00"), f"coordinator.{row.iso3.lower()}", "register a post", partial(_registers, draft)
        )


def _registers(draft: register.PostDraft, session: Session, by: Actor) -> None:
    register.register(session, draft, by)
