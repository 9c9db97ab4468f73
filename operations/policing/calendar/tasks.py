"""Tasks of an operation: owner, due time, checklist and state (issue 4; scope: domain 5.2, OPLAN).

A task belongs to a person, to a country, or to a role; a role of a country needs the country beside it. The coordinator
plans and assigns tasks; a country reassigns its own; the owner works on it. Nothing is deleted: a task no longer needed
is cancelled. Only readers of the task read its texts: the journal holds none of them, and calendars hold titles only
where the operation has the lowest marking.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID, uuid5

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session, col, select

from operations.core import journal, pulse, rows, state_machine
from operations.core.clock import now
from operations.core.drafts import FIELD, Draft, Heading, Moment, Words, reason, rule
from operations.core.errors import NotFound, NotPermitted, RuleBroken, Stale
from operations.core.field_labels import N_, Label
from operations.core.ids import fingerprint
from operations.core.noun import Noun
from operations.core.people import NATIONAL_ROLES, Account, Actor
from operations.core.permissions import GRANTS, Act, Subject, require
from operations.core.store import unscoped
from operations.core.vocabulary import Country, OperationState, Role, TaskState
from operations.core.worklist import CandidateRow
from operations.policing.calendar.task_rows import LIFE, ChecklistStep, Task, TaskFacts, _lets, mine
from operations.policing.map_plan import places
from operations.policing.operation import membership, plan

_TIMES_ORDER = rule("task_reversed", "The task must be due after it begins.")
_NOBODY = rule("task_unowned", "Say who does it: a role, a country or a person.")
_WHICH_COUNTRY = rule("task_of_no_country", "Choose the country: this role exists in every one.")

# ---------------------------------------------------------------------------------------------------- drafts


class Owner(Draft):
    """The owner of a task: a person, a country, or a role (of a country where it is a national one)."""

    role: Role | None = None
    country: Country | None = None
    account_id: UUID | None = None

    @model_validator(mode="after")
    def _somebody(self) -> "Owner":
        if self.role is None and self.country is None and self.account_id is None:
            raise PydanticCustomError(_NOBODY, "nobody", {FIELD: "role"})
        if self.role in NATIONAL_ROLES and self.country is None and self.account_id is None:
            raise PydanticCustomError(_WHICH_COUNTRY, "no country", {FIELD: "country"})
        return self


class Times(Draft):
    """The times of a task: when work begins and when it is due, as aware moments, the due one later."""

    starts: Annotated[
        Moment | None,
        Label(
            N_("Begins on"),
            N_("Empty: a task without a length."),
            parts=(N_("Begins on"), N_("Begins at")),
        ),
    ] = None
    due: Annotated[Moment, Label(N_("Due on"), N_("local time in {zone}"), parts=(N_("Due on"), N_("Due at")))]

    @model_validator(mode="after")
    def _in_order(self) -> "Times":
        if self.starts is not None and self.due <= self.starts:
            raise PydanticCustomError(_TIMES_ORDER, "task reversed", {FIELD: "due"})
        return self


class TaskDraft(Owner, Times):
    """Draft of a task: title, times, owner, phase, site, and the lines of its checklist."""

    id: UUID
    title: Annotated[Heading, Label(N_("What is to be done"))]
    phase_id: Annotated[UUID | None, Label(N_("Phase"))] = None
    site_id: Annotated[UUID | None, Label(N_("Site"))] = None
    note: Annotated[Words, Label(N_("Note"))] = ""
    steps: Annotated[
        tuple[Heading, ...], Rule(max_length=40), Label(N_("Checklist"), N_("One line for each point."), draws="words")
    ] = ()
    until_state: Annotated[OperationState | None, Label(N_("Until the operation is"), typed=False)] = None


# ------------------------------------------------------------------------------------------------- questions


@LIFE.rows
def _in_states(session: Session, by: Actor, states: Iterable[str], owners: Mapping[UUID, Any]) -> list[CandidateRow]:
    """Return tasks as candidates for the worklist.

    Checklists are left out: an open line never hinders an owner from reporting a block.
    """
    query = select(Task).where(col(Task.state).in_(states), col(Task.operation_id).in_(owners.keys()))
    return [
        CandidateRow(
            task, TaskFacts(_subject(owners[task.operation_id], task, by), ()), task.operation_id, {"title": task.title}
        )
        for task in session.exec(query)
        if not overtaken(task, owners[task.operation_id])
    ]


def overtaken(task: Task, operation: plan.Operation) -> bool:
    """Whether nobody is asked to do it any more. It stays on the board as it is, for whoever looks back.

    Its day was over before the operation was made, or is since it ended; or the operation is where it was to lead.
    """
    reached = task.until_state is not None and operation.state not in _BEFORE[OperationState(task.until_state)]
    return reached or task.due <= operation.created_at or (operation.state in plan.ENDED and task.due <= now())


_BEFORE = {state: tuple(OperationState)[:place] for place, state in enumerate(OperationState)}


def tasks(session: Session, operation_id: UUID) -> list[Task]:
    """Return the tasks of an operation that the asker may see, by due time."""
    query = select(Task).where(Task.operation_id == operation_id)
    return list(session.exec(query.order_by(col(Task.due), col(Task.id))))


def task(session: Session, task_id: UUID) -> Task:
    """Return the task. Raises NotFound."""
    return rows.one(session, Task, task_id)


def steps(session: Session, operation_id: UUID) -> dict[UUID, list[ChecklistStep]]:
    """Return the checklists of the operation's tasks, by task."""
    query = (
        select(ChecklistStep)
        .join(Task, col(Task.id) == col(ChecklistStep.task_id))
        .where(Task.operation_id == operation_id)
    )
    found: dict[UUID, list[ChecklistStep]] = {}
    for step in session.exec(query.order_by(col(ChecklistStep.place))):
        found.setdefault(step.task_id, []).append(step)
    return found


def subject(session: Session, task: Task, by: Actor) -> Subject:
    """Return the permission subject of a task.

    A task that an officer owns counts as one of the own unit, wherever it is.
    """
    return _subject(plan.operation(session, task.operation_id, by), task, by)


def offers(
    session: Session, task: Task, lines: Sequence[ChecklistStep], by: Actor
) -> list[state_machine.StepOffer[TaskState]]:
    """Return the steps `by` may take with a task now. `lines` are those of its checklist."""
    return LIFE.offers(task, TaskFacts(subject(session, task, by), lines), by)


def _subject(operation: plan.Operation, task: Task, by: Actor) -> Subject:
    site = task.site_id
    if site not in by.sites and mine(task, by):
        site = next(iter(by.sites), site)
    return plan.subject(operation, task.country, site)


# ----------------------------------------------------------------------------------------------------- verbs


def _record(session: Session, by: Actor, act: str, kind: str, of: Task, /, **detail: Any) -> None:
    journal.record(session, by, act, kind, of.id, operation=of.operation_id, country=of.country, **detail)


TASK = Noun(
    Task,
    "task",
    _record,
    N_("This task was already added with other content. Reload the page to see it."),
    LIFE,
)
_CLOSED = (OperationState.ARCHIVED.value, OperationState.CANCELLED.value)
_WORKERS = GRANTS[Act.TASK_WORK].keys()


def add(session: Session, operation_id: UUID, draft: TaskDraft, by: Actor) -> Task:
    """Add a task to the operation.

    Idempotent: the same draft again returns the task, also where it was assigned or moved since. The same id with other
    content raises Conflict.
    """
    owner = plan.operation(session, operation_id, by)
    require(by, Act.TASK_PLAN, plan.subject(owner, draft.country))
    said = {"operation_id": operation_id, "draft_hash": fingerprint(draft.model_dump(mode="json"))}
    if known := TASK.known(session, {"id": draft.id, **said}):
        return known
    _refuse_closed(owner)
    columns = {**draft.model_dump(exclude={"steps"}), **said, **_owner(session, owner, draft)}
    columns["until_state"] = None if draft.until_state is None else draft.until_state.value
    if draft.phase_id is not None:
        _refuse_other_phase(session, operation_id, draft.phase_id)
    if draft.site_id is not None:
        columns["country"] = _country_at(session, operation_id, draft.site_id, columns["country"])
    made = TASK.store(session, by, columns)
    session.flush()
    for place, text in enumerate(draft.steps):
        session.add(ChecklistStep(id=uuid5(made.id, f"step {place}"), task_id=made.id, place=place, text=text))
    TASK.entry(session, by, "task.add", made, due=made.due.isoformat())
    return made


def edit(session: Session, draft: TaskDraft, by: Actor, version: int) -> Task:
    """Change the content and the times of a task. `version` is the one that was on the screen.

    Its owner changes by `assign`, its checklist by `tick`. Raises Conflict when somebody changed it meanwhile.
    """
    found, _operation = _hold(session, draft.id, by, Act.TASK_PLAN)
    _refuse_stale(found, version)
    if found.ended:
        raise RuleBroken("", "This task has ended: reopen it before you change it.")
    if draft.phase_id is not None:
        _refuse_other_phase(session, found.operation_id, draft.phase_id)
    if draft.site_id is not None:
        _country_at(session, found.operation_id, draft.site_id, found.country)
    changed = []
    for name in ("title", "note", "phase_id", "site_id", "starts", "due"):
        if getattr(found, name) != (value := getattr(draft, name)):
            setattr(found, name, value)
            changed.append(name)
    return _keep(session, by, "task.edit", found, changed=changed) if changed else found


def move(session: Session, task_id: UUID, times: Times, by: Actor, version: int | None = None) -> Task:
    """Move a task to other times. Raises Conflict where `version` is not the current one."""
    found, _operation = _hold(session, task_id, by, Act.TASK_PLAN)
    _refuse_stale(found, version)
    if found.ended:
        raise RuleBroken("", "This task has ended: reopen it before you move it.")
    if (found.starts, found.due) == (times.starts, times.due):
        return found
    before = found.due
    found.starts, found.due = times.starts, times.due
    return _keep(session, by, "task.move", found, due=found.due.isoformat(), before=before.isoformat())


def leave_phase(session: Session, task_id: UUID, by: Actor) -> Task:
    """Take a task out of its phase; its times stay. The same again changes nothing."""
    found, _operation = _hold(session, task_id, by, Act.TASK_PLAN)
    if found.phase_id is None:
        return found
    found.phase_id = None
    return _keep(session, by, "task.edit", found, changed=["phase_id"])


def assign(session: Session, task_id: UUID, to: Owner, by: Actor) -> Task:
    """Assign a task to another owner. A country assigns only its own tasks, and only to its own people."""
    found, operation = _hold(session, task_id, by, Act.TASK_ASSIGN)
    wanted = _owner(session, operation, to)
    if by.national and wanted["country"] != by.country:
        raise NotFound
    if found.site_id is not None:
        wanted["country"] = _country_at(session, found.operation_id, found.site_id, wanted["country"])
    if all(getattr(found, name) == value for name, value in wanted.items()):
        return found
    audience = pulse.CENTRE | pulse.countries(found.country, wanted["country"])
    for name, value in wanted.items():
        setattr(found, name, value)
    person = found.account_id is not None
    return _keep(session, by, "task.assign", found, audience=audience, role=found.role, person=person)


def take(session: Session, task_id: UUID, verb: str, by: Actor, why: str = "") -> Task:
    """Take a step of a task's state machine, by its verb ("task.start"). Idempotent.

    Raises RuleBroken with every obstacle, also for an unknown verb.
    """
    step = LIFE.goes(verb)
    found, operation = _hold(session, task_id, by, step.act)
    why = reason(why) if step.why else ""
    if (found.state, found.reason) == (step.after, why):
        return found
    lines = session.exec(select(ChecklistStep).where(ChecklistStep.task_id == found.id)).all()
    was = found.state
    LIFE.take(found, TaskFacts(_subject(operation, found, by), lines), step.after, by, why)
    found.reason = why
    found.done_at = now() if step.after is TaskState.DONE else None
    return _keep(session, by, step.verb, found, before=was, reason=why)


def start(session: Session, task_id: UUID, by: Actor) -> Task:
    """Start a task, or resume a blocked one."""
    return take(session, task_id, "task.start", by)


def finish(session: Session, task_id: UUID, by: Actor) -> Task:
    """Mark a task as done. Raises RuleBroken while a line of its checklist is not ticked."""
    return take(session, task_id, "task.finish", by)


def block(session: Session, task_id: UUID, why: str, by: Actor) -> Task:
    """Mark a task as blocked, with the reason."""
    return take(session, task_id, "task.block", by, why)


def reopen(session: Session, task_id: UUID, by: Actor) -> Task:
    """Reopen a task."""
    return take(session, task_id, "task.reopen", by)


def cancel(session: Session, task_id: UUID, why: str, by: Actor) -> Task:
    """Cancel a task, with the reason. It stays on record."""
    return take(session, task_id, "task.cancel", by, why)


def tick(session: Session, step_id: UUID, by: Actor, *, done: bool = True) -> ChecklistStep:
    """Tick a line of a checklist, or untick it. Idempotent."""
    step = rows.hold(session, ChecklistStep, step_id)
    found, _operation = _hold(session, step.task_id, by, Act.TASK_WORK)
    if found.ended:
        raise RuleBroken("", "This task has ended: reopen it before you change its checklist.")
    if (step.done_at is not None) != done:
        step.done_at, step.done_by = (now(), by.name) if done else (None, "")
        session.add(step)
        TASK.entry(session, by, "task.tick", found, done=done)
    return step


# --------------------------------------------------------------------------------------------------- internal


def _hold(session: Session, task_id: UUID, by: Actor, act: Act) -> tuple[Task, plan.Operation]:
    """Return the task, locked for update, and its operation. Raises NotPermitted where `by` may not do `act` to it."""
    found = TASK.hold(session, task_id)
    owner = plan.operation(session, found.operation_id, by)
    if not _lets(found, _subject(owner, found, by), act, by):
        raise NotPermitted
    _refuse_closed(owner)
    return found, owner


def _owner(session: Session, operation: plan.Operation, to: Owner) -> dict[str, Any]:
    """Return the columns of an owner who exists and belongs to the operation.

    Raises RuleBroken on the field that is wrong.
    """
    role, country = to.role, to.country
    if to.account_id is not None:
        account = session.exec(select(Account).where(Account.id == to.account_id)).one_or_none()
        if account is None or account.disabled_at is not None:
            raise RuleBroken("account_id", "There is no such person: choose another.")
        role, country = Role(account.role), account.country
        if role not in NATIONAL_ROLES and not membership.works_for(session, account.id, operation.id):
            raise RuleBroken("account_id", "This person does not work for the operation: assign the person first.")
    if role is not None and role not in _WORKERS:
        raise RuleBroken("role", "This role does no tasks. Choose another.")
    if role is not None and role not in NATIONAL_ROLES:
        country = None
    if country is not None and not _invited(session, operation.id, country):
        raise RuleBroken("country", "This country does not take part in the operation: invite it first.")
    return {"role": None if role is None else role.value, "country": country, "account_id": to.account_id}


def _invited(session: Session, operation_id: UUID, country: str) -> bool:
    query = select(plan.Participation.state).where(
        plan.Participation.operation_id == operation_id, plan.Participation.country == country
    )
    state = session.exec(unscoped(query)).one_or_none()
    return state is not None and state not in plan.OUT


def _refuse_other_phase(session: Session, operation_id: UUID, phase_id: UUID) -> None:
    found = session.get(plan.Phase, phase_id)
    if found is None or found.operation_id != operation_id:
        raise RuleBroken("phase_id", "This phase is not one of the operation: choose another.")


places.ties(col(Task.site_id), ("country",), N_("A task of its country names this site: change that task first."))


def _country_at(session: Session, operation_id: UUID, site_id: UUID, country: str | None) -> str:
    """Return the country of a site of the operation, which must be the owner's. Raises RuleBroken on `site_id`."""
    found = session.exec(select(places.Site).where(places.Site.id == site_id)).one_or_none()
    if found is None or found.operation_id != operation_id:
        raise RuleBroken("site_id", "This site is not one of the operation: choose another.")
    if country not in (None, found.country):
        raise RuleBroken("site_id", "This site lies in another country than the owner: choose one of the own country.")
    return found.country


def _refuse_closed(operation: plan.Operation) -> None:
    if operation.state in _CLOSED:
        raise RuleBroken("", "The operation is closed. Its tasks can no longer change.")


def _refuse_stale(found: Task, version: int | None) -> None:
    if version is not None and found.version != version:
        raise Stale


def _keep(session: Session, by: Actor, act: str, found: Task, **detail: Any) -> Task:
    found.version += 1
    session.add(found)
    TASK.entry(session, by, act, found, **detail)
    return found
