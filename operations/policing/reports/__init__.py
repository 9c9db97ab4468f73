"""Reports: lines, forms, versions, verification, what counts."""
