"""Claims: lines of reports that may tell one event, what countries say of it, and what is found (domain 1.6.5)."""
