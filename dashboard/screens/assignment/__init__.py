"""Which team goes where."""
