"""Rows read all at once and rows read one by one are the same rows, with the same findings and refusals."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geodata.intake import bulk_csv, csv_, events
from geodata.intake.events import ImportedEvents, accept
from geodata.intake.mapping import Mapping, proposed
from geodata.intake.provenance import Provenance
from geodata.intake.table import LIMITS, FileTable

SOURCE = Provenance("-", "-", "-", "-", date(2026, 11, 24))
TODAY = date(2026, 11, 24)
ODD = (
    "",
    "0",
    "0,0",
    "16,97",
    "1e2",
    "91",
    "200",
    "-181",
    "north",
    "16°58'N",
    " 12.5 ",
    "٣",
    "+5",
    "5.",
    ".5",
    "-0.00001",
)
DAYS = ("2024-03-01", "2024-02", "2024", "03/04/2024", "13/04/2024", "2031-01-01", "", "soon", "20240301", "2 May 2024")
AMOUNTS = ("1", "2,5", "1,234", "", "-1", "many", "3.0")


def strange(rows: int = 2_400, seed: int = 5, mark: str = "") -> bytes:
    """A table most of whose rows are plain, and in which every oddity turns up somewhere."""
    chance = np.random.default_rng(seed)
    lines = ["lat;lon;date;persons;kind;country;doubt"]
    for _row in range(rows):
        lat, lon = f"{chance.normal(17, 3):.4f}", f"{chance.normal(8, 3):.4f}"
        day, amount = "2024-05-06", "3"
        if chance.random() < 0.2:
            lat, lon = str(chance.choice(ODD)), str(chance.choice([lon, *ODD]))
        if chance.random() < 0.2:
            day = str(chance.choice(DAYS))
        if chance.random() < 0.1:
            amount = str(chance.choice(AMOUNTS))
        doubt = "x" if mark and chance.random() < 0.05 else ""
        lines.append(f"{lat};{lon};{day};{amount};{chance.choice(['a', 'b', ''])};{chance.choice(['NER', ''])};{doubt}")
    return "\n".join(lines).encode()


def both(table: FileTable, mapping: Mapping, monkeypatch: pytest.MonkeyPatch) -> tuple[ImportedEvents, ImportedEvents]:
    """The layer as it is accepted, and as it is when every row is read alone."""
    quick = accept(table, mapping, SOURCE, TODAY)
    with monkeypatch.context() as alone:
        alone.setattr(events, "plain_rows", lambda *_all: None)
        return quick, accept(table, mapping, SOURCE, TODAY)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"swapped": True},
        {"day_first": True},
        {"monthly": True},
        {"once": True},
        {"unless": "doubt"},
        {"date": None},
        {"quantity": None, "kind": None, "kind_name": "crossing"},
        {"area_name": "Desert route"},
    ],
)
def test_both_ways_give_the_same_layer(changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    table = csv_.read(strange(mark="x"))
    mapping = Mapping(
        **{
            "latitude": "lat",
            "longitude": "lon",
            "date": "date",
            "quantity": "persons",
            "kind": "kind",
            "country": "country",
        }
        | changes
    )
    quick, slow = both(table, mapping, monkeypatch)
    pd.testing.assert_frame_equal(pd.DataFrame(quick.frame), pd.DataFrame(slow.frame))
    assert (quick.refused, quick.refused_total) == (slow.refused, slow.refused_total)
    assert [(str(each), each.rows) for each in quick.findings] == [(str(each), each.rows) for each in slow.findings]
    assert len(quick) > 1_000
    assert quick.refused_total > 100


def test_a_small_table_is_read_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    table = csv_.read(b"lat,lon\n1,2\n0,0\n")
    quick, slow = both(table, proposed(table), monkeypatch)
    assert len(quick) == len(slow) == 1


PLAIN = b"lat,lon, name ,empty\r\n" + b"".join(b"%d.5, 7.99,Agadez %d ,\r\n" % (n % 80, n) for n in range(60_000))


@pytest.mark.sample(4)
@pytest.mark.parametrize(
    ("data", "at_once"),
    [
        (PLAIN, True),
        (PLAIN.replace(b"\r\n", b"\n"), True),
        (b"sep=,\n" + PLAIN, True),
        (b"\n\n" + PLAIN, True),
        (PLAIN[:-2], True),
        (PLAIN + b"\r\n", False),
        (PLAIN + b"1,2\r\n", False),
        (PLAIN + b"1,2,3,4,5\r\n", False),
        (PLAIN + b'1,2,"a",4\r\n', False),
        (PLAIN + "1,2,é,4\r\n".encode(), False),
        (PLAIN + b",,,\r\n", False),
        (PLAIN + b"1,2,a\rb,4\n", False),
        (PLAIN + b"1,2," + b"x" * (LIMITS.cell + 1) + b",4\r\n", False),
        (PLAIN.replace(b"lat", b"lat,"), False),
    ],
)
def test_a_plain_table_of_text_is_the_same_either_way(
    data: bytes, at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []
    read = bulk_csv.read

    def watched(*given: Any) -> FileTable | None:
        found = read(*given)
        taken.append(found is not None)
        return found

    monkeypatch.setattr(bulk_csv, "read", watched)
    quick = csv_.read(data)
    monkeypatch.setattr(bulk_csv, "read", lambda *_all: None)
    slow = csv_.read(data)
    assert taken == [at_once] or (not at_once and taken in ([], [False]))
    pd.testing.assert_frame_equal(quick.frame, slow.frame)
    assert (quick.columns, quick.refused, quick.notes) == (slow.columns, slow.refused, slow.notes)
