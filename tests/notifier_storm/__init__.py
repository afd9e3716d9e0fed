"""Two notifiers under a backlog, killed and lied to: nothing lost, doubled, or over a cap."""
