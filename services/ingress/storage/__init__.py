"""The inbox over SQL: group commit on the way in, and what operators see of it."""
