"""The maintainers' channel on Discord, through discord.py: one app, one server that it is pinned to."""
