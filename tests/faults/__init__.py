"""What happens when things break: kills at numbered points, real SIGKILLs, and the faults by number."""
