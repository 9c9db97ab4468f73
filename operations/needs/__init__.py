"""Needs assessment (pillar 2): a post's gaps, scored with evidence, validated by its country, and agreed."""
