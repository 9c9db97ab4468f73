"""Claims: report lines that may be about one event, what each country says, and the outcome (domain 1.6.5)."""
