"""The scheduler's ports over Postgres."""
