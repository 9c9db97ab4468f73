"""Typed and drawn input as a browser would send it: lines of reports without their ids, and shapes (EPSG:4326)."""

from datetime import datetime
from typing import Any

# ---------------------------------------------------------------------------------------------------------- lines


def queries(
    count: int, database: str = "sltd", entity: str = "document", channel: str = "fixed_workstation"
) -> dict[str, Any]:
    """Return a tally of database queries."""
    return {
        "kind": "check_tally",
        "count": count,
        "check_kind": "database_query",
        "database": database,
        "entity_type": entity,
        "channel": channel,
    }


def checks(count: int, check_kind: str, entity: str) -> dict[str, Any]:
    """Return a tally of checks that query no database, such as flights monitored."""
    return {
        "kind": "check_tally",
        "count": count,
        "check_kind": check_kind,
        "entity_type": entity,
        "channel": "unknown",
    }


def hit(at: datetime, database: str, hit_kind: str, action: str, **content: Any) -> dict[str, Any]:
    """Return a raw hit."""
    return {"kind": "hit", "database": database, "hit_kind": hit_kind, "raw_at": at, "action_taken": action, **content}


def arrests(persons: int, offence: str = "migrant_smuggling", basis: str = "unknown", **content: Any) -> dict[str, Any]:
    """Return persons arrested in one event."""
    return {"kind": "arrest", "persons": persons, "offence": offence, "legal_basis": basis, **content}


def located(persons: int, **content: Any) -> dict[str, Any]:
    """Return wanted persons who were found and not arrested."""
    return {"kind": "positive_location", "persons": persons, **content}


def detections(count: int, nationality: str, **content: Any) -> dict[str, Any]:
    """Return detections of irregular migrants of one nationality in one event."""
    return {
        "kind": "migrant_detection",
        "detections": count,
        "nationality": nationality,
        "detection_kind": "at_bcp_check",
        **content,
    }


def potential_victims(persons: int, **content: Any) -> dict[str, Any]:
    """Return potential victims of trafficking met in one event."""
    return {"kind": "potential_victim", "persons": persons, **content}


# --------------------------------------------------------------------------------------------------------- shapes


def point(lon: float, lat: float) -> dict[str, Any]:
    """Return a GeoJSON point, longitude first (EPSG:4326)."""
    return {"type": "Point", "coordinates": [lon, lat]}


def line(*positions: tuple[float, float]) -> dict[str, Any]:
    """Return a GeoJSON line through (longitude, latitude) positions (EPSG:4326)."""
    return {"type": "LineString", "coordinates": [list(position) for position in positions]}


def area(*positions: tuple[float, float]) -> dict[str, Any]:
    """Return a GeoJSON polygon with this outline, which need not be closed (EPSG:4326)."""
    return {"type": "Polygon", "coordinates": [[list(position) for position in (*positions, positions[0])]]}
