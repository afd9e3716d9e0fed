"""The notifier's ports over SQL."""
