"""Catalogue of key figures."""
