"""What people type and draw, as a browser would send it: lines of reports without their ids, and shapes (EPSG:4326)."""

from datetime import datetime
from typing import Any

# ---------------------------------------------------------------------------------------------------------- lines


def queries(
    count: int, database: str = "sltd", entity: str = "document", channel: str = "fixed_workstation"
) -> dict[str, Any]:
    """A tally of database queries."""
    return {
        "kind": "check_tally",
        "count": count,
        "check_kind": "database_query",
        "database": database,
        "entity_type": entity,
        "channel": channel,
    }


def checks(count: int, check_kind: str, entity: str) -> dict[str, Any]:
    """A tally of checks that ask no database, such as flights monitored."""
    return {
        "kind": "check_tally",
        "count": count,
        "check_kind": check_kind,
        "entity_type": entity,
        "channel": "unknown",
    }


def hit(at: datetime, database: str, hit_kind: str, action: str, **content: Any) -> dict[str, Any]:
    """A raw hit."""
    return {"kind": "hit", "database": database, "hit_kind": hit_kind, "raw_at": at, "action_taken": action, **content}


def arrests(persons: int, offence: str = "migrant_smuggling", basis: str = "unknown", **content: Any) -> dict[str, Any]:
    """Persons arrested in one event."""
    return {"kind": "arrest", "persons": persons, "offence": offence, "legal_basis": basis, **content}


def located(persons: int, **content: Any) -> dict[str, Any]:
    """Wanted persons who were found and not arrested."""
    return {"kind": "positive_location", "persons": persons, **content}


def detections(count: int, nationality: str, **content: Any) -> dict[str, Any]:
    """Detections of irregular migrants of one nationality in one event."""
    return {
        "kind": "migrant_detection",
        "detections": count,
        "nationality": nationality,
        "detection_kind": "at_bcp_check",
        **content,
    }


def potential_victims(persons: int, **content: Any) -> dict[str, Any]:
    """Potential victims of trafficking met in one event."""
    return {"kind": "potential_victim", "persons": persons, **content}


# --------------------------------------------------------------------------------------------------------- shapes


def point(lon: float, lat: float) -> dict[str, Any]:
    """A point, longitude first (EPSG:4326)."""
    return {"type": "Point", "coordinates": [lon, lat]}


def line(*positions: tuple[float, float]) -> dict[str, Any]:
    """A line through (longitude, latitude) positions."""
    return {"type": "LineString", "coordinates": [list(position) for position in positions]}


def area(*positions: tuple[float, float]) -> dict[str, Any]:
    """An area with this outline, which need not be closed."""
    return {"type": "Polygon", "coordinates": [[list(position) for position in (*positions, positions[0])]]}
