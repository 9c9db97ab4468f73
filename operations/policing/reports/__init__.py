"""Reports: lines, forms, versions, verification, and counting."""
