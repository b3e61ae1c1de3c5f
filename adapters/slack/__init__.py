"""The bot as a Slack app, on slack-bolt: Socket Mode by default, HTTP as well. It decides nothing."""
