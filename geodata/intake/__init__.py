"""Intake of untrusted files: bytes in, tables and events out.

Three steps, each a pure function: `files.read` (bytes to a `table.Table`), `mapping.proposed` (which column means
what), `events.accept` (a table, a mapping and its provenance to events on the map, with everything that was left out
and why). Nothing here opens a path or an address, follows a link, resolves an entity or evaluates a formula. A file
that cannot be used raises `table.Refused` with a sentence, and nothing else. Run it in a process of its own with a
limit on time and memory all the same: the libraries below were not written for enemies.
"""
