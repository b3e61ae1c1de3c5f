"""The rule book: pure decisions over motions, ballots and policies. No I/O, no clock, no randomness."""
