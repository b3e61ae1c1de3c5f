"""A stateful Discord on loopback: REST and gateway, strict about what it takes. The real discord.py talks to it."""

from tests.fakes.discord.server import FakeDiscord

__all__ = ["FakeDiscord"]
