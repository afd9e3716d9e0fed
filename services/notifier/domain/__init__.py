"""What is true about telling people things; pure values and functions."""
