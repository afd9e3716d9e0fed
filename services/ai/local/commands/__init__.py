"""What is asked for, and about what: intents, titles, people, places, lists."""
