"""What every part of operations needs: clock, ids, errors, code lists, people, permissions, journal and store."""
