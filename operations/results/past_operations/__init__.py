"""Past operations as they were published: reference data that ships with Muster and nobody edits."""
