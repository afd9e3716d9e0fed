"""What is true of understanding: intents, confidence, answers. Pure values and functions."""
