"""Lines: `kinds` holds the kinds of lines that can be reported, one file a kind, declared with `line`."""
