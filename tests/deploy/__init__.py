"""What puts a bot on a machine: container, compose file, service, installation."""
