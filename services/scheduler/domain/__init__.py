"""What is true of events, tasks and time. Pure values and functions."""
