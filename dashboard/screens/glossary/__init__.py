"""The glossary: the words of the field, with what each means."""
