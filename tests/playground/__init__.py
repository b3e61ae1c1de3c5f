"""The playground: its room, its server, and its page in a real browser."""
