"""The screen of the catalogue of key figures."""
