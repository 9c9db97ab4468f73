"""Form workbooks that come back: their filled rows, the flaws of their cells, and what became of them."""
