"""What can be reported: `kinds` holds the kinds of lines, one file a kind, in the words of `line`."""
