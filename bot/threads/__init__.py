"""Votes and motions on the issues and pull requests of a forge: what is written there comes to the clerk from here."""
