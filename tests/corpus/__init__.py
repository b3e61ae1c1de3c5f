"""Other projects' real edits of their maintainers files, replayed: a report, and what the tests ask of it."""
