"""One bot in several places at once: Slack, Discord and the playground."""
