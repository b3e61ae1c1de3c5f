"""Folkmoot: a bot that keeps a project's proposals, deadlines, tallies and records."""

__version__ = "0.1.0"
