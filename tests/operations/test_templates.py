"""Templates: shipped ones are there, new versions leave operations alone, and a start lays everything out at once."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from operations import worklist_entries
from operations.catalogue.kpis import Kpi
from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.languages import LOCALES
from operations.core.people import System
from operations.core.store import Store
from operations.core.vocabulary import OperationState, OperationType, PhaseKind
from operations.policing.calendar import tasks, timeline
from operations.policing.operation import membership, oplan, plan, targets
from operations.support import requests
from operations.templates import library
from operations.templates.content import Content, days_of, localised, needs_of, phases_of
from operations.templates.instantiation import StartDraft, start
from operations.templates.outlines import outline
from tests.people import account, actor

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def shipped(store: Store, kind: str = "border_stop") -> library.Template:
    with store.reading(actor("ana")) as session:
        return next(each for each in library.templates(session) if each.kind == kind)


def start_draft(store: Store, **changes: Any) -> StartDraft:
    content = {
        "id": new_id(),
        "template": shipped(store).id,
        "code_name": "Adwenpa VI",
        "first_day": date(2026, 3, 30),
        "zone": "Africa/Niamey",
        "countries": ["NER", "MLI"],
    }
    return parse(StartDraft, content | changes)


def started(store: Store, draft: StartDraft, name: str = "ana") -> plan.Operation:
    with clock.at(AT), store.unit_of_work(actor(name)) as session:
        return start(session, draft, actor(name))


def test_why_and_until_when_is_asked_at_the_beginning(cast):
    why = {"reason_to_open": "More altered passports.", "measured_goal": "2,000 checks", "end_criterion": "Ten days."}
    made = started(cast, start_draft(cast, **why))
    assert {name: getattr(made, name) for name in why} == why


def test_one_template_of_each_kind_comes_with_muster_and_reads_in_four_languages(store: Store) -> None:
    with store.reading(actor("ana")) as session:
        found = library.templates(session)
        contents = [library.content_of(each) for each in found]
    assert [each.kind for each in found] == [kind.value for kind in OperationType]
    for content in contents:
        for told in (content.name, content.aim, *(task.title for task in content.tasks)):
            assert len({localised(told, locale) for locale in LOCALES}) == len(LOCALES)


@pytest.mark.parametrize("name", ["chaima", "bruno", "otto", "ada", "dov"])
def test_who_makes_no_operations_sees_no_templates(store: Store, name: str) -> None:
    with store.reading(actor(name)) as session:
        assert library.templates(session) == []


def test_a_start_lays_out_phases_tasks_scheme_targets_and_invitations_in_one_unit_of_work(cast: Store) -> None:
    made = started(cast, start_draft(cast))
    with cast.reading(System()) as session:
        ana = membership.actor(session, account("ana"))
    assert ana is not None
    with cast.reading(ana) as session:
        assert plan.operation(session, made.id, ana).line_kinds == ["check_tally", "hit", "arrest", "document_seizure"]
        phases = plan.phases(session, made.id)
        assert [phase.kind for phase in phases] == ["preparation", "training", "operational", "debrief", "evaluation"]
        action = next(phase for phase in phases if phase.kind == PhaseKind.OPERATIONAL)
        assert (action.starts, action.ends) == (
            datetime(2026, 3, 29, 23, tzinfo=UTC),  # midnight in Niamey
            datetime(2026, 4, 3, 23, tzinfo=UTC),
        )
        assert [each.country for each in plan.participations(session, made.id)] == ["MLI", "NER"]
        assert targets.targets(session, made.id)[Kpi.DATABASE_CHECKS].value == 50_000
        laid = tasks.tasks(session, made.id)
        assert len(laid) == 6
        assert {task.phase_id for task in laid} <= {phase.id for phase in phases}
        assert laid[-1].due.hour == 17  # six in the evening in Niamey
        acts = {entry.act for entry in journal.latest(session, made.id)}
    assert {"operation.create", "phase.schedule", "task.add", "target.set", "participation.invite"} <= acts
    assert "template.start" in acts


@pytest.mark.parametrize(
    ("choice", "count", "late"), [({}, 6, 0), ({"past_tasks": "keep"}, 6, 4), ({"past_tasks": "drop"}, 2, 0)]
)
def test_tasks_whose_day_is_over_are_moved_to_the_first_day_kept_or_left_out(
    cast: Store, choice: dict[str, str], count: int, late: int
) -> None:
    made = started(cast, start_draft(cast, first_day=AT.date(), **choice))
    with cast.reading(actor("ana", made.id)) as session:
        laid = tasks.tasks(session, made.id)
        phases = {phase.id: phase for phase in plan.phases(session, made.id)}
    assert (len(laid), sum(task.due < AT for task in laid)) == (count, late)
    for task in laid:
        if task.phase_id is not None:
            assert phases[task.phase_id].starts <= task.due <= phases[task.phase_id].ends
    if not choice:
        evening = datetime(2026, 1, 5, 23, tzinfo=UTC)  # the end of the first day in Niamey
        assert [task.due for task in laid].count(evening) == 4


def test_where_the_first_day_is_over_too_past_tasks_are_due_today(cast: Store) -> None:
    made = started(cast, start_draft(cast, first_day=date(2025, 12, 1)))
    with cast.reading(actor("ana", made.id)) as session:
        laid = tasks.tasks(session, made.id)
    assert min(task.due for task in laid) == datetime(2026, 1, 5, 23, tzinfo=UTC)


def test_the_plan_begins_with_a_text_in_every_section_that_still_has_to_be_completed(cast: Store) -> None:
    made = started(cast, start_draft(cast))
    ana = actor("ana", made.id)
    with cast.reading(ana) as session:
        found = oplan.sections(session, made.id)
        assert oplan.unfinished(session, made.id) == list(oplan.SECTIONS)
    assert list(found) == list(oplan.SECTIONS)
    assert {each.state for each in found.values()} == {"open"}
    aim = found["aim_objectives"]
    assert "stolen and lost travel documents" in aim.text
    done = {"id": new_id(), "section": "aim_objectives", "state": "complete", "supersedes_id": aim.id}
    with pytest.raises(RuleBroken, match="what stands in") as refused:
        parse(oplan.SectionDraft, done | {"text": aim.text})
    assert refused.value.flaws[0].field == "text"
    with cast.unit_of_work(ana) as session:
        oplan.write(session, made.id, [parse(oplan.SectionDraft, done | {"text": "Find stolen documents."})], ana)
        assert len(oplan.unfinished(session, made.id)) == 13


@pytest.mark.parametrize("kind", list(OperationType))
def test_what_comes_with_muster_for_a_plan_fits_into_its_sections_and_says_what_to_fill_in(kind: OperationType) -> None:
    texts = outline(kind)
    assert set(texts) == set(oplan.SECTIONS)
    for section, text in texts.items():
        draft = parse(oplan.SectionDraft, {"id": new_id(), "section": section, "text": text})
        assert draft.text == text
        assert "[" in text or section == "fundamental_rights"
    assert len({tuple(sorted(outline(each).items())) for each in OperationType}) == len(OperationType)


def test_a_template_keeps_its_own_texts_for_the_plan_once_they_were_changed(cast: Store) -> None:
    kept = saved(cast, shipped(cast), oplan={"situation": "Known from last year: [number] cases.", "area": ""})
    made = started(cast, start_draft(cast, template=kept.id))
    with cast.reading(actor("ana", made.id)) as session:
        found = oplan.sections(session, made.id)
    assert {code: each.text for code, each in found.items()} == {"situation": "Known from last year: [number] cases."}
    with pytest.raises(RuleBroken):
        parse(Content, kept.content | {"oplan": {"no_such_section": "x"}})


def test_a_task_that_is_due_before_its_phase_lies_in_none(cast: Store) -> None:
    with cast.reading(actor("ana")) as session:
        template = next(each for each in library.templates(session) if each.kind == "fugitive")
    made = started(cast, start_draft(cast, template=template.id))
    with cast.reading(System()) as session:
        lines = timeline.lines(session, made.id)
        assert lines.clashes() == []
        assert [bar.phase for bar in lines.bars.values() if not bar.is_phase].count(None) == 1


NIAMEY = {"country": "NER", "place": "Niamey", "lat": 13.5137, "lon": 2.1098}


def test_the_approval_overtakes_writing_the_plan_and_nothing_else_of_the_preparation(cast: Store) -> None:
    """It leaves the list of what waits; its task stays on the board."""
    titles = ["Write the operational plan and send it to the countries"]
    made = started(cast, start_draft(cast))
    ana = actor("ana", made.id)

    def waits(state: OperationState) -> set[str]:
        with cast.unit_of_work(System()) as session:
            session.get_one(plan.Operation, made.id).state = state.value
        with clock.at(AT), cast.reading(ana) as session:
            return {
                str(each.params["title"]) for each in worklist_entries.waiting(session, ana, AT) if each.noun == "task"
            }

    drafted, approved = waits(OperationState.DRAFT), waits(OperationState.APPROVED)
    assert sorted(drafted - approved) == titles
    assert approved < drafted
    with clock.at(AT), cast.reading(ana) as session:
        assert titles[0] in {each.title for each in tasks.tasks(session, made.id)}


def test_the_teams_of_a_template_are_asked_for_where_they_are_to_go(cast: Store) -> None:
    made = started(cast, start_draft(cast, teams_to=NIAMEY))
    with cast.reading(System()) as session:
        [asked] = requests.requests(session, made.id)
        [need] = requests.needs(session, made.id)[asked.id]
    assert (asked.title, asked.host_country, asked.place, asked.country) == ("Border STOP", "NER", "Niamey", None)
    assert asked.lat == 13.5  # generalised
    assert (need.specialism, need.teams, need.certificates) == ("document_examiner", 2, ["document_officer"])
    assert (need.starts, need.ends) == (datetime(2026, 3, 29, 23, tzinfo=UTC), datetime(2026, 4, 3, 23, tzinfo=UTC))


def test_without_a_place_no_teams_are_asked_for_and_another_country_is_refused(cast: Store) -> None:
    made = started(cast, start_draft(cast))
    with cast.reading(System()) as session:
        assert requests.requests(session, made.id) == []
    elsewhere = start_draft(cast, code_name="Adwenpa IX", teams_to=NIAMEY | {"country": "BEN"})
    with pytest.raises(RuleBroken, match="a country that is invited") as refused:
        started(cast, elsewhere)
    assert refused.value.flaws[0].field == "teams_to.country"


def test_a_need_of_no_phase_counts_from_the_first_day_of_action(cast: Store) -> None:
    content = library.content_of(shipped(cast, "regional"))
    first, second = needs_of(content, new_id(), date(2026, 3, 30), "UTC", time(0))
    assert first.starts == second.starts == datetime(2026, 3, 30, tzinfo=UTC)


def test_a_second_identical_start_changes_nothing_and_another_one_is_a_conflict(cast: Store) -> None:
    draft = start_draft(cast)
    first = started(cast, draft)
    with cast.reading(System()) as session:
        before = journal.pulse(session)
    with cast.reading(System()) as session:
        ana = membership.actor(session, account("ana"))
    assert ana is not None
    with cast.unit_of_work(ana) as session:
        assert start(session, draft, ana).id == first.id
    with cast.reading(System()) as session:
        assert journal.pulse(session) == before
    with cast.unit_of_work(ana) as session, pytest.raises(Conflict):
        start(session, draft.model_copy(update={"code_name": "Another"}), ana)


def test_a_start_that_a_rule_refuses_leaves_nothing_behind(cast: Store) -> None:
    started(cast, start_draft(cast))
    with pytest.raises(RuleBroken, match="are taken") as refused:
        started(cast, start_draft(cast))
    assert refused.value.flaws[0].field == "code_name"
    with cast.reading(System()) as session:
        assert len(plan.operations(session, actor("lena"))) == 1


@pytest.mark.parametrize("name", ["lena", "chaima", "dov"])
def test_only_a_coordinator_starts(cast: Store, name: str) -> None:
    with pytest.raises(NotFound):
        started(cast, start_draft(cast), name)


def test_phases_begin_at_midnight_on_both_sides_of_a_change_of_clocks(store: Store) -> None:
    content = library.content_of(shipped(store))
    paris = phases_of(content, new_id(), date(2026, 3, 30), "Europe/Paris", plan.time(0), "fr")
    by_kind = {phase.kind: phase for phase in paris}
    assert by_kind[PhaseKind.PREPARATION].starts == datetime(2026, 2, 10, 23, tzinfo=UTC)  # winter
    assert by_kind[PhaseKind.OPERATIONAL].starts == datetime(2026, 3, 29, 22, tzinfo=UTC)  # summer since that night
    assert by_kind[PhaseKind.TRAINING].name == "Formation"


def test_days_follow_each_other_with_their_gaps() -> None:
    content = Content.model_validate(
        {
            "kind": "regional",
            "name": "Two weeks",
            "crime_scope": ["other"],
            "phases": [
                {"kind": "training", "days": 2},
                {"kind": "operational", "days": 5, "gap": 3},
                {"kind": "debrief", "days": 1},
            ],
        }
    )
    days = days_of(content, date(2026, 6, 10))
    assert [(each.first.day, each.after.day) for each in days] == [(5, 7), (10, 15), (15, 16)]


def saved(store: Store, before: library.Template, by: str = "ana", **changes: Any) -> library.Template:
    content = before.content | changes
    draft = library.TemplateDraft(
        id=new_id(), template_id=before.template_id, supersedes_id=before.id, content=Content.model_validate(content)
    )
    with store.unit_of_work(actor(by)) as session:
        return library.save(session, draft, actor(by))


def test_a_change_makes_a_version_and_operations_keep_what_they_were_started_from(cast: Store) -> None:
    first = shipped(cast)
    made = started(cast, start_draft(cast))
    second = saved(cast, first, phases=[{"kind": "operational", "days": 3}], tasks=[], needs=[])
    assert (second.version, second.supersedes_id) == (2, first.id)
    with cast.reading(actor("ana", made.id)) as session:
        assert len(plan.phases(session, made.id)) == 5
        assert [each.version for each in library.history(session, first.template_id)] == [2, 1]
        assert [each.id for each in library.templates(session) if each.kind == "border_stop"] == [second.id]
    with pytest.raises(Conflict):
        saved(cast, first, name="Late")


def test_a_version_of_a_template_is_saved_once_and_one_out_of_use_starts_nothing(cast: Store) -> None:
    first, begun = shipped(cast), start_draft(cast)
    draft = library.TemplateDraft(
        id=new_id(),
        template_id=first.template_id,
        supersedes_id=first.id,
        content=library.content_of(first),
        retired=True,
    )
    with cast.unit_of_work(actor("ana")) as session:
        assert library.save(session, draft, actor("ana")).id == library.save(session, draft, actor("ana")).id
        with pytest.raises(Conflict, match="This version of the template was already saved with other content"):
            library.save(session, draft.model_copy(update={"retired": False}), actor("ana"))
    with pytest.raises(RuleBroken, match="This template is out of use: choose another"):
        started(cast, begun.model_copy(update={"template": draft.id}))


def test_a_template_stays_of_its_kind(store: Store) -> None:
    with pytest.raises(RuleBroken, match="You cannot change the kind"):
        saved(store, shipped(store), kind="regional")


@pytest.mark.parametrize("name", ["lena", "chaima", "ada"])
def test_only_coordinators_change_templates(store: Store, name: str) -> None:
    with pytest.raises(NotFound):
        saved(store, shipped(store), by=name)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"phases": [{"kind": "training", "days": 2}], "tasks": []}, "A template needs an operational phase"),
        ({"tasks": [{"title": "Brief", "phase": 9}]}, "does not have"),
        ({"targets": [{"kpi": "K31", "value": 120}]}, "percentage"),
    ],
)
def test_what_does_not_fit_together_is_refused_in_a_sentence(
    store: Store, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        parse(Content, shipped(store).content | changes)


def test_a_shipped_text_is_english_with_translations_in_files() -> None:
    name = {"en": "Border STOP"}
    assert [localised(name, locale) for locale in ("fr", "xx")] == ["STOP aux frontières", "Border STOP"]
    assert localised({"en": "Nobody translated this"}, "fr") == "Nobody translated this"
