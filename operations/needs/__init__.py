"""Needs assessment, pillar 2: what a post lacks, scored with evidence, validated by its country, and agreed."""
