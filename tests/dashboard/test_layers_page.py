"""The layers page as functions: a file is read once, its columns mapped, its findings acted on, its source asked."""

import itertools
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pyarrow
import pytest
import sqlalchemy as sa
from dash import no_update
from sqlmodel import SQLModel, select

from dashboard.screens.layers import files as layer_files
from dashboard.screens.layers import findings as layer_findings
from dashboard.screens.layers import import_view as layer_import
from dashboard.screens.layers import layer_import as layers_import
from dashboard.screens.layers import list as layer_list
from dashboard.screens.layers import page
from dashboard.settings import Settings
from geodata.intake import table
from operations.core import passwords
from operations.core.errors import NotFound, NotPermitted, RuleBroken
from operations.core.people import Account, System
from operations.core.store import Store
from operations.core.vocabulary import LayerKind
from operations.policing.layers import layers
from operations.policing.layers import uploads as layer_uploads
from tests.dashboard.conftest import PASSWORD
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.makers import Running, add_layer, layer_draft, put_cast, running
from tests.operations.analyses.test_worker import imported, scattered
from tests.people import CAST
from tests.servers import serve

SAID = {
    "name": "Detections",
    "replaces": None,
    "source": "Invented for tests",
    "licence": "CC0 1.0",
    "period_from": "2024-01-01",
    "period_to": "2025-12-31",
    "accuracy_words": "",
    "accuracy_m": 500,
    "retrieved": "2026-01-15",
    "audience": "coordination",
    "classification": "for_official_use",
}
IOM = (
    b"Main ID,Incident Date,Total Number of Dead and Missing,Cause of Death,Coordinates,Information Source,Name\n"
    b'1,2019-03-01,4,Drowning,"33.1, 12.5",A newspaper,Somebody\n'
    b'2,2019-03-02,,Sickness,"21.2, 11.4",A newspaper,Somebody\n'
)


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


MOST = 10 * 2**20


@pytest.fixture(autouse=True)
def nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test is a process of its own, as far as opened files go."""
    monkeypatch.setattr(layers_import, "OPENED", layer_files.OpenFiles())


def dropped(scene: Running, data: bytes, name: str = "events.csv", by: str = "dov") -> tuple[Any, str]:
    with at_desk(scene, by):
        token = str(layer_files.keep(scene.store, scene.operation, name, data, MOST, scene[by]))
        return layers_import.open_file(token, str(scene.operation)), token


def shown(scene: Running, token: str, by: str = "dov") -> dict[str, Any]:
    """The mapping as the form shows it."""
    with at_desk(scene, by):
        return layer_import.values_of(layers_import.OPENED.of(token).mapping)


def bring_in(
    scene: Running, token: str, by: str = "dov", client: str | None = None, mapped: Any = None, **said: Any
) -> Any:
    mapped = mapped or shown(scene, token, by)
    with at_desk(scene, by):
        given = {"token": token, "version": client or str(uuid4()), "mapped": mapped}
        return press(layers_import.import_, layer_import.IMPORT, scene.operation, SAID | said, **given)["shown"]


def present(scene: Running, by: str = "dov") -> list[layers.EventLayer]:
    with scene.store.reading(scene[by]) as session:
        return layers.layers(session, scene.operation)


# ---------------------------------------------------------------------------------------------------- the import


def test_a_file_becomes_a_layer_with_what_was_said_of_it(scene: Running) -> None:
    work, token = dropped(scene, scattered(40))
    assert "40 rows can be used" in texts(work)
    assert bring_in(scene, token)[1] is None
    (layer,) = present(scene)
    assert (layer.name, layer.kind, layer.accepted, layer.licence) == ("Detections", LayerKind.EVENTS, 40, "CC0 1.0")
    assert layer.mapping["latitude"] == "lat"
    with pytest.raises(RuleBroken, match="This file is no longer stored"):
        bring_in(scene, token, mapped={"latitude": "lat"})


def test_a_known_download_is_named_and_its_places_are_places_of_danger(scene: Running) -> None:
    work, token = dropped(scene, IOM)
    assert "IOM Missing Migrants Project: places of danger" in texts(work)
    fields = [each for each in found_in(work, "TextInput") if each.id == "layers-import-source"]
    assert [each.value for each in fields] == ["IOM Missing Migrants Project"]
    choices = [each for each in found_in(work, "Select") if each.id == "layers-import-latitude"]
    assert "Name" in choices[0].data
    bring_in(scene, token, name="Deaths")
    (layer,) = present(scene)
    assert layer.kind == LayerKind.PLACES_OF_DANGER
    assert {"source", "note"}.isdisjoint(layer.mapping)  # free text of rows is not kept


def test_columns_about_persons_are_no_choice(scene: Running) -> None:
    data = b"lat,lon,date,passport no,Date of birth\n17,8,2024-01-01,X,1990-01-01\n17.1,8,2024-01-02,Y,1990-01-02\n"
    work, _token = dropped(scene, data)
    for choice in found_in(work, "Select"):
        assert not {"passport no", "Date of birth"} & set(map(str, choice.data))
    assert "seem to identify persons" in texts(work)


def test_exchanged_axes_are_offered_to_be_swapped(scene: Running) -> None:
    rows = "\n".join(f"{8 + n / 10},{17 + n / 20},2024-01-{n + 1:02},NER" for n in range(20))
    _work, token = dropped(scene, f"lat,lon,date,country\n{rows}\n".encode())
    with at_desk(scene, "dov"):
        upload = layers_import.OPENED.of(token)
    assert upload.layer is not None
    (at,) = [n for n, each in enumerate(upload.layer.findings) if each.check.value == "swapped"]
    assert "Swap latitude and longitude" in texts(layer_findings.checked(upload))
    with at_desk(scene, "dov"):
        offer = {"type": "layers-offer", "finding": at, "offer": 0}
        taken = press(layers_import.take_offer, offer, token=token, values=layer_import.values_of(upload.mapping))
        values = dict(zip(layers_import.MAPPED_INPUTS, taken["shown"], strict=True))
        assert values["swapped"] is True
        checked = texts(layers_import.remap(values, token))
    assert "exchanged" not in checked
    bring_in(scene, token, mapped=values)
    (layer,) = present(scene)
    assert layer.south is not None
    assert layer.south >= 17


def test_a_mapping_that_does_not_fit_says_why_and_imports_nothing(scene: Running) -> None:
    _work, token = dropped(scene, scattered(20))
    values = shown(scene, token) | {"longitude": None}
    with at_desk(scene, "dov"):
        assert "one for the longitude" in texts(layers_import.remap(values, token))
    with pytest.raises(RuleBroken, match="one for the longitude"):
        bring_in(scene, token, mapped=values)
    assert present(scene) == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"source": ""}, "source"),
        ({"licence": None}, "licence"),
        ({"period_from": None}, "period_from"),
        ({"period_to": "2023-01-01"}, "period_to"),
        ({"accuracy_m": ""}, "accuracy_words"),
        ({"retrieved": None}, "retrieved"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_missing_of_the_provenance_is_said_beside_its_field(
    scene: Running, said: dict[str, Any], field: str
) -> None:
    _work, token = dropped(scene, scattered(20))
    with pytest.raises(RuleBroken) as refused:
        bring_in(scene, token, **said)
    assert [each.field for each in refused.value.flaws] == [field]
    assert present(scene) == []
    bring_in(scene, token)  # the file is still there
    assert len(present(scene)) == 1


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02\x03" * 50, "bytes that are in no text"),
        (b"x" * (MOST + 10), "larger than 10 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(scene: Running, data: bytes, why: str) -> None:
    with pytest.raises(table.RefusedFile, match=why):
        dropped(scene, data)
    assert waiting(scene) == 0


def waiting(scene: Running) -> int:
    """How many files wait in the database, whoever's they are."""
    with scene.store.reading(System()) as session:
        return len(session.exec(select(layer_uploads.LayerUpload.id)).all())


def test_a_token_is_worth_nothing_to_anybody_else(scene: Running) -> None:
    _work, token = dropped(scene, scattered(20))
    with at_desk(scene, "ana"), pytest.raises(RuleBroken, match=r"[Cc]hoose it again"):
        layers_import.remap({}, token)
    with at_desk(scene, "dov"):
        press(layers_import.discard, layer_import.DISCARD, token=token)
    with at_desk(scene, "dov"), pytest.raises(RuleBroken, match=r"[Cc]hoose it again"):
        layers_import.remap({}, token)


def test_the_same_import_twice_is_one_layer(scene: Running) -> None:
    client = str(uuid4())
    for _time in range(2):
        _work, token = dropped(scene, scattered(20))
        bring_in(scene, token, client=client)
    assert len(present(scene)) == 1


def test_a_layer_is_replaced_and_its_older_version_stays(scene: Running) -> None:
    _work, token = dropped(scene, scattered(20))
    bring_in(scene, token)
    (older,) = present(scene)
    work, token = dropped(scene, scattered(30))
    assert "Replaces the layer" in texts(work)
    bring_in(scene, token, replaces=str(older.id))
    (newer,) = present(scene)
    assert (newer.layer_id, newer.version, newer.accepted) == (older.layer_id, 2, 30)


# -------------------------------------------------------------------------------------------------------- the list


def as_listed(scene: Running, chosen: list[dict[str, str]]) -> list[Any]:
    return page.show(1, str(scene.operation), chosen=chosen)["shown"]


def test_a_chosen_layer_is_shown_removed_and_restored(scene: Running) -> None:
    layer = imported(scene, scattered(60))
    row = [{"id": str(layer.id)}]
    with at_desk(scene, "dov"):
        rows, details, drawn, printed = as_listed(scene, row)
        assert rows[0]["source"] == layer.source
        assert "Remove" in texts(details)
        assert drawn["layers"][0]["url"] == f"/data/map/{scene.operation}/layers/{layer.id}"
        assert layer.licence in texts(printed)
        press(page.remove, layer_list.REMOVE, chosen=row)
        rows, details, drawn, printed = as_listed(scene, row)
        assert rows[0]["state"] == "Removed"
        assert "Restore" in texts(details)
        assert drawn["layers"] == []
        press(page.restore, layer_list.RESTORE, chosen=row)
        again = as_listed(scene, row)
        unchanged = page.show(4, str(scene.operation), [again[0], None, again[2], None], chosen=row)["shown"]
    assert again[0][0]["state"] == "In use"
    assert [each is no_update for each in unchanged] == [True, False, True, False]


def test_a_country_sees_what_is_for_participants_and_changes_its_own_only(scene: Running) -> None:
    add_layer(scene, layer_draft(name="Hidden"))
    shared = add_layer(scene, layer_draft(name="Shared", audience="participants"))
    with at_desk(scene, "chaima"):
        listed = page.layout(str(scene.operation))
        (made,) = found_in(listed, "AgGrid")
        assert [row["name"] for row in made.rowData] == ["Shared"]
        details = as_listed(scene, [{"id": str(shared.id)}])[1]
        assert "Remove" not in texts(details)
        with pytest.raises((NotFound, NotPermitted)):
            press(page.remove, layer_list.REMOVE, chosen=[{"id": str(shared.id)}])
    with at_desk(scene, "bruno"):
        assert "Drop a file here" not in texts(page.layout(str(scene.operation)))


# ------------------------------------------------------------------------------------------------ kept for a while


def test_any_process_opens_what_another_read(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    _work, token = dropped(scene, scattered(20))
    monkeypatch.setattr(layers_import, "OPENED", layer_files.OpenFiles())  # another worker, which has opened nothing
    with at_desk(scene, "dov"):
        assert "20 rows can be used" in texts(layers_import.open_file(token, str(scene.operation)))
    bring_in(scene, token)
    assert len(present(scene)) == 1
    assert waiting(scene) == 0


def test_two_applications_on_one_database_share_what_is_brought_in(site: Any, tmp_path: Path) -> None:
    scene = cast_on(site.store)
    here = browser_of(site, scene, "dov")
    answer = here.post(f"/data/files/{scene.operation}?name=events.csv", content=scattered(25))
    assert answer.status_code == 200, answer.text
    there = serve(str(site.store.url), tmp_path)
    try:
        with httpx2.Client(base_url=there.address, headers={"Origin": there.address}, timeout=60) as client:
            client.post("/sign-in", data={"username": "dov", "password": PASSWORD})
            asked = client.post("/_dash-update-component", json=question(last(answer)["read"], scene))
        assert asked.status_code == 200, asked.text
        assert "25 rows can be used" in asked.text
    finally:
        there.stop()


def last(answer: Any) -> dict[str, Any]:
    """What the server said last of a file."""
    said: dict[str, Any] = json.loads(answer.text.rstrip().rpartition("data: ")[2])
    return said


def question(token: str, scene: Running) -> dict[str, Any]:
    """What a browser asks when a token has come."""
    return {
        "output": "layers-work.children",
        "outputs": {"id": "layers-work", "property": "children"},
        "inputs": [{"id": "layers-token", "property": "data", "value": token}],
        "state": [{"id": "page-operation", "property": "data", "value": str(scene.operation)}],
        "changedPropIds": ["layers-token.data"],
    }


def test_the_way_in_is_for_those_who_may_and_for_files_of_a_size_that_is_taken(site: Any) -> None:
    scene = cast_on(site.store)
    to = f"/data/files/{scene.operation}?name=a.csv"
    for name, status in (("dov", 200), ("ana", 200), ("chaima", 200), ("bruno", 404), ("lena", 404), ("otto", 404)):
        answer = browser_of(site, scene, name).post(to, content=b"lat,lon\n1,2\n")
        assert answer.status_code == status, (name, answer.text)
        assert status != 200 or set(last(answer)) == {"read"}
    dov = browser_of(site, scene, "dov")
    refused = dov.post(to, content=b"%PDF-1.7")
    assert "PDF" in last(refused)["error"]
    assert dov.post(f"/data/files/{uuid4()}?name=a.csv", content=b"lat,lon\n1,2\n").status_code == 404
    assert dov.post(to, content=b"x" * (Settings().import_limit + 1)).status_code == 413
    assert "empty" in last(dov.post(to, content=b""))["error"]
    assert site.client.post(to, content=b"lat,lon\n1,2\n").status_code in (401, 403)


# ---------------------------------------------------------------------------------------------- points on the map


def cast_on(store: Store) -> Running:
    """The running operation in the store that the application serves; the cast can sign in."""
    with store.reading(System()) as session:
        there = session.exec(select(Account).where(Account.username == "ana")).first()
    if there is None:
        put_cast(store)
    hashed = passwords.hashed(PASSWORD)
    with store.unit_of_work(System()) as session:
        for account in session.exec(select(Account)).all():
            if account.username in CAST:
                account.password_hash = hashed
                session.add(account)
    return running(store)


def browser_of(site: Any, scene: Running, name: str) -> Any:
    with scene.store.reading(System()) as session:
        account = session.get(Account, scene[name].account_id)
    return site.signed_in(account)


# ----------------------------------------------------------------------------------------- what is left of a file

SIGNATURE = r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every virus scanner takes for a virus and is none (EICAR)."""


def tables_with(scene: Running, words: str) -> set[str]:
    """Tables in which a value holds these words; packed tables are read."""
    found = set()
    with scene.store.reading(System()) as session:
        for each in SQLModel.metadata.sorted_tables:
            for value in itertools.chain.from_iterable(session.connection().execute(sa.select(each))):
                is_arrow = isinstance(value, bytes) and value.startswith(b"\xff\xff\xff\xff")
                if words in str(pyarrow.ipc.open_stream(value).read_all().to_pydict() if is_arrow else value):
                    found.add(each.name)
    return found


@pytest.mark.requirement("ASVS 5.4.3")
@pytest.mark.parametrize("kept", [True, False], ids=["in a column that nobody chose", "beside the rows"])
def test_of_a_file_with_a_virus_nothing_is_left_but_the_values_that_were_chosen(scene: Running, kept: bool) -> None:
    head, *rows = scattered(12).decode().splitlines()
    name, data = "events.csv", "\n".join([f"{head},remark", *(f'{row},"{SIGNATURE}"' for row in rows)])
    if not kept:
        name, features = "events.geojson", []
        for lat, lon, day in (row.split(",") for row in rows):
            point = {"type": "Point", "coordinates": [float(lon), float(lat)]}
            features.append({"type": "Feature", "geometry": point, "properties": {"date": day}})
        data = json.dumps({"type": "FeatureCollection", "remark": SIGNATURE, "features": features})
    _work, token = dropped(scene, data.encode(), name)
    assert tables_with(scene, "EICAR") == ({"layer_upload"} if kept else set()), "while it waits for its owner"
    assert bring_in(scene, token)[1] is None
    (layer,) = present(scene)
    assert layer.accepted == 12
    assert tables_with(scene, "EICAR") == set()
