"""Time expressions: from words to spans of the calendar."""
