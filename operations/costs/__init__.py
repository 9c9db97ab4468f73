"""Costs of an operation: direct costs by kind, currency and day, and whether they are complete."""
