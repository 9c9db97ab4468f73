"""Bars, frames and zones of a timeline."""
