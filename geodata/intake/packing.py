"""Serialisation of a table that was read, to pass it between processes and to keep it for a while.

Arrow's stream format, compressed; shapes as WKB; what was left out and noted as JSON in its header. What comes back is
checked, because the process that wrote it had a stranger's file in its hands.
"""

import json
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from geodata.events.points import Note
from geodata.intake.table import (
    LIMITS,
    FileTable,
    IntakeFormat,
    IntakeLimits,
    RefusedFile,
    RefusedRow,
    or_refuse,
)

_ROW, _SHAPE, _ABOUT = "\x00row", "\x00shape", b"muster"
"""No heading holds a NUL, so these names are never a column's."""


def packed(table: FileTable) -> bytes:
    """The whole table.

    >>> from geodata.intake.csv_ import read
    >>> again = unpacked(packed(read(b"lat,lon\\n16.97,7.99\\n")))
    >>> again.columns, again.frame.loc[2].tolist()
    (('lat', 'lon'), ['16.97', '7.99'])
    """
    columns: dict[str, pa.Array] = {_ROW: pa.array(table.frame.index.to_numpy(), pa.int64())}
    for name in table.columns:
        cells = pa.array(table.frame[name], pa.large_string())
        columns[name] = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    if table.geometry is not None:
        columns[_SHAPE] = pa.array(shapely.to_wkb(table.geometry), pa.large_binary())
    about = {
        "format": table.format.value,
        "rows": len(table),
        "refused": [[each.row, each.column, each.template, each.params] for each in table.refused],
        "refused_total": table.refused_total,
        "notes": [[each.template, each.params] for each in table.notes],
    }
    made = pa.table(columns).replace_schema_metadata({_ABOUT: json.dumps(about).encode()})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, made.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
        stream.write_table(made)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def row_count(data: bytes) -> int:
    """The number of rows that `packed` says it has written; the rows themselves are not read. Raises `RefusedFile`."""
    with or_refuse("The file cannot be read."), pa.ipc.open_stream(data) as stream:
        return int(json.loads(stream.schema.metadata[_ABOUT])["rows"])


def unpacked(data: bytes, limits: IntakeLimits = LIMITS) -> FileTable:
    """What `packed` made. Raises `RefusedFile` for anything else."""
    with or_refuse("The file cannot be read."):
        with pa.ipc.open_stream(data) as stream:
            made = stream.read_all()
        made.validate(full=True)
        about = json.loads(made.schema.metadata[_ABOUT])
        if len(made) > limits.rows or made.num_columns > limits.columns + 2:
            raise RefusedFile("The file cannot be read.")
        return _table(made, about)


def _table(made: pa.Table, about: dict[str, Any]) -> FileTable:
    names = [name for name in made.column_names if name not in (_ROW, _SHAPE)]
    frame = pd.DataFrame(
        {name: pd.Series(made[name], dtype="str") for name in names},
        index=None,
    )
    frame.index = pd.Index(made[_ROW].to_numpy(), name="row", dtype="int64")
    geometry = None
    if _SHAPE in made.column_names:
        geometry = np.empty(len(made), dtype=object)
        geometry[:] = shapely.from_wkb(made[_SHAPE].to_numpy(zero_copy_only=False))
    return FileTable(
        IntakeFormat(about["format"]),
        frame,
        geometry,
        tuple(
            RefusedRow(int(row), str(column), str(said), dict(params)) for row, column, said, params in about["refused"]
        ),
        int(about["refused_total"]),
        tuple(Note(str(said), dict(params)) for said, params in about["notes"]),
    )
