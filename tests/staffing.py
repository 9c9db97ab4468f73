"""An operation that asks for teams at three places, with teams of two countries that were offered there."""

from datetime import datetime, timedelta

from operations.support.teams import Team
from tests.makers import Running
from tests.teams import accept, keep_team, need, needs_of, offer, raise_request


def staffed(scene: Running, at: datetime) -> dict[str, Team]:
    """Teams by call sign. Two needs overlap, one is for what nobody has, and one team is accepted."""
    gao = {"base": "Gao", "lat": 16.3, "lon": 0.0, "zone": "Africa/Bamako", "languages": ["fr", "bm"]}
    bamako = {"base": "Bamako", "lat": 12.6, "lon": -8.0, "zone": "Africa/Bamako", "specialisms": ["biometrics"]}
    agadez = {"base": "Agadez", "lat": 17.0, "lon": 8.0, "specialisms": ["document_examiner", "dog_handler"]}
    teams = {
        name: keep_team(scene, by, call_sign=name, **facts)
        for name, by, facts in (
            ("ALFA", "chaima", {}),
            ("BRAVO", "chaima", agadez),
            ("KILO", "moussa", gao),
            ("LIMA", "moussa", bamako),
        )
    }

    def asked(title: str, first: int, days: int, **changes: object) -> object:
        wanted = need(starts=at + timedelta(days=first), ends=at + timedelta(days=first + days), **changes)
        return raise_request(scene, wanted, title=title, at=at)

    rows = {
        "Airport, second line": asked("Airport, second line", 3, 5),
        "Night shift at the bus station": asked("Night shift at the bus station", 4, 4),
        "Registration of fingerprints": asked("Registration of fingerprints", 5, 6, specialism="biometrics"),
        "Dogs at the checkpoint": asked("Dogs at the checkpoint", 9, 3, specialism="dog_handler"),
        "Interviews of children": asked(
            "Interviews of children", 6, 4, specialism="child_protection", languages=["ar"]
        ),
    }
    needs = {title: needs_of(scene, row)[0].id for title, row in rows.items()}  # type: ignore[arg-type]
    for name, by, title in (
        ("ALFA", "chaima", "Airport, second line"),
        ("KILO", "moussa", "Airport, second line"),
        ("KILO", "moussa", "Night shift at the bus station"),
        ("BRAVO", "chaima", "Dogs at the checkpoint"),
    ):
        offer(scene, needs[title], teams[name], by, at=at)
    taken = offer(scene, needs["Registration of fingerprints"], teams["LIMA"], "moussa", at=at)
    accept(scene, taken, at=at, despite="Agreed with the country.")
    return teams
