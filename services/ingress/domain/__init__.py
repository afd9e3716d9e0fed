"""What is true about webhooks: pure values and functions."""
