"""Printed map sheets, records, letters and tables. Modules that are slow to import are lazy (`server.lazy_import`)."""

from typing import TYPE_CHECKING

from operations.lazy_import import lazy_module

if not TYPE_CHECKING:  # the type checker sees the modules themselves
    atlas, document, plan_drawing, record, tables, typesetter = (
        lazy_module(f"{__name__}.{name}", ahead=False)
        for name in ("atlas", "document", "plan_drawing", "record", "tables", "typesetter")
    )
