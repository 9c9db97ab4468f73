"""Past operations as published: reference data that ships with Muster and nobody edits."""
