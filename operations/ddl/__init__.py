"""The DDL of the whole database, generated from the models: tables, triggers and row-level security of each storage.

`tools/schema.py` writes it to the SQL files that `operations.core.schema` runs; nothing here is needed to run Muster.
"""
