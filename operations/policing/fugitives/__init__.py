"""Fugitive sweeps: cases without names, from the nomination to the surrender (domain 1.5, 1.6.8, 6.8).

`case_rows` holds the tables and their visibility, `cases` nominations and amendments, `case_lifecycle` the state
machine, `case_leads` the leads, `sightings` the table of locations, `locations` reports and their answers, `lead_hits`
the links between leads and locations, `notice_checks` the daily checks of notices, `appeals` the public appeal, `sweep`
the figures, `erasure` the end of retention. Names stay in national systems: a case is known by its number and the
control number of its notice.
"""
