"""A Slack of our own over loopback: Web API, Socket Mode and signed HTTP, with state, limits and faults."""
