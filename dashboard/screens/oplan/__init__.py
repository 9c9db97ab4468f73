"""The operational plan (OPLAN)."""
