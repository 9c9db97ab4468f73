"""Fugitive sweeps: cases without names, from the nomination to the surrender (domain 1.5, 1.6.8, 6.8).

`case_rows` are the tables of a case and who sees them, `cases` what is known of it, `case_lifecycle` the one table of
moves, `case_leads` the leads, `locations` what countries find, `lead_hits` which lead led there, `notice_checks` the
daily look at notices, `appeals` the public appeal, `sweep` the numbers, `erasure` the end of a case's time. Names stay
in national systems: a case is known by its number and the control number of its notice.
"""
