"""What can be asked of the notifier, one async method each."""
