"""Broken and hostile input by the hundred thousand, with counts to publish."""
