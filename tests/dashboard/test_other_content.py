"""The same identifier with other content is a conflict, whatever it names: each draft of the play is sent twice."""

from functools import partial
from pathlib import Path

import pytest

from tests.dashboard.again import played
from tests.prepared_databases import once

CONFLICTS = {
    "Somebody changed this while you were writing. Both versions are beside the form.",
    "These tips were already counted with another number. Reload the page to see it.",
    "This account already exists with different content. Reload the page to see it.",
    "This answer was already sent with other content. Reload the page to see it.",
    "This assessment was already requested with other content. Reload the page to see it.",
    "This case was already written with other content. Reload the page to see it.",
    "This comment was already sent with other content. Reload the page to see it.",
    "This comment was already sent with other words. Reload the page to see it.",
    "This cost was already recorded with other content. Reload the page to see it.",
    "This course was already designed with other content. Reload the page to see it.",
    "This equipment was already planned with other content. Reload the page to see it.",
    "This evaluation was already planned with other content. Reload the page to see it.",
    "This finding was already written down with other content. Reload the page to see it.",
    "This hold was already set with other content. Reload the page to see it.",
    "This incident was already reported with other content. Reload the page to see it.",
    "This lead was already written with other content. Reload the page to see it.",
    "This lesson was already written with other content. Reload the page to see it.",
    "This link was already made with other content. Reload the page to see it.",
    "This link was already written down with other content. Reload the page to see it.",
    "This member was already entered with other content. Reload the page to see it.",
    "This message was already sent with other content. Reload the page to see it.",
    "This milestone was already set with other content. Reload the page to see it.",
    "This month was already counted with other content. Reload the page to see it.",
    "This note was already written with other words. Reload the page to see it.",
    "This partner was already proposed with another list. Reload the page to see it.",
    "This plan was already asked for with other content. Reload the page to see it.",
    "This post was already registered with other content. Reload the page to see it.",
    "This product was already written with other content. Reload the page to see it.",
    "This project was already proposed with other content. Reload the page to see it.",
    "This recommendation was already written with other content. Reload the page to see it.",
    "This request was already written down with other content. Reload the page to see it.",
    "This review was already asked for with other content. Reload the page to see it.",
    "This room was already opened with other content. Reload the page to see it.",
    "This run was already announced with other content. Reload the page to see it.",
    "This run was already scheduled with other content. Reload the page to see it.",
    "This score was already given with other content. Reload the page to see it.",
    "This site was already placed with other content. Reload the map to see it.",
    "This snapshot was already prepared with other words. Reload the page to see it.",
    "This sum was already written down with other content. Reload the page to see it.",
    "This talk was already written down with other content. Reload the page to see it.",
    "This task was already added with other content. Reload the page to see it.",
    "This version of the plan was already approved with other content. Reload the page to see it.",
    "This version of the unit was already saved with other content. Reload the page to see it.",
    "This version was already drawn with other content. Reload the map to see it.",
    "This was already asked with other content. Reload the page to see it.",
    "This was already granted otherwise. Reload the page to see it.",
    "This was already judged with other content. Reload the page to see it.",
    "This was already recorded with other content. Reload the page to see it.",
    "This was already saved with other content. Reload the page to see it.",
    "This was already written down with other content. Reload the page to see it.",
    "This was already written with other content. Reload the page to see it.",
}


def test_other_content_under_an_id_that_is_taken_is_refused_by_its_name(
    of_run: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert once(of_run, "again", partial(played, tmp_path_factory.mktemp("again"))).conflicts == CONFLICTS
