"""Claims: report lines that may describe one event, and the answers of their countries."""
