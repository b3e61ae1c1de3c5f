"""What an operator can ask about a policy: explain it, lint it, compare it. Nothing here decides anything."""
