"""Figures: what boards, tables and papers tell of an operation at one moment, at one level, for one reader."""
