"""Figures: the numbers that boards, tables and papers show of an operation at one moment, for one level and reader."""
