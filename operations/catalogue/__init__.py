"""The catalogue of key figures: each declared once, with the lines that it counts, its unit, cautions and source."""
