"""Reviews of bureaus and posts: who takes which step, what a country reads and says, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken
from operations.modernisation import reviews
from operations.modernisation.review_rows import LIFE, REVIEW, Review, ReviewFinding, ReviewState
from operations.modernisation.withdrawal import Validity
from tests.makers import Running
from tests.modernisation import (
    AGREED,
    FOUND,
    ask_draft,
    asked,
    finding_draft,
    review_step,
    reviewed,
    visit_draft,
)
from tests.people import CAST
from tests.programme import BEGUN, does, post_of, reads

DAY = timedelta(days=1)


def taken(scene: Running, name: str, made: Review, to: str, words: str = "So it is.") -> Review:
    found: Review = does(scene, name, lambda session, by: reviews.take(session, made.id, ReviewState(to), by, words))
    return found


def comment(scene: Running, made: Review, by: str = "chaima", **changes: Any) -> Any:
    draft = reviews.FindingCommentDraft(**({"id": changes.pop("id", made.id), "words": "Cuts are planned."} | changes))
    return does(scene, by, reviews.comment, made.id, draft)


def test_from_the_question_to_what_follows(scene: Running) -> None:
    made = reviewed(scene, asked(scene, post_of(scene)), *AGREED)
    assert (made.visited_from, made.visited_to) == ((BEGUN - DAY).date(), BEGUN.date())
    assert made.agreed_at == BEGUN
    closed = taken(scene, "ana", made, "closed", "A project is proposed.")
    assert closed.reason == "A project is proposed."
    assert {each.state for each in reads(scene, "chaima", REVIEW.past, made.id)} == {"asked", *AGREED, "closed"}


def test_the_country_reads_findings_once_they_are_sent_and_comments_without_changing_them(scene: Running) -> None:
    made = reviewed(scene, asked(scene, post_of(scene)), "prepared", "visited")
    one = does(scene, "ana", reviews.write, made.id, finding_draft())
    assert reads(scene, "chaima", reviews.findings, made.id) == []
    with pytest.raises(RuleBroken, match="The country can comment only after the findings"):
        comment(scene, made)
    taken(scene, "ana", made, "found")
    [seen] = reads(scene, "chaima", reviews.findings, made.id)
    said = comment(scene, made, finding_id=one.id)
    assert comment(scene, made, finding_id=one.id).id == said.id
    with pytest.raises(Conflict):
        comment(scene, made, words="Otherwise.")
    with pytest.raises(NotPermitted):
        does(scene, "chaima", reviews.write, made.id, finding_draft())
    with pytest.raises(NotPermitted):
        does(scene, "chaima", lambda s, by: reviews.withdraw(s, one.id, Validity.WITHDRAWN, by, "No."))
    assert reads(scene, "ana", reviews.findings, made.id)[0].finding == seen.finding
    assert [each.words for each in reads(scene, "ana", reviews.comments, made.id)] == ["Cuts are planned."]
    taken(scene, "chaima", made, "agreed")
    with pytest.raises(RuleBroken, match="until it agrees"):
        comment(scene, made, id=one.id)


def test_what_is_taken_back_is_withdrawn_with_a_reason_and_sent_again(scene: Running) -> None:
    made = reviewed(scene, asked(scene, post_of(scene)), *FOUND)
    [one] = reads(scene, "ana", reviews.valid_findings, made.id)
    with pytest.raises(NotPermitted):  # it is with the country
        does(scene, "ana", lambda s, by: reviews.withdraw(s, one.id, Validity.WITHDRAWN, by, "Wrong."))
    taken(scene, "ana", made, "visited", "The battery was only unplugged.")
    assert reads(scene, "chaima", reviews.findings, made.id) == []
    gone = does(scene, "ana", lambda s, by: reviews.withdraw(s, one.id, Validity.WITHDRAWN, by, "Wrong."))
    assert (gone.state, gone.reason, gone.finding) == ("withdrawn", "Wrong.", one.finding)
    with pytest.raises(RuleBroken, match="No finding is written down yet"):
        taken(scene, "ana", made, "found")
    with pytest.raises(RuleBroken, match="withdrawn already"):
        does(scene, "ana", lambda s, by: reviews.withdraw(s, one.id, Validity.WITHDRAWN, by, "Wrong."))
    assert reviewed(scene, made, "found").state == "found"


def test_nobody_comments_a_finding_that_is_withdrawn(scene: Running) -> None:
    made = reviewed(scene, asked(scene, post_of(scene)), *FOUND)
    [gone] = reads(scene, "ana", reviews.valid_findings, made.id)
    taken(scene, "ana", made, "visited", "Written down wrongly.")
    stands = does(scene, "ana", reviews.write, made.id, finding_draft())
    does(scene, "ana", lambda s, by: reviews.withdraw(s, gone.id, Validity.WITHDRAWN, by, "Wrong."))
    taken(scene, "ana", made, "found")
    with pytest.raises(RuleBroken, match="Choose a finding of this review that was"):
        comment(scene, made, finding_id=gone.id)
    assert reads(scene, "ana", reviews.comments, made.id) == []
    assert comment(scene, made, finding_id=stands.id).finding_id == stands.id


def test_a_step_tells_since_when_it_waits(scene: Running) -> None:
    """Since when something waits, its deadline and who is told after that rest on it."""
    made = asked(scene, post_of(scene))
    assert made.moved_at == BEGUN
    moved = does(scene, "ana", review_step(made.id, "prepared"), at=BEGUN + DAY)
    assert (moved.state, moved.made_at, moved.moved_at) == ("prepared", BEGUN, BEGUN + DAY)


def test_who_takes_which_step_at_every_door(scene: Running) -> None:
    made = asked(scene, post_of(scene))
    steps = {"ana": {"prepared", "dropped"}, "chaima": {"refused"}}
    for name in CAST:
        by = scene[name]
        with scene.store.reading(by) as session:
            rows = session.exec(select(Review)).all()
            offered = {each.step.after.value for row in rows for each in REVIEW.offers(session, row, by)}
        assert offered == steps.get(name, set()), name
        for to in ("prepared", "refused"):
            if to not in offered:
                with pytest.raises(NotFound):  # NotPermitted looks the same
                    taken(scene, name, made, to)
    seen = {name for name in CAST if reads(scene, name, reviews.reviews)}
    assert seen == {"ana", "dov", "lena", "otto", "chaima"}
    with pytest.raises(NotFound):
        does(scene, "moussa", reviews.ask, ask_draft(post_of(scene, name="Gaya", ref="")))
    with pytest.raises(NotPermitted):
        does(scene, "chaima", reviews.visit, made.id, visit_draft())


def test_what_is_refused_is_said_and_nothing_is_lost(scene: Running) -> None:
    post = post_of(scene)
    with pytest.raises(RuleBroken, match="This day is in the past"):
        asked(scene, post, planned_for=(BEGUN - DAY).date())
    said = ask_draft(post)
    made = does(scene, "chaima", reviews.ask, said)
    assert does(scene, "chaima", reviews.ask, said).id == made.id
    with pytest.raises(Conflict):
        does(scene, "chaima", reviews.ask, said.model_copy(update={"purpose": "Other."}))
    with pytest.raises(RuleBroken, match="under way"):
        asked(scene, post)
    with pytest.raises(RuleBroken, match="Give the reason"):
        taken(scene, "ana", made, "prepared", " ")
    reviewed(scene, made, "prepared")
    with pytest.raises(RuleBroken, match="Give the days of the visit"):
        taken(scene, "ana", made, "visited")
    with pytest.raises(RuleBroken, match="in the future"):
        does(scene, "ana", reviews.visit, made.id, visit_draft(BEGUN + DAY))
    with pytest.raises(RuleBroken, match="You can write findings only after the visit"):
        does(scene, "ana", reviews.write, made.id, finding_draft())
    visit = visit_draft()
    for _again in range(2):
        assert does(scene, "ana", reviews.visit, made.id, visit).state == "visited"
    with pytest.raises(RuleBroken, match="Choose the area"):
        does(scene, "ana", reviews.write, made.id, finding_draft(area="unknown"))
    with pytest.raises(RuleBroken, match="This step is not possible now"):
        taken(scene, "chaima", made, "agreed")
    taken_back = reviewed(scene, made, "found")
    with pytest.raises(RuleBroken, match="The visit is already recorded"):
        does(scene, "ana", reviews.visit, taken_back.id, visit_draft())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"currency": None}, "currency"),
        ({"cost": None}, "cost"),
        ({"currency": "XYZ"}, "currency"),
        ({"cost": -1}, "cost"),
        ({"needed": " "}, "needed"),
        ({"urgency": "soon"}, "urgency"),
    ],
)
def test_a_finding_has_a_cost_in_a_currency_that_exists_or_none(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        finding_draft(**changes)
    assert [flaw.field for flaw in refused.value.flaws] == [field]
    assert finding_draft(cost=None, currency=None).cost is None


def test_a_visit_does_not_end_before_it_begins() -> None:
    with pytest.raises(RuleBroken, match="must end on the day it begins") as refused:
        visit_draft(visited_to=(BEGUN - 3 * DAY).date())
    assert [flaw.field for flaw in refused.value.flaws] == ["visited_to"]


def test_the_database_itself_changes_no_finding(scene: Running) -> None:
    made = reviewed(scene, asked(scene, post_of(scene)), *FOUND)
    comment(scene, made)
    for statement in (
        "UPDATE review_finding SET finding = 'Nothing.'",
        "UPDATE review_finding SET state = 'withdrawn'",
        "UPDATE review SET state = 'agreed'",
        "UPDATE review SET visitors = ''",
        "UPDATE review_comment SET words = 'Yes.'",
        "UPDATE review_step SET words = 'Yes.'",
        "DELETE FROM review_finding",
    ):
        with scene.store.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT set_config('muster.reach', 'all', true)"))
            with pytest.raises(DBAPIError):
                connection.exec_driver_sql(statement)
            connection.rollback()


def test_rows_themselves_keep_findings_from_a_country_before_they_are_sent(scene: Running) -> None:
    made = reviewed(scene, asked(scene, post_of(scene)), "prepared", "visited")
    does(scene, "ana", reviews.write, made.id, finding_draft())
    if scene.store.engine.dialect.name != "postgresql":
        pytest.skip("only PostgreSQL knows who asks")
    for name, seen in (("ana", 1), ("chaima", 0), ("moussa", 0)):
        with scene.store.reading(scene[name]) as session:
            assert len(session.connection().exec_driver_sql("SELECT id FROM review_finding").all()) == seen, name
    does(scene, "ana", review_step(made.id, "found"))
    with scene.store.reading(scene["chaima"]) as session:
        assert len(session.connection().exec_driver_sql("SELECT id FROM review_finding").all()) == 1


def test_every_state_has_its_name() -> None:
    assert set(LIFE.words) == set(ReviewState)
    assert ReviewFinding.model_fields["state"].default == "stands"
