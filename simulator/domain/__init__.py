"""What is true of the outside world; pure values and functions."""
