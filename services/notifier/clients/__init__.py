"""The notifier's ports over HTTP."""
