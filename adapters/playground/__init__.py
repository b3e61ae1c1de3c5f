"""The maintainers' channel as a page on this machine: a demo and a test bench, never reachable from elsewhere."""
