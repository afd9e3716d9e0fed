"""The ai service's peers, behind its ports."""
