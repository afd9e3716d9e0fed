"""The `hark` command: what a person types."""
