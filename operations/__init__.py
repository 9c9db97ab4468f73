"""The domain of Muster: the rules of police operations against migrant smuggling, without a browser and without a map.

An operation (border STOP, fugitive sweep, intelligence-driven, regional) runs in phases. Countries participate in it;
sites, areas, routes and hotspots are its places. Officers send reports, and a report is made of typed lines: checks,
hits, arrests, detections, potential victims, documents. A line climbs levels as people verify it: V1 submitted by the
officer, V2 verified by the team leader, V3 validated by the country, V4 consolidated, VF frozen in a signed snapshot.
A hit is raw until the country that issued the record confirms it. Detections are events, not persons; a person met on
the way is a potential victim until formally identified, and the two are never added up. Every number on a board is a
sum of lines at a level. Everything that happens is an entry in the journal, whose last number is the pulse.

`core` holds what every part needs (clock, ids, people, permissions, journal, store, code lists), `policing` the
operations and their reports. Numbers are in `lines`, `totals`, `catalogue`, `disclosure`, `figures` and `results`.
"""
