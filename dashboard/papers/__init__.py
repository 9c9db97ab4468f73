"""Printed map sheets: a plan on paper, drawn as vectors in a PDF, exact in scale."""
