"""The whole bot, driven from the outside."""
