"""Discord through the real discord.py client, on a loopback server."""
