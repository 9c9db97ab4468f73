"""Claims: lines of reports that may tell one event, and what their countries say of it."""
